//! The page of each diagnostic: its bad example gives just that problem, its mended one gives none.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::collections::BTreeSet;

use exeat_diagnostics::{all_codes, render};
use exeat_engine::analyze::Options;
use exeat_testing::{Block, Checked, Program, blocks};

/// The program of a section: its rule files and tables.
fn program(section: &[Block]) -> Program {
    let mut program = Program::default();
    for (at, block) in section.iter().enumerate() {
        match block.language.as_str() {
            "exeat" => program = program.with(&format!("file{}.exeat", at + 1), &block.text),
            "csv" => program = program.with_table(block.words.first().unwrap(), &block.text),
            _ => {}
        }
    }
    program
}

/// What is wrong with the findings of an example; it has no other problems.
fn findings(result: &Checked, expected: &[&str], heading: &str) -> Option<String> {
    let Some(session) = result.session.as_ref().filter(|_| result.diagnostics.is_empty()) else {
        return Some(result.shown());
    };
    let analysis = session.analyse(&Options::default()).unwrap();
    let mut problems = analysis.diagnostics(session.hir());
    let codes: BTreeSet<&str> = problems.iter().map(|found| found.code.0).collect();
    let expected: BTreeSet<&str> = expected.iter().copied().collect();
    let one = heading == "Fix" || problems.len() == 1;
    let shown = || render::plain(&std::mem::take(&mut problems), &result.sources);
    (codes != expected || !one).then(shown)
}

#[test]
fn bad_examples_give_their_code_and_mended_ones_nothing() {
    let mut wrong = Vec::new();
    for known in all_codes() {
        let code = known.code.0;
        let all = blocks(known.page);
        for (heading, expected) in [("Bad", vec![code]), ("Fix", Vec::new())] {
            let section: Vec<Block> = all
                .iter()
                .filter(|block| block.headings.last().is_some_and(|last| last == heading))
                .cloned()
                .collect();
            if !section.iter().any(|block| block.language == "exeat") {
                continue;
            }
            let result = program(&section).check();
            if code.starts_with('A') {
                wrong.extend(
                    findings(&result, &expected, heading)
                        .map(|why| format!("{code} {heading}: {why}")),
                );
                continue;
            }
            if result.codes() != expected || (heading == "Bad" && result.errors() > 1) {
                wrong.push(format!("{code} {heading}: {:?}\n{}", result.codes(), result.shown()));
            }
        }
    }
    assert!(wrong.is_empty(), "{} sections are wrong:\n\n{}", wrong.len(), wrong.join("\n"));
}
