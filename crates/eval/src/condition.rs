//! Is a condition true? Evaluated in full, without stopping at the first part that settles it, so
//! that the trace can say of each part how it fared.

use std::collections::BTreeSet;

use exeat_diagnostics::Span;
use exeat_hir::{
    Comparison, ConditionKind, ConditionTrace, DecisionId, Determination, Expr, ExprKind, Operand,
    Possible, Quantifier, Ty,
};
use exeat_model::{Truth, Value};

use crate::expression::{bind, elements, restore, unbind, value};
use crate::machine::{DEEPEST_CALL, Found, Machine, Unknown};
use crate::{arithmetic, codes, sets};

/// How many combinations of possible decisions a test is tried with.
const MOST_COMBINATIONS: usize = 256;

/// Whether a condition is true, and what it was made from.
pub(crate) fn judge(machine: &mut Machine<'_>, expr: &Expr) -> ConditionTrace {
    match &expr.kind {
        ExprKind::And(parts) => {
            let parts: Vec<_> = parts.iter().map(|part| judge(machine, part)).collect();
            let truth = parts.iter().map(|part| part.truth).fold(Truth::True, Truth::and);
            combined(
                expr.span,
                truth,
                &parts.iter().collect::<Vec<_>>(),
                ConditionKind::All(parts.clone()),
            )
        }
        ExprKind::Or(parts) => {
            let parts: Vec<_> = parts.iter().map(|part| judge(machine, part)).collect();
            let truth = parts.iter().map(|part| part.truth).fold(Truth::False, Truth::or);
            combined(
                expr.span,
                truth,
                &parts.iter().collect::<Vec<_>>(),
                ConditionKind::AnyOf(parts.clone()),
            )
        }
        ExprKind::Not(inner) => {
            let inner = judge(machine, inner);
            combined(
                expr.span,
                !inner.truth,
                &[&inner],
                ConditionKind::Not(Box::new(inner.clone())),
            )
        }
        ExprKind::Quantified { quantifier, local, list, body } => {
            let items = match elements(machine, list) {
                Ok(items) => items,
                Err(unknown) => {
                    return open(expr.span, unknown, ConditionKind::Elements(Vec::new()));
                }
            };
            let mut judged = Vec::new();
            for (at, item) in items.into_iter().enumerate() {
                let label = item
                    .path
                    .clone()
                    .unwrap_or_else(|| format!("element {}", at.saturating_add(1)));
                let before = machine.locals.insert(*local, item);
                judged.push((label, judge(machine, body)));
                restore(machine, *local, before);
            }
            let any = judged.iter().map(|(_, part)| part.truth).fold(Truth::False, Truth::or);
            let every = judged.iter().map(|(_, part)| part.truth).fold(Truth::True, Truth::and);
            let truth = match quantifier {
                Quantifier::Any => any,
                Quantifier::Every => every,
                Quantifier::No => !any,
            };
            let parts: Vec<_> = judged.iter().map(|(_, part)| part).collect();
            combined(expr.span, truth, &parts, ConditionKind::Elements(judged.clone()))
        }
        ExprKind::Define(define, arguments) if expr.ty == Ty::YesNo => {
            let hir = machine.hir;
            let day = machine.request.as_of;
            let found = hir.defines.get(*define).filter(|_| machine.depth <= DEEPEST_CALL);
            let Some(define) = found else { return test(machine, expr) };
            let Some(piece) = define.pieces.iter().find(|piece| piece.interval.contains(day))
            else {
                let unknown = Unknown::error(format!("`{}` has no value on {day}", define.name));
                return open(expr.span, unknown, ConditionKind::Test(Vec::new()));
            };
            let parameters =
                define.parameters.iter().map(|parameter| (parameter.local, &parameter.ty));
            let bound = match bind(machine, parameters, arguments) {
                Ok(bound) => bound,
                Err(unknown) => return open(expr.span, unknown, ConditionKind::Test(Vec::new())),
            };
            machine.depth = machine.depth.saturating_add(1);
            let inner = judge(machine, &piece.body);
            machine.depth = machine.depth.saturating_sub(1);
            unbind(machine, bound);
            let name = define.title.clone().unwrap_or_else(|| define.name.to_string());
            combined(
                expr.span,
                inner.truth,
                &[&inner],
                ConditionKind::Named(name, Box::new(inner.clone())),
            )
        }
        ExprKind::If(condition, then, otherwise) if expr.ty == Ty::YesNo => {
            let judged = judge(machine, condition);
            let (then, otherwise) = (judge(machine, then), judge(machine, otherwise));
            let truth = match judged.truth {
                Truth::True => then.truth,
                Truth::False => otherwise.truth,
                Truth::Unknown if then.truth == otherwise.truth => then.truth,
                Truth::Unknown => Truth::Unknown,
            };
            let parts = match judged.truth {
                Truth::True => vec![judged, then],
                Truth::False => vec![judged, otherwise],
                Truth::Unknown => vec![judged, then, otherwise],
            };
            combined(
                expr.span,
                truth,
                &parts.iter().collect::<Vec<_>>(),
                ConditionKind::All(parts.clone()),
            )
        }
        _ => test(machine, expr),
    }
}

