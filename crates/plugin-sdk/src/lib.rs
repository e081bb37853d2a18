//! Write a jurisdiction in safe Rust.
