//! What the commands that take a facts file share.

use std::path::Path;

use exeat_diagnostics::{Diagnostic, Severity, SourceMap, codes};
use exeat_engine::{FactsDocument, FactsInput, Rulebook, files};
use exeat_model::{Date, date_from_text};

/// Reads a facts file, or standard input for `-`, with the readings and proposals that the arguments
/// name besides. Nothing comes of a file that cannot be read; all problems are added to `problems`.
pub(super) fn read(
    session: &Rulebook,
    sources: &mut SourceMap,
    facts: &Path,
    (readings, include): (&[String], &[String]),
    problems: &mut Vec<Diagnostic>,
) -> Option<FactsDocument> {
    let from_stream = facts == Path::new("-");
    let name = if from_stream { "standard input".to_owned() } else { files::shown(facts) };
    let text = if from_stream {
        files::read_stream(&name, &mut std::io::stdin().lock())
    } else {
        files::read_text(facts)
    };
    let text = text.map_err(|problem| problems.push(problem)).ok()?;
    let read = session.read_facts(sources, &FactsInput { name, text, format: None });
    let Some(mut document) = read.document else {
        problems.extend(read.diagnostics);
        return None;
    };
    for wanted in readings {
        match session.find_reading_choice(wanted) {
            Ok((reading, choice)) => drop(document.readings.insert(reading, choice)),
            Err(problem) => problems.push(problem),
        }
    }
    for wanted in include {
        match session.find_module(wanted) {
            Ok(module) => drop(document.proposals.insert(module)),
            Err(problem) => problems.push(problem),
        }
    }
    Some(document)
}

/// The day that an option names, if it is given; one that does not exist is a problem.
pub(super) fn day(
    option: &str,
    text: Option<&str>,
    problems: &mut Vec<Diagnostic>,
) -> Option<Date> {
    let text = text?;
    let day = date_from_text(text);
    if day.is_none() {
        let message = format!("there is no day `{text}`");
        problems.push(
            Diagnostic::unplaced(codes::NO_SUCH_DATE, Severity::Error, message)
                .with_help(format!("Write `{option} 2025-05-15`: year, month, day.")),
        );
    }
    day
}
