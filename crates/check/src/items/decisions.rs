use exeat_diagnostics::{Diagnostic, codes};
use exeat_hir::{Combine, DecisionId, Ty};
use exeat_syntax::{Kind, Node};

use crate::checker::Checker;
use crate::collect::{Items, cites, name_of, path_names, path_text};
use crate::environment::ValueSymbol;
use crate::names::unknown;

impl<'a> Checker<'a> {
    /// Types and ways to combine, which must be known before any rule is looked into.
    pub(crate) fn lower_decision_types(&mut self, items: &Items<'a>) {
        for (id, module, node) in &items.decisions {
            let (ty, combine) = self.in_module(*module, |checker| {
                let ty = checker.declared_type(*node).unwrap_or(Ty::Error);
                let combine = checker.combine(*node, &ty);
                (checker.outcome_type(*node, ty, combine), combine)
            });
            if let Some(decision) = self.program().decisions.get_mut(*id) {
                decision.ty = ty;
                decision.combine = combine;
            }
        }
    }

    fn combine(&mut self, node: Node<'_>, ty: &Ty) -> Combine {
        let guess = match ty {
            Ty::Set(_) => Combine::Collect,
            _ => Combine::Unique,
        };
        let (name, span) = name_of(node);
        let Some(clause) = self.single(node, Kind::combine_clause, "combine") else {
            let word = match ty {
                Ty::Set(_) => "collect",
                Ty::Outcome(_) => "strictest",
                _ => "unique",
            };
            let diagnostic = Diagnostic::error(
                codes::MISSING_CLAUSE,
                format!("the decision `{name}` does not say how its rules combine"),
                span,
                "`combine` is missing",
            )
            .with_help(format!(
                "Write `combine {word}`: `strictest` on a scale, `unique` if all rules must agree, \
                 `collect` for a set."
            ));
            self.report(diagnostic);
            return guess;
        };
        let (word, word_span) = name_of(clause);
        match word.as_str() {
            "strictest" => Combine::Strictest,
            "unique" => Combine::Unique,
            "collect" => Combine::Collect,
            other => {
                let words = ["strictest", "unique", "collect"].map(str::to_owned);
                let message = format!("`{other}` is not a way to combine rules");
                let diagnostic = unknown(codes::WRONG_COMBINE, message, other, word_span, &words)
                    .with_note("Rules combine as `strictest`, `unique` or `collect`.");
                self.report(diagnostic);
                guess
            }
        }
    }

    /// The type of the outcome; of the elements for `collect`. Checks that it goes with `combine`.
    fn outcome_type(&mut self, node: Node<'_>, ty: Ty, combine: Combine) -> Ty {
        let span = node.node(Kind::r#type).map_or(node.span(), Node::span);
        let word = node.node(Kind::combine_clause).map_or(span, Node::span);
        match (combine, ty) {
            (_, Ty::Error) => Ty::Error,
            (Combine::Collect, Ty::Set(element)) => *element,
            (Combine::Collect, ty) => {
                let text = node.node(Kind::r#type).map(Node::text).unwrap_or_default();
                let diagnostic = Diagnostic::error(
                    codes::WRONG_COMBINE,
                    "`collect` makes a set, and the type is none",
                    span,
                    "not a set",
                )
                .with_label(word, "makes a set")
                .with_fix(
                    format!("write `set of {text}`"),
                    span,
                    format!("set of {text}"),
                );
                self.report(diagnostic);
                ty
            }
            (_, Ty::Set(_)) => {
                let diagnostic = Diagnostic::error(
                    codes::WRONG_COMBINE,
                    "a decision that is a set needs `combine collect`",
                    word,
                    "does not make a set",
                )
                .with_label(span, "a set");
                self.report(diagnostic);
                Ty::Error
            }
            (Combine::Strictest, ty @ Ty::Outcome(_)) | (Combine::Unique, ty) => ty,
            (Combine::Strictest, _) => {
                let diagnostic = Diagnostic::error(
                    codes::WRONG_COMBINE,
                    "`strictest` needs a scale, and the type is none",
                    word,
                    "needs a scale",
                )
                .with_label(span, "not a scale")
                .with_help("Declare a `scale` for this decision, or write `combine unique`.");
                self.report(diagnostic);
                Ty::Error
            }
        }
    }

    pub(crate) fn lower_decisions(&mut self, items: &Items<'a>) {
        for (id, module, node) in &items.decisions {
            self.in_module(*module, |checker| checker.lower_decision(*id, *node));
        }
    }

    fn lower_decision(&mut self, id: DecisionId, node: Node<'_>) {
        let Some(decision) = self.hir.decisions.get(id) else { return };
        let (ty, combine) = (decision.ty.clone(), decision.combine);
        let (name, span) = (decision.name.clone(), decision.span);
        let needed = self
            .single(node, Kind::needed_clause, "needed when")
            .and_then(Node::expression)
            .map(|condition| self.condition(&condition));
        let clause = self.single(node, Kind::otherwise_clause, "otherwise");
        let mut otherwise = None;
        match (clause.and_then(Node::expression), combine) {
            (Some(expression), Combine::Collect) => {
                let diagnostic = Diagnostic::error(
                    codes::WRONG_COMBINE,
                    "a `collect` decision for which no rule applies is the empty set",
                    expression.span,
                    "cannot be given here",
                )
                .with_help("Take `otherwise` out.");
                self.report(diagnostic);
            }
            (Some(expression), _) => {
                let value = self.check(&expression, &ty);
                otherwise = self.must_be_constant(&value, "the value after `otherwise`");
            }
            (None, Combine::Collect) => {}
            (None, _) => {
                let diagnostic = Diagnostic::error(
                    codes::MISSING_OTHERWISE,
                    format!("the decision `{name}` does not say what holds if no rule applies"),
                    span,
                    "`otherwise` is missing",
                )
                .with_help("Write `otherwise VALUE cite \"…\"`: nothing holds that nobody wrote.");
                self.report(diagnostic);
            }
        }
        if let Some(decision) = self.program().decisions.get_mut(id) {
            decision.otherwise = otherwise;
            decision.otherwise_cites = clause.map(cites).unwrap_or_default();
            decision.needed_when = needed;
        }
    }

    /// The decision that a path names, in whatever module.
    pub(crate) fn decision_named(&mut self, path: Node<'_>) -> Option<DecisionId> {
        let names = path_names(path);
        let found = self.anywhere::<ValueSymbol>(&names);
        let written = path_text(path);
        match found.filter(|found| found.taken == names.len()).map(|found| found.symbol) {
            Some(ValueSymbol::Decision(id)) => return Some(id),
            Some(ValueSymbol::Broken) => {}
            Some(_) => {
                let diagnostic = Diagnostic::error(
                    codes::UNKNOWN_DECISION,
                    format!("`{written}` is not a decision"),
                    path.span(),
                    "not a decision",
                )
                .with_help("Rules give values to what is declared with `decision`.");
                self.report(diagnostic);
            }
            None if self.may_be_unread() => {}
            None => {
                let candidates = self.decision_names();
                let message = format!("there is no decision `{written}`");
                let code = codes::UNKNOWN_DECISION;
                self.unknown(code, message, &written, path.span(), &candidates);
            }
        }
        None
    }

    /// The names of all decisions, alone and with their modules.
    pub(crate) fn decision_names(&self) -> Vec<String> {
        let all = self.hir.decisions.values();
        all.flat_map(|decision| {
            [decision.name.to_string(), self.hir.full_name(decision.module, &decision.name)]
        })
        .collect()
    }
}
