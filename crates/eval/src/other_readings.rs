//! What another choice of a reading changes, decided again only as far as it can.
//!
//! A choice gives force to some rules and takes it from others, and that is all it does: conditions
//! cannot ask for it. Where the conditions of all these rules are false, each of them is false by itself
//! under either choice, and every decision comes to the same. Where one is not, the decisions that rest
//! on it are decided again, and those that read one that changed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use exeat_hir::{
    ConditionTrace, DecisionId, DecisionTrace, Expr, Force, Hir, ModuleId, ReadingId, RuleId,
};
use exeat_model::Truth;

use crate::Functions;
use crate::condition::judge;
use crate::decide::decide_one;
use crate::machine::{Machine, Request};
use crate::reads::{Reads, decisions_read};
use crate::rules::force_of;

/// Decides under other choices of readings.
pub struct OtherReadings<'a> {
    /// Everything is decided in it as it was asked.
    machine: Machine<'a>,
    before: &'a [DecisionTrace],
    /// Whether the conditions of rules are false, for those that were asked for.
    excluded: BTreeMap<RuleId, bool>,
    /// Conditions that read no decision, as they were judged: they are the same under every reading.
    lasting: BTreeMap<RuleId, Arc<ConditionTrace>>,
    reads: Reads,
}

impl<'a> OtherReadings<'a> {
    /// `before` are all decisions for the request.
    pub fn new(
        hir: &'a Hir,
        functions: &'a dyn Functions,
        request: Request<'a>,
        before: &'a [DecisionTrace],
    ) -> Self {
        let rules = before.iter().flat_map(|trace| &trace.rules);
        let lasting = rules
            .filter_map(|rule| Some((rule.rule, rule.condition.as_ref()?)))
            .filter(|(rule, _)| {
                let when = hir.rules.get(*rule).and_then(|rule| rule.when.as_ref());
                decisions_read(hir, when).is_empty()
            })
            .map(|(rule, condition)| (rule, condition.clone()))
            .collect();
        Self {
            machine: Machine::after(hir, functions, request, before),
            before,
            excluded: BTreeMap::new(),
            lasting,
            reads: Reads::of(hir),
        }
    }

    /// All decisions under that choice of one reading; `None` if it changes none of them. Those that it
    /// cannot change are as they were before.
    pub fn decide(&mut self, reading: ReadingId, choice: usize) -> Option<Vec<DecisionTrace>> {
        let hir = self.machine.hir;
        let mut readings = self.machine.request.readings.clone();
        readings.insert(reading, choice);
        let request = Request { readings: &readings, ..self.machine.request };
        let index = self.machine.index();
        let mut other = Machine::new(hir, self.machine.functions, request).with_index(&index);
        let (rules, mut affected) = self.turned(&other, reading);
        if rules.is_empty() && affected.is_empty() {
            return None;
        }
        other.judged = std::mem::take(&mut self.lasting);
        let lasting: BTreeSet<RuleId> = other.judged.keys().copied().collect();
        let mut changed: BTreeSet<DecisionId> = BTreeSet::new();
        let mut traces = Vec::new();
        for id in &hir.decision_order {
            let (Some(decision), Some(before)) =
                (hir.decisions.get(*id), self.before.iter().find(|trace| trace.decision == *id))
            else {
                continue;
            };
            let reads_a_change = self.reads.one_of(*id, &changed);
            let rests_on = || index.settled_for(*id).iter().any(|rule| rules.contains(rule));
            let trace = if affected.remove(id) || reads_a_change || rests_on() {
                let trace = decide_one(&mut other, *id, decision);
                if trace.determination != before.determination {
                    changed.insert(*id);
                }
                trace
            } else {
                before.clone()
            };
            other.decided.insert(*id, trace.determination.clone());
            traces.push(trace);
        }
        self.lasting = other.judged;
        self.lasting.retain(|rule, _| lasting.contains(rule));
        Some(traces)
    }

    /// The rules that have force under one of the choices only and may apply, and the decisions about
    /// which something of that kind is not modelled.
    fn turned(
        &mut self,
        other: &Machine<'_>,
        reading: ReadingId,
    ) -> (BTreeSet<RuleId>, BTreeSet<DecisionId>) {
        let hir = self.machine.hir;
        let turns = |machine: &Machine<'_>, force: &Force, module: ModuleId| {
            force.under.iter().any(|under| under.reading == reading)
                && machine.module_decides(module)
                && {
                    let (before, after) = (force_of(machine, force), force_of(other, force));
                    before.0 != after.0 || before.2 != after.2
                }
        };
        let (mut rules, mut decisions) = (BTreeSet::new(), BTreeSet::new());
        for (id, rule) in hir.rules.iter() {
            if turns(&self.machine, &rule.force, rule.module) {
                let machine = &mut self.machine;
                let excluded = self.excluded.entry(id);
                if !*excluded.or_insert_with(|| is_false(machine, rule.when.as_ref())) {
                    rules.insert(id);
                }
            }
        }
        for item in hir.not_modelled.values() {
            if turns(&self.machine, &item.force, item.module)
                && !is_false(&mut self.machine, item.when.as_ref())
            {
                decisions.extend(&item.affects);
            }
        }
        (rules, decisions)
    }
}

fn is_false(machine: &mut Machine<'_>, condition: Option<&Expr>) -> bool {
    condition.is_some_and(|condition| judge(machine, condition).truth == Truth::False)
}
