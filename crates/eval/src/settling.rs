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
use crate::rules::{Own, own_part};

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

/// The rules for a decision, with who defeats whom among those that may hold. Rules go by their places in
/// the order of their ids.
struct Graph<'a> {
    rules: Vec<(RuleId, &'a Own)>,
    /// Their truths; those that apply in no way in which the free ones can be settled are false.
    truths: Vec<Truth>,
    /// Whether they apply in some way.
    idle: Vec<bool>,
    defeated_by: Vec<Vec<usize>>,
    /// For exceptions, to what.
    exception_to: Vec<Option<Vec<usize>>>,
    /// What each gives where it holds.
    contributions: Vec<Option<Contribution>>,
    decision: &'a Decision,
}

/// The truths that a rule had over all ways to settle the free ones.
#[derive(Clone, Copy, Default)]
struct Seen {
    yes: bool,
    no: bool,
    open: bool,
}

impl Seen {
    const NEVER: Self = Self { yes: false, no: true, open: false };

    fn add(&mut self, truth: Truth) {
        match truth {
            Truth::True => self.yes = true,
            Truth::False => self.no = true,
            Truth::Unknown => self.open = true,
        }
    }

    fn always(self) -> bool {
        self.yes && !self.no && !self.open
    }

    fn never(self) -> bool {
        self.no && !self.yes && !self.open
    }
}

/// What is worked out for one way to settle the free rules, each time anew: an entry counts if it is of
/// this round.
struct Way {
    truths: Vec<Truth>,
    round: u32,
    applying: Vec<(u32, Truth)>,
    holding: Vec<(u32, Truth)>,
}

struct Component {
    rules: Vec<usize>,
    /// Of each of its rules whether it held, and whether it applied.
    seen: Vec<[Seen; 2]>,
    contributions: BTreeSet<Contribution>,
    /// Where the free rules were settled in every combination.
    combinations: Option<Combinations>,
    cut: bool,
}

impl Component {
    fn of(rules: Vec<usize>) -> Self {
        Self {
            seen: vec![[Seen::default(); 2]; rules.len()],
            rules,
            contributions: BTreeSet::new(),
            combinations: None,
            cut: false,
        }
    }

    /// The same rules, not settled.
    fn outline(&self) -> Self {
        Self::of(self.rules.clone())
    }
}

/// What every way to settle some rules comes to.
struct Combinations {
    free: Vec<usize>,
    /// For each combination of truths, read as a binary number, which of the contributions it is.
    numbers: Vec<usize>,
    contributions: Vec<Contribution>,
}

impl Combinations {
    /// The contributions with a free rule settled in one way; none if it is not among them.
    fn with(&self, rule: usize, truth: bool) -> Option<BTreeSet<Contribution>> {
        let at = self.free.iter().position(|free| *free == rule)?;
        let so = |bits: usize| (bits >> at & 1 == 1) == truth;
        let numbers: BTreeSet<usize> = self
            .numbers
            .iter()
            .enumerate()
            .filter(|(bits, _)| so(*bits))
            .map(|(_, n)| *n)
            .collect();
        Some(numbers.into_iter().filter_map(|n| self.contributions.get(n).cloned()).collect())
    }
}

/// Settles all rules for a decision.
pub(crate) fn settle(machine: &mut Machine<'_>, id: DecisionId, decision: &Decision) -> Settled {
    let rules = machine.index();
    let own: BTreeMap<RuleId, Own> =
        rules.settled_for(id).iter().map(|rule| (*rule, own_part(machine, *rule, id))).collect();
    let graph = Graph::new(machine, &own, decision);
    let (components, some_idle) = graph.components();
    let components: Vec<Component> =
        components.into_iter().map(|rules| graph.settle(rules)).collect();
    let nothing = BTreeSet::from([Contribution::default()]);
    let parts: Vec<&BTreeSet<Contribution>> = components
        .iter()
        .map(|component| &component.contributions)
        .chain(some_idle.then_some(&nothing))
        .collect();
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
            decisive = open.flat_map(|component| graph.free(&component.rules)).collect();
        }
    }
    let decisive = decisive.into_iter().filter_map(|at| graph.id(at)).collect();
    // Rules that never apply are in no component.
    let mut seen = vec![[Seen::NEVER; 2]; own.len()];
    for component in &components {
        for (at, truths) in component.rules.iter().zip(&component.seen) {
            if let Some(seen) = seen.get_mut(*at) {
                *seen = *truths;
            }
        }
    }
    let status = graph
        .rules
        .iter()
        .enumerate()
        .map(|(at, (id, _))| (*id, graph.status(at, &seen)))
        .collect();
    Settled { own, status, possible, cut, decisive }
}

