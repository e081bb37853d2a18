//! Why a decision came out as it did, as plain data: what the command line prints and JSON holds.

mod condition;
mod figures;
mod report;

pub(crate) use condition::text_on_one_line;
pub(crate) use report::{Considerer, missing_line, rule_line, rule_lines};

use serde::Serialize;

/// A decision and all that can be said of how it came about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DecisionReport {
    /// Its full name, as `us.ear.license`.
    pub decision: String,
    /// Its title.
    pub title: Option<String>,
    /// Whether it is determined.
    pub standing: Standing,
    /// The outcome, if it is determined.
    pub outcome: Option<OutcomeLine>,
    /// What the outcome means for the shipment: `free`, `free_with_conditions`,
    /// `authorisation_needed` or `prohibited`; nothing if its scale does not say.
    pub effect: Option<String>,
    /// Why it is undetermined: `missing facts`, `conflict`, `not modelled`, `error`.
    pub undetermined_because: Vec<String>,
    /// The rules that determined it.
    pub reasons: Vec<RuleLine>,
    /// Set if no rule applies: where the outcome of that case is laid down.
    pub otherwise: Option<Vec<String>>,
    /// The other rules and exceptions that were looked at, and why they did not determine it.
    pub considered: Vec<Considered>,
    /// Facts that could settle it, the most decisive first.
    pub missing: Vec<MissingLine>,
    /// What it could still be, from the least to the most strict.
    pub possible: Vec<String>,
    /// Rules that hold and disagree; about a decision that it reads too.
    pub conflict: Vec<RuleLine>,
    /// What it touches, or may touch, that is not modelled.
    pub not_modelled: Vec<Considered>,
    /// Errors that leave it open, in plain words.
    pub errors: Vec<String>,
    /// What has to be done.
    pub duties: Vec<DutyLine>,
    /// Computed figures that stand in the conditions that were looked at.
    pub figures: Vec<Figure>,
    /// With all detail asked for: every rule with its whole condition.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tree: Vec<RuleTree>,
}

/// Whether a decision is determined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It has an outcome.
    Determined,
    /// It is not needed here.
    NotNeeded,
    /// It has none, and why is said.
    Undetermined,
}

/// An outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OutcomeLine {
    /// As the language writes it, as `license_exception (LPP)`.
    pub text: String,
    /// The place on the scale, or the value, as `license_exception`.
    pub name: String,
    /// What that is, in words.
    pub title: Option<String>,
    /// The labels, as `LPP`.
    pub labels: Vec<String>,
}

/// A rule or exception.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleLine {
    /// Its full name.
    pub rule: String,
    /// Its title.
    pub title: Option<String>,
    /// Where it is laid down.
    pub cites: Vec<String>,
}

impl RuleLine {
    /// Its title, or its name if it has none, with its citations.
    pub fn in_words(&self) -> String {
        let title = self.title.as_ref().unwrap_or(&self.rule);
        if self.cites.is_empty() {
            title.clone()
        } else {
            format!("{title}  [{}]", self.cites.join("; "))
        }
    }
}

/// A rule that was looked at and did not determine the outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Considered {
    /// The rule.
    #[serde(flatten)]
    pub rule: RuleLine,
    /// `rule`, `exception` or `not_modelled`.
    pub kind: &'static str,
    /// `holds`, `defeated`, `condition_false`, `nothing_to_except`, `not_in_force`, `other_reading`, `proposal`, `open`;
    /// of what is not modelled `touched`, `may_be_touched` or `not_touched`.
    pub status: &'static str,
    /// The rules that it is an exception to, by their full names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exception_to: Vec<String>,
    /// Whether it bears on the outcome: it is open, it defeats something, or it is an exception to a
    /// rule that determined the outcome, or to such an exception.
    pub bears: bool,
    /// The exceptions that defeat it, by their full names.
    pub defeated_by: Vec<String>,
    /// Of what is not modelled: the decisions that it leaves open, by their full names, if this one is
    /// open only because it reads them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub through: Vec<String>,
    /// Its value for this decision.
    pub value: Option<String>,
    /// The conditions that make it so.
    pub why: Vec<FailedCondition>,
}

/// A condition that made a rule fail or left it open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FailedCondition {
    /// Its text in the rule, on one line.
    pub text: String,
    /// `true`, `false` or `unknown`.
    pub truth: &'static str,
    /// Its values, as `40_000_000 TPP > 26_900_000 TPP`; or what it stands for.
    pub detail: Option<String>,
    /// The facts that leave it unknown.
    pub missing: Vec<String>,
    /// Errors that leave it unknown.
    pub errors: Vec<String>,
    /// Rules that disagree about a decision that it reads, and so leave it unknown.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conflict: Vec<RuleLine>,
    /// What is not modelled and leaves it unknown.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_modelled: Vec<RuleLine>,
    /// For a named condition or one over a list: what in it made it so.
    pub because: Vec<FailedCondition>,
}

/// A condition with its truth and all that it was made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConditionLine {
    /// `all`, `any_of`, `not`, `named`, `elements` or `test`.
    pub kind: &'static str,
    /// Its text in the rule, on one line; for an element of a list what it is called.
    pub text: String,
    /// `true`, `false` or `unknown`.
    pub truth: &'static str,
    /// Its values, or what it stands for.
    pub detail: Option<String>,
    /// What it was made from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<ConditionLine>,
}

/// A rule with its whole condition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleTree {
    /// The rule.
    #[serde(flatten)]
    pub rule: RuleLine,
    /// How it fared, in the words of [`Considered::status`].
    pub status: &'static str,
    /// Its condition; none if it has none or was not looked at.
    pub condition: Option<ConditionLine>,
}

/// A fact that could settle a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MissingLine {
    /// Its path, as `consignee.headquarters`.
    pub path: String,
    /// The question to ask for it.
    pub ask: Option<String>,
    /// Its type, in words.
    #[serde(rename = "type")]
    pub ty: String,
    /// How many open rules need it.
    pub weight: usize,
}

/// Something to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DutyLine {
    /// What.
    pub text: String,
    /// By when, as `30 days`.
    pub within: Option<String>,
    /// From which event that runs.
    pub of: Option<String>,
    /// How long before an event at least, as `180 days`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_least: Option<String>,
    /// Before which event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// On which days of each year, as `02-01`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub each_year_on: Vec<String>,
    /// Where it is laid down.
    pub cites: Vec<String>,
}

impl DutyLine {
    /// When it falls due, in the words of the language: ` within 30 days of the export`. Begins with a space;
    /// nothing if the law does not say.
    pub fn due(&self) -> String {
        let mut parts = vec![String::new()];
        parts.extend(self.within.as_ref().map(|within| format!("within {within}")));
        parts.extend(self.of.as_ref().map(|of| format!("of {of}")));
        if let (Some(time), Some(event)) = (&self.at_least, &self.before) {
            parts.push(format!("at least {time} before {event}"));
        }
        if !self.each_year_on.is_empty() {
            parts.push(format!("each year on {}", self.each_year_on.join(", ")));
        }
        parts.join(" ")
    }
}

/// A computed figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Figure {
    /// The name of its define.
    pub name: String,
    /// Its title.
    pub title: Option<String>,
    /// Its value; none if it is not known.
    pub value: Option<String>,
    /// Where it is laid down.
    pub cites: Vec<String>,
}
