use std::collections::BTreeSet;
use std::sync::Arc;

use exeat_diagnostics::{Diagnostic, SourceMap, Span, codes, suggestion};
use exeat_eval::scenario_facts;
use exeat_hir::{Fact, FactId, Given, ModuleId, Scenario};
use exeat_model::{Date, date_from_text};

use super::datum::{Datum, Entry, Shape};
use super::value::Values;
use super::{FactsDocument, FactsFormat, FactsInput, FactsRead, json, toml_text, yaml};
use crate::Rulebook;
use crate::names::listed;
use crate::project::base_of;

/// What may stand at the top of a facts file.
const SETTINGS: [&str; 6] = ["id", "as_of", "readings", "proposals", "decide", "facts"];

/// The day on which values are computed where no day is asked for; no value depends on it.
const SOME_DAY: Date = Date::constant(2000, 1, 1);

impl Rulebook {
    /// Reads facts. The text is added to `sources`, the map that loading gave, so that problems can
    /// be shown in it.
    pub fn read_facts(&self, sources: &mut SourceMap, input: &FactsInput) -> FactsRead {
        let base = base_of(&input.name, &input.text, sources);
        let (word, result) = match input.notation() {
            FactsFormat::Toml => ("TOML", toml_text::read(&input.text, base)),
            FactsFormat::Json => ("JSON", json::read(&input.text, base)),
            FactsFormat::Yaml => ("YAML", yaml::read(&input.text, base)),
        };
        let datum = match result {
            Ok(datum) => datum,
            Err(fault) => {
                let message = format!("`{}` is not {word}: {}", input.name, fault.reason);
                let diagnostic = Diagnostic::error(codes::FACTS_SYNTAX, message, fault.span, "")
                    .with_help(
                        "Facts are TOML, JSON or YAML, as the end of the file's name says; a text \
                         stands in quotes.",
                    );
                return FactsRead { document: None, diagnostics: vec![diagnostic] };
            }
        };
        let mut reader = Reader {
            session: self,
            document: FactsDocument::default(),
            given: Vec::new(),
            values: Values { session: self, text: &input.text, base, problems: Vec::new() },
        };
        reader.document(&datum);
        reader.finish()
    }
}

impl Rulebook {
    /// The facts that a key may mean. A fact may be written with the name of its module, where two modules
    /// have one of its name.
    fn facts_named(&self, name: &str) -> Vec<(FactId, &Fact)> {
        let hir = self.hir();
        let whole = name.contains('.');
        let is_meant = |fact: &Fact| {
            fact.name == name || (whole && hir.full_name(fact.module, &fact.name) == name)
        };
        hir.facts.iter().filter(|(_, fact)| is_meant(fact)).collect()
    }

    /// The one fact that a key means.
    pub(crate) fn fact_named(&self, name: &str) -> Option<FactId> {
        match self.facts_named(name).as_slice() {
            [(id, _)] => Some(*id),
            _ => None,
        }
    }
}

struct Reader<'a> {
    session: &'a Rulebook,
    document: FactsDocument,
    given: Vec<Arc<Given>>,
    values: Values<'a>,
}

