//! Is a condition true? Evaluated in full, without stopping at the first part that settles it, so
//! that the trace can say of each part how it fared. Truth is three-valued (strong Kleene): one false
//! part settles an `and`, one true part an `or`, whatever is unknown or went wrong beside it.

use std::sync::Arc;

use exeat_diagnostics::Span;
use exeat_hir::{
    ConditionKind, ConditionTrace, DefineId, Expr, ExprKind, LocalId, ModelGap, Quantifier, RuleId,
    Ty,
};
use exeat_model::Truth;

use crate::calls::within_define;
use crate::lists::{Parts, parts, restore};
use crate::machine::{Machine, Unknown};
use crate::test::test;

/// Whether a condition is true, and what it was made from.
pub(crate) fn judge(machine: &mut Machine<'_>, expr: &Expr) -> ConditionTrace {
    if let Err(too_deep) = machine.enter() {
        return open(expr.span, too_deep, ConditionKind::Test(Vec::new()));
    }
    let judged = judge_parts(machine, expr);
    machine.leave();
    judged
}

fn judge_parts(machine: &mut Machine<'_>, expr: &Expr) -> ConditionTrace {
    match &expr.kind {
        ExprKind::And(parts) => {
            let parts: Vec<_> = parts.iter().map(|part| judge(machine, part)).collect();
            let truth = parts.iter().map(|part| part.truth).fold(Truth::True, Truth::and);
            let reasons = Reasons::of(truth, parts.iter());
            reasons.closed(expr.span, truth, ConditionKind::All(parts))
        }
        ExprKind::Or(parts) => {
            let parts: Vec<_> = parts.iter().map(|part| judge(machine, part)).collect();
            let truth = parts.iter().map(|part| part.truth).fold(Truth::False, Truth::or);
            let reasons = Reasons::of(truth, parts.iter());
            reasons.closed(expr.span, truth, ConditionKind::AnyOf(parts))
        }
        ExprKind::Not(inner) => {
            let inner = judge(machine, inner);
            let truth = !inner.truth;
            let reasons = Reasons::of(truth, [&inner]);
            reasons.closed(expr.span, truth, ConditionKind::Not(Arc::new(inner)))
        }
        ExprKind::Quantified { quantifier, local, list, body } => {
            let parts = parts(machine, list);
            quantified(machine, expr.span, *quantifier, *local, parts, body)
        }
        ExprKind::Define(define, arguments) if expr.ty == Ty::YesNo => {
            let found = machine.hir.defines.get(*define);
            let name = found.map_or_else(String::new, |define| {
                define.title.clone().unwrap_or_else(|| define.name.to_string())
            });
            match judge_define(machine, *define, arguments) {
                Ok(inner) => {
                    let truth = inner.truth;
                    let reasons = Reasons::of(truth, [inner.as_ref()]);
                    reasons.closed(expr.span, truth, ConditionKind::Named(name, inner))
                }
                Err(unknown) => open(expr.span, unknown, ConditionKind::Test(Vec::new())),
            }
        }
        ExprKind::If(condition, then, otherwise) if expr.ty == Ty::YesNo => {
            let condition = judge(machine, condition);
            conditional(expr.span, condition, judge(machine, then), judge(machine, otherwise))
        }
        _ => test(machine, expr),
    }
}

/// The condition that a define stands for, with its arguments.
fn judge_define(
    machine: &mut Machine<'_>,
    define: DefineId,
    arguments: &[Expr],
) -> Result<Arc<ConditionTrace>, Unknown> {
    let compute = |machine: &mut Machine<'_>| {
        within_define(machine, define, arguments, |machine, piece| {
            Ok(Arc::new(judge(machine, &piece.body)))
        })
    };
    if !arguments.is_empty() {
        return compute(machine);
    }
    match machine.remembered(|machine| &machine.judged_defines, define) {
        Some(judged) => judged,
        None => machine.remember(|machine| &mut machine.judged_defines, define, compute),
    }
}

/// What leaves a condition unknown.
pub(crate) fn unknown_of(trace: &ConditionTrace) -> Unknown {
    Unknown {
        missing: trace.missing.iter().cloned().collect(),
        errors: trace.errors.iter().cloned().collect(),
        conflict: trace.conflict.iter().copied().collect(),
        not_modelled: trace.not_modelled.iter().map(|gap| (gap.item, gap.touched)).collect(),
        not_needed: false,
    }
}

/// What leaves a condition unknown that is made of parts.
#[derive(Default)]
struct Reasons {
    missing: Vec<String>,
    errors: Vec<String>,
    conflict: Vec<RuleId>,
    not_modelled: Vec<ModelGap>,
}

