//! The transaction that is asked about, and runs of the rules near it.

use std::collections::{BTreeMap, BTreeSet};

use exeat_diagnostics::Span;
use exeat_eval::{Facts, Functions, Request};
use exeat_hir::{
    ConditionKind, DecisionId, DecisionTrace, Determination, Expr, ExprKind, Possible, ReadingId,
    Ty,
};
use exeat_model::{Date, Truth, Value};
use exeat_program::{Answer, ColumnReads, Open, Program, Record, Scratch, Unsupported};

use crate::space::Side;
use crate::witness::Witness;

/// What a run costs more, in runs, that leaves an outcome open.
const OPEN: usize = 4;

/// A transaction with the rules of its day, lowered: what can be asked near it.
pub struct Ground<'p> {
    pub(super) side: Side<'p>,
    pub(super) reads: ColumnReads,
    pub(super) as_of: Date,
    pub(super) readings: BTreeMap<ReadingId, usize>,
    pub(super) facts: Facts,
    /// What is given.
    pub(super) record: Record,
    pub(super) wholes: Vec<Whole>,
    pub(super) work: Work,
}

/// The room that runs use, and how many there were.
#[derive(Debug, Default)]
pub(super) struct Work {
    pub(super) trials: usize,
    scratch: Scratch,
}

/// The decisions that are asked about, and what they ask.
#[derive(Clone, Debug)]
pub(super) struct About {
    /// They, with all that they read.
    pub(super) decisions: BTreeSet<DecisionId>,
    /// The columns that they ask.
    pub(super) columns: Vec<usize>,
    /// The facts on which they rest, by their slots, in order.
    pub(super) slots: Vec<usize>,
}

/// A fact that can be given as a whole, by the name of an entry of a catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whole {
    /// The fact, as `item`.
    pub path: String,
    /// What can be given.
    pub entries: Vec<Entry>,
}

/// An entry of a catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// How it is written, as `us.chip("H20")`.
    pub name: String,
    /// The value of the fact; a record.
    pub value: Value,
}

impl<'p> Ground<'p> {
    /// The ground of a request.
    ///
    /// # Errors
    /// What of the rules cannot be lowered.
    pub fn new(
        program: &'p Program,
        functions: &'p dyn Functions,
        request: &Request<'_>,
        wholes: Vec<Whole>,
    ) -> Result<Self, Unsupported> {
        let epoch = program.epoch_with_claims(request.as_of)?;
        let reads = ColumnReads::of(&epoch);
        let proposals = request.proposals.clone();
        Ok(Self {
            side: Side { number: 0, program, functions, epoch, calendar: 0, proposals },
            reads,
            as_of: request.as_of,
            readings: request.readings.clone(),
            facts: request.facts.clone(),
            record: program.record(request.facts),
            wholes,
            work: Work::default(),
        })
    }

    /// How many times the rules were run so far. It grows with the work and not with time, so that the same
    /// question gives the same answer on every machine.
    pub fn runs(&self) -> usize {
        self.work.trials
    }

    /// What decisions ask, with all that they read.
    pub(super) fn about(&self, decisions: &BTreeSet<DecisionId>) -> About {
        let hir = self.side.program.hir();
        let decisions = exeat_eval::with_those_read(hir, decisions.iter().copied());
        let columns = self.reads.asked(&self.side.epoch, &decisions).into_iter().collect();
        let slots = self.reads.slots(&self.side.epoch, &decisions);
        let slots = slots.into_iter().filter_map(|slot| usize::try_from(slot).ok()).collect();
        About { decisions, columns, slots }
    }

