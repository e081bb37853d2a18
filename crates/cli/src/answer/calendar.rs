//! A calendar: for each decision the stretches of days with one answer, and what changed between them.

mod markdown;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use exeat_engine::wire::{
    CalendarDecision, CalendarDocument, CalendarStretch, CauseLine, ThroughLine,
};
use exeat_engine::{RuleLine, Standing};
use owo_colors::OwoColorize as _;

use super::wrap::{unbroken, wrapped};
use super::{painted, short};

pub(crate) use markdown::markdown;

/// How many missing facts are named in a line.
const MOST_MISSING: usize = 4;
/// How long a citation is at most that stays on one line.
const LONGEST_UNBROKEN: usize = 60;
/// How many days of change are named at the top.
const MOST_DAYS_NAMED: usize = 10;
/// From how many days on a value that is another one each day is shown once, as a run.
const SHORTEST_RUN: usize = 4;

/// The calendar in 80 columns.
pub(crate) fn text(document: &CalendarDocument) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "From {} through {}", document.from.bold(), document.through.bold());
    for reading in document.readings.iter().filter(|one| concerned(document, &one.reading)) {
        let name = short(&reading.reading);
        let line = match (&reading.choice, &reading.choice_title) {
            (None, _) => format!("reading {name}: left open"),
            (Some(choice), title) => {
                let title = title.as_deref().map(|title| format!(": {title}")).unwrap_or_default();
                let default = if reading.default { " (default)" } else { "" };
                format!("reading {name}.{choice}{title}{default}")
            }
        };
        text.push_str(&wrapped(&line, 2, 4));
    }
    for proposal in &document.proposals {
        let _ = writeln!(text, "  with the proposal {proposal}, which is not in force");
    }
    text.push_str(&wrapped(&days_of_change(document), 2, 4));
    let taking_part = document.decisions.iter().filter(|one| concerned(document, &one.decision));
    let (silent, speaking): (Vec<_>, Vec<_>) =
        taking_part.partition(|decision| decision.stretches.iter().all(says_nothing));
    for decision in speaking {
        let title = decision.title.as_deref().unwrap_or_else(|| short(&decision.decision));
        let _ = writeln!(text, "\n{}", title.bold());
        let runs = runs(&decision.stretches);
        let steady = runs.len() == 1;
        for run in runs {
            show(&mut text, run, steady);
        }
    }
    if !silent.is_empty() {
        let titles: Vec<&str> = silent
            .iter()
            .map(|decision| decision.title.as_deref().unwrap_or_else(|| short(&decision.decision)))
            .collect();
        let line = format!("Nothing, or not needed, on all these days: {}", titles.join("; "));
        let _ = writeln!(text);
        text.push_str(&wrapped(&line, 0, 2));
    }
    let _ = writeln!(text);
    for title in not_concerned(document) {
        let _ = writeln!(text, "{}", format!("not concerned: {title}").dimmed());
    }
    for note in notes(document) {
        text.push_str(&wrapped(&note, 0, 0));
    }
    for plugin in &document.plugins {
        let line = format!(
            "jurisdiction {} {}, data of {}",
            plugin.id, plugin.version, plugin.data_vintage
        );
        let _ = writeln!(text, "{}", line.dimmed());
    }
    let _ = writeln!(
        text,
        "{}",
        format!("rules and libraries sha256 {}", document.digests.all).dimmed()
    );
    text
}

/// Whether the regime of an item takes part: not, if it has decisions and none is needed on any day.
fn concerned(document: &CalendarDocument, name: &str) -> bool {
    let regime = name.split('.').next();
    let own = |one: &&CalendarDecision| one.decision.split('.').next() == regime;
    let mut decisions = document.decisions.iter().filter(own).peekable();
    let not_needed = |one: &CalendarDecision| {
        one.stretches.iter().all(|stretch| stretch.standing == Standing::NotNeeded)
    };
    decisions.peek().is_none() || !decisions.all(not_needed)
}