impl<'a> Graph<'a> {
    fn new(machine: &Machine<'_>, own: &'a BTreeMap<RuleId, Own>, decision: &'a Decision) -> Self {
        let place: BTreeMap<RuleId, usize> =
            own.keys().enumerate().map(|(at, id)| (*id, at)).collect();
        let places = |ids: &[RuleId]| ids.iter().filter_map(|id| place.get(id).copied()).collect();
        let found = || own.keys().map(|id| machine.hir.rules.get(*id));
        let exception_to = found().map(|rule| {
            rule.filter(|rule| !rule.exception_to.is_empty()).map(|rule| places(&rule.exception_to))
        });
        let contribution = |own: &Own| own.concludes.then(|| Contribution::of(own.value.clone()));
        let mut graph = Self {
            rules: own.iter().map(|(id, own)| (*id, own)).collect(),
            truths: own.values().map(|own| own.truth).collect(),
            idle: Vec::new(),
            defeated_by: Vec::new(),
            exception_to: exception_to.collect(),
            contributions: own.values().map(contribution).collect(),
            decision,
        };
        let mut way = graph.way(None);
        graph.idle = (0..own.len()).map(|at| graph.applies(at, &mut way) == Truth::False).collect();
        for (truth, _) in graph.truths.iter_mut().zip(&graph.idle).filter(|(_, idle)| **idle) {
            *truth = Truth::False;
        }
        graph.defeated_by = found()
            .map(|rule| {
                let mut exceptions: Vec<usize> =
                    rule.map_or_else(Vec::new, |rule| places(&rule.defeated_by));
                exceptions.retain(|at| !graph.is_idle(*at));
                exceptions
            })
            .collect();
        graph
    }

    fn id(&self, at: usize) -> Option<RuleId> {
        self.rules.get(at).map(|(id, _)| *id)
    }

    fn is_idle(&self, at: usize) -> bool {
        self.idle.get(at).copied().unwrap_or(true)
    }

    fn exceptions(&self, at: usize) -> &[usize] {
        self.defeated_by.get(at).map_or(&[], Vec::as_slice)
    }

    /// The rules in groups that no defeat crosses, but for those that never apply and have no exception
    /// that may; whether there are such.
    fn components(&self) -> (Vec<Vec<usize>>, bool) {
        let mut neighbours: Vec<Vec<usize>> = self.defeated_by.clone();
        for (at, exceptions) in self.defeated_by.iter().enumerate() {
            for exception in exceptions {
                if let Some(neighbours) = neighbours.get_mut(*exception) {
                    neighbours.push(at);
                }
            }
        }
        let alone = |at: usize| self.is_idle(at) && self.exceptions(at).is_empty();
        let mut seen: Vec<bool> = (0..self.rules.len()).map(alone).collect();
        let some_alone = seen.contains(&true);
        let mut found = Vec::new();
        for start in 0..self.rules.len() {
            let mut component = Vec::new();
            let mut queue = vec![start];
            while let Some(at) = queue.pop() {
                if let Some(seen) = seen.get_mut(at).filter(|seen| !**seen) {
                    *seen = true;
                    component.push(at);
                    queue.extend(neighbours.get(at).into_iter().flatten());
                }
            }
            if !component.is_empty() {
                component.sort_unstable();
                found.push(component);
            }
        }
        (found, some_alone)
    }

    /// The truths by which the rules are settled, with one free rule forced to a truth if asked.
    fn way(&self, forced: Option<(usize, bool)>) -> Way {
        let mut truths = self.truths.clone();
        if let Some((at, truth)) = forced
            && let Some(forced) = truths.get_mut(at)
        {
            *forced = Truth::from(truth);
        }
        let unknown = vec![(0, Truth::False); truths.len()];
        Way { truths, round: 1, applying: unknown.clone(), holding: unknown }
    }

    fn free(&self, rules: &[usize]) -> Vec<usize> {
        let open = |at: &usize| self.truths.get(*at) == Some(&Truth::Unknown);
        rules.iter().copied().filter(open).collect()
    }

