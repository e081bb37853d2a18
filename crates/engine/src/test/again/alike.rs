//! Changed defines and rules that come to the same for a scenario nevertheless.
//!
//! What reads an item sees what it comes to and nothing else of it. Where each changed item comes to the same
//! known value under a scenario's facts and under what its decisions came to before, no decision differs: not
//! the first, so not what reads it either.

use std::collections::BTreeMap;

use exeat_eval::{DEEPEST, Glance, Request, scenario_facts};
use exeat_hir::reach::Named;
use exeat_hir::{DefineId, Rule, RuleId, Scenario};

use super::side::Side;
use crate::Session;
use crate::test::Basis;

/// How many items may be looked at for each scenario: to run it costs less than to look at many.
const MOST: usize = 8;

/// The items that are looked at, as they were and as they are.
#[derive(Debug, Default)]
pub(super) struct Alike {
    defines: Vec<(DefineId, DefineId)>,
    rules: Vec<(RuleId, RuleId)>,
}

/// What both versions have, by its full name.
fn in_both<T>(
    old: BTreeMap<String, T>,
    mut new: BTreeMap<String, T>,
) -> impl Iterator<Item = (T, T)> {
    old.into_iter().filter_map(move |(name, was)| Some((was, new.remove(&name)?)))
}

impl Alike {
    /// Takes from what differs the items that can be looked at by themselves.
    pub(super) fn take(old: &mut Side<'_>, new: &mut Side<'_>) -> Self {
        let mut alike = Self::default();
        for ((id, was), (other, is)) in in_both(old.changed_defines(), new.changed_defines()) {
            let plain = was.parameters.is_empty() && is.parameters.is_empty();
            if plain && was.ty == is.ty {
                alike.defines.push((id, other));
            }
        }
        for ((id, was), (other, is)) in in_both(old.changed_rules(), new.changed_rules()) {
            let concluded = |rule: &Rule| -> Vec<_> {
                rule.conclusions.iter().map(|conclusion| conclusion.decision).collect()
            };
            let same = was.kind == is.kind
                && was.force == is.force
                && concluded(was) == concluded(is)
                && [
                    (&was.exception_to, &is.exception_to),
                    (&was.defeats, &is.defeats),
                    (&was.defeated_by, &is.defeated_by),
                ]
                .iter()
                .all(|(was, is)| old.rule_names(was) == new.rule_names(is));
            if same {
                alike.rules.push((id, other));
            }
        }
        if alike.defines.len().saturating_add(alike.rules.len()) > MOST {
            return Self::default();
        }
        for (was, is) in &alike.defines {
            old.named.remove(&Named::Define(*was));
            new.named.remove(&Named::Define(*is));
        }
        for (was, is) in &alike.rules {
            old.rules.remove(was);
            new.rules.remove(is);
        }
        alike
    }

    /// Whether all of them come to the same for a scenario, and then how deep what they build on goes.
    pub(super) fn same_for(
        &self,
        (before, after): (&Session, &Session),
        scenario: &Scenario,
        basis: &Basis,
    ) -> Option<usize> {
        let facts = scenario_facts(after.hir(), after.functions(), scenario);
        let proposals = scenario.proposals.iter().copied().collect();
        let request = Request {
            as_of: scenario.as_of,
            readings: &scenario.readings,
            proposals: &proposals,
            facts: &facts,
        };
        let glance = |session| {
            let session: &Session = session;
            Glance::new(session.hir(), session.functions(), request, basis.decided.clone())
        };
        let (mut was, mut is) = (glance(before), glance(after));
        for (old, new) in &self.defines {
            let (old, new) = (was.define(*old)?, is.define(*new)?);
            if old != new {
                return None;
            }
        }
        for (old, new) in &self.rules {
            // Without force on the day it says nothing, before and after: its force is the same.
            let force = before.hir().rules.get(*old).map(|rule| &rule.force);
            if !force.is_some_and(|force| force.on(scenario.as_of)) {
                continue;
            }
            let (old, new) = (was.rule(*old)?, is.rule(*new)?);
            if old != new {
                return None;
            }
        }
        let deeper = basis.deepest.checked_add(is.deepest())?;
        (deeper < DEEPEST).then_some(is.deepest())
    }
}
