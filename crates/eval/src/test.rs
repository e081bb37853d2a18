//! Tests: the smallest conditions, which ask values and not other conditions.
//!
//! A test that reads an undetermined decision is tried with each outcome that the decision could
//! still have: where all agree, the test is settled.

use std::collections::BTreeSet;

use exeat_hir::{
    Comparison, ConditionKind, ConditionTrace, DecisionId, Determination, Expr, ExprKind, Operand,
    Possible, Ty,
};
use exeat_model::{Truth, Value};

use crate::condition::tested;
use crate::equality::equal;
use crate::expression::value;
use crate::machine::{Found, Machine, Outcome, Unknown};
use crate::reads::decisions_read;
use crate::{codes, sets};

/// How many combinations of possible decisions a test is tried with; beyond it the test is unknown.
const MOST_COMBINATIONS: usize = 256;

/// A test of values. If it reads undetermined decisions, it is tried with all that they could be:
/// where all agree, it is settled.
pub(crate) fn test(machine: &mut Machine<'_>, expr: &Expr) -> ConditionTrace {
    let (operands, result) = plain_test(machine, expr);
    let kind = ConditionKind::Test(operands);
    // What is known without those decisions is known whatever they come to.
    let known = result.as_ref().map_or_else(|unknown| unknown.not_needed, |_| true);
    if known {
        return tested(expr.span, result, kind);
    }
    let open = |decided: &Determination| matches!(decided, Determination::Undetermined(_));
    let read = if machine.decided.values().any(open) {
        decisions_read(machine.hir, [expr])
    } else {
        BTreeSet::new()
    };
    let undetermined: Vec<(DecisionId, Vec<Possible>)> = read
        .into_iter()
        .filter(|decision| !machine.supposed.contains_key(decision))
        .filter_map(|decision| match machine.decided.get(&decision) {
            Some(Determination::Undetermined(why)) => Some((decision, why.possible.clone())),
            _ => None,
        })
        .collect();
    if undetermined.is_empty() {
        return tested(expr.span, result, kind);
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
            return tested(expr.span, Ok(truth), kind);
        }
    }
    tested(expr.span, result, kind)
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

/// A test with what is known or supposed at the moment.
fn plain_test(machine: &mut Machine<'_>, expr: &Expr) -> (Vec<Operand>, Result<Truth, Unknown>) {
    let mut operands = Vec::new();
    let result = match &expr.kind {
        ExprKind::Compare(comparison, left, right) => {
            let (a, b) = (side(machine, left, &mut operands), side(machine, right, &mut operands));
            join(a, b).and_then(|(a, b)| compared(machine, *comparison, (&a, &b), &left.ty))
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
            let above = join(a, v.clone()).map(|(a, v)| lower.holds(&a.value, &v.value));
            let below = join(v, b).map(|(v, b)| upper.holds(&v.value, &b.value));
            match (above, below) {
                (Ok(false), _) | (_, Ok(false)) => Ok(Truth::False),
                (Ok(true), Ok(true)) => Ok(Truth::True),
                (Err(a), Err(b)) => Err(joined(a, b)),
                (Err(unknown), _) | (_, Err(unknown)) => Err(unknown),
            }
        }
        ExprKind::In(left, set) => {
            let found = side(machine, left, &mut operands);
            operands.push(Operand { span: set.span, value: None, ty: set.ty.clone() });
            found.and_then(|found| match sets::contains(machine, set, &found) {
                (Truth::Unknown, unknown) => Err(unknown),
                (truth, _) => Ok(truth),
            })
        }
        ExprKind::Meets(code, list, targets) | ExprKind::Within(code, list, targets) => {
            let within = matches!(expr.kind, ExprKind::Within(..));
            let found = side(machine, code, &mut operands);
            found.and_then(|found| match (&found.value, machine.hir.code_lists.get(*list)) {
                (Value::Code(code), Some(list)) => {
                    let truth = if within {
                        codes::within(list, code, targets)
                    } else {
                        codes::meets(list, code, targets, machine.request.as_of)
                    };
                    if truth.is_known() { Ok(truth) } else { Err(codes::too_coarse(&found)) }
                }
                _ => Err(Unknown::error("this is not a code")),
            })
        }
        ExprKind::OutcomeIs(inner, patterns) => {
            side(machine, inner, &mut operands).and_then(|found| match &found.value {
                Value::Outcome(outcome) => Ok(Truth::from(patterns.iter().any(|pattern| {
                    pattern.rank == outcome.rank
                        && pattern.labels.iter().all(|label| outcome.labels.contains(label))
                }))),
                _ => Err(Unknown::error("this is not an outcome")),
            })
        }
        _ => side_of_condition(machine, expr, &mut operands),
    };
    // `is not` is `not … is`, for a decision that is not needed too.
    let result = match (&expr.kind, result) {
        (ExprKind::Compare(Comparison::IsNot, ..), Err(unknown)) if unknown.not_needed => {
            Ok(Truth::True)
        }
        (_, result) => result,
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
        _ => Err(Unknown::error("this is not a condition")),
    }
}

fn side(machine: &mut Machine<'_>, expr: &Expr, operands: &mut Vec<Operand>) -> Outcome {
    let result = value(machine, expr);
    let known = result.as_ref().ok().map(|found| found.value.clone());
    operands.push(Operand { span: expr.span, value: known, ty: expr.ty.clone() });
    result
}

fn join(a: Outcome, b: Outcome) -> Result<(Found, Found), Unknown> {
    match (a, b) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        (Err(a), Err(b)) => Err(joined(a, b)),
        (Err(unknown), _) | (_, Err(unknown)) => Err(unknown),
    }
}

fn joined(mut a: Unknown, b: Unknown) -> Unknown {
    a.join(b);
    a
}

fn compared(
    machine: &Machine<'_>,
    comparison: Comparison,
    (left, right): (&Found, &Found),
    ty: &Ty,
) -> Result<Truth, Unknown> {
    match (comparison, equal(machine.hir, left, right, ty)) {
        (Comparison::Is | Comparison::IsNot, (Truth::Unknown, why)) => Err(why),
        (Comparison::Is, (truth, _)) => Ok(truth),
        (Comparison::IsNot, (truth, _)) => Ok(!truth),
        _ => Ok(Truth::from(comparison.holds(&left.value, &right.value))),
    }
}
