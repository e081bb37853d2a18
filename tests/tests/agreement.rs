//! One meaning: the program gives what the reference interpreter gives, on the policies with their
//! scenarios and on generated rule sets with generated facts, unknown ones included.

#![expect(clippy::disallowed_methods, reason = "the examples stand in the pages of the repository")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use exeat_eval::scenario_facts;
use exeat_hir::NoFunctions;
use exeat_model::date_from_text;
use exeat_program::{FastScratch, Program, Request};
use exeat_testing::yardstick::{LADDER, transactions};
use exeat_testing::{Page, Random, checked, generate, repository};
use exeat_tests::agreement::{Case, Room, chance, compare, fuzz};

#[test]
fn generated_rules_and_facts() {
    const PROGRAMS: u64 = 400;
    const FACTS: usize = 260;
    let (mut pairs, mut compared, mut left, mut settled, mut refused) = (0_usize, 0, 0, 0, 0);
    for seed in 0..PROGRAMS {
        let mut random = Random::new(seed);
        let rules = 3 + random.below(9);
        let text = generate::rule_set(&mut random, rules);
        // Some of what chance makes is refused with reason, as a rule that its exception repeats.
        let Ok(hir) = checked(&text) else {
            refused += 1;
            continue;
        };
        let program = Program::new(hir);
        let mut room = Room::default();
        for at in 0..FACTS {
            let case = chance(&mut random, &program);
            match compare(&program, &mut room, &case) {
                Ok(counts) => {
                    compared += counts.compared;
                    left += counts.left;
                    settled += counts.settled;
                }
                Err(why) => panic!("seed {seed}, facts {at}: {why}\n{text}"),
            }
            pairs += 1;
        }
    }
    assert!(pairs >= 100_000, "only {pairs} pairs, {refused} programs were refused");
    assert!(settled * 2 > compared, "the scalar run settled only {settled} of {compared}");
    assert!(left * 100 < pairs, "{left} of {pairs} were left to the reference");
}

/// Rules as lists of controls have them: a destination, an action, a band; to some there is an exception.
fn list_of_rules(random: &mut Random, rules: usize) -> String {
    let mut text = generate::VOCABULARY.to_owned();
    for at in 0..rules {
        let head = if at % 5 == 4 {
            format!("exception r{at} to r{}", at - 1)
        } else {
            format!("rule r{at}")
        };
        let action = random.one(&["action is export", "action is not transfer", "certified"]);
        let place = *random.one(&["CN", "RU", "PL", "DE", "US", "JP"]);
        let place =
            if at % 5 == 4 { "quantity > 3".to_owned() } else { format!("destination is {place}") };
        let low = random.below(400);
        let outcome = random.one(&["required", "forbidden", "excepted (LPP)", "excepted (ACA)"]);
        let high = low + 1 + random.below(300);
        let _ = writeln!(
            text,
            "{head} {{ title \"t\" cite \"c\" when {place} and {action} and {low} TPP <= tpp < {high} TPP then license is {outcome} }}"
        );
    }
    text
}

/// Decisions of so many rules that an index is kept of them.
#[test]
fn generated_rules_of_large_sets() {
    const PROGRAMS: u64 = 6;
    const FACTS: usize = 100;
    let (mut compared, mut settled) = (0, 0);
    for seed in 0..PROGRAMS {
        let mut random = Random::new(10_000 + seed);
        let text = if seed % 3 == 0 {
            generate::rule_set(&mut random, 200)
        } else {
            list_of_rules(&mut random, 150)
        };
        let program = Program::new(checked(&text).unwrap());
        let mut room = Room::default();
        for at in 0..FACTS {
            let unknown = *random.one(&[20, 1_000_000]);
            let case = Case {
                as_of: generate::day(&mut random),
                readings: BTreeMap::new(),
                proposals: BTreeSet::new(),
                facts: generate::facts(&mut random, program.hir(), unknown),
                functions: &NoFunctions,
            };
            match compare(&program, &mut room, &case) {
                Ok(counts) => {
                    compared += counts.compared;
                    settled += counts.settled;
                }
                Err(why) => panic!("seed {seed}, facts {at}: {why}\n{text}"),
            }
        }
    }
    assert!(settled * 2 > compared, "the scalar run settled only {settled} of {compared}");
}

