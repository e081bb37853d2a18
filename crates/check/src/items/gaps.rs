//! What is not modelled, and what is claimed or assumed about all transactions.

use std::collections::BTreeSet;

use exeat_diagnostics::{Diagnostic, all_codes, codes};
use exeat_hir::{
    Acceptance, AssertionId, AssertionKind, Assumption, DecisionId, ModuleId, NotModelledId,
};
use exeat_syntax::{Expression, Kind, Node};

use crate::checker::Checker;
use crate::collect::{Items, cites, name_of};

impl<'a> Checker<'a> {
    pub(crate) fn lower_not_modelled(&mut self, items: &Items<'a>) {
        for (id, module, node) in &items.not_modelled {
            self.in_module(*module, |checker| checker.lower_gap(*id, *module, *node));
        }
    }

    fn lower_gap(&mut self, id: NotModelledId, module: ModuleId, node: Node<'_>) {
        let force = self.force(node);
        let when = self
            .single(node, Kind::when_clause, "when")
            .and_then(Node::expression)
            .map(|condition| self.condition(&condition));
        let mut affects: BTreeSet<DecisionId> = BTreeSet::new();
        if node.node(Kind::affects_clause).is_none() {
            affects = self.decisions_of(module);
        }
        let clauses = node.nodes_of(Kind::affects_clause);
        for path in clauses.flat_map(|one| one.nodes_of(Kind::path)) {
            affects.extend(self.decision_named(path));
        }
        let accepted = self.accepted(node);
        if let Some(gap) = self.program().not_modelled.get_mut(id) {
            gap.accepted = accepted;
            gap.force = force;
            gap.when = when;
            gap.affects = affects.into_iter().collect();
        }
    }

    /// The decisions that a module declares, and those that its rules decide.
    fn decisions_of(&self, module: ModuleId) -> BTreeSet<DecisionId> {
        let decisions = self.hir.decisions.iter();
        let own = decisions.filter(|(_, one)| one.module == module).map(|(id, _)| id);
        let rules = self.hir.rules.values().filter(|rule| rule.module == module);
        let decided = rules.flat_map(|rule| &rule.conclusions).map(|one| one.decision);
        own.chain(decided).collect()
    }

    pub(crate) fn lower_claims(&mut self, items: &Items<'a>) {
        for (id, module, node) in &items.assertions {
            self.in_module(*module, |checker| checker.lower_assertion(*id, *node));
        }
        for (module, node) in &items.assumptions {
            let Some(expression) = node.node(Kind::expr).map(Expression::of) else { continue };
            let condition = self.in_module(*module, |checker| checker.condition(&expression));
            let because = node.string().unwrap_or_default();
            let (module, span) = (*module, node.span());
            self.program().assumptions.push(Assumption { module, condition, because, span });
        }
    }

    /// The findings of the analysis that an item accepts.
    pub(crate) fn accepted(&mut self, node: Node<'_>) -> Vec<Acceptance> {
        let clauses: Vec<Node<'_>> = node.nodes_of(Kind::accepted_clause).collect();
        let mut accepted = Vec::new();
        for clause in clauses {
            let (code, place) = name_of(clause);
            let is_finding = |code: &str| code.starts_with('A') && code.len() == 4;
            let known: Vec<String> = all_codes()
                .map(|known| known.code.0.to_owned())
                .filter(|code| is_finding(code))
                .collect();
            if !known.iter().any(|known| *known == code) {
                let message = format!("there is no finding `{code}`");
                self.unknown(codes::UNKNOWN_NAME, message, &code, place, &known);
                continue;
            }
            accepted.push(Acceptance {
                code,
                because: clause.string().unwrap_or_default(),
                cites: cites(clause),
                interval: self.interval(clause),
                span: clause.span(),
            });
        }
        accepted
    }

    fn lower_assertion(&mut self, id: AssertionId, node: Node<'_>) {
        let interval = self.interval(node);
        let when = self
            .single(node, Kind::when_clause, "when")
            .and_then(Node::expression)
            .map(|condition| self.condition(&condition));
        let mut claims = node.nodes().filter(|part| {
            matches!(part.kind(), Kind::always_clause | Kind::never_clause | Kind::covers_clause)
        });
        let claim = claims.next();
        if let (Some(first), Some(second)) = (claim, claims.next()) {
            let diagnostic = Diagnostic::error(
                codes::DUPLICATE_CLAUSE,
                "an assertion makes one claim",
                second.span(),
                "second claim",
            )
            .with_label(first.span(), "first claim")
            .with_help("Write one `assert` for each claim.");
            self.report(diagnostic);
        }
        let Some(clause) = claim else {
            let (name, span) = name_of(node);
            let diagnostic = Diagnostic::error(
                codes::MISSING_CLAUSE,
                format!("the assertion `{name}` claims nothing"),
                span,
                "`always`, `never` or `covers` is missing",
            )
            .with_help("Write `always CONDITION`, `never CONDITION` or `covers DECISION`.");
            self.report(diagnostic);
            return;
        };
        let covered = clause
            .node(Kind::path)
            .filter(|_| clause.kind() == Kind::covers_clause)
            .and_then(|path| self.decision_named(path));
        let kind = match (clause.kind(), covered) {
            (Kind::never_clause, _) => AssertionKind::Never,
            (_, Some(decision)) => AssertionKind::Covers(decision),
            _ => AssertionKind::Always,
        };
        let accepted = self.accepted(node);
        let claim = clause.expression().map(|condition| self.condition(&condition));
        if let Some(assertion) = self.program().assertions.get_mut(id) {
            assertion.kind = kind;
            assertion.accepted = accepted;
            assertion.interval = interval;
            assertion.when = when;
            if let Some(claim) = claim {
                assertion.claim = claim;
            }
        }
    }
}
