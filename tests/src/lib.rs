//! The specification as tests: the tests themselves stand in `tests/`, and here what the fuzz target needs of
//! them too.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test fails loudly")]
#![expect(clippy::missing_panics_doc, reason = "that is how it fails")]

pub mod agreement;
