//! How much work a question may cost. What would cost more is "not decided", never a hang.

use std::fmt;

/// The limits of an analysis. They count steps and nodes and not time, so that the same rules give the
/// same findings on every machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// How many nodes all diagrams may have together.
    pub nodes: usize,
    /// How many nodes one diagram may have.
    pub largest: usize,
    /// How many cases of a region are tried until one of them is a transaction.
    pub candidates: usize,
    /// How many times rules are run in search of the facts for one case.
    pub trials: usize,
    /// How many outcomes of one decision are kept apart.
    pub outcomes: usize,
}

impl Budget {
    /// What every question may cost, unless another budget is given.
    pub const USUAL: Self =
        Self { nodes: 1 << 22, largest: 1 << 19, candidates: 24, trials: 1_500, outcomes: 512 };
}

impl Default for Budget {
    fn default() -> Self {
        Self::USUAL
    }
}

/// A diagram outgrew the budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TooLarge {
    /// One diagram alone.
    Diagram(usize),
    /// All diagrams together.
    Diagrams(usize),
    /// The outcomes of a decision.
    Outcomes(usize),
    /// The values that conditions tell apart.
    Cells,
}

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Diagram(nodes) => write!(f, "{nodes} nodes for one diagram"),
            Self::Diagrams(nodes) => write!(f, "{nodes} nodes for all diagrams"),
            Self::Outcomes(count) => write!(f, "{count} outcomes of one decision"),
            Self::Cells => f.write_str("65,534 values of one fact told apart"),
        }
    }
}
