//! Faults that were planted into rules are found, nothing else is, and every example is so.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use exeat_diagnostics::Severity;
use exeat_engine::analyze::{Analysis, Options};
use exeat_testing::seeded::Seeded;
use exeat_testing::{Checked, Program, Random};

const SETS: u64 = 200;

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

/// The examples as scenarios beside the rules: all pass.
fn examples_hold(text: &str, checked: &Checked, analysis: &Analysis) -> bool {
    let hir = checked.session.as_ref().unwrap().hir();
    let scenarios = analysis.findings.iter().filter_map(|finding| finding.scenario(hir));
    let with = text.to_owned() + &scenarios.collect::<String>();
    let session = Program::default().with("seeded.exeat", &with).check().session.unwrap();
    session.run_tests(&exeat_engine::TestFilter::default()).failed() == 0
}

#[test]
fn planted_faults_are_found_and_nothing_else() {
    let mut missed = Vec::new();
    for seed in 0..SETS {
        let seeded = Seeded::new(&mut Random::new(seed));
        let (checked, found) = analysed(&seeded.faulty);
        if codes(&found) != [seeded.code] || !found.undecided.is_empty() {
            missed.push(format!("{seed}: {} gives {:?}", seeded.code, codes(&found)));
        }
        assert!(examples_hold(&seeded.faulty, &checked, &found), "{seed}\n{}", seeded.faulty);
        let (_, found) = analysed(&seeded.sound);
        assert!(codes(&found).is_empty(), "{seed}: {:?}\n{}", codes(&found), seeded.sound);
        assert!(found.undecided.is_empty(), "{seed}: {:?}\n{}", found.undecided, seeded.sound);
    }
    assert!(missed.len() * 100 <= usize::try_from(SETS).unwrap(), "{}", missed.join("\n"));
}