/// The titles of the jurisdictions that do not take part.
fn not_concerned(document: &CalendarDocument) -> impl Iterator<Item = &str> {
    let out = document.plugins.iter().filter(|plugin| !concerned(document, &plugin.id));
    out.map(|plugin| plugin.title.as_str())
}

/// Whether a decision says nothing in a stretch: it is not needed, or no rule adds to its set.
fn says_nothing(stretch: &CalendarStretch) -> bool {
    let nothing = stretch.outcome == "nothing" && stretch.otherwise.is_some();
    stretch.standing == Standing::NotNeeded || (stretch.standing == Standing::Determined && nothing)
}

/// The days on which an answer changes, in a line.
fn days_of_change(document: &CalendarDocument) -> String {
    let stretches = document.decisions.iter().flat_map(|decision| &decision.stretches);
    let days: BTreeSet<&str> = stretches
        .filter(|stretch| stretch.change.is_some())
        .map(|stretch| stretch.from.as_str())
        .collect();
    let named: Vec<&str> = days.iter().take(MOST_DAYS_NAMED).copied().collect();
    match days.len().saturating_sub(named.len()) {
        _ if days.is_empty() => "no answer changes".to_owned(),
        0 => format!("changes on {}", named.join(", ")),
        more => format!("changes on {} and on {more} more days", named.join(", ")),
    }
}

/// Stretches, each alone, but for runs of days on each of which only the value is another one.
fn runs(stretches: &[CalendarStretch]) -> Vec<&[CalendarStretch]> {
    let alike = |a: &CalendarStretch, b: &CalendarStretch| {
        [a, b].iter().all(|one| one.standing == Standing::Determined && one.from == one.through)
            && a.reasons == b.reasons
            && a.otherwise == b.otherwise
    };
    let parts = stretches.chunk_by(alike);
    parts
        .flat_map(
            |part| {
                if part.len() < SHORTEST_RUN { part.chunks(1).collect() } else { vec![part] }
            },
        )
        .collect()
}

fn show(text: &mut String, run: &[CalendarStretch], steady: bool) {
    let (Some(first), Some(last)) = (run.first(), run.last()) else { return };
    let days = if steady {
        "on all these days".to_owned()
    } else {
        format!("{} … {}", first.from, last.through)
    };
    if run.len() > 1 {
        let what = format!("another value each day, {} … {}", first.outcome, last.outcome);
        let _ = writeln!(text, "  {days}  {}", what.bold());
    } else {
        let again = first.change.as_ref().is_some_and(|change| change.same_outcome);
        let _ = writeln!(
            text,
            "  {days}  {}{}",
            painted(&first.outcome, first.effect),
            if again { ", for other reasons" } else { "" }
        );
    }
    let causes = first.change.as_ref().map_or(&[][..], |change| &change.causes);
    for reason in &first.reasons {
        let new = causes.iter().find(|cause| cause.item.rule == reason.rule);
        let _ = write!(text, "{}", wrapped(&format!("because {}", ruled(reason)), 4, 6));
        if let Some(cause) = new {
            beneath(text, became(cause), &cause.through, 6);
        }
    }
    for line in whys(first) {
        text.push_str(&wrapped(&line, 4, 6));
    }
    let told =
        |cause: &&CauseLine| !first.reasons.iter().any(|reason| reason.rule == cause.item.rule);
    for cause in causes.iter().filter(told) {
        beneath(text, &named(cause), &cause.through, 4);
    }
}

/// What else than rules that hold makes an outcome what it is.
fn whys(stretch: &CalendarStretch) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(cites) = &stretch.otherwise {
        lines.push(format!("because no rule applies{}", cited(cites)));
    }
    for rule in &stretch.conflict {
        lines.push(format!("in conflict: {}", ruled(rule)));
    }
    for gap in &stretch.not_modelled {
        lines.push(format!("not modelled: {}", ruled(gap)));
    }
    if !stretch.missing.is_empty() {
        let named = stretch.missing.iter().take(MOST_MISSING).cloned().collect::<Vec<_>>();
        let rest = stretch.missing.len().saturating_sub(named.len());
        let more = if rest == 0 { String::new() } else { format!(" and {rest} more") };
        lines.push(format!("not known: {}{more}", named.join(", ")));
    }
    lines.extend(stretch.errors.iter().map(|error| format!("error: {error}")));
    if stretch.possible.len() > 1 {
        lines.push(format!("still possible: {}", stretch.possible.join(", ")));
    }
    lines
}

