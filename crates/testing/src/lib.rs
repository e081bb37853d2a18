//! For tests alone: the examples of Markdown pages as cases, and programs made from them.
//!
//! A fenced block is an example. Its info string says what it is: the language first (`exeat`, `toml`,
//! `csv`, …), then words that say what a test expects of it. A test fails on words that it does not
//! know, so that no example is passed over.

mod manual;
mod markdown;
mod program;

pub use manual::{Page, UNUSED};
pub use markdown::{Block, blocks};
pub use program::{Program, repository};
