use std::collections::BTreeSet;
use std::sync::Arc;

use exeat_hir::{Expr, ExprKind, GroupId, GroupItem, SetOperator};
use exeat_model::Value;

use super::Lowering;
use crate::node::{Join, Membership, Node};

impl Lowering<'_> {
    /// What it takes to be in a set.
    pub(super) fn membership(&mut self, set: &Expr) -> Membership {
        self.deeper(|lowering| lowering.membership_of(set)).unwrap_or(Membership::Unknown)
    }

    fn membership_of(&mut self, set: &Expr) -> Membership {
        match &set.kind {
            ExprKind::SetLiteral(members) => {
                let members = self.nodes(members);
                match self.constants(&members) {
                    Some(values) => Membership::Constant(Arc::new(values)),
                    None => Membership::Members(members),
                }
            }
            ExprKind::Group(id) => self.membership_in_group(*id),
            ExprKind::SetOperation(operator, left, right) => {
                let (left, right) = (self.membership(left), self.membership(right));
                joined((*operator).into(), left, right)
            }
            ExprKind::Define(define, arguments) => {
                let inner = self.within_define(*define, arguments, |lowering, piece| {
                    lowering.membership(&piece.body)
                });
                inner.unwrap_or(Membership::Unknown)
            }
            ExprKind::If(test, then, otherwise) => {
                let test = self.condition(test);
                let (then, otherwise) = (self.membership(then), self.membership(otherwise));
                Membership::Choose(test, Box::new(then), Box::new(otherwise))
            }
            _ => {
                let node = self.node(set);
                match self.arena.node(node) {
                    Node::Constant(Value::Set(values)) => Membership::Constant(Arc::clone(values)),
                    _ => Membership::Value(node),
                }
            }
        }
    }

    fn membership_in_group(&mut self, id: GroupId) -> Membership {
        let hir = self.hir;
        let Some(group) = hir.groups.get(id) else { return Membership::Unknown };
        let mut members = BTreeSet::new();
        let mut sets = Vec::new();
        for item in &group.items {
            match item {
                GroupItem::Member { value, interval, .. } if interval.contains(self.day) => {
                    members.insert(value.clone());
                }
                GroupItem::Set { set, interval, .. } if interval.contains(self.day) => {
                    sets.push(self.membership(set));
                }
                _ => {}
            }
        }
        let first = Membership::Constant(Arc::new(members));
        sets.into_iter().fold(first, |all, set| joined(Join::Union, all, set))
    }

    /// The members of a group, if all are known from the text.
    pub(super) fn constant_group(&mut self, id: GroupId) -> Option<Arc<BTreeSet<Value>>> {
        match self.membership_in_group(id) {
            Membership::Constant(values) => Some(values),
            _ => None,
        }
    }
}

fn joined(join: Join, left: Membership, right: Membership) -> Membership {
    let (Membership::Constant(a), Membership::Constant(b)) = (&left, &right) else {
        return Membership::Join(join, Box::new(left), Box::new(right));
    };
    let values: BTreeSet<Value> = match SetOperator::from(join) {
        SetOperator::Union => a.union(b).cloned().collect(),
        SetOperator::Intersect => a.intersection(b).cloned().collect(),
        SetOperator::Without => a.difference(b).cloned().collect(),
    };
    Membership::Constant(Arc::new(values))
}
