//! Scenarios: what is expected, what came, and what is contradicted.

use std::collections::BTreeMap;
use std::sync::Arc;

use exeat_diagnostics::Span;
use exeat_eval::{NoFunctions, ScenarioReport, Scenarios};
use exeat_hir::{
    Assertion, AssertionKind, Assumption, Combine, DecisionId, Expectation, ExpectedOutcome,
    ExpectedReason, Expr, FactId, Given, ModuleId, OutcomePattern, RuleId, Scenario, Ty,
};
use exeat_model::{Interval, Value};

use crate::builder::*;

/// `license` is `license` by `rule` unless `excepted`, and a record to give.
fn world() -> (World, DecisionId, RuleId, RuleId) {
    let mut world = World::new();
    let license = world.decision("license", Combine::Strictest);
    let (_, excepted) = world.question("excepted");
    let party = world.record_type("party", &[("country", Ty::Country), ("parent", Ty::Country)]);
    world.fact("consignee", party);
    let rule = world.rule("rule", None, Some((license, outcome(2, &[]))), &[]);
    let gives = Some((license, outcome(1, &["LPP"])));
    let exception = world.rule("exception", Some(excepted), gives, &[rule]);
    (world, license, rule, exception)
}

fn given(fact: u32, path: &[usize], value: Expr) -> Given {
    Given { fact: FactId(fact), path: path.to_vec(), value, span: Span::default() }
}

fn expects(decision: DecisionId, outcome: ExpectedOutcome, because: &[RuleId]) -> Expectation {
    Expectation {
        decision: Some(decision),
        expression: None,
        outcome,
        because: because.to_vec(),
        span: Span::default(),
    }
}

fn run(world: &World, given: Vec<Given>, expectations: Vec<Expectation>) -> ScenarioReport {
    let mut hir = world.hir.clone();
    let id = hir.scenarios.push(Scenario {
        title: "a scenario".to_owned(),
        module: ModuleId(0),
        as_of: day("2025-05-15"),
        readings: BTreeMap::new(),
        proposals: Vec::new(),
        given: given.into_iter().map(Arc::new).collect(),
        expectations,
        span: Span::default(),
    });
    Scenarios::new(&hir, &NoFunctions).run(id).unwrap()
}

fn messages(report: &ScenarioReport) -> Vec<&str> {
    report.failures.iter().map(|failure| failure.message.as_str()).collect()
}

fn place(rank: u32) -> ExpectedOutcome {
    let name = PLACES[rank as usize].into();
    ExpectedOutcome::Place(OutcomePattern { rank, name, labels: Vec::new() })
}

#[test]
fn what_is_expected_is_compared_with_what_comes() {
    let (world, license, rule, exception) = world();
    let excepted = || vec![given(0, &[], yes(true))];
    let value = ExpectedOutcome::Value(outcome(1, &["LPP"]));
    let expectations =
        vec![expects(license, value.clone(), &[exception]), expects(license, place(1), &[])];
    let met = run(&world, excepted(), expectations);
    assert!(met.passed(), "{:?}", met.failures);
    let missed = run(
        &world,
        excepted(),
        vec![
            expects(license, place(2), &[]),
            expects(license, value, &[rule]),
            expects(license, ExpectedOutcome::NotNeeded, &[]),
            expects(license, ExpectedOutcome::Undetermined(None), &[]),
        ],
    );
    assert_eq!(
        messages(&missed),
        [
            "expected `license` is license, got exception (LPP)",
            "`license` is exception (LPP) as expected, but because of `exception` and not of `rule`",
            "expected `license` is not needed, got exception (LPP)",
            "expected `license` is undetermined, got exception (LPP)",
        ]
    );
    let numbers: Vec<usize> = missed.failures.iter().map(|failure| failure.expectation).collect();
    assert_eq!(numbers, [0, 1, 2, 3]);
}

