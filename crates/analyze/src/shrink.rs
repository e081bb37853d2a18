//! From a witness to a small one: without the facts, elements and fields of lists, and readings that what it
//! shows does not depend on.
//!
//! To leave out a fact leaves rules open, and a decision with many open rules is costly to settle and hard to
//! read. So no more than a few may be; what is left then says why the others do not apply.

use std::collections::{BTreeMap, BTreeSet};

use exeat_hir::DecisionId;
use exeat_model::{Truth, Value};
use exeat_program::{Formula, LoweredDecision, Source};

use crate::looking::Looking;
use crate::space::Side;
use crate::witness::Witness;

/// How many rules a small witness may leave open, over all sides.
const MOST_OPEN: usize = 6;

/// What is asked when a witness is made small.
pub(crate) struct Shrinking<'s, 'p, 'c> {
    pub(crate) sides: Vec<&'s Side<'p>>,
    /// The decisions that what it shows depends on, with those that they read.
    pub(crate) about: &'c BTreeSet<DecisionId>,
    /// The facts that what it shows speaks of: they are left out last.
    pub(crate) asked: &'c BTreeSet<String>,
    /// Whether it still shows it.
    pub(crate) confirm: &'c mut dyn FnMut(&Witness) -> bool,
}

impl Shrinking<'_, '_, '_> {
    /// The witness without what it need not say.
    pub(crate) fn shrink(self, witness: Witness) -> Witness {
        let openness = self.sides.iter().map(|side| Openness::new(side, self.about)).collect();
        Work { of: self, openness }.shrink(witness)
    }
}

/// A witness being made small.
struct Work<'s, 'p, 'c> {
    of: Shrinking<'s, 'p, 'c>,
    openness: Vec<Openness<'s>>,
}

impl Work<'_, '_, '_> {
    fn shrink(mut self, witness: Witness) -> Witness {
        let read: BTreeSet<String> =
            self.of.sides.iter().flat_map(|side| paths_read(side, self.of.about)).collect();
        let mut small = witness;
        let mut unread = small.clone();
        unread.facts.retain(|path, _| read.contains(path));
        if (self.of.confirm)(&unread) {
            small = unread;
        }
        let mut paths: Vec<(usize, bool, String)> = small
            .facts
            .keys()
            .map(|path| {
                let open = self.open(&without(&small, &[path]));
                (open, self.of.asked.contains(path), path.clone())
            })
            .collect();
        paths.sort_by_key(|(open, asked, _)| (*asked, *open));
        let now = self.open(&small);
        let (idle, others): (Vec<_>, Vec<_>) =
            paths.into_iter().partition(|(open, asked, _)| *open <= now && !asked);
        let idle: Vec<&String> = idle.iter().map(|(_, _, path)| path).collect();
        self.drop_all(&mut small, &idle);
        for (_, _, path) in &others {
            self.drop_all(&mut small, &[path]);
        }
        for path in small.facts.keys().cloned().collect::<Vec<_>>() {
            while let Some(less) =
                smaller_lists(&small, &path).into_iter().find(|less| self.still(less))
            {
                small = less;
            }
        }
        for name in small.readings.keys().cloned().collect::<Vec<_>>() {
            let mut less = small.clone();
            less.readings.remove(&name);
            if self.still(&less) {
                small = less;
            }
        }
        small
    }

    /// Leaves out as many of some facts as can be, halves at once.
    fn drop_all(&mut self, small: &mut Witness, paths: &[&String]) {
        if paths.is_empty() {
            return;
        }
        let less = without(small, paths);
        if self.still(&less) {
            *small = less;
        } else if paths.len() > 1 {
            let (first, second) = paths.split_at(paths.len() / 2);
            self.drop_all(small, first);
            self.drop_all(small, second);
        }
    }

    fn still(&mut self, witness: &Witness) -> bool {
        self.open(witness) <= MOST_OPEN
            && (self.of.confirm)(witness)
            && !self.of.sides.iter().any(|side| witness.is_absurd(side))
    }

    /// How many rules are open on all sides.
    fn open(&mut self, witness: &Witness) -> usize {
        self.openness.iter_mut().map(|side| side.of(witness)).fold(0, usize::saturating_add)
    }
}

fn without(witness: &Witness, paths: &[&String]) -> Witness {
    let mut less = witness.clone();
    for path in paths {
        less.facts.remove(*path);
    }
    less
}

fn decisions<'s>(
    side: &'s Side<'_>,
    about: &'s BTreeSet<DecisionId>,
) -> impl Iterator<Item = &'s LoweredDecision> {
    side.epoch.decisions.iter().filter(|lowered| about.contains(&lowered.id))
}

/// Calls for the source of each atom of a formula.
fn sources<'s>(side: &'s Side<'_>, formula: &Formula, found: &mut BTreeMap<u32, &'s Source>) {
    formula.atoms(&mut |atom| {
        let asked = usize::try_from(atom).ok().and_then(|at| side.epoch.atoms.get(at));
        let column = asked.and_then(|asked| usize::try_from(asked.column).ok());
        if let Some(column) = column.and_then(|at| side.epoch.columns.get(at)) {
            found.insert(atom, &column.source);
        }
    });
}

