//! The days of a calendar: its range, its months, each of its days.

use std::collections::BTreeSet;

use exeat_diagnostics::{Diagnostic, Severity, codes};
use exeat_model::{Date, Number};

use super::CalendarQuestion;

/// How many days are tried or decided at most, where a condition has to be tried on each day.
pub const MOST_CALENDAR_DAYS: usize = 40_000;

/// A text of an error without the day on which it came up.
pub(super) fn undated(error: &str, day: Date) -> String {
    error.replace(&format!("on {day}"), "on that day")
}

/// The largest whole number of days that is not above a number of days.
pub(super) fn whole(days: Number) -> Option<i64> {
    i64::try_from(days.numerator().checked_div_euclid(days.denominator())?).ok()
}

/// The first days of the months that lie in a range.
pub(super) fn months(from: Date, through: Date) -> impl Iterator<Item = Date> {
    let first = from.last_of_month().tomorrow().ok();
    std::iter::successors(first, |day| day.last_of_month().tomorrow().ok())
        .take_while(move |day| *day <= through)
}

pub(super) fn each_day(from: Date, through: Date) -> Result<Vec<Date>, Diagnostic> {
    let days: Vec<Date> = std::iter::successors(Some(from), |day| day.tomorrow().ok())
        .take_while(|day| *day <= through)
        .take(MOST_CALENDAR_DAYS.saturating_add(1))
        .collect();
    if days.len() > MOST_CALENDAR_DAYS {
        let message = format!(
            "a condition on the date has to be tried on each day, and there are more than {MOST_CALENDAR_DAYS} days from {from} through {through}"
        );
        return Err(Diagnostic::unplaced(codes::CALENDAR_RANGE, Severity::Error, message)
            .with_help("Ask for fewer years, with `--from DATE` and `--through DATE`."));
    }
    Ok(days)
}

/// The days that are asked for: as given, or from the day before anything changes through the last
/// day on which anything does.
pub(super) fn range(
    question: &CalendarQuestion,
    turns: &BTreeSet<Date>,
) -> Result<(Date, Date), Diagnostic> {
    let problem = |message: String, help: &str| {
        Diagnostic::unplaced(codes::CALENDAR_RANGE, Severity::Error, message).with_help(help)
    };
    let first = turns.first().map(|day| day.yesterday().unwrap_or(*day));
    let last = turns.last().copied();
    let (from, through) = match (question.from, question.through) {
        (Some(from), Some(through)) => (Some(from), Some(through)),
        (Some(from), None) => (Some(from), Some(last.map_or(from, |last| last.max(from)))),
        (None, Some(through)) => {
            (Some(first.map_or(through, |first| first.min(through))), Some(through))
        }
        (None, None) => (first.or(question.as_of), last.or(question.as_of)),
    };
    match (from, through) {
        (Some(from), Some(through)) if from <= through => Ok((from, through)),
        (Some(from), Some(through)) => Err(problem(
            format!("no day lies from {from} through {through}"),
            "Let `--from` be the earlier day.",
        )),
        _ => Err(problem(
            "nothing that bears on these decisions begins or ends, so that the calendar has no days"
                .to_owned(),
            "Give its days, with `--from 2025-01-01` and `--through 2025-12-31`.",
        )),
    }
}
