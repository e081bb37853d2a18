//! Transactions: facts that several scenarios begin from.
//!
//! They exist in the text only. A scenario that is `like` one has all that it gives, so that what runs
//! scenarios knows nothing of them.

use std::sync::Arc;

use exeat_diagnostics::{Diagnostic, Span, codes};
use exeat_hir::{Expr, ExprKind, Given, ModuleId};
use exeat_syntax::{Kind, Node};

use crate::checker::Checker;
use crate::collect::{Items, name_of, path_names, path_text};
use crate::environment::TransactionSymbol;

/// The transactions of all files, each looked into when it is first needed.
pub(crate) struct Transactions<'i, 'a> {
    items: &'i [(ModuleId, Node<'a>)],
    states: Vec<State>,
}

#[derive(Clone)]
enum State {
    New,
    Working,
    Done(Vec<Arc<Given>>),
}

impl<'i, 'a> Transactions<'i, 'a> {
    pub(crate) fn new(items: &'i Items<'a>) -> Self {
        Self { items: &items.transactions, states: vec![State::New; items.transactions.len()] }
    }
}

impl<'a> Checker<'a> {
    /// Looks into those that nothing is like, and warns of them.
    pub(crate) fn lower_other_transactions(&mut self, transactions: &mut Transactions<'_, 'a>) {
        for (at, (_, node)) in transactions.items.iter().enumerate() {
            if !matches!(transactions.states.get(at), Some(State::New)) {
                continue;
            }
            self.transaction(transactions, at);
            // A scenario with an error may mean this one.
            if self.diagnostics.iter().any(Diagnostic::is_error) {
                continue;
            }
            let (name, span) = name_of(*node);
            let message = format!("no scenario is like the transaction `{name}`");
            self.report(
                Diagnostic::warning(codes::UNUSED_DEFINE, message, span, "not used")
                    .with_help("Write `like` and its name in a scenario, or take it out."),
            );
        }
    }

    /// What a scenario or transaction gives: its own facts over those of what it is like.
    pub(crate) fn all_given(
        &mut self,
        transactions: &mut Transactions<'_, 'a>,
        node: Node<'_>,
    ) -> Vec<Arc<Given>> {
        let mut given = self.given_by_others(transactions, node);
        let own: Vec<_> = self.own_given(node).into_iter().map(Arc::new).collect();
        put_over(&mut given, &own);
        given
    }

    fn given_by_others(
        &mut self,
        transactions: &mut Transactions<'_, 'a>,
        node: Node<'_>,
    ) -> Vec<Arc<Given>> {
        let Some(clause) = self.single(node, Kind::like_clause, "like") else { return Vec::new() };
        let mut given = Vec::new();
        let mut all_known = true;
        for other in clause.nodes_of(Kind::path) {
            match self.transaction_named(transactions, other) {
                Some(others) => put_over(&mut given, &others),
                None => all_known = false,
            }
        }
        let left_out = clause.node(Kind::left_out).filter(|_| all_known);
        for path in left_out.into_iter().flat_map(|list| list.nodes_of(Kind::path)) {
            let Some((fact, fields, _)) = self.fact_path(&path_names(path), path.span()) else {
                continue;
            };
            let before = given.len();
            given.retain(|one| !(one.fact == fact && one.path.starts_with(&fields)));
            let taken = given.len() < before
                || given.iter_mut().filter(|one| one.fact == fact).any(|one| {
                    let inside = fields.strip_prefix(one.path.as_slice());
                    inside
                        .is_some_and(|inside| leave_unknown(&mut Arc::make_mut(one).value, inside))
                });
            if !taken {
                let others: Vec<String> = clause
                    .nodes_of(Kind::path)
                    .map(|path| format!("`{}`", path_text(path)))
                    .collect();
                let verb = if others.len() == 1 { "does not give" } else { "do not give" };
                let message = format!("{} {verb} `{}`", others.join(" and "), path_text(path));
                let diagnostic = Diagnostic::error(
                    codes::MISSING_OR_DUPLICATE_FIELD_VALUE,
                    message,
                    path.span(),
                    "not given there",
                )
                .with_help("Name it as the transaction gives it, or take it out here.");
                self.report(diagnostic);
            }
        }
        given
    }

    fn transaction_named(
        &mut self,
        transactions: &mut Transactions<'_, 'a>,
        path: Node<'_>,
    ) -> Option<Vec<Arc<Given>>> {
        let names = path_names(path);
        let written = path_text(path);
        match self.resolve_whole::<TransactionSymbol>(&names) {
            Some(TransactionSymbol::Transaction(at)) => {
                if matches!(transactions.states.get(at), Some(State::Working)) {
                    self.report(circle(&written, path.span()));
                    return None;
                }
                Some(self.transaction(transactions, at))
            }
            Some(TransactionSymbol::Broken) => None,
            None if self.may_be_unread() => None,
            None => {
                let candidates = self.visible::<TransactionSymbol>();
                let message = format!("there is no transaction `{written}`");
                self.unknown(codes::UNKNOWN_NAME, message, &written, path.span(), &candidates);
                None
            }
        }
    }

    fn transaction(
        &mut self,
        transactions: &mut Transactions<'_, 'a>,
        at: usize,
    ) -> Vec<Arc<Given>> {
        if let Some(State::Done(given)) = transactions.states.get(at) {
            return given.clone();
        }
        let Some((module, node)) = transactions.items.get(at).copied() else { return Vec::new() };
        set(transactions, at, State::Working);
        let given = self.in_module(module, |checker| checker.all_given(transactions, node));
        set(transactions, at, State::Done(given.clone()));
        given
    }
}

/// Puts what is given later over what is given before: a whole fact replaces also the parts of it.
fn put_over(given: &mut Vec<Arc<Given>>, later: &[Arc<Given>]) {
    given.retain(|before| {
        !later.iter().any(|one| one.fact == before.fact && before.path.starts_with(&one.path))
    });
    given.extend_from_slice(later);
}

/// Takes a field out of a record that is written out; whether it was there.
fn leave_unknown(value: &mut Expr, fields: &[usize]) -> bool {
    let (Some((first, rest)), ExprKind::Record(_, entries)) =
        (fields.split_first(), &mut value.kind)
    else {
        return false;
    };
    match entries.get_mut(*first) {
        Some(entry) if rest.is_empty() => entry.take().is_some(),
        Some(Some(inner)) => leave_unknown(inner, rest),
        _ => false,
    }
}

fn set(transactions: &mut Transactions<'_, '_>, at: usize, state: State) {
    if let Some(place) = transactions.states.get_mut(at) {
        *place = state;
    }
}

fn circle(written: &str, span: Span) -> Diagnostic {
    let message = format!("a circle of transactions: `{written}` is like itself");
    Diagnostic::error(codes::DEFINITION_CYCLE, message, span, "comes back to it")
        .with_help("Let one of them stand on its own.")
}
