//! Rules, exceptions, and what is not modelled.

use exeat_diagnostics::{Diagnostic, Span, codes};
use exeat_hir::{
    Conclusion, DecisionId, Duty, Force, NotModelled, ReadingId, RuleId, UnderReading,
};
use exeat_syntax::{Kind, Node};

use crate::checker::{Checker, Item, cites, clause_text, name_of, path_of};

impl Checker<'_> {
    /// Lowers all rules and all `not modelled` items.
    pub(crate) fn lower_rules(&mut self) {
        for (file, id, node) in self.rule_nodes.clone() {
            self.file = file;
            self.lower_rule(id, node);
        }
        let edges: Vec<(RuleId, Vec<RuleId>)> =
            self.hir.rules.iter().map(|(id, rule)| (id, rule.defeats.clone())).collect();
        for (id, defeats) in edges {
            for other in defeats {
                if let Some(rule) = self.hir.rules.get_mut(other)
                    && !rule.defeated_by.contains(&id)
                {
                    rule.defeated_by.push(id);
                }
            }
        }
        for (file, node) in self.other_nodes.clone() {
            self.file = file;
            if node.kind() == Kind::not_modelled {
                self.lower_not_modelled(node);
            }
        }
    }

    fn lower_rule(&mut self, id: RuleId, node: Node<'_>) {
        for kind in [Kind::title_clause, Kind::when_clause, Kind::suspended_clause] {
            if kind != Kind::suspended_clause
                && let [first, second, ..] = node.nodes_of(kind).collect::<Vec<_>>().as_slice()
            {
                let diagnostic = Diagnostic::error(
                    codes::DUPLICATE_CLAUSE,
                    "this clause stands twice",
                    second.span(),
                    "again here",
                )
                .with_label(first.span(), "here first")
                .with_help("Join conditions with `and`.");
                self.diagnostics.push(diagnostic);
            }
        }
        let force = self.force(node);
        let when = node
            .node(Kind::when_clause)
            .and_then(Node::expression)
            .map(|condition| self.condition(&condition));
        let conclusions: Vec<Conclusion> =
            node.nodes_of(Kind::then_clause).filter_map(|clause| self.conclusion(clause)).collect();
        let duties = node.nodes_of(Kind::duty_clause).map(|clause| self.duty(clause)).collect();
        if node.kind() == Kind::rule && node.node(Kind::then_clause).is_none() {
            let (name, span) = name_of(node);
            let diagnostic = Diagnostic::error(
                codes::MISSING_CLAUSE,
                format!("the rule `{name}` decides nothing"),
                span,
                "this rule",
            )
            .with_help("Add `then DECISION is VALUE`. Only an exception may merely defeat.");
            self.diagnostics.push(diagnostic);
        }
        let mut defeats: Vec<RuleId> =
            node.nodes_of(Kind::path).filter_map(|path| self.rule_target(path)).collect();
        for clause in node.nodes_of(Kind::despite_clause) {
            defeats.extend(clause.nodes_of(Kind::path).filter_map(|path| self.rule_target(path)));
        }
        for clause in node.nodes_of(Kind::subject_to_clause) {
            for path in clause.nodes_of(Kind::path) {
                if let Some(stronger) =
                    self.rule_target(path).and_then(|other| self.hir.rules.get_mut(other))
                    && !stronger.defeats.contains(&id)
                {
                    stronger.defeats.push(id);
                }
            }
        }
        if let Some(rule) = self.hir.rules.get_mut(id) {
            rule.force = force;
            rule.when = when;
            rule.conclusions = conclusions;
            rule.duties = duties;
            for other in defeats {
                if !rule.defeats.contains(&other) {
                    rule.defeats.push(other);
                }
            }
        }
    }

    fn force(&mut self, node: Node<'_>) -> Force {
        let interval = self.interval(node);
        let suspensions =
            node.nodes_of(Kind::suspended_clause).map(|clause| self.interval(clause)).collect();
        let mut under = Vec::new();
        for clause in node.nodes_of(Kind::under_clause) {
            let mut found: Option<UnderReading> = None;
            for path in clause.nodes_of(Kind::path) {
                let Some((reading, choice)) = self.reading_choice(path) else { continue };
                match &mut found {
                    Some(under) if under.reading == reading => under.choices.push(choice),
                    Some(_) => self.error(
                        codes::UNKNOWN_READING,
                        "one `under` names choices of one reading",
                        path.span(),
                        "another reading; write a second `under`",
                    ),
                    None => found = Some(UnderReading { reading, choices: vec![choice] }),
                }
            }
            under.extend(found);
        }
        Force { interval, suspensions, under }
    }

    /// A reading and its choice, from a path such as `enforcement.as_written`.
    pub(crate) fn reading_choice(&mut self, path: Node<'_>) -> Option<(ReadingId, usize)> {
        let names = path_of(path);
        let parts: Vec<&str> = names.iter().map(String::as_str).collect();
        let known: Vec<String> = self
            .hir
            .readings
            .values()
            .flat_map(|reading| {
                reading.choices.iter().map(|choice| format!("{}.{}", reading.name, choice.name))
            })
            .collect();
        if let Some((Item::Reading(id), used)) = self.resolve(&parts, path.span())
            && let [choice] = parts.get(used..).unwrap_or(&[])
            && let Some(at) =
                self.hir.readings.get(id).and_then(|reading| {
                    reading.choices.iter().position(|known| known.name == *choice)
                })
        {
            return Some((id, at));
        }
        self.unknown(
            codes::UNKNOWN_READING,
            "choice of a reading",
            &parts.join("."),
            path.span(),
            &known,
        );
        None
    }

    /// A rule named by a path.
    pub(crate) fn rule_target(&mut self, path: Node<'_>) -> Option<RuleId> {
        let names = path_of(path);
        let parts: Vec<&str> = names.iter().map(String::as_str).collect();
        if let Some((Item::Rule(id), used)) = self.resolve(&parts, path.span())
            && used == parts.len()
        {
            return Some(id);
        }
        let known: Vec<String> =
            self.hir.rules.values().map(|rule| rule.name.to_string()).collect();
        self.unknown(codes::UNKNOWN_RULE, "rule", &parts.join("."), path.span(), &known);
        None
    }

    /// A decision named by a path.
    pub(crate) fn decision_target(&mut self, path: Node<'_>) -> Option<DecisionId> {
        let names = path_of(path);
        let parts: Vec<&str> = names.iter().map(String::as_str).collect();
        if let Some((Item::Decision(id), used)) = self.resolve(&parts, path.span())
            && used == parts.len()
        {
            return Some(id);
        }
        let known: Vec<String> =
            self.hir.decisions.values().map(|decision| decision.name.to_string()).collect();
        self.unknown(codes::UNKNOWN_DECISION, "decision", &parts.join("."), path.span(), &known);
        None
    }

    fn conclusion(&mut self, clause: Node<'_>) -> Option<Conclusion> {
        let decision = self.decision_target(clause.node(Kind::path)?)?;
        let (ty, combine) = self
            .hir
            .decisions
            .get(decision)
            .map(|decision| (decision.ty.clone(), decision.combine))?;
        let collects = combine == exeat_hir::Combine::Collect;
        if collects != clause.has(Kind::kw_includes) {
            let (found, wanted) = if collects { ("is", "includes") } else { ("includes", "is") };
            let span = clause
                .tokens()
                .find(|token| matches!(token.kind, Kind::kw_is | Kind::kw_includes))
                .map_or(clause.span(), |token| token.span);
            let diagnostic = Diagnostic::error(
                codes::DECISION_NOT_DECIDED_BY_RULE,
                format!("this decision is given values with `{wanted}`, not `{found}`"),
                span,
                format!("write `{wanted}`"),
            )
            .with_fix(format!("write `{wanted}`"), span, wanted);
            self.diagnostics.push(diagnostic);
        }
        let value = self.expect(&clause.expression()?, &ty);
        Some(Conclusion { decision, value, span: clause.span() })
    }

    fn duty(&mut self, clause: Node<'_>) -> Duty {
        let deadline = clause.node(Kind::deadline);
        let within = deadline.and_then(|deadline| deadline.node(Kind::quantity)).map(|quantity| {
            let expression = exeat_syntax::Expression::of(quantity);
            self.infer(&expression, None)
        });
        if let Some(expr) = &within {
            let time = expr.ty.dimension().is_some_and(|dimension| {
                dimension.factors().eq([("day", 1)]) || dimension.factors().eq([("month", 1)])
            });
            if !time && expr.ty != exeat_hir::Ty::Error {
                let label = format!("this is {}", self.describe(&expr.ty));
                self.error(
                    codes::DIMENSION_MISMATCH,
                    "a deadline is a time, as `30 days`",
                    expr.span,
                    label,
                );
            }
        }
        Duty {
            text: clause.string().unwrap_or_default(),
            within,
            of: deadline.and_then(Node::string),
            cites: cites(clause),
            span: clause.span(),
        }
    }

    fn lower_not_modelled(&mut self, node: Node<'_>) {
        let (name, span): (&str, Span) = name_of(node);
        let force = self.force(node);
        let when = node
            .node(Kind::when_clause)
            .and_then(Node::expression)
            .map(|condition| self.condition(&condition));
        let module = self.module();
        let named: Vec<DecisionId> = node
            .nodes_of(Kind::affects_clause)
            .flat_map(|clause| clause.nodes_of(Kind::path).collect::<Vec<_>>())
            .filter_map(|path| self.decision_target(path))
            .collect();
        let affects =
            if node.node(Kind::affects_clause).is_some() {
                named
            } else {
                let own = self
                    .hir
                    .decisions
                    .iter()
                    .filter(|(_, decision)| decision.module == module)
                    .map(|(id, _)| id);
                let concluded =
                    self.hir.rules.values().filter(|rule| rule.module == module).flat_map(|rule| {
                        rule.conclusions.iter().map(|conclusion| conclusion.decision)
                    });
                let mut all: Vec<DecisionId> = own.chain(concluded).collect();
                all.sort_unstable();
                all.dedup();
                all
            };
        self.hir.not_modelled.push(NotModelled {
            name: name.into(),
            module,
            title: clause_text(node, Kind::title_clause),
            cites: cites(node),
            force,
            when,
            affects,
            doc: node.documentation(),
            span,
        });
    }
}
