//! What is still open for a record of which not all is known: the outcomes that are left, and the facts
//! that could still turn them.

use std::collections::{BTreeMap, BTreeSet};

use exeat_hir::{DecisionId, ReadingId};
use exeat_model::Truth;

use crate::epoch::{Epoch, LoweredDecision, RuleValue, Source};
use crate::formula::Formula;
use crate::node::NodeId;
use crate::program::{Answer, Program, Record, Request};
use crate::reads::Reads;
use crate::run::{Run, Scratch};

/// What each column of an epoch is made from, worked out once.
#[derive(Clone, Debug)]
pub struct ColumnReads {
    columns: Vec<Reads>,
    readings: Vec<Option<ReadingId>>,
    values: BTreeMap<NodeId, Reads>,
}

/// What could still turn an outcome.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Open {
    /// The facts that are not known and that something open reads, by their slots. A fact that is not
    /// here cannot matter, whatever the others are.
    pub slots: BTreeSet<u32>,
    /// The readings that are not chosen and that something open stands under.
    pub readings: BTreeSet<ReadingId>,
}

impl ColumnReads {
    /// What the columns of an epoch read, and the values that rules compute.
    pub fn of(epoch: &Epoch) -> Self {
        let columns = epoch.columns.iter().map(|column| match &column.source {
            Source::Slot(slot) => {
                let mut reads = Reads::default();
                reads.slots.insert(*slot);
                reads
            }
            Source::Node(node) => epoch.arena.reads_of_node(*node),
            Source::Condition(condition) => epoch.arena.reads_of_condition(*condition),
            Source::Reading(_) | Source::Proposal(_) => Reads::default(),
        });
        let readings = epoch.columns.iter().map(|column| match &column.source {
            Source::Reading(reading) => Some(*reading),
            _ => None,
        });
        let rules = epoch.decisions.iter().flat_map(|decision| &decision.rules);
        let values = rules.filter_map(|rule| match &rule.value {
            RuleValue::Node(node) => Some((*node, epoch.arena.reads_of_node(*node))),
            _ => None,
        });
        Self { columns: columns.collect(), readings: readings.collect(), values: values.collect() }
    }

    /// What a column reads.
    pub fn column(&self, at: usize) -> Option<&Reads> {
        self.columns.get(at)
    }

    /// Whether a rule computes a value from a slot.
    pub fn is_in_a_value(&self, slot: u32) -> bool {
        self.values.values().any(|reads| reads.slots.contains(&slot))
    }

    /// The columns that decisions ask, by their places.
    pub fn asked(&self, epoch: &Epoch, decisions: &BTreeSet<DecisionId>) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        for decision in epoch.decisions.iter().filter(|one| decisions.contains(&one.id)) {
            for formula in formulas(decision) {
                formula.atoms(&mut |atom| {
                    let atom = usize::try_from(atom).ok().and_then(|at| epoch.atoms.get(at));
                    found.extend(atom.and_then(|atom| usize::try_from(atom.column).ok()));
                });
            }
        }
        found
    }

    /// The slots on which decisions rest, apart from the decisions that these read.
    pub fn slots(&self, epoch: &Epoch, decisions: &BTreeSet<DecisionId>) -> BTreeSet<u32> {
        let asked = self.asked(epoch, decisions);
        let columns = asked.iter().filter_map(|at| self.column(*at));
        let mut found: BTreeSet<u32> = columns.flat_map(|reads| &reads.slots).copied().collect();
        for decision in epoch.decisions.iter().filter(|one| decisions.contains(&one.id)) {
            for rule in &decision.rules {
                if let RuleValue::Node(node) = &rule.value {
                    found.extend(self.values.get(node).into_iter().flat_map(|one| &one.slots));
                }
            }
        }
        found
    }
}

fn formulas(decision: &LoweredDecision) -> impl Iterator<Item = &Formula> {
    let own = decision.rules.iter().map(|rule| &rule.own);
    own.chain(&decision.needed).chain(decision.gaps.iter().map(|(_, gap)| gap))
}

impl Program {
    /// What some decisions come to for a record, as [`Program::run`] says of all, with the rules of an epoch of
    /// this program. The decisions that they read have to be among them.
    pub fn decided(
        &self,
        epoch: &Epoch,
        request: &Request<'_>,
        record: &Record,
        scratch: &mut Scratch,
        wanted: &BTreeSet<DecisionId>,
    ) -> Vec<(DecisionId, Answer)> {
        scratch.prepare(epoch, self.hir().decisions.len());
        let mut run = self.start(epoch, request, &record.values, scratch);
        run.decide_these(epoch, request, |id| wanted.contains(&id))
    }

