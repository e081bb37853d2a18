//! Everything that an expression or a decision rests on, through defines, tables and groups too.

use std::collections::BTreeSet;

use exeat_diagnostics::Span;
use exeat_model::Interval;

use crate::{
    DecisionId, DefineId, Expr, ExprKind, GroupId, GroupItem, Hir, NotModelled, RuleId, TableId,
    TablePattern,
};

/// A define, table or group: something with a name that holds expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Named {
    /// A define.
    Define(DefineId),
    /// A table.
    Table(TableId),
    /// A group.
    Group(GroupId),
}

impl Named {
    /// Its name.
    pub fn name(self, hir: &Hir) -> String {
        let name = match self {
            Self::Define(id) => hir.defines.get(id).map(|define| &define.name),
            Self::Table(id) => hir.tables.get(id).map(|table| &table.name),
            Self::Group(id) => hir.groups.get(id).map(|group| &group.name),
        };
        name.map_or_else(String::new, ToString::to_string)
    }

    /// The place of its name.
    pub fn span(self, hir: &Hir) -> Span {
        let span = match self {
            Self::Define(id) => hir.defines.get(id).map(|define| define.span),
            Self::Table(id) => hir.tables.get(id).map(|table| table.span),
            Self::Group(id) => hir.groups.get(id).map(|group| group.span),
        };
        span.unwrap_or_default()
    }

    /// The expressions that it holds.
    pub fn holds(self, hir: &Hir) -> Vec<&Expr> {
        match self {
            Self::Define(id) => {
                let pieces = hir.defines.get(id).map_or(&[][..], |define| &define.pieces);
                pieces.iter().map(|piece| &piece.body).collect()
            }
            Self::Table(id) => {
                let Some(table) = hir.tables.get(id) else { return Vec::new() };
                let patterns = table.rows.iter().flat_map(|row| &row.patterns);
                let sets = patterns.filter_map(|pattern| match pattern {
                    TablePattern::Set(set) => Some(set),
                    _ => None,
                });
                let values = table.rows.iter().map(|row| &row.value);
                sets.chain(values).chain(&table.otherwise).collect()
            }
            Self::Group(id) => {
                let items = hir.groups.get(id).map_or(&[][..], |group| &group.items);
                let sets = items.iter().filter_map(|item| match item {
                    GroupItem::Set { set, .. } => Some(set),
                    GroupItem::Member { .. } => None,
                });
                sets.collect()
            }
        }
    }

    /// The intervals of its pieces, rows or members.
    pub fn intervals(self, hir: &Hir) -> Vec<Interval> {
        match self {
            Self::Define(id) => {
                let pieces = hir.defines.get(id).map_or(&[][..], |define| &define.pieces);
                pieces.iter().map(|piece| piece.interval).collect()
            }
            Self::Table(id) => {
                let rows = hir.tables.get(id).map_or(&[][..], |table| &table.rows);
                rows.iter().map(|row| row.interval).collect()
            }
            Self::Group(id) => {
                let items = hir.groups.get(id).map_or(&[][..], |group| &group.items);
                items.iter().map(GroupItem::interval).collect()
            }
        }
    }
}

/// What an expression itself names, each with the place where it does.
pub fn named_in(expr: &Expr) -> Vec<(Named, Span)> {
    let mut found = Vec::new();
    expr.visit(&mut |part| {
        let named = match &part.kind {
            ExprKind::Define(id, _) => Named::Define(*id),
            ExprKind::Table(id, _) => Named::Table(*id),
            ExprKind::Group(id) => Named::Group(*id),
            _ => return,
        };
        found.push((named, part.span));
    });
    found
}

/// Visits expressions with all their parts, and all that the things named in them hold, each once;
/// gives what was named.
pub fn visit_deep<'h>(
    hir: &'h Hir,
    exprs: impl IntoIterator<Item = &'h Expr>,
    visit: &mut dyn FnMut(&Expr),
) -> BTreeSet<Named> {
    let mut seen = BTreeSet::new();
    let mut queue: Vec<&Expr> = exprs.into_iter().collect();
    while let Some(expr) = queue.pop() {
        expr.visit(visit);
        for (named, _) in named_in(expr) {
            if seen.insert(named) {
                queue.extend(named.holds(hir));
            }
        }
    }
    seen
}

/// The rules on which a decision's outcome rests: those with a conclusion for it, the exceptions to
/// them, and the rules that these exceptions are for.
pub fn rules_of(hir: &Hir, decision: DecisionId) -> BTreeSet<RuleId> {
    let concludes = |rule: &crate::Rule| {
        rule.conclusions.iter().any(|conclusion| conclusion.decision == decision)
    };
    let mut queue: Vec<RuleId> =
        hir.rules.iter().filter(|(_, rule)| concludes(rule)).map(|(id, _)| id).collect();
    let mut seen = BTreeSet::new();
    while let Some(id) = queue.pop() {
        let Some(rule) = hir.rules.get(id).filter(|_| seen.insert(id)) else { continue };
        queue.extend(rule.defeated_by.iter().chain(&rule.exception_to));
    }
    seen
}

/// The expressions on which a decision's outcome rests: its own condition, and the conditions and
/// conclusions of its rules, of the exceptions to them, of the rules that its exceptions are for, and
/// of what is not modelled about it.
pub fn expressions_of(hir: &Hir, decision: DecisionId) -> Vec<&Expr> {
    let own = hir.decisions.get(decision).and_then(|item| item.needed_when.as_ref());
    let mut found: Vec<&Expr> = own.into_iter().collect();
    for rule in rules_of(hir, decision).into_iter().filter_map(|id| hir.rules.get(id)) {
        found.extend(&rule.when);
        let concluding =
            rule.conclusions.iter().filter(|conclusion| conclusion.decision == decision);
        found.extend(concluding.map(|conclusion| &conclusion.value));
    }
    let touches = |item: &&NotModelled| item.affects.contains(&decision);
    found.extend(hir.not_modelled.values().filter(touches).filter_map(|item| item.when.as_ref()));
    found
}
