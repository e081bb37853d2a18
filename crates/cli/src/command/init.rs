use std::path::Path;

use exeat_engine::{files, scaffold};

use crate::output::Output;

/// `exeat init`.
pub(crate) fn run(name: &str, folder: &Path, output: &mut Output) -> u8 {
    let made = match scaffold::init_files(name) {
        Ok(made) => made,
        Err(reason) => {
            output.say(&format!("{reason}."));
            return super::UNREADABLE;
        }
    };
    let code = super::write_new_files(folder, &made, output);
    if code == 0 {
        output.answer(&format!("Now: exeat test --project {}\n", files::shown(folder)));
    }
    code
}
