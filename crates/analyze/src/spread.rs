//! What rules compute from one fact that has countable values, value by value.
//!
//! `classification is z_paragraph(base_entry)` gives one of a few entries, each for some base entries. Seen so, what
//! such a rule gives is as exact as a constant, and what is asked of the decision rests on the fact.

use std::collections::{BTreeMap, BTreeSet};

use exeat_model::Value;
use exeat_program::{NodeId, Record, RuleValue, Scratch, Source};

use crate::space::{Side, values_of_type};

/// How many values of a fact are gone through.
const MOST_VALUES: usize = 4096;

/// A computed value by the values of the fact that it is computed from. For a value of the fact that is in none
/// of the sets, it is not known: the reference computes nothing there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spread {
    /// The column of the fact.
    pub(crate) column: usize,
    /// What it comes to, and for which values of the fact.
    pub(crate) values: BTreeMap<Value, BTreeSet<Value>>,
}

/// All that rules of a side compute so, by the node that computes it. Only facts that conditions ask anyway are
/// looked at.
pub(crate) fn spreads(side: &Side<'_>) -> BTreeMap<NodeId, Spread> {
    let asked: BTreeSet<usize> = {
        let atoms = side.asked();
        let atom = |at: u32| side.epoch.atoms.get(usize::try_from(at).ok()?);
        let columns = atoms.into_iter().filter_map(atom).map(|atom| atom.column);
        columns.filter_map(|column| usize::try_from(column).ok()).collect()
    };
    let columns = side.epoch.columns.iter().enumerate().filter(|(at, _)| asked.contains(at));
    let column_of: BTreeMap<u32, usize> = columns
        .filter_map(|(at, column)| match column.source {
            Source::Slot(slot) => Some((slot, at)),
            _ => None,
        })
        .collect();
    let rules = side.epoch.decisions.iter().flat_map(|decision| &decision.rules);
    let nodes: BTreeSet<NodeId> = rules
        .filter_map(|rule| match rule.value {
            RuleValue::Node(node) => Some(node),
            _ => None,
        })
        .collect();
    nodes.into_iter().filter_map(|node| Some((node, spread(side, node, &column_of)?))).collect()
}

fn spread(side: &Side<'_>, node: NodeId, column_of: &BTreeMap<u32, usize>) -> Option<Spread> {
    let reads = side.epoch.arena.reads_of_node(node);
    if reads.day || reads.locals || !reads.decisions.is_empty() || reads.slots.len() != 1 {
        return None;
    }
    let slot = *reads.slots.first()?;
    let column = *column_of.get(&slot)?;
    let place = usize::try_from(slot).ok()?;
    let all = values_of_type(side, &side.program.slots().get(place)?.ty)?;
    if all.len() > MOST_VALUES {
        return None;
    }
    let request = side.bare_request();
    let mut record = Record::default();
    let mut scratch = Scratch::default();
    let mut values: BTreeMap<Value, BTreeSet<Value>> = BTreeMap::new();
    for value in all {
        record.set(place, Some(value.clone()));
        let given = side.program.worth_of_node(&side.epoch, &request, &record, &mut scratch, node);
        if let Some(given) = given {
            values.entry(given).or_default().insert(value);
        }
    }
    Some(Spread { column, values })
}
