//! Rules that their own dates keep from ever counting.

use exeat_diagnostics::{Diagnostic, Span, codes};
use exeat_hir::{Expr, ExprKind, Force, Hir, ModuleStatus, Rule, RuleId};
use exeat_model::{Interval, Value};

use super::domain::{Domain, Test};
use super::fold::Reader;
use super::lists::Lists;
use super::usage::Usage;
use super::{days, words};

/// Every rule and `not modelled` item that is never in force, or is suspended when it is not; every
/// exception that never meets its rule; every rule of a repealed module without an end.
pub(super) fn find(hir: &Hir, usage: &Usage) -> Vec<Diagnostic> {
    let lists = Lists::default();
    let mut found = Vec::new();
    for item in hir.not_modelled.values() {
        found.extend(force(&item.force, &item.name, item.span));
    }
    for (id, rule) in hir.rules.iter() {
        let own = force(&rule.force, &rule.name, rule.span);
        let in_force = !days::of_force(&rule.force).is_empty();
        found.extend(own);
        if in_force {
            found.extend(exception(hir, usage, id, rule));
            found.extend(as_of(hir, &lists, rule));
        }
        let status = hir.modules.get(rule.module).map(|module| (module.status, &module.name));
        if let Some((ModuleStatus::Repealed, module)) = status
            && rule.force.interval.until.is_none()
        {
            let message =
                format!("`{}` stands in the repealed module `{module}` and has no end", rule.name);
            found.push(
                Diagnostic::warning(
                    codes::RULE_IN_REPEALED_MODULE,
                    message,
                    rule.span,
                    "no `until`",
                )
                .with_help("Add `until` with the first day on which it was no longer in force."),
            );
        }
    }
    found
}

fn force(force: &Force, name: &str, span: Span) -> Vec<Diagnostic> {
    if days::of_force(force).is_empty() {
        let (message, help) = if force.interval.is_empty() {
            (
                format!("`{name}` is never in force: it ends before it begins"),
                "Correct `from` or `until`.",
            )
        } else {
            (
                format!("`{name}` is never in force: it is suspended for all of its time"),
                "Shorten the suspension, or take the rule out.",
            )
        };
        return vec![
            Diagnostic::error(codes::NEVER_IN_FORCE, message, span, "in force on no day")
                .with_help(help),
        ];
    }
    let outside = force.suspensions.iter().filter(|one| !one.overlaps(&force.interval));
    let report = |suspension: &Interval| {
        let message = format!("`{name}` is suspended {suspension}, when it is not in force anyway");
        Diagnostic::error(
            codes::SUSPENSION_OUTSIDE_FORCE,
            message,
            span,
            format!("in force {}", force.interval),
        )
        .with_help("Correct the dates of the suspension, or take it out.")
    };
    outside.map(report).collect()
}

/// An exception that is in force on no day on which its target is.
fn exception(hir: &Hir, usage: &Usage, id: RuleId, rule: &Rule) -> Vec<Diagnostic> {
    let own = days::of_force(&rule.force);
    let mut found = Vec::new();
    for (target_id, target) in rule.defeats.iter().filter_map(|id| Some((*id, hir.rules.get(*id)?)))
    {
        let theirs = days::of_force(&target.force);
        if theirs.is_empty() || !days::common(&own, &theirs).is_empty() {
            continue;
        }
        let (name, other) = (words::rule(hir, id), words::rule(hir, target_id));
        let targets = usage.targets.get(&id).into_iter().flatten();
        let clause = targets.filter(|(named, _)| *named == target_id).map(|(_, span)| *span).next();
        let message = format!(
            "{name} can never be an exception to {other}: they are in force at different times"
        );
        found.push(
            Diagnostic::warning(
                codes::UNREACHABLE_BY_DATES,
                message,
                clause.unwrap_or(rule.span),
                format!("{name} is in force {}", in_words(&own)),
            )
            .with_label(target.span, format!("{other} is in force {}", in_words(&theirs)))
            .with_help(
                "Correct the dates of one of them, or name the rule that was in force then.",
            ),
        );
    }
    found
}

