//! What rules come to: combining, gaps, need, missing facts, duties.

use std::collections::BTreeSet;
use std::sync::Arc;

use exeat_diagnostics::Span;
use exeat_hir::{
    Combine, Comparison, Determination, Duty, ExprKind, ModelGap, Possible, RuleStatus, Ty,
};
use exeat_model::{Effect, Number, Truth, Value};

use crate::builder::*;

#[test]
fn the_strictest_decides_and_labels_of_its_place_accumulate() {
    let mut world = World::new();
    let license = world.decision("license", Combine::Strictest);
    let trace = world.decide(license);
    assert_eq!(trace.determination, Determination::Value(outcome(0, &[])));
    assert!(trace.otherwise && trace.because.is_empty());
    assert_eq!(trace.effect, Some(Effect::Free));
    world.rule("weak", None, Some((license, outcome(0, &[]))), &[]);
    let b = world.rule("b", None, Some((license, outcome(1, &["LPP"]))), &[]);
    let a = world.rule("a", None, Some((license, outcome(1, &["ACM"]))), &[]);
    let duty = |text: &str| Duty {
        text: text.to_owned(),
        deadline: None,
        cites: Vec::new(),
        span: Span::default(),
    };
    world.edit(a).duties.push(duty("certify"));
    world.edit(b).duties.push(duty("report"));
    let trace = world.decide(license);
    assert_eq!(trace.determination, Determination::Value(outcome(1, &["ACM", "LPP"])));
    assert_eq!(trace.because, [a, b], "in the order of names, not of ids");
    let duties: Vec<&str> = trace.duties.iter().map(|duty| duty.text.as_str()).collect();
    assert_eq!(duties, ["certify", "report"]);
    assert!(!trace.otherwise);
    assert_eq!(trace.effect, Some(Effect::FreeWithConditions));
}

#[test]
fn unique_rules_agree_or_conflict() {
    let mut world = World::new();
    let license = world.decision("license", Combine::Unique);
    let (_, open) = world.question("open");
    let a = world.rule("a", None, Some((license, outcome(1, &[]))), &[]);
    world.rule("b", None, Some((license, outcome(1, &[]))), &[]);
    assert_eq!(world.decide(license).determination, Determination::Value(outcome(1, &[])));
    let c = world.rule("c", Some(open), Some((license, outcome(2, &[]))), &[]);
    let why = world.undetermined(license);
    assert_eq!(why.possible, [Possible::Value(outcome(1, &[])), Possible::Conflict]);
    assert!(why.conflict.is_empty(), "it is not sure yet");
    assert_eq!(paths(&why), ["open"]);
    world.edit(c).when = None;
    let why = world.undetermined(license);
    assert!(why.conflict.contains(&a) && why.conflict.contains(&c));
    assert!(why.missing.is_empty());
}

#[test]
fn a_conflict_that_is_sure_names_two_sides_even_if_one_is_open() {
    let mut world = World::new();
    let license = world.decision("license", Combine::Unique);
    let (_, open) = world.question("open");
    let a = world.rule("a", None, Some((license, outcome(1, &[]))), &[]);
    let b = world.rule("b", None, Some((license, outcome(2, &[]))), &[]);
    let c = world.rule("c", Some(open), Some((license, outcome(3, &[]))), &[b]);
    let why = world.undetermined(license);
    assert_eq!(why.possible, [Possible::Conflict]);
    assert_eq!(why.conflict, [a, b, c]);
}

#[test]
fn collecting_gives_the_set_of_what_holds() {
    let mut world = World::new();
    let duties = world.decision("duties", Combine::Collect);
    let (_, open) = world.question("open");
    let set = |values: Vec<Value>| Value::Set(Arc::new(values.into_iter().collect()));
    assert_eq!(world.decide(duties).determination, Determination::Value(set(vec![])));
    let a = world.rule("a", None, Some((duties, outcome(1, &[]))), &[]);
    let b = world.rule("b", None, Some((duties, outcome(2, &[]))), &[]);
    let both = set(vec![outcome(1, &[]), outcome(2, &[])]);
    let trace = world.decide(duties);
    assert_eq!(trace.determination, Determination::Value(both.clone()));
    assert_eq!(trace.because, [a, b]);
    world.rule("c", Some(open), Some((duties, outcome(3, &[]))), &[]);
    let all = set(vec![outcome(1, &[]), outcome(2, &[]), outcome(3, &[])]);
    let possible: BTreeSet<Possible> = world.undetermined(duties).possible.into_iter().collect();
    assert_eq!(possible, [both, all].map(Possible::Value).into());
}

