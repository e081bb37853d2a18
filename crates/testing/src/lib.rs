//! For tests alone: the examples of Markdown pages as cases, and programs made from them.
//!
//! A fenced block is an example. Its info string says what it is: the language first (`exeat`, `toml`,
//! `csv`, …), then words that say what a test expects of it. A test fails on words that it does not
//! know, so that no example is passed over.

pub mod generate;
mod manual;
mod markdown;
mod program;
mod random;
pub mod seeded;
pub mod yardstick;

pub use manual::{Page, UNUSED};
pub use markdown::{Block, blocks};
pub use program::{Program, Result as Checked, checked, repository, repository_with};
pub use random::Random;
