//! What two versions of rules say differently, as it leaves the process.

use exeat_analyze::{Change, ChangeExample, Differences, UndecidedChange};
use exeat_hir::{Hir, ReadingId};
use exeat_model::Interval;
use serde::Serialize;

use super::{DigestLines, digest_lines};
use crate::explain::rule_lines;
use crate::{RuleLine, Rulebook, ShipmentDifference};

/// The schema of [`DifferenceDocument`].
pub const DIFFERENCE_SCHEMA: &str = "exeat.difference/1";

/// What two versions say differently: `exeat.difference/1`.
#[derive(Clone, Debug, Serialize)]
pub struct DifferenceDocument {
    /// `exeat.difference/1`.
    pub schema: &'static str,
    /// The old version, as it was asked for.
    pub old: String,
    /// The new version, as it was asked for.
    pub new: String,
    /// The rule files that were left out of both, by their paths in the project: they do not check in one version, or
    /// need what does not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<String>,
    /// Over how many stretches of days both were compared.
    pub stretches: usize,
    /// The classes of transactions that change, by decision.
    pub changes: Vec<ChangeLine>,
    /// Decisions for which it is proved that no transaction changes that both versions determine.
    pub same: Vec<String>,
    /// What was not decided within the budget.
    pub undecided: Vec<UndecidedChangeLine>,
    /// Decisions that only the new version has.
    pub added: Vec<String>,
    /// Decisions that only the old version has.
    pub removed: Vec<String>,
    /// Rules whose text is another one, and rules that only one version has.
    pub rules: Vec<RuleChangeLine>,
    /// Real shipments for which the versions do not say the same.
    pub shipments: Vec<ShipmentLine>,
    /// How many real shipments were asked of both.
    pub shipments_asked: usize,
    /// Of which texts the old version is made.
    pub old_digests: DigestLines,
    /// Of which texts the new version is made.
    pub new_digests: DigestLines,
}

/// A class of transactions that changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChangeLine {
    /// The full name of the decision.
    pub decision: String,
    /// Its title.
    pub title: Option<String>,
    /// `loosened`, `tightened`, `newly_undetermined`, `newly_determined` or `different`.
    pub direction: &'static str,
    /// What it came to.
    pub before: String,
    /// What it comes to.
    pub after: String,
    /// Kinds of transactions of the class in the facts' own words, each with one condition an entry.
    pub regions: Vec<Vec<String>>,
    /// Whether the class has transactions that these do not name.
    pub more: bool,
    /// The days on which it is so.
    pub days: Vec<String>,
    /// A transaction of the class, confirmed by the reference.
    pub example: ChangeExampleLine,
}

/// A transaction with what both versions say of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChangeExampleLine {
    /// The day.
    pub as_of: String,
    /// The choices of readings that it needs, as `enforcement.as_written`.
    pub readings: Vec<String>,
    /// The facts, as `destination = CN`.
    pub facts: Vec<String>,
    /// The rules that determined the old outcome.
    pub before: Vec<RuleLine>,
    /// The rules that determine the new one.
    pub after: Vec<RuleLine>,
}

/// A question that was not decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UndecidedChangeLine {
    /// The full name of the decision.
    pub decision: String,
    /// What it came to and what it would come to; nothing where it is all of the decision.
    pub before: Option<String>,
    /// The other one.
    pub after: Option<String>,
    /// On which days.
    pub days: Vec<String>,
    /// The limit that was reached.
    pub within: String,
}

impl UndecidedChangeLine {
    /// The question, and the limit that was reached.
    pub fn in_words(&self) -> String {
        let what = match (&self.before, &self.after) {
            (Some(before), Some(after)) => format!(": whether {before} becomes {after}"),
            _ => String::new(),
        };
        let (days, within) = (self.days.join(", "), &self.within);
        format!("{}{what}, {days}: not decided within {within}", self.decision)
    }
}

impl ChangeExampleLine {
    /// The day, the readings and the facts in one line.
    pub fn in_words(&self) -> String {
        let mut facts = vec![format!("as of {}", self.as_of)];
        facts.extend(self.readings.iter().map(|reading| format!("reading {reading}")));
        facts.extend(self.facts.iter().cloned());
        facts.join(", ")
    }
}

/// A rule whose text changed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct RuleChangeLine {
    /// Its full name.
    pub rule: String,
    /// `added`, `removed` or `changed`.
    pub what: &'static str,
}

/// A real shipment of which the versions do not say the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShipmentLine {
    /// Where it comes from: a file, or a line of one.
    pub name: String,
    /// How it is called.
    pub id: Option<String>,
    /// The decisions that come to something else.
    pub decisions: Vec<ShipmentDecisionLine>,
}

/// A decision that comes to something else for a real shipment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShipmentDecisionLine {
    /// Its full name.
    pub decision: String,
    /// What it came to; nothing if the old version does not have it.
    pub before: Option<String>,
    /// What it comes to; nothing if the new version does not have it.
    pub after: Option<String>,
}

