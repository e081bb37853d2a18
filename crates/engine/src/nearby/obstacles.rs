//! What stands in the way of an outcome: the rules that would give it and their failing conditions, and the
//! rules that give another.

use exeat_analyze::Wanted;
use exeat_eval::{Evaluated, evaluate_alone};
use exeat_hir::{Combine, DecisionTrace, Determination, RuleId, RuleStatus};
use exeat_model::Value;

use crate::explain::Considerer;
use crate::{Considered, Question, Rulebook};

/// What stands in the way of an outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obstacles {
    /// The rules that would give it, with the conditions that fail; those nearest to it first.
    pub giving: Vec<Considered>,
    /// How many more would give it and have no force on that day, under these readings, or as proposals.
    pub without_force: usize,
    /// It holds where no rule applies; where that is laid down.
    pub otherwise: Option<Vec<String>>,
    /// The rules that hold and stand in its way: they give another outcome, or defeat a rule that would give
    /// it; each with the conditions that make it hold.
    pub in_the_way: Vec<Considered>,
    /// The exceptions to these, with the conditions that fail.
    pub lifting: Vec<Considered>,
}

impl Rulebook {
    /// What stands in the way of an outcome of a decision. The trace has to be that of the question.
    pub fn obstacles(
        &self,
        question: &Question,
        trace: &DecisionTrace,
        wanted: &Wanted,
    ) -> Obstacles {
        let hir = self.hir();
        let considerer = Considerer::new(self, trace);
        let mut found = Obstacles {
            giving: Vec::new(),
            without_force: 0,
            otherwise: None,
            in_the_way: Vec::new(),
            lifting: Vec::new(),
        };
        let Some(decision) = hir.decisions.get(trace.decision) else { return found };
        let mut defeating: Vec<RuleId> = Vec::new();
        for rule in &trace.rules {
            if !self.gives(question, rule.rule, trace, wanted) {
                continue;
            }
            match &rule.status {
                RuleStatus::NotInForce | RuleStatus::OtherReading | RuleStatus::Proposal => {
                    found.without_force = found.without_force.saturating_add(1);
                    continue;
                }
                RuleStatus::DefeatedBy(rules) => defeating.extend(rules),
                _ => {}
            }
            found.giving.extend(considerer.consider(rule));
        }
        found.giving.sort_by_key(|one| (one.status != "holds", one.why.len()));
        let otherwise = match (wanted, &decision.otherwise) {
            (Wanted::Outcome(wanted), Some(otherwise)) => wanted == otherwise,
            (Wanted::Outcome(Value::Set(wanted)), None) => {
                decision.combine == Combine::Collect && wanted.is_empty()
            }
            _ => false,
        };
        found.otherwise = otherwise.then(|| decision.otherwise_cites.clone());
        // What is collected stands beside the rest; elsewhere one outcome shuts out the other.
        let shut_out = decision.combine != Combine::Collect || otherwise;
        let mut standing: Vec<RuleId> = Vec::new();
        if shut_out && stands_in_the_way(trace, wanted) {
            standing.extend(&trace.because);
        }
        standing.extend(&defeating);
        for rule in trace.rules.iter().filter(|rule| standing.contains(&rule.rule)) {
            found.in_the_way.extend(considerer.consider(rule));
        }
        let shut = |status: &RuleStatus| {
            matches!(
                status,
                RuleStatus::NotInForce
                    | RuleStatus::OtherReading
                    | RuleStatus::Proposal
                    | RuleStatus::NothingToExcept
            )
        };
        for rule in trace.rules.iter().filter(|rule| !shut(&rule.status)) {
            let known = hir.rules.get(rule.rule);
            let lifts = known.is_some_and(|known| {
                known.exception_to.iter().chain(&known.defeats).any(|one| standing.contains(one))
            });
            let gives_it = found.giving.iter().any(|one| {
                Some(&one.rule.rule)
                    == known.map(|known| hir.full_name(known.module, &known.name)).as_ref()
            });
            if lifts && !gives_it && !standing.contains(&rule.rule) {
                found.lifting.extend(considerer.consider(rule));
            }
        }
        found.lifting.sort_by_key(|one| one.why.len());
        found
    }

    /// Whether a rule concludes what is wanted, if it holds.
    fn gives(
        &self,
        question: &Question,
        rule: RuleId,
        trace: &DecisionTrace,
        wanted: &Wanted,
    ) -> bool {
        let hir = self.hir();
        let conclusions = hir.rules.get(rule).map_or(&[][..], |rule| &rule.conclusions);
        conclusions.iter().filter(|one| one.decision == trace.decision).any(|conclusion| {
            let value = &conclusion.value;
            let worth = evaluate_alone(hir, self.functions(), &question.request(), value);
            match (worth, wanted) {
                (
                    Evaluated::Known(Value::Outcome(found)),
                    Wanted::Outcome(Value::Outcome(wanted)),
                ) => {
                    found.rank == wanted.rank
                        && (wanted.labels.is_empty() || !wanted.labels.is_disjoint(&found.labels))
                }
                (Evaluated::Known(found), Wanted::Outcome(wanted)) => found == *wanted,
                _ => false,
            }
        })
    }
}

/// Whether the rules that give the present outcome would still shut out another.
fn stands_in_the_way(trace: &DecisionTrace, wanted: &Wanted) -> bool {
    match (&trace.determination, wanted) {
        (Determination::Value(Value::Outcome(now)), Wanted::Outcome(Value::Outcome(wanted))) => {
            now.rank > wanted.rank
        }
        (Determination::Value(_), Wanted::Outcome(_)) => true,
        _ => false,
    }
}