#[test]
fn an_undetermined_outcome_may_be_expected_with_its_reason() {
    let (world, license, _, _) = world();
    let missing = |paths: &[&str]| {
        let paths = paths.iter().map(|path| (*path).to_owned()).collect();
        ExpectedOutcome::Undetermined(Some(ExpectedReason::MissingFacts(paths)))
    };
    let met = run(
        &world,
        Vec::new(),
        vec![
            expects(license, ExpectedOutcome::Undetermined(None), &[]),
            expects(license, missing(&["excepted"]), &[]),
        ],
    );
    assert!(met.passed(), "{:?}", met.failures);
    let conflict = ExpectedOutcome::Undetermined(Some(ExpectedReason::Conflict));
    let missed = run(
        &world,
        Vec::new(),
        vec![
            expects(license, missing(&["consignee"]), &[]),
            expects(license, conflict, &[]),
            expects(license, place(2), &[]),
        ],
    );
    let got = "got undetermined (missing facts: excepted), possible: exception (LPP), license";
    assert_eq!(
        messages(&missed),
        [
            format!("expected `license` is undetermined (missing facts: consignee), {got}"),
            format!("expected `license` is undetermined (conflict), {got}"),
            format!("expected `license` is license, {got}"),
        ]
    );
}

#[test]
fn parts_of_a_fact_that_are_given_complete_each_other() {
    let (world, ..) = world();
    let whole = expr(
        exeat_hir::ExprKind::Record(
            exeat_hir::RecordId(0),
            vec![Some(the_country("PL")), Some(the_country("DE"))],
        ),
        Ty::Record(exeat_hir::RecordId(0)),
    );
    // The deeper part stands first here, and replaces what the whole gave all the same.
    let parts = vec![given(1, &[1], the_country("FR")), given(1, &[], whole)];
    let report = run(&world, parts, Vec::new());
    let expected = record(vec![Some(country("PL")), Some(country("FR"))]);
    assert_eq!(report.facts.get(FactId(1)), Some(&expected));
}

#[test]
fn a_given_that_cannot_be_computed_is_told_and_not_passed_over() {
    let (world, ..) = world();
    let report = run(&world, vec![given(0, &[], broken())], Vec::new());
    assert_eq!(messages(&report), ["`excepted` cannot be given: division by zero"]);
    assert!(!report.passed());
    assert_eq!(report.facts.get(FactId(0)), None);
}

#[test]
fn a_condition_may_be_expected() {
    let (world, ..) = world();
    let expects = |expression| Expectation {
        decision: None,
        expression: Some(expression),
        outcome: ExpectedOutcome::Condition,
        because: Vec::new(),
        span: Span::default(),
    };
    let excepted = expr(exeat_hir::ExprKind::Fact(FactId(0)), Ty::YesNo);
    let report = run(&world, vec![given(0, &[], yes(true))], vec![expects(excepted.clone())]);
    assert!(report.passed());
    let expectations =
        vec![expects(excepted), expects(is(number(1), number(2))), expects(broken())];
    let report = run(&world, Vec::new(), expectations);
    assert_eq!(
        messages(&report),
        [
            "this cannot be said: excepted is not given",
            "this is not so: 1 against 2",
            "this cannot be said: division by zero",
        ]
    );
}

#[test]
fn assumptions_and_assertions_are_refuted_by_what_is_known_only() {
    let (mut world, license, ..) = world();
    let excepted = expr(exeat_hir::ExprKind::Fact(FactId(0)), Ty::YesNo);
    world.hir.assumptions.push(Assumption {
        module: ModuleId(0),
        condition: not(excepted.clone()),
        because: "it is rare".to_owned(),
        span: Span::default(),
    });
    let claim = |kind, when, interval| Assertion {
        accepted: Vec::new(),
        name: "claim".into(),
        module: ModuleId(0),
        title: None,
        cites: Vec::new(),
        kind,
        claim: outcome_is(license, 1, &["LPP"]),
        when,
        interval,
        span: Span::default(),
    };
    let never =
        world.hir.assertions.push(claim(AssertionKind::Never, Some(excepted), Interval::ALWAYS));
    let always = world.hir.assertions.push(claim(AssertionKind::Always, None, Interval::ALWAYS));
    // Not claimed on that day.
    world.hir.assertions.push(claim(AssertionKind::Always, None, until("2025-05-15")));
    let open = run(&world, Vec::new(), Vec::new());
    assert!(open.passed(), "what is unknown refutes nothing");
    let with = run(&world, vec![given(0, &[], yes(true))], Vec::new());
    assert_eq!((with.violated_assumptions.len(), with.violated_assertions), (1, vec![never]));
    let without = run(&world, vec![given(0, &[], yes(false))], Vec::new());
    assert_eq!(
        (without.violated_assumptions.len(), without.violated_assertions),
        (0, vec![always])
    );
    assert_eq!(with.facts.get(FactId(0)), Some(&Value::YesNo(true)));
}
