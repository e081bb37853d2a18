//! What a decision comes to, and where.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use exeat_hir::{Combine, Possible};
use exeat_model::{Outcome, Value};
use exeat_program::{LoweredDecision, RuleValue};
use smol_str::SmolStr;

use crate::budget::TooLarge;
use crate::diagrams::{Parts, RuleDiagrams};
use crate::region::Region;
use crate::space::Space;

/// What a decision may come to, as far as it is known without facts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClassOutcome {
    /// A value: on a scale the place without labels, of a set the empty one.
    Value(Value),
    /// A value that the rules compute from facts.
    Computed,
    /// Rules say different things where all have to agree.
    Conflict,
    /// No rule speaks, and nothing is laid down for that case; or what a rule gives is not known there.
    Nothing,
}

/// The transactions for which the rules of a decision come to the same, but for what may stand beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutcomeClass {
    /// What they come to.
    pub outcome: ClassOutcome,
    /// Where.
    pub region: Region,
    /// The labels or elements that may stand beside it, each with where it does. There may be many, and
    /// any of them together, so that they are not multiplied out.
    pub beside: Vec<Beside>,
}

/// A label or an element of an outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beside {
    /// The label as a symbol, or the element.
    pub value: Value,
    /// Where it is there.
    pub region: Region,
}

/// All that the rules of a decision come to, whether it is needed or not and whatever is not modelled.
/// The classes do not overlap, and each transaction of the world is in one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcomes {
    /// The classes; none is empty.
    pub classes: Vec<OutcomeClass>,
    /// Where no rule speaks.
    pub silent: Region,
}

impl Outcomes {
    /// The class of an outcome, without what may stand beside it.
    pub fn class(&self, outcome: &ClassOutcome) -> Option<&OutcomeClass> {
        self.classes.iter().find(|class| class.outcome == *outcome)
    }

    /// Where the rules come to exactly that value, labels or elements included. `None` where they never do.
    ///
    /// # Errors
    /// If the diagrams outgrow the budget.
    pub fn region(&self, value: &Value) -> Result<Option<Region>, TooLarge> {
        let (bare, beside) = bare(value);
        let Some(class) = self.class(&ClassOutcome::Value(bare)) else { return Ok(None) };
        if beside.iter().any(|value| !class.beside.iter().any(|one| one.value == *value)) {
            return Ok(None);
        }
        let mut region = class.region.clone();
        for one in &class.beside {
            region = if beside.contains(&one.value) {
                region.and(&one.region)?
            } else {
                region.without(&one.region)?
            };
        }
        Ok(Some(region))
    }
}

/// A value without its labels or elements, and these.
pub(crate) fn bare(value: &Value) -> (Value, BTreeSet<Value>) {
    match value {
        Value::Outcome(outcome) => {
            let labels = outcome.labels.iter().cloned().map(Value::Symbol).collect();
            (Value::Outcome(Outcome { labels: BTreeSet::new(), ..outcome.clone() }), labels)
        }
        Value::Set(elements) => (Value::Set(Arc::default()), elements.as_ref().clone()),
        other => (other.clone(), BTreeSet::new()),
    }
}

impl OutcomeClass {
    /// The outcomes of the class, told apart by those labels and elements alone that are asked for (all
    /// of them, if none are named), each with a region in which, of what is `within`, it comes to that. No
    /// outcome stands for a computed one.
    pub(crate) fn split(
        &self,
        asked: Option<&BTreeSet<Value>>,
        within: Region,
        most: usize,
    ) -> Result<Parts, TooLarge> {
        let outcome = match &self.outcome {
            ClassOutcome::Value(value) => Some(Possible::Value(value.clone())),
            ClassOutcome::Computed => None,
            ClassOutcome::Conflict => Some(Possible::Conflict),
            ClassOutcome::Nothing => Some(Possible::Error),
        };
        let mut parts = vec![(outcome, within)];
        for beside in &self.beside {
            if asked.is_some_and(|asked| !asked.contains(&beside.value)) {
                continue;
            }
            let mut next = Vec::new();
            for (outcome, region) in parts {
                let with = region.and(&beside.region)?;
                if !with.is_empty() {
                    let outcome = outcome.as_ref().map(|one| with_beside(one, &beside.value));
                    next.push((outcome, with));
                }
                let without = region.without(&beside.region)?;
                if !without.is_empty() {
                    next.push((outcome, without));
                }
            }
            if next.len() > most {
                return Err(TooLarge::Outcomes);
            }
            parts = next;
        }
        Ok(parts)
    }
}

