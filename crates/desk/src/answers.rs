//! Answers as people give them, turned into the language: `poland`, `1`, `500`, `yes`.

use exeat_diagnostics::{did_you_mean, nearest_names};
use exeat_hir::Ty;
use exeat_model::{Country, Number, Provider as _, date_from_text};
use exeat_syntax::parse_expression;

use crate::desk::Desk;
use crate::reply::Row;
use crate::written;

/// How many choices are listed at most.
const MOST_CHOICES: usize = 60;

/// What can be chosen for a type: each with its text in the language. Nothing where it is no list.
pub(crate) fn choices(desk: &Desk, ty: &Ty) -> Vec<Row> {
    let hir = desk.session.hir();
    let row = |name: &str, title: &str| Row {
        name: name.to_owned(),
        title: title.to_owned(),
        detail: String::new(),
    };
    match ty {
        Ty::YesNo => vec![row("yes", ""), row("no", "")],
        Ty::Enum(id) => {
            let values = hir.enums.get(*id).map_or(&[][..], |found| &found.values);
            let titled = values.iter().map(|value| {
                let title = value.title.as_deref().unwrap_or_default();
                row(&value.name, title)
            });
            titled.collect()
        }
        Ty::Set(element) => choices(desk, element),
        Ty::Outcome(id) => {
            let outcomes = hir.scales.get(*id).map_or(&[][..], |scale| &scale.outcomes);
            outcomes
                .iter()
                .map(|one| row(&one.name, one.title.as_deref().unwrap_or_default()))
                .collect()
        }
        Ty::Record(_) => catalogue(desk, ty).into_iter().map(|(key, _)| row(&key, "")).collect(),
        _ => Vec::new(),
    }
}

/// The entries of a catalogue that gives values of a record type, each with the call that gives it.
pub(crate) fn catalogue(desk: &Desk, ty: &Ty) -> Vec<(String, String)> {
    for loaded in desk.session.jurisdictions() {
        let found = loaded.description();
        for catalogue in &found.catalogues {
            let call = |key: &str| {
                let key = written::quoted(key)?;
                Some(format!("{}.{}({key})", found.id, catalogue.name))
            };
            let Some(first) = catalogue.entries.first().and_then(|entry| call(&entry.key)) else {
                continue;
            };
            let parsed = parse_expression(first.as_str(), 0);
            if desk.session.checked().check_value(&parsed, ty).is_ok() {
                let entries = catalogue.entries.iter();
                return entries
                    .filter_map(|entry| Some((entry.key.to_string(), call(&entry.key)?)))
                    .take(MOST_CHOICES)
                    .collect();
            }
        }
    }
    Vec::new()
}

/// An answer in the language; or a sentence that says what is wrong with it.
pub(crate) fn in_language(desk: &Desk, ty: &Ty, answer: &str) -> Result<String, String> {
    let answer = answer.trim();
    match ty {
        Ty::YesNo => match answer.to_lowercase().as_str() {
            "y" | "yes" | "true" | "1" => Ok("yes".to_owned()),
            "n" | "no" | "false" | "2" => Ok("no".to_owned()),
            _ => Err("Answer yes or no.".to_owned()),
        },
        Ty::Quantity(unit) => {
            let plain = without_commas(answer);
            if Number::parse(&plain).is_none() {
                if answer.contains(|c: char| c.is_ascii_digit()) {
                    return Ok(answer.to_owned());
                }
                let unit = if unit.text.is_empty() {
                    String::new()
                } else {
                    format!(", in {}", unit.text)
                };
                return Err(format!("Answer with a number{unit}."));
            }
            Ok(if unit.text.is_empty() { plain } else { format!("{plain} {}", unit.text) })
        }
        Ty::Text => {
            if answer.starts_with('"') && answer.ends_with('"') && answer.len() > 1 {
                return Ok(answer.to_owned());
            }
            written::quoted(answer).ok_or_else(|| "This text has signs that cannot be kept.".into())
        }
        Ty::Country => country(answer).map(|found| found.code().to_owned()),
        Ty::Enum(_) | Ty::Outcome(_) => choice(&choices(desk, ty), answer),
        Ty::Record(_) => {
            if answer.starts_with('{') || answer.contains('(') {
                return Ok(answer.to_owned());
            }
            let entries = catalogue(desk, ty);
            let rows: Vec<Row> = entries
                .iter()
                .map(|(key, _)| Row { name: key.clone(), ..Row::default() })
                .collect();
            let chosen = choice(&rows, answer)?;
            let call = entries.into_iter().find(|(key, _)| *key == chosen);
            Ok(call.map_or(chosen, |(_, call)| call))
        }
        Ty::Set(element) => several(desk, element, answer, "{}", ("{ ", " }")),
        Ty::List(element) => several(desk, element, answer, "[]", ("[", "]")),
        Ty::Date => match date_from_text(answer) {
            Some(day) => Ok(day.to_string()),
            None => Err("Write year, month and day, as 2025-05-15.".to_owned()),
        },
        Ty::Code(_) | Ty::Error => Ok(answer.to_owned()),
    }
}

