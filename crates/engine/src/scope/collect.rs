//! All that cites the law, with the places that it cites.

use std::collections::{BTreeMap, BTreeSet};

use exeat_hir::reach::{Named, visit_deep};
use exeat_hir::{
    Define, Expr, Force, Group, GroupId, GroupItem, Hir, ModuleId, ModuleStatus, RuleKind, Table,
};
use exeat_model::{Date, Interval};

use super::{Label, Place, ScopeItem, places};

/// Where rules stand that cite nothing.
const NO_CITATION: &str = "no citation";

/// The modules that are asked for, and the day.
pub(super) struct Collector<'h> {
    pub(super) hir: &'h Hir,
    pub(super) modules: &'h BTreeSet<ModuleId>,
    pub(super) as_of: Option<Date>,
}

type Found = BTreeMap<Place, BTreeSet<ScopeItem>>;

impl<'h> Collector<'h> {
    /// Everything by the places that it cites.
    pub(super) fn collect(&self) -> Found {
        let hir = self.hir;
        let mut found = Found::new();
        let mut exprs: Vec<&'h Expr> = Vec::new();
        for (id, module) in hir.modules.iter().filter(|(id, _)| self.speaks(*id)) {
            add(&mut found, ScopeItem::Module(id), module.cites.iter().collect());
        }
        for (id, rule) in
            hir.rules.iter().filter(|(_, rule)| self.has_force(rule.module, &rule.force))
        {
            let item = match rule.kind {
                RuleKind::Rule => ScopeItem::Rule(id),
                RuleKind::Exception => ScopeItem::Exception(id),
            };
            let duties = rule.duties.iter().flat_map(|duty| &duty.cites);
            add_or_without(&mut found, item, rule.cites.iter().chain(duties).collect());
            exprs.extend(&rule.when);
            exprs.extend(rule.conclusions.iter().map(|conclusion| &conclusion.value));
        }
        for (id, gap) in
            hir.not_modelled.iter().filter(|(_, gap)| self.has_force(gap.module, &gap.force))
        {
            add_or_without(&mut found, ScopeItem::NotModelled(id), gap.cites.iter().collect());
            exprs.extend(&gap.when);
        }
        for (id, decision) in hir.decisions.iter().filter(|(_, item)| self.speaks(item.module)) {
            add(&mut found, ScopeItem::Default(id), decision.otherwise_cites.iter().collect());
            exprs.extend(&decision.needed_when);
        }
        for (id, define) in hir.defines.iter().filter(|(_, define)| self.speaks(define.module)) {
            add(&mut found, ScopeItem::Define(id), self.cites_of_define(define));
            exprs.extend(Named::Define(id).holds(hir));
        }
        for (id, table) in hir.tables.iter().filter(|(_, table)| self.speaks(table.module)) {
            add(&mut found, ScopeItem::Table(id), self.cites_of_table(table));
            exprs.extend(Named::Table(id).holds(hir));
        }
        let named = visit_deep(hir, exprs, &mut |_| {});
        let used = named.into_iter().filter_map(|one| match one {
            Named::Group(id) => Some(id),
            Named::Define(_) | Named::Table(_) => None,
        });
        let declared =
            hir.groups.iter().filter(|(_, group)| self.declares(group)).map(|(id, _)| id);
        for id in used.chain(declared).collect::<BTreeSet<GroupId>>() {
            if let Some(group) = hir.groups.get(id) {
                add(&mut found, ScopeItem::Group(id), self.cites_of_group(group));
            }
        }
        found
    }

    /// Whether a module is asked for and its items can have force on the day.
    fn speaks(&self, module: ModuleId) -> bool {
        let status = self.hir.modules.get(module).map(|module| module.status);
        self.modules.contains(&module)
            && (self.as_of.is_none() || status != Some(ModuleStatus::Proposal))
    }

    fn has_force(&self, module: ModuleId, force: &Force) -> bool {
        self.speaks(module) && self.as_of.is_none_or(|day| force.on(day))
    }

    fn stands(&self, interval: Interval) -> bool {
        self.as_of.is_none_or(|day| interval.contains(day))
    }

    /// A group belongs to the module whose name stands before its own.
    fn declares(&self, group: &Group) -> bool {
        let module = group.name.rsplit_once('.').map(|(module, _)| module);
        let known =
            |id: &&ModuleId| self.hir.modules.get(**id).map(|known| known.name.as_str()) == module;
        module.is_some() && self.modules.iter().find(known).is_some_and(|id| self.speaks(*id))
    }

    /// A define bears the citations of its pieces too; on a day only those of the piece in force.
    fn cites_of_define(&self, define: &'h Define) -> Vec<&'h String> {
        if self.as_of.is_none() {
            return define.cites.iter().collect();
        }
        let Some(piece) = define.pieces.iter().find(|piece| self.stands(piece.interval)) else {
            return Vec::new();
        };
        let others: Vec<&String> = define.pieces.iter().flat_map(|piece| &piece.cites).collect();
        let own = define.cites.iter().filter(|cite| !others.contains(cite));
        own.chain(&piece.cites).collect()
    }

    fn cites_of_table(&self, table: &'h Table) -> Vec<&'h String> {
        let rows = table.rows.iter().filter(|row| self.stands(row.interval));
        table.cites.iter().chain(rows.flat_map(|row| &row.cites)).collect()
    }

    fn cites_of_group(&self, group: &'h Group) -> Vec<&'h String> {
        let standing = group.items.iter().filter(|item| self.stands(item.interval()));
        let members = standing.flat_map(|item| match item {
            GroupItem::Member { cites, .. } => cites.as_slice(),
            GroupItem::Set { .. } => &[],
        });
        group.cites.iter().chain(members).collect()
    }
}

fn add(found: &mut Found, item: ScopeItem, cites: Vec<&String>) {
    for place in cites.into_iter().flat_map(|cite| places(cite)) {
        found.entry(place).or_default().insert(item);
    }
}

/// The same, and what cites nothing is shown as that.
fn add_or_without(found: &mut Found, item: ScopeItem, cites: Vec<&String>) {
    if cites.is_empty() {
        let place = Place { law: Label::new(NO_CITATION), part: None, section: None };
        found.entry(place).or_default().insert(item);
    }
    add(found, item, cites);
}
