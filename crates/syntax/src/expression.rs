use exeat_diagnostics::Span;

use crate::{Kind, Node, operand, precedence};

/// An expression as it is written, with operators bound as the manual says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expression {
    /// What it is.
    pub kind: ExpressionKind,
    /// Its place; parentheses included.
    pub span: Span,
}

/// The kinds of expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExpressionKind {
    /// `a or b or c`.
    Or(Vec<Expression>),
    /// `a and b and c`.
    And(Vec<Expression>),
    /// `not a`.
    Not(Box<Expression>),
    /// `-a`.
    Negate(Box<Expression>),
    /// A comparison; for `in`, `meets` and `within` see [`ComparisonSign`].
    Compare(ComparisonSign, Box<Expression>, Box<Expression>),
    /// `low <= value < high`.
    Band {
        /// The lower end.
        low: Box<Expression>,
        /// Whether the lower end belongs to the band.
        low_included: bool,
        /// What is compared.
        value: Box<Expression>,
        /// The upper end.
        high: Box<Expression>,
        /// Whether the upper end belongs to the band.
        high_included: bool,
    },
    /// `+ - * /`, with the rounding of month arithmetic and the place of the sign.
    Arithmetic {
        /// The sign.
        sign: ArithmeticSign,
        /// The left side.
        left: Box<Expression>,
        /// The right side.
        right: Box<Expression>,
        /// What to do where that day does not exist.
        rounding: Option<RoundingWord>,
    },
    /// `union`, `intersect`, `without`.
    SetOperation(SetWord, Box<Expression>, Box<Expression>),
    /// `if … then … else …`.
    If(Box<Expression>, Box<Expression>, Box<Expression>),
    /// `any NAME in LIST where BODY`.
    Quantified {
        /// The word.
        word: QuantifierWord,
        /// The name.
        name: String,
        /// Its place.
        name_span: Span,
        /// The list.
        list: Box<Expression>,
        /// What is made of, or asked of, each element.
        body: Box<Expression>,
    },
    /// `sum of LIST`.
    Aggregate(AggregateWord, Box<Expression>),
    /// `year of DATE`.
    DatePart(DateWord, Box<Expression>),
    /// A text, without quotes.
    Text(String),
    /// A date as written; it may name a day that does not exist.
    Date(String),
    /// A code as written.
    Code(String),
    /// A number as written, and its unit as written.
    Quantity {
        /// The number as written.
        number: String,
        /// Its unit as written, and its place.
        unit: Option<(String, Span)>,
    },
    /// `yes` or `no`.
    YesNo(bool),
    /// `[a, each of b]`.
    List(Vec<ListElement>),
    /// `{ … }`: a set, or a record if its items have `=`.
    Braces(Vec<BraceItem>),
    /// `(a)`, or `(a for each NAME in LIST where FILTER)`.
    Parentheses(Box<Expression>, Option<Comprehension>),
    /// A name with fields and arguments.
    Reference(Vec<Segment>),
    /// Could not be read; reported already.
    Error,
}

/// An item of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListElement {
    /// Whether `each of` stands before it.
    pub each: bool,
    /// The item.
    pub value: Expression,
}

/// An item in braces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BraceItem {
    /// The member of the set, or the field's name.
    pub key: Expression,
    /// The field's value.
    pub value: Option<Expression>,
}

/// `for each NAME in LIST where FILTER`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comprehension {
    /// The name.
    pub name: String,
    /// Its place.
    pub name_span: Span,
    /// The list.
    pub list: Box<Expression>,
    /// The filter.
    pub filter: Option<Box<Expression>>,
}

/// A part of a reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// A name, and its place.
    Name(String, Span),
    /// Arguments in parentheses, and the place of the whole.
    Arguments(Vec<Argument>, Span),
}

/// An argument.
pub type Argument = Expression;

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComparisonSign {
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
    /// `in`
    In,
    /// `not in`
    NotIn,
    /// `meets`
    Meets,
    /// `not meets`
    NotMeets,
    /// `within`
    Within,
    /// `not within`
    NotWithin,
}

/// The signs of arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArithmeticSign {
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Star,
    /// `/`
    Slash,
}

/// The words that join sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetWord {
    /// `union`
    Union,
    /// `intersect`
    Intersect,
    /// `without`
    Without,
}

/// The words of quantifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuantifierWord {
    /// `any`
    Any,
    /// `every`
    Every,
    /// `no`
    No,
}

/// The words of aggregates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AggregateWord {
    /// `sum`
    Sum,
    /// `count`
    Count,
    /// `largest`
    Largest,
    /// `smallest`
    Smallest,
}

/// The words for parts of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateWord {
    /// `year`
    Year,
    /// `quarter`
    Quarter,
    /// `month`
    Month,
    /// `day`
    Day,
}

/// The words after `rounding`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoundingWord {
    /// `down`
    Down,
    /// `up`
    Up,
}

impl Expression {
    /// The expression of a node of kind `expr`, or of one that is an operand.
    pub fn of(node: Node<'_>) -> Self {
        precedence::fold(node, &mut Vec::new())
    }

    /// The expression that is the first child of a node which can be one: its `expr`, or its operand.
    pub fn in_node(node: Node<'_>) -> Option<Self> {
        operand::operands(node)
            .into_iter()
            .next()
            .map(|element| operand::leaf_or_node(node, element, &mut Vec::new()))
    }

    /// It without the parentheses around it.
    pub fn without_parentheses(&self) -> &Self {
        match &self.kind {
            ExpressionKind::Parentheses(inner, None) => inner.without_parentheses(),
            _ => self,
        }
    }

    /// The names of a reference that has no arguments, as `consignee.country`.
    pub fn as_path(&self) -> Option<Vec<(&str, Span)>> {
        let ExpressionKind::Reference(segments) = &self.kind else { return None };
        segments
            .iter()
            .map(|segment| match segment {
                Segment::Name(name, span) => Some((name.as_str(), *span)),
                Segment::Arguments(..) => None,
            })
            .collect()
    }
}

impl Node<'_> {
    /// The first `expr` among its children, as an expression.
    pub fn expression(self) -> Option<Expression> {
        self.node(Kind::expr).map(Expression::of)
    }
}
