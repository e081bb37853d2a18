//! The state of a run: the question, what is decided so far, and the names bound at the moment.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use exeat_hir::{
    ConditionTrace, DecisionId, DecisionTrace, DefineId, Determination, Hir, LocalId, MissingFact,
    ModelGap, ModuleId, ModuleStatus, NotModelledId, Possible, ReadingId, RecordId, RuleId, Ty,
    blank_record,
};
use exeat_model::{Date, Truth, Value};

use crate::index::Index;
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
    /// Which rules are about which decision, once that is asked.
    index: OnceLock<Arc<Index>>,
    pub(crate) decided: BTreeMap<DecisionId, Determination>,
    /// Values supposed for undetermined decisions while a test is tried with each of them.
    pub(crate) supposed: BTreeMap<DecisionId, Possible>,
    /// What is bound to each name: a value, or why it is not known.
    pub(crate) locals: BTreeMap<LocalId, Outcome>,
    /// Conditions of rules that were judged already: they read what does not change in a run.
    pub(crate) judged: BTreeMap<RuleId, Arc<ConditionTrace>>,
    /// Defines without parameters that have their value already, and how deep they went for it.
    pub(crate) defined: Remembered<Found>,
    /// The conditions that defines without parameters stand for, judged.
    pub(crate) judged_defines: Remembered<Arc<ConditionTrace>>,
    /// How many expressions deep the evaluation is.
    pub(crate) depth: usize,
    /// The deepest that it was.
    pub(crate) deepest: usize,
}

/// How deep expressions may build on each other, defines and groups included. Beyond it the outcome
/// is an error and never a crash: this many steps fit on the smallest stack that is usual.
pub const DEEPEST: usize = 300;

/// A value and where it came from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Found {
    pub(crate) value: Value,
    pub(crate) origin: Origin,
}

/// Where a value came from, for naming what is missing in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Origin {
    /// The path of the fact or field it is, if it is one.
    pub(crate) path: Option<String>,
    /// For a list or record that an expression made: of each element or field where it came from,
    /// or why it is not known.
    pub(crate) parts: Vec<Result<Origin, Unknown>>,
    /// Whether the rules write the value out, so that it means just what it says. A code that does not
    /// stand in the rules may be coarser than the truth.
    pub(crate) written: bool,
}

impl Origin {
    /// What stands at a path.
    pub(crate) fn at(path: String) -> Self {
        Self { path: Some(path), ..Self::default() }
    }

    /// What expressions made.
    pub(crate) fn of_parts(parts: Vec<Result<Self, Unknown>>) -> Self {
        Self { parts, ..Self::default() }
    }

    /// The same, chosen by the rules and so not written out at this place.
    pub(crate) fn chosen(self) -> Self {
        let parts = self.parts.into_iter().map(|part| part.map(Self::chosen)).collect();
        Self { path: self.path, parts, written: false }
    }
}

impl Found {
    /// A value that stands nowhere in the facts.
    pub(crate) fn plain(value: Value) -> Self {
        Self { value, origin: Origin::default() }
    }

    /// A value that the rules write out.
    pub(crate) fn written(value: Value) -> Self {
        Self { value, origin: Origin { written: true, ..Origin::default() } }
    }

    /// The same, chosen by the rules and so not written out at this place.
    pub(crate) fn chosen(self) -> Self {
        Self { value: self.value, origin: self.origin.chosen() }
    }

    /// A value that stands at a path.
    pub(crate) fn placed(value: Value, path: String) -> Self {
        Self { value, origin: Origin::at(path) }
    }
}

/// Why a value is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Unknown {
    pub(crate) missing: BTreeSet<String>,
    pub(crate) errors: BTreeSet<String>,
    /// Rules that disagree about a decision that was read.
    pub(crate) conflict: BTreeSet<RuleId>,
    /// What is not modelled, and whether it is touched or may be.
    pub(crate) not_modelled: BTreeMap<NotModelledId, Truth>,
    /// A decision was read that is not needed. Whatever else is unknown, a test of it is false.
    pub(crate) not_needed: bool,
}

impl Unknown {
    pub(crate) fn missing(path: impl Into<String>) -> Self {
        Self { missing: BTreeSet::from([path.into()]), ..Self::default() }
    }

    /// What is not modelled is touched.
    pub(crate) fn gap(item: NotModelledId) -> Self {
        Self { not_modelled: BTreeMap::from([(item, Truth::True)]), ..Self::default() }
    }

    pub(crate) fn error(message: impl Into<String>) -> Self {
        Self { errors: BTreeSet::from([message.into()]), ..Self::default() }
    }

    /// The same as data: what is not modelled, in the order of the items.
    pub(crate) fn gaps(&self) -> Vec<ModelGap> {
        let gaps = self.not_modelled.iter();
        gaps.map(|(item, touched)| ModelGap { item: *item, touched: *touched }).collect()
    }

