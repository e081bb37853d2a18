use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The description of a jurisdiction as it crosses the interface: a JSON document of schema
/// `exeat.jurisdiction/1`. Dates are `2026-09-24`, intervals run from a first day up to and without
/// an end day, and types are written as in rule files.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "the description of a jurisdiction")]
pub struct Document {
    /// `exeat.jurisdiction/1`.
    pub schema: String,
    /// Enumerations.
    #[serde(default)]
    pub enums: Vec<Enumeration>,
    /// Units.
    #[serde(default)]
    pub units: Vec<Unit>,
    /// Outcome scales.
    #[serde(default)]
    pub scales: Vec<Scale>,
    /// Hierarchical code lists.
    #[serde(default)]
    pub code_lists: Vec<CodeList>,
    /// Dated groups of countries.
    #[serde(default)]
    pub groups: Vec<Group>,
    /// Catalogues of known items.
    #[serde(default)]
    pub catalogues: Vec<Catalogue>,
    /// Signatures of functions.
    #[serde(default)]
    pub functions: Vec<Function>,
}

/// An enumeration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an enumeration")]
pub struct Enumeration {
    /// Its name.
    pub name: String,
    /// What it is, in words.
    pub title: String,
    /// Its values.
    pub values: Vec<NamedValue>,
}

/// A value of an enumeration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a value of an enumeration")]
pub struct NamedValue {
    /// Its name.
    pub name: String,
    /// What it is, in words.
    pub title: String,
}

impl Enumeration {
    /// An enumeration of names, each with its title.
    pub fn new(name: &str, title: &str, values: &[(&str, &str)]) -> Self {
        let value = |(name, title): &(&str, &str)| NamedValue {
            name: (*name).to_owned(),
            title: (*title).to_owned(),
        };
        Self {
            name: name.to_owned(),
            title: title.to_owned(),
            values: values.iter().map(value).collect(),
        }
    }
}

/// A unit of measurement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a unit")]
pub struct Unit {
    /// Its name.
    pub name: String,
    /// What it measures, in words.
    pub title: String,
    /// Its definition in other units; none for a base unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub definition: Option<String>,
}

impl Unit {
    /// A base unit.
    pub fn base(name: &str, title: &str) -> Self {
        Self { name: name.to_owned(), title: title.to_owned(), definition: None }
    }

    /// A unit made of others, as `TOPS * bit`.
    pub fn derived(name: &str, title: &str, definition: &str) -> Self {
        Self { definition: Some(definition.to_owned()), ..Self::base(name, title) }
    }
}

/// A scale of outcomes, from the least to the most strict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a scale")]
pub struct Scale {
    /// Its name.
    pub name: String,
    /// What it is, in words.
    pub title: String,
    /// Its places in order of strictness.
    pub outcomes: Vec<OutcomePlace>,
}

/// A place on a scale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an outcome")]
pub struct OutcomePlace {
    /// Its name.
    pub name: String,
    /// What it is, in words.
    pub title: String,
    /// `free`, `free_with_conditions`, `authorisation_needed` or `prohibited`, if it says that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<String>,
    /// The enumeration whose values label it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub labels: Option<String>,
}

impl OutcomePlace {
    /// A place that says nothing of the shipment and bears no labels.
    pub fn new(name: &str, title: &str) -> Self {
        Self { name: name.to_owned(), title: title.to_owned(), effect: None, labels: None }
    }

    /// Says what it means for the shipment.
    #[must_use]
    pub fn effect(mut self, effect: &str) -> Self {
        self.effect = Some(effect.to_owned());
        self
    }

    /// Names the enumeration whose values label it.
    #[must_use]
    pub fn labels(mut self, enumeration: &str) -> Self {
        self.labels = Some(enumeration.to_owned());
        self
    }
}

/// A hierarchical code list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a code list")]
pub struct CodeList {
    /// Its name.
    pub name: String,
    /// What it is, in words.
    pub title: String,
    /// Its entries.
    pub entries: Vec<CodeEntry>,
}

/// An entry of a code list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an entry of a code list")]
pub struct CodeEntry {
    /// The code.
    pub code: String,
    /// Its title.
    pub title: String,
    /// The entry that it is a part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Entries whose parameters an item in this entry meets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub meets: Vec<String>,
    /// First day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// First day that is no longer in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

/// A dated group of countries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a group of countries")]
pub struct Group {
    /// Its name.
    pub name: String,
    /// What it is, in words.
    pub title: String,
    /// Where it is laid down.
    pub cite: String,
    /// Its members.
    pub members: Vec<Member>,
}

/// A membership in a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a member of a group")]
pub struct Member {
    /// The two-letter code of the country.
    pub country: String,
    /// First day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// First day on which it is no longer a member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Where that is laid down, if apart from the group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cite: Option<String>,
}

/// A catalogue of known items.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a catalogue")]
pub struct Catalogue {
    /// Its name.
    pub name: String,
    /// What it is, in words.
    pub title: String,
    /// The fields that entries may give.
    pub fields: Vec<Field>,
    /// Its entries.
    pub entries: Vec<Entry>,
}

/// A field or a parameter with its type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a name with a type")]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its type, as written in rule files.
    #[serde(rename = "type")]
    pub ty: String,
}

impl Field {
    /// A field or a parameter of a type.
    pub fn new(name: &str, ty: &str) -> Self {
        Self { name: name.to_owned(), ty: ty.to_owned() }
    }
}

/// An item of a catalogue. A field that it does not give is unknown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an entry of a catalogue")]
pub struct Entry {
    /// The name by which it is looked up.
    pub key: String,
    /// What is known of it.
    pub fields: BTreeMap<String, PlainValue>,
    /// Where the figures come from and how sure they are.
    pub source: String,
}

/// A value in a catalogue, tagged with its kind: `{"number": "989.4"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", expecting = "a value with its kind")]
pub enum PlainValue {
    /// `yes` or `no`.
    YesNo(bool),
    /// An exact number, as `15831.2` or `1/3`, in the unit of the declared type.
    Number(String),
    /// Text, or the name of a country, date, code or enumeration value.
    Text(String),
    /// A list.
    List(Vec<PlainValue>),
    /// A record.
    Record(BTreeMap<String, PlainValue>),
}

/// The signature of a function.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a signature")]
pub struct Function {
    /// Its name.
    pub name: String,
    /// What it computes, in words.
    pub title: String,
    /// Where that is laid down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cite: Option<String>,
    /// Its parameters.
    pub parameters: Vec<Field>,
    /// The type of its result.
    pub result: String,
}

impl Function {
    /// The signature of a function without a citation.
    pub fn new(name: &str, title: &str, parameters: Vec<Field>, result: &str) -> Self {
        Self {
            name: name.to_owned(),
            title: title.to_owned(),
            cite: None,
            parameters,
            result: result.to_owned(),
        }
    }

    /// Says where the computation is laid down.
    #[must_use]
    pub fn cite(mut self, cite: &str) -> Self {
        self.cite = Some(cite.to_owned());
        self
    }
}
