use std::sync::Arc;

use smol_str::SmolStr;

use crate::{Country, Date, Effect, Interval, Number, Value};

/// All that a jurisdiction offers to rule files, as data: identity, lists, scales, groups,
/// catalogues and the signatures of its functions. Checking needs nothing else.
///
/// Types are written as in rule files (`TPP/mm2`, `country`, `yes_no`, `list of rate`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JurisdictionDescription {
    /// The name by which rule files use it, as `us`.
    pub id: SmolStr,
    /// What it is, in words.
    pub title: String,
    /// The version of the library.
    pub version: String,
    /// The day whose state of the law and lists the data shows.
    pub data_vintage: Date,
    /// SHA-256 of the library file, or of the descriptor of one that is linked in; lower-case hexadecimal.
    pub digest: String,
    /// Enumerations.
    pub enums: Vec<EnumDescription>,
    /// Units.
    pub units: Vec<UnitDescription>,
    /// Outcome scales.
    pub scales: Vec<ScaleDescription>,
    /// Hierarchical code lists.
    pub code_lists: Vec<CodeListDescription>,
    /// Dated groups of countries, used as `us.group("D:5")`.
    pub groups: Vec<GroupDescription>,
    /// Catalogues of known items, used as `us.chip("B200")`.
    pub catalogues: Vec<CatalogueDescription>,
    /// Pure functions.
    pub functions: Vec<FunctionDescription>,
}

/// An enumeration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnumDescription {
    /// Its name.
    pub name: SmolStr,
    /// What it is, in words.
    pub title: String,
    /// Its values.
    pub values: Vec<EnumValue>,
}

/// A value of an enumeration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnumValue {
    /// Its name.
    pub name: SmolStr,
    /// What it is, in words.
    pub title: String,
}

/// A unit of measurement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitDescription {
    /// Its name.
    pub name: SmolStr,
    /// What it measures, in words.
    pub title: String,
    /// Its definition in other units, as `TOPS * bit` or `1000 g`; `None` for a base unit.
    pub definition: Option<String>,
}

/// An ordered scale of outcomes, from the least to the most strict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScaleDescription {
    /// Its name.
    pub name: SmolStr,
    /// What it is, in words.
    pub title: String,
    /// The outcomes in order of strictness.
    pub outcomes: Vec<OutcomeDescription>,
}

/// A place on a scale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutcomeDescription {
    /// Its name.
    pub name: SmolStr,
    /// What it is, in words.
    pub title: String,
    /// What it means for the shipment; `None` on a scale that says nothing of that, as review policies.
    pub effect: Option<Effect>,
    /// The enumeration whose values label it, as the symbols of licence exceptions.
    pub labels: Option<SmolStr>,
}

/// A hierarchical code list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeListDescription {
    /// Its name, as `eccn`.
    pub name: SmolStr,
    /// What it is, in words.
    pub title: String,
    /// Its entries.
    pub entries: Vec<CodeEntry>,
}

/// An entry of a code list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeEntry {
    /// The code, as `3A090.a`.
    pub code: SmolStr,
    /// Its title.
    pub title: String,
    /// The entry that it is a part of.
    pub parent: Option<SmolStr>,
    /// Entries whose parameters an item in this entry meets, as 4A003.z.1 those of 4A090.a.
    pub meets: Vec<SmolStr>,
    /// When it stands in the list.
    pub interval: Interval,
}

/// A dated group of countries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupDescription {
    /// Its name, as `D:5`.
    pub name: SmolStr,
    /// What it is, in words.
    pub title: String,
    /// Where it is laid down.
    pub cite: String,
    /// Its members.
    pub members: Vec<GroupMember>,
}

/// A membership in a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupMember {
    /// The country.
    pub country: Country,
    /// When it is a member.
    pub interval: Interval,
    /// Where that is laid down, if apart from the group itself.
    pub cite: Option<String>,
}

/// A catalogue of known items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogueDescription {
    /// Its name, as `chip`.
    pub name: SmolStr,
    /// What it is, in words.
    pub title: String,
    /// The fields that its entries may give, with their types.
    pub fields: Vec<FieldDescription>,
    /// Its entries.
    pub entries: Vec<CatalogueEntry>,
}

/// A field that entries of a catalogue may give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldDescription {
    /// Its name.
    pub name: SmolStr,
    /// Its type, as written in rule files.
    pub ty: String,
}

/// An item of a catalogue. A field that it does not give is unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogueEntry {
    /// The name by which it is looked up.
    pub key: SmolStr,
    /// What is known of it.
    pub fields: Vec<(SmolStr, PlainValue)>,
    /// Where the figures come from and how sure they are.
    pub source: String,
}

/// A value whose type is given elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlainValue {
    /// `yes` or `no`.
    YesNo(bool),
    /// A number in the unit of the declared type.
    Number(Number),
    /// Text, or the name of a country, code or enumeration value.
    Text(SmolStr),
    /// A list.
    List(Vec<PlainValue>),
    /// A record.
    Record(Vec<(SmolStr, PlainValue)>),
}

/// The signature of a pure function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionDescription {
    /// Its name.
    pub name: SmolStr,
    /// What it computes, in words.
    pub title: String,
    /// Where that is laid down.
    pub cite: Option<String>,
    /// Its parameters.
    pub parameters: Vec<ParameterDescription>,
    /// The type of its result, as written in rule files.
    pub result: String,
}

/// A parameter of a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterDescription {
    /// Its name.
    pub name: SmolStr,
    /// Its type, as written in rule files.
    pub ty: String,
}

/// Why a function of a jurisdiction gave no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionFailure {
    /// The stable code of the diagnostic, as `E0818`.
    pub code: &'static str,
    /// What happened, in plain words.
    pub message: String,
}

/// A loaded jurisdiction: its description, and its functions.
pub trait Provider: Send + Sync {
    /// What it offers.
    fn description(&self) -> &Arc<JurisdictionDescription>;

    /// Calls a function with values of the declared types. Quantities go in and come out in the
    /// unit of the declared type, as plain numbers.
    ///
    /// # Errors
    /// If the function failed, panicked or gave something that is not of its declared type.
    fn call(&self, function: &str, arguments: &[Value]) -> Result<Value, FunctionFailure>;
}
