//! A decision as a lawyer reads it: the outcome first, then why, what was looked at, what is missing.

mod brief;
pub(crate) mod calendar;
pub(crate) mod desk;
pub(crate) mod difference;
mod exceptions;
mod gaps;
pub(crate) mod markdown;
mod regimes;
pub(crate) mod scope;
pub(crate) mod screening;
pub(crate) mod turning;
mod wrap;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use exeat_engine::wire::{DecisionDocument, ReadingLine, ReadingsDocument};
use exeat_engine::{
    Concern, ConditionLine, Considered, DecisionReport, FailedCondition, MissingLine, RuleLine,
    Standing,
};
use owo_colors::OwoColorize as _;

/// How many missing facts are named for a decision; the most decisive come first.
const MOST_MISSING: usize = 8;
/// How many combinations of labels of one outcome are told one by one.
const MOST_COMBINATIONS: usize = 4;

/// The whole answer.
pub(crate) fn answer(document: &DecisionDocument, explain: bool) -> String {
    outcomes(document, explain) + &provenance(document)
}

/// The answer without what it was made of.
fn outcomes(document: &DecisionDocument, explain: bool) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "As of {}", document.as_of.bold());
    let readings: Vec<&ReadingLine> = regimes::readings(document).collect();
    for reading in &readings {
        let name = short(&reading.reading);
        let Some(choice) = &reading.choice else {
            let _ = writeln!(text, "  reading {name}: left open");
            continue;
        };
        let title =
            reading.choice_title.as_deref().map(|title| format!(": {title}")).unwrap_or_default();
        let default = if reading.default { " (default)" } else { "" };
        let _ = writeln!(text, "  reading {name}.{choice}{title}{default}");
    }
    for proposal in &document.proposals {
        let _ = writeln!(text, "  with the proposal {proposal}, which is not in force");
    }
    let parts = regimes::parts(document);
    if let Some(summary) = &document.summary {
        regimes::summary(&mut text, summary, &parts);
    }
    for part in &parts {
        if document.summary.is_some() {
            let _ = writeln!(text, "\n--- {}  {}", part.regime.regime.bold(), part.regime.title);
        }
        if regimes::only_asks(part.regime) && !explain {
            let _ = writeln!(text, "\nIt is not known whether it is concerned:");
            missing(&mut text, &part.regime.missing, 2);
            continue;
        }
        let (silent, speaking): (Vec<_>, Vec<_>) =
            part.decisions.iter().copied().partition(|report| silent(report) && !explain);
        for report in speaking {
            decision(&mut text, report, explain);
        }
        text.push_str(&silent_ones(&silent));
    }
    if document.other_readings.is_empty() && !readings.is_empty() {
        let _ = writeln!(text, "\n{}: the same", "Under any other reading".bold());
    }
    if !document.other_readings.is_empty() {
        let _ = writeln!(text, "\n{}", "Under another reading".bold());
        for other in &document.other_readings {
            let title =
                other.choice_title.as_deref().map(|title| format!(": {title}")).unwrap_or_default();
            let _ = writeln!(text, "  {}.{}{title}", short(&other.reading), other.choice);
            for change in &other.changes {
                let title = change.title.as_deref().unwrap_or_else(|| short(&change.decision));
                let what = if change.after == change.before {
                    format!("{}, by other rules", change.after)
                } else {
                    format!("{} instead of {}", change.after.bold(), change.before)
                };
                let _ = writeln!(text, "    {} {what}", headed(title));
                for reason in &change.reasons {
                    let _ = writeln!(text, "      because {}", ruled(reason));
                }
                if let Some(cites) = &change.otherwise {
                    let _ = writeln!(text, "      because no rule applies{}", cited(cites));
                }
            }
        }
    }
    for assumption in &document.violated_assumptions {
        let _ = writeln!(
            text,
            "\n{} the facts contradict what {} takes for granted: {}",
            "Note:".yellow().bold(),
            assumption.module,
            assumption.because
        );
    }
    text
}

/// Who did not take part, and of what the answer was made.
fn provenance(document: &DecisionDocument) -> String {
    let mut text = String::new();
    let _ = writeln!(text);
    for title in regimes::not_concerned(document) {
        let _ = writeln!(text, "{}", format!("not concerned: {title}").dimmed());
    }
    for plugin in &document.plugins {
        let _ = writeln!(
            text,
            "{}",
            format!(
                "jurisdiction {} {}, data of {}",
                plugin.id, plugin.version, plugin.data_vintage
            )
            .dimmed()
        );
    }
    let _ = writeln!(
        text,
        "{}",
        format!("rules and libraries sha256 {}", document.digests.all).dimmed()
    );
    text
}