    /// Both reasons; the order in which they are joined does not matter.
    pub(crate) fn join(&mut self, other: Self) {
        self.missing.extend(other.missing);
        self.errors.extend(other.errors);
        self.conflict.extend(other.conflict);
        for (item, touched) in other.not_modelled {
            let known = self.not_modelled.entry(item).or_insert(touched);
            *known = known.or(touched);
        }
        self.not_needed |= other.not_needed;
    }
}

/// Notes a reason. That a reason was noted counts, even if it names nothing.
pub(crate) fn note(noted: &mut Option<Unknown>, why: Unknown) {
    noted.get_or_insert_with(Unknown::default).join(why);
}

pub(crate) type Outcome = Result<Found, Unknown>;

/// What defines without parameters gave, and how much deeper than their own place it went.
pub(crate) type Remembered<T> = BTreeMap<DefineId, (Result<T, Unknown>, usize)>;

/// A record of which nothing is known but where it would stand: at the path that is missing.
pub(crate) fn unknown_record(hir: &Hir, record: RecordId, why: Unknown) -> Found {
    let value = Value::Record(Arc::new(blank_record(hir, record)));
    match why.missing.into_iter().next() {
        Some(path) => Found::placed(value, path),
        None => Found::plain(value),
    }
}

impl<'a> Machine<'a> {
    /// A machine that has decided nothing yet.
    pub(crate) fn new(hir: &'a Hir, functions: &'a dyn Functions, request: Request<'a>) -> Self {
        Self {
            hir,
            functions,
            request,
            index: OnceLock::new(),
            decided: BTreeMap::new(),
            supposed: BTreeMap::new(),
            locals: BTreeMap::new(),
            judged: BTreeMap::new(),
            defined: BTreeMap::new(),
            judged_defines: BTreeMap::new(),
            depth: 0,
            deepest: 0,
        }
    }

    /// A machine that has decided everything: `traces` are all decisions for the request.
    pub(crate) fn after(
        hir: &'a Hir,
        functions: &'a dyn Functions,
        request: Request<'a>,
        traces: &[DecisionTrace],
    ) -> Self {
        let decided = traces.iter().map(|trace| (trace.decision, trace.determination.clone()));
        Self { decided: decided.collect(), ..Self::new(hir, functions, request) }
    }

    /// The same, with what was found for the program before.
    pub(crate) fn with_index(mut self, index: &Arc<Index>) -> Self {
        self.index = OnceLock::from(Arc::clone(index));
        self
    }

    /// Which rules are about which decision.
    pub(crate) fn index(&self) -> Arc<Index> {
        Arc::clone(self.index.get_or_init(|| Arc::new(Index::of(self.hir))))
    }

    /// Goes one step deeper into expressions, through defines and groups too.
    pub(crate) fn enter(&mut self) -> Result<(), Unknown> {
        if self.depth >= DEEPEST {
            return Err(Unknown::error(format!(
                "expressions build on each other more than {DEEPEST} deep"
            )));
        }
        self.depth = self.depth.saturating_add(1);
        self.deepest = self.deepest.max(self.depth);
        Ok(())
    }

    /// What a define without parameters gave before. It is the same each time, but for a test that is
    /// tried with supposed decisions, and but for the depth: where computing it again would go too
    /// deep, it is not taken from here, so that what was computed first does not matter.
    pub(crate) fn remembered<T: Clone>(
        &mut self,
        kept: impl FnOnce(&Self) -> &Remembered<T>,
        define: DefineId,
    ) -> Option<Result<T, Unknown>> {
        let (outcome, height) = kept(self).get(&define)?;
        let bottom = self.depth.saturating_add(*height);
        let outcome = (self.supposed.is_empty() && bottom <= DEEPEST).then(|| outcome.clone())?;
        // What reads it is as deep as if it had been computed here.
        self.deepest = self.deepest.max(bottom);
        Some(outcome)
    }

    /// Computes what a define without parameters gives and remembers it.
    pub(crate) fn remember<T: Clone>(
        &mut self,
        kept: impl FnOnce(&mut Self) -> &mut Remembered<T>,
        define: DefineId,
        compute: impl FnOnce(&mut Self) -> Result<T, Unknown>,
    ) -> Result<T, Unknown> {
        let before = std::mem::replace(&mut self.deepest, self.depth);
        let outcome = compute(self);
        let height = self.deepest.saturating_sub(self.depth);
        self.deepest = self.deepest.max(before);
        if self.supposed.is_empty() && self.depth.saturating_add(height) < DEEPEST {
            kept(self).insert(define, (outcome.clone(), height));
        }
        outcome
    }

    /// Comes back from where [`Machine::enter`] went.
    pub(crate) fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// Whether a module's items have force as far as its status goes.
    pub(crate) fn module_decides(&self, module: ModuleId) -> bool {
        let status = self.hir.modules.get(module).map(|module| module.status);
        status != Some(ModuleStatus::Proposal) || self.request.proposals.contains(&module)
    }

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
