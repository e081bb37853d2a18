//! What the text alone tells about an expression: its constant value, its set, or the path it reads.

use std::collections::BTreeSet;

use exeat_hir::{
    DatePart, Expr, ExprKind, FactId, GroupId, GroupItem, Hir, LocalId, SetOperator, Ty,
};
use exeat_model::{Date, Interval, Number, Value};

use super::lists::Lists;

/// How deep names that stand for other names are followed.
const DEEPEST: usize = 24;

/// Something given from outside, or a field of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Path {
    root: Root,
    fields: Vec<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Root {
    Fact(FactId),
    AsOf,
    Local(LocalId),
}

impl Path {
    /// The as-of date.
    pub(super) fn is_as_of(&self) -> bool {
        self.root == Root::AsOf
    }
}

/// Reads expressions for one day, or for all days at once: then the as-of date is a path like
/// others, and what differs by day is not understood.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'h> {
    /// The program.
    pub(super) hir: &'h Hir,
    /// What types and questions about codes come to, worked out once.
    pub(super) lists: &'h Lists,
    /// The day, if one is fixed.
    pub(super) day: Option<Date>,
}

impl<'h> Reader<'h> {
    pub(super) fn new(hir: &'h Hir, lists: &'h Lists, day: Option<Date>) -> Self {
        Self { hir, lists, day }
    }