/// Several answers with commas between them; `none` is none.
fn several(
    desk: &Desk,
    element: &Ty,
    answer: &str,
    none: &str,
    (open, close): (&str, &str),
) -> Result<String, String> {
    if answer.starts_with(['{', '[']) || answer.contains('(') {
        return Ok(answer.to_owned());
    }
    if ["none", "no", "nothing", "0"].contains(&answer.to_lowercase().as_str()) {
        return Ok(none.to_owned());
    }
    let parts = answer.split(',').map(str::trim).filter(|part| !part.is_empty());
    let parts: Result<Vec<String>, String> =
        parts.map(|part| in_language(desk, element, part)).collect();
    Ok(format!("{open}{}{close}", parts?.join(", ")))
}

/// A choice by its number, its name, its title or something near to it.
fn choice(rows: &[Row], answer: &str) -> Result<String, String> {
    if let Ok(number) = answer.parse::<usize>()
        && let Some(row) = number.checked_sub(1).and_then(|at| rows.get(at))
    {
        return Ok(row.name.clone());
    }
    let folded = |text: &str| text.to_lowercase().replace([' ', '-'], "_");
    let wanted = folded(answer);
    if let Some(row) = rows.iter().find(|row| folded(&row.name) == wanted) {
        return Ok(row.name.clone());
    }
    let within: Vec<&Row> = rows
        .iter()
        .filter(|row| folded(&row.name).contains(&wanted) || folded(&row.title).contains(&wanted))
        .collect();
    match within.as_slice() {
        [row] if !wanted.is_empty() => return Ok(row.name.clone()),
        [] => {}
        several if several.len() <= 6 => {
            let names: Vec<&str> = several.iter().map(|row| row.name.as_str()).collect();
            return Err(format!("That could be {}.", names.join(", ")));
        }
        _ => {}
    }
    let names = rows.iter().map(|row| row.name.as_str());
    Err(match did_you_mean(answer, names) {
        Some(near) => format!("`{answer}` is not one of them. Did you mean `{near}`?"),
        None => format!("`{answer}` is not one of them; answer with a number or a name."),
    })
}

/// A country by its code, its name, a part of its name or a name near to it.
pub(crate) fn country(answer: &str) -> Result<Country, String> {
    let exact = Country::from_code(&answer.to_ascii_uppercase()).filter(|_| answer.len() < 4);
    if let Some(found) = exact.or_else(|| Country::from_name(answer)) {
        return Ok(found);
    }
    let wanted = answer.to_lowercase();
    let mut found: Vec<Country> = Country::names()
        .filter(|(name, _)| wanted.len() > 2 && name.to_lowercase().contains(&wanted))
        .map(|(_, country)| country)
        .collect();
    if found.is_empty() {
        let near = nearest_names(answer, Country::names().map(|(name, _)| name));
        found.extend(near.into_iter().filter_map(Country::from_name));
    }
    found.sort();
    found.dedup();
    let named = |country: &Country| format!("{} ({country})", country.name());
    match found.as_slice() {
        [one] if one.name().to_lowercase().contains(&wanted) => Ok(*one),
        [] => Err(format!("`{answer}` is no country; answer with a name or a code, as AE.")),
        several => {
            let guesses: Vec<String> = several.iter().take(6).map(named).collect();
            Err(format!("Did you mean {}?", guesses.join(" or ")))
        }
    }
}

/// `1,000` as `1000`; a comma elsewhere stays and is an error.
fn without_commas(text: &str) -> String {
    let groups: Vec<&str> = text.split(',').collect();
    let digits = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    let last = |part: &str| part.split('.').next().is_some_and(|whole| whole.len() == 3);
    match groups.as_slice() {
        [first, rest @ ..]
            if digits(first) && first.len() < 4 && rest.iter().all(|part| last(part)) =>
        {
            groups.concat()
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_known_by_what_people_call_it() {
        let code = |answer: &str| country(answer).map(|found| found.code().to_owned());
        assert_eq!(code("sg").as_deref(), Ok("SG"));
        assert_eq!(code("Singapore").as_deref(), Ok("SG"));
        assert_eq!(code("singap").as_deref(), Ok("SG"));
        let error = code("Singapour").unwrap_err();
        assert!(error.contains("Singapore (SG)"), "{error}");
        assert!(code("guinea").is_ok() || code("guinea").unwrap_err().contains("Guinea"));
        assert!(code("xyzzy").unwrap_err().contains("no country"));
    }

    #[test]
    fn thousands_may_be_set_apart() {
        assert_eq!(without_commas("1,000"), "1000");
        assert_eq!(without_commas("26,900,000.5"), "26900000.5");
        assert_eq!(without_commas("1,5"), "1,5");
        assert_eq!(without_commas("500"), "500");
    }

    #[test]
    fn a_choice_is_known_by_number_name_title_or_part() {
        let row = |name: &str, title: &str| Row {
            name: name.to_owned(),
            title: title.to_owned(),
            detail: String::new(),
        };
        let rows = [row("data_center", "use in a data centre"), row("consumer", "by consumers")];
        assert_eq!(choice(&rows, "2").as_deref(), Ok("consumer"));
        assert_eq!(choice(&rows, "Data Center").as_deref(), Ok("data_center"));
        assert_eq!(choice(&rows, "consum").as_deref(), Ok("consumer"));
        assert!(choice(&rows, "7").is_err());
        // By its title.
        assert_eq!(choice(&rows, "data centre").as_deref(), Ok("data_center"));
        assert!(choice(&rows, "data_centers").unwrap_err().contains("data_center"));
    }
}
