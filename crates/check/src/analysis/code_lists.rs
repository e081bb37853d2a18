//! Questions about codes of a hierarchical list.

use exeat_hir::CodeList;
use exeat_model::{Code, Truth};
use smol_str::SmolStr;

/// How many entries a chain of parents can have; real lists have about six.
const LONGEST_CHAIN: usize = 64;

/// Whether a code is, or meets, one of the targets; unknown where it is too coarse to say.
pub(super) fn answer(list: &CodeList, code: &Code, targets: &[Code], meets: bool) -> Truth {
    let within = |code: &SmolStr| {
        targets.iter().fold(Truth::False, |truth, target| {
            let Code::Entry(target) = target else { return truth };
            truth.or(if chain(list, code).any(|entry| entry == target) {
                Truth::True
            } else if chain(list, target).any(|entry| entry == code) {
                Truth::Unknown
            } else {
                Truth::False
            })
        })
    };
    let Code::Entry(code) = code else { return Truth::from(targets.contains(&Code::None)) };
    let direct = within(code);
    if !meets {
        return direct;
    }
    let entries = chain(list, code).filter_map(|entry| list.entries.get(entry));
    entries.flat_map(|entry| &entry.meets).map(within).fold(direct, Truth::or)
}

fn chain<'l>(list: &'l CodeList, code: &'l SmolStr) -> impl Iterator<Item = &'l SmolStr> {
    std::iter::successors(Some(code), |code| {
        list.entries.get(*code).and_then(|entry| entry.parent.as_ref())
    })
    .take(LONGEST_CHAIN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use exeat_hir::CodeEntry;
    use exeat_model::Interval;

    #[test]
    fn parts_meet_what_their_whole_meets_and_too_coarse_a_code_is_unknown() {
        let entry = |parent: Option<&str>, meets: &[&str]| CodeEntry {
            title: None,
            parent: parent.map(SmolStr::new),
            meets: meets.iter().map(SmolStr::new).collect(),
            interval: Interval::ALWAYS,
        };
        let entries = [
            ("3A090", entry(None, &[])),
            ("3A090.a", entry(Some("3A090"), &[])),
            ("5A992", entry(None, &["3A090.a"])),
            ("5A992.z", entry(Some("5A992"), &[])),
        ];
        let list = CodeList {
            name: "us.eccn".into(),
            title: None,
            entries: entries.map(|(code, entry)| (SmolStr::new(code), entry)).into(),
            span: exeat_diagnostics::Span::default(),
        };
        let code = |text: &str| Code::Entry(text.into());
        let asked = |text: &str, meets| answer(&list, &code(text), &[code("3A090.a")], meets);
        assert_eq!(asked("3A090.a", false), Truth::True);
        assert_eq!(asked("3A090", false), Truth::Unknown);
        assert_eq!(asked("5A992.z", false), Truth::False);
        assert_eq!(asked("5A992.z", true), Truth::True);
        assert_eq!(answer(&list, &Code::None, &[code("3A090.a")], true), Truth::False);
    }
}
