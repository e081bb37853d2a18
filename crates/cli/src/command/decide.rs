use exeat_diagnostics::{Diagnostic, SourceMap};
use exeat_engine::{Question, Rulebook, wire};
use exeat_hir::Determination;

use crate::answer::{self, markdown};
use crate::arguments::{AnswerFormat, DecideArguments};
use crate::output::Output;

/// `exeat decide`.
pub(crate) fn run(arguments: &DecideArguments, output: &mut Output) -> u8 {
    let (session, mut sources) =
        match super::load_rules(&arguments.project, Some(&arguments.facts), output) {
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
    output.problems(&session.stale_data(decided.as_of, &decided.jurisdictions), &sources);
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
    // The process ends here: giving back each small piece first would take a twentieth of its time.
    std::mem::forget((session, question, decided));
    if arguments.require_determined && open { super::FINDINGS } else { 0 }
}

fn question(
    session: &Rulebook,
    sources: &mut SourceMap,
    arguments: &DecideArguments,
) -> Result<Question, Vec<Diagnostic>> {
    let mut problems = Vec::new();
    let Some(document) =
        super::facts::read(session, sources, &arguments.facts, &arguments.stance, &mut problems)
    else {
        return Err(problems);
    };
    let as_of = super::facts::day("--as-of", arguments.as_of.as_deref(), &mut problems);
    let question = document.question(as_of);
    if question.is_none() && problems.is_empty() {
        problems.push(super::facts::no_day("the facts do"));
    }
    question.filter(|_| problems.is_empty()).ok_or(problems)
}
