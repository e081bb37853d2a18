//! What an expression is worth: a known value, or why it is not known.

use std::collections::BTreeSet;
use std::sync::Arc;

use exeat_hir::{
    Aggregate, ArithmeticOperator, DecisionId, DefineId, Determination, Expr, ExprKind, ListItem,
    LocalId, Possible, TablePattern, Ty,
};
use exeat_model::{Number, Record, Truth, Value};

use crate::machine::{DEEPEST_CALL, Found, Machine, Outcome, Unknown};
use crate::{arithmetic, codes, condition, facts, sets};

/// The value of an expression.
pub(crate) fn value(machine: &mut Machine<'_>, expr: &Expr) -> Outcome {
    match &expr.kind {
        ExprKind::Literal(value) => Ok(Found::plain(value.clone())),
        ExprKind::AsOf => Ok(Found::plain(Value::Date(machine.request.as_of))),
        ExprKind::Fact(fact) => {
            let name =
                machine.hir.facts.get(*fact).map_or_else(String::new, |fact| fact.name.to_string());
            match machine.request.facts.get(*fact) {
                Some(value) => Ok(placed(value.clone(), name)),
                None => Err(Unknown::missing(name)),
            }
        }
        ExprKind::Local(local) => {
            machine.locals.get(local).cloned().ok_or_else(|| Unknown::error("a name is not bound"))
        }
        ExprKind::Define(define, arguments) => call_define(machine, *define, arguments),
        ExprKind::Decision(decision) => decision_value(machine, *decision),
        ExprKind::Field(base, field) => field_value(machine, base, *field),
        ExprKind::Record(_, fields) => {
            let mut known = Vec::with_capacity(fields.len());
            for field in fields {
                known.push(match field {
                    Some(expr) => value(machine, expr).ok().map(|found| found.value),
                    None => None,
                });
            }
            Ok(Found::plain(Value::Record(Arc::new(Record { fields: known }))))
        }
        ExprKind::List(items) => list_value(machine, items),
        ExprKind::Comprehension { local, list, filter, body } => {
            comprehension(machine, *local, list, filter.as_deref(), body)
        }
        ExprKind::Aggregate(kind, list) => aggregate(machine, *kind, list),
        ExprKind::Arithmetic(operator, left, right) => {
            let (left, right) = both(machine, left, right)?;
            match (&left.value, &right.value) {
                (Value::Number(a), Value::Number(b)) => {
                    number(arithmetic::calculate(*operator, *a, *b))
                }
                _ => Err(Unknown::error("arithmetic on something that is no number")),
            }
        }
        ExprKind::Negate(inner) => match value(machine, inner)?.value {
            Value::Number(a) => number(a.checked_neg().map_err(arithmetic::number_error)),
            _ => Err(Unknown::error("a sign before something that is no number")),
        },
        ExprKind::ShiftDays { date, days, backwards } => match both(machine, date, days)? {
            (Found { value: Value::Date(date), .. }, Found { value: Value::Number(days), .. }) => {
                arithmetic::later_by_days(date, days, *backwards)
                    .map(|date| Found::plain(Value::Date(date)))
            }
            _ => Err(Unknown::error("date arithmetic on something that is no date")),
        },
        ExprKind::ShiftMonths { date, months, backwards, rounding } => {
            match both(machine, date, months)? {
                (
                    Found { value: Value::Date(date), .. },
                    Found { value: Value::Number(months), .. },
                ) => arithmetic::later_by_months(date, months, *backwards, *rounding)
                    .map(|date| Found::plain(Value::Date(date))),
                _ => Err(Unknown::error("date arithmetic on something that is no date")),
            }
        }
        ExprKind::DaysBetween(later, earlier) => match both(machine, later, earlier)? {
            (
                Found { value: Value::Date(later), .. },
                Found { value: Value::Date(earlier), .. },
            ) => number(Ok(arithmetic::days_between(later, earlier))),
            _ => Err(Unknown::error("date arithmetic on something that is no date")),
        },
        ExprKind::DatePart(part, date) => match value(machine, date)?.value {
            Value::Date(date) => number(Ok(arithmetic::date_part(*part, date))),
            _ => Err(Unknown::error("a part of something that is no date")),
        },
        ExprKind::If(test, then, otherwise) => conditional(machine, test, then, otherwise),
        ExprKind::Table(table, keys) => table_value(machine, *table, keys),
        ExprKind::Call(function, arguments) => {
            let mut values = Vec::with_capacity(arguments.len());
            let mut unknown = Unknown::default();
            for argument in arguments {
                match value(machine, argument) {
                    Ok(found) => values.push(found.value),
                    Err(why) => unknown.join(why),
                }
            }
            if values.len() < arguments.len() {
                return Err(unknown);
            }
            let result = machine.functions.call(machine.hir, *function, &values);
            result.map(Found::plain).map_err(|failure| Unknown::error(failure.message))
        }
        ExprKind::SetLiteral(members) => {
            let mut set = BTreeSet::new();
            for member in members {
                set.insert(value(machine, member)?.value);
            }
            Ok(Found::plain(Value::Set(Arc::new(set))))
        }
        ExprKind::InUnit(inner, _) => value(machine, inner),
        ExprKind::Group(_) | ExprKind::SetOperation(..) => {
            Err(Unknown::error("a set can be asked for its members, but has no value of its own"))
        }
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
        | ExprKind::OutcomeIs(..) => {
            let judged = condition::judge(machine, expr);
            match judged.truth {
                Truth::True => Ok(Found::plain(Value::YesNo(true))),
                Truth::False => Ok(Found::plain(Value::YesNo(false))),
                Truth::Unknown => Err(condition::unknown_of(&judged)),
            }
        }
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

fn number(result: Result<Number, Unknown>) -> Outcome {
    result.map(|number| Found::plain(Value::Number(number)))
}

/// A value with its path; the elements of a list are numbered from 1.
fn placed(value: Value, path: String) -> Found {
    let elements = match &value {
        Value::List(items) => (1..=items.len()).map(|at| Some(format!("{path}[{at}]"))).collect(),
        _ => Vec::new(),
    };
    Found { value, path: Some(path), elements }
}

fn field_value(machine: &mut Machine<'_>, base: &Expr, field: usize) -> Outcome {
    let name = match &base.ty {
        Ty::Record(record) => machine
            .hir
            .records
            .get(*record)
            .and_then(|record| record.fields.get(field))
            .map_or_else(String::new, |field| field.name.to_string()),
        _ => String::new(),
    };
    match value(machine, base) {
        Ok(Found { value: Value::Record(record), path, .. }) => {
            let path = path.map_or_else(|| name.clone(), |path| format!("{path}.{name}"));
            match record.fields.get(field) {
                Some(Some(value)) => Ok(placed(value.clone(), path)),
                _ => Err(Unknown::missing(path)),
            }
        }
        Ok(_) => Err(Unknown::error("a field of something that is no record")),
        // The whole record is missing: what is wanted of it is this field alone.
        Err(unknown) if is_place(base) && unknown.errors.is_empty() => Err(Unknown {
            missing: unknown.missing.iter().map(|path| format!("{path}.{name}")).collect(),
            ..Unknown::default()
        }),
        Err(unknown) => Err(unknown),
    }
}

fn is_place(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Fact(_) => true,
        ExprKind::Field(base, _) => is_place(base),
        _ => false,
    }
}

fn list_value(machine: &mut Machine<'_>, items: &[ListItem]) -> Outcome {
    let mut values = Vec::new();
    let mut elements = Vec::new();
    let mut unknown = Unknown::default();
    for item in items {
        match item {
            ListItem::One(expr) => match (value(machine, expr), &expr.ty) {
                (Ok(found), _) => {
                    values.push(found.value);
                    elements.push(found.path);
                }
                // Nothing is known of this element, but it is one: its fields are asked for singly.
                (Err(why), Ty::Record(record)) if is_place(expr) && why.errors.is_empty() => {
                    values.push(Value::Record(Arc::new(facts::blank(machine.hir, *record))));
                    elements.push(why.missing.into_iter().next());
                }
                (Err(why), _) => unknown.join(why),
            },
            ListItem::Each(expr) => match value(machine, expr) {
                Ok(Found { value: Value::List(inner), elements: paths, .. }) => {
                    for (at, value) in inner.iter().enumerate() {
                        values.push(value.clone());
                        elements.push(paths.get(at).cloned().flatten());
                    }
                }
                Ok(_) => unknown.join(Unknown::error("`each of` before something that is no list")),
                Err(why) => unknown.join(why),
            },
        }
    }
    if unknown == Unknown::default() {
        Ok(Found { value: Value::List(Arc::new(values)), path: None, elements })
    } else {
        Err(unknown)
    }
}

/// The elements of a list with their paths.
pub(crate) fn elements(machine: &mut Machine<'_>, list: &Expr) -> Result<Vec<Found>, Unknown> {
    let found = value(machine, list)?;
    let Value::List(items) = &found.value else { return Err(Unknown::error("not a list")) };
    Ok(items
        .iter()
        .enumerate()
        .map(|(at, item)| match found.elements.get(at).cloned().flatten() {
            Some(path) => placed(item.clone(), path),
            None => Found::plain(item.clone()),
        })
        .collect())
}

fn comprehension(
    machine: &mut Machine<'_>,
    local: LocalId,
    list: &Expr,
    filter: Option<&Expr>,
    body: &Expr,
) -> Outcome {
    let mut values = Vec::new();
    let mut unknown = Unknown::default();
    for element in elements(machine, list)? {
        let before = machine.locals.insert(local, element);
        let taken = match filter {
            None => Ok(true),
            Some(filter) => {
                let judged = condition::judge(machine, filter);
                match judged.truth {
                    Truth::Unknown => Err(condition::unknown_of(&judged)),
                    truth => Ok(truth == Truth::True),
                }
            }
        };
        match taken {
            Ok(true) => match value(machine, body) {
                Ok(found) => values.push(found.value),
                Err(why) => unknown.join(why),
            },
            Ok(false) => {}
            Err(why) => unknown.join(why),
        }
        restore(machine, local, before);
    }
    if unknown == Unknown::default() {
        Ok(Found::plain(Value::List(Arc::new(values))))
    } else {
        Err(unknown)
    }
}

/// Binds a name as it was bound before.
pub(crate) fn restore(machine: &mut Machine<'_>, local: LocalId, before: Option<Found>) {
    match before {
        Some(before) => machine.locals.insert(local, before),
        None => machine.locals.remove(&local),
    };
}

fn aggregate(machine: &mut Machine<'_>, kind: Aggregate, list: &Expr) -> Outcome {
    let items = elements(machine, list)?;
    match kind {
        Aggregate::Count => number(
            i128::try_from(items.len())
                .map(Number::from_integer)
                .map_err(|_| Unknown::error("too many elements")),
        ),
        Aggregate::Sum => items
            .iter()
            .try_fold(Number::ZERO, |sum, item| match &item.value {
                Value::Number(number) => {
                    arithmetic::calculate(ArithmeticOperator::Add, sum, *number)
                }
                _ => Err(Unknown::error("a sum of things that are no numbers")),
            })
            .map(|sum| Found::plain(Value::Number(sum))),
        Aggregate::Largest | Aggregate::Smallest => {
            let values = items.into_iter().map(|item| item.value);
            let found = if kind == Aggregate::Largest { values.max() } else { values.min() };
            let word = if kind == Aggregate::Largest { "largest" } else { "smallest" };
            found
                .map(Found::plain)
                .ok_or_else(|| Unknown::error(format!("the {word} of an empty list")))
        }
    }
}

fn conditional(machine: &mut Machine<'_>, test: &Expr, then: &Expr, otherwise: &Expr) -> Outcome {
    let judged = condition::judge(machine, test);
    match judged.truth {
        Truth::True => value(machine, then),
        Truth::False => value(machine, otherwise),
        Truth::Unknown => {
            // Both branches may come to the same.
            if let (Ok(a), Ok(b)) = (value(machine, then), value(machine, otherwise))
                && a.value == b.value
            {
                return Ok(Found::plain(a.value));
            }
            Err(condition::unknown_of(&judged))
        }
    }
}

fn call_define(machine: &mut Machine<'_>, define: DefineId, arguments: &[Expr]) -> Outcome {
    let hir = machine.hir;
    let Some(define) = hir.defines.get(define) else {
        return Err(Unknown::error("a define is missing"));
    };
    let bound = bind(
        machine,
        define.parameters.iter().map(|parameter| (parameter.local, &parameter.ty)),
        arguments,
    )?;
    let day = machine.request.as_of;
    let result = match define.pieces.iter().find(|piece| piece.interval.contains(day)) {
        Some(_) if machine.depth > DEEPEST_CALL => {
            Err(Unknown::error("defines refer to each other in a circle"))
        }
        Some(piece) => {
            machine.depth = machine.depth.saturating_add(1);
            let result = value(machine, &piece.body);
            machine.depth = machine.depth.saturating_sub(1);
            result
        }
        None => Err(Unknown::error(format!("`{}` has no value on {day}", define.name))),
    };
    unbind(machine, bound);
    result
}

pub(crate) type Bound = Vec<(LocalId, Option<Found>)>;

/// Binds parameters to arguments. An argument that is a record of which nothing is known is bound as
/// such, so that its fields are asked for singly.
pub(crate) fn bind<'t>(
    machine: &mut Machine<'_>,
    parameters: impl Iterator<Item = (LocalId, &'t Ty)>,
    arguments: &[Expr],
) -> Result<Bound, Unknown> {
    let mut found = Vec::new();
    let mut unknown = Unknown::default();
    for ((local, ty), argument) in parameters.zip(arguments) {
        match (value(machine, argument), ty) {
            (Ok(value), _) => found.push((local, value)),
            (Err(why), Ty::Record(record)) if is_place(argument) && why.errors.is_empty() => {
                let blank = Value::Record(Arc::new(facts::blank(machine.hir, *record)));
                found.push((
                    local,
                    Found {
                        value: blank,
                        path: why.missing.into_iter().next(),
                        elements: Vec::new(),
                    },
                ));
            }
            (Err(why), _) => unknown.join(why),
        }
    }
    if unknown != Unknown::default() {
        return Err(unknown);
    }
    Ok(found
        .into_iter()
        .map(|(local, value)| (local, machine.locals.insert(local, value)))
        .collect())
}

/// Undoes [`bind`].
pub(crate) fn unbind(machine: &mut Machine<'_>, bound: Bound) {
    for (local, before) in bound.into_iter().rev() {
        restore(machine, local, before);
    }
}

fn decision_value(machine: &mut Machine<'_>, decision: DecisionId) -> Outcome {
    let name = machine
        .hir
        .decisions
        .get(decision)
        .map_or_else(String::new, |decision| decision.name.to_string());
    if let Some(supposed) = machine.supposed.get(&decision) {
        return match supposed {
            Possible::Value(value) => {
                Ok(Found { value: value.clone(), path: Some(name), elements: Vec::new() })
            }
            Possible::NotNeeded => Err(Unknown { not_needed: true, ..Unknown::default() }),
            Possible::Conflict | Possible::NotModelled | Possible::Error => Err(Unknown::default()),
        };
    }
    match machine.decided.get(&decision) {
        Some(Determination::Value(value)) => {
            Ok(Found { value: value.clone(), path: Some(name), elements: Vec::new() })
        }
        Some(Determination::NotNeeded) => Err(Unknown { not_needed: true, ..Unknown::default() }),
        Some(Determination::Undetermined(why)) => Err(Unknown {
            missing: why.missing.iter().map(|fact| fact.path.clone()).collect(),
            errors: why.errors.iter().cloned().collect(),
            not_needed: false,
        }),
        None => Err(Unknown::error(format!("`{name}` is not decided yet"))),
    }
}

fn table_value(machine: &mut Machine<'_>, table: exeat_hir::TableId, keys: &[Expr]) -> Outcome {
    let hir = machine.hir;
    let Some(table) = hir.tables.get(table) else {
        return Err(Unknown::error("a table is missing"));
    };
    let day = machine.request.as_of;
    let mut known = Vec::with_capacity(keys.len());
    for key in keys {
        known.push(value(machine, key));
    }
    let mut unknown = Unknown::default();
    let mut matching = None;
    let mut open = false;
    for row in table.rows.iter().filter(|row| row.interval.contains(day)) {
        let mut truth = Truth::True;
        let mut why = Unknown::default();
        for (pattern, key) in row.patterns.iter().zip(&known) {
            let (one, reason) = matches(machine, pattern, key);
            truth = truth.and(one);
            why.join(reason);
        }
        match truth {
            Truth::True => matching = Some(row),
            Truth::Unknown => {
                open = true;
                unknown.join(why);
            }
            Truth::False => {}
        }
    }
    match (matching, open) {
        // No two rows match the same keys, so a row that certainly matches is the only one.
        (Some(row), _) => value(machine, &row.value),
        (None, true) => Err(unknown),
        (None, false) => match &table.otherwise {
            Some(otherwise) => value(machine, otherwise),
            None => Err(Unknown::error(format!(
                "the table `{}` has no row for this on {day}",
                table.name
            ))),
        },
    }
}

fn matches(machine: &mut Machine<'_>, pattern: &TablePattern, key: &Outcome) -> (Truth, Unknown) {
    let known = |truth: bool| (Truth::from(truth), Unknown::default());
    if matches!(pattern, TablePattern::Any) {
        return known(true);
    }
    let key = match key {
        Ok(found) => &found.value,
        Err(why) => return (Truth::Unknown, why.clone()),
    };
    match pattern {
        TablePattern::Any => known(true),
        TablePattern::Value(value) => known(value == key),
        TablePattern::Set(set) => sets::contains(machine, set, key),
        TablePattern::Within(target, list) => match (key, machine.hir.code_lists.get(*list)) {
            (Value::Code(code), Some(list)) => {
                let truth = codes::within(list, code, &[exeat_model::Code::Entry(target.clone())]);
                (truth, Unknown::default())
            }
            _ => known(false),
        },
        TablePattern::Band { low, high } => {
            let above = low
                .as_ref()
                .is_none_or(|(end, included)| if *included { end <= key } else { end < key });
            let below = high
                .as_ref()
                .is_none_or(|(end, included)| if *included { key <= end } else { key < end });
            known(above && below)
        }
    }
}
