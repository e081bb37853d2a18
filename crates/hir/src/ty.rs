use exeat_model::{Dimension, UnitExpression};

use crate::{CodeListId, EnumId, RecordId, ScaleId};

/// The type of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ty {
    /// `yes_no`.
    YesNo,
    /// A plain number or a quantity; the unit is the one in which values are shown.
    Quantity(UnitExpression),
    /// `date`.
    Date,
    /// `text`.
    Text,
    /// `country`.
    Country,
    /// A value of an enumeration.
    Enum(EnumId),
    /// An entry of a code list.
    Code(CodeListId),
    /// A place on an outcome scale.
    Outcome(ScaleId),
    /// A record.
    Record(RecordId),
    /// A list.
    List(Box<Ty>),
    /// A set.
    Set(Box<Ty>),
    /// What could not be typed and has been reported; fits everywhere.
    Error,
}

impl Ty {
    /// Plain numbers.
    pub fn number() -> Self {
        Self::Quantity(UnitExpression::none())
    }

    /// What a quantity measures.
    pub fn dimension(&self) -> Option<&Dimension> {
        match self {
            Self::Quantity(unit) => Some(&unit.dimension),
            _ => None,
        }
    }

    /// Whether values of one can stand where the other is wanted; units of one dimension agree.
    pub fn agrees_with(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Error, _) | (_, Self::Error) => true,
            (Self::Quantity(a), Self::Quantity(b)) => a.dimension == b.dimension,
            (Self::List(a), Self::List(b)) | (Self::Set(a), Self::Set(b)) => a.agrees_with(b),
            _ => self == other,
        }
    }
}
