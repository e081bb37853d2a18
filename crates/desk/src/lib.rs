//! The drafting desk: a session that one talks to line by line, and the interview.
//!
//! A [`Desk`] holds checked rules, the facts that were given to it, a day and readings. [`Desk::run`]
//! takes a line and gives a [`Reply`], which is data; whoever shows it decides on colours and columns.
//! A line that is wrong leaves everything as it was.
//!
//! Deliberately absent: terminals, clocks, keys. Files are read and written through the engine alone.

mod analysis;
mod answers;
mod command;
mod complete;
mod desk;
mod draft;
mod facts;
mod gather;
mod given;
mod help;
mod interview;
mod list;
mod look;
mod outcomes;
mod problem;
mod questions;
mod reload;
mod reply;
mod save;
mod turning;
mod words;
mod written;

pub use complete::{Candidate, Completion};
pub use desk::{Desk, Opened};
pub use gather::Gather;
pub use interview::{Interview, Step};
pub use reload::{Remembered, Update};
pub use reply::{
    Block, DESK_SCHEMA, Detail, ItemPage, OutcomeChange, QuestionLine, Reply, Row, ValueLine,
};
pub use words::{Colour, coloured};