/// What the rules of a side are open by.
struct Openness<'s> {
    rules: Vec<&'s Formula>,
    atoms: Vec<u32>,
    looking: Looking<'s>,
    side: &'s Side<'s>,
}

impl<'s> Openness<'s> {
    fn new(side: &'s Side<'s>, about: &BTreeSet<DecisionId>) -> Self {
        let arena = &side.epoch.arena;
        let decisions = side.epoch.decisions.iter().filter(|one| about.contains(&one.id));
        let rules: Vec<&Formula> =
            decisions.flat_map(|lowered| &lowered.rules).map(|rule| &rule.own).collect();
        let mut asked = BTreeMap::new();
        for rule in &rules {
            sources(side, rule, &mut asked);
        }
        // What decisions come to is for the reference to say.
        asked.retain(|_, source| match source {
            Source::Node(node) => arena.reads_of_node(*node).decisions.is_empty(),
            Source::Condition(id) => arena.reads_of_condition(*id).decisions.is_empty(),
            Source::Slot(_) | Source::Reading(_) | Source::Proposal(_) => true,
        });
        let list = asked.values().copied().cloned().collect();
        let atoms = asked.into_keys().collect();
        Self { rules, atoms, looking: Looking::new(side, list), side }
    }

    /// How many rules are open by their own conditions, as far as these ask facts.
    fn of(&mut self, witness: &Witness) -> usize {
        let values = self.looking.values(witness);
        let truth_of = |(atom, value): (&u32, Option<Value>)| {
            let question = &self.side.epoch.atoms.get(usize::try_from(*atom).ok()?)?.question;
            let truth = value.map_or(Truth::Unknown, |value| question.holds(&value));
            Some((*atom, truth))
        };
        let truths: BTreeMap<u32, Truth> =
            self.atoms.iter().zip(values).filter_map(truth_of).collect();
        self.rules.iter().filter(|rule| truth(rule, &truths) == Truth::Unknown).count()
    }
}

fn truth(formula: &Formula, atoms: &BTreeMap<u32, Truth>) -> Truth {
    match formula {
        Formula::Constant(truth) => *truth,
        // What is left out here is as if it were so.
        Formula::Atom(atom, positive) => match atoms.get(atom) {
            Some(truth) if *positive => *truth,
            Some(truth) => !*truth,
            None => Truth::True,
        },
        Formula::All(parts) => {
            parts.iter().fold(Truth::True, |sum, part| sum.and(truth(part, atoms)))
        }
        Formula::Any(parts) => {
            parts.iter().fold(Truth::False, |sum, part| sum.or(truth(part, atoms)))
        }
    }
}

/// The facts that decisions read on a side.
fn paths_read(side: &Side<'_>, about: &BTreeSet<DecisionId>) -> BTreeSet<String> {
    let arena = &side.epoch.arena;
    let mut slots = BTreeSet::new();
    let mut asked = BTreeMap::new();
    for lowered in decisions(side, about) {
        for rule in &lowered.rules {
            sources(side, &rule.own, &mut asked);
            if let exeat_program::RuleValue::Node(node) = &rule.value {
                slots.extend(arena.reads_of_node(*node).slots);
            }
        }
        for formula in lowered.needed.iter().chain(lowered.gaps.iter().map(|(_, gap)| gap)) {
            sources(side, formula, &mut asked);
        }
    }
    for source in asked.values() {
        match source {
            Source::Slot(slot) => {
                slots.insert(*slot);
            }
            Source::Node(node) => slots.extend(arena.reads_of_node(*node).slots),
            Source::Condition(id) => slots.extend(arena.reads_of_condition(*id).slots),
            Source::Reading(_) | Source::Proposal(_) => {}
        }
    }
    let path = |slot: u32| {
        let slot = side.program.slots().get(usize::try_from(slot).ok()?)?;
        Some(slot.path.clone())
    };
    slots.into_iter().filter_map(path).collect()
}

/// The witness with one element or one field of an element of a list less.
fn smaller_lists(witness: &Witness, path: &str) -> Vec<Witness> {
    let Some(Value::List(items)) = witness.facts.get(path) else { return Vec::new() };
    let with = |items: Vec<Value>| {
        let mut less = witness.clone();
        less.facts.insert(path.to_owned(), Value::List(std::sync::Arc::new(items)));
        less
    };
    let mut found = Vec::new();
    for at in 0..items.len() {
        let mut fewer = items.to_vec();
        fewer.remove(at);
        found.push(with(fewer));
    }
    for (at, item) in items.iter().enumerate() {
        let Value::Record(record) = item else { continue };
        for field in 0..record.fields.len() {
            let mut fields = record.fields.clone();
            if let Some(place) = fields.get_mut(field).filter(|place| place.is_some()) {
                *place = None;
                let record = exeat_model::Record { fields };
                let mut fewer = items.to_vec();
                if let Some(item) = fewer.get_mut(at) {
                    *item = Value::Record(std::sync::Arc::new(record));
                }
                found.push(with(fewer));
            }
        }
    }
    found
}
