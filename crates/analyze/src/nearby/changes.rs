//! The smallest changes of given facts that turn an outcome, or that give one that is wanted.
//!
//! Sets of facts are looked at by their size. With the facts of a set unknown, a run says whether any change
//! of them can give what is wanted. If not, some of the other facts force that, and a change that gives it
//! has to touch one of these: only sets with one of them are looked at next (the hitting sets of Reiter's
//! diagnosis). If it may, the values of the facts are tried, and where none gives it, the same is asked of
//! each trial. So no set is left out that could give it, but by a budget, and then that is said.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use exeat_hir::{DecisionId, DecisionTrace, Possible, Ty};
use exeat_model::{Country, Value};
use exeat_program::Record;

use super::ground::{About, Entry, Ground, Whole, left};
use super::tried::{Distance, Known};

/// How many ways are looked at in which one set of facts gives one outcome, until the reference confirms one.
const MOST_CONFIRMED: usize = 8;

/// How many values of one fact are tried where others are changed too.
const MOST_VALUES: usize = 24;

/// What an outcome should become.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Another than it is.
    Another,
    /// That value: a place on a scale with at least these labels; of what rules collect, a set that has
    /// it.
    Outcome(Value),
    /// Not needed.
    NotNeeded,
}

/// How far it is searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How many facts are changed at most.
    pub facts: usize,
    /// How many changes are wanted at most.
    pub changes: usize,
    /// How many times the rules are run at most.
    pub runs: usize,
}

/// What came of the search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// The changes, the smallest and nearest first; all were replayed by the reference.
    pub found: Vec<Turn>,
    /// More were found than were wanted.
    pub more: bool,
    /// All sets of so many facts were looked at; `None` if not even none.
    pub searched: Option<usize>,
    /// No smaller change than the first gives it, or none of so many facts as were searched if none was found:
    /// whether that is proved, and not only so for all values that were tried.
    pub proved: bool,
    /// The search ended because it came to as many runs as it may take.
    pub ran_out: bool,
}

/// A change that turns the outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// The facts that are changed.
    pub facts: Vec<Changed>,
    /// What the decision comes to then, by the reference.
    pub trace: DecisionTrace,
}

/// A fact that is changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// Its path.
    pub path: String,
    /// From what to what.
    pub to: ChangedTo,
}

/// From what to what a fact is changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangedTo {
    /// A value.
    Value {
        /// Its type.
        ty: Ty,
        /// What was given, if anything was.
        from: Option<Value>,
        /// What gives the outcome.
        to: Value,
        /// Where this fact alone is changed: the other values that give the same.
        also: Vec<Value>,
    },
    /// An entry of a catalogue.
    Entry {
        /// What was given, if it is an entry.
        from: Option<String>,
        /// What gives the outcome.
        to: String,
        /// Where this fact alone is changed: the other entries that give the same.
        also: Vec<String>,
    },
}

impl Wanted {
    fn is(&self, possible: &Possible, now: Option<&Possible>) -> bool {
        match self {
            Self::Another => now != Some(possible),
            Self::NotNeeded => *possible == Possible::NotNeeded,
            Self::Outcome(wanted) => match (wanted, possible) {
                (Value::Outcome(wanted), Possible::Value(Value::Outcome(found))) => {
                    wanted.rank == found.rank && wanted.labels.is_subset(&found.labels)
                }
                (Value::Set(wanted), Possible::Value(Value::Set(found))) => wanted == found,
                (wanted, Possible::Value(Value::Set(found))) => found.contains(wanted),
                (wanted, Possible::Value(found)) => wanted == found,
                _ => false,
            },
        }
    }
}

/// What is said of some slots; `None` for what is not known.
type Said = Vec<(usize, Option<Value>)>;

/// Something that is changed as one: a fact or a field of one, or a fact that is given as a whole.
#[derive(Clone, Debug)]
struct Unit {
    path: String,
    slots: Vec<usize>,
    /// For a whole, what each entry says of the slots.
    entries: Option<Vec<(String, Said)>>,
}

/// A way to set the slots of a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Setting {
    distance: Distance,
    name: Option<String>,
    slots: Vec<(usize, Option<Value>)>,
}

/// A way that gives what is wanted.
#[derive(Clone, Debug)]
struct Solution {
    /// For each unit of the set, how it is set.
    settings: Vec<Setting>,
    outcome: Possible,
}