    /// The expression behind names and units.
    pub(super) fn resolved(&self, expr: &'h Expr) -> &'h Expr {
        let mut expr = expr;
        for _ in 0..DEEPEST {
            expr = match &expr.kind {
                ExprKind::InUnit(inner, _) => inner,
                ExprKind::Define(id, arguments) if arguments.is_empty() => {
                    let pieces = self.hir.defines.get(*id).map_or(&[][..], |define| &define.pieces);
                    match pieces.iter().find(|piece| self.stands(&piece.interval)) {
                        Some(piece) => &piece.body,
                        None => return expr,
                    }
                }
                _ => return expr,
            };
        }
        expr
    }

    /// The path that an expression reads, and how it is written.
    pub(super) fn path(&self, expr: &'h Expr) -> Option<(Path, String)> {
        let expr = self.resolved(expr);
        match &expr.kind {
            ExprKind::Fact(id) => {
                let name = self.hir.facts.get(*id)?.name.to_string();
                Some((Path { root: Root::Fact(*id), fields: Vec::new() }, name))
            }
            ExprKind::AsOf if self.day.is_none() => {
                Some((Path { root: Root::AsOf, fields: Vec::new() }, "as_of".to_owned()))
            }
            ExprKind::Local(id) => {
                Some((Path { root: Root::Local(*id), fields: Vec::new() }, String::new()))
            }
            ExprKind::Field(inner, field) => {
                let (mut path, name) = self.path(inner)?;
                let Ty::Record(record) = &inner.ty else { return None };
                let last = &self.hir.records.get(*record)?.fields.get(*field)?.name;
                path.fields.push(*field);
                let name =
                    if name.is_empty() { last.to_string() } else { format!("{name}.{last}") };
                Some((path, name))
            }
            _ => None,
        }
    }

    /// The value of an expression that reads no fact.
    pub(super) fn constant(&self, expr: &'h Expr) -> Option<Value> {
        let expr = self.resolved(expr);
        match &expr.kind {
            ExprKind::Literal(value) => Some(value.clone()),
            ExprKind::AsOf => self.day.map(Value::Date),
            ExprKind::Negate(inner) => Some(Value::Number(self.number(inner)?.checked_neg().ok()?)),
            ExprKind::Arithmetic(operator, left, right) => {
                let (left, right) = (self.number(left)?, self.number(right)?);
                operator.apply(left, right).ok().map(Value::Number)
            }
            ExprKind::DatePart(part, inner) => {
                let Value::Date(date) = self.constant(inner)? else { return None };
                let month = i128::from(date.month());
                let number = match part {
                    DatePart::Year => i128::from(date.year()),
                    DatePart::Quarter => month.saturating_add(2).checked_div(3)?,
                    DatePart::Month => month,
                    DatePart::Day => i128::from(date.day()),
                };
                Some(Value::Number(Number::from_integer(number)))
            }
            _ => None,
        }
    }

    /// The members of a set that is made of constants and groups.
    pub(super) fn set(&self, expr: &'h Expr) -> Option<BTreeSet<Value>> {
        self.set_within(expr, DEEPEST)
    }

    fn number(&self, expr: &'h Expr) -> Option<Number> {
        match self.constant(expr)? {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    fn set_within(&self, expr: &'h Expr, depth: usize) -> Option<BTreeSet<Value>> {
        let depth = depth.checked_sub(1)?;
        match &self.resolved(expr).kind {
            ExprKind::Literal(Value::Set(members)) => Some(members.as_ref().clone()),
            ExprKind::SetLiteral(members) => {
                members.iter().map(|member| self.constant(member)).collect()
            }
            ExprKind::Group(id) => self.group(*id, depth),
            ExprKind::SetOperation(operator, left, right) => {
                let (left, right) = (self.set_within(left, depth)?, self.set_within(right, depth)?);
                Some(match operator {
                    SetOperator::Union => left.union(&right).cloned().collect(),
                    SetOperator::Intersect => left.intersection(&right).cloned().collect(),
                    SetOperator::Without => left.difference(&right).cloned().collect(),
                })
            }
            _ => None,
        }
    }

    fn group(&self, id: GroupId, depth: usize) -> Option<BTreeSet<Value>> {
        let mut members = BTreeSet::new();
        for item in &self.hir.groups.get(id)?.items {
            let (GroupItem::Member { interval, .. } | GroupItem::Set { interval, .. }) = item;
            if !self.stands(interval) {
                // What differs by day is not understood without one.
                self.day?;
                continue;
            }
            match item {
                GroupItem::Member { value, .. } => drop(members.insert(value.clone())),
                GroupItem::Set { set, .. } => members.extend(self.set_within(set, depth)?),
            }
        }
        Some(members)
    }

    /// Whether something of that interval counts: on the day, or on every day if none is fixed.
    fn stands(&self, interval: &Interval) -> bool {
        match self.day {
            Some(day) => interval.contains(day),
            None => *interval == Interval::ALWAYS,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::test_support::{
        World, country, days, defined, expr, fact, grouped, literal, number, tpp,
    };

    #[test]
    fn a_dated_group_is_understood_for_a_day_only() {
        let mut world = World::new();
        let members = [(country("PL"), Interval::ALWAYS), (country("CN"), days("2025-01-01", ""))];
        let group = world.group("g", Ty::Country, &members);
        let set = grouped(group, Ty::Country);
        let lists = Lists::default();
        let on = |day: Option<Date>| Reader::new(&world.hir, &lists, day).set(&set);
        assert_eq!(on(None), None);
        assert_eq!(on(Some(Date::constant(2024, 12, 31))), Some([country("PL")].into()));
        assert_eq!(on(Some(Date::constant(2025, 1, 1))).unwrap().len(), 2);
    }

    #[test]
    fn constants_are_computed_exactly_and_paths_are_seen_through_defines() {
        let mut world = World::new();
        let id = world.fact("tpp", tpp());
        let define = world.define("performance", fact(id, tpp()));
        let (a, b) = (literal(number("0.1")), literal(number("0.2")));
        let sum =
            ExprKind::Arithmetic(exeat_hir::ArithmeticOperator::Add, Box::new(a), Box::new(b));
        let (sum, name) = (expr(sum, Ty::number()), defined(define, tpp()));
        let lists = Lists::default();
        let reader = Reader::new(&world.hir, &lists, None);
        assert_eq!(reader.constant(&sum), Some(number("0.3")));
        assert_eq!(reader.path(&name).unwrap().1, "tpp");
        assert_eq!(reader.constant(&name), None);
    }
}
