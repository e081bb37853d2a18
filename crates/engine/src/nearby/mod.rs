//! Questions about one shipment beside what it comes to: which facts force that, why it is not something
//! else, which smallest change turns it, and what to ask next.

mod obstacles;
mod wanted;

use std::collections::BTreeSet;

use exeat_analyze::{Changes, Entry, Forced, Ground, Limits, NextQuestion, Wanted, Whole};
use exeat_diagnostics::{Diagnostic, Severity, codes};
use exeat_eval::{Evaluated, evaluate_alone};
use exeat_hir::{DecisionId, Ty};
use exeat_model::{Provider as _, Value};
use exeat_syntax::parse_expression;

use crate::{Concern, Decided, Question, Rulebook};

pub use obstacles::Obstacles;

/// How many facts are changed at most.
pub const MOST_CHANGED_FACTS: usize = 3;
/// How many changes are shown at most.
pub const MOST_CHANGES: usize = 8;
/// How many times the rules are run in search of changes. With all rules of this repository that is about
/// a second.
pub const MOST_RUNS: usize = 15_000;

/// A shipment that further questions are asked about.
pub struct Nearby<'a> {
    ground: Ground<'a>,
}

impl Rulebook {
    /// The shipment of a question, for further questions.
    ///
    /// # Errors
    /// If the rules of that day cannot be lowered.
    pub fn nearby<'a>(&'a self, question: &Question) -> Result<Nearby<'a>, Diagnostic> {
        let wholes = self.wholes(question);
        let request = question.request();
        let ground = Ground::new(self.program(), self.functions(), &request, wholes);
        let ground = ground.map_err(|unsupported| {
            let message = format!("these rules cannot be analysed: {}", unsupported.what);
            Diagnostic::unplaced(codes::NOT_DECIDED, Severity::Error, message)
        })?;
        Ok(Nearby { ground })
    }

    /// The facts that can be given by an entry of a catalogue.
    fn wholes(&self, question: &Question) -> Vec<Whole> {
        let hir = self.hir();
        let mut found = Vec::new();
        for fact in hir.facts.values().filter(|fact| matches!(fact.ty, Ty::Record(_))) {
            let entries = self.entries_for(question, &fact.ty);
            if !entries.is_empty() {
                found.push(Whole { path: fact.name.to_string(), entries });
            }
        }
        found
    }

    fn entries_for(&self, question: &Question, ty: &Ty) -> Vec<Entry> {
        for loaded in self.jurisdictions() {
            let known = loaded.description();
            for catalogue in &known.catalogues {
                let value = |key: &str| {
                    let name = format!("{}.{}(\"{key}\")", known.id, catalogue.name);
                    let value = self.value_of(question, &name, ty)?;
                    Some(Entry { name, value })
                };
                let mut keys = catalogue.entries.iter().map(|entry| entry.key.as_str());
                let Some(first) = keys.next().and_then(value) else { continue };
                return [first].into_iter().chain(keys.filter_map(value)).collect();
            }
        }
        Vec::new()
    }

    /// What a text of the language is worth as a value of a type, if it is one and reads no fact.
    fn value_of(&self, question: &Question, text: &str, ty: &Ty) -> Option<Value> {
        let expr = self.checked().check_value(&parse_expression(text, 0), ty).ok()?;
        match evaluate_alone(self.hir(), self.functions(), &question.request(), &expr) {
            Evaluated::Known(value) => Some(value),
            Evaluated::Unknown { .. } => None,
        }
    }

    /// The decisions that somebody means who names none: those that say what the shipment may do, of the
    /// regimes that are concerned, as far as they are needed. If there is none, all that are needed.
    pub fn telling_decisions(&self, decided: &Decided) -> Vec<DecisionId> {
        let concerned = |id: &DecisionId| {
            let mut regimes = decided.jurisdictions.iter();
            !regimes.any(|one| one.concern == Concern::NotConcerned && one.decisions.contains(id))
        };
        let needed: Vec<DecisionId> = decided
            .traces
            .iter()
            .filter(|trace| trace.determination != exeat_hir::Determination::NotNeeded)
            .map(|trace| trace.decision)
            .filter(concerned)
            .collect();
        let telling: Vec<DecisionId> =
            needed.iter().copied().filter(|id| self.has_effects(*id)).collect();
        if telling.is_empty() { needed } else { telling }
    }

    /// Whether the scale of a decision says what its outcomes mean for the shipment.
    fn has_effects(&self, id: DecisionId) -> bool {
        let hir = self.hir();
        let ty = hir.decisions.get(id).map(|decision| &decision.ty);
        let Some(Ty::Outcome(scale)) = ty else { return false };
        let outcomes = hir.scales.get(*scale).map_or(&[][..], |scale| &scale.outcomes);
        outcomes.iter().any(|place| place.effect.is_some())
    }
}

impl Nearby<'_> {
    /// How many times the rules were run so far.
    pub fn runs(&self) -> usize {
        self.ground.runs()
    }

    /// The entry of a catalogue that a fact was given as, as `us.chip("B200")`.
    pub fn entry_given(&self, path: &str) -> Option<String> {
        self.ground.entry_given(path)
    }

    /// A minimal set of the given facts that forces what a decision comes to; `None` if it is open.
    pub fn why(&mut self, decision: DecisionId) -> Option<Forced> {
        self.ground.why(decision)
    }

    /// Questions in the order in which they settle decisions soonest, without those at the front that are proved
    /// not to matter. Each is the path of a fact or the full name of a reading.
    pub fn next_questions(
        &mut self,
        decisions: &BTreeSet<DecisionId>,
        paths: &[String],
    ) -> Vec<NextQuestion> {
        self.ground.next_questions(decisions, paths)
    }

    /// The smallest changes of the given facts with which a decision comes to what is wanted.
    pub fn changes(&mut self, decision: DecisionId, wanted: &Wanted) -> Changes {
        self.changes_within(decision, wanted, MOST_RUNS)
    }

    /// The same within so many runs of the rules.
    pub fn changes_within(
        &mut self,
        decision: DecisionId,
        wanted: &Wanted,
        runs: usize,
    ) -> Changes {
        let limits = Limits { facts: MOST_CHANGED_FACTS, changes: MOST_CHANGES, runs };
        self.ground.changes(decision, wanted, limits)
    }
}
