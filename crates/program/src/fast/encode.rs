//! Records in a form in which the cell of a value is found by one look-up.

use std::collections::BTreeMap;

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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Encoded {
    pub(crate) record: Record,
    pub(super) codes: Vec<i64>,
}

impl Encoded {
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

    /// The codes of a record, and the record itself.
    pub(super) fn get(&self, at: usize) -> Option<(&[i64], &Record)> {
        let start = at.checked_mul(self.width)?;
        let codes = self.codes.get(start..start.checked_add(self.width)?)?;
        Some((codes, self.records.get(at)?))
    }
}

impl Program {
    /// Records of facts, encoded together.
    pub fn encode_rows<'f>(&self, facts: impl IntoIterator<Item = &'f Facts>) -> EncodedRows {
        let mut rows = EncodedRows { width: self.slots().len(), ..EncodedRows::default() };
        for facts in facts {
            let Encoded { record, codes } = self.encode(facts);
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
        Encoded { record, codes }
    }
}

/// What one fact gives a record: its slots, encoded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EncodedFact {
    slots: Vec<(usize, i64, Value)>,
}

impl Program {
    /// A record of which nothing is known.
    pub fn encode_nothing(&self) -> Encoded {
        self.encode(&Facts::default())
    }

    /// One fact, encoded to be put into records.
    pub fn encode_fact(&self, fact: FactId, value: Value) -> EncodedFact {
        let mut facts = Facts::default();
        facts.set(fact, value);
        let Encoded { record, codes } = self.encode(&facts);
        let slots = record.values.into_iter().zip(codes).enumerate();
        EncodedFact {
            slots: slots.filter_map(|(slot, (value, code))| Some((slot, code, value?))).collect(),
        }
    }
}

impl Encoded {
    /// Makes a fact known.
    pub fn put(&mut self, fact: &EncodedFact) {
        for (slot, code, value) in &fact.slots {
            self.lay(*slot, *code, Some(value.clone()));
        }
    }

    /// Makes it unknown again.
    pub fn take_out(&mut self, fact: &EncodedFact) {
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
    }
}
