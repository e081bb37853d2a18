//! The questions that a comparison asks of one stretch of days, each by itself and with its answer: those
//! too that need no diagram to be answered, so that somebody else can be asked the same.

use std::collections::BTreeSet;

use exeat_hir::{DecisionId, Possible};
use exeat_model::{Outcome, Value};
use exeat_program::{LoweredDecision, RuleValue};
use smol_str::SmolStr;

use super::compare::{Class, Pair, Turn, classes};
use crate::budget::TooLarge;
use crate::diagrams::Diagrams;
use crate::findings::questions::Answered;
use crate::outcomes::{Beside, bare};
use crate::region::Region;
use crate::search::{Found, Search};
use crate::space::Space;
use crate::witness::Witness;

/// A question of a comparison.
#[derive(Clone, Debug)]
pub(crate) struct ChangeAsked {
    /// The decision in the old and in the new rules.
    pub(crate) ids: (DecisionId, DecisionId),
    /// What it came to and comes to, without labels and elements.
    pub(crate) outcomes: (Possible, Possible),
    /// A label or element that comes (`true`) or goes beside the same outcome.
    pub(crate) turn: Option<(Value, bool)>,
    /// What is asked, in words.
    pub(crate) words: String,
    /// What the comparison says.
    pub(crate) answer: Answered,
}

/// All questions about pairs of decisions to a space of two sides; and the names of the decisions that
/// cannot be asked about, each with the reason.
pub(crate) fn changes(
    space: &Space<'_>,
    (before, after): (&Diagrams, &Diagrams),
    pairs: &[(String, (DecisionId, DecisionId))],
) -> (Vec<ChangeAsked>, Vec<String>) {
    let search = Search::new(space);
    let days: Vec<_> = space.sides.first().map(|side| side.epoch.days).into_iter().collect();
    let (mut asked, mut left) = (Vec::new(), Vec::new());
    for (name, ids) in pairs {
        let (Some(first), Some(second)) = (before.decision(ids.0), after.decision(ids.1)) else {
            left.push(format!("changes of {name}, whose diagrams outgrow the budget"));
            continue;
        };
        let lowered = (lowered(space, 0, ids.0), lowered(space, 1, ids.1));
        let (Some(old), Some(new)) = lowered else { continue };
        if [old, new].iter().any(|one| computes(one)) {
            left.push(format!("changes of {name}, whose value rules compute"));
            continue;
        }
        let pair = Pair { name, ids: *ids, days: &days, before: first, after: second };
        match pair.questions(space, &search, (old, new)) {
            Ok(questions) => asked.extend(questions),
            Err(_) => left.push(format!("changes of {name}, whose diagrams outgrow the budget")),
        }
    }
    (asked, left)
}

fn lowered<'s>(space: &'s Space<'_>, side: usize, id: DecisionId) -> Option<&'s LoweredDecision> {
    space.sides.get(side)?.epoch.decisions.iter().find(|one| one.id == id)
}

fn computes(lowered: &LoweredDecision) -> bool {
    lowered.rules.iter().any(|rule| matches!(rule.value, RuleValue::Node(_)))
}

