//! Scenarios: examples that are run, with what they expect, and what they would contradict.
//!
//! An assumption is contradicted and an assertion refuted only by what is known: where a scenario
//! leaves the question open, it says nothing about them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use exeat_hir::{
    Assertion, AssertionId, AssertionKind, AssumptionId, ConditionKind, ConditionTrace, DecisionId,
    DecisionTrace, Determination, Expectation, ExpectedOutcome, ExpectedReason, Expr, Hir, RuleId,
    Scenario, ScenarioId, Ty,
};
use exeat_model::{Interval, Truth, Value};

use crate::condition::judge;
use crate::decide::decide_one;
use crate::describe::{describe_possible, describe_value};
use crate::index::Index;
use crate::machine::{Machine, Request};
use crate::reads::{Reads, decisions_read};
use crate::{Facts, Functions, expression};

/// What became of a scenario.
#[derive(Clone, Debug)]
pub struct ScenarioReport {
    /// The scenario.
    pub scenario: ScenarioId,
    /// The decisions that were made for it, each after those that it reads.
    pub decisions: Vec<DecisionTrace>,
    /// The expectations that were not met.
    pub failures: Vec<ExpectationFailure>,
    /// Assumptions that its facts contradict.
    pub violated_assumptions: Vec<AssumptionId>,
    /// Assertions that it refutes.
    pub violated_assertions: Vec<AssertionId>,
    /// Assertions that say something of its facts, so that their claims were looked at.
    pub asserted: Vec<AssertionId>,
    /// Its facts.
    pub facts: Facts,
    /// How deep expressions built on each other, see [`crate::DEEPEST`].
    pub deepest: usize,
}

impl ScenarioReport {
    /// Whether all is as expected.
    pub fn passed(&self) -> bool {
        self.failures.is_empty()
            && self.violated_assumptions.is_empty()
            && self.violated_assertions.is_empty()
    }
}

/// An expectation that was not met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectationFailure {
    /// Its number in the scenario, from 0; 0 too where a given fact could not be computed.
    pub expectation: usize,
    /// What was expected and what came, in plain words.
    pub message: String,
}

/// The facts that a scenario gives. What cannot be computed stays unknown.
pub fn scenario_facts(hir: &Hir, functions: &dyn Functions, scenario: &Scenario) -> Facts {
    given_facts(hir, functions, scenario).0
}

/// The facts that a scenario gives, and why some of them could not be computed.
fn given_facts(hir: &Hir, functions: &dyn Functions, scenario: &Scenario) -> (Facts, Vec<String>) {
    let none = Facts::default();
    let proposals = BTreeSet::new();
    let request = Request {
        as_of: scenario.as_of,
        readings: &scenario.readings,
        proposals: &proposals,
        facts: &none,
    };
    let mut machine = Machine::new(hir, functions, request);
    let mut facts = Facts::default();
    let mut failures = Vec::new();
    let mut given: Vec<_> = scenario.given.iter().collect();
    given.sort_by_key(|given| given.path.len());
    for given in given {
        match expression::value(&mut machine, &given.value) {
            Ok(found) => facts.set_path(hir, given.fact, &given.path, found.value),
            Err(why) => {
                let name = hir.facts.get(given.fact).map_or("a fact", |fact| fact.name.as_str());
                let reasons: Vec<String> = why.errors.into_iter().chain(why.missing).collect();
                failures.push(format!("`{name}` cannot be given: {}", reasons.join("; ")));
            }
        }
    }
    (facts, failures)
}

/// Runs the scenarios of a program.
pub struct Scenarios<'a> {
    hir: &'a Hir,
    functions: &'a dyn Functions,
    reads: Reads,
    index: Arc<Index>,
    of_assumptions: BTreeSet<DecisionId>,
    of_assertions: BTreeMap<AssertionId, OfAssertion>,
}

impl<'a> Scenarios<'a> {
    /// Ready to run those of one program.
    pub fn new(hir: &'a Hir, functions: &'a dyn Functions) -> Self {
        let conditions = hir.assumptions.values().map(|one| &one.condition);
        let assertions = hir.assertions.iter();
        Self {
            hir,
            functions,
            reads: Reads::of(hir),
            index: Arc::new(Index::of(hir)),
            of_assumptions: decisions_read(hir, conditions),
            of_assertions: assertions.map(|(id, one)| (id, OfAssertion::new(hir, one))).collect(),
        }
    }

