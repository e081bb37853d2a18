use exeat_diagnostics::Span;
use exeat_model::{Code, Number, NumberError, Rounding, UnitExpression, Value};
use smol_str::SmolStr;

use crate::{
    CodeListId, DecisionId, DefineId, FactId, FunctionId, GroupId, LocalId, NotModelledId,
    RecordId, TableId, Ty,
};

/// A typed expression and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Its type.
    pub ty: Ty,
    /// Its place in the sources.
    pub span: Span,
}

impl Expr {
    /// The expressions directly inside it; what defines and tables hold is not entered.
    pub fn parts(&self) -> Vec<&Self> {
        let mut parts = Vec::new();
        self.each_part(&mut |part| parts.push(part));
        parts
    }

    fn each_part<'e>(&'e self, take: &mut dyn FnMut(&'e Self)) {
        match &self.kind {
            ExprKind::Define(_, parts)
            | ExprKind::And(parts)
            | ExprKind::Or(parts)
            | ExprKind::Table(_, parts)
            | ExprKind::Call(_, parts)
            | ExprKind::SetLiteral(parts) => parts.iter().for_each(take),
            ExprKind::Field(inner, _)
            | ExprKind::Not(inner)
            | ExprKind::Negate(inner)
            | ExprKind::Aggregate(_, inner)
            | ExprKind::Meets(inner, ..)
            | ExprKind::Within(inner, ..)
            | ExprKind::OutcomeIs(inner, _)
            | ExprKind::DatePart(_, inner)
            | ExprKind::InUnit(inner, _) => take(inner),
            ExprKind::Compare(_, a, b)
            | ExprKind::Arithmetic(_, a, b)
            | ExprKind::In(a, b)
            | ExprKind::SetOperation(_, a, b)
            | ExprKind::DaysBetween(a, b)
            | ExprKind::ShiftDays { date: a, days: b, .. }
            | ExprKind::ShiftMonths { date: a, months: b, .. }
            | ExprKind::Quantified { list: a, body: b, .. } => {
                take(a);
                take(b);
            }
            ExprKind::Band { low: a, value: b, high: c, .. } | ExprKind::If(a, b, c) => {
                take(a);
                take(b);
                take(c);
            }
            ExprKind::Comprehension { list, filter, body, .. } => {
                take(list);
                if let Some(filter) = filter {
                    take(filter);
                }
                take(body);
            }
            ExprKind::Record(_, fields) => fields.iter().flatten().for_each(take),
            ExprKind::List(items) => {
                for ListItem::One(expr) | ListItem::Each(expr) in items {
                    take(expr);
                }
            }
            ExprKind::Literal(_)
            | ExprKind::Fact(_)
            | ExprKind::AsOf
            | ExprKind::Local(_)
            | ExprKind::Decision(_)
            | ExprKind::Group(_)
            | ExprKind::NotModelled(_)
            | ExprKind::Error => {}
        }
    }

    /// Visits it and all its parts, outer before inner; what defines and tables hold is not entered.
    pub fn visit(&self, visit: &mut dyn FnMut(&Self)) {
        visit(self);
        self.each_part(&mut |part| part.visit(visit));
    }
}

