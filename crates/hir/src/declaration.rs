use std::collections::BTreeMap;
use std::sync::Arc;

use exeat_diagnostics::Span;
use exeat_model::{Dimension, Effect, Interval, Number, Value};
use smol_str::SmolStr;

use crate::{
    DecisionId, EnumId, Expr, FactId, LocalId, ModuleId, OutcomePattern, ReadingId, RuleId, Ty,
};

/// A module: the header of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Module {
    /// Its full name, as `us.ear.ai_diffusion`.
    pub name: SmolStr,
    /// Its title.
    pub title: Option<String>,
    /// The instruments that it encodes.
    pub cites: Vec<String>,
    /// The documentation before it.
    pub doc: String,
    /// Whether it has force.
    pub status: ModuleStatus,
    /// The jurisdiction it belongs to: the first part of its name if a jurisdiction has that id.
    pub jurisdiction: Option<SmolStr>,
    /// The place of its name.
    pub span: Span,
}

/// Whether the rules of a module have force.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum ModuleStatus {
    /// They do, in their intervals.
    #[default]
    InForce,
    /// They are proposed only and never decide unless asked for.
    Proposal,
    /// They are repealed: they decide only for dates before their end.
    Repealed,
}

/// An enumeration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enumeration {
    /// Its full name, as `trade.action` or `us.license_exception_symbol`.
    pub name: SmolStr,
    /// What it is, in words.
    pub title: Option<String>,
    /// Its values in the order of declaration.
    pub values: Vec<EnumerationValue>,
    /// The place of its name; empty at offset 0 if a jurisdiction gave it.
    pub span: Span,
}

/// A value of an enumeration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnumerationValue {
    /// Its name.
    pub name: SmolStr,
    /// What it is, in words.
    pub title: Option<String>,
}

/// A record type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordType {
    /// Its full name.
    pub name: SmolStr,
    /// What it is, in words.
    pub title: Option<String>,
    /// Its fields.
    pub fields: Vec<Field>,
    /// The place of its name.
    pub span: Span,
}

/// A field of a record type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: SmolStr,
    /// Its type.
    pub ty: Ty,
    /// The question to ask for it.
    pub ask: Option<String>,
    /// Where the value is to be found.
    pub source: Option<String>,
    /// The documentation before it.
    pub doc: String,
    /// The place of its name.
    pub span: Span,
}

/// A unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Its name.
    pub name: SmolStr,
    /// What it measures.
    pub title: Option<String>,
    /// Its dimension.
    pub dimension: Dimension,
    /// How many base units one of it is.
    pub factor: Number,
    /// The place of its name.
    pub span: Span,
}

/// An ordered scale of outcomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scale {
    /// Its full name.
    pub name: SmolStr,
    /// What it is, in words.
    pub title: Option<String>,
    /// The outcomes from the least to the most strict; an outcome's rank is its place here.
    pub outcomes: Vec<ScaleOutcome>,
    /// The place of its name.
    pub span: Span,
}

/// A place on a scale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScaleOutcome {
    /// Its name.
    pub name: SmolStr,
    /// What it is, in words.
    pub title: Option<String>,
    /// What it means for the shipment.
    pub effect: Option<Effect>,
    /// The enumeration whose values label it.
    pub labels: Option<EnumId>,
}

/// A hierarchical code list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeList {
    /// Its full name, as `us.eccn`.
    pub name: SmolStr,
    /// What it is, in words.
    pub title: Option<String>,
    /// Its entries by code.
    pub entries: BTreeMap<SmolStr, CodeEntry>,
    /// The place of its name.
    pub span: Span,
}

/// An entry of a code list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeEntry {
    /// Its title.
    pub title: Option<String>,
    /// The entry that it is a part of.
    pub parent: Option<SmolStr>,
    /// Entries whose parameters it meets.
    pub meets: Vec<SmolStr>,
    /// When it stands in the list.
    pub interval: Interval,
}

/// A dated group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its full name, as `us.group("D:5")` or `us.ear.gate`.
    pub name: SmolStr,
    /// What it is, in words.
    pub title: Option<String>,
    /// Where it is laid down.
    pub cites: Vec<String>,
    /// The type of its members.
    pub element: Ty,
    /// Its members.
    pub items: Vec<GroupItem>,
    /// The place of its name.
    pub span: Span,
}

