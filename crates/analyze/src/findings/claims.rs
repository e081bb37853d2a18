//! Assertions: proved for all transactions, or refuted by one.

use exeat_hir::{Assertion, AssertionId, AssertionKind, DecisionTrace};
use exeat_model::Truth;

use super::asking::Asking;
use super::{Example, Finding, FindingKind, Subject};
use crate::budget::TooLarge;
use crate::diagrams::AssertionDiagrams;
use crate::region::Region;
use crate::search::{Found, Gave};
use crate::witness::Witness;

impl Asking<'_, '_, '_, '_> {
    pub(super) fn ask_claims(&mut self) {
        for assertion in &self.diagrams.assertions {
            let id = assertion.id;
            let Some(found) = self.asked.hir.assertions.get(id) else { continue };
            let days = self.days();
            self.asked.assertions.entry(id).or_default().push(days);
            let kind = match found.kind {
                AssertionKind::Covers(_) => FindingKind::Gap,
                AssertionKind::Always | AssertionKind::Never => FindingKind::AssertionRefuted,
            };
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
    fn refuting(
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
        let (side, days, subject) = (self.side, self.days(), Subject::Assertion(id));
        let confirm = |traces: &[DecisionTrace], witness: &Witness| {
            if !found.when.as_ref().is_none_or(|when| witness.truth(side, when) == Truth::True) {
                return false;
            }
            match found.kind {
                AssertionKind::Always => witness.truth(side, &found.claim) == Truth::False,
                AssertionKind::Never => witness.truth(side, &found.claim) == Truth::True,
                AssertionKind::Covers(decision) => {
                    traces.iter().any(|trace| trace.decision == decision && trace.otherwise)
                }
            }
        };
        let key = (kind, subject.clone(), None);
        if let Some(finding) = self.asked.findings.get_mut(&key)
            && let Some(example) = &finding.example
        {
            let mut again = example.witness.clone();
            again.days.clear();
            if confirm(&again.decide(side), &again) && !again.is_absurd(side) {
                finding.days.push(days);
                return;
            }
        }
        let mut confirming = confirm;
        let decision = match found.kind {
            AssertionKind::Covers(decision) => self.diagrams.decision(decision),
            _ => None,
        };
        match self.find(region, decision.or(self.diagrams.decisions.last()), &mut confirming) {
            Found::Nothing => {}
            Found::Witness(witness, case) => {
                let region = self.space.describe(0, &case);
                let example = Some(Example::new(side, &witness));
                let finding = self.asked.findings.entry(key).or_insert_with(|| Finding {
                    kind,
                    subject,
                    decision: None,
                    region,
                    days: Vec::new(),
                    example,
                    accepted: None,
                });
                finding.days.push(days);
            }
            Found::NotDecided(gave) => self.asked.undecided(kind, subject, None, days, gave),
        }
    }
}
