//! Load sources and jurisdictions, check, decide, explain: the public Rust interface.
