use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use exeat_hir::{
    Combine, DecisionId, Facts, Functions, Hir, ModuleId, Possible, ReadingId, RuleId,
};
use exeat_model::{Date, Interval, Truth, Value};

use crate::epoch::{Epoch, LoweredDecision, RuleValue, Source, boundaries};
use crate::fast::{Encoder, Fast};
use crate::formula::Formula;
use crate::lower::Unsupported;
use crate::run::settle::{Settled, Settling};
use crate::run::{Decided, Run, Scratch};
use crate::slot::{Slot, slots};

/// The rules in epochs, each lowered when it is first asked for.
#[derive(Debug)]
pub struct Program {
    /// No two programs have the same.
    pub(crate) identity: u64,
    hir: Hir,
    slots: Vec<Slot>,
    /// The first day of each epoch but the first.
    boundaries: Vec<Date>,
    epochs: Vec<OnceLock<Result<Epoch, Unsupported>>>,
    pub(crate) fasts: Vec<OnceLock<Option<Fast>>>,
    pub(crate) encoder: Encoder,
}

/// How many programs there were.
static PROGRAMS: AtomicU64 = AtomicU64::new(0);

/// Never taken: there is an epoch for every day.
static NO_EPOCH: OnceLock<Result<Epoch, Unsupported>> = OnceLock::new();

/// What is known, slot by slot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    pub(crate) values: Vec<Option<Value>>,
}

/// What is asked.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The day for which the rules are asked.
    pub as_of: Date,
    /// The choices of readings; for others their default holds, and without a default they are unknown.
    pub readings: &'a BTreeMap<ReadingId, usize>,
    /// Modules of status proposal that are to decide.
    pub proposals: &'a BTreeSet<ModuleId>,
    /// The functions of the jurisdictions.
    pub functions: &'a dyn Functions,
}

/// What a decision comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Determined.
    Value(Determined),
    /// Not needed.
    NotNeeded,
    /// Undetermined, with all outcomes that are still possible.
    Undetermined(Vec<Possible>),
    /// More ways to settle what is open than are tried here.
    AskTheReference,
}

/// A determined outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Determined {
    /// The outcome.
    pub value: Value,
    /// The rules that determined it; none where `otherwise` speaks or where rules may yet hold that change
    /// nothing.
    pub because: Vec<RuleId>,
    /// Whether `otherwise` speaks.
    pub otherwise: bool,
}

impl Program {
    /// Takes checked rules.
    pub fn new(hir: Hir) -> Self {
        let boundaries = boundaries(&hir);
        let epochs = (0..=boundaries.len()).map(|_| OnceLock::new()).collect();
        let fasts = (0..=boundaries.len()).map(|_| OnceLock::new()).collect();
        let slots = slots(&hir);
        let identity = PROGRAMS.fetch_add(1, Ordering::Relaxed);
        Self {
            identity,
            encoder: Encoder::new(&hir, &slots),
            slots,
            hir,
            boundaries,
            epochs,
            fasts,
        }
    }

    /// The rules.
    pub fn hir(&self) -> &Hir {
        &self.hir
    }

    /// What is given from outside, in the order of records.
    pub fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// The days of each epoch, in order.
    pub fn epochs(&self) -> Vec<Interval> {
        let starts = [None].into_iter().chain(self.boundaries.iter().copied().map(Some));
        let ends = self.boundaries.iter().copied().map(Some).chain([None]);
        starts.zip(ends).map(|(from, until)| Interval { from, until }).collect()
    }

    /// The rules as they stand on a day.
    ///
    /// # Errors
    /// What of them cannot be lowered.
    pub fn epoch(&self, day: Date) -> Result<&Epoch, &Unsupported> {
        let (at, days) = self.epoch_place(day);
        self.epoch_at(at, days)
    }

    /// The epoch with a number, whose days are these.
    pub(crate) fn epoch_at(&self, at: usize, days: Interval) -> Result<&Epoch, &Unsupported> {
        let place = self.epochs.get(at).unwrap_or(&NO_EPOCH);
        place.get_or_init(|| Epoch::lower(&self.hir, &self.slots, days, false)).as_ref()
    }

    /// The rules as they stand on a day, with what is claimed and assumed of all transactions, and
    /// what defines are called. Lowered anew each time: it is for analysis and not for a run.
    ///
    /// # Errors
    /// What of them cannot be lowered.
    pub fn epoch_with_claims(&self, day: Date) -> Result<Epoch, Unsupported> {
        let (_, days) = self.epoch_place(day);
        Epoch::lower(&self.hir, &self.slots, days, true)
    }

