//! Values and lists as a reader of the rules would write them.

use exeat_hir::{Hir, RuleId, Ty};
use exeat_model::{Code, Country, Number, UnitExpression, Value};

/// A value as it stands in rules: `36_000 TPP`, `export`, `3A090.a`, `2025-05-15`.
pub(super) fn shown(hir: &Hir, value: &Value, ty: &Ty) -> String {
    match value {
        Value::YesNo(true) => "yes".to_owned(),
        Value::YesNo(false) => "no".to_owned(),
        Value::Number(number) => match ty {
            Ty::Quantity(unit) => quantity(*number, unit),
            _ => quantity(*number, &UnitExpression::none()),
        },
        Value::Date(date) => date.to_string(),
        Value::Text(text) => format!("\"{text}\""),
        Value::Country(country) => country.to_string(),
        Value::Symbol(name) => name.to_string(),
        Value::Code(Code::None) => "none".to_owned(),
        Value::Code(Code::Entry(code)) => code.to_string(),
        Value::Outcome(outcome) if outcome.labels.is_empty() => outcome.name.to_string(),
        Value::Outcome(outcome) => {
            let labels: Vec<String> = outcome.labels.iter().map(ToString::to_string).collect();
            format!("{} ({})", outcome.name, listed(&labels, "or"))
        }
        Value::Record(_) => "a record".to_owned(),
        Value::List(items) => members(hir, items.iter(), ty),
        Value::Set(items) => members(hir, items.iter(), ty),
    }
}

/// A country with its name, for sentences about it.
pub(super) fn country(country: Country) -> String {
    format!("`{country}` ({})", country.name())
}

/// The name of a rule in backticks.
pub(super) fn rule(hir: &Hir, id: RuleId) -> String {
    hir.rules.get(id).map_or_else(String::new, |rule| format!("`{}`", rule.name))
}

/// `a, b and c`.
pub(super) fn listed(items: &[String], word: &str) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} {word} {last}", first.join(", ")),
    }
}

fn members<'v>(hir: &Hir, items: impl Iterator<Item = &'v Value>, ty: &Ty) -> String {
    let element = match ty {
        Ty::Set(element) | Ty::List(element) => element.as_ref(),
        other => other,
    };
    let items: Vec<String> = items.map(|item| shown(hir, item, element)).collect();
    format!("{{ {} }}", items.join(", "))
}

/// Digits grouped from five on, so that a threshold can be read.
fn quantity(number: Number, unit: &UnitExpression) -> String {
    let in_unit = number.checked_div(unit.factor).unwrap_or(number);
    let text = in_unit.to_string();
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, format!(".{fraction}")),
        None => (text.as_str(), String::new()),
    };
    let digits = whole.trim_start_matches('-');
    let mut shown = if whole.starts_with('-') { "-".to_owned() } else { String::new() };
    let grouped = digits.len() >= 5 && digits.chars().all(|digit| digit.is_ascii_digit());
    for (at, digit) in digits.chars().enumerate() {
        if grouped && at > 0 && digits.len().saturating_sub(at).checked_rem(3) == Some(0) {
            shown.push('_');
        }
        shown.push(digit);
    }
    shown.push_str(&fraction);
    if !unit.text.is_empty() {
        shown.push(' ');
        shown.push_str(&unit.text);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::test_support::{number, tpp};

    #[test]
    fn quantities_are_shown_as_rules_write_them() {
        let hir = Hir::default();
        assert_eq!(shown(&hir, &number("26900000"), &tpp()), "26_900_000 TPP");
        assert_eq!(shown(&hir, &number("4800.5"), &tpp()), "4800.5 TPP");
        assert_eq!(shown(&hir, &number("-12345"), &Ty::number()), "-12_345");
    }

    #[test]
    fn lists_end_with_a_word() {
        let items = ["a", "b", "c"].map(str::to_owned);
        assert_eq!(listed(&items, "and"), "a, b and c");
        assert_eq!(listed(&items[..1], "and"), "a");
    }
}
