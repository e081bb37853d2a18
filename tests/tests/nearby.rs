//! Questions about one transaction, on generated rules: what forces an outcome forces it, what turns it turns
//! it, and nothing smaller does.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use std::collections::{BTreeMap, BTreeSet};

use exeat_analyze::{ChangedTo, Ground, Limits, Turn, Wanted};
use exeat_eval::{Request, decide};
use exeat_hir::{DecisionId, Determination, Facts, Hir, NoFunctions, Possible, Ty};
use exeat_model::{Date, Number, Value};
use exeat_program::{Cells, Program, Slot, Source};
use exeat_testing::{Random, checked, generate};

const LIMITS: Limits = Limits { facts: 2, changes: 200, runs: 60_000 };

struct Case {
    program: Program,
    as_of: Date,
    facts: Facts,
}

impl Case {
    fn of(random: &mut Random, rules: usize, unknown_once_in: usize) -> Option<Self> {
        let hir = checked(&generate::rule_set(random, rules)).ok()?;
        let facts = generate::facts(random, &hir, unknown_once_in);
        let as_of = generate::day(random);
        Some(Self { program: Program::new(hir), as_of, facts })
    }

    fn hir(&self) -> &Hir {
        self.program.hir()
    }

    /// All that a decision can come to for some facts, by the reference.
    fn left(&self, facts: &Facts, decision: DecisionId) -> Vec<Possible> {
        let (readings, proposals) = (BTreeMap::new(), BTreeSet::new());
        let request =
            Request { as_of: self.as_of, readings: &readings, proposals: &proposals, facts };
        let traces = decide(self.hir(), &NoFunctions, &request);
        let trace = traces.into_iter().find(|trace| trace.decision == decision).unwrap();
        match trace.determination {
            Determination::Value(value) => vec![Possible::Value(value)],
            Determination::NotNeeded => vec![Possible::NotNeeded],
            Determination::Undetermined(why) => why.possible,
        }
    }

