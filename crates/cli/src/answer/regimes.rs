//! An answer under several regimes: which take part, what each comes to, and the most restrictive.

use std::fmt::Write as _;

use exeat_engine::wire::{DecisionDocument, JurisdictionLine, ReadingLine, SummaryLine};
use exeat_engine::{Concern, DecisionReport, Standing};

use super::short;

/// How many undetermined decisions of a regime are named in its line.
const MOST_NAMED: usize = 3;

/// The decisions of a regime that takes part, or may.
pub(super) struct Part<'a> {
    pub(super) regime: &'a JurisdictionLine,
    pub(super) decisions: Vec<&'a DecisionReport>,
}

/// The regimes that take part with their decisions.
pub(super) fn parts(document: &DecisionDocument) -> Vec<Part<'_>> {
    document
        .jurisdictions
        .iter()
        .filter(|regime| takes_part(regime))
        .map(|regime| Part {
            regime,
            decisions: document
                .decisions
                .iter()
                .filter(|report| regime.decisions.contains(&report.decision))
                .collect(),
        })
        .collect()
}

/// The readings that were chosen, and those of which another choice would change the answer; of the regimes
/// that take part, and of rules without decisions.
pub(super) fn readings(document: &DecisionDocument) -> impl Iterator<Item = &ReadingLine> {
    let elsewhere = |reading: &str| {
        let regime = reading.split('.').next();
        let known = document.jurisdictions.iter();
        known.filter(|one| !takes_part(one)).any(|one| Some(one.regime.as_str()) == regime)
    };
    let changes = |reading: &str| document.other_readings.iter().any(|one| one.reading == reading);
    document
        .readings
        .iter()
        .filter(move |one| !one.default || changes(&one.reading))
        .filter(move |reading| !elsewhere(&reading.reading))
}

fn takes_part(regime: &JurisdictionLine) -> bool {
    regime.concern != Concern::NotConcerned
}

/// The titles of the regimes that do not take part.
pub(super) fn not_concerned(document: &DecisionDocument) -> Vec<&str> {
    let regimes = document.jurisdictions.iter().filter(|regime| !takes_part(regime));
    regimes.map(|regime| regime.title.as_str()).collect()
}

/// Whether nothing can be said of a regime but what has to be known first.
pub(super) fn only_asks(regime: &JurisdictionLine) -> bool {
    regime.concern == Concern::Open && !regime.missing.is_empty()
}

/// `authorisation needed`, `undetermined, at least free with conditions`.
pub(super) fn effect(effect: Option<&str>, at_least: Option<&str>) -> String {
    let words = effect.map_or_else(|| "says nothing of the shipment".to_owned(), spaced);
    match at_least {
        Some(least) if least != "free" => format!("{words}, at least {}", spaced(least)),
        _ => words,
    }
}

/// The same over all regimes, and which of them leave something open.
pub(super) fn overall(summary: &SummaryLine) -> String {
    let effect = effect(summary.effect, summary.at_least);
    let most = format!("{effect}, the most restrictive of {}", summary.of.len());
    match summary.open.as_slice() {
        [] => most,
        open => format!("{most}; something is open under {}", open.join(" and ")),
    }
}

/// The outcomes that say what is to be done with the shipment, and what is open.
pub(super) fn outcomes(part: &Part<'_>) -> String {
    if only_asks(part.regime) {
        return "not known whether it is concerned".to_owned();
    }
    let (mut words, mut open) = (Vec::new(), Vec::new());
    for report in &part.decisions {
        let title = report.title.as_deref().unwrap_or_else(|| short(&report.decision));
        match (report.standing, &report.outcome) {
            (Standing::Determined, Some(outcome)) if report.effect.is_some() => {
                words.push(format!("{title}: {}", outcome.text));
            }
            (Standing::Undetermined, _) => open.push(title),
            _ => {}
        }
    }
    if !open.is_empty() {
        let named = open.iter().take(MOST_NAMED).copied().collect::<Vec<_>>().join(", ");
        words.push(match open.len().saturating_sub(MOST_NAMED) {
            0 => format!("undetermined: {named}"),
            more => format!("undetermined: {named} and {more} more"),
        });
    }
    words.join("; ")
}

/// The summary as text, with a line for each regime.
pub(super) fn summary(text: &mut String, summary: &SummaryLine, parts: &[Part<'_>]) {
    let effects: Vec<String> =
        parts.iter().map(|part| effect(part.regime.effect, part.regime.at_least)).collect();
    let first = parts.iter().map(|part| part.regime.regime.len()).max().unwrap_or_default();
    let second = effects.iter().map(String::len).max().unwrap_or_default();
    let _ = writeln!(text, "\n{}: {}", super::strong("Summary"), overall(summary));
    for (part, effect) in parts.iter().zip(&effects) {
        let line = format!("  {:first$}  {effect:second$}  {}", part.regime.regime, outcomes(part));
        let _ = writeln!(text, "{}", line.trim_end());
    }
}

fn spaced(words: &str) -> String {
    words.replace('_', " ")
}
