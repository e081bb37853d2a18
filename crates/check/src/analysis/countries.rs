//! Countries named at a time when their code did not stand.

use std::collections::BTreeMap;
use std::sync::Arc;

use exeat_diagnostics::{Diagnostic, Span, codes};
use exeat_hir::{Expr, ExprKind, Given, GroupItem, Hir, TablePattern};
use exeat_model::{Country, CountryStanding, Date, Interval, Rounding, Value, shift_months};

use super::{days, words};

/// A line of a group.
const LINE: &str = "this line";
/// A row of a table.
const ROW: &str = "this row";

/// Every country that is named for days on which its code does not stand.
pub(super) fn find(hir: &Hir) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for rule in hir.rules.values() {
        let force = days::of_force(&rule.force);
        for expr in rule.when.iter().chain(rule.conclusions.iter().map(|one| &one.value)) {
            in_expression(expr, &force, "this rule", &mut found);
        }
    }
    for item in hir.not_modelled.values() {
        if let Some(when) = &item.when {
            in_expression(when, &days::of_force(&item.force), "this item", &mut found);
        }
    }
    for piece in hir.defines.values().flat_map(|define| &define.pieces) {
        in_expression(&piece.body, &[piece.interval], "this definition", &mut found);
    }
    for row in hir.tables.values().flat_map(|table| &table.rows) {
        in_expression(&row.value, &[row.interval], ROW, &mut found);
        for pattern in &row.patterns {
            match pattern {
                TablePattern::Value(value) => {
                    in_value(value, row.span, &[row.interval], ROW, &mut found);
                }
                TablePattern::Set(set) => {
                    in_expression(set, &[row.interval], ROW, &mut found);
                }
                TablePattern::Any | TablePattern::Within(..) | TablePattern::Band { .. } => {}
            }
        }
    }
    // What a jurisdiction's library lists stands in no text, and its author answers for it.
    for group in hir.groups.values().filter(|group| !group.span.is_empty()) {
        for item in &group.items {
            match item {
                GroupItem::Member { value, interval, span, .. } => {
                    in_value(value, *span, &[*interval], LINE, &mut found);
                }
                GroupItem::Set { set, interval, .. } => {
                    in_expression(set, &[*interval], LINE, &mut found);
                }
            }
        }
    }
    let mut shared: BTreeMap<*const Given, bool> = BTreeMap::new();
    for scenario in hir.scenarios.values() {
        let day = Interval { from: Some(scenario.as_of), until: scenario.as_of.tomorrow().ok() };
        for given in &scenario.given {
            // What many scenarios share is looked through once, and judged on the day of each.
            let shared = shared.entry(Arc::as_ptr(given));
            if *shared.or_insert_with(|| names_a_dated_one(&given.value)) {
                in_expression(&given.value, &[day], "this scenario", &mut found);
            }
        }
    }
    found
}

fn in_expression(expr: &Expr, force: &[Interval], what: &str, found: &mut Vec<Diagnostic>) {
    expr.visit(&mut |part| {
        if let ExprKind::Literal(value) = &part.kind {
            in_value(value, part.span, force, what, found);
        }
    });
}

fn in_value(
    value: &Value,
    span: Span,
    force: &[Interval],
    what: &str,
    found: &mut Vec<Diagnostic>,
) {
    each_country(value, &mut |country| found.extend(judge(country, span, force, what)));
}

/// Whether a country is named whose code did not always stand.
fn names_a_dated_one(expr: &Expr) -> bool {
    let mut named = false;
    expr.visit(&mut |part| {
        if let ExprKind::Literal(value) = &part.kind {
            each_country(value, &mut |country| named |= standing(country).is_some());
        }
    });
    named
}

fn each_country(value: &Value, take: &mut dyn FnMut(Country)) {
    match value {
        Value::Country(country) => take(*country),
        Value::List(items) => items.iter().for_each(|item| each_country(item, take)),
        Value::Set(items) => items.iter().for_each(|item| each_country(item, take)),
        Value::Record(record) => {
            record.fields.iter().flatten().for_each(|item| each_country(item, take));
        }
        Value::YesNo(_)
        | Value::Number(_)
        | Value::Date(_)
        | Value::Text(_)
        | Value::Symbol(_)
        | Value::Code(_)
        | Value::Outcome(_) => {}
    }
}

