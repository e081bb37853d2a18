use exeat_model::{CodeListDescription, EnumDescription, JurisdictionDescription};

/// A type that is written as text, as far as values of it look different at the interface.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Type<'a> {
    YesNo,
    Date,
    Country,
    Text,
    Symbol(&'a EnumDescription),
    Code(&'a CodeListDescription),
    /// A list, with the type of its elements as text.
    List(&'a str),
    /// A number or a quantity; in a catalogue also a record of rule files.
    Other,
}

/// Reads a type. Names of the jurisdiction's own lists may be written with its id, as `us.eccn`.
pub(crate) fn read_type<'a>(text: &'a str, description: &'a JurisdictionDescription) -> Type<'a> {
    let text = text.trim();
    match text {
        "yes_no" => return Type::YesNo,
        "date" => return Type::Date,
        "country" => return Type::Country,
        "text" => return Type::Text,
        _ => {}
    }
    if let Some(element) = text.strip_prefix("list of ") {
        return Type::List(element);
    }
    let own = text
        .strip_prefix(description.id.as_str())
        .and_then(|rest| rest.strip_prefix('.'))
        .unwrap_or(text);
    if let Some(found) = description.enums.iter().find(|known| known.name == own) {
        return Type::Symbol(found);
    }
    if let Some(found) = description.code_lists.iter().find(|known| known.name == own) {
        return Type::Code(found);
    }
    Type::Other
}