    fn ask<T>(&self, ask: impl FnOnce(&mut Ground<'_>) -> T) -> Option<T> {
        let (readings, proposals) = (BTreeMap::new(), BTreeSet::new());
        let facts = &self.facts;
        let request =
            Request { as_of: self.as_of, readings: &readings, proposals: &proposals, facts };
        let mut ground = Ground::new(&self.program, &NoFunctions, &request, Vec::new()).ok()?;
        Some(ask(&mut ground))
    }

    fn slot(&self, path: &str) -> &Slot {
        self.program.slots().iter().find(|slot| slot.path == path).unwrap()
    }

    fn turned(&self, turn: &Turn) -> Facts {
        let mut facts = self.facts.clone();
        for fact in &turn.facts {
            let ChangedTo::Value { to, from, .. } = &fact.to else { panic!("no catalogue here") };
            let slot = self.slot(&fact.path);
            assert_eq!(slot.value(&self.facts), from.as_ref());
            assert_ne!(Some(to), from.as_ref());
            facts.set_path(self.hir(), slot.fact, &slot.fields, to.clone());
        }
        facts
    }

    /// Values that the rules can tell apart by this fact alone: all of a type with few, the points of numbers and
    /// dates and what lies beside them.
    fn values(&self, slot: &Slot) -> Vec<Value> {
        let epoch = self.program.epoch(self.as_of).unwrap();
        let number = self.program.slots().iter().position(|one| one == slot).unwrap();
        let source = Source::Slot(u32::try_from(number).unwrap());
        let mut found = BTreeSet::new();
        match &slot.ty {
            Ty::YesNo => found.extend([Value::YesNo(false), Value::YesNo(true)]),
            Ty::Enum(id) => {
                let values = &self.hir().enums.get(*id).unwrap().values;
                found.extend(values.iter().map(|one| Value::Symbol(one.name.clone())));
            }
            _ => {}
        }
        for column in epoch.columns.iter().filter(|column| column.source == source) {
            let Cells::Ordered(points) = &column.cells else { continue };
            for point in points {
                found.insert(point.clone());
                if let Value::Number(point) = point {
                    let one = Number::ONE;
                    found.insert(Value::Number(point.checked_add(one).unwrap()));
                    found.insert(Value::Number(point.checked_sub(one).unwrap()));
                }
                if let Value::Date(point) = point {
                    found.insert(Value::Date(point.tomorrow().unwrap()));
                    found.insert(Value::Date(point.yesterday().unwrap()));
                }
            }
        }
        found.into_iter().collect()
    }

    /// Whether a change of one fact makes the outcome settled and another.
    fn some_single_turn(&self, decision: DecisionId, now: &[Possible]) -> Option<String> {
        for slot in self.program.slots() {
            for value in self.values(slot) {
                let mut facts = self.facts.clone();
                facts.set_path(self.hir(), slot.fact, &slot.fields, value.clone());
                let after = self.left(&facts, decision);
                if after.len() == 1 && after != now {
                    return Some(format!("{} = {value:?} gives {after:?}", slot.path));
                }
            }
        }
        None
    }
}

fn each_case(seed: u64, count: usize, unknown_once_in: usize, check: &mut dyn FnMut(&Case)) {
    let mut random = Random::new(seed);
    let mut asked = 0;
    while asked < count {
        let rules = random.below(8).saturating_add(3);
        let Some(case) = Case::of(&mut random, rules, unknown_once_in) else { continue };
        if case.program.epoch(case.as_of).is_err() {
            continue;
        }
        check(&case);
        asked += 1;
    }
}

#[test]
fn what_forces_an_outcome_forces_it_whatever_the_rest_is() {
    let mut random = Random::new(7);
    let mut forced_sets = 0;
    each_case(1, 60, 9, &mut |case| {
        for (decision, _) in case.hir().decisions.iter() {
            let now = case.left(&case.facts, decision);
            let Some(forced) = case.ask(|ground| ground.why(decision)).unwrap() else { continue };
            assert_eq!(now, std::slice::from_ref(&forced.outcome));
            forced_sets += 1;
            let kept = |facts: &mut Facts, without: Option<&str>| {
                for (path, _, value) in &forced.facts {
                    let slot = case.slot(path);
                    if Some(path.as_str()) == without {
                        facts.remove_path(case.hir(), slot.fact, &slot.fields);
                    } else {
                        facts.set_path(case.hir(), slot.fact, &slot.fields, value.clone());
                    }
                }
            };
            // Alone, and among other facts.
            let mut alone = Facts::default();
            kept(&mut alone, None);
            assert_eq!(case.left(&alone, decision), now);
            for _ in 0..4 {
                let mut others = generate::facts(&mut random, case.hir(), 4);
                kept(&mut others, None);
                assert_eq!(case.left(&others, decision), now, "{forced:?}");
            }
            // None can be left out.
            for (path, _, _) in &forced.facts {
                let mut less = Facts::default();
                kept(&mut less, Some(path));
                assert_ne!(case.left(&less, decision), now, "{path} is not needed");
            }
        }
    });
    assert!(forced_sets > 100, "{forced_sets}");
}

#[test]
fn what_turns_an_outcome_turns_it_and_nothing_smaller_does() {
    let (mut turns, mut none) = (0, 0);
    each_case(2, 150, 1_000, &mut |case| {
        for (decision, _) in case.hir().decisions.iter() {
            let now = case.left(&case.facts, decision);
            if now.len() != 1 {
                continue;
            }
            let changes =
                case.ask(|ground| ground.changes(decision, &Wanted::Another, LIMITS)).unwrap();
            for turn in &changes.found {
                let after = case.left(&case.turned(turn), decision);
                assert_eq!(after.len(), 1, "{turn:?}");
                assert_ne!(after, now, "{turn:?}");
                turns += 1;
            }
            let size = changes.found.first().map(|turn| turn.facts.len());
            assert!(changes.found.iter().all(|turn| Some(turn.facts.len()) == size));
            if size != Some(1) && !changes.ran_out {
                assert_eq!(case.some_single_turn(decision, &now), None, "{changes:?}");
                none += 1;
            }
        }
    });
    assert!(turns > 200 && none > 5, "{turns} {none}");
}

#[test]
fn an_outcome_that_is_wanted_is_given_by_what_is_found() {
    let mut given = 0;
    each_case(3, 40, 12, &mut |case| {
        for (decision, found) in case.hir().decisions.iter() {
            let Some(wanted) = found.otherwise.clone() else { continue };
            let wanted = Wanted::Outcome(wanted);
            let changes = case.ask(|ground| ground.changes(decision, &wanted, LIMITS)).unwrap();
            for turn in &changes.found {
                let after = case.left(&case.turned(turn), decision);
                let [Possible::Value(value)] = after.as_slice() else { panic!("{after:?}") };
                match (&wanted, value) {
                    (Wanted::Outcome(Value::Outcome(a)), Value::Outcome(b)) => {
                        assert_eq!(a.rank, b.rank);
                    }
                    (Wanted::Outcome(a), b) => assert_eq!(a, b),
                    _ => {}
                }
                given += 1;
            }
        }
    });
    assert!(given > 50, "{given}");
}

#[test]
fn a_question_that_is_not_asked_cannot_matter() {
    let mut random = Random::new(11);
    let mut left_out = 0;
    each_case(4, 60, 2, &mut |case| {
        let decisions: BTreeSet<DecisionId> =
            case.hir().decisions.iter().map(|(id, _)| id).collect();
        let unknown: Vec<&Slot> =
            case.program.slots().iter().filter(|slot| slot.value(&case.facts).is_none()).collect();
        let paths: Vec<String> = unknown.iter().map(|slot| slot.path.clone()).collect();
        let asked = case.ask(|ground| ground.next_questions(&decisions, &paths)).unwrap();
        let idle: Vec<&&Slot> =
            unknown.iter().filter(|slot| !asked.iter().any(|one| one.path == slot.path)).collect();
        for slot in idle {
            left_out += 1;
            // Everything else is answered at random; then the values of this fact make no difference.
            for _ in 0..4 {
                let mut facts = case.facts.clone();
                let others = generate::facts(&mut random, case.hir(), 1_000);
                for other in unknown.iter().filter(|other| other.path != slot.path) {
                    if let Some(value) = other.value(&others) {
                        facts.set_path(case.hir(), other.fact, &other.fields, value.clone());
                    }
                }
                let mut seen = BTreeSet::new();
                for value in case.values(slot) {
                    facts.set_path(case.hir(), slot.fact, &slot.fields, value);
                    let all: Vec<_> = decisions.iter().map(|id| case.left(&facts, *id)).collect();
                    seen.insert(all);
                }
                assert!(seen.len() <= 1, "{} matters: {seen:?}", slot.path);
            }
        }
    });
    assert!(left_out > 20, "{left_out}");
}
