//! The page of each diagnostic: its bad example gives just that problem, its mended one gives none.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use exeat_diagnostics::all_codes;
use exeat_testing::{Block, Program, blocks};

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
            if result.codes() != expected || (heading == "Bad" && result.errors() > 1) {
                wrong.push(format!("{code} {heading}: {:?}\n{}", result.codes(), result.shown()));
            }
        }
    }
    assert!(wrong.is_empty(), "{} sections are wrong:\n\n{}", wrong.len(), wrong.join("\n"));
}
