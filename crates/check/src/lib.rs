//! Tree to HIR: names, types, units, dates, exceptions; every problem found.
