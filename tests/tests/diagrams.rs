//! The diagrams of rules say of all transactions what the reference says of each.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::collections::BTreeMap;

use exeat_analyze::{Budget, ClassOutcome, Diagrams, Found, Search, Side, Space, Witness};
use exeat_diagnostics::{SourceMap, render};
use exeat_eval::scenario_facts;
use exeat_hir::{Determination, Functions, Hir, NoFunctions, Possible, RuleStatus};
use exeat_model::{Interval, Value};
use exeat_program::Program;
use exeat_testing::{Random, generate, repository};

fn checked(text: &str) -> Result<Hir, String> {
    let mut sources = SourceMap::new();
    sources.add("generated.exeat", text.to_owned()).unwrap();
    let parsed = exeat_syntax::parse(text.to_owned(), 0);
    let result = exeat_check::check(exeat_check::Input {
        files: vec![exeat_check::SourceInput { parsed }],
        table_files: BTreeMap::new(),
        jurisdictions: &[],
    });
    match result.checked {
        Some(checked) => Ok(checked.hir().clone()),
        None => Err(render::plain(&result.diagnostics, &sources)),
    }
}

fn space<'p>(program: &'p Program, functions: &'p dyn Functions) -> (Space<'p>, Vec<Diagrams>) {
    let sides = Side::over(program, functions, &Interval::ALWAYS).unwrap();
    let count = sides.len();
    let mut space = Space::new(sides, Budget::USUAL).unwrap();
    let diagrams = (0..count).map(|side| Diagrams::build(&mut space, side).unwrap()).collect();
    (space, diagrams)
}

/// A transaction with all that the facts and the choices of a request say.
fn witness(side: &Side<'_>, facts: &exeat_hir::Facts, random: &mut Random) -> Witness {
    let mut witness = Witness::default();
    for slot in side.program.slots() {
        if let Some(value) = slot.value(facts) {
            witness.facts.insert(slot.path.clone(), value.clone());
        }
    }
    for reading in side.program.hir().readings.values() {
        let name = side.program.hir().full_name(reading.module, &reading.name);
        let choice = random.one(&reading.choices).name.clone();
        witness.readings.insert(name, choice);
    }
    witness
}

/// Compares what the reference says of one transaction with the diagrams. Gives how many decisions were
/// compared.
fn compare(space: &Space<'_>, diagrams: &Diagrams, witness: &Witness) -> usize {
    let side = &space.sides[diagrams.side];
    let Some(place) = space.locate(diagrams.side, witness) else { return 0 };
    if !space.contains(space.world(diagrams.side), &place) {
        return 0;
    }
    let mut compared = 0;
    for trace in witness.decide(side) {
        let decision = diagrams.decision(trace.decision).unwrap();
        let outcomes = decision.outcomes.as_ref().unwrap();
        let possible = match &trace.determination {
            Determination::Value(value) => Possible::Value(value.clone()),
            Determination::NotNeeded => Possible::NotNeeded,
            Determination::Undetermined(why) if why.possible.len() == 1 => why.possible[0].clone(),
            // What is too coarse leaves more open than one outcome: each of them may be.
            Determination::Undetermined(why) => {
                for possible in &why.possible {
                    let class = outcomes.class(&ClassOutcome::Settled(possible.clone()));
                    let may = class.is_some_and(|class| space.contains(&class.may, &place));
                    assert!(may, "{possible:?} is possible: {witness:?}");
                }
                continue;
            }
        };
        let class = outcomes.class(&ClassOutcome::Settled(possible.clone()));
        let is = class.is_some_and(|class| space.contains(&class.is, &place));
        assert!(is, "{possible:?} on {}: {witness:?}\n{trace:?}", side.some_day());
        for rule in &trace.rules {
            let Some(found) = decision.rule(rule.rule) else { continue };
            let region = match &rule.status {
                RuleStatus::Holds => &found.holds.yes,
                RuleStatus::ConditionFalse | RuleStatus::OtherReading => &found.own.no,
                RuleStatus::DefeatedBy(_) | RuleStatus::NothingToExcept => &found.holds.no,
                _ => continue,
            };
            assert!(space.contains(region, &place), "{:?}: {witness:?}", rule.status);
        }
        if trace.otherwise {
            assert!(space.contains(&outcomes.otherwise, &place), "otherwise: {witness:?}");
        }
        compared += 1;
    }
    compared
}

