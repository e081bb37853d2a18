use std::collections::{BTreeMap, BTreeSet};

use exeat_hir::{Combine, Hir, NoFunctions, RuleId};
use exeat_model::{Outcome, Truth, Value};
use smol_str::SmolStr;

use super::atom::FastAtom;
use super::encode::{Encoder, Kind};
use super::few::{Few, Layout};
use super::finder::CellFinder;
use super::many::Index;
use super::memory::{Group, Parts, Place};
use super::number::{self, Sum};
use super::{
    DecisionTest, Fast, FastColumn, FastDecision, FastFormula, FastRule, FastSource, FastValue,
};
use crate::cells::Cells;
use crate::epoch::{Epoch, LoweredDecision, RuleValue, Source};
use crate::formula::Formula;
use crate::node::{Condition, ConditionId, Node, NodeId, Test};
use crate::reads::Reads;
use crate::run::{Decided, Run, Scratch};

/// How many different labels a decision may have.
const MOST_LABELS: usize = 64;

impl Fast {
    /// Lays out an epoch. `None` where a decision has more labels than fit.
    pub(crate) fn new(hir: &Hir, encoder: &Encoder, epoch: &Epoch) -> Option<Self> {
        let mut compiler = Compiler { hir, epoch, formulas: Vec::new(), ids: BTreeMap::new() };
        let mut places = vec![usize::MAX; hir.decisions.len()];
        for (at, decision) in epoch.decisions.iter().enumerate() {
            if let Some(place) =
                usize::try_from(decision.id.0).ok().and_then(|id| places.get_mut(id))
            {
                *place = at;
            }
        }
        let mut decisions: Vec<FastDecision> = Vec::new();
        for decision in &epoch.decisions {
            decisions.push(compiler.decision(decision)?);
        }
        let mut wanted = BTreeSet::new();
        let mut groups = Vec::new();
        let columns = epoch
            .columns
            .iter()
            .map(|column| {
                let mut feeds = Vec::new();
                let source = match &column.source {
                    Source::Slot(slot) => {
                        FastSource::Slot(usize::try_from(*slot).unwrap_or(usize::MAX))
                    }
                    Source::Node(node) if compiler.is_arithmetic(*node) => {
                        match compiler.sum(encoder, *node, &column.cells, &[]) {
                            Some(sum) => FastSource::Sum(Box::new(sum), *node),
                            None => FastSource::Number(*node),
                        }
                    }
                    Source::Node(node) => {
                        wanted.extend(epoch.arena.reads_of_node(*node).decisions);
                        feeds = compiler.feeds(&FastSource::Node(*node), &mut groups);
                        match compiler.sum(encoder, *node, &column.cells, &feeds) {
                            Some(sum) => FastSource::Sum(Box::new(sum), *node),
                            None => FastSource::Node(*node),
                        }
                    }
                    Source::Reading(reading) => FastSource::Reading(*reading),
                    Source::Proposal(module) => FastSource::Proposal(*module),
                    Source::Condition(id) => {
                        compiler.decision_test(*id, &decisions, &places).unwrap_or_else(|| {
                            wanted.extend(epoch.arena.reads_of_condition(*id).decisions);
                            feeds = compiler.feeds(&FastSource::Condition(*id), &mut groups);
                            FastSource::Condition(*id)
                        })
                    }
                };
                let kind = match source {
                    FastSource::Slot(slot) => encoder.kind(slot),
                    _ => Kind::Other,
                };
                let finder = CellFinder::new(&column.cells, encoder, kind);
                let memory = compiler.memory(&source, &mut groups);
                let reads_decisions = match &source {
                    FastSource::Node(node) => {
                        !epoch.arena.reads_of_node(*node).decisions.is_empty()
                    }
                    FastSource::Condition(id) => {
                        !epoch.arena.reads_of_condition(*id).decisions.is_empty()
                    }
                    _ => false,
                };
                let unknown = column.cells.count();
                FastColumn { source, finder, unknown, memory, reads_decisions, feeds }
            })
            .collect();
        let atoms: Vec<FastAtom> =
            epoch.atoms.iter().map(|atom| FastAtom::new(atom, epoch)).collect();
        let cells = |column: usize| epoch.columns.get(column).map_or(0, |one| one.cells.count());
        // What has to be computed is looked at only where it matters.
        let columns: Vec<FastColumn> = columns;
        let cheap = |column: usize| match columns.get(column).map(|column| &column.source) {
            Some(
                FastSource::Slot(_)
                | FastSource::Reading(_)
                | FastSource::Proposal(_)
                | FastSource::Decision(..),
            ) => cells(column).checked_add(1),
            _ => None,
        };
        for decision in &mut decisions {
            decision.wanted = wanted.contains(&decision.id);
            let formulas = &mut compiler.formulas;
            let mut layout = Layout { formulas, atoms: &atoms, cells: &cheap, columns: &columns };
            decision.few = Few::new(decision, &mut layout);
            if decision.few.is_none() {
                decision.index = Index::new(decision, &compiler.formulas, &atoms, &cells);
            }
        }
        let many = decisions.iter().filter(|decision| decision.few.is_none());
        let most_rules = many.map(|decision| decision.rules.len()).max().unwrap_or(0);
        let formulas = compiler.formulas;
        Some(Self { columns, atoms, formulas, decisions, most_rules, groups })
    }
}

