//! What the desk answers, as text in 80 columns.

use std::fmt::Write as _;

use exeat_desk::{
    Block, Colour, Desk, Detail, ItemPage, OutcomeChange, QuestionLine, Reply, Row, ValueLine,
    coloured,
};
use owo_colors::OwoColorize as _;

use super::wrap::{fitted, unbroken, wrapped};
use super::{brief, calendar, difference, painted, ruled, turning};
use crate::output::Output;

/// How many rows of a listing are shown.
const MOST_ROWS: usize = 60;
/// From how many choices on those without a title stand beside each other.
const MOST_BARE: usize = 6;
/// How wide the names of a listing are at most.
const WIDEST_NAME: usize = 34;

/// A reply.
pub(crate) fn reply(reply: &Reply, desk: &Desk, output: &Output) -> String {
    let mut text = String::new();
    for block in &reply.blocks {
        match block {
            Block::Note { text: note } => text.push_str(&wrapped(note, 0, 2)),
            Block::Text { text: shown, language } => {
                let shown = if *language { painted_language(shown, desk) } else { shown.clone() };
                let _ = writeln!(text, "{}", shown.trim_end());
            }
            Block::Value(line) => value(&mut text, line),
            Block::Listing { heading, rows } => listing(&mut text, heading, rows),
            Block::Item(page) => item(&mut text, page, desk),
            Block::Changed { line, changes } => {
                text.push_str(&fitted(&changed(line, changes)));
            }
            Block::SideBySide { left, right, changes, narrowed, same } => {
                let mut sides = String::new();
                side_by_side(&mut sides, (left, right), changes, same);
                text.push_str(&fitted(&sides));
                for line in narrowed {
                    text.push_str(&wrapped(line, 2, 4));
                }
            }
            Block::Decision { document, detail } => match detail {
                Detail::Short => text.push_str(&fitted(&brief::text(document))),
                Detail::Reasons => text.push_str(&fitted(&super::outcomes(document, false))),
                Detail::Trace => text.push_str(&fitted(&super::outcomes(document, true))),
            },
            Block::Calendar { document } => {
                text.push_str(&without_provenance(&calendar::text(document)));
            }
            Block::Difference { document } => text.push_str(&difference::text(document)),
            Block::Turning { document } => {
                for decision in &document.decisions {
                    text.push_str(&fitted(&turning::decided(decision)));
                }
            }
            Block::Question(line) => {
                let mut asked = String::new();
                question(&mut asked, line);
                text.push_str(&fitted(&asked));
            }
            Block::Problems { diagnostics } => {
                text.push_str(output.problems_text(diagnostics, desk.sources()).trim_end());
                text.push('\n');
            }
        }
    }
    text
}

/// Text of the language in colours.
pub(crate) fn painted_language(text: &str, desk: &Desk) -> String {
    coloured(text, Some(desk)).into_iter().fold(String::new(), |mut line, (piece, colour)| {
        line.push_str(&paint(piece, colour));
        line
    })
}

/// A piece of a line in its colour.
pub(crate) fn paint(piece: &str, colour: Colour) -> String {
    match colour {
        Colour::Command => piece.bold().to_string(),
        Colour::Keyword => piece.magenta().to_string(),
        Colour::Fact => piece.cyan().to_string(),
        Colour::Name => piece.blue().to_string(),
        Colour::Literal => piece.yellow().to_string(),
        Colour::Text => piece.green().to_string(),
        Colour::Comment => piece.dimmed().to_string(),
        Colour::Open => piece.red().to_string(),
        Colour::Plain => piece.to_owned(),
    }
}

/// A text without the lines that say of which texts and libraries it was made: at the desk these are the
/// same for all answers.
fn without_provenance(text: &str) -> String {
    let told = |line: &&str| {
        let plain = anstream::adapter::strip_str(line).to_string();
        !plain.starts_with("jurisdiction ") && !plain.starts_with("rules and libraries sha256")
    };
    text.lines().filter(told).fold(String::new(), |text, line| text + line + "\n")
}

/// The line that says what changed: an arrow before it, so that the eye finds it.
fn changed(line: &str, changes: &[OutcomeChange]) -> String {
    if changes.is_empty() {
        return format!("  {}", line.dimmed());
    }
    let mut shown = line.to_owned();
    for change in changes {
        if let Some(after) = &change.after
            && change.effect.is_some()
        {
            let at = format!("{}: ", change.title);
            let Some(start) = shown.find(&at) else { continue };
            let rest = shown.split_off(start);
            let coloured = rest.replacen(after.as_str(), &painted(after, change.effect), 1);
            shown.push_str(&coloured);
        }
    }
    format!("  {shown}")
}