/// The kinds of expression. Boolean ones are evaluated in three-valued logic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExprKind {
    /// A value known from the text.
    Literal(Value),
    /// A fact.
    Fact(FactId),
    /// The as-of date.
    AsOf,
    /// A parameter or a name bound by a quantifier or comprehension.
    Local(LocalId),
    /// A define with its arguments (none for a plain one), in the order of its parameters.
    Define(DefineId, Vec<Expr>),
    /// A decision's outcome.
    Decision(DecisionId),
    /// A field of a record, by its place in the declaration.
    Field(Box<Expr>, usize),
    /// A record; one entry a declared field, `None` where it is left unknown.
    Record(RecordId, Vec<Option<Expr>>),
    /// A list.
    List(Vec<ListItem>),
    /// `(body for each local in list where filter)`: a list.
    Comprehension {
        /// The name that holds each element.
        local: LocalId,
        /// The list.
        list: Box<Expr>,
        /// Which elements are taken.
        filter: Option<Box<Expr>>,
        /// What is made of, or asked of, each element.
        body: Box<Expr>,
    },
    /// `any / every / no NAME in LIST where BODY`.
    Quantified {
        /// Which elements have to satisfy the body.
        quantifier: Quantifier,
        /// The name that holds each element.
        local: LocalId,
        /// The list.
        list: Box<Expr>,
        /// What is made of, or asked of, each element.
        body: Box<Expr>,
    },
    /// `sum / count / largest / smallest of LIST`. The largest or smallest of an empty list is an error outcome.
    Aggregate(Aggregate, Box<Expr>),
    /// `not`.
    Not(Box<Expr>),
    /// `and` of two or more.
    And(Vec<Expr>),
    /// `or` of two or more.
    Or(Vec<Expr>),
    /// A comparison of two numbers or quantities of one dimension, two dates, or any two values for `is`.
    Compare(Comparison, Box<Expr>, Box<Expr>),
    /// `low <= value < high`: the only chained comparison.
    Band {
        /// The lower end.
        low: Box<Expr>,
        /// Whether the lower end belongs to the band.
        low_included: bool,
        /// What is compared.
        value: Box<Expr>,
        /// The upper end.
        high: Box<Expr>,
        /// Whether the upper end belongs to the band.
        high_included: bool,
    },
    /// `value in set`, the right side being of a set type.
    In(Box<Expr>, Box<Expr>),
    /// `code meets { … }`: within one of them, or listed as meeting one of them.
    Meets(Box<Expr>, CodeListId, Vec<Code>),
    /// `code within { … }`: one of them or a part of one of them.
    Within(Box<Expr>, CodeListId, Vec<Code>),
    /// `outcome is NAME (LABELS)` or `in { … }`: the place on the scale, and all the labels named.
    OutcomeIs(Box<Expr>, Vec<OutcomePattern>),
    /// Exact arithmetic on base units.
    Arithmetic(ArithmeticOperator, Box<Expr>, Box<Expr>),
    /// The same with the other sign.
    Negate(Box<Expr>),
    /// A date later (or earlier, if `backwards`) by a quantity in days.
    ShiftDays {
        /// The date.
        date: Box<Expr>,
        /// A quantity in days.
        days: Box<Expr>,
        /// Whether it goes back in time.
        backwards: bool,
    },
    /// A date later (or earlier) by a whole quantity in months; with rounding where one was chosen.
    ShiftMonths {
        /// The date.
        date: Box<Expr>,
        /// A whole quantity in months.
        months: Box<Expr>,
        /// Whether it goes back in time.
        backwards: bool,
        /// What to do where that day does not exist.
        rounding: Option<Rounding>,
    },
    /// The days from the second date to the first.
    DaysBetween(Box<Expr>, Box<Expr>),
    /// `year of`, `quarter of`, `month of`, `day of` a date: a plain number.
    DatePart(DatePart, Box<Expr>),
    /// `if … then … else …`.
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// A table looked up with its keys.
    Table(TableId, Vec<Expr>),
    /// A function of a jurisdiction.
    Call(FunctionId, Vec<Expr>),
    /// A set written out.
    SetLiteral(Vec<Expr>),
    /// A group: a set that depends on the as-of date.
    Group(GroupId),
    /// Two sets joined.
    SetOperation(SetOperator, Box<Expr>, Box<Expr>),
    /// The same value, shown in another unit of its dimension (`x in TPP`); no change of value.
    InUnit(Box<Expr>, UnitExpression),
    /// What a table is beyond its rows, where that is not modelled.
    NotModelled(NotModelledId),
    /// Could not be understood and has been reported; never evaluated.
    Error,
}

/// An item of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListItem {
    /// One element.
    One(Expr),
    /// `each of LIST`: all elements of a list.
    Each(Expr),
}

/// Which elements have to satisfy the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantifier {
    /// At least one.
    Any,
    /// All.
    Every,
    /// None.
    No,
}

/// What is made of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aggregate {
    /// The exact sum; nought for an empty list.
    Sum,
    /// How many elements.
    Count,
    /// The largest.
    Largest,
    /// The smallest.
    Smallest,
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `is`
    Is,
    /// `is not`
    IsNot,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Comparison {
    /// Whether it holds between two known values of one type.
    pub fn holds(self, left: &Value, right: &Value) -> bool {
        match self {
            Self::Is => left == right,
            Self::IsNot => left != right,
            Self::Less => left < right,
            Self::LessOrEqual => left <= right,
            Self::Greater => left > right,
            Self::GreaterOrEqual => left >= right,
        }
    }
}

/// The operators of arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArithmeticOperator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
}

impl ArithmeticOperator {
    /// The exact result.
    ///
    /// # Errors
    /// If it has too many digits, or divides by zero.
    pub fn apply(self, left: Number, right: Number) -> Result<Number, NumberError> {
        match self {
            Self::Add => left.checked_add(right),
            Self::Subtract => left.checked_sub(right),
            Self::Multiply => left.checked_mul(right),
            Self::Divide => left.checked_div(right),
        }
    }
}

/// Parts of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatePart {
    /// The year.
    Year,
    /// The quarter, 1 to 4.
    Quarter,
    /// The month, 1 to 12.
    Month,
    /// The day of the month.
    Day,
}

/// How two sets are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetOperator {
    /// `union`: in one or the other.
    Union,
    /// `intersect`: in both.
    Intersect,
    /// `without`: in the first and not in the second.
    Without,
}

/// A place on a scale that is asked for: `license_exception (LPP)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutcomePattern {
    /// Its place on the scale.
    pub rank: u32,
    /// Its name.
    pub name: SmolStr,
    /// Labels that have to be among the outcome's; none asks for the place alone.
    pub labels: Vec<SmolStr>,
}
