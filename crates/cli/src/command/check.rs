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
        "checked {} modules: {} rules and exceptions, {} decisions, {} scenarios\n",
        hir.modules.len(),
        hir.rules.len(),
        hir.decisions.len(),
        hir.scenarios.len()
    ));
    0
}
