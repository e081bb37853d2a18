//! Independent confirmation: what the analysis answers by decision diagrams, a solver that has nothing in common
//! with them answers too. The questions are the script of SMT-LIB that `exeat analyze --format smt2` writes.
//!
//! The solver is a program `z3` in the path, or the one that `EXEAT_Z3` names. Where there is none, the
//! scripts are still read and held against their questions; with `EXEAT_REQUIRE_Z3` its absence is a failure.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may fail loudly"
)]
#![expect(clippy::print_stderr, reason = "whoever has no solver is told so")]
#![expect(clippy::disallowed_methods, reason = "which solver there is, the environment says")]

use std::collections::BTreeSet;
use std::io::Write as _;
use std::process::{Command, Stdio};

use exeat_analyze::{
    Answered, Budget, Comparison, Options, Script, Version, script, script_of_differences,
};
use exeat_hir::{Functions, NoFunctions};
use exeat_model::{Interval, date_from_text};
use exeat_program::Program;
use exeat_testing::seeded::{KINDS, Seeded};
use exeat_testing::{Random, checked, generate, repository};

/// The solver, if there is one.
fn solver() -> Option<String> {
    let named = std::env::var("EXEAT_Z3").unwrap_or_else(|_| "z3".to_owned());
    let found =
        Command::new(&named).arg("--version").output().is_ok_and(|run| run.status.success());
    let required = std::env::var("EXEAT_REQUIRE_Z3").is_ok_and(|value| !value.is_empty());
    assert!(found || !required, "EXEAT_REQUIRE_Z3 is set, and there is no program `{named}`");
    if !found {
        eprintln!("there is no program `{named}`: the scripts are read, and nobody is asked them");
    }
    found.then_some(named)
}

/// What a solver says, one line a question.
fn ask(solver: &str, text: &str) -> Vec<String> {
    let mut run = Command::new(solver)
        .arg("-in")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = run.stdin.take().unwrap();
    let text = text.to_owned();
    let writing = std::thread::spawn(move || stdin.write_all(text.as_bytes()));
    let output = run.wait_with_output().unwrap();
    writing.join().unwrap().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    // Its own complaint of an answer that is not the one that stands there; that is told by the test.
    let said = text.lines().filter(|line| !line.contains("check annotation that says"));
    said.map(str::to_owned).collect()
}

/// Holds the text against its questions: brackets are closed, and each question has its status.
fn read(script: &Script) {
    let mut depth = 0_usize;
    let mut statuses = Vec::new();
    let mut checks = 0;
    for line in script.text.lines() {
        let mut in_bars = false;
        for letter in line.chars() {
            match letter {
                '|' => in_bars = !in_bars,
                ';' if !in_bars => break,
                '(' if !in_bars => depth += 1,
                ')' if !in_bars => depth = depth.checked_sub(1).expect("a bracket too many"),
                _ => {}
            }
        }
        assert!(!in_bars && depth == 0, "not closed: {line}");
        if let Some(status) = line.strip_prefix("(set-info :status ") {
            statuses.push(status.trim_end_matches(')'));
        }
        checks += usize::from(line == "(check-sat)");
    }
    let expected: Vec<&str> = script.questions.iter().map(|one| status(&one.answer)).collect();
    assert_eq!(statuses, expected);
    assert_eq!(checks, expected.len());
}

fn status(answer: &Answered) -> &'static str {
    match answer {
        Answered::Yes(_) => "sat",
        Answered::No => "unsat",
        Answered::Open(_) => "unknown",
    }
}

/// What came of asking a solver.
#[derive(Default, Debug)]
struct Counts {
    sat: usize,
    unsat: usize,
    /// Questions that the analysis left open and the solver decided.
    opened: usize,
    wrong: Vec<String>,
}

impl Counts {
    fn none_is_wrong(&self) {
        assert!(self.wrong.is_empty(), "{}", self.wrong.join("\n"));
        // An analysis that decided little would be right as well.
        assert!(self.opened * 10 <= self.sat + self.unsat, "{self:?}");
    }

