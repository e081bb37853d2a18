//! What an epoch computes of given facts, looked at from outside: for analysis, not for a run.

use std::collections::BTreeSet;

use exeat_hir::{DecisionId, Possible};
use exeat_model::{Truth, Value};

use crate::epoch::{Epoch, Source};
use crate::node::{ConditionId, NodeId};
use crate::program::{Program, Record, Request};
use crate::run::{Decided, Scratch};

impl Program {
    /// What sources are worth for a record, with some decisions decided: those that they read, and those that
    /// these do. `None` where that is not known.
    pub fn worth(
        &self,
        epoch: &Epoch,
        request: &Request<'_>,
        record: &Record,
        scratch: &mut Scratch,
        sources: &[Source],
        decisions: &BTreeSet<DecisionId>,
    ) -> Vec<Option<Value>> {
        scratch.prepare(epoch, self.hir().decisions.len());
        let mut run = self.start(epoch, request, &record.values, scratch);
        run.decide_these(epoch, request, |id| decisions.contains(&id));
        let known = |truth: Truth| truth.is_known().then_some(Value::YesNo(truth == Truth::True));
        sources
            .iter()
            .map(|source| match source {
                Source::Slot(slot) => run.slot(*slot).ok(),
                Source::Node(node) => run.value(*node).ok(),
                Source::Condition(condition) => known(run.condition(*condition)),
                Source::Reading(id) => {
                    let reading = self.hir().readings.get(*id)?;
                    let chosen = request.readings.get(id).copied().or(reading.default)?;
                    let choice = reading.choices.get(chosen)?;
                    Some(Value::Symbol(choice.name.clone()))
                }
                Source::Proposal(module) => Some(Value::YesNo(request.proposals.contains(module))),
            })
            .collect()
    }

    /// The truth of a condition that reads decisions and no facts, for each of several ways in which
    /// these may come out.
    pub fn truths_given_outcomes(
        &self,
        epoch: &Epoch,
        request: &Request<'_>,
        condition: ConditionId,
        ways: &[Vec<(DecisionId, Possible)>],
    ) -> Vec<Truth> {
        let mut scratch = Scratch::default();
        scratch.prepare(epoch, self.hir().decisions.len());
        // What reads decisions is not remembered, so the ways do not disturb each other.
        let mut run = self.start(epoch, request, &[], &mut scratch);
        let mut truths = Vec::with_capacity(ways.len());
        for way in ways {
            for (decision, outcome) in way {
                let place = usize::try_from(decision.0).ok();
                if let Some(place) = place.and_then(|at| run.scratch.decided.get_mut(at)) {
                    *place = match outcome {
                        Possible::Value(value) => Decided::Value(value.clone()),
                        Possible::NotNeeded => Decided::NotNeeded,
                        other => Decided::Undetermined(vec![other.clone()]),
                    };
                }
            }
            truths.push(run.condition(condition));
        }
        truths
    }

    /// What a node is worth for a record, if it reads no decision.
    pub fn worth_of_node(
        &self,
        epoch: &Epoch,
        request: &Request<'_>,
        record: &Record,
        scratch: &mut Scratch,
        node: NodeId,
    ) -> Option<Value> {
        scratch.prepare(epoch, self.hir().decisions.len());
        self.start(epoch, request, &record.values, scratch).value(node).ok()
    }
}
