//! Scenarios, assertions and assumptions.

use std::collections::BTreeMap;

use exeat_diagnostics::{Diagnostic, codes};
use exeat_hir::{
    Assertion, AssertionKind, Assumption, Combine, Expectation, ExpectedOutcome, ExpectedReason,
    Expr, ExprKind, Given, Scenario, Ty,
};
use exeat_model::Value;
use exeat_syntax::{ComparisonSign, Expression, ExpressionKind, Kind, Node};

use crate::checker::{Checker, Item, cites, clause_text, name_of, path_of};
use crate::declarations::constant;

impl Checker<'_> {
    /// Lowers all scenarios, assertions and assumptions.
    pub(crate) fn lower_scenarios(&mut self) {
        for (file, node) in self.other_nodes.clone() {
            self.file = file;
            match node.kind() {
                Kind::scenario => self.scenario(node),
                Kind::assertion => self.assertion(node),
                Kind::assumption => {
                    let Some(condition) =
                        node.expression().map(|condition| self.condition(&condition))
                    else {
                        continue;
                    };
                    let module = self.module();
                    self.hir.assumptions.push(Assumption {
                        module,
                        condition,
                        because: node.string().unwrap_or_default(),
                        span: node.span(),
                    });
                }
                _ => {}
            }
        }
    }

    fn scenario(&mut self, node: Node<'_>) {
        let title = node.string().unwrap_or_default();
        let span = node.token(Kind::string).map_or(node.span(), |token| token.span);
        let date = node.node(Kind::as_of_clause).and_then(|clause| {
            clause.token(Kind::date).map(|token| (clause.token_text(token), token.span))
        });
        let Some((text, place)) = date else {
            let diagnostic = Diagnostic::error(
                codes::MISSING_CLAUSE,
                "the scenario has no date",
                span,
                "this scenario",
            )
            .with_help("Add `as of 2025-05-15`: the law of a day is asked.");
            self.diagnostics.push(diagnostic);
            return;
        };
        let Some(as_of) = self.date(text, place) else { return };
        let mut readings = BTreeMap::new();
        for path in node
            .nodes_of(Kind::reading_clause)
            .flat_map(|clause| clause.nodes_of(Kind::path).collect::<Vec<_>>())
        {
            readings.extend(self.reading_choice(path));
        }
        let mut proposals = Vec::new();
        for path in node
            .nodes_of(Kind::include_clause)
            .flat_map(|clause| clause.nodes_of(Kind::path).collect::<Vec<_>>())
        {
            let name = path_of(path).join(".");
            let found = self
                .hir
                .modules
                .iter()
                .find(|(_, module)| module.name == name.as_str())
                .map(|(id, _)| id);
            if let Some(id) = found {
                proposals.push(id);
            } else {
                let known: Vec<String> =
                    self.hir.modules.values().map(|module| module.name.to_string()).collect();
                self.unknown(codes::UNKNOWN_MODULE, "module", &name, path.span(), &known);
            }
        }
        let items: Vec<Node<'_>> = node
            .nodes_of(Kind::given_clause)
            .flat_map(|clause| clause.nodes_of(Kind::given_item).collect::<Vec<_>>())
            .collect();
        let given = items.into_iter().filter_map(|item| self.given(item)).collect();
        let expectations = node
            .nodes_of(Kind::expect_clause)
            .filter_map(|clause| self.expectation(clause))
            .collect();
        let module = self.module();
        self.hir.scenarios.push(Scenario {
            title,
            module,
            as_of,
            readings,
            proposals,
            given,
            expectations,
            span,
        });
    }

    fn given(&mut self, item: Node<'_>) -> Option<Given> {
        let path = item.node(Kind::path)?;
        let names = path_of(path);
        let parts: Vec<&str> = names.iter().map(String::as_str).collect();
        let Some((Item::Fact(fact), used)) = self.resolve(&parts, path.span()) else {
            let known: Vec<String> =
                self.hir.facts.values().map(|fact| fact.name.to_string()).collect();
            self.unknown(codes::UNKNOWN_NAME, "fact", &parts.join("."), path.span(), &known);
            return None;
        };
        let mut ty = self.hir.facts.get(fact).map_or(Ty::Error, |fact| fact.ty.clone());
        let mut places = Vec::new();
        for name in parts.get(used..).unwrap_or(&[]) {
            let Ty::Record(record) = ty else {
                self.error(
                    codes::FIELD_OF_NON_RECORD,
                    format!("there is no field `{name}` here"),
                    path.span(),
                    "not a record",
                );
                return None;
            };
            let (at, inner) = self.field(record, name, path.span())?;
            places.push(at);
            ty = inner;
        }
        let value = self.expect(&item.expression()?, &ty);
        let mut reads_facts = false;
        value.visit(&mut |part| {
            reads_facts |= matches!(
                part.kind,
                ExprKind::Fact(_) | ExprKind::Decision(_) | ExprKind::Define(..)
            );
        });
        if reads_facts {
            self.error(
                codes::NOT_CONSTANT,
                "a given value is written out",
                value.span,
                "this reads another fact",
            );
        }
        Some(Given { fact, path: places, value, span: item.span() })
    }

    fn expectation(&mut self, clause: Node<'_>) -> Option<Expectation> {
        let because = clause
            .nodes_of(Kind::because_clause)
            .flat_map(|clause| clause.nodes_of(Kind::path).collect::<Vec<_>>())
            .filter_map(|path| self.rule_target(path))
            .collect();
        let span = clause.span();
        if let Some(inner) = clause.node(Kind::expect_undetermined) {
            let decision = self.decision_target(inner.node(Kind::path)?)?;
            let reason = inner.node(Kind::expected_reason).map(|reason| {
                if reason.has(Kind::kw_missing) {
                    ExpectedReason::MissingFacts(
                        reason.nodes_of(Kind::path).map(|path| path_of(path).join(".")).collect(),
                    )
                } else if reason.has(Kind::kw_conflict) {
                    ExpectedReason::Conflict
                } else if reason.has(Kind::kw_modelled) {
                    ExpectedReason::NotModelled
                } else {
                    ExpectedReason::Error
                }
            });
            return Some(Expectation {
                decision: Some(decision),
                expression: None,
                outcome: ExpectedOutcome::Undetermined(reason),
                because,
                span,
            });
        }
        if let Some(inner) = clause.node(Kind::expect_not_needed) {
            let decision = self.decision_target(inner.node(Kind::path)?)?;
            return Some(Expectation {
                decision: Some(decision),
                expression: None,
                outcome: ExpectedOutcome::NotNeeded,
                because,
                span,
            });
        }
        let expression = clause.expression()?;
        if let Some((decision, value)) = self.expected_value(&expression) {
            return Some(Expectation {
                decision: Some(decision),
                expression: None,
                outcome: ExpectedOutcome::Value(value),
                because,
                span,
            });
        }
        let condition = self.condition(&expression);
        Some(Expectation {
            decision: None,
            expression: Some(condition),
            outcome: ExpectedOutcome::Condition,
            because,
            span,
        })
    }

    /// `DECISION is VALUE`: the outcome is expected exactly so, labels included.
    fn expected_value(
        &mut self,
        expression: &Expression,
    ) -> Option<(exeat_hir::DecisionId, Value)> {
        let ExpressionKind::Compare(ComparisonSign::Is, left, right) = &expression.kind else {
            return None;
        };
        let path = left.as_path()?;
        let names: Vec<&str> = path.iter().map(|(name, _)| *name).collect();
        let Some((Item::Decision(decision), used)) = self.resolve(&names, left.span) else {
            return None;
        };
        if used != names.len() {
            return None;
        }
        let (ty, combine) = self
            .hir
            .decisions
            .get(decision)
            .map(|decision| (decision.ty.clone(), decision.combine))?;
        let wanted = if combine == Combine::Collect { Ty::Set(Box::new(ty)) } else { ty };
        let before = self.diagnostics.len();
        let expr: Expr = self.expect(right, &wanted);
        match (constant(&expr.kind), &expr.kind) {
            (Some(value), _) => Some((decision, value.clone())),
            (None, ExprKind::SetLiteral(members)) => {
                let values = members
                    .iter()
                    .map(|member| constant(&member.kind).cloned())
                    .collect::<Option<_>>()?;
                Some((decision, Value::Set(std::sync::Arc::new(values))))
            }
            (None, _) => {
                // It is looked at again as a condition, which reports what is wrong.
                self.diagnostics.truncate(before);
                None
            }
        }
    }

    fn assertion(&mut self, node: Node<'_>) {
        let (name, span) = name_of(node);
        let (kind, clause) = match (node.node(Kind::always_clause), node.node(Kind::never_clause)) {
            (Some(clause), None) => (AssertionKind::Always, clause),
            (None, Some(clause)) => (AssertionKind::Never, clause),
            _ => {
                let diagnostic = Diagnostic::error(
                    codes::MISSING_CLAUSE,
                    format!("`{name}` claims nothing, or two things"),
                    span,
                    "this assertion",
                )
                .with_help("Write one `always …` or one `never …`.");
                self.diagnostics.push(diagnostic);
                return;
            }
        };
        let Some(claim) = clause.expression().map(|claim| self.condition(&claim)) else { return };
        let when = node
            .node(Kind::when_clause)
            .and_then(Node::expression)
            .map(|condition| self.condition(&condition));
        let interval = self.interval(node);
        let module = self.module();
        let id = self.hir.assertions.push(Assertion {
            name: name.into(),
            module,
            title: clause_text(node, Kind::title_clause),
            cites: cites(node),
            kind,
            claim,
            when,
            interval,
            span,
        });
        self.declare_name(name, span, Item::Assertion(id));
    }
}
