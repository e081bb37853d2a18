//! What the rules of one side come to, for all transactions at once: one diagram after the other,
//! exactly as the reference decides one transaction.

use std::collections::{BTreeMap, BTreeSet};

use exeat_hir::{AssertionId, AssumptionId, DecisionId, NotModelledId, Possible, RuleId};
use exeat_model::{Truth, Value};
use exeat_program::{
    Arena, CellSet, Condition, ConditionId, Formula, LoweredDecision, Source, Test,
};

use crate::budget::TooLarge;
use crate::outcomes::{OutcomeClass, Outcomes, outcomes, with_beside};
use crate::region::{Rails, Region};
use crate::space::{Space, some_day};

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
    pub assumptions: Vec<(AssumptionId, Rails)>,
}

/// A decision.
#[derive(Debug)]
pub struct DecisionDiagrams {
    /// Which one.
    pub id: DecisionId,
    /// Its rules, in the order of [`LoweredDecision::rules`].
    pub rules: Vec<RuleDiagrams>,
    /// Where it is needed.
    pub needed: Rails,
    /// Where what is not modelled and affects it is touched, item by item.
    pub gaps: Vec<(NotModelledId, Rails)>,
    /// Where at least one of these is.
    pub touched: Rails,
    /// What it comes to where.
    pub outcomes: Result<Outcomes, TooLarge>,
}

/// A rule of a decision.
#[derive(Debug)]
pub struct RuleDiagrams {
    /// Which one.
    pub id: RuleId,
    /// Where it has force under the readings and its condition is true.
    pub own: Rails,
    /// Where it applies: an exception only where it has something to except.
    pub applies: Rails,
    /// Where it holds: it applies and nothing that defeats it holds.
    pub holds: Rails,
}

/// An assertion.
#[derive(Debug)]
pub struct AssertionDiagrams {
    /// Which one.
    pub id: AssertionId,
    /// Where its claim is true, and so on, and where it makes it.
    pub rails: Result<(Rails, Rails), TooLarge>,
}

