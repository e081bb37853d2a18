//! The items of rule files by their words, and those that stand in one of two versions only.

use std::collections::{BTreeMap, BTreeSet};

use exeat_diagnostics::{SourceFile, Span};
use exeat_syntax::{Kind, Node, TokenId};

use crate::Session;

/// The places of the items that stand in one of two versions only.
pub(super) fn changed_items(before: &Session, after: &Session) -> Option<(Vec<Span>, Vec<Span>)> {
    let files = |session: &Session| -> BTreeMap<String, SourceFile> {
        session.sources.files().map(|(_, file)| (file.name.clone(), file.clone())).collect()
    };
    let (old_files, new_files) = (files(before), files(after));
    let (mut old, mut new) = (Vec::new(), Vec::new());
    for name in old_files.keys().chain(new_files.keys()).collect::<BTreeSet<_>>() {
        let (first, second) = (old_files.get(name), new_files.get(name));
        if first.zip(second).is_some_and(|(a, b)| a.text == b.text) {
            continue;
        }
        let first = first.map_or_else(|| Some(Items::default()), Items::of)?;
        let second = second.map_or_else(|| Some(Items::default()), Items::of)?;
        if old_files.contains_key(name) && new_files.contains_key(name) {
            if first.other != second.other {
                return None;
            }
        } else if !first.only_a_header || !second.only_a_header {
            return None;
        }
        old.extend(first.not_in(&second));
        new.extend(second.not_in(&first));
    }
    Some((old, new))
}

/// The items of a file, as their words without comments.
struct Items {
    followed: Vec<(String, Span)>,
    other: Vec<String>,
    only_a_header: bool,
}

impl Default for Items {
    fn default() -> Self {
        Self { followed: Vec::new(), other: Vec::new(), only_a_header: true }
    }
}

impl Items {
    /// None for a text that is no rule file.
    fn of(file: &SourceFile) -> Option<Self> {
        let parsed = exeat_syntax::parse(file.text.clone(), file.base);
        if parsed.has_errors() {
            return None;
        }
        let mut items = Self::default();
        for node in parsed.tree.root().nodes() {
            let words = words(node);
            match node.kind() {
                Kind::rule
                | Kind::exception
                | Kind::define
                | Kind::table
                | Kind::not_modelled
                | Kind::scenario => items.followed.push((words, node.span())),
                kind => {
                    items.only_a_header &= matches!(kind, Kind::edition | Kind::module);
                    items.other.push(words);
                }
            }
        }
        Some(items)
    }

    fn not_in(&self, others: &Self) -> Vec<Span> {
        let known: BTreeSet<&str> =
            others.followed.iter().map(|(words, _)| words.as_str()).collect();
        let own = self.followed.iter().filter(|(words, _)| !known.contains(words.as_str()));
        own.map(|(_, span)| *span).collect()
    }
}

/// The words of an item, each line of them on its own.
fn words(node: Node<'_>) -> String {
    let tree = node.tree();
    let mut words = String::new();
    let mut end = None;
    let (TokenId(first), TokenId(end_of_all)) = node.token_range();
    let tokens = tree.tokens().get(first..end_of_all).unwrap_or(&[]);
    for token in tokens.iter().filter(|token| token.kind != Kind::comment) {
        let between = end.map(|end| tree.slice(Span::new(end, token.span.start)));
        words.push_str(match between {
            Some(between) if between.contains('\n') => "\n",
            Some(_) => " ",
            None => "",
        });
        words.push_str(tree.slice(token.span));
        end = Some(token.span.end);
    }
    words
}