fn decision(text: &mut String, report: &DecisionReport, explain: bool) {
    let title = headed(report.title.as_deref().unwrap_or_else(|| short(&report.decision)));
    let _ = match (report.standing, &report.outcome) {
        (Standing::Determined, Some(outcome)) => {
            let words = outcome
                .title
                .as_deref()
                .filter(|title| *title != outcome.text)
                .map(|title| format!("  {title}"))
                .unwrap_or_default();
            writeln!(
                text,
                "\n{} {}{words}",
                title.bold(),
                painted(&outcome.text, report.effect.as_deref())
            )
        }
        (Standing::NotNeeded, _) => writeln!(text, "\n{} not needed", title.bold()),
        _ => writeln!(
            text,
            "\n{} {} ({})",
            title.bold(),
            "undetermined".yellow().bold(),
            report.undetermined_because.join(", ")
        ),
    };
    for reason in &report.reasons {
        let _ = writeln!(text, "  because {}", ruled(reason));
    }
    if let Some(cites) = &report.otherwise {
        let _ = writeln!(text, "  because no rule applies{}", cited(cites));
    }
    for rule in &report.conflict {
        let _ = writeln!(text, "  in conflict: {}", ruled(rule));
    }
    for figure in &report.figures {
        let name = figure.title.as_deref().unwrap_or_else(|| short(&figure.name));
        let value = figure.value.as_deref().unwrap_or("not known");
        let _ = writeln!(text, "  {name}: {value}{}", cited(&figure.cites));
    }
    if !report.possible.is_empty() && report.standing == Standing::Undetermined {
        let _ = writeln!(text, "  still possible: {}", possible(&report.possible).join(", "));
    }
    if !report.missing.is_empty() {
        let _ = writeln!(text, "  what would settle it, the most decisive first");
        let most = if explain { usize::MAX } else { MOST_MISSING };
        missing(text, report.missing.iter().take(most), 4);
        let more = report.missing.len().saturating_sub(most);
        if more > 0 {
            let _ = writeln!(text, "    and {more} more (`--explain` names them)");
        }
    }
    for error in &report.errors {
        let _ = writeln!(text, "  {} {error}", "error:".red().bold());
    }
    gaps::touched(text, report, explain);
    // What does not bear on the outcome is a matter of `--explain`.
    if !explain {
        exceptions::looked_at(text, report);
    }
    for duty in &report.duties {
        let _ = writeln!(text, "  to do: {}{}{}", duty.text, duty.due(), cited(&duty.cites));
    }
    if explain {
        for rule in &report.tree {
            let _ =
                writeln!(text, "  {}  {}", rule.status.replace('_', " ").bold(), ruled(&rule.rule));
            if let Some(condition) = &rule.condition {
                tree(text, condition, 6);
            }
        }
    }
}

/// A title as a heading: a question needs no colon.
fn headed(title: &str) -> String {
    if title.ends_with('?') { title.to_owned() } else { format!("{title}:") }
}

/// What is still possible. Where one place can have labels in many combinations, they are named once.
fn possible(outcomes: &[String]) -> Vec<String> {
    let parts = |outcome: &str| {
        let (place, labels) = outcome.split_once(" (")?;
        let labels = labels.strip_suffix(')')?.split(" or ").map(str::to_owned);
        Some((place.to_owned(), labels.collect::<Vec<String>>()))
    };
    let mut told: Vec<String> = Vec::new();
    let mut done: BTreeSet<String> = BTreeSet::new();
    for outcome in outcomes {
        let Some((place, _)) = parts(outcome) else {
            told.push(outcome.clone());
            continue;
        };
        let alike: Vec<Vec<String>> = outcomes
            .iter()
            .filter_map(|other| parts(other).filter(|(name, _)| *name == place))
            .map(|(_, labels)| labels)
            .collect();
        if alike.len() <= MOST_COMBINATIONS {
            told.push(outcome.clone());
        } else if done.insert(place.clone()) {
            let labels: BTreeSet<String> = alike.into_iter().flatten().collect();
            let labels: Vec<String> = labels.into_iter().collect();
            told.push(format!("{place} (some of {})", labels.join(", ")));
        }
    }
    told
}

fn missing<'f>(text: &mut String, facts: impl IntoIterator<Item = &'f MissingLine>, indent: usize) {
    for fact in facts {
        let ask = fact.ask.as_deref().map(|ask| format!("  {ask}")).unwrap_or_default();
        let _ = writeln!(text, "{:indent$}{}{ask}", "", fact.path.cyan());
    }
}

/// Which decisions are left open by what is not modelled, where it does not affect this one itself.
fn through(gap: &Considered) -> String {
    let names: Vec<&str> = gap.through.iter().map(|name| short(name)).collect();
    if names.is_empty() { String::new() } else { format!(", by way of {}", names.join(", ")) }
}

