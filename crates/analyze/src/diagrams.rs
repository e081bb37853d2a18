//! What the rules of one side come to, for all transactions at once: one diagram after the other,
//! exactly as the reference decides one transaction.
//!
//! Truth is two-valued here. Where the reference leaves something unknown though all facts are known (a
//! code is too coarse, a quantity has no value, a decision that is read is not modelled or in conflict), one
//! of both is supposed. To suppose more never changes what is determined: so whatever the reference
//! determines, it determines here too, and what never is so here never is so there.

use std::collections::{BTreeMap, BTreeSet};

use exeat_hir::{AssertionId, AssumptionId, DecisionId, NotModelledId, Possible, RuleId};
use exeat_model::{Truth, Value};
use exeat_program::{
    Arena, CellSet, Condition, ConditionId, Formula, LoweredDecision, Question, Source, Test,
};

use crate::budget::TooLarge;
use crate::cells::truth_in;
use crate::outcomes::{ClassOutcome, Outcomes, outcomes};
use crate::region::Region;
use crate::space::{Space, asks_outcomes_alone};

/// How many ways there may be in which the decisions that one condition reads come out, for each outcome
/// that one of them may have. They are only counted through.
const WAYS: usize = 64;

/// The rules of a side as diagrams.
#[derive(Debug)]
pub struct Diagrams {
    /// The side.
    pub side: usize,
    /// The decisions, each after those that it reads.
    pub decisions: Vec<DecisionDiagrams>,
    /// The decisions whose diagrams outgrew the budget, and those that read them.
    pub too_large: Vec<(DecisionId, TooLarge)>,
    /// The assertions.
    pub assertions: Vec<AssertionDiagrams>,
    /// What is taken for granted. The world of the side holds only what agrees with it.
    pub assumptions: Vec<(AssumptionId, Region)>,
}

/// A decision.
#[derive(Debug)]
pub struct DecisionDiagrams {
    /// Which one.
    pub id: DecisionId,
    /// Its rules, in the order of [`LoweredDecision::rules`].
    pub rules: Vec<RuleDiagrams>,
    /// Where it is needed.
    pub needed: Region,
    /// Where what is not modelled and affects it is touched, item by item.
    pub gaps: Vec<(NotModelledId, Region)>,
    /// Where at least one of these is.
    pub touched: Region,
    /// What its rules come to where.
    pub outcomes: Result<Outcomes, TooLarge>,
    /// Where nothing that it reads is left unknown by a code that is too coarse, or by a decision that is
    /// not modelled or in conflict there: what is so here is determined so, as a rule.
    pub clear: Region,
}

/// A rule of a decision.
#[derive(Debug)]
pub struct RuleDiagrams {
    /// Which one.
    pub id: RuleId,
    /// Where it has force under the readings and its condition is true.
    pub own: Region,
    /// Where it applies: an exception only where it has something to except.
    pub applies: Region,
    /// Where it holds: it applies and nothing that defeats it holds.
    pub holds: Region,
}

/// An assertion.
#[derive(Debug)]
pub struct AssertionDiagrams {
    /// Which one.
    pub id: AssertionId,
    /// Where its claim is true, and where it makes it.
    pub regions: Result<(Region, Region), TooLarge>,
}

