use exeat_diagnostics::Diagnostic;
use exeat_engine::{ScopeQuestion, Session, wire};

use super::facts;
use crate::answer::scope as shown;
use crate::arguments::{DocArguments, ScopeFormat};
use crate::output::Output;

/// `exeat doc`.
pub(crate) fn run(arguments: &DocArguments, output: &Output) -> u8 {
    if !arguments.scope {
        output.say(
            "`exeat doc` does not say by itself what is wanted. Write `exeat doc --scope`: for each part of the law that the rules cite, whether it is modelled, partly, or only pointed to. There is no other document yet.",
        );
        return super::UNREADABLE;
    }
    let (session, sources) = match super::load(&arguments.project, &[], None, output) {
        Ok(loaded) => loaded,
        Err(code) => return code,
    };
    let question = match question(&session, arguments) {
        Ok(question) => question,
        Err(problems) => {
            output.problems(&problems, &sources);
            return super::UNREADABLE;
        }
    };
    let document = session.scope_document(&question, &session.scope(&question));
    match arguments.format {
        ScopeFormat::Json => output.answer(&wire::to_json(&document)),
        ScopeFormat::Text => output.answer(&shown::text(&document)),
        ScopeFormat::Markdown => output.answer(&shown::markdown(&document)),
    }
    0
}

fn question(session: &Session, arguments: &DocArguments) -> Result<ScopeQuestion, Vec<Diagnostic>> {
    let mut problems = Vec::new();
    let as_of = facts::day("--as-of", arguments.as_of.as_deref(), &mut problems);
    let mut modules = Vec::new();
    for wanted in &arguments.modules {
        match session.find_module(wanted) {
            Ok(module) => modules.push(module),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(ScopeQuestion { modules, as_of }) } else { Err(problems) }
}