/// A line of a group: a member, or all members of another group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupItem {
    /// A member.
    Member {
        /// The member.
        value: Value,
        /// When it belongs to the group.
        interval: Interval,
        /// Where that is laid down.
        cites: Vec<String>,
        /// Its place.
        span: Span,
    },
    /// All members, on a given day, of another set.
    Set {
        /// The other set.
        set: Expr,
        /// When they belong to this group.
        interval: Interval,
        /// Its place.
        span: Span,
    },
}

impl GroupItem {
    /// When it belongs to the group.
    pub fn interval(&self) -> Interval {
        match self {
            Self::Member { interval, .. } | Self::Set { interval, .. } => *interval,
        }
    }
}

/// A fact: something that is given from outside or unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Its name.
    pub name: SmolStr,
    /// The module that declares it.
    pub module: ModuleId,
    /// Its type.
    pub ty: Ty,
    /// The question to ask for it.
    pub ask: Option<String>,
    /// Where the value is to be found.
    pub source: Option<String>,
    /// Findings about it that are meant so.
    pub accepted: Vec<Acceptance>,
    /// The documentation before it.
    pub doc: String,
    /// The place of its name.
    pub span: Span,
}

/// A parameter of a define or table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: SmolStr,
    /// Its type.
    pub ty: Ty,
    /// The local that holds it.
    pub local: LocalId,
    /// The place of its name.
    pub span: Span,
}

/// A named expression, which may differ by date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Define {
    /// Its name.
    pub name: SmolStr,
    /// The module that declares it.
    pub module: ModuleId,
    /// Its title.
    pub title: Option<String>,
    /// Where it is laid down.
    pub cites: Vec<String>,
    /// Its parameters.
    pub parameters: Vec<Parameter>,
    /// Its type.
    pub ty: Ty,
    /// Its pieces; on each day at most one is in force. On a day without one it has no value,
    /// which is an error outcome.
    pub pieces: Vec<DefinePiece>,
    /// The documentation before it.
    pub doc: String,
    /// The place of its name.
    pub span: Span,
}

/// What a define is in an interval.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefinePiece {
    /// When.
    pub interval: Interval,
    /// What.
    pub body: Expr,
    /// Where that is laid down.
    pub cites: Vec<String>,
}

/// A function of a jurisdiction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// The jurisdiction's id.
    pub jurisdiction: SmolStr,
    /// Its name.
    pub name: SmolStr,
    /// What it computes, in words.
    pub title: String,
    /// Where that is laid down.
    pub cite: Option<String>,
    /// The types of its parameters, with their names.
    pub parameters: Vec<(SmolStr, Ty)>,
    /// The type of its result.
    pub result: Ty,
}

/// A table: a value for each combination of keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: SmolStr,
    /// The module that declares it.
    pub module: ModuleId,
    /// Its title.
    pub title: Option<String>,
    /// Where it is laid down.
    pub cites: Vec<String>,
    /// Its keys.
    pub parameters: Vec<Parameter>,
    /// The type of its values.
    pub ty: Ty,
    /// Its rows, in no order; no two match the same keys on the same day.
    pub rows: Vec<TableRow>,
    /// The value where no row matches; without one that is an error outcome.
    pub otherwise: Option<Expr>,
    /// The place of its name.
    pub span: Span,
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableRow {
    /// One pattern a key.
    pub patterns: Vec<TablePattern>,
    /// The value.
    pub value: Expr,
    /// When the row is in force.
    pub interval: Interval,
    /// Where it is laid down.
    pub cites: Vec<String>,
    /// Its place.
    pub span: Span,
}

/// What a key has to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TablePattern {
    /// Anything.
    Any,
    /// That value.
    Value(Value),
    /// In that set.
    Set(Expr),
    /// That code or a part of it.
    Within(SmolStr, crate::CodeListId),
    /// In that band of numbers (base units) or dates; `true` where the end belongs to it.
    Band {
        /// The lower end.
        low: Option<(Value, bool)>,
        /// The upper end.
        high: Option<(Value, bool)>,
    },
}

