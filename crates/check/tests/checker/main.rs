//! What the checker understands, and what it says where it does not.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod mistakes;
mod programs;
mod support;
