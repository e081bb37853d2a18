use exeat_hir::{CodeListId, Comparison, Expr, ExprKind, ListItem, LocalId, Quantifier, Ty};
use exeat_model::Truth;

use super::Lowering;
use crate::node::{CodeTest, Condition, ConditionId, ListPart, Node, NodeId, Place, Test};

/// The list in which codes of a type stand.
pub(super) fn code_list(ty: &Ty) -> Option<CodeListId> {
    match ty {
        Ty::Code(list) => Some(*list),
        _ => None,
    }
}

impl Lowering<'_> {
    /// A condition.
    pub(crate) fn condition(&mut self, expr: &Expr) -> ConditionId {
        match self.deeper(|lowering| lowering.condition_of(expr)) {
            Some(condition) => condition,
            None => self.constant_truth(Truth::Unknown),
        }
    }

    fn constant_truth(&mut self, truth: Truth) -> ConditionId {
        self.arena.add_condition(Condition::Constant(truth))
    }

    fn condition_of(&mut self, expr: &Expr) -> ConditionId {
        let condition = match &expr.kind {
            ExprKind::And(parts) => Condition::All(self.conditions(parts)),
            ExprKind::Or(parts) => Condition::Any(self.conditions(parts)),
            ExprKind::Not(inner) => Condition::Not(self.condition(inner)),
            ExprKind::Quantified { quantifier, local, list, body } => {
                return self.quantified(*quantifier, *local, list, body);
            }
            ExprKind::Define(define, arguments) if expr.ty == Ty::YesNo => {
                let body = self.within_define(*define, arguments, |lowering, piece| {
                    lowering.condition(&piece.body)
                });
                return match body {
                    Some(body) => body,
                    None => self.constant_truth(Truth::Unknown),
                };
            }
            ExprKind::If(test, then, otherwise) if expr.ty == Ty::YesNo => {
                let test = self.condition(test);
                Condition::Choose(test, self.condition(then), self.condition(otherwise))
            }
            ExprKind::Compare(Comparison::IsNot, left, right) if code_list(&left.ty).is_some() => {
                let test = self.comparison(Comparison::Is, left, right);
                Condition::Not(self.arena.add_condition(Condition::Test(test)))
            }
            ExprKind::Local(local) if expr.ty == Ty::YesNo => {
                // A condition that was put in for a parameter is that condition.
                match self.bound.get(local).map(|node| (*node, self.arena.node(*node))) {
                    Some((_, Node::Truth(condition))) => return *condition,
                    Some((node, _)) => Condition::Test(Test::Yes(node)),
                    None => Condition::Constant(Truth::Unknown),
                }
            }
            _ => Condition::Test(self.test(expr)),
        };
        self.arena.add_condition(condition)
    }

    fn conditions(&mut self, exprs: &[Expr]) -> Vec<ConditionId> {
        exprs.iter().map(|expr| self.condition(expr)).collect()
    }

    fn test(&mut self, expr: &Expr) -> Test {
        match &expr.kind {
            ExprKind::Compare(comparison, left, right) => self.comparison(*comparison, left, right),
            ExprKind::Band { low, low_included, value, high, high_included } => Test::Band {
                low: (self.node(low), *low_included),
                value: self.node(value),
                high: (self.node(high), *high_included),
            },
            ExprKind::In(left, set) => {
                let list = code_list(&left.ty);
                let left = self.node(left);
                Test::In(left, self.membership(set), list)
            }
            ExprKind::Meets(code, list, targets) => {
                let test = CodeTest { list: *list, within: false, targets: targets.clone() };
                Test::Code(self.node(code), test)
            }
            ExprKind::Within(code, list, targets) => {
                let test = CodeTest { list: *list, within: true, targets: targets.clone() };
                Test::Code(self.node(code), test)
            }
            ExprKind::OutcomeIs(inner, patterns) => {
                let places = patterns
                    .iter()
                    .map(|one| Place { rank: one.rank, labels: one.labels.clone() })
                    .collect();
                Test::Outcome(self.node(inner), places)
            }
            _ => Test::Yes(self.node(expr)),
        }
    }

    fn comparison(&mut self, comparison: Comparison, left: &Expr, right: &Expr) -> Test {
        let nodes = (self.node(left), self.node(right));
        if let Some(list) = code_list(&left.ty) {
            return Test::SameCode(list, nodes.0, nodes.1);
        }
        if self.holds_a_code(&left.ty) {
            self.refuse("a comparison of what has codes inside");
        }
        Test::Compare(comparison.into(), nodes.0, nodes.1)
    }

    fn holds_a_code(&self, ty: &Ty) -> bool {
        match ty {
            Ty::Code(_) => true,
            Ty::List(inner) => self.holds_a_code(inner),
            Ty::Record(id) => {
                let record = self.hir.records.get(*id);
                record.is_some_and(|one| one.fields.iter().any(|one| self.holds_a_code(&one.ty)))
            }
            _ => false,
        }
    }

    /// A quantifier. Elements that are written out are asked one by one.
    fn quantified(
        &mut self,
        quantifier: Quantifier,
        local: LocalId,
        list: &Expr,
        body: &Expr,
    ) -> ConditionId {
        // The body is lowered in the scope of the quantifier, whichever define the list stands in.
        let parts = self.parts(list);
        let mut asked = Vec::new();
        for part in parts {
            asked.push(match part {
                ListPart::One(node) => {
                    self.with_bound(local, node, |lowering| lowering.condition(body))
                }
                ListPart::Each(list) => {
                    let (local, body) =
                        self.with_element(local, |lowering| lowering.condition(body));
                    // Which of all or none is wanted is said below, for all parts together.
                    let reach = match quantifier {
                        Quantifier::Every => Quantifier::Every,
                        Quantifier::Any | Quantifier::No => Quantifier::Any,
                    };
                    let reach = reach.into();
                    self.arena.add_condition(Condition::Quantified { reach, local, list, body })
                }
            });
        }
        let whole = match quantifier {
            Quantifier::Every => Condition::All(asked),
            Quantifier::Any => Condition::Any(asked),
            Quantifier::No => {
                let any = self.arena.add_condition(Condition::Any(asked));
                Condition::Not(any)
            }
        };
        self.arena.add_condition(whole)
    }

    /// The elements of a list as far as they are written out, and the lists whose elements are others.
    fn parts(&mut self, list: &Expr) -> Vec<ListPart> {
        match &list.kind {
            ExprKind::List(items) => {
                let mut parts = Vec::new();
                for item in items {
                    match item {
                        ListItem::One(expr) => parts.push(ListPart::One(self.node(expr))),
                        ListItem::Each(expr) => parts.extend(self.parts(expr)),
                    }
                }
                parts
            }
            ExprKind::Define(define, arguments) => {
                let inner = self
                    .within_define(*define, arguments, |lowering, piece| {
                        lowering.deeper(|lowering| lowering.parts(&piece.body))
                    })
                    .flatten();
                match inner {
                    Some(inner) => inner,
                    None => vec![ListPart::Each(self.arena.add(Node::Unknown))],
                }
            }
            _ => {
                let node: NodeId = self.node(list);
                vec![ListPart::Each(node)]
            }
        }
    }
}
