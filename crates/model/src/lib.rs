//! The words of the domain: exact numbers, units, dates, countries, codes, outcomes, truth, and
//! what a jurisdiction offers.
//!
//! Deliberately absent: syntax, source positions, serialisation, files, clocks. What crosses a
//! process boundary is a versioned type elsewhere, made from these.

mod country;
mod country_names;
mod country_table;
mod date;
mod jurisdiction;
mod number;
mod outcome;
mod truth;
mod unit;
mod value;

pub use country::{Country, CountryEntry, CountryStanding};
pub use date::{Date, Interval, Rounding, date_from_text, shift_days, shift_months};
pub use jurisdiction::{
    CatalogueDescription, CatalogueEntry, CodeEntry, CodeListDescription, EnumDescription,
    EnumValue, FieldDescription, FunctionDescription, FunctionFailure, GroupDescription,
    GroupMember, JurisdictionDescription, OutcomeDescription, ParameterDescription, PlainValue,
    Provider, ScaleDescription, UnitDescription,
};
pub use number::{Number, NumberError};
pub use outcome::{Effect, Outcome};
pub use truth::Truth;
pub use unit::{Dimension, UnitExpression};
pub use value::{Code, Record, Value};