    /// Settles a component in every way.
    fn settle(&self, rules: Vec<usize>) -> Component {
        let free = self.free(&rules);
        let mut component = Component::of(rules);
        if free.len() > MOST_FREE_RULES {
            self.settle_each_alone(&mut component);
            return component;
        }
        let mut way = self.way(None);
        let count = 1_usize.checked_shl(u32::try_from(free.len()).unwrap_or(0)).unwrap_or(1);
        let mut known: BTreeMap<Contribution, usize> = BTreeMap::new();
        // Most combinations let the same rules hold as another did.
        let mut by_holding: BTreeMap<Vec<usize>, usize> = BTreeMap::new();
        let mut numbers = Vec::with_capacity(count);
        for bits in 0..count {
            for (at, rule) in free.iter().enumerate() {
                if let Some(truth) = way.truths.get_mut(*rule) {
                    *truth = Truth::from(bits >> at & 1 == 1);
                }
            }
            way.round = way.round.saturating_add(1);
            let mut holding = Vec::new();
            for (at, seen) in component.rules.iter().zip(&mut component.seen) {
                let truth = self.holds(*at, &mut way);
                let [held, applied] = seen;
                held.add(truth);
                applied.add(self.applies(*at, &mut way));
                if truth == Truth::True && self.contribution(*at).is_some() {
                    holding.push(*at);
                }
            }
            let number = if let Some(number) = by_holding.get(&holding) {
                *number
            } else {
                let sum = self.sum(&holding);
                let next = known.len();
                let number = *known.entry(sum).or_insert(next);
                by_holding.insert(holding, number);
                number
            };
            numbers.push(number);
        }
        let mut contributions: Vec<(usize, Contribution)> =
            known.into_iter().map(|(contribution, number)| (number, contribution)).collect();
        contributions.sort_unstable_by_key(|(number, _)| *number);
        let contributions: Vec<Contribution> =
            contributions.into_iter().map(|(_, contribution)| contribution).collect();
        component.contributions = contributions.iter().cloned().collect();
        component.combinations = Some(Combinations { free, numbers, contributions });
        component
    }

    /// The over-approximation for large components: each open rule holds or not on its own.
    fn settle_each_alone(&self, component: &mut Component) {
        let (certain, open) = self.each_alone(component, None);
        let sums = self.with_any_of(&certain, &open);
        component.cut = sums.is_none();
        component.contributions = sums.unwrap_or_else(|| self.with_some_of(&certain, &open));
    }

    /// What is certain in a component, and what each open rule gives if it holds.
    fn each_alone(
        &self,
        component: &mut Component,
        forced: Option<(usize, bool)>,
    ) -> (Contribution, BTreeSet<Contribution>) {
        let combine = self.decision.combine;
        let mut way = self.way(forced);
        let mut certain = Contribution::default();
        let mut open: BTreeSet<Contribution> = BTreeSet::new();
        for (at, seen) in component.rules.iter().zip(&mut component.seen) {
            let truth = self.holds(*at, &mut way);
            let [held, applied] = seen;
            held.add(truth);
            applied.add(self.applies(*at, &mut way));
            match (truth, self.contribution(*at)) {
                (Truth::True, Some(one)) => certain = certain.with(one, combine),
                (Truth::Unknown, Some(one)) => {
                    open.insert(one.clone());
                }
                _ => {}
            }
        }
        (certain, open)
    }

    /// All that open contributions can make with what is certain; `None` if that is too much.
    fn with_any_of(
        &self,
        certain: &Contribution,
        open: &BTreeSet<Contribution>,
    ) -> Option<BTreeSet<Contribution>> {
        let ways: Vec<BTreeSet<Contribution>> = open
            .iter()
            .map(|one| BTreeSet::from([Contribution::default(), one.clone()]))
            .chain([BTreeSet::from([certain.clone()])])
            .collect();
        joined(&ways.iter().collect::<Vec<_>>(), self.decision.combine, MOST_CONTRIBUTIONS)
    }

    /// Some of that: each open contribution by itself, and all.
    fn with_some_of(
        &self,
        certain: &Contribution,
        open: &BTreeSet<Contribution>,
    ) -> BTreeSet<Contribution> {
        let combine = self.decision.combine;
        let with_one = open.iter().map(|one| certain.with(one, combine));
        let all = open.iter().fold(certain.clone(), |sum, one| sum.with(one, combine));
        with_one.chain([certain.clone(), all]).collect()
    }

    fn contribution(&self, at: usize) -> Option<&Contribution> {
        self.contributions.get(at)?.as_ref()
    }

    /// What rules give together.
    fn sum(&self, rules: &[usize]) -> Contribution {
        let given = rules.iter().filter_map(|at| self.contribution(*at));
        given.fold(Contribution::default(), |sum, one| sum.with(one, self.decision.combine))
    }

