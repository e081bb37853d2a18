//! Which rules hold, and every way in which the open ones could be settled.
//!
//! A rule holds if it has force on the day and under the readings, its condition is true, and no
//! exception to it holds. Where its own part (all but the exceptions) is unknown, the rule is free:
//! it is settled both ways, and what the exceptions then do follows. Rules that defeat one another,
//! directly or through others, form a component; components are settled one by one.

use std::collections::{BTreeMap, BTreeSet};

use exeat_hir::{
    ConditionTrace, Decision, DecisionId, Force, ModuleStatus, Possible, RuleId, RuleStatus,
};
use exeat_model::{Truth, Value};

use crate::combine::Contribution;
use crate::condition::{judge, unknown_of};
use crate::expression::value;
use crate::machine::{Machine, Unknown};

/// How many free rules of one component are settled in every combination. Beyond it each open rule
/// is taken as holding or not on its own: more outcomes may be called possible, never fewer.
const MOST_FREE_RULES: usize = 12;
/// How many different contributions are kept apart.
const MOST_CONTRIBUTIONS: usize = 4096;

/// A rule for one decision, before exceptions.
pub(crate) struct Own {
    pub(crate) truth: Truth,
    /// Why it is false, if it is.
    pub(crate) refused: Option<RuleStatus>,
    pub(crate) condition: Option<ConditionTrace>,
    pub(crate) unknown: Unknown,
    pub(crate) value: Option<Value>,
    pub(crate) concludes: bool,
}

/// All rules for one decision, settled.
pub(crate) struct Settled {
    pub(crate) own: BTreeMap<RuleId, Own>,
    pub(crate) status: BTreeMap<RuleId, RuleStatus>,
    pub(crate) possible: BTreeSet<Possible>,
    /// The free rules whose settlement can change the outcome.
    pub(crate) decisive: Vec<RuleId>,
}

/// Settles all rules for a decision.
pub(crate) fn settle(machine: &mut Machine<'_>, id: DecisionId, decision: &Decision) -> Settled {
    let own: BTreeMap<RuleId, Own> =
        relevant(machine, id).into_iter().map(|rule| (rule, own_part(machine, rule, id))).collect();
    let mut status = BTreeMap::new();
    let mut parts: Vec<(Vec<RuleId>, BTreeSet<Contribution>)> = Vec::new();
    for component in components(machine, &own) {
        let settled = settle_component(machine, &own, &component, decision, None);
        status.extend(settled.status);
        parts.push((component, settled.contributions));
    }
    let all: Vec<&BTreeSet<Contribution>> =
        parts.iter().map(|(_, contributions)| contributions).collect();
    let possible = outcomes(&all, decision);
    let mut decisive = Vec::new();
    if possible.len() > 1 {
        for (at, (component, _)) in parts.iter().enumerate() {
            for rule in component
                .iter()
                .filter(|rule| own.get(rule).is_some_and(|own| own.truth == Truth::Unknown))
            {
                let forced = |truth| {
                    let one =
                        settle_component(machine, &own, component, decision, Some((*rule, truth)))
                            .contributions;
                    let replaced: Vec<&BTreeSet<Contribution>> = all
                        .iter()
                        .enumerate()
                        .map(|(other, set)| if other == at { &one } else { *set })
                        .collect();
                    outcomes(&replaced, decision)
                };
                if forced(true) != forced(false) {
                    decisive.push(*rule);
                }
            }
        }
    }
    Settled { own, status, possible, decisive }
}

/// The rules with a conclusion for the decision, and all that defeats them, directly or not.
fn relevant(machine: &Machine<'_>, decision: DecisionId) -> BTreeSet<RuleId> {
    let mut found: BTreeSet<RuleId> = BTreeSet::new();
    let mut queue: Vec<RuleId> = machine
        .hir
        .rules
        .iter()
        .filter(|(_, rule)| {
            rule.conclusions.iter().any(|conclusion| conclusion.decision == decision)
        })
        .map(|(id, _)| id)
        .collect();
    while let Some(id) = queue.pop() {
        if found.insert(id)
            && let Some(rule) = machine.hir.rules.get(id)
        {
            queue.extend(rule.defeated_by.iter().copied());
        }
    }
    found
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

fn own_part(machine: &mut Machine<'_>, id: RuleId, decision: DecisionId) -> Own {
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
    let status = hir.modules.get(rule.module).map_or(ModuleStatus::InForce, |module| module.status);
    if status == ModuleStatus::Proposal && !machine.request.proposals.contains(&rule.module) {
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
        let judged = judge(machine, when);
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
            Err(why) => own.unknown.join(why),
        }
    }
    own
}

/// The rules in groups that no defeat crosses.
fn components(machine: &Machine<'_>, own: &BTreeMap<RuleId, Own>) -> Vec<Vec<RuleId>> {
    let mut neighbours: BTreeMap<RuleId, BTreeSet<RuleId>> = BTreeMap::new();
    for id in own.keys() {
        for exception in exceptions(machine, own, *id) {
            neighbours.entry(*id).or_default().insert(exception);
            neighbours.entry(exception).or_default().insert(*id);
        }
    }
    let mut seen: BTreeSet<RuleId> = BTreeSet::new();
    let mut found = Vec::new();
    for start in own.keys() {
        let mut component = BTreeSet::new();
        let mut queue = vec![*start];
        while let Some(id) = queue.pop() {
            if seen.insert(id) {
                component.insert(id);
                queue.extend(neighbours.get(&id).into_iter().flatten().copied());
            }
        }
        if !component.is_empty() {
            found.push(component.into_iter().collect());
        }
    }
    found
}

