//! Codes of hierarchical lists: are two the same, is one a part of another, and does it meet the parameters
//! of another?
//!
//! A code that is too coarse to say, as `3A090` asked for `3A090.a`, is unknown and not a "no": a more
//! exact code could settle it either way.

use exeat_hir::{CodeEntry, CodeList, Hir, Ty};
use exeat_model::{Code, Date, Truth, Value};
use smol_str::SmolStr;

use crate::machine::{Found, Unknown};

/// How many entries a chain of parents can have; real lists have about six.
const LONGEST_CHAIN: usize = 64;

/// Whether a code is one of the targets or a part of one.
/// No entry at all is within none of them, unless `none` itself is asked for.
pub(crate) fn within(list: &CodeList, code: &Code, targets: &[Code]) -> Truth {
    match code {
        Code::Entry(code) => entry_within(list, code, targets),
        Code::None => Truth::from(targets.contains(&Code::None)),
    }
}

fn entry_within(list: &CodeList, code: &SmolStr, targets: &[Code]) -> Truth {
    let own: Vec<&SmolStr> = chain(list, code).collect();
    let entries = || {
        targets.iter().filter_map(|target| match target {
            Code::Entry(target) => Some(target),
            Code::None => None,
        })
    };
    if entries().any(|target| own.contains(&target)) {
        Truth::True
    } else if entries().any(|target| chain(list, target).any(|entry| entry == code)) {
        Truth::Unknown
    } else {
        Truth::False
    }
}

/// Whether an item of that code meets the parameters of one of the targets: it is within one, or it
/// or an entry that it is a part of is listed as meeting one. If only parts of it that stand in the
/// list on the day do, it is too coarse to say.
pub(crate) fn meets(list: &CodeList, code: &Code, targets: &[Code], day: Date) -> Truth {
    let direct = within(list, code, targets);
    let Code::Entry(code) = code else { return direct };
    let listed = |entry: &CodeEntry| {
        entry.meets.iter().map(|met| entry_within(list, met, targets)).fold(Truth::False, Truth::or)
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

/// Whether two codes are the same. A code that the rules write out means just that entry; any other may be
/// coarser than the truth, and where the entry asked for is a part of it, that is unknown.
pub(crate) fn same(hir: &Hir, left: &Found, right: &Found, ty: &Ty) -> (Truth, Unknown) {
    let list = match ty {
        Ty::Code(id) => hir.code_lists.get(*id),
        _ => None,
    };
    let may_be = |whole: &Found, part: &Found| match (&whole.value, &part.value, list) {
        (Value::Code(Code::Entry(whole_code)), Value::Code(Code::Entry(part)), Some(list)) => {
            !whole.origin.written && chain(list, part).any(|entry| entry == whole_code)
        }
        _ => false,
    };
    if left.value == right.value {
        (Truth::True, Unknown::default())
    } else if may_be(left, right) {
        (Truth::Unknown, too_coarse(left))
    } else if may_be(right, left) {
        (Truth::Unknown, too_coarse(right))
    } else {
        (Truth::False, Unknown::default())
    }
}

/// What is missing where a code is too coarse.
pub(crate) fn too_coarse(code: &Found) -> Unknown {
    match &code.origin.path {
        Some(path) => Unknown::missing(format!("{path} (a more exact code)")),
        None => Unknown::error("a code that the rules compute is too coarse to say"),
    }
}

/// A code and the entries that it is a part of.
fn chain<'l>(list: &'l CodeList, code: &'l SmolStr) -> impl Iterator<Item = &'l SmolStr> {
    std::iter::successors(Some(code), |code| {
        list.entries.get(*code).and_then(|entry| entry.parent.as_ref())
    })
    .take(LONGEST_CHAIN)
}
