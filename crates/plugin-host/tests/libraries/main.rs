//! Jurisdiction libraries, good and bad, through the whole of the host.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests may fail the test"
)]

mod calls;
mod first_party;
mod refused;
mod support;
