//! The facts of a desk: as they were typed, and as values.

use std::fmt::Write as _;

use exeat_engine::{Facts, Rulebook};
use exeat_hir::{FactId, Hir, Ty};
use exeat_model::Value;

use crate::written;

/// A fact or a field of one, as it was given or taken back.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    /// As it was written, as `consignee.country`.
    pub(crate) path: String,
    pub(crate) fact: FactId,
    pub(crate) fields: Vec<usize>,
    /// The text of the value and the value; nothing where it was taken back from a larger whole.
    pub(crate) given: Option<(String, Value)>,
}

/// The facts in the order in which they were given.
#[derive(Clone, Debug, Default)]
pub(crate) struct GivenFacts {
    pub(crate) lines: Vec<Line>,
}

impl GivenFacts {
    /// Adds a line; what it replaces is gone.
    pub(crate) fn add(&mut self, line: Line) {
        self.lines.retain(|old| old.fact != line.fact || !old.fields.starts_with(&line.fields));
        self.lines.push(line);
    }

    /// Makes a fact or field unknown; whether anything of it was known.
    pub(crate) fn forget(&mut self, hir: &Hir, line: Line) -> bool {
        let before = self.facts(hir);
        self.lines.retain(|old| old.fact != line.fact || !old.fields.starts_with(&line.fields));
        let mut after = before.clone();
        after.remove_path(hir, line.fact, &line.fields);
        if self.facts(hir) != after {
            self.lines.push(Line { given: None, ..line });
        }
        before != after
    }

    /// The values.
    pub(crate) fn facts(&self, hir: &Hir) -> Facts {
        let mut facts = Facts::default();
        for line in &self.lines {
            match &line.given {
                Some((_, value)) => {
                    facts.set_path(hir, line.fact, &line.fields, value.clone());
                }
                None => facts.remove_path(hir, line.fact, &line.fields),
            }
        }
        facts
    }

    /// Facts with their texts, as a `given` clause writes them: where something was taken back from a
    /// whole, its value is written out. What cannot be written is named in the second list.
    pub(crate) fn texts(&self, rules: &Rulebook) -> (Vec<(String, String)>, Vec<String>) {
        let hir = rules.hir();
        let facts = self.facts(hir);
        let (mut texts, mut unwritten) = (Vec::new(), Vec::new());
        let mut whole: Vec<FactId> = Vec::new();
        for line in &self.lines {
            let of_fact = || self.lines.iter().filter(|other| other.fact == line.fact);
            if of_fact().all(|other| other.given.is_some()) {
                if let Some((text, _)) = &line.given {
                    texts.push((line.path.clone(), text.clone()));
                }
            } else if !whole.contains(&line.fact) {
                whole.push(line.fact);
                let (Some(fact), Some(value)) = (hir.facts.get(line.fact), facts.get(line.fact))
                else {
                    continue;
                };
                match written::language(hir, value, &fact.ty) {
                    Some(text) => texts.push((Self::name(hir, line.fact), text)),
                    None => unwritten.push(fact.name.to_string()),
                }
            }
        }
        (texts, unwritten)
    }

    /// The facts of a facts file in TOML, one line a fact.
    pub(crate) fn toml(&self, rules: &Rulebook) -> String {
        let hir = rules.hir();
        let mut text = String::new();
        for (id, value) in self.facts(hir).iter() {
            let Some(fact) = hir.facts.get(id) else { continue };
            let lines: Vec<&Line> = self.lines.iter().filter(|line| line.fact == id).collect();
            let name = Self::name(hir, id);
            let key = if name.contains('.') { format!("\"{name}\"") } else { name };
            let typed = match lines.as_slice() {
                [Line { given: Some((typed, _)), fields, .. }]
                    if fields.is_empty() && typed.contains('(') =>
                {
                    // An entry of a catalogue stays one.
                    Some(written::toml_text(typed))
                }
                _ => None,
            };
            let value = typed.or_else(|| written::toml(hir, value, &fact.ty));
            if let Some(value) = value {
                let _ = writeln!(text, "{key} = {value}");
            }
        }
        text
    }

    /// The name of a fact, with its module if two modules have one of its name.
    fn name(hir: &Hir, id: FactId) -> String {
        let Some(fact) = hir.facts.get(id) else { return String::new() };
        let alike = hir.facts.values().filter(|other| other.name == fact.name).count();
        if alike > 1 { hir.full_name(fact.module, &fact.name) } else { fact.name.to_string() }
    }
}

/// The type at the end of a path of fields.
pub(crate) fn type_at(hir: &Hir, fact: FactId, fields: &[usize]) -> Option<Ty> {
    let mut ty = hir.facts.get(fact)?.ty.clone();
    for field in fields {
        let Ty::Record(record) = ty else { return None };
        ty = hir.records.get(record)?.fields.get(*field)?.ty.clone();
    }
    Some(ty)
}
