use exeat_diagnostics::{Diagnostic, codes};
use exeat_hir::{
    Combine, Conclusion, Deadline, Duty, Expr, Force, RuleId, RuleKind, Ty, UnderReading,
};
use exeat_model::{Date, Dimension};
use exeat_syntax::{Expression, Kind, Node};

use crate::checker::{Checker, broken};
use crate::collect::{Items, cites, path_text};
use crate::describe::describe;

impl<'a> Checker<'a> {
    pub(crate) fn lower_rules(&mut self, items: &Items<'a>) {
        for (id, module, node) in &items.rules {
            self.in_module(*module, |checker| checker.lower_rule(*id, *node));
        }
    }

    fn lower_rule(&mut self, id: RuleId, node: Node<'_>) {
        let force = self.force(node);
        let when = self
            .single(node, Kind::when_clause, "when")
            .and_then(Node::expression)
            .map(|condition| self.condition(&condition));
        let mut conclusions: Vec<Conclusion> = Vec::new();
        for clause in node.nodes_of(Kind::then_clause) {
            let Some(conclusion) = self.conclusion(clause) else { continue };
            self.refuse_second_value(&conclusions, &conclusion);
            conclusions.push(conclusion);
        }
        let duties: Vec<Duty> =
            node.nodes_of(Kind::duty_clause).map(|clause| self.duty(clause)).collect();
        let accepted = self.accepted(node);
        if node.node(Kind::then_clause).is_none() {
            self.refuse_without_conclusion(id, duties.first());
        }
        if let Some(rule) = self.program().rules.get_mut(id) {
            rule.force = force;
            rule.when = when;
            rule.conclusions = conclusions;
            rule.duties = duties;
            rule.accepted = accepted;
        }
    }

    /// Only an exception may merely defeat, and only if nothing has to be done for it.
    fn refuse_without_conclusion(&mut self, id: RuleId, duty: Option<&Duty>) {
        let Some(rule) = self.hir.rules.get(id) else { return };
        let diagnostic = match (duty, rule.kind) {
            (Some(duty), _) => Diagnostic::error(
                codes::DUTY_WITHOUT_OUTCOME,
                format!("`{}` has a duty but decides nothing", rule.name),
                duty.span,
                "to be done where which outcome holds?",
            )
            .with_help("Add `then DECISION is VALUE`: a duty goes with the outcome of its rule."),
            (None, RuleKind::Rule) => Diagnostic::error(
                codes::MISSING_CLAUSE,
                format!("the rule `{}` decides nothing", rule.name),
                rule.span,
                "`then` is missing",
            )
            .with_help("Add `then DECISION is VALUE`."),
            (None, RuleKind::Exception) => return,
        };
        self.report(diagnostic);
    }

    /// When something has force and under which readings.
    pub(crate) fn force(&mut self, node: Node<'_>) -> Force {
        let interval = self.interval(node);
        let suspended = node.nodes_of(Kind::suspended_clause);
        let suspensions = suspended.map(|clause| self.interval(clause)).collect();
        let under = node.nodes_of(Kind::under_clause);
        let under = under.filter_map(|clause| self.under(clause)).collect();
        Force { interval, suspensions, under }
    }

    /// The choices of one reading, any of which will do.
    fn under(&mut self, clause: Node<'_>) -> Option<UnderReading> {
        let mut found: Option<UnderReading> = None;
        for path in clause.nodes_of(Kind::path) {
            let Some((reading, choice)) = self.reading_choice(path) else { continue };
            match &mut found {
                None => found = Some(UnderReading { reading, choices: vec![choice] }),
                Some(known) if known.reading == reading => {
                    if !known.choices.contains(&choice) {
                        known.choices.push(choice);
                    }
                }
                Some(_) => {
                    let diagnostic = Diagnostic::error(
                        codes::UNKNOWN_READING,
                        "one `under` clause names choices of one reading",
                        path.span(),
                        "a choice of another reading",
                    )
                    .with_help(
                        "Choices after commas mean \"any of them\". For \"both\", write a second \
                         `under` clause.",
                    );
                    self.report(diagnostic);
                }
            }
        }
        if let Some(found) = &mut found {
            found.choices.sort_unstable();
        }
        found
    }

    fn conclusion(&mut self, clause: Node<'_>) -> Option<Conclusion> {
        let path = clause.node(Kind::path)?;
        let expression = clause.expression()?;
        let decision = self.decision_named(path)?;
        let known = self.hir.decisions.get(decision)?;
        let (ty, combine) = (known.ty.clone(), known.combine);
        self.check_conclusion_word(clause, path, combine);
        let value = self.check(&expression, &ty);
        if combine == Combine::Strictest {
            self.must_be_constant(&value, "an outcome on a scale");
        }
        Some(Conclusion { decision, value, span: clause.span() })
    }

