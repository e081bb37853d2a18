//! Expressions and conditions after lowering: names are resolved, defines put in, groups and dated
//! pieces chosen for the days of an epoch, records of facts taken apart into slots.
//!
//! Equal expressions have equal ids, so that two rules that ask the same ask it once.

use std::collections::BTreeSet;
use std::sync::Arc;

use exeat_hir::{
    Aggregate, ArithmeticOperator, CodeListId, Comparison, DatePart, DecisionId, FunctionId,
    Quantifier, SetOperator,
};
use exeat_model::{Code, Rounding, Truth, Value};
use indexmap::IndexSet;
use smol_str::SmolStr;

/// An expression, by its place in the arena.
pub type NodeId = u32;
/// A condition, by its place in the arena.
pub type ConditionId = u32;

/// An expression that has a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Node {
    /// A value known from the text.
    Constant(Value),
    /// Never known: an error in the rules that no fact can mend.
    Unknown,
    /// The day for which the rules are asked.
    AsOf,
    /// A fact, or a field of one, by its slot.
    Slot(u32),
    /// The element of a list that is being looked at.
    Local(u32),
    /// The outcome of a decision.
    Decision(DecisionId),
    /// A field of a record that is an element of a list.
    Field(NodeId, u32),
    /// A record; `None` where a field is left unknown.
    Record(Vec<Option<NodeId>>),
    /// A list, of elements and of whole lists.
    List(Vec<ListPart>),
    /// A list made from a list.
    Comprehension {
        /// The name of the element.
        local: u32,
        /// The list.
        list: NodeId,
        /// Which elements are taken.
        filter: Option<ConditionId>,
        /// What is made of each.
        body: NodeId,
    },
    /// What is made of a list.
    Aggregate(AggregateKind, NodeId),
    /// Exact arithmetic.
    Arithmetic(Operator, NodeId, NodeId),
    /// The same with the other sign.
    Negate(NodeId),
    /// A date some days later.
    ShiftDays {
        /// The date.
        date: NodeId,
        /// How many days.
        days: NodeId,
        /// Whether it goes back.
        backwards: bool,
    },
    /// A date some months later.
    ShiftMonths {
        /// The date.
        date: NodeId,
        /// How many months.
        months: NodeId,
        /// Whether it goes back.
        backwards: bool,
        /// What to do where that day does not exist.
        rounding: Option<Rounding>,
    },
    /// The days from the second date to the first.
    DaysBetween(NodeId, NodeId),
    /// A part of a date.
    DatePart(Part, NodeId),
    /// One or the other.
    If(ConditionId, NodeId, NodeId),
    /// A table, by its place among the tables, with its keys.
    Table(u32, Vec<NodeId>),
    /// A function of a jurisdiction.
    Call(FunctionId, Vec<NodeId>),
    /// A set written out.
    Set(Vec<NodeId>),
    /// Two sets joined.
    SetOperation(Join, NodeId, NodeId),
    /// The truth of a condition.
    Truth(ConditionId),
}

/// An element of a list, or all elements of another list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ListPart {
    /// One element.
    One(NodeId),
    /// All elements of a list.
    Each(NodeId),
}

macro_rules! ordered_copy {
    ($($(#[$doc:meta])* $name:ident of $original:ident { $($variant:ident),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $(
            #[doc = concat!("As `", stringify!($original), "::", stringify!($variant), "`.")]
            $variant
        ),+ }
        impl From<$original> for $name {
            fn from(original: $original) -> Self {
                match original { $($original::$variant => Self::$variant),+ }
            }
        }
        impl From<$name> for $original {
            fn from(own: $name) -> Self {
                match own { $($name::$variant => Self::$variant),+ }
            }
        }
    )+};
}

ordered_copy! {
    /// What is made of a list; with an order, so that equal nodes can be found.
    AggregateKind of Aggregate { Sum, Count, Largest, Smallest }
    /// An operator of arithmetic, with an order.
    Operator of ArithmeticOperator { Add, Subtract, Multiply, Divide }
    /// A part of a date, with an order.
    Part of DatePart { Year, Quarter, Month, Day }
    /// How sets are joined, with an order.
    Join of SetOperator { Union, Intersect, Without }
    /// How values are compared, with an order.
    Relation of Comparison { Is, IsNot, Less, LessOrEqual, Greater, GreaterOrEqual }
    /// Which elements have to satisfy a condition, with an order.
    Reach of Quantifier { Any, Every, No }
}

/// A condition.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Condition {
    /// Settled by the text; `Unknown` for an error that no fact can mend.
    Constant(Truth),
    /// All of them.
    All(Vec<ConditionId>),
    /// At least one.
    Any(Vec<ConditionId>),
    /// The contrary.
    Not(ConditionId),
    /// The second where the first is true, else the third.
    Choose(ConditionId, ConditionId, ConditionId),
    /// A quantifier over a list that is not written out.
    Quantified {
        /// Which elements have to satisfy the body.
        reach: Reach,
        /// The name of the element.
        local: u32,
        /// The list.
        list: NodeId,
        /// What is asked of each.
        body: ConditionId,
    },
    /// A test of values.
    Test(Test),
}

