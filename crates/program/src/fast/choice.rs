//! Conditions over what stands in slots, for the choices within a number: each test of one slot is worked out
//! beforehand for all codes that the slot can have.

use exeat_hir::{Hir, NoFunctions};
use exeat_model::{Date, Truth, Value};

use super::encode::{Encoder, Kind, OTHER, UNKNOWN};
use crate::epoch::Epoch;
use crate::node::{Condition, ConditionId};
use crate::run::{Run, Scratch};

/// How many codes a slot may have.
const MOST_CODES: usize = 1024;

/// A condition that is found by codes alone.
#[derive(Clone, Debug)]
pub(super) enum Choice {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    /// The truth for each code of a slot, and for none.
    Slot {
        slot: usize,
        truths: Vec<Truth>,
        unknown: Truth,
    },
}

impl Choice {
    /// The truth of a condition for a record; `None` where a slot has no code.
    pub(super) fn truth(&self, codes: &[i64]) -> Option<Truth> {
        match self {
            Self::All(parts) => joined(parts, codes, Truth::True, Truth::and),
            Self::Any(parts) => joined(parts, codes, Truth::False, Truth::or),
            Self::Not(inner) => inner.truth(codes).map(|truth| !truth),
            Self::Slot { slot, truths, unknown } => match codes.get(*slot).copied() {
                None | Some(UNKNOWN) => Some(*unknown),
                Some(OTHER) => None,
                Some(code) => truths.get(usize::try_from(code).ok()?).copied(),
            },
        }
    }

    /// A condition by codes; `None` if it asks anything else.
    pub(super) fn new(
        hir: &Hir,
        encoder: &Encoder,
        epoch: &Epoch,
        id: ConditionId,
    ) -> Option<Self> {
        let all = |parts: &[ConditionId]| {
            parts
                .iter()
                .map(|part| Self::new(hir, encoder, epoch, *part))
                .collect::<Option<Vec<_>>>()
        };
        let reads = epoch.arena.reads_of_condition(id);
        if reads.locals || reads.day || !reads.decisions.is_empty() {
            return None;
        }
        let mut slots = reads.slots.iter();
        if let (Some(slot), None) = (slots.next(), slots.next()) {
            return Self::of_slot(hir, encoder, epoch, id, usize::try_from(*slot).ok()?);
        }
        match epoch.arena.condition(id) {
            Condition::All(parts) => Some(Self::All(all(parts)?)),
            Condition::Any(parts) => Some(Self::Any(all(parts)?)),
            Condition::Not(inner) => {
                Some(Self::Not(Box::new(Self::new(hir, encoder, epoch, *inner)?)))
            }
            _ => None,
        }
    }

    fn of_slot(
        hir: &Hir,
        encoder: &Encoder,
        epoch: &Epoch,
        id: ConditionId,
        slot: usize,
    ) -> Option<Self> {
        let values = match encoder.kind(slot) {
            Kind::YesNo => {
                [(0, false), (1, true)].map(|(at, yes)| (at, Value::YesNo(yes))).to_vec()
            }
            kind @ (Kind::Country | Kind::Symbol(_)) => encoder.values(kind),
            // What a code meets is asked of a day, and numbers are too many.
            Kind::Code(_) | Kind::Number | Kind::Date | Kind::Other => return None,
        };
        let mut slots: Vec<Option<Value>> = vec![None; slot.checked_add(1)?];
        let mut scratch = Scratch::default();
        let mut truth_with = |value: Option<Value>| {
            if let Some(place) = slots.get_mut(slot) {
                *place = value;
            }
            scratch.prepare(epoch, hir.decisions.len());
            let mut run = Run {
                hir,
                functions: &NoFunctions,
                arena: &epoch.arena,
                as_of: epoch.days.from.unwrap_or(Date::ZERO),
                slots: &slots,
                scratch: &mut scratch,
            };
            run.condition(id)
        };
        let unknown = truth_with(None);
        let mut truths = Vec::new();
        for (code, value) in values {
            let at = usize::try_from(code).ok().filter(|at| *at < MOST_CODES)?;
            if truths.len() <= at {
                // A number that no value has is never asked for.
                truths.resize(at.saturating_add(1), Truth::Unknown);
            }
            if let Some(place) = truths.get_mut(at) {
                *place = truth_with(Some(value));
            }
        }
        Some(Self::Slot { slot, truths, unknown })
    }
}

fn joined(
    parts: &[Choice],
    codes: &[i64],
    neutral: Truth,
    join: impl Fn(Truth, Truth) -> Truth,
) -> Option<Truth> {
    parts.iter().try_fold(neutral, |truth, part| Some(join(truth, part.truth(codes)?)))
}