fn value(text: &mut String, line: &ValueLine) {
    if let Some(value) = &line.value {
        let _ = writeln!(text, "{}", value.bold());
    } else if line.missing.is_empty() {
        text.push_str("not known\n");
    } else {
        text.push_str(&wrapped(&format!("not known: {}", line.missing.join(", ")), 0, 2));
    }
    for why in &line.because {
        text.push_str(&wrapped(why, 2, 4));
    }
}

fn listing(text: &mut String, heading: &str, rows: &[Row]) {
    if !heading.is_empty() {
        let _ = writeln!(text, "{}", heading.bold());
    }
    let width = rows.iter().map(|row| row.name.chars().count()).max().unwrap_or(0);
    let stacked = width > WIDEST_NAME;
    for row in rows.iter().take(MOST_ROWS) {
        let detail =
            if row.detail.is_empty() { String::new() } else { format!("  [{}]", row.detail) };
        let rest = format!("{}{detail}", row.title);
        let indent = if stacked { 6 } else { width.saturating_add(4) };
        let _ = write!(text, "  {}", row.name.cyan());
        if rest.trim().is_empty() {
            text.push('\n');
            continue;
        }
        let lines = wrapped(rest.trim(), indent, indent);
        if stacked {
            let _ = write!(text, "\n{lines}");
        } else {
            let used = row.name.chars().count().saturating_add(2);
            let lines: String = lines.chars().skip(used).collect();
            text.push_str(&lines);
        }
    }
    let more = rows.len().saturating_sub(MOST_ROWS);
    if more > 0 {
        let _ = writeln!(text, "  and {more} more; narrow it with `where WORDS`");
    }
}

fn item(text: &mut String, page: &ItemPage, desk: &Desk) {
    let _ = writeln!(text, "{} {}", page.what, page.name.bold());
    if let Some(title) = &page.title {
        text.push_str(&wrapped(title, 2, 4));
    }
    for cite in &page.cites {
        text.push_str(&wrapped(&format!("[{cite}]"), 2, 4));
    }
    for paragraph in page.doc.split("\n\n").filter(|paragraph| !paragraph.trim().is_empty()) {
        text.push_str(&wrapped(paragraph, 2, 2));
    }
    for line in page.lines.iter().take(MOST_ROWS) {
        text.push_str(&wrapped(line, 2, 4));
    }
    if let Some(place) = &page.place {
        let _ = writeln!(text, "  {}", place.dimmed());
    }
    if let Some(shown) = &page.text {
        let _ = writeln!(text, "{}", painted_language(shown, desk));
    }
}

fn side_by_side(
    text: &mut String,
    (left, right): (&str, &str),
    changes: &[OutcomeChange],
    same: &[String],
) {
    if changes.is_empty() {
        let _ = writeln!(text, "{}: no outcome differs", right.bold());
    } else {
        let _ = writeln!(text, "{left} → {}", right.bold());
    }
    for change in changes {
        let before = change.before.as_deref().unwrap_or("not asked");
        let after = change.after.as_deref().unwrap_or("not asked");
        let line = format!("{}: {before} → {after}", change.title);
        let shown = wrapped(&line, 2, 4);
        text.push_str(&shown.replacen(after, &painted(after, change.effect), 1));
        for reason in change.reasons.iter().take(2) {
            let _ = writeln!(text, "    because {}", ruled(reason));
        }
    }
    if !same.is_empty() {
        text.push_str(&wrapped(&format!("the same: {}", same.join("; ")), 2, 4));
    }
}

fn question(text: &mut String, line: &QuestionLine) {
    let more = match line.at_most {
        0 => String::new(),
        1 => "; the last question".to_owned(),
        many => format!("; at most {many} questions"),
    };
    let _ = writeln!(text, "\n{} {}", format!("{}.", line.number).bold(), line.question.bold());
    let bare = line.choices.iter().all(|row| row.title.is_empty());
    if bare && line.choices.len() > MOST_BARE {
        let numbered = line.choices.iter().enumerate();
        let all =
            numbered.map(|(at, row)| unbroken(&format!("{} {}", at.saturating_add(1), row.name)));
        text.push_str(&wrapped(&all.collect::<Vec<_>>().join(", "), 4, 4));
    }
    for (at, row) in line.choices.iter().enumerate() {
        if bare && line.choices.len() > MOST_BARE {
            break;
        }
        let number = at.saturating_add(1);
        let title = if row.title.is_empty() { String::new() } else { format!(": {}", row.title) };
        text.push_str(&wrapped(&format!("{number} {}{title}", row.name), 4, 8));
    }
    let settled = if line.settled.is_empty() {
        String::new()
    } else {
        format!("; settled: {}", line.settled.join("; "))
    };
    let note = format!("{} ({}{more}{settled})", line.expects, line.path);
    let _ = writeln!(text, "{}", wrapped(&note, 2, 2).trim_end().dimmed());
}