fn judge(country: Country, span: Span, force: &[Interval], what: &str) -> Option<Diagnostic> {
    let stood = standing(country)?;
    let (first, last) = (force.first()?, force.last()?);
    let name = words::country(country);
    // A line has dates of its own, so they must be right; a rule may have been amended since.
    let exact = matches!(what, LINE | ROW);
    if let Some(start) = stood.from
        && (days::common(force, &[stood]).is_empty()
            || (exact && first.from.is_some_and(|from| long_before(from, start))))
        && stood.until.is_none_or(|end| first.from.is_none_or(|from| from < end))
    {
        let message =
            format!("the code {name} exists since {start} only, but {what} counts {first}");
        let help = "Name the country as it was called then, or correct the dates.";
        return Some(
            Diagnostic::error(codes::COUNTRY_NOT_VALID_THEN, message, span, "no country yet")
                .with_help(help),
        );
    }
    let end = stood.until?;
    if days::common(force, &[stood]).is_empty() {
        let message = format!("the code {name} was withdrawn on {end}, but {what} counts {first}");
        let help = "Name the countries that came after it, or correct the dates.";
        return Some(
            Diagnostic::error(codes::COUNTRY_NOT_VALID_THEN, message, span, "no longer a country")
                .with_help(help),
        );
    }
    let outlives = last.until.is_none_or(|until| end < until);
    outlives.then(|| {
        let message = format!("the code {name} was withdrawn on {end}, while {what} still counts");
        let text = format!("no country since {end}");
        Diagnostic::warning(codes::COUNTRY_WITHDRAWN, message, span, text).with_help(
            "Add the countries that came after it for the days since then, or give this an `until`.",
        )
    })
}

/// More than a year before: a code is assigned some weeks after its country came to be.
fn long_before(day: Date, start: Date) -> bool {
    let year = shift_months(day, 12, Some(Rounding::Down));
    year.is_ok_and(|later| later.is_some_and(|later| later < start))
}

/// When the code stands; `None` if it always does.
fn standing(country: Country) -> Option<Interval> {
    let entry = country.entry()?;
    let from = entry.since.and_then(|(year, month, day)| Date::new(year, month, day).ok());
    let until = match entry.standing {
        CountryStanding::Withdrawn(year, month, day) => Date::new(year, month, day).ok(),
        CountryStanding::Official | CountryStanding::UserAssigned => None,
    };
    (from.is_some() || until.is_some()).then_some(Interval { from, until })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::test_support::{World, country, days, fact, in_list, text_of};
    use exeat_hir::Ty;

    fn rule_about(code: &str, interval: Interval) -> Vec<String> {
        let mut world = World::new();
        let destination = world.fact("destination", Ty::Country);
        let when = in_list(fact(destination, Ty::Country), vec![country(code)]);
        let rule = world.rule("r", Some(when), None);
        world.force(rule, interval);
        text_of(&find(&world.hir))
    }

    #[test]
    fn a_code_withdrawn_before_the_rule_is_an_error() {
        assert_eq!(
            rule_about("AN", days("2025-01-01", "")),
            [
                "E0407 the code `AN` (Netherlands Antilles) was withdrawn on 2010-12-15, but this rule counts from 2025-01-01"
            ]
        );
    }

    #[test]
    fn a_code_withdrawn_during_the_rule_is_a_warning() {
        assert_eq!(
            rule_about("AN", days("2000-01-01", "")),
            [
                "W0912 the code `AN` (Netherlands Antilles) was withdrawn on 2010-12-15, while this rule still counts"
            ]
        );
        assert!(rule_about("AN", days("2000-01-01", "2009-01-01")).is_empty());
    }

    #[test]
    fn a_code_that_came_later_is_an_error() {
        let found = rule_about("SS", days("1990-01-01", "2000-01-01"));
        assert_eq!(found.len(), 1);
        assert!(
            found[0].starts_with("E0407 the code `SS` (South Sudan) exists since 2011-"),
            "{}",
            found[0]
        );
        assert!(rule_about("SS", days("2005-01-01", "")).is_empty());
        assert!(rule_about("SS", Interval::ALWAYS).is_empty());
        assert!(rule_about("PL", days("2025-01-01", "")).is_empty());
    }

    #[test]
    fn a_member_of_a_group_has_dates_of_its_own() {
        let found = |interval| {
            let mut world = World::new();
            world.group("g", Ty::Country, &[(country("SS"), interval)]);
            text_of(&find(&world.hir)).len()
        };
        assert_eq!(found(days("2005-01-01", "")), 1);
        assert_eq!(found(days("2011-07-09", "")), 0);
        assert_eq!(found(Interval::ALWAYS), 0);
    }
}
