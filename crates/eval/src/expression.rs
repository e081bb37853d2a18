//! What an expression is worth: a known value, or why it is not known.
//!
//! A value is known only if all that it is made from is known; what is missing and what went wrong
//! in any part is gathered. An error (an overflow, a division by zero) is a reason for not knowing
//! and never a value.

use std::sync::Arc;

use exeat_hir::{
    ArithmeticOperator, DatePart, DecisionId, Determination, Expr, ExprKind, FactId, Hir, LocalId,
    Possible, Ty,
};
use exeat_model::{Date, Number, Record, Truth, Value};

use crate::machine::{Found, Machine, Origin, Outcome, Unknown};
use crate::{arithmetic, calls, condition, lists, sets};

/// The value of an expression.
pub(crate) fn value(machine: &mut Machine<'_>, expr: &Expr) -> Outcome {
    machine.enter()?;
    let found = value_of(machine, expr);
    machine.leave();
    found
}

fn value_of(machine: &mut Machine<'_>, expr: &Expr) -> Outcome {
    match &expr.kind {
        ExprKind::Literal(value) => Ok(Found::written(value.clone())),
        ExprKind::AsOf => Ok(Found::plain(Value::Date(machine.request.as_of))),
        ExprKind::Fact(fact) => fact_value(machine, *fact),
        ExprKind::Local(local) => local_value(machine, *local),
        ExprKind::Define(define, arguments) => calls::define(machine, *define, arguments),
        ExprKind::Decision(decision) => decision_value(machine, *decision),
        ExprKind::Field(base, field) => field_value(machine, base, *field),
        ExprKind::Record(_, fields) => Ok(record_value(machine, fields)),
        ExprKind::List(items) => lists::written(machine, items),
        ExprKind::Comprehension { local, list, filter, body } => {
            lists::comprehension(machine, *local, list, filter.as_deref(), body)
        }
        ExprKind::Aggregate(kind, list) => lists::aggregate(machine, *kind, list),
        ExprKind::Arithmetic(operator, left, right) => computed(machine, *operator, left, right),
        ExprKind::Negate(inner) => negated(machine, inner),
        ExprKind::ShiftDays { date, days, backwards } => {
            dated(machine, date, days, &|date, days| {
                arithmetic::later_by_days(date, days, *backwards)
            })
        }
        ExprKind::ShiftMonths { date, months, backwards, rounding } => {
            dated(machine, date, months, &|date, months| {
                arithmetic::later_by_months(date, months, *backwards, *rounding)
            })
        }
        ExprKind::DaysBetween(later, earlier) => days_between(machine, later, earlier),
        ExprKind::DatePart(part, date) => date_part(machine, *part, date),
        ExprKind::If(test, then, otherwise) => conditional(machine, test, then, otherwise),
        ExprKind::Table(table, keys) => calls::table(machine, *table, keys),
        ExprKind::Call(function, arguments) => calls::function(machine, *function, arguments),
        ExprKind::SetLiteral(members) => sets::written(machine, members),
        ExprKind::Group(group) => sets::members_of_group(machine, *group),
        ExprKind::SetOperation(operator, left, right) => {
            sets::joined(machine, *operator, left, right)
        }
        ExprKind::InUnit(inner, _) => value(machine, inner),
        ExprKind::NotModelled(item) => Err(Unknown::gap(*item)),
        ExprKind::Error => Err(Unknown::error("this expression was not understood")),
        ExprKind::Quantified { .. }
        | ExprKind::Not(_)
        | ExprKind::And(_)
        | ExprKind::Or(_)
        | ExprKind::Compare(..)
        | ExprKind::Band { .. }
        | ExprKind::In(..)
        | ExprKind::Meets(..)
        | ExprKind::Within(..)
        | ExprKind::OutcomeIs(..) => condition_value(machine, expr),
    }
}

/// Two values; what is unknown in either is unknown.
pub(crate) fn both(
    machine: &mut Machine<'_>,
    left: &Expr,
    right: &Expr,
) -> Result<(Found, Found), Unknown> {
    match (value(machine, left), value(machine, right)) {
        (Ok(left), Ok(right)) => Ok((left, right)),
        (Err(mut left), Err(right)) => {
            left.join(right);
            Err(left)
        }
        (Err(unknown), _) | (_, Err(unknown)) => Err(unknown),
    }
}

