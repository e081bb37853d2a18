//! Formulas as alternatives, each of which asks one thing of each of some columns.
//!
//! Three-valued truth is a chain (false, unknown, true) with `and` as the lesser and `or` as the greater, so
//! both may be distributed over one another, and an alternative that is never truer than another may be
//! left out. That is all that is done here; nothing that holds in two-valued logic alone.

use std::collections::BTreeMap;

use super::{FastAtom, FastFormula};

/// What an alternative asks of a column: in which of its cells it is true, and in which it may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ask {
    pub(super) must: Vec<bool>,
    pub(super) may: Vec<bool>,
}

/// An alternative: what it asks of columns; of others it asks nothing.
pub(super) type Clause = BTreeMap<usize, Ask>;

/// Makes alternatives of formulas.
pub(super) struct Clauses<'a> {
    pub(super) formulas: &'a [FastFormula],
    pub(super) atoms: &'a [FastAtom],
    /// How many cells a column has, that of the unknown among them; `None` for one that is not to be asked.
    pub(super) cells: &'a dyn Fn(usize) -> Option<u16>,
    /// How many alternatives a formula may have.
    pub(super) most: usize,
}

impl Clauses<'_> {
    /// The alternatives of a formula; none for what is never true. `None` if it asks a column that is not to
    /// be asked, or has too many.
    pub(super) fn of(&self, formula: usize) -> Option<Vec<Clause>> {
        match self.formulas.get(formula)? {
            FastFormula::Constant(truth) => match truth {
                exeat_model::Truth::True => Some(vec![Clause::new()]),
                exeat_model::Truth::False => Some(Vec::new()),
                exeat_model::Truth::Unknown => None,
            },
            FastFormula::Atom(atom, positive) => {
                let atom = self.atoms.get(*atom)?;
                let ask = Ask::new(atom, *positive, (self.cells)(atom.column)?);
                let possible = ask.may.contains(&true);
                Some(if possible { vec![BTreeMap::from([(atom.column, ask)])] } else { Vec::new() })
            }
            FastFormula::Any(parts) => {
                let mut all = Vec::new();
                for part in parts {
                    all.extend(self.of(*part)?);
                    all = without_the_lesser(all);
                }
                (all.len() <= self.most).then_some(all)
            }
            FastFormula::All(parts) => {
                let mut all = vec![Clause::new()];
                for part in parts {
                    all = self.both(&all, &self.of(*part)?)?;
                }
                Some(all)
            }
        }
    }

    /// Alternatives that together are never less true than a formula, by the columns that may be asked; none if
    /// the formula is never true.
    pub(super) fn at_most(&self, formula: usize) -> Vec<Clause> {
        match self.formulas.get(formula) {
            Some(FastFormula::Constant(exeat_model::Truth::False)) => Vec::new(),
            Some(FastFormula::Constant(_)) | None => vec![Clause::new()],
            Some(FastFormula::Atom(..)) => self.of(formula).unwrap_or_else(|| vec![Clause::new()]),
            Some(FastFormula::Any(parts)) => {
                let all = parts.iter().flat_map(|part| self.at_most(*part));
                self.few_of(without_the_lesser(all.collect()))
            }
            Some(FastFormula::All(parts)) => parts.iter().fold(vec![Clause::new()], |all, part| {
                let more = self.at_most(*part);
                let pairs = all.iter().flat_map(|one| more.iter().map(move |other| (one, other)));
                let both = pairs.filter_map(|(one, other)| joined(one, other)).collect();
                self.few_of(without_the_lesser(both))
            }),
        }
    }

    /// The same alternatives, or one for all of them where they are too many.
    fn few_of(&self, all: Vec<Clause>) -> Vec<Clause> {
        if all.len() <= self.most {
            return all;
        }
        all.into_iter().reduce(|one, other| either(&one, &other)).into_iter().collect()
    }

    /// The alternatives of two formulas joined by `and`.
    pub(super) fn both(&self, left: &[Clause], right: &[Clause]) -> Option<Vec<Clause>> {
        // Before the lesser are left out there may be more.
        if left.len().saturating_mul(right.len()) > self.most.saturating_mul(self.most) {
            return None;
        }
        let pairs = left.iter().flat_map(|one| right.iter().map(move |other| (one, other)));
        let all = without_the_lesser(pairs.filter_map(|(one, other)| joined(one, other)).collect());
        (all.len() <= self.most).then_some(all)
    }
}

impl Ask {
    fn new(atom: &FastAtom, positive: bool, cells: u16) -> Self {
        let (must, may) = (0..cells).map(|cell| atom.literal(cell, positive)).unzip();
        Self { must, may }
    }

    fn and(&self, other: &Self) -> Self {
        let both = |a: &[bool], b: &[bool]| a.iter().zip(b).map(|(a, b)| *a && *b).collect();
        Self { must: both(&self.must, &other.must), may: both(&self.may, &other.may) }
    }

    fn or(&self, other: &Self) -> Self {
        let either = |a: &[bool], b: &[bool]| a.iter().zip(b).map(|(a, b)| *a || *b).collect();
        Self { must: either(&self.must, &other.must), may: either(&self.may, &other.may) }
    }

    /// Whether it is nowhere truer than another.
    fn within(&self, other: &Self) -> bool {
        let within = |a: &[bool], b: &[bool]| a.iter().zip(b).all(|(a, b)| !*a || *b);
        within(&self.must, &other.must) && within(&self.may, &other.may)
    }

    fn asks_nothing(&self) -> bool {
        !self.must.contains(&false)
    }
}

/// Both alternatives at once; `None` if that is never true and never unknown.
fn joined(one: &Clause, other: &Clause) -> Option<Clause> {
    let mut all = one.clone();
    for (column, ask) in other {
        let both = match all.get(column) {
            Some(before) => before.and(ask),
            None => ask.clone(),
        };
        if !both.may.contains(&true) {
            return None;
        }
        all.insert(*column, both);
    }
    Some(all)
}

/// An alternative that is never less true than either of two.
fn either(one: &Clause, other: &Clause) -> Clause {
    let both = one.iter().filter_map(|(column, ask)| Some((*column, ask.or(other.get(column)?))));
    both.filter(|(_, ask)| !ask.asks_nothing()).collect()
}

/// The alternatives without those that are never truer than another.
fn without_the_lesser(clauses: Vec<Clause>) -> Vec<Clause> {
    let mut kept: Vec<Clause> = Vec::new();
    for clause in clauses {
        if kept.iter().any(|other| lesser(&clause, other)) {
            continue;
        }
        kept.retain(|other| !lesser(other, &clause));
        kept.push(clause);
    }
    kept
}

fn lesser(one: &Clause, other: &Clause) -> bool {
    other.iter().all(|(column, wanted)| match one.get(column) {
        Some(ask) => ask.within(wanted),
        None => wanted.asks_nothing(),
    })
}
