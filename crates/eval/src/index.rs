//! Which rules are to be looked at for which decision, found once for a program.

use std::collections::{BTreeMap, BTreeSet};

use exeat_hir::{DecisionId, Hir, NotModelledId, RuleId};

/// For each decision what is about it, and the order of the rules' names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Index {
    of_decisions: BTreeMap<DecisionId, OfDecision>,
    by_name: BTreeMap<RuleId, usize>,
}

#[derive(Clone, Debug, Default)]
struct OfDecision {
    settled: Vec<RuleId>,
    shown: Vec<RuleId>,
    not_modelled: Vec<NotModelledId>,
}

impl Index {
    pub(crate) fn of(hir: &Hir) -> Self {
        let mut of_decisions: BTreeMap<DecisionId, OfDecision> =
            hir.decisions.iter().map(|(id, _)| (id, OfDecision::default())).collect();
        let mut concluding: BTreeMap<DecisionId, Vec<RuleId>> = BTreeMap::new();
        let mut names: BTreeMap<String, Vec<RuleId>> = BTreeMap::new();
        for (id, rule) in hir.rules.iter() {
            for conclusion in &rule.conclusions {
                concluding.entry(conclusion.decision).or_default().push(id);
            }
            names.entry(hir.full_name(rule.module, &rule.name)).or_default().push(id);
        }
        let by_name: BTreeMap<RuleId, usize> = names
            .into_values()
            .enumerate()
            .flat_map(|(at, rules)| rules.into_iter().map(move |rule| (rule, at)))
            .collect();
        for (decision, found) in &mut of_decisions {
            let concluding = concluding.get(decision).map_or(&[][..], Vec::as_slice);
            found.settled = with_exceptions(hir, concluding, true).into_iter().collect();
            found.shown = with_exceptions(hir, concluding, false).into_iter().collect();
            found.shown.sort_by_key(|rule| by_name.get(rule));
        }
        for (id, item) in hir.not_modelled.iter() {
            for decision in item.affects.iter().collect::<BTreeSet<_>>() {
                if let Some(found) = of_decisions.get_mut(decision) {
                    found.not_modelled.push(id);
                }
            }
        }
        Self { of_decisions, by_name }
    }

    /// The rules with a conclusion for a decision, all that defeats them, directly or not, and all to
    /// which one of these is an exception.
    pub(crate) fn settled_for(&self, decision: DecisionId) -> &[RuleId] {
        self.of_decisions.get(&decision).map_or(&[], |found| &found.settled)
    }

    /// The rules with a conclusion for a decision and all that defeats them, in the order of their full
    /// names: what its trace shows.
    pub(crate) fn shown_for(&self, decision: DecisionId) -> &[RuleId] {
        self.of_decisions.get(&decision).map_or(&[], |found| &found.shown)
    }

    /// The `not modelled` items that affect a decision.
    pub(crate) fn not_modelled_for(&self, decision: DecisionId) -> &[NotModelledId] {
        self.of_decisions.get(&decision).map_or(&[], |found| &found.not_modelled)
    }

    /// Rules in the order of their full names, which does not depend on where they stand.
    pub(crate) fn by_name(&self, rules: impl Iterator<Item = RuleId>) -> Vec<RuleId> {
        let mut rules: Vec<RuleId> = rules.collect();
        rules.sort_by_key(|rule| self.by_name.get(rule));
        rules
    }
}

fn with_exceptions(hir: &Hir, concluding: &[RuleId], and_excepted: bool) -> BTreeSet<RuleId> {
    let mut found: BTreeSet<RuleId> = BTreeSet::new();
    let mut queue: Vec<RuleId> = concluding.to_vec();
    while let Some(id) = queue.pop() {
        if found.insert(id)
            && let Some(rule) = hir.rules.get(id)
        {
            queue.extend(rule.defeated_by.iter().copied());
            if and_excepted {
                queue.extend(rule.exception_to.iter().copied());
            }
        }
    }
    found
}
