//! Which rules hold: force, readings, proposals, exceptions.

use exeat_hir::{Combine, Determination, ModuleId, Possible, RuleId, RuleStatus};
use exeat_model::Interval;

use crate::builder::*;

fn status(world: &World, decision: exeat_hir::DecisionId, rule: RuleId) -> RuleStatus {
    let trace = world.decide(decision);
    trace.rules.iter().find(|trace| trace.rule == rule).unwrap().status.clone()
}

#[test]
fn a_rule_has_force_in_its_interval_and_revives_after_a_suspension() {
    let mut world = World::new();
    let license = world.decision("license", Combine::Strictest);
    let rule = world.rule("rule", None, Some((license, outcome(2, &[]))), &[]);
    let force = &mut world.edit(rule).force;
    force.interval = Interval { from: Some(day("2025-01-01")), until: Some(day("2026-01-01")) };
    let suspension = Interval { from: Some(day("2025-03-01")), until: Some(day("2025-04-01")) };
    force.suspensions.push(suspension);
    for (date, expected) in [
        ("2024-12-31", RuleStatus::NotInForce),
        ("2025-01-01", RuleStatus::Holds),
        ("2025-03-01", RuleStatus::NotInForce),
        ("2025-04-01", RuleStatus::Holds),
        ("2026-01-01", RuleStatus::NotInForce),
    ] {
        world.as_of = day(date);
        assert_eq!(status(&world, license, rule), expected, "{date}");
    }
}

#[test]
fn a_reading_is_chosen_or_has_a_default_or_is_missing_by_its_full_name() {
    let mut world = World::new();
    let license = world.decision("license", Combine::Strictest);
    let reading = world.reading("enforcement", None);
    let rule = world.rule("rule", None, Some((license, outcome(2, &[]))), &[]);
    world.edit(rule).force = World::under(reading, &[0]);
    assert_eq!(status(&world, license, rule), RuleStatus::Open);
    assert_eq!(paths(&world.undetermined(license)), ["law.enforcement"]);
    world.hir.readings.get_mut(reading).unwrap().default = Some(1);
    assert_eq!(status(&world, license, rule), RuleStatus::OtherReading);
    world.readings.insert(reading, 0);
    assert_eq!(status(&world, license, rule), RuleStatus::Holds);
    world.edit(rule).force = World::under(reading, &[0, 1]);
    world.readings.insert(reading, 1);
    assert_eq!(status(&world, license, rule), RuleStatus::Holds);
}

#[test]
fn a_proposal_decides_only_if_it_is_asked_for() {
    let mut world = World::new();
    let license = world.decision("license", Combine::Strictest);
    let rule = world.rule("rule", None, Some((license, outcome(2, &[]))), &[]);
    world.edit(rule).module = ModuleId(1);
    let gap = world.not_modelled(None, license);
    world.hir.not_modelled.get_mut(gap).unwrap().module = ModuleId(1);
    assert_eq!(status(&world, license, rule), RuleStatus::Proposal);
    assert_eq!(world.decide(license).determination, Determination::Value(outcome(0, &[])));
    world.proposals.insert(ModuleId(1));
    assert_eq!(status(&world, license, rule), RuleStatus::Holds);
    // What the proposal does not cover counts only with it.
    assert_eq!(world.undetermined(license).possible, [Possible::NotModelled]);
}

#[test]
fn an_exception_defeats_what_it_names_and_an_exception_to_it_revives_that() {
    let mut world = World::new();
    let license = world.decision("license", Combine::Strictest);
    let (fact, revived) = world.question("revived");
    let rule = world.rule("rule", None, Some((license, outcome(2, &[]))), &[]);
    let exception = world.rule("exception", None, Some((license, outcome(1, &["LPP"]))), &[rule]);
    let back = world.rule("back", Some(revived), None, &[exception]);
    let with = |value: bool| {
        let mut world = world.clone();
        world.facts.set(fact, exeat_model::Value::YesNo(value));
        world
    };
    let one = with(false);
    assert_eq!(status(&one, license, rule), RuleStatus::DefeatedBy(vec![exception]));
    assert_eq!(status(&one, license, back), RuleStatus::ConditionFalse);
    assert_eq!(one.decide(license).because, [exception]);
    let other = with(true);
    assert_eq!(status(&other, license, exception), RuleStatus::DefeatedBy(vec![back]));
    assert_eq!(other.decide(license).because, [rule]);
    // Open: one or the other, and never "nothing applies".
    let why = world.undetermined(license);
    let expected = [outcome(1, &["LPP"]), outcome(2, &[])].map(Possible::Value);
    assert_eq!(why.possible, expected);
    assert_eq!(paths(&why), ["revived"]);
}

