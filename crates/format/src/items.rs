//! The items of a file.

use exeat_syntax::{Element, Kind, Node, Tree};

use crate::clauses::{Clauses, blank_line_before};
use crate::columns::{Columns, lined_up, on_one_line};
use crate::document::{Blank, Doc, Line, STEP, render};
use crate::expression::{enclosed, expression};
use crate::proof::significant;
use crate::words::in_a_row;

/// The lines of a file, without comments.
pub(crate) fn lines(tree: &Tree) -> Vec<Line> {
    let items: Vec<Node<'_>> = tree.root().nodes().collect();
    let mut lines: Vec<Line> = Vec::new();
    let mut rest = items.as_slice();
    let mut tall_before = true;
    while let Some((first, behind)) = rest.split_first() {
        let facts = facts_in_a_row(tree, rest);
        let mut laid = if facts.is_empty() {
            rest = behind;
            item(tree, *first)
        } else {
            rest = behind.get(facts.len().saturating_sub(1)..).unwrap_or(&[]);
            Clauses { tree, indent: 0, keyword_width: 0 }.lines(facts)
        };
        let tall = facts.is_empty() && (laid.len() > 1 || first.kind() == Kind::edition);
        if let Some(line) = laid.first_mut() {
            line.blank = if tall || tall_before { Blank::Always } else { Blank::AsWritten };
        }
        tall_before = tall;
        lines.extend(laid);
    }
    lines
}

