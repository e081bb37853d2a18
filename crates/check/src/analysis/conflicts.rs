//! Rules of a `unique` decision that can hold together and disagree.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use exeat_diagnostics::Diagnostic;
use exeat_hir::{Combine, Decision, DecisionId, Expr, Force, Hir, ModuleStatus, Rule, RuleId};
use exeat_model::{Date, Interval};

use super::atom::{Alternatives, Example};
use super::atoms::Together;
use super::clash::{Speaker, certain, possible};
use super::days;
use super::fold::Reader;
use super::graph::{References, reached};
use super::key::key;
use super::lists::Lists;
use crate::Depth;

/// Pairs that disagree: certain ones as errors, possible ones as warnings with an example.
/// To the depth of rules the certain ones alone are looked for.
pub(super) fn find(hir: &Hir, depth: Depth) -> Vec<Diagnostic> {
    let defeats: References<RuleId> =
        hir.rules.iter().map(|(id, rule)| (id, rule.defeats.iter().copied().collect())).collect();
    let lists = Lists::default();
    let mut found = Vec::new();
    for (id, decision) in hir.decisions.iter() {
        if decision.combine != Combine::Unique {
            continue;
        }
        let speakers = speakers(hir, &lists, id, &defeats);
        let mut search = Search::new(hir, &lists, decision);
        for (at, a) in speakers.iter().enumerate() {
            for b in speakers.iter().skip(at.saturating_add(1)) {
                found.extend(pair(&mut search, depth, a, b));
            }
        }
    }
    found
}

fn speakers<'h>(
    hir: &'h Hir,
    lists: &Lists,
    decision: DecisionId,
    defeats: &References<RuleId>,
) -> Vec<Speaker<'h>> {
    let mut found = Vec::new();
    let reader = Reader::new(hir, lists, None);
    for (id, rule) in hir.rules.iter() {
        for conclusion in rule.conclusions.iter().filter(|one| one.decision == decision) {
            if let Some(value) = reader.constant(&conclusion.value) {
                let (place, below) = (conclusion.span, reached(defeats, id));
                let (conditions, days) = applies(hir, id);
                let exprs = conditions.iter().flatten().filter_map(|id| condition(hir, *id));
                let keys = exprs.map(key).collect();
                found.push(Speaker { id, rule, value, place, conditions, keys, days, below });
            }
        }
    }
    found
}

fn condition(hir: &Hir, id: RuleId) -> Option<&Expr> {
    hir.rules.get(id)?.when.as_ref()
}

/// The rules whose conditions make a rule apply, and the days on which it may: its own condition and
/// force, and for an exception those of the rule that it excepts, up to one that is no exception.
fn applies(hir: &Hir, id: RuleId) -> (Option<Vec<RuleId>>, Vec<Interval>) {
    let mut days = vec![Interval::default()];
    let mut conditions = Vec::new();
    let mut seen = BTreeSet::new();
    let mut next = Some(id);
    while let Some((id, rule)) =
        next.filter(|id| seen.insert(*id)).and_then(|id| Some((id, hir.rules.get(id)?)))
    {
        days = days::common(&days, &days::of_force(&rule.force));
        conditions.extend(rule.when.is_some().then_some(id));
        next = match rule.exception_to.as_slice() {
            [] => None,
            [one] => Some(*one),
            _ => return (None, days),
        };
    }
    (Some(conditions), days)
}

fn pair(
    search: &mut Search<'_>,
    depth: Depth,
    a: &Speaker<'_>,
    b: &Speaker<'_>,
) -> Option<Diagnostic> {
    let (hir, decision) = (search.hir, search.decision);
    let related = a.id == b.id || a.below.contains(&b.id) || b.below.contains(&a.id);
    if a.value == b.value || related {
        return None;
    }
    if !same_reading(&a.rule.force, &b.rule.force) || apart_as_proposals(hir, a.rule, b.rule) {
        return None;
    }
    let days = days::common(&a.days, &b.days);
    if days.is_empty() {
        return None;
    }
    let (of_a, of_b) = (a.conditions.as_ref()?, b.conditions.as_ref()?);
    let alike = a.keys == b.keys;
    if depth == Depth::Rules && !alike {
        return None;
    }
    let exceptions = exceptions(hir, &[a, b], &days)?;
    let conditions: Vec<RuleId> = of_a.iter().chain(of_b).copied().collect();
    let example = search.example(&conditions, &exceptions, &days);
    if alike && exceptions.is_empty() {
        return match example {
            // Understood, and never true: nothing can clash.
            Found::Impossible => None,
            Found::Example(..) | Found::NotUnderstood => Some(certain(hir, decision, a, b)),
        };
    }
    match example {
        Found::Example(day, example) => Some(possible(hir, decision, a, b, day, &example)),
        Found::Impossible | Found::NotUnderstood => None,
    }
}

/// The exceptions to either rule that count on some of the days; `None` if one of them has no
/// condition, so that the rule it defeats never holds then.
fn exceptions(hir: &Hir, speakers: &[&Speaker<'_>], days: &[Interval]) -> Option<Vec<RuleId>> {
    speakers
        .iter()
        .flat_map(|speaker| &speaker.rule.defeated_by)
        .filter_map(|id| Some((*id, hir.rules.get(*id)?)))
        .filter(|(_, rule)| !days::common(&days::of_force(&rule.force), days).is_empty())
        .map(|(id, rule)| rule.when.is_some().then_some(id))
        .collect()
}

enum Found {
    Example(Date, Vec<Example>),
    Impossible,
    NotUnderstood,
}

/// The search for examples, for one decision. What a condition comes to on a day is worked out once.
struct Search<'h> {
    hir: &'h Hir,
    lists: &'h Lists,
    decision: &'h Decision,
    dates: BTreeMap<RuleId, BTreeSet<Date>>,
    conditions: BTreeMap<(RuleId, bool, Date), Option<Rc<Alternatives>>>,
    needed: BTreeMap<Date, Option<Rc<Alternatives>>>,
}

