//! Faults that were planted into rules are found, nothing else is, and every example is so.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use exeat_diagnostics::Severity;
use exeat_engine::analyze::{Analysis, FindingKind, Options};
use exeat_testing::seeded::{KINDS, Seeded};
use exeat_testing::{Checked, Program, Random};

/// How many sets have a fault of each kind.
const EACH: usize = 20;

fn analysed(text: &str) -> (Checked, Analysis) {
    let checked = Program::default().with("seeded.exeat", text).check();
    let wrong = checked.diagnostics.iter().any(|found| found.severity == Severity::Error);
    assert!(!wrong, "{}\n{text}", checked.shown());
    let analysis = checked.session.as_ref().unwrap().analyse(&Options::default()).unwrap();
    (checked, analysis)
}

fn codes(analysis: &Analysis) -> Vec<&'static str> {
    analysis.findings.iter().map(|finding| finding.kind.code().0).collect()
}

/// The examples as scenarios beside the rules: all pass. What refutes an assertion does so as a scenario too, and
/// is held against the rules alone.
fn examples_hold(text: &str, checked: &Checked, analysis: &Analysis) -> bool {
    let rules = text.lines().filter(|line| !line.starts_with("assert "));
    let text = rules.fold(String::new(), |text, line| text + line + "\n");
    let hir = checked.session.as_ref().unwrap().hir();
    let scenarios = analysis.findings.iter().filter_map(|finding| finding.scenario(hir));
    let with = text + &scenarios.collect::<String>();
    let session = Program::default().with("seeded.exeat", &with).check().session.unwrap();
    session.run_tests(&exeat_engine::TestFilter::default()).failed() == 0
}

#[test]
fn planted_faults_are_found_and_nothing_else() {
    let mut missed = Vec::new();
    let kinds = KINDS.iter().cycle().take(KINDS.len() * EACH);
    for (seed, kind) in (0_u64..).zip(kinds) {
        let seeded = Seeded::of_kind(&mut Random::new(seed), kind);
        let (checked, found) = analysed(&seeded.faulty);
        if codes(&found) != [seeded.code] || !found.undecided.is_empty() {
            missed.push(format!("{seed}: {} gives {:?}", seeded.code, codes(&found)));
        }
        assert!(examples_hold(&seeded.faulty, &checked, &found), "{seed}\n{}", seeded.faulty);
        let (_, found) = analysed(&seeded.sound);
        assert!(codes(&found).is_empty(), "{seed}: {:?}\n{}", codes(&found), seeded.sound);
        assert!(found.undecided.is_empty(), "{seed}: {:?}\n{}", found.undecided, seeded.sound);
    }
    assert!(missed.len() * 100 <= KINDS.len() * EACH, "{}", missed.join("\n"));
}

#[test]
fn every_kind_of_finding_can_be_planted() {
    assert_eq!(FindingKind::ALL.map(|kind| kind.code().0), KINDS);
}
