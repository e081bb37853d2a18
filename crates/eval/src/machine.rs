use std::collections::{BTreeMap, BTreeSet};

use exeat_hir::{
    DecisionId, Determination, Hir, LocalId, MissingFact, ModuleId, Possible, ReadingId, Ty,
};
use exeat_model::{Date, Value};

use crate::{Facts, Functions};

/// What is asked: the day, the readings, the proposals that are to decide, and the facts.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The day for which the rules are asked.
    pub as_of: Date,
    /// The choices of readings; for a reading that is not in it its default holds, and without a
    /// default it is unknown.
    pub readings: &'a BTreeMap<ReadingId, usize>,
    /// Modules of status proposal that are to decide.
    pub proposals: &'a BTreeSet<ModuleId>,
    /// The facts.
    pub facts: &'a Facts,
}

/// The state of a run: the question, the decisions made so far, and the names bound at the moment.
pub(crate) struct Machine<'a> {
    pub(crate) hir: &'a Hir,
    pub(crate) functions: &'a dyn Functions,
    pub(crate) request: Request<'a>,
    pub(crate) decided: BTreeMap<DecisionId, Determination>,
    /// Values supposed for undetermined decisions while a test is tried with each of them.
    pub(crate) supposed: BTreeMap<DecisionId, Possible>,
    pub(crate) locals: BTreeMap<LocalId, Found>,
    /// Inside how many defines the evaluation is; checked programs have no cycles, so this only
    /// keeps the machine safe from a hand-made one.
    pub(crate) depth: usize,
}

/// How deep defines may call each other.
pub(crate) const DEEPEST_CALL: usize = 256;

/// A value and where it came from.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) value: Value,
    /// The path of the fact or field it is, for naming what is missing in it.
    pub(crate) path: Option<String>,
    /// For a list: the paths of its elements.
    pub(crate) elements: Vec<Option<String>>,
}

impl Found {
    pub(crate) fn plain(value: Value) -> Self {
        Self { value, path: None, elements: Vec::new() }
    }
}

/// Why a value is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Unknown {
    pub(crate) missing: BTreeSet<String>,
    pub(crate) errors: BTreeSet<String>,
    /// A decision was read that is not needed: tests of it are false.
    pub(crate) not_needed: bool,
}

impl Unknown {
    pub(crate) fn missing(path: impl Into<String>) -> Self {
        Self { missing: BTreeSet::from([path.into()]), ..Self::default() }
    }

    pub(crate) fn error(message: impl Into<String>) -> Self {
        Self { errors: BTreeSet::from([message.into()]), ..Self::default() }
    }

    pub(crate) fn join(&mut self, other: Self) {
        self.missing.extend(other.missing);
        self.errors.extend(other.errors);
    }
}

pub(crate) type Outcome = Result<Found, Unknown>;

impl Machine<'_> {
    /// The choice of a reading.
    pub(crate) fn choice(&self, reading: ReadingId) -> Result<usize, String> {
        if let Some(choice) = self.request.readings.get(&reading) {
            return Ok(*choice);
        }
        match self.hir.readings.get(reading) {
            Some(found) => {
                found.default.ok_or_else(|| self.hir.full_name(found.module, &found.name))
            }
            None => Err("a reading".to_owned()),
        }
    }

    /// What is to be asked about a missing path.
    pub(crate) fn missing_fact(&self, path: &str, weight: usize) -> MissingFact {
        let (ask, ty) = self.describe_path(path).unwrap_or((None, Ty::Error));
        MissingFact { path: path.to_owned(), ask, ty, weight }
    }

    fn describe_path(&self, path: &str) -> Option<(Option<String>, Ty)> {
        let path = path.split(" (").next().unwrap_or(path);
        if let Some((_, reading)) = self
            .hir
            .readings
            .iter()
            .find(|(_, reading)| self.hir.full_name(reading.module, &reading.name) == path)
        {
            return Some((reading.title.clone(), Ty::Error));
        }
        let mut parts = path.split('.');
        let first = parts.next()?;
        let name = first.split('[').next().unwrap_or(first);
        let fact = self.hir.facts.values().find(|fact| fact.name == name)?;
        let (mut ask, mut ty) = (fact.ask.clone(), fact.ty.clone());
        if first.contains('[')
            && let Ty::List(element) = &ty
        {
            ty = element.as_ref().clone();
        }
        for part in parts {
            let name = part.split('[').next().unwrap_or(part);
            let Ty::Record(record) = &ty else { return None };
            let field =
                self.hir.records.get(*record)?.fields.iter().find(|field| field.name == name)?;
            ask.clone_from(&field.ask);
            let element = match &field.ty {
                Ty::List(element) if part.contains('[') => element.as_ref().clone(),
                whole => whole.clone(),
            };
            ty = element;
        }
        Some((ask, ty))
    }
}