impl Diagrams {
    /// Builds the diagrams of a side, and narrows the world of the side to what is taken for granted.
    ///
    /// # Errors
    /// If what is taken for granted outgrows the budget. Decisions that do are named in
    /// [`Diagrams::too_large`].
    pub fn build(space: &mut Space<'_>, side: usize) -> Result<Self, TooLarge> {
        let assumptions = assumptions(space, side);
        for (_, region) in &assumptions {
            let world = space.world(side).and(region)?;
            if let Some(place) = space.worlds.get_mut(side) {
                *place = world;
            }
        }
        let space = &*space;
        let mut builder = Builder::new(space, side);
        let Some(found) = space.sides.get(side) else {
            let (decisions, too_large, assertions) = (Vec::new(), Vec::new(), Vec::new());
            return Ok(Self { side, decisions, too_large, assertions, assumptions });
        };
        builder.fine = builder.fine()?;
        let mut too_large = Vec::new();
        for lowered in &found.epoch.decisions {
            match builder.decision(lowered) {
                Ok(decision) => {
                    let outcomes = decision.outcomes.clone();
                    let outcomes = outcomes.map(|outcomes| (decision.needed.clone(), outcomes));
                    builder.outcomes.insert(decision.id, outcomes);
                    builder.decided.push(decision);
                }
                Err(why) => {
                    builder.outcomes.insert(lowered.id, Err(why));
                    too_large.push((lowered.id, why));
                }
            }
        }
        let mut assertions = Vec::new();
        for lowered in &found.epoch.claims.assertions {
            let regions = builder
                .formula(&lowered.claim)
                .and_then(|claim| Ok((claim, builder.formula(&lowered.when)?)));
            assertions.push(AssertionDiagrams { id: lowered.id, regions });
        }
        Ok(Self { side, decisions: builder.decided, too_large, assertions, assumptions })
    }

    /// The diagrams of a decision.
    pub fn decision(&self, id: DecisionId) -> Option<&DecisionDiagrams> {
        self.decisions.iter().find(|decision| decision.id == id)
    }
}

impl DecisionDiagrams {
    /// The diagrams of a rule.
    pub fn rule(&self, id: RuleId) -> Option<&RuleDiagrams> {
        self.rules.iter().find(|rule| rule.id == id)
    }
}

/// Where a formula of a side is true, with the decisions that it reads as they are in its diagrams.
///
/// # Errors
/// If the diagrams outgrow the budget.
pub fn formula_region(
    space: &Space<'_>,
    diagrams: &Diagrams,
    formula: &Formula,
) -> Result<Region, TooLarge> {
    let mut builder = Builder::new(space, diagrams.side);
    for decision in &diagrams.decisions {
        let outcomes = decision.outcomes.clone();
        let outcomes = outcomes.map(|outcomes| (decision.needed.clone(), outcomes));
        builder.outcomes.insert(decision.id, outcomes);
    }
    builder.formula(formula)
}

/// What is taken for granted, as far as it is a question of facts. What else it is, replays are held
/// against ([`crate::Witness::is_absurd`]).
fn assumptions(space: &Space<'_>, side: usize) -> Vec<(AssumptionId, Region)> {
    let Some(found) = space.sides.get(side) else { return Vec::new() };
    let mut builder = Builder::new(space, side);
    let lowered = found.epoch.claims.assumptions.iter();
    lowered.filter_map(|(id, formula)| Some((*id, builder.formula(formula).ok()?))).collect()
}

struct Builder<'s, 'p> {
    space: &'s Space<'p>,
    side: usize,
    atoms: BTreeMap<u32, Region>,
    conditions: BTreeMap<ConditionId, Region>,
    /// Where such a condition is left open by what decisions come to: a code that is too coarse.
    vague: BTreeMap<ConditionId, Region>,
    outcomes: BTreeMap<DecisionId, Result<(Region, Outcomes), TooLarge>>,
    decided: Vec<DecisionDiagrams>,
    fine: Region,
}

impl<'s, 'p> Builder<'s, 'p> {
    fn new(space: &'s Space<'p>, side: usize) -> Self {
        Self {
            space,
            side,
            atoms: BTreeMap::new(),
            conditions: BTreeMap::new(),
            vague: BTreeMap::new(),
            outcomes: BTreeMap::new(),
            decided: Vec::new(),
            fine: space.everything().clone(),
        }
    }

    fn settled(&self, truth: bool) -> Region {
        if truth { self.space.everything().clone() } else { self.space.nothing() }
    }

