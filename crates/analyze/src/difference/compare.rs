//! One stretch of days: the outcomes of both sides against each other.

use std::collections::BTreeSet;

use exeat_eval::{describe_possible, describe_value, with_those_read};
use exeat_hir::{DecisionId, DecisionTrace, Determination, Hir, Possible, Ty};
use exeat_model::{Effect, Interval, Value};
use exeat_program::RuleValue;

use super::{Asked, Change, ChangeExample, Direction, Found as Known};
use crate::budget::TooLarge;
use crate::diagrams::{DecisionDiagrams, Diagrams};
use crate::outcomes::{Beside, bare, with_beside};
use crate::region::Region;
use crate::search::{Found, Gave, Search, Seeds};
use crate::shrink::Shrinking;
use crate::space::{Case, Space};
use crate::witness::Witness;
use crate::words::{At, describe_node};

/// How many kinds of transactions of a class are named.
const MOST_REGIONS: usize = 3;

/// What a decision comes to for the transactions of a class.
#[derive(Clone, Debug)]
pub(super) struct Class {
    /// Without labels and elements. None for a value that the rules compute from facts.
    pub(super) possible: Option<Possible>,
    pub(super) region: Region,
    /// The labels or elements that may stand beside it, and where they do.
    pub(super) beside: Vec<Beside>,
}

/// A label or element that comes or goes beside the same outcome.
pub(super) struct Turn<'a> {
    pub(super) value: &'a Value,
    pub(super) comes: bool,
}

/// What both sides come to for one decision.
pub(super) struct Pair<'a> {
    pub(super) name: &'a str,
    pub(super) ids: (DecisionId, DecisionId),
    /// All the days for which the question is answered.
    pub(super) days: &'a [Interval],
    pub(super) before: &'a DecisionDiagrams,
    pub(super) after: &'a DecisionDiagrams,
}

/// Compares all decisions on the days of a space with two sides.
pub(super) fn compare(mut space: Space<'_>, seeds: &Seeds, asked: &[Asked<'_>], known: &mut Known) {
    let built = Diagrams::build(&mut space, 0)
        .and_then(|before| Ok((before, Diagrams::build(&mut space, 1)?)));
    let (before, after) = match built {
        Ok(built) => built,
        Err(why) => {
            for one in asked {
                known.undecided(one.name, None, &one.days, Gave::TooLarge(why));
            }
            return;
        }
    };
    let search = Search::from(&space, seeds.clone());
    for Asked { name, ids, days } in asked {
        let (Some(first), Some(second)) = (before.decision(ids.0), after.decision(ids.1)) else {
            let gave = [&before, &after]
                .into_iter()
                .flat_map(|one| &one.too_large)
                .find(|(id, _)| *id == ids.0 || *id == ids.1)
                .map_or(TooLarge::Diagrams, |(_, why)| *why);
            known.undecided(name, None, days, Gave::TooLarge(gave));
            continue;
        };
        let pair = Pair { name, ids: *ids, days, before: first, after: second };
        if let Err(why) = pair.compare(&space, &search, known) {
            known.undecided(name, None, days, Gave::TooLarge(why));
        }
    }
}

