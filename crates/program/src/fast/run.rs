use std::sync::Arc;

use exeat_hir::{DecisionId, RuleId};
use exeat_model::{Outcome, Truth, Value};

use super::encode::{Row, UNKNOWN};
use super::memory::Memory;
use super::paths::Paths;
use super::{DecisionTest, Encoded, EncodedRows, Fast, FastDecision, FastFormula};
use crate::epoch::Epoch;
use crate::program::{Program, Record, Request};
use crate::run::{Decided, Run, Scratch};

/// What a decision came to in a scalar run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// Not needed.
    NotNeeded,
    /// A place on a scale, with labels as bits.
    Outcome {
        /// The place.
        rank: u32,
        /// The labels, a bit each.
        labels: u64,
    },
    /// One of the decision's constants.
    Constant(u32),
    /// A set of the decision's constants, a bit each.
    Set(u64),
    /// The rules leave it open, or open how it comes about: the exact way has to be taken.
    Open,
}

/// Room that scalar runs use one after the other.
#[derive(Clone, Debug, Default)]
pub struct FastScratch {
    /// The number of the run, and of the decision that is made: what is remembered with another number is of
    /// another run, whatever rules it was of.
    pub(super) stamp: u64,
    pub(super) rule_stamp: u64,
    pub(super) cells: Vec<(u64, u16)>,
    truths: Vec<(u64, Truth)>,
    /// Whether a rule applies, and whether it holds, of the decision at hand.
    pub(super) applies: Vec<(u64, Truth)>,
    pub(super) holds: Vec<(u64, Truth)>,
    /// The rules that an index leaves.
    pub(super) candidates: Vec<usize>,
    pub(super) settled: Vec<Settled>,
    pub(super) because: Vec<(u32, RuleId)>,
    /// Where the reasons of each decision end in `because`.
    pub(super) ends: Vec<usize>,
    pub(super) general: Scratch,
    /// What was computed before, if that is to be remembered.
    pub(super) memory: Option<Box<Memory>>,
    /// The ways that runs went, if these are to be remembered.
    paths: Option<Box<Paths>>,
    /// Whether the columns that are computed are noted, and those that were, with their cells.
    pub(super) noting: bool,
    pub(super) noted: Vec<(usize, u16)>,
}

impl FastScratch {
    /// Room for runs that remember what was computed for records before, as the performance of an item, and
    /// which way runs went. They all have to be asked with the same functions.
    pub fn remembering() -> Self {
        Self { memory: Some(Box::default()), paths: Some(Box::default()), ..Self::default() }
    }

    /// What the decision at a place came to.
    pub fn settled(&self, place: usize) -> Settled {
        self.settled.get(place).copied().unwrap_or(Settled::Open)
    }

    /// The rules that determined the decision at a place; none where its `otherwise` speaks.
    pub fn because(&self, place: usize) -> impl Iterator<Item = RuleId> + '_ {
        let end = self.ends.get(place).copied().unwrap_or(0);
        let start = place.checked_sub(1).and_then(|at| self.ends.get(at)).copied().unwrap_or(0);
        self.because.get(start..end).unwrap_or(&[]).iter().map(|(_, rule)| *rule)
    }

    /// Makes room for the rules that are run next; what there was stays, and is of other runs.
    fn make_room(&mut self, fast: &Fast) {
        let unknown = (0, Truth::Unknown);
        if self.cells.len() < fast.columns.len() {
            self.cells.resize(fast.columns.len(), (0, 0));
        }
        if self.truths.len() < fast.formulas.len() {
            self.truths.resize(fast.formulas.len(), unknown);
        }
        if self.holds.len() < fast.most_rules {
            self.holds.resize(fast.most_rules, unknown);
            self.applies.resize(fast.most_rules, unknown);
        }
    }
}

