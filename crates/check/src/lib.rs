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
    let input = &input;
    let mut diagnostics: Vec<Diagnostic> =
        input.files.iter().flat_map(|file| file.parsed.diagnostics.iter().cloned()).collect();
    let (checked, found) = Checker::run(input, diagnostics.iter().any(Diagnostic::is_error));
    diagnostics.extend(found);
    diagnostics.sort_by(|a, b| (a.span(), a.code, &a.message).cmp(&(b.span(), b.code, &b.message)));
    diagnostics.dedup();
    let sound = !diagnostics.iter().any(Diagnostic::is_error);
    CheckResult { checked: sound.then_some(checked), diagnostics }
}
