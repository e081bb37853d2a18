//! The scalar run: one record, all decisions, no memory but what is used again and again.
//!
//! Of a few rules one look-up a column gives the bits of all ([`few`]); of many only those are looked at that
//! the cells of the most telling columns leave ([`many`]). A rule is looked at only if it can matter: the
//! strictest first, what is defeated already not at all. Truth is three-valued all the way; where an
//! unknown truth bears on an outcome the run says so, and the exact way is taken.

mod atom;
mod choice;
mod clause;
mod column_run;
mod compile;
mod encode;
mod few;
mod few_run;
mod finder;
mod keys;
mod many;
mod many_run;
mod memory;
mod number;
mod paths;
mod run;
mod sums;

use std::collections::BTreeSet;

use exeat_hir::{Combine, DecisionId, RuleId};
use exeat_model::{Truth, Value};
use smol_str::SmolStr;

pub(crate) use encode::Encoder;
pub use encode::{Encoded, EncodedFact, EncodedRows};
pub use run::{FastScratch, Settled};

use self::atom::FastAtom;
use self::few::Few;
use self::finder::CellFinder;
use self::many::Index;
use self::memory::{Group, Place};
use self::number::Sum;
use crate::node::{ConditionId, NodeId};

/// The rules of an epoch, laid out for the scalar run.
#[derive(Clone, Debug)]
pub struct Fast {
    columns: Vec<FastColumn>,
    atoms: Vec<FastAtom>,
    formulas: Vec<FastFormula>,
    decisions: Vec<FastDecision>,
    /// How many rules a decision has at most of those whose rules are no bits.
    most_rules: usize,
    /// The computed columns by what they read, to be remembered.
    groups: Vec<Group>,
}

#[derive(Clone, Debug)]
struct FastColumn {
    source: FastSource,
    finder: CellFinder,
    /// The cell of what is not known.
    unknown: u16,
    /// For what is computed from slots alone, and not by arithmetic: its place in the memory.
    memory: Option<Place>,
    /// Whether computing it reads what decisions came to.
    reads_decisions: bool,
    /// What it is computed from that reads less, to be remembered by itself.
    feeds: Vec<(NodeId, Place)>,
}

#[derive(Clone, Debug)]
enum FastSource {
    Slot(usize),
    /// A number that is computed in small parts from slots, and from what is remembered, by sums, differences,
    /// products and choices, and its node.
    Sum(Box<Sum>, NodeId),
    /// A number that is computed from slots by arithmetic alone.
    Number(NodeId),
    Node(NodeId),
    Condition(ConditionId),
    Reading(exeat_hir::ReadingId),
    Proposal(exeat_hir::ModuleId),
    /// A test of the outcome of one decision, by its place.
    Decision(usize, DecisionTest),
}

/// A test of an outcome, worked out for all outcomes that there can be.
#[derive(Clone, Debug)]
enum DecisionTest {
    /// For a place on a scale: the places asked for, with the labels as bits.
    Places { places: Vec<(u32, u64)>, not_needed: Truth },
    /// For a value: the truth for each constant of the decision.
    Values { truths: Vec<Truth>, not_needed: Truth },
}

/// A formula; equal ones are the same, and are asked once a run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum FastFormula {
    Constant(Truth),
    Atom(usize, bool),
    All(Vec<usize>),
    Any(Vec<usize>),
}

/// Adds the columns that a formula asks.
fn columns_of(
    formulas: &[FastFormula],
    atoms: &[FastAtom],
    formula: usize,
    found: &mut BTreeSet<usize>,
) {
    match formulas.get(formula) {
        Some(FastFormula::Atom(atom, _)) => found.extend(atoms.get(*atom).map(|atom| atom.column)),
        Some(FastFormula::All(parts) | FastFormula::Any(parts)) => {
            for part in parts {
                columns_of(formulas, atoms, *part, found);
            }
        }
        Some(FastFormula::Constant(_)) | None => {}
    }
}

#[derive(Clone, Debug)]
struct FastDecision {
    id: DecisionId,
    combine: Combine,
    /// What the rules can give: constants for `unique` and `collect`.
    constants: Vec<Value>,
    /// For a scale: the labels, by their bits, and the names of the places.
    labels: Vec<SmolStr>,
    ranks: Vec<(u32, SmolStr)>,
    otherwise: Option<FastValue>,
    needed: Option<usize>,
    gaps: Vec<usize>,
    rules: Vec<FastRule>,
    /// The rules with a conclusion, the strictest first.
    concluding: Vec<usize>,
    /// For few rules: all of them as bits.
    few: Option<Few>,
    /// For many rules: which of those with a conclusion are left by the cells of some columns.
    index: Option<Index>,
    /// Whether a computed column reads it, so that its outcome is needed as a value.
    wanted: bool,
}

#[derive(Clone, Debug)]
struct FastRule {
    id: RuleId,
    /// Its place among the rules in the order of their names.
    name_order: u32,
    own: usize,
    value: FastValue,
    defeated_by: Vec<usize>,
    exception_to: Option<Vec<usize>>,
}

/// What a rule gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FastValue {
    /// Nothing.
    Nothing,
    /// A place on a scale with labels.
    Outcome { rank: u32, labels: u64 },
    /// A constant of the decision.
    Constant(u32),
    /// Something that has to be computed: the exact way is taken.
    Computed,
}