fn beneath(text: &mut String, line: &str, through: &[ThroughLine], indent: usize) {
    let hanging = indent.saturating_add(2);
    text.push_str(&wrapped(line, indent, hanging));
    for one in through {
        text.push_str(&wrapped(&changed(one), hanging, hanging.saturating_add(2)));
    }
}

/// What became of what; the decision itself is not named again.
fn named(cause: &CauseLine) -> String {
    if cause.of == "decision" {
        became(cause).to_owned()
    } else {
        format!("{}: {}", became(cause), ruled(&cause.item))
    }
}

/// What became of a rule, in words that stand before its name.
fn became(cause: &CauseLine) -> &'static str {
    match (cause.of, cause.kind) {
        ("decision", "applies") => "needed from now on",
        ("decision", "does_not_apply") => "not needed from now on",
        ("decision", _) => "changed",
        (_, "came_into_force") => "came into force",
        (_, "revived") => "in force again",
        (_, "ended") => "ended",
        (_, "suspended") => "suspended",
        ("not_modelled", "applies") => "touched from now on",
        ("not_modelled", "does_not_apply") => "not touched from now on",
        (_, "applies") => "applies from now on",
        (_, "does_not_apply") => "does not apply from now on",
        (_, "opened") => "left open from now on",
        _ => "gives another value",
    }
}

/// What changed beneath a condition, in a sentence without its end.
fn changed(through: &ThroughLine) -> String {
    let name = through.title.as_deref().unwrap_or(&through.name);
    let member = through.member.as_deref().unwrap_or("a member");
    let what = match through.kind {
        "member_joined" => format!("{member} joined {name}"),
        "member_left" => format!("{member} left {name}"),
        "group" => format!("{name} has other members"),
        "define" => format!("{name} is defined anew"),
        "table" => format!("{name} has other rows"),
        "code_list" => format!("{name} has other entries"),
        "date" => format!("turned with the date: {name}"),
        _ => format!("{name} changed"),
    };
    format!("{what}{}", cited(&through.cites))
}

/// What has to be known to trust the calendar.
fn notes(document: &CalendarDocument) -> Vec<String> {
    let mut notes = Vec::new();
    match (document.steady_before, document.steady_after) {
        (true, true) => notes.push(
            "By these rules the first answers hold before these days too, and the last ones after them."
                .to_owned(),
        ),
        (true, false) => {
            notes.push("By these rules the first answers hold before these days too.".to_owned());
        }
        (false, true) => {
            notes.push("By these rules the last answers hold after these days too.".to_owned());
        }
        (false, false) => {}
    }
    if !document.tried_each_day.is_empty() {
        let conditions = quoted(&document.tried_each_day);
        notes.push(format!("Tried on each of these days: {conditions}."));
    }
    if !document.decided_each_day.is_empty() {
        let conditions = quoted(&document.decided_each_day);
        notes.push(format!("Each of these days was decided, because of {conditions}."));
    }
    notes
}

fn quoted(conditions: &[String]) -> String {
    conditions.iter().map(|text| format!("`{text}`")).collect::<Vec<_>>().join(", ")
}

fn ruled(rule: &RuleLine) -> String {
    format!("{}{}", rule.title.as_deref().unwrap_or_else(|| short(&rule.rule)), cited(&rule.cites))
}

fn cited(cites: &[String]) -> String {
    // A citation stays on one line, for those who look it up, unless it is a whole sentence.
    let short = |cite: &&String| cite.chars().count() <= LONGEST_UNBROKEN;
    let whole = |cite: &String| Some(cite).filter(short).map(|cite| unbroken(cite));
    let cites: Vec<String> =
        cites.iter().map(|cite| whole(cite).unwrap_or_else(|| cite.clone())).collect();
    if cites.is_empty() { String::new() } else { format!(" [{}]", cites.join("; ")) }
}
