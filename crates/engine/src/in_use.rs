//! Which readings can matter to a question.

use std::collections::BTreeSet;

use exeat_eval::{Request, condition, reads_a_decision};
use exeat_hir::{DecisionId, Expr, Force, Hir, ReadingId, Rule, RuleId};
use exeat_model::Truth;

use crate::{Question, Rulebook};

impl Rulebook {
    /// Readings under which something stands that has force on that day, and bears on a decision that
    /// may be needed: the law of a jurisdiction that is not concerned cannot matter.
    pub(crate) fn readings_in_use(&self, question: &Question) -> Vec<ReadingId> {
        let hir = self.hir();
        let not_needed = self.never_needed(question);
        let matters = |decisions: &BTreeSet<DecisionId>| {
            decisions.iter().any(|decision| !not_needed.contains(decision))
        };
        let rules = hir
            .rules
            .iter()
            .filter(|(id, rule)| has_force(&rule.force, question) && matters(&bears_on(hir, *id)));
        let gaps = hir.not_modelled.values().filter(|gap| {
            has_force(&gap.force, question) && matters(&gap.affects.iter().copied().collect())
        });
        let forces = rules.map(|(_, rule)| &rule.force).chain(gaps.map(|gap| &gap.force));
        let in_use: BTreeSet<ReadingId> =
            forces.flat_map(|force| force.under.iter().map(|under| under.reading)).collect();
        in_use.into_iter().collect()
    }

    /// The decisions that are not needed, under whatever reading: a condition that reads no decision
    /// depends on the facts and the day alone.
    fn never_needed(&self, question: &Question) -> BTreeSet<DecisionId> {
        let hir = self.hir();
        let request = Request {
            as_of: question.as_of,
            readings: &question.readings,
            proposals: &question.proposals,
            facts: &question.facts,
        };
        let refuted = |needed: &Expr| {
            !reads_a_decision(hir, needed)
                && condition(hir, self.functions(), &request, needed).truth == Truth::False
        };
        let decisions = hir.decisions.iter();
        decisions
            .filter(|(_, decision)| decision.needed_when.as_ref().is_some_and(refuted))
            .map(|(id, _)| id)
            .collect()
    }
}

fn has_force(force: &Force, question: &Question) -> bool {
    !force.under.is_empty() && force.on(question.as_of)
}

/// The decisions for which a rule concludes something, or defeats what does, at any distance.
fn bears_on(hir: &Hir, rule: RuleId) -> BTreeSet<DecisionId> {
    let mut seen = BTreeSet::new();
    let mut waiting = vec![rule];
    let mut found = BTreeSet::new();
    while let Some(next) = waiting.pop() {
        if !seen.insert(next) {
            continue;
        }
        let Some(Rule { conclusions, defeats, exception_to, .. }) = hir.rules.get(next) else {
            continue;
        };
        found.extend(conclusions.iter().map(|conclusion| conclusion.decision));
        waiting.extend(defeats.iter().chain(exception_to));
    }
    found
}
