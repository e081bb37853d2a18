//! The C interface between a jurisdiction library and its host: layouts and the version range, nothing else.
