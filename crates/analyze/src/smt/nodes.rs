//! Expressions as terms.

use exeat_hir::CodeListId;
use exeat_model::{Date, Truth, Value};
use exeat_program::{
    AggregateKind, ConditionId, ListPart, LoweredTable, Node, NodeId, Operator, Pattern,
};

use super::rules::{NoForm, Rules, Truths, Worth, is_written, no_form};
use super::sheet::days_between;
use super::term::{Sort, Term};
use crate::words::{At, describe_node};

impl Worth {
    pub(super) fn known(sort: Sort, term: Term) -> Self {
        Self { value: Some((sort, term)), known: Term::truth(true), unneeded: Term::truth(false) }
    }

    pub(super) fn never() -> Self {
        Self { value: None, known: Term::truth(false), unneeded: Term::truth(false) }
    }

    /// The value made of two, known where both are.
    fn of(parts: &[&Self], sort: Sort, make: impl FnOnce(&[&Term]) -> Term) -> Self {
        let values: Option<Vec<&Term>> =
            parts.iter().map(|part| part.value.as_ref().map(|(_, term)| term)).collect();
        let unneeded = Term::any(parts.iter().map(|part| part.unneeded.clone()));
        match values {
            Some(values) => Self {
                value: Some((sort, make(&values))),
                known: Term::all(parts.iter().map(|part| part.known.clone())),
                unneeded,
            },
            None => Self { unneeded, ..Self::never() },
        }
    }

    fn is_of(&self, wanted: Sort) -> bool {
        self.value.as_ref().is_none_or(|(sort, _)| *sort == wanted)
    }
}