/// A test of values.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Test {
    /// A comparison of two values.
    Compare(Relation, NodeId, NodeId),
    /// A value in a band; `true` where the end belongs to it.
    Band {
        /// The lower end.
        low: (NodeId, bool),
        /// What is compared.
        value: NodeId,
        /// The upper end.
        high: (NodeId, bool),
    },
    /// Two codes of a list that are the same.
    SameCode(CodeListId, NodeId, NodeId),
    /// A value in a set; of codes in which list they stand.
    In(NodeId, Membership, Option<CodeListId>),
    /// A code within others, or meeting their parameters.
    Code(NodeId, CodeTest),
    /// An outcome at one of some places.
    Outcome(NodeId, Vec<Place>),
    /// A value that is yes.
    Yes(NodeId),
}

/// A question about a code of a list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CodeTest {
    /// The list.
    pub list: CodeListId,
    /// Whether only `within` counts, or `meets` too.
    pub within: bool,
    /// The entries asked for.
    pub targets: Vec<Code>,
}

/// A place on a scale, with labels that have to be there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The place.
    pub rank: u32,
    /// The labels.
    pub labels: Vec<SmolStr>,
}

/// What it takes to be in a set.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Membership {
    /// A set that is known from the text.
    Constant(Arc<BTreeSet<Value>>),
    /// One of these values.
    Members(Vec<NodeId>),
    /// In a set that is a value.
    Value(NodeId),
    /// Joined.
    Join(Join, Box<Self>, Box<Self>),
    /// In the first set where the condition is true, else in the second.
    Choose(ConditionId, Box<Self>, Box<Self>),
    /// An error that no fact can mend.
    Unknown,
}

/// A table for the days of an epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoweredTable {
    /// Its rows in force: patterns and value.
    pub rows: Vec<(Vec<Pattern>, NodeId)>,
    /// The value where no row matches.
    pub otherwise: Option<NodeId>,
}

/// What a key has to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// Anything.
    Any,
    /// That value; of a code in which list it stands.
    Value(Value, Option<CodeListId>),
    /// In that set; of codes in which list they stand.
    Set(Membership, Option<CodeListId>),
    /// That code or a part of it.
    Within(CodeTest),
    /// In that band.
    Band {
        /// The lower end.
        low: Option<(Value, bool)>,
        /// The upper end.
        high: Option<(Value, bool)>,
    },
}

/// All nodes and conditions of an epoch.
#[derive(Clone, Debug, Default)]
pub struct Arena {
    nodes: IndexSet<Node>,
    conditions: IndexSet<Condition>,
    pub(crate) tables: Vec<LoweredTable>,
    /// Whether each node has one value in a run: it reads neither elements nor decisions.
    steady: Vec<bool>,
}

impl Arena {
    /// The node with that id; `Unknown` for an id of another arena.
    pub fn node(&self, id: NodeId) -> &Node {
        usize::try_from(id).ok().and_then(|at| self.nodes.get_index(at)).unwrap_or(&Node::Unknown)
    }

    /// The condition with that id; unknown for an id of another arena.
    pub fn condition(&self, id: ConditionId) -> &Condition {
        const UNKNOWN: &Condition = &Condition::Constant(Truth::Unknown);
        usize::try_from(id).ok().and_then(|at| self.conditions.get_index(at)).unwrap_or(UNKNOWN)
    }

    /// All conditions.
    pub fn conditions(&self) -> impl Iterator<Item = &Condition> {
        self.conditions.iter()
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is no node.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Whether a node has one value in a run, so that it is worth remembering.
    pub(crate) fn is_steady(&self, id: NodeId) -> bool {
        usize::try_from(id).ok().and_then(|at| self.steady.get(at)).copied().unwrap_or(false)
    }

    /// Finds out for each node whether it has one value in a run. To be called when all are there.
    pub(crate) fn find_the_steady(&mut self) {
        self.steady = (0..self.nodes.len())
            .map(|node| {
                let reads = self.reads_of_node(NodeId::try_from(node).unwrap_or(NodeId::MAX));
                !reads.locals && reads.decisions.is_empty()
            })
            .collect();
    }

    pub(crate) fn add(&mut self, node: Node) -> NodeId {
        NodeId::try_from(self.nodes.insert_full(node).0).unwrap_or(NodeId::MAX)
    }

    pub(crate) fn add_condition(&mut self, condition: Condition) -> ConditionId {
        ConditionId::try_from(self.conditions.insert_full(condition).0).unwrap_or(ConditionId::MAX)
    }

    /// The table with that number.
    pub fn table(&self, at: u32) -> Option<&LoweredTable> {
        self.tables.get(usize::try_from(at).ok()?)
    }
}