impl Program {
    /// Decides an encoded record. Whether all decisions are settled; what the others come to says
    /// [`Program::run`]. The scratch may have been used before for anything.
    ///
    /// # Errors
    /// What of the rules cannot be lowered.
    pub fn run_fast<'p>(
        &'p self,
        request: &Request<'_>,
        record: &Encoded,
        scratch: &mut FastScratch,
    ) -> Result<bool, &'p crate::Unsupported> {
        self.run_codes(request, record.row(), None, scratch)
    }

    /// The same for some decisions alone, by their places: those that they read have to be among them. The
    /// others are left open.
    ///
    /// # Errors
    /// What of the rules cannot be lowered.
    pub fn run_fast_these<'p>(
        &'p self,
        request: &Request<'_>,
        record: &Encoded,
        wanted: &[bool],
        scratch: &mut FastScratch,
    ) -> Result<bool, &'p crate::Unsupported> {
        self.run_codes(request, record.row(), Some(wanted), scratch)
    }

    /// The same for one of many records that are encoded together; `false` for a place at which there is none.
    ///
    /// # Errors
    /// What of the rules cannot be lowered.
    pub fn run_fast_row<'p>(
        &'p self,
        request: &Request<'_>,
        rows: &EncodedRows,
        at: usize,
        scratch: &mut FastScratch,
    ) -> Result<bool, &'p crate::Unsupported> {
        match rows.get(at) {
            Some(row) => self.run_codes(request, row, None, scratch),
            None => Ok(false),
        }
    }

    fn run_codes<'p>(
        &'p self,
        request: &Request<'_>,
        row: Row<'_>,
        wanted: Option<&[bool]>,
        scratch: &mut FastScratch,
    ) -> Result<bool, &'p crate::Unsupported> {
        let (at, days) = self.epoch_place(request.as_of);
        let epoch = self.epoch_at(at, days)?;
        let Some(fast) = self.fast_at(at, epoch) else { return Ok(false) };
        if let Some(memory) = &mut scratch.memory {
            memory.begin((self.identity, at), fast);
        }
        Ok(fast.run((self, at, epoch), request, row, wanted, scratch))
    }

    /// The layout of the rules of a day for scalar runs; `None` where there is none.
    pub fn fast(&self, day: exeat_model::Date) -> Option<&Fast> {
        let (at, days) = self.epoch_place(day);
        self.fast_at(at, self.epoch_at(at, days).ok()?)
    }

    fn fast_at(&self, at: usize, epoch: &Epoch) -> Option<&Fast> {
        let place = self.fasts.get(at)?;
        place.get_or_init(|| Fast::new(self.hir(), &self.encoder, epoch)).as_ref()
    }
}

impl Fast {
    /// The decisions, in the order of their places.
    pub fn decisions(&self) -> impl Iterator<Item = DecisionId> + '_ {
        self.decisions.iter().map(|decision| decision.id)
    }

    /// A settled outcome as a value; `None` for what is open or not needed.
    pub fn value(&self, place: usize, settled: Settled) -> Option<Value> {
        let decision = self.decisions.get(place)?;
        match settled {
            Settled::NotNeeded | Settled::Open => None,
            Settled::Constant(at) => decision.constants.get(usize::try_from(at).ok()?).cloned(),
            Settled::Set(bits) => {
                let chosen =
                    decision.constants.iter().enumerate().filter(|(at, _)| bits >> at & 1 == 1);
                Some(Value::Set(Arc::new(chosen.map(|(_, value)| value.clone()).collect())))
            }
            Settled::Outcome { rank, labels } => {
                let (_, name) = decision.ranks.iter().find(|(known, _)| *known == rank)?;
                let chosen =
                    decision.labels.iter().enumerate().filter(|(at, _)| labels >> at & 1 == 1);
                Some(Value::Outcome(Outcome {
                    rank,
                    name: name.clone(),
                    labels: chosen.map(|(_, label)| label.clone()).collect(),
                }))
            }
        }
    }

    fn run(
        &self,
        (program, at, epoch): (&Program, usize, &Epoch),
        request: &Request<'_>,
        row: Row<'_>,
        wanted: Option<&[bool]>,
        scratch: &mut FastScratch,
    ) -> bool {
        scratch.stamp = scratch.stamp.wrapping_add(1);
        scratch.make_room(self);
        scratch.settled.clear();
        scratch.because.clear();
        scratch.ends.clear();
        let mut run = FastRun {
            fast: self,
            program,
            epoch,
            request,
            row,
            codes: row.codes,
            record: row.record,
            scratch,
            prepared: false,
        };
        match run.scratch.paths.take() {
            None => run.decide_these(wanted),
            Some(mut paths) => {
                let whole = paths.run((program.identity, at), &mut run, wanted);
                run.scratch.paths = Some(paths);
                whole
            }
        }
    }
}

pub(super) struct FastRun<'a> {
    pub(super) fast: &'a Fast,
    pub(super) program: &'a Program,
    pub(super) epoch: &'a Epoch,
    pub(super) request: &'a Request<'a>,
    pub(super) row: Row<'a>,
    pub(super) codes: &'a [i64],
    pub(super) record: &'a Record,
    pub(super) scratch: &'a mut FastScratch,
    /// Whether the scratch of the general run is ready for this record.
    prepared: bool,
}

