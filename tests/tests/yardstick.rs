//! The yardstick: the rules in Exeat and the same written by hand agree on the whole stream.

use std::collections::{BTreeMap, BTreeSet};

use exeat_hir::NoFunctions;
use exeat_model::{Value, date_from_text};
use exeat_program::{FastScratch, Program, Request};
use exeat_testing::yardstick::{Groups, LADDER, VERDICTS, transactions, verdict};

#[test]
fn a_hundred_thousand_transactions_get_the_verdicts_of_the_rules_written_by_hand() {
    let result = exeat_check::check(exeat_check::Input {
        files: vec![exeat_check::SourceInput { parsed: exeat_syntax::parse(LADDER.to_owned(), 0) }],
        table_files: BTreeMap::new(),
        jurisdictions: &[],
    });
    let program = Program::new(result.checked.unwrap().hir().clone());
    let (readings, proposals) = (BTreeMap::new(), BTreeSet::new());
    let as_of = date_from_text("2026-01-01").unwrap();
    let request =
        Request { as_of, readings: &readings, proposals: &proposals, functions: &NoFunctions };
    let (groups, mut scratch) = (Groups::default(), FastScratch::default());
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for one in transactions(100_000) {
        let record = program.encode(&one.facts(program.hir()));
        assert!(program.run_fast(&request, &record, &mut scratch).unwrap(), "{one:?} is open");
        let found = program.fast(as_of).unwrap().value(0, scratch.settled(0)).unwrap();
        let expected = VERDICTS.get(usize::from(verdict(&groups, &one))).copied().unwrap();
        assert_eq!(found, Value::Symbol(expected.into()), "{one:?}");
        for rule in scratch.because(0) {
            let name = program.hir().rules.get(rule).unwrap().name.to_string();
            *seen.entry(name).or_default() += 1;
        }
    }
    assert_eq!(seen.len(), 20, "every rule decides some: {seen:?}");
}
