//! How tightly operators bind.
//!
//! From loosely to tightly: `or` and `and` (never mixed without parentheses); `not`; comparisons,
//! `in`, `meets`, `within` (they do not chain, except as `low <= value < high`); `union`,
//! `intersect`, `without` (never mixed without parentheses); `+` and `-`; `*` and `/`; the sign `-`.

use exeat_diagnostics::{Diagnostic, Span, codes};

use crate::expression::{
    ArithmeticSign, ComparisonSign, Expression, ExpressionKind, QuantifierWord, RoundingWord,
    SetWord,
};
use crate::operand::leaf_or_node;
use crate::{Element, Kind, Node, Tree};

/// All problems with operators in a tree.
pub(crate) fn check(tree: &Tree) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for node in tree.root().descendants() {
        if node.kind() == Kind::expr {
            fold_flat(node, &mut problems, &mut |_, inner, _| shallow(inner));
        }
    }
    problems
}

/// An operand whose inside is looked at on its own turn: only its place and outer kind matter.
fn shallow(element: Element<'_>) -> Expression {
    let error = |span| Expression { kind: ExpressionKind::Error, span };
    match element {
        Element::Token(_, token) => error(token.span),
        Element::Node(node) => {
            let span = node.span();
            if node.kind() != Kind::quantified {
                return error(span);
            }
            let mixes = node
                .nodes_of(Kind::expr)
                .next_back()
                .is_some_and(|body| body.has(Kind::kw_and) || body.has(Kind::kw_or));
            let body = Expression {
                kind: if mixes { ExpressionKind::And(Vec::new()) } else { ExpressionKind::Error },
                span,
            };
            let kind = ExpressionKind::Quantified {
                word: QuantifierWord::Any,
                name: String::new(),
                name_span: span,
                list: Box::new(error(span)),
                body: Box::new(body),
            };
            Expression { kind, span }
        }
    }
}

/// The expression of an `expr` node.
pub(crate) fn fold(node: Node<'_>, problems: &mut Vec<Diagnostic>) -> Expression {
    if node.kind() == Kind::expr {
        fold_flat(node, problems, &mut leaf_or_node)
    } else {
        crate::operand::operand(Element::Node(node), problems)
    }
}

type Operand<'o> = &'o mut dyn FnMut(Node<'_>, Element<'_>, &mut Vec<Diagnostic>) -> Expression;

/// A part of the flat row: a sign, or an operand with the rounding behind it.
enum Piece {
    Sign(Kind, Span),
    Value(Expression, Option<RoundingWord>),
}

fn fold_flat(node: Node<'_>, problems: &mut Vec<Diagnostic>, operand: Operand<'_>) -> Expression {
    let mut pieces: Vec<Piece> = Vec::new();
    for child in node.children() {
        match child {
            Element::Token(_, token)
                if !matches!(token.kind, Kind::string | Kind::date | Kind::code) =>
            {
                pieces.push(Piece::Sign(token.kind, token.span));
            }
            Element::Node(sign)
                if matches!(
                    sign.kind(),
                    Kind::is_not | Kind::not_in | Kind::not_meets | Kind::not_within
                ) =>
            {
                pieces.push(Piece::Sign(sign.kind(), sign.span()));
            }
            Element::Node(rounding) if rounding.kind() == Kind::rounding => {
                if let Some(Piece::Value(_, slot)) = pieces.last_mut() {
                    *slot = Some(if rounding.has(Kind::kw_up) {
                        RoundingWord::Up
                    } else {
                        RoundingWord::Down
                    });
                }
            }
            value => pieces.push(Piece::Value(operand(node, value, problems), None)),
        }
    }
    logic(&pieces, node.span(), problems)
}

