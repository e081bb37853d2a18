//! Which decisions and which slots an expression or condition reads.

use std::collections::BTreeSet;

use exeat_hir::DecisionId;

use crate::node::{
    Arena, Condition, ConditionId, ListPart, Membership, Node, NodeId, Pattern, Test,
};

/// What is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reads {
    /// The decisions.
    pub decisions: BTreeSet<DecisionId>,
    /// The slots.
    pub slots: BTreeSet<u32>,
    /// Whether the element of a list is read from outside its list, so that there is no value by itself.
    pub locals: bool,
    /// Whether the day is read.
    pub day: bool,
    /// What was looked at already, with the names of elements that were in scope there.
    nodes: BTreeSet<(NodeId, Vec<u32>)>,
    conditions: BTreeSet<(ConditionId, Vec<u32>)>,
    /// The names of elements in scope.
    bound: Vec<u32>,
}

impl Reads {
    fn with_element(&mut self, local: u32, work: impl FnOnce(&mut Self)) {
        self.bound.push(local);
        work(self);
        self.bound.pop();
    }
}

impl Arena {
    /// What a node reads.
    pub fn reads_of_node(&self, id: NodeId) -> Reads {
        let mut reads = Reads::default();
        self.read_node(id, &mut reads);
        reads
    }

    /// What a condition reads.
    pub fn reads_of_condition(&self, id: ConditionId) -> Reads {
        let mut reads = Reads::default();
        self.read_condition(id, &mut reads);
        reads
    }

    /// What a test reads.
    pub(crate) fn reads_of_test(&self, test: &Test) -> Reads {
        let mut reads = Reads::default();
        self.read_test(test, &mut reads);
        reads
    }

    fn read_node(&self, id: NodeId, reads: &mut Reads) {
        if !reads.nodes.insert((id, reads.bound.clone())) {
            return;
        }
        let mut all = |ids: &[NodeId]| ids.iter().for_each(|id| self.read_node(*id, reads));
        match self.node(id) {
            Node::Constant(_) | Node::Unknown => {}
            Node::AsOf => reads.day = true,
            Node::Slot(slot) => {
                reads.slots.insert(*slot);
            }
            Node::Local(local) => reads.locals |= !reads.bound.contains(local),
            Node::Decision(decision) => {
                reads.decisions.insert(*decision);
            }
            Node::Field(base, _) => all(&[*base]),
            Node::Record(fields) => fields.iter().flatten().for_each(|id| all(&[*id])),
            Node::List(parts) => parts.iter().for_each(|part| match part {
                ListPart::One(id) | ListPart::Each(id) => all(&[*id]),
            }),
            Node::Comprehension { local, list, filter, body } => {
                all(&[*list]);
                reads.with_element(*local, |reads| {
                    self.read_node(*body, reads);
                    if let Some(filter) = filter {
                        self.read_condition(*filter, reads);
                    }
                });
            }
            Node::Aggregate(_, inner) | Node::Negate(inner) | Node::DatePart(_, inner) => {
                all(&[*inner]);
            }
            Node::Arithmetic(_, a, b)
            | Node::ShiftDays { date: a, days: b, .. }
            | Node::ShiftMonths { date: a, months: b, .. }
            | Node::DaysBetween(a, b)
            | Node::SetOperation(_, a, b) => all(&[*a, *b]),
            Node::If(test, a, b) => {
                all(&[*a, *b]);
                self.read_condition(*test, reads);
            }
            Node::Table(table, keys) => {
                all(keys);
                let Some(table) = self.table(*table) else { return };
                for (patterns, value) in &table.rows {
                    self.read_node(*value, reads);
                    for pattern in patterns {
                        if let Pattern::Set(set, _) = pattern {
                            self.read_membership(set, reads);
                        }
                    }
                }
                if let Some(otherwise) = table.otherwise {
                    self.read_node(otherwise, reads);
                }
            }
            Node::Call(_, arguments) | Node::Set(arguments) => all(arguments),
            Node::Truth(condition) => self.read_condition(*condition, reads),
        }
    }

    fn read_condition(&self, id: ConditionId, reads: &mut Reads) {
        if !reads.conditions.insert((id, reads.bound.clone())) {
            return;
        }
        match self.condition(id) {
            Condition::Constant(_) => {}
            Condition::All(parts) | Condition::Any(parts) => {
                for part in parts {
                    self.read_condition(*part, reads);
                }
            }
            Condition::Not(inner) => self.read_condition(*inner, reads),
            Condition::Choose(a, b, c) => {
                for part in [a, b, c] {
                    self.read_condition(*part, reads);
                }
            }
            Condition::Quantified { local, list, body, .. } => {
                self.read_node(*list, reads);
                reads.with_element(*local, |reads| self.read_condition(*body, reads));
            }
            Condition::Test(test) => self.read_test(test, reads),
        }
    }

    fn read_test(&self, test: &Test, reads: &mut Reads) {
        match test {
            Test::Compare(_, a, b) | Test::SameCode(_, a, b) => {
                self.read_node(*a, reads);
                self.read_node(*b, reads);
            }
            Test::Band { low, value, high } => {
                for id in [low.0, *value, high.0] {
                    self.read_node(id, reads);
                }
            }
            Test::In(value, set, _) => {
                self.read_node(*value, reads);
                self.read_membership(set, reads);
            }
            Test::Code(value, _) | Test::Outcome(value, _) | Test::Yes(value) => {
                self.read_node(*value, reads);
            }
        }
    }

    fn read_membership(&self, set: &Membership, reads: &mut Reads) {
        match set {
            Membership::Constant(_) | Membership::Unknown => {}
            Membership::Members(members) => {
                for id in members {
                    self.read_node(*id, reads);
                }
            }
            Membership::Value(value) => self.read_node(*value, reads),
            Membership::Join(_, left, right) => {
                self.read_membership(left, reads);
                self.read_membership(right, reads);
            }
            Membership::Choose(test, then, otherwise) => {
                self.read_condition(*test, reads);
                self.read_membership(then, reads);
                self.read_membership(otherwise, reads);
            }
        }
    }
}
