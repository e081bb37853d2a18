//! Write a jurisdiction in safe Rust.
//!
//! A jurisdiction is data (units, scales, code lists, groups, catalogues) and pure functions. It is
//! put together as a [`Jurisdiction`] and exported with [`export_jurisdiction!`], from a crate of
//! type `cdylib`:
//!
//! ```
//! use exeat_plugin_sdk::{Answer, Arguments, Field, Function, Jurisdiction, Unit};
//!
//! fn build() -> Jurisdiction {
//!     Jurisdiction::new("freedonia", "Freedonia", "0.1.0", "2026-01-31")
//!         .unit(Unit::base("kg", "kilogram"))
//!         .function(
//!             Function::new("doubled", "Twice the mass", vec![Field::new("mass", "kg")], "kg"),
//!             doubled,
//!         )
//! }
//!
//! fn doubled(arguments: &Arguments) -> Result<Answer, String> {
//!     let mass = arguments.number(0)?;
//!     mass.checked_add(mass).map(Answer::Number)
//! }
//!
//! exeat_plugin_sdk::export_jurisdiction!(build);
//! ```
//!
//! Numbers are exact ([`Number`]) and travel as text, never as floating point. A function that
//! panics, or a `build` that does, is reported by the host and harms nothing else.

mod call;
mod document;
mod export;
mod jurisdiction;
mod number;

pub use call::{Answer, Arguments};
pub use document::{
    Catalogue, CodeEntry, CodeList, Document, Entry, Enumeration, Field, Function, Group, Member,
    NamedValue, OutcomePlace, PlainValue, Scale, Unit,
};
pub use exeat_plugin_abi as abi;
pub use export::Export;
pub use jurisdiction::Jurisdiction;
pub use number::Number;