/// A rule whose condition asks for as-of dates outside its own force.
fn as_of(hir: &Hir, lists: &Lists, rule: &Rule) -> Option<Diagnostic> {
    let reader = Reader::new(hir, lists, None);
    let when = rule.when.as_ref()?;
    let mut parts = Vec::new();
    conjuncts(when, &mut parts);
    let single = |part: &&Expr| {
        let alternatives = reader.alternatives(part, true)?;
        <[_; 1]>::try_from(alternatives).ok()
    };
    let atoms: Vec<_> = parts
        .iter()
        .filter_map(single)
        .flatten()
        .flatten()
        .filter(|atom| atom.path.is_as_of())
        .collect();
    let first = atoms.first()?;
    let possible = |piece: Option<&Interval>| {
        let mut domain = Domain::of(reader, &first.ty)?;
        for atom in &atoms {
            domain.keep(&atom.test);
        }
        if let Some(from) = piece.and_then(|piece| piece.from) {
            domain.keep(&Test::Above(Value::Date(from), true));
        }
        if let Some(until) = piece.and_then(|piece| piece.until) {
            domain.keep(&Test::Below(Value::Date(until), false));
        }
        domain.example()
    };
    // A condition that contradicts itself is another finding.
    possible(None)?;
    let force = days::of_force(&rule.force);
    if force.iter().any(|piece| possible(Some(piece)).is_some()) {
        return None;
    }
    let message = format!(
        "`{}` can never hold: its condition asks for dates on which it is not in force",
        rule.name
    );
    Some(
        Diagnostic::warning(
            codes::UNREACHABLE_BY_DATES,
            message,
            first.span,
            "asked of the date here",
        )
        .with_label(rule.span, format!("in force {}", in_words(&force)))
        .with_help("Correct the condition, or the rule's `from` and `until`."),
    )
}

fn conjuncts<'h>(expr: &'h Expr, parts: &mut Vec<&'h Expr>) {
    match &expr.kind {
        ExprKind::And(inner) => {
            for part in inner {
                conjuncts(part, parts);
            }
        }
        _ => parts.push(expr),
    }
}

fn in_words(days: &[Interval]) -> String {
    words::listed(&days.iter().map(ToString::to_string).collect::<Vec<_>>(), "and")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::test_support::{World, compare, days, expr, literal, text_of};
    use exeat_hir::{Comparison, Ty};
    use exeat_model::date_from_text;

    #[test]
    fn suspended_for_all_of_its_time() {
        let mut world = World::new();
        let rule = world.rule("r", None, None);
        let force = &mut world.hir.rules.get_mut(rule).unwrap().force;
        force.interval = days("2025-01-01", "2026-01-01");
        force.suspensions = vec![days("2024-01-01", "2025-06-01"), days("2025-06-01", "")];
        assert_eq!(
            text_of(&find(&world.hir, &world.usage)),
            ["E0403 `r` is never in force: it is suspended for all of its time"]
        );
        world.hir.rules.get_mut(rule).unwrap().force.suspensions =
            vec![days("2026-01-01", "2027-01-01")];
        assert_eq!(
            text_of(&find(&world.hir, &world.usage)),
            [
                "E0405 `r` is suspended from 2026-01-01 until 2027-01-01, when it is not in force anyway"
            ]
        );
    }

    #[test]
    fn an_exception_that_never_meets_its_rule() {
        let mut world = World::new();
        let (rule, exception) = (world.rule("r", None, None), world.rule("e", None, None));
        world.exception(exception, rule);
        world.force(rule, days("2025-05-15", ""));
        world.force(exception, days("", "2025-05-16"));
        assert!(find(&world.hir, &world.usage).is_empty());
        world.force(exception, days("", "2025-05-15"));
        let found = find(&world.hir, &world.usage);
        assert_eq!(
            text_of(&found),
            ["W0905 `e` can never be an exception to `r`: they are in force at different times"]
        );
        assert_eq!(found[0].labels.len(), 2);
    }

    #[test]
    fn a_condition_on_dates_outside_its_own_force() {
        let mut world = World::new();
        let date = literal(Value::Date(date_from_text("2025-01-01").unwrap()));
        let when = compare(Comparison::Less, expr(ExprKind::AsOf, Ty::Date), date);
        let rule = world.rule("r", Some(when), None);
        world.force(rule, days("2024-12-31", ""));
        assert!(find(&world.hir, &world.usage).is_empty());
        world.force(rule, days("2025-01-01", ""));
        assert_eq!(
            text_of(&find(&world.hir, &world.usage)),
            ["W0905 `r` can never hold: its condition asks for dates on which it is not in force"]
        );
    }

    #[test]
    fn a_repealed_module_needs_ends() {
        let mut world = World::new();
        world.module = world.module("old", ModuleStatus::Repealed);
        let rule = world.rule("r", None, None);
        assert_eq!(
            text_of(&find(&world.hir, &world.usage)),
            ["W0909 `r` stands in the repealed module `old` and has no end"]
        );
        world.force(rule, days("", "2025-01-01"));
        assert!(find(&world.hir, &world.usage).is_empty());
    }
}
