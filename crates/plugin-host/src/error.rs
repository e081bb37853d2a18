use std::fmt;

use exeat_diagnostics::{Code, Diagnostic, Severity};

/// Why a jurisdiction library is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PluginError {
    code: Code,
    message: String,
    help: String,
    notes: Vec<String>,
}

impl PluginError {
    /// An error with advice.
    pub(crate) fn new(code: Code, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { code, message: message.into(), help: help.into(), notes: Vec::new() }
    }

    /// Adds a reason, if there is something to say.
    pub(crate) fn with_note(mut self, note: impl Into<String>) -> Self {
        let note = note.into();
        if !note.is_empty() {
            self.notes.push(note);
        }
        self
    }

    /// The stable code of the problem.
    pub fn code(&self) -> Code {
        self.code
    }

    /// The problem in one sentence.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The problem as every other one is reported.
    pub fn diagnostic(&self) -> Diagnostic {
        let mut diagnostic =
            Diagnostic::unplaced(self.code, Severity::Error, &self.message).with_help(&self.help);
        diagnostic.notes.clone_from(&self.notes);
        diagnostic
    }
}

impl fmt::Display for PluginError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for PluginError {}
