//! Terms of SMT-LIB, kept simple: what is settled is folded away.

use std::collections::BTreeSet;

use exeat_model::{Date, Number};

/// The sorts that are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// Yes or no.
    Bool,
    /// Dates as days, and all that is named: countries, codes, symbols.
    Int,
    /// Numbers and quantities in base units.
    Real,
}

impl Sort {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Bool => "Bool",
            Self::Int => "Int",
            Self::Real => "Real",
        }
    }
}

/// A term, with what it rests on that has no exact form.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Term {
    pub(super) text: String,
    /// The numbers of what is left free in it.
    pub(super) rests: BTreeSet<usize>,
}

impl Term {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), rests: BTreeSet::new() }
    }

    pub(super) fn truth(truth: bool) -> Self {
        Self::new(if truth { "true" } else { "false" })
    }

    pub(super) fn is(&self, truth: bool) -> bool {
        self.text == if truth { "true" } else { "false" }
    }

    /// Whether it is a number written out.
    pub(super) fn is_literal(&self) -> bool {
        !self.text.bytes().any(|byte| byte.is_ascii_alphabetic() || byte == b'|')
    }

    /// Whether it is more than a name or a number.
    pub(super) fn is_worth_a_name(&self) -> bool {
        self.text.starts_with('(') && !self.is_literal()
    }

    /// A whole number.
    pub(super) fn integer(whole: i128) -> Self {
        if whole < 0 {
            Self::new(format!("(- {})", whole.unsigned_abs()))
        } else {
            Self::new(whole.to_string())
        }
    }

    /// An exact number, as a real one.
    pub(super) fn number(number: Number) -> Self {
        let size = number.numerator().unsigned_abs();
        let size = if number.is_integer() {
            format!("{size}.0")
        } else {
            format!("(/ {size}.0 {}.0)", number.denominator())
        };
        Self::new(if number.is_negative() { format!("(- {size})") } else { size })
    }

    /// A date, as the days since 1970-01-01.
    pub(super) fn date(date: Date) -> Self {
        let first = Date::constant(1970, 1, 1);
        Self::integer(date.since(first).map_or(0, |span| i128::from(span.get_days())))
    }

    /// An operator with what it is applied to.
    pub(super) fn apply(operator: &str, parts: &[&Self]) -> Self {
        let mut text = format!("({operator}");
        let mut rests = BTreeSet::new();
        for part in parts {
            text.push(' ');
            text.push_str(&part.text);
            rests.extend(&part.rests);
        }
        text.push(')');
        Self { text, rests }
    }

    pub(super) fn equal(&self, other: &Self) -> Self {
        if self.text == other.text {
            return Self::truth(true);
        }
        Self::apply("=", &[self, other])
    }

    pub(super) fn negated(&self) -> Self {
        if self.is(true) || self.is(false) {
            return Self::truth(self.is(false));
        }
        match self.text.strip_prefix("(not ").and_then(|rest| rest.strip_suffix(')')) {
            Some(inner) => Self { text: inner.to_owned(), rests: self.rests.clone() },
            None => Self::apply("not", &[self]),
        }
    }

    pub(super) fn and(&self, other: &Self) -> Self {
        Self::all([self.clone(), other.clone()])
    }

    pub(super) fn or(&self, other: &Self) -> Self {
        Self::any([self.clone(), other.clone()])
    }

    pub(super) fn without(&self, other: &Self) -> Self {
        self.and(&other.negated())
    }

    pub(super) fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        Self::joined("and", true, parts)
    }

    pub(super) fn any(parts: impl IntoIterator<Item = Self>) -> Self {
        Self::joined("or", false, parts)
    }

    /// Parts joined; `neutral` ones are left out, and one of the contrary settles it.
    fn joined(operator: &str, neutral: bool, parts: impl IntoIterator<Item = Self>) -> Self {
        let mut kept: Vec<Self> = Vec::new();
        for part in parts {
            if part.is(!neutral) {
                return part;
            }
            if !part.is(neutral) && !kept.contains(&part) {
                kept.push(part);
            }
        }
        match kept.as_slice() {
            [] => Self::truth(neutral),
            [one] => one.clone(),
            several => Self::apply(operator, &several.iter().collect::<Vec<_>>()),
        }
    }

    /// The second where the first is so, else the third.
    pub(super) fn choose(test: &Self, then: &Self, otherwise: &Self) -> Self {
        if test.is(true) || then.text == otherwise.text {
            return then.clone();
        }
        if test.is(false) {
            return otherwise.clone();
        }
        if then.is(true) {
            return test.or(otherwise);
        }
        if then.is(false) {
            return otherwise.without(test);
        }
        if otherwise.is(false) {
            return test.and(then);
        }
        Self::apply("ite", &[test, then, otherwise])
    }
}

/// A name as a symbol of SMT-LIB, in bars if it has to be.
pub(super) fn symbol(name: &str) -> String {
    let simple = |byte: u8| byte.is_ascii_alphanumeric() || b"~!@$%^&*_-+=<>.?/".contains(&byte);
    if name.bytes().all(simple) && !name.starts_with(|first: char| first.is_ascii_digit()) {
        return name.to_owned();
    }
    format!("|{}|", name.replace(['|', '\\'], "_"))
}

/// Words as they may stand in a comment.
pub(super) fn one_line(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}
