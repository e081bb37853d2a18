use std::sync::Arc;

use exeat_hir::{ArithmeticOperator, Combine, DecisionId, RuleId};
use exeat_model::{Number, Outcome, Truth, Value};

use super::{DecisionTest, Encoded, Fast, FastDecision, FastFormula, FastSource, FastValue};
use crate::epoch::Epoch;
use crate::node::{Node, NodeId};
use crate::program::{Program, Request};
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
    stamp: u64,
    cells: Vec<(u64, u16)>,
    truths: Vec<(u64, Truth)>,
    /// Whether a rule applies, and whether it holds, of the decision at hand.
    applies: Vec<(u64, Truth)>,
    holds: Vec<(u64, Truth)>,
    bits: Vec<u64>,
    settled: Vec<Settled>,
    because: Vec<(u32, RuleId)>,
    /// Where the reasons of each decision end in `because`.
    ends: Vec<usize>,
    general: Scratch,
}

impl FastScratch {
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

    /// Remembers nothing of what came before: the next run may be of another program.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

impl Program {
    /// Decides an encoded record. Whether all decisions are settled; what the others come to says
    /// [`Program::run`]. The scratch must not have been used for another program or on another day since it was
    /// last cleared, but for days of the same epoch.
    ///
    /// # Errors
    /// What of the rules cannot be lowered.
    pub fn run_fast<'p>(
        &'p self,
        request: &Request<'_>,
        record: &Encoded,
        scratch: &mut FastScratch,
    ) -> Result<bool, &'p crate::Unsupported> {
        let epoch = self.epoch(request.as_of)?;
        let Some(fast) = self.fast(request.as_of) else { return Ok(false) };
        Ok(fast.run(self, epoch, request, record, scratch))
    }

    /// The layout of the rules of a day for scalar runs; `None` where there is none.
    pub fn fast(&self, day: exeat_model::Date) -> Option<&Fast> {
        let (at, _) = self.epoch_place(day);
        let epoch = self.epoch(day).ok()?;
        let place = self.fasts.get(at)?;
        place.get_or_init(|| Fast::new(self.hir(), &self.symbols, epoch)).as_ref()
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
        program: &Program,
        epoch: &Epoch,
        request: &Request<'_>,
        record: &Encoded,
        scratch: &mut FastScratch,
    ) -> bool {
        scratch.stamp = scratch.stamp.wrapping_add(1);
        if scratch.cells.len() != self.columns.len() {
            scratch.cells = vec![(0, 0); self.columns.len()];
            scratch.truths = vec![(0, Truth::Unknown); self.formulas.len()];
            let rules = self.decisions.iter().map(|decision| decision.rules.len()).max();
            scratch.applies = vec![(0, Truth::Unknown); rules.unwrap_or(0)];
            scratch.holds = scratch.applies.clone();
            scratch.general = Scratch::default();
        }
        scratch.settled.clear();
        scratch.because.clear();
        scratch.ends.clear();
        let mut run = FastRun {
            fast: self,
            program,
            epoch,
            request,
            record,
            scratch,
            // Rules are numbered anew for each decision.
            rule_stamp: 0,
            prepared: false,
        };
        let mut whole = true;
        for (place, decision) in self.decisions.iter().enumerate() {
            let start = run.scratch.because.len();
            run.rule_stamp = run
                .scratch
                .stamp
                .wrapping_mul(u64::try_from(self.decisions.len()).unwrap_or(1))
                .wrapping_add(u64::try_from(place).unwrap_or(0))
                .wrapping_add(1);
            let settled = run.decide(decision);
            if settled == Settled::Open {
                run.scratch.because.truncate(start);
                whole = false;
            } else if self.wants_values {
                run.keep_value(place, settled);
            }
            run.scratch.settled.push(settled);
            run.scratch.ends.push(run.scratch.because.len());
        }
        whole
    }
}

struct FastRun<'a> {
    fast: &'a Fast,
    program: &'a Program,
    epoch: &'a Epoch,
    request: &'a Request<'a>,
    record: &'a Encoded,
    scratch: &'a mut FastScratch,
    rule_stamp: u64,
    /// Whether the scratch of the general run is ready for this record.
    prepared: bool,
}

