//! An example as a scenario, ready to be put beside the rules.

use std::fmt::Write as _;

use exeat_eval::describe_value;
use exeat_hir::{Determination, Hir, Ty};
use exeat_model::{Number, UnitExpression, Value};

use super::{Example, Finding};

/// Of so many digits below the line, a number is written as a decimal.
const MOST_PLACES: u32 = 20;

impl Finding {
    /// The example as a scenario that passes now, if it shows what decisions come to. Not yet laid out.
    pub fn scenario(&self, hir: &Hir) -> Option<String> {
        let example = self.example.as_ref().filter(|example| !example.outcomes.is_empty())?;
        let title = format!("{}: {}", self.kind.code(), self.subject.name(hir).replace('`', ""));
        let decisions: Vec<_> = match self.decision {
            Some(decision) => vec![decision],
            None => example.outcomes.iter().map(|(id, _)| *id).collect(),
        };
        let text = example.scenario(hir, &title, &decisions);
        text.contains("\n    expect ").then_some(text)
    }
}

impl Example {
    /// The example as a scenario with the outcomes of some decisions. Not yet laid out.
    pub fn scenario(&self, hir: &Hir, title: &str, decisions: &[exeat_hir::DecisionId]) -> String {
        // Writing to a string cannot fail.
        let mut text = String::new();
        let _ = writeln!(text, "scenario \"{title}\" {{\n    as of {}", self.as_of);
        for (id, choice) in &self.readings {
            let Some(reading) = hir.readings.get(*id) else { continue };
            if let Some(choice) = reading.choices.get(*choice) {
                let _ = writeln!(text, "    reading {}.{}", reading.name, choice.name);
            }
        }
        for (at, (path, value, ty)) in self.facts.iter().enumerate() {
            let word = if at == 0 { "given" } else { "     " };
            let _ = writeln!(text, "    {word} {path} = {}", written(hir, value, ty));
        }
        for (id, determination) in &self.outcomes {
            let Some(decision) = hir.decisions.get(*id).filter(|_| decisions.contains(id)) else {
                continue;
            };
            let name = &decision.name;
            let _ = match determination {
                Determination::Value(value) => {
                    let value = expected(hir, value, &decision.ty);
                    writeln!(text, "    expect {name} is {value}")
                }
                Determination::NotNeeded => writeln!(text, "    expect {name} is not needed"),
                Determination::Undetermined(why) if !why.conflict.is_empty() => {
                    writeln!(text, "    expect {name} is undetermined (conflict)")
                }
                Determination::Undetermined(why)
                    if !why.not_modelled.is_empty() && why.possible.len() == 1 =>
                {
                    writeln!(text, "    expect {name} is undetermined (not modelled)")
                }
                Determination::Undetermined(_) => continue,
            };
        }
        text.push_str("}\n");
        text
    }
}

fn expected(hir: &Hir, value: &Value, ty: &Ty) -> String {
    match value {
        Value::Set(elements) if elements.is_empty() => "nothing".to_owned(),
        Value::Outcome(outcome) if !outcome.labels.is_empty() => {
            let labels: Vec<&str> = outcome.labels.iter().map(smol_str::SmolStr::as_str).collect();
            format!("{} ({})", outcome.name, labels.join(", "))
        }
        other => written(hir, other, ty),
    }
}

/// A value as an expression of the language; exact, where showing it may cut it off.
fn written(hir: &Hir, value: &Value, ty: &Ty) -> String {
    match (value, ty) {
        (Value::Number(number), Ty::Quantity(unit)) => number_in(*number, unit),
        (Value::Number(number), _) => number_in(*number, &UnitExpression::none()),
        (Value::Text(text), _) => {
            format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
        }
        (Value::Record(record), Ty::Record(id)) => {
            let fields = hir.records.get(*id).map_or(&[][..], |record| record.fields.as_slice());
            let known: Vec<String> = fields
                .iter()
                .zip(&record.fields)
                .filter_map(|(field, value)| {
                    Some(format!("{} = {}", field.name, written(hir, value.as_ref()?, &field.ty)))
                })
                .collect();
            format!("{{ {} }}", known.join(", "))
        }
        (Value::List(items), Ty::List(element)) => {
            let items: Vec<String> = items.iter().map(|item| written(hir, item, element)).collect();
            format!("[{}]", items.join(", "))
        }
        (Value::Set(items), Ty::Set(element)) => {
            let items: Vec<String> = items.iter().map(|item| written(hir, item, element)).collect();
            format!("{{ {} }}", items.join(", "))
        }
        _ => describe_value(hir, value, ty),
    }
}

fn number_in(number: Number, unit: &UnitExpression) -> String {
    let shown = number.checked_div(unit.factor).unwrap_or(number);
    let unit = if unit.text.is_empty() { String::new() } else { format!(" {}", unit.text) };
    let (text, exact) = shown.to_decimal(MOST_PLACES);
    if exact {
        return format!("{text}{unit}");
    }
    format!("{}{unit} / {}", shown.numerator(), shown.denominator())
}