/// An outcome with a label or element more.
pub(crate) fn with_beside(possible: &Possible, beside: &Value) -> Possible {
    match (possible, beside) {
        (Possible::Value(Value::Outcome(outcome)), Value::Symbol(label)) => {
            let mut outcome = outcome.clone();
            outcome.labels.insert(label.clone());
            Possible::Value(Value::Outcome(outcome))
        }
        (Possible::Value(Value::Set(elements)), element) => {
            let mut elements = elements.as_ref().clone();
            elements.insert(element.clone());
            Possible::Value(Value::Set(Arc::new(elements)))
        }
        (other, _) => other.clone(),
    }
}

struct Collecting<'s, 'p> {
    space: &'s Space<'p>,
    world: Region,
    classes: BTreeMap<ClassOutcome, (Region, Vec<Beside>)>,
}

pub(crate) fn outcomes(
    space: &Space<'_>,
    side: usize,
    lowered: &LoweredDecision,
    rules: &[RuleDiagrams],
) -> Result<Outcomes, TooLarge> {
    let world = space.world(side).clone();
    let mut collecting = Collecting { space, world, classes: BTreeMap::new() };
    let given = Given::new(space, side, lowered, rules)?;
    let constants: Vec<(&Value, &Region)> = given.constants.iter().map(|(a, b)| (*a, b)).collect();
    let silent = match lowered.combine {
        Combine::Strictest => collecting.strictest(&constants)?,
        Combine::Unique => collecting.unique(&constants, &given)?,
        Combine::Collect => collecting.collect(&constants, &given)?,
    };
    if lowered.combine != Combine::Collect {
        let otherwise = lowered.otherwise.clone();
        let outcome = otherwise.map_or(ClassOutcome::Nothing, ClassOutcome::Value);
        collecting.add(outcome, silent.clone())?;
    }
    let classes = collecting.classes.into_iter();
    let classes = classes
        .map(|(outcome, (region, beside))| OutcomeClass { outcome, region, beside })
        .collect();
    Ok(Outcomes { classes, silent })
}

/// What rules give, and where.
struct Given<'r> {
    constants: Vec<(&'r Value, Region)>,
    /// Where it is computed from facts.
    computed: Vec<Region>,
    /// Where it is computed and comes to nothing that is known.
    unknown: Vec<Region>,
}

impl<'r> Given<'r> {
    fn new(
        space: &'r Space<'_>,
        side: usize,
        lowered: &'r LoweredDecision,
        rules: &'r [RuleDiagrams],
    ) -> Result<Self, TooLarge> {
        let mut given = Self { constants: Vec::new(), computed: Vec::new(), unknown: Vec::new() };
        for (lowered, rule) in lowered.rules.iter().zip(rules) {
            match &lowered.value {
                RuleValue::Constant(value) => given.constants.push((value, rule.holds.clone())),
                RuleValue::Nothing => {}
                RuleValue::Node(node) => match space.spread(side, *node) {
                    None => given.computed.push(rule.holds.clone()),
                    Some(spread) => {
                        let mut unknown = rule.holds.clone();
                        for (value, of) in &spread.values {
                            let here = space.one_of(side, spread.column, of)?;
                            given.constants.push((value, rule.holds.and(&here)?));
                            unknown = unknown.without(&here)?;
                        }
                        given.unknown.push(unknown);
                    }
                },
            }
        }
        Ok(given)
    }
}

impl Collecting<'_, '_> {
    fn add(&mut self, outcome: ClassOutcome, region: Region) -> Result<(), TooLarge> {
        if region.and(&self.world)?.is_empty() {
            return Ok(());
        }
        let region = self.space.within_budget(region)?;
        if let Some((before, _)) = self.classes.get_mut(&outcome) {
            *before = before.or(&region)?;
            return Ok(());
        }
        if self.classes.len() >= self.space.budget.outcomes {
            return Err(TooLarge::Outcomes);
        }
        self.classes.insert(outcome, (region, Vec::new()));
        Ok(())
    }

