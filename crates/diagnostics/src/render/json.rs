use serde::Serialize;

use super::{json_text, order::ordered, place::Place, severity_word};
use crate::{Diagnostic, LineColumn, Severity, SourceMap, Span, describe};

/// The name and version of the shape that [`json`] writes.
pub const JSON_SCHEMA: &str = "exeat.diagnostics/1";

/// All problems as one JSON object with its schema, for programs.
///
/// Lines and columns count from 1, columns count characters; offsets count bytes from 0 within the
/// file. A span ends before `end`.
pub fn json(diagnostics: &[Diagnostic], sources: &SourceMap) -> String {
    json_text(&report(diagnostics, sources))
}

/// The same object as a value, for programs that put it into an answer of their own.
pub fn json_value(diagnostics: &[Diagnostic], sources: &SourceMap) -> serde_json::Value {
    serde_json::to_value(report(diagnostics, sources)).unwrap_or_default()
}

#[derive(Serialize)]
struct Report<'a> {
    schema: &'static str,
    errors: usize,
    warnings: usize,
    notes: usize,
    diagnostics: Vec<Problem<'a>>,
}

#[derive(Serialize)]
struct Problem<'a> {
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'static str>,
    severity: &'static str,
    message: &'a str,
    labels: Vec<Mark<'a>>,
    help: &'a [String],
    notes: &'a [String],
    fix: Option<Change<'a>>,
}

#[derive(Serialize)]
struct Mark<'a> {
    #[serde(flatten)]
    range: Range<'a>,
    text: &'a str,
}

#[derive(Serialize)]
struct Change<'a> {
    title: &'a str,
    edits: Vec<Replacement<'a>>,
}

#[derive(Serialize)]
struct Replacement<'a> {
    #[serde(flatten)]
    range: Range<'a>,
    replacement: &'a str,
}

#[derive(Serialize)]
struct Range<'a> {
    file: &'a str,
    start: Point,
    end: Point,
}

#[derive(Serialize)]
struct Point {
    line: usize,
    column: usize,
    offset: usize,
}

fn report<'a>(diagnostics: &'a [Diagnostic], sources: &'a SourceMap) -> Report<'a> {
    let count = |severity| diagnostics.iter().filter(|found| found.severity == severity).count();
    let ordered = ordered(diagnostics, sources);
    Report {
        schema: JSON_SCHEMA,
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        notes: count(Severity::Note),
        diagnostics: ordered.into_iter().map(|found| problem(found, sources)).collect(),
    }
}

fn problem<'a>(diagnostic: &'a Diagnostic, sources: &'a SourceMap) -> Problem<'a> {
    let mark = |label: &'a crate::Label| {
        Some(Mark { range: range(label.span, sources)?, text: &label.text })
    };
    let change = |fix: &'a crate::Fix| Change {
        title: &fix.title,
        edits: fix
            .edits
            .iter()
            .filter_map(|edit| {
                Some(Replacement {
                    range: range(edit.span, sources)?,
                    replacement: &edit.replacement,
                })
            })
            .collect(),
    };
    Problem {
        code: diagnostic.code.0,
        name: describe(diagnostic.code.0).map(|known| known.name),
        severity: severity_word(diagnostic.severity),
        message: &diagnostic.message,
        labels: diagnostic.labels.iter().filter_map(mark).collect(),
        help: &diagnostic.help,
        notes: &diagnostic.notes,
        fix: diagnostic.fix.as_ref().map(change),
    }
}

fn range(span: Span, sources: &SourceMap) -> Option<Range<'_>> {
    let place = Place::of(span, sources)?;
    let point = |at: LineColumn, offset| Point { line: at.line, column: at.column, offset };
    Some(Range {
        file: &place.file.name,
        start: point(place.start, place.bytes.start),
        end: point(place.end, place.bytes.end),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::fixture;

    #[test]
    fn report_has_all_places_in_both_files() {
        let (diagnostics, sources) = fixture::two_files();
        insta::assert_snapshot!(json(&diagnostics, &sources));
    }

    #[test]
    fn text_and_value_are_the_same() {
        let (diagnostics, sources) = fixture::two_files();
        let read: serde_json::Value = serde_json::from_str(&json(&diagnostics, &sources)).unwrap();
        assert_eq!(read, json_value(&diagnostics, &sources));
        assert_eq!(read["errors"], 3);
    }

    #[test]
    fn no_problem_is_a_report_too() {
        let value = json_value(&[], &SourceMap::new());
        assert_eq!(value["schema"], "exeat.diagnostics/1");
        assert_eq!(value["diagnostics"], serde_json::json!([]));
    }
}
