//! Resolved and typed rules as data, and the trace of a determination.
//!
//! No name is left to resolve: every reference is an id, every expression has its type and its
//! place. Deliberately absent: syntax, files, clocks, plugins (a function is an id whose signature
//! stands in [`Function`]). The order of items has no meaning; it is the order of the sources, so
//! that output is stable.

mod declaration;
mod expression;
mod facts;
mod ids;
mod program;
pub mod reach;
mod rule;
mod trace;
mod ty;

pub use declaration::{
    Acceptance, Assertion, AssertionKind, Assumption, CodeEntry, CodeList, Define, DefinePiece,
    Enumeration, EnumerationValue, Expectation, ExpectedOutcome, ExpectedReason, Fact, Field,
    Function, Given, Group, GroupItem, Module, ModuleStatus, Parameter, Reading, ReadingChoice,
    RecordType, Scale, ScaleOutcome, Scenario, Table, TablePattern, TableRow, Unit,
};
pub use expression::{
    Aggregate, ArithmeticOperator, Comparison, DatePart, Expr, ExprKind, ListItem, OutcomePattern,
    Quantifier, SetOperator,
};
pub use facts::{Facts, Functions, NoFunctions, blank_record};
pub use ids::{
    AssertionId, AssumptionId, CodeListId, DecisionId, DefineId, EnumId, FactId, FunctionId,
    GroupId, IdVec, LocalId, ModuleId, NotModelledId, ReadingId, RecordId, RuleId, ScaleId,
    ScenarioId, TableId, UnitId,
};
pub use program::{Hir, JurisdictionIdentity};
pub use rule::{
    Combine, Conclusion, Deadline, Decision, Duty, Force, NotModelled, Rule, RuleKind, UnderReading,
};
pub use trace::{
    ConditionKind, ConditionTrace, DecisionTrace, Determination, MissingFact, ModelGap, Operand,
    Possible, RuleStatus, RuleTrace, Undetermined,
};
pub use ty::Ty;
