//! Which tests are atoms: a test of one value against constants. Every other test is a condition with a
//! truth of its own.

use std::collections::BTreeSet;

use exeat_hir::{CodeList, CodeListId, Hir};
use exeat_model::{Code, Date, Truth, Value};

use crate::cells::Question;
use crate::node::{Arena, Membership, Node, NodeId, Relation, Test};
use crate::run::code;

/// What a test asks of which value, and whether it asks that or the contrary. `None` if it is no question
/// about one value that reads neither decisions nor elements of lists.
pub(crate) fn asked(
    hir: &Hir,
    day: Date,
    arena: &Arena,
    test: &Test,
) -> Option<(NodeId, Question, bool)> {
    let reads = arena.reads_of_test(test);
    if !reads.decisions.is_empty() || reads.locals {
        return None;
    }
    match test {
        Test::Compare(relation, left, right) => match (arena.node(*left), arena.node(*right)) {
            (Node::Constant(_), Node::Constant(_)) => None,
            (_, Node::Constant(value)) => compared(*relation, *left, value),
            (Node::Constant(value), _) => compared(mirrored(*relation), *right, value),
            _ => None,
        },
        Test::Band { low, value, high } => match (arena.node(low.0), arena.node(high.0)) {
            (Node::Constant(a), Node::Constant(b)) if is_ordered(a) && is_ordered(b) => {
                let (low, high) = ((a.clone(), low.1), (b.clone(), high.1));
                Some((*value, Question::Band { low: Some(low), high: Some(high) }, true))
            }
            _ => None,
        },
        Test::SameCode(list, left, right) => {
            let (value, target) = match (arena.node(*left), arena.node(*right)) {
                (Node::Constant(_), Node::Constant(_)) => return None,
                (_, Node::Constant(Value::Code(target))) => (*left, target),
                (Node::Constant(Value::Code(target)), _) => (*right, target),
                _ => return None,
            };
            let truth =
                |list: &CodeList, one: &Code| code::same(list, (one, false), (target, true));
            Some((value, code_question(hir, *list, &truth)?, true))
        }
        Test::In(value, Membership::Constant(values), Some(list)) => {
            if matches!(arena.node(*value), Node::Constant(_)) {
                return None;
            }
            let targets: Vec<&Code> = values.iter().filter_map(as_code).collect();
            let truth = |list: &CodeList, one: &Code| {
                let same =
                    targets.iter().map(|target| code::same(list, (one, false), (*target, true)));
                same.fold(Truth::False, Truth::or)
            };
            Some((*value, code_question(hir, *list, &truth)?, true))
        }
        Test::In(value, Membership::Constant(values), None) => {
            let first = values.first()?;
            let asks = (is_ordered(first) || is_named(first))
                && !matches!(arena.node(*value), Node::Constant(_));
            asks.then(|| (*value, Question::OneOf(values.as_ref().clone()), true))
        }
        Test::Code(value, test) => {
            if matches!(arena.node(*value), Node::Constant(_)) {
                return None;
            }
            let truth = |list: &CodeList, one: &Code| {
                if test.within {
                    code::within(list, one, &test.targets)
                } else {
                    code::meets(list, one, &test.targets, day)
                }
            };
            Some((*value, code_question(hir, test.list, &truth)?, true))
        }
        Test::Yes(value) => match arena.node(*value) {
            Node::Constant(_) | Node::Truth(_) => None,
            _ => Some((*value, Question::Yes, true)),
        },
        Test::In(..) | Test::Outcome(..) => None,
    }
}

fn as_code(value: &Value) -> Option<&Code> {
    match value {
        Value::Code(code) => Some(code),
        _ => None,
    }
}

/// A question with its truth for each code that the list has, and for none.
fn code_question(
    hir: &Hir,
    list: CodeListId,
    truth: &dyn Fn(&CodeList, &Code) -> Truth,
) -> Option<Question> {
    let list = hir.code_lists.get(list)?;
    let entries = list.entries.keys().map(|entry| Code::Entry(entry.clone()));
    let truths = entries.chain([Code::None]).map(|one| {
        let truth = truth(list, &one);
        (Value::Code(one), truth)
    });
    Some(Question::Codes(truths.collect()))
}

fn compared(relation: Relation, node: NodeId, value: &Value) -> Option<(NodeId, Question, bool)> {
    let ordered = is_ordered(value);
    let band = |low: Option<bool>, high: Option<bool>| {
        let end = |included: bool| (value.clone(), included);
        Some((node, Question::Band { low: low.map(end), high: high.map(end) }, true))
    };
    let equal = |positive: bool| match value {
        Value::YesNo(yes) => Some((node, Question::Yes, *yes == positive)),
        _ if ordered => {
            let end = Some((value.clone(), true));
            Some((node, Question::Band { low: end.clone(), high: end }, positive))
        }
        _ if is_named(value) => {
            Some((node, Question::OneOf(BTreeSet::from([value.clone()])), positive))
        }
        _ => None,
    };
    match relation {
        Relation::Is => equal(true),
        Relation::IsNot => equal(false),
        _ if !ordered => None,
        Relation::Less => band(None, Some(false)),
        Relation::LessOrEqual => band(None, Some(true)),
        Relation::Greater => band(Some(false), None),
        Relation::GreaterOrEqual => band(Some(true), None),
    }
}

fn mirrored(relation: Relation) -> Relation {
    match relation {
        Relation::Is | Relation::IsNot => relation,
        Relation::Less => Relation::Greater,
        Relation::LessOrEqual => Relation::GreaterOrEqual,
        Relation::Greater => Relation::Less,
        Relation::GreaterOrEqual => Relation::LessOrEqual,
    }
}

fn is_ordered(value: &Value) -> bool {
    matches!(value, Value::Number(_) | Value::Date(_))
}

fn is_named(value: &Value) -> bool {
    matches!(value, Value::Text(_) | Value::Country(_) | Value::Symbol(_) | Value::Code(_))
}
