//! The days on which the answers for one shipment change.
//!
//! These days are computed, not sampled. Between two days on which nothing begins or ends that bears
//! on the decisions (a rule, a suspension, a member of a group, a piece of a define, …) and on which
//! no condition on the date itself turns, every answer is the same; so one day of each such stretch
//! is decided. What is asked of the date itself is found by the module `dated`.

mod bearing;
mod cause;
mod dated;
mod days;
mod stretch;
mod through;

use std::collections::{BTreeMap, BTreeSet};

use exeat_diagnostics::{Diagnostic, Severity, Span, codes};
use exeat_eval::{Evaluated, Facts, Request, evaluate_alone};
use exeat_hir::{DecisionId, DecisionTrace, Expr, ModuleId, ReadingId};
use exeat_model::{Date, Value, shift_days};

use crate::Rulebook;
use bearing::Bearing;
use dated::{Boundary, Dated, Turns, boundaries};
use days::{each_day, months, range, undated, whole};

pub use cause::{Cause, CauseKind, CauseOf, Change};
pub use days::MOST_CALENDAR_DAYS;
pub use stretch::{DecisionCalendar, Stretch};
pub use through::Through;

/// What a calendar is asked for.
#[derive(Clone, Debug, Default)]
pub struct CalendarQuestion {
    /// The first day; without one the day before anything that bears on the decisions changes.
    pub from: Option<Date>,
    /// The last day; without one the last on which anything that bears on the decisions changes.
    pub through: Option<Date>,
    /// The day that is asked for if nothing changes and neither end is given.
    pub as_of: Option<Date>,
    /// The readings chosen; for others their default holds.
    pub readings: BTreeMap<ReadingId, usize>,
    /// Proposals that are to decide as if they were in force.
    pub proposals: BTreeSet<ModuleId>,
    /// What is known.
    pub facts: Facts,
    /// The decisions that are wanted; none for all.
    pub only: Vec<DecisionId>,
}

/// The answers for one shipment over a range of days.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub through: Date,
    /// Whether the first answers hold for all earlier days too.
    pub steady_before: bool,
    /// Whether the last answers hold for all later days too.
    pub steady_after: bool,
    /// Conditions on the date itself that were tried on each day of the range.
    pub tried_each_day: Vec<Span>,
    /// Conditions for which each day of the range was decided: they read the date and a decision.
    pub decided_each_day: Vec<Span>,
    /// How many days were decided.
    pub days_decided: usize,
    /// The decisions, each after those that it reads.
    pub decisions: Vec<DecisionCalendar>,
    /// The readings that bear on them on a day on which one of the answers begins.
    pub readings: BTreeSet<ReadingId>,
}

impl CalendarQuestion {
    fn on(&self, day: Date) -> Request<'_> {
        Request {
            as_of: day,
            readings: &self.readings,
            proposals: &self.proposals,
            facts: &self.facts,
        }
    }
}

impl Rulebook {
    /// The days on which answers change, from what to what, and why.
    ///
    /// # Errors
    /// If the range is empty, cannot be found, or is too long for a condition that has to be tried on
    /// each of its days; if there is nothing to decide.
    pub fn calendar(&self, question: &CalendarQuestion) -> Result<Calendar, Diagnostic> {
        let hir = self.hir();
        if hir.decisions.is_empty() {
            let message = "these rules decide nothing, so there is nothing that could change";
            return Err(Diagnostic::unplaced(codes::UNKNOWN_DECISION, Severity::Error, message)
                .with_help("Name rules that have a `decision`, with `--policies PATH`."));
        }
        let bearing = Bearing::of(hir, question);
        let dated = dated::dated(hir, &bearing);
        let turns = self.turns(question, &bearing, &dated, false);
        let (from, through) = range(question, &turns)?;
        let by_itself = dated.iter().any(|one| one.turns != Turns::AtBoundary);
        let of = |wanted: &dyn Fn(&Dated<'_>) -> bool| -> Vec<Span> {
            dated.iter().filter(|one| wanted(one)).map(|one| one.expr.span).collect()
        };
        let decided_each_day = of(&|one| one.reads_decision);
        let tried_each_day = of(&|one| !one.reads_decision && one.turns == Turns::OnAnyDay);
        let every_day = if decided_each_day.is_empty() && tried_each_day.is_empty() {
            Vec::new()
        } else {
            each_day(from, through)?
        };
        let mut days = self.turns(question, &bearing, &dated, true);
        days.retain(|day| from <= *day && *day <= through);
        days.insert(from);
        let mut turned: BTreeMap<Date, Vec<&Expr>> = BTreeMap::new();
        for one in dated.iter().filter(|one| !one.reads_decision) {
            let mut trials = days.clone();
            match one.turns {
                Turns::AtBoundary => {}
                Turns::WithMonths => trials.extend(months(from, through)),
                Turns::OnAnyDay => trials.extend(every_day.iter().copied()),
            }
            for day in self.turns_of(question, one.expr, &trials) {
                turned.entry(day).or_default().push(one.expr);
            }
        }
        days.extend(turned.keys().copied());
        if !decided_each_day.is_empty() {
            days.extend(every_day);
        }
        let decided = days
            .iter()
            .map(|day| (*day, exeat_eval::decide(hir, self.functions(), &question.on(*day))));
        let decisions = self.stretches(question, through, decided, &turned);
        let shown: Vec<DecisionId> = decisions.iter().map(|one| one.decision).collect();
        let starts: BTreeSet<Date> =
            decisions.iter().flat_map(|one| &one.stretches).map(|one| one.from).collect();
        let bearing =
            |day: &Date| self.readings_that_bear(&question.on(*day), shown.iter().copied(), None);
        let readings = starts.iter().flat_map(bearing).collect();
        Ok(Calendar {
            from,
            through,
            steady_before: !by_itself && !turns.iter().any(|turn| *turn <= from),
            steady_after: !by_itself && !turns.iter().any(|turn| *turn > through),
            tried_each_day,
            decided_each_day,
            days_decided: days.len(),
            decisions,
            readings,
        })
    }

