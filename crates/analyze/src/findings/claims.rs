//! Assertions: proved for all transactions, or refuted by one.

use std::collections::BTreeSet;

use exeat_eval::with_those_read;
use exeat_hir::reach::visit_deep;
use exeat_hir::{
    Assertion, AssertionId, AssertionKind, DecisionId, DecisionTrace, Expr, ExprKind, Hir,
};
use exeat_model::Truth;

use super::asking::Asking;
use super::stretches::Stretch;
use super::{FindingKind, Subject};
use crate::budget::TooLarge;
use crate::diagrams::AssertionDiagrams;
use crate::region::Region;
use crate::search::Gave;
use crate::space::Side;
use crate::witness::Witness;

impl Asking<'_, '_, '_, '_> {
    pub(super) fn ask_claims(&mut self, stretch: &Stretch) {
        for assertion in &self.diagrams.assertions {
            let id = assertion.id;
            let Some(found) = self.asked.hir.assertions.get(id) else { continue };
            if !self.decides(found.module) {
                continue;
            }
            let Some(days) = stretch.assertions.get(&id) else { continue };
            self.days.clone_from(days);
            self.asked.assertions.entry(id).or_default().extend(days);
            let kind = refutation(found);
            match self.refuting(assertion, found) {
                Ok(region) => self.ask_claim(id, found, kind, &region),
                Err(why) => {
                    let subject = Subject::Assertion(id);
                    self.asked.undecided(kind, subject, None, days, Gave::TooLarge(why));
                }
            }
        }
    }

    /// Where an assertion would be refuted.
    pub(super) fn refuting(
        &self,
        assertion: &AssertionDiagrams,
        found: &Assertion,
    ) -> Result<Region, TooLarge> {
        let (claim, when) = assertion.regions.as_ref().map_err(|why| *why)?;
        let here = self.space.world(0).and(when)?;
        match found.kind {
            AssertionKind::Always => here.without(claim),
            AssertionKind::Never => here.and(claim),
            AssertionKind::Covers(id) => {
                let Some(decision) = self.diagrams.decision(id) else {
                    return Err(TooLarge::Diagrams);
                };
                let mut left = here.and(&self.asked_region(decision)?)?;
                for (lowered, rule) in self.speaking(decision) {
                    if lowered {
                        left = left.without(&rule.holds)?;
                    }
                }
                Ok(left)
            }
        }
    }

    /// The rules of a decision, and whether each has a conclusion for it.
    pub(super) fn speaking<'d>(
        &self,
        decision: &'d crate::diagrams::DecisionDiagrams,
    ) -> impl Iterator<Item = (bool, &'d crate::diagrams::RuleDiagrams)> {
        let lowered = self.side.epoch.decisions.iter().find(|lowered| lowered.id == decision.id);
        let concludes: Vec<bool> = lowered
            .into_iter()
            .flat_map(|lowered| &lowered.rules)
            .map(|rule| rule.value != exeat_program::RuleValue::Nothing)
            .collect();
        concludes.into_iter().zip(&decision.rules)
    }

    fn ask_claim(
        &mut self,
        id: AssertionId,
        found: &Assertion,
        kind: FindingKind,
        region: &Region,
    ) {
        let side = self.side;
        let (about, likely) = self.about_claim(found);
        let confirm = &mut |traces: &[DecisionTrace], witness: &Witness| {
            refutes(side, found, traces, witness)
        };
        let key = (kind, Subject::Assertion(id), None);
        self.note_about(key, &likely, &about, region, confirm);
    }

    /// The decisions that a claim reads with those that these read, and where what they come to is known.
    pub(super) fn about_claim(&self, found: &Assertion) -> (BTreeSet<DecisionId>, Region) {
        let mut read = decisions_read(self.asked.hir, found.when.iter().chain([&found.claim]));
        if let AssertionKind::Covers(decision) = found.kind {
            read.insert(decision);
        }
        let about = with_those_read(self.asked.hir, read.iter().copied());
        let mut likely = self.space.everything().clone();
        for decision in read.iter().filter_map(|id| self.diagrams.decision(*id)) {
            // Where this grows too large, the search begins anywhere.
            likely = likely.and(&decision.clear).unwrap_or(likely);
        }
        (about, likely)
    }
}

/// What it is if a transaction refutes an assertion.
pub(super) fn refutation(assertion: &Assertion) -> FindingKind {
    match assertion.kind {
        AssertionKind::Covers(_) => FindingKind::Gap,
        AssertionKind::Always | AssertionKind::Never => FindingKind::AssertionRefuted,
    }
}

/// Whether a transaction refutes an assertion, by the reference.
pub(super) fn refutes(
    side: &Side<'_>,
    found: &Assertion,
    traces: &[DecisionTrace],
    witness: &Witness,
) -> bool {
    let claimed = found
        .when
        .as_ref()
        .is_none_or(|when| witness.truth_after(side, traces, when) == Truth::True);
    claimed
        && match found.kind {
            AssertionKind::Always => {
                witness.truth_after(side, traces, &found.claim) == Truth::False
            }
            AssertionKind::Never => witness.truth_after(side, traces, &found.claim) == Truth::True,
            AssertionKind::Covers(decision) => {
                traces.iter().any(|trace| trace.decision == decision && trace.otherwise)
            }
        }
}

fn decisions_read<'h>(
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
