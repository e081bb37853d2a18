use std::sync::Arc;

use exeat_diagnostics::{Diagnostic, Span, codes};
use pest::Parser;

use crate::grammar::ExeatParser;
use crate::{Kind, Tree, examples, nesting, precedence, reach, recover};

/// The largest text that is parsed, in bytes. A rule file is a few kilobytes.
pub const LARGEST_SOURCE: usize = 32 * 1024 * 1024;

/// A tree and the problems found in its text.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The tree; what could not be read is in it as skipped text.
    pub tree: Tree,
    /// The problems, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

impl Parsed {
    /// Whether there is an error among the problems.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }
}

/// Parses a file. `base` is the offset of its first byte in the offset space.
pub fn parse(text: impl Into<Arc<str>>, base: u32) -> Parsed {
    let text = text.into();
    let mut parsed = parse_as(Kind::file, text, base);
    let skipped: Vec<Span> =
        parsed.tree.root().tokens_of(Kind::skipped).map(|token| token.span).collect();
    for span in skipped {
        parsed.diagnostics.push(recover::explain_skipped(&parsed.tree, span));
    }
    check_operators(&mut parsed);
    parsed.diagnostics.sort_by_key(Diagnostic::span);
    parsed
}

/// Parses a file without its scenarios and transactions: where they stand the tree has an empty comment,
/// and what is wrong in them is not told. Everything else is as [`parse`] gives it, each thing in its place.
/// Where it is not certain what belongs to them, all is parsed.
pub fn parse_rules(text: impl Into<Arc<str>>, base: u32) -> Parsed {
    let text = text.into();
    if text.len() > LARGEST_SOURCE {
        return parse(text, base);
    }
    match examples::without_examples(&text) {
        Some(left) => parse(left, base),
        None => parse(text, base),
    }
}

/// Parses one item, as it is typed at a prompt.
pub fn parse_item(text: impl Into<Arc<str>>, base: u32) -> Parsed {
    parse_with_precedence(Kind::only_item, text.into(), base)
}

/// Parses one expression: a value in a facts file, a cell of a table file, a line at a prompt.
pub fn parse_expression(text: impl Into<Arc<str>>, base: u32) -> Parsed {
    parse_with_precedence(Kind::only_expr, text.into(), base)
}

/// Parses one pattern: a key cell of a table file.
pub fn parse_pattern(text: impl Into<Arc<str>>, base: u32) -> Parsed {
    parse_with_precedence(Kind::only_pattern, text.into(), base)
}

/// Parses one type: in the description of a jurisdiction.
pub fn parse_type(text: impl Into<Arc<str>>, base: u32) -> Parsed {
    parse_with_precedence(Kind::only_type, text.into(), base)
}

/// Whether a text is the beginning of an item or expression and only its end is missing.
pub fn is_incomplete(text: &str) -> bool {
    if nesting::check_nesting(text, 0).is_some() {
        return false;
    }
    let ends_at = |kind| match ExeatParser::parse(kind, text) {
        Ok(_) => false,
        Err(error) => recover::position(&error) >= text.trim_end().len(),
    };
    let complete = |kind| ExeatParser::parse(kind, text).is_ok();
    !complete(Kind::only_item)
        && !complete(Kind::only_expr)
        && (ends_at(Kind::only_item) || ends_at(Kind::only_expr))
}

fn parse_with_precedence(root: Kind, text: Arc<str>, base: u32) -> Parsed {
    let mut parsed = parse_as(root, text, base);
    check_operators(&mut parsed);
    parsed
}

fn check_operators(parsed: &mut Parsed) {
    let problems = precedence::check(&parsed.tree);
    parsed.diagnostics.extend(reach::check(&parsed.tree, &problems));
    parsed.diagnostics.extend(problems);
}

fn parse_as(root: Kind, text: Arc<str>, base: u32) -> Parsed {
    let refused = |text: Arc<str>, diagnostic| Parsed {
        tree: Tree::empty(text, base, root),
        diagnostics: vec![diagnostic],
    };
    if text.len() > LARGEST_SOURCE {
        let message = format!(
            "this text has {} bytes; the most that is read is {LARGEST_SOURCE}",
            text.len()
        );
        let diagnostic =
            Diagnostic::error(codes::FILE_TOO_LARGE, message, Span::new(base, base), "")
                .with_help("Divide it into several modules, or put large tables into CSV files.");
        return refused(text, diagnostic);
    }
    if let Some(diagnostic) = nesting::check_nesting(&text, base) {
        return refused(text, diagnostic);
    }
    match ExeatParser::parse(root, &text) {
        Ok(pairs) => Parsed {
            tree: Tree::build(Arc::clone(&text), base, root, pairs),
            diagnostics: Vec::new(),
        },
        Err(error) => {
            let diagnostic = recover::explain(&text, base, &error);
            refused(Arc::clone(&text), diagnostic)
        }
    }
}
