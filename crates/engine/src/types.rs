use exeat_hir::{Hir, Ty};

/// A type in plain words with its article, as "a quantity in TPP".
pub(crate) fn type_words(hir: &Hir, ty: &Ty) -> String {
    let named =
        |before: &str, name: Option<String>| format!("{before} `{}`", name.unwrap_or_default());
    match ty {
        Ty::YesNo => "yes or no".to_owned(),
        Ty::Quantity(unit) if unit.dimension.is_none() => "a plain number".to_owned(),
        Ty::Quantity(unit) => format!("a quantity in {}", unit.text),
        Ty::Date => "a date".to_owned(),
        Ty::Text => "a text".to_owned(),
        Ty::Country => "a country".to_owned(),
        Ty::Enum(id) => named("a value of", hir.enums.get(*id).map(|item| item.name.to_string())),
        Ty::Code(id) => {
            named("a code of", hir.code_lists.get(*id).map(|item| item.name.to_string()))
        }
        Ty::Outcome(id) => {
            named("an outcome of", hir.scales.get(*id).map(|item| item.name.to_string()))
        }
        Ty::Record(id) => {
            named("a record of", hir.records.get(*id).map(|item| item.name.to_string()))
        }
        Ty::List(inner) => format!("a list, each element being {}", type_words(hir, inner)),
        Ty::Set(inner) => format!("a set, each member being {}", type_words(hir, inner)),
        Ty::Error => "a choice of a reading".to_owned(),
    }
}
