//! What a decision comes to, and where.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use exeat_hir::{Combine, Possible};
use exeat_model::{Outcome, Value};
use exeat_program::{LoweredDecision, RuleValue};
use smol_str::SmolStr;

use crate::budget::TooLarge;
use crate::diagrams::RuleDiagrams;
use crate::region::{Rails, Region};
use crate::space::Space;

/// What a decision may come to, as far as it is known without facts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClassOutcome {
    /// One of those.
    Settled(Possible),
    /// A value that the rules compute from facts.
    Computed,
}

impl ClassOutcome {
    /// The outcome; none if the rules compute it.
    pub fn possible(&self) -> Option<Possible> {
        match self {
            Self::Settled(possible) => Some(possible.clone()),
            Self::Computed => None,
        }
    }
}

/// The transactions for which a decision comes to the same, but for what may stand beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutcomeClass {
    /// What it comes to: for a scale the place without labels, for a set nothing.
    pub outcome: ClassOutcome,
    /// Where it comes to that and nothing else.
    pub is: Region,
    /// Where it may come to that.
    pub may: Region,
    /// The labels or elements that may stand beside it, each with where it does. There may be many, and
    /// any of them together, so that they are not multiplied out.
    pub beside: Vec<Beside>,
}

/// A label or an element of an outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beside {
    /// The label as a symbol, or the element.
    pub value: Value,
    /// Where it may be there.
    pub with: Region,
    /// Where it may be absent.
    pub without: Region,
}

/// All that a decision may come to. Where all facts are known and nothing is an error, the classes
/// are exact and each transaction of the world is in one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcomes {
    /// The classes; none is empty.
    pub classes: Vec<OutcomeClass>,
    /// Where no rule speaks and `otherwise` does.
    pub otherwise: Region,
}

impl Outcomes {
    /// The class of an outcome, without what may stand beside it.
    pub fn class(&self, outcome: &ClassOutcome) -> Option<&OutcomeClass> {
        self.classes.iter().find(|class| class.outcome == *outcome)
    }

    /// Where a decision may come to exactly that, labels or elements included. `None` where it never does.
    ///
    /// # Errors
    /// If the diagrams outgrow the budget.
    pub fn region(&self, possible: &Possible) -> Result<Option<Region>, TooLarge> {
        let (bare, beside) = bare(possible);
        let Some(class) = self.class(&ClassOutcome::Settled(bare)) else { return Ok(None) };
        if beside.iter().any(|value| !class.beside.iter().any(|one| one.value == *value)) {
            return Ok(None);
        }
        let mut region = class.may.clone();
        for one in &class.beside {
            let there = beside.contains(&one.value);
            region = region.and(if there { &one.with } else { &one.without })?;
        }
        Ok(Some(region))
    }
}

/// An outcome without its labels or elements, and these.
pub(crate) fn bare(possible: &Possible) -> (Possible, BTreeSet<Value>) {
    match possible {
        Possible::Value(Value::Outcome(outcome)) => {
            let labels = outcome.labels.iter().cloned().map(Value::Symbol).collect();
            let bare = Outcome { labels: BTreeSet::new(), ..outcome.clone() };
            (Possible::Value(Value::Outcome(bare)), labels)
        }
        Possible::Value(Value::Set(elements)) => {
            let none = Possible::Value(Value::Set(Arc::default()));
            (none, elements.as_ref().clone())
        }
        other => (other.clone(), BTreeSet::new()),
    }
}

/// A bare outcome with a label or element more.
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

/// What a part of the transactions may be and surely is.
#[derive(Clone)]
struct Part {
    is: Region,
    may: Region,
}

impl Part {
    fn and_some(&self, any: &Region) -> Result<Self, TooLarge> {
        Ok(Self { is: self.is.and(any)?, may: self.may.and(any)? })
    }

    fn and_none(&self, none: &None_) -> Result<Self, TooLarge> {
        Ok(Self { is: self.is.and(&none.surely)?, may: self.may.and(&none.perhaps)? })
    }
}

/// Where none of some rules holds.
#[derive(Clone)]
struct None_ {
    surely: Region,
    perhaps: Region,
}

struct Collecting<'s, 'p> {
    space: &'s Space<'p>,
    world: Region,
    classes: BTreeMap<ClassOutcome, Part>,
    beside: BTreeMap<ClassOutcome, Vec<Beside>>,
}