/// `and` and `or`.
fn logic(pieces: &[Piece], whole: Span, problems: &mut Vec<Diagnostic>) -> Expression {
    let signs: Vec<(Kind, Span)> = pieces
        .iter()
        .filter_map(|piece| match piece {
            Piece::Sign(kind @ (Kind::kw_and | Kind::kw_or), span) => Some((*kind, *span)),
            _ => None,
        })
        .collect();
    let Some((first, first_span)) = signs.first().copied() else {
        return negation(pieces, whole, problems);
    };
    let parts = split(pieces, &[Kind::kw_and, Kind::kw_or]);
    let operands: Vec<Expression> =
        parts.iter().map(|part| negation(part, whole, problems)).collect();
    if let Some((_, second_span)) = signs.iter().find(|(kind, _)| *kind != first) {
        problems.push(mixed(pieces, &signs, &operands, first_span, *second_span));
        return Expression { kind: ExpressionKind::Error, span: whole };
    }
    for part in &operands {
        if let ExpressionKind::Quantified { body, .. } = &part.kind
            && matches!(body.kind, ExpressionKind::And(_) | ExpressionKind::Or(_))
        {
            problems.push(quantifier(part.span));
        }
    }
    let span = span_of(&operands, whole);
    let kind = if first == Kind::kw_and {
        ExpressionKind::And(operands)
    } else {
        ExpressionKind::Or(operands)
    };
    Expression { kind, span }
}

fn mixed(
    pieces: &[Piece],
    signs: &[(Kind, Span)],
    operands: &[Expression],
    first: Span,
    second: Span,
) -> Diagnostic {
    let mut diagnostic = Diagnostic::error(
        codes::MIXED_AND_OR,
        "`and` and `or` are mixed without parentheses",
        second,
        "this could be meant in two ways",
    )
    .with_label(first, "together with this")
    .with_help(
        "Say with parentheses what belongs together: `(a and b) or c`, or `a and (b or c)`.",
    );
    // The fix that does not change what most readers and languages take it to mean: `and` binds first.
    let mut edits = Vec::new();
    let mut at = 0;
    while at < signs.len() {
        let run = signs
            .get(at..)
            .unwrap_or(&[])
            .iter()
            .take_while(|(kind, _)| *kind == Kind::kw_and)
            .count();
        if run > 0
            && let (Some(start), Some(end)) =
                (operands.get(at), operands.get(at.saturating_add(run)))
        {
            edits.push(exeat_diagnostics::Edit {
                span: Span::new(start.span.start, start.span.start),
                replacement: "(".to_owned(),
            });
            edits.push(exeat_diagnostics::Edit {
                span: Span::new(end.span.end, end.span.end),
                replacement: ")".to_owned(),
            });
        }
        at = at.saturating_add(run.max(1));
    }
    if !pieces.is_empty() {
        diagnostic.fix = Some(exeat_diagnostics::Fix {
            title: "put the `and` parts into parentheses, if that is what is meant".to_owned(),
            edits,
        });
    }
    diagnostic
}

fn quantifier(span: Span) -> Diagnostic {
    let edits = vec![
        exeat_diagnostics::Edit {
            span: Span::new(span.start, span.start),
            replacement: "(".to_owned(),
        },
        exeat_diagnostics::Edit {
            span: Span::new(span.end, span.end),
            replacement: ")".to_owned(),
        },
    ];
    let mut diagnostic = Diagnostic::error(
        codes::QUANTIFIER_NEEDS_PARENTHESES,
        "it cannot be seen how far this `where` reaches",
        span,
        "everything up to here belongs to `where`",
    )
    .with_help("Put the part from `any`, `every` or `no` on into parentheses.");
    diagnostic.fix =
        Some(exeat_diagnostics::Fix { title: "put it into parentheses".to_owned(), edits });
    diagnostic
}

fn negation(pieces: &[Piece], whole: Span, problems: &mut Vec<Diagnostic>) -> Expression {
    if let Some((Piece::Sign(Kind::kw_not, span), rest)) = pieces.split_first() {
        let inner = negation(rest, whole, problems);
        let span = span.to(inner.span);
        return Expression { kind: ExpressionKind::Not(Box::new(inner)), span };
    }
    comparison(pieces, whole, problems)
}

