use exeat_diagnostics::{all_codes, describe, suggestion};

use crate::output::Output;

/// `exeat explain`.
pub(crate) fn run(code: &str, output: &mut Output) -> u8 {
    if let Some(found) = describe(code) {
        output.answer(found.page);
        return 0;
    }
    let known: Vec<&str> = all_codes().flat_map(|known| [known.code.0, known.name]).collect();
    let near = suggestion(code, known).unwrap_or_else(|| "A code looks like `E0302`.".to_owned());
    output.say(&format!("There is no diagnostic `{code}`. {near}"));
    super::UNREADABLE
}
