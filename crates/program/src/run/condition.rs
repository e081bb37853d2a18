use std::collections::BTreeSet;

use exeat_hir::{CodeListId, Comparison, DecisionId, Possible, Quantifier, SetOperator};
use exeat_model::{Truth, Value};

use super::{Decided, Lean, NotKnown, Run, code};
use crate::node::{CodeTest, Condition, ConditionId, Membership, Node, NodeId, Relation, Test};

/// How many combinations of possible decisions a test is tried with; beyond it the test is unknown.
const MOST_COMBINATIONS: usize = 256;

const MISSING: NotKnown = NotKnown::MISSING;

impl Run<'_> {
    /// Whether a condition is true.
    pub(crate) fn condition(&mut self, id: ConditionId) -> Truth {
        match self.arena.condition(id) {
            Condition::Constant(truth) => *truth,
            Condition::All(parts) => {
                let mut truth = Truth::True;
                for part in parts {
                    truth = truth.and(self.condition(*part));
                    if truth == Truth::False {
                        break;
                    }
                }
                truth
            }
            Condition::Any(parts) => {
                let mut truth = Truth::False;
                for part in parts {
                    truth = truth.or(self.condition(*part));
                    if truth == Truth::True {
                        break;
                    }
                }
                truth
            }
            Condition::Not(inner) => !self.condition(*inner),
            Condition::Choose(test, then, otherwise) => match self.condition(*test) {
                Truth::True => self.condition(*then),
                Truth::False => self.condition(*otherwise),
                Truth::Unknown => {
                    let (then, otherwise) = (self.condition(*then), self.condition(*otherwise));
                    if then == otherwise { then } else { Truth::Unknown }
                }
            },
            Condition::Quantified { reach, local, list, body } => match self.elements(*list) {
                Ok(items) => self.quantified((*reach).into(), *local, &items, *body),
                Err(why) => open(why),
            },
            Condition::Test(test) => self.test(test),
        }
    }

    fn quantified(
        &mut self,
        quantifier: Quantifier,
        local: u32,
        items: &[Value],
        body: ConditionId,
    ) -> Truth {
        let all = quantifier == Quantifier::Every;
        let mut truth = Truth::from(all);
        for item in items {
            let one = self.with_element(local, Ok(item.clone()), |run| run.condition(body));
            truth = if all { truth.and(one) } else { truth.or(one) };
            // No other element changes what one of them settles.
            if truth == Truth::from(!all) {
                break;
            }
        }
        if quantifier == Quantifier::No { !truth } else { truth }
    }

    /// A test. If it reads undetermined decisions, it is tried with all that they could be: where all
    /// agree, it is settled.
    fn test(&mut self, test: &Test) -> Truth {
        let result = self.plain_test(test);
        let known = result.map_or_else(|why| why.not_needed, |_| true);
        if known || !self.some_undetermined() {
            return result.unwrap_or_else(open);
        }
        let undetermined = self.undetermined_in(test);
        let combinations = undetermined
            .iter()
            .try_fold(1_usize, |count, (_, possible)| count.checked_mul(possible.len()));
        let certain = undetermined
            .iter()
            .flat_map(|(_, possible)| possible)
            .all(|one| matches!(one, Possible::Value(_) | Possible::NotNeeded));
        if !undetermined.is_empty()
            && certain
            && combinations.is_some_and(|count| count <= MOST_COMBINATIONS)
        {
            let mut truths = BTreeSet::new();
            self.try_all(test, &undetermined, &mut truths);
            if let (1, Some(truth)) = (truths.len(), truths.first())
                && truth.is_known()
            {
                return *truth;
            }
        }
        result.unwrap_or_else(open)
    }

    fn some_undetermined(&self) -> bool {
        self.scratch.decided.iter().any(|one| matches!(one, Decided::Undetermined(_)))
    }

    fn undetermined_in(&self, test: &Test) -> Vec<(DecisionId, Vec<Possible>)> {
        let decisions = self.arena.reads_of_test(test).decisions;
        decisions
            .into_iter()
            .filter(|decision| !self.scratch.supposed.iter().any(|(id, _)| *id == decision.0))
            .filter_map(|decision| {
                let at = usize::try_from(decision.0).ok()?;
                match self.scratch.decided.get(at)? {
                    Decided::Undetermined(possible) => Some((decision, possible.clone())),
                    _ => None,
                }
            })
            .collect()
    }

    fn try_all(
        &mut self,
        test: &Test,
        rest: &[(DecisionId, Vec<Possible>)],
        truths: &mut BTreeSet<Truth>,
    ) {
        let Some(((decision, possible), rest)) = rest.split_first() else {
            let result = self.plain_test(test);
            truths.insert(result.unwrap_or_else(open));
            return;
        };
        for one in possible {
            self.scratch.supposed.push((decision.0, one.clone()));
            self.try_all(test, rest, truths);
            self.scratch.supposed.pop();
        }
    }

    fn plain_test(&mut self, test: &Test) -> Lean<Truth> {
        match test {
            Test::Compare(relation, left, right) => {
                let sides = match (self.value(*left), self.value(*right)) {
                    (Ok(left), Ok(right)) => Ok((left, right)),
                    (Err(left), Err(right)) => Err(left.and(right)),
                    (Err(why), _) | (_, Err(why)) => Err(why),
                };
                match (relation, sides) {
                    // `is not` is `not … is`, for a decision that is not needed too.
                    (Relation::IsNot, Err(why)) if why.not_needed => Ok(Truth::True),
                    (_, Err(why)) => Err(why),
                    (relation, Ok((left, right))) => compared((*relation).into(), &left, &right),
                }
            }
            Test::Band { low, value, high } => {
                let (a, v, b) = (self.value(low.0), self.value(*value), self.value(high.0));
                let above = end(&a, &v, low.1);
                let below = end(&v, &b, high.1);
                match (above, below) {
                    (Ok(false), _) | (_, Ok(false)) => Ok(Truth::False),
                    (Ok(true), Ok(true)) => Ok(Truth::True),
                    (Err(a), Err(b)) => Err(a.and(b)),
                    (Err(why), _) | (_, Err(why)) => Err(why),
                }
            }
            Test::SameCode(list, left, right) => {
                let (a, b) = self.both(*left, *right)?;
                let sides = ((&a, self.is_written(*left)), (&b, self.is_written(*right)));
                known(self.same(Some(*list), sides.0, sides.1))
            }
            Test::In(node, set, codes) => {
                let value = self.value(*node)?;
                self.membership(set, (&value, self.is_written(*node)), *codes)
            }
            Test::Code(value, test) => {
                let value = self.value(*value)?;
                match self.code_test(&value, test) {
                    Some(truth) if truth.is_known() => Ok(truth),
                    _ => Err(MISSING),
                }
            }
            Test::Outcome(value, places) => match self.value(*value)? {
                Value::Outcome(outcome) => Ok(Truth::from(places.iter().any(|place| {
                    place.rank == outcome.rank
                        && place.labels.iter().all(|label| outcome.labels.contains(label))
                }))),
                _ => Err(MISSING),
            },
            Test::Yes(value) => match self.arena.node(*value) {
                // A condition used as a value is judged as one.
                Node::Truth(condition) => match self.condition(*condition) {
                    Truth::Unknown => Err(MISSING),
                    truth => Ok(truth),
                },
                _ => match self.value(*value)? {
                    Value::YesNo(yes) => Ok(Truth::from(yes)),
                    _ => Err(MISSING),
                },
            },
        }
    }

    /// The truth of a question about a code; none for what is no code.
    pub(crate) fn code_test(&self, value: &Value, test: &CodeTest) -> Option<Truth> {
        let (Value::Code(one), Some(list)) = (value, self.hir.code_lists.get(test.list)) else {
            return None;
        };
        Some(if test.within {
            code::within(list, one, &test.targets)
        } else {
            code::meets(list, one, &test.targets, self.as_of)
        })
    }

    /// Whether the rules write a value out, so that a code means just that entry.
    pub(crate) fn is_written(&self, node: NodeId) -> bool {
        matches!(self.arena.node(node), Node::Constant(_))
    }

    /// Whether two values are the same, `true` beside one that the rules write out; only for codes of a
    /// list that may be unknown.
    pub(crate) fn same(
        &self,
        codes: Option<CodeListId>,
        (left, left_written): (&Value, bool),
        (right, right_written): (&Value, bool),
    ) -> Truth {
        match (codes.and_then(|list| self.hir.code_lists.get(list)), left, right) {
            (Some(list), Value::Code(left), Value::Code(right)) => {
                code::same(list, (left, left_written), (right, right_written))
            }
            _ => Truth::from(left == right),
        }
    }

    /// Whether a value is among others that mean just what they say.
    fn is_one_of<'v>(
        &self,
        members: impl Iterator<Item = &'v Value>,
        wanted: (&Value, bool),
        codes: Option<CodeListId>,
    ) -> Lean<Truth> {
        known(
            members.fold(Truth::False, |found, member| {
                found.or(self.same(codes, wanted, (member, true)))
            }),
        )
    }

    /// Known membership (never `Unknown`), or why it is not known. Of a value that the rules write out it is
    /// said, and of codes in which list they stand.
    pub(crate) fn membership(
        &mut self,
        set: &Membership,
        wanted: (&Value, bool),
        codes: Option<CodeListId>,
    ) -> Lean<Truth> {
        match set {
            Membership::Constant(values) if codes.is_none() => {
                Ok(Truth::from(values.contains(wanted.0)))
            }
            Membership::Constant(values) => self.is_one_of(values.iter(), wanted, codes),
            Membership::Members(members) => {
                let mut unknown = None;
                for member in members {
                    match self.value(*member) {
                        Ok(value) => {
                            let member = (&value, self.is_written(*member));
                            match self.same(codes, wanted, member) {
                                Truth::True => return Ok(Truth::True),
                                Truth::False => {}
                                Truth::Unknown => super::value::note(&mut unknown, MISSING),
                            }
                        }
                        Err(why) => super::value::note(&mut unknown, why),
                    }
                }
                unknown.map_or(Ok(Truth::False), Err)
            }
            Membership::Value(node) => match self.value(*node)? {
                Value::Set(members) => self.is_one_of(members.iter(), wanted, codes),
                Value::List(members) => self.is_one_of(members.iter(), wanted, codes),
                _ => Err(MISSING),
            },
            Membership::Join(join, left, right) => {
                let left = self.membership(left, wanted, codes);
                let right = self.membership(right, wanted, codes);
                match SetOperator::from(*join) {
                    SetOperator::Union => any_of(left, right),
                    SetOperator::Intersect => all_of(left, right),
                    SetOperator::Without => all_of(left, right.map(|truth| !truth)),
                }
            }
            Membership::Choose(test, then, otherwise) => match self.condition(*test) {
                Truth::True => self.membership(then, wanted, codes),
                Truth::False => self.membership(otherwise, wanted, codes),
                Truth::Unknown => {
                    let then = self.membership(then, wanted, codes);
                    match (then, self.membership(otherwise, wanted, codes)) {
                        (Ok(a), Ok(b)) if a == b => Ok(a),
                        _ => Err(MISSING),
                    }
                }
            },
            Membership::Unknown => Err(MISSING),
        }
    }
}

