//! Problems of lines at the prompt.

use exeat_diagnostics::{Diagnostic, Severity, Span, codes, suggestion};

/// A line that is not understood.
pub(crate) fn not_understood(message: impl Into<String>, span: Span, label: &str) -> Diagnostic {
    Diagnostic::error(codes::COMMAND_NOT_UNDERSTOOD, message, span, label)
}

/// A line that is understood and cannot be carried out.
pub(crate) fn refused(message: impl Into<String>, help: &str) -> Diagnostic {
    Diagnostic::unplaced(codes::COMMAND_NOT_UNDERSTOOD, Severity::Error, message).with_help(help)
}

/// Nothing is decided without a day.
pub(crate) fn no_day() -> Diagnostic {
    let message = "no day is set for which the rules are asked";
    Diagnostic::unplaced(codes::AS_OF_MISSING, Severity::Error, message).with_help(
        "Write `as of 2025-05-15`. The rules of a day are asked; today is never assumed.",
    )
}

/// A name that is not among those that there are.
pub(crate) fn no_such(what: &str, name: &str, known: &[String], span: Span) -> Diagnostic {
    let message = format!("there is no {what} `{name}`");
    let problem = not_understood(message, span, "not known");
    match suggestion(name, known.iter().map(String::as_str)) {
        Some(sentence) => problem.with_help(sentence),
        None => problem,
    }
}
