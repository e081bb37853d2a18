//! Findings as diagnostics: what is so, where it stands, for which transactions, and what to do.

use exeat_diagnostics::{Diagnostic, Severity, Span, codes};
use exeat_eval::{describe_possible, describe_value};
use exeat_hir::{DecisionId, Determination, Hir, RuleId, Ty};
use exeat_model::Interval;

use super::{Example, Finding, FindingKind, Subject, Undecided};
use crate::budget::Budget;

impl Subject {
    /// Where it stands.
    pub fn spans(&self, hir: &Hir) -> Vec<Span> {
        match self {
            Self::Rules(rules) => {
                rules.iter().filter_map(|id| Some(hir.rules.get(*id)?.span)).collect()
            }
            Self::NotModelled(id) => {
                hir.not_modelled.get(*id).map(|one| one.span).into_iter().collect()
            }
            Self::Fact(id, _) => hir.facts.get(*id).map(|one| one.span).into_iter().collect(),
            Self::Reading(id) => hir.readings.get(*id).map(|one| one.span).into_iter().collect(),
            Self::Assertion(id) => {
                hir.assertions.get(*id).map(|one| one.span).into_iter().collect()
            }
            Self::Acceptance(span, _) => vec![*span],
        }
    }

    /// What it is called.
    pub fn name(&self, hir: &Hir) -> String {
        match self {
            Self::Rules(rules) => {
                let names: Vec<String> =
                    rules.iter().map(|id| format!("`{}`", rule_name(hir, *id))).collect();
                names.join(" and ")
            }
            Self::NotModelled(id) => named(hir.not_modelled.get(*id).map(|one| one.name.as_str())),
            Self::Fact(_, path) => named(Some(path)),
            Self::Reading(id) => named(hir.readings.get(*id).map(|one| one.name.as_str())),
            Self::Assertion(id) => named(hir.assertions.get(*id).map(|one| one.name.as_str())),
            Self::Acceptance(_, code) => named(Some(code)),
        }
    }
}

fn named(name: Option<&str>) -> String {
    format!("`{}`", name.unwrap_or_default())
}

fn rule_name(hir: &Hir, id: RuleId) -> &str {
    hir.rules.get(id).map_or("", |rule| rule.name.as_str())
}

fn decision_name(hir: &Hir, id: Option<DecisionId>) -> &str {
    id.and_then(|id| hir.decisions.get(id)).map_or("the decision", |one| one.name.as_str())
}

impl Finding {
    /// As a problem to be shown.
    pub fn diagnostic(&self, hir: &Hir) -> Diagnostic {
        let name = self.subject.name(hir);
        let decision = decision_name(hir, self.decision);
        let (message, labels, help) = match self.kind {
            FindingKind::NeverApplies => (
                format!("{name} can never apply: its conditions exclude each other"),
                ["there is no such transaction", ""],
                "Mend the condition that is too strict, or take the rule out.",
            ),
            FindingKind::NothingToExcept => (
                format!("the exception {name} never finds anything to except"),
                ["no rule that it is an exception to applies there", ""],
                "Is it an exception to the right rule? One of the two conditions does not fit the other.",
            ),
            FindingKind::AlwaysDefeated => (
                format!("{name} never holds: wherever it applies, it is defeated"),
                ["defeated wherever it applies", ""],
                "Narrow the exception that swallows it, or take the rule out.",
            ),
            FindingKind::Conflict => (
                format!("{name} say different things of `{decision}` for the same transaction"),
                ["says one thing", "says another"],
                "Say which is an exception to the other, or make the conditions exclude each other.",
            ),
            FindingKind::Gap => (
                format!(
                    "{name} does not hold: nothing but `otherwise` speaks for some transactions"
                ),
                ["claimed to be covered", ""],
                "Add the rule that is missing, or narrow the claim.",
            ),
            FindingKind::ThresholdHole => (
                format!("between {name} no rule speaks for `{decision}`"),
                ["ends here", "begins after it"],
                "Should one of the ends belong to its band (`<=` for `<`), or be another number?",
            ),
            FindingKind::ThresholdOverlap => (
                format!("{name} overlap, and say different things of `{decision}` there"),
                ["ends after the other begins", "begins here"],
                "Should one of the ends not belong to its band (`<` for `<=`), or be another number?",
            ),
            FindingKind::DateHole => (
                format!("between {name} there are days on which no rule speaks for `{decision}`"),
                ["ends before the other begins", "begins after that"],
                "Should the later one begin earlier, or the earlier one end later?",
            ),
            FindingKind::FactNeverMatters => (
                format!("{name} is asked for and never matters: no outcome depends on it"),
                ["changes nothing", ""],
                "Is a condition missing that it was meant for? Else take it out of the conditions.",
            ),
            FindingKind::ReadingNeverDiffers => (
                format!("the choices of the reading {name} never differ: no outcome depends on it"),
                ["changes nothing", ""],
                "Is a rule missing under one of its choices? Else take it out.",
            ),
            FindingKind::AssertionRefuted => (
                format!("the assertion {name} does not hold"),
                ["this is refuted", ""],
                "Mend the rules, or narrow the claim.",
            ),
            FindingKind::StaleAcceptance => (
                format!("there is no finding {name} to be accepted here"),
                ["nothing to accept, or its time is over", ""],
                "Take the acceptance out, or look at the finding anew if its time is over.",
            ),
        };
        let severity = match self.kind {
            FindingKind::AssertionRefuted | FindingKind::Gap => Severity::Error,
            _ => Severity::Warning,
        };
        let mut diagnostic = Diagnostic::unplaced(self.kind.code(), severity, message);
        for (span, text) in self.subject.spans(hir).into_iter().zip(labels) {
            diagnostic = diagnostic.with_label(span, text);
        }
        for note in self.notes(hir) {
            diagnostic = diagnostic.with_note(note);
        }
        diagnostic.with_help(help)
    }

