//! Facts and readings on which no outcome depends.

use std::collections::BTreeSet;

use exeat_hir::{FactId, ModuleId, ReadingId, RuleId};
use exeat_program::{Formula, RuleValue, Source};

use super::asking::{Asked, Asking};
use super::{Finding, FindingKind, Subject};
use crate::region::Region;
use crate::search::Gave;

/// The facts, with their paths, and the readings that something depends on.
type Dependence = (BTreeSet<(FactId, String)>, BTreeSet<ReadingId>);

impl Asking<'_, '_, '_, '_> {
    pub(super) fn ask_matters(&mut self) {
        let asked: Vec<(Option<RuleId>, Dependence)> = self
            .asked_sources()
            .into_iter()
            .map(|(rule, sources)| (rule, self.of_sources(sources.into_iter())))
            .collect();
        for (rule, (facts, readings)) in asked {
            for fact in facts {
                self.asked.read.entry(fact).or_default().extend(rule);
            }
            for reading in readings {
                self.asked.readings.entry(reading).or_default().extend(rule);
            }
        }
        let unseen = |asked: &Asked<'_>| {
            !asked.read.keys().all(|fact| asked.mattering.contains(fact))
                || !asked.readings.keys().all(|reading| asked.differing.contains(reading))
        };
        for at in 0..self.diagrams.decisions.len() {
            if !unseen(self.asked) {
                return;
            }
            self.ask_decision(at);
        }
    }

    /// What rules ask, each with the rule; what only claims ask is no question of them.
    fn asked_sources(&self) -> Vec<(Option<RuleId>, Vec<&Source>)> {
        let epoch = &self.side.epoch;
        let (rules, items) = (&self.asked.hir.rules, &self.asked.hir.not_modelled);
        let counts = |module: Option<ModuleId>| module.is_some_and(|id| self.decides(id));
        let sources = |formula: &Formula| {
            let mut found = Vec::new();
            formula.atoms(&mut |atom| {
                let atom = usize::try_from(atom).ok().and_then(|at| epoch.atoms.get(at));
                let column = atom.and_then(|atom| usize::try_from(atom.column).ok());
                found.extend(column.and_then(|at| epoch.columns.get(at)).map(|one| &one.source));
            });
            found
        };
        let mut asked = Vec::new();
        for decision in &epoch.decisions {
            let own = decision.rules.iter();
            let own = own.filter(|rule| counts(rules.get(rule.id).map(|found| found.module)));
            asked.extend(own.map(|rule| (Some(rule.id), sources(&rule.own))));
            let gaps = decision.gaps.iter();
            let gaps = gaps.filter(|(id, _)| counts(items.get(*id).map(|found| found.module)));
            let others = gaps.map(|(_, gap)| gap).chain(&decision.needed);
            asked.extend(others.map(|formula| (None, sources(formula))));
        }
        asked
    }

    /// Notes what a decision depends on.
    fn ask_decision(&mut self, at: usize) {
        let Some(decision) = self.diagrams.decisions.get(at) else { return };
        let outcomes = match &decision.outcomes {
            Ok(outcomes) => outcomes,
            Err(why) => {
                self.asked.all_outcomes = Err(Gave::TooLarge(*why));
                return;
            }
        };
        let hir = self.asked.hir;
        let mut regions: Vec<&Region> = vec![&decision.needed, &decision.touched];
        for class in &outcomes.classes {
            regions.push(&class.region);
            regions.extend(class.beside.iter().map(|beside| &beside.region));
        }
        for rule in &decision.rules {
            // Which rule decides matters for what has to be done.
            if hir.rules.get(rule.id).is_some_and(|found| !found.duties.is_empty()) {
                regions.push(&rule.holds);
            }
        }
        let mut variables = BTreeSet::new();
        for region in regions {
            variables.extend(self.space.support(region));
        }
        let sources = variables.iter().filter_map(|variable| self.space.source(0, *variable));
        let lowered = self.side.epoch.decisions.iter().find(|lowered| lowered.id == decision.id);
        let computed: Vec<Source> = lowered
            .into_iter()
            .flat_map(|lowered| &lowered.rules)
            .filter_map(|rule| match &rule.value {
                RuleValue::Node(node) => Some(Source::Node(*node)),
                _ => None,
            })
            .collect();
        let (facts, readings) = self.of_sources(sources.chain(&computed));
        self.asked.mattering.extend(facts);
        self.asked.differing.extend(readings);
    }

    fn of_sources<'c>(&self, sources: impl Iterator<Item = &'c Source>) -> Dependence {
        let arena = &self.side.epoch.arena;
        let mut found = Dependence::default();
        let mut slots = BTreeSet::new();
        for source in sources {
            match source {
                Source::Slot(slot) => {
                    slots.insert(*slot);
                }
                Source::Node(node) => slots.extend(arena.reads_of_node(*node).slots),
                Source::Condition(id) => slots.extend(arena.reads_of_condition(*id).slots),
                Source::Reading(id) => {
                    found.1.insert(*id);
                }
                Source::Proposal(_) => {}
            }
        }
        for slot in slots {
            let slot = usize::try_from(slot).ok().and_then(|at| self.side.program.slots().get(at));
            found.0.extend(slot.map(|slot| (slot.fact, slot.path.clone())));
        }
        found
    }
}

impl Asked<'_> {
    /// What was asked in rules and never mattered.
    pub(super) fn finish_matters(&mut self) {
        let dead: BTreeSet<RuleId> = self
            .findings
            .keys()
            .chain(self.undecided.keys())
            .filter(|(kind, ..)| {
                matches!(
                    kind,
                    FindingKind::NeverApplies
                        | FindingKind::NothingToExcept
                        | FindingKind::AlwaysDefeated
                )
            })
            .flat_map(|(_, subject, _)| subject.rules())
            .collect();
        // What a rule asks that decides nothing may matter once the rule is mended.
        let alive = |readers: &BTreeSet<RuleId>| readers.is_disjoint(&dead);
        let facts = self.read.iter();
        let facts =
            facts.filter(|(fact, readers)| !self.mattering.contains(*fact) && alive(readers));
        let facts = facts.map(|((id, path), _)| {
            (FindingKind::FactNeverMatters, Subject::Fact(*id, path.clone()))
        });
        let readings = self.readings.iter();
        let readings =
            readings.filter(|(id, readers)| !self.differing.contains(*id) && alive(readers));
        let readings =
            readings.map(|(id, _)| (FindingKind::ReadingNeverDiffers, Subject::Reading(*id)));
        let all: Vec<(FindingKind, Subject)> = facts.chain(readings).collect();
        for (kind, subject) in all {
            if let Err(gave) = self.all_outcomes {
                self.undecided(kind, subject, None, &[exeat_model::Interval::ALWAYS], gave);
                continue;
            }
            let key = (kind, subject.clone(), None);
            let finding = Finding {
                kind,
                subject,
                decision: None,
                region: Vec::new(),
                days: Vec::new(),
                example: None,
                accepted: None,
            };
            self.findings.insert(key, finding);
        }
    }
}
