//! What changed beneath a condition: a member of a group, a piece of a define, the date itself, …

use std::collections::{BTreeMap, BTreeSet};

use exeat_diagnostics::Span;
use exeat_hir::reach::{Named, visit_deep};
use exeat_hir::{
    CodeListId, ConditionKind, ConditionTrace, DecisionId, DefineId, Expr, ExprKind, GroupId,
    GroupItem, TableId,
};
use exeat_model::{Interval, Truth, Value};

use super::cause::Turn;
use super::stretch::same_determination;

/// Something that changed on a day and made a condition or value turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Through {
    /// A member joined a group.
    Joined(GroupId, Value, Vec<String>),
    /// A member left a group.
    Left(GroupId, Value, Vec<String>),
    /// Another set joined or left a group.
    Group(GroupId),
    /// A define got another piece.
    Define(DefineId, Vec<String>),
    /// A table got or lost a row.
    Table(TableId, Vec<String>),
    /// A code list got or lost entries.
    CodeList(CodeListId),
    /// A condition on the date itself turned.
    Date(Span),
    /// Another decision changed.
    Decision(DecisionId),
}

impl Turn<'_> {
    /// What changed on the day of all that the expressions rest on. With the conditions of both sides
    /// only those members of groups are told of which a test asks that came out differently.
    pub(super) fn through(&self, exprs: &[&Expr], sides: &[&ConditionTrace]) -> Vec<Through> {
        let hir = self.hir;
        let mut spans: BTreeSet<Span> = BTreeSet::new();
        let mut lists: BTreeSet<CodeListId> = BTreeSet::new();
        let mut decisions: BTreeSet<DecisionId> = BTreeSet::new();
        let named = visit_deep(hir, exprs.iter().copied(), &mut |part| {
            spans.insert(part.span);
            match part.kind {
                ExprKind::Decision(decision) => drop(decisions.insert(decision)),
                ExprKind::Meets(_, list, _) => drop(lists.insert(list)),
                _ => {}
            }
        });
        let mut found: Vec<Through> = Vec::new();
        let values = flipped_values(sides);
        let mut members = Vec::new();
        for one in named {
            match one {
                Named::Group(id) => members.extend(self.group(id)),
                Named::Define(id) => found.extend(self.define(id)),
                Named::Table(id) => found.extend(self.table(id)),
            }
        }
        let asked = |one: &Through| match one {
            Through::Joined(_, value, _) | Through::Left(_, value, _) => values.contains(value),
            _ => true,
        };
        if members.iter().any(asked) {
            members.retain(asked);
        }
        found.extend(members);
        found
            .extend(lists.into_iter().filter(|list| self.list_turns(*list)).map(Through::CodeList));
        found.extend(
            self.turned
                .iter()
                .filter(|turned| spans.contains(&turned.span))
                .map(|turned| Through::Date(turned.span)),
        );
        found.extend(
            decisions.into_iter().filter(|id| self.decision_turns(*id)).map(Through::Decision),
        );
        found
    }

    fn turns(&self, interval: Interval) -> bool {
        interval.from == Some(self.day) || interval.until == Some(self.day)
    }

    fn group(&self, id: GroupId) -> Vec<Through> {
        let items = self.hir.groups.get(id).map_or(&[][..], |group| &group.items);
        let turning = items.iter().filter(|item| self.turns(item.interval()));
        let mut found: Vec<Through> = turning
            .map(|item| match item {
                GroupItem::Member { value, interval, cites, .. } => {
                    let joined = interval.from == Some(self.day);
                    let one = if joined { Through::Joined } else { Through::Left };
                    one(id, value.clone(), cites.clone())
                }
                GroupItem::Set { .. } => Through::Group(id),
            })
            .collect();
        found.dedup();
        found
    }

    fn define(&self, id: DefineId) -> Option<Through> {
        let define = self.hir.defines.get(id)?;
        let piece = define.pieces.iter().filter(|piece| self.turns(piece.interval));
        let began = |piece: &&exeat_hir::DefinePiece| piece.interval.from == Some(self.day);
        let piece = piece.clone().find(began).or_else(|| piece.clone().next())?;
        if !piece.cites.is_empty() {
            return Some(Through::Define(id, piece.cites.clone()));
        }
        // A define bears the citations of its pieces too.
        let of_pieces: Vec<&String> = define.pieces.iter().flat_map(|piece| &piece.cites).collect();
        let own = define.cites.iter().filter(|cite| !of_pieces.contains(cite));
        Some(Through::Define(id, own.cloned().collect()))
    }

    fn table(&self, id: TableId) -> Option<Through> {
        let table = self.hir.tables.get(id)?;
        let mut rows = table.rows.iter().filter(|row| self.turns(row.interval)).peekable();
        rows.peek()?;
        let own: BTreeSet<&String> = rows.flat_map(|row| &row.cites).collect();
        let cites =
            if own.is_empty() { table.cites.clone() } else { own.into_iter().cloned().collect() };
        Some(Through::Table(id, cites))
    }

    fn list_turns(&self, id: CodeListId) -> bool {
        let list = self.hir.code_lists.get(id);
        list.is_some_and(|list| list.entries.values().any(|entry| self.turns(entry.interval)))
    }

    fn decision_turns(&self, id: DecisionId) -> bool {
        let of = |side: &[exeat_hir::DecisionTrace]| {
            side.iter().find(|trace| trace.decision == id).map(|trace| trace.determination.clone())
        };
        match (of(self.before), of(self.after)) {
            (Some(before), Some(after)) => !same_determination(&before, &after),
            _ => false,
        }
    }
}

/// The values of which tests ask that came out differently on the two sides.
fn flipped_values(sides: &[&ConditionTrace]) -> BTreeSet<Value> {
    let mut tests: BTreeMap<Span, (BTreeSet<Vec<Truth>>, BTreeSet<Value>)> = BTreeMap::new();
    for side in sides {
        let mut here: BTreeMap<Span, (Vec<Truth>, BTreeSet<Value>)> = BTreeMap::new();
        gather(side, &mut here);
        for (span, (truths, values)) in here {
            let (all, known) = tests.entry(span).or_default();
            all.insert(truths);
            known.extend(values);
        }
    }
    let flipped = tests.into_values().filter(|(truths, _)| truths.len() > 1);
    flipped.flat_map(|(_, values)| values).collect()
}

fn gather(trace: &ConditionTrace, tests: &mut BTreeMap<Span, (Vec<Truth>, BTreeSet<Value>)>) {
    match &trace.kind {
        ConditionKind::All(parts) | ConditionKind::AnyOf(parts) => {
            for part in parts {
                gather(part, tests);
            }
        }
        ConditionKind::Not(inner) | ConditionKind::Named(_, inner) => gather(inner, tests),
        ConditionKind::Elements(parts) => parts.iter().for_each(|(_, part)| gather(part, tests)),
        ConditionKind::Test(operands) => {
            let (truths, values) = tests.entry(trace.span).or_default();
            truths.push(trace.truth);
            values.extend(operands.iter().filter_map(|operand| operand.value.clone()));
        }
    }
}
