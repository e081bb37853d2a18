//! Records in a form in which the cell of a value is found by one look-up.

use std::collections::BTreeMap;

use exeat_hir::{Facts, Hir};
use exeat_model::{Code, Country, Date, Number, Value};

use crate::cells::Cells;
use crate::program::{Program, Record};

/// Numbers for the values that a type names: countries, values of enumerations, codes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Symbols {
    ids: BTreeMap<Value, u32>,
}

impl Symbols {
    pub(crate) fn of(hir: &Hir) -> Self {
        let countries = Country::table()
            .iter()
            .filter_map(|entry| Country::from_code(entry.alpha2))
            .map(Value::Country);
        let enumerations = hir.enums.values().flat_map(|one| &one.values);
        let codes = hir.code_lists.values().flat_map(|list| list.entries.keys());
        let all = countries
            .chain(enumerations.map(|value| Value::Symbol(value.name.clone())))
            .chain(codes.map(|code| Value::Code(Code::Entry(code.clone()))))
            .chain([Value::Code(Code::None)]);
        let mut ids = BTreeMap::new();
        for value in all {
            let next = u32::try_from(ids.len()).unwrap_or(u32::MAX);
            ids.entry(value).or_insert(next);
        }
        Self { ids }
    }

    fn encode(&self, value: &Value) -> Encoding {
        match value {
            Value::YesNo(yes) => Encoding::YesNo(*yes),
            Value::Number(number) => Encoding::Number(*number),
            Value::Date(date) => Encoding::Date(*date),
            other => self.ids.get(other).map_or(Encoding::Other, |id| Encoding::Symbol(*id)),
        }
    }
}

/// A value in short.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Unknown,
    YesNo(bool),
    Number(Number),
    Date(Date),
    Symbol(u32),
    /// A text, a list or a set: the value itself is asked.
    Other,
}

/// A record whose values are encoded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Encoded {
    pub(crate) record: Record,
    codes: Vec<Encoding>,
}

impl Encoded {
    /// The record without its encoding.
    pub fn record(&self) -> &Record {
        &self.record
    }
}

impl Program {
    /// Facts as an encoded record.
    pub fn encode(&self, facts: &Facts) -> Encoded {
        self.encode_record(self.record(facts))
    }

    /// A record, encoded.
    pub fn encode_record(&self, record: Record) -> Encoded {
        let code = |value: &Option<Value>| {
            value.as_ref().map_or(Encoding::Unknown, |value| self.symbols.encode(value))
        };
        let codes = record.values.iter().map(code).collect();
        Encoded { record, codes }
    }
}

/// How the cell of an encoded value is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CellFinder {
    YesNo,
    Numbers(Vec<Number>),
    Dates(Vec<Date>),
    /// The cell of each symbol by its number; for what has none the classes are asked.
    Symbols {
        cells: Vec<u16>,
        classes: Cells,
    },
}

impl CellFinder {
    pub(crate) fn new(cells: &Cells, symbols: &Symbols) -> Self {
        match cells {
            Cells::YesNo => Self::YesNo,
            Cells::Ordered(points) => match points.first() {
                Some(Value::Date(_)) => Self::Dates(
                    points
                        .iter()
                        .filter_map(|point| match point {
                            Value::Date(date) => Some(*date),
                            _ => None,
                        })
                        .collect(),
                ),
                _ => Self::Numbers(
                    points
                        .iter()
                        .filter_map(|point| match point {
                            Value::Number(number) => Some(*number),
                            _ => None,
                        })
                        .collect(),
                ),
            },
            Cells::Classes { count, .. } => {
                let mut found = vec![count.saturating_sub(1); symbols.ids.len()];
                for (value, id) in &symbols.ids {
                    if let Some(place) = usize::try_from(*id).ok().and_then(|at| found.get_mut(at))
                    {
                        *place = cells.cell_of(value);
                    }
                }
                Self::Symbols { cells: found, classes: cells.clone() }
            }
        }
    }

    /// The cell of what stands in a slot; `unknown` if nothing does.
    pub(crate) fn of_slot(&self, record: &Encoded, slot: usize, unknown: u16) -> u16 {
        match (self, record.codes.get(slot).copied().unwrap_or(Encoding::Unknown)) {
            (_, Encoding::Unknown) => unknown,
            (Self::YesNo, Encoding::YesNo(yes)) => u16::from(yes),
            (Self::Numbers(points), Encoding::Number(number)) => place(points, &number),
            (Self::Dates(points), Encoding::Date(date)) => place(points, &date),
            (Self::Symbols { cells, .. }, Encoding::Symbol(id)) => {
                let at = usize::try_from(id).unwrap_or(usize::MAX);
                cells.get(at).copied().unwrap_or(unknown)
            }
            (_, _) => match record.record.values.get(slot) {
                Some(Some(value)) => self.of_value(value),
                _ => unknown,
            },
        }
    }

    /// The cell of a number.
    pub(crate) fn of_number(&self, number: Number) -> u16 {
        match self {
            Self::Numbers(points) => place(points, &number),
            _ => self.of_value(&Value::Number(number)),
        }
    }

    /// The cell of a known value.
    pub(crate) fn of_value(&self, value: &Value) -> u16 {
        match (self, value) {
            (Self::YesNo, Value::YesNo(yes)) => u16::from(*yes),
            (Self::Numbers(points), Value::Number(number)) => place(points, number),
            (Self::Dates(points), Value::Date(date)) => place(points, date),
            (Self::Symbols { classes, .. }, value) => classes.cell_of(value),
            _ => 0,
        }
    }
}

/// The cell among the points: odd at a point, even between two.
fn place<T: Ord>(points: &[T], value: &T) -> u16 {
    // Few points are the rule, and then looking at each is faster than halving.
    let (at, exact) = if points.len() <= 8 {
        let at = points.iter().take_while(|point| *point < value).count();
        (at, points.get(at) == Some(value))
    } else {
        match points.binary_search(value) {
            Ok(at) => (at, true),
            Err(at) => (at, false),
        }
    };
    u16::try_from(at.saturating_mul(2).saturating_add(usize::from(exact))).unwrap_or(u16::MAX)
}
