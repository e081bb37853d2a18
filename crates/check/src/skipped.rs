use exeat_diagnostics::Span;
use exeat_hir::ModuleId;
use exeat_syntax::{Kind, Node, item_words};

use crate::checker::Checker;
use crate::environment::{RuleSymbol, TransactionSymbol, TypeSymbol, ValueSymbol};

/// Words with which items begin and after which no name of an item stands, or none at once.
const NO_NAME_FOLLOWS: [&str; 5] = ["edition", "module", "not", "scenario", "assume"];

/// Declares the names of items that could not be read, so that a fault in one item gives one
/// message and not one more for each use of its name.
pub(crate) fn declare_skipped(checker: &mut Checker<'_>, module: ModuleId, root: Node<'_>) {
    for token in root.tokens_of(Kind::skipped) {
        for line in root.token_text(token).lines() {
            if let Some(name) = declared_in(line) {
                declare_broken(checker, module, name, token.span);
            }
            if line.trim_start().starts_with("module ") {
                checker.names().incomplete = true;
            }
        }
    }
}

fn declared_in(line: &str) -> Option<&str> {
    let mut words = line.trim_start().split(|c: char| !(c.is_alphanumeric() || c == '_'));
    let first = words.next()?;
    let mut rest = words.filter(|word| !word.is_empty());
    match first {
        "not" => rest.nth(1),
        word if NO_NAME_FOLLOWS.contains(&word) => None,
        word if item_words().any(|item| item == word) => rest.next(),
        _ => None,
    }
}

fn declare_broken(checker: &mut Checker<'_>, module: ModuleId, name: &str, span: Span) {
    let names = checker.names();
    names.units.entry(name.into()).or_insert(None);
    if let Some(scope) = names.scopes.get_mut(&module) {
        scope.own.types.entry(name.into()).or_insert((TypeSymbol::Broken, span));
        scope.own.values.entry(name.into()).or_insert((ValueSymbol::Broken, span));
        scope.own.rules.entry(name.into()).or_insert((RuleSymbol::Broken, span));
        let transactions = &mut scope.own.transactions;
        transactions.entry(name.into()).or_insert((TransactionSymbol::Broken, span));
    }
}
