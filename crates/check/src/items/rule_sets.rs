//! Sets of rules, which are named where all of their rules are meant.
//!
//! They exist in the text only: what names one has named its rules, one by one.

use exeat_diagnostics::{Diagnostic, codes};
use exeat_hir::RuleId;
use exeat_syntax::{Kind, Node};

use crate::checker::Checker;
use crate::collect::{Items, name_of, path_names, path_text};
use crate::environment::RuleSymbol;

/// The rules of a set, and whether anything names it.
#[derive(Clone, Debug, Default)]
pub(crate) struct RuleSet {
    rules: Vec<RuleId>,
    used: bool,
}

impl<'a> Checker<'a> {
    pub(crate) fn lower_rule_sets(&mut self, items: &Items<'a>) {
        for (module, node) in &items.rule_sets {
            let rules = self.in_module(*module, |checker| checker.rules_of_set(*node));
            self.rule_sets.push(RuleSet { rules, used: false });
        }
    }

    fn rules_of_set(&mut self, node: Node<'_>) -> Vec<RuleId> {
        let (name, span) = name_of(node);
        let paths: Vec<Node<'_>> =
            node.nodes_of(Kind::rule_set_item).filter_map(|item| item.node(Kind::path)).collect();
        if paths.is_empty() {
            let message = format!("the set `{name}` has no rules");
            let diagnostic =
                Diagnostic::error(codes::MISSING_CLAUSE, message, span, "no rule is named in it")
                    .with_help("Name its rules, with commas between them.");
            self.report(diagnostic);
        }
        let mut rules: Vec<RuleId> = Vec::new();
        for path in paths {
            let Some(rule) = self.rule_named(path) else { continue };
            if rules.contains(&rule) {
                let message = format!("`{}` stands twice in this set", path_text(path));
                let diagnostic = Diagnostic::error(
                    codes::DUPLICATE_CLAUSE,
                    message,
                    path.span(),
                    "named again here",
                )
                .with_help("Take one of them out.");
                self.report(diagnostic);
            } else {
                rules.push(rule);
            }
        }
        rules
    }

    /// The rules that a path names: one, or all of a set.
    pub(crate) fn rules_named(&mut self, path: Node<'_>) -> Vec<RuleId> {
        let names = path_names(path);
        let found = self.anywhere::<RuleSymbol>(&names).filter(|found| found.taken == names.len());
        let Some(RuleSymbol::Set(at)) = found.map(|found| found.symbol) else {
            return self.rule_named(path).into_iter().collect();
        };
        match self.rule_sets.get_mut(at) {
            Some(set) => {
                set.used = true;
                set.rules.clone()
            }
            None => Vec::new(),
        }
    }

    pub(crate) fn report_unused_rule_sets(&mut self, items: &Items<'a>) {
        // What names it may stand in text with an error.
        if self.diagnostics.iter().any(Diagnostic::is_error) {
            return;
        }
        let sets = items.rule_sets.iter().zip(&self.rule_sets);
        let unused: Vec<Diagnostic> = sets
            .filter(|(_, set)| !set.used)
            .map(|((_, node), _)| {
                let (name, span) = name_of(*node);
                let message = format!("the set of rules `{name}` is never used");
                Diagnostic::warning(codes::UNUSED_DEFINE, message, span, "not used")
                    .with_help("Name it after `to`, `subject to` or `despite`, or take it out.")
            })
            .collect();
        self.diagnostics.extend(unused);
    }
}
