use std::path::Path;

use exeat_diagnostics::{Diagnostic, Severity, SourceMap, codes};
use exeat_engine::{FactsInput, Question, Session, files, wire};
use exeat_hir::Determination;
use exeat_model::date_from_text;

use crate::answer::{self, markdown};
use crate::arguments::{AnswerFormat, DecideArguments};
use crate::output::Output;

/// `exeat decide`.
pub(crate) fn run(arguments: &DecideArguments, output: &mut Output) -> u8 {
    let (session, mut sources) =
        match super::load(&arguments.project, &[], Some(&arguments.facts), output) {
            Ok(loaded) => loaded,
            Err(code) => return code,
        };
    let question = match question(&session, &mut sources, arguments) {
        Ok(question) => question,
        Err(problems) => {
            output.problems(&problems, &sources);
            return super::UNREADABLE;
        }
    };
    let decided = session.decide(&question);
    output.problems(&session.stale_data(&decided), &sources);
    if arguments.all_readings {
        let all = session.decide_all_readings(&question);
        let document = session.readings_document(&question, &all);
        match arguments.format {
            AnswerFormat::Json => output.answer(&wire::to_json(&document)),
            AnswerFormat::Text => output.answer(&answer::side_by_side(&document)),
            AnswerFormat::Markdown => output.answer(&markdown::side_by_side(&document)),
        }
    } else {
        let alternatives = session.alternatives(&question, &decided);
        let document =
            session.decision_document(&question, &decided, &alternatives, arguments.explain);
        match arguments.format {
            AnswerFormat::Json => output.answer(&wire::to_json(&document)),
            AnswerFormat::Text => output.answer(&answer::answer(&document, arguments.explain)),
            AnswerFormat::Markdown => output.answer(&markdown::answer(&document)),
        }
    }
    let open = decided
        .traces
        .iter()
        .any(|trace| matches!(trace.determination, Determination::Undetermined(_)));
    if arguments.require_determined && open { super::FINDINGS } else { 0 }
}

fn question(
    session: &Session,
    sources: &mut SourceMap,
    arguments: &DecideArguments,
) -> Result<Question, Vec<Diagnostic>> {
    let from_stream = arguments.facts == Path::new("-");
    let name =
        if from_stream { "standard input".to_owned() } else { files::shown(&arguments.facts) };
    let text = if from_stream {
        files::read_stream(&name, &mut std::io::stdin().lock())
    } else {
        files::read_text(&arguments.facts)
    };
    let text = text.map_err(|problem| vec![problem])?;
    let read = session.read_facts(sources, &FactsInput { name, text, format: None });
    let Some(document) = read.document else { return Err(read.diagnostics) };
    let mut problems = Vec::new();
    let unplaced = |code, message: String| Diagnostic::unplaced(code, Severity::Error, message);
    let as_of = match &arguments.as_of {
        Some(text) => {
            let date = date_from_text(text);
            if date.is_none() {
                problems.push(
                    unplaced(codes::NO_SUCH_DATE, format!("there is no day `{text}`"))
                        .with_help("Write `--as-of 2025-05-15`: year, month, day."),
                );
            }
            date
        }
        None => document.as_of,
    };
    if as_of.is_none() && problems.is_empty() {
        let help = "Write `as_of = 2025-05-15` into the facts, or add `--as-of 2025-05-15`. The rules of a day are asked; today is never assumed.";
        problems.push(
            unplaced(
                codes::AS_OF_MISSING,
                "the facts do not say for which day the rules are asked".to_owned(),
            )
            .with_help(help),
        );
    }
    let mut readings = document.readings;
    for wanted in &arguments.readings {
        match session.find_reading_choice(wanted) {
            Ok((reading, choice)) => drop(readings.insert(reading, choice)),
            Err(problem) => problems.push(problem),
        }
    }
    let mut proposals = document.proposals;
    for wanted in &arguments.include {
        match session.find_module(wanted) {
            Ok(module) => drop(proposals.insert(module)),
            Err(problem) => problems.push(problem),
        }
    }
    match as_of {
        Some(as_of) if problems.is_empty() => Ok(Question {
            as_of,
            readings,
            proposals,
            facts: document.values,
            only: document.decide,
        }),
        _ => Err(problems),
    }
}
