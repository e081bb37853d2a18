//! Checked rules as atoms and formulas, and the fast way to run them.
//!
//! A [`Program`] is the rules in epochs: stretches of days in which nothing dated changes. An epoch has
//! *columns* (facts, quantities that the rules compute, readings), whose values fall into cells that no
//! condition tells apart; *atoms*, each a question about one column with an answer for every cell; and for
//! each decision the *formulas* of its rules with the graph of exceptions.
//!
//! It has no meaning of its own: it gives what the reference interpreter gives. What it cannot say
//! exactly (see [`Unsupported`], [`Answer::AskTheReference`]) it says so, and never approximates.
//!
//! Deliberately absent: reasons. Which facts are missing, and why a condition is not so, the reference says.

mod cells;
mod epoch;
mod fast;
mod formula;
mod look;
mod lower;
mod node;
mod open;
mod program;
mod questions;
mod reads;
mod run;
mod slot;

pub use cells::{Answers, CellSet, Cells, Question, cut};
pub use epoch::{
    Atom, Claims, Column, Epoch, LoweredAssertion, LoweredDecision, LoweredRule, RuleValue, Source,
};
pub use fast::{Encoded, EncodedFact, EncodedRows, Fast, FastScratch, Settled};
pub use formula::{AtomId, Formula};
pub use lower::Unsupported;
pub use node::{
    AggregateKind, Arena, CodeTest, Condition, ConditionId, Join, ListPart, LoweredTable,
    Membership, Node, NodeId, Operator, Part, Pattern, Place, Reach, Relation, Test,
};
pub use open::{ColumnReads, Open};
pub use program::{Answer, Determined, Program, Record, Request};
pub use reads::Reads;
pub use run::{Scratch, code};
pub use slot::Slot;