    fn formula(&mut self, formula: &Formula) -> Result<Region, TooLarge> {
        match formula {
            Formula::Constant(truth) => Ok(self.settled(*truth == Truth::True)),
            Formula::Atom(atom, positive) => {
                let region = self.atom(*atom)?;
                if *positive { Ok(region) } else { region.complement() }
            }
            Formula::All(parts) => {
                let mut regions = Vec::with_capacity(parts.len());
                for part in parts {
                    regions.push(self.formula(part)?);
                }
                // The small ones first: so what is large is met once, by what is left.
                regions.sort_by_cached_key(Region::nodes);
                let mut sum = self.settled(true);
                for region in &regions {
                    sum = sum.and(region)?;
                }
                Ok(sum)
            }
            Formula::Any(parts) => {
                let parts: Result<Vec<_>, _> =
                    parts.iter().map(|part| self.formula(part)).collect();
                self.space.union(parts?)
            }
        }
    }

    fn atom(&mut self, atom: u32) -> Result<Region, TooLarge> {
        if let Some(region) = self.atoms.get(&atom) {
            return Ok(region.clone());
        }
        let region = self.fresh_atom(atom)?;
        self.atoms.insert(atom, region.clone());
        Ok(region)
    }

    fn fresh_atom(&mut self, atom: u32) -> Result<Region, TooLarge> {
        let space = self.space;
        let found = space.sides.get(self.side).and_then(|side| {
            let atom = side.epoch.atoms.get(usize::try_from(atom).ok()?)?;
            let column = usize::try_from(atom.column).ok()?;
            Some((side, atom, column, &side.epoch.columns.get(column)?.source))
        });
        let Some((side, atom, column, source)) = found else { return Ok(self.settled(false)) };
        let variable = space.variable_of(self.side, column);
        match source {
            Source::Proposal(module) => {
                return Ok(self.settled(side.proposals.contains(module)));
            }
            Source::Condition(condition) if asks_outcomes_alone(side, source) => {
                return self.outcome_test(*condition, variable);
            }
            _ => {}
        }
        let Some(variable) = variable else { return Ok(self.settled(false)) };
        let Some(cells) = space.variables.get(variable).map(|variable| &variable.cells) else {
            return Ok(self.settled(false));
        };
        let mut yes = CellSet::default();
        for cell in 0..cells.count() {
            if truth_in(cells, &atom.question, cell) == Truth::True {
                yes.insert(cell);
            }
        }
        space.cells(variable, &yes)
    }

    /// A condition that asks nothing but what decisions come to. Where that is computed, it has a variable.
    fn outcome_test(
        &mut self,
        condition: ConditionId,
        variable: Option<usize>,
    ) -> Result<Region, TooLarge> {
        if let Some(known) = self.conditions.get(&condition) {
            return Ok(known.clone());
        }
        let (region, vague) = self.fresh_outcome_test(condition, variable)?;
        self.conditions.insert(condition, region.clone());
        self.vague.insert(condition, vague);
        Ok(region)
    }

