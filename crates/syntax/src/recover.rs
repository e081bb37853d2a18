use exeat_diagnostics::{Code, Diagnostic, Span, codes};
use pest::Parser;
use pest::error::{Error, ErrorVariant, InputLocation};

use crate::expected::{describe_expected, keywords};
use crate::grammar::ExeatParser;
use crate::{Kind, Tree};

/// What was wrong in text that is no item: the item rule is tried on it alone.
pub(crate) fn explain_skipped(tree: &Tree, span: Span) -> Diagnostic {
    let text = tree.slice(span);
    match ExeatParser::parse(Kind::only_item, text) {
        Err(error) => explain_piece(text, span.start, &error, !is_last(tree, span)),
        // The item is whole, but stands where the file rule did not look for one.
        Ok(_) => Diagnostic::error(codes::SYNTAX_ERROR, "this item could not be read", span, ""),
    }
}

fn is_last(tree: &Tree, span: Span) -> bool {
    let end = usize::try_from(span.end.saturating_sub(tree.base())).unwrap_or(usize::MAX);
    tree.text().get(end..).is_none_or(|rest| rest.trim().is_empty())
}

/// What was wrong in a text that was parsed as a whole.
pub(crate) fn explain(text: &str, base: u32, error: &Error<Kind>) -> Diagnostic {
    explain_piece(text, base, error, false)
}

/// The furthest place to which the text could be read.
pub(crate) fn position(error: &Error<Kind>) -> usize {
    match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
    }
}

fn explain_piece(
    text: &str,
    base: u32,
    error: &Error<Kind>,
    something_follows: bool,
) -> Diagnostic {
    let at = skip_trivia(text, position(error));
    let positives: &[Kind] = match &error.variant {
        ErrorVariant::ParsingError { positives, .. } => positives,
        ErrorVariant::CustomError { .. } => &[],
    };
    let found = found_at(text, at);
    let span = |start: usize, length: usize| {
        let start = base.saturating_add(u32::try_from(start).unwrap_or(u32::MAX));
        Span::new(start, start.saturating_add(u32::try_from(length).unwrap_or(0)))
    };
    let here = span(at, found.len());
    if found.is_empty() {
        return unfinished(text, base, at, positives, something_follows);
    }
    if found == "\"" || (found.starts_with('"') && !found.ends_with('"')) {
        let line = text.get(at..).map_or(1, |rest| rest.lines().next().map_or(1, str::len));
        return Diagnostic::error(
            codes::UNCLOSED_STRING_OR_BRACE,
            "this text is not closed on its line",
            span(at, line),
            "`\"` is missing after this",
        )
        .with_help("Close it with `\"`. A quotation mark inside is written `\\\"`.");
    }
    if let Some((instead, title)) = foreign_operator(found, positives) {
        return Diagnostic::error(
            codes::FOREIGN_OPERATOR,
            format!("`{found}` is not a sign of this language"),
            here,
            format!("write `{instead}`"),
        )
        .with_fix(title, here, instead);
    }
    if let Some((message, help)) = malformed_number(text, at) {
        return Diagnostic::error(codes::NUMBER_MALFORMED, message, here, "not part of a number")
            .with_help(help);
    }
    // Where any value could stand, a keyword is not a name gone wrong: the value is missing.
    let value_expected = positives.contains(&Kind::a_value);
    if positives.contains(&Kind::ident)
        && !value_expected
        && keywords().any(|keyword| keyword == found)
    {
        return Diagnostic::error(
            codes::KEYWORD_AS_NAME,
            format!("`{found}` is a keyword and cannot be used as a name"),
            here,
            "a name is expected here",
        )
        .with_help(format!("Choose another name, as `{found}_name`."));
    }
    let expected = describe_expected(positives);
    let message = if expected.is_empty() {
        format!("`{found}` is not expected here")
    } else {
        format!("expected {expected}, found `{found}`")
    };
    Diagnostic::error(codes::SYNTAX_ERROR, message, here, "it could be read up to here")
}

