//! Scenarios: run, counted, and what of the rules they reach.

mod again;
mod coverage;
mod junit;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};

use exeat_eval::{ScenarioReport, Scenarios, scenario_facts};
use exeat_hir::{AssertionId, DecisionId, Determination, Scenario, ScenarioId};
use serde::Serialize;

use crate::{Question, Rulebook, Session};

/// So many scenarios are worth a thread of their own.
const SMALL_SHARE: usize = 8;

/// Which scenarios are wanted. Nothing for all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TestFilter {
    /// A part of the title, whatever the case, or of the module's name.
    pub name: Option<String>,
    /// A module, with the modules below it.
    pub module: Option<String>,
}

/// What came of a run.
#[derive(Clone, Debug)]
pub struct TestRun {
    /// The scenarios that were run, in the order of their files.
    pub scenarios: Vec<ScenarioRun>,
    /// What of the rules they reach.
    pub coverage: Coverage,
}

/// What came of a scenario.
#[derive(Clone, Debug, Serialize)]
pub struct ScenarioRun {
    /// The scenario, for asking more of it.
    #[serde(skip)]
    pub id: ScenarioId,
    /// Its title.
    pub title: String,
    /// Its module.
    pub module: String,
    /// The file in which it stands.
    pub file: String,
    /// The line in which it begins, from 1.
    pub line: usize,
    /// Whether all is as expected.
    pub passed: bool,
    /// What is not, in plain words.
    pub failures: Vec<ScenarioFailure>,
}

/// Something in a scenario that is not as expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ScenarioFailure {
    /// `expectation`, `assumption` or `assertion`.
    pub kind: &'static str,
    /// The text of what was expected, on one line.
    pub expected: String,
    /// What came.
    pub message: String,
    /// The line in which the expectation stands, from 1.
    pub line: usize,
}

/// What of the rules a run reaches.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// Rules: each counts once for holding and once for not holding.
    pub rules: Counted,
    /// Exceptions, in the same way.
    pub exceptions: Counted,
    /// Single tests in conditions: each counts once for being true and once for being false.
    pub conditions: Counted,
    /// What is missing, in the order of the files.
    pub uncovered: Vec<Uncovered>,
}

/// How many of how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counted {
    /// So many were reached.
    pub reached: usize,
    /// Of so many.
    pub total: usize,
}

/// Something that no scenario reaches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Uncovered {
    /// `rule`, `exception` or `condition`.
    pub kind: &'static str,
    /// The full name of the rule, or the text of the condition.
    pub name: String,
    /// `never holds`, `never fails`, `never true`, `never false`.
    pub missing: &'static str,
    /// The file in which it stands.
    pub file: String,
    /// The line in which it begins, from 1.
    pub line: usize,
}

impl Session {
    /// Runs scenarios.
    pub fn run_tests(&self, filter: &TestFilter) -> TestRun {
        let hir = self.hir();
        let all = Scenarios::new(hir, self.functions());
        let wanted = hir.scenarios.iter().filter(|(_, scenario)| self.wants(filter, scenario));
        let wanted: Vec<ScenarioId> = wanted.map(|(id, _)| id).collect();
        let (scenarios, reached) =
            on_all_processors(&wanted, |reached: &mut coverage::Reached, id| {
                let report = all.run(id)?;
                reached.add(&report);
                self.scenario_run(&report)
            });
        let reached =
            reached.into_iter().fold(coverage::Reached::default(), coverage::Reached::and);
        let scenarios = scenarios.into_values().collect();
        TestRun { scenarios, coverage: coverage::coverage(self, &reached) }
    }

    /// The question that a scenario asks, to decide and explain it.
    pub fn scenario_question(&self, id: ScenarioId) -> Option<Question> {
        let scenario = self.hir().scenarios.get(id)?;
        Some(Question {
            as_of: scenario.as_of,
            readings: scenario.readings.clone(),
            proposals: scenario.proposals.iter().copied().collect::<BTreeSet<_>>(),
            facts: scenario_facts(self.hir(), self.functions(), scenario),
            only: Vec::new(),
        })
    }

