//! What a side computes of one transaction after another.

use std::collections::BTreeSet;

use exeat_hir::{DecisionId, ReadingId};
use exeat_model::Value;
use exeat_program::{Record, RuleValue, Scratch, Source};

use crate::prints::{read_by_decision, read_by_formulas};
use crate::space::Side;
use crate::witness::Witness;

/// Some sources of a side, with all that is needed to ask them again and again.
pub(crate) struct Looking<'s> {
    side: &'s Side<'s>,
    sources: Vec<Source>,
    /// The decisions that they read, and those that these do.
    decisions: BTreeSet<DecisionId>,
    /// The slots that all this reads, each with its place.
    slots: Vec<(usize, &'s str)>,
    readings: Vec<(ReadingId, String)>,
    scratch: Scratch,
}

impl<'s> Looking<'s> {
    pub(crate) fn new(side: &'s Side<'s>, sources: Vec<Source>) -> Self {
        let arena = &side.epoch.arena;
        let (mut decisions, mut slots) = (BTreeSet::new(), BTreeSet::new());
        for source in &sources {
            let reads = match source {
                Source::Slot(slot) => {
                    slots.insert(*slot);
                    continue;
                }
                Source::Node(node) => arena.reads_of_node(*node),
                Source::Condition(id) => arena.reads_of_condition(*id),
                Source::Reading(_) | Source::Proposal(_) => continue,
            };
            decisions.extend(reads.decisions);
            slots.extend(reads.slots);
        }
        // Those that read stand after those that they read.
        for lowered in side.epoch.decisions.iter().rev() {
            if !decisions.contains(&lowered.id) {
                continue;
            }
            decisions.extend(read_by_decision(side, lowered));
            let own = lowered.rules.iter().map(|rule| &rule.own);
            let others = lowered.needed.iter().chain(lowered.gaps.iter().map(|(_, gap)| gap));
            slots.extend(read_by_formulas(side, own.chain(others)).slots);
            for rule in &lowered.rules {
                if let RuleValue::Node(node) = &rule.value {
                    slots.extend(arena.reads_of_node(*node).slots);
                }
            }
        }
        let slots = slots.into_iter().filter_map(|slot| {
            let at = usize::try_from(slot).ok()?;
            Some((at, side.program.slots().get(at)?.path.as_str()))
        });
        let hir = side.program.hir();
        let readings = hir.readings.iter();
        let readings =
            readings.map(|(id, reading)| (id, hir.full_name(reading.module, &reading.name)));
        Self {
            side,
            sources,
            decisions,
            slots: slots.collect(),
            readings: readings.collect(),
            scratch: Scratch::default(),
        }
    }

    /// Whether what the sources are worth can depend on a fact.
    pub(crate) fn reads(&self, path: &str) -> bool {
        self.slots.iter().any(|(_, read)| *read == path)
    }

    /// What the sources are worth for a transaction; none where that is not known.
    pub(crate) fn values(&mut self, witness: &Witness) -> Vec<Option<Value>> {
        self.values_with(witness, None)
    }

    /// The same if one fact were another.
    pub(crate) fn values_with(
        &mut self,
        witness: &Witness,
        moved: Option<(&str, &Value)>,
    ) -> Vec<Option<Value>> {
        let hir = self.side.program.hir();
        let choice = |(id, name): &(ReadingId, String)| {
            let choice = witness.readings.get(name)?;
            let choices = &hir.readings.get(*id)?.choices;
            Some((*id, choices.iter().position(|one| one.name == *choice)?))
        };
        let readings = self.readings.iter().filter_map(choice).collect();
        let request = exeat_program::Request {
            as_of: witness.day(self.side),
            readings: &readings,
            proposals: &self.side.proposals,
            functions: self.side.functions,
        };
        let mut record = Record::default();
        for (at, path) in &self.slots {
            let known = moved.filter(|(other, _)| other == path).map(|(_, value)| value);
            record.set(*at, known.or_else(|| witness.facts.get(*path)).cloned());
        }
        self.side.program.worth(
            &self.side.epoch,
            &request,
            &record,
            &mut self.scratch,
            &self.sources,
            &self.decisions,
        )
    }
}
