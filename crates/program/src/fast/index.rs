//! Which of many rules the cells of the most telling columns leave.
//!
//! For each of a few columns and each cell there is a row of bits, a bit a rule: whether the conditions that the
//! rule joins by `and` allow that cell. The rows of a record's cells, taken together, leave the candidates. A
//! column with many cells has a row for several neighbouring ones.

use std::collections::BTreeMap;

use super::{FastAtom, FastFormula};

/// From how many rules on an index is kept.
const FEWEST_RULES: usize = 48;
/// How many columns an index has at most.
const MOST_COLUMNS: usize = 5;
/// How many rows a column has at most.
const MOST_ROWS: usize = 256;

/// A rule, an atom that it asks outright, and whether it asks that or the contrary.
type Guard = (usize, usize, bool);

#[derive(Clone, Debug)]
pub(super) struct Index {
    words: usize,
    columns: Vec<IndexColumn>,
}

#[derive(Clone, Debug)]
struct IndexColumn {
    column: usize,
    /// How far a cell is shifted to the right to get its row.
    shift: u32,
    /// The rows, one behind the other.
    rows: Vec<u64>,
}

impl Index {
    /// An index over rules by the formulas of their own parts; `None` where it is not worth it.
    pub(super) fn new(
        owns: &[usize],
        formulas: &[FastFormula],
        atoms: &[FastAtom],
        cells: &dyn Fn(usize) -> u16,
    ) -> Option<Self> {
        if owns.len() < FEWEST_RULES {
            return None;
        }
        // For each column the rules that ask it outright, with their atoms.
        let mut guards: BTreeMap<usize, Vec<Guard>> = BTreeMap::new();
        for (rule, own) in owns.iter().enumerate() {
            let single = [*own];
            let parts: &[usize] = match formulas.get(*own) {
                Some(FastFormula::All(parts)) => parts,
                _ => &single,
            };
            for part in parts {
                if let Some(FastFormula::Atom(atom, positive)) = formulas.get(*part)
                    && let Some(found) = atoms.get(*atom)
                {
                    guards.entry(found.column).or_default().push((rule, *atom, *positive));
                }
            }
        }
        let mut columns: Vec<(usize, Vec<Guard>)> = guards
            .into_iter()
            .filter(|(_, guards)| guards.len().saturating_mul(4) >= owns.len())
            .collect();
        columns.sort_by_key(|(column, guards)| (usize::MAX.wrapping_sub(guards.len()), *column));
        columns.truncate(MOST_COLUMNS);
        let words = owns.len().div_ceil(64);
        let columns: Vec<IndexColumn> = columns
            .into_iter()
            .map(|(column, guards)| IndexColumn::new(column, cells(column), words, &guards, atoms))
            .collect();
        (!columns.is_empty()).then_some(Self { words, columns })
    }

    pub(super) fn words(&self) -> usize {
        self.words
    }

    /// Leaves in `bits` the rules that the cells allow.
    pub(super) fn candidates(&self, bits: &mut [u64], mut cell: impl FnMut(usize) -> u16) {
        for (at, column) in self.columns.iter().enumerate() {
            let row = usize::from(cell(column.column) >> column.shift);
            let start = row.saturating_mul(self.words);
            let end = start.saturating_add(self.words);
            let Some(row) = column.rows.get(start..end) else { continue };
            for (word, allowed) in bits.iter_mut().zip(row) {
                *word = if at == 0 { *allowed } else { *word & *allowed };
            }
        }
    }
}

impl IndexColumn {
    fn new(column: usize, cells: u16, words: usize, guards: &[Guard], atoms: &[FastAtom]) -> Self {
        // The cell of the unknown is one more.
        let count = usize::from(cells).saturating_add(1);
        let mut shift = 0_u32;
        while count.checked_shr(shift).unwrap_or(0) >= MOST_ROWS {
            shift = shift.saturating_add(1);
        }
        let row_count = count.checked_shr(shift).unwrap_or(0).saturating_add(1);
        let mut rows = vec![u64::MAX; row_count.saturating_mul(words)];
        let mut set = |row: usize, rule: usize, on: bool| {
            let place = row.saturating_mul(words).saturating_add(rule >> 6);
            if let Some(word) = rows.get_mut(place) {
                let bit = 1_u64 << (rule & 63);
                *word = if on { *word | bit } else { *word & !bit };
            }
        };
        for (rule, atom, positive) in guards {
            let Some(atom) = atoms.get(*atom) else { continue };
            // A row allows a rule if any of its cells does; what another guard has ruled out stays out.
            for row in 0..row_count {
                let first = row.checked_shl(shift).unwrap_or(0);
                let last = first.saturating_add(1_usize.checked_shl(shift).unwrap_or(1));
                let allowed = (first..last.min(count)).any(|cell| {
                    let cell = u16::try_from(cell).unwrap_or(u16::MAX);
                    let (must, may) = atom.answers(cell);
                    if *positive { may } else { !must }
                });
                if !allowed {
                    set(row, *rule, false);
                }
            }
        }
        Self { column, shift, rows }
    }
}
