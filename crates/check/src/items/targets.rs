//! Which rules defeat which: `to`, `despite`, `subject to`.

use std::collections::BTreeSet;

use exeat_diagnostics::{Diagnostic, codes};
use exeat_hir::RuleId;
use exeat_syntax::{Kind, Node};

use crate::checker::Checker;
use crate::collect::{Items, path_names, path_text};
use crate::environment::RuleSymbol;

impl<'a> Checker<'a> {
    pub(crate) fn lower_targets(&mut self, items: &Items<'a>) {
        let mut pairs: BTreeSet<(RuleId, RuleId)> = BTreeSet::new();
        for (id, module, node) in &items.rules {
            self.in_module(*module, |checker| checker.rule_targets(*id, *node, &mut pairs));
        }
        for (winner, loser) in pairs {
            if let Some(rule) = self.program().rules.get_mut(winner) {
                rule.defeats.push(loser);
            }
            if let Some(rule) = self.program().rules.get_mut(loser) {
                rule.defeated_by.push(winner);
            }
        }
    }

    fn rule_targets(&mut self, id: RuleId, node: Node<'_>, pairs: &mut BTreeSet<(RuleId, RuleId)>) {
        // The paths right below an exception are those after `to`.
        let excepted = node.nodes_of(Kind::path).count();
        let despite = node.nodes_of(Kind::despite_clause).flat_map(|one| one.nodes_of(Kind::path));
        let beaten = node.nodes_of(Kind::path).chain(despite).map(|path| (path, true));
        let subject = node.nodes_of(Kind::subject_to_clause);
        let beating = subject.flat_map(|one| one.nodes_of(Kind::path)).map(|path| (path, false));
        for (at, (path, wins)) in beaten.chain(beating).enumerate() {
            for other in self.rules_named(path) {
                if other == id {
                    let diagnostic = Diagnostic::error(
                        codes::EXCEPTION_CYCLE,
                        "a rule cannot be an exception to itself",
                        path.span(),
                        "this is the rule itself",
                    )
                    .with_help("Name the rule that gives way.");
                    self.report(diagnostic);
                    continue;
                }
                pairs.insert(if wins { (id, other) } else { (other, id) });
                if at < excepted
                    && let Some(rule) = self.program().rules.get_mut(id)
                    && !rule.exception_to.contains(&other)
                {
                    rule.exception_to.push(other);
                }
                self.targets.entry(id).or_default().push((other, path.span()));
            }
        }
    }

    /// The rule or exception that a path names, in whatever module.
    pub(crate) fn rule_named(&mut self, path: Node<'_>) -> Option<RuleId> {
        let names = path_names(path);
        let found = self.anywhere::<RuleSymbol>(&names);
        let written = path_text(path);
        let what = match found.filter(|found| found.taken == names.len()).map(|found| found.symbol)
        {
            Some(RuleSymbol::Rule(id)) => return Some(id),
            Some(RuleSymbol::Broken) => return None,
            Some(RuleSymbol::Set(_)) => "a set of rules",
            Some(RuleSymbol::NotModelled(_)) => "what is not modelled",
            Some(RuleSymbol::Assertion(_)) => "an assertion",
            None => {
                if !self.may_be_unread() {
                    let candidates = self.rule_names();
                    let message = format!("there is no rule `{written}`");
                    let code = codes::UNKNOWN_RULE;
                    self.unknown(code, message, &written, path.span(), &candidates);
                }
                return None;
            }
        };
        let diagnostic = Diagnostic::error(
            codes::UNKNOWN_RULE,
            format!("`{written}` is no rule but {what}"),
            path.span(),
            "not a rule",
        )
        .with_help("Name a `rule` or an `exception`.");
        self.report(diagnostic);
        None
    }

    /// The names of all rules, alone and with their modules.
    pub(crate) fn rule_names(&self) -> Vec<String> {
        let all = self.hir.rules.values();
        all.flat_map(|rule| [rule.name.to_string(), self.hir.full_name(rule.module, &rule.name)])
            .collect()
    }
}
