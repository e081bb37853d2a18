//! Scenarios: what is given and what is expected.

use std::collections::BTreeMap;

use exeat_diagnostics::{Diagnostic, Span, codes};
use exeat_hir::{
    Combine, DecisionId, Expectation, ExpectedOutcome, ExpectedReason, Expr, ExprKind, FactId,
    Given, ModuleId, ModuleStatus, OutcomePattern, ReadingId, ScenarioId, Ty,
};
use exeat_model::Value;
use exeat_syntax::{ComparisonSign, Expression, ExpressionKind, Kind, Node};

use crate::checker::Checker;
use crate::collect::{Items, path_names, path_text};
use crate::constants::constant;
use crate::environment::ValueSymbol;
use crate::names::joined;
use crate::transactions::Transactions;

impl<'a> Checker<'a> {
    pub(crate) fn lower_scenarios(&mut self, items: &Items<'a>) {
        let mut transactions = Transactions::new(items);
        for (id, module, node) in &items.scenarios {
            self.in_module(*module, |checker| {
                checker.lower_scenario(&mut transactions, *id, *node);
            });
        }
        self.lower_other_transactions(&mut transactions);
    }

    fn lower_scenario(
        &mut self,
        transactions: &mut Transactions<'_, 'a>,
        id: ScenarioId,
        node: Node<'_>,
    ) {
        let clause = self.single(node, Kind::as_of_clause, "as of");
        let as_of = clause
            .and_then(|clause| Some((clause, clause.token(Kind::date)?)))
            .and_then(|(clause, token)| self.date(clause.token_text(token), token.span));
        if clause.is_none() {
            let span = node.token(Kind::string).map_or(node.span(), |token| token.span);
            let diagnostic = Diagnostic::error(
                codes::MISSING_CLAUSE,
                "the scenario does not say for which date it asks",
                span,
                "`as of` is missing",
            )
            .with_help("Write `as of` and a date, as `as of 2025-05-15`.");
            self.report(diagnostic);
        }
        let readings = self.chosen_readings(node);
        let proposals = self.included(node);
        let given = self.all_given(transactions, node);
        let clauses = node.nodes_of(Kind::expect_clause);
        let expectations = clauses.filter_map(|clause| self.expectation(clause)).collect();
        if let Some(scenario) = self.program().scenarios.get_mut(id) {
            scenario.as_of = as_of.unwrap_or(scenario.as_of);
            scenario.readings = readings;
            scenario.proposals = proposals;
            scenario.given = given;
            scenario.expectations = expectations;
        }
    }

    fn chosen_readings(&mut self, node: Node<'_>) -> BTreeMap<ReadingId, usize> {
        let mut readings: BTreeMap<ReadingId, usize> = BTreeMap::new();
        let clauses = node.nodes_of(Kind::reading_clause);
        for path in clauses.flat_map(|clause| clause.nodes_of(Kind::path)) {
            let Some((reading, choice)) = self.reading_choice(path) else { continue };
            if readings.insert(reading, choice).is_some() {
                let name = self.hir.readings.get(reading).map(|one| one.name.clone());
                let diagnostic = Diagnostic::error(
                    codes::DUPLICATE_CLAUSE,
                    format!("the reading `{}` is chosen twice", name.unwrap_or_default()),
                    path.span(),
                    "chosen again here",
                )
                .with_help("A scenario is read in one way; write a second one for the other.");
                self.report(diagnostic);
            }
        }
        readings
    }

    fn included(&mut self, node: Node<'_>) -> Vec<ModuleId> {
        let mut modules = Vec::new();
        let clauses = node.nodes_of(Kind::include_clause);
        for path in clauses.flat_map(|clause| clause.nodes_of(Kind::path)) {
            let written = path_text(path);
            let Some(id) = self.environment.modules.get(written.as_str()).copied() else {
                if !self.may_be_unread() {
                    let known: Vec<String> =
                        self.environment.modules.keys().map(ToString::to_string).collect();
                    let message = format!("there is no module `{written}`");
                    self.unknown(codes::UNKNOWN_MODULE, message, &written, path.span(), &known);
                }
                continue;
            };
            let status = self.hir.modules.get(id).map(|module| module.status);
            if status == Some(ModuleStatus::Proposal) {
                modules.push(id);
                continue;
            }
            let diagnostic = Diagnostic::error(
                codes::STATUS_INVALID,
                format!("`{written}` is not a proposal"),
                path.span(),
                "decides in any case",
            )
            .with_help("`include` is for modules of `status proposal`; take it out.");
            self.report(diagnostic);
        }
        modules.sort_unstable();
        modules.dedup();
        modules
    }