struct Compiler<'a> {
    hir: &'a Hir,
    epoch: &'a Epoch,
    formulas: Vec<FastFormula>,
    ids: BTreeMap<FastFormula, usize>,
}

impl Compiler<'_> {
    fn formula(&mut self, formula: &Formula) -> usize {
        let flat = match formula {
            Formula::Constant(truth) => FastFormula::Constant(*truth),
            Formula::Atom(atom, positive) => {
                FastFormula::Atom(usize::try_from(*atom).unwrap_or(usize::MAX), *positive)
            }
            Formula::All(parts) => FastFormula::All(self.cheapest_first(parts)),
            Formula::Any(parts) => FastFormula::Any(self.cheapest_first(parts)),
        };
        if let Some(known) = self.ids.get(&flat) {
            return *known;
        }
        let at = self.formulas.len();
        self.formulas.push(flat.clone());
        self.ids.insert(flat, at);
        at
    }

    /// Parts, those that need no computing first: one of them may settle the whole.
    fn cheapest_first(&mut self, parts: &[Formula]) -> Vec<usize> {
        let mut order: Vec<(usize, usize)> =
            parts.iter().map(|part| (self.cost(part), self.formula(part))).collect();
        order.sort_unstable();
        order.into_iter().map(|(_, part)| part).collect()
    }

    fn cost(&self, formula: &Formula) -> usize {
        match formula {
            Formula::Constant(_) => 0,
            Formula::Atom(atom, _) => {
                let column = usize::try_from(*atom)
                    .ok()
                    .and_then(|at| self.epoch.atoms.get(at))
                    .and_then(|atom| self.epoch.columns.get(usize::try_from(atom.column).ok()?));
                match column.map(|column| &column.source) {
                    Some(Source::Slot(_) | Source::Reading(_) | Source::Proposal(_)) | None => 1,
                    Some(Source::Condition(_)) => 20,
                    Some(Source::Node(_)) => 10,
                }
            }
            Formula::All(parts) | Formula::Any(parts) => {
                parts.iter().map(|part| self.cost(part)).sum::<usize>().saturating_add(1)
            }
        }
    }

    fn decision(&mut self, decision: &LoweredDecision) -> Option<FastDecision> {
        let mut labels: BTreeSet<SmolStr> = BTreeSet::new();
        let mut ranks: BTreeMap<u32, SmolStr> = BTreeMap::new();
        let mut constants: BTreeSet<Value> = BTreeSet::new();
        let given = decision.rules.iter().filter_map(|rule| match &rule.value {
            RuleValue::Constant(value) => Some(value),
            _ => None,
        });
        for value in given.chain(&decision.otherwise) {
            if let (Combine::Strictest, Value::Outcome(outcome)) = (decision.combine, value) {
                labels.extend(outcome.labels.iter().cloned());
                ranks.insert(outcome.rank, outcome.name.clone());
            } else {
                constants.insert(value.clone());
            }
        }
        let labels: Vec<SmolStr> = labels.into_iter().collect();
        let constants: Vec<Value> = constants.into_iter().collect();
        let bits_fit = match decision.combine {
            Combine::Collect => constants.len() <= MOST_LABELS,
            Combine::Strictest => labels.len() <= MOST_LABELS && constants.is_empty(),
            Combine::Unique => true,
        };
        if !bits_fit {
            return None;
        }
        let short = |value: &Value| match (decision.combine, value) {
            (Combine::Strictest, Value::Outcome(outcome)) => {
                FastValue::Outcome { rank: outcome.rank, labels: label_bits(&labels, outcome) }
            }
            _ => match constants.binary_search(value) {
                Ok(at) => FastValue::Constant(u32::try_from(at).unwrap_or(u32::MAX)),
                Err(_) => FastValue::Computed,
            },
        };
        let mut by_name: Vec<RuleId> = decision.rules.iter().map(|rule| rule.id).collect();
        by_name.sort_by_cached_key(|rule| {
            self.hir.rules.get(*rule).map(|rule| self.hir.full_name(rule.module, &rule.name))
        });
        let name_order: BTreeMap<RuleId, u32> = by_name.into_iter().zip(0..).collect();
        let rules: Vec<FastRule> = decision
            .rules
            .iter()
            .map(|rule| FastRule {
                id: rule.id,
                name_order: name_order.get(&rule.id).copied().unwrap_or(u32::MAX),
                own: self.formula(&rule.own),
                value: match &rule.value {
                    RuleValue::Nothing => FastValue::Nothing,
                    RuleValue::Constant(value) => short(value),
                    RuleValue::Node(_) => FastValue::Computed,
                },
                defeated_by: rule.defeated_by.clone(),
                exception_to: rule.exception_to.clone(),
            })
            .collect();
        let mut concluding: Vec<usize> =
            (0..rules.len()).filter(|at| rules.get(*at).is_some_and(FastRule::concludes)).collect();
        concluding.sort_by_key(|at| match rules.get(*at).map(|rule| rule.value) {
            Some(FastValue::Outcome { rank, .. }) => (u32::MAX.wrapping_sub(rank), *at),
            _ => (0, *at),
        });
        Some(FastDecision {
            id: decision.id,
            combine: decision.combine,
            otherwise: decision.otherwise.as_ref().map(short),
            labels: labels.clone(),
            ranks: ranks.into_iter().collect(),
            needed: decision.needed.as_ref().map(|needed| self.formula(needed)),
            gaps: decision.gaps.iter().map(|(_, gap)| self.formula(gap)).collect(),
            constants: constants.clone(),
            rules,
            concluding,
            few: None,
            index: None,
            wanted: false,
        })
    }

    /// Whether a node is a number that is computed from slots by sums, differences, products and quotients.
    fn is_arithmetic(&self, node: NodeId) -> bool {
        match self.epoch.arena.node(node) {
            Node::Constant(Value::Number(_)) | Node::Slot(_) => true,
            Node::Arithmetic(_, left, right) => {
                self.is_arithmetic(*left) && self.is_arithmetic(*right)
            }
            _ => false,
        }
    }

    /// A node as a number in small parts, over what is remembered.
    fn sum(
        &self,
        encoder: &Encoder,
        node: NodeId,
        cells: &Cells,
        remembered: &[(NodeId, Place)],
    ) -> Option<Sum> {
        let Cells::Ordered(points) = cells else { return None };
        let parts = number::Parts { hir: self.hir, encoder, epoch: self.epoch, remembered };
        Sum::new(&parts, node, points)
    }

    /// What a column that is computed from slots alone reads, and the nodes that it is computed from.
    fn reads(&self, source: &FastSource) -> Option<(Reads, Parts)> {
        let arena = &self.epoch.arena;
        let (reads, parts) = match source {
            FastSource::Node(node) => (arena.reads_of_node(*node), Parts::of_node(arena, *node)),
            FastSource::Condition(id) => {
                (arena.reads_of_condition(*id), Parts::of_condition(arena, *id))
            }
            _ => return None,
        };
        (reads.decisions.is_empty() && !reads.locals).then_some((reads, parts))
    }

    /// The place in the memory of a column that is computed from slots alone.
    fn memory(&self, source: &FastSource, groups: &mut Vec<Group>) -> Option<Place> {
        let (reads, _) = self.reads(source)?;
        let (group, found) = Group::of(groups, &reads.slots)?;
        let at = found.columns;
        found.columns = at.saturating_add(1);
        Some(Place { group, at })
    }

    /// The nodes that such a column is computed from, with their places in the memory.
    fn feeds(&self, source: &FastSource, groups: &mut Vec<Group>) -> Vec<(NodeId, Place)> {
        let Some((reads, mut parts)) = self.reads(source) else { return Vec::new() };
        let arena = &self.epoch.arena;
        parts.nodes.retain(|node| arena.is_steady(*node));
        let feeds = parts.nodes.into_iter().filter_map(|node| {
            let slots = arena.reads_of_node(node).slots;
            // What reads as much is remembered with the column.
            if slots.len() >= reads.slots.len() {
                return None;
            }
            let (group, found) = Group::of(groups, &slots)?;
            let at = found.nodes;
            found.nodes = at.saturating_add(1);
            Some((node, Place { group, at }))
        });
        feeds.collect()
    }

    /// A condition that tests the outcome of one decision and reads nothing else, for all its outcomes.
    fn decision_test(
        &self,
        id: ConditionId,
        decisions: &[FastDecision],
        places: &[usize],
    ) -> Option<FastSource> {
        let arena = &self.epoch.arena;
        let Condition::Test(test) = arena.condition(id) else { return None };
        let reads = arena.reads_of_test(test);
        if reads.decisions.len() != 1 || !reads.slots.is_empty() || reads.locals {
            return None;
        }
        let decision = reads.decisions.first()?;
        let place = *usize::try_from(decision.0).ok().and_then(|at| places.get(at))?;
        let found = decisions.get(place)?;
        let with = |decided: Decided| self.truth_with(decision.0, decided, id);
        let not_needed = with(Decided::NotNeeded);
        let tested = match (found.combine, test) {
            (Combine::Unique, _) => {
                let truths =
                    found.constants.iter().map(|value| with(Decided::Value(value.clone())));
                DecisionTest::Values { truths: truths.collect(), not_needed }
            }
            (Combine::Strictest, Test::Outcome(node, asked))
                if matches!(arena.node(*node), Node::Decision(_)) =>
            {
                // A label that no rule gives is never there.
                let places = asked
                    .iter()
                    .filter_map(|place| {
                        let bits = place.labels.iter().try_fold(0_u64, |bits, label| {
                            let at = found.labels.iter().position(|known| known == label)?;
                            Some(bits | 1_u64 << at)
                        });
                        Some((place.rank, bits?))
                    })
                    .collect();
                DecisionTest::Places { places, not_needed }
            }
            _ => return None,
        };
        Some(FastSource::Decision(place, tested))
    }

    fn truth_with(&self, decision: u32, decided: Decided, condition: ConditionId) -> Truth {
        let mut scratch = Scratch::default();
        scratch.prepare(self.epoch, self.hir.decisions.len());
        if let Some(place) =
            usize::try_from(decision).ok().and_then(|at| scratch.decided.get_mut(at))
        {
            *place = decided;
        }
        let mut run = Run {
            hir: self.hir,
            functions: &NoFunctions,
            arena: &self.epoch.arena,
            as_of: self.epoch.days.from.unwrap_or(exeat_model::Date::ZERO),
            slots: &[],
            scratch: &mut scratch,
        };
        run.condition(condition)
    }
}

impl FastRule {
    pub(super) fn concludes(&self) -> bool {
        self.value != FastValue::Nothing
    }
}

fn label_bits(labels: &[SmolStr], outcome: &Outcome) -> u64 {
    labels
        .iter()
        .enumerate()
        .filter(|(_, label)| outcome.labels.contains(*label))
        .fold(0, |bits, (at, _)| bits | 1 << at)
}