struct Looking<'g, 'p, 'w> {
    ground: &'g mut Ground<'p>,
    wanted: &'w Wanted,
    limits: Limits,
    decision: DecisionId,
    about: About,
    /// What the decision comes to, if it is settled.
    now: Option<Possible>,
    base: Record,
    units: Vec<Rc<Unit>>,
    known: Known,
    /// The entries of the catalogue that stand for the others.
    kinds: Option<BTreeSet<String>>,
    begun: usize,
}

/// What a run says of a record.
enum Reach {
    Never,
    Settled(Possible),
    Maybe,
}

impl Ground<'_> {
    /// The smallest changes of the given facts with which a decision comes to what is wanted. The day, the
    /// readings and the rules stay as they are.
    pub fn changes(&mut self, decision: DecisionId, wanted: &Wanted, limits: Limits) -> Changes {
        let about = self.about(&BTreeSet::from([decision]));
        let base = self.only(&about.slots);
        let now = self.possible(&base, &about, decision);
        let now = now.filter(|now| now.len() == 1).and_then(|now| now.into_iter().next());
        let units = self.units(&about.slots, &base);
        let begun = self.runs();
        let known = Known::new();
        let ground = self;
        Looking {
            ground,
            wanted,
            limits,
            decision,
            about,
            now,
            base,
            units,
            known,
            kinds: None,
            begun,
        }
        .all()
    }

    /// What may be changed: each fact, and those that are given as a whole. Of what is an entry of a
    /// catalogue only the whole is: its figures are facts of the entry and not of the transaction.
    fn units(&self, slots: &[usize], base: &Record) -> Vec<Rc<Unit>> {
        let mut wholes: Vec<Unit> = Vec::new();
        let mut fixed: BTreeSet<usize> = BTreeSet::new();
        for whole in &self.wholes {
            let entries = self.entries(whole, slots);
            let Some((_, first)) = entries.first() else { continue };
            let own: Vec<usize> = first.iter().map(|(slot, _)| *slot).collect();
            if own.is_empty() {
                continue;
            }
            if entries.iter().any(|(_, values)| says(base, values)) {
                fixed.extend(&own);
            }
            wholes.push(Unit { path: whole.path.clone(), slots: own, entries: Some(entries) });
        }
        let single = slots.iter().filter(|slot| !fixed.contains(slot)).map(|slot| Unit {
            path: self.path(*slot).to_owned(),
            slots: vec![*slot],
            entries: None,
        });
        single.chain(wholes).map(Rc::new).collect()
    }

    /// What each entry of a catalogue says of some slots.
    fn entries(&self, whole: &Whole, slots: &[usize]) -> Vec<(String, Said)> {
        let entry = |entry: &Entry| {
            let mut values = self.slots_of(&whole.path, &entry.value);
            values.retain(|(slot, _)| slots.contains(slot));
            (entry.name.clone(), values)
        };
        whole.entries.iter().map(entry).collect()
    }
}

/// Whether a record says the same of some slots.
fn says(record: &Record, values: &[(usize, Option<Value>)]) -> bool {
    values.iter().all(|(slot, value)| record.get(*slot) == value.as_ref())
}

