//! A run: the state, and what nodes are worth and conditions come to in it.
//!
//! No meaning of its own: each file follows the reference rule by rule, without the reasons. What is
//! not known has no reason here but one: a decision that is not needed was read, of which every test
//! is false.

pub mod code;
pub(crate) mod condition;
pub(crate) mod settle;
pub(crate) mod value;

use exeat_hir::{Functions, Hir, Possible};
use exeat_model::{Date, Value};

use crate::node::Arena;

/// Why a value is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct NotKnown {
    /// A decision was read that is not needed.
    pub(crate) not_needed: bool,
}

impl NotKnown {
    pub(crate) const MISSING: Self = Self { not_needed: false };

    pub(crate) fn and(self, other: Self) -> Self {
        Self { not_needed: self.not_needed || other.not_needed }
    }
}

pub(crate) type Lean<T> = Result<T, NotKnown>;

/// What a decision came to, for what reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Decided {
    /// Not decided yet.
    NotYet,
    /// Determined.
    Value(Value),
    /// Not needed.
    NotNeeded,
    /// Undetermined, with all that is possible.
    Undetermined(Vec<Possible>),
}

/// The state of a run.
pub(crate) struct Run<'a> {
    pub(crate) hir: &'a Hir,
    pub(crate) functions: &'a dyn Functions,
    pub(crate) arena: &'a Arena,
    pub(crate) as_of: Date,
    /// What is known of each slot.
    pub(crate) slots: &'a [Option<Value>],
    pub(crate) scratch: &'a mut Scratch,
}

/// Room that runs use one after the other, so that they need no memory of their own.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    /// Which epoch of which program the memory is of, and of which run.
    pub(crate) stamp: u64,
    /// The values of nodes that read no element and no decision, with the run that computed them.
    pub(crate) values: Vec<(u64, Lean<Value>)>,
    pub(crate) locals: Vec<Lean<Value>>,
    pub(crate) decided: Vec<Decided>,
    /// What decisions are supposed to come to while a test is tried with it.
    pub(crate) supposed: Vec<(u32, Possible)>,
    /// The cell of each column, with the run that computed it.
    pub(crate) cells: Vec<(u64, u16)>,
}