const COMPARISONS: &[Kind] = &[
    Kind::less,
    Kind::less_or_equal,
    Kind::greater,
    Kind::greater_or_equal,
    Kind::kw_is,
    Kind::is_not,
    Kind::kw_in,
    Kind::not_in,
    Kind::kw_meets,
    Kind::not_meets,
    Kind::kw_within,
    Kind::not_within,
];

fn comparison(pieces: &[Piece], whole: Span, problems: &mut Vec<Diagnostic>) -> Expression {
    let signs: Vec<(Kind, Span)> = pieces
        .iter()
        .filter_map(|piece| match piece {
            Piece::Sign(kind, span) if COMPARISONS.contains(kind) => Some((*kind, *span)),
            _ => None,
        })
        .collect();
    let mut operands = split(pieces, COMPARISONS)
        .into_iter()
        .map(|part| set_operation(part, whole, problems))
        .collect::<Vec<_>>()
        .into_iter();
    let mut next = || {
        Box::new(operands.next().unwrap_or(Expression { kind: ExpressionKind::Error, span: whole }))
    };
    let first = next();
    match signs.as_slice() {
        [] => *first,
        [(sign, _)] => {
            let right = next();
            let span = first.span.to(right.span);
            let kind = comparison_sign(*sign)
                .map_or(ExpressionKind::Error, |sign| ExpressionKind::Compare(sign, first, right));
            Expression { kind, span }
        }
        [
            (low @ (Kind::less | Kind::less_or_equal), _),
            (high @ (Kind::less | Kind::less_or_equal), _),
        ] => {
            let (value, end) = (next(), next());
            let span = first.span.to(end.span);
            let kind = ExpressionKind::Band {
                low: first,
                low_included: *low == Kind::less_or_equal,
                value,
                high: end,
                high_included: *high == Kind::less_or_equal,
            };
            Expression { kind, span }
        }
        [(_, first_sign), (_, second_sign), ..] => {
            problems.push(
                Diagnostic::error(codes::CHAINED_COMPARISON, "comparisons do not chain", *second_sign, "a second comparison of the same value")
                    .with_label(*first_sign, "after this one")
                    .with_help("Write two conditions joined by `and`. Only a band may be written in one: `1600 TPP <= tpp < 4800 TPP`."),
            );
            Expression { kind: ExpressionKind::Error, span: whole }
        }
    }
}

fn set_operation(pieces: &[Piece], whole: Span, problems: &mut Vec<Diagnostic>) -> Expression {
    const WORDS: &[Kind] = &[Kind::kw_union, Kind::kw_intersect, Kind::kw_without];
    let signs: Vec<(Kind, Span)> = pieces
        .iter()
        .filter_map(|piece| match piece {
            Piece::Sign(kind, span) if WORDS.contains(kind) => Some((*kind, *span)),
            _ => None,
        })
        .collect();
    if let Some((first, first_span)) = signs.first()
        && let Some((_, other)) = signs.iter().find(|(kind, _)| kind != first)
    {
        problems.push(
            Diagnostic::error(
                codes::MIXED_AND_OR,
                "`union`, `intersect` and `without` are mixed without parentheses",
                *other,
                "this could be meant in two ways",
            )
            .with_label(*first_span, "together with this")
            .with_help("Say with parentheses what belongs together: `(a union b) without c`."),
        );
        return Expression { kind: ExpressionKind::Error, span: whole };
    }
    let parts = split(pieces, WORDS);
    let mut values = parts
        .into_iter()
        .map(|part| arithmetic(part, &[Kind::plus, Kind::minus], whole))
        .collect::<Vec<_>>()
        .into_iter();
    let mut result =
        values.next().unwrap_or(Expression { kind: ExpressionKind::Error, span: whole });
    for (value, (sign, _)) in values.zip(signs) {
        let span = result.span.to(value.span);
        let word = match sign {
            Kind::kw_union => SetWord::Union,
            Kind::kw_intersect => SetWord::Intersect,
            _ => SetWord::Without,
        };
        result = Expression {
            kind: ExpressionKind::SetOperation(word, Box::new(result), Box::new(value)),
            span,
        };
    }
    result
}