#[test]
fn the_policies_and_their_scenarios() {
    let session = repository().unwrap();
    let program = Program::new(session.hir().clone());
    let mut room = Room::default();
    let (mut compared, mut settled) = (0, 0);
    for scenario in session.hir().scenarios.values() {
        let facts = scenario_facts(session.hir(), session.functions(), scenario);
        let case = Case {
            as_of: scenario.as_of,
            readings: scenario.readings.clone(),
            proposals: scenario.proposals.iter().copied().collect(),
            facts,
            functions: session.functions(),
        };
        match compare(&program, &mut room, &case) {
            Ok(counts) => {
                compared += counts.compared;
                settled += counts.settled;
            }
            Err(why) => panic!("{}: {why}", scenario.title),
        }
    }
    assert!(compared >= 5_000, "only {compared} decisions were compared");
    assert!(settled * 2 > compared, "the scalar run settled only {settled} of {compared}");
}

/// The specification: every good example of the manual, with its scenarios and with facts that chance makes.
#[test]
fn the_examples_of_the_manual() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../grammar");
    let mut pages: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|one| one.unwrap().path()).collect();
    pages.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    pages.sort();
    let (mut examples, mut compared, mut settled) = (0, 0, 0);
    for path in pages {
        let page = Page::read(&std::fs::read_to_string(&path).unwrap());
        for session in &page.checked {
            let program = Program::new(session.hir().clone());
            let (mut room, mut random) = (Room::default(), Random::new(7));
            let functions = session.functions();
            let scenarios = session.hir().scenarios.values().map(|scenario| Case {
                as_of: scenario.as_of,
                readings: scenario.readings.clone(),
                proposals: scenario.proposals.iter().copied().collect(),
                facts: scenario_facts(session.hir(), functions, scenario),
                functions,
            });
            let chances = (0..40).map(|_| Case { functions, ..chance(&mut random, &program) });
            for case in scenarios.chain(chances) {
                match compare(&program, &mut room, &case) {
                    Ok(counts) => {
                        compared += counts.compared;
                        settled += counts.settled;
                    }
                    Err(why) => panic!("{}: {why}", path.display()),
                }
            }
            examples += 1;
        }
    }
    assert!(examples >= 70 && compared > 3_000, "{examples} examples, {compared} decisions");
    assert!(settled * 3 > compared, "the scalar run settled only {settled} of {compared}");
}

/// The fuzz target (`tests/fuzz`), with bytes that look random.
#[test]
fn rules_and_facts_that_a_fuzzer_chose() {
    let mut random = Random::new(99);
    for length in (0..2_000).step_by(40) {
        let bytes: Vec<u8> =
            (0..length).map(|_| u8::try_from(random.below(256)).unwrap()).collect();
        fuzz(&bytes);
    }
}

/// More ways than are kept, and times at which none is looked for because few runs went one that is known.
#[test]
fn a_long_stream_is_decided_the_same_whatever_is_remembered() {
    let program = Program::new(checked(LADDER).unwrap());
    let (readings, proposals) = (BTreeMap::new(), BTreeSet::new());
    let request = Request {
        as_of: date_from_text("2026-01-01").unwrap(),
        readings: &readings,
        proposals: &proposals,
        functions: &NoFunctions,
    };
    let [mut fresh, mut remembering] = [FastScratch::default(), FastScratch::remembering()];
    let decisions = program.fast(request.as_of).unwrap().decisions().count();
    for (number, one) in transactions(40_000).iter().enumerate() {
        let record = program.encode(&one.facts(program.hir()));
        let whole = program.run_fast(&request, &record, &mut fresh).unwrap();
        // What comes twice goes a way that is known.
        for _ in 0..(if number < 5_000 { 1 } else { 2 }) {
            assert_eq!(program.run_fast(&request, &record, &mut remembering).unwrap(), whole);
            for place in 0..decisions {
                assert_eq!(remembering.settled(place), fresh.settled(place), "{one:?}");
                assert!(remembering.because(place).eq(fresh.because(place)), "{one:?}");
            }
        }
    }
}
