//! Rules that never decide anything.

use exeat_hir::{DecisionTrace, RuleId, RuleStatus};
use exeat_model::Truth;
use exeat_program::Formula;

use super::asking::{Asked, Asking, RuleSeen, status};
use super::{Example, Finding, FindingKind, Subject, merged};
use crate::budget::TooLarge;
use crate::diagrams::{DecisionDiagrams, RuleDiagrams};
use crate::region::Region;
use crate::search::{Found, Gave};
use crate::witness::Witness;

/// How many cases of a condition that excludes others are written out.
const MOST_CASES: usize = 3;

impl Asking<'_, '_, '_, '_> {
    pub(super) fn ask_rules(&mut self, decision: &DecisionDiagrams) {
        let days = self.days();
        let world = self.space.world(0).clone();
        for (at, rule) in decision.rules.iter().enumerate() {
            let seen = self.asked.rules.entry(rule.id).or_default();
            if seen.days.last() == Some(&days) {
                // Asked already, for another decision.
                continue;
            }
            seen.days.push(days);
            if seen.held {
                continue;
            }
            if let Err(why) = self.ask_rule(decision, at, rule, &world) {
                let seen = self.asked.rules.entry(rule.id).or_default();
                seen.unsure.insert(FindingKind::NeverApplies, Gave::TooLarge(why));
            }
        }
        for (at, (id, region)) in decision.gaps.iter().enumerate() {
            let seen = self.asked.gaps.entry(*id).or_default();
            if seen.days.last() == Some(&days) || seen.held {
                continue;
            }
            seen.days.push(days);
            let touches = &mut |traces: &[DecisionTrace], _: &Witness| {
                let mut gaps = traces.iter().flat_map(|trace| &trace.gaps);
                gaps.any(|(gap, condition)| gap == id && condition.truth == Truth::True)
            };
            let found = self.find(region, Some(decision), touches);
            let shown = match &found {
                Found::Nothing => {
                    let lowered = self.lowered(decision);
                    lowered.and_then(|lowered| lowered.gaps.get(at)).map(|(_, formula)| formula)
                }
                _ => None,
            };
            let shown = shown.map(|formula| self.excluding(decision, formula));
            let seen = self.asked.gaps.entry(*id).or_default();
            match found {
                Found::Witness(..) => seen.held = true,
                Found::Nothing => {
                    let shown = shown.and_then(Result::ok).unwrap_or_default();
                    seen.shown.entry(FindingKind::NeverApplies).or_insert(shown);
                }
                Found::NotDecided(gave) => {
                    seen.unsure.insert(FindingKind::NeverApplies, gave);
                }
            }
        }
    }

    fn lowered(&self, decision: &DecisionDiagrams) -> Option<&exeat_program::LoweredDecision> {
        self.side.epoch.decisions.iter().find(|lowered| lowered.id == decision.id)
    }

    fn ask_rule(
        &mut self,
        decision: &DecisionDiagrams,
        at: usize,
        rule: &RuleDiagrams,
        world: &Region,
    ) -> Result<(), TooLarge> {
        let id = rule.id;
        let holds = |status: &RuleStatus| *status == RuleStatus::Holds;
        let applies =
            |status: &RuleStatus| matches!(status, RuleStatus::Holds | RuleStatus::DefeatedBy(_));
        let own = |status: &RuleStatus| {
            matches!(
                status,
                RuleStatus::Holds | RuleStatus::DefeatedBy(_) | RuleStatus::NothingToExcept
            )
        };
        if self.rule_is(decision, &rule.holds, id, FindingKind::AlwaysDefeated, &holds) {
            return Ok(());
        }
        let seen = self.asked.rules.entry(id).or_default();
        if !seen.applied
            && self.rule_is(decision, &rule.applies, id, FindingKind::NothingToExcept, &applies)
        {
            return Ok(());
        }
        let seen = self.asked.rules.entry(id).or_default();
        if !seen.own && !self.rule_is(decision, &rule.own, id, FindingKind::NeverApplies, &own) {
            let lowered = self.lowered(decision).and_then(|lowered| lowered.rules.get(at));
            if rule.own.and(world)?.is_empty()
                && let Some(formula) = lowered.map(|lowered| lowered.own.clone())
            {
                let shown = self.excluding(decision, &formula)?;
                let seen = self.asked.rules.entry(id).or_default();
                seen.shown.entry(FindingKind::NeverApplies).or_insert(shown);
            }
        }
        Ok(())
    }

