//! Whether another choice of a reading can change anything.
//!
//! A choice gives force to some rules and takes it from others, and that is all it does: conditions
//! cannot ask for it. Where the conditions of all these rules are false, each of them is false by
//! itself under either choice, and every decision comes to the same. So they need not be decided again.

use std::collections::BTreeMap;

use exeat_hir::{DecisionTrace, Expr, Force, Hir, ModuleId, ReadingId, RuleId};
use exeat_model::Truth;

use crate::Functions;
use crate::condition::judge;
use crate::machine::{Machine, Request};
use crate::rules::force_of;

/// Asks of choices whether they can change anything for one request that is decided.
pub struct OtherReadings<'a> {
    machine: Machine<'a>,
    /// Whether the conditions of rules are false, for those that were asked for.
    excluded: BTreeMap<RuleId, bool>,
}

impl<'a> OtherReadings<'a> {
    /// `traces` are all decisions for the request.
    pub fn new(
        hir: &'a Hir,
        functions: &'a dyn Functions,
        request: Request<'a>,
        traces: &[DecisionTrace],
    ) -> Self {
        let machine = Machine::after(hir, functions, request, traces);
        Self { machine, excluded: BTreeMap::new() }
    }

    /// Whether that choice of the reading can change a decision; if not, it certainly does not.
    pub fn can_change(&mut self, reading: ReadingId, choice: usize) -> bool {
        let hir = self.machine.hir;
        let mut readings = self.machine.request.readings.clone();
        readings.insert(reading, choice);
        let request = Request { readings: &readings, ..self.machine.request };
        let other = Machine::new(hir, self.machine.functions, request);
        let turned = |machine: &Machine<'_>, force: &Force, module: ModuleId| {
            let named = force.under.iter().any(|under| under.reading == reading);
            named && machine.module_decides(module) && {
                let (before, after) = (force_of(machine, force), force_of(&other, force));
                before.0 != after.0 || before.2 != after.2
            }
        };
        for (id, rule) in hir.rules.iter() {
            if turned(&self.machine, &rule.force, rule.module) {
                let machine = &mut self.machine;
                let excluded = self.excluded.entry(id);
                if !*excluded.or_insert_with(|| is_false(machine, rule.when.as_ref())) {
                    return true;
                }
            }
        }
        hir.not_modelled.values().any(|item| {
            turned(&self.machine, &item.force, item.module)
                && !is_false(&mut self.machine, item.when.as_ref())
        })
    }
}

fn is_false(machine: &mut Machine<'_>, condition: Option<&Expr>) -> bool {
    condition.is_some_and(|condition| judge(machine, condition).truth == Truth::False)
}
