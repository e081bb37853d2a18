use serde_json::Value;

use crate::Number;

/// The arguments of a call, in the order of the signature. The host has checked them against it;
/// the accessors check again, so that a function written against another signature says so.
#[derive(Clone, Debug)]
pub struct Arguments(Vec<Value>);

impl Arguments {
    /// Reads a JSON array.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        serde_json::from_str(text)
            .map(Self)
            .map_err(|_| "the arguments are not a JSON array".to_owned())
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// A number, or a quantity in the unit of the declared type.
    pub fn number(&self, at: usize) -> Result<Number, String> {
        self.text(at).ok().and_then(Number::parse).ok_or_else(|| wrong(at, "a number"))
    }

    /// `yes` or `no`.
    pub fn yes_no(&self, at: usize) -> Result<bool, String> {
        self.0.get(at).and_then(Value::as_bool).ok_or_else(|| wrong(at, "yes or no"))
    }

    /// Text; also the code of a country, a date, the name of an enumeration value, or a code.
    pub fn text(&self, at: usize) -> Result<&str, String> {
        self.0.get(at).and_then(Value::as_str).ok_or_else(|| wrong(at, "text"))
    }

    /// A list, whose elements are read like arguments.
    pub fn list(&self, at: usize) -> Result<Self, String> {
        let list = self.0.get(at).and_then(Value::as_array);
        list.map(|list| Self(list.clone())).ok_or_else(|| wrong(at, "a list"))
    }
}

fn wrong(at: usize, expected: &str) -> String {
    format!("argument {} is not {expected}", at.saturating_add(1))
}

/// What a function gives back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// `yes` or `no`.
    YesNo(bool),
    /// A number, or a quantity in the unit of the declared type.
    Number(Number),
    /// Text; also the code of a country, a date, the name of an enumeration value, or a code.
    Text(String),
    /// No entry of a code list.
    NoCode,
    /// A list.
    List(Vec<Answer>),
}

impl Answer {
    pub(crate) fn to_json(&self) -> Value {
        match self {
            Self::YesNo(value) => Value::Bool(*value),
            Self::Number(number) => Value::String(number.to_string()),
            Self::Text(text) => Value::String(text.clone()),
            Self::NoCode => Value::Null,
            Self::List(list) => list.iter().map(Self::to_json).collect(),
        }
    }
}
