//! The reference meaning: HIR and facts to a determination with its trace.