    fn beside(&mut self, outcome: &ClassOutcome, value: Value, region: Region) {
        if let Some((_, beside)) = self.classes.get_mut(outcome) {
            beside.push(Beside { value, region });
        }
    }

    /// Where one of some rules holds.
    fn some<'r>(&self, rules: impl Iterator<Item = &'r Region>) -> Result<Region, TooLarge> {
        let any = self.space.union(rules.cloned().collect())?;
        self.space.within_budget(any)
    }

    /// Where what rules give is no constant: computed, or not known.
    fn not_constant(&mut self, given: &Given<'_>) -> Result<Region, TooLarge> {
        // What is computed may agree with another value or not; that is left to the replay.
        let computed = self.some(given.computed.iter())?;
        let unknown = self.some(given.unknown.iter())?.without(&computed)?;
        self.add(ClassOutcome::Computed, computed.clone())?;
        self.add(ClassOutcome::Nothing, unknown.clone())?;
        computed.or(&unknown)
    }

    /// The strictest place, with the labels of all who say it. Gives where none speaks.
    fn strictest(&mut self, rules: &[(&Value, &Region)]) -> Result<Region, TooLarge> {
        let mut by_rank: BTreeMap<u32, Vec<(&Outcome, &Region)>> = BTreeMap::new();
        for (value, region) in rules {
            if let Value::Outcome(outcome) = value {
                by_rank.entry(outcome.rank).or_default().push((outcome, *region));
            }
        }
        let mut left = self.space.everything().clone();
        for rules in by_rank.values().rev() {
            let here = self.some(rules.iter().map(|(_, region)| *region))?;
            let Some((outcome, _)) = rules.first() else { continue };
            let bare = Outcome { labels: BTreeSet::new(), ..(*outcome).clone() };
            let class = ClassOutcome::Value(Value::Outcome(bare));
            self.add(class.clone(), left.and(&here)?)?;
            let labels: BTreeSet<&SmolStr> =
                rules.iter().flat_map(|(outcome, _)| &outcome.labels).collect();
            for label in labels {
                let with = rules.iter().filter(|(one, _)| one.labels.contains(label));
                let region = self.some(with.map(|(_, region)| *region))?;
                self.beside(&class, Value::Symbol(label.clone()), region);
            }
            left = left.without(&here)?;
        }
        Ok(left)
    }

    /// What all say; where two differ, a conflict. Gives where none speaks.
    fn unique(
        &mut self,
        rules: &[(&Value, &Region)],
        given: &Given<'_>,
    ) -> Result<Region, TooLarge> {
        let mut by_value: BTreeMap<&Value, Vec<&Region>> = BTreeMap::new();
        for (value, region) in rules {
            by_value.entry(*value).or_default().push(region);
        }
        let mut none = self.space.everything().clone();
        let mut two = self.space.nothing();
        let mut only: Vec<(&Value, Region)> = Vec::new();
        for (value, rules) in by_value {
            let some = self.some(rules.into_iter())?;
            for (_, one) in &mut only {
                two = two.or(&one.and(&some)?)?;
                *one = one.without(&some)?;
            }
            only.push((value, none.and(&some)?));
            none = none.without(&some)?;
        }
        let any = self.not_constant(given)?;
        for (value, one) in only {
            self.add(ClassOutcome::Value(value.clone()), one.without(&any)?)?;
        }
        self.add(ClassOutcome::Conflict, two.without(&any)?)?;
        none.without(&any)
    }

    /// The set of what they say. Gives where none speaks.
    fn collect(
        &mut self,
        rules: &[(&Value, &Region)],
        given: &Given<'_>,
    ) -> Result<Region, TooLarge> {
        let mut by_value: BTreeMap<&Value, Vec<&Region>> = BTreeMap::new();
        for (value, region) in rules {
            by_value.entry(*value).or_default().push(region);
        }
        let fixed = self.not_constant(given)?.complement()?;
        let class = ClassOutcome::Value(Value::Set(Arc::default()));
        self.add(class.clone(), fixed.clone())?;
        let mut silent = fixed;
        for (value, rules) in by_value {
            let some = self.some(rules.into_iter())?;
            silent = silent.without(&some)?;
            self.beside(&class, value.clone(), some);
        }
        Ok(silent)
    }
}