    /// Where such a condition is true, and where it is left open.
    ///
    /// First it is judged for each way in which the decisions that it reads may come out; the diagrams of
    /// outcomes, which are large, are then touched for those alone that count.
    fn fresh_outcome_test(
        &self,
        condition: ConditionId,
        variable: Option<usize>,
    ) -> Result<(Region, Region), TooLarge> {
        let nothing = || (self.settled(false), self.settled(false));
        let Some(side) = self.space.sides.get(self.side) else { return Ok(nothing()) };
        let reads = side.epoch.arena.reads_of_condition(condition);
        let asked = asked_beside(&side.epoch.arena, condition);
        let mut read = Vec::new();
        for decision in &reads.decisions {
            let (needed, outcomes) = match self.outcomes.get(decision) {
                Some(outcomes) => outcomes.as_ref().map_err(|why| *why)?,
                None => return Err(TooLarge::Outcomes),
            };
            let everything = self.space.everything();
            let most = self.space.budget.outcomes;
            let one =
                ReadDecision::new(*decision, (needed, outcomes), asked.as_ref(), everything, most);
            read.push(one?);
        }
        let mut ways: Vec<Vec<(DecisionId, Option<Possible>)>> = vec![Vec::new()];
        for one in &read {
            let mut next = Vec::new();
            for way in &ways {
                for outcome in one.outcomes() {
                    let mut way = way.clone();
                    way.push((one.id, outcome.cloned()));
                    next.push(way);
                }
            }
            if next.len() > self.space.budget.outcomes.saturating_mul(WAYS) {
                return Err(TooLarge::Outcomes);
            }
            ways = next;
        }
        let request = side.bare_request();
        let known = |way: &Vec<(DecisionId, Option<Possible>)>| {
            let known = way.iter().map(|(id, one)| (*id, one.clone().unwrap_or(Possible::Error)));
            known.collect::<Vec<_>>()
        };
        let outcomes: Vec<_> = ways.iter().map(known).collect();
        let truths =
            side.program.truths_given_outcomes(&side.epoch, &request, condition, &outcomes);
        let free = match variable {
            Some(variable) => {
                let mut yes = CellSet::default();
                yes.insert(1);
                self.space.cells(variable, &yes)?
            }
            None => self.settled(false),
        };
        let (mut where_true, mut where_open) = (Vec::new(), Vec::new());
        for (way, truth) in ways.iter().zip(truths) {
            // What is computed may come to anything.
            let computed = way.iter().any(|(_, outcome)| outcome.is_none());
            where_true.push(match truth {
                _ if computed => free.clone(),
                Truth::True => self.settled(true),
                _ => self.settled(false),
            });
            where_open.push(self.settled(!computed && truth == Truth::Unknown));
        }
        Ok((self.where_ways(&read, &where_true)?, self.where_ways(&read, &where_open)?))
    }

