//! Expressions: broken at the operators that bind most loosely, one part a line.

use exeat_syntax::{Element, Kind, Node, Tree};

use crate::document::Doc;
use crate::proof::significant;
use crate::words::{apart, in_a_row, spaced, tokens};

/// What stands in the flat row of an expression.
enum Part {
    /// An operator with its class: the smaller, the more loosely it binds.
    Operator(u8, Vec<usize>),
    /// `not` before a condition.
    Not(usize),
    /// An operand with its sign and what belongs to it.
    Operand(Doc),
}

const OR_AND: u8 = 0;
const COMPARISON: u8 = 1;

/// An expression, in a group.
pub(crate) fn expression(tree: &Tree, node: Node<'_>) -> Doc {
    if node.kind() == Kind::expr { row(tree, &parts(tree, node)) } else { operand(tree, node) }
}

/// The parts of a chain of `and` or `or`, each with the operator before it; one part if it is no chain.
pub(crate) fn conditions(tree: &Tree, node: Node<'_>) -> Vec<(Option<usize>, Doc)> {
    let parts = parts(tree, node);
    let chain =
        |(operator, part): (&[usize], &[Part])| (operator.first().copied(), row(tree, part));
    split(&parts, OR_AND).into_iter().map(chain).collect()
}

fn parts(tree: &Tree, node: Node<'_>) -> Vec<Part> {
    let mut found: Vec<Part> = Vec::new();
    let mut sign: Option<usize> = None;
    for child in node.children() {
        let expects_operand = !matches!(found.last(), Some(Part::Operand(_)));
        match child {
            Element::Token(id, token) if expects_operand && token.kind == Kind::kw_not => {
                found.push(Part::Not(id.0));
            }
            Element::Token(id, token) if expects_operand && token.kind == Kind::minus => {
                sign = Some(id.0);
            }
            Element::Token(id, token) if !expects_operand => {
                found.push(Part::Operator(class(token.kind), vec![id.0]));
            }
            Element::Node(node) if node.kind() == Kind::rounding => {
                if let Some(Part::Operand(doc)) = found.last_mut() {
                    let before = std::mem::replace(doc, Doc::Row(Vec::new()));
                    *doc = Doc::Row(vec![before, Doc::Spaces(1), in_a_row(tree, node)]);
                }
            }
            Element::Node(node) if !expects_operand => {
                found.push(Part::Operator(class(node.kind()), tokens(node)));
            }
            Element::Token(id, _) => {
                found.push(Part::Operand(signed(sign.take(), Doc::Token(id.0))));
            }
            Element::Node(node) => {
                found.push(Part::Operand(signed(sign.take(), operand(tree, node))));
            }
        }
    }
    found
}

fn signed(sign: Option<usize>, operand: Doc) -> Doc {
    match sign {
        Some(sign) => Doc::Row(vec![Doc::Token(sign), operand]),
        None => operand,
    }
}

fn class(kind: Kind) -> u8 {
    match kind {
        Kind::kw_or | Kind::kw_and => OR_AND,
        Kind::kw_union | Kind::kw_intersect | Kind::kw_without => 2,
        Kind::plus | Kind::minus => 3,
        Kind::star | Kind::slash => 4,
        _ => COMPARISON,
    }
}

/// The stretches between the operators of a class, each with the operator before it.
fn split(parts: &[Part], class: u8) -> Vec<(&[usize], &[Part])> {
    let at = |part: &Part| matches!(part, Part::Operator(found, _) if *found == class);
    let operators = parts.iter().filter_map(|part| match part {
        Part::Operator(found, tokens) if *found == class => Some(tokens.as_slice()),
        _ => None,
    });
    std::iter::once(&[][..]).chain(operators).zip(parts.split(at)).collect()
}

fn row(tree: &Tree, parts: &[Part]) -> Doc {
    let classes = parts.iter().filter_map(|part| match part {
        Part::Operator(class, _) => Some(*class),
        _ => None,
    });
    let loosest = classes.min();
    if let ([Part::Not(not), rest @ ..], true) = (parts, loosest != Some(OR_AND)) {
        return Doc::Row(vec![Doc::Token(*not), Doc::Spaces(1), row(tree, rest)]);
    }
    let Some(class) = loosest else {
        let docs = parts.iter().map(|part| match part {
            Part::Operand(doc) => doc.clone(),
            Part::Not(token) => Doc::Row(vec![Doc::Token(*token), Doc::Spaces(1)]),
            Part::Operator(_, tokens) => spaced(tree, tokens),
        });
        return Doc::Row(docs.collect());
    };
    let mut docs = Vec::new();
    for (operator, stretch) in split(parts, class) {
        if !operator.is_empty() {
            // A comparison stays on its line; what it compares may be broken inside.
            docs.push(if class == COMPARISON { Doc::Spaces(1) } else { Doc::Line });
            docs.push(spaced(tree, operator));
            docs.push(Doc::Spaces(1));
        }
        docs.push(row(tree, stretch));
    }
    if class == COMPARISON { Doc::Row(docs) } else { Doc::Group(vec![Doc::Align(docs)]) }
}

