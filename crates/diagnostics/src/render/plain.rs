use super::{order::ordered, place::Place, severity_word};
use crate::{Diagnostic, Fix, Label, SourceMap};

/// Each problem as one paragraph of sentences, without drawing and without colour.
///
/// `policies/x.exeat, line 3, column 7: error E0201: there is no fact named `x`. …`
pub fn plain(diagnostics: &[Diagnostic], sources: &SourceMap) -> String {
    ordered(diagnostics, sources)
        .into_iter()
        .map(|found| paragraph(found, sources) + "\n")
        .collect()
}

/// One problem on one line, without a line break.
pub(super) fn paragraph(diagnostic: &Diagnostic, sources: &SourceMap) -> String {
    let mut sentences = vec![sentence(&format!(
        "{}{} {}: {}",
        diagnostic
            .span()
            .and_then(|span| place(span, sources))
            .map_or(String::new(), |at| at + ": "),
        severity_word(diagnostic.severity),
        diagnostic.code,
        diagnostic.message
    ))];
    sentences.extend(details(diagnostic, sources));
    one_line(&sentences.join(" "))
}

/// What is to be said after the message, as full sentences.
pub(super) fn details(diagnostic: &Diagnostic, sources: &SourceMap) -> Vec<String> {
    let mut sentences = Vec::new();
    let mut labels = diagnostic.labels.iter();
    if let Some(primary) = labels.next().filter(|label| !label.text.is_empty()) {
        sentences.push(sentence(&format!("Here: {}", primary.text)));
    }
    sentences.extend(labels.filter_map(|label| other_place(label, sources)));
    sentences.extend(diagnostic.notes.iter().map(|note| sentence(&format!("Note: {note}"))));
    sentences.extend(diagnostic.help.iter().map(|help| sentence(&format!("Help: {help}"))));
    sentences.extend(diagnostic.fix.iter().map(|fix| sentence(&format!("Fix: {}", fix_text(fix)))));
    sentences
}

/// A fix in words: what it does, and what is written if that does not say it.
pub(super) fn fix_text(fix: &Fix) -> String {
    let replacements: Vec<String> = fix
        .edits
        .iter()
        .map(|edit| edit.replacement.trim())
        .filter(|text| !text.is_empty() && !fix.title.contains(text))
        .map(|text| format!("`{text}`"))
        .collect();
    if replacements.is_empty() {
        fix.title.clone()
    } else {
        format!("{}: {}", fix.title, replacements.join(", "))
    }
}

fn other_place(label: &Label, sources: &SourceMap) -> Option<String> {
    let at = place(label.span, sources)?;
    let text = if label.text.is_empty() { String::new() } else { format!(": {}", label.text) };
    Some(sentence(&format!("See also {at}{text}")))
}

fn place(span: crate::Span, sources: &SourceMap) -> Option<String> {
    let place = Place::of(span, sources)?;
    let start = place.start;
    Some(format!("{}, line {}, column {}", place.file.name, start.line, start.column))
}

/// Ends a text with a full stop, unless it ends a sentence already.
fn sentence(text: &str) -> String {
    let text = text.trim_end();
    if text.ends_with(['.', '?', '!', ':', '…']) { text.to_owned() } else { format!("{text}.") }
}

/// The text without line breaks and runs of blanks.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Span, render::fixture};

    #[test]
    fn each_problem_is_one_paragraph() {
        let (diagnostics, sources) = fixture::two_files();
        insta::assert_snapshot!(plain(&diagnostics, &sources));
    }

    #[test]
    fn fix_shows_its_replacement_once() {
        let fix = |title: &str, replacement: &str| {
            let bare = fixture::two_files().0.remove(0);
            bare.with_fix(title, Span::new(0, 1), replacement).fix.unwrap()
        };
        assert_eq!(fix_text(&fix("write `is not`", "is not")), "write `is not`");
        assert_eq!(fix_text(&fix("add parentheses", "(a or b)")), "add parentheses: `(a or b)`");
        assert_eq!(fix_text(&fix("take it out", "")), "take it out");
    }
}
