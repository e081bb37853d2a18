use std::collections::BTreeSet;
use std::sync::Arc;

use smol_str::SmolStr;

use crate::{Country, Date, Number, Outcome};

/// An entry of a hierarchical code list, as `3A090.a`, or no entry at all.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// No entry of the list covers it.
    None,
    /// The entry with that text.
    Entry(SmolStr),
}

/// A value of the language. Quantities are kept in base units; their unit is in their type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// `yes` or `no`.
    YesNo(bool),
    /// A plain number, or a quantity in base units.
    Number(Number),
    /// A calendar date.
    Date(Date),
    /// Text, for names only.
    Text(SmolStr),
    /// A country.
    Country(Country),
    /// A value of an enumeration, by its name.
    Symbol(SmolStr),
    /// An entry of a code list.
    Code(Code),
    /// A place on an outcome scale.
    Outcome(Outcome),
    /// A record, some of whose fields may be unknown.
    Record(Arc<Record>),
    /// A list, known as a whole.
    List(Arc<Vec<Value>>),
    /// A set.
    Set(Arc<BTreeSet<Value>>),
}

/// The values of a record's fields in the order of its declaration; `None` where unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Record {
    /// One entry a declared field.
    pub fields: Vec<Option<Value>>,
}
