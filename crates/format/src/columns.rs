//! Rows of short parts, one under the other.

use exeat_syntax::Tree;

use crate::document::{Blank, Doc, Line, Piece, render, width};

/// A line of parts that are lined up with those of its neighbours.
pub(crate) struct Columns {
    /// The parts, each with the column it belongs to: a part may be absent.
    pub(crate) cells: Vec<(usize, Doc)>,
    /// Whether there may be an empty line before it.
    pub(crate) blank: Blank,
}

/// The spaces between two columns; the first gap may be narrower.
const GAP: usize = 2;

/// Lines up a run of rows. `first_gap` is the space behind the first column.
pub(crate) fn lined_up(
    tree: &Tree,
    rows: &[Columns],
    indent: usize,
    first_gap: usize,
) -> Vec<Line> {
    let laid: Vec<Vec<(usize, Vec<Piece>, usize)>> = rows
        .iter()
        .map(|row| {
            let cell = |(column, doc): &(usize, Doc)| {
                let pieces = on_one_line(tree, doc);
                let width = pieces.iter().map(|piece| wide(tree, piece)).sum();
                (*column, pieces, width)
            };
            row.cells.iter().map(cell).collect()
        })
        .collect();
    let mut widths: Vec<usize> = Vec::new();
    // What nothing stands behind pushes nothing to the right.
    let pushing = laid.iter().flat_map(|row| row.iter().take(row.len().saturating_sub(1)));
    for (column, _, width) in pushing {
        if widths.len() <= *column {
            widths.resize(column.saturating_add(1), 0);
        }
        if let Some(widest) = widths.get_mut(*column) {
            *widest = (*widest).max(*width);
        }
    }
    let start = |column: usize| -> usize {
        let before = widths.iter().take(column).enumerate();
        before
            .filter(|(_, width)| **width > 0)
            .map(|(at, width)| width.saturating_add(if at == 0 { first_gap } else { GAP }))
            .sum()
    };
    let mut lines = Vec::new();
    for (row, cells) in rows.iter().zip(laid) {
        let mut line = Line { indent, blank: row.blank, ..Line::default() };
        let mut at: usize = 0;
        for (column, pieces, width) in cells {
            let from = start(column);
            let spaces = from.saturating_sub(at);
            for (number, piece) in pieces.into_iter().enumerate() {
                let before = if number == 0 { spaces } else { 0 };
                line.pieces.push(Piece { spaces: piece.spaces.saturating_add(before), ..piece });
            }
            at = from.saturating_add(width);
        }
        lines.push(line);
    }
    lines
}

/// The words of a document that is not broken.
pub(crate) fn on_one_line(tree: &Tree, doc: &Doc) -> Vec<Piece> {
    let flat = flattened(doc);
    render(tree, &flat, 0, 0).into_iter().flat_map(|line| line.pieces).collect()
}

fn wide(tree: &Tree, piece: &Piece) -> usize {
    piece.spaces.saturating_add(piece.token.map_or(1, |token| width(tree, token)))
}

/// A document without breaks.
fn flattened(doc: &Doc) -> Doc {
    match doc {
        Doc::Line => Doc::Spaces(1),
        Doc::Soft | Doc::BrokenComma => Doc::Spaces(0),
        Doc::Row(parts) | Doc::Group(parts) | Doc::Indent(parts) | Doc::Align(parts) => {
            Doc::Row(parts.iter().map(flattened).collect())
        }
        other => other.clone(),
    }
}
