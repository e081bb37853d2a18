//! Rows that stand in a CSV file beside a rule file.

use std::sync::Arc;

use exeat_diagnostics::{Diagnostic, Span, codes};
use exeat_hir::{Expr, ExprKind, Parameter, TablePattern, TableRow, Ty};
use exeat_model::{Date, Interval, Value};
use exeat_syntax::{Kind, Node, parse_expression, parse_pattern};

use crate::checker::Checker;
use crate::dates::until_before_from;
use crate::input::{TableFile, file_name_span};
use crate::names::listed;

/// A cell: its text without quotes and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Cell {
    text: String,
    span: Span,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Key(usize),
    Value,
    From,
    Until,
    Cite,
}

impl Checker<'_> {
    /// The rows of the CSV file that a `file` clause names.
    pub(crate) fn rows_of_file(
        &mut self,
        clause: Node<'_>,
        file: usize,
        parameters: &[Parameter],
        ty: &Ty,
    ) -> Vec<TableRow> {
        let path = clause.string().unwrap_or_default();
        let found = self.table_files.and_then(|files| files.get(&(file, path.clone())));
        let Some(table) = found else {
            let diagnostic = Diagnostic::error(
                codes::TABLE_FILE_UNREADABLE,
                format!("there is no file `{path}`"),
                file_name_span(clause),
                "not found beside this file",
            )
            .with_help("The path is taken from the folder in which this rule file stands.");
            self.report(diagnostic);
            return Vec::new();
        };
        let lines = match split(table) {
            Ok(lines) => lines,
            Err(span) => {
                let message = "a quotation mark is opened and not closed";
                self.error(codes::TABLE_FILE_UNREADABLE, message, span, "opened here");
                return Vec::new();
            }
        };
        let mut lines = lines.into_iter();
        let header = lines.next().unwrap_or_default();
        let Some(columns) = self.columns(&header, table, parameters) else { return Vec::new() };
        let mut rows = Vec::new();
        for line in lines {
            rows.extend(self.row_of_cells(&line, &columns, parameters, ty));
        }
        rows
    }

    fn columns(
        &mut self,
        header: &[Cell],
        table: &TableFile,
        parameters: &[Parameter],
    ) -> Option<Vec<Column>> {
        let mut names: Vec<&str> = parameters.iter().map(|one| one.name.as_str()).collect();
        names.extend(["value", "from", "until", "cite"]);
        let mut columns = Vec::new();
        let mut sound = true;
        for cell in header {
            let text = cell.text.trim();
            let column = match parameters.iter().position(|one| one.name == text) {
                Some(at) => Some(Column::Key(at)),
                None => match text {
                    "value" => Some(Column::Value),
                    "from" => Some(Column::From),
                    "until" => Some(Column::Until),
                    "cite" => Some(Column::Cite),
                    _ => None,
                },
            };
            match column {
                Some(column) if columns.contains(&column) => {
                    let message = format!("the column `{text}` stands twice");
                    self.error(codes::TABLE_FILE_UNREADABLE, message, cell.span, "again here");
                    sound = false;
                }
                Some(column) => columns.push(column),
                None => {
                    let candidates: Vec<String> =
                        names.iter().map(|&name| name.to_owned()).collect();
                    let message = format!("there is no key `{text}` in the table");
                    let code = codes::TABLE_FILE_UNREADABLE;
                    self.unknown(code, message, text, cell.span, &candidates);
                    sound = false;
                }
            }
        }
        let keys = (0..parameters.len()).map(Column::Key).chain([Column::Value]);
        if sound && !keys.into_iter().all(|column| columns.contains(&column)) {
            let needed = names.iter().take(parameters.len().saturating_add(1)).copied();
            let span = match (header.first(), header.last()) {
                (Some(first), Some(last)) => first.span.to(last.span),
                _ => Span::new(table.base, table.base),
            };
            let diagnostic = Diagnostic::error(
                codes::TABLE_FILE_UNREADABLE,
                format!("`{}` lacks a column", table.path),
                span,
                "the names of the columns",
            )
            .with_help(format!(
                "The columns are {}, and if wanted `from`, `until`, `cite`.",
                listed(needed)
            ));
            self.report(diagnostic);
            sound = false;
        }
        sound.then_some(columns)
    }

    fn row_of_cells(
        &mut self,
        cells: &[Cell],
        columns: &[Column],
        parameters: &[Parameter],
        ty: &Ty,
    ) -> Option<TableRow> {
        let (first, last) = (cells.first()?, cells.last()?);
        let span = first.span.to(last.span);
        if cells.len() != columns.len() {
            let message =
                format!("the line has {} cells, the first line has {}", cells.len(), columns.len());
            self.error(codes::TABLE_ROW_ARITY, message, span, "too many or too few cells");
            return None;
        }
        let cell = |wanted: Column| {
            let at = columns.iter().position(|column| *column == wanted)?;
            cells.get(at).filter(|cell| !cell.text.trim().is_empty())
        };
        let interval = self.cell_interval(cell(Column::From), cell(Column::Until));
        let mut patterns = Vec::new();
        let mut complete = true;
        for (at, parameter) in parameters.iter().enumerate() {
            match cell(Column::Key(at)) {
                None => patterns.push(TablePattern::Any),
                Some(cell) => match self.cell_pattern(cell, &parameter.ty) {
                    Some(pattern) => patterns.push(pattern),
                    None => complete = false,
                },
            }
        }
        let Some(value) = cell(Column::Value) else {
            self.error(codes::TABLE_FILE_UNREADABLE, "the line has no value", span, "no value");
            return None;
        };
        let value = self.cell_value(value, ty);
        let cites = cell(Column::Cite).map(|cell| cell.text.clone()).into_iter().collect();
        complete.then_some(TableRow { patterns, value, interval, cites, span })
    }

    fn cell_interval(&mut self, from: Option<&Cell>, until: Option<&Cell>) -> Interval {
        let mut day = |cell: &Cell| -> Option<Date> { self.date(cell.text.trim(), cell.span) };
        let interval = Interval { from: from.and_then(&mut day), until: until.and_then(&mut day) };
        match (from, until) {
            (Some(from), Some(until)) if interval.is_empty() => {
                self.report(until_before_from(from.span, until.span));
                Interval::ALWAYS
            }
            _ => interval,
        }
    }

    fn cell_pattern(&mut self, cell: &Cell, ty: &Ty) -> Option<TablePattern> {
        if *ty == Ty::Text {
            return Some(TablePattern::Value(Value::Text(cell.text.as_str().into())));
        }
        let parsed = parse_pattern(cell.text.as_str(), cell.span.start);
        if parsed.has_errors() {
            self.diagnostics.extend(parsed.diagnostics);
            return None;
        }
        let node = parsed.tree.root().node(Kind::pattern)?;
        self.texts.push((cell.span.start, Arc::clone(parsed.tree.text())));
        let pattern = self.table_pattern(node, ty);
        self.texts.pop();
        pattern
    }

    fn cell_value(&mut self, cell: &Cell, ty: &Ty) -> Expr {
        if *ty == Ty::Text {
            let value = Value::Text(cell.text.as_str().into());
            return Expr { kind: ExprKind::Literal(value), ty: Ty::Text, span: cell.span };
        }
        let parsed = parse_expression(cell.text.as_str(), cell.span.start);
        let expression = parsed.tree.root().expression();
        let Some(expression) = expression.filter(|_| !parsed.has_errors()) else {
            self.diagnostics.extend(parsed.diagnostics);
            return crate::checker::broken(cell.span);
        };
        self.texts.push((cell.span.start, Arc::clone(parsed.tree.text())));
        let value = self.check(&expression, ty);
        self.texts.pop();
        value
    }
}

