//! How far a `where` reaches, where its text does not show it.
//!
//! `no party in parties where party.country is PL` continued with `and destination is SY` asks whether
//! no party is Polish while the destination is Syria, and reads as if it asked two things. So each part
//! of an `and` or `or` after `where` has to speak of what it asks about, or stand in parentheses. The
//! `where` in `(… for each … where …)` ends with its parenthesis, and nothing can be mistaken.

use exeat_diagnostics::{Diagnostic, Edit, Fix, Span, codes};

use crate::{Element, Kind, Node, Tree};

/// All questions of a tree whose `where` reaches over something that may not belong to it, but for
/// those of which it has been said already that their reach cannot be seen.
pub(crate) fn check(tree: &Tree, known: &[Diagnostic]) -> Vec<Diagnostic> {
    let said = |span: Span| {
        known.iter().any(|other| {
            other.code == codes::QUANTIFIER_NEEDS_PARENTHESES && other.span() == Some(span)
        })
    };
    tree.root()
        .descendants()
        .into_iter()
        .filter(|node| node.kind() == Kind::quantified && !said(node.span()))
        .filter_map(check_question)
        .collect()
}

/// A part between `and` or `or`, and whether it uses the name of the question.
struct Part {
    span: Span,
    uses_name: bool,
}

fn check_question(question: Node<'_>) -> Option<Diagnostic> {
    let name = question.token(Kind::ident)?;
    let body = question.nodes_of(Kind::expr).next_back()?;
    let parts = parts(body, question.token_text(name));
    let stranger = parts.iter().find(|part| !part.uses_name).filter(|_| parts.len() > 1)?;
    let last_of_its_own = parts.iter().rposition(|part| part.uses_name);
    let closed_there = parts.iter().take_while(|part| part.uses_name).count();
    let (title, inside) = match last_of_its_own {
        // What does not use the name stands behind all that does: the question ends between them.
        Some(last) if last.saturating_add(1) == closed_there => {
            let end = parts.get(last)?.span.end;
            ("end the question before it, if that is what is meant", question.span().start..end)
        }
        _ => {
            let span = body.span();
            (
                "put all that is asked into parentheses, if that is what is meant",
                span.start..span.end,
            )
        }
    };
    let name = question.token_text(name);
    let mut diagnostic = Diagnostic::error(
        codes::WHERE_REACHES_TOO_FAR,
        format!("this part belongs to the `where` before it and does not speak of `{name}`"),
        stranger.span,
        format!("nothing about `{name}`, yet a part of the question"),
    )
    .with_label(question.token(Kind::kw_where)?.span, "everything from here on is asked")
    .with_help(format!(
        "If it is a condition of its own, put the question into parentheses: `(… {name} in … where …) and …`. If it is meant to be asked for each `{name}`, put all that is asked into parentheses: `where (… and …)`."
    ));
    let insert =
        |at: u32, sign: &str| Edit { span: Span::new(at, at), replacement: sign.to_owned() };
    diagnostic.fix = Some(Fix {
        title: title.to_owned(),
        edits: vec![insert(inside.start, "("), insert(inside.end, ")")],
    });
    Some(diagnostic)
}

fn parts(body: Node<'_>, name: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut next_is_new = true;
    for child in body.children() {
        let (span, uses_name) = match child {
            Element::Token(_, token) if matches!(token.kind, Kind::kw_and | Kind::kw_or) => {
                next_is_new = true;
                continue;
            }
            Element::Token(_, token) => (token.span, false),
            Element::Node(node) => (node.span(), speaks_of(node, name)),
        };
        match parts.last_mut().filter(|_| !next_is_new) {
            Some(part) => {
                part.span = part.span.to(span);
                part.uses_name |= uses_name;
            }
            None => parts.push(Part { span, uses_name }),
        }
        next_is_new = false;
    }
    parts
}

/// Whether a name is used in it. A field of that name is no use of it.
fn speaks_of(node: Node<'_>, name: &str) -> bool {
    node.descendants().into_iter().any(|inner| {
        inner.kind() == Kind::reference
            && inner.token(Kind::ident).is_some_and(|first| inner.token_text(first) == name)
    })
}

#[cfg(test)]
mod tests {
    use exeat_diagnostics::codes;

    use crate::parse_expression;

    /// The text with the fix applied, if there is just that problem.
    fn mended(text: &str) -> Option<String> {
        let diagnostics = parse_expression(text, 0).diagnostics;
        let [problem] = diagnostics.as_slice() else {
            assert!(diagnostics.is_empty(), "{diagnostics:?}");
            return None;
        };
        assert_eq!(problem.code, codes::WHERE_REACHES_TOO_FAR, "{problem:?}");
        let mut text = text.to_owned();
        for edit in problem.fix.as_ref().unwrap().edits.iter().rev() {
            let (start, end) = (edit.span.start as usize, edit.span.end as usize);
            text.replace_range(start..end, &edit.replacement);
        }
        assert!(parse_expression(text.as_str(), 0).diagnostics.is_empty(), "{text}");
        Some(text)
    }

    #[test]
    fn what_follows_a_question_is_not_swallowed() {
        let cases = [
            (
                "no p in parties where p.country is RU and destination is SY",
                "(no p in parties where p.country is RU) and destination is SY",
            ),
            (
                "any p in parties where p.country is RU or p.known or a or b",
                "(any p in parties where p.country is RU or p.known) or a or b",
            ),
            ("every p in parties where a and p.known", "every p in parties where (a and p.known)"),
            (
                "any p in parties where p.a and b and p.c",
                "any p in parties where (p.a and b and p.c)",
            ),
            ("any p in parties where a and b", "any p in parties where (a and b)"),
            ("any p in parties where p.a and other.p", "(any p in parties where p.a) and other.p"),
            (
                "any p in parties where any q in p.owners where q.known and p.known",
                "any p in parties where (any q in p.owners where q.known) and p.known",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(mended(text).as_deref(), Some(expected));
        }
    }

    #[test]
    fn what_shows_its_reach_is_left_alone() {
        for text in [
            "any p in parties where p.a and not listed(p) and (a or p.b)",
            "any p in parties where (p.a and b)",
            "any p in parties where a",
            "(any p in parties where p.a) and b",
            "(p.a for each p in parties where p.b and c)",
            "any p in parties where p.a and any q in p.owners where q.known",
            "any p in parties where p.a and (if b then p.c else d)",
        ] {
            assert_eq!(mended(text), None, "{text}");
        }
    }
}