impl<'h> Search<'h> {
    fn new(hir: &'h Hir, lists: &'h Lists, decision: &'h Decision) -> Self {
        let (dates, conditions, needed) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Self { hir, lists, decision, dates, conditions, needed }
    }

    /// A day and facts on which all conditions are true and no exception is.
    fn example(
        &mut self,
        conditions: &[RuleId],
        exceptions: &[RuleId],
        days: &[Interval],
    ) -> Found {
        let mut dates = BTreeSet::new();
        for id in conditions.iter().chain(exceptions) {
            let (hir, known) = (self.hir, self.dates.entry(*id));
            dates.extend(&*known.or_insert_with(|| days::named_by(hir, condition(hir, *id))));
        }
        for day in days::among(dates, days) {
            let wanted = conditions.iter().map(|id| (*id, true));
            let unwanted = exceptions.iter().map(|id| (*id, false));
            let understood = wanted.chain(unwanted).map(|(id, wanted)| self.on(id, wanted, day));
            let Some(mut all) = understood.collect::<Option<Vec<_>>>() else {
                return Found::NotUnderstood;
            };
            // Where the need for the decision is not understood, the example leaves it open.
            all.extend(self.needed(day));
            let reader = Reader::new(self.hir, self.lists, Some(day));
            match reader.together(&all.iter().map(|one| &**one).collect::<Vec<_>>()) {
                Together::TooMany => return Found::NotUnderstood,
                Together::Example(example) => return Found::Example(day, example),
                Together::Never => {}
            }
        }
        Found::Impossible
    }

    fn on(&mut self, id: RuleId, wanted: bool, day: Date) -> Option<Rc<Alternatives>> {
        let reader = Reader::new(self.hir, self.lists, Some(day));
        let known = self.conditions.entry((id, wanted, day)).or_insert_with(|| {
            let condition = condition(reader.hir, id)?;
            reader.alternatives(condition, wanted).map(Rc::new)
        });
        known.clone()
    }

    fn needed(&mut self, day: Date) -> Option<Rc<Alternatives>> {
        let reader = Reader::new(self.hir, self.lists, Some(day));
        let when = self.decision.needed_when.as_ref()?;
        let known = self.needed.entry(day);
        known.or_insert_with(|| reader.alternatives(when, true).map(Rc::new)).clone()
    }
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

    fn found_in(world: &World) -> Vec<Diagnostic> {
        let all = find(&world.hir, Depth::Everything);
        let certain = find(&world.hir, Depth::Rules);
        assert!(all.iter().filter(|found| found.is_error()).eq(&certain), "{certain:?}");
        all
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
        let found = found_in(&world);
        assert_eq!(
            text_of(&found),
            ["E0505 `a` and `b` decide `limit` differently under the same condition"]
        );
        assert_eq!(found[0].labels[1].text, "`b` says 2");

        world.exception(b, a);
        assert!(found_in(&world).is_empty());
    }

    #[test]
    fn unconditional_rules_clash_unless_dates_or_readings_part_them() {
        let (mut world, decision) = world();
        let a = world.rule("a", None, Some((decision, number("1"))));
        let b = world.rule("b", None, Some((decision, number("2"))));
        assert_eq!(
            text_of(&found_in(&world)),
            ["E0505 `a` and `b` always decide `limit` differently"]
        );
        for (rule, choice) in [(a, 0), (b, 1)] {
            let under = UnderReading { reading: ReadingId(0), choices: vec![choice] };
            world.hir.rules.get_mut(rule).unwrap().force.under = vec![under];
        }
        assert!(found_in(&world).is_empty());
        world.hir.rules.get_mut(b).unwrap().force.under.clear();
        assert_eq!(found_in(&world).len(), 1);
        world.force(a, days("", "2025-01-01"));
        world.force(b, days("2025-01-01", ""));
        assert!(found_in(&world).is_empty());
    }

    #[test]
    fn overlapping_bounds_are_a_warning_with_an_example() {
        let (mut world, decision) = world();
        let above = bound(&world, GreaterOrEqual, "1600");
        world.rule("a", Some(above), Some((decision, number("1"))));
        let below = bound(&world, Less, "4800");
        let b = world.rule("b", Some(below), Some((decision, number("2"))));
        world.force(b, days("2025-05-15", ""));
        let found = found_in(&world);
        assert_eq!(
            text_of(&found),
            ["W0906 `a` and `b` can both hold and decide `limit` differently"]
        );
        assert_eq!(
            found[0].notes[0],
            "Example: as of 2025-05-15 given `tpp = 1600 TPP`, both hold and the outcome is undetermined (conflict)."
        );
        world.hir.rules.get_mut(b).unwrap().when = Some(bound(&world, Less, "1600"));
        assert!(found_in(&world).is_empty());
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
        assert!(found_in(&world).is_empty());
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
        assert!(found_in(&world).is_empty());

        world.hir.rules.get_mut(other).unwrap().when = Some(bound(&world, Less, "4801"));
        let found = found_in(&world);
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
        assert!(found_in(&world).is_empty());
    }
}