fn fact_value(machine: &Machine<'_>, fact: FactId) -> Outcome {
    let name = machine.hir.facts.get(fact).map_or_else(String::new, |fact| fact.name.to_string());
    match machine.request.facts.get(fact) {
        Some(value) => Ok(Found::placed(value.clone(), name)),
        None => Err(Unknown::missing(name)),
    }
}

fn local_value(machine: &Machine<'_>, local: LocalId) -> Outcome {
    let unbound = || Err(Unknown::error("a name is not bound"));
    machine.locals.get(&local).cloned().unwrap_or_else(unbound)
}

fn condition_value(machine: &mut Machine<'_>, expr: &Expr) -> Outcome {
    let judged = condition::judge(machine, expr);
    match judged.truth {
        Truth::True => Ok(Found::plain(Value::YesNo(true))),
        Truth::False => Ok(Found::plain(Value::YesNo(false))),
        Truth::Unknown => Err(condition::unknown_of(&judged)),
    }
}

fn computed(
    machine: &mut Machine<'_>,
    operator: ArithmeticOperator,
    left: &Expr,
    right: &Expr,
) -> Outcome {
    let (left, right) = both(machine, left, right)?;
    let (Value::Number(left), Value::Number(right)) = (left.value, right.value) else {
        return Err(Unknown::error("arithmetic on something that is no number"));
    };
    Ok(Found::plain(Value::Number(arithmetic::calculate(operator, left, right)?)))
}

fn negated(machine: &mut Machine<'_>, inner: &Expr) -> Outcome {
    let Value::Number(number) = value(machine, inner)?.value else {
        return Err(Unknown::error("a sign before something that is no number"));
    };
    let negated = number.checked_neg().map_err(arithmetic::number_error)?;
    Ok(Found::plain(Value::Number(negated)))
}

fn dated(
    machine: &mut Machine<'_>,
    date: &Expr,
    by: &Expr,
    shift: &dyn Fn(Date, Number) -> Result<Date, Unknown>,
) -> Outcome {
    let (date, by) = both(machine, date, by)?;
    let (Value::Date(date), Value::Number(by)) = (date.value, by.value) else {
        return Err(Unknown::error("date arithmetic on something that is no date"));
    };
    Ok(Found::plain(Value::Date(shift(date, by)?)))
}

fn days_between(machine: &mut Machine<'_>, later: &Expr, earlier: &Expr) -> Outcome {
    let (later, earlier) = both(machine, later, earlier)?;
    let (Value::Date(later), Value::Date(earlier)) = (later.value, earlier.value) else {
        return Err(Unknown::error("date arithmetic on something that is no date"));
    };
    Ok(Found::plain(Value::Number(arithmetic::days_between(later, earlier))))
}

fn date_part(machine: &mut Machine<'_>, part: DatePart, date: &Expr) -> Outcome {
    let Value::Date(date) = value(machine, date)?.value else {
        return Err(Unknown::error("a part of something that is no date"));
    };
    Ok(Found::plain(Value::Number(arithmetic::date_part(part, date))))
}

/// A record that an expression makes. Fields that are unknown stay so, with the reason.
fn record_value(machine: &mut Machine<'_>, fields: &[Option<Expr>]) -> Found {
    let mut known = Vec::with_capacity(fields.len());
    let mut parts = Vec::with_capacity(fields.len());
    for field in fields {
        let found = match field {
            Some(expr) => value(machine, expr),
            None => Err(Unknown::error("a field of a record is left unknown in the rules")),
        };
        match found {
            Ok(found) => {
                known.push(Some(found.value));
                parts.push(Ok(found.origin));
            }
            Err(why) => {
                known.push(None);
                parts.push(Err(why));
            }
        }
    }
    Found {
        value: Value::Record(Arc::new(Record { fields: known })),
        origin: Origin::of_parts(parts),
    }
}

fn field_value(machine: &mut Machine<'_>, base: &Expr, field: usize) -> Outcome {
    match value(machine, base) {
        Ok(found) => field_of(machine.hir, &found, &base.ty, field),
        // The whole record is missing: what is wanted of it is this field alone.
        Err(unknown) if is_place(machine, base) && unknown.errors.is_empty() => {
            let name = field_name(machine.hir, &base.ty, field);
            Err(Unknown {
                missing: unknown.missing.iter().map(|path| format!("{path}.{name}")).collect(),
                ..unknown
            })
        }
        Err(unknown) => Err(unknown),
    }
}