/// The text ends, or the next item begins, where something is missing.
fn unfinished(
    text: &str,
    base: u32,
    at: usize,
    positives: &[Kind],
    something_follows: bool,
) -> Diagnostic {
    let end = text.get(..at).map_or(at, |before| before.trim_end().len());
    let last =
        text.get(..end).and_then(|before| before.chars().next_back()).map_or(0, char::len_utf8);
    let offset = |local: usize| base.saturating_add(u32::try_from(local).unwrap_or(u32::MAX));
    let place = Span::new(offset(end.saturating_sub(last)), offset(end));
    let expected = describe_expected(positives);
    let what = if something_follows { "the next item begins" } else { "the text ends" };
    let closing = [
        (Kind::close_brace, '{', '}'),
        (Kind::close_paren, '(', ')'),
        (Kind::close_bracket, '[', ']'),
    ];
    let missing = closing.iter().find(|(kind, open, close)| {
        positives.contains(kind) && text.matches(*open).count() > text.matches(*close).count()
    });
    if let Some((_, open, close)) = missing {
        let first = text.split_whitespace().take(2).collect::<Vec<_>>().join(" ");
        let start =
            Span::new(offset(0), offset(text.find(*open).map_or(0, |open| open.saturating_add(1))));
        return Diagnostic::error(
            codes::UNCLOSED_STRING_OR_BRACE,
            format!("`{first}` is not closed: {what} and `{close}` is missing"),
            place,
            format!("`{close}` is missing after this"),
        )
        .with_label(start, "this is not closed")
        .with_help(format!(
            "Every `{open}` needs its `{close}`. Here could also stand {expected}."
        ));
    }
    let code: Code = codes::SYNTAX_ERROR;
    Diagnostic::error(
        code,
        format!(
            "{what} where {} is expected",
            if expected.is_empty() { "more".to_owned() } else { expected }
        ),
        place,
        "something is missing after this",
    )
}

/// The word or sign at a place.
fn found_at(text: &str, at: usize) -> &str {
    let rest = text.get(at..).unwrap_or("");
    let Some(first) = rest.chars().next() else { return "" };
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let length = if first == '"' {
        let line = rest.lines().next().unwrap_or(rest);
        match line.get(1..).and_then(|inner| inner.find('"')) {
            Some(close) => close.saturating_add(2),
            None => 1,
        }
    } else if word(first) {
        rest.find(|c| !word(c)).unwrap_or(rest.len())
    } else {
        let operators =
            ["===", "!==", "==", "!=", "=<", "<>", "&&", "||", "=>", "<=", ">=", "->", ":="];
        operators
            .iter()
            .find(|operator| rest.starts_with(**operator))
            .map_or(first.len_utf8(), |operator| operator.len())
    };
    rest.get(..length).unwrap_or(rest)
}

fn skip_trivia(text: &str, mut at: usize) -> usize {
    loop {
        let rest = text.get(at..).unwrap_or("");
        let trimmed = rest.trim_start_matches([' ', '\t', '\r', '\n', '\u{FEFF}']);
        at = at.saturating_add(rest.len().saturating_sub(trimmed.len()));
        if !trimmed.starts_with("//") {
            return at;
        }
        at = at.saturating_add(trimmed.find('\n').unwrap_or(trimmed.len()));
    }
}

/// A point without digits on both sides, or commas between thousands.
fn malformed_number(text: &str, at: usize) -> Option<(String, String)> {
    let (before, behind) = (text.get(..at)?, text.get(at..)?);
    let number: String = {
        let is_part = |c: &char| c.is_ascii_digit() || *c == '_';
        let reversed: Vec<char> = before.chars().rev().take_while(is_part).collect();
        reversed.into_iter().rev().collect()
    };
    let digits = |text: &str| text.chars().take_while(char::is_ascii_digit).count();
    if let Some(rest) = behind.strip_prefix('.') {
        return match (number.is_empty(), digits(rest)) {
            (false, 0) => Some((
                format!("the number `{number}.` has no digit behind its point"),
                format!("Write `{number}`, or `{number}.0`."),
            )),
            (true, 1..) => {
                let decimals: String = rest.chars().take_while(char::is_ascii_digit).collect();
                Some((
                    format!("the number `.{decimals}` has no digit before its point"),
                    format!("Write `0.{decimals}`."),
                ))
            }
            _ => None,
        };
    }
    let mut rest = behind;
    let mut whole = number.clone();
    while let Some(group) = rest.strip_prefix(',').filter(|rest| digits(rest) == 3) {
        let (thousands, left) = group.split_at_checked(3)?;
        whole.push('_');
        whole.push_str(thousands);
        rest = left;
    }
    let thousands = !number.is_empty() && number.len() <= 3 && whole != number;
    thousands.then(|| ("a number has no commas in it".to_owned(), format!("Write `{whole}`.")))
}

/// Signs that authors bring from other languages, and what to write instead.
fn foreign_operator(found: &str, positives: &[Kind]) -> Option<(&'static str, &'static str)> {
    let operator_expected = positives.contains(&Kind::an_operator);
    match found {
        "==" | "===" => Some(("is", "write `is`")),
        "=" if operator_expected => Some(("is", "write `is`")),
        "!=" | "!==" | "<>" => Some(("is not", "write `is not`")),
        "&&" | "&" => Some(("and", "write `and`")),
        "||" | "|" => Some(("or", "write `or`")),
        "!" => Some(("not", "write `not`")),
        "=<" => Some(("<=", "write `<=`")),
        "=>" if operator_expected => Some((">=", "write `>=`")),
        ":=" => Some(("=", "write `=`")),
        _ => None,
    }
}
