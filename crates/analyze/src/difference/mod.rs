//! Two versions of rules: for which transactions a decision comes to something else.
//!
//! Both are asked about the same transaction on the same day, one stretch of days after the other. Where no
//! class of transactions differs that is a proof for all transactions of which both versions determine the
//! outcome. Where a version leaves it open though all is known (a quantity has no value, a code is too
//! coarse), both of what it could be are supposed, and a change from or to that may be missed.

mod compare;
pub(crate) mod questions;

use std::collections::{BTreeMap, BTreeSet};

use exeat_hir::{DecisionId, DecisionTrace, Functions, Hir, ModuleId};
use exeat_model::{Date, Interval};
use exeat_program::{Program, Unsupported};

use crate::budget::Budget;
use crate::prints::Prints;
use crate::remembering::Remembering;
use crate::search::{Gave, Seeds};
use crate::space::{Side, Space};
use crate::witness::Witness;

use self::compare::compare;

/// One of the two versions.
#[derive(Clone, Copy)]
pub struct Version<'p> {
    /// The rules.
    pub program: &'p Program,
    /// The functions of their jurisdictions.
    pub functions: &'p dyn Functions,
    /// Modules of status proposal that decide.
    pub proposals: &'p BTreeSet<ModuleId>,
}

/// What is to be compared.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// Days outside of it do not count.
    pub over: Interval,
    /// The full names of the decisions that are wanted; none means all.
    pub decisions: BTreeSet<String>,
    /// What each question may cost.
    pub budget: Budget,
}

/// In which direction a class of transactions changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// Less is required than before.
    Loosened,
    /// More is required than before.
    Tightened,
    /// It was determined, and is not any more.
    NewlyUndetermined,
    /// It is determined, and was not.
    NewlyDetermined,
    /// Another answer, of which nobody says that it is more or less.
    Different,
}

impl Direction {
    /// Its name as it leaves the process.
    pub fn name(self) -> &'static str {
        match self {
            Self::Loosened => "loosened",
            Self::Tightened => "tightened",
            Self::NewlyUndetermined => "newly_undetermined",
            Self::NewlyDetermined => "newly_determined",
            Self::Different => "different",
        }
    }
}

/// A class of transactions for which a decision changes.
#[derive(Clone, Debug)]
pub struct Change {
    /// The full name of the decision.
    pub decision: String,
    /// The decision in the old and in the new rules.
    pub ids: (DecisionId, DecisionId),
    /// In which direction.
    pub direction: Direction,
    /// What it came to, in words.
    pub before: String,
    /// What it comes to, in words.
    pub after: String,
    /// Kinds of transactions of the class, in the facts' own words: one or more, each with one condition
    /// an entry.
    pub regions: Vec<Vec<String>>,
    /// Whether there are transactions of the class that these do not name.
    pub more: bool,
    /// The days on which it is so.
    pub days: Vec<Interval>,
    /// A transaction of the class, confirmed by the reference.
    pub example: ChangeExample,
}

/// A transaction with both outcomes.
#[derive(Clone, Debug)]
pub struct ChangeExample {
    /// The day.
    pub as_of: Date,
    /// The transaction.
    pub witness: Witness,
    /// Its facts, as `destination = CN`.
    pub facts: Vec<String>,
    /// What the old rules say of it.
    pub before: DecisionTrace,
    /// What the new rules say of it.
    pub after: DecisionTrace,
}

/// Something that was not decided within the budget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UndecidedChange {
    /// The full name of the decision.
    pub decision: String,
    /// The outcomes between which a change was looked for; none where it is all of the decision.
    pub outcomes: Option<(String, String)>,
    /// On which days.
    pub days: Vec<Interval>,
    /// Where the search gave up.
    pub gave: Gave,
}

/// What came of a comparison.
#[derive(Clone, Debug, Default)]
pub struct Differences {
    /// The classes that change, by decision.
    pub changes: Vec<Change>,
    /// The full names of decisions for which it is proved that no transaction changes that both determine.
    pub same: Vec<String>,
    /// What was not decided.
    pub undecided: Vec<UndecidedChange>,
    /// Decisions that only the new rules have.
    pub added: Vec<String>,
    /// Decisions that only the old rules have.
    pub removed: Vec<String>,
    /// Over how many stretches of days.
    pub stretches: usize,
}

/// A decision, what it came to and comes to, and the kinds of transactions for which it does.
type Key = (String, String, String, Vec<Vec<String>>);

/// All that was found so far.
#[derive(Default)]
struct Found {
    changes: BTreeMap<Key, Change>,
    undecided: BTreeMap<(String, Option<(String, String)>), UndecidedChange>,
}

impl Found {
    fn undecided(
        &mut self,
        decision: &str,
        outcomes: Option<(String, String)>,
        days: &[Interval],
        gave: Gave,
    ) {
        let key = (decision.to_owned(), outcomes.clone());
        let entry = self.undecided.entry(key).or_insert_with(|| UndecidedChange {
            decision: decision.to_owned(),
            outcomes,
            days: Vec::new(),
            gave,
        });
        entry.days.extend(days);
    }
}

