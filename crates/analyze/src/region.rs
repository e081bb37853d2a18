//! Sets of transactions as decision diagrams.

use oxidd::bcdd::BCDDFunction;
use oxidd::util::AllocResult;
use oxidd::{BooleanFunction, Function};

use crate::budget::TooLarge;

/// A set of transactions. Equal sets are equal values.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Region(pub(crate) BCDDFunction);

impl std::fmt::Debug for Region {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Region({} nodes)", self.0.node_count())
    }
}

/// How many nodes the manager has room for is known to the space alone; it puts the figure in.
pub(crate) fn bounded(result: AllocResult<BCDDFunction>) -> Result<Region, TooLarge> {
    result.map(Region).map_err(|_| TooLarge::Diagrams)
}

impl Region {
    /// In both.
    ///
    /// # Errors
    /// If the diagrams outgrow the budget; so with all other operations.
    pub fn and(&self, other: &Self) -> Result<Self, TooLarge> {
        bounded(self.0.and(&other.0))
    }

    /// In one or the other.
    ///
    /// # Errors
    /// See [`Region::and`].
    pub fn or(&self, other: &Self) -> Result<Self, TooLarge> {
        bounded(self.0.or(&other.0))
    }

    /// Not in it. This costs nothing.
    ///
    /// # Errors
    /// See [`Region::and`].
    pub fn complement(&self) -> Result<Self, TooLarge> {
        bounded(self.0.not())
    }

    /// What is in the first where this is, and in the second where it is not.
    ///
    /// # Errors
    /// See [`Region::and`].
    pub fn choose(&self, then: &Self, otherwise: &Self) -> Result<Self, TooLarge> {
        bounded(self.0.ite(&then.0, &otherwise.0))
    }

    /// In it and not in the other.
    ///
    /// # Errors
    /// See [`Region::and`].
    pub fn without(&self, other: &Self) -> Result<Self, TooLarge> {
        // `imp_strict` is "not the first and the second".
        bounded(other.0.imp_strict(&self.0))
    }

    /// In one of them and not in the other.
    ///
    /// # Errors
    /// See [`Region::and`].
    pub fn difference(&self, other: &Self) -> Result<Self, TooLarge> {
        bounded(self.0.xor(&other.0))
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        !self.0.satisfiable()
    }

    /// Whether everything is in it.
    pub fn is_everything(&self) -> bool {
        self.0.valid()
    }

    /// Whether all that is in it is in the other too.
    ///
    /// # Errors
    /// See [`Region::and`].
    pub fn is_within(&self, other: &Self) -> Result<bool, TooLarge> {
        Ok(self.without(other)?.is_empty())
    }

    /// How many nodes its diagram has.
    pub fn nodes(&self) -> usize {
        self.0.node_count()
    }
}