    /// The facts that the `given` clauses of a scenario or transaction give.
    pub(crate) fn own_given(&mut self, node: Node<'_>) -> Vec<Given> {
        let mut given: Vec<Given> = Vec::new();
        let clauses = node.nodes_of(Kind::given_clause);
        for item in clauses.flat_map(|clause| clause.nodes_of(Kind::given_item)) {
            let Some(one) = self.given(item) else { continue };
            let first = given.iter().find(|known| known.fact == one.fact && known.path == one.path);
            if let Some(first) = first {
                let written = item.node(Kind::path).map(path_text).unwrap_or_default();
                let diagnostic = Diagnostic::error(
                    codes::MISSING_OR_DUPLICATE_FIELD_VALUE,
                    format!("`{written}` is given twice"),
                    one.span,
                    "given again here",
                )
                .with_label(first.span, "given here first")
                .with_help("Keep one of them.");
                self.report(diagnostic);
                continue;
            }
            given.push(one);
        }
        given
    }

    fn given(&mut self, item: Node<'_>) -> Option<Given> {
        let given = self.given_at_prompt(item)?;
        self.refuse_questions(&given.value);
        Some(given)
    }

    /// The same, where the value may be computed from other facts.
    pub(crate) fn given_at_prompt(&mut self, item: Node<'_>) -> Option<Given> {
        let path = item.node(Kind::path)?;
        let expression = item.expression()?;
        let names = path_names(path);
        // What a scenario gives is not a use of the fact: the rules must ask for it.
        let (fact, fields, ty) = self.fact_path(&names, path.span())?;
        let value = self.check(&expression, &ty);
        Some(Given { fact, path: fields, value, span: item.span() })
    }

    /// The fact and fields that a path names, and the type there.
    pub(crate) fn fact_path(
        &mut self,
        names: &[(&str, Span)],
        span: Span,
    ) -> Option<(FactId, Vec<usize>, Ty)> {
        let fact = match self.resolve::<ValueSymbol>(names).map(|found| (found.symbol, found.taken))
        {
            Some((ValueSymbol::Fact(fact), taken)) => Some((fact, taken)),
            Some((ValueSymbol::Broken, _)) => None,
            Some(_) => {
                let diagnostic = Diagnostic::error(
                    codes::UNKNOWN_NAME,
                    format!("`{}` is not a fact", joined(names)),
                    span,
                    "not a fact",
                )
                .with_help(
                    "Only what is declared with `fact` can be given; the rest follows from it.",
                );
                self.report(diagnostic);
                None
            }
            None if self.may_be_unread() => None,
            None => {
                let candidates: Vec<String> =
                    self.hir.facts.values().map(|fact| fact.name.to_string()).collect();
                let (first, place) = names.first().copied().unwrap_or(("", span));
                let message = format!("there is no fact `{first}`");
                self.unknown(codes::UNKNOWN_NAME, message, first, place, &candidates);
                None
            }
        };
        let (fact, taken) = fact?;
        let mut ty = self.hir.facts.get(fact)?.ty.clone();
        let mut fields = Vec::new();
        for (name, place) in names.iter().skip(taken) {
            let (at, inner) = self.field_of(&ty, name, *place)?;
            fields.push(at);
            ty = inner;
        }
        Some((fact, fields, ty))
    }

    /// What a scenario gives must not depend on facts or decisions.
    fn refuse_questions(&mut self, value: &Expr) {
        let mut reads: Option<Span> = None;
        value.visit(&mut |part| {
            let asks = matches!(
                part.kind,
                ExprKind::Fact(_) | ExprKind::Decision(_) | ExprKind::Define(..)
            );
            if asks {
                reads = reads.or(Some(part.span));
            }
        });
        let Some(span) = reads else { return };
        let diagnostic = Diagnostic::error(
            codes::NOT_CONSTANT,
            "what a scenario gives cannot depend on other facts",
            span,
            "reads facts",
        )
        .with_help("Write the value out.");
        self.report(diagnostic);
    }

    fn expectation(&mut self, clause: Node<'_>) -> Option<Expectation> {
        let mut because = Vec::new();
        let reasons = clause.node(Kind::because_clause);
        for path in reasons.into_iter().flat_map(|reasons| reasons.nodes_of(Kind::path)) {
            because.extend(self.rule_named(path));
        }
        let (decision, expression, outcome) =
            if let Some(node) = clause.node(Kind::expect_undetermined) {
                let decision = self.decision_named(node.node(Kind::path)?)?;
                let reason = node.node(Kind::expected_reason).map(|node| self.reason(node));
                (Some(decision), None, ExpectedOutcome::Undetermined(reason))
            } else if let Some(node) = clause.node(Kind::expect_not_needed) {
                let path = node.node(Kind::path)?;
                let decision = self.decision_named(path)?;
                self.check_can_be_unneeded(decision, path);
                (Some(decision), None, ExpectedOutcome::NotNeeded)
            } else {
                self.expected_value(&clause.expression()?)
            };
        if let (Some(reasons), None) = (reasons, decision) {
            let diagnostic = Diagnostic::error(
                codes::UNKNOWN_DECISION,
                "`because` goes with the outcome of a decision",
                reasons.span(),
                "reasons of which decision?",
            )
            .with_help("Write `expect DECISION is VALUE because RULE`.");
            self.report(diagnostic);
        }
        Some(Expectation { decision, expression, outcome, because, span: clause.span() })
    }

