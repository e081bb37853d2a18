use std::fmt::Write;

use super::{order::ordered, place::Place, plain::details};
use crate::{Diagnostic, Severity, SourceMap};

/// Each problem as a command that makes an annotation in a GitHub Actions run.
///
/// `::error file=F,line=L,endLine=L,col=C,endColumn=C,title=E0201::message`
pub fn github(diagnostics: &[Diagnostic], sources: &SourceMap) -> String {
    ordered(diagnostics, sources).into_iter().map(|found| command(found, sources) + "\n").collect()
}

fn command(diagnostic: &Diagnostic, sources: &SourceMap) -> String {
    let mut properties = String::new();
    if let Some(place) = diagnostic.span().and_then(|span| Place::of(span, sources)) {
        properties = format!(
            "file={},line={},endLine={},",
            escape_property(&place.file.name.replace('\\', "/")),
            place.start.line,
            place.end.line
        );
        // Columns mean something only within one line; an empty place is shown as one character.
        if place.start.line == place.end.line {
            let start = place.start.column;
            let end = place.end.column.max(start.saturating_add(1));
            // Writing to a `String` cannot fail.
            let _ = write!(properties, "col={start},endColumn={end},");
        }
    }
    let mut lines = vec![diagnostic.message.clone()];
    lines.extend(details(diagnostic, sources));
    format!(
        "::{} {properties}title={}::{}",
        level(diagnostic.severity),
        escape_property(diagnostic.code.0),
        escape_data(&lines.join("\n"))
    )
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    }
}

/// Escapes the text after the second `::`.
fn escape_data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes the value of a property, where `:` and `,` are separators.
fn escape_property(text: &str) -> String {
    escape_data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Span, codes, render::fixture};

    #[test]
    fn each_problem_is_one_command() {
        let (diagnostics, sources) = fixture::two_files();
        insta::assert_snapshot!(github(&diagnostics, &sources));
    }

    #[test]
    fn separators_and_line_breaks_are_escaped() {
        let mut sources = SourceMap::new();
        sources.add("a,b:c%.exeat", "x\ny").unwrap();
        let found =
            Diagnostic::error(codes::SYNTAX_ERROR, "50% of\r\nit: a, b", Span::new(0, 3), "");
        assert_eq!(
            github(&[found], &sources),
            "::error file=a%2Cb%3Ac%25.exeat,line=1,endLine=2,title=E0101::50%25 of%0D%0Ait: a, b\n"
        );
    }
}