impl Diagrams {
    /// Builds the diagrams of a side, and narrows the world of the side to what is taken for granted.
    ///
    /// # Errors
    /// If what is taken for granted outgrows the budget. Decisions that do are named in
    /// [`Diagrams::too_large`].
    pub fn build(space: &mut Space<'_>, side: usize) -> Result<Self, TooLarge> {
        let assumptions = assumptions(space, side);
        for (_, rails) in &assumptions {
            let world = space.world(side).and(&rails.perhaps)?;
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
        let mut decisions: Vec<DecisionDiagrams> = Vec::new();
        let mut too_large = Vec::new();
        for lowered in &found.epoch.decisions {
            match builder.decision(lowered) {
                Ok(decision) => {
                    builder.outcomes.insert(decision.id, decision.outcomes.clone());
                    decisions.push(decision);
                }
                Err(why) => {
                    builder.outcomes.insert(lowered.id, Err(why));
                    too_large.push((lowered.id, why));
                }
            }
        }
        let mut assertions = Vec::new();
        for lowered in &found.epoch.claims.assertions {
            let rails = builder
                .formula(&lowered.claim)
                .and_then(|claim| Ok((claim, builder.formula(&lowered.when)?)));
            assertions.push(AssertionDiagrams { id: lowered.id, rails });
        }
        Ok(Self { side, decisions, too_large, assertions, assumptions })
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

/// What is taken for granted, as far as it is a question of facts. What else it is, replays are held
/// against ([`crate::Witness::is_absurd`]).
fn assumptions(space: &Space<'_>, side: usize) -> Vec<(AssumptionId, Rails)> {
    let Some(found) = space.sides.get(side) else { return Vec::new() };
    let mut builder = Builder::new(space, side);
    let lowered = found.epoch.claims.assumptions.iter();
    lowered.filter_map(|(id, formula)| Some((*id, builder.formula(formula).ok()?))).collect()
}

struct Builder<'s, 'p> {
    space: &'s Space<'p>,
    side: usize,
    atoms: BTreeMap<u32, Rails>,
    conditions: BTreeMap<ConditionId, Rails>,
    outcomes: BTreeMap<DecisionId, Result<Outcomes, TooLarge>>,
}

impl<'s, 'p> Builder<'s, 'p> {
    fn new(space: &'s Space<'p>, side: usize) -> Self {
        Self {
            space,
            side,
            atoms: BTreeMap::new(),
            conditions: BTreeMap::new(),
            outcomes: BTreeMap::new(),
        }
    }

    fn settled(&self, truth: bool) -> Result<Rails, TooLarge> {
        let everything = self.space.everything().clone();
        Rails::known(if truth { everything } else { self.space.nothing() })
    }

    fn formula(&mut self, formula: &Formula) -> Result<Rails, TooLarge> {
        match formula {
            Formula::Constant(Truth::True) => self.settled(true),
            Formula::Constant(Truth::False) => self.settled(false),
            Formula::Constant(Truth::Unknown) => {
                let (all, none) = (self.space.everything().clone(), self.space.nothing());
                Ok(Rails { yes: none.clone(), no: none, perhaps: all.clone(), perhaps_not: all })
            }
            Formula::Atom(atom, positive) => {
                let rails = self.atom(*atom)?;
                Ok(if *positive { rails } else { rails.negated() })
            }
            Formula::All(parts) => {
                let mut sum = self.settled(true)?;
                for part in parts {
                    sum = sum.and(&self.formula(part)?)?;
                }
                Ok(sum)
            }
            Formula::Any(parts) => {
                let mut sum = self.settled(false)?;
                for part in parts {
                    sum = sum.or(&self.formula(part)?)?;
                }
                Ok(sum)
            }
        }
    }

    fn atom(&mut self, atom: u32) -> Result<Rails, TooLarge> {
        if let Some(rails) = self.atoms.get(&atom) {
            return Ok(rails.clone());
        }
        let rails = self.fresh_atom(atom)?;
        self.atoms.insert(atom, rails.clone());
        Ok(rails)
    }

    fn fresh_atom(&mut self, atom: u32) -> Result<Rails, TooLarge> {
        let space = self.space;
        let found = space.sides.get(self.side).and_then(|side| {
            let atom = side.epoch.atoms.get(usize::try_from(atom).ok()?)?;
            let column = usize::try_from(atom.column).ok()?;
            Some((atom, column, side.epoch.columns.get(column)?))
        });
        let Some((atom, column, source)) = found else { return self.settled(false) };
        let Some(variable) = space.variable_of(self.side, column) else {
            return match source.source {
                Source::Condition(condition) => self.outcome_test(condition),
                Source::Proposal(module) => {
                    let side = space.sides.get(self.side);
                    self.settled(side.is_some_and(|side| side.proposals.contains(&module)))
                }
                _ => self.settled(false),
            };
        };
        let Some(cells) = space.variables.get(variable).map(|variable| &variable.cells) else {
            return self.settled(false);
        };
        let (mut must, mut may) = (CellSet::default(), CellSet::default());
        for cell in 0..cells.count() {
            let truth = crate::cells::truth_in(cells, &atom.question, cell);
            if truth == Truth::True {
                must.insert(cell);
            }
            if truth != Truth::False {
                may.insert(cell);
            }
        }
        let (yes, perhaps) = (space.cells(variable, &must)?, space.cells(variable, &may)?);
        let (no, perhaps_not) = (perhaps.complement()?, yes.complement()?);
        Ok(Rails { yes, perhaps, no, perhaps_not })
    }

    /// A condition that asks nothing but what decisions come to.
    fn outcome_test(&mut self, condition: ConditionId) -> Result<Rails, TooLarge> {
        if let Some(known) = self.conditions.get(&condition) {
            return Ok(known.clone());
        }
        let rails = self.fresh_outcome_test(condition)?;
        self.conditions.insert(condition, rails.clone());
        Ok(rails)
    }

    fn fresh_outcome_test(&self, condition: ConditionId) -> Result<Rails, TooLarge> {
        let Some(side) = self.space.sides.get(self.side) else { return self.settled(false) };
        let reads = side.epoch.arena.reads_of_condition(condition);
        let asked = asked_beside(&side.epoch.arena, condition);
        let everything = self.space.everything().clone();
        let mut ways = vec![Way { outcomes: Vec::new(), exact: true, region: everything }];
        let limit = TooLarge::Outcomes(self.space.budget.outcomes);
        for decision in &reads.decisions {
            let outcomes = match self.outcomes.get(decision) {
                Some(outcomes) => outcomes.as_ref().map_err(|why| *why)?,
                None => return Err(limit),
            };
            let mut next = Vec::new();
            for class in &outcomes.classes {
                for (outcome, region) in split(class, asked.as_ref())? {
                    for way in &ways {
                        let region = way.region.and(&region)?;
                        if region.is_empty() {
                            continue;
                        }
                        let mut outcomes = way.outcomes.clone();
                        let exact = way.exact && outcome.is_some();
                        outcomes.push((*decision, outcome.clone().unwrap_or(Possible::Error)));
                        next.push(Way { outcomes, exact, region });
                        if next.len() > self.space.budget.outcomes {
                            return Err(limit);
                        }
                    }
                }
            }
            ways = next;
        }
        let (readings, proposals) = (BTreeMap::new(), BTreeSet::new());
        let request = exeat_program::Request {
            as_of: some_day(&side.epoch.days),
            readings: &readings,
            proposals: &proposals,
            functions: side.functions,
        };
        let outcomes: Vec<_> = ways.iter().map(|way| way.outcomes.clone()).collect();
        let truths =
            side.program.truths_given_outcomes(&side.epoch, &request, condition, &outcomes);
        let none = self.space.nothing();
        let mut rails =
            Rails { yes: none.clone(), perhaps: none.clone(), no: none.clone(), perhaps_not: none };
        for (Way { exact, region, .. }, truth) in ways.iter().zip(truths) {
            // A value that the rules compute may be any.
            let may_be = |wanted: Truth| !exact || truth == wanted;
            if may_be(Truth::True) {
                rails.yes = rails.yes.or(region)?;
            }
            if may_be(Truth::False) {
                rails.no = rails.no.or(region)?;
            }
            if !exact || truth != Truth::False {
                rails.perhaps = rails.perhaps.or(region)?;
            }
            if !exact || truth != Truth::True {
                rails.perhaps_not = rails.perhaps_not.or(region)?;
            }
        }
        // Where the outcomes are exact, every transaction of the world is in one of both; what is outside
        // the world may be in either.
        if rails.yes == rails.perhaps
            && rails.no == rails.perhaps_not
            && rails.yes.and(&rails.no)?.is_empty()
        {
            return Rails::known(rails.yes);
        }
        Ok(rails)
    }

    fn decision(&mut self, lowered: &LoweredDecision) -> Result<DecisionDiagrams, TooLarge> {
        let mut own = Vec::with_capacity(lowered.rules.len());
        for rule in &lowered.rules {
            own.push(self.formula(&rule.own)?);
        }
        let never = self.settled(false)?;
        let applies = applying(lowered, &own, &never)?;
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
            None => self.settled(true)?,
        };
        let mut gaps = Vec::new();
        let mut touched = self.settled(false)?;
        for (id, formula) in &lowered.gaps {
            let rails = self.formula(formula)?;
            touched = touched.or(&rails)?;
            gaps.push((*id, rails));
        }
        let outcomes = outcomes(self.space, self.side, lowered, &rules, &needed, &touched);
        Ok(DecisionDiagrams { id: lowered.id, rules, needed, gaps, touched, outcomes })
    }

    fn holding(
        &self,
        lowered: &LoweredDecision,
        applies: &[Rails],
    ) -> Result<Vec<Rails>, TooLarge> {
        let mut holds: Vec<Option<Rails>> = vec![None; applies.len()];
        for at in &lowered.by_defeat {
            let (Some(rule), Some(applies)) = (lowered.rules.get(*at), applies.get(*at)) else {
                continue;
            };
            let mut rails = applies.clone();
            for other in &rule.defeated_by {
                if let Some(other) = holds.get(*other).and_then(Option::as_ref) {
                    rails = rails.and(&other.clone().negated())?;
                }
            }
            rails.yes = self.space.within_budget(rails.yes)?;
            if let Some(place) = holds.get_mut(*at) {
                *place = Some(rails);
            }
        }
        let never = self.settled(false)?;
        Ok(holds.into_iter().map(|rails| rails.unwrap_or_else(|| never.clone())).collect())
    }
}

/// One way in which decisions may come out, and where they do.
struct Way {
    outcomes: Vec<(DecisionId, Possible)>,
    exact: bool,
    region: Region,
}

/// The outcomes of a class, told apart by those labels and elements alone that are asked for (all of
/// them, if none are named); each with where it may be. No outcome stands for a computed one.
fn split(
    class: &OutcomeClass,
    asked: Option<&BTreeSet<Value>>,
) -> Result<Vec<(Option<Possible>, Region)>, TooLarge> {
    let mut parts = vec![(class.outcome.possible(), class.may.clone())];
    for beside in &class.beside {
        if asked.is_some_and(|asked| !asked.contains(&beside.value)) {
            continue;
        }
        let mut next = Vec::new();
        for (outcome, region) in parts {
            let with = region.and(&beside.with)?;
            if !with.is_empty() {
                let outcome = outcome.as_ref().map(|one| with_beside(one, &beside.value));
                next.push((outcome, with));
            }
            let without = region.and(&beside.without)?;
            if !without.is_empty() {
                next.push((outcome, without));
            }
        }
        parts = next;
    }
    Ok(parts)
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

/// Which rules apply: by themselves and, for an exception, because there is something to except.
fn applying(
    lowered: &LoweredDecision,
    own: &[Rails],
    never: &Rails,
) -> Result<Vec<Rails>, TooLarge> {
    let mut applies: Vec<Rails> = Vec::with_capacity(own.len());
    for (rule, own) in lowered.rules.iter().zip(own) {
        let Some(excepted) = &rule.exception_to else {
            applies.push(own.clone());
            continue;
        };
        let mut any: Option<Rails> = None;
        for other in excepted.iter().filter_map(|other| applies.get(*other)) {
            any = Some(match any {
                Some(any) => any.or(other)?,
                None => other.clone(),
            });
        }
        applies.push(match any {
            Some(any) => {
                // That one of several applies may be certain though it is not certain of any.
                let any = Rails { yes: any.perhaps.clone(), no: any.perhaps_not.clone(), ..any };
                own.and(&any)?
            }
            None => never.clone(),
        });
    }
    Ok(applies)
}
