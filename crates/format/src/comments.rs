//! Comments, put beside the words that they stood beside.
//!
//! A comment behind a word on its line *trails* it; any other *leads* what follows. A trailing comment
//! goes to the end of the line that its word stands on now, a leading one on lines of its own above
//! the line of what follows. Where a line gets several, all but a last trailing one go above it.

use exeat_diagnostics::Span;
use exeat_syntax::{Kind, Tree};

use crate::document::{Blank, Line, STEP};

struct Comment<'t> {
    text: &'t str,
    trails: bool,
    blank_before: bool,
}

/// The text of the lines, comments included.
pub(crate) fn weave(tree: &Tree, lines: &[Line]) -> String {
    let of_lines = attach(tree, lines);
    let mut out = Output { text: String::with_capacity(tree.text().len()) };
    for (line, mut comments) in lines.iter().zip(of_lines) {
        let trailing = comments.pop_if(|last| last.trails);
        let first = line.pieces.iter().find_map(|piece| piece.token);
        let closes = first.and_then(|first| tree.tokens().get(first)).is_some_and(|token| {
            matches!(token.kind, Kind::close_brace | Kind::close_bracket | Kind::close_paren)
        });
        let indent = if closes { line.indent.saturating_add(STEP) } else { line.indent };
        let written = first.is_some_and(|first| blank_before(tree, first));
        let mut blank = line.blank;
        for comment in &comments {
            // An empty line before the closing brace is none, but one before a comment there is.
            let blank = if closes { Blank::AsWritten } else { std::mem::take(&mut blank) };
            out.blank(match blank {
                Blank::Always => true,
                _ => comment.blank_before,
            });
            out.line(indent, comment.text);
        }
        let keep = match line.blank {
            Blank::Never => false,
            Blank::AsWritten => written,
            Blank::Always => comments.is_empty() || written,
        };
        out.blank(keep);
        out.words(tree, line);
        if let Some(comment) = trailing {
            out.text.push_str("  ");
            out.text.push_str(comment.text);
        }
        out.text.push('\n');
    }
    for comment in at_the_end(tree) {
        out.blank(comment.blank_before);
        out.line(0, comment.text);
    }
    out.text
}

struct Output {
    text: String,
}

impl Output {
    /// An empty line, but not at the beginning and not after another or after an opening brace.
    fn blank(&mut self, wanted: bool) {
        if wanted
            && !self.text.is_empty()
            && !self.text.ends_with("\n\n")
            && !self.text.ends_with("{\n")
        {
            self.text.push('\n');
        }
    }

    fn line(&mut self, indent: usize, text: &str) {
        self.text.extend(std::iter::repeat_n(' ', indent));
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn words(&mut self, tree: &Tree, line: &Line) {
        self.text.extend(std::iter::repeat_n(' ', line.indent));
        for piece in &line.pieces {
            self.text.extend(std::iter::repeat_n(' ', piece.spaces));
            let token = piece.token.and_then(|token| tree.tokens().get(token));
            self.text.push_str(token.map_or(",", |token| tree.slice(token.span)));
        }
    }
}

/// The comments of each line.
fn attach<'t>(tree: &'t Tree, lines: &[Line]) -> Vec<Vec<Comment<'t>>> {
    let mut line_of: Vec<Option<usize>> = vec![None; tree.tokens().len()];
    for (at, line) in lines.iter().enumerate() {
        for token in line.pieces.iter().filter_map(|piece| piece.token) {
            if let Some(place) = line_of.get_mut(token) {
                *place = Some(at);
            }
        }
    }
    // A comma that is left out has no line; what stood beside it stands beside its neighbour.
    let before = |token: usize| line_of.get(..token)?.iter().rev().find_map(|line| *line);
    let after = |token: usize| line_of.get(token..)?.iter().find_map(|line| *line);
    let mut found: Vec<Vec<Comment<'t>>> = lines.iter().map(|_| Vec::new()).collect();
    for (at, token) in tree.tokens().iter().enumerate() {
        if token.kind == Kind::comment {
            let comment = comment(tree, at, token.span);
            let line = if comment.trails { before(at).or_else(|| after(at)) } else { after(at) };
            if let Some(comments) = line.and_then(|line| found.get_mut(line)) {
                comments.push(comment);
            }
        }
    }
    found
}

/// The comments behind the last word that lead nothing.
fn at_the_end(tree: &Tree) -> Vec<Comment<'_>> {
    let tokens = tree.tokens();
    let end = tokens
        .iter()
        .rposition(|token| token.kind != Kind::comment)
        .map_or(0, |last| last.saturating_add(1));
    let rest = tokens.iter().enumerate().skip(end);
    rest.map(|(at, token)| comment(tree, at, token.span))
        .filter(|comment| end == 0 || !comment.trails)
        .collect()
}

fn comment(tree: &Tree, at: usize, span: Span) -> Comment<'_> {
    let trails = at > 0 && !gap_before(tree, at).contains('\n');
    Comment { text: tree.slice(span).trim_end(), trails, blank_before: blank_before(tree, at) }
}

/// The white space between a token and the one before it.
fn gap_before(tree: &Tree, at: usize) -> &str {
    let Some(token) = tree.tokens().get(at) else { return "" };
    let before = at.checked_sub(1).and_then(|before| tree.tokens().get(before));
    let start = before.map_or(tree.base(), |before| before.span.end);
    tree.slice(Span::new(start, token.span.start))
}

fn blank_before(tree: &Tree, at: usize) -> bool {
    gap_before(tree, at).matches('\n').count() > 1
}