    fn check_conclusion_word(&mut self, clause: Node<'_>, path: Node<'_>, combine: Combine) {
        let name = path_text(path);
        let is_set = combine == Combine::Collect;
        let includes = clause.token(Kind::kw_includes);
        if is_set == includes.is_some() {
            return;
        }
        let Some(word) = includes.or_else(|| clause.token(Kind::kw_is)) else { return };
        let (wanted, message) = if is_set {
            ("includes", format!("`{name}` is a set, so a rule says what it `includes`"))
        } else {
            ("is", format!("`{name}` has one outcome, so a rule says what it `is`"))
        };
        let diagnostic =
            Diagnostic::error(codes::WRONG_COMBINE, message, word.span, "the wrong word here")
                .with_fix(format!("write `{wanted}`"), word.span, wanted);
        self.report(diagnostic);
    }

    fn refuse_second_value(&mut self, conclusions: &[Conclusion], new: &Conclusion) {
        let Some(first) = conclusions.iter().find(|known| known.decision == new.decision) else {
            return;
        };
        let Some(decision) = self.hir.decisions.get(new.decision) else { return };
        if decision.combine == Combine::Collect {
            return;
        }
        let diagnostic = Diagnostic::error(
            codes::DUPLICATE_CLAUSE,
            format!("this rule decides `{}` twice", decision.name),
            new.span,
            "decided again here",
        )
        .with_label(first.span, "decided here first")
        .with_help("Keep one of them, or write two rules.");
        self.report(diagnostic);
    }

    fn duty(&mut self, clause: Node<'_>) -> Duty {
        Duty {
            text: clause.string().unwrap_or_default(),
            deadline: clause.node(Kind::deadline).and_then(|node| self.deadline(node)),
            cites: cites(clause),
            span: clause.span(),
        }
    }

    fn deadline(&mut self, node: Node<'_>) -> Option<Deadline> {
        if node.has(Kind::kw_each) {
            return Some(Deadline::EachYear(self.days_of_the_year(node)));
        }
        let time = self.time(&Expression::of(node.node(Kind::quantity)?));
        let event = node.string();
        Some(if node.has(Kind::kw_before) {
            Deadline::Before { time, event: event.unwrap_or_default() }
        } else {
            Deadline::Within { time, of: event }
        })
    }

    fn days_of_the_year(&mut self, node: Node<'_>) -> Vec<(i8, i8)> {
        let mut days: Vec<(i8, i8)> = Vec::new();
        for token in node.tokens_of(Kind::month_day) {
            let text = node.token_text(token);
            let parts = text.split_once('-').and_then(|(month, day)| {
                Some((month.parse::<i8>().ok()?, day.parse::<i8>().ok()?))
            });
            // A year without a 29 February: what falls due each year has a day in every one.
            let day = parts.filter(|(month, day)| Date::new(2025, *month, *day).is_ok());
            match day {
                None => {
                    let message = format!("`{text}` is not a day of each year");
                    let diagnostic =
                        Diagnostic::error(codes::NO_SUCH_DATE, message, token.span, "no such day")
                            .with_help("Write month and day, as `02-01` for 1 February.");
                    self.report(diagnostic);
                }
                Some(day) if days.contains(&day) => {
                    let message = format!("`{text}` stands twice");
                    let diagnostic = Diagnostic::error(
                        codes::DUPLICATE_CLAUSE,
                        message,
                        token.span,
                        "given again here",
                    )
                    .with_help("Keep one of them.");
                    self.report(diagnostic);
                }
                Some(day) => days.push(day),
            }
        }
        days.sort_unstable();
        days
    }

    fn time(&mut self, expression: &Expression) -> Expr {
        let value = self.infer(expression);
        let is_time = value.ty.dimension().is_some_and(|dimension| {
            *dimension == Dimension::base("day") || *dimension == Dimension::base("month")
        });
        if is_time || value.ty == Ty::Error {
            return value;
        }
        let found = describe(&self.hir, &value.ty);
        let diagnostic = Diagnostic::error(
            codes::DIMENSION_MISMATCH,
            format!("a deadline is a time, and this is {found}"),
            value.span,
            "not a time",
        )
        .with_help("Write a time, as `30 days` or `6 months`.");
        self.report(diagnostic);
        broken(value.span)
    }
}
