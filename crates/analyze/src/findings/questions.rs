//! The questions that an analysis asks of one stretch of days, each by itself and with its answer.
//!
//! An analysis looks for what has to be shown and leaves out what it can conclude. Here each question is
//! asked, so that somebody else can be asked the same.

use std::collections::BTreeSet;

use exeat_hir::{AssertionId, Combine, DecisionId, DecisionTrace, ModuleId, RuleStatus};
use exeat_model::Truth;
use exeat_program::RuleValue;

use super::asking::{Asked, Asking, status};
use super::conflicts::{conflicts, may_agree};
use crate::budget::TooLarge;
use crate::diagrams::{DecisionDiagrams, Diagrams};
use crate::region::Region;
use crate::search::{Found, Gave, Search};
use crate::space::Space;
use crate::witness::Witness;

/// What a question is about. Rules and gaps are meant by their places in the decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About {
    /// Whether the condition of a rule can be true while it has force.
    Own(DecisionId, usize),
    /// Whether an exception can apply.
    Applies(DecisionId, usize),
    /// Whether a rule can hold.
    Holds(DecisionId, usize),
    /// Whether something that is not modelled can be touched.
    Touched(DecisionId, usize),
    /// Whether two rules can hold and say different things where the decision is asked.
    Conflict(DecisionId, usize, usize),
    /// Whether a transaction refutes an assertion.
    Refuted(AssertionId),
}

/// What an analysis says of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answered {
    /// There is such a transaction, confirmed by the reference: what it is asked for, in words.
    Yes(Vec<String>),
    /// There is none.
    No,
    /// That was not decided.
    Open(Gave),
}

/// All questions to a space of one side with their answers, in the order of the rules.
pub(crate) fn answers(
    space: &Space<'_>,
    diagrams: &Diagrams,
    wanted: &dyn Fn(ModuleId) -> bool,
) -> Vec<(About, Answered)> {
    let Some(side) = space.sides.first() else { return Vec::new() };
    let mut asked = Asked::blank(side.program.hir());
    let search = Search::new(space);
    let days = vec![side.epoch.days];
    Asking { space, side, diagrams, search, asked: &mut asked, days }.answers(wanted)
}

impl Asking<'_, '_, '_, '_> {
    fn answers(&mut self, wanted: &dyn Fn(ModuleId) -> bool) -> Vec<(About, Answered)> {
        let mut answers = Vec::new();
        let diagrams = self.diagrams;
        let mut seen = BTreeSet::new();
        for decision in &diagrams.decisions {
            for (at, rule) in decision.rules.iter().enumerate() {
                let module = self.asked.hir.rules.get(rule.id).map(|found| found.module);
                let wanted = module.is_some_and(|module| self.decides(module) && wanted(module));
                if wanted && seen.insert(rule.id) {
                    self.answer_rule(decision, at, &mut answers);
                }
            }
            for (at, (id, region)) in decision.gaps.iter().enumerate() {
                let module = self.asked.hir.not_modelled.get(*id).map(|found| found.module);
                if !module.is_some_and(|module| self.decides(module) && wanted(module)) {
                    continue;
                }
                let touches = &mut |traces: &[DecisionTrace], _: &Witness| {
                    let mut gaps = traces.iter().flat_map(|trace| &trace.gaps);
                    gaps.any(|(gap, condition)| gap == id && condition.truth == Truth::True)
                };
                let found = self.find(region, decision, touches);
                answers.push((About::Touched(decision.id, at), self.answered(found)));
            }
            self.answer_conflicts(decision, wanted, &mut answers);
        }
        for assertion in &diagrams.assertions {
            let Some(found) = self.asked.hir.assertions.get(assertion.id) else { continue };
            if self.decides(found.module) && wanted(found.module) {
                let region = self.refuting(assertion, found);
                let answer = match region {
                    Ok(region) => {
                        let (about, likely) = self.about_claim(found);
                        let side = self.side;
                        let refutes = &mut |traces: &[DecisionTrace], witness: &Witness| {
                            super::claims::refutes(side, found, traces, witness)
                        };
                        let found = self.find_about(&region, &likely, &about, refutes);
                        self.answered(found)
                    }
                    Err(why) => Answered::Open(Gave::TooLarge(why)),
                };
                answers.push((About::Refuted(assertion.id), answer));
            }
        }
        answers
    }

    fn answer_rule(
        &mut self,
        decision: &DecisionDiagrams,
        at: usize,
        answers: &mut Vec<(About, Answered)>,
    ) {
        let Some(rule) = decision.rules.get(at) else { return };
        let lowered = self.side.epoch.decisions.iter().find(|one| one.id == decision.id);
        let lowered = lowered.and_then(|lowered| lowered.rules.get(at));
        let is_exception = lowered.is_some_and(|rule| rule.exception_to.is_some());
        let mut ask = |about: About, region: &Region, wanted: &dyn Fn(&RuleStatus) -> bool| {
            let fares = &mut |traces: &[DecisionTrace], _: &Witness| {
                status(traces, rule.id).is_some_and(wanted)
            };
            let found = self.find(region, decision, fares);
            let answer = self.answered(found);
            answers.push((about, answer));
        };
        ask(About::Own(decision.id, at), &rule.own, &|status| {
            matches!(
                status,
                RuleStatus::Holds | RuleStatus::DefeatedBy(_) | RuleStatus::NothingToExcept
            )
        });
        if is_exception {
            ask(About::Applies(decision.id, at), &rule.applies, &|status| {
                matches!(status, RuleStatus::Holds | RuleStatus::DefeatedBy(_))
            });
        }
        ask(About::Holds(decision.id, at), &rule.holds, &|status| *status == RuleStatus::Holds);
    }

    fn answer_conflicts(
        &mut self,
        decision: &DecisionDiagrams,
        wanted: &dyn Fn(ModuleId) -> bool,
        answers: &mut Vec<(About, Answered)>,
    ) {
        let side = self.side;
        let lowered = side.epoch.decisions.iter().find(|one| one.id == decision.id);
        let Some(lowered) = lowered.filter(|one| one.combine == Combine::Unique) else { return };
        for (at, (first, one)) in lowered.rules.iter().zip(&decision.rules).enumerate() {
            let rest = lowered.rules.iter().zip(&decision.rules).enumerate();
            for (other_at, (second, other)) in rest.skip(at.saturating_add(1)) {
                let silent = [&first.value, &second.value].contains(&&RuleValue::Nothing);
                if silent || may_agree(&first.value, &second.value) {
                    continue;
                }
                let rules = [one.id, other.id];
                let mut modules = rules.iter().filter_map(|id| self.asked.hir.rules.get(*id));
                if !modules.any(|rule| wanted(rule.module)) {
                    continue;
                }
                let region = || -> Result<Region, TooLarge> {
                    one.holds.and(&other.holds)?.and(&self.asked_region(decision)?)
                };
                let answer = match region() {
                    Ok(region) => {
                        let differ = &mut |traces: &[DecisionTrace], _: &Witness| {
                            conflicts(traces, decision, &rules)
                        };
                        let found = self.find(&region, decision, differ);
                        self.answered(found)
                    }
                    Err(why) => Answered::Open(Gave::TooLarge(why)),
                };
                answers.push((About::Conflict(decision.id, at, other_at), answer));
            }
        }
    }

    fn answered(&self, found: Found) -> Answered {
        match found {
            Found::Witness(_, case) => Answered::Yes(self.space.describe(self.side.number, &case)),
            Found::Nothing => Answered::No,
            Found::NotDecided(gave) => Answered::Open(gave),
        }
    }
}
