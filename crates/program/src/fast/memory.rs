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
use super::encode::{Moment, OTHER, Row, UNKNOWN, of_date};
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

/// What is remembered of a group, for key after key: what is asked of one key stands together.
#[derive(Clone, Debug, Default)]
struct Known {
    /// A mixture of each key; nought where there is none.
    prints: Vec<u64>,
    /// The day of each key and the codes of its slots.
    codes: Vec<i64>,
    /// The values of each key that have no code, in order.
    others: Vec<Vec<Value>>,
    cells: Vec<u16>,
    values: Vec<Option<Lean<Value>>>,
    /// Which key of each set is the oldest.
    oldest: Vec<usize>,
    /// The run that looked last, and the place of the key that it has.
    current: (u64, usize),
    /// When it looked.
    seen: Moment,
}

impl Group {
    /// How many numbers a key has: the day, and the code of each slot.
    fn width(&self) -> usize {
        self.slots.len().saturating_add(1)
    }

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
        let known = self.known(place)?;
        let key = known.key(group, run);
        let cell = *known.cells.get(place_in(key, group.columns, place.at))?;
        (cell != NOT_YET).then_some(cell)
    }

    /// The value of a node, if it was computed for the same.
    pub(super) fn value(
        &mut self,
        place: Place,
        group: &Group,
        run: CurrentRun<'_>,
    ) -> Option<&Lean<Value>> {
        let known = self.known(place)?;
        let key = known.key(group, run);
        known.values.get(place_in(key, group.nodes, place.at))?.as_ref()
    }

    /// Remembers the cell of a column for the record that is run, if it was looked for.
    pub(super) fn keep(&mut self, place: Place, group: &Group, stamp: u64, cell: u16) {
        let known = self.known(place).filter(|known| known.current.0 == stamp);
        if let Some(known) = known
            && let at = place_in(known.current.1, group.columns, place.at)
            && let Some(slot) = known.cells.get_mut(at)
        {
            *slot = cell;
        }
    }

    /// Remembers the value of a node for the record that is run, if it was looked for.
    pub(super) fn keep_value(
        &mut self,
        place: Place,
        group: &Group,
        stamp: u64,
        value: &Lean<Value>,
    ) {
        let known = self.known(place).filter(|known| known.current.0 == stamp);
        if let Some(known) = known
            && let at = place_in(known.current.1, group.nodes, place.at)
            && let Some(slot) = known.values.get_mut(at)
            && slot.is_none()
        {
            *slot = Some(value.clone());
        }
    }

    fn known(&mut self, place: Place) -> Option<&mut Known> {
        self.epochs.get_mut(self.at)?.1.get_mut(place.group)
    }
}

/// The place of one of what each key has `count` of.
fn place_in(key: usize, count: usize, at: usize) -> usize {
    key.wrapping_mul(count).wrapping_add(at)
}

impl Known {
    /// The place of the key of a record, which is looked for once a run; if it is new, with nothing remembered.
    fn key(&mut self, group: &Group, run: CurrentRun<'_>) -> usize {
        let CurrentRun { stamp, row, day } = run;
        if self.current.0 != stamp {
            let day = of_date(day);
            let at = self.current.1;
            // What all orders have in common is the same as before.
            let same_day = self.codes.get(place_in(at, group.width(), 0)) == Some(&day);
            let same = same_day
                && (row.is_as_at(self.seen, &group.slots) || self.is_of(at, group, row, day));
            let at = if same { at } else { self.find(group, row, day) };
            self.current = (stamp, at);
            self.seen = row.moment();
        }
        self.current.1
    }

    fn find(&mut self, group: &Group, row: Row<'_>, day: i64) -> usize {
        if self.prints.is_empty() {
            let all = SETS.saturating_mul(KEYS_OF_A_SET);
            self.prints.resize(all, 0);
            self.codes.resize(all.saturating_mul(group.width()), 0);
            self.others.resize(all, Vec::new());
            self.cells.resize(all.saturating_mul(group.columns), NOT_YET);
            self.values.resize(all.saturating_mul(group.nodes), None);
            self.oldest.resize(SETS, 0);
        }
        let print = print_of(group, row.codes, day);
        // The upper bits are the best mixed.
        let set = usize::try_from(print >> 40).unwrap_or(0).checked_rem(SETS).unwrap_or(0);
        let start = set.saturating_mul(KEYS_OF_A_SET);
        let prints = self.prints.get(start..).unwrap_or(&[]).iter().take(KEYS_OF_A_SET);
        for (at, known) in (start..).zip(prints) {
            if *known == print && self.is_of(at, group, row, day) {
                return at;
            }
        }
        let oldest = self.oldest.get(set).copied().unwrap_or(0);
        if let Some(place) = self.oldest.get_mut(set) {
            *place = oldest.saturating_add(1).checked_rem(KEYS_OF_A_SET).unwrap_or(0);
        }
        let at = start.saturating_add(oldest);
        self.become_of(at, group, row, day);
        if let Some(place) = self.prints.get_mut(at) {
            *place = print;
        }
        at
    }

    fn is_of(&self, at: usize, group: &Group, row: Row<'_>, day: i64) -> bool {
        let codes = self.codes.get(place_in(at, group.width(), 0)..).unwrap_or(&[]);
        let Some((known_day, codes)) = codes.split_first() else { return false };
        let mut others = self.others.get(at).map_or(&[][..], Vec::as_slice).iter();
        let mut same = |slot: &usize, known: &i64| {
            let code = code(row.codes, *slot);
            code == *known && (code != OTHER || row.record.get(*slot) == others.next())
        };
        *known_day == day && group.slots.iter().zip(codes).all(|(slot, known)| same(slot, known))
    }

    fn become_of(&mut self, at: usize, group: &Group, row: Row<'_>, day: i64) {
        let codes = self.codes.get_mut(place_in(at, group.width(), 0)..).unwrap_or(&mut []);
        let now = group.slots.iter().map(|slot| code(row.codes, *slot));
        for (place, code) in codes.iter_mut().zip([day].into_iter().chain(now)) {
            *place = code;
        }
        if let Some(values) = self.others.get_mut(at) {
            let others = group.slots.iter().filter(|slot| code(row.codes, **slot) == OTHER);
            values.clear();
            values.extend(others.filter_map(|slot| row.record.get(*slot).cloned()));
        }
        let cells = self.cells.iter_mut().skip(place_in(at, group.columns, 0));
        cells.take(group.columns).for_each(|cell| *cell = NOT_YET);
        let values = self.values.iter_mut().skip(place_in(at, group.nodes, 0));
        values.take(group.nodes).for_each(|value| *value = None);
    }
}

fn code(codes: &[i64], slot: usize) -> i64 {
    codes.get(slot).copied().unwrap_or(UNKNOWN)
}

/// A mixture of a day and the codes of a record, never nought. What differs in values that have no code alone
/// has the same.
fn print_of(group: &Group, codes: &[i64], day: i64) -> u64 {
    let codes = group.slots.iter().map(|slot| code(codes, *slot).cast_unsigned());
    codes.fold(mixed(0, day.cast_unsigned()), mixed).max(1)
}

/// A mixture of what was mixed before with one more word.
pub(super) fn mixed(sum: u64, word: u64) -> u64 {
    const MIX: u64 = 0x9e37_79b9_7f4a_7c15;
    (sum.rotate_left(5) ^ word).wrapping_mul(MIX)
}
