//! Documents: words with the places where a line may be broken, and how they become lines.
//!
//! A group stands on one line if it fits and has no comment inside; else all its breaks are taken.

use exeat_syntax::{Kind, Tree};
use unicode_width::UnicodeWidthStr;

use crate::LINE_WIDTH;

/// How far a step goes in.
pub(crate) const STEP: usize = 4;

/// Words, and where they may be broken.
#[derive(Clone, Debug)]
pub(crate) enum Doc {
    /// A token, by its number.
    Token(usize),
    /// So many spaces.
    Spaces(usize),
    /// A space, or a break where the group is broken.
    Line,
    /// Nothing, or a break where the group is broken.
    Soft,
    /// A comma that the text need not have.
    Comma,
    /// Such a comma where the group is broken.
    BrokenComma,
    /// One after the other.
    Row(Vec<Doc>),
    /// On one line if it fits.
    Group(Vec<Doc>),
    /// Breaks inside go one step further in.
    Indent(Vec<Doc>),
    /// Breaks inside come to the column at which it begins.
    Align(Vec<Doc>),
}

/// A word of a line, with the spaces before it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece {
    /// The spaces before it.
    pub(crate) spaces: usize,
    /// Its token; none for a comma that is put in.
    pub(crate) token: Option<usize>,
}

/// Whether a line may have an empty line before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Blank {
    /// It has none.
    #[default]
    Never,
    /// It has one if the text has one or more.
    AsWritten,
    /// It has one.
    Always,
}

/// A line of the result, without comments.
#[derive(Clone, Debug, Default)]
pub(crate) struct Line {
    /// The spaces before its first word.
    pub(crate) indent: usize,
    /// Its words.
    pub(crate) pieces: Vec<Piece>,
    /// Whether there is an empty line before it.
    pub(crate) blank: Blank,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Flat,
    Broken,
}

type Work<'d> = (usize, Mode, &'d Doc);

/// Lays a document out, from the indentation and column given. The first line has that indentation;
/// what stands before the column is for the caller to put in.
pub(crate) fn render(tree: &Tree, doc: &Doc, indent: usize, column: usize) -> Vec<Line> {
    let mut state =
        State { tree, lines: vec![Line { indent, ..Line::default() }], column, spaces: 0 };
    let mut stack: Vec<Work<'_>> = vec![(indent, Mode::Broken, doc)];
    while let Some((indent, mode, doc)) = stack.pop() {
        match doc {
            Doc::Token(token) => state.word(Some(*token)),
            Doc::Spaces(count) => state.space(*count),
            Doc::Line if mode == Mode::Flat => state.space(1),
            Doc::Soft if mode == Mode::Flat => {}
            Doc::Line | Doc::Soft => state.new_line(indent),
            Doc::Comma => state.word(None),
            Doc::BrokenComma if mode == Mode::Broken => state.word(None),
            Doc::BrokenComma => {}
            Doc::Row(parts) => push(&mut stack, indent, mode, parts),
            Doc::Indent(parts) => push(&mut stack, indent.saturating_add(STEP), mode, parts),
            Doc::Align(parts) => {
                let column = state.column.saturating_add(state.spaces);
                push(&mut stack, column, mode, parts);
            }
            Doc::Group(parts) => {
                let room = LINE_WIDTH.saturating_sub(state.column.saturating_add(state.spaces));
                let flat = mode == Mode::Flat
                    || (!has_comment(tree, doc) && fits(tree, parts, &stack, room));
                let mode = if flat { Mode::Flat } else { Mode::Broken };
                push(&mut stack, indent, mode, parts);
            }
        }
    }
    state.lines
}

struct State<'t> {
    tree: &'t Tree,
    lines: Vec<Line>,
    column: usize,
    spaces: usize,
}

impl State<'_> {
    fn word(&mut self, token: Option<usize>) {
        let width = token.map_or(1, |token| width(self.tree, token));
        self.column = self.column.saturating_add(self.spaces).saturating_add(width);
        let spaces = std::mem::take(&mut self.spaces);
        if let Some(line) = self.lines.last_mut() {
            line.pieces.push(Piece { spaces, token });
        }
    }

    fn space(&mut self, count: usize) {
        self.spaces = self.spaces.saturating_add(count);
    }

    fn new_line(&mut self, indent: usize) {
        self.lines.push(Line { indent, ..Line::default() });
        self.column = indent;
        self.spaces = 0;
    }
}

fn push<'d>(stack: &mut Vec<Work<'d>>, indent: usize, mode: Mode, parts: &'d [Doc]) {
    stack.extend(parts.iter().rev().map(|part| (indent, mode, part)));
}

/// Whether a group and what follows it up to the next break fit into the room that is left.
fn fits(tree: &Tree, parts: &[Doc], rest: &[Work<'_>], room: usize) -> bool {
    let mut room = room;
    let mut stack: Vec<(Mode, &Doc)> = parts.iter().rev().map(|part| (Mode::Flat, part)).collect();
    let mut rest = rest.iter().rev();
    loop {
        let (mode, doc) = match stack.pop() {
            Some(next) => next,
            None => match rest.next() {
                Some((_, mode, doc)) => (*mode, *doc),
                None => return true,
            },
        };
        let needed = match doc {
            Doc::Token(token) => width(tree, *token),
            Doc::Spaces(count) => *count,
            Doc::Line | Doc::Soft if mode == Mode::Broken => return true,
            Doc::Soft => 0,
            Doc::Line | Doc::Comma => 1,
            Doc::BrokenComma => usize::from(mode == Mode::Broken),
            // A group that follows in broken text may be broken at its first chance.
            Doc::Row(parts) | Doc::Indent(parts) | Doc::Align(parts) | Doc::Group(parts) => {
                stack.extend(parts.iter().rev().map(|part| (mode, part)));
                0
            }
        };
        match room.checked_sub(needed) {
            Some(left) => room = left,
            None => return false,
        }
    }
}

/// The columns that a token takes.
pub(crate) fn width(tree: &Tree, token: usize) -> usize {
    tree.tokens().get(token).map_or(0, |token| tree.slice(token.span).width())
}

/// Whether there is a comment between the first and the last token of a document.
fn has_comment(tree: &Tree, doc: &Doc) -> bool {
    let (mut first, mut last) = (usize::MAX, 0);
    let mut stack = vec![doc];
    while let Some(doc) = stack.pop() {
        match doc {
            Doc::Token(token) => {
                first = first.min(*token);
                last = last.max(*token);
            }
            Doc::Row(parts) | Doc::Group(parts) | Doc::Indent(parts) | Doc::Align(parts) => {
                stack.extend(parts);
            }
            _ => {}
        }
    }
    let inside = tree.tokens().get(first..last).unwrap_or(&[]);
    inside.iter().any(|token| token.kind == Kind::comment)
}
