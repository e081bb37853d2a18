//! Which scenarios can come to something else under rules that were read again.
//!
//! A scenario is left as it was only where nothing that it reaches differs: not its own text, not a rule
//! that has force on its day, not what this names; or where what differs comes to the same for it ([`alike`]).
//! Everything is compared by names and by the text of the items, so that it does not matter where these
//! stand. Whatever is not a rule, an exception, a define, a table, a gap or a scenario (types, facts, decisions,
//! assertions, headers of modules) is not followed: where such a thing differs, all scenarios are run again.

mod alike;
mod items;
mod side;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use exeat_eval::Scenarios;
use exeat_hir::{Scenario, ScenarioId};

use self::alike::Alike;
use self::items::changed_items;
use self::side::{Followed, Side};
use super::{ScenarioOutcome, on_all_processors};
use crate::Session;

/// What has to be run again.
pub(super) struct Again {
    pub(super) scenarios: BTreeSet<ScenarioId>,
    /// How much deeper expressions may build on each other for the others.
    pub(super) deeper: usize,
}

/// The scenarios of the second rules that can come to something else than under the first, where the given
/// outcomes were found. None if that cannot be told.
pub(super) fn to_run_again(
    (before, known): (&Session, &[ScenarioOutcome]),
    (after, all): (&Session, &Scenarios<'_>),
) -> Option<Again> {
    let (first, second) = (before.digests(), after.digests());
    if first.tables != second.tables || first.plugins != second.plugins {
        return None;
    }
    let (old, new) = changed_items(before, after)?;
    let mut old = Side::new(before.hir(), &old)?;
    let mut new = Side::new(after.hir(), &new)?;
    if old.fixed() != new.fixed() {
        return None;
    }
    old.compare(&mut new);
    let old_scenarios: BTreeMap<(String, String), (ScenarioId, &Scenario)> =
        old.hir.scenarios.iter().map(|(id, one)| (old.scenario_key(one), (id, one))).collect();
    let (mut certain_old, mut certain_new) = (old.clone(), new.clone());
    let alike = Alike::take(&mut certain_old, &mut certain_new);
    let certain = (certain_old.followed()?, certain_new.followed()?);
    let themselves = (old.clone(), new.clone());
    // None where all scenarios reach what differs.
    let everything = old.followed().zip(new.followed());
    let old_reads = Scenarios::new(before.hir(), before.functions());
    let known: BTreeMap<(&str, &str), &ScenarioOutcome> =
        known.iter().map(|one| ((one.module.as_str(), one.title.as_str()), one)).collect();
    let mut scenarios = BTreeSet::new();
    let mut reached = BTreeMap::new();
    for (id, scenario) in after.hir().scenarios.iter() {
        let key = themselves.1.scenario_key(scenario);
        let outcome = known.get(&(key.0.as_str(), key.1.as_str()));
        let Some((outcome, (old_id, was))) = outcome.zip(old_scenarios.get(&key)) else {
            scenarios.insert(id);
            continue;
        };
        let (a, b) = (
            old_reads.decisions_for(*old_id, &outcome.asserted),
            all.decisions_for(id, &outcome.asserted),
        );
        let touched_by = |(old, new): &(Followed<'_>, Followed<'_>)| {
            old.touches(&a, was) || new.touches(&b, scenario)
        };
        if themselves.0.touches_scenario(*old_id, was)
            || themselves.1.touches_scenario(id, scenario)
            || was.as_of != scenario.as_of
            || a != b
            || touched_by(&certain)
        {
            scenarios.insert(id);
        } else if everything.as_ref().is_none_or(touched_by) {
            reached.insert(id, (scenario, &outcome.basis));
        }
    }
    let looked_at: Vec<ScenarioId> = reached.keys().copied().collect();
    let (same, _) = on_all_processors(&looked_at, |(): &mut (), id| {
        let (scenario, basis) = reached.get(&id)?;
        alike.same_for((before, after), scenario, basis)
    });
    scenarios.extend(looked_at.iter().filter(|id| !same.contains_key(id)));
    Some(Again { scenarios, deeper: same.into_values().max().unwrap_or(0) })
}
