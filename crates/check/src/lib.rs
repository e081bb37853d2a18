//! Tree to HIR: names, types, units, dates, exceptions; every problem found.
//!
//! [`check`] takes all files of a run together, since names, exceptions and conflicts reach across
//! them. It never stops at the first problem, and one fault gives one error: what could not be
//! understood fits everywhere from there on. Jurisdictions are seen as descriptions only, so that
//! checking needs no call into a library.
//!
//! Deliberately absent: files, clocks, and any evaluation of rules.

mod analysis;
mod checker;
mod collect;
mod constants;
mod dates;
mod describe;
mod environment;
mod expression;
mod imports;
mod input;
mod items;
mod jurisdiction;
mod names;
mod prompt;
mod scenarios;
mod skipped;
mod table_files;
mod tables;
mod transactions;
mod types;
mod units;

pub use expression::nearest_country;
pub use input::{CheckResult, Checked, Input, SourceInput, TableFile, table_files_wanted};

use exeat_diagnostics::Diagnostic;

use checker::Checker;

/// Checks files against each other and against what the jurisdictions offer.
#[expect(clippy::needless_pass_by_value, reason = "the trees are of no use to the caller after it")]
pub fn check(input: Input<'_>) -> CheckResult {
    check_to(Depth::Everything, &input)
}

/// Checks as much as deciding needs: every error that [`check`] finds is found, but those in scenarios
/// and transactions, which the program does not have then. Warnings are not looked for.
#[expect(clippy::needless_pass_by_value, reason = "the trees are of no use to the caller after it")]
pub fn check_rules(input: Input<'_>) -> CheckResult {
    check_to(Depth::Rules, &input)
}

/// How much is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Depth {
    /// All that there is to say.
    Everything,
    /// Errors only, and none of scenarios.
    Rules,
}

fn check_to(depth: Depth, input: &Input<'_>) -> CheckResult {
    let mut diagnostics: Vec<Diagnostic> =
        input.files.iter().flat_map(|file| file.parsed.diagnostics.iter().cloned()).collect();
    let has_errors = diagnostics.iter().any(Diagnostic::is_error);
    let (checked, found) = Checker::run(input, depth, has_errors);
    diagnostics.extend(found);
    if depth == Depth::Rules {
        diagnostics.retain(Diagnostic::is_error);
    }
    diagnostics.sort_by(|a, b| (a.span(), a.code, &a.message).cmp(&(b.span(), b.code, &b.message)));
    diagnostics.dedup();
    let sound = !diagnostics.iter().any(Diagnostic::is_error);
    CheckResult { checked: sound.then_some(checked), diagnostics }
}
