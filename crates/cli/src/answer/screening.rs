//! Screened shipments: a line each with what it means, and below it what the decisions come to.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use exeat_engine::Standing;
use exeat_engine::wire::{ScreenedDecision, ScreeningLine};
use owo_colors::OwoColorize as _;

use super::{painted, short};

/// How many missing facts are named in a line.
const MOST_MISSING: usize = 4;

/// How many shipments came to what.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    effects: BTreeMap<&'static str, usize>,
    without_effect: usize,
    /// Those of which a decision is undetermined.
    pub(crate) undetermined: usize,
    /// Lines that could not be read.
    pub(crate) unreadable: usize,
}

impl Counts {
    /// Counts a shipment.
    pub(crate) fn add(&mut self, shipment: &ScreeningLine) {
        let open = |one: &ScreenedDecision| one.standing == Standing::Undetermined;
        let count = if shipment.decisions.iter().any(open) {
            &mut self.undetermined
        } else {
            match shipment.effect {
                Some(effect) => self.effects.entry(effect).or_default(),
                None => &mut self.without_effect,
            }
        };
        *count = count.saturating_add(1);
    }
}

/// One shipment.
pub(crate) fn text(shipment: &ScreeningLine) -> String {
    let mut text = String::new();
    let name = shipment.id.clone().unwrap_or_else(|| format!("line {}", shipment.line));
    let effect =
        shipment.effect.map(|effect| format!("  {}", painted(&in_words(effect), Some(effect))));
    let _ =
        writeln!(text, "{}  as of {}{}", name.bold(), shipment.as_of, effect.unwrap_or_default());
    let no_scale = shipment.effect.is_none();
    for decision in shipment.decisions.iter().filter(|one| no_scale || is_shown(one)) {
        let title = decision.title.clone().unwrap_or_else(|| decision.decision.clone());
        let _ = writeln!(text, "  {title}: {}", painted(&decision.outcome, decision.effect));
        for rule in &decision.because {
            let _ = writeln!(text, "    by {rule}");
        }
        if decision.standing == Standing::Undetermined {
            still_open(&mut text, decision);
        }
        for duty in &decision.duties {
            let _ = writeln!(text, "    to do: {duty}");
        }
    }
    for assumption in &shipment.violated_assumptions {
        let _ = writeln!(
            text,
            "  the facts contradict what is taken for granted: {} ({})",
            assumption.text, assumption.because
        );
    }
    text
}

/// What means something for the shipment, or is open.
fn is_shown(decision: &ScreenedDecision) -> bool {
    decision.effect.is_some()
        || decision.standing == Standing::Undetermined
        || !decision.because.is_empty() && !decision.duties.is_empty()
}

fn still_open(text: &mut String, decision: &ScreenedDecision) {
    if !decision.missing.is_empty() {
        let named: Vec<&str> =
            decision.missing.iter().take(MOST_MISSING).map(String::as_str).collect();
        let left = decision.missing.len().saturating_sub(named.len());
        let more = if left > 0 { format!(" and {left} more") } else { String::new() };
        let _ = writeln!(text, "    missing: {}{more}", named.join(", "));
    }
    for gap in &decision.not_modelled {
        let _ = writeln!(text, "    not modelled: {}", short(gap));
    }
}

/// How many there were of what.
pub(crate) fn summary(counts: &Counts) -> String {
    let mut parts: Vec<(usize, String)> =
        counts.effects.iter().map(|(effect, count)| (*count, in_words(effect))).collect();
    parts.push((counts.without_effect, "without an outcome".to_owned()));
    parts.push((counts.undetermined, "undetermined".to_owned()));
    parts.push((counts.unreadable, "not readable".to_owned()));
    let total = parts.iter().map(|(count, _)| count).sum::<usize>();
    let named: Vec<String> = parts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    let shipments = if total == 1 { "shipment" } else { "shipments" };
    if named.is_empty() {
        "no shipments\n".to_owned()
    } else {
        format!("\n{total} {shipments}: {}\n", named.join(", "))
    }
}

fn in_words(effect: &str) -> String {
    effect.replace('_', " ")
}
