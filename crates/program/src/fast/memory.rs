//! What was computed for one record is remembered for the next that is the same in what was read.
//!
//! Orders repeat items and parties, and what a rule computes of them (the performance of an item by the function
//! of a jurisdiction, a list of parties looked through) costs more than the rest of a decision. Computed columns
//! that read the same slots are a group; the values of these slots are the key, compared in full, so that what
//! is remembered is what would be computed. Functions of jurisdictions are pure, and are always the same ones for
//! whoever remembers.

use std::collections::BTreeSet;

use exeat_model::{Date, Value};

use super::Fast;
use super::encode::{Moment, OTHER, Row, UNKNOWN};
use crate::node::{Arena, Condition, ConditionId, Node, NodeId, Test};
use crate::run::Lean;

/// How many sets of keys of a group there are, and how many keys in each: what differs in values that have no
/// code alone, as lists do, is in one set. A new key takes the place of the oldest of its set.
const SETS: usize = 64;
const KEYS_OF_A_SET: usize = 8;
/// Of how many epochs is remembered at a time.
const MOST_EPOCHS: usize = 8;
/// The cell that is not computed yet. No column has so many.
const NOT_YET: u16 = u16::MAX;

/// Computed columns that read the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) slots: Vec<usize>,
    /// How many columns they are.
    pub(super) columns: usize,
    /// How many nodes are remembered beside them, by their values: what columns are computed from that read more.
    pub(super) nodes: usize,
}

/// The place of a column, or of a node, among those that read the same.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) group: usize,
    pub(super) at: usize,
}

/// A run, as far as the memory asks: its number, its record, its day.
#[derive(Clone, Copy)]
pub(super) struct CurrentRun<'a> {
    pub(super) stamp: u64,
    pub(super) row: Row<'a>,
    pub(super) day: Date,
}

/// What is remembered, for each of some epochs.
#[derive(Clone, Debug, Default)]
pub(super) struct Memory {
    epochs: Vec<(Owner, Vec<Known>)>,
    /// The place of the epoch that is run.
    at: usize,
}

/// Of which program and which of its epochs.
pub(super) type Owner = (u64, usize);

/// What is remembered of a group.
#[derive(Clone, Debug, Default)]
struct Known {
    keys: Vec<Key>,
    /// Which key of each set is the oldest.
    oldest: Vec<usize>,
    /// The run that looked last, and the place of the key that it has.
    current: (u64, usize),
    /// When it looked.
    seen: Moment,
}

#[derive(Clone, Debug, Default)]
struct Key {
    day: Option<Date>,
    codes: Vec<i64>,
    /// The values that have no code, in order.
    others: Vec<Value>,
    cells: Vec<u16>,
    values: Vec<Option<Lean<Value>>>,
}

impl Group {
    /// The group of what reads some slots, with its place.
    pub(super) fn of<'g>(
        groups: &'g mut Vec<Self>,
        slots: &BTreeSet<u32>,
    ) -> Option<(usize, &'g mut Self)> {
        let slots = slots.iter().filter_map(|slot| usize::try_from(*slot).ok()).collect();
        let known = groups.iter().position(|group| group.slots == slots);
        let at = known.unwrap_or_else(|| {
            groups.push(Self { slots, columns: 0, nodes: 0 });
            groups.len().saturating_sub(1)
        });
        Some((at, groups.get_mut(at)?))
    }
}

/// The nodes that something is computed from by arithmetic, tests and choices: lists that are looked through,
/// calls, look-ups.
#[derive(Default)]
pub(super) struct Parts {
    pub(super) nodes: BTreeSet<NodeId>,
}

impl Parts {
    pub(super) fn of_node(arena: &Arena, node: NodeId) -> Self {
        let mut parts = Self::default();
        parts.node(arena, node);
        parts
    }

    pub(super) fn of_condition(arena: &Arena, condition: ConditionId) -> Self {
        let mut parts = Self::default();
        parts.condition(arena, condition);
        parts
    }

    fn node(&mut self, arena: &Arena, id: NodeId) {
        match arena.node(id) {
            Node::Arithmetic(_, left, right) => {
                self.node(arena, *left);
                self.node(arena, *right);
            }
            Node::Negate(inner) => self.node(arena, *inner),
            Node::If(test, then, otherwise) => {
                self.condition(arena, *test);
                self.node(arena, *then);
                self.node(arena, *otherwise);
            }
            Node::Truth(condition) => self.condition(arena, *condition),
            Node::Aggregate(..) | Node::Call(..) | Node::Table(..) | Node::Comprehension { .. } => {
                self.nodes.insert(id);
            }
            _ => {}
        }
    }

    fn condition(&mut self, arena: &Arena, id: ConditionId) {
        match arena.condition(id) {
            Condition::All(parts) | Condition::Any(parts) => {
                for part in parts {
                    self.condition(arena, *part);
                }
            }
            Condition::Not(inner) => self.condition(arena, *inner),
            Condition::Choose(test, then, otherwise) => {
                for part in [test, then, otherwise] {
                    self.condition(arena, *part);
                }
            }
            Condition::Test(Test::Compare(_, left, right)) => {
                self.node(arena, *left);
                self.node(arena, *right);
            }
            Condition::Test(Test::Band { low, value, high }) => {
                for part in [low.0, *value, high.0] {
                    self.node(arena, part);
                }
            }
            Condition::Constant(_) | Condition::Quantified { .. } | Condition::Test(_) => {}
        }
    }
}

