//! A calendar as Markdown: a table for each decision.

use std::fmt::Write as _;

use exeat_engine::wire::{CalendarDecision, CalendarDocument};

use super::{changed, concerned, named, not_concerned, notes, ruled, whys};
use crate::answer::markdown::escaped;
use crate::answer::short;
use crate::answer::wrap::broken;

/// The calendar as Markdown: one table a decision.
pub(crate) fn markdown(document: &CalendarDocument) -> String {
    let mut text = format!("# Calendar from {} through {}\n", document.from, document.through);
    if !document.readings.is_empty() || !document.proposals.is_empty() {
        text.push('\n');
    }
    for reading in document.readings.iter().filter(|one| concerned(document, &one.reading)) {
        let choice = reading.choice.as_deref().map(|choice| format!("`{choice}`"));
        let default = if choice.is_some() && reading.default { " (default)" } else { "" };
        let choice = choice.unwrap_or_else(|| "left open".to_owned());
        let _ = writeln!(text, "- reading `{}`: {choice}{default}", reading.reading);
    }
    for proposal in &document.proposals {
        let _ = writeln!(text, "- with the proposal `{proposal}`, which is not in force");
    }
    for decision in document.decisions.iter().filter(|one| concerned(document, &one.decision)) {
        table(&mut text, decision);
    }
    for title in not_concerned(document) {
        let _ = writeln!(text, "\nNot concerned: {}", escaped(title));
    }
    for note in notes(document) {
        let _ = writeln!(text, "\n{}", escaped(&note));
    }
    let _ = writeln!(text, "\nRules and libraries: SHA-256 `{}`", document.digests.all);
    text
}

fn table(text: &mut String, decision: &CalendarDecision) {
    let title = decision.title.as_deref().unwrap_or_else(|| short(&decision.decision));
    let _ = writeln!(text, "\n## {}\n", escaped(title));
    let _ = writeln!(text, "| from | through | outcome | why | what changed |");
    let _ = writeln!(text, "| --- | --- | --- | --- | --- |");
    for stretch in &decision.stretches {
        let reasons = stretch.reasons.iter().map(|reason| format!("because {}", ruled(reason)));
        let why: Vec<String> =
            reasons.chain(whys(stretch)).map(|line| escaped(&broken(&line))).collect();
        let change = stretch.change.as_ref().map_or_else(String::new, |change| {
            let causes = change.causes.iter().map(|cause| {
                let through: Vec<String> = cause.through.iter().map(changed).collect();
                let through = if through.is_empty() {
                    String::new()
                } else {
                    format!(" ({})", through.join("; "))
                };
                escaped(&broken(&format!("{}{through}", named(cause))))
            });
            let before = if change.same_outcome {
                "for other reasons".to_owned()
            } else {
                format!("before: {}", escaped(&change.before))
            };
            std::iter::once(before).chain(causes).collect::<Vec<_>>().join("<br>")
        });
        let _ = writeln!(
            text,
            "| {} | {} | **{}** | {} | {change} |",
            stretch.from,
            stretch.through,
            escaped(&stretch.outcome),
            why.join("<br>")
        );
    }
}
