//! Which rules hold, and every way in which the open ones could be settled.
//!
//! A rule *applies* if its own part is true and, where it is an exception, one of the rules that it
//! is an exception to applies. It *holds* if it applies and no exception to it holds. Where the own
//! part is unknown, the rule is *free*: it is settled both ways, and the rest follows from it. Rules
//! that defeat one another, directly or through others, form a component; components are settled one
//! by one, and what they contribute is joined.
//!
//! There is one over-approximation: in a component with more than [`MOST_FREE_RULES`] free rules each
//! open rule is taken as holding or not on its own. More outcomes may be called possible then, never
//! fewer.

use std::collections::{BTreeMap, BTreeSet};

use exeat_hir::{Decision, DecisionId, Possible, RuleId, RuleStatus};
use exeat_model::Truth;

use crate::combine::{Contribution, in_outline, joined};
use crate::machine::Machine;
use crate::rules::{Own, own_part, relevant};

/// How many free rules of one component are settled in every combination.
const MOST_FREE_RULES: usize = 12;
/// How many different contributions are kept apart. Where there are more, only an outline is given,
/// with an error that says so.
const MOST_CONTRIBUTIONS: usize = 1024;

/// All rules for one decision, settled.
pub(crate) struct Settled {
    pub(crate) own: BTreeMap<RuleId, Own>,
    pub(crate) status: BTreeMap<RuleId, RuleStatus>,
    pub(crate) possible: BTreeSet<Possible>,
    /// Whether more is possible than `possible` lists.
    pub(crate) cut: bool,
    /// The free rules whose settlement can change the outcome.
    pub(crate) decisive: BTreeSet<RuleId>,
}

/// The rules for a decision, with who defeats whom among those that may hold.
struct Graph<'a> {
    own: &'a BTreeMap<RuleId, Own>,
    defeated_by: BTreeMap<RuleId, Vec<RuleId>>,
    exception_to: BTreeMap<RuleId, &'a [RuleId]>,
    /// Rules that apply in no way in which the free ones can be settled.
    idle: BTreeSet<RuleId>,
    decision: &'a Decision,
}

/// The truths that rules had over all ways to settle the free ones.
type Seen = BTreeMap<RuleId, BTreeSet<Truth>>;

struct Component {
    rules: Vec<RuleId>,
    seen: Seen,
    applying: Seen,
    contributions: BTreeSet<Contribution>,
    /// For each free rule that was settled in every combination: the contributions with it false, and
    /// with it true.
    by_choice: BTreeMap<RuleId, [BTreeSet<Contribution>; 2]>,
    cut: bool,
}

/// Settles all rules for a decision.
pub(crate) fn settle(machine: &mut Machine<'_>, id: DecisionId, decision: &Decision) -> Settled {
    let own: BTreeMap<RuleId, Own> = relevant(machine, id, true)
        .into_iter()
        .map(|rule| (rule, own_part(machine, rule, id)))
        .collect();
    let graph = Graph::new(machine, &own, decision);
    let components: Vec<Component> =
        graph.components().into_iter().map(|rules| graph.settle(rules, None)).collect();
    let parts: Vec<&BTreeSet<Contribution>> =
        components.iter().map(|component| &component.contributions).collect();
    let sums = joined(&parts, decision.combine, MOST_CONTRIBUTIONS)
        .filter(|_| !components.iter().any(|component| component.cut));
    let cut = sums.is_none();
    let possible = match sums {
        Some(sums) => sums.iter().map(|sum| sum.settle(decision)).collect(),
        None => in_outline(&parts, decision),
    };
    let mut decisive = BTreeSet::new();
    if possible.len() > 1 {
        if !cut {
            decisive = graph.decisive(&components, &parts);
        }
        if decisive.is_empty() {
            // No free rule turns the outcome alone; it takes several, and any may be one of them.
            let open = components.iter().filter(|component| component.contributions.len() > 1);
            decisive = open.flat_map(|component| graph.free(&component.rules, None)).collect();
        }
    }
    let (mut seen, mut applying) = (Seen::new(), Seen::new());
    for component in components {
        seen.extend(component.seen);
        applying.extend(component.applying);
    }
    let status = own.keys().map(|id| (*id, graph.status(*id, &seen, &applying))).collect();
    Settled { own, status, possible, cut, decisive }
}

impl<'a> Graph<'a> {
    fn new(machine: &Machine<'a>, own: &'a BTreeMap<RuleId, Own>, decision: &'a Decision) -> Self {
        let rules = || own.keys().filter_map(|id| Some((*id, machine.hir.rules.get(*id)?)));
        let exception_to = rules()
            .filter(|(_, rule)| !rule.exception_to.is_empty())
            .map(|(id, rule)| (id, rule.exception_to.as_slice()))
            .collect();
        let (defeated_by, idle) = (BTreeMap::new(), BTreeSet::new());
        let mut graph = Self { own, defeated_by, exception_to, idle, decision };
        let mut applying = BTreeMap::new();
        for id in own.keys() {
            graph.applies(*id, &|id| graph.truth(id, None), &mut applying);
        }
        applying.retain(|_, truth| *truth == Truth::False);
        graph.idle = applying.into_keys().collect();
        let may_hold = |id: &RuleId| own.contains_key(id) && !graph.idle.contains(id);
        graph.defeated_by = rules()
            .map(|(id, rule)| (id, rule.defeated_by.iter().copied().filter(may_hold).collect()))
            .collect();
        graph
    }