#[test]
fn an_exception_without_anything_to_except_says_nothing() {
    let mut world = World::new();
    let license = world.decision("license", Combine::Strictest);
    let (fact, required) = world.question("required");
    let rule = world.rule("rule", Some(required), Some((license, outcome(2, &[]))), &[]);
    let exception = world.rule("exception", None, Some((license, outcome(1, &["LPP"]))), &[rule]);
    let nested = world.rule("nested", None, None, &[exception]);
    let with = |value: bool| {
        let mut world = world.clone();
        world.facts.set(fact, exeat_model::Value::YesNo(value));
        world
    };
    let one = with(false);
    assert_eq!(status(&one, license, exception), RuleStatus::NothingToExcept);
    assert_eq!(status(&one, license, nested), RuleStatus::NothingToExcept);
    let trace = one.decide(license);
    assert_eq!(trace.determination, Determination::Value(outcome(0, &[])));
    assert!(trace.otherwise);
    let other = with(true);
    assert_eq!(status(&other, license, exception), RuleStatus::DefeatedBy(vec![nested]));
    assert_eq!(other.decide(license).because, [rule]);
    // Where it is open whether the rule applies, it is open whether there is an exception.
    let why = world.undetermined(license);
    assert_eq!(why.possible, [outcome(0, &[]), outcome(2, &[])].map(Possible::Value));
}

#[test]
fn an_exception_to_several_rules_needs_one_of_them() {
    let mut world = World::new();
    let license = world.decision("license", Combine::Strictest);
    let (one, first) = world.question("first");
    let (other, second) = world.question("second");
    let a = world.rule("a", Some(first), Some((license, outcome(2, &[]))), &[]);
    let b = world.rule("b", Some(second), Some((license, outcome(3, &[]))), &[]);
    world.rule("exception", None, Some((license, outcome(1, &["LPP"]))), &[a, b]);
    let expected = [(true, false, 1), (false, true, 1), (true, true, 1), (false, false, 0)];
    for (first, second, rank) in expected {
        let mut world = world.clone();
        world.facts.set(one, exeat_model::Value::YesNo(first));
        world.facts.set(other, exeat_model::Value::YesNo(second));
        let labels: &[&str] = if rank == 1 { &["LPP"] } else { &[] };
        let found = world.decide(license).determination;
        assert_eq!(found, Determination::Value(outcome(rank, labels)));
    }
}

#[test]
fn an_exception_may_decide_what_the_rule_it_names_does_not() {
    let mut world = World::new();
    let license = world.decision("license", Combine::Strictest);
    let review = world.decision("review", Combine::Strictest);
    let (fact, required) = world.question("required");
    let rule = world.rule("rule", Some(required), Some((license, outcome(2, &[]))), &[]);
    world.rule("exception", None, Some((review, outcome(1, &["LPP"]))), &[rule]);
    for (required, expected) in [(true, outcome(1, &["LPP"])), (false, outcome(0, &[]))] {
        let mut world = world.clone();
        world.facts.set(fact, exeat_model::Value::YesNo(required));
        let trace = world.decide(review);
        assert_eq!(trace.determination, Determination::Value(expected));
        assert_eq!(trace.rules.len(), 1, "the rule says nothing about the review");
    }
    assert_eq!(paths(&world.undetermined(review)), ["required"]);
}

