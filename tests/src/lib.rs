//! The specification as tests: the tests themselves stand in `tests/`.
