//! What the rules of a decision come to: who holds, and what is possible where some are open.
//!
//! Where the truth of every rule is known there is one pass over them. Else every way to settle the
//! open ones is tried, component by component, as the reference does; where that is too much, it is left to
//! the reference.

use std::collections::BTreeSet;
use std::sync::Arc;

use exeat_hir::{Combine, Possible};
use exeat_model::{Outcome, Truth, Value};

use crate::epoch::LoweredDecision;

/// How many free rules of one component are settled in every combination. Beyond it the reference
/// over-approximates, and is asked.
const MOST_FREE_RULES: usize = 12;
/// How many different contributions are kept apart.
const MOST_CONTRIBUTIONS: usize = 1024;

/// What the rules come to.
pub(crate) struct Settled {
    /// All that is possible.
    pub(crate) possible: BTreeSet<Possible>,
    /// The places of the rules that hold in every way.
    pub(crate) holding: Vec<usize>,
    /// Whether a rule with a conclusion may hold and may not.
    pub(crate) open: bool,
}

/// The rules of a decision with their truths and values.
pub(crate) struct Settling<'a> {
    pub(crate) decision: &'a LoweredDecision,
    /// The truth of each rule by itself.
    pub(crate) own: &'a [Truth],
    /// The value that it gives; none if it gives none or it is not known.
    pub(crate) values: &'a [Option<Value>],
}

/// What rules that hold contribute.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Contribution {
    values: BTreeSet<Value>,
    conflict: bool,
    unknown: bool,
}

impl Contribution {
    fn of(value: Option<&Value>) -> Self {
        Self {
            unknown: value.is_none(),
            conflict: false,
            values: value.into_iter().cloned().collect(),
        }
    }

    fn with(&self, other: &Self, combine: Combine) -> Self {
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

    fn settle(&self, decision: &LoweredDecision) -> Possible {
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

impl Settling<'_> {
    /// All that the rules can come to. `None` where the reference has to be asked.
    pub(crate) fn settle(&self) -> Option<Settled> {
        let applying = self.applying(&|at| self.own_truth(at));
        let idle: Vec<bool> = applying.iter().map(|truth| *truth == Truth::False).collect();
        let own = |at: usize| {
            if idle.get(at).copied().unwrap_or(true) { Truth::False } else { self.own_truth(at) }
        };
        let components = self.components(&idle);
        let mut parts: Vec<BTreeSet<Contribution>> = Vec::new();
        let mut holding = Vec::new();
        let mut open = false;
        for component in components {
            let free: Vec<usize> =
                component.iter().copied().filter(|at| own(*at) == Truth::Unknown).collect();
            if free.len() > MOST_FREE_RULES {
                return None;
            }
            let ways = 1_u32.checked_shl(u32::try_from(free.len()).ok()?)?;
            let mut contributions = BTreeSet::new();
            // For each rule in how many ways it holds.
            let mut counts: Vec<u32> = vec![0; component.len()];
            for bits in 0..ways {
                let assigned = |at: usize| match free.iter().position(|one| *one == at) {
                    Some(bit) => Truth::from(bits >> bit & 1 == 1),
                    None => own(at),
                };
                let applying = self.applying(&assigned);
                let holds = self.holds(&applying, &idle);
                let mut sum = Contribution::default();
                for (at, count) in component.iter().zip(&mut counts) {
                    if holds.get(*at) == Some(&Truth::True) {
                        *count = count.saturating_add(1);
                        if self.concludes(*at) {
                            let one = Contribution::of(self.value(*at));
                            sum = sum.with(&one, self.decision.combine);
                        }
                    }
                }
                contributions.insert(sum);
            }
            for (at, count) in component.iter().zip(counts) {
                if count == ways {
                    holding.push(*at);
                } else if count > 0 && self.concludes(*at) {
                    open = true;
                }
            }
            parts.push(contributions);
        }
        let sums = joined(&parts, self.decision.combine)?;
        let possible = sums.iter().map(|sum| sum.settle(self.decision)).collect();
        Some(Settled { possible, holding, open })
    }

    fn own_truth(&self, at: usize) -> Truth {
        self.own.get(at).copied().unwrap_or(Truth::False)
    }

    fn value(&self, at: usize) -> Option<&Value> {
        self.values.get(at).and_then(Option::as_ref)
    }

    fn concludes(&self, at: usize) -> bool {
        let rule = self.decision.rules.get(at);
        rule.is_some_and(|rule| rule.value != crate::epoch::RuleValue::Nothing)
    }

    /// Which rules apply: by themselves and, for an exception, because there is something to except.
    fn applying(&self, own: &dyn Fn(usize) -> Truth) -> Vec<Truth> {
        let mut applying: Vec<Truth> = Vec::with_capacity(self.decision.rules.len());
        for (at, rule) in self.decision.rules.iter().enumerate() {
            let mut truth = own(at);
            if let Some(excepted) = rule.exception_to.as_ref().filter(|_| truth != Truth::False) {
                let any = excepted
                    .iter()
                    .filter_map(|one| applying.get(*one).copied())
                    .fold(Truth::False, Truth::or);
                truth = truth.and(any);
            }
            applying.push(truth);
        }
        applying
    }

    /// Which rules hold: they apply and no rule that defeats them holds.
    fn holds(&self, applying: &[Truth], idle: &[bool]) -> Vec<Truth> {
        let mut holds: Vec<Truth> = vec![Truth::False; applying.len()];
        for at in &self.decision.by_defeat {
            let mut truth = applying.get(*at).copied().unwrap_or(Truth::False);
            for other in self.decision.rules.get(*at).into_iter().flat_map(|rule| &rule.defeated_by)
            {
                if idle.get(*other) == Some(&false) {
                    truth = truth.and(!holds.get(*other).copied().unwrap_or(Truth::False));
                }
            }
            if let Some(place) = holds.get_mut(*at) {
                *place = truth;
            }
        }
        holds
    }

    /// The rules in groups that no defeat crosses.
    fn components(&self, idle: &[bool]) -> Vec<Vec<usize>> {
        let count = self.decision.rules.len();
        let mut group: Vec<usize> = (0..count).collect();
        let root = |group: &[usize], mut at: usize| {
            while let Some(next) = group.get(at).copied().filter(|next| *next != at) {
                at = next;
            }
            at
        };
        for (at, rule) in self.decision.rules.iter().enumerate() {
            for other in &rule.defeated_by {
                if idle.get(*other) == Some(&false) {
                    let (a, b) = (root(&group, at), root(&group, *other));
                    if let Some(place) = group.get_mut(a.max(b)) {
                        *place = a.min(b);
                    }
                }
            }
        }
        let mut components: std::collections::BTreeMap<usize, Vec<usize>> =
            std::collections::BTreeMap::new();
        for at in 0..count {
            components.entry(root(&group, at)).or_default().push(at);
        }
        components.into_values().collect()
    }
}

/// All that the contributions of independent parts can make together; `None` if they are too many.
fn joined(parts: &[BTreeSet<Contribution>], combine: Combine) -> Option<BTreeSet<Contribution>> {
    let mut parts: Vec<&BTreeSet<Contribution>> = parts.iter().collect();
    parts.sort_by_key(|part| (part.len(), *part));
    let mut sums = BTreeSet::from([Contribution::default()]);
    for part in parts {
        let mut next = BTreeSet::new();
        for sum in &sums {
            for one in part {
                next.insert(sum.with(one, combine));
                if next.len() > MOST_CONTRIBUTIONS {
                    return None;
                }
            }
        }
        sums = next;
    }
    Some(sums)
}