impl Rules<'_, '_, '_> {
    /// What an expression is worth.
    pub(super) fn node(&mut self, id: NodeId) -> Result<Worth, NoForm> {
        if let Some(known) = self.nodes.get(&id) {
            return known.clone();
        }
        let worth = self.fresh_node(id).map(|worth| self.shared(id, worth));
        self.nodes.insert(id, worth.clone());
        worth
    }

    /// The same under a name of its own, so that no term grows large.
    fn shared(&mut self, id: NodeId, worth: Worth) -> Worth {
        let value = self.named("value", &id.to_string());
        let known = self.named("known", &id.to_string());
        if worth.value.as_ref().is_some_and(|(_, term)| term.is_worth_a_name()) {
            self.sheet.remark(&format!("{value}: {}", describe_node(self.side, id, At::TOP)));
        }
        let value = worth.value.map(|(sort, term)| (sort, self.sheet.define(&value, sort, term)));
        let known = self.sheet.define(&known, Sort::Bool, worth.known);
        Worth { value, known, unneeded: worth.unneeded }
    }

    fn fresh_node(&mut self, id: NodeId) -> Result<Worth, NoForm> {
        let arena = &self.side.epoch.arena;
        match arena.node(id) {
            Node::Constant(value) => match self.sheet.value(value) {
                Some((sort, term)) => Ok(Worth::known(sort, term)),
                None => no_form("which is no single value"),
            },
            Node::Unknown => Ok(Worth::never()),
            Node::AsOf => Ok(Worth::known(Sort::Int, self.day())),
            Node::Slot(slot) => self.slot(*slot).map(|(sort, term)| Worth::known(sort, term)),
            Node::Decision(decision) => self.outcome_as_value(*decision),
            Node::Arithmetic(operator, left, right) => self.arithmetic(*operator, *left, *right),
            Node::Negate(inner) => {
                let inner = self.number(*inner)?;
                Ok(Worth::of(&[&inner], Sort::Real, |parts| Term::apply("-", parts)))
            }
            Node::ShiftDays { date, days, backwards } => self.shifted(*date, *days, *backwards),
            Node::DaysBetween(later, earlier) => {
                let (later, earlier) = (self.date(*later)?, self.date(*earlier)?);
                Ok(Worth::of(&[&later, &earlier], Sort::Real, |parts| {
                    Term::apply("to_real", &[&Term::apply("-", parts)])
                }))
            }
            Node::If(test, then, otherwise) => self.either(*test, *then, *otherwise),
            Node::Table(table, keys) => match arena.table(*table) {
                Some(table) => self.table(table, keys),
                None => no_form("which is not there"),
            },
            Node::Truth(condition) => {
                let truths = self.condition(*condition)?;
                let settled = truths.is_settled();
                let Truths { yes, no } = truths;
                let known = if settled { Term::truth(true) } else { yes.or(&no) };
                Ok(Worth { known, ..Worth::known(Sort::Bool, yes) })
            }
            Node::Aggregate(kind, list) => self.aggregate(*kind, *list),
            Node::ShiftMonths { .. } | Node::DatePart(..) => {
                no_form("which counts months of the calendar")
            }
            Node::Call(..) => no_form("which a function of a jurisdiction computes"),
            Node::Local(_) | Node::Field(..) | Node::Comprehension { .. } => {
                no_form("which asks the elements of a list")
            }
            Node::Record(_) | Node::List(_) | Node::Set(_) | Node::SetOperation(..) => {
                no_form("which is no single value")
            }
        }
    }

    fn sorted(&mut self, id: NodeId, sort: Sort) -> Result<Worth, NoForm> {
        let worth = self.node(id)?;
        if worth.is_of(sort) { Ok(worth) } else { no_form("which mixes types") }
    }

    fn number(&mut self, id: NodeId) -> Result<Worth, NoForm> {
        self.sorted(id, Sort::Real)
    }

    fn date(&mut self, id: NodeId) -> Result<Worth, NoForm> {
        self.sorted(id, Sort::Int)
    }

    fn arithmetic(
        &mut self,
        operator: Operator,
        left: NodeId,
        right: NodeId,
    ) -> Result<Worth, NoForm> {
        let (left, right) = (self.number(left)?, self.number(right)?);
        let literal =
            |worth: &Worth| worth.value.as_ref().is_none_or(|(_, term)| term.is_literal());
        let sign = match operator {
            Operator::Add => "+",
            Operator::Subtract => "-",
            Operator::Multiply => "*",
            Operator::Divide => "/",
        };
        self.sheet.products |= match operator {
            Operator::Add | Operator::Subtract => false,
            Operator::Multiply => !literal(&left) && !literal(&right),
            Operator::Divide => !literal(&right),
        };
        let mut worth = Worth::of(&[&left, &right], Sort::Real, |parts| Term::apply(sign, parts));
        if operator == Operator::Divide
            && let Some((_, by)) = &right.value
        {
            let nought = Term::new("0.0");
            let zero = if by.is_literal() && *by != nought {
                Term::truth(false)
            } else {
                by.equal(&nought)
            };
            worth.known = worth.known.without(&zero);
        }
        Ok(worth)
    }

    /// A date some days later. Beyond the calendar, or for a part of a day, there is none.
    fn shifted(&mut self, date: NodeId, days: NodeId, backwards: bool) -> Result<Worth, NoForm> {
        let sign = if backwards { "-" } else { "+" };
        let date = self.date(date)?;
        let by = self.number(days)?;
        let written = match self.side.epoch.arena.node(days) {
            Node::Constant(Value::Number(number)) => number.to_integer(),
            _ => None,
        };
        let mut worth = Worth::of(&[&date, &by], Sort::Int, |parts| match (parts, written) {
            ([date, _], Some(days)) => Term::apply(sign, &[date, &Term::integer(days)]),
            ([date, by], None) => Term::apply(sign, &[date, &Term::apply("to_int", &[by])]),
            _ => Term::new("0"),
        });
        if let (Some((_, by)), None) = (&by.value, written) {
            worth.known = worth.known.and(&Term::apply("is_int", &[by]));
        }
        if let Some((_, shifted)) = &worth.value {
            worth.known = worth.known.and(&days_between(shifted, Date::MIN, Date::MAX));
        }
        Ok(worth)
    }

    fn either(
        &mut self,
        test: ConditionId,
        then: NodeId,
        otherwise: NodeId,
    ) -> Result<Worth, NoForm> {
        let truths = self.condition(test)?;
        let settled = truths.is_settled();
        let Truths { yes, no } = truths;
        let (then, otherwise) = (self.node(then)?, self.node(otherwise)?);
        let value = match (&then.value, &otherwise.value) {
            (Some((sort, a)), Some((other, b))) if sort == other => {
                Some((*sort, Term::choose(&yes, a, b)))
            }
            (Some(_), Some(_)) => return no_form("which mixes types"),
            (one, other) => one.clone().or_else(|| other.clone()),
        };
        let mut known = yes.and(&then.known).or(&no.and(&otherwise.known));
        if settled {
            known = Term::choose(&yes, &then.known, &otherwise.known);
        } else if let (Some((_, a)), Some((_, b))) = (&then.value, &otherwise.value) {
            // Where the test is unknown, the two may still agree.
            let agree = a.equal(b).and(&then.known).and(&otherwise.known);
            known = known.or(&agree);
        }
        let unneeded = yes.and(&then.unneeded).or(&no.and(&otherwise.unneeded));
        Ok(Worth { value, known, unneeded })
    }

    /// What is made of a list that is written out.
    fn aggregate(&mut self, kind: AggregateKind, list: NodeId) -> Result<Worth, NoForm> {
        let Node::List(parts) = self.side.epoch.arena.node(list) else {
            return no_form("which is made of a list");
        };
        let mut items = Vec::new();
        for part in parts {
            match part {
                ListPart::One(node) => items.push(self.node(*node)?),
                ListPart::Each(_) => return no_form("which is made of a list"),
            }
        }
        let Some(Some((sort, _))) = items.first().map(|first| first.value.clone()) else {
            return no_form("which is made of a list without elements");
        };
        if !items.iter().all(|item| item.is_of(sort)) {
            return no_form("which mixes types");
        }
        let items: Vec<&Worth> = items.iter().collect();
        let best = |sign: &str, parts: &[&Term]| {
            let mut best: Option<Term> = None;
            for part in parts {
                best = Some(match best {
                    None => (*part).clone(),
                    Some(best) => Term::choose(&Term::apply(sign, &[part, &best]), part, &best),
                });
            }
            best.unwrap_or(Term::new("0"))
        };
        Ok(match kind {
            AggregateKind::Sum if sort == Sort::Real && items.len() > 1 => {
                Worth::of(&items, sort, |parts| Term::apply("+", parts))
            }
            AggregateKind::Sum => return no_form("which is made of a list"),
            AggregateKind::Count => {
                Worth::of(&items, Sort::Real, |parts| Term::new(format!("{}.0", parts.len())))
            }
            AggregateKind::Largest => Worth::of(&items, sort, |parts| best(">", parts)),
            AggregateKind::Smallest => Worth::of(&items, sort, |parts| best("<", parts)),
        })
    }

    fn table(&mut self, table: &LoweredTable, keys: &[NodeId]) -> Result<Worth, NoForm> {
        let mut asked = Vec::new();
        for key in keys {
            let worth = self.node(*key)?;
            if !worth.unneeded.is(false) {
                return no_form("which looks up the outcome of a decision");
            }
            asked.push((worth, is_written(self.side, *key)));
        }
        let mut none = Term::truth(true);
        let mut rows = Vec::new();
        for (patterns, value) in &table.rows {
            let mut truths = Truths { yes: Term::truth(true), no: Term::truth(false) };
            for (pattern, (key, written)) in patterns.iter().zip(&asked) {
                let one = self.matches(pattern, key, *written)?;
                truths.yes = truths.yes.and(&one.yes);
                truths.no = truths.no.or(&one.no);
            }
            none = none.and(&truths.no);
            rows.push((truths.yes, self.node(*value)?));
        }
        let otherwise = match table.otherwise {
            Some(otherwise) => self.node(otherwise)?,
            None => Worth::never(),
        };
        let Worth { mut value, known, mut unneeded } = otherwise;
        let mut known = none.and(&known);
        for (yes, row) in rows {
            value = match (row.value, value) {
                (Some((sort, then)), Some((other, otherwise))) if sort == other => {
                    Some((sort, Term::choose(&yes, &then, &otherwise)))
                }
                (Some(_), Some(_)) => return no_form("which mixes types"),
                (one, other) => one.or(other),
            };
            known = Term::choose(&yes, &row.known, &known);
            unneeded = Term::choose(&yes, &row.unneeded, &unneeded);
        }
        Ok(Worth { value, known, unneeded })
    }

    fn matches(&mut self, pattern: &Pattern, key: &Worth, written: bool) -> Result<Truths, NoForm> {
        let asked = match pattern {
            Pattern::Any => return Ok(Truths { yes: Term::truth(true), no: Term::truth(false) }),
            Pattern::Value(value, list) => self.is_value(key, written, value, *list)?,
            Pattern::Set(set, list) => {
                let (truths, _) = self.membership(set, (key, written), *list)?;
                truths
            }
            Pattern::Within(test) => self.code_test(key, test)?,
            Pattern::Band { low, high } => {
                let Some((_, term)) = &key.value else { return Ok(Truths::never()) };
                let low = low.as_ref().map(|(end, with)| self.end(end, term, *with));
                let high = high.as_ref().map(|(end, with)| self.high_end(term, end, *with));
                Truths::of(Term::all(low.into_iter().chain(high)))
            }
        };
        Ok(asked.known_where(&key.known))
    }

    /// Whether a key is a value that is written out.
    fn is_value(
        &mut self,
        key: &Worth,
        written: bool,
        value: &Value,
        list: Option<CodeListId>,
    ) -> Result<Truths, NoForm> {
        let Some((_, term)) = &key.value else { return Ok(Truths::never()) };
        if let (Some(list), Value::Code(target)) = (list, value) {
            return self.by_code(term, list, &|list, one| {
                exeat_program::code::same(list, (target, true), (one, written))
            });
        }
        let value = self.sheet.value(value);
        Ok(value.map_or_else(Truths::never, |(_, value)| Truths::of(term.equal(&value))))
    }
}

impl Truths {
    pub(super) fn of(yes: Term) -> Self {
        Self { no: yes.negated(), yes }
    }

    pub(super) fn never() -> Self {
        Self { yes: Term::truth(false), no: Term::truth(false) }
    }

    pub(super) fn constant(truth: Truth) -> Self {
        Self { yes: Term::truth(truth == Truth::True), no: Term::truth(truth == Truth::False) }
    }

    /// The same, unknown elsewhere.
    pub(super) fn known_where(self, known: &Term) -> Self {
        Self { yes: self.yes.and(known), no: self.no.and(known) }
    }
}
