//! What is said of two versions of generated rules is what the reference says of sampled transactions: where
//! a sample changes that both determine, the decision is not said to be the same, and each example changes as it says.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::collections::{BTreeMap, BTreeSet};

use exeat_analyze::{Budget, Comparison, Version, differences};
use exeat_eval::{Request, decide};
use exeat_hir::{DecisionTrace, Determination, Hir, NoFunctions};
use exeat_model::{Interval, date_from_text};
use exeat_program::Program;
use exeat_testing::{Random, checked, generate};

const PAIRS: u64 = 400;
const SAMPLES: usize = 40;

fn says(hir: &Hir, trace: &DecisionTrace) -> String {
    match &trace.determination {
        Determination::Value(value) => {
            exeat_eval::describe_value(hir, value, &hir.decisions.get(trace.decision).unwrap().ty)
        }
        Determination::NotNeeded => "not needed".to_owned(),
        Determination::Undetermined(_) => "undetermined".to_owned(),
    }
}

#[test]
fn differences_are_those_of_the_reference() {
    let (mut pairs, mut changes, mut same, mut undecided, mut samples) = (0, 0, 0, 0, 0);
    for seed in 0..PAIRS {
        let mut random = Random::new(seed);
        let rules = 3 + random.below(6);
        let text = generate::rule_set(&mut random, rules);
        let Some(other) = generate::changed(&text, &mut random) else { continue };
        let (Ok(old), Ok(new)) = (checked(&text), checked(&other)) else { continue };
        let day = generate::day(&mut random);
        let (before, after) = (Program::new(old), Program::new(new));
        let none = BTreeSet::new();
        let version = |program| Version { program, functions: &NoFunctions, proposals: &none };
        let over = Interval { from: Some(day), until: day.tomorrow().ok() };
        let wanted = Comparison { over, budget: Budget::USUAL, decisions: BTreeSet::new() };
        let found = differences(version(&before), version(&after), &wanted).unwrap();
        pairs += 1;
        same += found.same.len();
        undecided += found.undecided.len();
        for change in &found.changes {
            let (one, two) = (&change.example.before, &change.example.after);
            assert_ne!(says(before.hir(), one), says(after.hir(), two), "seed {seed}");
            changes += 1;
        }
        for _ in 0..SAMPLES {
            let facts = generate::facts(&mut random, before.hir(), 1_000_000);
            let mut readings = BTreeMap::new();
            for (id, reading) in before.hir().readings.iter() {
                readings.insert(id, random.below(reading.choices.len()));
            }
            let request =
                Request { as_of: day, readings: &readings, proposals: &none, facts: &facts };
            let first = decide(before.hir(), &NoFunctions, &request);
            let second = decide(after.hir(), &NoFunctions, &request);
            samples += 1;
            for (one, two) in first.iter().zip(&second) {
                let (one_says, two_says) = (says(before.hir(), one), says(after.hir(), two));
                let decision = before.hir().decisions.get(one.decision).unwrap();
                let name = before.hir().full_name(decision.module, &decision.name);
                let determined = !matches!(one.determination, Determination::Undetermined(_))
                    && !matches!(two.determination, Determination::Undetermined(_));
                assert!(
                    !determined || one_says == two_says || !found.same.contains(&name),
                    "seed {seed}: `{name}` is said to be the same, but {one_says} becomes {two_says}\n{facts:?}\n{text}\n{other}"
                );
            }
        }
    }
    println!(
        "{pairs} pairs, {changes} changes, {same} the same, {undecided} undecided, {samples} samples"
    );
    assert!(pairs >= 150 && changes >= 50 && same >= 300, "{pairs} pairs, {changes} changes");
}

/// Elements of lists of different records have the fields of their own list, whatever else names an element.
#[test]
fn elements_are_described_by_their_own_list() {
    const RULES: &str = r#"edition 2026

module lists {
    title "Lists"
    cite  "Act"
}

scale answer { free forbidden }

record box {
    pieces : number
    sealed : yes_no
}
record party {
    blocked : yes_no
    known   : yes_no
}

fact boxes : list of box
fact parties : list of party
fact seller : party

decision permit : answer { combine strictest otherwise free cite "Act" }

rule heavy {
    title "Heavy"
    cite  "Article 1"
    when  (any box in boxes where (box.pieces > 5 and box.sealed))
    and   not (any party in [seller, each of parties] where (party.known and not party.blocked))
    then  permit is forbidden
}
"#;
    let old = checked(RULES).unwrap();
    let new = checked(&RULES.replace("permit is forbidden", "permit is free")).unwrap();
    let (before, after) = (Program::new(old), Program::new(new));
    let none = BTreeSet::new();
    let version = |program| Version { program, functions: &NoFunctions, proposals: &none };
    let day = date_from_text("2026-01-01").unwrap();
    let over = Interval { from: Some(day), until: day.tomorrow().ok() };
    let wanted = Comparison { over, budget: Budget::USUAL, decisions: BTreeSet::new() };
    let found = differences(version(&before), version(&after), &wanted).unwrap();
    let regions = found.changes.iter().flat_map(|change| &change.regions);
    let regions: Vec<String> = regions.map(|region| region.join("\n")).collect();
    insta::assert_snapshot!(regions.join("\n\n"));
}