impl Reader<'_> {
    fn document(&mut self, datum: &Datum) {
        let Shape::Table(entries) = &datum.shape else {
            let message = format!("a facts file is a table, but this is {}", datum.shape.words());
            self.values.problems.push(
                Diagnostic::error(codes::FACTS_SYNTAX, message, datum.span, "").with_help(
                    "Write `as_of = 2025-05-15`, and the facts under `[facts]` (in JSON and YAML \
                     under the key `facts`).",
                ),
            );
            return;
        };
        self.values.refuse_twice(entries);
        for entry in entries {
            match entry.key.as_str() {
                "id" => match &entry.datum.shape {
                    Shape::Text(id) => self.document.id = Some(id.trim().to_owned()),
                    _ => self.wrong("id", "a text", &entry.datum),
                },
                "as_of" => self.as_of(&entry.datum),
                "readings" => self.readings(&entry.datum),
                "proposals" => {
                    for (name, span) in self.names("proposals", &entry.datum) {
                        let found = self.session.find_module(&name);
                        if let Some(module) = self.placed(found, span) {
                            self.document.proposals.insert(module);
                        }
                    }
                }
                "decide" => {
                    for (name, span) in self.names("decide", &entry.datum) {
                        let found = self.session.find_decision(&name);
                        if let Some(decision) = self.placed(found, span) {
                            self.document.decide.push(decision);
                        }
                    }
                }
                "facts" => self.facts(&entry.datum),
                _ => self.unknown_setting(entry),
            }
        }
    }

    fn as_of(&mut self, datum: &Datum) {
        let written = match &datum.shape {
            Shape::Date(text) | Shape::Text(text) => date_from_text(text.trim()),
            _ => None,
        };
        match written {
            Some(day) => self.document.as_of = Some(day),
            None => self.values.problems.push(
                Diagnostic::error(
                    codes::FACT_VALUE_UNREADABLE,
                    format!("`as_of` has to be a day, but this is {}", datum.shape.words()),
                    datum.span,
                    "not a day of the calendar",
                )
                .with_help("Write year, month and day: `2025-05-15`."),
            ),
        }
    }

    fn readings(&mut self, datum: &Datum) {
        let Shape::Table(entries) = &datum.shape else {
            for (name, span) in self.names("readings", datum) {
                let found = self.session.find_reading_choice(&name);
                if let Some((reading, choice)) = self.placed(found, span) {
                    self.document.readings.insert(reading, choice);
                }
            }
            return;
        };
        for entry in entries {
            let found = self.session.find_reading(&entry.key);
            let Some(reading) = self.placed(found, entry.key_span) else { continue };
            let Shape::Text(choice) = &entry.datum.shape else {
                self.wrong("readings", "the name of a choice", &entry.datum);
                continue;
            };
            let found = self.session.find_choice(reading, choice.trim());
            if let Some(choice) = self.placed(found, entry.datum.span) {
                self.document.readings.insert(reading, choice);
            }
        }
    }

    /// A name or a list of names.
    fn names(&mut self, setting: &str, datum: &Datum) -> Vec<(String, Span)> {
        match &datum.shape {
            Shape::Text(name) => vec![(name.trim().to_owned(), datum.span)],
            Shape::List(items) => items
                .iter()
                .filter_map(|item| {
                    if let Shape::Text(name) = &item.shape {
                        return Some((name.trim().to_owned(), item.span));
                    }
                    self.wrong(setting, "a list of names", item);
                    None
                })
                .collect(),
            _ => {
                self.wrong(setting, "a list of names", datum);
                Vec::new()
            }
        }
    }

    fn wrong(&mut self, setting: &str, wanted: &str, datum: &Datum) {
        let message =
            format!("`{setting}` has to be {wanted}, but this is {}", datum.shape.words());
        self.values.problems.push(Diagnostic::error(
            codes::WRONG_FACT_TYPE,
            message,
            datum.span,
            wanted,
        ));
    }

    /// What was found, or its problem with its place.
    fn placed<T>(&mut self, found: Result<T, Diagnostic>, span: Span) -> Option<T> {
        match found {
            Ok(found) => Some(found),
            Err(diagnostic) => {
                self.values.problems.push(diagnostic.with_label(span, "not known"));
                None
            }
        }
    }

    fn facts(&mut self, datum: &Datum) {
        let entries = match &datum.shape {
            Shape::Table(entries) => entries,
            Shape::Nothing => return,
            _ => {
                self.wrong("facts", "a table of facts", datum);
                return;
            }
        };
        self.values.refuse_twice(entries);
        for entry in entries {
            let Some((fact, ty)) = self.fact(entry) else { continue };
            if matches!(entry.datum.shape, Shape::Nothing) {
                continue;
            }
            if let Some(value) = self.values.value(&entry.key, &entry.datum, &ty) {
                let span = entry.datum.span;
                self.given.push(Arc::new(Given { fact, path: Vec::new(), value, span }));
            }
        }
    }

    fn fact(&mut self, entry: &Entry) -> Option<(FactId, exeat_hir::Ty)> {
        let hir = self.session.hir();
        let name = entry.key.as_str();
        let found = self.session.facts_named(name);
        match found.as_slice() {
            [(id, fact)] => return Some((*id, fact.ty.clone())),
            [] => {
                let message = format!("there is no fact `{name}`");
                let names: Vec<&str> = hir.facts.values().map(|fact| fact.name.as_str()).collect();
                let help = suggestion(name, names.iter().copied())
                    .unwrap_or_else(|| listed("fact", &names));
                self.values.problems.push(
                    Diagnostic::error(codes::UNKNOWN_FACT, message, entry.key_span, "not known")
                        .with_help(help),
                );
            }
            several => {
                let names: Vec<String> = several
                    .iter()
                    .map(|(_, fact)| format!("`\"{}\"`", hir.full_name(fact.module, &fact.name)))
                    .collect();
                let message = format!("several modules have a fact `{name}`");
                let help = format!("Write one of {}.", names.join(", "));
                self.values.problems.push(
                    Diagnostic::error(codes::AMBIGUOUS_NAME, message, entry.key_span, "which one?")
                        .with_help(help),
                );
            }
        }
        None
    }

    fn unknown_setting(&mut self, entry: &Entry) {
        let name = entry.key.as_str();
        let message = format!("a facts file has no setting `{name}`");
        let diagnostic =
            Diagnostic::error(codes::UNKNOWN_SETTING, message, entry.key_span, "not known");
        let is_fact = self.session.hir().facts.values().any(|fact| fact.name == name);
        let help = if is_fact {
            format!("`{name}` is a fact. Facts stand under `[facts]`, or under the key `facts`.")
        } else {
            suggestion(name, SETTINGS).unwrap_or_else(|| listed("setting", &SETTINGS))
        };
        self.values.problems.push(diagnostic.with_help(help));
    }

    fn finish(mut self) -> FactsRead {
        if self.values.problems.is_empty() {
            self.compute();
        }
        let mut diagnostics = self.values.problems;
        diagnostics.sort_by_key(Diagnostic::span);
        let sound = !diagnostics.iter().any(Diagnostic::is_error);
        FactsRead { document: sound.then_some(self.document), diagnostics }
    }

    /// Computes what was written as an expression.
    fn compute(&mut self) {
        let (hir, functions) = (self.session.hir(), self.session.functions());
        let as_of = self.document.as_of.unwrap_or(SOME_DAY);
        let scenario = Scenario {
            title: String::new(),
            module: ModuleId(0),
            as_of,
            readings: self.document.readings.clone(),
            proposals: Vec::new(),
            given: std::mem::take(&mut self.given),
            expectations: Vec::new(),
            span: Span::default(),
        };
        self.document.values = scenario_facts(hir, functions, &scenario);
        let known: BTreeSet<FactId> = self.document.values.iter().map(|(fact, _)| fact).collect();
        for given in scenario.given.iter().filter(|given| !known.contains(&given.fact)) {
            self.values.problems.push(
                Diagnostic::error(
                    codes::FACT_VALUE_UNREADABLE,
                    "this value cannot be computed",
                    given.span,
                    "has no value",
                )
                .with_help("Write the value itself, or leave the fact out if it is not known."),
            );
        }
    }
}
