//! Which decisions are read by what, so that only those are made on which an answer rests.

use std::collections::{BTreeMap, BTreeSet};

use exeat_hir::reach::{expressions_of, visit_deep};
use exeat_hir::{DecisionId, Expr, ExprKind, Hir};

/// The decisions that expressions read, through defines, tables and groups too.
pub(crate) fn decisions_read<'h>(
    hir: &'h Hir,
    exprs: impl IntoIterator<Item = &'h Expr>,
) -> BTreeSet<DecisionId> {
    let mut read = BTreeSet::new();
    visit_deep(hir, exprs, &mut |part| {
        if let ExprKind::Decision(id) = part.kind {
            read.insert(id);
        }
    });
    read
}

/// For each decision of a program those that it reads.
#[derive(Clone, Debug)]
pub(crate) struct Reads(BTreeMap<DecisionId, BTreeSet<DecisionId>>);

impl Reads {
    pub(crate) fn of(hir: &Hir) -> Self {
        let decisions = hir.decisions.iter();
        Self(decisions.map(|(id, _)| (id, decisions_read(hir, expressions_of(hir, id)))).collect())
    }

    /// Whether a decision reads one of others by itself, not through a third.
    pub(crate) fn one_of(&self, decision: DecisionId, others: &BTreeSet<DecisionId>) -> bool {
        self.0.get(&decision).is_some_and(|reads| !reads.is_disjoint(others))
    }

    /// Decisions with all that they rest on.
    pub(crate) fn with_all_below(
        &self,
        decisions: impl IntoIterator<Item = DecisionId>,
    ) -> BTreeSet<DecisionId> {
        let mut found = BTreeSet::new();
        let mut waiting: Vec<DecisionId> = decisions.into_iter().collect();
        while let Some(next) = waiting.pop() {
            if found.insert(next) {
                waiting.extend(self.0.get(&next).into_iter().flatten());
            }
        }
        found
    }
}
