use std::sync::Arc;

use exeat_diagnostics::Span;
use exeat_model::{Effect, Truth, Value};

use crate::{DecisionId, Duty, NotModelledId, RuleId, Ty};

/// What one decision comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Determination {
    /// Determined.
    Value(Value),
    /// Not needed: the condition under which it is needed is false.
    NotNeeded,
    /// Not determined, and why.
    Undetermined(Undetermined),
}

/// Why a decision is undetermined, and what it could still be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undetermined {
    /// Facts that could settle it, the most decisive first.
    pub missing: Vec<MissingFact>,
    /// Rules that hold and disagree; two or more if there is a conflict. Those that leave open a
    /// decision which this one reads stand here too.
    pub conflict: Vec<RuleId>,
    /// What it touches that is not modelled, or may touch; by a decision that it reads too.
    pub not_modelled: Vec<ModelGap>,
    /// Errors, in plain words: an overflow, a define without a value on that day, a failed function.
    pub errors: Vec<String>,
    /// All outcomes that are still possible, from the least to the most strict.
    pub possible: Vec<Possible>,
}

/// An outcome that is still possible.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Possible {
    /// Not needed.
    NotNeeded,
    /// That value.
    Value(Value),
    /// Rules would conflict.
    Conflict,
    /// It would touch what is not modelled.
    NotModelled,
    /// It would end in an error.
    Error,
}

/// A fact, or field of one, whose value could settle an open question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingFact {
    /// Its path, as `consignee.headquarters`; elements of lists by number from 1, as `other_parties[2].country`.
    /// A reading without a choice stands here by its full name.
    pub path: String,
    /// The question to ask for it.
    pub ask: Option<String>,
    /// Its type.
    pub ty: Ty,
    /// How many open rules need it.
    pub weight: usize,
}

/// What is touched that is not modelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ModelGap {
    /// The item.
    pub item: NotModelledId,
    /// `True` if it is touched, `Unknown` if it may be.
    pub touched: Truth,
}

/// A decision and how it came about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionTrace {
    /// The decision.
    pub decision: DecisionId,
    /// What it comes to.
    pub determination: Determination,
    /// What it means for the shipment, if its scale says so and it is determined.
    pub effect: Option<Effect>,
    /// The rules that determined it: those whose conclusion is the outcome. Empty where `otherwise` speaks.
    pub because: Vec<RuleId>,
    /// Whether `otherwise` speaks.
    pub otherwise: bool,
    /// All rules with a conclusion for it, and the exceptions to them, in the order of their names.
    pub rules: Vec<RuleTrace>,
    /// The condition under which it is needed.
    pub needed: Option<ConditionTrace>,
    /// The conditions of the `not modelled` items that affect it and have force.
    pub gaps: Vec<(NotModelledId, ConditionTrace)>,
    /// Duties of the rules that determined it.
    pub duties: Vec<Duty>,
}

/// A rule and how it fared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleTrace {
    /// The rule.
    pub rule: RuleId,
    /// How it fared.
    pub status: RuleStatus,
    /// Its condition, evaluated in full; none if the rule has no force or no condition.
    pub condition: Option<Arc<ConditionTrace>>,
    /// The value of its conclusion for this decision, if it was computed.
    pub value: Option<Value>,
}

/// How a rule fared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuleStatus {
    /// It holds.
    Holds,
    /// It would hold, but these exceptions hold.
    DefeatedBy(Vec<RuleId>),
    /// Its condition is false.
    ConditionFalse,
    /// It is an exception, and none of the rules that it is an exception to applies.
    NothingToExcept,
    /// It has no force on that day.
    NotInForce,
    /// It has no force under the readings chosen.
    OtherReading,
    /// Its module is a proposal that was not asked for.
    Proposal,
    /// What is known does not settle it.
    Open,
}

/// A condition and its truth, with what it was made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConditionTrace {
    /// Its place.
    pub span: Span,
    /// Its truth.
    pub truth: Truth,
    /// What it was made from.
    pub kind: ConditionKind,
    /// Paths of the facts that leave it unknown.
    pub missing: Vec<String>,
    /// Errors that leave it unknown.
    pub errors: Vec<String>,
    /// Rules that disagree about a decision that it reads, and so leave it unknown.
    pub conflict: Vec<RuleId>,
    /// What is not modelled and leaves it unknown.
    pub not_modelled: Vec<ModelGap>,
}

/// What a condition was made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConditionKind {
    /// `and`.
    All(Vec<ConditionTrace>),
    /// `or`.
    AnyOf(Vec<ConditionTrace>),
    /// `not`.
    Not(Arc<ConditionTrace>),
    /// A define whose value is a condition, by its name. Many conditions share one.
    Named(String, Arc<ConditionTrace>),
    /// A quantifier: its elements, each with what it is called and its condition.
    Elements(Vec<(String, ConditionTrace)>),
    /// A test of values.
    Test(Vec<Operand>),
}

/// A side of a test and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operand {
    /// Its place.
    pub span: Span,
    /// Its value, if known.
    pub value: Option<Value>,
    /// Its type, for showing the value.
    pub ty: Ty,
}
