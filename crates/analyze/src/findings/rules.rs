//! Rules that never decide anything.

use exeat_hir::{DecisionTrace, Functions, RuleId, RuleStatus};
use exeat_model::{Interval, Truth};
use exeat_program::{Formula, Program};

use super::asking::{
    Asked, Asking, MOST_FAILURES, Rough, RuleSeen, Shown, status, those_that_hold,
};
use super::{Example, Finding, FindingKind, Key, Options, Subject, merged};
use crate::budget::TooLarge;
use crate::diagrams::{DecisionDiagrams, RuleDiagrams};
use crate::region::Region;
use crate::search::{Found, Gave};
use crate::shrink::Shrinking;
use crate::space::Side;
use crate::witness::Witness;

/// How many cases of a condition that excludes others are written out.
const MOST_CASES: usize = 3;

impl Asking<'_, '_, '_, '_> {
    pub(super) fn ask_rules(&mut self, decision: &DecisionDiagrams) {
        let days = self.days.clone();
        let world = self.space.world(0).clone();
        for (at, rule) in decision.rules.iter().enumerate() {
            let module = self.asked.hir.rules.get(rule.id).map(|found| found.module);
            if !module.is_some_and(|module| self.decides(module)) {
                continue;
            }
            let seen = self.asked.rules.entry(rule.id).or_default();
            if !seen.note(&days) {
                // Asked already, for another decision.
                continue;
            }
            if seen.held || seen.failures >= MOST_FAILURES {
                continue;
            }
            if let Err(why) = self.ask_rule(decision, at, rule, &world) {
                let seen = self.asked.rules.entry(rule.id).or_default();
                seen.unsure.insert(FindingKind::NeverApplies, Gave::TooLarge(why));
            }
        }
        for (at, (id, region)) in decision.gaps.iter().enumerate() {
            let module = self.asked.hir.not_modelled.get(*id).map(|found| found.module);
            if !module.is_some_and(|module| self.decides(module)) {
                continue;
            }
            let seen = self.asked.gaps.entry(*id).or_default();
            if !seen.note(&days) || seen.held || seen.failures >= MOST_FAILURES {
                continue;
            }
            let touches = &mut |traces: &[DecisionTrace], _: &Witness| {
                let mut gaps = traces.iter().flat_map(|trace| &trace.gaps);
                gaps.any(|(gap, condition)| gap == id && condition.truth == Truth::True)
            };
            let found = self.find(region, decision, touches);
            let known = self.asked.gaps.entry(*id).or_default();
            let wanted = !known.shown.contains_key(&FindingKind::NeverApplies);
            let shown = match &found {
                Found::Nothing if wanted => {
                    let lowered = self.lowered(decision);
                    lowered
                        .and_then(|lowered| lowered.gaps.get(at))
                        .map(|(_, formula)| formula.clone())
                }
                _ => None,
            };
            let shown = shown.map(|formula| self.excluding(decision, &formula));
            let seen = self.asked.gaps.entry(*id).or_default();
            match found {
                Found::Witness(..) => seen.held = true,
                Found::Nothing => {
                    let shown = shown.and_then(Result::ok).unwrap_or_default();
                    seen.shown.entry(FindingKind::NeverApplies).or_insert(shown);
                }
                Found::NotDecided(gave) => {
                    seen.failures = seen.failures.saturating_add(1);
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
            let lowered = self.lowered(decision).and_then(|lowered| lowered.rules.get(at)).cloned();
            let known = self.asked.rules.entry(id).or_default();
            if !known.shown.contains_key(&FindingKind::NeverApplies)
                && rule.own.and(world)?.is_empty()
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
        // What the last one that was confirmed showed.
        let (mut fared, mut holding) = (None, Vec::new());
        let confirm = &mut |traces: &[DecisionTrace], _: &Witness| {
            let here = status(traces, rule).filter(|status| wanted(status));
            if here.is_some() {
                fared = here.cloned();
                holding = those_that_hold(traces).collect();
            }
            here.is_some()
        };
        let found = self.find(region, decision, confirm);
        let fared = match &found {
            Found::Witness(witness, case) => fared.map(|status| {
                let rough = Rough {
                    witness: (**witness).clone(),
                    decision: decision.id,
                    asked: self.facts_of(case),
                    status: Some((rule, status.clone())),
                };
                let region = self.space.describe(0, case);
                (status, Shown { region, found: Some(rough) })
            }),
            _ => None,
        };
        if fared.is_some() {
            // Other rules that hold there too need not be asked for.
            for other in holding {
                self.asked.note_holds(other);
            }
        }
        let seen = self.asked.rules.entry(rule).or_default();
        if let Found::NotDecided(gave) = found {
            seen.failures = seen.failures.saturating_add(1);
            seen.unsure.insert(otherwise, gave);
        }
        let Some((status, shown)) = fared else { return false };
        match status {
            RuleStatus::Holds => (seen.own, seen.applied, seen.held) = (true, true, true),
            RuleStatus::DefeatedBy(_) => {
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
        &mut self,
        decision: &DecisionDiagrams,
        formula: &Formula,
    ) -> Result<Shown, TooLarge> {
        let parts: Vec<&Formula> = match formula {
            Formula::All(parts) => parts.iter().collect(),
            other => vec![other],
        };
        let mut regions = Vec::new();
        for part in parts {
            regions.push(crate::diagrams::formula_region(self.space, self.diagrams, part)?);
        }
        let world = self.space.world(0).clone();
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
            let (cases, more) = self.space.cases(region, &world, MOST_CASES)?;
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
        let Some(last) = core.last() else { return Ok(Shown { region: words, found: None }) };
        let others: Vec<usize> = (0..regions.len()).filter(|one| one != last).collect();
        let near = all(&others)?;
        let found = match self.find(&near, decision, &mut |_, _| true) {
            Found::Witness(witness, case) => Some(Rough {
                witness: *witness,
                decision: decision.id,
                asked: self.facts_of(&case),
                status: None,
            }),
            _ => None,
        };
        Ok(Shown { region: words, found })
    }
}

impl RuleSeen {
    /// Notes that it was asked about on some days; gives whether there was one on which it was not before.
    fn note(&mut self, days: &[Interval]) -> bool {
        let before = self.days.len();
        for one in days {
            if !self.days.contains(one) {
                self.days.push(*one);
            }
        }
        self.days.len() > before
    }
}

impl Asked<'_> {
    /// What never happened to a rule, on any day.
    pub(super) fn finish_rules(
        &mut self,
        program: &Program,
        functions: &dyn Functions,
        options: &Options,
    ) {
        let rules = std::mem::take(&mut self.rules).into_iter();
        let gaps = std::mem::take(&mut self.gaps).into_iter();
        let rules = rules.map(|(id, seen)| (Subject::Rules(vec![id]), seen));
        let gaps = gaps.map(|(id, seen)| (Subject::NotModelled(id), seen));
        for (subject, seen) in rules.chain(gaps) {
            if !seen.held && !seen.days.is_empty() {
                let shown = self.finish_rule(subject, seen);
                if let Some((key, shown)) = shown {
                    let example = shown
                        .found
                        .and_then(|rough| self.example(program, functions, options, &rough));
                    if let Some(finding) = self.findings.get_mut(&key) {
                        finding.example = example;
                    }
                }
            }
        }
    }

    /// A small transaction that shows the same.
    fn example(
        &mut self,
        program: &Program,
        functions: &dyn Functions,
        options: &Options,
        rough: &Rough,
    ) -> Option<Example> {
        let day = rough.witness.days.values().next().copied()?;
        let one_day = Interval { from: Some(day), until: day.tomorrow().ok() };
        let mut side = Side::over(program, functions, &one_day).ok()?.pop()?;
        side.proposals.clone_from(&options.proposals);
        let about = self.closure(rough.decision);
        let mut witness = rough.witness.clone();
        witness.days = [(side.calendar, day)].into_iter().collect();
        let side = &side;
        let confirm = &mut |witness: &Witness| match &rough.status {
            None => true,
            Some((rule, wanted)) => {
                status(&witness.decide_these(side, &about), *rule) == Some(wanted)
            }
        };
        let (sides, asked) = (vec![side], &rough.asked);
        let small = match rough.status {
            // What comes near is shown by what it is asked for, and needs no more.
            None => {
                witness.facts.retain(|path, _| asked.contains(path));
                witness
            }
            Some(_) => Shrinking { sides, about: &about, asked, confirm }.shrink(witness),
        };
        // What is only near decides nothing.
        let about = rough.status.as_ref().map(|_| about).unwrap_or_default();
        Some(Example::new(side, &small, &about))
    }

    fn finish_rule(&mut self, subject: Subject, mut seen: RuleSeen) -> Option<(Key, Shown)> {
        let kind = if seen.applied {
            FindingKind::AlwaysDefeated
        } else if seen.own {
            FindingKind::NothingToExcept
        } else {
            FindingKind::NeverApplies
        };
        let days = merged(std::mem::take(&mut seen.days));
        if let Some(gave) = seen.unsure.values().next() {
            self.undecided(kind, subject, None, &days, *gave);
            return None;
        }
        let shown = seen.shown.remove(&kind).unwrap_or_default();
        let key = (kind, subject.clone(), None);
        let (region, example) = (shown.region.clone(), None);
        let finding =
            Finding { kind, subject, decision: None, region, days, example, accepted: None };
        self.findings.insert(key.clone(), finding);
        Some((key, shown))
    }
}
