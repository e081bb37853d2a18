//! How problems are shown: one function for each kind of reader.
//!
//! All of them work from the plain [`Diagnostic`] and agree on its order and on where a place is.
//! [`graphical`] and [`plain`] are for people, [`json`], [`sarif`] and [`github`] for machines.

mod github;
mod graphical;
mod json;
mod miette_adapter;
mod order;
mod place;
mod plain;
mod sarif;
mod sarif_log;
mod wrap;

#[cfg(test)]
mod fixture;

use serde::Serialize;

pub use github::github;
pub use graphical::{GraphicalOptions, graphical};
pub use json::{JSON_SCHEMA, json, json_value};
pub use plain::plain;
pub use sarif::{SarifKind, SarifResult, sarif, sarif_results};

use crate::{Diagnostic, Severity, SourceMap};

/// For whom problems are rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Format {
    /// A terminal: the text with the places marked under it.
    Graphical(GraphicalOptions),
    /// A screen reader, or a person who searches a log: one paragraph each, no drawing.
    Plain,
    /// A program: `exeat.diagnostics/1`.
    Json,
    /// A code scanning service: SARIF 2.1.0.
    Sarif,
    /// The annotations of a GitHub Actions run.
    Github,
}

/// Shows problems in the given format, in the order of files and places.
///
/// The text ends in a line break unless it is empty, as it is for people if there is no problem.
pub fn render(diagnostics: &[Diagnostic], sources: &SourceMap, format: &Format) -> String {
    match format {
        Format::Graphical(options) => graphical(diagnostics, sources, options),
        Format::Plain => plain(diagnostics, sources),
        Format::Json => json(diagnostics, sources),
        Format::Sarif => sarif(diagnostics, sources),
        Format::Github => github(diagnostics, sources),
    }
}

/// How many problems there are of each severity, as "3 errors, 1 warning", or "no problems".
pub fn summary(diagnostics: &[Diagnostic]) -> String {
    let parts: Vec<String> = [Severity::Error, Severity::Warning, Severity::Note]
        .into_iter()
        .filter_map(|severity| {
            let count = diagnostics.iter().filter(|found| found.severity == severity).count();
            let plural = if count == 1 { "" } else { "s" };
            (count > 0).then(|| format!("{count} {}{plural}", severity_word(severity)))
        })
        .collect();
    if parts.is_empty() { "no problems".to_owned() } else { parts.join(", ") }
}

/// The command that explains the first of the problems as they are shown, if there is any.
///
/// It belongs once below all problems: `exeat explain E0201`.
pub fn explain_command(diagnostics: &[Diagnostic], sources: &SourceMap) -> Option<String> {
    let first = order::ordered(diagnostics, sources).into_iter().next()?;
    Some(format!("exeat explain {}", first.code))
}

/// The word for a severity in every format that lets us choose it.
fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// A JSON text with indentation and a final line break.
fn json_text(value: &impl Serialize) -> String {
    // Our structs hold only text and whole numbers, so this cannot fail; if it ever does, the
    // reader gets a JSON text that says so.
    let mut text = serde_json::to_string_pretty(value).unwrap_or_else(|fault| {
        serde_json::json!({ "error": format!("the problems could not be written: {fault}") })
            .to_string()
    });
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes;

    fn of(severity: Severity) -> Diagnostic {
        Diagnostic::unplaced(codes::FILE_NOT_FOUND, severity, "there is no file `x`")
    }

    #[test]
    fn summary_counts_by_severity() {
        assert_eq!(summary(&[]), "no problems");
        assert_eq!(summary(&[of(Severity::Error)]), "1 error");
        let mixed = [of(Severity::Note), of(Severity::Warning), of(Severity::Warning)];
        assert_eq!(summary(&mixed), "2 warnings, 1 note");
    }

    #[test]
    fn explain_command_names_the_code_shown_first() {
        let (diagnostics, sources) = fixture::two_files();
        let command = explain_command(&diagnostics, &sources);
        assert_eq!(command.as_deref(), Some("exeat explain E0801"));
        assert_eq!(explain_command(&[], &sources), None);
    }
}
