//! The meaning of the language, one small program a sentence.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod builder;
mod conditions;
mod decisions;
mod rules;
mod scenarios;
mod values;