    fn notes(&self, hir: &Hir) -> Vec<String> {
        let mut notes = Vec::new();
        if !self.region.is_empty() {
            let joined = self.region.join("; ");
            notes.push(match self.kind {
                FindingKind::NeverApplies => format!("These exclude each other: {joined}."),
                _ => format!("It is so where {}.", self.region.join(" and ")),
            });
        }
        let days: Vec<String> = self
            .days
            .iter()
            .filter(|days| **days != Interval::ALWAYS)
            .map(ToString::to_string)
            .collect();
        if !days.is_empty() {
            notes.push(format!("It is so {}.", days.join(", ")));
        }
        if let Some(example) = &self.example {
            let near = match self.kind {
                FindingKind::NeverApplies => "What comes nearest",
                _ => "Example",
            };
            notes.push(format!("{near}: {}.", example.describe(hir).join(", ")));
            let outcomes = example.describe_outcomes(hir, self.decision);
            if !outcomes.is_empty() {
                notes.push(format!("There {}.", outcomes.join(", ")));
            }
        }
        notes
    }
}

impl Example {
    /// What decisions come to, in words: that one, or all that are determined.
    pub fn describe_outcomes(&self, hir: &Hir, only: Option<DecisionId>) -> Vec<String> {
        let wanted = |id: &DecisionId| only.is_none_or(|only| only == *id);
        let outcomes = self.outcomes.iter().filter(|(id, _)| wanted(id));
        outcomes
            .filter_map(|(id, determination)| {
                let decision = hir.decisions.get(*id)?;
                let text = match determination {
                    Determination::Value(value) => describe_value(hir, value, &decision.ty),
                    Determination::NotNeeded | Determination::Undetermined(_) if only.is_none() => {
                        return None;
                    }
                    Determination::NotNeeded => "not needed".to_owned(),
                    Determination::Undetermined(why) => {
                        let possible: Vec<String> = why
                            .possible
                            .iter()
                            .map(|one| describe_possible(hir, one, &decision.ty))
                            .collect();
                        format!("undetermined ({})", possible.join(" or "))
                    }
                };
                Some(format!("`{}` is {text}", decision.name))
            })
            .collect()
    }

    /// The type of a fact that it gives.
    pub fn ty(&self, path: &str) -> Option<&Ty> {
        self.facts.iter().find(|(known, ..)| known == path).map(|(_, _, ty)| ty)
    }
}

impl Undecided {
    /// As something to be shown.
    pub fn diagnostic(&self, hir: &Hir, budget: &Budget) -> Diagnostic {
        let question = match self.kind {
            FindingKind::NeverApplies => "whether it can apply",
            FindingKind::NothingToExcept => "whether it ever finds anything to except",
            FindingKind::AlwaysDefeated => "whether it ever holds",
            FindingKind::Conflict => "whether they conflict",
            FindingKind::Gap => "whether all is covered",
            FindingKind::ThresholdHole => "whether there is a hole between them",
            FindingKind::ThresholdOverlap => "whether they overlap",
            FindingKind::DateHole => "whether there are days between them",
            FindingKind::FactNeverMatters => "whether it matters",
            FindingKind::ReadingNeverDiffers => "whether its choices differ",
            FindingKind::AssertionRefuted => "whether it holds",
            FindingKind::StaleAcceptance => "whether it is needed",
        };
        let limit = self.gave.limit(budget);
        let name = match &self.subject {
            Subject::Rules(rules) if rules.is_empty() => {
                format!("all about `{}`", decision_name(hir, self.decision))
            }
            subject => format!("{question}: {}", subject.name(hir)),
        };
        let severity = match self.kind {
            FindingKind::AssertionRefuted | FindingKind::Gap => Severity::Warning,
            _ => Severity::Note,
        };
        let message = format!("not decided within {limit}: {name}");
        let mut diagnostic = Diagnostic::unplaced(codes::NOT_DECIDED, severity, message);
        for span in self.subject.spans(hir) {
            diagnostic = diagnostic.with_label(span, "not decided");
        }
        let days: Vec<String> = self
            .days
            .iter()
            .filter(|days| **days != Interval::ALWAYS)
            .map(ToString::to_string)
            .collect();
        if !days.is_empty() {
            diagnostic = diagnostic.with_note(format!("For the days {}.", days.join(", ")));
        }
        diagnostic
    }
}
