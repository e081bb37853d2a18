//! Circles and orders in a graph of things that refer to each other.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// What each thing refers to. Things without references may be left out.
pub(super) type References<N> = BTreeMap<N, BTreeSet<N>>;

/// One shortest circle for each group of things that reach each other, each from its first member.
pub(super) fn circles<N: Copy + Ord>(references: &References<N>) -> Vec<Vec<N>> {
    let left = entangled(references);
    let mut covered: BTreeSet<N> = BTreeSet::new();
    let mut found = Vec::new();
    for start in left.keys() {
        if covered.contains(start) {
            continue;
        }
        let Some(circle) = shortest_way_back(&left, *start) else { continue };
        let ahead = reached(&left, *start);
        covered
            .extend(ahead.iter().copied().filter(|member| reached(&left, *member).contains(start)));
        found.push(circle);
    }
    found
}

/// All things, each after those that it refers to; the smallest first where there is a choice.
/// What stands in a circle, or refers to one, is left out.
pub(super) fn in_order<N: Copy + Ord>(
    all: impl IntoIterator<Item = N>,
    references: &References<N>,
) -> Vec<N> {
    let mut waiting: BTreeSet<N> = all.into_iter().collect();
    let mut order = Vec::new();
    loop {
        let ready = waiting
            .iter()
            .copied()
            .find(|one| references.get(one).is_none_or(|needs| needs.is_disjoint(&waiting)));
        let Some(ready) = ready else { return order };
        waiting.remove(&ready);
        order.push(ready);
    }
}

/// Everything that is reached from a thing in one step or more.
pub(super) fn reached<N: Copy + Ord>(references: &References<N>, start: N) -> BTreeSet<N> {
    let mut seen = BTreeSet::new();
    let mut queue = vec![start];
    while let Some(one) = queue.pop() {
        for next in references.get(&one).into_iter().flatten() {
            if seen.insert(*next) {
                queue.push(*next);
            }
        }
    }
    seen
}

/// The part of the graph in which everything refers to something: nothing is left if there is no circle.
fn entangled<N: Copy + Ord>(references: &References<N>) -> References<N> {
    let mut left = references.clone();
    loop {
        let before = left.len();
        let kept: BTreeSet<N> = left.keys().copied().collect();
        for needs in left.values_mut() {
            needs.retain(|need| kept.contains(need));
        }
        left.retain(|_, needs| !needs.is_empty());
        if left.len() == before {
            return left;
        }
    }
}

fn shortest_way_back<N: Copy + Ord>(references: &References<N>, start: N) -> Option<Vec<N>> {
    let mut came_from: BTreeMap<N, N> = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(one) = queue.pop_front() {
        for next in references.get(&one).into_iter().flatten() {
            if *next == start {
                let mut way = vec![one];
                let mut at = one;
                while at != start {
                    at = *came_from.get(&at)?;
                    way.push(at);
                }
                way.reverse();
                return Some(way);
            }
            if !came_from.contains_key(next) {
                came_from.insert(*next, one);
                queue.push_back(*next);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(pairs: &[(u32, u32)]) -> References<u32> {
        let mut references = References::new();
        for (from, to) in pairs {
            references.entry(*from).or_default().insert(*to);
        }
        references
    }

    #[test]
    fn a_circle_is_found_once_and_from_its_first_member() {
        assert_eq!(circles(&graph(&[(1, 2), (2, 3), (3, 1), (0, 1)])), vec![vec![1, 2, 3]]);
        assert_eq!(circles(&graph(&[(4, 4)])), vec![vec![4]]);
        assert_eq!(
            circles(&graph(&[(1, 2), (2, 1), (5, 6), (6, 5)])),
            vec![vec![1, 2], vec![5, 6]]
        );
    }

    #[test]
    fn a_graph_without_circles_has_none() {
        assert!(circles(&graph(&[(1, 2), (1, 3), (2, 3)])).is_empty());
    }

    #[test]
    fn the_order_puts_what_is_needed_first() {
        assert_eq!(in_order([0, 1, 2, 3], &graph(&[(0, 2), (2, 3)])), vec![1, 3, 2, 0]);
        assert_eq!(in_order([0, 1, 2], &graph(&[(1, 2), (2, 1)])), vec![0]);
    }
}