impl Rulebook {
    /// Differences as they leave the process; these are the new rules.
    pub fn difference_document(
        &self,
        old: &Rulebook,
        (old_name, new_name): (String, String),
        found: &Differences,
        budget: &exeat_analyze::Budget,
    ) -> DifferenceDocument {
        DifferenceDocument {
            schema: DIFFERENCE_SCHEMA,
            old: old_name,
            new: new_name,
            left_out: Vec::new(),
            stretches: found.stretches,
            changes: found.changes.iter().map(|change| self.change_line(old, change)).collect(),
            same: found.same.clone(),
            undecided: found.undecided.iter().map(|one| undecided_line(one, budget)).collect(),
            added: found.added.clone(),
            removed: found.removed.clone(),
            rules: self.rule_changes(old),
            shipments: Vec::new(),
            shipments_asked: 0,
            old_digests: digest_lines(old.digests()),
            new_digests: digest_lines(self.digests()),
        }
    }

    /// A real shipment as it leaves the process; none if both say the same of it.
    pub fn shipment_line(
        &self,
        old: &Rulebook,
        name: String,
        id: Option<String>,
        difference: &ShipmentDifference,
    ) -> Option<ShipmentLine> {
        let decisions: Vec<ShipmentDecisionLine> = difference
            .decisions
            .iter()
            .map(|(decision, before, after)| ShipmentDecisionLine {
                decision: decision.clone(),
                before: before.as_ref().map(|trace| old.describe_with_possible(trace)),
                after: after.as_ref().map(|trace| self.describe_with_possible(trace)),
            })
            .collect();
        (!decisions.is_empty()).then_some(ShipmentLine { name, id, decisions })
    }

    fn change_line(&self, old: &Rulebook, change: &Change) -> ChangeLine {
        let decision = self.hir().decisions.get(change.ids.1);
        ChangeLine {
            decision: change.decision.clone(),
            title: decision.and_then(|decision| decision.title.clone()),
            direction: change.direction.name(),
            before: change.before.clone(),
            after: change.after.clone(),
            regions: change.regions.clone(),
            more: change.more,
            days: change.days.iter().map(days_in_words).collect(),
            example: self.example_line(old, &change.example),
        }
    }

    fn example_line(&self, old: &Rulebook, example: &ChangeExample) -> ChangeExampleLine {
        let hir = self.hir();
        ChangeExampleLine {
            as_of: example.as_of.to_string(),
            readings: example
                .witness
                .readings
                .iter()
                .filter(|(reading, choice)| !is_default(hir, reading, choice))
                .map(|(reading, choice)| format!("{reading}.{choice}"))
                .collect(),
            facts: example.facts.clone(),
            before: rule_lines(old.hir(), &example.before.because),
            after: rule_lines(hir, &example.after.because),
        }
    }

    /// Rules by their full names: which are new, gone or written otherwise. White space does not count.
    fn rule_changes(&self, old: &Rulebook) -> Vec<RuleChangeLine> {
        let texts = |rules: &Rulebook| -> std::collections::BTreeMap<String, String> {
            let hir = rules.hir();
            let named = hir.rules.values().map(|rule| {
                (hir.full_name(rule.module, &rule.name), rules.line_of_text(rule.whole))
            });
            named.collect()
        };
        let (before, after) = (texts(old), texts(self));
        let mut changes = Vec::new();
        for (rule, text) in &after {
            let what = match before.get(rule) {
                None => "added",
                Some(other) if other != text => "changed",
                Some(_) => continue,
            };
            changes.push(RuleChangeLine { rule: rule.clone(), what });
        }
        let removed = before.keys().filter(|rule| !after.contains_key(*rule));
        changes.extend(removed.map(|rule| RuleChangeLine { rule: rule.clone(), what: "removed" }));
        changes.sort();
        changes
    }
}

fn is_default(hir: &Hir, name: &str, choice: &str) -> bool {
    let found: Option<(ReadingId, _)> = hir
        .readings
        .iter()
        .find(|(_, reading)| hir.full_name(reading.module, &reading.name) == name);
    found.is_some_and(|(_, reading)| {
        let default = reading.default.and_then(|at| reading.choices.get(at));
        default.is_some_and(|default| default.name == choice)
    })
}

fn undecided_line(one: &UndecidedChange, budget: &exeat_analyze::Budget) -> UndecidedChangeLine {
    let (before, after) = match &one.outcomes {
        Some((before, after)) => (Some(before.clone()), Some(after.clone())),
        None => (None, None),
    };
    UndecidedChangeLine {
        decision: one.decision.clone(),
        before,
        after,
        days: one.days.iter().map(days_in_words).collect(),
        within: one.gave.limit(budget),
    }
}

/// Days in words: `from 2025-05-15 through 2026-01-01`.
fn days_in_words(days: &Interval) -> String {
    let last = days.until.and_then(|until| until.yesterday().ok());
    match (days.from, last) {
        (None, None) => "on all days".to_owned(),
        (Some(from), None) => format!("from {from}"),
        (None, Some(last)) => format!("through {last}"),
        (Some(from), Some(last)) if from == last => format!("on {from}"),
        (Some(from), Some(last)) => format!("from {from} through {last}"),
    }
}
