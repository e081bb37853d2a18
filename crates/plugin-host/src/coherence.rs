use std::collections::{BTreeMap, BTreeSet};

use exeat_model::{Effect, JurisdictionDescription, ScaleDescription, UnitDescription};

use crate::convert::Fault;
use crate::types::{Type, read_type};

/// Checks that the parts of a description fit together: names, units, scales, signatures.
pub(crate) fn check_coherence(description: &JurisdictionDescription) -> Result<(), Fault> {
    check_names(description)?;
    check_units(&description.units)?;
    description.scales.iter().try_for_each(|scale| {
        check_effects(scale)?;
        check_labels(scale, description)
    })?;
    for function in &description.functions {
        let parameters = function.parameters.iter().map(|parameter| parameter.ty.as_str());
        for ty in parameters.chain([function.result.as_str()]) {
            check_value_type(ty, description)
                .map_err(|fault| format!("the function `{}` {fault}", function.name))?;
        }
    }
    Ok(())
}

/// Rule files reach all of them as `id.name`, so no name may mean two things.
fn check_names(description: &JurisdictionDescription) -> Result<(), Fault> {
    let enums = description.enums.iter().map(|known| ("an enumeration", &known.name));
    let scales = description.scales.iter().map(|known| ("a scale", &known.name));
    let lists = description.code_lists.iter().map(|known| ("a code list", &known.name));
    let functions = description.functions.iter().map(|known| ("a function", &known.name));
    let mut kinds = BTreeMap::new();
    for (kind, name) in enums.chain(scales).chain(lists).chain(functions) {
        if let Some(other) = kinds.insert(name, kind) {
            return Err(format!("`{name}` names two things: {other} and {kind}"));
        }
    }
    Ok(())
}

/// A unit is made of units before it, so none is made of itself.
fn check_units(units: &[UnitDescription]) -> Result<(), Fault> {
    let mut before = BTreeSet::new();
    for unit in units {
        let definition = unit.definition.as_deref().unwrap_or_default();
        if let Some(unknown) = words(definition).find(|word| !before.contains(word)) {
            return Err(format!(
                "the unit `{}` is defined by `{unknown}`, which is not a unit that stands before it",
                unit.name
            ));
        }
        before.insert(unit.name.as_str());
    }
    Ok(())
}

/// Either every place says what it means for the shipment, in order of strictness, or none does.
fn check_effects(scale: &ScaleDescription) -> Result<(), Fault> {
    let effects: Vec<Effect> = scale.outcomes.iter().filter_map(|place| place.effect).collect();
    if !effects.is_empty() && effects.len() != scale.outcomes.len() {
        return Err(format!(
            "some outcomes of the scale `{}` have an effect, and some have none",
            scale.name
        ));
    }
    if !effects.is_sorted() {
        return Err(format!(
            "the outcomes of the scale `{}` are not in order of strictness by their effects",
            scale.name
        ));
    }
    Ok(())
}

fn check_labels(
    scale: &ScaleDescription,
    description: &JurisdictionDescription,
) -> Result<(), Fault> {
    for outcome in &scale.outcomes {
        if let Some(labels) = &outcome.labels
            && !description.enums.iter().any(|known| known.name == *labels)
        {
            return Err(format!(
                "the outcome `{}` is labelled with the enumeration `{labels}`, which it does not have",
                outcome.name
            ));
        }
    }
    Ok(())
}

/// The types whose values can cross the interface.
fn check_value_type(ty: &str, description: &JurisdictionDescription) -> Result<(), Fault> {
    match read_type(ty, description) {
        Type::List(element) => check_value_type(element, description),
        Type::Other => {
            let known = |word: &&str| description.units.iter().any(|unit| unit.name == **word);
            if ty.trim() == "number" || (words(ty).next().is_some() && words(ty).all(|w| known(&w)))
            {
                Ok(())
            } else {
                Err(format!(
                    "uses the type `{ty}`, which is neither `number`, `yes_no`, `date`, `country`, `text`, a list of these, nor made of its own units, enumerations and code lists"
                ))
            }
        }
        Type::YesNo | Type::Date | Type::Country | Type::Text | Type::Symbol(_) | Type::Code(_) => {
            Ok(())
        }
    }
}

/// The names in a product of units, as `TPP` and `mm2` in `TPP/mm2`; numbers are left out.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|word| word.starts_with(|c: char| c.is_ascii_alphabetic()))
}
