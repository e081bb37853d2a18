use std::collections::BTreeSet;

use smol_str::SmolStr;

/// What an outcome of any jurisdiction means for the shipment; the common measure by which
/// determinations of several jurisdictions are summed up. Ordered from free to forbidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// Nothing is needed.
    Free,
    /// Free if conditions are kept, as under a licence exception.
    FreeWithConditions,
    /// An authorisation has to be asked for.
    AuthorisationNeeded,
    /// Not allowed.
    Prohibited,
}

impl Effect {
    /// The words of the language: `free`, `free_with_conditions`, `authorisation_needed`, `prohibited`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::FreeWithConditions => "free_with_conditions",
            Self::AuthorisationNeeded => "authorisation_needed",
            Self::Prohibited => "prohibited",
        }
    }

    /// The effect with that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Free, Self::FreeWithConditions, Self::AuthorisationNeeded, Self::Prohibited]
            .into_iter()
            .find(|effect| effect.name() == name)
    }
}

/// A place on an outcome scale, with the labels that accumulate there, as `license_exception (LPP, ACM)`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Outcome {
    /// Place on the scale, from 0, the least strict. First, so that the order is that of the scale.
    pub rank: u32,
    /// Its name on the scale.
    pub name: SmolStr,
    /// The labels, as symbols of licence exceptions.
    pub labels: BTreeSet<SmolStr>,
}
