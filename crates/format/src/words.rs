//! Words in a row, with the spaces that belong between any two of them.

use exeat_syntax::{Element, Kind, Node, Tree};

use crate::document::Doc;
use crate::proof::significant;

/// All words of a node on one line.
pub(crate) fn in_a_row(tree: &Tree, node: Node<'_>) -> Doc {
    spaced(tree, &tokens(node))
}

/// These tokens on one line.
pub(crate) fn spaced(tree: &Tree, tokens: &[usize]) -> Doc {
    let mut row = Vec::new();
    let mut previous = None;
    for token in tokens {
        if previous.is_some_and(|previous| space_between(tree, previous, *token)) {
            row.push(Doc::Spaces(1));
        }
        row.push(Doc::Token(*token));
        previous = Some(*token);
    }
    Doc::Row(row)
}

/// The tokens of a node that must be printed, in order: no comments, no commas that may be left out.
pub(crate) fn tokens(node: Node<'_>) -> Vec<usize> {
    let mut found = Vec::new();
    let mut stack: Vec<Element<'_>> = vec![Element::Node(node)];
    while let Some(element) = stack.pop() {
        match element {
            Element::Token(id, _) => found.push(id.0),
            Element::Node(node) => stack.extend(significant(node).into_iter().rev()),
        }
    }
    found
}

/// Whether a space belongs between two words that follow each other.
fn space_between(tree: &Tree, left: usize, right: usize) -> bool {
    let kind = |token: usize| tree.tokens().get(token).map(|token| token.kind);
    let (Some(left_kind), Some(right_kind)) = (kind(left), kind(right)) else { return false };
    if right_kind == Kind::unit_name {
        return tree.tokens().get(right).is_some_and(|token| tree.slice(token.span) != "%");
    }
    let beside = (left_kind, right_kind);
    if matches!(beside, (Kind::kw_facts, Kind::colon) | (Kind::open_brace, Kind::close_brace)) {
        return false;
    }
    !matches!(right_kind, Kind::comma | Kind::dot | Kind::close_paren | Kind::close_bracket)
        && !matches!(left_kind, Kind::dot | Kind::open_paren | Kind::open_bracket)
}

/// Whether the text has white space, or a comment, before a token.
pub(crate) fn apart(tree: &Tree, token: usize) -> bool {
    let end = |token: usize| tree.tokens().get(token).map(|token| token.span.end);
    let start = tree.tokens().get(token).map(|token| token.span.start);
    token.checked_sub(1).and_then(end) != start
}
