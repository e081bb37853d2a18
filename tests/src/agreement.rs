//! One meaning: the program gives what the reference interpreter gives, its scalar run where it settles anything.

use std::collections::{BTreeMap, BTreeSet};

use exeat_eval::{Request, decide};
use exeat_hir::{Determination, Facts, Functions, ModuleId, NoFunctions, ReadingId, RuleId};
use exeat_model::Date;
use exeat_program::{Answer, FastScratch, Program, Scratch, Settled};
use exeat_testing::{Random, checked, generate};

/// What is asked, and of which facts.
pub struct Case<'a> {
    /// The day.
    pub as_of: Date,
    /// The choices of readings.
    pub readings: BTreeMap<ReadingId, usize>,
    /// The proposals that decide.
    pub proposals: BTreeSet<ModuleId>,
    /// What is known.
    pub facts: Facts,
    /// The functions of jurisdictions.
    pub functions: &'a dyn Functions,
}

/// Compares all decisions.
///
/// # Errors
/// Where they differ, in words.
pub fn compare(program: &Program, room: &mut Room, case: &Case<'_>) -> Result<Counts, String> {
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
        assert_eq!(program.run_fast(&request, &encoded, &mut room.remembering).unwrap(), whole);
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
pub struct Room {
    scratch: Scratch,
    fast: FastScratch,
    remembering: FastScratch,
}

impl Default for Room {
    fn default() -> Self {
        let (scratch, fast) = (Scratch::default(), FastScratch::default());
        Self { scratch, fast, remembering: FastScratch::remembering() }
    }
}

/// How many decisions were compared, how many the program left to the reference, and how many the scalar
/// run settled.
#[derive(Default)]
pub struct Counts {
    /// Compared.
    pub compared: usize,
    /// Left to the reference by the program.
    pub left: usize,
    /// Settled by the scalar run.
    pub settled: usize,
}

/// What is asked of generated rules: a day, readings and facts as chance has them, some of them unknown.
pub fn chance(random: &mut Random, program: &Program) -> Case<'static> {
    let unknown = *random.one(&[2, 4, 10, 1_000_000]);
    let mut readings = BTreeMap::new();
    for (id, reading) in program.hir().readings.iter() {
        if random.once_in(2) {
            readings.insert(id, random.below(reading.choices.len()));
        }
    }
    Case {
        as_of: generate::day(random),
        readings,
        proposals: BTreeSet::new(),
        facts: generate::facts(random, program.hir(), unknown),
        functions: &NoFunctions,
    }
}

/// Rules and facts that a fuzzer chose, byte by byte: all ways of deciding have to agree.
pub fn fuzz(bytes: &[u8]) {
    let mut random = Random::chosen(bytes);
    let rules = 3 + random.below(9);
    let text = generate::rule_set(&mut random, rules);
    // What is refused with reason has no meaning to agree on.
    let Ok(hir) = checked(&text) else { return };
    let program = Program::new(hir);
    let mut room = Room::default();
    for _ in 0..8 {
        let case = chance(&mut random, &program);
        if let Err(why) = compare(&program, &mut room, &case) {
            panic!("{why}\n{text}");
        }
    }
}