    fn wants(&self, filter: &TestFilter, scenario: &Scenario) -> bool {
        let module = self.hir().modules.get(scenario.module).map_or("", |module| &module.name);
        let by_name = filter.name.as_ref().is_none_or(|name| {
            scenario.title.to_lowercase().contains(&name.to_lowercase()) || module.contains(name)
        });
        let by_module = filter.module.as_ref().is_none_or(|wanted| {
            module
                .strip_prefix(wanted.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        });
        by_name && by_module
    }

    fn scenario_run(&self, report: &ScenarioReport) -> Option<ScenarioRun> {
        let hir = self.hir();
        let scenario = hir.scenarios.get(report.scenario)?;
        let mut failures = Vec::new();
        for failure in &report.failures {
            let span = scenario
                .expectations
                .get(failure.expectation)
                .map_or(scenario.span, |expectation| expectation.span);
            failures.push(ScenarioFailure {
                kind: "expectation",
                expected: self.line_of_text(span),
                message: failure.message.clone(),
                line: self.place(span).1,
            });
        }
        for assumption in
            report.violated_assumptions.iter().filter_map(|id| hir.assumptions.get(*id))
        {
            failures.push(ScenarioFailure {
                kind: "assumption",
                expected: self.line_of_text(assumption.condition.span),
                message: format!(
                    "its facts contradict what is taken for granted: {}",
                    assumption.because
                ),
                line: self.place(scenario.span).1,
            });
        }
        for assertion in report.violated_assertions.iter().filter_map(|id| hir.assertions.get(*id))
        {
            failures.push(ScenarioFailure {
                kind: "assertion",
                expected: hir.full_name(assertion.module, &assertion.name),
                message: match &assertion.title {
                    Some(title) => format!("it refutes an assertion: {title}"),
                    None => "it refutes an assertion".to_owned(),
                },
                line: self.place(scenario.span).1,
            });
        }
        let (file, line) = self.place(scenario.span);
        Some(ScenarioRun {
            id: report.scenario,
            title: scenario.title.clone(),
            module: hir
                .modules
                .get(scenario.module)
                .map_or_else(String::new, |m| m.name.to_string()),
            file,
            line,
            passed: failures.is_empty(),
            failures,
        })
    }
}

impl Rulebook {
    /// The file and line of a place.
    pub(crate) fn place(&self, span: exeat_diagnostics::Span) -> (String, usize) {
        let found = self.sources.position(span.start);
        found.map_or((String::new(), 0), |(file, at)| (file.name.clone(), at.line))
    }

    pub(crate) fn line_of_text(&self, span: exeat_diagnostics::Span) -> String {
        self.sources.text(span).split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

impl TestRun {
    /// How many scenarios are not as expected.
    pub fn failed(&self) -> usize {
        self.scenarios.iter().filter(|scenario| !scenario.passed).count()
    }

    /// The run as a `JUnit` report, which build servers read.
    pub fn to_junit(&self) -> String {
        junit::report(&self.scenarios)
    }
}

/// What a scenario comes to, by names alone, to compare it with what it comes to under other rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioOutcome {
    /// Its title.
    pub title: String,
    /// Its module.
    pub module: String,
    /// Whether all is as expected.
    pub passed: bool,
    /// The decisions that it asks for, and those that these read, by their full names, with what they come to.
    pub outcomes: Vec<(String, String)>,
    /// The assertions that say something of its facts.
    asserted: Vec<AssertionId>,
    basis: Basis,
}

/// How a scenario came to what it comes to, as far as that helps to tell whether it does so still.
#[derive(Clone, Debug, Default)]
struct Basis {
    /// What decisions came to that are determined or not needed.
    decided: BTreeMap<DecisionId, Determination>,
    /// How deep expressions built on each other, or less deep than that.
    deepest: usize,
}

impl PartialEq for Basis {
    /// How it came about is no part of what a scenario comes to.
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Basis {}

impl Session {
    /// What each scenario comes to, in their order; computed on as many threads as there are processors.
    pub fn scenario_outcomes(&self) -> Vec<ScenarioOutcome> {
        let all = Scenarios::new(self.hir(), self.functions());
        let ids: Vec<ScenarioId> = self.hir().scenarios.iter().map(|(id, _)| id).collect();
        self.outcomes_of(&all, &ids).into_values().collect()
    }

