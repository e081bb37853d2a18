//! A transaction, as an example that the reference can replay.

use std::collections::{BTreeMap, BTreeSet};

use exeat_eval::Request;
use exeat_hir::{DecisionId, DecisionTrace, Expr, Facts, ModuleId, ReadingId};
use exeat_model::{Date, Truth, Value};
use smol_str::SmolStr;

use crate::space::{Side, some_day};

/// A transaction: facts, readings and days. It names facts by their paths, so that it can be asked of
/// every side.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Witness {
    /// What is known, by path: `destination`, `consignee.country`. Never a record as a whole.
    pub facts: BTreeMap<String, Value>,
    /// The choices of readings, by full name.
    pub readings: BTreeMap<String, SmolStr>,
    /// The day of each calendar.
    pub days: BTreeMap<usize, Date>,
}

/// What is asked of a side with a witness, with all that it borrows.
pub struct Replay {
    /// The day.
    pub day: Date,
    /// The choices of readings.
    pub readings: BTreeMap<ReadingId, usize>,
    /// The proposals that decide.
    pub proposals: BTreeSet<ModuleId>,
    /// The facts.
    pub facts: Facts,
}

impl Replay {
    /// The question for the reference.
    pub fn request(&self) -> Request<'_> {
        Request {
            as_of: self.day,
            readings: &self.readings,
            proposals: &self.proposals,
            facts: &self.facts,
        }
    }
}

impl Witness {
    /// The day that a side is asked about.
    pub fn day(&self, side: &Side<'_>) -> Date {
        let chosen = self.days.get(&side.calendar).copied();
        chosen.unwrap_or_else(|| some_day(&side.epoch.days))
    }

    /// The question that it asks of a side.
    pub fn replay(&self, side: &Side<'_>) -> Replay {
        let hir = side.program.hir();
        let mut facts = Facts::default();
        for slot in side.program.slots() {
            if let Some(value) = self.facts.get(&slot.path) {
                facts.set_path(hir, slot.fact, &slot.fields, value.clone());
            }
        }
        Replay {
            day: self.day(side),
            readings: self.choices(side),
            proposals: side.proposals.clone(),
            facts,
        }
    }

    pub(crate) fn choices(&self, side: &Side<'_>) -> BTreeMap<ReadingId, usize> {
        let hir = side.program.hir();
        let chosen = hir.readings.iter().filter_map(|(id, reading)| {
            let choice = self.readings.get(&hir.full_name(reading.module, &reading.name))?;
            Some((id, reading.choices.iter().position(|one| one.name == *choice)?))
        });
        chosen.collect()
    }

    /// What all decisions of a side come to for it, by the reference.
    pub fn decide(&self, side: &Side<'_>) -> Vec<DecisionTrace> {
        let replay = self.replay(side);
        exeat_eval::decide(side.program.hir(), side.functions, &replay.request())
    }

    /// What some decisions of a side come to for it, by the reference. Those that they read have to be
    /// among them.
    pub fn decide_these(
        &self,
        side: &Side<'_>,
        decisions: &BTreeSet<DecisionId>,
    ) -> Vec<DecisionTrace> {
        let replay = self.replay(side);
        let hir = side.program.hir();
        exeat_eval::decide_these(hir, side.functions, &replay.request(), decisions)
    }

    /// Whether a condition is true of it, by the reference, where the decisions that it reads came to
    /// this.
    pub fn truth_after(
        &self,
        side: &Side<'_>,
        traces: &[DecisionTrace],
        condition: &Expr,
    ) -> Truth {
        let replay = self.replay(side);
        let (hir, request) = (side.program.hir(), replay.request());
        exeat_eval::condition_after(hir, side.functions, &request, traces, condition).truth
    }

    /// Whether a condition is true of it, by the reference.
    pub fn truth(&self, side: &Side<'_>, condition: &Expr) -> Truth {
        let replay = self.replay(side);
        let request = replay.request();
        exeat_eval::condition(side.program.hir(), side.functions, &request, condition).truth
    }

    /// Whether it contradicts what is taken for granted on a side.
    pub fn is_absurd(&self, side: &Side<'_>) -> bool {
        let hir = side.program.hir();
        hir.assumptions
            .values()
            .any(|assumption| self.truth(side, &assumption.condition) == Truth::False)
    }
}
