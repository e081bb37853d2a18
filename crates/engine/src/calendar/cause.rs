//! Why an answer changes on a day: what of that on which it rests began, ended or turned then.

use std::collections::{BTreeMap, BTreeSet};

use exeat_hir::{
    ConditionTrace, DecisionId, DecisionTrace, Determination, Expr, Force, Hir, NotModelledId,
    RuleId, RuleStatus, RuleTrace,
};
use exeat_model::{Date, Truth};

use super::through::Through;
use crate::decide::same_outcome;

/// How an answer came from the one before.
#[derive(Clone, Debug)]
pub struct Change {
    /// The answer before.
    pub before: DecisionTrace,
    /// Whether the outcome stays and only the reasons differ.
    pub same_outcome: bool,
    /// What brought it about, as far as it can be said.
    pub causes: Vec<Cause>,
}

/// Something that brought a change about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// What it is.
    pub of: CauseOf,
    /// What became of it.
    pub kind: CauseKind,
    /// What changed beneath it, where its condition or value turned.
    pub through: Vec<Through>,
}

/// What has brought a change about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CauseOf {
    /// A rule or exception.
    Rule(RuleId),
    /// What is not modelled.
    NotModelled(NotModelledId),
    /// The decision itself: whether it is needed, or something that it reads.
    Decision(DecisionId),
}

/// What became of a rule, or of what is not modelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CauseKind {
    /// Its first day of force.
    CameIntoForce,
    /// It has force again after a suspension.
    Revived,
    /// Its last day of force has passed.
    Ended,
    /// It was suspended.
    Suspended,
    /// Its condition became true.
    Applies,
    /// Its condition became false.
    DoesNotApply,
    /// Its condition became unknown.
    Opened,
    /// Its value is another one.
    OtherValue,
}

/// The two sides of a day: the answers of the day before and of the day.
pub(super) struct Turn<'a> {
    pub(super) hir: &'a Hir,
    pub(super) day: Date,
    pub(super) before: &'a [DecisionTrace],
    pub(super) after: &'a [DecisionTrace],
    /// Conditions on the date that came out differently.
    pub(super) turned: &'a [&'a Expr],
}