/// What leaves a condition unknown.
pub(crate) fn unknown_of(trace: &ConditionTrace) -> Unknown {
    Unknown {
        missing: trace.missing.iter().cloned().collect(),
        errors: trace.errors.iter().cloned().collect(),
        not_needed: false,
    }
}

fn combined(
    span: Span,
    truth: Truth,
    parts: &[&ConditionTrace],
    kind: ConditionKind,
) -> ConditionTrace {
    let mut unknown = Unknown::default();
    if truth == Truth::Unknown {
        for part in parts.iter().filter(|part| part.truth == Truth::Unknown) {
            unknown.join(unknown_of(part));
        }
    }
    ConditionTrace {
        span,
        truth,
        kind,
        missing: unknown.missing.into_iter().collect(),
        errors: unknown.errors.into_iter().collect(),
    }
}

fn open(span: Span, unknown: Unknown, kind: ConditionKind) -> ConditionTrace {
    let truth = if unknown.not_needed { Truth::False } else { Truth::Unknown };
    ConditionTrace {
        span,
        truth,
        kind,
        missing: unknown.missing.into_iter().collect(),
        errors: unknown.errors.into_iter().collect(),
    }
}

/// A test of values. If it reads undetermined decisions, it is tried with all that they could be:
/// where all agree, it is settled.
fn test(machine: &mut Machine<'_>, expr: &Expr) -> ConditionTrace {
    let mut read = BTreeSet::new();
    decisions_read(machine, expr, &mut read, 0);
    let undetermined: Vec<(DecisionId, Vec<Possible>)> = read
        .into_iter()
        .filter(|decision| !machine.supposed.contains_key(decision))
        .filter_map(|decision| match machine.decided.get(&decision) {
            Some(Determination::Undetermined(why)) => Some((decision, why.possible.clone())),
            _ => None,
        })
        .collect();
    let (operands, result) = plain_test(machine, expr);
    let kind = ConditionKind::Test(operands);
    if undetermined.is_empty() {
        return settled(expr.span, result, kind);
    }
    let combinations = undetermined
        .iter()
        .try_fold(1_usize, |count, (_, possible)| count.checked_mul(possible.len()));
    let certain = undetermined.iter().all(|(_, possible)| {
        possible.iter().all(|one| matches!(one, Possible::Value(_) | Possible::NotNeeded))
    });
    if certain && combinations.is_some_and(|count| count <= MOST_COMBINATIONS) {
        let mut truths = BTreeSet::new();
        try_all(machine, expr, &undetermined, &mut truths);
        if let (1, Some(truth)) = (truths.len(), truths.first().copied())
            && truth.is_known()
        {
            return settled(expr.span, Ok(truth), kind);
        }
    }
    let mut unknown = result.err().unwrap_or_default();
    unknown.not_needed = false;
    settled(expr.span, Err(unknown), kind)
}

fn try_all(
    machine: &mut Machine<'_>,
    expr: &Expr,
    rest: &[(DecisionId, Vec<Possible>)],
    truths: &mut BTreeSet<Truth>,
) {
    let Some(((decision, possible), rest)) = rest.split_first() else {
        let (_, result) = plain_test(machine, expr);
        truths.insert(match result {
            Ok(truth) => truth,
            Err(unknown) if unknown.not_needed => Truth::False,
            Err(_) => Truth::Unknown,
        });
        return;
    };
    for one in possible {
        machine.supposed.insert(*decision, one.clone());
        try_all(machine, expr, rest, truths);
        machine.supposed.remove(decision);
    }
}

fn settled(span: Span, result: Result<Truth, Unknown>, kind: ConditionKind) -> ConditionTrace {
    match result {
        Ok(truth) => ConditionTrace { span, truth, kind, missing: Vec::new(), errors: Vec::new() },
        Err(unknown) => open(span, unknown, kind),
    }
}

