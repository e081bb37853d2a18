//! Which of the given facts force an outcome, whatever the others are.

use std::collections::BTreeSet;

use exeat_hir::{DecisionId, Possible, RuleId};
use exeat_model::Value;
use exeat_program::Record;

use super::ground::{About, Ground, left};

/// Facts that force an outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forced {
    /// What they force.
    pub outcome: Possible,
    /// The facts, by path, with their values. None of them can be left out: without it the outcome is open.
    pub facts: Vec<(String, exeat_hir::Ty, Value)>,
    /// How many other facts the decision rests on that are given and need not be.
    pub idle: usize,
}

impl Ground<'_> {
    /// A minimal set of the given facts that forces what a decision comes to; `None` if it is open. The
    /// facts that the deciding rules ask for are kept first. The reference confirms it.
    pub fn why(&mut self, decision: DecisionId) -> Option<Forced> {
        let about = self.about(&BTreeSet::from([decision]));
        let slots = about.slots.clone();
        let base = self.only(&slots);
        let now = self.possible(&base, &about, decision)?;
        let [outcome] = now.as_slice() else { return None };
        let deciding = self.asked_by_deciding(decision, &about);
        let known: Vec<usize> =
            slots.iter().copied().filter(|slot| base.get(*slot).is_some()).collect();
        let (asked, others): (Vec<usize>, Vec<usize>) =
            known.iter().copied().partition(|slot| deciding.contains(slot));
        let mut best: Option<Vec<usize>> = None;
        for backwards in [false, true] {
            let turned = |list: &[usize]| -> Vec<usize> {
                let list = list.iter().copied();
                if backwards { list.rev().collect() } else { list.collect() }
            };
            let order = [turned(&others), turned(&asked)].concat();
            let kept = self.kept(&base, &order, &mut |ground, record| {
                ground.possible(record, &about, decision).is_some_and(|left| left == now)
            });
            if best.as_ref().is_none_or(|best| kept.len() < best.len()) {
                best = Some(kept);
            }
        }
        let kept = best?;
        let dropped: Vec<(usize, Option<Value>)> = (0..self.side.program.slots().len())
            .filter(|slot| !kept.contains(slot))
            .map(|slot| (slot, None))
            .collect();
        let traces = self.replay(&self.facts_with(&dropped), &about);
        let trace = traces.iter().find(|trace| trace.decision == decision)?;
        if left(&trace.determination) != now {
            return None;
        }
        let all = self.side.program.slots();
        let facts = kept.iter().filter_map(|at| {
            let slot = all.get(*at)?;
            Some((slot.path.clone(), slot.ty.clone(), base.get(*at)?.clone()))
        });
        Some(Forced {
            outcome: outcome.clone(),
            facts: facts.collect(),
            idle: known.len().saturating_sub(kept.len()),
        })
    }

    /// The record with some slots alone.
    pub(super) fn only(&self, slots: &[usize]) -> Record {
        let mut record = Record::default();
        for slot in slots {
            record.set(*slot, self.record.get(*slot).cloned());
        }
        record
    }

    /// The known slots that stay when as many as can be are forgotten, in their order, as long as something
    /// holds. It has to hold less the less is known.
    pub(super) fn kept(
        &mut self,
        start: &Record,
        slots: &[usize],
        holds: &mut dyn FnMut(&mut Self, &Record) -> bool,
    ) -> Vec<usize> {
        let mut record = start.clone();
        self.forget(&mut record, slots, holds);
        let mut kept: Vec<usize> =
            slots.iter().copied().filter(|slot| record.get(*slot).is_some()).collect();
        kept.sort_unstable();
        kept
    }

    /// Forgets what can be forgotten of some slots, halves at once. What is left is the same as one by one,
    /// because to forget more never makes it hold again.
    fn forget(
        &mut self,
        record: &mut Record,
        slots: &[usize],
        holds: &mut dyn FnMut(&mut Self, &Record) -> bool,
    ) {
        if slots.is_empty() {
            return;
        }
        let mut less = record.clone();
        for slot in slots {
            less.set(*slot, None);
        }
        if holds(self, &less) {
            *record = less;
        } else if slots.len() > 1 {
            let (first, second) = slots.split_at(slots.len() / 2);
            self.forget(record, first, holds);
            self.forget(record, second, holds);
        }
    }

    /// The slots that the rules ask for which give the outcome.
    fn asked_by_deciding(&self, decision: DecisionId, about: &About) -> BTreeSet<usize> {
        let traces = self.replay(&self.facts, about);
        let deciding: BTreeSet<RuleId> = traces
            .iter()
            .filter(|trace| trace.decision == decision)
            .flat_map(|trace| trace.because.iter().copied())
            .collect();
        let epoch = &self.side.epoch;
        let mut found = BTreeSet::new();
        for lowered in epoch.decisions.iter().filter(|one| one.id == decision) {
            for rule in lowered.rules.iter().filter(|rule| deciding.contains(&rule.id)) {
                rule.own.atoms(&mut |atom| {
                    let atom = usize::try_from(atom).ok().and_then(|at| epoch.atoms.get(at));
                    let column = atom.and_then(|atom| usize::try_from(atom.column).ok());
                    let reads = column.and_then(|at| self.reads.column(at));
                    let slots = reads.into_iter().flat_map(|reads| &reads.slots);
                    found.extend(slots.filter_map(|slot| usize::try_from(*slot).ok()));
                });
            }
        }
        found
    }
}
