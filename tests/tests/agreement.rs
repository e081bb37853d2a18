//! One meaning: the program gives what the reference interpreter gives, on the policies with their
//! scenarios and on generated rule sets with generated facts, unknown ones included.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use exeat_eval::{Request, decide, scenario_facts};
use exeat_hir::{Determination, Facts, Functions, ModuleId, NoFunctions, ReadingId, RuleId};
use exeat_model::Date;
use exeat_program::{Answer, FastScratch, Program, Scratch, Settled};
use exeat_testing::{Random, checked, generate, repository};

/// What is asked, and of which facts.
struct Case<'a> {
    as_of: Date,
    readings: BTreeMap<ReadingId, usize>,
    proposals: BTreeSet<ModuleId>,
    facts: Facts,
    functions: &'a dyn Functions,
}

/// Compares all decisions.
fn compare(program: &Program, room: &mut Room, case: &Case<'_>) -> Result<Counts, String> {
    let hir = program.hir();
    let request = Request {
        as_of: case.as_of,
        readings: &case.readings,
        proposals: &case.proposals,
        facts: &case.facts,
    };
    let expected = decide(hir, case.functions, &request);
    let request = exeat_program::Request {
        as_of: case.as_of,
        readings: &case.readings,
        proposals: &case.proposals,
        functions: case.functions,
    };
    let record = program.record(&case.facts);
    let answers =
        program.run(&request, &record, &mut room.scratch).map_err(|why| why.what.clone())?;
    let mut counts = Counts::default();
    for (trace, (id, answer)) in expected.iter().zip(&answers) {
        assert_eq!(trace.decision, *id);
        let same = match (&trace.determination, answer) {
            (_, Answer::AskTheReference) => {
                counts.left += 1;
                true
            }
            (Determination::Value(value), Answer::Value(found)) => {
                *value == found.value
                    && trace.because == found.because
                    && trace.otherwise == found.otherwise
            }
            (Determination::NotNeeded, Answer::NotNeeded) => true,
            (Determination::Undetermined(why), Answer::Undetermined(possible)) => {
                why.possible == *possible
            }
            _ => false,
        };
        if !same {
            let name = &hir.decisions.get(*id).unwrap().name;
            return Err(format!(
                "`{name}` on {}:\nreference {:?} because {:?} otherwise {}\nprogram {answer:?}\nfacts {:?}\nreadings {:?}",
                case.as_of,
                trace.determination,
                trace.because,
                trace.otherwise,
                case.facts,
                case.readings
            ));
        }
        counts.compared += 1;
    }
    // The scalar run gives the same wherever it gives an answer.
    let encoded = program.encode(&case.facts);
    let whole = program.run_fast(&request, &encoded, &mut room.fast).unwrap();
    let Some(fast) = program.fast(case.as_of) else { return Ok(counts) };
    // To remember what was computed for others, and for this one, changes nothing.
    for _ in 0..2 {
        program.run_fast(&request, &encoded, &mut room.remembering).unwrap();
        for place in 0..expected.len() {
            let [one, other] = [&room.fast, &room.remembering];
            assert_eq!(one.settled(place), other.settled(place), "{:?}", case.facts);
            assert!(one.because(place).eq(other.because(place)), "{:?}", case.facts);
        }
    }
    let mut open = 0_usize;
    for (place, trace) in expected.iter().enumerate() {
        let settled = room.fast.settled(place);
        if settled == Settled::Open {
            open += 1;
            continue;
        }
        counts.settled += 1;
        let because: Vec<RuleId> = room.fast.because(place).collect();
        let same = match &trace.determination {
            Determination::Value(value) => {
                fast.value(place, settled).as_ref() == Some(value) && trace.because == because
            }
            Determination::NotNeeded => settled == Settled::NotNeeded,
            Determination::Undetermined(_) => false,
        };
        if !same {
            return Err(format!(
                "decision {place} on {}: reference {:?} because {:?}, scalar run {settled:?} because {because:?}, facts {:?}",
                case.as_of, trace.determination, trace.because, case.facts
            ));
        }
    }
    assert_eq!(whole, open == 0);
    Ok(counts)
}

/// What runs use again.
struct Room {
    scratch: Scratch,
    fast: FastScratch,
    remembering: FastScratch,
}

impl Room {
    fn new() -> Self {
        let (scratch, fast) = (Scratch::default(), FastScratch::default());
        Self { scratch, fast, remembering: FastScratch::remembering() }
    }
}

/// How many decisions were compared, how many the program left to the reference, and how many the scalar
/// run settled.
#[derive(Default)]
struct Counts {
    compared: usize,
    left: usize,
    settled: usize,
}

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
        let mut room = Room::new();
        for at in 0..FACTS {
            let unknown = *random.one(&[2, 4, 10, 1_000_000]);
            let mut readings = BTreeMap::new();
            for (id, reading) in program.hir().readings.iter() {
                if random.once_in(2) {
                    readings.insert(id, random.below(reading.choices.len()));
                }
            }
            let case = Case {
                as_of: generate::day(&mut random),
                readings,
                proposals: BTreeSet::new(),
                facts: generate::facts(&mut random, program.hir(), unknown),
                functions: &NoFunctions,
            };
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
        let mut room = Room::new();
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
    let mut room = Room::new();
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