    /// The number of the epoch of a day, from 0: on two days of one epoch the rules are the same.
    pub fn epoch_of(&self, day: Date) -> usize {
        self.epoch_place(day).0
    }

    /// The place of the epoch of a day, and its days.
    pub(crate) fn epoch_place(&self, day: Date) -> (usize, Interval) {
        let at = self.boundaries.partition_point(|boundary| *boundary <= day);
        let days = Interval {
            from: at.checked_sub(1).and_then(|before| self.boundaries.get(before)).copied(),
            until: self.boundaries.get(at).copied(),
        };
        (at, days)
    }

    /// Facts as a record.
    pub fn record(&self, facts: &Facts) -> Record {
        Record { values: self.slots.iter().map(|slot| slot.value(facts).cloned()).collect() }
    }

    /// All decisions of a record, in the order of [`Epoch::decisions`].
    ///
    /// # Errors
    /// What of the rules cannot be lowered.
    pub fn run<'p>(
        &'p self,
        request: &Request<'_>,
        record: &Record,
        scratch: &mut Scratch,
    ) -> Result<Vec<(DecisionId, Answer)>, &'p Unsupported> {
        let epoch = self.epoch(request.as_of)?;
        scratch.prepare(epoch, self.hir.decisions.len());
        let mut run = self.start(epoch, request, &record.values, scratch);
        Ok(run.decide_these(epoch, request, |_| true))
    }

    pub(crate) fn start<'a>(
        &'a self,
        epoch: &'a Epoch,
        request: &Request<'a>,
        slots: &'a [Option<Value>],
        scratch: &'a mut Scratch,
    ) -> Run<'a> {
        Run {
            hir: &self.hir,
            functions: request.functions,
            arena: &epoch.arena,
            as_of: request.as_of,
            slots,
            scratch,
        }
    }
}

impl Run<'_> {
    /// Decides what is wanted, each decision after those that it reads; these have to be wanted too.
    pub(crate) fn decide_these(
        &mut self,
        epoch: &Epoch,
        request: &Request<'_>,
        wanted: impl Fn(DecisionId) -> bool,
    ) -> Vec<(DecisionId, Answer)> {
        let mut answers = Vec::with_capacity(epoch.decisions.len());
        for decision in epoch.decisions.iter().filter(|decision| wanted(decision.id)) {
            let answer = self.decide(epoch, request, decision);
            let decided = match &answer {
                Answer::Value(determined) => Decided::Value(determined.value.clone()),
                Answer::NotNeeded => Decided::NotNeeded,
                Answer::Undetermined(possible) => Decided::Undetermined(possible.clone()),
                Answer::AskTheReference => Decided::NotYet,
            };
            let stop = answer == Answer::AskTheReference;
            if let Some(place) =
                usize::try_from(decision.id.0).ok().and_then(|at| self.scratch.decided.get_mut(at))
            {
                *place = decided;
            }
            answers.push((decision.id, answer));
            if stop {
                break;
            }
        }
        answers
    }
}

impl Record {
    /// What is known of a slot.
    pub fn get(&self, slot: usize) -> Option<&Value> {
        self.values.get(slot).and_then(Option::as_ref)
    }

    /// Makes a slot known or unknown.
    pub fn set(&mut self, slot: usize, value: Option<Value>) {
        if self.values.len() <= slot {
            self.values.resize(slot.saturating_add(1), None);
        }
        if let Some(place) = self.values.get_mut(slot) {
            *place = value;
        }
    }
}

impl Scratch {
    pub(crate) fn prepare(&mut self, epoch: &Epoch, decisions: usize) {
        // What is remembered of other runs has another stamp.
        self.stamp = self.stamp.wrapping_add(1);
        let missing = Err(crate::run::NotKnown::MISSING);
        if self.values.len() < epoch.arena.len() {
            self.values.resize(epoch.arena.len(), (0, missing.clone()));
        }
        self.locals.clear();
        self.locals.resize(epoch.locals, missing);
        self.decided.clear();
        self.decided.resize(decisions, Decided::NotYet);
        self.supposed.clear();
        if self.cells.len() < epoch.columns.len() {
            self.cells.resize(epoch.columns.len(), (0, 0));
        }
    }
}

