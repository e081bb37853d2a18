//! The order of the variables, on which the size of diagrams depends.
//!
//! Fixed before any diagram is built, by the text alone: variables that stand in the same rules are
//! moved next to each other (each goes to the middle of the rules that it is in, and each rule to the
//! middle of its variables, over and over: the FORCE heuristic of Aloul, Markov and Sakallah). Before that
//! counts which decision asks a variable first: what decisions read of others is a choice among few outcomes,
//! and on top of a diagram such a choice costs least. Readings stand before all: they split the rules into few
//! worlds.

use std::collections::BTreeSet;

use exeat_program::{Formula, LoweredDecision};

use crate::space::{Side, Variable, VariableKind};

/// How many times variables and rules are moved to each other's middle.
const ROUNDS: usize = 24;
/// Places are counted in this fraction, so that middles are whole numbers.
const SCALE: u64 = 1 << 16;

/// The variables in order, by their places.
pub(crate) fn ordered(
    sides: &[Side<'_>],
    variables: &[Variable],
    variable_of: &[Vec<Option<usize>>],
) -> Vec<usize> {
    let edges = edges(sides, variable_of);
    let mut weight = vec![0_usize; variables.len()];
    for at in edges.iter().flatten() {
        if let Some(weight) = weight.get_mut(*at) {
            *weight = weight.saturating_add(1);
        }
    }
    let weight_of = |at: usize| weight.get(at).copied().unwrap_or(0);
    let mut order: Vec<usize> = (0..variables.len()).collect();
    order.sort_by_key(|at| (std::cmp::Reverse(weight_of(*at)), *at));
    let mut best = (spread(&order, &edges), order.clone());
    for _ in 0..ROUNDS {
        order = moved(&order, &edges);
        let spread = spread(&order, &edges);
        if spread < best.0 {
            best = (spread, order.clone());
        }
    }
    let mut order = best.1;
    let first = first_decision(sides, variables.len(), variable_of);
    let class = |at: &usize| match variables.get(*at).map(|variable| &variable.kind) {
        Some(VariableKind::Reading(_)) => 0,
        // What only claims ask is in nobody's way at the end.
        _ => first.get(*at).copied().unwrap_or(0).saturating_add(1),
    };
    order.sort_by_key(class);
    order
}

/// The first decision that asks each variable, by its place in the order of decisions.
fn first_decision(
    sides: &[Side<'_>],
    count: usize,
    variable_of: &[Vec<Option<usize>>],
) -> Vec<usize> {
    let mut first = vec![usize::MAX.saturating_sub(1); count];
    for (side, columns) in sides.iter().zip(variable_of) {
        for (at, decision) in side.epoch.decisions.iter().enumerate() {
            let own = decision.rules.iter().map(|rule| &rule.own);
            for formula in own.chain(others(decision)) {
                formula.atoms(&mut |atom| {
                    let atom = usize::try_from(atom).ok().and_then(|at| side.epoch.atoms.get(at));
                    let column = atom.and_then(|atom| usize::try_from(atom.column).ok());
                    let variable = column.and_then(|at| columns.get(at)).copied().flatten();
                    if let Some(place) = variable.and_then(|at| first.get_mut(at)) {
                        *place = at.min(*place);
                    }
                });
            }
        }
    }
    first
}

/// The sets of variables that stand together.
fn edges(sides: &[Side<'_>], variable_of: &[Vec<Option<usize>>]) -> BTreeSet<Vec<usize>> {
    let mut edges = BTreeSet::new();
    for (side, columns) in sides.iter().zip(variable_of) {
        let mut add = |formulas: &[&Formula]| {
            let mut together = BTreeSet::new();
            for formula in formulas {
                formula.atoms(&mut |atom| {
                    let atom = usize::try_from(atom).ok().and_then(|at| side.epoch.atoms.get(at));
                    let column = atom.and_then(|atom| usize::try_from(atom.column).ok());
                    together.extend(column.and_then(|at| columns.get(at)).copied().flatten());
                });
            }
            if !together.is_empty() {
                edges.insert(together.into_iter().collect::<Vec<_>>());
            }
        };
        for decision in &side.epoch.decisions {
            for rule in &decision.rules {
                add(&[&rule.own]);
                for other in &rule.defeated_by {
                    let other = decision.rules.get(*other).map(|other| &other.own);
                    add(&other.into_iter().chain([&rule.own]).collect::<Vec<_>>());
                }
            }
            for formula in others(decision) {
                add(&[formula]);
            }
        }
    }
    edges
}

fn others(decision: &LoweredDecision) -> impl Iterator<Item = &Formula> {
    decision.needed.iter().chain(decision.gaps.iter().map(|(_, formula)| formula))
}

fn places(order: &[usize]) -> Vec<u64> {
    let mut places = vec![0; order.len()];
    for (place, at) in (0_u64..).zip(order) {
        if let Some(slot) = places.get_mut(*at) {
            *slot = place.saturating_mul(SCALE);
        }
    }
    places
}

fn moved(order: &[usize], edges: &BTreeSet<Vec<usize>>) -> Vec<usize> {
    let places = places(order);
    let middle = |sum: u64, count: u64| sum.checked_div(count);
    let place = |at: &usize| places.get(*at).copied().unwrap_or(0);
    let mut pulls = vec![(0_u64, 0_u64); order.len()];
    for edge in edges {
        let count = u64::try_from(edge.len()).unwrap_or(u64::MAX);
        let sum = edge.iter().map(place).fold(0, u64::saturating_add);
        let Some(centre) = middle(sum, count) else { continue };
        for at in edge {
            if let Some(pull) = pulls.get_mut(*at) {
                *pull = (pull.0.saturating_add(centre), pull.1.saturating_add(1));
            }
        }
    }
    let mut order = order.to_vec();
    order.sort_by_key(|at| {
        let pull = pulls.get(*at).copied().unwrap_or_default();
        (middle(pull.0, pull.1).unwrap_or_else(|| place(at)), place(at))
    });
    order
}

/// How far apart what stands together is, in all.
fn spread(order: &[usize], edges: &BTreeSet<Vec<usize>>) -> u64 {
    let places = places(order);
    let place = |at: &usize| places.get(*at).copied().unwrap_or(0);
    edges
        .iter()
        .map(|edge| {
            let first = edge.iter().map(place).min().unwrap_or(0);
            edge.iter().map(place).max().unwrap_or(0).saturating_sub(first)
        })
        .fold(0, u64::saturating_add)
}