    /// Whether a rule applies: by itself and, for an exception, because there is something to except.
    fn applies(&self, at: usize, way: &mut Way) -> Truth {
        let round = way.round;
        if let Some((_, truth)) = way.applying.get(at).filter(|(known, _)| *known == round) {
            return *truth;
        }
        // Checked programs have no circle of exceptions; in a hand-made one this entry breaks it.
        note(&mut way.applying, at, round, Truth::False);
        let mut truth = way.truths.get(at).copied().unwrap_or(Truth::False);
        let excepted = self.exception_to.get(at).and_then(Option::as_ref);
        if let Some(excepted) = excepted.filter(|_| truth != Truth::False) {
            let mut any = Truth::False;
            for other in excepted {
                any = any.or(self.applies(*other, way));
            }
            truth = truth.and(any);
        }
        note(&mut way.applying, at, round, truth);
        truth
    }

    /// Whether a rule holds, exceptions included.
    fn holds(&self, at: usize, way: &mut Way) -> Truth {
        let round = way.round;
        if let Some((_, truth)) = way.holding.get(at).filter(|(known, _)| *known == round) {
            return *truth;
        }
        note(&mut way.holding, at, round, Truth::False);
        let mut truth = self.applies(at, way);
        for exception in self.exceptions(at) {
            truth = truth.and(!self.holds(*exception, way));
        }
        note(&mut way.holding, at, round, truth);
        truth
    }

    /// The free rules with which, forced one way and the other, different outcomes are possible.
    fn decisive(
        &self,
        components: &[Component],
        parts: &[&BTreeSet<Contribution>],
    ) -> BTreeSet<usize> {
        let combine = self.decision.combine;
        let mut decisive = BTreeSet::new();
        for (at, component) in components.iter().enumerate() {
            let free = self.free(&component.rules);
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
            // Most free rules leave the same contributions as another does.
            let mut known: BTreeMap<BTreeSet<Contribution>, BTreeSet<Possible>> = BTreeMap::new();
            let mut of_one: BTreeMap<Contribution, BTreeSet<Possible>> = BTreeMap::new();
            let mut outlines: BTreeMap<_, BTreeSet<Contribution>> = BTreeMap::new();
            for rule in free {
                let mut with = |truth: bool| {
                    let one = if let Some(combinations) = &component.combinations {
                        combinations.with(rule, truth)?
                    } else {
                        // Too many to be settled in every combination: in outline, as before.
                        let mut again = component.outline();
                        let outline = self.each_alone(&mut again, Some((rule, truth)));
                        let one = outlines.entry(outline).or_insert_with_key(|(certain, open)| {
                            let sums = self.with_any_of(certain, open);
                            sums.unwrap_or_else(|| self.with_some_of(certain, open))
                        });
                        one.clone()
                    };
                    let others = others.as_ref()?;
                    let with_others = |one: &Contribution| {
                        let sums = others.iter().map(|sum| sum.with(one, combine));
                        sums.map(|sum| sum.settle(self.decision)).collect()
                    };
                    let compute = |all: &BTreeSet<Contribution>| {
                        let mut possible: BTreeSet<Possible> = BTreeSet::new();
                        for one in all {
                            let found = of_one.entry(one.clone()).or_insert_with_key(with_others);
                            possible.extend(found.iter().cloned());
                        }
                        possible
                    };
                    Some(known.entry(one).or_insert_with_key(compute).clone())
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
    fn status(&self, at: usize, seen: &[[Seen; 2]]) -> RuleStatus {
        let (Some((_, own)), Some([held, applied])) = (self.rules.get(at), seen.get(at)) else {
            return RuleStatus::NotInForce;
        };
        if held.always() {
            return RuleStatus::Holds;
        }
        if let Some(refused) = own.refused.clone().filter(|_| own.truth == Truth::False) {
            return refused;
        }
        if applied.never() {
            return RuleStatus::NothingToExcept;
        }
        if held.never() {
            let holds = |at: &usize| seen.get(*at).is_some_and(|[held, _]| held.always());
            let all = self.exceptions(at);
            let certain: Vec<usize> = all.iter().copied().filter(holds).collect();
            // One of several open exceptions is sure to hold: all of them are named.
            let named = if certain.is_empty() { all } else { &certain };
            return RuleStatus::DefeatedBy(named.iter().filter_map(|at| self.id(*at)).collect());
        }
        RuleStatus::Open
    }
}

fn note(known: &mut [(u32, Truth)], at: usize, round: u32, truth: Truth) {
    if let Some(entry) = known.get_mut(at) {
        *entry = (round, truth);
    }
}
