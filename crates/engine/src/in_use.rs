//! Which readings can matter to a question.

use std::collections::BTreeSet;

use exeat_hir::{DecisionId, Determination, Expr, ExprKind, Force, Hir, ReadingId, Rule, RuleId};

use crate::{Question, Session};

impl Session {
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
        let by_facts = |decision: DecisionId| {
            let needed = hir.decisions.get(decision).and_then(|known| known.needed_when.as_ref());
            needed.is_some_and(|condition| !reads_a_decision(hir, condition))
        };
        let whole = Question { only: Vec::new(), ..question.clone() };
        let traces = self.decide(&whole).traces;
        traces
            .iter()
            .filter(|trace| matches!(trace.determination, Determination::NotNeeded))
            .map(|trace| trace.decision)
            .filter(|decision| by_facts(*decision))
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

/// Whether an expression reads a decision, by itself or through defines.
fn reads_a_decision(hir: &Hir, expr: &Expr) -> bool {
    let mut seen = BTreeSet::new();
    let mut waiting = vec![expr];
    while let Some(part) = waiting.pop() {
        match &part.kind {
            ExprKind::Decision(_) => return true,
            ExprKind::Define(id, _) if seen.insert(*id) => {
                let define = hir.defines.get(*id);
                waiting.extend(define.iter().flat_map(|one| one.pieces.iter().map(|p| &p.body)));
            }
            _ => {}
        }
        waiting.extend(part.parts());
    }
    false
}
