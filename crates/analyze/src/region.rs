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
    result.map(Region).map_err(|_| TooLarge::Diagrams(0))
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

    /// Not in it.
    ///
    /// # Errors
    /// See [`Region::and`].
    pub fn complement(&self) -> Result<Self, TooLarge> {
        bounded(self.0.not())
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

/// Four sets for a condition whose truth may be unknown: where it may be true, and so on. Each holds
/// at least the transactions that it is said to hold; where all facts are known and nothing is an error, the
/// first two are equal and so are the last two, and the sets are exact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rails {
    /// It is true.
    pub yes: Region,
    /// It is true or unknown.
    pub perhaps: Region,
    /// It is false.
    pub no: Region,
    /// It is false or unknown.
    pub perhaps_not: Region,
}

impl Rails {
    /// Of a condition that is always known.
    pub(crate) fn known(yes: Region) -> Result<Self, TooLarge> {
        let no = yes.complement()?;
        Ok(Self { perhaps: yes.clone(), perhaps_not: no.clone(), yes, no })
    }

    fn is_known(&self) -> bool {
        let contrary = self.yes.complement();
        self.yes == self.perhaps && self.no == self.perhaps_not && contrary.as_ref() == Ok(&self.no)
    }

    /// Both.
    pub(crate) fn and(&self, other: &Self) -> Result<Self, TooLarge> {
        let yes = self.yes.and(&other.yes)?;
        if self.is_known() && other.is_known() {
            return Self::known(yes);
        }
        let no = self.no.or(&other.no)?;
        let perhaps = self.perhaps.and(&other.perhaps)?;
        let perhaps_not = self.perhaps_not.or(&other.perhaps_not)?;
        Ok(Self { yes, perhaps, no, perhaps_not })
    }

    /// At least one.
    pub(crate) fn or(&self, other: &Self) -> Result<Self, TooLarge> {
        Ok(self.clone().negated().and(&other.clone().negated())?.negated())
    }

    /// The contrary.
    pub(crate) fn negated(self) -> Self {
        Self { yes: self.no, perhaps: self.perhaps_not, no: self.yes, perhaps_not: self.perhaps }
    }
}