#[test]
fn a_rule_despite_another_speaks_for_itself() {
    let mut world = World::new();
    let license = world.decision("license", Combine::Strictest);
    let (fact, required) = world.question("required");
    let rule = world.rule("rule", Some(required), Some((license, outcome(2, &[]))), &[]);
    let despite = world.rule("despite", None, Some((license, outcome(1, &["LPP"]))), &[rule]);
    world.edit(despite).exception_to.clear();
    for required in [true, false] {
        world.facts.set(fact, exeat_model::Value::YesNo(required));
        assert_eq!(world.decide(license).because, [despite]);
    }
}

#[test]
fn an_error_in_an_exception_leaves_open_what_it_defeats() {
    let mut world = World::new();
    let license = world.decision("license", Combine::Strictest);
    let rule = world.rule("rule", None, Some((license, outcome(2, &[]))), &[]);
    let exception = world.rule("exception", Some(broken()), None, &[rule]);
    let why = world.undetermined(license);
    assert_eq!(why.errors, ["division by zero"]);
    assert_eq!(why.possible, [outcome(0, &[]), outcome(2, &[])].map(Possible::Value));
    assert_eq!(status(&world, license, exception), RuleStatus::Open);
}

#[test]
fn an_outcome_that_the_rule_and_the_open_exception_share_is_determined() {
    let mut world = World::new();
    let license = world.decision("license", Combine::Strictest);
    let (_, open) = world.question("open");
    let rule = world.rule("rule", None, Some((license, outcome(2, &[]))), &[]);
    world.rule("exception", Some(open), Some((license, outcome(2, &[]))), &[rule]);
    let trace = world.decide(license);
    assert_eq!(trace.determination, Determination::Value(outcome(2, &[])));
    assert!(!trace.otherwise, "a rule speaks, though it is open which");
}

#[test]
fn more_free_rules_than_are_settled_together_call_more_possible_and_never_less() {
    for count in [12_u32, 14, 40] {
        let mut world = World::new();
        let license = world.decision("license", Combine::Strictest);
        let rule = world.rule("rule", None, Some((license, outcome(2, &[]))), &[]);
        for at in 0..count {
            let (_, open) = world.question(&format!("open_{at}"));
            let gives = Some((license, outcome(1, &["LPP"])));
            world.rule(&format!("exception_{at}"), Some(open), gives, &[rule]);
        }
        let why = world.undetermined(license);
        for value in [outcome(1, &["LPP"]), outcome(2, &[])] {
            assert!(why.possible.contains(&Possible::Value(value)));
        }
        assert_eq!(why.missing.len(), count as usize);
        // What is certain is determined, whatever the rest does.
        let mut settled = world;
        settled.rule("ban", None, Some((license, outcome(3, &[]))), &[]);
        let ban = settled.decide(license).determination;
        assert_eq!(ban, Determination::Value(outcome(3, &[])));
    }
}

#[test]
fn what_is_too_much_to_list_is_outlined_with_a_reason_and_settles_nothing() {
    for apart in [true, false] {
        let mut world = World::new();
        let duties = world.decision("duties", Combine::Collect);
        let root = world.rule("root", None, None, &[]);
        world.rule("sure", None, Some((duties, outcome(3, &[]))), &[]);
        for at in 0..30 {
            let (_, open) = world.question(&format!("open_{at}"));
            let gives = Some((duties, outcome(1, &[&format!("label_{at}")])));
            let defeats = if apart { vec![] } else { vec![root] };
            world.rule(&format!("rule_{at}"), Some(open), gives, &defeats);
        }
        // In one case the rules defeat a common rule that gives something, so that they hang together.
        if !apart {
            world.edit(root).conclusions = world.edit(RuleId(1)).conclusions.clone();
        }
        let why = world.undetermined(duties);
        assert!(why.possible.contains(&Possible::Error));
        assert_eq!(why.errors, ["more outcomes are possible than can be listed"]);
        assert_eq!(why.missing.len(), 30);
        let read = expr(exeat_hir::ExprKind::Decision(duties), exeat_hir::Ty::Error);
        assert_eq!(world.truth(&is(read.clone(), read)), exeat_model::Truth::Unknown);
    }
}
