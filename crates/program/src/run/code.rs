//! Codes of hierarchical lists. A code that is too coarse to say is unknown and not a "no".

use exeat_hir::{CodeEntry, CodeList};
use exeat_model::{Code, Date, Truth};
use smol_str::SmolStr;

/// How many entries a chain of parents can have; real lists have about six.
const LONGEST_CHAIN: usize = 64;

/// Whether two codes are the same; `true` beside one that the rules write out. Any other may be coarser than
/// the truth.
pub fn same(list: &CodeList, left: (&Code, bool), right: (&Code, bool)) -> Truth {
    let may_be = |whole: (&Code, bool), part: (&Code, bool)| match (whole, part) {
        ((Code::Entry(whole), false), (Code::Entry(part), _)) => {
            chain(list, part).any(|entry| entry == whole)
        }
        _ => false,
    };
    if left.0 == right.0 {
        Truth::True
    } else if may_be(left, right) || may_be(right, left) {
        Truth::Unknown
    } else {
        Truth::False
    }
}

/// Whether a code is one of the targets or a part of one.
pub fn within(list: &CodeList, code: &Code, targets: &[Code]) -> Truth {
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
pub fn meets(list: &CodeList, code: &Code, targets: &[Code], day: Date) -> Truth {
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