    fn compare(&mut self, name: &str, script: &Script, solver: Option<&str>) {
        read(script);
        let Some(solver) = solver else { return };
        let said = ask(solver, &script.text);
        if said.len() != script.questions.len() {
            let head: Vec<&String> = said.iter().filter(|line| line.contains("error")).collect();
            panic!(
                "{name}: {} lines for {} questions: {head:?}",
                said.len(),
                script.questions.len()
            );
        }
        for (question, said) in script.questions.iter().zip(said) {
            match (&question.answer, said.as_str()) {
                (Answered::Yes(_), "sat") => self.sat += 1,
                (Answered::No, "unsat") => self.unsat += 1,
                (Answered::Open(_), _) => self.opened += usize::from(said != "unknown"),
                (answer, _) => self.wrong.push(format!(
                    "{name}: {} The analysis: {answer:?}, the solver: {said}",
                    question.words
                )),
            }
        }
    }
}

/// What a search may cost where it is no matter if some questions stay open.
const SMALL: Budget = Budget { candidates: 3, trials: 200, all_trials: 400, ..Budget::USUAL };

fn script_of(program: &Program, functions: &dyn Functions, day: &str, budget: Budget) -> Script {
    script(program, functions, &Options { over: one_day(day), budget, ..Options::default() })
        .unwrap()
}

fn one_day(day: &str) -> Interval {
    let from = date_from_text(day).unwrap();
    Interval { from: Some(from), until: from.tomorrow().ok() }
}

#[test]
fn generated_rules() {
    let solver = solver();
    let mut counts = Counts::default();
    for seed in 0..120 {
        let mut random = Random::new(seed);
        let rules = 3 + random.below(9);
        let Ok(hir) = checked(&generate::rule_set(&mut random, rules)) else { continue };
        let program = Program::new(hir);
        let day = generate::day(&mut random).to_string();
        let script = script_of(&program, &NoFunctions, &day, Budget::USUAL);
        counts.compare(&format!("seed {seed} on {day}"), &script, solver.as_deref());
    }
    counts.none_is_wrong();
    assert!(solver.is_none() || (counts.sat >= 500 && counts.unsat >= 150), "{counts:?}");
}

#[test]
fn generated_changes() {
    let solver = solver();
    let mut counts = Counts::default();
    for seed in 0..240 {
        let mut random = Random::new(seed);
        let rules = 3 + random.below(6);
        let text = generate::rule_set(&mut random, rules);
        let Some(other) = generate::changed(&text, &mut random) else { continue };
        let (Ok(old), Ok(new)) = (checked(&text), checked(&other)) else { continue };
        let day = generate::day(&mut random).to_string();
        let (before, after) = (Program::new(old), Program::new(new));
        let none = BTreeSet::new();
        let version = |program| Version { program, functions: &NoFunctions, proposals: &none };
        let wanted = Comparison { over: one_day(&day), ..Comparison::default() };
        let script = script_of_differences(version(&before), version(&after), &wanted).unwrap();
        counts.compare(&format!("seed {seed} on {day}"), &script, solver.as_deref());
    }
    counts.none_is_wrong();
    assert!(solver.is_none() || (counts.sat >= 30 && counts.unsat >= 1_000), "{counts:?}");
}

#[test]
fn planted_faults() {
    let solver = solver();
    let mut counts = Counts::default();
    for (seed, kind) in (0..40).zip(KINDS.iter().cycle()) {
        let seeded = Seeded::of_kind(&mut Random::new(seed), kind);
        for (kind, text) in [("faulty", &seeded.faulty), ("sound", &seeded.sound)] {
            let program = Program::new(checked(text).unwrap());
            let script = script_of(&program, &NoFunctions, "2025-06-01", Budget::USUAL);
            counts.compare(&format!("seed {seed}, {kind}"), &script, solver.as_deref());
        }
    }
    counts.none_is_wrong();
    assert!(solver.is_none() || (counts.sat >= 2_000 && counts.unsat >= 400), "{counts:?}");
    assert_eq!(counts.opened, 0);
}

#[test]
fn the_policies() {
    let solver = solver();
    let session = repository().unwrap();
    let program = Program::new(session.hir().clone());
    let mut counts = Counts::default();
    for day in ["2022-10-07", "2025-06-01"] {
        let script = script_of(&program, session.functions(), day, SMALL);
        counts.compare(day, &script, solver.as_deref());
    }
    counts.none_is_wrong();
    assert!(solver.is_none() || (counts.sat >= 300 && counts.unsat >= 300), "{counts:?}");
}