    /// The same where it is known what they come to under other rules: only those are run that can come to
    /// something else.
    pub fn scenario_outcomes_after(
        &self,
        before: &Self,
        known: &[ScenarioOutcome],
    ) -> Vec<ScenarioOutcome> {
        let hir = self.hir();
        let all = Scenarios::new(hir, self.functions());
        let again = again::to_run_again((before, known), (self, &all));
        let runs =
            |id: &ScenarioId| again.as_ref().is_none_or(|again| again.scenarios.contains(id));
        let deeper = again.as_ref().map_or(0, |again| again.deeper);
        let ids: Vec<ScenarioId> = hir.scenarios.iter().map(|(id, _)| id).filter(runs).collect();
        let mut new = self.outcomes_of(&all, &ids);
        let known: BTreeMap<(&str, &str), &ScenarioOutcome> =
            known.iter().map(|one| ((one.module.as_str(), one.title.as_str()), one)).collect();
        let outcome = |(id, scenario): (ScenarioId, &Scenario)| {
            new.remove(&id).or_else(|| {
                let module = hir.modules.get(scenario.module)?;
                let mut known = (*known.get(&(&*module.name, &*scenario.title))?).clone();
                known.basis.deepest = known.basis.deepest.saturating_add(deeper);
                Some(known)
            })
        };
        hir.scenarios.iter().filter_map(outcome).collect()
    }

    fn outcomes_of(
        &self,
        all: &Scenarios<'_>,
        scenarios: &[ScenarioId],
    ) -> BTreeMap<ScenarioId, ScenarioOutcome> {
        on_all_processors(scenarios, |(): &mut (), id| self.outcome_of(all, id)).0
    }

    fn outcome_of(&self, all: &Scenarios<'_>, id: ScenarioId) -> Option<ScenarioOutcome> {
        let hir = self.hir();
        let report = all.run(id)?;
        let scenario = hir.scenarios.get(id)?;
        let outcomes = report.decisions.iter().filter_map(|trace| {
            let decision = hir.decisions.get(trace.decision)?;
            let name = hir.full_name(decision.module, &decision.name);
            Some((name, self.describe_determination(trace)))
        });
        // The ids of rules that what is undetermined names are of these rules alone.
        let decided = report.decisions.iter().filter_map(|trace| match &trace.determination {
            Determination::Undetermined(_) => None,
            known => Some((trace.decision, known.clone())),
        });
        Some(ScenarioOutcome {
            title: scenario.title.clone(),
            module: hir.modules.get(scenario.module)?.name.to_string(),
            passed: report.passed(),
            outcomes: outcomes.collect(),
            asserted: report.asserted,
            basis: Basis { decided: decided.collect(), deepest: report.deepest },
        })
    }
}

/// What becomes of each scenario, found on as many threads as there are processors, and what each of these gathered.
fn on_all_processors<S: Default + Send, T: Send>(
    scenarios: &[ScenarioId],
    run: impl Fn(&mut S, ScenarioId) -> Option<T> + Sync,
) -> (BTreeMap<ScenarioId, T>, Vec<S>) {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let next = AtomicUsize::new(0);
    // Each takes the next that is to do: some take much longer than others.
    let work = || {
        let (mut done, mut gathered) = (Vec::new(), S::default());
        while let Some(id) = scenarios.get(next.fetch_add(1, Ordering::Relaxed)) {
            done.extend(run(&mut gathered, *id).map(|result| (*id, result)));
        }
        (done, gathered)
    };
    let others = processors.min(scenarios.len().div_ceil(SMALL_SHARE)).saturating_sub(1);
    std::thread::scope(|scope| {
        let others: Vec<_> = (0..others).map(|_| scope.spawn(work)).collect();
        let (mut results, gathered) = work();
        let mut all = vec![gathered];
        for other in others {
            let other = other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            results.extend(other.0);
            all.push(other.1);
        }
        (results.into_iter().collect(), all)
    })
}
