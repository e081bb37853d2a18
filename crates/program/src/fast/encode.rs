//! Records in a form in which the cell of a value is found by one look-up.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use exeat_hir::{FactId, Facts, Hir, Ty};
use exeat_model::{Code, Country, Date, Number, Value};
use smol_str::SmolStr;

use super::number::scaled;
use crate::program::{Program, Record};
use crate::slot::Slot;

/// The code of what is not known.
pub(super) const UNKNOWN: i64 = i64::MIN;
/// The code of what has none: a text, a list, a number that is too large or too fine. The value is asked.
pub(super) const OTHER: i64 = i64::MIN + 1;

/// How the values of each slot are numbered. It depends on no day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Encoder {
    kinds: Vec<Kind>,
    /// The numbers of the values of each enumeration and of the entries of each code list.
    names: Vec<BTreeMap<SmolStr, i64>>,
}

/// What the values of a slot are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// 0 for no, 1 for yes.
    YesNo,
    /// In parts of one ([`super::number::PARTS`]).
    Number,
    /// Year, month and day as one number.
    Date,
    /// By the letters of its code.
    Country,
    /// By its place in `names`.
    Symbol(usize),
    /// By its place in `names`; 0 for none.
    Code(usize),
    /// Nothing that has a number.
    Other,
}

impl Encoder {
    pub(crate) fn new(hir: &Hir, slots: &[Slot]) -> Self {
        let mut names = Vec::new();
        // The types whose names are numbered already, with the place of the numbers.
        let mut known: Vec<(&Ty, usize)> = Vec::new();
        let mut kinds = Vec::with_capacity(slots.len());
        for slot in slots {
            let mut place = |of: &mut dyn Iterator<Item = &SmolStr>| {
                if let Some((_, at)) = known.iter().find(|(ty, _)| **ty == slot.ty) {
                    return *at;
                }
                names.push(of.cloned().zip(1..).collect());
                let at = names.len().saturating_sub(1);
                known.push((&slot.ty, at));
                at
            };
            kinds.push(match &slot.ty {
                Ty::YesNo => Kind::YesNo,
                Ty::Quantity(_) => Kind::Number,
                Ty::Date => Kind::Date,
                Ty::Country => Kind::Country,
                Ty::Enum(id) => {
                    let values = hir.enums.get(*id).into_iter().flat_map(|one| &one.values);
                    Kind::Symbol(place(&mut values.map(|value| &value.name)))
                }
                Ty::Code(id) => {
                    let entries = hir.code_lists.get(*id).into_iter();
                    Kind::Code(place(&mut entries.flat_map(|list| list.entries.keys())))
                }
                _ => Kind::Other,
            });
        }
        Self { kinds, names }
    }

    pub(super) fn kind(&self, slot: usize) -> Kind {
        self.kinds.get(slot).copied().unwrap_or(Kind::Other)
    }

    fn encode(&self, kind: Kind, value: &Value) -> i64 {
        let number = |list: usize, name: &SmolStr| {
            self.names.get(list).and_then(|names| names.get(name)).copied().unwrap_or(OTHER)
        };
        match (kind, value) {
            (Kind::YesNo, Value::YesNo(yes)) => i64::from(*yes),
            (Kind::Number, Value::Number(number)) => of_number(*number),
            (Kind::Date, Value::Date(date)) => of_date(*date),
            (Kind::Country, Value::Country(country)) => of_country(*country),
            (Kind::Symbol(list), Value::Symbol(name)) => number(list, name),
            (Kind::Code(_), Value::Code(Code::None)) => 0,
            (Kind::Code(list), Value::Code(Code::Entry(entry))) => number(list, entry),
            _ => OTHER,
        }
    }

    /// All values of a kind that are numbered one by one, with their numbers.
    pub(super) fn values(&self, kind: Kind) -> Vec<(i64, Value)> {
        let all = |list: usize| self.names.get(list).into_iter().flatten();
        match kind {
            Kind::Country => Country::table()
                .iter()
                .filter_map(|entry| Country::from_code(entry.alpha2))
                .map(|country| (of_country(country), Value::Country(country)))
                .collect(),
            Kind::Symbol(list) => {
                all(list).map(|(name, at)| (*at, Value::Symbol(name.clone()))).collect()
            }
            Kind::Code(list) => all(list)
                .map(|(entry, at)| (*at, Value::Code(Code::Entry(entry.clone()))))
                .chain([(0, Value::Code(Code::None))])
                .collect(),
            Kind::YesNo | Kind::Number | Kind::Date | Kind::Other => Vec::new(),
        }
    }
}

/// A number in parts of one, if it is a whole number of them.
fn of_number(number: Number) -> i64 {
    scaled(number, 1)
        .and_then(|parts| i64::try_from(parts).ok())
        .filter(|parts| *parts > OTHER && *parts < i64::MAX)
        .unwrap_or(OTHER)
}

pub(super) fn of_date(date: Date) -> i64 {
    let month = i64::from(date.year()).saturating_mul(100).saturating_add(date.month().into());
    month.saturating_mul(100).saturating_add(date.day().into())
}

fn of_country(country: Country) -> i64 {
    let code = country.code().as_bytes();
    let letter = |at: usize| code.get(at).copied().unwrap_or(b'A').saturating_sub(b'A');
    i64::from(letter(0)).saturating_mul(26).saturating_add(letter(1).into())
}

/// A record whose values are encoded.
#[derive(Clone, Debug, Default)]
pub struct Encoded {
    pub(crate) record: Record,
    pub(super) codes: Vec<i64>,
    changes: Changes,
}