impl Pair<'_> {
    fn compare(
        &self,
        space: &Space<'_>,
        search: &Search<'_, '_>,
        known: &mut Known,
    ) -> Result<(), TooLarge> {
        let world = space.world(0).and(space.world(1))?;
        let (before, after) = (classes(self.before, &world)?, classes(self.after, &world)?);
        for first in &before {
            for second in &after {
                let both = first.region.and(&second.region)?;
                if both.is_empty() {
                    continue;
                }
                if self.alike(space, first, second) {
                    self.compare_beside(space, search, known, (first, second), &both)?;
                } else {
                    self.change(space, search, known, (first, second, None), &both)?;
                }
            }
        }
        Ok(())
    }

    /// Where both come to the same, but for a label or element. There may be many of these and any of them
    /// together: each is asked about by itself.
    fn compare_beside(
        &self,
        space: &Space<'_>,
        search: &Search<'_, '_>,
        known: &mut Known,
        (first, second): (&Class, &Class),
        both: &Region,
    ) -> Result<(), TooLarge> {
        let values: BTreeSet<&Value> =
            first.beside.iter().chain(&second.beside).map(|one| &one.value).collect();
        for value in values {
            let region = |class: &Class| {
                let found = class.beside.iter().find(|one| one.value == *value);
                found.map_or_else(|| space.nothing(), |one| one.region.clone())
            };
            let (had, has) = (region(first), region(second));
            for (comes, turned) in [(true, has.without(&had)?), (false, had.without(&has)?)] {
                let turned = turned.and(both)?;
                if !turned.is_empty() {
                    let turn = Some(Turn { value, comes });
                    self.change(space, search, known, (first, second, turn), &turned)?;
                }
            }
        }
        Ok(())
    }

    /// Whether both say the same, whatever their programs call it inside. Values that are computed are the
    /// same if they are computed in the same words.
    pub(super) fn alike(&self, space: &Space<'_>, first: &Class, second: &Class) -> bool {
        match (&first.possible, &second.possible) {
            (None, None) => computed(space, 0, self.ids.0) == computed(space, 1, self.ids.1),
            (Some(_), Some(_)) => self.words(space, 0, first) == self.words(space, 1, second),
            _ => false,
        }
    }

    fn words(&self, space: &Space<'_>, side: usize, class: &Class) -> String {
        let Some(found) = space.sides.get(side) else { return String::new() };
        let (hir, id) = (found.program.hir(), if side == 0 { self.ids.0 } else { self.ids.1 });
        match &class.possible {
            Some(possible) => describe_possible(hir, possible, &type_of(hir, id)),
            None => "a value that is computed".to_owned(),
        }
    }

    /// The same with or without a label or element.
    pub(super) fn words_with(
        &self,
        space: &Space<'_>,
        side: usize,
        class: &Class,
        beside: Option<(&Value, bool)>,
    ) -> String {
        let plain = self.words(space, side, class);
        let (Some((value, there)), Some(possible)) = (beside, &class.possible) else {
            return plain;
        };
        let with = Class { possible: Some(with_beside(possible, value)), ..class.clone() };
        let with = self.words(space, side, &with);
        if there { with } else { format!("not {with}") }
    }

    /// Looks for a transaction of a class that changes.
    fn change(
        &self,
        space: &Space<'_>,
        search: &Search<'_, '_>,
        known: &mut Known,
        (first, second, turn): (&Class, &Class, Option<Turn<'_>>),
        both: &Region,
    ) -> Result<(), TooLarge> {
        let has = |after: bool| turn.as_ref().map(|turn| (turn.value, turn.comes == after));
        let before = self.words_with(space, 0, first, has(false));
        let after = self.words_with(space, 1, second, has(true));
        // On other days the class may be another one.
        let (regions, more) = kinds(space, both)?;
        let key = (self.name.to_owned(), before.clone(), after.clone(), regions.clone());
        let mut traces: Option<(DecisionTrace, DecisionTrace)> = None;
        let mut confirm = |witness: &Witness| {
            let seen = self.shown(space, (first, second, turn.as_ref()), witness);
            let wanted = seen.is_some();
            if wanted {
                traces = seen;
            }
            wanted
        };
        let again = known.changes.get(&key).map(|change| {
            let mut witness = change.example.witness.clone();
            if let Some(days) = space.sides.first().map(|side| side.epoch.days) {
                witness.days.insert(0, crate::space::some_day(&days));
            }
            witness
        });
        let absurd = |witness: &Witness| space.sides.iter().any(|side| witness.is_absurd(side));
        // What shows it on other days mostly shows it on these.
        if let Some(witness) = again
            && confirm(&witness)
            && !absurd(&witness)
        {
            if let Some(change) = known.changes.get_mut(&key) {
                change.days.extend(self.days);
            }
            return Ok(());
        }
        let likely = self.before.clear.and(&self.after.clear)?;
        let known_one = search.find_known(both, &[0, 1], &mut confirm);
        let found = match known_one {
            Some(witness) => Found::Witness(Box::new(witness), Case::default()),
            None => search.find(both, &likely, &[0, 1], &mut confirm),
        };
        let witness = match found {
            Found::Witness(witness, _) => self.small(space, *witness, &mut confirm),
            Found::Nothing => return Ok(()),
            Found::NotDecided(gave) => {
                known.undecided(self.name, Some((before, after)), self.days, gave);
                return Ok(());
            }
        };
        let Some((one, other)) = traces else { return Ok(()) };
        let as_of = space.sides.get(1).map_or(exeat_model::Date::ZERO, |side| witness.day(side));
        let direction = direction(space, &one, &other);
        let facts = facts_in_words(space, &witness);
        let example = ChangeExample { as_of, witness, facts, before: one, after: other };
        let entry = known.changes.entry(key).or_insert_with(|| Change {
            decision: self.name.to_owned(),
            ids: self.ids,
            direction,
            before,
            after,
            regions,
            more,
            days: Vec::new(),
            example,
        });
        entry.days.extend(self.days);
        Ok(())
    }

    /// A transaction without what the change does not depend on.
    fn small(
        &self,
        space: &Space<'_>,
        witness: Witness,
        confirm: &mut dyn FnMut(&Witness) -> bool,
    ) -> Witness {
        let about = self.read(space).into_iter().flatten().collect();
        let asked = BTreeSet::new();
        let sides = space.sides.iter().collect();
        let determinations = |witness: &Witness| {
            let (one, other) = self.traces(space, witness)?;
            Some((one.determination, other.determination))
        };
        // What is left open for want of facts shows another change than one that is open in spite of all.
        let whole = determinations(&witness);
        let small = Shrinking {
            sides,
            about: &about,
            asked: &asked,
            confirm: &mut |less| determinations(less) == whole && confirm(less),
        };
        let small = small.shrink(witness);
        // What was confirmed last is what is shown.
        confirm(&small);
        small
    }

    /// What the reference says of a transaction on both sides, if it is of these classes and changes.
    pub(super) fn shown(
        &self,
        space: &Space<'_>,
        (first, second, turn): (&Class, &Class, Option<&Turn<'_>>),
        witness: &Witness,
    ) -> Option<(DecisionTrace, DecisionTrace)> {
        let (one, other) = self.traces(space, witness)?;
        let says = |class: &Class, trace: &DecisionTrace| {
            let possible = class.possible.as_ref();
            possible.is_none_or(|possible| comes_to(&trace.determination, possible))
        };
        let turned = turn.is_none_or(|turn| {
            stands_beside(&one, turn.value) != turn.comes
                && stands_beside(&other, turn.value) == turn.comes
        });
        let changes = says(first, &one)
            && says(second, &other)
            && turned
            && Self::spoken(space, 0, &one) != Self::spoken(space, 1, &other);
        changes.then_some((one, other))
    }

    /// What the reference says of a transaction on both sides.
    fn traces(
        &self,
        space: &Space<'_>,
        witness: &Witness,
    ) -> Option<(DecisionTrace, DecisionTrace)> {
        let [first, second] = self.read(space);
        let one = |side: usize, id: DecisionId, about: &BTreeSet<DecisionId>| {
            let traces = witness.decide_these(space.sides.get(side)?, about);
            traces.into_iter().find(|trace| trace.decision == id)
        };
        Some((one(0, self.ids.0, &first)?, one(1, self.ids.1, &second)?))
    }

    /// The decision with those that it reads, on both sides.
    fn read(&self, space: &Space<'_>) -> [BTreeSet<DecisionId>; 2] {
        [(0, self.ids.0), (1, self.ids.1)].map(|(side, id)| {
            let side = space.sides.get(side);
            side.map_or_else(BTreeSet::new, |side| with_those_read(side.program.hir(), [id]))
        })
    }

    /// What was decided, in words that do not depend on the program.
    fn spoken(space: &Space<'_>, side: usize, trace: &DecisionTrace) -> String {
        let Some(found) = space.sides.get(side) else { return String::new() };
        let hir = found.program.hir();
        match &trace.determination {
            Determination::Value(value) => {
                describe_value(hir, value, &type_of(hir, trace.decision))
            }
            Determination::NotNeeded => "not needed".to_owned(),
            Determination::Undetermined(_) => "undetermined".to_owned(),
        }
    }
}

/// How the rules of a decision compute values, in words, by the names of the rules.
fn computed(space: &Space<'_>, side: usize, decision: DecisionId) -> BTreeSet<(String, String)> {
    let Some(found) = space.sides.get(side) else { return BTreeSet::new() };
    let hir = found.program.hir();
    let lowered = found.epoch.decisions.iter().find(|one| one.id == decision);
    let rules = lowered.into_iter().flat_map(|one| &one.rules);
    rules
        .filter_map(|rule| match rule.value {
            RuleValue::Node(node) => {
                let named = hir.rules.get(rule.id)?;
                let name = hir.full_name(named.module, &named.name);
                Some((name, describe_node(found, node, At::TOP)))
            }
            _ => None,
        })
        .collect()
}

fn type_of(hir: &Hir, decision: DecisionId) -> Ty {
    hir.decisions.get(decision).map_or(Ty::Error, |one| one.ty.clone())
}

/// All that a decision comes to in the world, and where.
pub(super) fn classes(decision: &DecisionDiagrams, world: &Region) -> Result<Vec<Class>, TooLarge> {
    let mut found = Vec::new();
    let mut add = |possible: Option<Possible>, region: Region, beside: Vec<Beside>| {
        if !region.is_empty() {
            found.push(Class { possible, region, beside });
        }
    };
    let needed = world.and(&decision.needed)?;
    add(Some(Possible::NotNeeded), world.without(&decision.needed)?, Vec::new());
    add(Some(Possible::NotModelled), needed.and(&decision.touched)?, Vec::new());
    let plain = needed.without(&decision.touched)?;
    let outcomes = decision.outcomes.as_ref().map_err(|why| *why)?;
    for class in &outcomes.classes {
        for (possible, region) in class.split(Some(&BTreeSet::new()), class.region.clone(), 1)? {
            add(possible, region.and(&plain)?, class.beside.clone());
        }
    }
    Ok(found)
}

/// Whether a label or element stands beside an outcome.
fn stands_beside(trace: &DecisionTrace, wanted: &Value) -> bool {
    match &trace.determination {
        Determination::Value(value) => bare(value).1.contains(wanted),
        _ => false,
    }
}

/// Whether a determination is what a class says.
fn comes_to(determination: &Determination, possible: &Possible) -> bool {
    match (determination, possible) {
        (Determination::Value(value), Possible::Value(wanted)) => bare(value).0 == *wanted,
        (Determination::Undetermined(why), Possible::NotModelled) => !why.not_modelled.is_empty(),
        (Determination::Undetermined(why), Possible::Conflict) => !why.conflict.is_empty(),
        (Determination::NotNeeded, Possible::NotNeeded)
        | (Determination::Undetermined(_), Possible::Error) => true,
        _ => false,
    }
}

/// Kinds of transactions of a region; and whether there are more.
fn kinds(space: &Space<'_>, region: &Region) -> Result<(Vec<Vec<String>>, bool), TooLarge> {
    let world = space.world(0).and(space.world(1))?;
    let mut left = region.and(&world)?;
    let mut kinds: Vec<Vec<String>> = Vec::new();
    while let Some(picked) = space.pick(&left).filter(|_| kinds.len() < MOST_REGIONS) {
        let case = space.widen(&picked, region, &world)?;
        let words = space.describe(1, &case);
        if !kinds.contains(&words) {
            kinds.push(words);
        }
        left = left.without(&space.region(&case)?)?;
    }
    Ok((kinds, !left.is_empty()))
}

/// The facts of a transaction as the new rules write them; those that only the old rules know, as these do.
fn facts_in_words(space: &Space<'_>, witness: &Witness) -> Vec<String> {
    let mut words = Vec::new();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for side in space.sides.iter().rev() {
        for slot in side.program.slots() {
            if let Some(value) = witness.facts.get(&slot.path)
                && seen.insert(&slot.path)
            {
                let value = describe_value(side.program.hir(), value, &slot.ty);
                words.push(format!("{} = {value}", slot.path));
            }
        }
    }
    words
}

fn direction(space: &Space<'_>, before: &DecisionTrace, after: &DecisionTrace) -> Direction {
    let open =
        |trace: &DecisionTrace| matches!(trace.determination, Determination::Undetermined(_));
    match (open(before), open(after)) {
        (false, true) => return Direction::NewlyUndetermined,
        (true, false) => return Direction::NewlyDetermined,
        _ => {}
    }
    let rank = |side: usize, trace: &DecisionTrace| -> Option<(Effect, u32)> {
        let hir = space.sides.get(side)?.program.hir();
        match (&trace.determination, type_of(hir, trace.decision)) {
            (Determination::Value(Value::Outcome(outcome)), Ty::Outcome(_)) => {
                Some((trace.effect?, outcome.rank))
            }
            _ => None,
        }
    };
    match (rank(0, before), rank(1, after)) {
        (Some(one), Some(other)) if one.0 < other.0 => Direction::Tightened,
        (Some(one), Some(other)) if one.0 > other.0 => Direction::Loosened,
        (Some(one), Some(other)) if one.1 < other.1 => Direction::Tightened,
        (Some(one), Some(other)) if one.1 > other.1 => Direction::Loosened,
        _ => Direction::Different,
    }
}