impl Turn<'_> {
    /// What changed about a decision.
    pub(super) fn change(&self, after: &DecisionTrace) -> Change {
        let found = self.before.iter().find(|trace| trace.decision == after.decision);
        let before = found.unwrap_or(after);
        let mut causes = self.needed(before, after);
        causes.extend(self.rules(before, after, &self.concerned(before, after)));
        causes.extend(self.gaps(before, after));
        if causes.is_empty() {
            let all = after.rules.iter().map(|trace| trace.rule).collect();
            causes = self.rules(before, after, &all);
        }
        if causes.is_empty() {
            let exprs = exeat_hir::reach::expressions_of(self.hir, after.decision);
            causes.push(Cause {
                of: CauseOf::Decision(after.decision),
                kind: CauseKind::OtherValue,
                through: self.through(&exprs, &[]),
            });
        }
        let same_outcome = same_outcome(before, after);
        Change { before: before.clone(), same_outcome, causes }
    }

    /// The rules on which the answers of both sides rest, with what stands or stood against them.
    fn concerned(&self, before: &DecisionTrace, after: &DecisionTrace) -> BTreeSet<RuleId> {
        let mut found: BTreeSet<RuleId> = BTreeSet::new();
        let mut queue: Vec<RuleId> = Vec::new();
        for side in [before, after] {
            queue.extend(&side.because);
            if matches!(side.determination, Determination::Undetermined(_)) {
                let speaking = side
                    .rules
                    .iter()
                    .filter(|rule| matches!(rule.status, RuleStatus::Holds | RuleStatus::Open));
                queue.extend(speaking.map(|rule| rule.rule));
            }
        }
        while let Some(id) = queue.pop() {
            if !found.insert(id) {
                continue;
            }
            for side in [before, after] {
                match side.rules.iter().find(|rule| rule.rule == id).map(|rule| &rule.status) {
                    Some(RuleStatus::DefeatedBy(exceptions)) => queue.extend(exceptions),
                    Some(RuleStatus::NothingToExcept) => {
                        let rule = self.hir.rules.get(id);
                        queue.extend(rule.map_or(&[][..], |rule| &rule.exception_to));
                    }
                    _ => {}
                }
            }
        }
        found
    }

    fn rules(
        &self,
        before: &DecisionTrace,
        after: &DecisionTrace,
        concerned: &BTreeSet<RuleId>,
    ) -> Vec<Cause> {
        let earlier: BTreeMap<RuleId, &RuleTrace> =
            before.rules.iter().map(|trace| (trace.rule, trace)).collect();
        let pairs = after
            .rules
            .iter()
            .filter(|trace| concerned.contains(&trace.rule))
            .filter_map(|trace| Some((*earlier.get(&trace.rule)?, trace)));
        pairs.filter_map(|(before, after)| self.rule(before, after)).collect()
    }

    fn rule(&self, before: &RuleTrace, after: &RuleTrace) -> Option<Cause> {
        let rule = self.hir.rules.get(after.rule)?;
        let bears = |status: &RuleStatus| {
            matches!(status, RuleStatus::Holds | RuleStatus::Open | RuleStatus::DefeatedBy(_))
        };
        let (kind, turned) = match (&before.status, &after.status) {
            (RuleStatus::NotInForce, RuleStatus::NotInForce) => return None,
            (RuleStatus::NotInForce, now) if bears(now) => (self.began(&rule.force), false),
            (earlier, RuleStatus::NotInForce) if bears(earlier) => (self.ended(&rule.force), false),
            (RuleStatus::NotInForce, _) | (_, RuleStatus::NotInForce) => return None,
            _ => {
                let truth = |trace: &RuleTrace| {
                    trace.condition.as_ref().map_or(Truth::True, |condition| condition.truth)
                };
                match turned(truth(before), truth(after)) {
                    Some(kind) => (kind, true),
                    None if before.value != after.value => (CauseKind::OtherValue, true),
                    None => return None,
                }
            }
        };
        let through = if turned {
            let mut exprs: Vec<&Expr> = rule.when.iter().collect();
            if kind == CauseKind::OtherValue {
                exprs.extend(rule.conclusions.iter().map(|conclusion| &conclusion.value));
            }
            let both: Vec<_> = [&before.condition, &after.condition]
                .into_iter()
                .filter_map(Option::as_deref)
                .collect();
            self.through(&exprs, &both)
        } else {
            Vec::new()
        };
        Some(Cause { of: CauseOf::Rule(after.rule), kind, through })
    }

    fn gaps(&self, before: &DecisionTrace, after: &DecisionTrace) -> Vec<Cause> {
        let of = |trace: &DecisionTrace| -> BTreeMap<NotModelledId, ConditionTrace> {
            trace.gaps.iter().cloned().collect()
        };
        let (before, after) = (of(before), of(after));
        let ids: BTreeSet<NotModelledId> = before.keys().chain(after.keys()).copied().collect();
        let cause = |id: NotModelledId| {
            let item = self.hir.not_modelled.get(id)?;
            let (kind, through) = match (before.get(&id), after.get(&id)) {
                (None, Some(now)) if now.truth != Truth::False => {
                    (self.began(&item.force), Vec::new())
                }
                (Some(earlier), None) if earlier.truth != Truth::False => {
                    (self.ended(&item.force), Vec::new())
                }
                (Some(earlier), Some(now)) => {
                    let exprs: Vec<&Expr> = item.when.iter().collect();
                    let kind = turned(earlier.truth, now.truth)?;
                    (kind, self.through(&exprs, &[earlier, now]))
                }
                _ => return None,
            };
            Some(Cause { of: CauseOf::NotModelled(id), kind, through })
        };
        ids.into_iter().filter_map(cause).collect()
    }

    fn needed(&self, before: &DecisionTrace, after: &DecisionTrace) -> Vec<Cause> {
        let (Some(earlier), Some(now)) = (&before.needed, &after.needed) else { return Vec::new() };
        let Some(kind) = turned(earlier.truth, now.truth) else { return Vec::new() };
        let decision = self.hir.decisions.get(after.decision);
        let exprs: Vec<&Expr> =
            decision.and_then(|decision| decision.needed_when.as_ref()).into_iter().collect();
        let through = self.through(&exprs, &[earlier, now]);
        vec![Cause { of: CauseOf::Decision(after.decision), kind, through }]
    }

    fn began(&self, force: &Force) -> CauseKind {
        let first = force.interval.from == Some(self.day);
        if first { CauseKind::CameIntoForce } else { CauseKind::Revived }
    }

    fn ended(&self, force: &Force) -> CauseKind {
        let over = force.interval.until == Some(self.day);
        if over { CauseKind::Ended } else { CauseKind::Suspended }
    }
}

/// What became of a condition.
fn turned(before: Truth, after: Truth) -> Option<CauseKind> {
    match after {
        _ if before == after => None,
        Truth::True => Some(CauseKind::Applies),
        Truth::False => Some(CauseKind::DoesNotApply),
        Truth::Unknown => Some(CauseKind::Opened),
    }
}
