//! Facts from outside: a TOML, JSON or YAML text to typed values, exact and with places.
//!
//! The three notations become one tree of data with places ([`datum`]); everything else is written
//! once. A number is kept as the text that was written, so that no binary floating point is near.

mod datum;
mod json;
mod read;
mod toml_text;
mod value;
mod yaml;

use std::collections::{BTreeMap, BTreeSet};

use exeat_diagnostics::Diagnostic;
use exeat_eval::Facts;
use exeat_hir::{DecisionId, ModuleId, ReadingId};
use exeat_model::Date;

use crate::{Question, Stance};

/// A notation for facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactsFormat {
    /// TOML.
    Toml,
    /// JSON.
    Json,
    /// YAML.
    Yaml,
}

/// A text with facts.
#[derive(Clone, Debug)]
pub struct FactsInput {
    /// The name shown to people, as `shipment.toml`.
    pub name: String,
    /// The text.
    pub text: String,
    /// Its notation; without it the end of the name tells, or else the text itself.
    pub format: Option<FactsFormat>,
}

/// What a facts file says.
#[derive(Clone, Debug, Default)]
pub struct FactsDocument {
    /// How the shipment is called, as an order by its number.
    pub id: Option<String>,
    /// The day for which it asks.
    pub as_of: Option<Date>,
    /// The readings that it chooses.
    pub readings: BTreeMap<ReadingId, usize>,
    /// The proposals that are to decide.
    pub proposals: BTreeSet<ModuleId>,
    /// The decisions that it wants; none for all.
    pub decide: Vec<DecisionId>,
    /// The facts.
    pub values: Facts,
}

impl FactsDocument {
    /// The same, taken as a stance says besides.
    #[must_use]
    pub fn under(mut self, stance: &Stance) -> Self {
        self.readings.extend(&stance.readings);
        self.proposals.extend(&stance.proposals);
        self
    }

    /// The question that it asks, of a day if one is given and else of its own; `None` if neither names one.
    pub fn question(self, as_of: Option<Date>) -> Option<Question> {
        Some(Question {
            as_of: as_of.or(self.as_of)?,
            readings: self.readings,
            proposals: self.proposals,
            facts: self.values,
            only: self.decide,
        })
    }
}

/// What came of reading facts.
#[derive(Clone, Debug)]
pub struct FactsRead {
    /// The document; there is none if anything is wrong with it.
    pub document: Option<FactsDocument>,
    /// All problems, with places in the text.
    pub diagnostics: Vec<Diagnostic>,
}

impl FactsInput {
    /// The notation: as given, by the end of the name, or by the look of the text.
    pub(crate) fn notation(&self) -> FactsFormat {
        if let Some(format) = self.format {
            return format;
        }
        let end = self.name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase());
        match end.as_deref() {
            Some("toml") => FactsFormat::Toml,
            Some("json") => FactsFormat::Json,
            Some("yaml" | "yml") => FactsFormat::Yaml,
            _ => self.look(),
        }
    }

    /// JSON begins with a brace; in TOML a line is a table header or has `=` before any `:`.
    fn look(&self) -> FactsFormat {
        let mut lines = self
            .text
            .lines()
            .map(|line| line.trim_start_matches('\u{feff}').trim())
            .filter(|line| !line.is_empty() && !line.starts_with('#'));
        let Some(first) = lines.next() else { return FactsFormat::Toml };
        if first.starts_with('{') {
            return FactsFormat::Json;
        }
        if first.starts_with("---") || first.starts_with('%') {
            return FactsFormat::Yaml;
        }
        match first.find(['=', ':']) {
            Some(at) if first.get(at..).is_some_and(|rest| rest.starts_with(':')) => {
                FactsFormat::Yaml
            }
            _ => FactsFormat::Toml,
        }
    }
}