    /// The days on which an answer may turn, in the whole calendar: where something begins or ends,
    /// and where a condition on the date has a boundary that can be computed. With `edges` also where
    /// a shifted date leaves the calendar; no calendar reaches that far unless it is asked to.
    fn turns(
        &self,
        question: &CalendarQuestion,
        bearing: &Bearing<'_>,
        dated: &[Dated<'_>],
        edges: bool,
    ) -> BTreeSet<Date> {
        let mut turns = bearing.turns.clone();
        // What a date is compared with is the same from one such day to the next.
        let before = bearing.turns.first().and_then(|day| day.yesterday().ok());
        let days = before.or(question.as_of).or(question.from).unwrap_or(Date::ZERO);
        for day in bearing.turns.iter().copied().chain([days]) {
            for one in dated.iter().filter(|one| one.turns == Turns::AtBoundary) {
                for boundary in boundaries(self.hir(), one.expr) {
                    turns.extend(self.boundary_days(&question.on(day), &boundary, edges));
                }
            }
        }
        turns
    }

    /// The days on which a comparison of the date may turn: the day that it is compared with and the
    /// day after, whichever sign stands between them.
    fn boundary_days(
        &self,
        request: &Request<'_>,
        boundary: &Boundary<'_>,
        edges: bool,
    ) -> Vec<Date> {
        let worth = |expr| match evaluate_alone(self.hir(), self.functions(), request, expr) {
            Evaluated::Known(value) => Some(value),
            Evaluated::Unknown { .. } => None,
        };
        let shifted = |date, days, backwards: bool| {
            let (Some(Value::Date(date)), Some(Value::Number(days))) = (worth(date), worth(days))
            else {
                return None;
            };
            let days = whole(days)?;
            shift_days(date, if backwards { days.checked_neg()? } else { days })
        };
        let mut found: Vec<Date> = Vec::new();
        match boundary {
            Boundary::Date(other) => {
                if let Some(Value::Date(day)) = worth(other) {
                    found.push(day);
                }
            }
            Boundary::Days { date, days, backwards } => {
                found.extend(shifted(date, days, *backwards));
            }
            Boundary::Shifted { date, days, backwards } => {
                found.extend(shifted(date, days, !backwards));
                if let Some(Value::Number(days)) = worth(days).filter(|_| edges)
                    && let Some(days) = whole(days)
                {
                    let days = if *backwards { days.saturating_neg() } else { days };
                    let end = if days > 0 { Date::MAX } else { Date::MIN };
                    found.extend(shift_days(end, days.saturating_neg()));
                }
            }
        }
        let after: Vec<Date> = found.iter().filter_map(|day| day.tomorrow().ok()).collect();
        found.extend(after);
        found
    }

    /// Those of the days on which an expression comes out differently than on the one before.
    fn turns_of(
        &self,
        question: &CalendarQuestion,
        expr: &Expr,
        days: &BTreeSet<Date>,
    ) -> Vec<Date> {
        let mut before: Option<Evaluated> = None;
        let mut found = Vec::new();
        for day in days {
            let now = match evaluate_alone(self.hir(), self.functions(), &question.on(*day), expr) {
                Evaluated::Unknown { missing, errors, conflict, not_modelled } => {
                    let errors = errors.iter().map(|error| undated(error, *day)).collect();
                    Evaluated::Unknown { missing, errors, conflict, not_modelled }
                }
                known @ Evaluated::Known(_) => known,
            };
            if before.as_ref().is_some_and(|before| *before != now) {
                found.push(*day);
            }
            before = Some(now);
        }
        found
    }

    fn stretches(
        &self,
        question: &CalendarQuestion,
        through: Date,
        decided: impl Iterator<Item = (Date, Vec<DecisionTrace>)>,
        turned: &BTreeMap<Date, Vec<&Expr>>,
    ) -> Vec<DecisionCalendar> {
        let mut building = stretch::Building::new(self.hir(), &question.only);
        for (day, traces) in decided {
            building.take(day, traces, turned.get(&day).map_or(&[][..], Vec::as_slice));
        }
        building.finish(through)
    }
}
