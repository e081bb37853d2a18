//! What the commands that take a facts file share.

use std::path::Path;

use exeat_diagnostics::{Diagnostic, Severity, SourceMap, codes};
use exeat_engine::{FactsDocument, FactsInput, Question, Rulebook, Stance, files};
use exeat_model::{Date, date_from_text};

use crate::arguments::StanceArguments;

/// Reads a facts file, or standard input for `-`, with the readings and proposals that the arguments
/// name besides. Nothing comes of a file that cannot be read; all problems are added to `problems`.
pub(super) fn read(
    session: &Rulebook,
    sources: &mut SourceMap,
    facts: &Path,
    stance: &StanceArguments,
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
    let Some(document) = read.document else {
        problems.extend(read.diagnostics);
        return None;
    };
    Some(document.under(&named(session, &stance.readings, &stance.include, problems)))
}

/// The question that the text of a shipment asks, and how the shipment is called.
pub(super) fn shipment(
    rules: &Rulebook,
    sources: &mut SourceMap,
    input: &FactsInput,
    as_of: Option<Date>,
    stance: &Stance,
) -> Result<(Question, Option<String>), Vec<Diagnostic>> {
    let read = rules.read_facts(sources, input);
    let Some(document) = read.document else { return Err(read.diagnostics) };
    let id = document.id.clone();
    match document.under(stance).question(as_of) {
        Some(question) => Ok((question, id)),
        None => Err(vec![no_day(&format!("{}: the facts do", input.name))]),
    }
}

/// The readings and proposals that arguments name.
pub(super) fn named(
    session: &Rulebook,
    readings: &[String],
    include: &[String],
    problems: &mut Vec<Diagnostic>,
) -> Stance {
    let mut named = Stance::default();
    for wanted in readings {
        match session.find_reading_choice(wanted) {
            Ok((reading, choice)) => drop(named.readings.insert(reading, choice)),
            Err(problem) => problems.push(problem),
        }
    }
    for wanted in include {
        match session.find_module(wanted) {
            Ok(module) => drop(named.proposals.insert(module)),
            Err(problem) => problems.push(problem),
        }
    }
    named
}

/// That nobody said for which day the rules are asked.
pub(super) fn no_day(of: &str) -> Diagnostic {
    let help = "Write `as_of = 2025-05-15` into the facts, or add `--as-of 2025-05-15`. The rules of a day are asked; today is never assumed.";
    let message = format!("{of} not say for which day the rules are asked");
    Diagnostic::unplaced(codes::AS_OF_MISSING, Severity::Error, message).with_help(help)
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