/// Compares two versions over all transactions.
///
/// # Errors
/// What of the rules cannot be lowered.
pub fn differences(
    old: Version<'_>,
    new: Version<'_>,
    wanted: &Comparison,
) -> Result<Differences, Unsupported> {
    let pairs = paired(old.program.hir(), new.program.hir(), &wanted.decisions);
    let mut found = Found::default();
    let functions = [old, new].map(|version| Remembering::new(version.functions));
    let [first, second] = &functions;
    let sides = stretches_of(
        Version { functions: first, ..old },
        Version { functions: second, ..new },
        &wanted.over,
    )?;
    let stretches = sides.len();
    let asked = asked(&sides, &pairs);
    let seeds = sides.first().map(|(before, after)| Seeds::new([before, after]));
    for ((mut before, mut after), asked) in sides.into_iter().zip(asked) {
        let Some(seeds) = seeds.as_ref().filter(|_| !asked.is_empty()) else { continue };
        before.narrow(&asked.iter().map(|one| one.ids.0).collect(), &BTreeSet::new());
        after.narrow(&asked.iter().map(|one| one.ids.1).collect(), &BTreeSet::new());
        match Space::new(vec![before, after], wanted.budget) {
            Ok(space) => compare(space, seeds, &asked, &mut found),
            Err(why) => {
                for one in &asked {
                    found.undecided(one.name, None, &one.days, Gave::TooLarge(why));
                }
            }
        }
    }
    let names = |hir: &Hir| -> BTreeSet<String> {
        hir.decisions.values().map(|one| hir.full_name(one.module, &one.name)).collect()
    };
    let (before, after) = (names(old.program.hir()), names(new.program.hir()));
    let mut changes: Vec<Change> = found.changes.into_values().collect();
    for change in &mut changes {
        change.days = crate::findings::merged(std::mem::take(&mut change.days));
    }
    let mut undecided: Vec<UndecidedChange> = found.undecided.into_values().collect();
    for one in &mut undecided {
        one.days = crate::findings::merged(std::mem::take(&mut one.days));
    }
    let touched: BTreeSet<&String> = changes
        .iter()
        .map(|one| &one.decision)
        .chain(undecided.iter().map(|one| &one.decision))
        .collect();
    let same = pairs.iter().map(|(name, _)| name).filter(|name| !touched.contains(name));
    Ok(Differences {
        same: same.cloned().collect(),
        added: after.difference(&before).cloned().collect(),
        removed: before.difference(&after).cloned().collect(),
        changes,
        undecided,
        stretches,
    })
}

/// A decision that is compared on some days.
struct Asked<'a> {
    name: &'a str,
    ids: (DecisionId, DecisionId),
    /// All the days on which neither version decides it in another way.
    days: Vec<Interval>,
}

/// What is to be compared on each stretch of days: what was not the same on days before.
fn asked<'a>(
    sides: &[(Side<'_>, Side<'_>)],
    pairs: &'a [(String, (DecisionId, DecisionId))],
) -> Vec<Vec<Asked<'a>>> {
    let (mut old, mut new) = (Prints::default(), Prints::default());
    let mut asked: Vec<Vec<Asked<'a>>> = sides.iter().map(|_| Vec::new()).collect();
    let mut seen = BTreeMap::new();
    for (at, (before, after)) in sides.iter().enumerate() {
        let (first, second) = (old.of(before), new.of(after));
        for (name, ids) in pairs {
            let prints = [first.decisions.get(&ids.0), second.decisions.get(&ids.1)];
            let [one, two] = prints.map(Option::<&u32>::copied);
            let fresh = (at, asked.get(at).map_or(0, Vec::len));
            let (place, within) = *seen.entry((name, one, two)).or_insert(fresh);
            let Some(place) = asked.get_mut(place) else { continue };
            match place.get_mut(within) {
                Some(known) => known.days.push(before.epoch.days),
                None => place.push(Asked { name, ids: *ids, days: vec![before.epoch.days] }),
            }
        }
    }
    asked
}

/// The decisions that both have, by their full names, in the order of the new rules.
pub(crate) fn paired(
    old: &Hir,
    new: &Hir,
    wanted: &BTreeSet<String>,
) -> Vec<(String, (DecisionId, DecisionId))> {
    let before: BTreeMap<String, DecisionId> =
        old.decisions.iter().map(|(id, one)| (old.full_name(one.module, &one.name), id)).collect();
    let after = new.decision_order.iter().filter_map(|id| Some((*id, new.decisions.get(*id)?)));
    let named = after.map(|(id, one)| (new.full_name(one.module, &one.name), id));
    named
        .filter(|(name, _)| wanted.is_empty() || wanted.contains(name))
        .filter_map(|(name, id)| Some((name.clone(), (*before.get(&name)?, id))))
        .collect()
}

/// The stretches of days on which neither version changes, each with both sides.
pub(crate) fn stretches_of<'p>(
    old: Version<'p>,
    new: Version<'p>,
    over: &Interval,
) -> Result<Vec<(Side<'p>, Side<'p>)>, Unsupported> {
    let mut stretches = Vec::new();
    for first in old.program.epochs() {
        for second in new.program.epochs() {
            let days = first.intersection(&second).intersection(over);
            if days.is_empty() {
                continue;
            }
            let side = |version: Version<'p>, number: usize| {
                let mut epoch = version.program.epoch_with_claims(crate::space::some_day(&days))?;
                epoch.days = days;
                Ok(Side {
                    number,
                    program: version.program,
                    functions: version.functions,
                    epoch,
                    // Both are asked about the same day.
                    calendar: 0,
                    proposals: version.proposals.clone(),
                })
            };
            stretches.push((side(old, 0)?, side(new, 1)?));
        }
    }
    Ok(stretches)
}