impl Looking<'_, '_, '_> {
    fn all(mut self) -> Changes {
        let mut changes = Changes {
            found: Vec::new(),
            more: false,
            searched: None,
            proved: true,
            ran_out: false,
        };
        let mut level: BTreeSet<BTreeSet<usize>> = BTreeSet::from([BTreeSet::new()]);
        for size in 0..=self.limits.facts {
            let mut next = BTreeSet::new();
            let mut found: Vec<(BTreeSet<usize>, Vec<Solution>)> = Vec::new();
            let mut none_proved = true;
            for set in &level {
                if self.is_spent() {
                    changes.ran_out = true;
                    break;
                }
                let (solutions, blamed, proved) = self.look(set, size < self.limits.facts);
                if !solutions.is_empty() {
                    found.push((set.clone(), solutions));
                    continue;
                }
                none_proved &= proved;
                let touching = |unit: &Unit| unit.slots.iter().any(|slot| blamed.contains(slot));
                for (at, unit) in self.units.iter().enumerate().filter(|(_, unit)| touching(unit)) {
                    let apart = set
                        .iter()
                        .filter_map(|other| self.units.get(*other))
                        .all(|other| !other.slots.iter().any(|slot| unit.slots.contains(slot)));
                    if apart {
                        let mut larger = set.clone();
                        larger.insert(at);
                        next.insert(larger);
                    }
                }
            }
            self.tell(found, &mut changes);
            if !changes.found.is_empty() {
                // Those that are smaller were looked at before, all of them.
                changes.searched = (!changes.ran_out).then_some(size).or(changes.searched);
                break;
            }
            changes.proved &= none_proved && !changes.ran_out;
            if changes.ran_out {
                break;
            }
            changes.searched = Some(size);
            level = next;
        }
        if changes.found.len() > self.limits.changes {
            changes.found.truncate(self.limits.changes);
            changes.more = true;
        }
        changes
    }

    fn units_of(&self, set: &BTreeSet<usize>) -> Vec<Rc<Unit>> {
        set.iter().filter_map(|at| self.units.get(*at).cloned()).collect()
    }

    fn is_number(&self, unit: &Unit) -> bool {
        let slot = unit.slots.first().and_then(|at| self.ground.side.program.slots().get(*at));
        unit.entries.is_none()
            && slot.is_some_and(|slot| matches!(slot.ty, Ty::Quantity(_) | Ty::Date))
    }

    fn is_spent(&self) -> bool {
        self.ground.runs().saturating_sub(self.begun) >= self.limits.runs
    }

    fn reach(&mut self, record: &Record) -> Reach {
        let Some(possible) = self.ground.possible(record, &self.about, self.decision) else {
            return Reach::Maybe;
        };
        let is = |one: &Possible| self.wanted.is(one, self.now.as_ref());
        match possible.as_slice() {
            [one] if is(one) => Reach::Settled(one.clone()),
            all if all.iter().any(is) => Reach::Maybe,
            _ => Reach::Never,
        }
    }

    /// Looks at a set of facts: the ways in which it gives what is wanted; the facts of which one has to be changed
    /// too where there is none; and whether that there is none is proved.
    fn look(
        &mut self,
        set: &BTreeSet<usize>,
        further: bool,
    ) -> (Vec<Solution>, BTreeSet<usize>, bool) {
        let mut units = self.units_of(set);
        // A number is sought last: what it has to be may depend on the others.
        units.sort_by_key(|unit| self.is_number(unit));
        let mut freed = self.base.clone();
        let slots = units.iter().flat_map(|unit| &unit.slots);
        let own: BTreeSet<usize> = slots.copied().collect();
        for slot in &own {
            freed.set(*slot, None);
        }
        let mut blamed = BTreeSet::new();
        if matches!(self.reach(&freed), Reach::Never) {
            if further {
                self.blame(&freed, &own, &mut blamed);
            }
            return (Vec::new(), blamed, true);
        }
        let mut trial = Trial { units: &units, own: &own, further, blamed, ways: Vec::new() };
        self.assign(&mut trial, &freed, &mut Vec::new());
        let all = units.iter().all(|unit| {
            unit.entries.is_some()
                || unit.slots.iter().all(|slot| self.ground.tried_are_all(*slot, &self.about))
        });
        (trial.ways, trial.blamed, all)
    }

    /// Sets one unit after the other, as long as what is wanted can still come.
    fn assign(&mut self, trial: &mut Trial<'_>, record: &Record, chosen: &mut Vec<Setting>) {
        let Some(unit) = trial.units.get(chosen.len()).map(Rc::clone) else {
            match self.reach(record) {
                Reach::Settled(outcome) => {
                    trial.ways.push(Solution { settings: chosen.clone(), outcome });
                }
                Reach::Never if trial.further => {
                    self.blame(record, trial.own, &mut trial.blamed);
                }
                Reach::Maybe if trial.further => self.ask(record, trial),
                Reach::Never | Reach::Maybe => {}
            }
            return;
        };
        let changed: Vec<(usize, Option<Value>)> =
            chosen.iter().flat_map(|setting| setting.slots.iter().cloned()).collect();
        for setting in self.settings(&unit, &changed, trial.units.len() == 1) {
            if self.is_spent() {
                return;
            }
            let mut next = record.clone();
            setting.slots.iter().for_each(|(slot, value)| next.set(*slot, value.clone()));
            let last = trial.units.len() == chosen.len().saturating_add(1);
            if !last && matches!(self.reach(&next), Reach::Never) {
                if trial.further {
                    self.blame(&next, trial.own, &mut trial.blamed);
                }
                continue;
            }
            chosen.push(setting);
            self.assign(trial, &next, chosen);
            chosen.pop();
        }
    }

    /// The facts besides those of the set that force the wrong outcome; none are added if those that are
    /// blamed already force it.
    fn blame(&mut self, record: &Record, own: &BTreeSet<usize>, blamed: &mut BTreeSet<usize>) {
        let others: Vec<usize> = self
            .about
            .slots
            .iter()
            .copied()
            .filter(|slot| record.get(*slot).is_some() && !own.contains(slot))
            .collect();
        if !blamed.is_empty() {
            let mut known = record.clone();
            let innocent = others.iter().filter(|slot| !blamed.contains(slot));
            innocent.for_each(|slot| known.set(*slot, None));
            if matches!(self.reach(&known), Reach::Never) {
                return;
            }
        }
        let (about, decision) = (&self.about, self.decision);
        let (wanted, now) = (self.wanted, self.now.as_ref());
        let kept = self.ground.kept(record, &others, &mut |ground, record| {
            let possible = ground.possible(record, about, decision);
            possible.is_some_and(|all| !all.iter().any(|one| wanted.is(one, now)))
        });
        blamed.extend(kept);
    }

    /// Facts that are not known and leave open whether it comes to what is wanted.
    fn ask(&mut self, record: &Record, trial: &mut Trial<'_>) {
        let of = BTreeSet::from([self.decision]);
        let readings = self.ground.readings.clone();
        let (_, open) = self.ground.open(record, &readings, &self.about, &of);
        trial.blamed.extend(open.slots.iter().filter_map(|slot| usize::try_from(*slot).ok()));
    }

    /// One entry of each kind that the decision tells apart, by itself: among many facts not every entry is
    /// tried.
    fn kinds_of(&mut self, entries: &[(String, Said)]) -> BTreeSet<String> {
        if let Some(known) = &self.kinds {
            return known.clone();
        }
        let mut seen = BTreeSet::new();
        let mut kinds = BTreeSet::new();
        for (name, values) in entries {
            let mut record = self.base.clone();
            for (slot, value) in values {
                record.set(*slot, value.clone());
            }
            if seen.insert(self.ground.cells(&record, &self.about)) {
                kinds.insert(name.clone());
            }
        }
        self.kinds = Some(kinds.clone());
        kinds
    }

    /// The ways to set a unit, the nearest first.
    fn settings(
        &mut self,
        unit: &Unit,
        changed: &[(usize, Option<Value>)],
        alone: bool,
    ) -> Vec<Setting> {
        if let Some(entries) = &unit.entries {
            let kinds = if alone { None } else { Some(self.kinds_of(entries)) };
            let others = entries.iter().filter(|(name, values)| {
                !says(&self.base, values) && kinds.as_ref().is_none_or(|kinds| kinds.contains(name))
            });
            return others
                .map(|(name, values)| Setting {
                    distance: Distance::of_entry(),
                    name: Some(name.clone()),
                    slots: values.clone(),
                })
                .collect();
        }
        let Some(slot) = unit.slots.first().copied() else { return Vec::new() };
        let Some(ty) = self.ground.side.program.slots().get(slot).map(|slot| slot.ty.clone())
        else {
            return Vec::new();
        };
        let values = self.ground.tried(slot, changed, &self.about, &mut self.known);
        let from = self.base.get(slot);
        let most = if alone { usize::MAX } else { MOST_VALUES };
        values
            .into_iter()
            .take(most)
            .map(|value| Setting {
                distance: Distance::between(&ty, from, &value),
                name: None,
                slots: vec![(slot, Some(value))],
            })
            .collect()
    }

    /// Puts what was found into words that the reference confirms: for each set and each outcome the nearest way.
    fn tell(&mut self, found: Vec<(BTreeSet<usize>, Vec<Solution>)>, changes: &mut Changes) {
        if found.is_empty() {
            return;
        }
        let absurd = self.ground.absurdities(&self.ground.facts.clone());
        let mut told: Vec<(bool, Vec<Distance>, Turn)> = Vec::new();
        for (set, solutions) in found {
            let mut units = self.units_of(&set);
            units.sort_by_key(|unit| self.is_number(unit));
            let mut by_outcome: BTreeMap<Possible, Vec<Solution>> = BTreeMap::new();
            for solution in solutions {
                by_outcome.entry(solution.outcome.clone()).or_default().push(solution);
            }
            for (outcome, mut ways) in by_outcome {
                let distance = |way: &Solution| -> Vec<Distance> {
                    way.settings.iter().map(|setting| setting.distance.clone()).collect()
                };
                ways.sort_by_cached_key(&distance);
                let way = ways
                    .iter()
                    .take(MOST_CONFIRMED)
                    .find_map(|way| Some((way, self.confirmed(way, &outcome, absurd)?)));
                if let Some((way, trace)) = way {
                    let open = !matches!(outcome, Possible::Value(_) | Possible::NotNeeded);
                    let facts = self.changed(&units, way, &ways, &outcome);
                    told.push((open, distance(way), Turn { facts, trace }));
                }
            }
        }
        let paths = |change: &Turn| -> Vec<String> {
            change.facts.iter().map(|fact| fact.path.clone()).collect()
        };
        told.sort_by_cached_key(|(open, distance, change)| {
            (*open, distance.clone(), paths(change))
        });
        changes.found.extend(told.into_iter().map(|(_, _, change)| change));
    }

    /// What the reference says of a way, if it says the same.
    fn confirmed(
        &self,
        way: &Solution,
        outcome: &Possible,
        absurd: usize,
    ) -> Option<DecisionTrace> {
        let changed: Vec<(usize, Option<Value>)> =
            way.settings.iter().flat_map(|setting| setting.slots.iter().cloned()).collect();
        let facts = self.ground.facts_with(&changed);
        let traces = self.ground.replay(&facts, &self.about);
        let trace = traces.into_iter().find(|trace| trace.decision == self.decision)?;
        let same = left(&trace.determination) == [outcome.clone()];
        (same && self.ground.absurdities(&facts) <= absurd).then_some(trace)
    }

    /// The changed facts of a way, with what would do as well.
    fn changed(
        &mut self,
        units: &[Rc<Unit>],
        way: &Solution,
        ways: &[Solution],
        outcome: &Possible,
    ) -> Vec<Changed> {
        let alone = units.len() == 1;
        let mut facts = Vec::new();
        for (at, (unit, setting)) in units.iter().zip(&way.settings).enumerate() {
            let others = ways.iter().filter_map(|way| way.settings.get(at));
            let to = match (&unit.entries, setting.slots.as_slice()) {
                (Some(entries), _) => {
                    let given = entries.iter().find(|(_, values)| says(&self.base, values));
                    let also = others.filter(|other| alone && *other != setting);
                    ChangedTo::Entry {
                        from: given.map(|(name, _)| name.clone()),
                        to: setting.name.clone().unwrap_or_default(),
                        also: also.filter_map(|other| other.name.clone()).collect(),
                    }
                }
                (None, [(slot, Some(value))]) => {
                    let Some(found) = self.ground.side.program.slots().get(*slot) else { continue };
                    let ty = found.ty.clone();
                    let also =
                        if alone { self.also(*slot, &ty, value, outcome) } else { Vec::new() };
                    let (from, to) = (self.base.get(*slot).cloned(), value.clone());
                    ChangedTo::Value { ty, from, to, also }
                }
                (None, _) => continue,
            };
            facts.push(Changed { path: unit.path.clone(), to });
        }
        facts
    }

    /// The other values of a fact with few values, or a country, that give an outcome.
    fn also(&mut self, slot: usize, ty: &Ty, to: &Value, outcome: &Possible) -> Vec<Value> {
        let values: Vec<Value> = match ty {
            Ty::Country => {
                let all = Country::table().iter().filter_map(|one| Country::from_code(one.alpha2));
                let day = self.ground.as_of;
                all.filter(|country| country.stands_on(day)).map(Value::Country).collect()
            }
            Ty::Enum(_) => crate::words::countable(&self.ground.side, ty),
            _ => return Vec::new(),
        };
        let mut found = Vec::new();
        for value in values.into_iter().filter(|value| value != to) {
            if self.base.get(slot) == Some(&value) {
                continue;
            }
            let mut record = self.base.clone();
            record.set(slot, Some(value.clone()));
            if matches!(self.reach(&record), Reach::Settled(same) if same == *outcome) {
                found.push(value);
            }
        }
        found
    }
}

/// A set of facts while its values are tried.
struct Trial<'t> {
    units: &'t [Rc<Unit>],
    own: &'t BTreeSet<usize>,
    further: bool,
    blamed: BTreeSet<usize>,
    ways: Vec<Solution>,
}