    /// Whether there is a transaction of the region in which the rule fares so. If there is, it is noted how
    /// it fared.
    fn rule_is(
        &mut self,
        decision: &DecisionDiagrams,
        region: &Region,
        rule: RuleId,
        otherwise: FindingKind,
        wanted: &dyn Fn(&RuleStatus) -> bool,
    ) -> bool {
        let confirm =
            &mut |traces: &[DecisionTrace], _: &Witness| status(traces, rule).is_some_and(wanted);
        let found = self.find(region, Some(decision), confirm);
        let example = match &found {
            Found::Witness(witness, case) => {
                let example = Example::new(self.side, witness);
                Some((self.space.describe(0, case), example, witness.decide(self.side)))
            }
            _ => None,
        };
        let seen = self.asked.rules.entry(rule).or_default();
        if let Found::NotDecided(gave) = found {
            seen.unsure.insert(otherwise, gave);
        }
        let Some((region, example, traces)) = example else { return false };
        let shown = (region, Some(example));
        match status(&traces, rule) {
            Some(RuleStatus::Holds) => (seen.own, seen.applied, seen.held) = (true, true, true),
            Some(RuleStatus::DefeatedBy(_)) => {
                (seen.own, seen.applied) = (true, true);
                seen.shown.entry(FindingKind::AlwaysDefeated).or_insert(shown);
            }
            _ => {
                seen.own = true;
                seen.shown.entry(FindingKind::NothingToExcept).or_insert(shown);
            }
        }
        true
    }

    /// The smallest set of conditions of a formula that exclude each other, in words, and a transaction
    /// that meets all conditions but one of these.
    fn excluding(
        &self,
        decision: &DecisionDiagrams,
        formula: &Formula,
    ) -> Result<(Vec<String>, Option<Example>), TooLarge> {
        let parts: Vec<&Formula> = match formula {
            Formula::All(parts) => parts.iter().collect(),
            other => vec![other],
        };
        let mut regions = Vec::new();
        for part in parts {
            regions.push(crate::diagrams::formula_region(self.space, self.diagrams, part)?);
        }
        let world = self.space.world(0);
        let all = |kept: &[usize]| {
            let mut sum = world.clone();
            for at in kept {
                if let Some(region) = regions.get(*at) {
                    sum = sum.and(region)?;
                }
            }
            Ok::<_, TooLarge>(sum)
        };
        let mut core: Vec<usize> = (0..regions.len()).collect();
        for at in 0..regions.len() {
            let without: Vec<usize> = core.iter().copied().filter(|one| *one != at).collect();
            if all(&without)?.is_empty() {
                core = without;
            }
        }
        let mut words = Vec::new();
        for at in &core {
            let Some(region) = regions.get(*at) else { continue };
            let (cases, more) = self.space.cases(region, world, MOST_CASES)?;
            let mut texts: Vec<String> =
                cases.iter().map(|case| self.space.describe(0, case).join(" and ")).collect();
            if more {
                texts.push("…".to_owned());
            }
            words.push(if texts.is_empty() {
                "what never is".to_owned()
            } else {
                texts.join(" or ")
            });
        }
        let Some(last) = core.last() else { return Ok((words, None)) };
        let others: Vec<usize> = (0..regions.len()).filter(|one| one != last).collect();
        let near = all(&others)?;
        let found = self.find(&near, Some(decision), &mut |_, _| true);
        let example = match found {
            Found::Witness(witness, _) => Some(Example::new(self.side, &witness)),
            _ => None,
        };
        Ok((words, example))
    }
}

impl Asked<'_> {
    /// What never happened to a rule, on any day.
    pub(super) fn finish_rules(&mut self) {
        let rules = std::mem::take(&mut self.rules).into_iter();
        let gaps = std::mem::take(&mut self.gaps).into_iter();
        let rules = rules.map(|(id, seen)| (Subject::Rules(vec![id]), seen));
        let gaps = gaps.map(|(id, seen)| (Subject::NotModelled(id), seen));
        for (subject, seen) in rules.chain(gaps) {
            if !seen.held && !seen.days.is_empty() {
                self.finish_rule(subject, seen);
            }
        }
    }

    fn finish_rule(&mut self, subject: Subject, mut seen: RuleSeen) {
        let kind = if seen.applied {
            FindingKind::AlwaysDefeated
        } else if seen.own {
            FindingKind::NothingToExcept
        } else {
            FindingKind::NeverApplies
        };
        let days = merged(std::mem::take(&mut seen.days));
        if let Some(gave) = seen.unsure.values().next() {
            for days in days {
                self.undecided(kind, subject.clone(), None, days, *gave);
            }
            return;
        }
        let (region, example) = seen.shown.remove(&kind).unwrap_or_default();
        let key = (kind, subject.clone(), None);
        let finding =
            Finding { kind, subject, decision: None, region, days, example, accepted: None };
        self.findings.insert(key, finding);
    }
}
