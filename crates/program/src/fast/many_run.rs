//! The scalar run of a decision of many rules.

use exeat_hir::Combine;
use exeat_model::Truth;

use super::run::FastRun;
use super::sums::Gathered;
use super::{FastDecision, Settled};

impl FastRun<'_> {
    pub(super) fn decide_many(&mut self, decision: &FastDecision) -> Settled {
        for gap in &decision.gaps {
            if self.formula(*gap) != Truth::False {
                return Settled::Open;
            }
        }
        let Some(index) = &decision.index else {
            return self.combine(decision, &decision.concluding);
        };
        let mut candidates = std::mem::take(&mut self.scratch.candidates);
        index.candidates(&mut candidates, |column| self.cell(column));
        let settled = self.combine(decision, &candidates);
        self.scratch.candidates = candidates;
        settled
    }

    /// What rules come to, the strictest first.
    fn combine(&mut self, decision: &FastDecision, rules: &[usize]) -> Settled {
        let mut gathered = Gathered::default();
        for at in rules {
            let Some(rule) = decision.rules.get(*at) else { continue };
            if gathered.is_stricter_than(rule.value) {
                break;
            }
            match self.holds(decision, *at) {
                Truth::False => continue,
                Truth::Unknown => return Settled::Open,
                Truth::True => {}
            }
            if !gathered.add(decision.combine == Combine::Collect, rule.value) {
                return Settled::Open;
            }
            self.note(rule.name_order, rule.id);
        }
        gathered.settled(decision)
    }

    fn holds(&mut self, decision: &FastDecision, at: usize) -> Truth {
        if let Some((stamp, truth)) = self.scratch.holds.get(at)
            && *stamp == self.scratch.rule_stamp
        {
            return *truth;
        }
        let truth = self.holds_now(decision, at);
        if let Some(place) = self.scratch.holds.get_mut(at) {
            *place = (self.scratch.rule_stamp, truth);
        }
        truth
    }

    fn holds_now(&mut self, decision: &FastDecision, at: usize) -> Truth {
        let Some(rule) = decision.rules.get(at) else { return Truth::False };
        // What is known to hold already settles it without a look at the rule.
        for other in &rule.defeated_by {
            if let Some((stamp, Truth::True)) = self.scratch.holds.get(*other)
                && *stamp == self.scratch.rule_stamp
            {
                return Truth::False;
            }
        }
        let mut truth = self.applies(decision, at);
        for other in &rule.defeated_by {
            if truth == Truth::False {
                break;
            }
            truth = truth.and(!self.holds(decision, *other));
        }
        truth
    }

    fn applies(&mut self, decision: &FastDecision, at: usize) -> Truth {
        if let Some((stamp, truth)) = self.scratch.applies.get(at)
            && *stamp == self.scratch.rule_stamp
        {
            return *truth;
        }
        let Some(rule) = decision.rules.get(at) else { return Truth::False };
        let mut truth = Truth::True;
        if let Some(excepted) = &rule.exception_to {
            truth = Truth::False;
            for other in excepted {
                truth = truth.or(self.applies(decision, *other));
                if truth == Truth::True {
                    break;
                }
            }
        }
        if truth != Truth::False {
            truth = truth.and(self.formula(rule.own));
        }
        if let Some(place) = self.scratch.applies.get_mut(at) {
            *place = (self.scratch.rule_stamp, truth);
        }
        truth
    }
}
