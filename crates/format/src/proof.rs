//! The proof that two texts say the same: the same tree, the same comments in the same order.
//!
//! Commas that the grammar leaves to taste are not compared, and neither is white space at the end of
//! a comment.

use exeat_diagnostics::Span;
use exeat_syntax::{Element, Kind, Node, Tree};

/// Where and how two texts differ.
#[derive(Debug)]
pub(crate) struct Difference {
    /// The place in the first.
    pub(crate) at: Span,
    /// What differs, in words.
    pub(crate) what: String,
}

/// The first difference between two trees, if there is one.
pub(crate) fn difference(before: &Tree, after: &Tree) -> Option<Difference> {
    let (words, others) = (told(before), told(after));
    for (at, (kind, span, text)) in words.iter().enumerate() {
        let other = others.get(at);
        if other.is_none_or(|(other, _, other_text)| other != kind || other_text != text) {
            let found = other.map_or("nothing", |(_, _, text)| text);
            return Some(Difference {
                at: *span,
                what: format!("where the file has `{text}`, the result would have `{found}`"),
            });
        }
    }
    let end = Span::new(before.base(), before.base());
    if others.len() > words.len() {
        return Some(Difference { at: end, what: "the result would have more words".to_owned() });
    }
    let (ours, theirs) = (comments(before), comments(after));
    for (at, (span, text)) in ours.iter().enumerate() {
        if theirs.get(at).is_none_or(|(_, other)| other != text) {
            return Some(Difference {
                at: *span,
                what: "a comment would be lost or moved past another".to_owned(),
            });
        }
    }
    (theirs.len() > ours.len())
        .then(|| Difference { at: end, what: "the result would have more comments".to_owned() })
}

/// Nodes and words in the order of the text. A node has its kind and an empty text.
fn told(tree: &Tree) -> Vec<(Kind, Span, &str)> {
    let mut found = Vec::new();
    let mut stack = vec![Element::Node(tree.root())];
    while let Some(element) = stack.pop() {
        match element {
            Element::Token(_, token) => {
                found.push((token.kind, token.span, tree.slice(token.span)));
            }
            Element::Node(node) => {
                found.push((node.kind(), node.span(), ""));
                let children: Vec<Element<'_>> = significant(node);
                stack.extend(children.into_iter().rev());
            }
        }
    }
    found
}

/// The children of a node without the commas that may be left out.
pub(crate) fn significant(node: Node<'_>) -> Vec<Element<'_>> {
    let free =
        matches!(node.kind(), Kind::enumeration | Kind::scale | Kind::codes | Kind::given_clause);
    let children: Vec<Element<'_>> = node.children().collect();
    let kind = |at: usize| match children.get(at) {
        Some(Element::Token(_, token)) => Some(token.kind),
        _ => None,
    };
    let closes = |at: usize| {
        at >= children.len()
            || matches!(kind(at), Some(Kind::close_brace | Kind::close_bracket | Kind::close_paren))
    };
    let dropped =
        |at: usize| kind(at) == Some(Kind::comma) && (free || closes(at.saturating_add(1)));
    let kept = children.iter().enumerate().filter(|(at, _)| !dropped(*at));
    kept.map(|(_, child)| *child).collect()
}

fn comments(tree: &Tree) -> Vec<(Span, &str)> {
    let all = tree.tokens().iter().filter(|token| token.kind == Kind::comment);
    all.map(|token| (token.span, tree.slice(token.span).trim_end())).collect()
}