impl FastRun<'_> {
    /// Decides what is wanted, each decision after those that it reads. Whether all is settled.
    pub(super) fn decide_these(&mut self, wanted: Option<&[bool]>) -> bool {
        let mut whole = true;
        for (place, decision) in self.fast.decisions.iter().enumerate() {
            let start = self.scratch.because.len();
            if wanted.is_some_and(|wanted| wanted.get(place) != Some(&true)) {
                self.scratch.settled.push(Settled::Open);
                self.scratch.ends.push(start);
                continue;
            }
            // Rules are numbered anew for each decision.
            self.scratch.rule_stamp = self.scratch.rule_stamp.wrapping_add(1);
            let settled = self.decide(decision);
            if settled == Settled::Open {
                self.scratch.because.truncate(start);
                whole = false;
            } else if decision.wanted {
                self.keep_value(place, settled);
            }
            self.scratch.settled.push(settled);
            self.scratch.ends.push(self.scratch.because.len());
        }
        whole
    }

    /// The same, and the columns that are computed for it are noted.
    pub(super) fn decide_noting(&mut self, wanted: Option<&[bool]>) -> bool {
        self.scratch.noted.clear();
        self.scratch.noting = true;
        let whole = self.decide_these(wanted);
        self.scratch.noting = false;
        whole
    }

    /// The code of what stands in a slot.
    #[inline]
    pub(super) fn code(&self, slot: usize) -> i64 {
        self.codes.get(slot).copied().unwrap_or(UNKNOWN)
    }

    fn decide(&mut self, decision: &FastDecision) -> Settled {
        if let Some(needed) = decision.needed {
            match self.formula(needed) {
                Truth::False => return Settled::NotNeeded,
                Truth::Unknown => return Settled::Open,
                Truth::True => {}
            }
        }
        let start = self.scratch.because.len();
        let settled = match &decision.few {
            Some(few) => self.decide_few(decision, few),
            None => self.decide_many(decision),
        };
        if let Some(reasons) = self.scratch.because.get_mut(start..)
            && reasons.len() > 1
        {
            reasons.sort_unstable();
        }
        settled
    }

    /// Notes that a rule determines the decision at hand.
    pub(super) fn note(&mut self, name_order: u32, rule: RuleId) {
        self.scratch.because.push((name_order, rule));
    }

    pub(super) fn formula(&mut self, at: usize) -> Truth {
        let fast = self.fast;
        match fast.formulas.get(at) {
            None => Truth::Unknown,
            Some(FastFormula::Constant(truth)) => *truth,
            Some(FastFormula::Atom(atom, positive)) => {
                let truth = self.atom(*atom);
                if *positive { truth } else { !truth }
            }
            Some(FastFormula::All(parts)) => {
                if let Some(known) = self.remembered(at) {
                    return known;
                }
                let mut truth = Truth::True;
                for part in parts {
                    truth = truth.and(self.formula(*part));
                    if truth == Truth::False {
                        break;
                    }
                }
                self.remember(at, truth)
            }
            Some(FastFormula::Any(parts)) => {
                if let Some(known) = self.remembered(at) {
                    return known;
                }
                let mut truth = Truth::False;
                for part in parts {
                    truth = truth.or(self.formula(*part));
                    if truth == Truth::True {
                        break;
                    }
                }
                self.remember(at, truth)
            }
        }
    }

    fn remembered(&self, at: usize) -> Option<Truth> {
        let (stamp, truth) = self.scratch.truths.get(at)?;
        (*stamp == self.scratch.stamp).then_some(*truth)
    }

    fn remember(&mut self, at: usize, truth: Truth) -> Truth {
        if let Some(place) = self.scratch.truths.get_mut(at) {
            *place = (self.scratch.stamp, truth);
        }
        truth
    }

    fn atom(&mut self, at: usize) -> Truth {
        let Some(atom) = self.fast.atoms.get(at) else { return Truth::Unknown };
        match atom.answers(self.cell(atom.column)) {
            (true, _) => Truth::True,
            (false, true) => Truth::Unknown,
            (false, false) => Truth::False,
        }
    }

    /// The general run over the same record, for what is no arithmetic.
    pub(super) fn general(&mut self) -> Run<'_> {
        if !self.prepared {
            self.scratch.general.prepare(self.epoch, self.program.hir().decisions.len());
            self.prepared = true;
        }
        Run {
            hir: self.program.hir(),
            functions: self.request.functions,
            arena: &self.epoch.arena,
            as_of: self.request.as_of,
            slots: &self.record.values,
            scratch: &mut self.scratch.general,
        }
    }

    fn keep_value(&mut self, place: usize, settled: Settled) {
        let decided = match settled {
            Settled::NotNeeded => Decided::NotNeeded,
            other => match self.fast.value(place, other) {
                Some(value) => Decided::Value(value),
                None => Decided::NotYet,
            },
        };
        let id = self.fast.decisions.get(place).map(|decision| decision.id.0);
        let run = self.general();
        let at = id.and_then(|id| usize::try_from(id).ok());
        if let Some(found) = at.and_then(|at| run.scratch.decided.get_mut(at)) {
            *found = decided;
        }
    }
}

impl DecisionTest {
    pub(super) fn truth(&self, settled: Settled) -> Truth {
        match (self, settled) {
            (
                Self::Places { not_needed, .. } | Self::Values { not_needed, .. },
                Settled::NotNeeded,
            ) => *not_needed,
            (Self::Places { places, .. }, Settled::Outcome { rank, labels }) => {
                let one =
                    |(place, wanted): &(u32, u64)| *place == rank && labels & wanted == *wanted;
                Truth::from(places.iter().any(one))
            }
            (Self::Values { truths, .. }, Settled::Constant(value)) => {
                let at = usize::try_from(value).unwrap_or(usize::MAX);
                truths.get(at).copied().unwrap_or(Truth::Unknown)
            }
            _ => Truth::Unknown,
        }
    }
}
