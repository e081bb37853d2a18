//! The diagrams of rules say of all transactions what the reference says of each.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use exeat_analyze::{Budget, ClassOutcome, Diagrams, Found, Search, Side, Space, Witness};
use exeat_eval::scenario_facts;
use exeat_hir::{Determination, Functions, NoFunctions, Possible, RuleStatus};
use exeat_model::Interval;
use exeat_program::Program;
use exeat_testing::{Random, checked, generate, repository};

/// Each epoch in a space of its own, with its diagrams.
fn spaces<'p>(program: &'p Program, functions: &'p dyn Functions) -> Vec<(Space<'p>, Diagrams)> {
    let sides = Side::over(program, functions, &Interval::ALWAYS).unwrap();
    let build = |side| {
        let mut space = Space::new(vec![side], Budget::USUAL).unwrap();
        let diagrams = Diagrams::build(&mut space, 0).unwrap();
        (space, diagrams)
    };
    sides.into_iter().map(build).collect()
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
        match &trace.determination {
            Determination::NotNeeded => assert!(!space.contains(&decision.needed, &place)),
            Determination::Value(value) => {
                assert!(space.contains(&decision.needed, &place), "needed: {witness:?}");
                assert!(!space.contains(&decision.touched, &place), "modelled: {witness:?}");
                let region = outcomes.region(value).unwrap();
                let computed = outcomes.class(&ClassOutcome::Computed).map(|class| &class.region);
                let mut regions = region.iter().chain(computed);
                let is = regions.any(|region| space.contains(region, &place));
                assert!(is, "{value:?} on {}: {witness:?}\n{trace:?}", side.some_day());
            }
            Determination::Undetermined(why) => match why.possible.as_slice() {
                [Possible::NotModelled] => assert!(space.contains(&decision.touched, &place)),
                [Possible::Conflict] => {
                    let class = outcomes.class(&ClassOutcome::Conflict);
                    assert!(class.is_some_and(|class| space.contains(&class.region, &place)));
                }
                // What is too coarse leaves more open than one outcome.
                _ => continue,
            },
        }
        for rule in &trace.rules {
            let Some(found) = decision.rule(rule.rule) else { continue };
            let region = match &rule.status {
                RuleStatus::Holds => (&found.holds, true),
                RuleStatus::ConditionFalse | RuleStatus::OtherReading => (&found.own, false),
                RuleStatus::NothingToExcept => (&found.applies, false),
                RuleStatus::DefeatedBy(_) => (&found.holds, false),
                _ => continue,
            };
            let (region, expected) = region;
            assert_eq!(space.contains(region, &place), expected, "{:?}: {witness:?}", rule.status);
        }
        if trace.otherwise {
            assert!(space.contains(&outcomes.silent, &place), "otherwise: {witness:?}");
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
        let spaces = spaces(&program, &NoFunctions);
        for _ in 0..30 {
            let facts = generate::facts(&mut random, program.hir(), usize::MAX);
            for (space, diagrams) in &spaces {
                let witness = witness(&space.sides[0], &facts, &mut random);
                compared += compare(space, diagrams, &witness);
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
        let (space, diagrams) = spaces(&program, &NoFunctions).pop().unwrap();
        let search = Search::new(&space);
        let side = &space.sides[0];
        for decision in &diagrams.decisions {
            let outcomes = decision.outcomes.as_ref().unwrap();
            for class in &outcomes.classes {
                let ClassOutcome::Value(wanted) = &class.outcome else { continue };
                let region = outcomes.region(wanted).unwrap().unwrap();
                let region = region.and(&decision.needed).unwrap();
                let region = region.without(&decision.touched).unwrap();
                let confirm = &mut |witness: &Witness| {
                    witness.decide(side).iter().any(|trace| {
                        trace.decision == decision.id
                            && trace.determination == Determination::Value(wanted.clone())
                    })
                };
                match search.find(&region, &decision.clear, &[0], confirm) {
                    Found::Witness(witness, _) => {
                        assert!(confirm(&witness));
                        found += 1;
                    }
                    Found::Nothing => {}
                    Found::NotDecided(gave) => {
                        lost.push(format!("seed {seed}: {wanted:?}: {gave:?}"));
                    }
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
    let mut compared = 0;
    for side in Side::over(&program, session.functions(), &Interval::ALWAYS).unwrap() {
        let days = side.epoch.days;
        let scenarios = session.hir().scenarios.values();
        let scenarios: Vec<_> = scenarios.filter(|one| days.contains(one.as_of)).collect();
        if scenarios.is_empty() {
            continue;
        }
        let mut space = Space::new(vec![side], Budget::USUAL).unwrap();
        let diagrams = Diagrams::build(&mut space, 0).unwrap();
        assert_eq!(diagrams.too_large, [], "{days}");
        let search = Search::new(&space);
        for scenario in scenarios {
            let facts = scenario_facts(session.hir(), session.functions(), scenario);
            let mut witness = witness(&space.sides[0], &facts, &mut Random::new(0));
            witness.readings.clear();
            for (id, choice) in &scenario.readings {
                let reading = session.hir().readings.get(*id).unwrap();
                let name = session.hir().full_name(reading.module, &reading.name);
                witness.readings.insert(name, reading.choices[*choice].name.clone());
            }
            witness.days.insert(0, scenario.as_of);
            search.complete(&mut witness, &[0]);
            compared += compare(&space, &diagrams, &witness);
        }
    }
    assert!(compared >= 150, "only {compared} decisions were compared");
}
