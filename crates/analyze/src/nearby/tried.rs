//! The values that are tried for a fact: one of each kind that the rules tell apart, the nearest first.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use exeat_hir::Ty;
use exeat_model::{Country, Number, Value};
use exeat_program::{CellSet, Cells, Record, Source};

use super::ground::{About, Ground};
use crate::moves::values_for;
use crate::values::{known_countries, targets};
use crate::words::countable;

/// Values of facts that were worked out, by the fact and by what else was changed that bears on them.
pub(super) type Known = BTreeMap<(usize, Vec<(usize, Option<Value>)>), Vec<Value>>;

/// How far a value is from what was given. Less is nearer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Distance {
    /// What kind of change it is: an answer where nothing was given, a number, an entry of a catalogue, yes or
    /// no, a choice, a country or code, a list.
    pub(super) kind: u8,
    /// For numbers: below zero where what was given is not; not whole where it is; how far.
    far: (bool, bool, Far),
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Far(Option<Number>);

impl PartialOrd for Far {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Far {
    fn cmp(&self, other: &Self) -> Ordering {
        // What is too far to be counted is the farthest.
        match (&self.0, &other.0) {
            (Some(a), Some(b)) => a.cmp(b),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        }
    }
}

impl Distance {
    /// That of an entry of a catalogue.
    pub(super) fn of_entry() -> Self {
        Self { kind: 2, far: (false, false, Far(Some(Number::ZERO))) }
    }

    /// From what was given, if anything was, to another value.
    pub(super) fn between(ty: &Ty, from: Option<&Value>, to: &Value) -> Self {
        let near = (false, false, Far(Some(Number::ZERO)));
        let Some(from) = from else {
            let plain = match to {
                Value::Number(number) => {
                    (number.is_negative(), !is_whole(ty, *number), Far(number_far(*number)))
                }
                _ => near,
            };
            return Self { kind: 0, far: plain };
        };
        match (from, to) {
            (Value::Number(from), Value::Number(to)) => {
                let whole = |number: &Number| is_whole(ty, *number);
                let far = to.checked_sub(*from).ok().and_then(number_far);
                let far = match (far, number_far(*from)) {
                    (Some(far), Some(from)) if !from.is_zero() => far.checked_div(from).ok(),
                    (far, _) => far,
                };
                let negative = to.is_negative() && !from.is_negative();
                Self { kind: 1, far: (negative, whole(from) && !whole(to), Far(far)) }
            }
            (Value::Date(from), Value::Date(to)) => {
                let days = to.since(*from).map(|span| span.get_days().unsigned_abs());
                let days = days.ok().map(|days| Number::from_integer(i128::from(days)));
                Self { kind: 1, far: (false, false, Far(days)) }
            }
            (Value::YesNo(_), _) => Self { kind: 3, far: near },
            (Value::Symbol(_), _) => Self { kind: 4, far: near },
            (Value::Country(_), Value::Country(to)) => {
                // What everyone knows is read most easily.
                let rank = known_countries().position(|known| known == *to).unwrap_or(usize::MAX);
                let rank = i128::try_from(rank).ok().map(Number::from_integer);
                Self { kind: 5, far: (false, false, Far(rank)) }
            }
            (Value::Code(_), _) => Self { kind: 5, far: near },
            (Value::List(before), Value::List(after)) => {
                let more = after.len().abs_diff(before.len());
                let more = i128::try_from(more).ok().map(Number::from_integer);
                Self { kind: 6, far: (false, false, Far(more)) }
            }
            (Value::Set(before), Value::Set(after)) => {
                let other = before.symmetric_difference(after).count();
                let other = i128::try_from(other).ok().map(Number::from_integer);
                Self { kind: 6, far: (false, false, Far(other)) }
            }
            _ => Self { kind: 7, far: near },
        }
    }
}

/// Whether a number is whole in the unit of its type.
fn is_whole(ty: &Ty, number: Number) -> bool {
    let unit = match ty {
        Ty::Quantity(unit) => unit.factor,
        _ => Number::ONE,
    };
    number.checked_div(unit).is_ok_and(Number::is_integer)
}

fn number_far(number: Number) -> Option<Number> {
    if number.is_negative() { number.checked_neg().ok() } else { Some(number) }
}

impl Ground<'_> {
    /// Whether all values of a fact are tried that the decisions can tell apart: only its own cells count.
    pub(super) fn tried_are_all(&self, slot: usize, about: &About) -> bool {
        let number = u32::try_from(slot).unwrap_or(u32::MAX);
        let own = Source::Slot(number);
        let by_itself = about.columns.iter().all(|at| {
            let reads = self.reads.column(*at).is_some_and(|reads| reads.slots.contains(&number));
            !reads || self.side.epoch.columns.get(*at).is_some_and(|column| column.source == own)
        });
        by_itself && !self.reads.is_in_a_value(number)
    }

    /// The values to be tried for a fact where some others are changed already.
    pub(super) fn tried(
        &mut self,
        slot: usize,
        changed: &[(usize, Option<Value>)],
        about: &About,
        known: &mut Known,
    ) -> Vec<Value> {
        let Some(found) = self.side.program.slots().get(slot) else { return Vec::new() };
        // What is computed from a number may need another one beside other facts; what is no number is chosen
        // from the same values, whatever stands beside it.
        let bearing = match found.ty {
            Ty::Quantity(_) | Ty::Date => self.bearing(slot, changed, about),
            _ => Vec::new(),
        };
        let key = (slot, bearing);
        if let Some(known) = known.get(&key) {
            return known.clone();
        }
        let mut record = self.record.clone();
        key.1.iter().for_each(|(at, value)| record.set(*at, value.clone()));
        let found = self.worked_out(slot, &record, about);
        known.insert(key, found.clone());
        found
    }