impl Pair<'_> {
    fn questions(
        &self,
        space: &Space<'_>,
        search: &Search<'_, '_>,
        (old, new): (&LoweredDecision, &LoweredDecision),
    ) -> Result<Vec<ChangeAsked>, TooLarge> {
        let world = space.world(0).and(space.world(1))?;
        let before = all_classes(space, classes(self.before, &world)?, old);
        let after = all_classes(space, classes(self.after, &world)?, new);
        let values: BTreeSet<Value> =
            values_beside(old).union(&values_beside(new)).cloned().collect();
        let mut asked = Vec::new();
        for first in &before {
            for second in &after {
                let both = first.region.and(&second.region)?;
                if !self.alike(space, first, second) {
                    asked.extend(self.question(space, search, (first, second, None), &both)?);
                    continue;
                }
                if !matches!(first.possible, Some(Possible::Value(_))) {
                    continue;
                }
                for value in &values {
                    let region = |class: &Class| {
                        let found = class.beside.iter().find(|one| one.value == *value);
                        found.map_or_else(|| space.nothing(), |one: &Beside| one.region.clone())
                    };
                    let (had, has) = (region(first), region(second));
                    for (comes, turned) in [(true, has.without(&had)?), (false, had.without(&has)?)]
                    {
                        let turned = turned.and(&both)?;
                        let turn = Some(Turn { value, comes });
                        asked.extend(self.question(
                            space,
                            search,
                            (first, second, turn),
                            &turned,
                        )?);
                    }
                }
            }
        }
        Ok(asked)
    }

    fn question(
        &self,
        space: &Space<'_>,
        search: &Search<'_, '_>,
        (first, second, turn): (&Class, &Class, Option<Turn<'_>>),
        region: &Region,
    ) -> Result<Option<ChangeAsked>, TooLarge> {
        let (Some(one), Some(other)) = (&first.possible, &second.possible) else { return Ok(None) };
        let has = |after: bool| turn.as_ref().map(|turn| (turn.value, turn.comes == after));
        let words = format!(
            "Is there a transaction for which {} came to: {}, and comes to: {}?",
            self.name,
            self.words_with(space, 0, first, has(false)),
            self.words_with(space, 1, second, has(true)),
        );
        let likely = self.before.clear.and(&self.after.clear)?;
        let confirm = &mut |witness: &Witness| {
            self.shown(space, (first, second, turn.as_ref()), witness).is_some()
        };
        let answer = match search.find(region, &likely, &[0, 1], confirm) {
            Found::Witness(_, case) => Answered::Yes(space.describe(1, &case)),
            Found::Nothing => Answered::No,
            Found::NotDecided(gave) => Answered::Open(gave),
        };
        Ok(Some(ChangeAsked {
            ids: self.ids,
            outcomes: (one.clone(), other.clone()),
            turn: turn.map(|turn| (turn.value.clone(), turn.comes)),
            words,
            answer,
        }))
    }
}

/// The classes, and those of which the diagrams show that nothing is in them.
fn all_classes(space: &Space<'_>, mut found: Vec<Class>, lowered: &LoweredDecision) -> Vec<Class> {
    let values = lowered.rules.iter().filter_map(|rule| match &rule.value {
        RuleValue::Constant(value) => Some(value),
        RuleValue::Node(_) | RuleValue::Nothing => None,
    });
    let mut possible: BTreeSet<Possible> = BTreeSet::from([Possible::NotNeeded]);
    if lowered.combine == exeat_hir::Combine::Collect {
        possible.insert(Possible::Value(Value::Set(std::sync::Arc::default())));
    } else {
        let all = values.chain(&lowered.otherwise);
        possible.extend(all.map(|value| Possible::Value(bare(value).0)));
    }
    if !lowered.gaps.is_empty() {
        possible.insert(Possible::NotModelled);
    }
    for one in possible {
        if !found.iter().any(|class| class.possible.as_ref() == Some(&one)) {
            let (region, beside) = (space.nothing(), Vec::new());
            found.push(Class { possible: Some(one), region, beside });
        }
    }
    found
}

/// The labels or elements that rules may put beside an outcome.
fn values_beside(lowered: &LoweredDecision) -> BTreeSet<Value> {
    let mut found = BTreeSet::new();
    for rule in &lowered.rules {
        let RuleValue::Constant(value) = &rule.value else { continue };
        match value {
            Value::Outcome(Outcome { labels, .. }) => {
                found.extend(labels.iter().map(|label: &SmolStr| Value::Symbol(label.clone())));
            }
            value if lowered.combine == exeat_hir::Combine::Collect => {
                found.insert(value.clone());
            }
            _ => {}
        }
    }
    found
}