impl Memory {
    /// Makes ready for a run over the rules of an epoch.
    pub(super) fn begin(&mut self, owner: Owner, fast: &Fast) {
        if self.epochs.get(self.at).is_some_and(|(known, _)| *known == owner) {
            return;
        }
        if let Some(at) = self.epochs.iter().position(|(known, _)| *known == owner) {
            self.at = at;
            return;
        }
        if self.epochs.len() >= MOST_EPOCHS {
            self.epochs.remove(0);
        }
        self.epochs.push((owner, vec![Known::default(); fast.groups.len()]));
        self.at = self.epochs.len().saturating_sub(1);
    }

    /// The cell of a column, if it was computed for the same.
    pub(super) fn cell(&mut self, place: Place, group: &Group, run: CurrentRun<'_>) -> Option<u16> {
        let cell = *self.key(place, group, run)?.cells.get(place.at)?;
        (cell != NOT_YET).then_some(cell)
    }

    /// The value of a node, if it was computed for the same.
    pub(super) fn value(
        &mut self,
        place: Place,
        group: &Group,
        run: CurrentRun<'_>,
    ) -> Option<Lean<Value>> {
        self.key(place, group, run)?.values.get(place.at)?.clone()
    }

    /// The key of a record, which is looked for once a run.
    fn key(&mut self, place: Place, group: &Group, run: CurrentRun<'_>) -> Option<&mut Key> {
        let CurrentRun { stamp, row, day } = run;
        let known = self.epochs.get_mut(self.at)?.1.get_mut(place.group)?;
        if known.current.0 != stamp {
            let at = known.current.1;
            let same_day = known.keys.get(at).is_some_and(|key| key.day == Some(day));
            let at = if same_day && row.is_as_at(known.seen, &group.slots) {
                at
            } else {
                known.find(group, row, day)
            };
            known.current = (stamp, at);
            known.seen = row.moment();
        }
        known.keys.get_mut(known.current.1)
    }

    /// Remembers the cell of a column for the record that is run, if it was looked for.
    pub(super) fn keep(&mut self, place: Place, stamp: u64, cell: u16) {
        let slot = self.current(place, stamp).and_then(|key| key.cells.get_mut(place.at));
        if let Some(slot) = slot {
            *slot = cell;
        }
    }

    /// Remembers the value of a node for the record that is run, if it was looked for.
    pub(super) fn keep_value(&mut self, place: Place, stamp: u64, value: &Lean<Value>) {
        let slot = self.current(place, stamp).and_then(|key| key.values.get_mut(place.at));
        if let Some(slot) = slot
            && slot.is_none()
        {
            *slot = Some(value.clone());
        }
    }

    /// The key of the record of a run; none if it was not looked for in that run.
    fn current(&mut self, place: Place, stamp: u64) -> Option<&mut Key> {
        let known = self.epochs.get_mut(self.at)?.1.get_mut(place.group)?;
        if known.current.0 != stamp {
            return None;
        }
        known.keys.get_mut(known.current.1)
    }
}

impl Known {
    /// The place of the key of a record; if it is new, with nothing remembered.
    fn find(&mut self, group: &Group, row: Row<'_>, day: Date) -> usize {
        if self.keys.is_empty() {
            self.keys.resize_with(SETS.saturating_mul(KEYS_OF_A_SET), Key::default);
            self.oldest.resize(SETS, 0);
        }
        let set = set_of(group, row.codes);
        let start = set.saturating_mul(KEYS_OF_A_SET);
        let mut keys = self.keys.iter().skip(start).take(KEYS_OF_A_SET);
        if let Some(at) = keys.position(|key| key.is_of(group, row, day)) {
            return start.saturating_add(at);
        }
        let oldest = self.oldest.get(set).copied().unwrap_or(0);
        if let Some(place) = self.oldest.get_mut(set) {
            *place = oldest.saturating_add(1).checked_rem(KEYS_OF_A_SET).unwrap_or(0);
        }
        let at = start.saturating_add(oldest);
        if let Some(key) = self.keys.get_mut(at) {
            key.become_of(group, row, day);
        }
        at
    }
}

impl Key {
    fn is_of(&self, group: &Group, row: Row<'_>, day: Date) -> bool {
        let mut others = self.others.iter();
        let mut same = |slot: &usize, known: &i64| {
            let code = code(row.codes, *slot);
            code == *known && (code != OTHER || row.record.get(*slot) == others.next())
        };
        self.day == Some(day)
            && self.codes.len() == group.slots.len()
            && group.slots.iter().zip(&self.codes).all(|(slot, known)| same(slot, known))
    }

    fn become_of(&mut self, group: &Group, row: Row<'_>, day: Date) {
        self.day = Some(day);
        self.codes.clear();
        self.codes.extend(group.slots.iter().map(|slot| code(row.codes, *slot)));
        let others = group.slots.iter().filter(|slot| code(row.codes, **slot) == OTHER);
        self.others.clear();
        self.others.extend(others.filter_map(|slot| row.record.get(*slot).cloned()));
        self.cells.clear();
        self.cells.resize(group.columns, NOT_YET);
        self.values.clear();
        self.values.resize(group.nodes, None);
    }
}

fn code(codes: &[i64], slot: usize) -> i64 {
    codes.get(slot).copied().unwrap_or(UNKNOWN)
}

/// The set in which the key of a record is: any mixture of the codes will do.
fn set_of(group: &Group, codes: &[i64]) -> usize {
    const MIX: u64 = 0x9e37_79b9_7f4a_7c15;
    let mix = |sum: u64, slot: &usize| {
        (sum.rotate_left(5) ^ code(codes, *slot).cast_unsigned()).wrapping_mul(MIX)
    };
    let sum = group.slots.iter().fold(0, mix);
    // The upper bits are the best mixed.
    usize::try_from(sum >> 40).unwrap_or(0).checked_rem(SETS).unwrap_or(0)
}
