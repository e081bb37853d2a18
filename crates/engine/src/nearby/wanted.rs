//! Outcomes by the names that people give them.

use std::collections::{BTreeMap, BTreeSet};

use exeat_analyze::Wanted;
use exeat_diagnostics::{Diagnostic, Severity, codes, suggestion};
use exeat_eval::{Evaluated, describe_value, evaluate_alone};
use exeat_hir::{Combine, Decision, DecisionId, Determination, Ty};
use exeat_model::{Outcome, Value};

use crate::names::listed;
use crate::{Concern, Decided, Question, Rulebook};

const NOT_NEEDED: &str = "not needed";

impl Rulebook {
    /// The outcome that a text names, as `license_exception (LPP)`, `LPP` or `us.ear.license is
    /// no_license_required`, and the decision that is meant.
    ///
    /// # Errors
    /// If there is no such outcome, or it could be one of several decisions.
    pub fn find_wanted(
        &self,
        text: &str,
        question: &Question,
        decided: &Decided,
    ) -> Result<(DecisionId, Wanted), Diagnostic> {
        if let Some((decision, outcome)) = text.split_once(" is ") {
            let id = self.find_decision(decision.trim())?;
            let known = self.outcomes_of(question, id);
            return match find(&known, outcome) {
                Some(wanted) => Ok((id, wanted)),
                None => Err(self.no_outcome(outcome, &[(id, known)])),
            };
        }
        let asked = |id: &DecisionId| question.only.is_empty() || question.only.contains(id);
        let all: Vec<(DecisionId, BTreeMap<String, Wanted>)> = self
            .hir()
            .decisions
            .iter()
            .map(|(id, _)| id)
            .filter(asked)
            .map(|id| (id, self.outcomes_of(question, id)))
            .collect();
        let having: Vec<(DecisionId, Wanted)> =
            all.iter().filter_map(|(id, known)| Some((*id, find(known, text)?))).collect();
        let narrowed = |keep: &dyn Fn(&DecisionId) -> bool| -> Vec<&(DecisionId, Wanted)> {
            having.iter().filter(|(id, _)| keep(id)).collect()
        };
        // Of several, the ones that are looked at here are meant.
        let concerned = |id: &DecisionId| {
            !decided
                .jurisdictions
                .iter()
                .any(|one| one.concern == Concern::NotConcerned && one.decisions.contains(id))
        };
        let needed = |id: &DecisionId| {
            let mut traces = decided.traces.iter();
            concerned(id)
                && !traces.any(|trace| {
                    trace.decision == *id && trace.determination == Determination::NotNeeded
                })
        };
        for meant in [narrowed(&|_| true), narrowed(&concerned), narrowed(&needed)] {
            if let [(id, wanted)] = meant.as_slice() {
                return Ok((*id, wanted.clone()));
            }
        }
        if having.is_empty() {
            return Err(self.no_outcome(text, &all));
        }
        let names: Vec<String> =
            having.iter().filter_map(|(id, _)| self.decision_name(*id)).collect();
        let shown: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        let message =
            format!("`{}` is an outcome of several decisions: {}", text.trim(), shown.join(", "));
        let example = names.first().map_or("", String::as_str);
        Err(Diagnostic::unplaced(codes::AMBIGUOUS_NAME, Severity::Error, message)
            .with_help(format!("Say which one is meant, as `{example} is {}`.", text.trim())))
    }