#[test]
fn generated_rules_and_facts() {
    let mut compared = 0;
    for seed in 0..60 {
        let mut random = Random::new(seed);
        let rules = 3 + random.below(9);
        let Ok(hir) = checked(&generate::rule_set(&mut random, rules)) else { continue };
        let program = Program::new(hir);
        let (space, diagrams) = space(&program, &NoFunctions);
        for _ in 0..30 {
            let facts = generate::facts(&mut random, program.hir(), usize::MAX);
            for diagrams in &diagrams {
                let side = &space.sides[diagrams.side];
                let witness = witness(side, &facts, &mut random);
                compared += compare(&space, diagrams, &witness);
            }
        }
    }
    assert!(compared >= 20_000, "only {compared} decisions were compared");
}

/// In a region that is not empty the search finds a transaction, nearly always.
#[test]
fn transactions_are_found() {
    let (mut found, mut lost) = (0, Vec::new());
    for seed in 0..60 {
        let mut random = Random::new(seed);
        let rules = 3 + random.below(9);
        let Ok(hir) = checked(&generate::rule_set(&mut random, rules)) else { continue };
        let program = Program::new(hir);
        let (space, diagrams) = space(&program, &NoFunctions);
        let search = Search::new(&space);
        let diagrams = diagrams.last().unwrap();
        let side = &space.sides[diagrams.side];
        for decision in &diagrams.decisions {
            for class in &decision.outcomes.as_ref().unwrap().classes {
                if class.is.is_empty() {
                    continue;
                }
                let ClassOutcome::Settled(Possible::Value(wanted)) = &class.outcome else {
                    continue;
                };
                let confirm = &mut |witness: &Witness| {
                    witness.decide(side).iter().any(|trace| {
                        trace.decision == decision.id
                            && trace.determination == Determination::Value(wanted.clone())
                    })
                };
                match search.find(&class.is, &[diagrams.side], confirm) {
                    Found::Witness(witness, _) => {
                        assert!(confirm(&witness));
                        found += 1;
                    }
                    other => lost.push(format!("seed {seed}: {wanted:?}: {other:?}")),
                }
            }
        }
    }
    assert!(lost.len() * 50 < found, "{found} found, lost {}:\n{}", lost.len(), lost.join("\n"));
}

#[test]
fn the_policies_and_their_scenarios() {
    let session = repository().unwrap();
    let program = Program::new(session.hir().clone());
    let (space, diagrams) = space(&program, session.functions());
    let mut compared = 0;
    for scenario in session.hir().scenarios.values() {
        let facts = scenario_facts(session.hir(), session.functions(), scenario);
        for diagrams in &diagrams {
            let side = &space.sides[diagrams.side];
            if side.epoch.days.contains(scenario.as_of) {
                let mut witness = witness(side, &facts, &mut Random::new(0));
                witness.readings.clear();
                for (id, choice) in &scenario.readings {
                    let reading = session.hir().readings.get(*id).unwrap();
                    let name = session.hir().full_name(reading.module, &reading.name);
                    witness.readings.insert(name, reading.choices[*choice].name.clone());
                }
                witness.days.insert(side.calendar, scenario.as_of);
                compared += compare(&space, diagrams, &witness);
            }
        }
    }
    // Scenarios leave open what does not matter, so that most of them have no place.
    println!("{compared} compared");
    let _ = Value::YesNo(true);
}
