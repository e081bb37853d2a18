use exeat_hir::CodeList;
use exeat_model::{Code, Truth};
use smol_str::SmolStr;

/// How many entries a chain of parents can have; real lists have about six.
const LONGEST_CHAIN: usize = 64;

/// Whether a code is one of the targets or a part of one.
///
/// A code that is too coarse to say, as `3A090` asked for `3A090.a`, is unknown and not a "no".
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

/// Whether an item of that code meets the parameters of one of the targets: it is within one, or it
/// or an entry that it is a part of is listed as meeting one.
pub(crate) fn meets(list: &CodeList, code: &Code, targets: &[Code]) -> Truth {
    let direct = within(list, code, targets);
    let Code::Entry(code) = code else { return direct };
    chain(list, code)
        .filter_map(|entry| list.entries.get(entry))
        .flat_map(|entry| entry.meets.iter())
        .map(|met| within(list, &Code::Entry(met.clone()), targets))
        .fold(direct, Truth::or)
}

/// A code and the entries that it is a part of.
fn chain<'l>(list: &'l CodeList, code: &'l SmolStr) -> impl Iterator<Item = &'l SmolStr> {
    std::iter::successors(Some(code), |code| {
        list.entries.get(*code).and_then(|entry| entry.parent.as_ref())
    })
    .take(LONGEST_CHAIN)
}
