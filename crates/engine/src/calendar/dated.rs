//! Conditions that read the as-of date itself: on which days can they come out differently?
//!
//! Everything else in a program changes only where an interval begins or ends. A condition on the
//! date is looked at by itself: of a comparison of the date with something else the turn is computed;
//! one that reads only the year, quarter or month of the date can turn only where a month begins; any
//! other is tried on each day. All days found so are only days on which it *may* turn: the condition
//! is evaluated on each, and those days stay on which it comes out differently.

use std::collections::BTreeSet;

use exeat_hir::reach::{Named, named_in};
use exeat_hir::{DatePart, Expr, ExprKind, Hir, Ty};

use super::bearing::Bearing;

/// The names behind which something stands that is looked for.
type Behind = BTreeSet<Named>;

/// An expression that reads the as-of date, whole enough to be evaluated by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dated<'h> {
    pub(super) expr: &'h Expr,
    pub(super) turns: Turns,
    /// Whether it reads a decision too, so that it cannot be evaluated by itself.
    pub(super) reads_decision: bool,
}

/// Where an expression that reads the date may come out differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turns {
    /// At a day that can be computed.
    AtBoundary,
    /// Where a month begins.
    WithMonths,
    /// On any day.
    OnAnyDay,
}

/// The expressions that read the date, the smallest conditions that are closed: in a quantifier or a
/// define with parameters a part could not be evaluated by itself.
pub(super) fn dated<'h>(hir: &'h Hir, bearing: &Bearing<'h>) -> Vec<Dated<'h>> {
    let dated = behind(hir, &bearing.named, &|part| matches!(part.kind, ExprKind::AsOf));
    let deciding = behind(hir, &bearing.named, &|part| matches!(part.kind, ExprKind::Decision(_)));
    let mut found: Vec<Dated<'h>> = Vec::new();
    let mut entered: BTreeSet<Named> = BTreeSet::new();
    let mut queue: Vec<&'h Expr> = bearing.roots.clone();
    while let Some(expr) = queue.pop() {
        if !reads(expr, &dated, &|part| matches!(part.kind, ExprKind::AsOf)) {
            continue;
        }
        match &expr.kind {
            ExprKind::And(parts) | ExprKind::Or(parts) => queue.extend(parts),
            ExprKind::Not(inner) => queue.push(inner),
            ExprKind::If(..) if expr.ty == Ty::YesNo => queue.extend(expr.parts()),
            ExprKind::Define(id, arguments) if arguments.is_empty() && expr.ty == Ty::YesNo => {
                if entered.insert(Named::Define(*id)) {
                    queue.extend(Named::Define(*id).holds(hir));
                }
            }
            _ => {
                let reads_decision =
                    reads(expr, &deciding, &|part| matches!(part.kind, ExprKind::Decision(_)));
                let one = Dated { expr, turns: turns(hir, expr, &dated), reads_decision };
                if !found.contains(&one) {
                    found.push(one);
                }
            }
        }
    }
    found
}

/// The side of a comparison that the date is compared with, and how the date stands there.
pub(super) enum Boundary<'h> {
    /// The date itself.
    Date(&'h Expr),
    /// The days since (or until, if `backwards`) a date.
    Days { date: &'h Expr, days: &'h Expr, backwards: bool },
    /// A date some days later (earlier, if `backwards`).
    Shifted { date: &'h Expr, days: &'h Expr, backwards: bool },
}

/// What the date is compared with: computed without the date, it says where the comparison turns.
pub(super) fn boundaries<'h>(hir: &'h Hir, expr: &'h Expr) -> Vec<Boundary<'h>> {
    match &expr.kind {
        ExprKind::Compare(_, left, right) => {
            boundary(hir, left, right).or_else(|| boundary(hir, right, left)).into_iter().collect()
        }
        ExprKind::Band { low, value, high, .. } => {
            [low, high].into_iter().filter_map(|end| boundary(hir, value, end)).collect()
        }
        _ => Vec::new(),
    }
}

fn boundary<'h>(hir: &'h Hir, dated: &'h Expr, other: &'h Expr) -> Option<Boundary<'h>> {
    let is_date = |expr| matches!(plain(hir, expr).kind, ExprKind::AsOf);
    let dated = plain(hir, dated);
    match &dated.kind {
        ExprKind::AsOf => Some(Boundary::Date(other)),
        ExprKind::DaysBetween(later, earlier) if is_date(later) => {
            Some(Boundary::Days { date: earlier, days: other, backwards: false })
        }
        ExprKind::DaysBetween(later, earlier) if is_date(earlier) => {
            Some(Boundary::Days { date: later, days: other, backwards: true })
        }
        ExprKind::ShiftDays { date, days, backwards } if is_date(date) => {
            Some(Boundary::Shifted { date: other, days, backwards: *backwards })
        }
        _ => None,
    }
}

/// What a define without parameters stands for, if that is the same on all days.
fn plain<'h>(hir: &'h Hir, expr: &'h Expr) -> &'h Expr {
    let mut expr = expr;
    // Checked programs have no circle of defines; the bound holds for any other.
    for _ in 0..hir.defines.len() {
        let ExprKind::Define(id, arguments) = &expr.kind else { return expr };
        let pieces = hir.defines.get(*id).map_or(&[][..], |define| &define.pieces);
        match pieces {
            [piece] if arguments.is_empty() && piece.interval == exeat_model::Interval::ALWAYS => {
                expr = &piece.body;
            }
            _ => return expr,
        }
    }
    expr
}

fn turns(hir: &Hir, expr: &Expr, dated: &Behind) -> Turns {
    let as_of = |part: &Expr| matches!(part.kind, ExprKind::AsOf);
    let undated = |expr: &Expr| !reads(expr, dated, &as_of);
    let sides = match &expr.kind {
        ExprKind::Compare(..) => 1,
        ExprKind::Band { .. } => 2,
        _ => usize::MAX,
    };
    let found = boundaries(hir, expr);
    let computed = found.iter().all(|boundary| match boundary {
        Boundary::Date(other) => undated(other),
        Boundary::Days { date, days, .. } | Boundary::Shifted { date, days, .. } => {
            undated(date) && undated(days)
        }
    });
    if computed && found.len() == sides {
        return Turns::AtBoundary;
    }
    let (mut all, mut in_months) = (0_usize, 0_usize);
    exeat_hir::reach::visit_deep(hir, [expr], &mut |part| match &part.kind {
        ExprKind::AsOf => all = all.saturating_add(1),
        ExprKind::DatePart(DatePart::Year | DatePart::Quarter | DatePart::Month, inner)
            if as_of(inner) =>
        {
            in_months = in_months.saturating_add(1);
        }
        _ => {}
    });
    if all == in_months { Turns::WithMonths } else { Turns::OnAnyDay }
}

/// Whether an expression has such a part, itself or behind a name.
fn reads(expr: &Expr, behind: &Behind, wanted: &dyn Fn(&Expr) -> bool) -> bool {
    let mut found = false;
    expr.visit(&mut |part| found |= wanted(part));
    found || named_in(expr).iter().any(|(named, _)| behind.contains(named))
}

/// The names behind which, at any depth, such a part stands.
fn behind(hir: &Hir, names: &BTreeSet<Named>, wanted: &dyn Fn(&Expr) -> bool) -> Behind {
    let mut found = Behind::new();
    loop {
        let more: Vec<Named> = names
            .iter()
            .copied()
            .filter(|name| !found.contains(name))
            .filter(|name| name.holds(hir).into_iter().any(|expr| reads(expr, &found, wanted)))
            .collect();
        if more.is_empty() {
            return found;
        }
        found.extend(more);
    }
}
