//! What is to be asked on which days, so that nothing is asked twice.

use std::collections::{BTreeMap, BTreeSet};

use exeat_hir::{AssertionId, DecisionId};
use exeat_model::Interval;

use crate::prints::Prints;
use crate::space::Side;

/// What is asked on some days: what is not the same as on days before. Each with all the days on which
/// it is the same.
#[derive(Debug, Default)]
pub(super) struct Stretch {
    pub(super) decisions: BTreeMap<DecisionId, Vec<Interval>>,
    pub(super) assertions: BTreeMap<AssertionId, Vec<Interval>>,
}

impl Stretch {
    pub(super) fn is_empty(&self) -> bool {
        self.decisions.is_empty() && self.assertions.is_empty()
    }

    /// Leaves of a side what is asked and what that rests on.
    pub(super) fn narrow(&self, side: &mut Side<'_>) {
        let decisions: BTreeSet<DecisionId> = self.decisions.keys().copied().collect();
        let assertions: BTreeSet<AssertionId> = self.assertions.keys().copied().collect();
        side.narrow(&decisions, &assertions);
    }
}

/// What is to be asked of each of the sides. They have to be of one program, with one calendar.
pub(super) fn stretches(sides: &[Side<'_>]) -> Vec<Stretch> {
    let mut prints = Prints::default();
    let mut decisions: BTreeMap<(DecisionId, u32), (usize, Vec<Interval>)> = BTreeMap::new();
    let mut assertions: BTreeMap<(AssertionId, u32), (usize, Vec<Interval>)> = BTreeMap::new();
    for (at, side) in sides.iter().enumerate() {
        let found = prints.of(side);
        for one in found.decisions {
            decisions.entry(one).or_insert_with(|| (at, Vec::new())).1.push(side.epoch.days);
        }
        for one in found.assertions {
            assertions.entry(one).or_insert_with(|| (at, Vec::new())).1.push(side.epoch.days);
        }
    }
    let mut stretches: Vec<Stretch> = sides.iter().map(|_| Stretch::default()).collect();
    for ((id, _), (at, days)) in decisions {
        if let Some(stretch) = stretches.get_mut(at) {
            stretch.decisions.insert(id, days);
        }
    }
    for ((id, _), (at, days)) in assertions {
        if let Some(stretch) = stretches.get_mut(at) {
            stretch.assertions.insert(id, days);
        }
    }
    stretches
}
