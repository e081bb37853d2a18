//! The cells of a record that cost nothing to read, as one key, and the places of the keys that there were.

use std::collections::{BTreeMap, BTreeSet};

use exeat_hir::{ModuleId, ReadingId};

use super::encode::UNKNOWN;
use super::finder::CellFinder;
use super::memory::mixed;
use super::run::FastRun;
use super::{Fast, FastSource, columns_of};

/// How many columns a key may have.
const MOST_COLUMNS: usize = 512;
/// How many keys there may be, and how many places by their hash.
const MOST_KEYS: usize = 4_096;
const PLACES: usize = 16_384;

/// The keys for some decisions of an epoch.
#[derive(Clone, Debug, Default)]
pub(super) struct Keys {
    tables: Vec<TableRead>,
    /// The cells of the codes of all tables.
    cells: Vec<u16>,
    /// The other columns that have their cell from a slot, with the slot.
    slots: Vec<(usize, usize)>,
    /// The columns that depend on what is asked, with their cells for what was asked last.
    asked: Vec<usize>,
    asked_cells: Vec<u16>,
    last: Option<(BTreeMap<ReadingId, usize>, BTreeSet<ModuleId>)>,
    /// How many words a key has.
    width: usize,
    /// The key that is looked for.
    key: Vec<u64>,
    /// All keys, one behind the other, and how many there are.
    known: Vec<u64>,
    count: usize,
    /// By its hash, the place of a key, from 1.
    places: Vec<u32>,
}

/// A column whose cell is found by the code of its slot.
#[derive(Clone, Copy, Debug)]
struct TableRead {
    slot: usize,
    column: usize,
    first: usize,
    count: u64,
    /// The cell of what is not known.
    unknown: u16,
}

impl Keys {
    /// For the decisions that are wanted; `None` if they ask too many columns.
    pub(super) fn new(fast: &Fast, wanted: Option<&[bool]>) -> Option<Self> {
        let mut columns = BTreeSet::new();
        for (place, decision) in fast.decisions.iter().enumerate() {
            if wanted.is_none_or(|wanted| wanted.get(place) == Some(&true)) {
                let rules = decision.rules.iter().map(|rule| rule.own);
                for formula in rules.chain(decision.gaps.iter().copied()).chain(decision.needed) {
                    columns_of(&fast.formulas, &fast.atoms, formula, &mut columns);
                }
            }
        }
        if columns.len() > MOST_COLUMNS {
            return None;
        }
        let mut keys = Self::default();
        for at in columns {
            let Some(column) = fast.columns.get(at) else { continue };
            match (&column.source, &column.finder) {
                (FastSource::Slot(slot), CellFinder::Table(cells)) => {
                    keys.add_table((*slot, at), cells, column.unknown);
                }
                (FastSource::Slot(slot), CellFinder::YesNo) => {
                    keys.add_table((*slot, at), &[0, 1], column.unknown);
                }
                (FastSource::Slot(slot), _) => keys.slots.push((at, *slot)),
                (FastSource::Reading(_) | FastSource::Proposal(_), _) => keys.asked.push(at),
                // What is computed is asked where it matters, and an outcome follows from the rest.
                _ => {}
            }
        }
        let [tables, slots, asked] = [keys.tables.len(), keys.slots.len(), keys.asked.len()];
        // A key without columns is a word all the same.
        keys.width = tables.saturating_add(slots).saturating_add(asked).div_ceil(4).max(1);
        Some(keys)
    }

    fn add_table(&mut self, (slot, column): (usize, usize), cells: &[u16], unknown: u16) {
        let first = self.cells.len();
        let count = u64::try_from(cells.len()).unwrap_or(0);
        self.cells.extend(cells);
        self.tables.push(TableRead { slot, column, first, count, unknown });
    }

    /// The number of the key of a record, from 0 on in the order in which they came; `None` if it is new and there
    /// are as many as there may be.
    pub(super) fn number(&mut self, run: &mut FastRun<'_>) -> Option<usize> {
        self.read(run);
        if self.places.is_empty() {
            self.places.resize(PLACES, 0);
        }
        let hash = self.key.iter().fold(0, |sum, word| mixed(sum, *word));
        // The upper bits are the best mixed.
        let mut place = usize::try_from(hash >> 40).unwrap_or(0) & PLACES.wrapping_sub(1);
        loop {
            let taken = self.places.get(place).map_or(0, |taken| *taken);
            let at = usize::try_from(taken).ok().and_then(|taken| taken.checked_sub(1));
            let Some(at) = at else { break };
            let start = at.wrapping_mul(self.width);
            if self.known.get(start..start.wrapping_add(self.width)) == Some(&self.key) {
                return Some(at);
            }
            place = place.wrapping_add(1) & PLACES.wrapping_sub(1);
        }
        if self.count >= MOST_KEYS {
            return None;
        }
        let at = self.count;
        self.count = at.saturating_add(1);
        self.known.extend_from_slice(&self.key);
        if let Some(free) = self.places.get_mut(place) {
            *free = u32::try_from(self.count).unwrap_or(0);
        }
        Some(at)
    }

    /// Forgets all keys.
    pub(super) fn clear(&mut self) {
        self.known.clear();
        self.places.clear();
        self.count = 0;
    }

    fn read(&mut self, run: &mut FastRun<'_>) {
        let (readings, proposals) = (run.request.readings, run.request.proposals);
        let same =
            self.last.as_ref().is_some_and(|last| last.0 == *readings && last.1 == *proposals);
        if !same {
            self.asked_cells.clear();
            self.asked_cells.extend(self.asked.iter().map(|column| run.cell(*column)));
            self.last = Some((readings.clone(), proposals.clone()));
        }
        self.key.clear();
        let mut word = Word::default();
        for table in &self.tables {
            let code = run.code(table.slot);
            let cell = if code == UNKNOWN {
                table.unknown
            } else if code.cast_unsigned() < table.count {
                let at = table.first.wrapping_add(usize::try_from(code).unwrap_or(0));
                self.cells.get(at).copied().unwrap_or(0)
            } else {
                run.slot_cell(table.column, table.slot)
            };
            word.push(cell, &mut self.key);
        }
        for (column, slot) in &self.slots {
            word.push(run.slot_cell(*column, *slot), &mut self.key);
        }
        for cell in &self.asked_cells {
            word.push(*cell, &mut self.key);
        }
        self.key.resize(self.width.saturating_sub(1), 0);
        self.key.push(word.bits);
    }
}

/// Cells on their way into the words of a key, four each.
#[derive(Default)]
struct Word {
    bits: u64,
    filled: u32,
}

impl Word {
    #[inline]
    fn push(&mut self, cell: u16, words: &mut Vec<u64>) {
        if self.filled == 4 {
            words.push(self.bits);
            *self = Self::default();
        }
        self.bits = self.bits << 16 | u64::from(cell);
        self.filled = self.filled.wrapping_add(1);
    }
}