fn facts_in_a_row<'n, 't>(tree: &'t Tree, items: &'n [Node<'t>]) -> &'n [Node<'t>] {
    let together = |at: usize, node: &Node<'t>| {
        node.kind() == Kind::fact && (at == 0 || !blank_line_before(tree, *node))
    };
    let count = items.iter().enumerate().take_while(|(at, node)| together(*at, node)).count();
    items.get(..count).unwrap_or(&[])
}

/// How wide the column of the keywords is in an item.
fn keyword_width(node: Node<'_>) -> usize {
    match node.kind() {
        // Few modules say a status; the headers of the others stay as narrow as other items.
        Kind::module if node.node(Kind::status_clause).is_some() => "status".len(),
        Kind::decision => "otherwise".len(),
        Kind::not_modelled => "affects".len(),
        Kind::assertion => "always".len(),
        Kind::scenario => 0,
        _ => "title".len(),
    }
}

fn item(tree: &Tree, node: Node<'_>) -> Vec<Line> {
    let children = significant(node);
    let opens = |child: &Element<'_>| matches!(child, Element::Token(_, token) if token.kind == Kind::open_brace);
    let Some(brace) = children.iter().position(opens) else { return on_its_line(tree, node) };
    let (header, body) = children.split_at(brace);
    let Some((open, inside)) = body.split_first() else { return on_its_line(tree, node) };
    let Some((Element::Token(close, _), inside)) = inside.split_last() else {
        return on_its_line(tree, node);
    };
    let mut head = header_of(tree, header);
    if let Element::Token(open, _) = open {
        head.extend([Doc::Spaces(1), Doc::Token(open.0)]);
    }
    if inside.is_empty() && !has_comment_before(tree, close.0) {
        head.push(Doc::Token(close.0));
        return render(tree, &Doc::Group(head), 0, 0);
    }
    let clauses = Clauses { tree, indent: STEP, keyword_width: keyword_width(node) };
    let mut lines = render(tree, &Doc::Group(head), 0, 0);
    let nodes: Vec<Node<'_>> = inside
        .iter()
        .filter_map(|child| match child {
            Element::Node(node) => Some(*node),
            Element::Token(..) => None,
        })
        .collect();
    if matches!(node.kind(), Kind::group | Kind::rule_set) {
        let (items, rest): (Vec<_>, Vec<_>) = nodes
            .into_iter()
            .partition(|node| matches!(node.kind(), Kind::group_item | Kind::rule_set_item));
        lines.extend(clauses.lines(&rest));
        lines.extend(members(tree, inside, &items));
    } else {
        lines.extend(clauses.lines(&nodes));
    }
    lines.push(clauses.closing(close.0));
    lines
}

fn has_comment_before(tree: &Tree, token: usize) -> bool {
    token
        .checked_sub(1)
        .and_then(|before| tree.tokens().get(before))
        .is_some_and(|before| before.kind == Kind::comment)
}

/// What stands before the brace.
fn header_of(tree: &Tree, header: &[Element<'_>]) -> Vec<Doc> {
    let mut docs: Vec<Doc> = Vec::new();
    for child in header {
        let comma = matches!(child, Element::Token(_, token) if token.kind == Kind::comma);
        if !docs.is_empty() && !comma {
            docs.push(Doc::Spaces(1));
        }
        docs.push(match child {
            Element::Token(id, _) => Doc::Token(id.0),
            Element::Node(node) if node.kind() == Kind::parameters => {
                enclosed(tree, *node, Doc::Soft)
            }
            Element::Node(node) => in_a_row(tree, *node),
        });
    }
    docs
}

/// An item without braces.
fn on_its_line(tree: &Tree, node: Node<'_>) -> Vec<Line> {
    let clauses = Clauses { tree, indent: 0, keyword_width: 0 };
    let mut docs: Vec<Doc> = Vec::new();
    for child in node.children() {
        if let Element::Node(piece) = child
            && piece.kind() == Kind::piece
        {
            docs.push(Doc::Indent(vec![Doc::Line, clauses.piece(piece)]));
            continue;
        }
        if !docs.is_empty() {
            docs.push(Doc::Spaces(1));
        }
        docs.push(match child {
            Element::Token(id, _) => Doc::Token(id.0),
            Element::Node(node) if node.kind() == Kind::expr => expression(tree, node),
            Element::Node(node) if node.kind() == Kind::parameters => {
                enclosed(tree, node, Doc::Soft)
            }
            Element::Node(node) => in_a_row(tree, node),
        });
    }
    render(tree, &Doc::Group(docs), 0, 0)
}

/// The members of a group: as many on a line as fit, or one a line with its dates and citations. The rules
/// of a set stand one a line.
fn members(tree: &Tree, inside: &[Element<'_>], items: &[Node<'_>]) -> Vec<Line> {
    let first = items.first().map_or(0, |item| item.token_range().0.0);
    let last = items.last().map_or(0, |item| item.token_range().1.0);
    let tokens = tree.tokens().get(first..last).unwrap_or(&[]);
    let detailed = items.iter().any(|item| item.nodes().count() > 1)
        || items.iter().any(|item| item.kind() == Kind::rule_set_item)
        || tokens.iter().any(|token| token.kind == Kind::comment);
    let mut commas = inside.iter().filter_map(|child| match child {
        Element::Token(id, token) if token.kind == Kind::comma => Some(id.0),
        _ => None,
    });
    let mut rows: Vec<Columns> = Vec::new();
    for item in items {
        let mut cells: Vec<(usize, Doc)> = Vec::new();
        for child in item.nodes() {
            let doc = if child.kind() == Kind::expr {
                expression(tree, child)
            } else {
                in_a_row(tree, child)
            };
            let column = match child.kind() {
                Kind::expr => 0,
                Kind::cite_clause => 4,
                _ if child.has(Kind::kw_from) => 1,
                _ => 2,
            };
            match cells.last_mut() {
                // Out of the usual order: on the same line all the same.
                Some((current, before)) if *current >= column => {
                    let row = std::mem::replace(before, Doc::Row(Vec::new()));
                    *before = Doc::Row(vec![row, Doc::Spaces(1), doc]);
                }
                _ => cells.push((column, doc)),
            }
        }
        if let Some((_, last)) = cells.last_mut() {
            let row = std::mem::replace(last, Doc::Row(Vec::new()));
            let comma = match commas.next() {
                Some(comma) => Doc::Token(comma),
                None if detailed => Doc::Comma,
                None => Doc::Row(Vec::new()),
            };
            *last = Doc::Row(vec![row, comma]);
        }
        rows.push(Columns { cells, blank: Blank::AsWritten });
    }
    if detailed {
        return lined_up(tree, &rows, STEP, 2);
    }
    filled(tree, rows)
}

/// As many on a line as fit.
fn filled(tree: &Tree, rows: Vec<Columns>) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut column = crate::LINE_WIDTH;
    for row in rows {
        let doc = Doc::Row(row.cells.into_iter().map(|(_, doc)| doc).collect());
        let mut pieces = on_one_line(tree, &doc);
        let width: usize = pieces
            .iter()
            .map(|piece| {
                let token = piece.token.map_or(1, |token| crate::document::width(tree, token));
                piece.spaces.saturating_add(token)
            })
            .sum();
        let behind = column.saturating_add(1).saturating_add(width);
        match lines.last_mut() {
            Some(line) if behind <= crate::LINE_WIDTH => {
                if let Some(first) = pieces.first_mut() {
                    first.spaces = 1;
                }
                line.pieces.extend(pieces);
                column = behind;
            }
            _ => {
                let blank = if lines.is_empty() { Blank::AsWritten } else { Blank::Never };
                lines.push(Line { indent: STEP, pieces, blank });
                column = STEP.saturating_add(width);
            }
        }
    }
    lines
}
