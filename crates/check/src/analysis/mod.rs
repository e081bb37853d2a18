//! What is wrong, or deserves a second look, in rules that are each well formed: how they stand to
//! each other, to the calendar, and to their citations.
//!
//! Everything here reads the resolved rules only, and judges by syntax and intervals: what it reports
//! as an error is certain. Proof over all transactions is the duty of the symbolic analysis.

mod atom;
mod atoms;
mod cells;
mod citations;
mod clash;
mod code_lists;
mod conflicts;
mod constant;
mod countries;
mod cycles;
mod dates;
mod days;
mod domain;
mod fold;
mod graph;
mod holes;
mod key;
mod lists;
mod marks;
mod tables;
mod unused;
mod usage;
mod words;

#[cfg(test)]
mod test_support;

use exeat_diagnostics::Diagnostic;
use exeat_hir::Hir;

use crate::Depth;

pub(crate) use cycles::decision_order;
pub(crate) use usage::{ImportUse, Usage};

/// All circles: of exceptions, decisions, definitions and groups. Safe for a program with errors.
pub(crate) fn circles(hir: &Hir, usage: &Usage) -> Vec<Diagnostic> {
    cycles::find(hir, usage)
}

/// Everything else that can be said about the program as a whole: the last step of a check.
///
/// For a program without errors only, since what could not be understood would be reported a second
/// time, as unused for example. With circles nothing more is said, for the same reason.
///
/// To the depth of rules only what finds errors is run.
pub(crate) fn analyse(hir: &Hir, usage: &Usage, depth: Depth) -> Vec<Diagnostic> {
    let circles = circles(hir, usage);
    if !circles.is_empty() {
        return circles;
    }
    let mut found = dates::find(hir, usage);
    found.extend(countries::find(hir));
    found.extend(conflicts::find(hir, depth));
    found.extend(tables::find(hir));
    found.extend(holes::find(hir));
    if depth == Depth::Everything {
        found.extend(constant::find(hir));
        found.extend(unused::find(hir, usage));
        found.extend(citations::find(hir));
    }
    found
}