/// A condition that cannot be said; false if it asks a decision that is not needed.
fn open(why: NotKnown) -> Truth {
    if why.not_needed { Truth::False } else { Truth::Unknown }
}

fn known(truth: Truth) -> Lean<Truth> {
    if truth.is_known() { Ok(truth) } else { Err(MISSING) }
}

fn end(low: &Lean<Value>, high: &Lean<Value>, included: bool) -> Lean<bool> {
    match (low, high) {
        (Ok(low), Ok(high)) => Ok(if included { low <= high } else { low < high }),
        (Err(low), Err(high)) => Err(low.and(*high)),
        (Err(why), _) | (_, Err(why)) => Err(*why),
    }
}

fn compared(comparison: Comparison, left: &Value, right: &Value) -> Lean<Truth> {
    match comparison {
        Comparison::Is | Comparison::IsNot => match equal(left, right) {
            Truth::Unknown => Err(MISSING),
            truth if comparison == Comparison::Is => Ok(truth),
            truth => Ok(!truth),
        },
        other => Ok(Truth::from(other.holds(left, right))),
    }
}

/// Whether two values of one type are the same; a field that is unknown leaves it open.
fn equal(left: &Value, right: &Value) -> Truth {
    match (left, right) {
        (Value::Record(a), Value::Record(b)) => (0..a.fields.len().max(b.fields.len()))
            .map(|at| {
                let field = |record: &exeat_model::Record| record.fields.get(at).cloned().flatten();
                match (field(a), field(b)) {
                    (Some(a), Some(b)) => equal(&a, &b),
                    _ => Truth::Unknown,
                }
            })
            .fold(Truth::True, Truth::and),
        (Value::List(a), Value::List(b)) if a.len() == b.len() => {
            a.iter().zip(b.iter()).map(|(a, b)| equal(a, b)).fold(Truth::True, Truth::and)
        }
        (a, b) => Truth::from(a == b),
    }
}

/// In one of two parts: one that it is in settles it.
fn any_of(left: Lean<Truth>, right: Lean<Truth>) -> Lean<Truth> {
    match (left, right) {
        (Ok(Truth::True), _) | (_, Ok(Truth::True)) => Ok(Truth::True),
        (Ok(_), Ok(_)) => Ok(Truth::False),
        (Err(a), Err(b)) => Err(a.and(b)),
        (Err(why), _) | (_, Err(why)) => Err(why),
    }
}

/// In both of two parts: one that it is not in settles it.
fn all_of(left: Lean<Truth>, right: Lean<Truth>) -> Lean<Truth> {
    any_of(left.map(|truth| !truth), right.map(|truth| !truth)).map(|truth| !truth)
}