/// The exceptions to a rule that may hold.
fn exceptions(machine: &Machine<'_>, own: &BTreeMap<RuleId, Own>, id: RuleId) -> Vec<RuleId> {
    let defeated_by = machine.hir.rules.get(id).map_or(&[][..], |rule| rule.defeated_by.as_slice());
    defeated_by
        .iter()
        .copied()
        .filter(|id| own.get(id).is_some_and(|own| own.truth != Truth::False))
        .collect()
}

struct Component {
    status: BTreeMap<RuleId, RuleStatus>,
    contributions: BTreeSet<Contribution>,
}

fn settle_component(
    machine: &Machine<'_>,
    own: &BTreeMap<RuleId, Own>,
    component: &[RuleId],
    decision: &Decision,
    forced: Option<(RuleId, bool)>,
) -> Component {
    let truth_of = |id: &RuleId| match forced {
        Some((rule, truth)) if rule == *id => Truth::from(truth),
        _ => own.get(id).map_or(Truth::False, |own| own.truth),
    };
    let free: Vec<RuleId> =
        component.iter().copied().filter(|id| truth_of(id) == Truth::Unknown).collect();
    let mut contributions = BTreeSet::new();
    let mut seen: BTreeMap<RuleId, BTreeSet<Truth>> = BTreeMap::new();
    if free.len() <= MOST_FREE_RULES {
        let combinations =
            1_u32.checked_shl(u32::try_from(free.len()).unwrap_or(u32::MAX)).unwrap_or(1);
        for bits in 0..combinations {
            let assigned = |id: &RuleId| match free.iter().position(|rule| rule == id) {
                Some(at) => Truth::from(
                    bits.checked_shr(u32::try_from(at).unwrap_or(0)).unwrap_or(0) & 1 == 1,
                ),
                None => truth_of(id),
            };
            let mut holds = BTreeMap::new();
            for id in component {
                let truth = holding(machine, own, *id, &assigned, &mut holds);
                seen.entry(*id).or_default().insert(truth);
            }
            let contribution = component
                .iter()
                .filter(|id| holds.get(*id) == Some(&Truth::True))
                .filter_map(|id| own.get(id).filter(|own| own.concludes))
                .fold(Contribution::default(), |sum, own| {
                    sum.with(&Contribution::of(own.value.clone()), decision.combine)
                });
            contributions.insert(contribution);
        }
    } else {
        contributions.insert(Contribution::default());
        let mut holds = BTreeMap::new();
        for id in component {
            let truth = holding(machine, own, *id, &|id: &RuleId| truth_of(id), &mut holds);
            seen.entry(*id).or_default().insert(truth);
            let Some(own) = own.get(id).filter(|own| own.concludes && truth != Truth::False) else {
                continue;
            };
            let one = Contribution::of(own.value.clone());
            let with = contributions.iter().map(|sum| sum.with(&one, decision.combine));
            contributions = if truth == Truth::True {
                with.collect()
            } else {
                with.chain(contributions.iter().cloned()).collect()
            };
        }
    }
    let status = component.iter().map(|id| (*id, status_of(machine, own, *id, &seen))).collect();
    Component { status, contributions }
}

/// Whether a rule holds, exceptions included.
fn holding(
    machine: &Machine<'_>,
    own: &BTreeMap<RuleId, Own>,
    id: RuleId,
    truth_of: &dyn Fn(&RuleId) -> Truth,
    known: &mut BTreeMap<RuleId, Truth>,
) -> Truth {
    if let Some(truth) = known.get(&id) {
        return *truth;
    }
    // Checked programs have no circle of exceptions; in a hand-made one this entry breaks it.
    known.insert(id, Truth::False);
    let mut truth = truth_of(&id);
    for exception in exceptions(machine, own, id) {
        truth = truth.and(!holding(machine, own, exception, truth_of, known));
    }
    known.insert(id, truth);
    truth
}

fn status_of(
    machine: &Machine<'_>,
    own: &BTreeMap<RuleId, Own>,
    id: RuleId,
    seen: &BTreeMap<RuleId, BTreeSet<Truth>>,
) -> RuleStatus {
    let always = |id: &RuleId, truth: Truth| {
        seen.get(id).is_some_and(|seen| seen.len() == 1 && seen.contains(&truth))
    };
    let Some(part) = own.get(&id) else { return RuleStatus::NotInForce };
    if always(&id, Truth::True) {
        return RuleStatus::Holds;
    }
    if let Some(refused) = part.refused.clone().filter(|_| part.truth == Truth::False) {
        return refused;
    }
    if always(&id, Truth::False) {
        let all = exceptions(machine, own, id);
        let certain: Vec<RuleId> =
            all.iter().copied().filter(|id| always(id, Truth::True)).collect();
        return RuleStatus::DefeatedBy(if certain.is_empty() { all } else { certain });
    }
    RuleStatus::Open
}

/// All outcomes that the contributions of the components can make together.
fn outcomes(parts: &[&BTreeSet<Contribution>], decision: &Decision) -> BTreeSet<Possible> {
    let mut sums = BTreeSet::from([Contribution::default()]);
    for part in parts {
        let mut next = BTreeSet::new();
        for sum in &sums {
            for one in *part {
                next.insert(sum.with(one, decision.combine));
            }
        }
        if next.len() > MOST_CONTRIBUTIONS {
            // Only `collect` can come here: too many sets to tell apart.
            return BTreeSet::from([Possible::Error]);
        }
        sums = next;
    }
    sums.iter().map(|sum| sum.settle(decision)).collect()
}