    fn exceptions(&self, id: RuleId) -> &[RuleId] {
        self.defeated_by.get(&id).map_or(&[], Vec::as_slice)
    }

    /// The rules in groups that no defeat crosses.
    fn components(&self) -> Vec<Vec<RuleId>> {
        let mut neighbours: BTreeMap<RuleId, BTreeSet<RuleId>> = BTreeMap::new();
        for id in self.own.keys() {
            for exception in self.exceptions(*id) {
                neighbours.entry(*id).or_default().insert(*exception);
                neighbours.entry(*exception).or_default().insert(*id);
            }
        }
        let mut seen: BTreeSet<RuleId> = BTreeSet::new();
        let mut found = Vec::new();
        for start in self.own.keys() {
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

    fn truth(&self, id: RuleId, forced: Option<(RuleId, bool)>) -> Truth {
        match forced {
            Some((rule, truth)) if rule == id => Truth::from(truth),
            _ if self.idle.contains(&id) => Truth::False,
            _ => self.own.get(&id).map_or(Truth::False, |own| own.truth),
        }
    }

    fn free(&self, rules: &[RuleId], forced: Option<(RuleId, bool)>) -> Vec<RuleId> {
        let open = |id: &RuleId| self.truth(*id, forced) == Truth::Unknown;
        rules.iter().copied().filter(open).collect()
    }

    /// Settles a component in every way, with one free rule forced to a truth if asked.
    fn settle(&self, rules: Vec<RuleId>, forced: Option<(RuleId, bool)>) -> Component {
        let free = self.free(&rules, forced);
        let mut component = Component {
            rules,
            seen: Seen::new(),
            applying: Seen::new(),
            contributions: BTreeSet::new(),
            by_choice: BTreeMap::new(),
            cut: false,
        };
        if free.len() > MOST_FREE_RULES || forced.is_some() {
            self.settle_each_alone(&mut component, forced);
            return component;
        }
        let combinations = 1_u32.checked_shl(u32::try_from(free.len()).unwrap_or(0)).unwrap_or(1);
        let mut numbers: BTreeMap<Contribution, usize> = BTreeMap::new();
        let mut chosen: Vec<[BTreeSet<usize>; 2]> = vec![Default::default(); free.len()];
        for bits in 0..combinations {
            let mut rest = bits;
            let mut assigned: BTreeMap<RuleId, Truth> = BTreeMap::new();
            for id in &free {
                assigned.insert(*id, Truth::from(rest & 1 == 1));
                rest >>= 1;
            }
            let own = |id| assigned.get(&id).copied().unwrap_or_else(|| self.truth(id, forced));
            let (mut applying, mut holds) = (BTreeMap::new(), BTreeMap::new());
            let mut sum = Contribution::default();
            for id in &component.rules {
                let truth = self.holding(*id, &own, &mut applying, &mut holds);
                let applies = applying.get(id).copied().unwrap_or(Truth::False);
                component.applying.entry(*id).or_default().insert(applies);
                component.seen.entry(*id).or_default().insert(truth);
                if let Some(one) = self.contribution(*id).filter(|_| truth == Truth::True) {
                    sum = sum.with(&one, self.decision.combine);
                }
            }
            // Most combinations come to what another has come to already.
            let next = numbers.len();
            let number = *numbers.entry(sum).or_insert(next);
            for (at, seen) in chosen.iter_mut().enumerate() {
                let choice = usize::from(bits >> at & 1 == 1);
                if let Some(seen) = seen.get_mut(choice) {
                    seen.insert(number);
                }
            }
        }
        let of_number: BTreeMap<usize, &Contribution> =
            numbers.iter().map(|(contribution, number)| (*number, contribution)).collect();
        for (id, seen) in free.iter().zip(chosen) {
            let contributions = seen.map(|numbers| {
                numbers.iter().filter_map(|one| of_number.get(one).copied().cloned()).collect()
            });
            component.by_choice.insert(*id, contributions);
        }
        component.contributions = numbers.into_keys().collect();
        component
    }

    /// The over-approximation for large components: each open rule holds or not on its own.
    fn settle_each_alone(&self, component: &mut Component, forced: Option<(RuleId, bool)>) {
        let combine = self.decision.combine;
        let (mut applying, mut holds) = (BTreeMap::new(), BTreeMap::new());
        let mut certain = Contribution::default();
        let mut open: BTreeSet<Contribution> = BTreeSet::new();
        for id in &component.rules {
            let own = |id| self.truth(id, forced);
            let truth = self.holding(*id, &own, &mut applying, &mut holds);
            let applies = applying.get(id).copied().unwrap_or(Truth::False);
            component.applying.entry(*id).or_default().insert(applies);
            component.seen.entry(*id).or_default().insert(truth);
            match (truth, self.contribution(*id)) {
                (Truth::True, Some(one)) => certain = certain.with(&one, combine),
                (Truth::Unknown, Some(one)) => {
                    open.insert(one);
                }
                _ => {}
            }
        }
        let ways: Vec<BTreeSet<Contribution>> = open
            .iter()
            .map(|one| BTreeSet::from([Contribution::default(), one.clone()]))
            .chain([BTreeSet::from([certain.clone()])])
            .collect();
        let sums = joined(&ways.iter().collect::<Vec<_>>(), combine, MOST_CONTRIBUTIONS);
        component.cut = sums.is_none();
        component.contributions = sums.unwrap_or_else(|| {
            let with_one = open.iter().map(|one| certain.with(one, combine));
            let all = open.iter().fold(certain.clone(), |sum, one| sum.with(one, combine));
            with_one.chain([certain.clone(), all]).collect()
        });
    }

    fn contribution(&self, id: RuleId) -> Option<Contribution> {
        let own = self.own.get(&id).filter(|own| own.concludes)?;
        Some(Contribution::of(own.value.clone()))
    }

    /// Whether a rule applies: by itself and, for an exception, because there is something to except.
    fn applies(
        &self,
        id: RuleId,
        own: &dyn Fn(RuleId) -> Truth,
        known: &mut BTreeMap<RuleId, Truth>,
    ) -> Truth {
        if let Some(truth) = known.get(&id) {
            return *truth;
        }
        // Checked programs have no circle of exceptions; in a hand-made one this entry breaks it.
        known.insert(id, Truth::False);
        let mut truth = own(id);
        if let Some(excepted) = self.exception_to.get(&id).filter(|_| truth != Truth::False) {
            let mut any = Truth::False;
            for other in *excepted {
                any = any.or(self.applies(*other, own, known));
            }
            truth = truth.and(any);
        }
        known.insert(id, truth);
        truth
    }

    /// Whether a rule holds, exceptions included.
    fn holding(
        &self,
        id: RuleId,
        own: &dyn Fn(RuleId) -> Truth,
        applying: &mut BTreeMap<RuleId, Truth>,
        known: &mut BTreeMap<RuleId, Truth>,
    ) -> Truth {
        if let Some(truth) = known.get(&id) {
            return *truth;
        }
        known.insert(id, Truth::False);
        let mut truth = self.applies(id, own, applying);
        for exception in self.exceptions(id) {
            truth = truth.and(!self.holding(*exception, own, applying, known));
        }
        known.insert(id, truth);
        truth
    }

    /// The free rules with which, forced one way and the other, different outcomes are possible.
    fn decisive(
        &self,
        components: &[Component],
        parts: &[&BTreeSet<Contribution>],
    ) -> BTreeSet<RuleId> {
        let combine = self.decision.combine;
        let mut decisive = BTreeSet::new();
        for (at, component) in components.iter().enumerate() {
            let free = self.free(&component.rules, None);
            if free.is_empty() {
                continue;
            }
            let others: Vec<&BTreeSet<Contribution>> = parts
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != at)
                .map(|(_, part)| *part)
                .collect();
            let others = joined(&others, combine, MOST_CONTRIBUTIONS);
            for rule in free {
                let with = |truth: bool| {
                    let forced;
                    let one = if let Some(choices) = component.by_choice.get(&rule) {
                        choices.get(usize::from(truth))?
                    } else {
                        // Too many to be settled in every combination: in outline, as before.
                        forced = self.settle(component.rules.clone(), Some((rule, truth)));
                        &forced.contributions
                    };
                    let sums = joined(&[one, others.as_ref()?], combine, usize::MAX)?;
                    Some(sums.iter().map(|sum| sum.settle(self.decision)).collect::<BTreeSet<_>>())
                };
                let (if_so, if_not) = (with(true), with(false));
                if if_so.is_none() || if_so != if_not {
                    decisive.insert(rule);
                }
            }
        }
        decisive
    }

    /// How a rule fared, over all ways to settle the free ones.
    fn status(&self, id: RuleId, seen: &Seen, applying: &Seen) -> RuleStatus {
        let only = |seen: &Seen, id: RuleId, truth: Truth| {
            seen.get(&id).is_some_and(|seen| seen.len() == 1 && seen.contains(&truth))
        };
        let always = |id: RuleId, truth: Truth| only(seen, id, truth);
        let Some(own) = self.own.get(&id) else { return RuleStatus::NotInForce };
        if always(id, Truth::True) {
            return RuleStatus::Holds;
        }
        if let Some(refused) = own.refused.clone().filter(|_| own.truth == Truth::False) {
            return refused;
        }
        if only(applying, id, Truth::False) {
            return RuleStatus::NothingToExcept;
        }
        if always(id, Truth::False) {
            let all = self.exceptions(id);
            let certain: Vec<RuleId> =
                all.iter().copied().filter(|id| always(*id, Truth::True)).collect();
            // One of several open exceptions is sure to hold: all of them are named.
            return RuleStatus::DefeatedBy(if certain.is_empty() { all.to_vec() } else { certain });
        }
        RuleStatus::Open
    }
}
