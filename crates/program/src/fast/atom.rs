use crate::cells::CellSet;
use crate::epoch::{Atom, Epoch};

/// An atom: in which cells of its column it is true, and in which it may be.
#[derive(Clone, Debug)]
pub(super) struct FastAtom {
    pub(super) column: usize,
    must: u64,
    may: u64,
    /// For columns of more than 64 cells.
    wide: Option<Box<(CellSet, CellSet)>>,
}

impl FastAtom {
    pub(super) fn new(atom: &Atom, epoch: &Epoch) -> Self {
        let column = usize::try_from(atom.column).unwrap_or(usize::MAX);
        let cells = epoch.columns.get(column).map_or(0, |one| one.cells.count());
        let bits = |set: &CellSet| {
            set.iter().take_while(|cell| *cell < 64).fold(0_u64, |bits, cell| bits | 1 << cell)
        };
        let wide =
            (cells >= 64).then(|| Box::new((atom.answers.must.clone(), atom.answers.may.clone())));
        Self { column, must: bits(&atom.answers.must), may: bits(&atom.answers.may), wide }
    }

    /// Whether it is true in a cell, and whether it may be.
    pub(super) fn answers(&self, cell: u16) -> (bool, bool) {
        match &self.wide {
            None => (self.must >> (cell & 63) & 1 == 1, self.may >> (cell & 63) & 1 == 1),
            Some(sets) => (sets.0.contains(cell), sets.1.contains(cell)),
        }
    }

    /// The same, of its contrary if that is asked.
    pub(super) fn literal(&self, cell: u16, positive: bool) -> (bool, bool) {
        let (must, may) = self.answers(cell);
        if positive { (must, may) } else { (!may, !must) }
    }

    /// The cells in which it is true.
    pub(super) fn must(&self) -> CellSet {
        self.wide.as_ref().map_or_else(|| cells(self.must), |sets| sets.0.clone())
    }

    /// The cells in which it may be.
    pub(super) fn may(&self) -> CellSet {
        self.wide.as_ref().map_or_else(|| cells(self.may), |sets| sets.1.clone())
    }
}

fn cells(bits: u64) -> CellSet {
    let mut found = CellSet::default();
    (0..64_u16).filter(|cell| bits >> cell & 1 == 1).for_each(|cell| found.insert(cell));
    found
}