#[test]
fn what_is_not_modelled_leaves_open_what_it_affects_as_far_as_it_is_touched() {
    let mut world = World::new();
    let license = world.decision("license", Combine::Strictest);
    let (fact, open) = world.question("support");
    let reading = world.reading("enforcement", None);
    world.rule("rule", None, Some((license, outcome(2, &[]))), &[]);
    let gap = world.not_modelled(Some(open), license);
    let why = world.undetermined(license);
    assert_eq!(why.possible, [Possible::Value(outcome(2, &[])), Possible::NotModelled]);
    assert_eq!(why.not_modelled[0].touched, Truth::Unknown);
    assert_eq!(paths(&why), ["support"]);
    world.facts.set(fact, Value::YesNo(true));
    let why = world.undetermined(license);
    assert_eq!(why.possible, [Possible::NotModelled]);
    assert_eq!((why.not_modelled[0].item, why.not_modelled[0].touched), (gap, Truth::True));
    assert!(why.missing.is_empty());
    world.hir.not_modelled.get_mut(gap).unwrap().force = World::under(reading, &[0]);
    assert_eq!(paths(&world.undetermined(license)), ["law.enforcement"]);
    world.readings.insert(reading, 1);
    assert_eq!(world.decide(license).determination, Determination::Value(outcome(2, &[])));
}

#[test]
fn a_decision_may_not_be_needed() {
    let mut world = World::new();
    let review = world.decision("review", Combine::Strictest);
    let (fact, open) = world.question("needed");
    world.hir.decisions.get_mut(review).unwrap().needed_when = Some(open);
    world.not_modelled(None, review);
    let why = world.undetermined(review);
    assert_eq!(why.possible, [Possible::NotNeeded, Possible::NotModelled]);
    assert_eq!(paths(&why), ["needed"]);
    world.facts.set(fact, Value::YesNo(false));
    let trace = world.decide(review);
    assert_eq!(trace.determination, Determination::NotNeeded);
    assert_eq!(trace.needed.unwrap().truth, Truth::False);
    assert!(!trace.otherwise);
}

