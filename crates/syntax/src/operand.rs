//! Operands: what stands between the operators of an expression.

use exeat_diagnostics::{Diagnostic, Span};

use crate::expression::{
    AggregateWord, BraceItem, Comprehension, DateWord, Expression, ExpressionKind, ListElement,
    QuantifierWord, Segment,
};
use crate::precedence::fold;
use crate::{Element, Kind, Node, Token};

/// The children of a node that can stand as operands.
pub(crate) fn operands(node: Node<'_>) -> Vec<Element<'_>> {
    node.children()
        .filter(|child| match child {
            Element::Node(node) => {
                matches!(
                    node.kind(),
                    Kind::expr
                        | Kind::conditional
                        | Kind::quantified
                        | Kind::aggregate
                        | Kind::date_part
                        | Kind::quantity
                        | Kind::yes_no
                        | Kind::list
                        | Kind::braces
                        | Kind::parentheses
                        | Kind::reference
                )
            }
            Element::Token(_, token) => {
                matches!(token.kind, Kind::string | Kind::date | Kind::code)
            }
        })
        .collect()
}

/// The expression of one operand.
pub(crate) fn operand(element: Element<'_>, problems: &mut Vec<Diagnostic>) -> Expression {
    match element {
        Element::Token(_, token) => Expression { kind: ExpressionKind::Error, span: token.span },
        Element::Node(node) => Expression { kind: node_kind(node, problems), span: node.span() },
    }
}

fn node_kind(node: Node<'_>, problems: &mut Vec<Diagnostic>) -> ExpressionKind {
    let text = |token: Token| node.token_text(token).to_owned();
    let inner = |node: Option<Node<'_>>, problems: &mut Vec<Diagnostic>| match node {
        Some(node) => Box::new(fold(node, problems)),
        None => Box::new(Expression { kind: ExpressionKind::Error, span: Span::default() }),
    };
    let first_operand = |node: Node<'_>, problems: &mut Vec<Diagnostic>| -> Box<Expression> {
        let found = operands(node)
            .into_iter()
            .find(|element| !matches!(element, Element::Node(node) if node.kind() == Kind::expr));
        Box::new(
            found
                .map_or(Expression { kind: ExpressionKind::Error, span: node.span() }, |element| {
                    leaf_or_node(node, element, problems)
                }),
        )
    };
    match node.kind() {
        Kind::expr => fold(node, problems).kind,
        Kind::quantity => {
            let number = node.token(Kind::number).map(text).unwrap_or_default();
            let unit = node.token(Kind::unit_name).map(|token| (text(token), token.span));
            ExpressionKind::Quantity { number, unit }
        }
        Kind::yes_no => ExpressionKind::YesNo(node.has(Kind::kw_yes)),
        Kind::conditional => {
            let mut parts = node.nodes_of(Kind::expr);
            let (condition, then, otherwise) = (parts.next(), parts.next(), parts.next());
            ExpressionKind::If(
                inner(condition, problems),
                inner(then, problems),
                inner(otherwise, problems),
            )
        }
        Kind::quantified => {
            let word = if node.has(Kind::kw_any) {
                QuantifierWord::Any
            } else if node.has(Kind::kw_every) {
                QuantifierWord::Every
            } else {
                QuantifierWord::No
            };
            let (name, name_span) = node
                .token(Kind::ident)
                .map_or((String::new(), node.span()), |token| (text(token), token.span));
            let list = first_operand(node, problems);
            let body = inner(node.nodes_of(Kind::expr).next_back(), problems);
            ExpressionKind::Quantified { word, name, name_span, list, body }
        }
        Kind::aggregate => {
            let word = if node.has(Kind::kw_sum) {
                AggregateWord::Sum
            } else if node.has(Kind::kw_count) {
                AggregateWord::Count
            } else if node.has(Kind::kw_largest) {
                AggregateWord::Largest
            } else {
                AggregateWord::Smallest
            };
            ExpressionKind::Aggregate(word, first_operand(node, problems))
        }
        Kind::date_part => {
            let word = if node.has(Kind::kw_year) {
                DateWord::Year
            } else if node.has(Kind::kw_quarter) {
                DateWord::Quarter
            } else if node.has(Kind::kw_month) {
                DateWord::Month
            } else {
                DateWord::Day
            };
            ExpressionKind::DatePart(word, first_operand(node, problems))
        }
        Kind::list => ExpressionKind::List(
            node.nodes_of(Kind::list_item)
                .map(|item| ListElement {
                    each: item.has(Kind::kw_each),
                    value: *inner(item.node(Kind::expr), problems),
                })
                .collect(),
        ),
        Kind::braces => ExpressionKind::Braces(
            node.nodes_of(Kind::brace_item)
                .map(|item| {
                    let mut parts = item.nodes_of(Kind::expr);
                    let key = *inner(parts.next(), problems);
                    BraceItem { key, value: parts.next().map(|value| fold(value, problems)) }
                })
                .collect(),
        ),
        Kind::parentheses => {
            let body = inner(node.node(Kind::expr), problems);
            let comprehension = node.node(Kind::comprehension).map(|part| {
                let (name, name_span) = part
                    .token(Kind::ident)
                    .map_or((String::new(), part.span()), |token| (text(token), token.span));
                let list = first_operand(part, problems);
                Comprehension {
                    name,
                    name_span,
                    list,
                    filter: part.node(Kind::expr).map(|filter| Box::new(fold(filter, problems))),
                }
            });
            ExpressionKind::Parentheses(body, comprehension)
        }
        Kind::reference => ExpressionKind::Reference(
            node.children()
                .filter_map(|child| match child {
                    Element::Token(_, token) if matches!(token.kind, Kind::ident | Kind::word) => {
                        Some(Segment::Name(text(token), token.span))
                    }
                    Element::Node(arguments) if arguments.kind() == Kind::arguments => {
                        let values = arguments
                            .nodes_of(Kind::expr)
                            .map(|value| fold(value, problems))
                            .collect();
                        Some(Segment::Arguments(values, arguments.span()))
                    }
                    _ => None,
                })
                .collect(),
        ),
        _ => ExpressionKind::Error,
    }
}

/// An operand that may be a token of its parent.
pub(crate) fn leaf_or_node(
    parent: Node<'_>,
    element: Element<'_>,
    problems: &mut Vec<Diagnostic>,
) -> Expression {
    match element {
        Element::Node(_) => operand(element, problems),
        Element::Token(_, token) => leaf(parent, token),
    }
}

/// The expression of a token that is an operand.
fn leaf(parent: Node<'_>, token: Token) -> Expression {
    let text = parent.token_text(token);
    let kind = match token.kind {
        Kind::string => ExpressionKind::Text(crate::tree::unquote(text)),
        Kind::date => ExpressionKind::Date(text.to_owned()),
        Kind::code => ExpressionKind::Code(text.to_owned()),
        _ => ExpressionKind::Error,
    };
    Expression { kind, span: token.span }
}
