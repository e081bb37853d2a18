use std::collections::{BTreeMap, BTreeSet};

use exeat_diagnostics::{Diagnostic, codes};
use exeat_hir::{DecisionId, DefineId, Expr, ExprKind};

use crate::checker::Checker;

impl Checker<'_> {
    /// Puts decisions after those that they read, and finds circles of decisions and of exceptions.
    pub(crate) fn order_decisions(&mut self) {
        self.exception_circles();
        let mut reads: BTreeMap<DecisionId, BTreeSet<DecisionId>> = BTreeMap::new();
        for (id, decision) in self.hir.decisions.iter() {
            let entry = reads.entry(id).or_default();
            decision.needed_when.iter().for_each(|condition| self.decisions_in(condition, entry));
        }
        // A rule's condition matters to what it decides, and to what the rules it defeats decide.
        for (id, rule) in self.hir.rules.iter() {
            let mut found = BTreeSet::new();
            rule.when.iter().for_each(|condition| self.decisions_in(condition, &mut found));
            rule.conclusions
                .iter()
                .for_each(|conclusion| self.decisions_in(&conclusion.value, &mut found));
            let mut queue = vec![id];
            let mut seen = BTreeSet::new();
            while let Some(next) = queue.pop() {
                let Some(rule) = self.hir.rules.get(next).filter(|_| seen.insert(next)) else {
                    continue;
                };
                for conclusion in &rule.conclusions {
                    reads.entry(conclusion.decision).or_default().extend(found.iter().copied());
                }
                queue.extend(rule.defeats.iter().copied());
            }
        }
        for item in self.hir.not_modelled.values() {
            let mut found = BTreeSet::new();
            item.when.iter().for_each(|condition| self.decisions_in(condition, &mut found));
            for decision in &item.affects {
                reads.entry(*decision).or_default().extend(found.iter().copied());
            }
        }
        let mut order: Vec<DecisionId> = Vec::new();
        while order.len() < reads.len() {
            let next = reads.iter().find(|(id, needs)| {
                !order.contains(id) && needs.iter().all(|need| order.contains(need))
            });
            let Some((id, _)) = next else { break };
            order.push(*id);
        }
        if order.len() < reads.len() {
            let circle: Vec<DecisionId> =
                reads.keys().copied().filter(|id| !order.contains(id)).collect();
            let places: Vec<_> = circle
                .iter()
                .filter_map(|id| self.hir.decisions.get(*id))
                .map(|decision| (decision.name.clone(), decision.span))
                .collect();
            let names: Vec<String> = places.iter().map(|(name, _)| format!("`{name}`")).collect();
            if let Some((_, span)) = places.first() {
                let mut diagnostic = Diagnostic::error(codes::DECISION_CYCLE, format!("decisions read each other in a circle: {}", names.join(", ")), *span, "this decision")
                    .with_help("Break the circle: let one of them read facts or a define in place of the other decision.");
                for (_, span) in places.iter().skip(1) {
                    diagnostic = diagnostic.with_label(*span, "and this one");
                }
                self.diagnostics.push(diagnostic);
            }
        }
        self.hir.decision_order = order;
    }

    fn decisions_in(&self, expr: &Expr, found: &mut BTreeSet<DecisionId>) {
        let mut seen: BTreeSet<DefineId> = BTreeSet::new();
        let mut queue: Vec<&Expr> = vec![expr];
        while let Some(expr) = queue.pop() {
            let mut defines = Vec::new();
            expr.visit(&mut |part| match &part.kind {
                ExprKind::Decision(decision) => drop(found.insert(*decision)),
                ExprKind::Define(define, _) => defines.push(*define),
                _ => {}
            });
            for define in defines.into_iter().filter(|define| seen.insert(*define)) {
                queue.extend(
                    self.hir
                        .defines
                        .get(define)
                        .into_iter()
                        .flat_map(|define| define.pieces.iter().map(|piece| &piece.body)),
                );
            }
        }
    }

    fn exception_circles(&mut self) {
        let mut reported = BTreeSet::new();
        for (start, rule) in self.hir.rules.iter() {
            let mut queue: Vec<_> = rule.defeats.clone();
            let mut seen = BTreeSet::new();
            while let Some(next) = queue.pop() {
                if seen.insert(next) {
                    queue.extend(
                        self.hir
                            .rules
                            .get(next)
                            .into_iter()
                            .flat_map(|rule| rule.defeats.iter().copied()),
                    );
                }
            }
            if seen.contains(&start) {
                reported.insert(start);
            }
        }
        let Some(first) = reported.first().and_then(|id| self.hir.rules.get(*id)) else { return };
        let names: Vec<String> = reported
            .iter()
            .filter_map(|id| self.hir.rules.get(*id))
            .map(|rule| format!("`{}`", rule.name))
            .collect();
        let mut diagnostic = Diagnostic::error(codes::EXCEPTION_CYCLE, format!("rules are exceptions to each other in a circle: {}", names.join(", ")), first.span, "this rule")
            .with_help("Decide which of them gives way, and take the other `to`, `despite` or `subject to` out.");
        for rule in reported.iter().skip(1).filter_map(|id| self.hir.rules.get(*id)) {
            diagnostic = diagnostic.with_label(rule.span, "and this one");
        }
        self.diagnostics.push(diagnostic);
    }
}
