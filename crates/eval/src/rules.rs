//! A rule by itself: does it have force, is its condition true, what is its value?
//!
//! A rule has force on the days of its interval that lie in no suspension, under the readings that it
//! names, and if its module is a proposal only where that proposal is asked for. Force and condition
//! together are its *own part*; what it excepts and what excepts it is settled in `settling`.

use std::sync::Arc;

use exeat_hir::{ConditionTrace, DecisionId, Force, RuleId, RuleStatus};
use exeat_model::{Truth, Value};

use crate::condition::{judge, unknown_of};
use crate::expression::value;
use crate::machine::{Machine, Unknown};

/// A rule for one decision, before exceptions.
pub(crate) struct Own {
    pub(crate) truth: Truth,
    /// Why it is false, if it is.
    pub(crate) refused: Option<RuleStatus>,
    pub(crate) condition: Option<Arc<ConditionTrace>>,
    /// Why its truth or its value is unknown, if one is.
    pub(crate) unknown: Unknown,
    pub(crate) value: Option<Value>,
    pub(crate) concludes: bool,
}

/// Whether something has force on the day and under the readings; the reading that is missing, if one is.
pub(crate) fn force_of(
    machine: &Machine<'_>,
    force: &Force,
) -> (Truth, Option<RuleStatus>, Unknown) {
    if !force.on(machine.request.as_of) {
        return (Truth::False, Some(RuleStatus::NotInForce), Unknown::default());
    }
    let mut truth = Truth::True;
    let mut unknown = Unknown::default();
    for under in &force.under {
        match machine.choice(under.reading) {
            Ok(choice) if under.choices.contains(&choice) => {}
            Ok(_) => return (Truth::False, Some(RuleStatus::OtherReading), Unknown::default()),
            Err(reading) => {
                truth = Truth::Unknown;
                unknown.join(Unknown::missing(reading));
            }
        }
    }
    (truth, None, unknown)
}

/// A rule's own part for one decision.
pub(crate) fn own_part(machine: &mut Machine<'_>, id: RuleId, decision: DecisionId) -> Own {
    let hir = machine.hir;
    let mut own = Own {
        truth: Truth::False,
        refused: Some(RuleStatus::NotInForce),
        condition: None,
        unknown: Unknown::default(),
        value: None,
        concludes: false,
    };
    let Some(rule) = hir.rules.get(id) else { return own };
    let conclusion = rule.conclusions.iter().find(|conclusion| conclusion.decision == decision);
    own.concludes = conclusion.is_some();
    if !machine.module_decides(rule.module) {
        own.refused = Some(RuleStatus::Proposal);
        return own;
    }
    let (force, refused, unknown) = force_of(machine, &rule.force);
    own.refused = refused;
    if force == Truth::False {
        return own;
    }
    own.unknown = unknown;
    own.truth = force;
    if let Some(when) = &rule.when {
        let judged = if let Some(judged) = machine.judged.get(&id) {
            Arc::clone(judged)
        } else {
            let judged = Arc::new(judge(machine, when));
            machine.judged.insert(id, Arc::clone(&judged));
            judged
        };
        own.truth = force.and(judged.truth);
        if own.truth == Truth::Unknown {
            own.unknown.join(unknown_of(&judged));
        }
        if own.truth == Truth::False {
            own.refused = Some(RuleStatus::ConditionFalse);
            own.unknown = Unknown::default();
        }
        own.condition = Some(judged);
    }
    if own.truth != Truth::False
        && let Some(conclusion) = conclusion
    {
        match value(machine, &conclusion.value) {
            Ok(found) => own.value = Some(found.value),
            Err(mut why) => {
                if why.not_needed {
                    why.errors.insert(format!(
                        "the value that `{}` gives reads a decision that is not needed",
                        rule.name
                    ));
                }
                own.unknown.join(why);
            }
        }
    }
    own
}