/// A field of a record, or why it is not known.
pub(crate) fn field_of(hir: &Hir, record: &Found, ty: &Ty, field: usize) -> Outcome {
    let Value::Record(fields) = &record.value else {
        return Err(Unknown::error("a field of something that is no record"));
    };
    let name = field_name(hir, ty, field);
    let path = record.origin.path.as_ref().map(|path| format!("{path}.{name}"));
    match (fields.fields.get(field), path, record.origin.parts.get(field)) {
        (Some(Some(value)), Some(path), _) => Ok(Found::placed(value.clone(), path)),
        (Some(Some(value)), None, Some(Ok(origin))) => {
            Ok(Found { value: value.clone(), origin: origin.clone() })
        }
        (Some(Some(value)), None, _) => Ok(Found::plain(value.clone())),
        (_, Some(path), _) => Err(Unknown::missing(path)),
        (_, None, Some(Err(why))) => Err(why.clone()),
        (_, None, _) => Err(Unknown::error(format!("`{name}` of a computed record is not known"))),
    }
}

fn field_name(hir: &Hir, ty: &Ty, field: usize) -> String {
    let Ty::Record(record) = ty else { return String::new() };
    let field = hir.records.get(*record).and_then(|record| record.fields.get(field));
    field.map_or_else(String::new, |field| field.name.to_string())
}

/// Whether an expression names one place in the facts, so that what is missing of it can be named.
pub(crate) fn is_place(machine: &Machine<'_>, expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Fact(_) => true,
        ExprKind::Field(base, _) => is_place(machine, base),
        ExprKind::Define(define, arguments) if arguments.is_empty() => machine
            .hir
            .defines
            .get(*define)
            .and_then(|define| calls::piece_in_force(machine, define).ok())
            .is_some_and(|piece| matches!(piece.body.kind, ExprKind::Fact(_))),
        _ => false,
    }
}

/// `if … then … else …`. Where the test is unknown, both branches may still come to the same.
fn conditional(machine: &mut Machine<'_>, test: &Expr, then: &Expr, otherwise: &Expr) -> Outcome {
    let judged = condition::judge(machine, test);
    match judged.truth {
        Truth::True => value(machine, then).map(Found::chosen),
        Truth::False => value(machine, otherwise).map(Found::chosen),
        Truth::Unknown => match (value(machine, then), value(machine, otherwise)) {
            (Ok(a), Ok(b)) if a.value == b.value && all_known(&a.value) => {
                Ok(Found::plain(a.value))
            }
            _ => Err(condition::unknown_of(&judged)),
        },
    }
}

/// Whether no field in a value is unknown. Two records that look the same may differ in one that is.
fn all_known(value: &Value) -> bool {
    match value {
        Value::Record(record) => {
            record.fields.iter().all(|field| field.as_ref().is_some_and(all_known))
        }
        Value::List(items) => items.iter().all(all_known),
        _ => true,
    }
}

/// The outcome of a decision, or what leaves it open.
fn decision_value(machine: &mut Machine<'_>, decision: DecisionId) -> Outcome {
    let name = machine
        .hir
        .decisions
        .get(decision)
        .map_or_else(String::new, |decision| decision.name.to_string());
    let not_needed = Unknown { not_needed: true, ..Unknown::default() };
    match (machine.supposed.get(&decision), machine.decided.get(&decision)) {
        (Some(Possible::Value(value)), _) | (None, Some(Determination::Value(value))) => {
            Ok(Found::placed(value.clone(), name))
        }
        (Some(Possible::NotNeeded), _) | (None, Some(Determination::NotNeeded)) => Err(not_needed),
        (Some(_), _) => Err(Unknown::error(format!("`{name}` is not determined"))),
        (None, Some(Determination::Undetermined(why))) => Err(Unknown {
            missing: why.missing.iter().map(|fact| fact.path.clone()).collect(),
            errors: why.errors.iter().cloned().collect(),
            conflict: why.conflict.iter().copied().collect(),
            not_modelled: why.not_modelled.iter().map(|gap| (gap.item, gap.touched)).collect(),
            not_needed: false,
        }),
        (None, None) => Err(Unknown::error(format!("`{name}` is not decided yet"))),
    }
}
