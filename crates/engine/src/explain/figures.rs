use std::collections::BTreeSet;

use exeat_diagnostics::Span;
use exeat_eval::{Request, condition, describe_value};
use exeat_hir::{
    Comparison, ConditionKind, ConditionTrace, DecisionTrace, Define, DefineId, Determination,
    Expr, ExprKind, RuleStatus, RuleTrace, Ty,
};
use exeat_model::Truth;

use super::Figure;
use crate::Rulebook;

/// The quantities and codes that are computed by a define and stand, at any depth, in the conditions of the
/// rules that bear on the outcome: those whose condition is true or open, and of those that fail by one
/// condition alone in that one. All are computed in one run. What is not known is told only where the outcome is not
/// either.
pub(super) fn figures(
    session: &Rulebook,
    request: &Request<'_>,
    trace: &DecisionTrace,
) -> Vec<Figure> {
    let hir = session.hir();
    let mut wanted = BTreeSet::new();
    for rule in &trace.rules {
        let when = hir.rules.get(rule.rule).and_then(|rule| rule.when.as_ref());
        if let Some(bearing) = when.and_then(|when| bearing(rule, when)) {
            collect(session, request, bearing, &mut wanted);
        }
    }
    let defines: Vec<&Define> = wanted.iter().filter_map(|id| hir.defines.get(*id)).collect();
    let figures: Vec<(&Define, Expr)> = wanted
        .iter()
        .zip(defines)
        .filter(|(_, define)| {
            define.parameters.is_empty() && matches!(define.ty, Ty::Quantity(_) | Ty::Code(_))
        })
        .map(|(id, define)| {
            let kind = ExprKind::Define(*id, Vec::new());
            (define, Expr { kind, ty: define.ty.clone(), span: define.span })
        })
        .collect();
    if figures.is_empty() {
        return Vec::new();
    }
    let undetermined = matches!(trace.determination, Determination::Undetermined(_));
    // Each figure is compared with itself, because a comparison reports the values of its sides.
    let tests = figures.iter().map(|(_, figure)| Expr {
        kind: ExprKind::Compare(Comparison::Is, Box::new(figure.clone()), Box::new(figure.clone())),
        ty: Ty::YesNo,
        span: figure.span,
    });
    let all = Expr { kind: ExprKind::And(tests.collect()), ty: Ty::YesNo, span: Span::default() };
    let judged = condition(hir, session.functions(), request, &all);
    let ConditionKind::All(parts) = judged.kind else { return Vec::new() };
    figures
        .into_iter()
        .zip(parts)
        .filter_map(|((define, _), part)| {
            let value = match &part.kind {
                ConditionKind::Test(operands) => {
                    operands.first().and_then(|operand| operand.value.as_ref())
                }
                _ => None,
            };
            (value.is_some() || undetermined).then(|| Figure {
                name: hir.full_name(define.module, &define.name),
                title: define.title.clone(),
                value: value.map(|value| describe_value(hir, value, &define.ty)),
                cites: define
                    .cites
                    .iter()
                    .chain(in_force(define, request).flat_map(|piece| &piece.cites))
                    .fold(Vec::new(), |mut cites: Vec<String>, cite| {
                        if !cites.contains(cite) {
                            cites.push(cite.clone());
                        }
                        cites
                    }),
            })
        })
        .collect()
}

/// The part of a rule's condition whose figures say something about the outcome.
fn bearing<'e>(rule: &RuleTrace, when: &'e Expr) -> Option<&'e Expr> {
    let condition = rule.condition.as_ref()?;
    match rule.status {
        RuleStatus::Holds | RuleStatus::Open | RuleStatus::DefeatedBy(_) => Some(when),
        RuleStatus::ConditionFalse => match failing(condition, when).as_slice() {
            [one] => Some(one),
            _ => None,
        },
        _ => None,
    }
}

/// The conditions that are false of those that are joined by `and`. What is open may yet be so.
fn failing<'e>(condition: &ConditionTrace, expr: &'e Expr) -> Vec<&'e Expr> {
    match (&condition.kind, &expr.kind) {
        (ConditionKind::All(traces), ExprKind::And(parts)) if traces.len() == parts.len() => {
            traces.iter().zip(parts).flat_map(|(trace, part)| failing(trace, part)).collect()
        }
        _ if condition.truth == Truth::False => vec![expr],
        _ => Vec::new(),
    }
}

fn in_force<'d>(
    define: &'d Define,
    request: &Request<'_>,
) -> impl Iterator<Item = &'d exeat_hir::DefinePiece> {
    let day = request.as_of;
    define.pieces.iter().filter(move |piece| piece.interval.contains(day))
}

/// The defines that an expression reads, on that day, at any depth.
fn collect(
    session: &Rulebook,
    request: &Request<'_>,
    expr: &Expr,
    wanted: &mut BTreeSet<DefineId>,
) {
    let mut rest = vec![expr];
    while let Some(part) = rest.pop() {
        if let ExprKind::Define(id, _) = &part.kind
            && wanted.insert(*id)
            && let Some(define) = session.hir().defines.get(*id)
        {
            rest.extend(in_force(define, request).map(|piece| &piece.body));
        }
        rest.extend(part.parts());
    }
}