    /// Runs one. Decided is what it expects something of, with all that this rests on, and what the
    /// assertions read that are about its facts. `None` only for an id of another program.
    pub fn run(&self, id: ScenarioId) -> Option<ScenarioReport> {
        let hir = self.hir;
        let scenario = hir.scenarios.get(id)?;
        let (facts, not_given) = given_facts(hir, self.functions, scenario);
        let proposals = scenario.proposals.iter().copied().collect();
        let request = Request {
            as_of: scenario.as_of,
            readings: &scenario.readings,
            proposals: &proposals,
            facts: &facts,
        };
        let mut run = Run {
            machine: Machine::new(hir, self.functions, request).with_index(&self.index),
            reads: &self.reads,
            decisions: Vec::new(),
            asserted: Vec::new(),
        };
        // A given that failed is no expectation, but a scenario with one has not shown what it should.
        let mut failures: Vec<ExpectationFailure> = not_given
            .into_iter()
            .map(|message| ExpectationFailure { expectation: 0, message })
            .collect();
        run.need(decisions_expected(hir, scenario));
        for (at, expectation) in scenario.expectations.iter().enumerate() {
            if let Some(message) = disappointment(&mut run.machine, &run.decisions, expectation) {
                failures.push(ExpectationFailure { expectation: at, message });
            }
        }
        let violated_assumptions = hir
            .assumptions
            .iter()
            .filter(|(_, assumption)| run.truth(&assumption.condition) == Truth::False)
            .map(|(id, _)| id)
            .collect();
        let in_force =
            hir.assertions.iter().filter(|(_, one)| one.interval.contains(scenario.as_of));
        let violated_assertions =
            in_force.filter(|(id, one)| run.refutes(*id, one)).map(|(id, _)| id).collect();
        let deepest = run.machine.deepest;
        Some(ScenarioReport {
            scenario: id,
            decisions: run.decisions,
            failures,
            violated_assumptions,
            violated_assertions,
            asserted: run.asserted,
            facts,
            deepest,
        })
    }

    /// The decisions that are made for a scenario of which these assertions say something.
    pub fn decisions_for(&self, id: ScenarioId, asserted: &[AssertionId]) -> BTreeSet<DecisionId> {
        let hir = self.hir;
        let Some(scenario) = hir.scenarios.get(id) else { return BTreeSet::new() };
        let mut wanted = decisions_expected(hir, scenario);
        wanted.extend(&self.of_assumptions);
        let in_force =
            self.of_assertions.iter().filter(|(_, one)| one.interval.contains(scenario.as_of));
        for (assertion, one) in in_force {
            wanted.extend(&one.when);
            if asserted.contains(assertion) {
                wanted.extend(&one.claim);
            }
        }
        self.reads.with_all_below(wanted)
    }
}

/// The decisions that an assertion reads.
struct OfAssertion {
    interval: Interval,
    when: BTreeSet<DecisionId>,
    claim: BTreeSet<DecisionId>,
}

impl OfAssertion {
    fn new(hir: &Hir, assertion: &Assertion) -> Self {
        let mut claim = decisions_read(hir, [&assertion.claim]);
        if let AssertionKind::Covers(decision) = assertion.kind {
            claim.insert(decision);
        }
        let when = decisions_read(hir, &assertion.when);
        Self { interval: assertion.interval, when, claim }
    }
}

/// What a scenario expects something of.
fn decisions_expected(hir: &Hir, scenario: &Scenario) -> BTreeSet<DecisionId> {
    let expected = scenario.expectations.iter();
    let expressions = expected.clone().filter_map(|one| one.expression.as_ref());
    let mut decisions = decisions_read(hir, expressions);
    decisions.extend(expected.filter_map(|expectation| expectation.decision));
    decisions
}

/// A scenario that is being run.
struct Run<'a> {
    machine: Machine<'a>,
    reads: &'a Reads,
    /// What is decided already.
    decisions: Vec<DecisionTrace>,
    /// The assertions that say something of its facts.
    asserted: Vec<AssertionId>,
}

