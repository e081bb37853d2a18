use exeat_hir::{
    CodeListId, Expr, ExprKind, FactId, GroupId, GroupItem, ListItem, TableId, TablePattern, Ty,
};
use exeat_model::{Code, Value};

use super::Lowering;
use super::condition::code_list;
use crate::node::{CodeTest, ListPart, LoweredTable, Node, NodeId, Pattern};

impl Lowering<'_> {
    /// An expression that has a value.
    pub(crate) fn node(&mut self, expr: &Expr) -> NodeId {
        match self.deeper(|lowering| lowering.node_of(expr)) {
            Some(node) => node,
            None => self.unknown(),
        }
    }

    fn unknown(&mut self) -> NodeId {
        self.arena.add(Node::Unknown)
    }

    fn node_of(&mut self, expr: &Expr) -> NodeId {
        let node = match &expr.kind {
            ExprKind::Literal(value) => Node::Constant(value.clone()),
            ExprKind::AsOf => Node::AsOf,
            ExprKind::Fact(fact) => return self.fact(*fact, &expr.ty, &mut Vec::new()),
            ExprKind::Local(local) => {
                return match self.bound.get(local) {
                    Some(node) => *node,
                    None => self.unknown(),
                };
            }
            ExprKind::Define(define, arguments) => {
                let body = self.within_define(*define, arguments, |lowering, piece| {
                    lowering.node(&piece.body)
                });
                return body.unwrap_or_else(|| self.unknown());
            }
            ExprKind::Decision(decision) => Node::Decision(*decision),
            ExprKind::Field(base, field) => return self.field(base, *field),
            ExprKind::Record(_, fields) => {
                Node::Record(fields.iter().map(|field| Some(self.node(field.as_ref()?))).collect())
            }
            ExprKind::List(items) => Node::List(self.list_parts(items)),
            ExprKind::Comprehension { local, list, filter, body } => {
                let list = self.node(list);
                let (local, (filter, body)) = self.with_element(*local, |lowering| {
                    let filter = filter.as_ref().map(|filter| lowering.condition(filter));
                    (filter, lowering.node(body))
                });
                Node::Comprehension { local, list, filter, body }
            }
            ExprKind::Aggregate(kind, list) => Node::Aggregate((*kind).into(), self.node(list)),
            ExprKind::Arithmetic(operator, left, right) => {
                Node::Arithmetic((*operator).into(), self.node(left), self.node(right))
            }
            ExprKind::Negate(inner) => Node::Negate(self.node(inner)),
            ExprKind::ShiftDays { date, days, backwards } => Node::ShiftDays {
                date: self.node(date),
                days: self.node(days),
                backwards: *backwards,
            },
            ExprKind::ShiftMonths { date, months, backwards, rounding } => Node::ShiftMonths {
                date: self.node(date),
                months: self.node(months),
                backwards: *backwards,
                rounding: *rounding,
            },
            ExprKind::DaysBetween(later, earlier) => {
                Node::DaysBetween(self.node(later), self.node(earlier))
            }
            ExprKind::DatePart(part, date) => Node::DatePart((*part).into(), self.node(date)),
            ExprKind::If(test, then, otherwise) => {
                Node::If(self.condition(test), self.node(then), self.node(otherwise))
            }
            ExprKind::Table(table, keys) => return self.table(*table, keys),
            ExprKind::Call(function, arguments) => {
                if arguments.iter().any(|argument| holds_a_record(&argument.ty)) {
                    self.refuse("a function that takes records");
                }
                Node::Call(*function, self.nodes(arguments))
            }
            ExprKind::SetLiteral(members) => return self.written_set(members),
            ExprKind::Group(group) => return self.members_of_group(*group),
            ExprKind::SetOperation(operator, left, right) => {
                let (left, right) = (self.node(left), self.node(right));
                Node::SetOperation((*operator).into(), left, right)
            }
            ExprKind::InUnit(inner, _) => return self.node(inner),
            ExprKind::NotModelled(_) | ExprKind::Error => Node::Unknown,
            ExprKind::Quantified { .. }
            | ExprKind::Not(_)
            | ExprKind::And(_)
            | ExprKind::Or(_)
            | ExprKind::Compare(..)
            | ExprKind::Band { .. }
            | ExprKind::In(..)
            | ExprKind::Meets(..)
            | ExprKind::Within(..)
            | ExprKind::OutcomeIs(..) => Node::Truth(self.condition(expr)),
        };
        self.arena.add(node)
    }

    pub(super) fn nodes(&mut self, exprs: &[Expr]) -> Vec<NodeId> {
        exprs.iter().map(|expr| self.node(expr)).collect()
    }

    pub(super) fn list_parts(&mut self, items: &[ListItem]) -> Vec<ListPart> {
        items
            .iter()
            .map(|item| match item {
                ListItem::One(expr) => ListPart::One(self.node(expr)),
                ListItem::Each(expr) => ListPart::Each(self.node(expr)),
            })
            .collect()
    }

    /// A fact; a record is taken apart into its fields.
    fn fact(&mut self, fact: FactId, ty: &Ty, fields: &mut Vec<usize>) -> NodeId {
        if let Some(slot) = self.slots.get(&(fact, fields.clone())) {
            let slot = *slot;
            return self.arena.add(Node::Slot(slot));
        }
        let hir = self.hir;
        let Ty::Record(record) = ty else { return self.unknown() };
        let Some(record) = hir.records.get(*record) else { return self.unknown() };
        let mut parts = Vec::with_capacity(record.fields.len());
        for (at, field) in record.fields.iter().enumerate() {
            fields.push(at);
            parts.push(Some(self.fact(fact, &field.ty, fields)));
            fields.pop();
        }
        self.arena.add(Node::Record(parts))
    }

    fn field(&mut self, base: &Expr, field: usize) -> NodeId {
        let base = self.node(base);
        if let Node::Record(fields) = self.arena.node(base) {
            let inner = fields.get(field).copied().flatten();
            return inner.unwrap_or_else(|| self.unknown());
        }
        let field = u32::try_from(field).unwrap_or(u32::MAX);
        self.arena.add(Node::Field(base, field))
    }

    fn written_set(&mut self, members: &[Expr]) -> NodeId {
        let members = self.nodes(members);
        let node = match self.constants(&members) {
            Some(values) => Node::Constant(Value::Set(std::sync::Arc::new(values))),
            None => Node::Set(members),
        };
        self.arena.add(node)
    }

    /// The values of nodes, if all are known from the text.
    pub(super) fn constants(&self, nodes: &[NodeId]) -> Option<std::collections::BTreeSet<Value>> {
        nodes
            .iter()
            .map(|node| match self.arena.node(*node) {
                Node::Constant(value) => Some(value.clone()),
                _ => None,
            })
            .collect()
    }

    fn members_of_group(&mut self, id: GroupId) -> NodeId {
        if let Some(set) = self.constant_group(id) {
            return self.arena.add(Node::Constant(Value::Set(set)));
        }
        let hir = self.hir;
        let Some(group) = hir.groups.get(id) else { return self.unknown() };
        let mut members = Vec::new();
        let mut sets = Vec::new();
        for item in &group.items {
            match item {
                GroupItem::Member { value, interval, .. } if interval.contains(self.day) => {
                    members.push(self.arena.add(Node::Constant(value.clone())));
                }
                GroupItem::Set { set, interval, .. } if interval.contains(self.day) => {
                    sets.push(self.node(set));
                }
                _ => {}
            }
        }
        let first = self.arena.add(Node::Set(members));
        sets.into_iter().fold(first, |all, set| {
            self.arena.add(Node::SetOperation(crate::node::Join::Union, all, set))
        })
    }

    fn table(&mut self, id: TableId, keys: &[Expr]) -> NodeId {
        let hir = self.hir;
        let Some(table) = hir.tables.get(id) else { return self.unknown() };
        let keys = self.nodes(keys);
        let bound = table
            .parameters
            .iter()
            .zip(&keys)
            .map(|(parameter, key)| (parameter.local, *key))
            .collect();
        let before = std::mem::replace(&mut self.bound, bound);
        let mut rows = Vec::new();
        let day = self.day;
        for row in table.rows.iter().filter(|row| row.interval.contains(day)) {
            let keyed = row.patterns.iter().zip(&table.parameters);
            let patterns =
                keyed.map(|(pattern, key)| self.pattern(pattern, code_list(&key.ty))).collect();
            rows.push((patterns, self.node(&row.value)));
        }
        let otherwise = table.otherwise.as_ref().map(|otherwise| self.node(otherwise));
        self.bound = before;
        let lowered = LoweredTable { rows, otherwise };
        let known = self.arena.tables.iter().position(|known| *known == lowered);
        let at = known.unwrap_or_else(|| {
            self.arena.tables.push(lowered);
            self.arena.tables.len().saturating_sub(1)
        });
        self.arena.add(Node::Table(u32::try_from(at).unwrap_or(u32::MAX), keys))
    }

    fn pattern(&mut self, pattern: &TablePattern, codes: Option<CodeListId>) -> Pattern {
        match pattern {
            TablePattern::Any => Pattern::Any,
            TablePattern::Value(value) => Pattern::Value(value.clone(), codes),
            TablePattern::Set(set) => Pattern::Set(self.membership(set), codes),
            TablePattern::Within(target, list) => Pattern::Within(CodeTest {
                list: *list,
                within: true,
                targets: vec![Code::Entry(target.clone())],
            }),
            TablePattern::Band { low, high } => {
                Pattern::Band { low: low.clone(), high: high.clone() }
            }
        }
    }
}

fn holds_a_record(ty: &Ty) -> bool {
    match ty {
        Ty::Record(_) => true,
        Ty::List(inner) | Ty::Set(inner) => holds_a_record(inner),
        _ => false,
    }
}