/// A named choice between interpretations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Its name, as `enforcement`.
    pub name: SmolStr,
    /// The module that declares it.
    pub module: ModuleId,
    /// Its title.
    pub title: Option<String>,
    /// The choices.
    pub choices: Vec<ReadingChoice>,
    /// The choice that holds unless another is asked for, by its place in `choices`; without one an
    /// open reading leaves undetermined what depends on it.
    pub default: Option<usize>,
    /// Findings about it that are meant so.
    pub accepted: Vec<Acceptance>,
    /// The documentation before it.
    pub doc: String,
    /// The place of its name.
    pub span: Span,
}

/// One interpretation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadingChoice {
    /// Its name, as `as_written`.
    pub name: SmolStr,
    /// What it is, in words.
    pub title: Option<String>,
    /// Who reads it so.
    pub cites: Vec<String>,
    /// The place of its name.
    pub span: Span,
}

/// An executable example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// Its title.
    pub title: String,
    /// The module in which it stands.
    pub module: ModuleId,
    /// The date for which the rules are asked.
    pub as_of: exeat_model::Date,
    /// The readings chosen; for others their default holds.
    pub readings: BTreeMap<ReadingId, usize>,
    /// Modules of status proposal that are to decide.
    pub proposals: Vec<ModuleId>,
    /// The facts that are known. What a scenario has from a transaction is shared with the others
    /// that are like it.
    pub given: Vec<Arc<Given>>,
    /// What is expected.
    pub expectations: Vec<Expectation>,
    /// The place of its title.
    pub span: Span,
}

/// A known fact of a scenario. The expression reads no fact and no decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The fact.
    pub fact: FactId,
    /// Fields from the fact on, by their places: empty for the whole fact. Given parts of one fact
    /// complete each other, a deeper one replacing what a shallower one gave.
    pub path: Vec<usize>,
    /// Its value.
    pub value: Expr,
    /// Its place.
    pub span: Span,
}

/// What a scenario expects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    /// The decision; `None` for an expectation on a define or expression, held in `expression`.
    pub decision: Option<DecisionId>,
    /// The condition that has to be true, for expectations that are not on a decision's outcome.
    pub expression: Option<Expr>,
    /// The outcome expected of the decision.
    pub outcome: ExpectedOutcome,
    /// Rules that have to be among those that determined it.
    pub because: Vec<RuleId>,
    /// Its place.
    pub span: Span,
}

/// The outcome that is expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExpectedOutcome {
    /// That value; an outcome on a scale with exactly those labels.
    Value(Value),
    /// That place on the scale, with any labels.
    Place(OutcomePattern),
    /// The decision is not needed.
    NotNeeded,
    /// Undetermined, for that reason if one is named.
    Undetermined(Option<ExpectedReason>),
    /// The expectation is `expression` alone.
    Condition,
}

/// The reason for which a decision is expected to be undetermined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExpectedReason {
    /// Facts are missing; these have to be among them, as `consignee.headquarters`.
    MissingFacts(Vec<String>),
    /// Rules conflict.
    Conflict,
    /// It touches what is not modelled.
    NotModelled,
    /// An error, as an overflow.
    Error,
}

/// An invariant over all transactions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assertion {
    /// Its name.
    pub name: SmolStr,
    /// The module in which it stands.
    pub module: ModuleId,
    /// Its title.
    pub title: Option<String>,
    /// Where it is laid down.
    pub cites: Vec<String>,
    /// Whether the claim always or never holds, or that a decision is covered.
    pub kind: AssertionKind,
    /// The claim.
    pub claim: Expr,
    /// Where it is claimed.
    pub when: Option<Expr>,
    /// When it is claimed.
    pub interval: Interval,
    /// Findings about it that are meant so.
    pub accepted: Vec<Acceptance>,
    /// The place of its name.
    pub span: Span,
}

/// What a claim says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssertionKind {
    /// `always`.
    Always,
    /// `never`.
    Never,
    /// `covers`: some rule speaks for the decision. The claim is not used.
    Covers(DecisionId),
}

/// A finding of the analysis that is meant so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acceptance {
    /// The code of the finding, as `A004`.
    pub code: SmolStr,
    /// Why.
    pub because: String,
    /// Where that is laid down.
    pub cites: Vec<String>,
    /// The days on which it counts.
    pub interval: Interval,
    /// Its place.
    pub span: Span,
}

/// What may be taken for granted about the world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assumption {
    /// The module in which it stands.
    pub module: ModuleId,
    /// The condition.
    pub condition: Expr,
    /// Why.
    pub because: String,
    /// Its place.
    pub span: Span,
}