fn operand(tree: &Tree, node: Node<'_>) -> Doc {
    match node.kind() {
        Kind::expr => expression(tree, node),
        Kind::conditional => conditional(tree, node),
        Kind::quantified => quantified(tree, node),
        Kind::aggregate | Kind::date_part => prefixed(tree, node),
        Kind::list => enclosed(tree, node, Doc::Soft),
        Kind::braces => enclosed(tree, node, Doc::Line),
        Kind::parentheses => parentheses(tree, node),
        Kind::reference => reference(tree, node),
        _ => in_a_row(tree, node),
    }
}

fn element(tree: &Tree, element: Element<'_>) -> Doc {
    match element {
        Element::Token(id, _) => Doc::Token(id.0),
        Element::Node(node) => operand(tree, node),
    }
}

fn conditional(tree: &Tree, node: Node<'_>) -> Doc {
    let mut docs = Vec::new();
    for child in node.children() {
        match child {
            Element::Token(id, token) => {
                if token.kind != Kind::kw_if {
                    docs.push(Doc::Line);
                }
                docs.extend([Doc::Token(id.0), Doc::Spaces(1)]);
            }
            Element::Node(node) => docs.push(expression(tree, node)),
        }
    }
    Doc::Group(vec![Doc::Align(docs)])
}

fn quantified(tree: &Tree, node: Node<'_>) -> Doc {
    let mut docs = Vec::new();
    let mut behind_where = false;
    for child in node.children() {
        if behind_where {
            docs.push(Doc::Indent(vec![Doc::Line, element(tree, child)]));
            continue;
        }
        if !docs.is_empty() {
            docs.push(Doc::Spaces(1));
        }
        docs.push(element(tree, child));
        behind_where = matches!(child, Element::Token(_, token) if token.kind == Kind::kw_where);
    }
    Doc::Group(docs)
}

/// `largest of …`, `year of …`.
fn prefixed(tree: &Tree, node: Node<'_>) -> Doc {
    let mut docs = Vec::new();
    for child in node.children() {
        if !docs.is_empty() {
            docs.push(Doc::Spaces(1));
        }
        docs.push(element(tree, child));
    }
    Doc::Row(docs)
}

/// Elements between brackets, one a line where they do not fit on one.
pub(crate) fn enclosed(tree: &Tree, node: Node<'_>, inner: Doc) -> Doc {
    let children = significant(node);
    let ([first, items @ .., last], true) = (children.as_slice(), children.len() > 2) else {
        return spaced(tree, &tokens(node));
    };
    let mut inside = vec![inner.clone()];
    for item in items {
        match item {
            Element::Token(id, token) if token.kind == Kind::comma => {
                inside.extend([Doc::Token(id.0), Doc::Line]);
            }
            Element::Node(node) if matches!(node.kind(), Kind::list_item | Kind::brace_item) => {
                inside.push(item_of(tree, *node));
            }
            other => inside.push(element(tree, *other)),
        }
    }
    inside.push(Doc::BrokenComma);
    Doc::Group(vec![element(tree, *first), Doc::Indent(inside), inner, element(tree, *last)])
}

/// `each of x`, `country = PL`, or a plain element.
fn item_of(tree: &Tree, node: Node<'_>) -> Doc {
    prefixed(tree, node)
}

fn parentheses(tree: &Tree, node: Node<'_>) -> Doc {
    let mut opened = Vec::new();
    let mut inside = vec![Doc::Soft];
    let mut closed = Vec::new();
    for child in node.children() {
        match child {
            Element::Token(id, token) if token.kind == Kind::open_paren => {
                opened.push(Doc::Token(id.0));
            }
            Element::Token(id, _) => closed.push(Doc::Token(id.0)),
            Element::Node(node) if node.kind() == Kind::comprehension => {
                inside.extend(comprehension(tree, node));
            }
            Element::Node(node) => inside.push(expression(tree, node)),
        }
    }
    opened.extend([Doc::Indent(inside), Doc::Soft]);
    opened.extend(closed);
    Doc::Group(opened)
}

/// `for each die in item.dies where …`, behind a break, and a break before `where`.
fn comprehension(tree: &Tree, node: Node<'_>) -> Vec<Doc> {
    let mut docs = Vec::new();
    for child in node.children() {
        let breaks = matches!(child, Element::Token(_, token) if matches!(token.kind, Kind::kw_for | Kind::kw_where));
        docs.push(if breaks { Doc::Line } else { Doc::Spaces(1) });
        docs.push(element(tree, child));
    }
    docs
}

/// A name with fields and arguments. `license_exception (LPP)` is an outcome with its label and
/// `us.chip("B200")` a call, which only their meaning tells: a space before the parenthesis stays as it is.
fn reference(tree: &Tree, node: Node<'_>) -> Doc {
    let mut docs = Vec::new();
    for child in node.children() {
        match child {
            Element::Token(id, _) => docs.push(Doc::Token(id.0)),
            Element::Node(arguments) => {
                if arguments.children().next().is_some_and(
                    |first| matches!(first, Element::Token(id, _) if apart(tree, id.0)),
                ) {
                    docs.push(Doc::Spaces(1));
                }
                docs.push(enclosed(tree, arguments, Doc::Soft));
            }
        }
    }
    Doc::Row(docs)
}
