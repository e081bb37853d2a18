use std::collections::{BTreeMap, BTreeSet};

use exeat_diagnostics::Span;
use exeat_eval::ScenarioReport;
use exeat_hir::{
    ConditionKind, ConditionTrace, DefineId, Expr, ExprKind, Hir, RuleId, RuleKind, RuleStatus, Ty,
};
use exeat_model::Truth;

use super::{Counted, Coverage, Uncovered};
use crate::Session;

/// Which of its two sides something showed.
#[derive(Clone, Copy, Debug, Default)]
struct Sides {
    yes: bool,
    no: bool,
}

/// What the scenarios reach of rules and conditions.
#[derive(Debug, Default)]
pub(super) struct Reached {
    rules: BTreeMap<RuleId, Sides>,
    tests: BTreeMap<Span, Sides>,
}

impl Reached {
    /// Counts what one scenario reaches.
    pub(super) fn add(&mut self, report: &ScenarioReport) {
        for decision in &report.decisions {
            for rule in &decision.rules {
                let sides = self.rules.entry(rule.rule).or_default();
                match rule.status {
                    RuleStatus::Holds | RuleStatus::DefeatedBy(_) => sides.yes = true,
                    RuleStatus::ConditionFalse => sides.no = true,
                    _ => {}
                }
                if let Some(condition) = &rule.condition {
                    seen(condition, &mut self.tests);
                }
            }
            for (_, condition) in &decision.gaps {
                seen(condition, &mut self.tests);
            }
        }
    }

    /// Counts what others reach too.
    pub(super) fn and(mut self, others: Self) -> Self {
        for (rule, sides) in others.rules {
            self.rules.entry(rule).or_default().join(sides);
        }
        for (test, sides) in others.tests {
            self.tests.entry(test).or_default().join(sides);
        }
        self
    }
}

impl Sides {
    fn join(&mut self, other: Self) {
        self.yes |= other.yes;
        self.no |= other.no;
    }
}

/// What was reached of all that there is.
pub(super) fn coverage(session: &Session, reached: &Reached) -> Coverage {
    let hir = session.hir();
    let Reached { rules, tests } = reached;
    let mut coverage = Coverage::default();
    let mut missing: Vec<(Span, Uncovered)> = Vec::new();
    let mut note = |span: Span, kind, name: String, what| {
        let (file, line) = session.place(span);
        missing.push((span, Uncovered { kind, name, missing: what, file, line }));
    };
    for (id, rule) in hir.rules.iter() {
        let sides = rules.get(&id).copied().unwrap_or_default();
        let (kind, counted) = match rule.kind {
            RuleKind::Rule => ("rule", &mut coverage.rules),
            RuleKind::Exception => ("exception", &mut coverage.exceptions),
        };
        let name = || hir.full_name(rule.module, &rule.name);
        if !count(counted, sides.yes) {
            note(rule.span, kind, name(), "never holds");
        }
        // Without a condition it holds whenever it has force.
        if rule.when.is_some() && !count(counted, sides.no) {
            note(rule.span, kind, name(), "never fails");
        }
    }
    for span in leaves(hir) {
        let sides = tests.get(&span).copied().unwrap_or_default();
        for (side, what) in [(sides.yes, "never true"), (sides.no, "never false")] {
            if !count(&mut coverage.conditions, side) {
                note(span, "condition", session.line_of_text(span), what);
            }
        }
    }
    missing.sort_by_key(|(span, _)| *span);
    coverage.uncovered = missing.into_iter().map(|(_, uncovered)| uncovered).collect();
    coverage
}

fn count(counted: &mut Counted, reached: bool) -> bool {
    counted.total = counted.total.saturating_add(1);
    counted.reached = counted.reached.saturating_add(usize::from(reached));
    reached
}

fn seen(trace: &ConditionTrace, tests: &mut BTreeMap<Span, Sides>) {
    match &trace.kind {
        ConditionKind::All(parts) | ConditionKind::AnyOf(parts) => {
            for part in parts {
                seen(part, tests);
            }
        }
        ConditionKind::Not(inner) | ConditionKind::Named(_, inner) => seen(inner, tests),
        ConditionKind::Elements(elements) => {
            for (_, part) in elements {
                seen(part, tests);
            }
        }
        ConditionKind::Test(_) => {
            let sides = tests.entry(trace.span).or_default();
            sides.yes |= trace.truth == Truth::True;
            sides.no |= trace.truth == Truth::False;
        }
    }
}

/// The places of the single tests in all conditions of rules, each once.
fn leaves(hir: &Hir) -> BTreeSet<Span> {
    let mut found = BTreeSet::new();
    let mut entered = BTreeSet::new();
    let rules = hir.rules.values().filter_map(|rule| rule.when.as_ref());
    let gaps = hir.not_modelled.values().filter_map(|item| item.when.as_ref());
    for condition in rules.chain(gaps) {
        leaves_of(hir, condition, &mut entered, &mut found);
    }
    found
}

fn leaves_of(hir: &Hir, expr: &Expr, entered: &mut BTreeSet<DefineId>, found: &mut BTreeSet<Span>) {
    match &expr.kind {
        ExprKind::And(parts) | ExprKind::Or(parts) => {
            for part in parts {
                leaves_of(hir, part, entered, found);
            }
        }
        ExprKind::Not(inner) => leaves_of(hir, inner, entered, found),
        ExprKind::Quantified { body, .. } => leaves_of(hir, body, entered, found),
        ExprKind::If(condition, then, otherwise) if expr.ty == Ty::YesNo => {
            for part in [condition, then, otherwise] {
                leaves_of(hir, part, entered, found);
            }
        }
        ExprKind::Define(id, _) if expr.ty == Ty::YesNo => {
            if let Some(define) = hir.defines.get(*id).filter(|_| entered.insert(*id)) {
                for piece in &define.pieces {
                    leaves_of(hir, &piece.body, entered, found);
                }
            }
        }
        // What is settled by the text has one side only, as `as yes until 2026-01-15`.
        ExprKind::Literal(_) => {}
        _ => {
            found.insert(expr.span);
        }
    }
}