    /// The transactions that come out in one of some ways, and are in the region of that way: one region a
    /// way, in the order of the ways.
    fn where_ways(
        &self,
        read: &[ReadDecision<'_>],
        of_ways: &[Region],
    ) -> Result<Region, TooLarge> {
        let Some((first, rest)) = read.split_first() else {
            return Ok(of_ways.first().cloned().unwrap_or_else(|| self.settled(false)));
        };
        let count = first.outcomes().count();
        let below = of_ways.len().checked_div(count).unwrap_or(0).max(1);
        let mut of_outcomes = Vec::with_capacity(count);
        for some in of_ways.chunks(below) {
            of_outcomes.push(if some.iter().all(Region::is_empty) {
                self.settled(false)
            } else {
                self.where_ways(rest, some)?
            });
        }
        let mut of_outcomes = of_outcomes.into_iter();
        let not_needed = of_outcomes.next().unwrap_or_else(|| self.settled(false));
        let mut classes = Vec::new();
        for (class, parts) in &first.classes {
            let mut inside = self.settled(false);
            // In this order: the end of the parts takes nothing from what follows.
            for ((_, part), region) in parts.iter().zip(of_outcomes.by_ref()) {
                inside = inside.or(&part.and(&region)?)?;
            }
            if !inside.is_empty() {
                classes.push(class.and(&inside)?);
            }
        }
        let needed = self.space.union(classes)?.and(first.needed)?;
        needed.or(&not_needed.without(first.needed)?)
    }

    fn decision(&mut self, lowered: &LoweredDecision) -> Result<DecisionDiagrams, TooLarge> {
        let mut own = Vec::with_capacity(lowered.rules.len());
        for rule in &lowered.rules {
            own.push(self.formula(&rule.own)?);
        }
        let applies = self.applying(lowered, &own)?;
        let holds = self.holding(lowered, &applies)?;
        let rules: Vec<RuleDiagrams> = lowered
            .rules
            .iter()
            .zip(own)
            .zip(applies)
            .zip(holds)
            .map(|(((rule, own), applies), holds)| RuleDiagrams {
                id: rule.id,
                own,
                applies,
                holds,
            })
            .collect();
        let needed = match &lowered.needed {
            Some(needed) => self.formula(needed)?,
            None => self.settled(true),
        };
        let mut gaps = Vec::new();
        for (id, formula) in &lowered.gaps {
            gaps.push((*id, self.formula(formula)?));
        }
        let touched = self.space.union(gaps.iter().map(|(_, region)| region.clone()).collect())?;
        let outcomes = outcomes(self.space, self.side, lowered, &rules);
        let clear = self.clear(lowered)?;
        Ok(DecisionDiagrams { id: lowered.id, rules, needed, gaps, touched, outcomes, clear })
    }

    /// See [`DecisionDiagrams::clear`].
    fn clear(&self, lowered: &LoweredDecision) -> Result<Region, TooLarge> {
        let mut clear = self.fine.clone();
        let conditions = self.conditions_read(lowered);
        for vague in conditions.iter().filter_map(|id| self.vague.get(id)) {
            clear = clear.without(vague)?;
        }
        let Some(side) = self.space.sides.get(self.side) else { return Ok(clear) };
        let reads = conditions.iter().map(|id| side.epoch.arena.reads_of_condition(*id).decisions);
        let decisions: BTreeSet<DecisionId> = reads.flatten().collect();
        for decision in decisions {
            if let Some(other) = self.decided.iter().find(|one| one.id == decision) {
                clear = clear.and(&other.clear)?.without(&other.touched)?;
                let class = other.outcomes.as_ref().ok();
                let conflict = class.and_then(|class| class.class(&ClassOutcome::Conflict));
                if let Some(conflict) = conflict {
                    clear = clear.without(&conflict.region)?;
                }
            }
        }
        Ok(clear)
    }

    /// The conditions that have a column of their own and that a decision asks.
    fn conditions_read(&self, lowered: &LoweredDecision) -> BTreeSet<ConditionId> {
        let mut read = BTreeSet::new();
        let Some(side) = self.space.sides.get(self.side) else { return read };
        let own = lowered.rules.iter().map(|rule| &rule.own);
        let others = lowered.needed.iter().chain(lowered.gaps.iter().map(|(_, gap)| gap));
        for formula in own.chain(others) {
            formula.atoms(&mut |atom| {
                let atom = usize::try_from(atom).ok().and_then(|at| side.epoch.atoms.get(at));
                let column = atom.and_then(|atom| usize::try_from(atom.column).ok());
                let column = column.and_then(|at| side.epoch.columns.get(at));
                if let Some(Source::Condition(id)) = column.map(|column| &column.source) {
                    read.insert(*id);
                }
            });
        }
        read
    }

    /// Where no question about a code is left open by one that is too coarse.
    fn fine(&self) -> Result<Region, TooLarge> {
        let mut fine = self.settled(true);
        let Some(side) = self.space.sides.get(self.side) else { return Ok(fine) };
        for atom in side.asked() {
            let atom = usize::try_from(atom).ok().and_then(|at| side.epoch.atoms.get(at));
            let Some(atom) = atom else { continue };
            let Question::Codes(_) = &atom.question else { continue };
            let column = usize::try_from(atom.column).unwrap_or(usize::MAX);
            let Some(variable) = self.space.variable_of(self.side, column) else { continue };
            let Some(found) = self.space.variables.get(variable) else { continue };
            let mut known = CellSet::default();
            for cell in 0..found.cells.count() {
                if truth_in(&found.cells, &atom.question, cell).is_known() {
                    known.insert(cell);
                }
            }
            fine = fine.and(&self.space.cells(variable, &known)?)?;
        }
        Ok(fine)
    }

    /// Where rules apply: by themselves and, for an exception, because there is something to except.
    fn applying(&self, lowered: &LoweredDecision, own: &[Region]) -> Result<Vec<Region>, TooLarge> {
        let mut applies: Vec<Region> = Vec::with_capacity(own.len());
        for (rule, own) in lowered.rules.iter().zip(own) {
            let mut region = own.clone();
            if let Some(excepted) = &rule.exception_to {
                let mut any = self.settled(false);
                for other in excepted.iter().filter_map(|other| applies.get(*other)) {
                    any = any.or(other)?;
                }
                region = region.and(&any)?;
            }
            applies.push(region);
        }
        Ok(applies)
    }

    fn holding(
        &self,
        lowered: &LoweredDecision,
        applies: &[Region],
    ) -> Result<Vec<Region>, TooLarge> {
        let mut holds: Vec<Option<Region>> = vec![None; applies.len()];
        for at in &lowered.by_defeat {
            let (Some(rule), Some(applies)) = (lowered.rules.get(*at), applies.get(*at)) else {
                continue;
            };
            let mut region = applies.clone();
            for other in &rule.defeated_by {
                if let Some(other) = holds.get(*other).and_then(Option::as_ref) {
                    region = region.without(other)?;
                }
            }
            if let Some(place) = holds.get_mut(*at) {
                *place = Some(self.space.within_budget(region)?);
            }
        }
        Ok(holds.into_iter().map(|region| region.unwrap_or_else(|| self.settled(false))).collect())
    }
}

/// A decision that a condition reads, with what it may come to.
struct ReadDecision<'d> {
    id: DecisionId,
    needed: &'d Region,
    /// The region of each class, and what of it is to be told apart: each outcome with a region that, within
    /// the class, is where the decision comes to that. No outcome stands for a computed one.
    classes: Vec<(&'d Region, Parts)>,
}

/// Outcomes, each with where it is.
pub(crate) type Parts = Vec<(Option<Possible>, Region)>;

/// A decision that is not needed has an outcome too.
const NOT_NEEDED: Option<Possible> = Some(Possible::NotNeeded);

impl<'d> ReadDecision<'d> {
    fn new(
        id: DecisionId,
        (needed, outcomes): (&'d Region, &'d Outcomes),
        asked: Option<&BTreeSet<Value>>,
        everything: &Region,
        most: usize,
    ) -> Result<Self, TooLarge> {
        let mut classes = Vec::new();
        for class in &outcomes.classes {
            // By the labels alone there may be more than there are in the class, which is larger to look at.
            let parts = class.split(asked, everything.clone(), most);
            let parts = match parts {
                Err(TooLarge::Outcomes) => class.split(asked, class.region.clone(), most),
                parts => parts,
            };
            classes.push((&class.region, parts?));
        }
        Ok(Self { id, needed, classes })
    }

