//! Changed defines and rules that come to the same for a scenario nevertheless.
//!
//! What reads an item sees what it comes to and nothing else of it. Where each changed item comes to the same
//! known value under a scenario's facts and under what its decisions came to before, no decision differs: not
//! the first, so not what reads it either.

use std::collections::BTreeMap;

use exeat_eval::{DEEPEST, Glance, Request, scenario_facts};
use exeat_hir::reach::Named;
use exeat_hir::{DefineId, RuleId, Scenario};

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

impl Alike {
    /// Takes from what differs the items that can be looked at by themselves.
    pub(super) fn take(old: &mut Side<'_>, new: &mut Side<'_>) -> Self {
        let mut alike = Self::default();
        let by_name: BTreeMap<String, DefineId> =
            new.defines().map(|(id, define)| (new.full(define.module, &define.name), id)).collect();
        for (id, define) in old.defines() {
            let other = by_name.get(&old.full(define.module, &define.name));
            let Some((other, now)) = other.and_then(|id| Some((*id, new.hir.defines.get(*id)?)))
            else {
                continue;
            };
            let plain = define.parameters.is_empty() && now.parameters.is_empty();
            if plain && define.ty == now.ty {
                alike.defines.push((id, other));
            }
        }
        let by_name: BTreeMap<String, RuleId> =
            new.rules().map(|(id, rule)| (new.full(rule.module, &rule.name), id)).collect();
        for (id, rule) in old.rules() {
            let other = by_name.get(&old.full(rule.module, &rule.name));
            let Some((other, now)) = other.and_then(|id| Some((*id, new.hir.rules.get(*id)?)))
            else {
                continue;
            };
            let concluded = |rule: &exeat_hir::Rule| -> Vec<_> {
                rule.conclusions.iter().map(|conclusion| conclusion.decision).collect()
            };
            let same = rule.kind == now.kind
                && rule.force == now.force
                && concluded(rule) == concluded(now)
                && [
                    (&rule.exception_to, &now.exception_to),
                    (&rule.defeats, &now.defeats),
                    (&rule.defeated_by, &now.defeated_by),
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