pub(super) fn failed(text: &mut String, conditions: &[FailedCondition], indent: usize) {
    for condition in conditions {
        let detail = match (&condition.detail, condition.missing.is_empty()) {
            (Some(detail), true) => format!("  ({detail})"),
            (_, false) => format!("  (not known: {})", condition.missing.join(", ")),
            (None, true) => String::new(),
        };
        let truth = match condition.truth {
            "true" => "so",
            "false" => "not so",
            _ => "open",
        };
        let _ = writeln!(text, "{:indent$}{truth}: {}{detail}", "", condition.text);
        for error in &condition.errors {
            let _ = writeln!(text, "{:indent$}  {error}", "");
        }
        for rule in &condition.conflict {
            let _ = writeln!(text, "{:indent$}  in conflict: {}", "", ruled(rule));
        }
        for gap in &condition.not_modelled {
            let _ = writeln!(text, "{:indent$}  not modelled: {}", "", ruled(gap));
        }
    }
}

fn tree(text: &mut String, line: &ConditionLine, indent: usize) {
    let sign = match line.truth {
        "true" => "yes ".green().to_string(),
        "false" => "no  ".red().to_string(),
        _ => "open".yellow().to_string(),
    };
    let detail = line.detail.as_deref().map(|detail| format!("  ({detail})")).unwrap_or_default();
    let what = match line.kind {
        "all" => "all of".to_owned(),
        "any_of" => "any of".to_owned(),
        _ => line.text.clone(),
    };
    let _ = writeln!(text, "{:indent$}{sign} {what}{detail}", "");
    for part in &line.parts {
        tree(text, part, indent.saturating_add(4));
    }
}

/// Whether a decision says nothing about this shipment: it is not needed, or its set is empty because no
/// rule applies.
fn silent(report: &DecisionReport) -> bool {
    let nothing = report.outcome.as_ref().is_some_and(|outcome| outcome.text == "nothing");
    report.standing == Standing::NotNeeded
        || (report.standing == Standing::Determined && nothing && report.otherwise.is_some())
}

/// Decisions that say nothing, in a line.
fn silent_ones(reports: &[&DecisionReport]) -> String {
    let names = |standing: Standing| -> String {
        let of = reports.iter().filter(|report| report.standing == standing);
        let title = |report: &&DecisionReport| {
            report.title.clone().unwrap_or_else(|| short(&report.decision).to_owned())
        };
        of.map(title).collect::<Vec<_>>().join("; ")
    };
    let mut text = String::new();
    for (words, names) in
        [("Nothing", names(Standing::Determined)), ("Not needed", names(Standing::NotNeeded))]
    {
        if !names.is_empty() {
            let _ = writeln!(text, "\n{}: {}", words.bold(), names.dimmed());
        }
    }
    text
}

/// All readings side by side: each answer once, with the choices that give it.
pub(crate) fn side_by_side(document: &ReadingsDocument) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "As of {}", document.as_of.bold());
    for answer in &document.answers {
        let _ = writeln!(text);
        for readings in &answer.readings {
            let _ = writeln!(text, "{}", under(readings).bold());
        }
        for decision in answer.decisions.iter().filter(|one| shown(document, &one.decision)) {
            let title = decision.title.as_deref().unwrap_or_else(|| short(&decision.decision));
            let _ = writeln!(text, "  {} {}", headed(title), decision.outcome.bold());
            for reason in &decision.reasons {
                let _ = writeln!(text, "    because {}", ruled(reason));
            }
        }
    }
    if document.capped {
        let _ = writeln!(text, "\n{}", capped());
    }
    text
}

/// Whether the regime of a decision takes part under any reading.
fn shown(document: &ReadingsDocument, decision: &String) -> bool {
    let mut regimes = document.answers.iter().flat_map(|answer| &answer.jurisdictions);
    regimes.any(|one| one.concern != Concern::NotConcerned && one.decisions.contains(decision))
}

fn capped() -> String {
    let tried = exeat_engine::MOST_READINGS;
    format!("There are more combinations of readings; only the first {tried} were tried.")
}

/// A combination of choices, in short: `enforcement.as_written, lpp.open`.
fn under(readings: &[String]) -> String {
    let two = |name: &String| {
        let mut parts = name.rsplitn(3, '.');
        match (parts.next(), parts.next()) {
            (Some(choice), Some(reading)) => format!("{reading}.{choice}"),
            _ => name.clone(),
        }
    };
    if readings.is_empty() {
        "any reading".to_owned()
    } else {
        readings.iter().map(two).collect::<Vec<_>>().join(", ")
    }
}

pub(super) fn ruled(rule: &RuleLine) -> String {
    format!("{}{}", rule.title.as_deref().unwrap_or(&rule.rule), cited(&rule.cites))
}

fn cited(cites: &[String]) -> String {
    if cites.is_empty() {
        String::new()
    } else {
        format!("  {}", format!("[{}]", cites.join("; ")).dimmed())
    }
}

/// The last part of a full name.
fn short(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(_, last)| last)
}

fn strong(text: &str) -> String {
    text.bold().to_string()
}

fn painted(text: &str, effect: Option<&str>) -> String {
    match effect {
        Some("free") => text.green().bold().to_string(),
        Some("free_with_conditions") => text.cyan().bold().to_string(),
        Some("authorisation_needed") => text.yellow().bold().to_string(),
        Some("prohibited") => text.red().bold().to_string(),
        _ => text.bold().to_string(),
    }
}
