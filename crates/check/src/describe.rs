//! Types in plain words, for messages.

use exeat_hir::{Hir, Ty};

/// A type with its article, as "a quantity in TPP".
pub(crate) fn describe(hir: &Hir, ty: &Ty) -> String {
    match ty {
        Ty::YesNo => "a condition (yes or no)".to_owned(),
        Ty::Quantity(unit) if unit.dimension.is_none() => "a plain number".to_owned(),
        Ty::Quantity(unit) => format!("a quantity in {}", unit.text),
        Ty::Date => "a date".to_owned(),
        Ty::Text => "a text".to_owned(),
        Ty::Country => "a country".to_owned(),
        Ty::Enum(_) | Ty::Code(_) | Ty::Outcome(_) | Ty::Record(_) => {
            let (one, _, name) = named(hir, ty);
            format!("{one} `{name}`")
        }
        Ty::List(inner) => format!("a list of {}", plural(hir, inner)),
        Ty::Set(inner) => format!("a set of {}", plural(hir, inner)),
        Ty::Error => "something unknown".to_owned(),
    }
}

/// How one and several of a declared type are called, and its name.
fn named<'h>(hir: &'h Hir, ty: &Ty) -> (&'static str, &'static str, &'h str) {
    match ty {
        Ty::Enum(id) => {
            let name = hir.enums.get(*id).map_or("", |item| item.name.as_str());
            ("a value of", "values of", name)
        }
        Ty::Code(id) => {
            let name = hir.code_lists.get(*id).map_or("", |item| item.name.as_str());
            ("a code of", "codes of", name)
        }
        Ty::Outcome(id) => {
            let name = hir.scales.get(*id).map_or("", |item| item.name.as_str());
            ("an outcome of", "outcomes of", name)
        }
        Ty::Record(id) => {
            let name = hir.records.get(*id).map_or("", |item| item.name.as_str());
            ("a record", "records", name)
        }
        _ => ("", "", ""),
    }
}

fn plural(hir: &Hir, ty: &Ty) -> String {
    match ty {
        Ty::YesNo => "conditions".to_owned(),
        Ty::Quantity(unit) if unit.dimension.is_none() => "plain numbers".to_owned(),
        Ty::Quantity(unit) => format!("quantities in {}", unit.text),
        Ty::Date => "dates".to_owned(),
        Ty::Text => "texts".to_owned(),
        Ty::Country => "countries".to_owned(),
        Ty::Enum(_) | Ty::Code(_) | Ty::Outcome(_) | Ty::Record(_) => {
            let (_, several, name) = named(hir, ty);
            format!("{several} `{name}`")
        }
        Ty::List(inner) => format!("lists of {}", plural(hir, inner)),
        Ty::Set(inner) => format!("sets of {}", plural(hir, inner)),
        Ty::Error => "something unknown".to_owned(),
    }
}
