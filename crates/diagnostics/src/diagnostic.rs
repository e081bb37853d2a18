use crate::{Code, Span};

/// How serious a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The rules cannot be used until it is mended.
    Error,
    /// The rules can be used; a reader should look at it.
    Warning,
    /// For information only.
    Note,
}

/// A marked place and what it has to do with the problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is there, in a few words; may be empty.
    pub text: String,
}

/// One replacement of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty for an insertion.
    pub span: Span,
    /// The new text.
    pub replacement: String,
}

/// A change that mends the problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What the change does, as "write `is not`".
    pub title: String,
    /// The replacements, not overlapping.
    pub edits: Vec<Edit>,
}

/// A problem in plain words with the places it concerns.
///
/// If only one thing can be shown it is [`Diagnostic::message`]: one sentence, lower case, without
/// a full stop, the user's own text in backticks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The stable code.
    pub code: Code,
    /// How serious it is.
    pub severity: Severity,
    /// The problem in one sentence.
    pub message: String,
    /// The marked places; the first is the primary one. Empty if the problem is in no text.
    pub labels: Vec<Label>,
    /// What to do, in full sentences; empty if nothing can be said.
    pub help: Vec<String>,
    /// Why it is so, in full sentences.
    pub notes: Vec<String>,
    /// A change that mends it.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// An error with its primary place.
    pub fn error(
        code: Code,
        message: impl Into<String>,
        span: Span,
        text: impl Into<String>,
    ) -> Self {
        Self::unplaced(code, Severity::Error, message).with_label(span, text)
    }

    /// A warning with its primary place.
    pub fn warning(
        code: Code,
        message: impl Into<String>,
        span: Span,
        text: impl Into<String>,
    ) -> Self {
        Self::unplaced(code, Severity::Warning, message).with_label(span, text)
    }

    /// A problem that is in no text, as a missing file.
    pub fn unplaced(code: Code, severity: Severity, message: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            message: message.into(),
            labels: Vec::new(),
            help: Vec::new(),
            notes: Vec::new(),
            fix: None,
        }
    }

    /// Adds a marked place.
    #[must_use]
    pub fn with_label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Adds advice.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Adds a reason.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Adds a change that mends the problem by replacing `span`.
    #[must_use]
    pub fn with_fix(
        mut self,
        title: impl Into<String>,
        span: Span,
        replacement: impl Into<String>,
    ) -> Self {
        let edit = Edit { span, replacement: replacement.into() };
        self.fix = Some(Fix { title: title.into(), edits: vec![edit] });
        self
    }

    /// The primary place, if there is one.
    pub fn span(&self) -> Option<Span> {
        self.labels.first().map(|label| label.span)
    }

    /// Whether it is an error.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes;

    #[test]
    fn first_label_is_the_primary_place() {
        let found = Diagnostic::error(codes::UNKNOWN_NAME, "no `a`", Span::new(1, 2), "here")
            .with_label(Span::new(5, 6), "and here")
            .with_fix("write `b`", Span::new(1, 2), "b");
        assert_eq!(found.span(), Some(Span::new(1, 2)));
        assert!(found.is_error());
        assert_eq!(found.fix.unwrap().edits.len(), 1);
    }

    #[test]
    fn unplaced_problem_has_no_span() {
        let found = Diagnostic::unplaced(codes::NO_CITATION, Severity::Warning, "no citation");
        assert_eq!(found.span(), None);
        assert!(!found.is_error());
    }
}
