//! What two versions of rules say differently, as text and as Markdown.

use std::fmt::Write as _;

use exeat_engine::wire::{ChangeLine, DifferenceDocument};
use owo_colors::OwoColorize as _;

use super::wrap::wrapped;

/// The text.
pub(crate) fn text(document: &DifferenceDocument) -> String {
    format!("From {} to {}\n{}", document.old.bold(), document.new.bold(), body(document))
}

/// The text without its first line, that names the versions.
pub(crate) fn body(document: &DifferenceDocument) -> String {
    let mut text = String::new();
    named(&mut text, "Left out of both, because of what does not check", &document.left_out);
    let mut decision = "";
    for change in &document.changes {
        if change.decision != decision {
            decision = &change.decision;
            let title = change.title.clone().unwrap_or_else(|| change.decision.clone());
            let _ = writeln!(text, "\n{}  {}", title.bold(), change.decision);
        }
        change_text(&mut text, change);
    }
    if !document.undecided.is_empty() {
        text.push_str("\nNot decided\n");
        for one in &document.undecided {
            let _ = writeln!(text, "  {}", one.in_words());
        }
    }
    named(&mut text, "Only in the new rules", &document.added);
    named(&mut text, "Only in the old rules", &document.removed);
    named(&mut text, "Proved: no transaction changes that both determine", &document.same);
    let rules: Vec<String> =
        document.rules.iter().map(|rule| format!("{} ({})", rule.rule, rule.what)).collect();
    named(&mut text, "Rules written otherwise", &rules);
    for shipment in &document.shipments {
        let name = shipment.id.as_ref().unwrap_or(&shipment.name);
        let _ = writeln!(text, "\nShipment {}", name.bold());
        for one in &shipment.decisions {
            let [before, after] = [&one.before, &one.after]
                .map(|said| said.clone().unwrap_or_else(|| "not asked".to_owned()));
            let _ = writeln!(text, "  {}: {before} -> {after}", one.decision);
        }
    }
    let _ = write!(text, "\n{}\n", summary(document));
    text
}

fn change_text(text: &mut String, change: &ChangeLine) {
    let direction = change.direction.replace('_', " ");
    let direction = match change.direction {
        "loosened" => direction.green().to_string(),
        "tightened" => direction.red().to_string(),
        _ => direction.yellow().to_string(),
    };
    let _ = writeln!(text, "  {direction}: {} -> {}", change.before, change.after);
    let _ = writeln!(text, "    {}", change.days.join(", "));
    for region in &change.regions {
        let words =
            if region.is_empty() { "all transactions".to_owned() } else { region.join(" and ") };
        text.push_str(&indented("    where ", &words));
    }
    if change.more {
        text.push_str("    and others\n");
    }
    let example = &change.example;
    text.push_str(&indented("    example: ", &example.in_words()));
    for (word, rules) in [("before", &example.before), ("after", &example.after)] {
        if rules.is_empty() {
            let _ = writeln!(text, "      {word} because no rule applies");
        }
        for rule in rules {
            let _ = writeln!(text, "      {word} because {}", rule.in_words());
        }
    }
}

fn indented(start: &str, words: &str) -> String {
    wrapped(&format!("{}{words}", start.trim_start()), 4, 6)
}

fn named(text: &mut String, title: &str, names: &[String]) {
    if !names.is_empty() {
        let _ = writeln!(text, "\n{title}");
        for name in names {
            let _ = writeln!(text, "  {name}");
        }
    }
}

/// One line that says what came of it.
fn summary(document: &DifferenceDocument) -> String {
    let mut parts = Vec::new();
    let mut count = |count: usize, one: &str, several: &str| {
        if count > 0 {
            parts.push(format!("{count} {}", if count == 1 { one } else { several }));
        }
    };
    let of = |direction: &str| {
        document.changes.iter().filter(|change| change.direction == direction).count()
    };
    count(of("loosened"), "class loosened", "classes loosened");
    count(of("tightened"), "class tightened", "classes tightened");
    count(of("newly_undetermined"), "newly undetermined", "newly undetermined");
    count(of("newly_determined"), "newly determined", "newly determined");
    count(of("different"), "different otherwise", "different otherwise");
    count(document.undecided.len(), "question not decided", "questions not decided");
    if document.shipments_asked > 0 {
        parts.push(format!(
            "{} of {} shipments come to something else",
            document.shipments.len(),
            document.shipments_asked
        ));
    }
    if !document.left_out.is_empty() {
        let files = if document.left_out.len() == 1 { "file" } else { "files" };
        parts.push(format!("{} {files} left out", document.left_out.len()));
    }
    let stretches = match document.stretches {
        1 => "1 stretch of days".to_owned(),
        count => format!("{count} stretches of days"),
    };
    let nothing = document.changes.is_empty()
        && document.undecided.is_empty()
        && document.added.is_empty()
        && document.removed.is_empty();
    if nothing {
        let rewording = if document.rules.is_empty() { "" } else { "; rules are reworded only" };
        let rest = if document.left_out.is_empty() { "" } else { " by the rest" };
        let proof = format!(
            "no transaction changes that both versions determine{rest}: proved over {stretches}{rewording}"
        );
        parts.insert(0, proof);
        return parts.join("; ");
    }
    format!("compared over {stretches}: {}", parts.join(", "))
}

/// The same as Markdown, for a pull request.
pub(crate) fn markdown(document: &DifferenceDocument) -> String {
    let mut text = format!("### Rules: `{}` to `{}`\n\n", document.old, document.new);
    let _ = writeln!(text, "{}.", summary(document));
    if !document.left_out.is_empty() {
        let files = document.left_out.join("`, `");
        let _ = writeln!(text, "\nLeft out of both, because of what does not check: `{files}`.");
    }
    if !document.changes.is_empty() {
        text.push_str("\n| decision | change | days | where |\n| --- | --- | --- | --- |\n");
        for change in &document.changes {
            let regions: Vec<String> = change
                .regions
                .iter()
                .map(|region| match region.as_slice() {
                    [] => "all transactions".to_owned(),
                    words => format!("`{}`", words.join("` and `")),
                })
                .collect();
            let more = if change.more { "; and others" } else { "" };
            let _ = writeln!(
                text,
                "| {} | **{}**: {} → {} | {} | {}{more} |",
                change.title.as_ref().unwrap_or(&change.decision),
                change.direction.replace('_', " "),
                change.before,
                change.after,
                change.days.join(", "),
                regions.join("; ").replace('|', "\\|"),
            );
        }
        for change in &document.changes {
            let example = &change.example;
            let _ = write!(
                text,
                "\n<details><summary>{} → {}: an example</summary>\n\nas of {}\n",
                change.before, change.after, example.as_of
            );
            for line in example.readings.iter().chain(&example.facts) {
                let _ = writeln!(text, "- `{line}`");
            }
            for (word, rules) in [("before", &example.before), ("after", &example.after)] {
                for rule in rules {
                    let _ = writeln!(text, "- {word} because {}", rule.in_words());
                }
            }
            text.push_str("\n</details>\n");
        }
    }
    for one in &document.undecided {
        let _ = writeln!(text, "- {}", one.in_words());
    }
    for shipment in &document.shipments {
        let name = shipment.id.as_ref().unwrap_or(&shipment.name);
        for one in &shipment.decisions {
            let [before, after] = [&one.before, &one.after]
                .map(|said| said.clone().unwrap_or_else(|| "not asked".to_owned()));
            let _ = writeln!(text, "- shipment {name}: `{}` {before} → {after}", one.decision);
        }
    }
    text
}