/// Which slots of a record changed when. A record that is filled order after order is told from itself by it.
#[derive(Debug, Default)]
struct Changes {
    /// No two records have the same; nought for one whose changes nobody counts.
    record: u64,
    /// How many changes there were.
    clock: u64,
    /// When each slot changed last.
    slots: Vec<u64>,
}

impl Clone for Changes {
    /// Of a copy nobody counts the changes.
    fn clone(&self) -> Self {
        Self::default()
    }
}

/// How many records there were whose changes are counted.
static COUNTED: AtomicU64 = AtomicU64::new(1);

/// A record as a run sees it.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    pub(super) codes: &'a [i64],
    pub(super) record: &'a Record,
    changes: Option<&'a Changes>,
}

/// A moment in the life of a record whose changes are counted.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Moment {
    record: u64,
    clock: u64,
}

impl Row<'_> {
    /// Now, if the changes of the record are counted.
    pub(super) fn moment(&self) -> Moment {
        self.changes.map_or_else(Moment::default, |changes| Moment {
            record: changes.record,
            clock: changes.clock,
        })
    }

    /// Whether it is certain that it is still the record of a moment, and that none of these slots changed.
    pub(super) fn is_as_at(&self, moment: Moment, slots: &[usize]) -> bool {
        let Some(changes) = self.changes.filter(|changes| changes.record == moment.record) else {
            return false;
        };
        let since = |slot: &usize| changes.slots.get(*slot).copied().unwrap_or(0) > moment.clock;
        !slots.iter().any(since)
    }
}

impl Encoded {
    pub(super) fn row(&self) -> Row<'_> {
        let changes = (self.changes.record != 0).then_some(&self.changes);
        Row { codes: &self.codes, record: &self.record, changes }
    }

    /// The record without its encoding.
    pub fn record(&self) -> &Record {
        &self.record
    }
}

/// Many encoded records, whose codes stand one behind the other: a run over them waits for no memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EncodedRows {
    /// How many codes a record has.
    width: usize,
    codes: Vec<i64>,
    records: Vec<Record>,
}

impl EncodedRows {
    /// How many records there are.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// A record.
    pub(super) fn get(&self, at: usize) -> Option<Row<'_>> {
        let start = at.checked_mul(self.width)?;
        let codes = self.codes.get(start..start.checked_add(self.width)?)?;
        Some(Row { codes, record: self.records.get(at)?, changes: None })
    }
}

impl Program {
    /// Records of facts, encoded together.
    pub fn encode_rows<'f>(&self, facts: impl IntoIterator<Item = &'f Facts>) -> EncodedRows {
        let mut rows = EncodedRows { width: self.slots().len(), ..EncodedRows::default() };
        for facts in facts {
            let Encoded { record, codes, .. } = self.encode(facts);
            rows.codes.extend(codes);
            rows.records.push(record);
        }
        rows
    }

    /// Facts as an encoded record.
    pub fn encode(&self, facts: &Facts) -> Encoded {
        self.encode_record(self.record(facts))
    }

    /// A record, encoded.
    pub fn encode_record(&self, record: Record) -> Encoded {
        let mut codes = Vec::with_capacity(record.values.len());
        for (slot, value) in record.values.iter().enumerate() {
            codes.push(match value {
                Some(value) => self.encoder.encode(self.encoder.kind(slot), value),
                None => UNKNOWN,
            });
        }
        Encoded { record, codes, changes: Changes::default() }
    }
}

/// What one fact gives a record: its slots, encoded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EncodedFact {
    slots: Vec<(usize, i64, Value)>,
}

impl Program {
    /// A record of which nothing is known, to be filled time and again: a run that remembers looks anew only for
    /// what changed.
    pub fn encode_nothing(&self) -> Encoded {
        let Encoded { record, codes, .. } = self.encode(&Facts::default());
        let slots = vec![0; codes.len()];
        let counted = COUNTED.fetch_add(1, Ordering::Relaxed);
        Encoded { record, codes, changes: Changes { record: counted, clock: 0, slots } }
    }

    /// One fact, encoded to be put into records.
    pub fn encode_fact(&self, fact: FactId, value: Value) -> EncodedFact {
        let mut facts = Facts::default();
        facts.set(fact, value);
        let Encoded { record, codes, .. } = self.encode(&facts);
        let slots = record.values.into_iter().zip(codes).enumerate();
        EncodedFact {
            slots: slots.filter_map(|(slot, (value, code))| Some((slot, code, value?))).collect(),
        }
    }
}

impl Encoded {
    /// Makes a fact known.
    pub fn put(&mut self, fact: &EncodedFact) {
        self.changes.clock = self.changes.clock.saturating_add(1);
        for (slot, code, value) in &fact.slots {
            self.lay(*slot, *code, Some(value.clone()));
        }
    }

    /// Makes it unknown again.
    pub fn take_out(&mut self, fact: &EncodedFact) {
        self.changes.clock = self.changes.clock.saturating_add(1);
        for (slot, ..) in &fact.slots {
            self.lay(*slot, UNKNOWN, None);
        }
    }

    fn lay(&mut self, slot: usize, code: i64, value: Option<Value>) {
        if let Some(place) = self.codes.get_mut(slot) {
            *place = code;
        }
        if let Some(place) = self.record.values.get_mut(slot) {
            *place = value;
        }
        if let Some(place) = self.changes.slots.get_mut(slot) {
            *place = self.changes.clock;
        }
    }
}