#[test]
fn only_facts_that_can_change_the_outcome_are_missing_and_the_most_decisive_is_first() {
    let mut world = World::new();
    let license = world.decision("license", Combine::Strictest);
    let (_, idle) = world.question("idle");
    let (_, once) = world.question("asked_once");
    let (_, twice) = world.question("wanted_twice");
    world.rule("floor", None, Some((license, outcome(1, &[]))), &[]);
    // It can never rise above the floor.
    world.rule("low", Some(idle), Some((license, outcome(0, &[]))), &[]);
    world.rule("one", Some(twice.clone()), Some((license, outcome(2, &[]))), &[]);
    world.rule("two", Some(and(vec![twice, once])), Some((license, outcome(3, &[]))), &[]);
    let why = world.undetermined(license);
    assert_eq!(paths(&why), ["wanted_twice", "asked_once"]);
    assert_eq!(why.missing.iter().map(|fact| fact.weight).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(why.missing[0].ask.as_deref(), Some("what is wanted_twice?"));
    assert_eq!(why.missing[0].ty, Ty::YesNo);
}

#[test]
fn a_fact_that_decides_whether_another_is_needed_stands_before_it() {
    let mut world = World::new();
    let license = world.decision("license", Combine::Strictest);
    let (_, gate) = world.question("zz_support");
    let (_, kind) = world.question("kind");
    let (_, name) = world.question("a_name");
    world.rule("one", Some(and(vec![gate, kind, name])), Some((license, outcome(2, &[]))), &[]);
    assert_eq!(paths(&world.undetermined(license)), ["zz_support", "kind", "a_name"]);
}

#[test]
fn an_open_value_is_undetermined_and_its_fact_counts_once() {
    let mut world = World::new();
    let fee = world.decision("fee", Combine::Unique);
    let (_, open) = world.question("open");
    let (_, amount) = world.fact("amount", Ty::number());
    let rule = world.rule("rule", Some(open), Some((fee, outcome(1, &[]))), &[]);
    world.edit(rule).conclusions[0].value = amount;
    let why = world.undetermined(fee);
    assert_eq!(paths(&why), ["amount", "open"]);
    assert!(why.missing.iter().all(|fact| fact.weight == 1));
    assert!(why.possible.contains(&Possible::Error));
    // A value that an error leaves open names the error.
    world.edit(rule).conclusions[0].value = broken_number();
    world.edit(rule).when = None;
    assert_eq!(world.undetermined(fee).errors, ["division by zero"]);
    // Where an exception takes the rule away, its value does not matter.
    world.rule("exception", None, None, &[rule]);
    let trace = world.decide(fee);
    assert_eq!(trace.determination, Determination::Value(outcome(0, &[])));
}

#[test]
fn it_takes_two_facts_and_both_are_named() {
    // The outcome is "one of a and b, not both", written with exceptions alone: neither changes what
    // is possible by itself.
    let mut world = World::new();
    let license = world.decision("license", Combine::Strictest);
    let (_, a) = world.question("a");
    let (_, b) = world.question("b");
    let value = outcome(2, &[]);
    let either = world.rule("either", None, Some((license, value)), &[]);
    let neither = world.rule("neither", None, None, &[either]);
    let both = world.rule("both", None, None, &[either]);
    let not_a = world.rule("not_a", None, None, &[both]);
    let not_b = world.rule("not_b", None, None, &[both]);
    world.rule("is_a", Some(a), None, &[neither, not_a]);
    world.rule("is_b", Some(b), None, &[neither, not_b]);
    let why = world.undetermined(license);
    assert_eq!(why.possible, [outcome(0, &[]), outcome(2, &[])].map(Possible::Value));
    assert_eq!(paths(&why), ["a", "b"]);
}

#[test]
fn decisions_are_read_by_later_ones_with_their_missing_facts() {
    let mut world = World::new();
    let license = world.decision("license", Combine::Strictest);
    let review = world.decision("review", Combine::Strictest);
    let (fact, quantity) = world.fact("quantity", Ty::number());
    let over = compare(Comparison::Greater, quantity, number(10));
    world.rule("license_rule", Some(over), Some((license, outcome(2, &[]))), &[]);
    let when = Some(outcome_is(license, 2, &[]));
    let rule = world.rule("review_rule", when, Some((review, outcome(3, &[]))), &[]);
    assert_eq!(paths(&world.undetermined(review)), ["quantity"]);
    world.facts.set(fact, Value::Number(Number::from_integer(10)));
    assert_eq!(world.decide(review).rules[0].status, RuleStatus::ConditionFalse);
    world.facts.set(fact, Value::Number(Number::from_integer(11)));
    assert_eq!(world.decide(review).because, [rule]);
}

#[test]
fn what_leaves_a_decision_open_leaves_open_what_reads_it_for_the_same_reason() {
    let mut world = World::new();
    let license = world.decision("license", Combine::Unique);
    let review = world.decision("review", Combine::Strictest);
    let third = world.decision("third", Combine::Strictest);
    let gap = world.not_modelled(None, license);
    let rule = world.rule(
        "review_rule",
        Some(outcome_is(license, 1, &[])),
        Some((review, outcome(3, &[]))),
        &[],
    );
    world.rule(
        "third_rule",
        Some(not(outcome_is(review, 3, &[]))),
        Some((third, outcome(3, &[]))),
        &[],
    );
    for decision in [license, review, third] {
        let why = world.undetermined(decision);
        assert_eq!(why.not_modelled, [ModelGap { item: gap, touched: Truth::True }]);
        assert!(why.errors.is_empty() && why.missing.is_empty() && why.conflict.is_empty());
    }
    // Whether it is touched may be unknown, and then what would settle that is missing.
    let (_, open) = world.question("open");
    world.hir.not_modelled.get_mut(gap).unwrap().when = Some(open);
    let why = world.undetermined(third);
    assert_eq!(why.not_modelled, [ModelGap { item: gap, touched: Truth::Unknown }]);
    assert_eq!(paths(&why), ["open"]);
    world.hir.not_modelled.get_mut(gap).unwrap().when = Some(yes(false));
    let a = world.rule("a", None, Some((license, outcome(1, &[]))), &[]);
    let b = world.rule("b", None, Some((license, outcome(2, &[]))), &[]);
    for decision in [license, review, third] {
        let why = world.undetermined(decision);
        assert_eq!(why.conflict, [a, b]);
        assert!(why.errors.is_empty() && why.not_modelled.is_empty());
    }
    // A value that reads it is open for that reason too.
    world.edit(rule).when = None;
    world.edit(rule).conclusions[0].value =
        expr(ExprKind::Decision(license), Ty::Outcome(exeat_hir::ScaleId(0)));
    let why = world.undetermined(review);
    assert_eq!((why.conflict, why.errors), (vec![a, b], vec![]));
}

#[test]
fn a_circle_made_by_hand_ends() {
    let mut world = World::new();
    let license = world.decision("license", Combine::Strictest);
    let a = world.rule("a", None, Some((license, outcome(2, &[]))), &[]);
    let b = world.rule("b", None, Some((license, outcome(1, &[]))), &[a]);
    world.edit(a).defeats.push(b);
    world.edit(b).defeated_by.push(a);
    let (id, read) = world.define("loop", vec![(exeat_model::Interval::ALWAYS, yes(true))]);
    world.hir.defines.get_mut(id).unwrap().pieces[0].body = not(read.clone());
    world.edit(a).when = Some(read.clone());
    assert_eq!(world.decide(license).rules.len(), 2);
    assert!(world.judge(&read).errors[0].contains("deep"));
    let odd = expr(ExprKind::Error, Ty::YesNo);
    assert_eq!(world.truth(&odd), Truth::Unknown);
}
