//! What bears on decisions, and the days on which something of it begins or ends.

use std::collections::BTreeSet;

use exeat_hir::reach::{Named, rules_of, visit_deep};
use exeat_hir::{
    CodeListId, DecisionId, Expr, ExprKind, Force, Hir, ModuleId, ModuleStatus, NotModelledId,
};
use exeat_model::{Date, Interval};

use super::CalendarQuestion;

/// What bears on the decisions that are asked for, by the readings and proposals of a question.
pub(super) struct Bearing<'h> {
    /// The expressions that decide: conditions, conclusions, when a decision is needed.
    pub(super) roots: Vec<&'h Expr>,
    /// What these name, at any depth.
    pub(super) named: BTreeSet<Named>,
    /// First days and end days of all that bears on the decisions.
    pub(super) turns: BTreeSet<Date>,
}

impl<'h> Bearing<'h> {
    /// What bears on the decisions asked for and on those that they read.
    pub(super) fn of(hir: &'h Hir, question: &CalendarQuestion) -> Self {
        let mut found = Self { roots: Vec::new(), named: BTreeSet::new(), turns: BTreeSet::new() };
        let mut seen: BTreeSet<DecisionId> = BTreeSet::new();
        let mut queue: Vec<DecisionId> = if question.only.is_empty() {
            hir.decisions.iter().map(|(id, _)| id).collect()
        } else {
            question.only.clone()
        };
        while let Some(decision) = queue.pop() {
            if seen.insert(decision) {
                queue.extend(found.take(hir, question, decision));
            }
        }
        found
    }

    /// Takes one decision; gives those that it reads.
    fn take(
        &mut self,
        hir: &'h Hir,
        question: &CalendarQuestion,
        decision: DecisionId,
    ) -> BTreeSet<DecisionId> {
        let mut roots: Vec<&'h Expr> = Vec::new();
        roots.extend(hir.decisions.get(decision).and_then(|item| item.needed_when.as_ref()));
        for rule in rules_of(hir, decision).into_iter().filter_map(|id| hir.rules.get(id)) {
            if !shut_out(hir, question, rule.module, &rule.force) {
                self.turn(&rule.force);
                roots.extend(&rule.when);
                let concluding =
                    rule.conclusions.iter().filter(|conclusion| conclusion.decision == decision);
                roots.extend(concluding.map(|conclusion| &conclusion.value));
            }
        }
        for (_, item) in gaps_of(hir, decision) {
            if !shut_out(hir, question, item.module, &item.force) {
                self.turn(&item.force);
                roots.extend(&item.when);
            }
        }
        let mut read = BTreeSet::new();
        let mut lists: BTreeSet<CodeListId> = BTreeSet::new();
        let named = visit_deep(hir, roots.iter().copied(), &mut |part| match part.kind {
            ExprKind::Decision(decision) => drop(read.insert(decision)),
            ExprKind::Meets(_, list, _) => drop(lists.insert(list)),
            _ => {}
        });
        for one in &named {
            one.intervals(hir).iter().for_each(|interval| self.ends(interval));
        }
        for list in lists.iter().filter_map(|list| hir.code_lists.get(*list)) {
            list.entries.values().for_each(|entry| self.ends(&entry.interval));
        }
        self.named.extend(named);
        self.roots.extend(roots);
        read
    }

    fn turn(&mut self, force: &Force) {
        self.ends(&force.interval);
        force.suspensions.iter().for_each(|suspension| self.ends(suspension));
    }

    fn ends(&mut self, interval: &Interval) {
        self.turns.extend(interval.from.into_iter().chain(interval.until));
    }
}

/// The `not modelled` items that affect a decision.
pub(super) fn gaps_of(
    hir: &Hir,
    decision: DecisionId,
) -> impl Iterator<Item = (NotModelledId, &exeat_hir::NotModelled)> {
    hir.not_modelled.iter().filter(move |(_, item)| item.affects.contains(&decision))
}

/// Whether something has force on no day, because of the reading chosen or the status of its module.
fn shut_out(hir: &Hir, question: &CalendarQuestion, module: ModuleId, force: &Force) -> bool {
    let proposal =
        hir.modules.get(module).is_some_and(|module| module.status == ModuleStatus::Proposal);
    let other_reading = force.under.iter().any(|under| {
        let known = hir.readings.get(under.reading);
        let choice = question.readings.get(&under.reading).copied();
        choice
            .or_else(|| known.and_then(|reading| reading.default))
            .is_some_and(|choice| !under.choices.contains(&choice))
    });
    (proposal && !question.proposals.contains(&module)) || other_reading
}
