//! Questions about codes of a hierarchical list.

use std::collections::{BTreeMap, BTreeSet};

use exeat_hir::CodeList;
use exeat_model::{Code, Truth};
use smol_str::SmolStr;

/// How many entries a chain of parents can have; real lists have about six.
const LONGEST_CHAIN: usize = 64;

/// The entries of a list, each with those that it is a part of, from itself up.
#[derive(Debug)]
pub(super) struct Hierarchy {
    chains: BTreeMap<SmolStr, Vec<SmolStr>>,
}

impl Hierarchy {
    pub(super) fn of(list: &CodeList) -> Self {
        let chains = list.entries.keys();
        Self {
            chains: chains
                .map(|code| (code.clone(), chain(list, code).cloned().collect()))
                .collect(),
        }
    }

    /// Makes a question ready to be asked of many codes.
    pub(super) fn question<'q>(
        &'q self,
        list: &'q CodeList,
        targets: &'q [Code],
        meets: bool,
    ) -> Question<'q> {
        let entries = targets.iter().filter_map(|target| match target {
            Code::Entry(target) => Some(target),
            Code::None => None,
        });
        let mut question = Question {
            hierarchy: self,
            list,
            meets,
            none: targets.contains(&Code::None),
            targets: BTreeSet::new(),
            above: BTreeSet::new(),
        };
        for target in entries {
            question.above.extend(chain(list, target));
            question.targets.insert(target);
        }
        question
    }
}

/// Whether codes are, or meet, one of the targets; unknown where one is too coarse to say.
#[derive(Debug)]
pub(super) struct Question<'q> {
    hierarchy: &'q Hierarchy,
    list: &'q CodeList,
    meets: bool,
    /// Whether "no entry" is among the targets.
    none: bool,
    targets: BTreeSet<&'q SmolStr>,
    /// The targets and all that they are parts of.
    above: BTreeSet<&'q SmolStr>,
}

impl Question<'_> {
    pub(super) fn answer(&self, code: &Code) -> Truth {
        let Code::Entry(code) = code else { return Truth::from(self.none) };
        let direct = self.within(code);
        if !self.meets {
            return direct;
        }
        let met = |entry: &SmolStr| {
            let met = self.list.entries.get(entry).map_or(&[][..], |entry| &entry.meets);
            met.iter().map(|code| self.within(code)).fold(Truth::False, Truth::or)
        };
        match self.hierarchy.chains.get(code) {
            Some(chain) => chain.iter().map(met).fold(direct, Truth::or),
            None => chain(self.list, code).map(met).fold(direct, Truth::or),
        }
    }

    fn within(&self, code: &SmolStr) -> Truth {
        let is_target = |entry: &SmolStr| self.targets.contains(entry);
        let within = match self.hierarchy.chains.get(code) {
            Some(chain) => chain.iter().any(is_target),
            None => chain(self.list, code).any(is_target),
        };
        if within {
            Truth::True
        } else if self.above.contains(code) {
            Truth::Unknown
        } else {
            Truth::False
        }
    }
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
        let hierarchy = Hierarchy::of(&list);
        let targets = [code("3A090.a")];
        let asked =
            |text: &str, meets| hierarchy.question(&list, &targets, meets).answer(&code(text));
        assert_eq!(asked("3A090.a", false), Truth::True);
        assert_eq!(asked("3A090", false), Truth::Unknown);
        assert_eq!(asked("5A992.z", false), Truth::False);
        assert_eq!(asked("5A992.z", true), Truth::True);
        assert_eq!(hierarchy.question(&list, &targets, true).answer(&Code::None), Truth::False);
    }
}
