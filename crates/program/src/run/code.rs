//! Codes of hierarchical lists. A code that is too coarse to say is unknown and not a "no".

use exeat_hir::{CodeEntry, CodeList};
use exeat_model::{Code, Date, Truth};
use smol_str::SmolStr;

/// How many entries a chain of parents can have; real lists have about six.
const LONGEST_CHAIN: usize = 64;

/// Whether a code is one of the targets or a part of one.
pub(crate) fn within(list: &CodeList, code: &Code, targets: &[Code]) -> Truth {
    let Code::Entry(code) = code else { return Truth::from(targets.contains(&Code::None)) };
    let mut truth = Truth::False;
    for target in targets {
        let Code::Entry(target) = target else { continue };
        truth = truth.or(if chain(list, code).any(|entry| entry == target) {
            Truth::True
        } else if chain(list, target).any(|entry| entry == code) {
            Truth::Unknown
        } else {
            Truth::False
        });
    }
    truth
}

/// Whether an item of that code meets the parameters of one of the targets.
pub(crate) fn meets(list: &CodeList, code: &Code, targets: &[Code], day: Date) -> Truth {
    let direct = within(list, code, targets);
    let Code::Entry(code) = code else { return direct };
    let listed = |entry: &CodeEntry| {
        let met = entry.meets.iter().map(|met| within(list, &Code::Entry(met.clone()), targets));
        met.fold(Truth::False, Truth::or)
    };
    let own = chain(list, code)
        .filter_map(|entry| list.entries.get(entry))
        .map(listed)
        .fold(direct, Truth::or);
    if own == Truth::True {
        return own;
    }
    let part_may = list.entries.iter().any(|(name, entry)| {
        name != code
            && entry.interval.contains(day)
            && !entry.meets.is_empty()
            && chain(list, name).any(|whole| whole == code)
            && listed(entry) != Truth::False
    });
    if part_may { Truth::Unknown } else { own }
}

fn chain<'l>(list: &'l CodeList, code: &'l SmolStr) -> impl Iterator<Item = &'l SmolStr> {
    let parent =
        |code: &&'l SmolStr| list.entries.get(*code).and_then(|entry| entry.parent.as_ref());
    std::iter::successors(Some(code), parent).take(LONGEST_CHAIN)
}
