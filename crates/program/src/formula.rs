//! What a rule asks, as a formula over atoms.

use exeat_model::Truth;

/// An atom, by its place in the epoch.
pub type AtomId = u32;

/// A formula. There is no other negation than that of an atom.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Formula {
    /// Settled by the text.
    Constant(Truth),
    /// An atom, or its contrary.
    Atom(AtomId, bool),
    /// All of them.
    All(Vec<Self>),
    /// At least one.
    Any(Vec<Self>),
}

impl Formula {
    /// All of them, in the simplest form that means the same in three-valued logic.
    pub(crate) fn all(parts: Vec<Self>) -> Self {
        Self::joined(parts, Truth::True, Truth::False, Self::All, |part| match part {
            Self::All(inner) => Ok(inner),
            other => Err(other),
        })
    }

    /// At least one of them, in the simplest form.
    pub(crate) fn any(parts: Vec<Self>) -> Self {
        Self::joined(parts, Truth::False, Truth::True, Self::Any, |part| match part {
            Self::Any(inner) => Ok(inner),
            other => Err(other),
        })
    }

    fn joined(
        parts: Vec<Self>,
        neutral: Truth,
        settling: Truth,
        join: fn(Vec<Self>) -> Self,
        flatten: fn(Self) -> Result<Vec<Self>, Self>,
    ) -> Self {
        let mut kept: Vec<Self> = Vec::new();
        for part in parts {
            match flatten(part) {
                Ok(inner) => kept.extend(inner),
                Err(Self::Constant(truth)) if truth == neutral => {}
                Err(Self::Constant(truth)) if truth == settling => return Self::Constant(settling),
                Err(other) => kept.push(other),
            }
        }
        kept.sort();
        kept.dedup();
        match kept.len() {
            0 => Self::Constant(neutral),
            1 => kept.pop().unwrap_or(Self::Constant(neutral)),
            _ => join(kept),
        }
    }

    /// The contrary.
    pub(crate) fn negated(self) -> Self {
        match self {
            Self::Constant(truth) => Self::Constant(!truth),
            Self::Atom(atom, positive) => Self::Atom(atom, !positive),
            Self::All(parts) => Self::any(parts.into_iter().map(Self::negated).collect()),
            Self::Any(parts) => Self::all(parts.into_iter().map(Self::negated).collect()),
        }
    }

    /// Its truth, given that of each atom. Stops as soon as it is settled.
    pub fn truth(&self, atom: &mut impl FnMut(AtomId) -> Truth) -> Truth {
        match self {
            Self::Constant(truth) => *truth,
            Self::Atom(id, true) => atom(*id),
            Self::Atom(id, false) => !atom(*id),
            Self::All(parts) => {
                let mut truth = Truth::True;
                for part in parts {
                    truth = truth.and(part.truth(atom));
                    if truth == Truth::False {
                        break;
                    }
                }
                truth
            }
            Self::Any(parts) => {
                let mut truth = Truth::False;
                for part in parts {
                    truth = truth.or(part.truth(atom));
                    if truth == Truth::True {
                        break;
                    }
                }
                truth
            }
        }
    }

    /// Visits all atoms.
    pub fn atoms(&self, visit: &mut impl FnMut(AtomId)) {
        match self {
            Self::Constant(_) => {}
            Self::Atom(id, _) => visit(*id),
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.atoms(visit)),
        }
    }
}
