//! The exceptions that were looked at: those that hold, then those that fail by the fewest conditions, and
//! in a line each those that nobody claims.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use exeat_engine::{Considered, DecisionReport, FailedCondition, Standing};
use owo_colors::OwoColorize as _;

use super::{failed, ruled};

/// Tells of the exceptions that bear on the outcome.
pub(super) fn looked_at(text: &mut String, report: &DecisionReport) {
    let mut told: Vec<&Considered> =
        report.considered.iter().filter(|rule| rule.kind == "exception" && rule.bears).collect();
    if told.is_empty() {
        return;
    }
    let _ = writeln!(text, "  exceptions looked at");
    told.sort_by_key(|exception| (exception.status != "holds", exception.why.len()));
    let mut unclaimed: BTreeMap<&str, Vec<&Considered>> = BTreeMap::new();
    for exception in told {
        if let Some(fact) = unclaimed_by(exception) {
            unclaimed.entry(fact).or_default().push(exception);
            continue;
        }
        let _ = writeln!(text, "    {} {}", mark(exception), ruled(&exception.rule));
        // Where the outcome is open, what is missing is told above.
        if report.standing != Standing::Undetermined {
            failed(text, &exception.why, 8);
        }
    }
    for (fact, exceptions) in unclaimed {
        let _ = writeln!(text, "    {} {fact} = no, so that these are not open", "no:".red());
        for exception in exceptions {
            let _ = writeln!(text, "        {}", ruled(&exception.rule));
        }
    }
}

/// The fact by which somebody says that he does not claim an exception: a yes or no that stands alone in
/// its conditions and is no.
fn unclaimed_by(exception: &Considered) -> Option<&str> {
    let alone = |condition: &&FailedCondition| {
        condition.detail.as_deref() == Some(&format!("{} = no", condition.text))
    };
    let found = exception.why.iter().find(alone)?;
    (exception.status == "condition_false").then_some(found.text.as_str())
}

fn mark(exception: &Considered) -> String {
    match exception.status {
        "condition_false" => "no:".red().to_string(),
        "open" => "open:".yellow().to_string(),
        "defeated" => "defeated:".red().to_string(),
        other => format!("{}:", other.replace('_', " ")),
    }
}
