use std::collections::BTreeSet;
use std::sync::Arc;

use exeat_hir::{Aggregate, ArithmeticOperator, DatePart, DecisionId, Possible, SetOperator};
use exeat_model::{Date, Number, Record, Rounding, Truth, Value, shift_days, shift_months};

use super::{Decided, Lean, NotKnown, Run};
use crate::node::{AggregateKind, ListPart, Node, NodeId, Pattern};

/// Days from the first to the last day of the calendar.
const MOST_DAYS: i64 = 7_304_483;
/// Months from the first to the last month of the calendar.
const MOST_MONTHS: i64 = 239_975;

const MISSING: NotKnown = NotKnown::MISSING;

impl Run<'_> {
    /// What a node is worth.
    pub(crate) fn value(&mut self, id: NodeId) -> Lean<Value> {
        match self.arena.node(id) {
            Node::Constant(value) => Ok(value.clone()),
            Node::Unknown => Err(MISSING),
            Node::AsOf => Ok(Value::Date(self.as_of)),
            Node::Slot(slot) => self.slot(*slot),
            Node::Local(local) => self.local(*local),
            Node::Decision(decision) => self.decision(*decision),
            node => self.remembered(id, node),
        }
    }

    fn remembered(&mut self, id: NodeId, node: &Node) -> Lean<Value> {
        let place = usize::try_from(id).unwrap_or(usize::MAX);
        let stamp = self.scratch.stamp;
        match self.scratch.values.get(place) {
            Some((computed, value)) if *computed == stamp => return value.clone(),
            _ => {}
        }
        let value = self.compute(node);
        if self.arena.is_steady(id)
            && let Some(place) = self.scratch.values.get_mut(place)
        {
            *place = (stamp, value.clone());
        }
        value
    }

    pub(crate) fn slot(&self, slot: u32) -> Lean<Value> {
        let slot = usize::try_from(slot).ok().and_then(|at| self.slots.get(at));
        slot.and_then(Option::as_ref).cloned().ok_or(MISSING)
    }

    fn local(&self, local: u32) -> Lean<Value> {
        let local = usize::try_from(local).ok().and_then(|at| self.scratch.locals.get(at));
        local.cloned().unwrap_or(Err(MISSING))
    }

    /// Binds an element for a while. What the name held before it holds again afterwards: an argument that
    /// was put into a define may bind the same name within.
    pub(crate) fn with_element<T>(
        &mut self,
        local: u32,
        element: Lean<Value>,
        work: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let before = self.set_local(local, element);
        let done = work(self);
        drop(self.set_local(local, before));
        done
    }

    fn set_local(&mut self, local: u32, value: Lean<Value>) -> Lean<Value> {
        let place = usize::try_from(local).ok().and_then(|at| self.scratch.locals.get_mut(at));
        place.map_or(Err(MISSING), |place| std::mem::replace(place, value))
    }

    fn decision(&self, decision: DecisionId) -> Lean<Value> {
        let supposed = self.scratch.supposed.iter().rev().find(|(id, _)| *id == decision.0);
        if let Some((_, supposed)) = supposed {
            return match supposed {
                Possible::Value(value) => Ok(value.clone()),
                Possible::NotNeeded => Err(NotKnown { not_needed: true }),
                _ => Err(MISSING),
            };
        }
        let at = usize::try_from(decision.0).unwrap_or(usize::MAX);
        match self.scratch.decided.get(at) {
            Some(Decided::Value(value)) => Ok(value.clone()),
            Some(Decided::NotNeeded) => Err(NotKnown { not_needed: true }),
            Some(Decided::Undetermined(_) | Decided::NotYet) | None => Err(MISSING),
        }
    }

    pub(crate) fn both(&mut self, left: NodeId, right: NodeId) -> Lean<(Value, Value)> {
        match (self.value(left), self.value(right)) {
            (Ok(left), Ok(right)) => Ok((left, right)),
            (Err(left), Err(right)) => Err(left.and(right)),
            (Err(why), _) | (_, Err(why)) => Err(why),
        }
    }

    fn number(&mut self, id: NodeId) -> Lean<Number> {
        match self.value(id)? {
            Value::Number(number) => Ok(number),
            _ => Err(MISSING),
        }
    }

    fn compute(&mut self, node: &Node) -> Lean<Value> {
        match node {
            Node::Field(base, field) => match self.value(*base)? {
                Value::Record(record) => {
                    let at = usize::try_from(*field).unwrap_or(usize::MAX);
                    record.fields.get(at).cloned().flatten().ok_or(MISSING)
                }
                _ => Err(MISSING),
            },
            Node::Record(fields) => {
                let known = fields.iter().map(|field| self.value((*field)?).ok()).collect();
                Ok(Value::Record(Arc::new(Record { fields: known })))
            }
            Node::List(parts) => self.written_list(parts),
            Node::Comprehension { local, list, filter, body } => {
                self.comprehension(*local, *list, *filter, *body)
            }
            Node::Aggregate(kind, list) => self.aggregate(*kind, *list),
            Node::Arithmetic(operator, left, right) => {
                let (left, right) = match (self.number(*left), self.number(*right)) {
                    (Ok(left), Ok(right)) => (left, right),
                    (Err(left), Err(right)) => return Err(left.and(right)),
                    (Err(why), _) | (_, Err(why)) => return Err(why),
                };
                let result = ArithmeticOperator::from(*operator).apply(left, right);
                result.map(Value::Number).map_err(|_| MISSING)
            }
            Node::Negate(inner) => {
                let negated = self.number(*inner)?.checked_neg();
                negated.map(Value::Number).map_err(|_| MISSING)
            }
            Node::ShiftDays { date, days, backwards } => {
                let (date, days) = dated(self.both(*date, *days)?)?;
                let days = whole(days, *backwards, MOST_DAYS)?;
                shift_days(date, days).map(Value::Date).ok_or(MISSING)
            }
            Node::ShiftMonths { date, months, backwards, rounding } => {
                let (date, months) = dated(self.both(*date, *months)?)?;
                later_by_months(date, months, *backwards, *rounding).map(Value::Date)
            }
            Node::DaysBetween(later, earlier) => match self.both(*later, *earlier)? {
                (Value::Date(later), Value::Date(earlier)) => {
                    let days = later.since(earlier).map_or(0, |span| span.get_days());
                    Ok(Value::Number(Number::from_integer(i128::from(days))))
                }
                _ => Err(MISSING),
            },
            Node::DatePart(part, date) => match self.value(*date)? {
                Value::Date(date) => Ok(Value::Number(date_part((*part).into(), date))),
                _ => Err(MISSING),
            },
            Node::If(test, then, otherwise) => match self.condition(*test) {
                Truth::True => self.value(*then),
                Truth::False => self.value(*otherwise),
                Truth::Unknown => match (self.value(*then), self.value(*otherwise)) {
                    (Ok(a), Ok(b)) if a == b && all_known(&a) => Ok(a),
                    _ => Err(MISSING),
                },
            },
            Node::Table(table, keys) => self.table(*table, keys),
            Node::Call(function, arguments) => {
                let values = self.all(arguments)?;
                self.functions.call(self.hir, *function, &values).map_err(|_| MISSING)
            }
            Node::Set(members) => {
                let members = self.all(members)?;
                Ok(Value::Set(Arc::new(members.into_iter().collect())))
            }
            Node::SetOperation(join, left, right) => {
                let (left, right) = self.both(*left, *right)?;
                let (left, right) = (members_of(&left), members_of(&right));
                let members: BTreeSet<Value> = match SetOperator::from(*join) {
                    SetOperator::Union => left.union(&right).cloned().collect(),
                    SetOperator::Intersect => left.intersection(&right).cloned().collect(),
                    SetOperator::Without => left.difference(&right).cloned().collect(),
                };
                Ok(Value::Set(Arc::new(members)))
            }
            Node::Truth(condition) => match self.condition(*condition) {
                Truth::True => Ok(Value::YesNo(true)),
                Truth::False => Ok(Value::YesNo(false)),
                Truth::Unknown => Err(MISSING),
            },
            Node::Constant(_)
            | Node::Unknown
            | Node::AsOf
            | Node::Slot(_)
            | Node::Local(_)
            | Node::Decision(_) => Err(MISSING),
        }
    }

    /// All values, unless one is unknown.
    fn all(&mut self, nodes: &[NodeId]) -> Lean<Vec<Value>> {
        let mut values = Vec::with_capacity(nodes.len());
        let mut unknown = None;
        for node in nodes {
            match self.value(*node) {
                Ok(value) => values.push(value),
                Err(why) => note(&mut unknown, why),
            }
        }
        unknown.map_or(Ok(values), Err)
    }

    fn written_list(&mut self, parts: &[ListPart]) -> Lean<Value> {
        let mut values = Vec::new();
        let mut unknown = None;
        for part in parts {
            match part {
                ListPart::One(node) => match self.value(*node) {
                    Ok(value) => values.push(value),
                    Err(why) => note(&mut unknown, why),
                },
                ListPart::Each(node) => match self.elements(*node) {
                    Ok(inner) => values.extend(inner.iter().cloned()),
                    Err(why) => note(&mut unknown, why),
                },
            }
        }
        unknown.map_or_else(|| Ok(Value::List(Arc::new(values))), Err)
    }

    pub(crate) fn elements(&mut self, list: NodeId) -> Lean<Arc<Vec<Value>>> {
        match self.value(list)? {
            Value::List(items) => Ok(items),
            Value::Set(items) => Ok(Arc::new(items.iter().cloned().collect())),
            _ => Err(MISSING),
        }
    }

    fn comprehension(
        &mut self,
        local: u32,
        list: NodeId,
        filter: Option<u32>,
        body: NodeId,
    ) -> Lean<Value> {
        let mut made = Vec::new();
        let mut unknown = None;
        for element in self.elements(list)?.iter() {
            let one = self.with_element(local, Ok(element.clone()), |run| {
                match filter.map_or(Truth::True, |filter| run.condition(filter)) {
                    Truth::True => run.value(body).map(Some),
                    Truth::False => Ok(None),
                    Truth::Unknown => Err(MISSING),
                }
            });
            match one {
                Ok(value) => made.extend(value),
                Err(why) => note(&mut unknown, why),
            }
        }
        unknown.map_or_else(|| Ok(Value::List(Arc::new(made))), Err)
    }

    fn aggregate(&mut self, kind: AggregateKind, list: NodeId) -> Lean<Value> {
        let items = self.elements(list)?;
        match Aggregate::from(kind) {
            Aggregate::Count => i128::try_from(items.len())
                .map(|count| Value::Number(Number::from_integer(count)))
                .map_err(|_| MISSING),
            Aggregate::Sum => items
                .iter()
                .try_fold(Number::ZERO, |sum, item| match item {
                    Value::Number(number) => sum.checked_add(*number).map_err(|_| MISSING),
                    _ => Err(MISSING),
                })
                .map(Value::Number),
            Aggregate::Largest => items.iter().max().cloned().ok_or(MISSING),
            Aggregate::Smallest => items.iter().min().cloned().ok_or(MISSING),
        }
    }

    fn table(&mut self, table: u32, keys: &[NodeId]) -> Lean<Value> {
        let arena = self.arena;
        let Some(table) = arena.table(table) else { return Err(MISSING) };
        let keys: Vec<(Lean<Value>, bool)> =
            keys.iter().map(|key| (self.value(*key), self.is_written(*key))).collect();
        let mut unknown = None;
        let mut matching = None;
        for (patterns, value) in &table.rows {
            let mut truth = Truth::True;
            let mut why = MISSING;
            for (pattern, (key, written)) in patterns.iter().zip(&keys) {
                let (one, reason) = self.matches(pattern, key, *written);
                truth = truth.and(one);
                why = why.and(reason);
            }
            match truth {
                Truth::True => matching = Some(*value),
                Truth::Unknown => note(&mut unknown, why),
                Truth::False => {}
            }
        }
        match (matching, unknown, table.otherwise) {
            (Some(value), _, _) | (None, None, Some(value)) => self.value(value),
            (None, Some(why), _) => Err(why),
            (None, None, None) => Err(MISSING),
        }
    }

    fn matches(
        &mut self,
        pattern: &Pattern,
        key: &Lean<Value>,
        written: bool,
    ) -> (Truth, NotKnown) {
        if matches!(pattern, Pattern::Any) {
            return (Truth::True, MISSING);
        }
        let key = match key {
            Ok(key) => key,
            Err(why) => return (Truth::Unknown, *why),
        };
        match pattern {
            Pattern::Any => (Truth::True, MISSING),
            Pattern::Value(value, codes) => {
                (self.same(*codes, (value, true), (key, written)), MISSING)
            }
            Pattern::Set(set, codes) => match self.membership(set, (key, written), *codes) {
                Ok(truth) => (truth, MISSING),
                Err(why) => (Truth::Unknown, why),
            },
            Pattern::Within(test) => (self.code_test(key, test).unwrap_or(Truth::False), MISSING),
            Pattern::Band { low, high } => {
                let within = crate::cells::in_band(key, low.as_ref(), high.as_ref());
                (Truth::from(within), MISSING)
            }
        }
    }
}

