//! What of the law the rules model: for each part that they cite what stands on it, and what they say
//! of it that they do not cover.

mod citation;
mod collect;

use std::collections::{BTreeMap, BTreeSet};

use exeat_hir::{DecisionId, DefineId, GroupId, ModuleId, NotModelledId, RuleId, TableId};
use exeat_model::Date;

use crate::Rulebook;
use collect::Collector;

pub use citation::{Label, Place, places};

/// Of what the scope is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScopeQuestion {
    /// Modules, each with those whose names begin with its name; none for all.
    pub modules: Vec<ModuleId>,
    /// Only what has force on that day, proposals left out.
    pub as_of: Option<Date>,
}

/// What of the law is modelled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// The modules that were looked at.
    pub modules: Vec<ModuleId>,
    /// The laws in order.
    pub laws: Vec<Division>,
}

/// A law, a part of it, or a section: what stands on it, and what lies in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Division {
    /// Its name.
    pub name: Label,
    /// All that stands on it or on something in it, each thing once.
    pub items: BTreeSet<ScopeItem>,
    /// What is cited of it as a whole, or of nothing smaller that has a known shape.
    pub own: BTreeSet<ScopeItem>,
    /// Its parts or sections in order.
    pub divisions: Vec<Division>,
}

/// Something that cites the law.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ScopeItem {
    /// A rule.
    Rule(RuleId),
    /// An exception.
    Exception(RuleId),
    /// A define.
    Define(DefineId),
    /// A table.
    Table(TableId),
    /// A group.
    Group(GroupId),
    /// What holds if no rule of a decision applies.
    Default(DecisionId),
    /// What is not modelled.
    NotModelled(NotModelledId),
    /// The header of a module.
    Module(ModuleId),
}

/// How much of a part of the law is modelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ScopeStatus {
    /// Something stands on it, and nothing is said to be left out.
    Modelled,
    /// Something stands on it, and something is said to be left out.
    Partly,
    /// It is only said to be left out.
    PointerOnly,
    /// Only the header of a module names it.
    NamedOnly,
}

impl Division {
    /// How much of it is modelled.
    pub fn status(&self) -> ScopeStatus {
        let has = |wanted: &dyn Fn(&ScopeItem) -> bool| self.items.iter().any(wanted);
        let stands = has(&|item| !matches!(item, ScopeItem::NotModelled(_) | ScopeItem::Module(_)));
        let gap = has(&|item| matches!(item, ScopeItem::NotModelled(_)));
        match (stands, gap) {
            (true, false) => ScopeStatus::Modelled,
            (true, true) => ScopeStatus::Partly,
            (false, true) => ScopeStatus::PointerOnly,
            (false, false) => ScopeStatus::NamedOnly,
        }
    }
}

impl Rulebook {
    /// What of the law the rules model.
    pub fn scope(&self, question: &ScopeQuestion) -> Scope {
        let hir = self.hir();
        let name = |id: ModuleId| hir.modules.get(id).map_or("", |module| module.name.as_str());
        let modules: BTreeSet<ModuleId> = hir
            .modules
            .iter()
            .filter(|(_, module)| {
                question.modules.is_empty()
                    || question.modules.iter().any(|wanted| {
                        let rest = module.name.strip_prefix(name(*wanted));
                        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
                    })
            })
            .map(|(id, _)| id)
            .collect();
        let found = Collector { hir, modules: &modules, as_of: question.as_of }.collect();
        Scope { modules: modules.into_iter().collect(), laws: divisions(found) }
    }
}

/// The places put together: laws, their parts, and the sections of these.
fn divisions(found: BTreeMap<Place, BTreeSet<ScopeItem>>) -> Vec<Division> {
    let named = found.into_iter().map(|(place, items)| {
        let rest: Vec<Label> = [place.part, place.section].into_iter().flatten().collect();
        (place.law, rest, items)
    });
    together(named.collect())
}

/// What stands in a law: each thing with the way to it.
type Below = Vec<(Vec<Label>, BTreeSet<ScopeItem>)>;

fn together(places: Vec<(Label, Vec<Label>, BTreeSet<ScopeItem>)>) -> Vec<Division> {
    let mut by_name: BTreeMap<Label, Below> = BTreeMap::new();
    for (name, rest, items) in places {
        by_name.entry(name).or_default().push((rest, items));
    }
    by_name
        .into_iter()
        .map(|(name, below)| {
            let mut own = BTreeSet::new();
            let mut inner = Vec::new();
            let items = below.iter().flat_map(|(_, items)| items.iter().copied()).collect();
            for (mut rest, items) in below {
                if rest.is_empty() {
                    own.extend(items);
                } else {
                    let first = rest.remove(0);
                    inner.push((first, rest, items));
                }
            }
            Division { name, items, own, divisions: together(inner) }
        })
        .collect()
}
