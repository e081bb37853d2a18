//! The clauses of an item, each on lines of its own.
//!
//! Within an item the texts behind short keywords begin in the same column. How wide that column is
//! depends on the kind of item alone, so that a new clause moves no other line.

use exeat_syntax::{Element, Kind, Node, Tree};

use crate::columns::{Columns, lined_up};
use crate::document::{Blank, Doc, Line, Piece, STEP, render, width};
use crate::expression::{conditions, enclosed, expression};
use crate::words::{in_a_row, spaced, tokens};

/// The clauses between the braces of an item.
pub(crate) struct Clauses<'t> {
    pub(crate) tree: &'t Tree,
    pub(crate) indent: usize,
    /// The width of the keywords' column; 0 where texts follow their keywords directly.
    pub(crate) keyword_width: usize,
}

impl<'t> Clauses<'t> {
    /// All lines of these clauses.
    pub(crate) fn lines(&self, clauses: &[Node<'t>]) -> Vec<Line> {
        let mut lines: Vec<Line> = Vec::new();
        let mut rest = clauses;
        while let Some((first, behind)) = rest.split_first() {
            let run = self.run(rest);
            let laid = if run.len() > 1 || self.is_row(*first) {
                rest = behind.get(run.len().saturating_sub(1)..).unwrap_or(&[]);
                self.rows(run)
            } else {
                rest = behind;
                self.clause(*first)
            };
            lines.extend(laid);
        }
        lines
    }

    /// The clauses at the front that are lined up with each other: the same kind, no empty line between.
    fn run<'n>(&self, clauses: &'n [Node<'t>]) -> &'n [Node<'t>] {
        let Some((first, rest)) = clauses.split_first() else { return clauses };
        if !self.is_row(*first) {
            return clauses.get(..1).unwrap_or(clauses);
        }
        let more = rest
            .iter()
            .take_while(|next| {
                next.kind() == first.kind()
                    && !blank_line_before(self.tree, **next)
                    && self.is_row(**next)
            })
            .count();
        clauses.get(..more.saturating_add(1)).unwrap_or(clauses)
    }

    fn is_row(&self, node: Node<'t>) -> bool {
        match node.kind() {
            Kind::duty_clause
            | Kind::otherwise_clause
            | Kind::reading_choice
            | Kind::enum_value
            | Kind::scale_outcome
            | Kind::code_entry
            | Kind::record_field
            | Kind::row
            | Kind::fact => true,
            // Pieces are rows where each fits on a line.
            Kind::piece => self.fits_on_a_line(node),
            _ => false,
        }
    }

    fn fits_on_a_line(&self, node: Node<'t>) -> bool {
        let doc = Doc::Group(vec![self.piece(node)]);
        render(self.tree, &doc, self.indent, self.indent).len() == 1
    }

    fn rows(&self, clauses: &[Node<'t>]) -> Vec<Line> {
        let rows: Vec<Columns> = clauses
            .iter()
            .map(|clause| Columns { cells: self.cells(*clause), blank: Blank::AsWritten })
            .collect();
        let first_gap = match clauses.first().map(|first| first.kind()) {
            Some(Kind::duty_clause | Kind::otherwise_clause | Kind::piece | Kind::fact) | None => 2,
            Some(_) => 1,
        };
        lined_up(self.tree, &rows, self.indent, first_gap)
    }

    /// The columns of a clause: what it begins with, then each clause inside it by its kind.
    fn cells(&self, node: Node<'t>) -> Vec<(usize, Doc)> {
        let mut cells: Vec<(usize, Vec<Doc>)> = vec![(0, Vec::new())];
        let mut patterns: usize = 0;
        for (at, child) in crate::proof::significant(node).into_iter().enumerate() {
            let kind = match child {
                Element::Token(_, token) => token.kind,
                Element::Node(node) => node.kind(),
            };
            let column = match kind {
                Kind::colon if node.kind() == Kind::record_field => 1,
                Kind::string if at > 0 && node.kind() != Kind::duty_clause => 1,
                Kind::ask_clause | Kind::effect_clause | Kind::kw_meets => 2,
                Kind::source_clause | Kind::labels_clause => 3,
                Kind::pattern => {
                    patterns = patterns.saturating_add(1);
                    patterns.saturating_sub(1)
                }
                Kind::arrow => patterns,
                Kind::interval_clause => interval_column(node, child, patterns),
                Kind::cite_clause => 7_usize.saturating_add(patterns),
                _ => usize::MAX,
            };
            let doc = match child {
                Element::Token(id, _) => Doc::Token(id.0),
                Element::Node(node) if node.kind() == Kind::expr => expression(self.tree, node),
                Element::Node(node) => in_a_row(self.tree, node),
            };
            let opens = match cells.last() {
                Some((current, content)) => {
                    column != usize::MAX && column > *current && !content.is_empty()
                }
                None => true,
            };
            if opens {
                cells.push((column, vec![doc]));
            } else if let Some((_, content)) = cells.last_mut() {
                if !content.is_empty() && kind != Kind::comma {
                    content.push(Doc::Spaces(1));
                }
                content.push(if at == 0 { self.keyword(node, doc) } else { doc });
            }
        }
        cells.into_iter().map(|(column, docs)| (column, Doc::Row(docs))).collect()
    }

    /// The keyword of a row, padded as that of the other clauses.
    fn keyword(&self, node: Node<'t>, doc: Doc) -> Doc {
        match (node.kind(), &doc) {
            (Kind::duty_clause | Kind::otherwise_clause | Kind::row, Doc::Token(token)) => {
                let pad = self.keyword_width.saturating_sub(width(self.tree, *token));
                Doc::Row(vec![doc, Doc::Spaces(pad)])
            }
            _ => doc,
        }
    }

    fn clause(&self, node: Node<'t>) -> Vec<Line> {
        match node.kind() {
            Kind::when_clause => self.when(node),
            Kind::given_clause => self.given(node),
            _ => self.rendered(&self.document(node)),
        }
    }

    fn rendered(&self, doc: &Doc) -> Vec<Line> {
        let mut lines = render(self.tree, doc, self.indent, self.indent);
        if let Some(first) = lines.first_mut() {
            first.blank = Blank::AsWritten;
        }
        lines
    }

    fn document(&self, node: Node<'t>) -> Doc {
        match node.kind() {
            Kind::piece => self.piece(node),
            Kind::title_clause
            | Kind::cite_clause
            | Kind::interval_clause
            | Kind::status_clause
            | Kind::use_clause
            | Kind::combine_clause
            | Kind::affects_clause
            | Kind::file_clause
            | Kind::under_clause
            | Kind::then_clause
            | Kind::needed_clause
            | Kind::always_clause
            | Kind::never_clause
            | Kind::covers_clause => self.padded(node),
            _ => self.plain(node),
        }
    }

    /// A clause whose text begins in the column of the item.
    fn padded(&self, node: Node<'t>) -> Doc {
        let mut docs = Vec::new();
        for (at, child) in node.children().enumerate() {
            match child {
                Element::Token(id, _) if at == 0 => {
                    let pad = self.keyword_width.saturating_sub(width(self.tree, id.0));
                    docs.extend([Doc::Token(id.0), Doc::Spaces(pad.saturating_add(1))]);
                }
                Element::Token(id, token) if matches!(token.kind, Kind::comma) => {
                    docs.extend([Doc::Token(id.0), Doc::Line]);
                }
                other => docs.extend([self.part(other), Doc::Spaces(1)]),
            }
        }
        // A space before a comma or at the end is none.
        let mut tidy: Vec<Doc> = Vec::new();
        for doc in docs {
            if let (Doc::Token(token), Some(Doc::Spaces(_))) = (&doc, tidy.last())
                && self.tree.tokens().get(*token).is_some_and(|token| token.kind == Kind::comma)
            {
                tidy.pop();
            }
            tidy.push(doc);
        }
        if let (Some(first), true) = (tidy.first().cloned(), tidy.len() > 2) {
            let rest = tidy.split_off(2);
            let gap = tidy.pop().unwrap_or(Doc::Spaces(1));
            return Doc::Group(vec![first, gap, Doc::Align(rest)]);
        }
        Doc::Row(tidy)
    }

    fn part(&self, element: Element<'t>) -> Doc {
        match element {
            Element::Token(id, _) => Doc::Token(id.0),
            Element::Node(node) => match node.kind() {
                Kind::expr => expression(self.tree, node),
                Kind::use_names | Kind::parameters => enclosed(self.tree, node, Doc::Soft),
                _ => in_a_row(self.tree, node),
            },
        }
    }

    /// Words and expressions with a space between them.
    fn plain(&self, node: Node<'t>) -> Doc {
        let children: Vec<Element<'t>> = node.children().collect();
        if !children
            .iter()
            .any(|child| matches!(child, Element::Node(node) if node.kind() == Kind::expr))
        {
            return spaced(self.tree, &tokens(node));
        }
        let mut docs = Vec::new();
        for child in children {
            if !docs.is_empty() {
                docs.push(Doc::Spaces(1));
            }
            docs.push(self.part(child));
        }
        Doc::Row(docs)
    }

    /// `as …` with the days on which it counts, and citations.
    pub(crate) fn piece(&self, node: Node<'t>) -> Doc {
        let mut docs = Vec::new();
        for child in node.children() {
            match child {
                Element::Token(id, _) => docs.extend([Doc::Token(id.0), Doc::Spaces(1)]),
                Element::Node(node) if node.kind() == Kind::expr => {
                    docs.push(expression(self.tree, node));
                }
                Element::Node(node) => {
                    docs.push(Doc::Indent(vec![Doc::Line, in_a_row(self.tree, node)]));
                }
            }
        }
        Doc::Group(docs)
    }

    /// One condition a line, under `when`.
    fn when(&self, node: Node<'t>) -> Vec<Line> {
        let Some(keyword) = node.children().next() else { return Vec::new() };
        let Some(condition) = node.node(Kind::expr) else { return Vec::new() };
        let mut lines = Vec::new();
        for (operator, doc) in conditions(self.tree, condition) {
            let word = match (operator, keyword) {
                (Some(operator), _) => operator,
                (None, Element::Token(id, _)) => id.0,
                (None, Element::Node(_)) => continue,
            };
            let pad = self.keyword_width.saturating_sub(width(self.tree, word)).saturating_add(1);
            let doc = Doc::Row(vec![Doc::Token(word), Doc::Spaces(pad), doc]);
            let mut laid = self.rendered(&doc);
            if operator.is_some()
                && let Some(first) = laid.first_mut()
            {
                first.blank = Blank::Never;
            }
            lines.extend(laid);
        }
        lines
    }

    /// Given facts, one under the other, with their `=` in one column.
    fn given(&self, node: Node<'t>) -> Vec<Line> {
        let Some(Element::Token(keyword, _)) = node.children().next() else { return Vec::new() };
        let items: Vec<Node<'t>> = node.nodes_of(Kind::given_item).collect();
        let start = self.indent.saturating_add(width(self.tree, keyword.0)).saturating_add(1);
        let path_width = |item: &Node<'t>| -> usize {
            let path = item.node(Kind::path).map(tokens).unwrap_or_default();
            path.iter().map(|token| width(self.tree, *token)).sum()
        };
        let widest = items.iter().map(path_width).max().unwrap_or(0);
        let mut lines: Vec<Line> = Vec::new();
        for item in items {
            let pad = widest.saturating_sub(path_width(&item));
            let mut docs = Vec::new();
            for child in item.children() {
                match child {
                    Element::Token(id, _) => {
                        docs.extend([
                            Doc::Spaces(pad.saturating_add(1)),
                            Doc::Token(id.0),
                            Doc::Spaces(1),
                        ]);
                    }
                    Element::Node(_) => docs.push(self.part(child)),
                }
            }
            lines.extend(render(self.tree, &Doc::Row(docs), start, start));
        }
        if let Some(first) = lines.first_mut() {
            first.indent = self.indent;
            first.blank = Blank::AsWritten;
            if let Some(piece) = first.pieces.first_mut() {
                piece.spaces = 1;
            }
            first.pieces.insert(0, Piece { spaces: 0, token: Some(keyword.0) });
        }
        lines
    }

    /// A line that closes what a brace opened.
    pub(crate) fn closing(&self, token: usize) -> Line {
        let indent = self.indent.saturating_sub(STEP);
        Line { indent, pieces: vec![Piece { spaces: 0, token: Some(token) }], blank: Blank::Never }
    }
}

fn interval_column(node: Node<'_>, child: Element<'_>, patterns: usize) -> usize {
    let Element::Node(interval) = child else { return usize::MAX };
    let first = usize::from(!interval.has(Kind::kw_from));
    let before = if node.kind() == Kind::row { patterns } else { 3 };
    4_usize.saturating_add(first).max(before.saturating_add(1).saturating_add(first))
}

/// Whether there is an empty line before a node, or before the comments that lead it.
pub(crate) fn blank_line_before(tree: &Tree, node: Node<'_>) -> bool {
    let mut at = node.token_range().0.0;
    loop {
        let Some(token) = tree.tokens().get(at) else { return false };
        let Some(before) = at.checked_sub(1).and_then(|before| tree.tokens().get(before)) else {
            return false;
        };
        let gap = tree.slice(exeat_diagnostics::Span::new(before.span.end, token.span.start));
        if gap.matches('\n').count() > 1 {
            return true;
        }
        if before.kind != Kind::comment {
            return false;
        }
        at = at.saturating_sub(1);
    }
}
