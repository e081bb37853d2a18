//! What the rules refer to, and where the clauses stand that have no place in the resolved rules.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use exeat_diagnostics::Span;
use exeat_hir::reach::Named;
use exeat_hir::{
    DefineId, Expr, ExprKind, FactId, Force, Given, GroupId, GroupItem, Hir, ModuleId, ReadingId,
    RuleId, TableId,
};

/// What is used. A reference from anywhere counts, with two exceptions: a fact that a scenario only
/// gives, and a reading that a scenario only chooses, are not used by that.
#[derive(Clone, Debug, Default)]
pub(crate) struct Usage {
    /// Facts that an expression reads.
    pub(crate) facts: BTreeSet<FactId>,
    /// Defines that an expression reads.
    pub(crate) defines: BTreeSet<DefineId>,
    /// Tables that are looked up.
    pub(crate) tables: BTreeSet<TableId>,
    /// Groups that an expression, or another group, names.
    pub(crate) groups: BTreeSet<GroupId>,
    /// Readings that something stands under.
    pub(crate) readings: BTreeSet<ReadingId>,
    /// The `use` clauses of all files. Only names tell whether one was needed, so the checker fills it.
    pub(crate) imports: Vec<ImportUse>,
    /// The names after `to`, `despite` and `subject to` of a rule, with the rule that each names.
    /// Without an entry the name of the rule itself is marked.
    pub(crate) targets: BTreeMap<RuleId, Vec<(RuleId, Span)>>,
}

/// A `use` clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ImportUse {
    /// The module in whose header it stands.
    pub(crate) module: ModuleId,
    /// The module or jurisdiction that it names.
    pub(crate) name: String,
    /// The place of the whole clause.
    pub(crate) span: Span,
    /// Whether anything was reached through it.
    pub(crate) used: bool,
}

impl Usage {
    /// What the resolved rules tell; imports and places are left empty.
    pub(crate) fn of(hir: &Hir) -> Self {
        let mut usage = Self::default();
        for expr in all_expressions(hir) {
            expr.visit(&mut |part| match part.kind {
                ExprKind::Fact(id) => drop(usage.facts.insert(id)),
                ExprKind::Define(id, _) => drop(usage.defines.insert(id)),
                ExprKind::Table(id, _) => drop(usage.tables.insert(id)),
                ExprKind::Group(id) => drop(usage.groups.insert(id)),
                _ => {}
            });
        }
        let forces = (hir.rules.values().map(|rule| &rule.force))
            .chain(hir.not_modelled.values().map(|item| &item.force));
        let under =
            |force: &Force| force.under.iter().map(|under| under.reading).collect::<Vec<_>>();
        usage.readings = forces.flat_map(under).collect();
        usage
    }
}

/// Every expression of the program but the values that scenarios give.
fn all_expressions(hir: &Hir) -> Vec<&Expr> {
    let mut all: Vec<&Expr> = Vec::new();
    for rule in hir.rules.values() {
        all.extend(&rule.when);
        all.extend(rule.conclusions.iter().map(|one| &one.value));
        all.extend(rule.duties.iter().filter_map(|duty| duty.deadline.as_ref()?.time()));
    }
    all.extend(hir.not_modelled.values().filter_map(|item| item.when.as_ref()));
    all.extend(hir.decisions.values().filter_map(|decision| decision.needed_when.as_ref()));
    all.extend(hir.defines.iter().flat_map(|(id, _)| Named::Define(id).holds(hir)));
    all.extend(hir.tables.iter().flat_map(|(id, _)| Named::Table(id).holds(hir)));
    for item in hir.groups.values().flat_map(|group| &group.items) {
        if let GroupItem::Set { set, .. } = item {
            all.push(set);
        }
    }
    for assertion in hir.assertions.values() {
        all.push(&assertion.claim);
        all.extend(&assertion.when);
    }
    all.extend(hir.assumptions.values().map(|assumption| &assumption.condition));
    // What many scenarios share is looked at once.
    let mut seen: BTreeSet<*const Given> = BTreeSet::new();
    for scenario in hir.scenarios.values() {
        let expected = scenario.expectations.iter().filter_map(|one| one.expression.as_ref());
        all.extend(expected);
        // What a given value names is used; the fact that it is given for is not.
        let given = scenario.given.iter().filter(|given| seen.insert(Arc::as_ptr(given)));
        all.extend(given.map(|given| &given.value));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::test_support::{World, fact, grouped};
    use exeat_hir::Ty;

    #[test]
    fn what_conditions_name_is_used() {
        let mut world = World::new();
        let (read, idle) = (world.fact("read", Ty::Country), world.fact("idle", Ty::Country));
        let group = world.group("g", Ty::Country, &[]);
        let set = Box::new(grouped(group, Ty::Country));
        let when = Expr {
            kind: ExprKind::In(Box::new(fact(read, Ty::Country)), set),
            ty: Ty::YesNo,
            span: Span::default(),
        };
        world.rule("r", Some(when), None);
        let usage = Usage::of(&world.hir);
        assert!(usage.facts.contains(&read) && !usage.facts.contains(&idle));
        assert!(usage.groups.contains(&group));
    }
}
