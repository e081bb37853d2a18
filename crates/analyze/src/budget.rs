//! How much work a question may cost. What would cost more is "not decided", never a hang.

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
    /// How many times they are for all cases of a region.
    pub all_trials: usize,
    /// How many outcomes of one decision are kept apart.
    pub outcomes: usize,
}

impl Budget {
    /// What every question may cost, unless another budget is given.
    pub const USUAL: Self = Self {
        nodes: 1 << 22,
        largest: 1 << 19,
        candidates: 24,
        trials: 1_500,
        all_trials: 4_000,
        outcomes: 512,
    };
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
    Diagram,
    /// All diagrams together.
    Diagrams,
    /// The outcomes of a decision.
    Outcomes,
    /// The values that conditions tell apart.
    Cells,
}

impl TooLarge {
    /// Which limit of a budget that was.
    pub fn limit(self, budget: &Budget) -> String {
        match self {
            Self::Diagram => format!("{} nodes for one diagram", budget.largest),
            Self::Diagrams => format!("{} nodes for all diagrams", budget.nodes),
            Self::Outcomes => format!("{} outcomes of one decision", budget.outcomes),
            Self::Cells => "65,534 values of one fact told apart".to_owned(),
        }
    }
}
