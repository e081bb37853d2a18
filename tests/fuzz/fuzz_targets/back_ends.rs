//! The back ends on rules and facts that a fuzzer chose: the program, its scalar run and the reference
//! interpreter have to agree.
//!
//! In `tests`, with cargo-fuzz and a nightly toolchain: `cargo +nightly fuzz run back_ends`. A test runs the same
//! with bytes that look random (`tests/agreement.rs`).

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| exeat_tests::agreement::fuzz(bytes));