    fn request<'a>(
        &self,
        readings: &'a BTreeMap<ReadingId, usize>,
        proposals: &'a BTreeSet<exeat_hir::ModuleId>,
    ) -> exeat_program::Request<'a>
    where
        'p: 'a,
    {
        exeat_program::Request {
            as_of: self.as_of,
            readings,
            proposals,
            functions: self.side.functions,
        }
    }

    /// All that a decision can come to for a record; `None` if that is more than is listed.
    pub(super) fn possible(
        &mut self,
        record: &Record,
        about: &About,
        decision: DecisionId,
    ) -> Option<Vec<Possible>> {
        self.work.trials = self.work.trials.saturating_add(1);
        let (readings, proposals) = (&self.readings, &self.side.proposals);
        let request = self.request(readings, proposals);
        let scratch = &mut self.work.scratch;
        let answers = self.side.program.decided(
            &self.side.epoch,
            &request,
            record,
            scratch,
            &about.decisions,
        );
        let answer = answers.into_iter().find(|(id, _)| *id == decision).map(|(_, answer)| answer);
        let possible = answer.and_then(listed);
        // To settle what is open in every way is what costs most.
        if possible.as_ref().is_none_or(|all| all.len() > 1) {
            self.work.trials = self.work.trials.saturating_add(OPEN);
        }
        possible
    }

    /// What decisions come to for a record under some readings, and what could still turn them.
    pub(super) fn open(
        &mut self,
        record: &Record,
        readings: &BTreeMap<ReadingId, usize>,
        about: &About,
        of: &BTreeSet<DecisionId>,
    ) -> (BTreeMap<DecisionId, Option<Vec<Possible>>>, Open) {
        self.work.trials = self.work.trials.saturating_add(1);
        let request = self.request(readings, &self.side.proposals);
        let (program, epoch, reads) = (self.side.program, &self.side.epoch, &self.reads);
        let scratch = &mut self.work.scratch;
        let (answers, open) =
            program.open(epoch, reads, &request, record, scratch, &about.decisions, of);
        (answers.into_iter().map(|(id, answer)| (id, listed(answer))).collect(), open)
    }

    /// The cell of each column that decisions ask, for a record.
    pub(super) fn cells(&mut self, record: &Record, about: &About) -> Vec<Option<u16>> {
        self.work.trials = self.work.trials.saturating_add(1);
        let epoch = &self.side.epoch;
        let columns: Vec<_> =
            about.columns.iter().filter_map(|at| epoch.columns.get(*at)).collect();
        let sources: Vec<_> = columns.iter().map(|column| column.source.clone()).collect();
        let request = self.request(&self.readings, &self.side.proposals);
        let scratch = &mut self.work.scratch;
        let values =
            self.side.program.worth(epoch, &request, record, scratch, &sources, &about.decisions);
        let cells = columns.iter().zip(values);
        cells.map(|(column, value)| Some(column.cells.cell_of(&value?))).collect()
    }

    /// The path of a slot.
    pub(super) fn path(&self, slot: usize) -> &str {
        self.side.program.slots().get(slot).map_or("", |slot| slot.path.as_str())
    }

    /// The slot of a path.
    pub(super) fn slot_at(&self, path: &str) -> Option<usize> {
        self.side.program.slots().iter().position(|slot| slot.path == path)
    }

    /// The slots of a fact that is given as a whole, each with what an entry says of it.
    pub(super) fn slots_of(&self, whole: &str, value: &Value) -> Vec<(usize, Option<Value>)> {
        let hir = self.side.program.hir();
        let slots = self.side.program.slots().iter().enumerate();
        slots
            .filter(|(_, slot)| hir.facts.get(slot.fact).is_some_and(|fact| fact.name == whole))
            .map(|(at, slot)| {
                let mut facts = Facts::default();
                facts.set(slot.fact, value.clone());
                (at, slot.value(&facts).cloned())
            })
            .collect()
    }

    /// The entry of a catalogue that a fact was given as.
    pub fn entry_given(&self, whole: &str) -> Option<String> {
        let whole = self.wholes.iter().find(|one| one.path == whole)?;
        let given = |entry: &&Entry| {
            let values = self.slots_of(&whole.path, &entry.value);
            !values.is_empty()
                && values.iter().all(|(slot, value)| self.record.get(*slot) == value.as_ref())
        };
        whole.entries.iter().find(given).map(|entry| entry.name.clone())
    }

    /// The record as something that computed quantities can be asked of.
    pub(super) fn witness(&self, record: &Record) -> Witness {
        let hir = self.side.program.hir();
        let slots = self.side.program.slots().iter().enumerate();
        let facts = slots
            .filter_map(|(at, slot)| Some((slot.path.clone(), record.get(at)?.clone())))
            .collect();
        let readings = self.readings.iter().filter_map(|(id, choice)| {
            let reading = hir.readings.get(*id)?;
            let choice = reading.choices.get(*choice)?;
            Some((hir.full_name(reading.module, &reading.name), choice.name.clone()))
        });
        let readings = readings.collect();
        Witness { facts, readings, days: BTreeMap::from([(self.side.calendar, self.as_of)]) }
    }

    /// The facts with some of them changed, or forgotten.
    pub(super) fn facts_with(&self, changed: &[(usize, Option<Value>)]) -> Facts {
        let hir = self.side.program.hir();
        let mut facts = self.facts.clone();
        for (at, value) in changed {
            let Some(slot) = self.side.program.slots().get(*at) else { continue };
            match value {
                Some(value) => facts.set_path(hir, slot.fact, &slot.fields, value.clone()),
                None => facts.remove_path(hir, slot.fact, &slot.fields),
            }
        }
        facts
    }

    /// What the reference says of other facts.
    pub(super) fn replay(&self, facts: &Facts, about: &About) -> Vec<DecisionTrace> {
        let (hir, request) = (self.side.program.hir(), self.reference(facts));
        exeat_eval::decide_these(hir, self.side.functions, &request, &about.decisions)
    }

    /// How many of the things that are taken for granted facts contradict, by the reference. All are judged
    /// in one run.
    pub(super) fn absurdities(&self, facts: &Facts) -> usize {
        let hir = self.side.program.hir();
        let conditions = hir.assumptions.values().map(|assumption| assumption.condition.clone());
        let kind = ExprKind::And(conditions.collect());
        let all = Expr { kind, ty: Ty::YesNo, span: Span::default() };
        if hir.assumptions.is_empty() {
            return 0;
        }
        let request = self.reference(facts);
        match exeat_eval::condition(hir, self.side.functions, &request, &all).kind {
            ConditionKind::All(parts) => {
                parts.iter().filter(|part| part.truth == Truth::False).count()
            }
            _ => 0,
        }
    }

    fn reference<'a>(&'a self, facts: &'a Facts) -> Request<'a> {
        Request {
            as_of: self.as_of,
            readings: &self.readings,
            proposals: &self.side.proposals,
            facts,
        }
    }
}

fn listed(answer: Answer) -> Option<Vec<Possible>> {
    match answer {
        Answer::Value(determined) => Some(vec![Possible::Value(determined.value)]),
        Answer::NotNeeded => Some(vec![Possible::NotNeeded]),
        Answer::Undetermined(possible) => Some(possible),
        Answer::AskTheReference => None,
    }
}

/// What a determination leaves possible.
pub(super) fn left(determination: &Determination) -> Vec<Possible> {
    match determination {
        Determination::Value(value) => vec![Possible::Value(value.clone())],
        Determination::NotNeeded => vec![Possible::NotNeeded],
        Determination::Undetermined(why) => why.possible.clone(),
    }
}
