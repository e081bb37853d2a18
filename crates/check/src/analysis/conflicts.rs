//! Rules of a `unique` decision that can hold together and disagree.

use std::collections::BTreeSet;

use exeat_diagnostics::Diagnostic;
use exeat_hir::{Combine, Decision, DecisionId, Expr, Force, Hir, ModuleStatus, Rule, RuleId};
use exeat_model::{Date, Interval};

use super::atom::Example;
use super::atoms::all_of;
use super::clash::{Speaker, certain, possible};
use super::days;
use super::fold::Reader;
use super::graph::{References, reached};
use super::key::key;

/// Pairs that disagree: certain ones as errors, possible ones as warnings with an example.
pub(super) fn find(hir: &Hir) -> Vec<Diagnostic> {
    let defeats: References<RuleId> =
        hir.rules.iter().map(|(id, rule)| (id, rule.defeats.iter().copied().collect())).collect();
    let mut found = Vec::new();
    for (id, decision) in hir.decisions.iter() {
        if decision.combine != Combine::Unique {
            continue;
        }
        let speakers = speakers(hir, id, &defeats);
        for (at, a) in speakers.iter().enumerate() {
            for b in speakers.iter().skip(at.saturating_add(1)) {
                found.extend(pair(hir, decision, a, b));
            }
        }
    }
    found
}

fn speakers<'h>(
    hir: &'h Hir,
    decision: DecisionId,
    defeats: &References<RuleId>,
) -> Vec<Speaker<'h>> {
    let mut found = Vec::new();
    let reader = Reader { hir, day: None };
    for (id, rule) in hir.rules.iter() {
        for conclusion in rule.conclusions.iter().filter(|one| one.decision == decision) {
            if let Some(value) = reader.constant(&conclusion.value) {
                let (place, below) = (conclusion.span, reached(defeats, id));
                let (conditions, days) = applies(hir, id);
                found.push(Speaker { id, rule, value, place, conditions, days, below });
            }
        }
    }
    found
}

/// What makes a rule apply, and on which days it may: its own condition and force, and for an
/// exception those of the rule that it excepts, up to one that is no exception.
fn applies(hir: &Hir, id: RuleId) -> (Option<Vec<&Expr>>, Vec<Interval>) {
    let mut days = vec![Interval::default()];
    let mut conditions = Vec::new();
    let mut seen = BTreeSet::new();
    let mut next = Some(id);
    while let Some(rule) = next.filter(|id| seen.insert(*id)).and_then(|id| hir.rules.get(id)) {
        days = days::common(&days, &days::of_force(&rule.force));
        conditions.extend(&rule.when);
        next = match rule.exception_to.as_slice() {
            [] => None,
            [one] => Some(*one),
            _ => return (None, days),
        };
    }
    (Some(conditions), days)
}

fn pair(hir: &Hir, decision: &Decision, a: &Speaker<'_>, b: &Speaker<'_>) -> Option<Diagnostic> {
    let days = days::common(&a.days, &b.days);
    let related = a.id == b.id || a.below.contains(&b.id) || b.below.contains(&a.id);
    if a.value == b.value || related || days.is_empty() {
        return None;
    }
    if !same_reading(&a.rule.force, &b.rule.force) || apart_as_proposals(hir, a.rule, b.rule) {
        return None;
    }
    let (of_a, of_b) = (a.conditions.as_ref()?, b.conditions.as_ref()?);
    let keys = |conditions: &[&Expr]| conditions.iter().copied().map(key).collect::<BTreeSet<_>>();
    let alike = keys(of_a) == keys(of_b);
    let exceptions: Vec<&Expr> = exceptions(hir, &[a, b], &days)?;
    let conditions: Vec<&Expr> = of_a.iter().chain(of_b).copied().collect();
    let example = example(hir, decision, &conditions, &exceptions, &days);
    if alike && exceptions.is_empty() {
        return match example {
            // Understood, and never true: nothing can clash.
            Search::Impossible => None,
            Search::Found(..) | Search::NotUnderstood => Some(certain(hir, decision, a, b)),
        };
    }
    match example {
        Search::Found(day, example) => Some(possible(hir, decision, a, b, day, &example)),
        Search::Impossible | Search::NotUnderstood => None,
    }
}