impl FastRun<'_> {
    fn decide(&mut self, decision: &FastDecision) -> Settled {
        if let Some(needed) = decision.needed {
            match self.formula(needed) {
                Truth::False => return Settled::NotNeeded,
                Truth::Unknown => return Settled::Open,
                Truth::True => {}
            }
        }
        for gap in &decision.gaps {
            if self.formula(*gap) != Truth::False {
                return Settled::Open;
            }
        }
        let start = self.scratch.because.len();
        let settled = match &decision.index {
            Some(index) => {
                let mut bits = std::mem::take(&mut self.scratch.bits);
                bits.resize(index.words(), 0);
                index.candidates(&mut bits, |column| self.cell(column));
                let candidates = bits
                    .iter()
                    .enumerate()
                    .flat_map(|(word, bits)| Bits { rest: *bits, base: word.wrapping_mul(64) });
                let rules = candidates.filter_map(|at| decision.concluding.get(at).copied());
                let settled = self.combine(decision, rules);
                self.scratch.bits = bits;
                settled
            }
            None => self.combine(decision, decision.concluding.iter().copied()),
        };
        if let Some(reasons) = self.scratch.because.get_mut(start..) {
            reasons.sort_unstable();
        }
        settled
    }

    fn combine(&mut self, decision: &FastDecision, rules: impl Iterator<Item = usize>) -> Settled {
        let mut place: Option<(u32, u64)> = None;
        let mut constant: Option<u32> = None;
        let mut set = 0_u64;
        for at in rules {
            let Some(rule) = decision.rules.get(at) else { continue };
            if let (Some((rank, _)), FastValue::Outcome { rank: other, .. }) = (place, rule.value)
                && other < rank
            {
                break;
            }
            match self.holds(decision, at) {
                Truth::False => continue,
                Truth::Unknown => return Settled::Open,
                Truth::True => {}
            }
            match rule.value {
                FastValue::Outcome { rank, labels } => {
                    place = Some((rank, labels | place.map_or(0, |(_, before)| before)));
                }
                FastValue::Constant(value) if decision.combine == Combine::Collect => {
                    set |= 1 << value;
                }
                FastValue::Constant(value) => {
                    if constant.is_some_and(|before| before != value) {
                        return Settled::Open;
                    }
                    constant = Some(value);
                }
                FastValue::Nothing | FastValue::Computed => return Settled::Open,
            }
            self.scratch.because.push((rule.name_order, rule.id));
        }
        if decision.combine == Combine::Collect {
            return Settled::Set(set);
        }
        match (place, constant, decision.otherwise) {
            (Some((rank, labels)), _, _)
            | (None, None, Some(FastValue::Outcome { rank, labels })) => {
                Settled::Outcome { rank, labels }
            }
            (None, Some(value), _) | (None, None, Some(FastValue::Constant(value))) => {
                Settled::Constant(value)
            }
            _ => Settled::Open,
        }
    }

    fn holds(&mut self, decision: &FastDecision, at: usize) -> Truth {
        if let Some((stamp, truth)) = self.scratch.holds.get(at)
            && *stamp == self.rule_stamp
        {
            return *truth;
        }
        let truth = self.holds_now(decision, at);
        if let Some(place) = self.scratch.holds.get_mut(at) {
            *place = (self.rule_stamp, truth);
        }
        truth
    }

    fn holds_now(&mut self, decision: &FastDecision, at: usize) -> Truth {
        let Some(rule) = decision.rules.get(at) else { return Truth::False };
        // What is known to hold already settles it without a look at the rule.
        for other in &rule.defeated_by {
            if let Some((stamp, Truth::True)) = self.scratch.holds.get(*other)
                && *stamp == self.rule_stamp
            {
                return Truth::False;
            }
        }
        let mut truth = self.applies(decision, at);
        for other in &rule.defeated_by {
            if truth == Truth::False {
                break;
            }
            truth = truth.and(!self.holds(decision, *other));
        }
        truth
    }

    fn applies(&mut self, decision: &FastDecision, at: usize) -> Truth {
        if let Some((stamp, truth)) = self.scratch.applies.get(at)
            && *stamp == self.rule_stamp
        {
            return *truth;
        }
        let Some(rule) = decision.rules.get(at) else { return Truth::False };
        let mut truth = Truth::True;
        if let Some(excepted) = &rule.exception_to {
            truth = Truth::False;
            for other in excepted {
                truth = truth.or(self.applies(decision, *other));
                if truth == Truth::True {
                    break;
                }
            }
        }
        if truth != Truth::False {
            truth = truth.and(self.formula(rule.own));
        }
        if let Some(place) = self.scratch.applies.get_mut(at) {
            *place = (self.rule_stamp, truth);
        }
        truth
    }

    fn formula(&mut self, at: usize) -> Truth {
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

    fn cell(&mut self, at: usize) -> u16 {
        if let Some((stamp, cell)) = self.scratch.cells.get(at)
            && *stamp == self.scratch.stamp
        {
            return *cell;
        }
        let cell = self.cell_now(at);
        if let Some(place) = self.scratch.cells.get_mut(at) {
            *place = (self.scratch.stamp, cell);
        }
        cell
    }

    fn cell_now(&mut self, at: usize) -> u16 {
        let fast = self.fast;
        let Some(column) = fast.columns.get(at) else { return 0 };
        match &column.source {
            FastSource::Slot(slot) => column.finder.of_slot(self.record, *slot, column.unknown),
            FastSource::Number(node) => match self.number(*node) {
                Some(number) => column.finder.of_number(number),
                None => column.unknown,
            },
            FastSource::Node(node) => self
                .general()
                .value(*node)
                .map_or(column.unknown, |value| column.finder.of_value(&value)),
            FastSource::Condition(condition) => {
                truth_cell(self.general().condition(*condition), column.unknown)
            }
            FastSource::Reading(id) => {
                let reading = self.program.hir().readings.get(*id);
                let default = reading.and_then(|reading| reading.default);
                let chosen = self.request.readings.get(id).copied().or(default);
                let choice = chosen.and_then(|at| reading?.choices.get(at));
                choice.map_or(column.unknown, |choice| {
                    column.finder.of_value(&Value::Symbol(choice.name.clone()))
                })
            }
            FastSource::Proposal(module) => u16::from(self.request.proposals.contains(module)),
            FastSource::Decision(place, test) => {
                truth_cell(test.truth(self.scratch.settled(*place)), column.unknown)
            }
        }
    }

    /// A number that is computed by arithmetic alone.
    fn number(&self, node: NodeId) -> Option<Number> {
        match self.epoch.arena.node(node) {
            Node::Constant(Value::Number(number)) => Some(*number),
            Node::Slot(slot) => {
                match self.record.record.values.get(usize::try_from(*slot).ok()?)? {
                    Some(Value::Number(number)) => Some(*number),
                    _ => None,
                }
            }
            Node::Arithmetic(operator, left, right) => {
                let (left, right) = (self.number(*left)?, self.number(*right)?);
                ArithmeticOperator::from(*operator).apply(left, right).ok()
            }
            _ => None,
        }
    }

    /// The general run over the same record, for what is no arithmetic.
    fn general(&mut self) -> Run<'_> {
        if !self.prepared {
            self.scratch.general.prepare(self.epoch, self.program.hir().decisions.len());
            self.prepared = true;
        }
        Run {
            hir: self.program.hir(),
            functions: self.request.functions,
            arena: &self.epoch.arena,
            as_of: self.request.as_of,
            slots: &self.record.record.values,
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
    fn truth(&self, settled: Settled) -> Truth {
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

fn truth_cell(truth: Truth, unknown: u16) -> u16 {
    match truth {
        Truth::False => 0,
        Truth::True => 1,
        Truth::Unknown => unknown,
    }
}

/// The places of the bits that are set.
struct Bits {
    rest: u64,
    base: usize,
}

impl Iterator for Bits {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        if self.rest == 0 {
            return None;
        }
        let at = usize::try_from(self.rest.trailing_zeros()).ok()?;
        self.rest &= self.rest.wrapping_sub(1);
        self.base.checked_add(at)
    }
}
