//! Stretches of days with the same answer, put together from days that were decided.

use std::collections::{BTreeMap, BTreeSet};

use exeat_hir::{DecisionId, DecisionTrace, Determination, Expr, Hir, Undetermined};
use exeat_model::Date;

use super::cause::{Change, Turn};
use super::days::undated;

/// The answers to one decision over the days of a calendar.
#[derive(Clone, Debug)]
pub struct DecisionCalendar {
    /// The decision.
    pub decision: DecisionId,
    /// Stretches of days with the same outcome for the same reasons, without a gap between them.
    pub stretches: Vec<Stretch>,
}

/// Days with the same outcome for the same reasons.
#[derive(Clone, Debug)]
pub struct Stretch {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub through: Date,
    /// The answer.
    pub trace: DecisionTrace,
    /// How it came from the answer before; nothing for the first stretch.
    pub change: Option<Change>,
}

/// The stretches as far as they were seen.
pub(super) struct Building<'h> {
    hir: &'h Hir,
    only: BTreeSet<DecisionId>,
    order: Vec<DecisionId>,
    stretches: BTreeMap<DecisionId, Vec<Stretch>>,
    /// The traces of the last day, which are those of the day before the next one too.
    before: Vec<DecisionTrace>,
}

impl<'h> Building<'h> {
    pub(super) fn new(hir: &'h Hir, only: &[DecisionId]) -> Self {
        let only: BTreeSet<DecisionId> = only.iter().copied().collect();
        let wanted = |id: &&DecisionId| only.is_empty() || only.contains(id);
        let order = hir.decision_order.iter().filter(wanted).copied().collect();
        Self { hir, only, order, stretches: BTreeMap::new(), before: Vec::new() }
    }

    /// Takes the next day. The conditions in `turned` came out differently on that day.
    pub(super) fn take(&mut self, day: Date, mut traces: Vec<DecisionTrace>, turned: &[&Expr]) {
        for trace in &mut traces {
            without_day(trace, day);
        }
        let turn = Turn { hir: self.hir, day, before: &self.before, after: &traces, turned };
        for after in traces
            .iter()
            .filter(|trace| self.only.is_empty() || self.only.contains(&trace.decision))
        {
            let stretches = self.stretches.entry(after.decision).or_default();
            let change = match stretches.last_mut() {
                Some(last) if same_answer(&last.trace, after) => continue,
                Some(last) => {
                    last.through = day.yesterday().unwrap_or(day);
                    Some(turn.change(after))
                }
                None => None,
            };
            stretches.push(Stretch { from: day, through: day, trace: after.clone(), change });
        }
        self.before = traces;
    }

    /// The stretches, the last ones up to the last day.
    pub(super) fn finish(mut self, through: Date) -> Vec<DecisionCalendar> {
        let calendar = |decision: DecisionId| {
            let mut stretches = self.stretches.remove(&decision)?;
            if let Some(last) = stretches.last_mut() {
                last.through = through;
            }
            Some(DecisionCalendar { decision, stretches })
        };
        self.order.into_iter().filter_map(calendar).collect()
    }
}

/// Takes the day itself out of errors, so that the same fault on two days is the same.
fn without_day(trace: &mut DecisionTrace, day: Date) {
    if let Determination::Undetermined(why) = &mut trace.determination {
        why.errors = why.errors.iter().map(|error| undated(error, day)).collect();
    }
}

/// Whether two answers are the same, with their reasons.
fn same_answer(a: &DecisionTrace, b: &DecisionTrace) -> bool {
    a.because == b.because
        && a.otherwise == b.otherwise
        && same_determination(&a.determination, &b.determination)
}

/// Whether two determinations are the same. How many rules wait for a fact does not matter.
pub(super) fn same_determination(a: &Determination, b: &Determination) -> bool {
    match (a, b) {
        (Determination::Undetermined(a), Determination::Undetermined(b)) => {
            missing(a) == missing(b)
                && a.conflict == b.conflict
                && a.not_modelled == b.not_modelled
                && a.errors == b.errors
                && a.possible == b.possible
        }
        (a, b) => a == b,
    }
}

fn missing(why: &Undetermined) -> BTreeSet<&str> {
    why.missing.iter().map(|fact| fact.path.as_str()).collect()
}