impl Reasons {
    /// Those of a whole of that truth: none if it is known, else those of all parts that are not.
    fn of<'t>(whole: Truth, parts: impl IntoIterator<Item = &'t ConditionTrace>) -> Self {
        if whole != Truth::Unknown {
            return Self::default();
        }
        let mut unknown = parts.into_iter().filter(|part| part.truth == Truth::Unknown);
        match (unknown.next(), unknown.next()) {
            (Some(first), Some(second)) => {
                let mut all = unknown_of(first);
                all.join(unknown_of(second));
                unknown.for_each(|part| all.join(unknown_of(part)));
                Self::from(all)
            }
            // By far the most.
            (Some(only), None) => Self {
                missing: only.missing.clone(),
                errors: only.errors.clone(),
                conflict: only.conflict.clone(),
                not_modelled: only.not_modelled.clone(),
            },
            (None, _) => Self::default(),
        }
    }

    fn closed(self, span: Span, truth: Truth, kind: ConditionKind) -> ConditionTrace {
        let Self { missing, errors, conflict, not_modelled } = self;
        ConditionTrace { span, truth, kind, missing, errors, conflict, not_modelled }
    }
}

impl From<Unknown> for Reasons {
    fn from(unknown: Unknown) -> Self {
        Self {
            conflict: unknown.conflict.iter().copied().collect(),
            not_modelled: unknown.gaps(),
            missing: unknown.missing.into_iter().collect(),
            errors: unknown.errors.into_iter().collect(),
        }
    }
}

/// Each element is asked; how many have to say yes is the quantifier's. Elements that are not known
/// leave it open, unless the others settle it.
fn quantified(
    machine: &mut Machine<'_>,
    span: Span,
    quantifier: Quantifier,
    local: LocalId,
    parts: Parts,
    body: &Expr,
) -> ConditionTrace {
    let mut judged = Vec::with_capacity(parts.elements.len());
    for (at, item) in parts.elements.into_iter().enumerate() {
        let path = item.as_ref().ok().and_then(|found| found.origin.path.clone());
        let label = path.unwrap_or_else(|| format!("element {}", at.saturating_add(1)));
        let before = machine.locals.insert(local, item);
        judged.push((label, judge(machine, body)));
        restore(machine, local, before);
    }
    if let Some(unknown) = parts.others {
        let others = open(span, unknown, ConditionKind::Test(Vec::new()));
        judged.push(("the others".to_owned(), others));
    }
    let truths = || judged.iter().map(|(_, part)| part.truth);
    let truth = match quantifier {
        Quantifier::Any => truths().fold(Truth::False, Truth::or),
        Quantifier::Every => truths().fold(Truth::True, Truth::and),
        Quantifier::No => !truths().fold(Truth::False, Truth::or),
    };
    let reasons = Reasons::of(truth, judged.iter().map(|(_, part)| part));
    reasons.closed(span, truth, ConditionKind::Elements(judged))
}

/// `if c then a else b` of conditions, shown as what it says: c and a, or not c and b. Where c is
/// unknown, a and b may still agree.
fn conditional(
    span: Span,
    condition: ConditionTrace,
    then: ConditionTrace,
    otherwise: ConditionTrace,
) -> ConditionTrace {
    let truth = match condition.truth {
        Truth::True => then.truth,
        Truth::False => otherwise.truth,
        Truth::Unknown if then.truth == otherwise.truth => then.truth,
        Truth::Unknown => Truth::Unknown,
    };
    let reasons = match condition.truth {
        Truth::True => Reasons::of(truth, [&then]),
        Truth::False => Reasons::of(truth, [&otherwise]),
        Truth::Unknown => Reasons::of(truth, [&condition, &then, &otherwise]),
    };
    let both = |a: ConditionTrace, b: ConditionTrace| {
        let truth = a.truth.and(b.truth);
        let reasons = Reasons::of(truth, [&a, &b]);
        reasons.closed(b.span, truth, ConditionKind::All(vec![a, b]))
    };
    let negated = Reasons::of(!condition.truth, [&condition]).closed(
        condition.span,
        !condition.truth,
        ConditionKind::Not(Arc::new(condition.clone())),
    );
    let ways = vec![both(condition, then), both(negated, otherwise)];
    reasons.closed(span, truth, ConditionKind::AnyOf(ways))
}

/// A condition that cannot be said; false if it asks a decision that is not needed.
fn open(span: Span, unknown: Unknown, kind: ConditionKind) -> ConditionTrace {
    if unknown.not_needed {
        return Reasons::default().closed(span, Truth::False, kind);
    }
    Reasons::from(unknown).closed(span, Truth::Unknown, kind)
}

/// A condition as a test came out.
pub(crate) fn tested(
    span: Span,
    result: Result<Truth, Unknown>,
    kind: ConditionKind,
) -> ConditionTrace {
    match result {
        Ok(truth) => Reasons::default().closed(span, truth, kind),
        Err(unknown) => open(span, unknown, kind),
    }
}