pub(crate) fn outcomes(
    space: &Space<'_>,
    side: usize,
    lowered: &LoweredDecision,
    rules: &[RuleDiagrams],
    needed: &Rails,
    touched: &Rails,
) -> Result<Outcomes, TooLarge> {
    // What is outside the world is in some class or other: it is cut off where a question is asked.
    let world = space.world(side).clone();
    let mut collecting =
        Collecting { world, space, classes: BTreeMap::new(), beside: BTreeMap::new() };
    let settled = ClassOutcome::Settled;
    collecting.add(
        settled(Possible::NotNeeded),
        Part { is: needed.no.clone(), may: needed.perhaps_not.clone() },
    )?;
    let asked = Part { is: needed.yes.clone(), may: needed.perhaps.clone() };
    collecting.add(
        settled(Possible::NotModelled),
        Part { is: asked.is.and(&touched.yes)?, may: asked.may.and(&touched.perhaps)? },
    )?;
    let live = Part { is: asked.is.and(&touched.no)?, may: asked.may.and(&touched.perhaps_not)? };
    let constants: Vec<(&Value, &Rails)> = lowered
        .rules
        .iter()
        .zip(rules)
        .filter_map(|(lowered, rule)| match &lowered.value {
            RuleValue::Constant(value) => Some((value, &rule.holds)),
            _ => None,
        })
        .collect();
    let computed: Vec<&Rails> = lowered
        .rules
        .iter()
        .zip(rules)
        .filter(|(lowered, _)| matches!(lowered.value, RuleValue::Node(_)))
        .map(|(_, rule)| &rule.holds)
        .collect();
    let silent = match lowered.combine {
        Combine::Strictest => collecting.strictest(&live, &constants)?,
        Combine::Unique => collecting.unique(&live, &constants, &computed)?,
        Combine::Collect => collecting.collect(&live, &constants, &computed)?,
    };
    let otherwise = silent.is.clone();
    if lowered.combine != Combine::Collect {
        let outcome = lowered.otherwise.clone().map_or(Possible::Error, Possible::Value);
        collecting.add(settled(outcome), silent)?;
    }
    let mut classes = Vec::new();
    for (outcome, part) in collecting.classes {
        classes.push(OutcomeClass {
            beside: collecting.beside.remove(&outcome).unwrap_or_default(),
            outcome,
            is: space.within_budget(part.is)?,
            may: space.within_budget(part.may)?,
        });
    }
    Ok(Outcomes { classes, otherwise })
}

impl Collecting<'_, '_> {
    fn add(&mut self, outcome: ClassOutcome, part: Part) -> Result<(), TooLarge> {
        if part.may.is_empty() || part.may.and(&self.world)?.is_empty() {
            return Ok(());
        }
        if let Some(before) = self.classes.get_mut(&outcome) {
            before.is = before.is.or(&part.is)?;
            before.may = before.may.or(&part.may)?;
            return Ok(());
        }
        if self.classes.len() >= self.space.budget.outcomes {
            return Err(TooLarge::Outcomes(self.space.budget.outcomes));
        }
        self.classes.insert(outcome, part);
        Ok(())
    }

    /// Where one of some rules may hold.
    fn some(&self, rules: &[&Rails]) -> Result<Region, TooLarge> {
        let mut any = self.space.nothing();
        for rule in rules {
            any = any.or(&rule.perhaps)?;
        }
        self.space.within_budget(any)
    }

    /// Where none of some rules holds.
    fn none(&self, rules: &[&Rails]) -> Result<None_, TooLarge> {
        let everything = self.space.everything().clone();
        let mut none = None_ { surely: everything.clone(), perhaps: everything };
        for rule in rules {
            none.surely = none.surely.and(&rule.no)?;
            none.perhaps = none.perhaps.and(&rule.perhaps_not)?;
        }
        none.surely = self.space.within_budget(none.surely)?;
        Ok(none)
    }

