//! Rules that say different things where all have to agree.

use exeat_hir::{Combine, DecisionTrace, Determination, RuleId};
use exeat_program::{LoweredDecision, RuleValue};

use super::asking::Asking;
use super::{FindingKind, Subject};
use crate::budget::TooLarge;
use crate::diagrams::DecisionDiagrams;
use crate::region::Region;
use crate::search::Gave;
use crate::witness::Witness;

impl Asking<'_, '_, '_, '_> {
    pub(super) fn ask_conflicts(&mut self, decision: &DecisionDiagrams) {
        let Some(lowered) =
            self.side.epoch.decisions.iter().find(|lowered| lowered.id == decision.id)
        else {
            return;
        };
        if lowered.combine != Combine::Unique {
            return;
        }
        if let Err(why) = self.ask_pairs(decision, lowered) {
            self.asked.decision_undecided(decision.id, &self.days, Gave::TooLarge(why));
        }
    }

    fn ask_pairs(
        &mut self,
        decision: &DecisionDiagrams,
        lowered: &LoweredDecision,
    ) -> Result<(), TooLarge> {
        let asked = self.asked_region(decision)?;
        for (at, (first, one)) in lowered.rules.iter().zip(&decision.rules).enumerate() {
            let here = one.holds.and(&asked)?;
            if first.value == RuleValue::Nothing || here.is_empty() {
                continue;
            }
            let rest = lowered.rules.iter().zip(&decision.rules).skip(at.saturating_add(1));
            for (second, other) in rest {
                if second.value == RuleValue::Nothing || may_agree(&first.value, &second.value) {
                    continue;
                }
                let both = here.and(&other.holds)?;
                if both.is_empty() {
                    continue;
                }
                let rules = vec![one.id.min(other.id), one.id.max(other.id)];
                let subject = Subject::Rules(rules.clone());
                let mut confirm =
                    |traces: &[DecisionTrace], _: &Witness| conflicts(traces, decision, &rules);
                self.note_possible(FindingKind::Conflict, subject, decision, &both, &mut confirm);
            }
        }
        Ok(())
    }

    /// Where a decision is needed and nothing that is not modelled is touched.
    pub(super) fn asked_region(&self, decision: &DecisionDiagrams) -> Result<Region, TooLarge> {
        self.space.world(0).and(&decision.needed)?.without(&decision.touched)
    }
}

/// Whether two rules say the same. What is computed is not known to differ before it is replayed, and not to
/// agree either.
pub(super) fn may_agree(first: &RuleValue, second: &RuleValue) -> bool {
    matches!(first, RuleValue::Constant(_) | RuleValue::Node(_)) && first == second
}

pub(super) fn conflicts(
    traces: &[DecisionTrace],
    decision: &DecisionDiagrams,
    rules: &[RuleId],
) -> bool {
    let trace = traces.iter().find(|trace| trace.decision == decision.id);
    trace.is_some_and(|trace| match &trace.determination {
        Determination::Undetermined(why) => rules.iter().all(|rule| why.conflict.contains(rule)),
        _ => false,
    })
}