    /// The same, and what could still turn the outcomes of `of`.
    #[expect(clippy::too_many_arguments, reason = "the question of a run and what is asked of it")]
    pub fn open(
        &self,
        epoch: &Epoch,
        reads: &ColumnReads,
        request: &Request<'_>,
        record: &Record,
        scratch: &mut Scratch,
        wanted: &BTreeSet<DecisionId>,
        of: &BTreeSet<DecisionId>,
    ) -> (Vec<(DecisionId, Answer)>, Open) {
        scratch.prepare(epoch, self.hir().decisions.len());
        let mut run = self.start(epoch, request, &record.values, scratch);
        let answers = run.decide_these(epoch, request, |id| wanted.contains(&id));
        let settled = |id: &DecisionId| {
            let answer = answers.iter().find(|(known, _)| known == id).map(|(_, answer)| answer);
            matches!(answer, Some(Answer::Value(_) | Answer::NotNeeded))
        };
        let mut open = Open::default();
        let mut seen: BTreeSet<DecisionId> = BTreeSet::new();
        let mut waiting: Vec<DecisionId> = of.iter().copied().collect();
        while let Some(id) = waiting.pop() {
            if settled(&id) || !seen.insert(id) {
                continue;
            }
            let Some(decision) = epoch.decisions.iter().find(|one| one.id == id) else { continue };
            let (columns, values) = run.open_columns(epoch, request, decision);
            let all = columns.iter().filter_map(|at| reads.column(*at));
            for one in all.chain(values.iter().filter_map(|node| reads.values.get(node))) {
                let unknown = |slot: &&u32| {
                    let at = usize::try_from(**slot).unwrap_or(usize::MAX);
                    record.get(at).is_none()
                };
                open.slots.extend(one.slots.iter().filter(unknown));
                waiting.extend(&one.decisions);
            }
            let readings = columns.iter().filter_map(|at| reads.readings.get(*at).copied());
            open.readings.extend(readings.flatten());
        }
        (answers, open)
    }
}

impl Run<'_> {
    /// The columns and computed values that leave a decision open.
    fn open_columns(
        &mut self,
        epoch: &Epoch,
        request: &Request<'_>,
        decision: &LoweredDecision,
    ) -> (BTreeSet<usize>, Vec<NodeId>) {
        let own: Vec<Truth> =
            decision.rules.iter().map(|rule| self.formula(epoch, request, &rule.own)).collect();
        let truth = |at: usize| own.get(at).copied().unwrap_or(Truth::False);
        // Whatever is open, such a rule holds.
        let certain = |at: usize| {
            truth(at) == Truth::True
                && decision.rules.get(at).is_some_and(|rule| {
                    rule.defeated_by.iter().all(|other| truth(*other) == Truth::False)
                        && rule.exception_to.is_none()
                })
        };
        let mut columns = BTreeSet::new();
        let mut values = Vec::new();
        for (at, rule) in decision.rules.iter().enumerate() {
            let idle = truth(at) == Truth::False
                || rule.defeated_by.iter().any(|other| certain(*other))
                || rule.exception_to.as_ref().is_some_and(|targets| {
                    targets.iter().all(|target| truth(*target) == Truth::False)
                });
            if idle {
                continue;
            }
            self.unknown_columns(epoch, request, &rule.own, &mut columns);
            if let RuleValue::Node(node) = &rule.value
                && self.value(*node).is_err()
            {
                values.push(*node);
            }
        }
        for formula in decision.needed.iter().chain(decision.gaps.iter().map(|(_, gap)| gap)) {
            self.unknown_columns(epoch, request, formula, &mut columns);
        }
        (columns, values)
    }

    /// The columns of the atoms that leave a formula unknown.
    fn unknown_columns(
        &mut self,
        epoch: &Epoch,
        request: &Request<'_>,
        formula: &Formula,
        found: &mut BTreeSet<usize>,
    ) {
        if self.formula(epoch, request, formula) != Truth::Unknown {
            return;
        }
        match formula {
            Formula::Constant(_) => {}
            Formula::Atom(atom, _) => {
                let atom = usize::try_from(*atom).ok().and_then(|at| epoch.atoms.get(at));
                found.extend(atom.and_then(|atom| usize::try_from(atom.column).ok()));
            }
            Formula::All(parts) | Formula::Any(parts) => {
                for part in parts {
                    self.unknown_columns(epoch, request, part, found);
                }
            }
        }
    }
}
