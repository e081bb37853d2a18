//! Values in the words of the language, for people to read.

use exeat_hir::{Hir, Possible, Ty};
use exeat_model::{Code, Number, UnitExpression, Value};

/// A value as people read it: `36_000 TPP`, `license_exception (ACM or LPP)`, `2025-05-15`.
pub fn describe_value(hir: &Hir, value: &Value, ty: &Ty) -> String {
    match (value, ty) {
        (Value::YesNo(true), _) => "yes".to_owned(),
        (Value::YesNo(false), _) => "no".to_owned(),
        (Value::Number(number), Ty::Quantity(unit)) => describe_number(*number, unit),
        (Value::Number(number), _) => describe_number(*number, &UnitExpression::none()),
        (Value::Date(date), _) => date.to_string(),
        (Value::Text(text), _) => format!("\"{text}\""),
        (Value::Country(country), _) => country.to_string(),
        (Value::Symbol(name), _) => name.to_string(),
        (Value::Code(Code::None), _) => "none".to_owned(),
        (Value::Code(Code::Entry(code)), _) => code.to_string(),
        (Value::Outcome(outcome), _) if outcome.labels.is_empty() => outcome.name.to_string(),
        (Value::Outcome(outcome), _) => {
            let labels: Vec<&str> = outcome.labels.iter().map(smol_str::SmolStr::as_str).collect();
            format!("{} ({})", outcome.name, labels.join(" or "))
        }
        (Value::Record(record), Ty::Record(id)) => {
            let fields = hir.records.get(*id).map_or(&[][..], |record| record.fields.as_slice());
            let mut shown: Vec<String> = fields
                .iter()
                .zip(&record.fields)
                .filter_map(|(field, value)| {
                    Some(format!(
                        "{} = {}",
                        field.name,
                        describe_value(hir, value.as_ref()?, &field.ty)
                    ))
                })
                .collect();
            if shown.len() < fields.len() {
                shown.push("…".to_owned());
            }
            if shown.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", shown.join(", ")) }
        }
        (Value::Record(_), _) => "{ … }".to_owned(),
        (Value::List(items), ty) => {
            let element = match ty {
                Ty::List(element) => element.as_ref(),
                other => other,
            };
            let items: Vec<String> =
                items.iter().map(|item| describe_value(hir, item, element)).collect();
            format!("[{}]", items.join(", "))
        }
        (Value::Set(items), ty) => {
            let element = match ty {
                Ty::Set(element) => element.as_ref(),
                other => other,
            };
            let items: Vec<String> =
                items.iter().map(|item| describe_value(hir, item, element)).collect();
            if items.is_empty() {
                "nothing".to_owned()
            } else {
                format!("{{ {} }}", items.join(", "))
            }
        }
    }
}

/// A number in a unit, thousands grouped from five digits on; cut off after six places, with `…`.
pub fn describe_number(number: Number, unit: &UnitExpression) -> String {
    let in_unit = number.checked_div(unit.factor).unwrap_or(number);
    let (text, exact) = in_unit.to_decimal(6);
    let (whole, fraction) = text
        .split_once('.')
        .map_or((text.as_str(), None), |(whole, fraction)| (whole, Some(fraction)));
    let mut shown = grouped(whole);
    if let Some(fraction) = fraction {
        shown.push('.');
        shown.push_str(fraction);
    }
    if !exact {
        shown.push('…');
    }
    if !unit.text.is_empty() {
        shown.push(' ');
        shown.push_str(&unit.text);
    }
    shown
}

fn grouped(digits: &str) -> String {
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |digits| ("-", digits));
    if digits.len() < 5 {
        return format!("{sign}{digits}");
    }
    let mut shown = String::from(sign);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && digits.len().saturating_sub(at).checked_rem(3) == Some(0) {
            shown.push('_');
        }
        shown.push(digit);
    }
    shown
}

/// A possible outcome in words.
pub fn describe_possible(hir: &Hir, possible: &Possible, ty: &Ty) -> String {
    match possible {
        Possible::NotNeeded => "not needed".to_owned(),
        Possible::Value(value) => describe_value(hir, value, ty),
        Possible::Conflict => "a conflict".to_owned(),
        Possible::NotModelled => "not modelled".to_owned(),
        Possible::Error => "an error".to_owned(),
    }
}
