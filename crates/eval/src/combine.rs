//! How the values of the rules that hold make one outcome.
//!
//! *Strictest*: the highest place on the scale, with the labels of all who say that place. *Unique*:
//! what all say; if two differ, a conflict. *Collect*: the set of what they say. Joining is the same
//! in every order.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use exeat_hir::{Combine, Decision, Possible};
use exeat_model::{Outcome, Value};

/// What a set of rules that hold contributes to a decision.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Contribution {
    /// The values; at most one but for `collect`.
    values: BTreeSet<Value>,
    /// Whether two rules say different things where all have to agree.
    conflict: bool,
    /// Whether a rule holds whose value is not known.
    unknown: bool,
}

impl Contribution {
    /// The contribution of one rule.
    pub(crate) fn of(value: Option<Value>) -> Self {
        Self { unknown: value.is_none(), conflict: false, values: value.into_iter().collect() }
    }

    /// Two contributions together.
    pub(crate) fn with(&self, other: &Self, combine: Combine) -> Self {
        if other.is_nothing() || self == other {
            return self.clone();
        }
        if self.is_nothing() {
            return other.clone();
        }
        if self.unknown || other.unknown {
            return Self { unknown: true, ..Self::default() };
        }
        if self.conflict || other.conflict {
            return Self { conflict: true, ..Self::default() };
        }
        let values: BTreeSet<Value> = self.values.union(&other.values).cloned().collect();
        match combine {
            Combine::Unique if values.len() > 1 => Self { conflict: true, ..Self::default() },
            Combine::Collect | Combine::Unique => Self { values, ..Self::default() },
            Combine::Strictest => Self { values: strictest(values), ..Self::default() },
        }
    }

    fn is_nothing(&self) -> bool {
        self.values.is_empty() && !self.conflict && !self.unknown
    }

    /// What it comes to.
    pub(crate) fn settle(&self, decision: &Decision) -> Possible {
        if self.unknown {
            return Possible::Error;
        }
        if self.conflict {
            return Possible::Conflict;
        }
        if decision.combine == Combine::Collect {
            return Possible::Value(Value::Set(Arc::new(self.values.clone())));
        }
        match (self.values.first(), &decision.otherwise) {
            (Some(value), _) | (None, Some(value)) => Possible::Value(value.clone()),
            (None, None) => Possible::Error,
        }
    }
}

/// All that the contributions of independent parts can make together; `None` if they are more than
/// `most`. The parts are taken in the order of what is in them and not of where they stand.
pub(crate) fn joined(
    parts: &[&BTreeSet<Contribution>],
    combine: Combine,
    most: usize,
) -> Option<BTreeSet<Contribution>> {
    let brings_something = |part: &BTreeSet<Contribution>| {
        part.len() != 1 || !part.iter().all(Contribution::is_nothing)
    };
    let mut parts: Vec<_> = parts.iter().copied().filter(|part| brings_something(part)).collect();
    parts.sort_by_key(|part| (part.len(), *part));
    // What may be there or not comes to the same however many bring it.
    let may_be_there = |part: &BTreeSet<Contribution>| {
        part.len() == 2 && part.iter().any(Contribution::is_nothing)
    };
    parts.dedup_by(|one, before| one == before && may_be_there(one));
    let mut sums = BTreeSet::from([Contribution::default()]);
    for part in parts {
        let mut next = BTreeSet::new();
        for sum in &sums {
            for one in part {
                next.insert(sum.with(one, combine));
                if next.len() > most {
                    return None;
                }
            }
        }
        sums = next;
    }
    Some(sums)
}

/// Some of what is possible, where all of it is too much to list: for `collect` what is certain and
/// all that may be, for the others each value by itself. `Error` stands for the rest, so that nothing
/// is taken as settled.
pub(crate) fn in_outline(
    parts: &[&BTreeSet<Contribution>],
    decision: &Decision,
) -> BTreeSet<Possible> {
    let all = || parts.iter().flat_map(|part| part.iter());
    let mut possible = BTreeSet::from([Possible::Error]);
    if decision.combine == Combine::Collect {
        let set = |values: BTreeSet<Value>| Possible::Value(Value::Set(Arc::new(values)));
        let mut certain = BTreeSet::new();
        for part in parts {
            let mut counts: BTreeMap<&Value, usize> = BTreeMap::new();
            for value in part.iter().flat_map(|one| &one.values) {
                let count = counts.entry(value).or_default();
                *count = count.saturating_add(1);
            }
            let in_all = counts.into_iter().filter(|(_, count)| *count == part.len());
            certain.extend(in_all.map(|(value, _)| value.clone()));
        }
        possible.insert(set(certain));
        possible.insert(set(all().flat_map(|one| one.values.iter().cloned()).collect()));
    } else {
        possible.extend(all().map(|one| one.settle(decision)));
    }
    possible
}

/// The strictest outcome, with the labels of all of its rank.
fn strictest(values: BTreeSet<Value>) -> BTreeSet<Value> {
    let mut strictest: Option<Outcome> = None;
    for value in values {
        let Value::Outcome(outcome) = value else { continue };
        strictest = Some(match strictest.take() {
            Some(mut before) if before.rank == outcome.rank => {
                before.labels.extend(outcome.labels);
                before
            }
            Some(before) if before.rank > outcome.rank => before,
            _ => outcome,
        });
    }
    strictest.map(Value::Outcome).into_iter().collect()
}
