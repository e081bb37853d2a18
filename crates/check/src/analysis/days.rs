//! The days on which something has force, as a list of intervals.

use std::collections::BTreeSet;

use exeat_hir::reach::visit_deep;
use exeat_hir::{Expr, ExprKind, Force, Hir};
use exeat_model::{Date, Interval, Value};

/// How many days are tried where something may differ by day.
const MOST_DAYS: usize = 32;

/// The days of force, suspensions taken out: intervals in order that have no day in common.
pub(super) fn of_force(force: &Force) -> Vec<Interval> {
    let mut days = vec![force.interval];
    for suspension in &force.suspensions {
        days = days.into_iter().flat_map(|piece| without(piece, *suspension)).collect();
    }
    days.retain(|piece| !piece.is_empty());
    days.sort_by_key(|piece| piece.from);
    days
}

/// The days in both lists.
pub(super) fn common(a: &[Interval], b: &[Interval]) -> Vec<Interval> {
    let mut days: Vec<Interval> = a
        .iter()
        .flat_map(|a| b.iter().map(|b| a.intersection(b)))
        .filter(|piece| !piece.is_empty())
        .collect();
    days.sort_by_key(|piece| piece.from);
    days
}

/// Days on which the expressions may mean different things, all within `days`: its first days, and
/// the days on which a group or define named by them changes or with which they compare.
pub(super) fn to_try<'h>(
    hir: &'h Hir,
    exprs: impl IntoIterator<Item = &'h Expr>,
    days: &[Interval],
) -> Vec<Date> {
    among(named_by(hir, exprs), days)
}

/// The days on which a group or define named by the expressions changes, or with which they compare.
pub(super) fn named_by<'h>(
    hir: &'h Hir,
    exprs: impl IntoIterator<Item = &'h Expr>,
) -> BTreeSet<Date> {
    let mut dates: BTreeSet<Date> = BTreeSet::new();
    let named = visit_deep(hir, exprs, &mut |part| {
        if let ExprKind::Literal(Value::Date(date)) = part.kind {
            dates.extend(
                [Some(date), date.tomorrow().ok(), date.yesterday().ok()].into_iter().flatten(),
            );
        }
    });
    for one in named {
        for interval in one.intervals(hir) {
            dates.extend(interval.from.into_iter().chain(interval.until));
        }
    }
    dates
}

/// Those of the dates that lie within `days`, and its own first and last days.
pub(super) fn among(mut dates: BTreeSet<Date>, days: &[Interval]) -> Vec<Date> {
    for piece in days {
        dates.extend(piece.from);
        dates.extend(piece.until.and_then(|until| until.yesterday().ok()));
    }
    if dates.is_empty() {
        // Nothing depends on the day, so any will do.
        dates.insert(Date::constant(2025, 1, 1));
    }
    dates.retain(|date| days.iter().any(|piece| piece.contains(*date)));
    dates.into_iter().take(MOST_DAYS).collect()
}

/// The days of one interval that are not in another: at most one piece before and one after.
fn without(days: Interval, taken: Interval) -> Vec<Interval> {
    if !days.overlaps(&taken) {
        return vec![days];
    }
    let before = taken.from.map(|from| Interval { from: None, until: Some(from) });
    let after = taken.until.map(|until| Interval { from: Some(until), until: None });
    let pieces = before.into_iter().chain(after).map(|side| days.intersection(&side));
    pieces.filter(|piece| !piece.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::test_support::days;

    #[test]
    fn a_suspension_cuts_the_days_of_force_in_two() {
        let force = Force {
            interval: days("2025-01-01", ""),
            suspensions: vec![days("2025-03-01", "2025-04-01")],
            under: Vec::new(),
        };
        assert_eq!(of_force(&force), [days("2025-01-01", "2025-03-01"), days("2025-04-01", "")]);
        let open = Force { suspensions: vec![Interval::ALWAYS], ..Force::default() };
        assert!(of_force(&open).is_empty());
    }

    #[test]
    fn days_to_try_lie_in_force() {
        let hir = Hir::default();
        let piece = days("2025-01-01", "2025-02-01");
        assert_eq!(
            to_try(&hir, [], &[piece]),
            [Date::constant(2025, 1, 1), Date::constant(2025, 1, 31)]
        );
        assert_eq!(to_try(&hir, [], &[Interval::ALWAYS]).len(), 1);
    }
}