impl Run<'_> {
    fn cell(&mut self, epoch: &Epoch, request: &Request<'_>, column: u32) -> u16 {
        let at = usize::try_from(column).unwrap_or(usize::MAX);
        if let Some((stamp, cell)) = self.scratch.cells.get(at)
            && *stamp == self.scratch.stamp
        {
            return *cell;
        }
        let Some(found) = epoch.columns.get(at) else { return 0 };
        let unknown = found.cells.count();
        let cell = match &found.source {
            Source::Slot(slot) => {
                let slot = usize::try_from(*slot).ok().and_then(|slot| self.slots.get(slot));
                slot.and_then(Option::as_ref).map_or(unknown, |value| found.cells.cell_of(value))
            }
            Source::Node(node) => {
                self.value(*node).map_or(unknown, |value| found.cells.cell_of(&value))
            }
            Source::Condition(condition) => match self.condition(*condition) {
                Truth::False => 0,
                Truth::True => 1,
                Truth::Unknown => unknown,
            },
            Source::Reading(id) => {
                let reading = self.hir.readings.get(*id);
                let default = reading.and_then(|reading| reading.default);
                let chosen = request.readings.get(id).copied().or(default);
                let choice = chosen.and_then(|at| reading?.choices.get(at));
                choice.map_or(unknown, |choice| {
                    found.cells.cell_of(&Value::Symbol(choice.name.clone()))
                })
            }
            Source::Proposal(module) => u16::from(request.proposals.contains(module)),
        };
        if let Some(place) = self.scratch.cells.get_mut(at) {
            *place = (self.scratch.stamp, cell);
        }
        cell
    }

    pub(crate) fn formula(
        &mut self,
        epoch: &Epoch,
        request: &Request<'_>,
        formula: &Formula,
    ) -> Truth {
        formula.truth(&mut |atom| {
            let at = usize::try_from(atom).unwrap_or(usize::MAX);
            let Some(atom) = epoch.atoms.get(at) else { return Truth::Unknown };
            let cell = self.cell(epoch, request, atom.column);
            if atom.answers.must.contains(cell) {
                Truth::True
            } else if atom.answers.may.contains(cell) {
                Truth::Unknown
            } else {
                Truth::False
            }
        })
    }

    fn decide(
        &mut self,
        epoch: &Epoch,
        request: &Request<'_>,
        decision: &LoweredDecision,
    ) -> Answer {
        let mut own = Vec::with_capacity(decision.rules.len());
        let mut values = Vec::with_capacity(decision.rules.len());
        for rule in &decision.rules {
            let truth = self.formula(epoch, request, &rule.own);
            own.push(truth);
            values.push(match &rule.value {
                RuleValue::Constant(value) if truth != Truth::False => Some(value.clone()),
                RuleValue::Node(node) if truth != Truth::False => self.value(*node).ok(),
                _ => None,
            });
        }
        let settling = Settling { decision, own: &own, values: &values };
        let Some(Settled { mut possible, holding, open }) = settling.settle() else {
            return Answer::AskTheReference;
        };
        let mut touched = Truth::False;
        for (_, gap) in &decision.gaps {
            touched = touched.or(self.formula(epoch, request, gap));
        }
        match touched {
            Truth::True => possible = BTreeSet::from([Possible::NotModelled]),
            Truth::Unknown => {
                possible.insert(Possible::NotModelled);
            }
            Truth::False => {}
        }
        if let Some(needed) = &decision.needed {
            match self.formula(epoch, request, needed) {
                Truth::False => return Answer::NotNeeded,
                Truth::Unknown => {
                    possible.insert(Possible::NotNeeded);
                }
                Truth::True => {}
            }
        }
        let value = match (possible.len(), possible.first()) {
            (1, Some(Possible::Value(value))) => value.clone(),
            (1, Some(Possible::NotNeeded)) => return Answer::NotNeeded,
            _ => return Answer::Undetermined(possible.into_iter().collect()),
        };
        let speaks = |at: &usize| {
            let one = values.get(*at).and_then(Option::as_ref);
            one.is_some_and(|one| match (decision.combine, one, &value) {
                (Combine::Strictest, Value::Outcome(one), Value::Outcome(whole)) => {
                    one.rank == whole.rank
                }
                (Combine::Collect, one, Value::Set(whole)) => whole.contains(one),
                (_, one, whole) => one == whole,
            })
        };
        let mut because: Vec<RuleId> = holding
            .into_iter()
            .filter(speaks)
            .filter_map(|at| decision.rules.get(at).map(|rule| rule.id))
            .collect();
        because.sort_by_cached_key(|rule| {
            self.hir.rules.get(*rule).map(|rule| self.hir.full_name(rule.module, &rule.name))
        });
        let otherwise = because.is_empty() && !open;
        Answer::Value(Determined { value, because, otherwise })
    }
}
