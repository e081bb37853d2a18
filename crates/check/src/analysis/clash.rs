//! How two rules that disagree are reported.

use std::collections::BTreeSet;

use exeat_diagnostics::{Code, Diagnostic, Span, codes};
use exeat_hir::{Decision, Hir, Rule, RuleId};
use exeat_model::{Date, Interval, Value};

use super::atom::Example;
use super::atoms::example_in_words;
use super::words;

/// A rule that gives a constant to the decision.
pub(super) struct Speaker<'h> {
    pub(super) id: RuleId,
    pub(super) rule: &'h Rule,
    pub(super) value: Value,
    pub(super) place: Span,
    /// The rules whose conditions it needs: itself, and for an exception those that it excepts.
    /// Rules without a condition are left out. None where it is an exception to several, any of
    /// which will do.
    pub(super) conditions: Option<Vec<RuleId>>,
    /// What these conditions are, places and order aside.
    pub(super) keys: BTreeSet<String>,
    pub(super) days: Vec<Interval>,
    /// All rules that it defeats, directly or through others.
    pub(super) below: BTreeSet<RuleId>,
}

/// The error for two rules that always disagree where they hold.
pub(super) fn certain(
    hir: &Hir,
    decision: &Decision,
    a: &Speaker<'_>,
    b: &Speaker<'_>,
) -> Diagnostic {
    let (name, other) = (words::rule(hir, a.id), words::rule(hir, b.id));
    let message = if a.conditions.as_ref().is_some_and(Vec::is_empty) {
        format!("{name} and {other} always decide `{}` differently", decision.name)
    } else {
        format!(
            "{name} and {other} decide `{}` differently under the same condition",
            decision.name
        )
    };
    labelled(Diagnostic::error, codes::CONFLICTING_UNIQUE_RULES, message, hir, decision, a, b)
        .with_note("The outcome would be undetermined (conflict) each time: no rule goes before another by its order.")
}

/// The warning for two rules that disagree in an example.
pub(super) fn possible(
    hir: &Hir,
    decision: &Decision,
    a: &Speaker<'_>,
    b: &Speaker<'_>,
    day: Date,
    example: &[Example],
) -> Diagnostic {
    let (name, other) = (words::rule(hir, a.id), words::rule(hir, b.id));
    let message =
        format!("{name} and {other} can both hold and decide `{}` differently", decision.name);
    let facts = example_in_words(hir, example);
    let given = if facts.is_empty() { String::new() } else { format!(" given {facts}") };
    labelled(Diagnostic::warning, codes::POSSIBLE_CONFLICT, message, hir, decision, a, b).with_note(
        format!(
            "Example: as of {day}{given}, both hold and the outcome is undetermined (conflict)."
        ),
    )
}

fn labelled(
    new: fn(Code, String, Span, String) -> Diagnostic,
    code: Code,
    message: String,
    hir: &Hir,
    decision: &Decision,
    a: &Speaker<'_>,
    b: &Speaker<'_>,
) -> Diagnostic {
    let says = |speaker: &Speaker<'_>| {
        let value = words::shown(hir, &speaker.value, &decision.ty);
        format!("{} says {value}", words::rule(hir, speaker.id))
    };
    new(code, message, a.place, says(a)).with_label(b.place, says(b)).with_help(format!(
        "If one goes before the other, write it as `exception {} to {}` or the other way round; \
         else narrow a condition so that only one of them can hold.",
        b.rule.name, a.rule.name
    ))
}