    /// The strictest place, with the labels of all who say it. Gives where none speaks.
    fn strictest(&mut self, live: &Part, rules: &[(&Value, &Rails)]) -> Result<Part, TooLarge> {
        let mut by_rank: BTreeMap<u32, Vec<(&Outcome, &Rails)>> = BTreeMap::new();
        for (value, rails) in rules {
            if let Value::Outcome(outcome) = value {
                by_rank.entry(outcome.rank).or_default().push((outcome, *rails));
            }
        }
        let mut left = live.clone();
        for rules in by_rank.values().rev() {
            let all: Vec<&Rails> = rules.iter().map(|(_, rails)| *rails).collect();
            let here = left.and_some(&self.some(&all)?)?;
            let labels: BTreeSet<&SmolStr> =
                rules.iter().flat_map(|(outcome, _)| &outcome.labels).collect();
            if let Some((outcome, _)) = rules.first() {
                let bare = Outcome { labels: BTreeSet::new(), ..(*outcome).clone() };
                let outcome = ClassOutcome::Settled(Possible::Value(Value::Outcome(bare)));
                self.add(outcome.clone(), here)?;
                for label in labels {
                    let with: Vec<&Rails> = rules
                        .iter()
                        .filter(|(one, _)| one.labels.contains(label))
                        .map(|(_, rails)| *rails)
                        .collect();
                    self.beside(&outcome, Value::Symbol(label.clone()), &with)?;
                }
            }
            left = left.and_none(&self.none(&all)?)?;
        }
        Ok(left)
    }

    fn beside(
        &mut self,
        outcome: &ClassOutcome,
        value: Value,
        rules: &[&Rails],
    ) -> Result<(), TooLarge> {
        let (with, without) = (self.some(rules)?, self.none(rules)?.perhaps);
        self.beside.entry(outcome.clone()).or_default().push(Beside { value, with, without });
        Ok(())
    }

    /// What all say; where two differ, a conflict. Gives where none speaks.
    fn unique(
        &mut self,
        live: &Part,
        rules: &[(&Value, &Rails)],
        computed: &[&Rails],
    ) -> Result<Part, TooLarge> {
        let mut by_value: BTreeMap<&Value, Vec<&Rails>> = BTreeMap::new();
        for (value, rails) in rules {
            by_value.entry(*value).or_default().push(rails);
        }
        let mut groups = Vec::new();
        for (value, rules) in by_value {
            groups.push((Some(value), self.some(&rules)?, self.none(&rules)?));
        }
        for rails in computed {
            groups.push((None, self.some(&[rails])?, self.none(&[rails])?));
        }
        // What is live and where no group from one on holds, so that each is combined once.
        let nothing = Part { is: self.space.nothing(), may: self.space.nothing() };
        let (mut none, mut two) = (live.clone(), nothing.clone());
        let mut only: Vec<Part> = Vec::new();
        for (value, some, not) in &groups {
            let mut second = nothing.clone();
            for one in &mut only {
                let both = one.and_some(some)?;
                second = Part { is: second.is.or(&both.is)?, may: second.may.or(&both.may)? };
                // A computed value may agree with another.
                if value.is_some() {
                    *one = one.and_none(not)?;
                }
            }
            two = Part { is: two.is.or(&second.is)?, may: two.may.or(&second.may)? };
            only.push(none.and_some(some)?);
            none = none.and_none(not)?;
        }
        for ((value, some, _), part) in groups.iter().zip(only) {
            match value {
                Some(value) => {
                    let value = Possible::Value((*value).clone());
                    self.add(ClassOutcome::Settled(value), part)?;
                }
                None => {
                    let part = live.and_some(some)?;
                    self.add(ClassOutcome::Settled(Possible::Error), part.clone())?;
                    self.add(ClassOutcome::Computed, part)?;
                }
            }
        }
        self.add(ClassOutcome::Settled(Possible::Conflict), two)?;
        Ok(none)
    }

    /// The set of what they say. Gives where none speaks.
    fn collect(
        &mut self,
        live: &Part,
        rules: &[(&Value, &Rails)],
        computed: &[&Rails],
    ) -> Result<Part, TooLarge> {
        let mut by_value: BTreeMap<&Value, Vec<&Rails>> = BTreeMap::new();
        for (value, rails) in rules {
            by_value.entry(*value).or_default().push(rails);
        }
        let mut fixed = live.clone();
        if !computed.is_empty() {
            let part = live.and_some(&self.some(computed)?)?;
            self.add(ClassOutcome::Settled(Possible::Error), part.clone())?;
            self.add(ClassOutcome::Computed, part)?;
            fixed = live.and_none(&self.none(computed)?)?;
        }
        let outcome = ClassOutcome::Settled(Possible::Value(Value::Set(Arc::default())));
        self.add(outcome.clone(), fixed.clone())?;
        let mut silent = fixed;
        for (value, rules) in by_value {
            silent = silent.and_none(&self.none(&rules)?)?;
            self.beside(&outcome, value.clone(), &rules)?;
        }
        Ok(silent)
    }
}
