//! The two faces that miette wants: a diagnostic and the text behind it.

use std::fmt;

use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::place::{clamp, clamp_visible, line_column, line_of, line_start};
use crate::{Diagnostic, Severity, SourceMap, Span};

/// A label over more lines than this is drawn on its first line only.
const LONGEST_LABEL: usize = 12;

/// A diagnostic with the texts of all files, as miette draws it: message, code and labels.
pub(super) struct Drawn<'a> {
    pub(super) diagnostic: &'a Diagnostic,
    pub(super) sources: &'a Sources<'a>,
}

impl fmt::Debug for Drawn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.diagnostic.fmt(f)
    }
}

impl fmt::Display for Drawn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.diagnostic.message)
    }
}

impl std::error::Error for Drawn<'_> {}

impl miette::Diagnostic for Drawn<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.diagnostic.code))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.diagnostic.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Note => miette::Severity::Advice,
        })
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self.sources)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let mut labels: Vec<(SourceSpan, bool, Option<String>)> = Vec::new();
        for (at, label) in self.diagnostic.labels.iter().enumerate() {
            let text = (!label.text.is_empty()).then(|| label.text.clone());
            labels.push((drawn_span(label.span, self.sources.0)?, at == 0, text));
        }
        // miette draws overlapping labels well only if the outer one comes first.
        labels.sort_by_key(|(span, ..)| (span.offset(), std::cmp::Reverse(span.len())));
        let labels = labels.into_iter().map(|(span, primary, text)| {
            if primary {
                LabeledSpan::new_primary_with_span(text, span)
            } else {
                LabeledSpan::new_with_span(text, span)
            }
        });
        Some(Box::new(labels))
    }
}

/// The span that is marked for a label: visible, in one file, and not over too many lines.
fn drawn_span(span: Span, sources: &SourceMap) -> Option<SourceSpan> {
    let (file, mut bytes) = clamp_visible(span, sources)?;
    let first = line_of(file, bytes.start);
    if line_of(file, bytes.end).saturating_sub(first) > LONGEST_LABEL {
        let line = file.text.get(bytes.start..line_start(file, first.saturating_add(1)));
        let shown = line.unwrap_or("").trim_end().len();
        bytes.end = bytes.start.saturating_add(shown);
    }
    let base = usize::try_from(file.base).ok()?;
    Some((base.checked_add(bytes.start)?, bytes.len()).into())
}

/// All files as one text in which miette finds the lines around a span.
pub(super) struct Sources<'a>(pub(super) &'a SourceMap);

impl SourceCode for Sources<'_> {
    /// Whole lines around the span, with the span in the offsets of all files.
    ///
    /// Refuses a span over two files: that tells miette to show two pieces and not one.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let contents = self.contents(*span, lines_before, lines_after);
        contents
            .map(|found| -> Box<dyn SpanContents<'a>> { Box::new(found) })
            .ok_or(MietteError::OutOfBounds)
    }
}

impl<'s> Sources<'s> {
    fn contents(
        &self,
        span: SourceSpan,
        before: usize,
        after: usize,
    ) -> Option<MietteSpanContents<'s>> {
        let wanted_end = span.offset().checked_add(span.len())?;
        let wanted = Span::new(u32::try_from(span.offset()).ok()?, u32::try_from(wanted_end).ok()?);
        let (file, bytes) = clamp(wanted, self.0)?;
        let base = usize::try_from(file.base).ok()?;
        if base.checked_add(bytes.start)? != span.offset()
            || base.checked_add(bytes.end)? != wanted_end
        {
            return None;
        }
        let first = line_of(file, bytes.start);
        let last = line_of(file, bytes.end.saturating_sub(1).max(bytes.start));
        let from_line = first.saturating_sub(before);
        let to_line = last.saturating_add(after);
        // With no lines before, miette asks for the position of the span itself.
        let from = if before == 0 { bytes.start } else { line_start(file, from_line) };
        let to = line_start(file, to_line.saturating_add(1));
        let column = line_column(file, from).column.saturating_sub(1);
        // An empty text has no line on which a label could be drawn.
        let data = if file.text.is_empty() { "\n" } else { file.text.get(from..to)? };
        Some(MietteSpanContents::new_named(
            file.name.clone(),
            data.as_bytes(),
            (base.checked_add(from)?, data.len()).into(),
            from_line,
            column,
            to_line.saturating_sub(from_line).saturating_add(1),
        ))
    }
}