/// A test with what is known or supposed at the moment.
fn plain_test(machine: &mut Machine<'_>, expr: &Expr) -> (Vec<Operand>, Result<Truth, Unknown>) {
    let mut operands = Vec::new();
    let result = match &expr.kind {
        ExprKind::Compare(comparison, left, right) => {
            let (a, b) = (side(machine, left, &mut operands), side(machine, right, &mut operands));
            join(a, b).and_then(|(a, b)| equal_or_ordered(*comparison, &a.value, &b.value))
        }
        ExprKind::Band { low, low_included, value: middle, high, high_included } => {
            let (a, v, b) = (
                side(machine, low, &mut operands),
                side(machine, middle, &mut operands),
                side(machine, high, &mut operands),
            );
            let (lower, upper) = (
                if *low_included { Comparison::LessOrEqual } else { Comparison::Less },
                if *high_included { Comparison::LessOrEqual } else { Comparison::Less },
            );
            let above =
                join(a, v.clone()).map(|(a, v)| arithmetic::compare(lower, &a.value, &v.value));
            let below = join(v, b).map(|(v, b)| arithmetic::compare(upper, &v.value, &b.value));
            match (above, below) {
                (Ok(false), _) | (_, Ok(false)) => Ok(Truth::False),
                (Ok(true), Ok(true)) => Ok(Truth::True),
                (Err(mut a), Err(b)) => {
                    a.join(b);
                    Err(a)
                }
                (Err(unknown), _) | (_, Err(unknown)) => Err(unknown),
            }
        }
        ExprKind::In(left, set) => side(machine, left, &mut operands).and_then(|found| {
            operands.push(Operand { span: set.span, value: None, ty: set.ty.clone() });
            match sets::contains(machine, set, &found.value) {
                (Truth::Unknown, unknown) => Err(unknown),
                (truth, _) => Ok(truth),
            }
        }),
        ExprKind::Meets(code, list, targets) | ExprKind::Within(code, list, targets) => {
            let found = side(machine, code, &mut operands);
            let within = matches!(expr.kind, ExprKind::Within(..));
            found.and_then(|found| match (&found.value, machine.hir.code_lists.get(*list)) {
                (Value::Code(code), Some(list)) => {
                    let truth = if within {
                        codes::within(list, code, targets)
                    } else {
                        codes::meets(list, code, targets)
                    };
                    if truth == Truth::Unknown {
                        let path = found.path.clone().unwrap_or_else(|| "the code".to_owned());
                        return Err(Unknown::missing(format!("{path} (a more exact code)")));
                    }
                    Ok(truth)
                }
                _ => Err(Unknown::error("not a code")),
            })
        }
        ExprKind::OutcomeIs(inner, patterns) => {
            side(machine, inner, &mut operands).and_then(|found| match &found.value {
                Value::Outcome(outcome) => Ok(Truth::from(patterns.iter().any(|pattern| {
                    pattern.rank == outcome.rank
                        && pattern.labels.iter().all(|label| outcome.labels.contains(label))
                }))),
                _ => Err(Unknown::error("not an outcome")),
            })
        }
        _ => side_of_condition(machine, expr, &mut operands),
    };
    (operands, result)
}

fn side_of_condition(
    machine: &mut Machine<'_>,
    expr: &Expr,
    operands: &mut Vec<Operand>,
) -> Result<Truth, Unknown> {
    match side(machine, expr, operands)?.value {
        Value::YesNo(yes) => Ok(Truth::from(yes)),
        _ => Err(Unknown::error("not a condition")),
    }
}

fn side(
    machine: &mut Machine<'_>,
    expr: &Expr,
    operands: &mut Vec<Operand>,
) -> Result<Found, Unknown> {
    let result = value(machine, expr);
    let known = result.as_ref().ok().map(|found| found.value.clone());
    operands.push(Operand { span: expr.span, value: known, ty: expr.ty.clone() });
    result
}

fn join(a: Result<Found, Unknown>, b: Result<Found, Unknown>) -> Result<(Found, Found), Unknown> {
    match (a, b) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        (Err(mut a), Err(b)) => {
            a.not_needed |= b.not_needed;
            a.join(b);
            Err(a)
        }
        (Err(unknown), _) | (_, Err(unknown)) => Err(unknown),
    }
}

/// Equality of records and lists is unknown where a field that could tell is unknown.
fn equal_or_ordered(comparison: Comparison, left: &Value, right: &Value) -> Result<Truth, Unknown> {
    match comparison {
        Comparison::Is | Comparison::IsNot => match equal(left, right) {
            Truth::Unknown => Err(Unknown::error("fields of what is compared are unknown")),
            truth => Ok(if comparison == Comparison::Is { truth } else { !truth }),
        },
        _ => Ok(Truth::from(arithmetic::compare(comparison, left, right))),
    }
}

fn equal(left: &Value, right: &Value) -> Truth {
    match (left, right) {
        (Value::Record(a), Value::Record(b)) => a
            .fields
            .iter()
            .zip(&b.fields)
            .map(|pair| match pair {
                (Some(a), Some(b)) => equal(a, b),
                _ => Truth::Unknown,
            })
            .fold(Truth::True, Truth::and),
        (Value::List(a), Value::List(b)) if a.len() == b.len() => {
            a.iter().zip(b.iter()).map(|(a, b)| equal(a, b)).fold(Truth::True, Truth::and)
        }
        (a, b) => Truth::from(a == b),
    }
}

/// The decisions that an expression reads, through defines and tables too.
pub(crate) fn decisions_read(
    machine: &Machine<'_>,
    expr: &Expr,
    found: &mut BTreeSet<DecisionId>,
    depth: usize,
) {
    let mut defines = BTreeSet::new();
    expr.visit(&mut |inner| match &inner.kind {
        ExprKind::Decision(decision) => {
            found.insert(*decision);
        }
        ExprKind::Define(define, _) => {
            defines.insert(*define);
        }
        _ => {}
    });
    if depth > DEEPEST_CALL {
        return;
    }
    for define in defines.into_iter().filter_map(|define| machine.hir.defines.get(define)) {
        for piece in &define.pieces {
            decisions_read(machine, &piece.body, found, depth.saturating_add(1));
        }
    }
}
