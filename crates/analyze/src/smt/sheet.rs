//! The script as it grows: names of values and facts, what is declared, defined and taken for granted.

use std::collections::{BTreeMap, BTreeSet};

use exeat_model::{Code, Date, Value};

use super::term::{Sort, Term, one_line, symbol};

/// Something that has no exact form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Left {
    /// What, and why.
    pub(super) words: String,
    /// Whether it is taken as free, as the analysis does; else what rests on it is not asked.
    pub(super) free: bool,
}

/// The script of one stretch of days.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    pub(super) lines: Vec<String>,
    pub(super) left: Vec<Left>,
    /// Whether something is multiplied that is not written out.
    pub(super) products: bool,
    used: BTreeSet<String>,
    values: BTreeMap<Value, Term>,
    numbers: BTreeMap<String, i128>,
    sets: BTreeMap<Vec<Value>, String>,
    noted: BTreeSet<String>,
    /// What is declared, by what it stands for.
    declared: BTreeMap<String, Term>,
}

impl Sheet {
    /// A symbol that nothing else has.
    fn fresh(&mut self, wanted: &str) -> String {
        let mut name = symbol(wanted);
        let mut again = 2_u32;
        while !self.used.insert(name.clone()) {
            name = symbol(&format!("{wanted}!{again}"));
            again = again.saturating_add(1);
        }
        name
    }

    /// A remark.
    pub(super) fn remark(&mut self, words: &str) {
        self.lines.push(format!("; {}", one_line(words)));
    }

    /// Something that may have any value, once for each key.
    pub(super) fn declare(&mut self, key: &str, name: &str, sort: Sort) -> Term {
        if let Some(known) = self.declared.get(key) {
            return known.clone();
        }
        let name = self.fresh(name);
        self.lines.push(format!("(declare-const {name} {})", sort.name()));
        let term = Term::new(name);
        self.declared.insert(key.to_owned(), term.clone());
        term
    }

    /// The same for what has no exact form: what rests on it is asked with it free, or not asked.
    pub(super) fn leave(
        &mut self,
        key: &str,
        name: &str,
        sort: Sort,
        words: &str,
        free: bool,
    ) -> Term {
        if let Some(known) = self.declared.get(key) {
            return known.clone();
        }
        let words = one_line(words);
        self.remark(&format!("{}: {words}", if free { "left free" } else { "left out" }));
        let mut term = self.declare(key, name, sort);
        term.rests.insert(self.left.len());
        self.left.push(Left { words, free });
        self.declared.insert(key.to_owned(), term.clone());
        term
    }

    /// Whether this is the first time that a key is seen.
    pub(super) fn note(&mut self, key: &str) -> bool {
        self.noted.insert(key.to_owned())
    }

    /// A name for a term, if it is worth one.
    pub(super) fn define(&mut self, name: &str, sort: Sort, term: Term) -> Term {
        if !term.is_worth_a_name() {
            return term;
        }
        let name = self.fresh(name);
        self.lines.push(format!("(define-fun {name} () {} {})", sort.name(), term.text));
        Term { text: name, rests: term.rests }
    }

    /// Takes something for granted.
    pub(super) fn assert(&mut self, term: &Term) {
        if !term.is(true) {
            self.lines.push(format!("(assert {})", term.text));
        }
    }

    /// A value as a term; none for what is no single value.
    pub(super) fn value(&mut self, value: &Value) -> Option<(Sort, Term)> {
        Some(match value {
            Value::YesNo(yes) => (Sort::Bool, Term::truth(*yes)),
            Value::Number(number) => (Sort::Real, Term::number(*number)),
            Value::Date(date) => (Sort::Int, Term::date(*date)),
            Value::Text(_) | Value::Country(_) | Value::Symbol(_) | Value::Code(_) => {
                (Sort::Int, self.named(value))
            }
            Value::Outcome(_) | Value::Record(_) | Value::List(_) | Value::Set(_) => return None,
        })
    }

    /// The number of something named, under its name.
    fn named(&mut self, value: &Value) -> Term {
        if let Some(known) = self.values.get(value) {
            return known.clone();
        }
        let (kind, name, words) = match value {
            Value::Country(country) => ("country", country.to_string(), country.name().to_owned()),
            Value::Symbol(name) => ("symbol", name.to_string(), String::new()),
            Value::Code(Code::None) => ("code", "none".to_owned(), "no entry".to_owned()),
            Value::Code(Code::Entry(name)) => ("code", name.to_string(), String::new()),
            Value::Text(text) => ("text", String::new(), format!("\"{text}\"")),
            _ => ("value", String::new(), String::new()),
        };
        let number = self.numbers.entry(kind.to_owned()).or_insert(0);
        *number = number.saturating_add(1);
        let number = *number;
        let name = if name.is_empty() { number.to_string() } else { name };
        let name = self.fresh(&format!("{kind}.{name}"));
        let words = one_line(&words);
        let comment = if words.is_empty() { words } else { format!(" ; {words}") };
        self.lines.push(format!("(define-fun {name} () Int {number}){comment}"));
        let term = Term::new(name);
        self.values.insert(value.clone(), term.clone());
        term
    }

    /// Takes for granted that a term is one of the values of its type.
    pub(super) fn limit(&mut self, term: &Term, values: &BTreeSet<Value>) {
        let one = self.one_of(term, values.iter());
        self.assert(&one);
    }

    /// Takes for granted that a term is a day of the calendar.
    pub(super) fn limit_to_days(&mut self, term: &Term, first: Date, last: Date) {
        let within = days_between(term, first, last);
        self.assert(&within);
    }

    /// Whether a term is one of some values. Larger sets have a name.
    pub(super) fn one_of<'v>(
        &mut self,
        term: &Term,
        values: impl Iterator<Item = &'v Value>,
    ) -> Term {
        let values: Vec<Value> = values.cloned().collect();
        let same = |sheet: &mut Self, term: &Term| {
            let found: Vec<Term> =
                values.iter().filter_map(|value| sheet.value(value)).map(|(_, one)| one).collect();
            Term::any(found.into_iter().map(|one| term.equal(&one)))
        };
        let is_named = |value: &Value| !matches!(value, Value::Number(_) | Value::Date(_));
        if values.len() <= 3 || !values.iter().all(is_named) {
            return same(self, term);
        }
        if !self.sets.contains_key(&values) {
            let body = same(self, &Term::new("x"));
            let name = self.fresh("one.of");
            self.lines.push(format!("(define-fun {name} ((x Int)) Bool {})", body.text));
            self.sets.insert(values.clone(), name);
        }
        self.sets.get(&values).map_or(Term::truth(false), |name| Term::apply(name, &[term]))
    }
}

/// Whether a term is one of these days.
pub(super) fn days_between(term: &Term, first: Date, last: Date) -> Term {
    Term::apply("<=", &[&Term::date(first), term, &Term::date(last)])
}
