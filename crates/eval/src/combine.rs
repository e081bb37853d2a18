//! How the values of the rules that hold make one outcome.

use std::collections::BTreeSet;
use std::sync::Arc;

use exeat_hir::{Combine, Decision, Possible};
use exeat_model::Value;

/// What a set of rules that hold contributes to a decision.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Contribution {
    /// The values; for `strictest` at most one, for `unique` at most two (two are a conflict).
    values: BTreeSet<Value>,
    /// Whether a rule holds whose value is not known.
    unknown: bool,
}

impl Contribution {
    /// The contribution of one rule.
    pub(crate) fn of(value: Option<Value>) -> Self {
        match value {
            Some(value) => Self { values: BTreeSet::from([value]), unknown: false },
            None => Self { values: BTreeSet::new(), unknown: true },
        }
    }

    /// Two contributions together.
    pub(crate) fn with(&self, other: &Self, combine: Combine) -> Self {
        let mut values: BTreeSet<Value> = self.values.union(&other.values).cloned().collect();
        match combine {
            Combine::Collect => {}
            Combine::Unique => {
                while values.len() > 2 {
                    values.pop_last();
                }
            }
            Combine::Strictest => values = strictest(values),
        }
        Self { values, unknown: self.unknown || other.unknown }
    }

    /// What it comes to.
    pub(crate) fn settle(&self, decision: &Decision) -> Possible {
        if self.unknown {
            return Possible::Error;
        }
        if decision.combine == Combine::Collect {
            return Possible::Value(Value::Set(Arc::new(self.values.clone())));
        }
        let mut values = self.values.iter();
        match (values.next(), values.next(), &decision.otherwise) {
            (Some(value), None, _) => Possible::Value(value.clone()),
            (Some(_), Some(_), _) => Possible::Conflict,
            (None, _, Some(otherwise)) => Possible::Value(otherwise.clone()),
            (None, _, None) => Possible::Error,
        }
    }
}

/// The strictest outcome, with the labels of all of its rank.
fn strictest(values: BTreeSet<Value>) -> BTreeSet<Value> {
    let mut strictest: Option<exeat_model::Outcome> = None;
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
