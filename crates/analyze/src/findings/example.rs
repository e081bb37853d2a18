//! A witness with all that is shown of it.

use std::collections::{BTreeMap, BTreeSet};

use exeat_eval::describe_value;
use exeat_hir::{DecisionId, Determination, Hir, ReadingId, Ty};
use exeat_model::{Date, Value};

use crate::space::Side;
use crate::witness::Witness;

/// A transaction that shows a finding, and what the reference says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The day.
    pub as_of: Date,
    /// The choices of readings that it needs.
    pub readings: BTreeMap<ReadingId, usize>,
    /// The facts, by path, with their types.
    pub facts: Vec<(String, Value, Ty)>,
    /// What the decisions come to that it is about.
    pub outcomes: Vec<(DecisionId, Determination)>,
    /// The same as a witness, for further questions.
    pub witness: Witness,
}

impl Example {
    /// What the reference says of a witness on a side, of some decisions with those that they read.
    pub fn new(side: &Side<'_>, witness: &Witness, decisions: &BTreeSet<DecisionId>) -> Self {
        let traces = witness.decide_these(side, decisions);
        let slots = side.program.slots().iter();
        let facts = slots
            .filter_map(|slot| {
                let value = witness.facts.get(&slot.path)?;
                Some((slot.path.clone(), value.clone(), slot.ty.clone()))
            })
            .collect();
        Self {
            as_of: witness.day(side),
            readings: witness.choices(side),
            facts,
            outcomes: traces
                .into_iter()
                .map(|trace| (trace.decision, trace.determination))
                .collect(),
            witness: witness.clone(),
        }
    }

    /// The facts in words: `destination = CN`.
    pub fn describe(&self, hir: &Hir) -> Vec<String> {
        let mut lines = vec![format!("as of {}", self.as_of)];
        for (id, choice) in &self.readings {
            let Some(reading) = hir.readings.get(*id) else { continue };
            let Some(choice) = reading.choices.get(*choice) else { continue };
            lines.push(format!("reading {}.{}", reading.name, choice.name));
        }
        for (path, value, ty) in &self.facts {
            lines.push(format!("{path} = {}", describe_value(hir, value, ty)));
        }
        lines
    }
}
