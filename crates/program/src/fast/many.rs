//! Which of many rules the cells of the most telling columns leave.
//!
//! For each of a few columns and each cell there is a row of bits, a bit a rule: whether the conditions that the
//! rule joins by `and` allow that cell. The rows of a record's cells, taken together, leave the candidates.
//! The rules stand in an order in which those that the first column, the most telling, allows for the same
//! cells are neighbours, and of its rows only the words are kept in which any rule is left: no others
//! are looked at. A column with many cells has a row for several neighbouring ones.

use std::collections::BTreeMap;

use super::{FastAtom, FastDecision, FastFormula, FastValue};
use crate::cells::CellSet;

/// From how many rules on an index is kept.
const FEWEST_RULES: usize = 48;
/// How many columns an index has at most.
const MOST_COLUMNS: usize = 5;
/// How many rows a column has at most.
const MOST_ROWS: usize = 256;

/// An atom that a rule asks outright, and whether it asks that or the contrary.
type Guard = (usize, bool);

#[derive(Clone, Debug)]
pub(super) struct Index {
    first: Sparse,
    /// The other columns.
    columns: Vec<Rows>,
    /// The rule of each bit, by its place in the decision, the strictest first.
    rules: Vec<usize>,
}

/// The rows of the first column: for each the words that are not nought.
#[derive(Clone, Debug)]
struct Sparse {
    column: usize,
    shift: u32,
    /// Where the words of each row begin, and the end.
    starts: Vec<usize>,
    words: Vec<(usize, u64)>,
}

#[derive(Clone, Debug)]
struct Rows {
    column: usize,
    /// How far a cell is shifted to the right to get its row.
    shift: u32,
    /// The rows, one behind the other, and how many words each has.
    bits: Vec<u64>,
    words: usize,
}

/// The cells of a column in rows, and which of them each rule allows.
struct Allowed {
    column: usize,
    shift: u32,
    rows: usize,
    /// For each rule that asks something of the column, the rows, first and last of each stretch.
    rules: BTreeMap<usize, Vec<(usize, usize)>>,
}

impl Index {
    /// An index over the rules of a decision that have a conclusion; `None` where it is not worth it.
    pub(super) fn new(
        decision: &FastDecision,
        formulas: &[FastFormula],
        atoms: &[FastAtom],
        cells: &dyn Fn(usize) -> u16,
    ) -> Option<Self> {
        let count = decision.concluding.len();
        if count < FEWEST_RULES {
            return None;
        }
        // For each column the rules that ask it outright, with what they ask.
        let mut guards: BTreeMap<usize, BTreeMap<usize, Vec<Guard>>> = BTreeMap::new();
        for at in &decision.concluding {
            let Some(rule) = decision.rules.get(*at) else { continue };
            let single = [rule.own];
            let parts: &[usize] = match formulas.get(rule.own) {
                Some(FastFormula::All(parts)) => parts,
                _ => &single,
            };
            for part in parts {
                if let Some(FastFormula::Atom(atom, positive)) = formulas.get(*part)
                    && let Some(found) = atoms.get(*atom)
                {
                    let rules = guards.entry(found.column).or_default();
                    rules.entry(*at).or_default().push((*atom, *positive));
                }
            }
        }
        let mut columns: Vec<Allowed> = guards
            .into_iter()
            .filter(|(_, rules)| rules.len().saturating_mul(4) >= count)
            .map(|(column, rules)| Allowed::new(column, cells(column), &rules, atoms))
            .collect();
        columns.sort_by_cached_key(|column| (column.left(count), column.column));
        columns.truncate(MOST_COLUMNS);
        let (first, others) = columns.split_first()?;
        let mut rules = decision.concluding.clone();
        rules.sort_by_cached_key(|at| {
            let rank = match decision.rules.get(*at).map(|rule| rule.value) {
                Some(FastValue::Outcome { rank, .. }) => u32::MAX.wrapping_sub(rank),
                _ => 0,
            };
            (rank, first.rules.get(at).cloned(), *at)
        });
        Some(Self {
            first: Sparse::new(first, &rules),
            columns: others.iter().map(|column| Rows::new(column, &rules)).collect(),
            rules,
        })
    }

    /// Gives the places of the rules that the cells allow, the strictest first.
    pub(super) fn candidates(&self, found: &mut Vec<usize>, mut cell: impl FnMut(usize) -> u16) {
        found.clear();
        let row = usize::from(cell(self.first.column) >> self.first.shift);
        let bound = |at: usize| self.first.starts.get(at).copied().unwrap_or(0);
        let words = self.first.words.get(bound(row)..bound(row.saturating_add(1))).unwrap_or(&[]);
        let mut rows = [0_usize; MOST_COLUMNS];
        for (start, column) in rows.iter_mut().zip(&self.columns) {
            let row = usize::from(cell(column.column) >> column.shift);
            *start = row.saturating_mul(column.words);
        }
        for (word, bits) in words {
            let mut left = *bits;
            for (start, column) in rows.iter().zip(&self.columns) {
                // A row that is not there rules nothing out.
                left &= column.bits.get(start.wrapping_add(*word)).copied().unwrap_or(u64::MAX);
            }
            while left != 0 {
                let bit = usize::try_from(left.trailing_zeros()).unwrap_or(0);
                left &= left.wrapping_sub(1);
                found.extend(self.rules.get(word.wrapping_mul(64).wrapping_add(bit)));
            }
        }
    }
}

