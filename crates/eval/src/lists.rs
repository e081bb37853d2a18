//! Lists: written out, made from other lists, and summed up.
//!
//! A list fact is known or unknown as a whole; the fields of its elements may be unknown. Of a list that
//! is written out some elements may be known and others not: a quantifier asks those that are. Each element
//! remembers where it came from, so that what is missing in it can be named: in
//! `[consignee, each of other_parties]` the headquarters of the first element is
//! `consignee.headquarters`.

use std::sync::Arc;

use exeat_hir::{Aggregate, ArithmeticOperator, Expr, ExprKind, ListItem, LocalId, Ty};
use exeat_model::{Number, Truth, Value};

use crate::calls::within_define;
use crate::equality::element_origin;
use crate::expression::{is_place, value};
use crate::machine::{Found, Machine, Origin, Outcome, Unknown, note, unknown_record};
use crate::{arithmetic, condition};

/// A list written out.
pub(crate) fn written(machine: &mut Machine<'_>, items: &[ListItem]) -> Outcome {
    let mut list = ListBuilder::default();
    for item in items {
        match item {
            ListItem::One(expr) => {
                let found = element(machine, expr);
                list.take(found);
            }
            ListItem::Each(expr) => match elements(machine, expr) {
                Ok(inner) => inner.into_iter().for_each(|element| list.take(Ok(element))),
                Err(why) => list.take(Err(why)),
            },
        }
    }
    list.finish()
}

/// The elements of a list, each with where it came from.
pub(crate) fn elements(machine: &mut Machine<'_>, list: &Expr) -> Result<Vec<Found>, Unknown> {
    let found = value(machine, list)?;
    let items: Vec<Value> = match &found.value {
        Value::List(items) => items.iter().cloned().collect(),
        Value::Set(items) => items.iter().cloned().collect(),
        _ => return Err(Unknown::error("this is not a list")),
    };
    Ok(items
        .into_iter()
        .enumerate()
        .map(|(at, value)| Found { value, origin: element_origin(&found, at).chosen() })
        .collect())
}

/// What is known of a list: its elements, known or not, and why there may be more of them.
#[derive(Default)]
pub(crate) struct Parts {
    pub(crate) elements: Vec<Outcome>,
    pub(crate) others: Option<Unknown>,
}

impl Parts {
    fn take(&mut self, other: Self) {
        self.elements.extend(other.elements);
        if let Some(why) = other.others {
            note(&mut self.others, why);
        }
    }
}

/// As much of a list as is known, for a quantifier: one element may settle it whatever the others are.
pub(crate) fn parts(machine: &mut Machine<'_>, list: &Expr) -> Parts {
    let mut found = Parts::default();
    match &list.kind {
        ExprKind::List(items) => {
            for item in items {
                match item {
                    ListItem::One(expr) => found.elements.push(element(machine, expr)),
                    ListItem::Each(expr) => found.take(parts(machine, expr)),
                }
            }
        }
        ExprKind::Define(define, arguments) => {
            let inner = within_define(machine, *define, arguments, |machine, piece| {
                machine.enter()?;
                let inner = parts(machine, &piece.body);
                machine.leave();
                Ok(inner)
            });
            match inner {
                Ok(inner) => found.take(inner),
                Err(why) => note(&mut found.others, why),
            }
        }
        _ => match elements(machine, list) {
            Ok(inner) => found.elements.extend(inner.into_iter().map(Ok)),
            Err(why) => note(&mut found.others, why),
        },
    }
    found
}

/// An element that is written out. If nothing is known of a record, its fields are asked for singly.
fn element(machine: &mut Machine<'_>, expr: &Expr) -> Outcome {
    match (value(machine, expr), &expr.ty) {
        (Err(why), Ty::Record(record)) if is_place(machine, expr) && why.errors.is_empty() => {
            Ok(unknown_record(machine.hir, *record, why))
        }
        (found, _) => found,
    }
}

/// `(body for each local in list where filter)`.
pub(crate) fn comprehension(
    machine: &mut Machine<'_>,
    local: LocalId,
    list: &Expr,
    filter: Option<&Expr>,
    body: &Expr,
) -> Outcome {
    let mut made = ListBuilder::default();
    for element in elements(machine, list)? {
        let before = machine.locals.insert(local, Ok(element));
        let taken = filter.map(|filter| condition::judge(machine, filter));
        match taken.as_ref().map_or(Truth::True, |judged| judged.truth) {
            Truth::True => {
                let found = value(machine, body);
                made.take(found);
            }
            Truth::False => {}
            Truth::Unknown => {
                made.take(Err(taken.as_ref().map(condition::unknown_of).unwrap_or_default()));
            }
        }
        restore(machine, local, before);
    }
    made.finish()
}

/// Binds a name as it was bound before.
pub(crate) fn restore(machine: &mut Machine<'_>, local: LocalId, before: Option<Outcome>) {
    match before {
        Some(before) => machine.locals.insert(local, before),
        None => machine.locals.remove(&local),
    };
}

/// `sum`, `count`, `largest` or `smallest` of a list.
pub(crate) fn aggregate(machine: &mut Machine<'_>, kind: Aggregate, list: &Expr) -> Outcome {
    let items = elements(machine, list)?;
    let number = |number| Found::plain(Value::Number(number));
    match kind {
        Aggregate::Count => i128::try_from(items.len())
            .map(|count| number(Number::from_integer(count)))
            .map_err(|_| Unknown::error("there are too many elements to count")),
        Aggregate::Sum => items
            .iter()
            .try_fold(Number::ZERO, |sum, item| match &item.value {
                Value::Number(number) => {
                    arithmetic::calculate(ArithmeticOperator::Add, sum, *number)
                }
                _ => Err(Unknown::error("a sum of things that are no numbers")),
            })
            .map(number),
        Aggregate::Largest | Aggregate::Smallest => {
            let values = items.into_iter().map(|item| item.value);
            let (found, word) = if kind == Aggregate::Largest {
                (values.max(), "largest")
            } else {
                (values.min(), "smallest")
            };
            found
                .map(Found::plain)
                .ok_or_else(|| Unknown::error(format!("the {word} of an empty list")))
        }
    }
}

/// A list in the making: its elements, and why some are not known.
#[derive(Default)]
struct ListBuilder {
    values: Vec<Value>,
    parts: Vec<Result<Origin, Unknown>>,
    unknown: Option<Unknown>,
}

impl ListBuilder {
    fn take(&mut self, element: Outcome) {
        match element {
            Ok(found) => {
                self.values.push(found.value);
                self.parts.push(Ok(found.origin));
            }
            Err(why) => note(&mut self.unknown, why),
        }
    }

    /// The list, unless an element is unknown.
    fn finish(self) -> Outcome {
        match self.unknown {
            Some(why) => Err(why),
            None => Ok(Found {
                value: Value::List(Arc::new(self.values)),
                origin: Origin::of_parts(self.parts),
            }),
        }
    }
}