/// Sums of products, from the left. A `minus` at the beginning of a part is a sign of its operand.
fn arithmetic(pieces: &[Piece], level: &[Kind], whole: Span) -> Expression {
    let mut result: Option<Expression> = None;
    let mut sign: Option<ArithmeticSign> = None;
    let mut start = 0;
    let mut after_operand = false;
    let products: &[Kind] = &[Kind::star, Kind::slash];
    let part = |from: usize, to: usize| -> (Expression, Option<RoundingWord>) {
        let pieces = pieces.get(from..to).unwrap_or(&[]);
        if level.contains(&Kind::plus) {
            let rounding = pieces.iter().find_map(|piece| match piece {
                Piece::Value(_, rounding) => *rounding,
                Piece::Sign(..) => None,
            });
            (arithmetic(pieces, products, whole), rounding)
        } else {
            (signed(pieces, whole), None)
        }
    };
    let combine = |result: &mut Option<Expression>,
                   sign: Option<ArithmeticSign>,
                   (value, rounding): (Expression, Option<RoundingWord>)| {
        *result = Some(match (result.take(), sign) {
            (Some(left), Some(sign)) => {
                let span = left.span.to(value.span);
                let kind = ExpressionKind::Arithmetic {
                    sign,
                    left: Box::new(left),
                    right: Box::new(value),
                    rounding,
                };
                Expression { kind, span }
            }
            _ => value,
        });
    };
    for (at, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Value(..) => after_operand = true,
            Piece::Sign(kind, _) if after_operand && level.contains(kind) => {
                combine(&mut result, sign, part(start, at));
                sign = Some(match kind {
                    Kind::plus => ArithmeticSign::Plus,
                    Kind::minus => ArithmeticSign::Minus,
                    Kind::star => ArithmeticSign::Star,
                    _ => ArithmeticSign::Slash,
                });
                start = at.saturating_add(1);
                after_operand = false;
            }
            Piece::Sign(..) => after_operand = false,
        }
    }
    combine(&mut result, sign, part(start, pieces.len()));
    result.unwrap_or(Expression { kind: ExpressionKind::Error, span: whole })
}

/// An operand with the signs before it.
fn signed(pieces: &[Piece], whole: Span) -> Expression {
    match pieces.split_first() {
        Some((Piece::Sign(kind, span), rest)) => {
            let inner = signed(rest, whole);
            let span = span.to(inner.span);
            let kind = if *kind == Kind::minus {
                ExpressionKind::Negate(Box::new(inner))
            } else {
                ExpressionKind::Not(Box::new(inner))
            };
            Expression { kind, span }
        }
        Some((Piece::Value(value, _), _)) => value.clone(),
        None => Expression { kind: ExpressionKind::Error, span: whole },
    }
}

fn split<'p>(pieces: &'p [Piece], at: &[Kind]) -> Vec<&'p [Piece]> {
    pieces.split(|piece| matches!(piece, Piece::Sign(kind, _) if at.contains(kind))).collect()
}

fn span_of(operands: &[Expression], whole: Span) -> Span {
    match (operands.first(), operands.last()) {
        (Some(first), Some(last)) => first.span.to(last.span),
        _ => whole,
    }
}

fn comparison_sign(kind: Kind) -> Option<ComparisonSign> {
    Some(match kind {
        Kind::kw_is => ComparisonSign::Is,
        Kind::is_not => ComparisonSign::IsNot,
        Kind::less => ComparisonSign::Less,
        Kind::less_or_equal => ComparisonSign::LessOrEqual,
        Kind::greater => ComparisonSign::Greater,
        Kind::greater_or_equal => ComparisonSign::GreaterOrEqual,
        Kind::kw_in => ComparisonSign::In,
        Kind::not_in => ComparisonSign::NotIn,
        Kind::kw_meets => ComparisonSign::Meets,
        Kind::not_meets => ComparisonSign::NotMeets,
        Kind::kw_within => ComparisonSign::Within,
        Kind::not_within => ComparisonSign::NotWithin,
        _ => return None,
    })
}