impl Allowed {
    fn new(
        column: usize,
        cells: u16,
        guards: &BTreeMap<usize, Vec<Guard>>,
        atoms: &[FastAtom],
    ) -> Self {
        // The cell of the unknown is one more.
        let count = usize::from(cells).saturating_add(1);
        let mut shift = 0_u32;
        while count.checked_shr(shift).unwrap_or(0) >= MOST_ROWS {
            shift = shift.saturating_add(1);
        }
        let rows = count.checked_shr(shift).unwrap_or(0).saturating_add(1);
        let rules = guards
            .iter()
            .map(|(rule, guards)| {
                let mut allowed: Option<Vec<(usize, usize)>> = None;
                for (atom, positive) in guards {
                    let Some(atom) = atoms.get(*atom) else { continue };
                    let one = stretches(atom, *positive, count);
                    allowed = Some(match allowed {
                        None => one,
                        Some(before) => both(&before, &one),
                    });
                }
                // A row allows a rule if any of its cells does.
                let row = |cell: usize| cell.checked_shr(shift).unwrap_or(0);
                let mut found: Vec<(usize, usize)> = Vec::new();
                for (first, last) in allowed.unwrap_or_default() {
                    let (first, last) = (row(first), row(last));
                    match found.last_mut() {
                        Some(before) if first <= before.1.saturating_add(1) => before.1 = last,
                        _ => found.push((first, last)),
                    }
                }
                (*rule, found)
            })
            .collect();
        Self { column, shift, rows, rules }
    }

    /// How many rules a row leaves of so many, in the mean and times the rows.
    fn left(&self, count: usize) -> usize {
        let length = |(first, last): &(usize, usize)| last.saturating_sub(*first).saturating_add(1);
        let allowed: usize = self.rules.values().flatten().map(length).sum();
        let free = count.saturating_sub(self.rules.len());
        let per_row = allowed.checked_div(self.rows).unwrap_or(0);
        per_row.saturating_add(free)
    }
}

/// The cells, that of the unknown among them, in which an atom or its contrary may be true.
fn stretches(atom: &FastAtom, positive: bool, count: usize) -> Vec<(usize, usize)> {
    let set = if positive { atom.may() } else { atom.must() };
    let given = |set: &CellSet| -> Vec<(usize, usize)> {
        set.stretches().iter().map(|(a, b)| (usize::from(*a), usize::from(*b))).collect()
    };
    let set = given(&set);
    if positive {
        return set;
    }
    // The contrary may be true wherever it is not certain that the atom is.
    let mut found = Vec::new();
    let mut next = 0;
    for (first, last) in set {
        if first > next {
            found.push((next, first.saturating_sub(1)));
        }
        next = last.saturating_add(1);
    }
    if next < count {
        found.push((next, count.saturating_sub(1)));
    }
    found
}

/// The cells that are in both.
fn both(left: &[(usize, usize)], right: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let pairs = left.iter().flat_map(|one| right.iter().map(move |other| (one, other)));
    let mut found: Vec<(usize, usize)> = pairs
        .map(|(one, other)| (one.0.max(other.0), one.1.min(other.1)))
        .filter(|(first, last)| first <= last)
        .collect();
    found.sort_unstable();
    found
}

impl Sparse {
    fn new(allowed: &Allowed, rules: &[usize]) -> Self {
        let mut by_row: Vec<BTreeMap<usize, u64>> = vec![BTreeMap::new(); allowed.rows];
        let everywhere = vec![(0, allowed.rows.saturating_sub(1))];
        for (bit, rule) in rules.iter().enumerate() {
            for (first, last) in allowed.rules.get(rule).unwrap_or(&everywhere) {
                for row in by_row.iter_mut().take(last.saturating_add(1)).skip(*first) {
                    *row.entry(bit >> 6).or_default() |= 1 << (bit & 63);
                }
            }
        }
        let mut starts = vec![0];
        let mut words = Vec::new();
        for row in by_row {
            words.extend(row);
            starts.push(words.len());
        }
        Self { column: allowed.column, shift: allowed.shift, starts, words }
    }
}

impl Rows {
    fn new(allowed: &Allowed, rules: &[usize]) -> Self {
        let words = rules.len().div_ceil(64);
        let mut bits = vec![0_u64; allowed.rows.saturating_mul(words)];
        let everywhere = vec![(0, allowed.rows.saturating_sub(1))];
        for (bit, rule) in rules.iter().enumerate() {
            for (first, last) in allowed.rules.get(rule).unwrap_or(&everywhere) {
                for row in *first..=*last {
                    let place = row.saturating_mul(words).saturating_add(bit >> 6);
                    if let Some(word) = bits.get_mut(place) {
                        *word |= 1 << (bit & 63);
                    }
                }
            }
        }
        Self { column: allowed.column, shift: allowed.shift, bits, words }
    }
}
