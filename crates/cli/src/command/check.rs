use exeat_engine::Session;
use exeat_engine::analyze::Options;

use super::{FINDINGS, exit_code, facts};
use crate::arguments::CheckArguments;
use crate::output::Output;

/// `exeat check`.
pub(crate) fn run(arguments: &CheckArguments, output: &mut Output) -> u8 {
    let loaded =
        super::load_unshown(Session::load, &arguments.project, &arguments.paths, None, output);
    let loaded = match loaded {
        Ok(loaded) => loaded,
        Err(code) => return code,
    };
    let mut problems = loaded.diagnostics;
    let Some(session) = loaded.session else {
        output.problems(&problems, &loaded.sources);
        return exit_code(&problems);
    };
    let mut code = 0;
    let mut analysed = None;
    if arguments.deep {
        let mut unusable = Vec::new();
        let today = facts::day("--today", arguments.today.as_deref(), &mut unusable);
        if !unusable.is_empty() {
            output.problems(&unusable, &loaded.sources);
            return super::UNREADABLE;
        }
        match session.analyse(&Options { today, ..Options::default() }) {
            Ok(analysis) => {
                code = if analysis.is_wanting() { FINDINGS } else { 0 };
                problems.extend(analysis.diagnostics(session.hir()));
                analysed = Some(super::analyze::counts(&analysis));
            }
            Err(problem) => {
                code = FINDINGS;
                problems.push(problem);
            }
        }
    }
    output.problems(&problems, &loaded.sources);
    let hir = session.hir();
    output.answer(&format!(
        "checked {}: {}, {}, {}\n",
        counted(hir.modules.len(), "module", "modules"),
        counted(hir.rules.len(), "rule or exception", "rules and exceptions"),
        counted(hir.decisions.len(), "decision", "decisions"),
        counted(hir.scenarios.len(), "scenario", "scenarios"),
    ));
    if let Some(analysed) = analysed {
        output.answer(&analysed);
    }
    code
}

pub(super) fn counted(count: usize, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}