pub(crate) fn note(noted: &mut Option<NotKnown>, why: NotKnown) {
    *noted = Some(noted.unwrap_or_default().and(why));
}

fn dated((date, by): (Value, Value)) -> Lean<(Date, Number)> {
    match (date, by) {
        (Value::Date(date), Value::Number(by)) => Ok((date, by)),
        _ => Err(MISSING),
    }
}

fn whole(number: Number, backwards: bool, most: i64) -> Lean<i64> {
    let number = if backwards { number.checked_neg().map_err(|_| MISSING)? } else { number };
    if !number.is_integer() {
        return Err(MISSING);
    }
    number
        .to_integer()
        .and_then(|whole| i64::try_from(whole).ok())
        .filter(|whole| whole.unsigned_abs() <= most.unsigned_abs())
        .ok_or(MISSING)
}

fn later_by_months(
    date: Date,
    months: Number,
    backwards: bool,
    rounding: Option<Rounding>,
) -> Lean<Date> {
    let months = whole(months, backwards, MOST_MONTHS)?;
    shift_months(date, months, rounding).ok().flatten().ok_or(MISSING)
}

fn date_part(part: DatePart, date: Date) -> Number {
    Number::from_integer(match part {
        DatePart::Year => i128::from(date.year()),
        DatePart::Quarter => {
            i128::from(date.month().saturating_sub(1).checked_div(3).unwrap_or(0).saturating_add(1))
        }
        DatePart::Month => i128::from(date.month()),
        DatePart::Day => i128::from(date.day()),
    })
}

/// Whether no field in a value is unknown.
fn all_known(value: &Value) -> bool {
    match value {
        Value::Record(record) => {
            record.fields.iter().all(|field| field.as_ref().is_some_and(all_known))
        }
        Value::List(items) => items.iter().all(all_known),
        _ => true,
    }
}

fn members_of(value: &Value) -> BTreeSet<Value> {
    match value {
        Value::Set(members) => members.iter().cloned().collect(),
        Value::List(members) => members.iter().cloned().collect(),
        _ => BTreeSet::new(),
    }
}