/// The cells of the lines that are not empty. `Err` is the place of a quote that is never closed.
fn split(table: &TableFile) -> Result<Vec<Vec<Cell>>, Span> {
    let place = |at: usize| table.base.saturating_add(u32::try_from(at).unwrap_or(u32::MAX));
    let mut lines: Vec<Vec<Cell>> = Vec::new();
    let mut line: Vec<Cell> = Vec::new();
    let mut text = String::new();
    let mut start = 0;
    let mut opened: Option<usize> = None;
    let mut quoted_end: Option<usize> = None;
    let mut characters = table.text.char_indices().peekable();
    if characters.next_if(|(_, character)| *character == '\u{FEFF}').is_some() {
        start = '\u{FEFF}'.len_utf8();
    }
    while let Some((at, character)) = characters.next() {
        match (character, opened) {
            ('"', Some(_)) if characters.next_if(|(_, next)| *next == '"').is_some() => {
                text.push('"');
            }
            ('"', Some(_)) => {
                opened = None;
                quoted_end = Some(at);
            }
            ('"', None) if text.trim().is_empty() && quoted_end.is_none() => {
                text.clear();
                opened = Some(at);
                start = at.saturating_add(1);
            }
            (',' | '\n', None) => {
                let end = quoted_end.take().unwrap_or(at);
                line.push(cell(&mut text, place(start), place(end)));
                start = at.saturating_add(1);
                if character == '\n' {
                    end_line(&mut lines, &mut line);
                }
            }
            ('\r', None) => {}
            (other, _) => {
                if quoted_end.is_none() {
                    text.push(other);
                }
            }
        }
    }
    if let Some(at) = opened {
        return Err(Span::new(place(at), place(at.saturating_add(1))));
    }
    let end = quoted_end.unwrap_or(table.text.len());
    line.push(cell(&mut text, place(start), place(end)));
    end_line(&mut lines, &mut line);
    Ok(lines)
}

fn cell(text: &mut String, start: u32, end: u32) -> Cell {
    let raw = std::mem::take(text);
    let leading = raw.len().saturating_sub(raw.trim_start().len());
    let start = start.saturating_add(u32::try_from(leading).unwrap_or(0));
    let trimmed = raw.trim().to_owned();
    let length = u32::try_from(trimmed.len()).unwrap_or(u32::MAX);
    let end = end.min(start.saturating_add(length)).max(start);
    Cell { text: trimmed, span: Span::new(start, end) }
}

fn end_line(lines: &mut Vec<Vec<Cell>>, line: &mut Vec<Cell>) {
    let line = std::mem::take(line);
    if line.iter().any(|cell| !cell.text.is_empty()) {
        lines.push(line);
    }
}
