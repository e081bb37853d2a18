//! Which readings bear on an answer.

use std::collections::BTreeSet;

use exeat_diagnostics::Span;
use exeat_eval::{Request, condition, condition_after};
use exeat_hir::reach::{expressions_of, rules_of, visit_deep};
use exeat_hir::{
    ConditionKind, DecisionId, DecisionTrace, Expr, ExprKind, Force, Hir, ModuleId, ModuleStatus,
    ReadingId, Ty,
};
use exeat_model::Truth;

use crate::Rulebook;

/// Something that stands under a reading: a rule, or what is not modelled.
struct Standing<'h> {
    force: &'h Force,
    when: Option<&'h Expr>,
}

impl Rulebook {
    /// The readings under which something stands that can matter for decisions: it has force on the day
    /// asked for, and its condition is not false for the facts. `decided` are all decisions for the request,
    /// where they are known already.
    pub(crate) fn readings_that_bear(
        &self,
        request: &Request<'_>,
        decisions: impl IntoIterator<Item = DecisionId>,
        decided: Option<&[DecisionTrace]>,
    ) -> BTreeSet<ReadingId> {
        let hir = self.hir();
        let mut standing: Vec<Standing<'_>> = Vec::new();
        let mut seen: BTreeSet<DecisionId> = BTreeSet::new();
        let mut queue: Vec<DecisionId> = decisions.into_iter().collect();
        while let Some(decision) = queue.pop() {
            if !seen.insert(decision) {
                continue;
            }
            let rules = rules_of(hir, decision);
            let rules = rules.into_iter().filter_map(|id| hir.rules.get(id));
            let gaps = hir.not_modelled.values().filter(|gap| gap.affects.contains(&decision));
            let all = rules
                .map(|rule| (rule.module, &rule.force, rule.when.as_ref()))
                .chain(gaps.map(|gap| (gap.module, &gap.force, gap.when.as_ref())));
            standing.extend(
                all.filter(|(module, force, _)| {
                    !force.under.is_empty()
                        && force.on(request.as_of)
                        && decides(hir, request, *module)
                })
                .map(|(_, force, when)| Standing { force, when }),
            );
            visit_deep(hir, expressions_of(hir, decision), &mut |part| {
                if let ExprKind::Decision(read) = part.kind {
                    queue.push(read);
                }
            });
        }
        let truths = self.truths(request, &standing, decided);
        let bearing = standing.iter().zip(truths).filter(|(_, truth)| *truth != Truth::False);
        bearing.flat_map(|(one, _)| one.force.under.iter().map(|under| under.reading)).collect()
    }

    /// The truth of each condition, all judged in one run.
    fn truths(
        &self,
        request: &Request<'_>,
        standing: &[Standing<'_>],
        decided: Option<&[DecisionTrace]>,
    ) -> Vec<Truth> {
        let conditions: Vec<Expr> = standing.iter().filter_map(|one| one.when.cloned()).collect();
        let mut judged = Vec::new();
        if !conditions.is_empty() {
            let all =
                Expr { kind: ExprKind::And(conditions), ty: Ty::YesNo, span: Span::default() };
            let (hir, functions) = (self.hir(), self.functions());
            let whole = match decided {
                Some(traces) => condition_after(hir, functions, request, traces, &all),
                None => condition(hir, functions, request, &all),
            };
            if let ConditionKind::All(parts) = whole.kind {
                judged = parts.into_iter().map(|part| part.truth).collect();
            }
        }
        let mut judged = judged.into_iter();
        let truth = |one: &Standing<'_>| match one.when {
            Some(_) => judged.next().unwrap_or(Truth::Unknown),
            None => Truth::True,
        };
        standing.iter().map(truth).collect()
    }
}

fn decides(hir: &Hir, request: &Request<'_>, module: ModuleId) -> bool {
    let status = hir.modules.get(module).map(|module| module.status);
    status != Some(ModuleStatus::Proposal) || request.proposals.contains(&module)
}
