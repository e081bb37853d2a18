use exeat_diagnostics::{Diagnostic, SourceMap};
use exeat_engine::wire::Turning;
use exeat_engine::{Decided, Question, Rulebook, wire};
use exeat_hir::Determination;

use crate::answer::{self, markdown};
use crate::arguments::{AnswerFormat, DecideArguments, TurningArguments};
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
    let asked = &arguments.turning;
    let asks = asked.why || asked.flip || asked.why_not.is_some();
    let turning = match turning(&session, &question, &decided, asked) {
        Ok(turning) => turning,
        Err(problem) => {
            output.problem(problem);
            return super::UNREADABLE;
        }
    };
    output.problems(&session.stale_data(decided.as_of, &decided.jurisdictions), &sources);
    if asks {
        let document = match session.changes_document(&question, &decided, &turning) {
            Ok(document) => document,
            Err(problem) => {
                output.problem(problem);
                return super::FINDINGS;
            }
        };
        match arguments.format {
            AnswerFormat::Json => output.answer(&wire::to_json(&document)),
            AnswerFormat::Text => output.answer(&answer::turning::text(&document)),
            AnswerFormat::Markdown => output.answer(&answer::turning::markdown(&document)),
        }
    } else if arguments.all_readings {
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

/// What is asked beside the outcome.
#[expect(clippy::result_large_err, reason = "a problem is the end of the command")]
fn turning(
    session: &Rulebook,
    question: &Question,
    decided: &Decided,
    arguments: &TurningArguments,
) -> Result<Turning, Diagnostic> {
    let why_not = arguments.why_not.as_deref();
    let why_not = why_not.map(|text| session.find_wanted(text, question, decided)).transpose()?;
    let decisions = arguments.decisions.iter().map(|name| session.find_decision(name));
    let mut decisions: Vec<_> = decisions.collect::<Result<_, _>>()?;
    if decisions.is_empty() && why_not.is_none() {
        decisions.clone_from(&question.only);
    }
    Ok(Turning { why: arguments.why, why_not, flip: arguments.flip, decisions })
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