/// The conditions of the exceptions to either rule that count on some of the days; `None` if one of
/// them has no condition, so that the rule it defeats never holds then.
fn exceptions<'h>(
    hir: &'h Hir,
    speakers: &[&Speaker<'h>],
    days: &[Interval],
) -> Option<Vec<&'h Expr>> {
    speakers
        .iter()
        .flat_map(|speaker| &speaker.rule.defeated_by)
        .filter_map(|id| hir.rules.get(*id))
        .filter(|rule| !days::common(&days::of_force(&rule.force), days).is_empty())
        .map(|rule| rule.when.as_ref())
        .collect()
}

enum Search {
    Found(Date, Vec<Example>),
    Impossible,
    NotUnderstood,
}

/// A day and facts on which both conditions are true and no exception is.
fn example<'h>(
    hir: &'h Hir,
    decision: &'h Decision,
    conditions: &[&'h Expr],
    exceptions: &[&'h Expr],
    days: &[Interval],
) -> Search {
    let exprs = conditions.iter().chain(exceptions).copied();
    for day in days::to_try(hir, exprs, days) {
        let reader = Reader { hir, day: Some(day) };
        let wanted = conditions.iter().map(|when| reader.alternatives(when, true));
        let unwanted = exceptions.iter().map(|when| reader.alternatives(when, false));
        let Some(mut all) = wanted.chain(unwanted).collect::<Option<Vec<_>>>() else {
            return Search::NotUnderstood;
        };
        // Where the need for the decision is not understood, the example leaves it open.
        let needed = decision.needed_when.as_ref();
        all.extend(needed.and_then(|when| reader.alternatives(when, true)));
        let Some(together) = all_of(&all) else { return Search::NotUnderstood };
        if let Some(example) = together.iter().find_map(|atoms| reader.example(atoms)) {
            return Search::Found(day, example);
        }
    }
    Search::Impossible
}

/// Whether both can have force under one choice of readings.
fn same_reading(a: &Force, b: &Force) -> bool {
    a.under.iter().all(|wanted| {
        b.under
            .iter()
            .filter(|other| other.reading == wanted.reading)
            .all(|other| other.choices.iter().any(|choice| wanted.choices.contains(choice)))
    })
}

/// Proposals decide only where they are asked for, so they are compared with rules of their own module.
fn apart_as_proposals(hir: &Hir, a: &Rule, b: &Rule) -> bool {
    let proposed = |rule: &Rule| {
        hir.modules.get(rule.module).is_some_and(|module| module.status == ModuleStatus::Proposal)
    };
    a.module != b.module && (proposed(a) || proposed(b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::test_support::{
        World, and, compare, days, expr, fact, literal, number, text_of, tpp,
    };
    use exeat_hir::Comparison::{GreaterOrEqual, Less};
    use exeat_hir::{ExprKind, ReadingId, Ty, UnderReading};

    fn bound(world: &World, how: exeat_hir::Comparison, end: &str) -> Expr {
        let (id, _) = world.hir.facts.iter().next().unwrap();
        compare(how, fact(id, tpp()), literal(number(end)))
    }

    fn world() -> (World, DecisionId) {
        let mut world = World::new();
        world.fact("tpp", tpp());
        let decision = world.decision("limit", Ty::number(), Combine::Unique);
        (world, decision)
    }

    #[test]
    fn the_same_condition_and_another_value_is_an_error() {
        let (mut world, decision) = world();
        let when = bound(&world, GreaterOrEqual, "4800");
        let a = world.rule("a", Some(when.clone()), Some((decision, number("1"))));
        let b = world.rule("b", Some(when), Some((decision, number("2"))));
        let found = find(&world.hir);
        assert_eq!(
            text_of(&found),
            ["E0505 `a` and `b` decide `limit` differently under the same condition"]
        );
        assert_eq!(found[0].labels[1].text, "`b` says 2");

        world.exception(b, a);
        assert!(find(&world.hir).is_empty());
    }

    #[test]
    fn unconditional_rules_clash_unless_dates_or_readings_part_them() {
        let (mut world, decision) = world();
        let a = world.rule("a", None, Some((decision, number("1"))));
        let b = world.rule("b", None, Some((decision, number("2"))));
        assert_eq!(
            text_of(&find(&world.hir)),
            ["E0505 `a` and `b` always decide `limit` differently"]
        );
        for (rule, choice) in [(a, 0), (b, 1)] {
            let under = UnderReading { reading: ReadingId(0), choices: vec![choice] };
            world.hir.rules.get_mut(rule).unwrap().force.under = vec![under];
        }
        assert!(find(&world.hir).is_empty());
        world.hir.rules.get_mut(b).unwrap().force.under.clear();
        assert_eq!(find(&world.hir).len(), 1);
        world.force(a, days("", "2025-01-01"));
        world.force(b, days("2025-01-01", ""));
        assert!(find(&world.hir).is_empty());
    }

    #[test]
    fn overlapping_bounds_are_a_warning_with_an_example() {
        let (mut world, decision) = world();
        let above = bound(&world, GreaterOrEqual, "1600");
        world.rule("a", Some(above), Some((decision, number("1"))));
        let below = bound(&world, Less, "4800");
        let b = world.rule("b", Some(below), Some((decision, number("2"))));
        world.force(b, days("2025-05-15", ""));
        let found = find(&world.hir);
        assert_eq!(
            text_of(&found),
            ["W0906 `a` and `b` can both hold and decide `limit` differently"]
        );
        assert_eq!(
            found[0].notes[0],
            "Example: as of 2025-05-15 given `tpp = 1600 TPP`, both hold and the outcome is undetermined (conflict)."
        );
        world.hir.rules.get_mut(b).unwrap().when = Some(bound(&world, Less, "1600"));
        assert!(find(&world.hir).is_empty());
    }

    #[test]
    fn an_exception_that_covers_the_overlap_settles_it() {
        let (mut world, decision) = world();
        let a_when = bound(&world, GreaterOrEqual, "1600");
        let a = world.rule("a", Some(a_when), Some((decision, number("1"))));
        let b_when = bound(&world, Less, "4800");
        world.rule("b", Some(b_when.clone()), Some((decision, number("2"))));
        let exception = world.rule("e", Some(b_when), None);
        world.exception(exception, a);
        assert!(find(&world.hir).is_empty());
    }

    #[test]
    fn an_exception_can_only_clash_where_it_has_something_to_except() {
        let (mut world, decision) = world();
        let high = bound(&world, GreaterOrEqual, "4800");
        let target = world.rule("a", Some(high), Some((decision, number("1"))));
        let exception = world.rule("e", None, Some((decision, number("2"))));
        world.exception(exception, target);
        let low = bound(&world, Less, "1600");
        let other = world.rule("b", Some(low), Some((decision, number("3"))));
        assert!(find(&world.hir).is_empty());

        world.hir.rules.get_mut(other).unwrap().when = Some(bound(&world, Less, "4801"));
        let found = find(&world.hir);
        assert_eq!(
            text_of(&found),
            ["W0906 `e` and `b` can both hold and decide `limit` differently"]
        );
    }

    #[test]
    fn what_is_not_understood_is_not_warned_about() {
        let (mut world, decision) = world();
        let other = world.fact("other", tpp());
        let (id, _) = world.hir.facts.iter().next().unwrap();
        let hard = compare(Less, fact(id, tpp()), fact(other, tpp()));
        let easy = bound(&world, Less, "4800");
        world.rule("a", Some(and(vec![hard, easy.clone()])), Some((decision, number("1"))));
        world.rule("b", Some(easy), Some((decision, number("2"))));
        let computed = expr(ExprKind::Fact(id), tpp());
        let c = world.rule("c", None, Some((decision, number("3"))));
        world.hir.rules.get_mut(c).unwrap().conclusions[0].value = computed;
        assert!(find(&world.hir).is_empty());
    }
}
