//! A test of one path against constants.

use std::rc::Rc;

use exeat_diagnostics::Span;
use exeat_hir::{Comparison, Ty};
use exeat_model::Value;

use super::domain::Test;
use super::fold::Path;

/// A test of one path.
#[derive(Clone, Debug)]
pub(super) struct Atom {
    /// The path.
    pub(super) path: Path,
    /// The path as it is written; empty for an element of a list itself.
    pub(super) name: String,
    /// The type of what it reads.
    pub(super) ty: Ty,
    /// The test.
    pub(super) test: Test,
    /// Where it stands.
    pub(super) span: Span,
}

/// A condition that is not made of others.
#[derive(Clone, Debug)]
pub(super) enum Leaf {
    /// It is the same for all facts.
    Settled(bool),
    /// It tests one path.
    Atom(Rc<Atom>),
}

/// Alternatives, in each of which all tests have to be true.
pub(super) type Alternatives = Vec<Vec<Rc<Atom>>>;

/// A value for a path, in an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Example {
    pub(super) name: String,
    pub(super) value: Value,
    pub(super) ty: Ty,
}

impl Atom {
    /// The test that is true where this one is false.
    pub(super) fn negated(&self) -> Self {
        Self { test: self.test.clone().negated(), ..self.clone() }
    }
}

/// The test that a comparison with a constant on its right makes.
pub(super) fn comparing(comparison: Comparison, value: Value) -> Test {
    match comparison {
        Comparison::Is => Test::OneOf([value].into()),
        Comparison::IsNot => Test::NoneOf([value].into()),
        Comparison::Less => Test::Below(value, false),
        Comparison::LessOrEqual => Test::Below(value, true),
        Comparison::Greater => Test::Above(value, false),
        Comparison::GreaterOrEqual => Test::Above(value, true),
    }
}

/// The comparison with its sides exchanged.
pub(super) fn turned(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Is | Comparison::IsNot => comparison,
        Comparison::Less => Comparison::Greater,
        Comparison::LessOrEqual => Comparison::GreaterOrEqual,
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterOrEqual => Comparison::LessOrEqual,
    }
}
