//! Values as text that can be read again: of the language, and of a facts file.

use std::fmt::Write as _;

use exeat_hir::{Hir, Ty};
use exeat_model::{Code, Number, Value};

/// A value as the language writes it; nothing if a part of it cannot be written.
pub(crate) fn language(hir: &Hir, value: &Value, ty: &Ty) -> Option<String> {
    Some(match (value, ty) {
        (Value::YesNo(true), _) => "yes".to_owned(),
        (Value::YesNo(false), _) => "no".to_owned(),
        (Value::Number(number), Ty::Quantity(unit)) => {
            let in_unit = number.checked_div(unit.factor).ok()?;
            let (digits, whole) = digits(in_unit);
            match (unit.text.is_empty(), whole) {
                (true, _) => digits,
                (false, true) => format!("{digits} {}", unit.text),
                // A quotient of two numbers, the first of them with the unit.
                (false, false) => {
                    let (numerator, denominator) = digits.split_once(" / ")?;
                    format!("{numerator} {} / {denominator}", unit.text)
                }
            }
        }
        (Value::Number(number), _) => digits(*number).0,
        (Value::Date(date), _) => date.to_string(),
        (Value::Text(text), _) => quoted(text)?,
        (Value::Country(country), _) => country.to_string(),
        (Value::Symbol(name), _) => name.to_string(),
        (Value::Code(Code::None), _) => "none".to_owned(),
        (Value::Code(Code::Entry(code)), _) => code.to_string(),
        (Value::Outcome(outcome), _) if outcome.labels.is_empty() => outcome.name.to_string(),
        (Value::Outcome(outcome), _) => {
            let labels: Vec<&str> = outcome.labels.iter().map(AsRef::<str>::as_ref).collect();
            format!("{} ({})", outcome.name, labels.join(" or "))
        }
        (Value::Record(record), Ty::Record(id)) => {
            let declared = &hir.records.get(*id)?.fields;
            let mut fields = Vec::new();
            for (field, value) in declared.iter().zip(&record.fields) {
                if let Some(value) = value {
                    fields.push(format!("{} = {}", field.name, language(hir, value, &field.ty)?));
                }
            }
            // Braces with nothing in them are an empty set.
            if fields.is_empty() {
                return None;
            }
            format!("{{ {} }}", fields.join(", "))
        }
        (Value::List(items), Ty::List(element)) => {
            let items: Option<Vec<String>> =
                items.iter().map(|item| language(hir, item, element)).collect();
            format!("[{}]", items?.join(", "))
        }
        (Value::Set(items), Ty::Set(element)) => {
            let items: Option<Vec<String>> =
                items.iter().map(|item| language(hir, item, element)).collect();
            let items = items?;
            if items.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", items.join(", ")) }
        }
        (Value::Record(_) | Value::List(_) | Value::Set(_), _) => return None,
    })
}

/// A number exactly, and whether it is one literal: else it is a quotient.
fn digits(number: Number) -> (String, bool) {
    const PLACES: u32 = 18;
    let (text, exact) = number.to_decimal(PLACES);
    if exact {
        (text, true)
    } else {
        (format!("{} / {}", number.numerator(), number.denominator()), false)
    }
}

/// A text in quotation marks; nothing if it has signs that cannot be written.
pub(crate) fn quoted(text: &str) -> Option<String> {
    if text.chars().any(|c| c.is_control() && c != '\n') {
        return None;
    }
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    Some(format!("\"{escaped}\""))
}

/// A value as a facts file in TOML writes it.
pub(crate) fn toml(hir: &Hir, value: &Value, ty: &Ty) -> Option<String> {
    Some(match (value, ty) {
        (Value::YesNo(yes), _) => yes.to_string(),
        (Value::Date(date), _) => date.to_string(),
        (Value::Text(text), _) => toml_text(text),
        (Value::Country(country), _) => toml_text(country.code()),
        (Value::Number(number), Ty::Quantity(unit)) if unit.dimension.is_none() => {
            let (text, whole) = digits(number.checked_div(unit.factor).ok()?);
            if whole { text } else { toml_text(&text) }
        }
        (Value::Record(record), Ty::Record(id)) => {
            let declared = &hir.records.get(*id)?.fields;
            let mut fields = Vec::new();
            for (field, value) in declared.iter().zip(&record.fields) {
                if let Some(value) = value {
                    fields.push(format!("{} = {}", field.name, toml(hir, value, &field.ty)?));
                }
            }
            if fields.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", fields.join(", ")) }
        }
        (Value::List(items), Ty::List(element)) => {
            let items: Option<Vec<String>> =
                items.iter().map(|item| toml(hir, item, element)).collect();
            format!("[{}]", items?.join(", "))
        }
        (Value::Set(items), Ty::Set(element)) => {
            let items: Option<Vec<String>> =
                items.iter().map(|item| toml(hir, item, element)).collect();
            format!("[{}]", items?.join(", "))
        }
        _ => toml_text(&language(hir, value, ty)?),
    })
}

/// A text as TOML writes it, with every sign that needs it escaped.
pub(crate) fn toml_text(text: &str) -> String {
    if text.contains('"') && !text.contains('\'') && !text.chars().any(char::is_control) {
        return format!("'{text}'");
    }
    let mut written = String::from("\"");
    for sign in text.chars() {
        match sign {
            '"' => written.push_str("\\\""),
            '\\' => written.push_str("\\\\"),
            '\n' => written.push_str("\\n"),
            '\t' => written.push_str("\\t"),
            sign if sign.is_control() => {
                let _ = write!(written, "\\u{:04X}", u32::from(sign));
            }
            sign => written.push(sign),
        }
    }
    written.push('"');
    written
}
