//! Contributions to a decision on a scale as numbers, because there may be many to join.
//!
//! Where a dozen exceptions are open, each with a label of its own, thousands of sets of labels are
//! possible; to compare them word by word would take most of the time of a decision.

use std::collections::{BTreeMap, BTreeSet};

use exeat_model::{Outcome, Value};
use smol_str::SmolStr;

use crate::combine::Contribution;

/// A contribution: the place on the scale, and its labels as bits. The order is that of what
/// prevails: nothing, a place, a conflict, an unknown value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Small {
    Nothing,
    Place { rank: u32, labels: u128 },
    Conflict,
    Unknown,
}

impl Small {
    /// Two contributions together, as [`Contribution::with`] has it for `strictest`.
    fn with(self, other: Self) -> Self {
        match (self, other) {
            (Self::Place { rank, labels }, Self::Place { rank: same, labels: more })
                if rank == same =>
            {
                Self::Place { rank, labels: labels | more }
            }
            _ => self.max(other),
        }
    }
}

/// The places and labels that occur, by their numbers.
pub(crate) struct Places<'c> {
    names: BTreeMap<u32, &'c SmolStr>,
    labels: Vec<&'c SmolStr>,
}

impl<'c> Places<'c> {
    /// Those of some contributions; `None` if they are none of one scale, or too many.
    pub(crate) fn of(parts: &[&'c BTreeSet<Contribution>]) -> Option<Self> {
        let mut names = BTreeMap::new();
        let mut labels = BTreeSet::new();
        for value in parts.iter().flat_map(|part| part.iter()).flat_map(|one| &one.values) {
            let Value::Outcome(outcome) = value else { return None };
            if *names.entry(outcome.rank).or_insert(&outcome.name) != &outcome.name {
                return None;
            }
            labels.extend(&outcome.labels);
        }
        let few = labels.len() <= usize::try_from(u128::BITS).ok()?;
        few.then(|| Self { names, labels: labels.into_iter().collect() })
    }

    /// All that the contributions of independent parts can make together; `None` if they are more
    /// than `most`.
    pub(crate) fn joined(
        &self,
        parts: &[&BTreeSet<Contribution>],
        most: usize,
    ) -> Option<BTreeSet<Contribution>> {
        let mut parts: Vec<BTreeSet<Small>> =
            parts.iter().map(|part| part.iter().map(|one| self.small(one)).collect()).collect();
        parts.sort_by_cached_key(|part| (part.len(), part.clone()));
        let mut sums = BTreeSet::from([Small::Nothing]);
        for part in parts {
            let mut next = BTreeSet::new();
            for sum in &sums {
                for one in &part {
                    next.insert(sum.with(*one));
                    if next.len() > most {
                        return None;
                    }
                }
            }
            sums = next;
        }
        Some(sums.into_iter().map(|sum| self.whole(sum)).collect())
    }

    fn small(&self, contribution: &Contribution) -> Small {
        if contribution.unknown {
            return Small::Unknown;
        }
        if contribution.conflict {
            return Small::Conflict;
        }
        let Some(Value::Outcome(outcome)) = contribution.values.last() else {
            return Small::Nothing;
        };
        let labels = self.bits().filter(|(label, _)| outcome.labels.contains(*label));
        let labels = labels.fold(0, |all, (_, bit)| all | bit);
        Small::Place { rank: outcome.rank, labels }
    }

    fn whole(&self, small: Small) -> Contribution {
        let Small::Place { rank, labels } = small else {
            return Contribution {
                conflict: small == Small::Conflict,
                unknown: small == Small::Unknown,
                ..Contribution::default()
            };
        };
        let kept = self.bits().filter(|(_, bit)| labels & bit != 0);
        let labels = kept.map(|(label, _)| label.clone()).collect();
        let name = self.names.get(&rank).map_or_else(SmolStr::default, |name| (*name).clone());
        let values = BTreeSet::from([Value::Outcome(Outcome { rank, name, labels })]);
        Contribution { values, ..Contribution::default() }
    }

    /// Each label with its bit.
    fn bits(&self) -> impl Iterator<Item = (&SmolStr, u128)> {
        let bits = (0..u128::BITS).map(|at| 1_u128 << at);
        self.labels.iter().copied().zip(bits)
    }
}