    /// What it may come to: that it is not needed, and then all else, class by class.
    fn outcomes(&self) -> impl Iterator<Item = Option<&Possible>> {
        let parts = self.classes.iter().flat_map(|(_, parts)| parts);
        std::iter::once(NOT_NEEDED.as_ref()).chain(parts.map(|(outcome, _)| outcome.as_ref()))
    }
}

/// The labels that a condition asks outcomes for; none if it asks outcomes in other ways than by their
/// places and labels.
fn asked_beside(arena: &Arena, condition: ConditionId) -> Option<BTreeSet<Value>> {
    let mut labels = BTreeSet::new();
    let mut queue = vec![condition];
    while let Some(next) = queue.pop() {
        match arena.condition(next) {
            Condition::Constant(_) => {}
            Condition::All(parts) | Condition::Any(parts) => queue.extend(parts),
            Condition::Not(inner) => queue.push(*inner),
            Condition::Choose(a, b, c) => queue.extend([*a, *b, *c]),
            Condition::Test(Test::Outcome(_, places)) => {
                let named = places.iter().flat_map(|place| &place.labels);
                labels.extend(named.cloned().map(Value::Symbol));
            }
            Condition::Test(_) | Condition::Quantified { .. } => return None,
        }
    }
    Some(labels)
}
