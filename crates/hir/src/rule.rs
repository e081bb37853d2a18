use exeat_diagnostics::Span;
use exeat_model::{Date, Interval, Value};
use smol_str::SmolStr;

use crate::{Acceptance, DecisionId, Expr, ModuleId, ReadingId, RuleId, Ty};

/// A question that the rules answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Its name.
    pub name: SmolStr,
    /// The module that declares it.
    pub module: ModuleId,
    /// Its title.
    pub title: Option<String>,
    /// The type of its outcome; for `collect` the type of the elements.
    pub ty: Ty,
    /// How rules combine.
    pub combine: Combine,
    /// What holds if no rule applies. Always there but for `collect`, where it is the empty set.
    pub otherwise: Option<Value>,
    /// Where that is laid down.
    pub otherwise_cites: Vec<String>,
    /// The decision is needed only where this is true.
    pub needed_when: Option<Expr>,
    /// The documentation before it.
    pub doc: String,
    /// The place of its name.
    pub span: Span,
}

/// How the rules of a decision combine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Combine {
    /// The strictest on the scale; labels of equal places accumulate.
    Strictest,
    /// All that hold must agree; else it is a conflict.
    Unique,
    /// The set of all values.
    Collect,
}

/// A rule, or an exception to rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name.
    pub name: SmolStr,
    /// The module in which it stands.
    pub module: ModuleId,
    /// Rule or exception.
    pub kind: RuleKind,
    /// Its title.
    pub title: Option<String>,
    /// Where it is laid down.
    pub cites: Vec<String>,
    /// When it has force, and under which readings.
    pub force: Force,
    /// Its condition; none is always true.
    pub when: Option<Expr>,
    /// What it decides; an exception may decide nothing and only defeat.
    pub conclusions: Vec<Conclusion>,
    /// What has to be done where it determines the outcome.
    pub duties: Vec<Duty>,
    /// Findings about it that are meant so.
    pub accepted: Vec<Acceptance>,
    /// The rules to which it is an exception, as named after `to`; none for a `rule`. It applies only
    /// where one of them does: an exception that excepts nothing says nothing.
    pub exception_to: Vec<RuleId>,
    /// The rules that it defeats where it holds (`to`, `despite`, and the `subject to` of others).
    pub defeats: Vec<RuleId>,
    /// The rules that defeat it where they hold: the mirror image of `defeats`.
    pub defeated_by: Vec<RuleId>,
    /// The documentation before it.
    pub doc: String,
    /// The place of its name.
    pub span: Span,
    /// The place of the whole.
    pub whole: Span,
}

/// Whether a rule was written as one or as an exception.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleKind {
    /// `rule`.
    Rule,
    /// `exception … to …`.
    Exception,
}

/// When something has force, and under which readings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Force {
    /// From when and until when.
    pub interval: Interval,
    /// When it is suspended; it revives by itself.
    pub suspensions: Vec<Interval>,
    /// The readings under which it has force: one of each group of choices. None: under all.
    pub under: Vec<UnderReading>,
}

/// A reading, and the choices of it that are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnderReading {
    /// The reading.
    pub reading: ReadingId,
    /// Choices, by their place in the reading; any of them will do.
    pub choices: Vec<usize>,
}

impl Force {
    /// Whether it has force on a day, whatever the readings.
    pub fn on(&self, day: Date) -> bool {
        self.interval.contains(day)
            && !self.suspensions.iter().any(|suspension| suspension.contains(day))
    }
}

/// A value that a rule gives to a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conclusion {
    /// The decision.
    pub decision: DecisionId,
    /// The value; may read facts for `unique` and `collect`.
    pub value: Expr,
    /// Its place.
    pub span: Span,
}

/// When a duty falls due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deadline {
    /// At most that long after an event, if one is named.
    Within {
        /// A quantity of days or months: `30 days`.
        time: Expr,
        /// The event.
        of: Option<String>,
    },
    /// At least that long before an event.
    Before {
        /// A quantity of days or months.
        time: Expr,
        /// The event.
        event: String,
    },
    /// Each year on these days, by month and day, in their order.
    EachYear(Vec<(i8, i8)>),
}

impl Deadline {
    /// The time that it names.
    pub fn time(&self) -> Option<&Expr> {
        match self {
            Self::Within { time, .. } | Self::Before { time, .. } => Some(time),
            Self::EachYear(_) => None,
        }
    }
}

/// Something to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty {
    /// What.
    pub text: String,
    /// By when, or when; nothing where the law does not say.
    pub deadline: Option<Deadline>,
    /// Where it is laid down.
    pub cites: Vec<String>,
    /// Its place.
    pub span: Span,
}

/// Something that the rules know that they do not cover.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotModelled {
    /// Its name.
    pub name: SmolStr,
    /// The module in which it stands.
    pub module: ModuleId,
    /// Its title.
    pub title: Option<String>,
    /// Where it is laid down.
    pub cites: Vec<String>,
    /// When it has force, and under which readings.
    pub force: Force,
    /// When it is touched; none is always.
    pub when: Option<Expr>,
    /// The decisions that it leaves undetermined.
    pub affects: Vec<DecisionId>,
    /// Findings about it that are meant so.
    pub accepted: Vec<Acceptance>,
    /// The documentation before it.
    pub doc: String,
    /// The place of its name.
    pub span: Span,
}
