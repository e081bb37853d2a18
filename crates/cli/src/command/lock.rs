use exeat_engine::{files, lock};

use crate::arguments::ProjectArguments;
use crate::output::Output;

/// `exeat lock`.
pub(crate) fn run(project: &ProjectArguments, output: &mut Output) -> u8 {
    // What is to be pinned now need not be what was pinned before.
    let unlocked = ProjectArguments { locked: false, ..project.clone() };
    let (session, mut sources) = match super::load(&unlocked, &[], None, output) {
        Ok(loaded) => loaded,
        Err(code) => return code,
    };
    if project.locked {
        let mismatches = lock::check_lock(&session, &mut sources);
        output.problems(&mismatches, &sources);
        return if mismatches.is_empty() { 0 } else { super::exit_code(&mismatches) };
    }
    match lock::write_lock(&session) {
        Ok(path) => {
            output.answer(&format!("wrote {}\n", files::shown(&path)));
            0
        }
        Err(diagnostic) => {
            output.problem(diagnostic);
            super::UNREADABLE
        }
    }
}