impl Run<'_> {
    /// Makes decisions that are not made yet, with all that they rest on.
    fn need(&mut self, decisions: impl IntoIterator<Item = DecisionId>) {
        let hir = self.machine.hir;
        let wanted = self.reads.with_all_below(decisions);
        for id in hir.decision_order.iter().filter(|id| wanted.contains(id)) {
            let Some(decision) = hir.decisions.get(*id) else { continue };
            if !self.machine.decided.contains_key(id) {
                let trace = decide_one(&mut self.machine, *id, decision);
                self.machine.decided.insert(*id, trace.determination.clone());
                self.decisions.push(trace);
            }
        }
    }

    fn truth(&mut self, condition: &Expr) -> Truth {
        self.need(decisions_read(self.machine.hir, [condition]));
        judge(&mut self.machine, condition).truth
    }

    /// What it claims is not looked at where it does not apply.
    fn refutes(&mut self, id: AssertionId, assertion: &Assertion) -> bool {
        let applies = assertion.when.as_ref().is_none_or(|when| self.truth(when) == Truth::True);
        if applies {
            self.asserted.push(id);
        }
        applies
            && match assertion.kind {
                AssertionKind::Always => self.truth(&assertion.claim) == Truth::False,
                AssertionKind::Never => self.truth(&assertion.claim) == Truth::True,
                AssertionKind::Covers(decision) => self.is_silent(decision),
            }
    }
}

impl Run<'_> {
    /// Whether nothing but `otherwise` speaks for a decision.
    fn is_silent(&mut self, decision: DecisionId) -> bool {
        self.need([decision]);
        self.decisions.iter().any(|trace| trace.decision == decision && trace.otherwise)
    }
}

/// What was expected and did not come, in words.
fn disappointment(
    machine: &mut Machine<'_>,
    decisions: &[DecisionTrace],
    expectation: &Expectation,
) -> Option<String> {
    let hir = machine.hir;
    let Some(decision) = expectation.decision else {
        let Some(expression) = &expectation.expression else {
            return Some("this expects nothing".to_owned());
        };
        let judged = judge(machine, expression);
        return match judged.truth {
            Truth::True => None,
            Truth::False => Some(format!("this is not so{}", operands(hir, &judged))),
            Truth::Unknown => {
                Some(format!("this cannot be said: {}", reasons_in_words(hir, &judged)))
            }
        };
    };
    let Some(trace) = decisions.iter().find(|trace| trace.decision == decision) else {
        return Some("this decision is not made".to_owned());
    };
    let ty = hir.decisions.get(decision).map_or(Ty::Error, |decision| decision.ty.clone());
    let name =
        hir.decisions.get(decision).map_or_else(String::new, |decision| decision.name.to_string());
    let got = describe_determination(hir, &trace.determination, &ty);
    let met = match (&expectation.outcome, &trace.determination) {
        (ExpectedOutcome::Value(expected), Determination::Value(value)) => expected == value,
        (ExpectedOutcome::Place(pattern), Determination::Value(Value::Outcome(outcome))) => {
            outcome.rank == pattern.rank
        }
        (ExpectedOutcome::NotNeeded, Determination::NotNeeded)
        | (ExpectedOutcome::Undetermined(None), Determination::Undetermined(_)) => true,
        (ExpectedOutcome::Undetermined(Some(reason)), Determination::Undetermined(why)) => {
            match reason {
                ExpectedReason::MissingFacts(paths) => {
                    !why.missing.is_empty()
                        && paths
                            .iter()
                            .all(|path| why.missing.iter().any(|fact| fact.path == *path))
                }
                ExpectedReason::Conflict => !why.conflict.is_empty(),
                ExpectedReason::NotModelled => !why.not_modelled.is_empty(),
                ExpectedReason::Error => !why.errors.is_empty(),
            }
        }
        _ => false,
    };
    if !met {
        return Some(format!(
            "expected `{name}` is {}, got {got}",
            describe_expected(hir, &expectation.outcome, &ty)
        ));
    }
    let absent: Vec<String> = expectation
        .because
        .iter()
        .filter(|rule| !trace.because.contains(rule))
        .map(|rule| rule_name(hir, *rule))
        .collect();
    if absent.is_empty() {
        return None;
    }
    let reasons: Vec<String> = trace.because.iter().map(|rule| rule_name(hir, *rule)).collect();
    let reasons = if reasons.is_empty() { "no rule".to_owned() } else { reasons.join(", ") };
    Some(format!(
        "`{name}` is {got} as expected, but because of {reasons} and not of {}",
        absent.join(", ")
    ))
}

