//! What of the law is modelled: a line for each law, part and section, and under it what is left out.

use std::fmt::Write as _;

use exeat_engine::wire::{GapLine, ScopeCounts, ScopeDocument, ScopeLine};
use owo_colors::OwoColorize as _;

use super::markdown::escaped;
use super::short;
use super::wrap::wrapped;

/// Where the status stands in a line.
const STATUS_AT: usize = 28;
/// Where the counts stand in a line.
const COUNTS_AT: usize = 42;
/// How much deeper each level stands.
const STEP: usize = 2;

/// The scope in 80 columns.
pub(crate) fn text(document: &ScopeDocument) -> String {
    let mut text = String::new();
    let day = document.as_of.as_deref().map(|day| format!(" on {day}")).unwrap_or_default();
    let _ = writeln!(text, "{}{day}", "What of the law these rules model".bold());
    text.push_str(&wrapped(&legend(), STEP, STEP));
    if document.laws.is_empty() {
        let _ = writeln!(text, "\nNothing in these rules cites any law.");
    }
    for law in &document.laws {
        text.push('\n');
        line(&mut text, law, 0);
    }
    let _ = writeln!(text, "\n{}", tally(document));
    let _ = writeln!(
        text,
        "{}",
        format!("rules and libraries sha256 {}", document.digests.all).dimmed()
    );
    text
}

fn legend() -> String {
    "modelled: rules, and nothing known to be missing; partly: rules, and something missing; \
     pointer only: only said to be missing; named only: in the header of a module"
        .to_owned()
}

fn line(text: &mut String, division: &ScopeLine, indent: usize) {
    // The columns are set before the colours, which take no room.
    let name = format!("{:indent$}{}", "", division.name);
    let status =
        format!("{:<width$}", status(division), width = COUNTS_AT.saturating_sub(STATUS_AT));
    let status = match division.status {
        "modelled" => status.green().to_string(),
        "partly" => status.yellow().to_string(),
        "pointer_only" => status.red().to_string(),
        _ => status.dimmed().to_string(),
    };
    let counts = wrapped(&counts(&division.counts), COUNTS_AT, COUNTS_AT);
    let counts = counts.trim_start();
    if name.chars().count() < STATUS_AT {
        let _ = write!(text, "{name:<STATUS_AT$}{status}{counts}");
    } else {
        let _ = write!(text, "{}{:STATUS_AT$}{status}{counts}", wrapped(&name, indent, indent), "");
    }
    let inner = indent.saturating_add(STEP);
    for gap in &division.not_modelled {
        let title = gap.title.as_deref().unwrap_or_else(|| short(&gap.name));
        let deeper = inner.saturating_add(STEP);
        text.push_str(&wrapped(&format!("not modelled: {title}"), inner, deeper));
        text.push_str(&wrapped(&bounds(gap), deeper, deeper));
    }
    for one in &division.divisions {
        line(text, one, inner);
    }
}

/// When a gap is touched and what it leaves open, in words.
fn bounds(gap: &GapLine) -> String {
    let when = gap.when.as_deref().map(|when| format!(", when {when}")).unwrap_or_default();
    let affects: Vec<&str> = gap.affects.iter().map(|name| short(name)).collect();
    format!("{}{when}; leaves open {}", gap.force, affects.join(", "))
}

fn status(division: &ScopeLine) -> &'static str {
    match division.status {
        "modelled" => "modelled",
        "partly" => "partly",
        "pointer_only" => "pointer only",
        _ => "named only",
    }
}

/// How much stands there, in words: `3 rules, 1 exception`.
fn counts(counts: &ScopeCounts) -> String {
    let words = [
        (counts.rules, "rule"),
        (counts.exceptions, "exception"),
        (counts.defines, "define"),
        (counts.tables, "table"),
        (counts.groups, "group"),
        (counts.defaults, "default"),
        (counts.not_modelled, "gap"),
        (counts.modules, "module"),
    ];
    let shown: Vec<String> = words
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}{}", if *count == 1 { "" } else { "s" }))
        .collect();
    shown.join(", ")
}

/// How many parts have which status.
fn tally(document: &ScopeDocument) -> String {
    // A law that is cited only as a whole is its own part.
    let parts = document.laws.iter().flat_map(|law| {
        if law.divisions.is_empty() { std::slice::from_ref(law) } else { &law.divisions }
    });
    let statuses: Vec<&'static str> = parts.map(status).collect();
    let named = ["modelled", "partly", "pointer only", "named only"].map(|word| {
        let count = statuses.iter().filter(|status| **status == word).count();
        format!("{count} {word}")
    });
    format!("{} parts: {}", statuses.len(), named.join(", "))
}

/// The scope as Markdown: one table.
pub(crate) fn markdown(document: &ScopeDocument) -> String {
    let day = document.as_of.as_deref().map(|day| format!(" on {day}")).unwrap_or_default();
    let mut text = format!("# What of the law these rules model{day}\n\n{}\n", escaped(&legend()));
    if document.laws.is_empty() {
        let _ = writeln!(text, "\nNothing in these rules cites any law.");
    }
    for law in &document.laws {
        let _ = writeln!(text, "\n## {}: {}\n", escaped(&law.name), status(law));
        let _ = writeln!(text, "| where | status | what stands on it | not modelled |");
        let _ = writeln!(text, "| --- | --- | --- | --- |");
        if !law.not_modelled.is_empty() || law.divisions.is_empty() {
            row(&mut text, law, "as a whole");
        }
        for part in &law.divisions {
            row(&mut text, part, &part.name);
            for section in &part.divisions {
                row(&mut text, section, &format!("{}, {}", part.name, section.name));
            }
        }
    }
    let _ = writeln!(text, "\n{}", tally(document));
    let _ = writeln!(text, "\nRules and libraries: SHA-256 `{}`", document.digests.all);
    text
}

fn row(text: &mut String, division: &ScopeLine, name: &str) {
    let gaps = division.not_modelled.iter().map(|gap| {
        let title = gap.title.as_deref().unwrap_or_else(|| short(&gap.name));
        escaped(&format!("{title} ({})", bounds(gap)))
    });
    let _ = writeln!(
        text,
        "| {} | {} | {} | {} |",
        escaped(name),
        status(division),
        counts(&division.counts),
        gaps.collect::<Vec<_>>().join("<br>")
    );
}
