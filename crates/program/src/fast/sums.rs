//! What rules that hold come to together.

use exeat_hir::Combine;

use super::{FastDecision, FastValue, Settled};

/// What the rules that were found to hold give.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Gathered {
    place: Option<(u32, u64)>,
    constant: Option<u32>,
    set: u64,
}

impl Gathered {
    /// Whether a rule with that value could add nothing any more.
    pub(super) fn is_stricter_than(&self, value: FastValue) -> bool {
        match (self.place, value) {
            (Some((rank, _)), FastValue::Outcome { rank: other, .. }) => other < rank,
            _ => false,
        }
    }

    /// Adds what a rule gives. Whether that can be said here: a value that has to be computed cannot, nor can
    /// one that contradicts another.
    pub(super) fn add(&mut self, collect: bool, value: FastValue) -> bool {
        match value {
            FastValue::Outcome { rank, labels } => {
                self.place = Some((rank, labels | self.place.map_or(0, |(_, before)| before)));
            }
            FastValue::Constant(value) if collect => self.set |= 1 << (value & 63),
            FastValue::Constant(value) => {
                if self.constant.is_some_and(|before| before != value) {
                    return false;
                }
                self.constant = Some(value);
            }
            FastValue::Nothing | FastValue::Computed => return false,
        }
        true
    }

    /// What it comes to, with what holds if no rule does.
    pub(super) fn settled(self, decision: &FastDecision) -> Settled {
        if decision.combine == Combine::Collect {
            return Settled::Set(self.set);
        }
        match (self.place, self.constant, decision.otherwise) {
            (Some((rank, labels)), _, _)
            | (None, None, Some(FastValue::Outcome { rank, labels })) => {
                Settled::Outcome { rank, labels }
            }
            (None, Some(value), _) | (None, None, Some(FastValue::Constant(value))) => {
                Settled::Constant(value)
            }
            _ => Settled::Open,
        }
    }
}