    /// All names under which outcomes can be asked for.
    pub fn outcome_names(&self, question: &Question) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for (id, _) in self.hir().decisions.iter() {
            names.extend(self.outcomes_of(question, id).into_keys());
        }
        names.sort();
        names.dedup();
        names
    }

    fn decision_name(&self, id: DecisionId) -> Option<String> {
        let decision = self.hir().decisions.get(id)?;
        Some(self.hir().full_name(decision.module, &decision.name))
    }

    /// What a decision can come to, as far as its type and its rules say it, by how it is written.
    fn outcomes_of(&self, question: &Question, id: DecisionId) -> BTreeMap<String, Wanted> {
        let hir = self.hir();
        let mut found = BTreeMap::new();
        let Some(decision) = hir.decisions.get(id) else { return found };
        let mut add = |value: Value| {
            found.insert(describe_value(hir, &value, &decision.ty), Wanted::Outcome(value));
        };
        for value in self.declared_outcomes(decision) {
            add(value);
        }
        let conclusions = hir.rules.values().flat_map(|rule| &rule.conclusions);
        for conclusion in conclusions.filter(|conclusion| conclusion.decision == id) {
            let value = &conclusion.value;
            let worth = evaluate_alone(hir, self.functions(), &question.request(), value);
            match worth {
                Evaluated::Known(Value::Outcome(outcome)) => {
                    for label in &outcome.labels {
                        let labels = [label.clone()].into_iter().collect();
                        add(Value::Outcome(Outcome { labels, ..outcome.clone() }));
                    }
                }
                Evaluated::Known(value) => add(value),
                Evaluated::Unknown { .. } => {}
            }
        }
        if let Some(otherwise) = decision.otherwise.clone() {
            add(otherwise);
        }
        if decision.combine == Combine::Collect {
            found.insert(
                "nothing".to_owned(),
                Wanted::Outcome(Value::Set(std::sync::Arc::default())),
            );
        }
        if decision.needed_when.is_some() {
            found.insert(NOT_NEEDED.to_owned(), Wanted::NotNeeded);
        }
        found
    }

    fn declared_outcomes(&self, decision: &Decision) -> Vec<Value> {
        let hir = self.hir();
        match &decision.ty {
            Ty::YesNo => vec![Value::YesNo(true), Value::YesNo(false)],
            Ty::Enum(id) => {
                let values = hir.enums.get(*id).map_or(&[][..], |one| &one.values);
                values.iter().map(|value| Value::Symbol(value.name.clone())).collect()
            }
            Ty::Outcome(id) => {
                let places = hir.scales.get(*id).map_or(&[][..], |scale| &scale.outcomes);
                let outcome = |(rank, place): (u32, &exeat_hir::ScaleOutcome)| {
                    let labels = BTreeSet::default();
                    Value::Outcome(Outcome { rank, name: place.name.clone(), labels })
                };
                (0_u32..).zip(places).map(outcome).collect()
            }
            _ => Vec::new(),
        }
    }

    fn no_outcome(
        &self,
        text: &str,
        known: &[(DecisionId, BTreeMap<String, Wanted>)],
    ) -> Diagnostic {
        let text = text.trim();
        let message = match known {
            [(id, _)] => {
                let name = self.decision_name(*id).unwrap_or_default();
                format!("`{name}` never comes to `{text}`")
            }
            _ => format!("no decision has an outcome `{text}`"),
        };
        let names: Vec<&str> =
            known.iter().flat_map(|(_, names)| names.keys().map(String::as_str)).collect();
        let help = suggestion(text, names.iter().copied()).unwrap_or_else(|| {
            // Outcomes of scales are what is nearly always meant.
            let mut scales: Vec<&str> = known
                .iter()
                .flat_map(|(_, names)| names)
                .filter(|(_, wanted)| matches!(wanted, Wanted::Outcome(Value::Outcome(_))))
                .map(|(name, _)| name.as_str())
                .collect();
            scales.sort_unstable();
            scales.dedup();
            listed("outcome", if scales.is_empty() { &names } else { &scales })
        });
        Diagnostic::unplaced(codes::UNKNOWN_OUTCOME, Severity::Error, message).with_help(help)
    }
}

/// An outcome by its text, or by a label alone if only one has it.
fn find(known: &BTreeMap<String, Wanted>, text: &str) -> Option<Wanted> {
    let asked = folded(text);
    let by_text = known.iter().find(|(name, _)| folded(name) == asked);
    if let Some((_, wanted)) = by_text {
        return Some(wanted.clone());
    }
    let labelled = |wanted: &&Wanted| match wanted {
        Wanted::Outcome(Value::Outcome(outcome)) => {
            outcome.labels.iter().any(|label| folded(label) == asked)
        }
        _ => false,
    };
    let by_label: Vec<&Wanted> = known.values().filter(labelled).collect();
    match by_label.as_slice() {
        [one] => Some((*one).clone()),
        _ => None,
    }
}

/// Without cases, spaces and brackets.
fn folded(text: &str) -> String {
    let kept = text.chars().filter(|c| c.is_alphanumeric() || *c == '.');
    kept.flat_map(char::to_lowercase).collect()
}