    /// The changed facts that stand in a computed quantity or condition beside this one.
    fn bearing(
        &self,
        slot: usize,
        changed: &[(usize, Option<Value>)],
        about: &About,
    ) -> Vec<(usize, Option<Value>)> {
        let number = u32::try_from(slot).unwrap_or(u32::MAX);
        let reads = about.columns.iter().filter_map(|at| self.reads.column(*at));
        let beside: BTreeSet<u32> = reads
            .filter(|reads| reads.slots.contains(&number))
            .flat_map(|reads| reads.slots.iter().copied())
            .collect();
        let bears = |at: usize| u32::try_from(at).is_ok_and(|at| beside.contains(&at));
        changed.iter().filter(|(at, _)| bears(*at)).cloned().collect()
    }

    fn worked_out(&mut self, at: usize, record: &Record, about: &About) -> Vec<Value> {
        let Some(slot) = self.side.program.slots().get(at) else { return Vec::new() };
        let number = u32::try_from(at).unwrap_or(u32::MAX);
        let from = self.record.get(at).cloned();
        let mut found: BTreeSet<Value> = match &slot.ty {
            Ty::YesNo | Ty::Enum(_) => countable(&self.side, &slot.ty).into_iter().collect(),
            _ => BTreeSet::new(),
        };
        let witness = self.witness(record);
        for column in &about.columns {
            let reads = self.reads.column(*column).is_some_and(|one| one.slots.contains(&number));
            let Some(column) = self.side.epoch.columns.get(*column).filter(|_| reads) else {
                continue;
            };
            match &column.source {
                Source::Slot(_) => found.extend(one_a_cell(self, &slot.ty, &column.cells)),
                _ if matches!(slot.ty, Ty::YesNo | Ty::Enum(_)) => {}
                source => found.extend(values_for(
                    &self.side,
                    &witness,
                    (source, &column.cells),
                    slot,
                    &mut self.work.trials,
                )),
            }
        }
        let mut found: Vec<Value> = if let Ty::Quantity(unit) = &slot.ty {
            with_whole_neighbours(found, unit.factor)
        } else {
            found.into_iter().collect()
        };
        found.retain(|value| Some(value) != from.as_ref());
        found.sort_by_cached_key(|value| Distance::between(&slot.ty, from.as_ref(), value));
        found
    }
}

/// A value of each cell of a fact that the rules ask about by itself.
fn one_a_cell(ground: &Ground<'_>, ty: &Ty, cells: &Cells) -> Vec<Value> {
    let unit = match ty {
        Ty::Quantity(unit) => unit.factor,
        _ => Number::ONE,
    };
    match cells {
        Cells::YesNo => vec![Value::YesNo(false), Value::YesNo(true)],
        Cells::Ordered(points) => {
            let mut all = CellSet::default();
            (0..cells.count()).for_each(|cell| all.insert(cell));
            let mut found = targets(cells, &all, unit);
            for point in points {
                if let Value::Number(point) = point {
                    let beside = [point.checked_add(unit), point.checked_sub(unit)];
                    found.extend(beside.into_iter().flatten().map(Value::Number));
                }
                if let Value::Date(point) = point {
                    let beside = [point.tomorrow(), point.yesterday()];
                    found.extend(beside.into_iter().flatten().map(Value::Date));
                }
            }
            found
        }
        Cells::Classes { class, .. } => {
            let all: Vec<Value> = match ty {
                Ty::Country => {
                    let known = known_countries().map(Value::Country);
                    let day = ground.as_of;
                    let stands = move |value: &Value| match value {
                        Value::Country(country) => country.stands_on(day),
                        _ => true,
                    };
                    let rest = Country::table().iter().map(|entry| entry.alpha2);
                    let rest = rest.filter_map(Country::from_code).map(Value::Country);
                    known.chain(rest).filter(stands).collect()
                }
                _ => match countable(&ground.side, ty) {
                    values if values.is_empty() => {
                        class.keys().cloned().chain([Value::Text("another".into())]).collect()
                    }
                    values => values,
                },
            };
            let mut seen = BTreeSet::new();
            all.into_iter().filter(|value| seen.insert(cells.cell_of(value))).collect()
        }
    }
}

/// Numbers with the whole numbers beside each: a threshold of something computed is rarely a number that can be
/// given.
fn with_whole_neighbours(values: BTreeSet<Value>, unit: Number) -> Vec<Value> {
    let mut all = BTreeSet::new();
    for value in values {
        let Value::Number(number) = value else { continue };
        let Ok(shown) = number.checked_div(unit) else { continue };
        let Some(below) = shown.numerator().checked_div_euclid(shown.denominator()) else {
            continue;
        };
        let before = if shown.is_integer() { below.saturating_sub(1) } else { below };
        let whole = [before, below.saturating_add(1)].map(Number::from_integer);
        all.extend(whole.into_iter().filter_map(|whole| whole.checked_mul(unit).ok()));
        all.insert(number);
    }
    all.into_iter().map(Value::Number).collect()
}
