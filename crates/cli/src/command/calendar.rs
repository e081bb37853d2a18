use exeat_diagnostics::{Diagnostic, Severity, SourceMap, codes};
use exeat_engine::{CalendarQuestion, Question, Rulebook, Standing, wire};

use super::facts;
use crate::answer::calendar as shown;
use crate::arguments::{CalendarArguments, CalendarFormat};
use crate::output::Output;

/// `exeat calendar`.
pub(crate) fn run(arguments: &CalendarArguments, output: &Output) -> u8 {
    let (session, mut sources) =
        match super::load_rules(&arguments.project, Some(&arguments.facts), output) {
            Ok(loaded) => loaded,
            Err(code) => return code,
        };
    let made = question(&session, &mut sources, arguments).and_then(|question| {
        let calendar = session.calendar(&question).map_err(|problem| vec![problem])?;
        let last_day = Question {
            as_of: calendar.through,
            readings: question.readings.clone(),
            proposals: question.proposals.clone(),
            facts: question.facts.clone(),
            only: Vec::new(),
        };
        let concerned = session.decide(&last_day).jurisdictions;
        output.problems(&session.stale_data(calendar.through, &concerned), &sources);
        Ok(session.calendar_document(&question, &calendar))
    });
    let document = match made {
        Ok(document) => document,
        Err(problems) => {
            output.problems(&problems, &sources);
            return super::UNREADABLE;
        }
    };
    match arguments.format {
        CalendarFormat::Json => output.answer(&wire::to_json(&document)),
        CalendarFormat::Text => output.answer(&shown::text(&document)),
        CalendarFormat::Markdown => output.answer(&shown::markdown(&document)),
    }
    let mut stretches = document.decisions.iter().flat_map(|decision| &decision.stretches);
    let open = stretches.any(|stretch| stretch.standing == Standing::Undetermined);
    if arguments.require_determined && open { super::FINDINGS } else { 0 }
}

fn question(
    session: &Rulebook,
    sources: &mut SourceMap,
    arguments: &CalendarArguments,
) -> Result<CalendarQuestion, Vec<Diagnostic>> {
    let mut problems = Vec::new();
    let Some(document) =
        facts::read(session, sources, &arguments.facts, &arguments.stance, &mut problems)
    else {
        return Err(problems);
    };
    let mut day =
        |option, text: &Option<String>| facts::day(option, text.as_deref(), &mut problems);
    let from = day("--from", &arguments.from);
    let until = day("--until", &arguments.until);
    let through = day("--through", &arguments.through);
    if let (Some(from), Some(until)) = (from, until)
        && until <= from
    {
        let message = format!("no day lies from {from} until {until}");
        problems.push(
            Diagnostic::unplaced(codes::CALENDAR_RANGE, Severity::Error, message).with_help(
                "Let `--from` be the earlier day; the day after `--until` is not in it.",
            ),
        );
    }
    let mut only = if arguments.decisions.is_empty() { document.decide } else { Vec::new() };
    for wanted in &arguments.decisions {
        match session.find_decision(wanted) {
            Ok(decision) => only.push(decision),
            Err(problem) => problems.push(problem),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(CalendarQuestion {
        from,
        through: through.or_else(|| until.and_then(|until| until.yesterday().ok())),
        as_of: document.as_of,
        readings: document.readings,
        proposals: document.proposals,
        facts: document.values,
        only,
    })
}