/// Why a condition is unknown.
fn reasons_in_words(hir: &Hir, judged: &ConditionTrace) -> String {
    let mut reasons = Vec::new();
    if !judged.missing.is_empty() {
        reasons.push(format!("{} is not given", judged.missing.join(", ")));
    }
    if !judged.conflict.is_empty() {
        let rules: Vec<String> = judged.conflict.iter().map(|id| rule_name(hir, *id)).collect();
        reasons.push(format!("conflict of {}", rules.join(" and ")));
    }
    for gap in judged.not_modelled.iter().filter_map(|gap| hir.not_modelled.get(gap.item)) {
        reasons.push(format!("`{}` is not modelled", gap.name));
    }
    reasons.extend(judged.errors.iter().cloned());
    reasons.join("; ")
}

fn operands(hir: &Hir, judged: &ConditionTrace) -> String {
    let ConditionKind::Test(operands) = &judged.kind else { return String::new() };
    let values: Vec<String> = operands
        .iter()
        .filter_map(|operand| Some(describe_value(hir, operand.value.as_ref()?, &operand.ty)))
        .collect();
    if values.is_empty() { String::new() } else { format!(": {}", values.join(" against ")) }
}

fn rule_name(hir: &Hir, rule: RuleId) -> String {
    hir.rules.get(rule).map_or_else(String::new, |rule| format!("`{}`", rule.name))
}

fn describe_determination(hir: &Hir, determination: &Determination, ty: &Ty) -> String {
    match determination {
        Determination::Value(value) => describe_value(hir, value, ty),
        Determination::NotNeeded => "not needed".to_owned(),
        Determination::Undetermined(why) => {
            let possible: Vec<String> =
                why.possible.iter().map(|possible| describe_possible(hir, possible, ty)).collect();
            let mut reasons = Vec::new();
            if !why.missing.is_empty() {
                let paths: Vec<&str> = why.missing.iter().map(|fact| fact.path.as_str()).collect();
                reasons.push(format!("missing facts: {}", paths.join(", ")));
            }
            if !why.conflict.is_empty() {
                let rules: Vec<String> =
                    why.conflict.iter().map(|rule| rule_name(hir, *rule)).collect();
                reasons.push(format!("conflict of {}", rules.join(" and ")));
            }
            if !why.not_modelled.is_empty() {
                reasons.push("not modelled".to_owned());
            }
            reasons.extend(why.errors.iter().cloned());
            format!("undetermined ({}), possible: {}", reasons.join("; "), possible.join(", "))
        }
    }
}

fn describe_expected(hir: &Hir, expected: &ExpectedOutcome, ty: &Ty) -> String {
    match expected {
        ExpectedOutcome::Value(value) => describe_value(hir, value, ty),
        ExpectedOutcome::Place(pattern) => pattern.name.to_string(),
        ExpectedOutcome::NotNeeded => "not needed".to_owned(),
        ExpectedOutcome::Undetermined(None) => "undetermined".to_owned(),
        ExpectedOutcome::Undetermined(Some(ExpectedReason::MissingFacts(paths)))
            if paths.is_empty() =>
        {
            "undetermined (missing facts)".to_owned()
        }
        ExpectedOutcome::Undetermined(Some(ExpectedReason::MissingFacts(paths))) => {
            format!("undetermined (missing facts: {})", paths.join(", "))
        }
        ExpectedOutcome::Undetermined(Some(ExpectedReason::Conflict)) => {
            "undetermined (conflict)".to_owned()
        }
        ExpectedOutcome::Undetermined(Some(ExpectedReason::NotModelled)) => {
            "undetermined (not modelled)".to_owned()
        }
        ExpectedOutcome::Undetermined(Some(ExpectedReason::Error)) => {
            "undetermined (error)".to_owned()
        }
        ExpectedOutcome::Condition => "true".to_owned(),
    }
}