    fn check_can_be_unneeded(&mut self, id: DecisionId, path: Node<'_>) {
        let Some(decision) = self.hir.decisions.get(id) else { return };
        if decision.needed_when.is_some() {
            return;
        }
        let diagnostic = Diagnostic::error(
            codes::MISSING_CLAUSE,
            format!("the decision `{}` is always needed", decision.name),
            path.span(),
            "is needed in every case",
        )
        .with_label(decision.span, "has no `needed when`")
        .with_help("Expect a value, or add `needed when CONDITION` to the decision.");
        self.report(diagnostic);
    }

    fn reason(&mut self, node: Node<'_>) -> ExpectedReason {
        if node.has(Kind::kw_conflict) {
            return ExpectedReason::Conflict;
        }
        if node.has(Kind::kw_error) {
            return ExpectedReason::Error;
        }
        if node.has(Kind::kw_modelled) {
            return ExpectedReason::NotModelled;
        }
        let paths = node.nodes_of(Kind::path);
        ExpectedReason::MissingFacts(paths.filter_map(|path| self.missing_path(path)).collect())
    }

    /// A fact with fields as it is shown where it is missing; a reading by its full name.
    fn missing_path(&mut self, path: Node<'_>) -> Option<String> {
        let names = path_names(path);
        if let Some(found) = self.anywhere::<ValueSymbol>(&names)
            && let ValueSymbol::Reading(id) = found.symbol
            && found.taken == names.len()
        {
            let reading = self.hir.readings.get(id)?;
            return Some(self.hir.full_name(reading.module, &reading.name));
        }
        let (fact, fields, _) = self.fact_path(&names, path.span())?;
        let name = self.hir.facts.get(fact)?.name.to_string();
        let taken = names.len().saturating_sub(fields.len());
        let fields = names.iter().skip(taken).map(|(field, _)| (*field).to_owned());
        Some([name].into_iter().chain(fields).collect::<Vec<_>>().join("."))
    }

    /// `DECISION is VALUE`, or any other condition.
    fn expected_value(
        &mut self,
        expression: &Expression,
    ) -> (Option<DecisionId>, Option<Expr>, ExpectedOutcome) {
        let compared = match &expression.without_parentheses().kind {
            ExpressionKind::Compare(ComparisonSign::Is, left, right) => {
                self.decision_written(left).map(|decision| (decision, right))
            }
            _ => None,
        };
        let Some((decision, right)) = compared else {
            return (None, Some(self.condition(expression)), ExpectedOutcome::Condition);
        };
        let (ty, combine) = match self.hir.decisions.get(decision) {
            Some(known) => (known.ty.clone(), known.combine),
            None => (Ty::Error, Combine::Unique),
        };
        let wanted = match combine {
            Combine::Collect => Ty::Set(Box::new(ty.clone())),
            Combine::Strictest | Combine::Unique => ty.clone(),
        };
        let value = self.check(right, &wanted);
        if let Some(outcome) = self.expected_outcome(&value, &ty) {
            return (Some(decision), None, outcome);
        }
        if value.ty == Ty::Error {
            return (Some(decision), None, ExpectedOutcome::Condition);
        }
        // The right side depends on facts: it is a condition like any other.
        (None, Some(self.condition(expression)), ExpectedOutcome::Condition)
    }

    fn decision_written(&mut self, left: &Expression) -> Option<DecisionId> {
        let names = left.as_path()?;
        let before = self.diagnostics.len();
        let found = self.resolve_whole::<ValueSymbol>(&names);
        self.diagnostics.truncate(before);
        match found? {
            ValueSymbol::Decision(id) => Some(id),
            _ => None,
        }
    }

    fn expected_outcome(&self, value: &Expr, ty: &Ty) -> Option<ExpectedOutcome> {
        let value = constant(value)?;
        if let (Value::Outcome(outcome), Ty::Outcome(scale)) = (&value, ty) {
            let at = usize::try_from(outcome.rank).ok()?;
            let place = self.hir.scales.get(*scale)?.outcomes.get(at)?;
            if place.labels.is_some() && outcome.labels.is_empty() {
                let (rank, name) = (outcome.rank, outcome.name.clone());
                let pattern = OutcomePattern { rank, name, labels: Vec::new() };
                return Some(ExpectedOutcome::Place(pattern));
            }
        }
        Some(ExpectedOutcome::Value(value))
    }
}
