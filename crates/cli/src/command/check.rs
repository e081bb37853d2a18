use crate::arguments::CheckArguments;
use crate::output::Output;

/// `exeat check`.
pub(crate) fn run(arguments: &CheckArguments, output: &mut Output) -> u8 {
    let (session, _) = match super::load(&arguments.project, &arguments.paths, None, output) {
        Ok(loaded) => loaded,
        Err(code) => return code,
    };
    let hir = session.hir();
    output.answer(&format!(
        "checked {}: {}, {}, {}\n",
        counted(hir.modules.len(), "module", "modules"),
        counted(hir.rules.len(), "rule or exception", "rules and exceptions"),
        counted(hir.decisions.len(), "decision", "decisions"),
        counted(hir.scenarios.len(), "scenario", "scenarios"),
    ));
    0
}

fn counted(count: usize, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}
