use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use exeat_diagnostics::codes;
use exeat_model::{
    CatalogueDescription, CatalogueEntry, CodeEntry, CodeListDescription, Country, Date, Effect,
    EnumDescription, EnumValue, FieldDescription, FunctionDescription, GroupDescription,
    GroupMember, Interval, JurisdictionDescription, Number, OutcomeDescription,
    ParameterDescription, PlainValue, ScaleDescription, UnitDescription, date_from_text,
};
use exeat_plugin_abi::DESCRIPTION_SCHEMA;
use exeat_plugin_sdk as document;
use smol_str::SmolStr;

use crate::PluginError;
use crate::coherence::check_coherence;
use crate::descriptor::RawJurisdiction;
use crate::types::{Type, read_type};

/// What is wrong with a description, in words that go on "the description of `…` …".
pub(crate) type Fault = String;

/// Checks a description and makes the domain's own of it.
pub(crate) fn convert(
    name: &str,
    raw: &RawJurisdiction,
    digest: String,
) -> Result<JurisdictionDescription, PluginError> {
    let invalid = |fault: Fault| {
        PluginError::new(
            codes::PLUGIN_DESCRIPTION_INVALID,
            format!("the description of the library `{name}` cannot be used: {fault}"),
            "This has to be mended in the library. Ask its author for a library that works.",
        )
    };
    let document: document::Document = serde_json::from_str(&raw.description).map_err(|error| {
        invalid(format!("it is not a document of schema `{DESCRIPTION_SCHEMA}` ({error})"))
    })?;
    description(raw, document, digest).map_err(invalid)
}

fn description(
    raw: &RawJurisdiction,
    document: document::Document,
    digest: String,
) -> Result<JurisdictionDescription, Fault> {
    if document.schema != DESCRIPTION_SCHEMA {
        return Err(format!(
            "its schema is `{}`, but this program reads `{DESCRIPTION_SCHEMA}`",
            document.schema
        ));
    }
    check_name("the id", &raw.id)?;
    for (what, text) in [("title", &raw.title), ("version", &raw.version)] {
        if text.trim().is_empty() {
            return Err(format!("its {what} is empty"));
        }
    }
    let mut result = JurisdictionDescription {
        id: SmolStr::new(&raw.id),
        title: raw.title.clone(),
        version: raw.version.clone(),
        data_vintage: day("the data vintage", &raw.data_vintage)?,
        digest,
        enums: all(document.enums, enumeration)?,
        units: all(document.units, unit)?,
        scales: all(document.scales, scale)?,
        code_lists: all(document.code_lists, code_list)?,
        groups: all(document.groups, group)?,
        catalogues: Vec::new(),
        functions: all(document.functions, function)?,
    };
    unique("enumeration", result.enums.iter().map(|known| known.name.as_str()))?;
    unique("unit", result.units.iter().map(|known| known.name.as_str()))?;
    unique("scale", result.scales.iter().map(|known| known.name.as_str()))?;
    unique("code list", result.code_lists.iter().map(|known| known.name.as_str()))?;
    unique("group", result.groups.iter().map(|known| known.name.as_str()))?;
    unique("function", result.functions.iter().map(|known| known.name.as_str()))?;
    check_coherence(&result)?;
    check_functions(&result, raw)?;
    let catalogues = document
        .catalogues
        .into_iter()
        .map(|known| catalogue(&result, known))
        .collect::<Result<Vec<_>, _>>()?;
    unique("catalogue", catalogues.iter().map(|known| known.name.as_str()))?;
    result.catalogues = catalogues;
    Ok(result)
}

fn all<A, B>(list: Vec<A>, each: impl Fn(A) -> Result<B, Fault>) -> Result<Vec<B>, Fault> {
    list.into_iter().map(each).collect()
}

fn enumeration(known: document::Enumeration) -> Result<EnumDescription, Fault> {
    check_name("the enumeration", &known.name)?;
    unique(
        &format!("value of the enumeration `{}`", known.name),
        known.values.iter().map(|value| value.name.as_str()),
    )?;
    let value = |value: document::NamedValue| {
        check_word("the enumeration value", &value.name)?;
        Ok(EnumValue { name: value.name.into(), title: value.title })
    };
    Ok(EnumDescription {
        name: known.name.into(),
        title: known.title,
        values: all(known.values, value)?,
    })
}

fn unit(known: document::Unit) -> Result<UnitDescription, Fault> {
    check_word("the unit", &known.name)?;
    Ok(UnitDescription {
        name: known.name.into(),
        title: known.title,
        definition: known.definition,
    })
}

fn scale(known: document::Scale) -> Result<ScaleDescription, Fault> {
    check_name("the scale", &known.name)?;
    unique(
        &format!("outcome of the scale `{}`", known.name),
        known.outcomes.iter().map(|outcome| outcome.name.as_str()),
    )?;
    if known.outcomes.is_empty() {
        return Err(format!("the scale `{}` has no outcomes", known.name));
    }
    let outcome = |outcome: document::OutcomePlace| {
        check_name("the outcome", &outcome.name)?;
        let effect = outcome.effect.map(|effect| {
            Effect::from_name(&effect).ok_or_else(|| {
                format!("the outcome `{}` has the unknown effect `{effect}`", outcome.name)
            })
        });
        Ok(OutcomeDescription {
            name: outcome.name.into(),
            title: outcome.title,
            effect: effect.transpose()?,
            labels: outcome.labels.map(SmolStr::from),
        })
    };
    Ok(ScaleDescription {
        name: known.name.into(),
        title: known.title,
        outcomes: all(known.outcomes, outcome)?,
    })
}

fn code_list(known: document::CodeList) -> Result<CodeListDescription, Fault> {
    check_name("the code list", &known.name)?;
    let list = known.name.clone();
    unique(
        &format!("code of the list `{list}`"),
        known.entries.iter().map(|entry| entry.code.as_str()),
    )?;
    let parents: BTreeMap<&str, Option<&str>> =
        known.entries.iter().map(|entry| (entry.code.as_str(), entry.parent.as_deref())).collect();
    for entry in &known.entries {
        for other in entry.parent.iter().chain(&entry.meets) {
            if !parents.contains_key(other.as_str()) {
                return Err(format!(
                    "`{}` of the code list `{list}` refers to `{other}`, which the list does not have",
                    entry.code
                ));
            }
        }
        check_chain(&list, &entry.code, &parents)?;
    }
    let entry = |entry: document::CodeEntry| {
        let what = format!("the code `{}`", entry.code);
        if entry.code.trim().is_empty() {
            return Err(format!("the code list `{list}` has an empty code"));
        }
        Ok(CodeEntry {
            interval: interval(&what, entry.from.as_deref(), entry.until.as_deref())?,
            code: entry.code.into(),
            title: entry.title,
            parent: entry.parent.map(SmolStr::from),
            meets: entry.meets.into_iter().map(SmolStr::from).collect(),
        })
    };
    Ok(CodeListDescription {
        name: known.name.into(),
        title: known.title,
        entries: all(known.entries, entry)?,
    })
}

/// No code is a part of itself, however far up.
fn check_chain(
    list: &str,
    code: &str,
    parents: &BTreeMap<&str, Option<&str>>,
) -> Result<(), Fault> {
    let mut current = code;
    for _ in 0..=parents.len() {
        match parents.get(current).copied().flatten() {
            Some(parent) => current = parent,
            None => return Ok(()),
        }
    }
    Err(format!("`{code}` of the code list `{list}` is a part of itself"))
}

fn group(known: document::Group) -> Result<GroupDescription, Fault> {
    let name = known.name.clone();
    if name.trim().is_empty() {
        return Err("a group of countries has no name".to_owned());
    }
    let member = |member: document::Member| {
        let country = Country::from_code(&member.country).ok_or_else(|| {
            format!("the group `{name}` has the unknown country `{}`", member.country)
        })?;
        let what = format!("the membership of `{country}` in `{name}`");
        Ok(GroupMember {
            country,
            interval: interval(&what, member.from.as_deref(), member.until.as_deref())?,
            cite: member.cite,
        })
    };
    let members = all(known.members, member)?;
    for (at, member) in members.iter().enumerate() {
        let again = members.iter().skip(at.saturating_add(1)).any(|other| {
            other.country == member.country && other.interval.overlaps(&member.interval)
        });
        if again {
            return Err(format!(
                "the group `{name}` has `{}` twice for the same days",
                member.country
            ));
        }
    }
    Ok(GroupDescription { name: known.name.into(), title: known.title, cite: known.cite, members })
}

fn function(known: document::Function) -> Result<FunctionDescription, Fault> {
    check_name("the function", &known.name)?;
    unique(
        &format!("parameter of the function `{}`", known.name),
        known.parameters.iter().map(|parameter| parameter.name.as_str()),
    )?;
    let parameter = |parameter: document::Field| {
        check_name("the parameter", &parameter.name)?;
        Ok(ParameterDescription { name: parameter.name.into(), ty: parameter.ty })
    };
    Ok(FunctionDescription {
        name: known.name.into(),
        title: known.title,
        cite: known.cite,
        parameters: all(known.parameters, parameter)?,
        result: known.result,
    })
}

/// Every signature has its function, and every function its signature.
fn check_functions(result: &JurisdictionDescription, raw: &RawJurisdiction) -> Result<(), Fault> {
    unique("exported function", raw.functions.iter().map(|(name, _)| name.as_str()))?;
    let described: BTreeSet<&str> = result.functions.iter().map(|f| f.name.as_str()).collect();
    let exported: BTreeSet<&str> = raw.functions.iter().map(|(name, _)| name.as_str()).collect();
    if let Some(name) = described.difference(&exported).next() {
        return Err(format!(
            "it describes the function `{name}`, but the library has none of that name"
        ));
    }
    if let Some(name) = exported.difference(&described).next() {
        return Err(format!("the library has a function `{name}` that it does not describe"));
    }
    Ok(())
}

fn catalogue(
    result: &JurisdictionDescription,
    known: document::Catalogue,
) -> Result<CatalogueDescription, Fault> {
    check_name("the catalogue", &known.name)?;
    let name = known.name;
    unique(
        &format!("field of the catalogue `{name}`"),
        known.fields.iter().map(|f| f.name.as_str()),
    )?;
    unique(
        &format!("entry of the catalogue `{name}`"),
        known.entries.iter().map(|e| e.key.as_str()),
    )?;
    let field = |field: document::Field| {
        check_name("the field", &field.name)?;
        check_type(&field.name, &field.ty)?;
        Ok(FieldDescription { name: field.name.into(), ty: field.ty })
    };
    let fields = all(known.fields, field)?;
    let entry = |mut entry: document::Entry| {
        let key = entry.key;
        // In the order of the declaration, whatever the order in the document.
        let mut given = Vec::new();
        for field in &fields {
            if let Some(value) = entry.fields.remove(field.name.as_str()) {
                let value = plain(result, &field.ty, value).map_err(|fault| {
                    format!("`{}` of `{key}` in the catalogue `{name}` {fault}", field.name)
                })?;
                given.push((field.name.clone(), value));
            }
        }
        match entry.fields.into_keys().next() {
            Some(unknown) => Err(format!(
                "`{key}` in the catalogue `{name}` gives `{unknown}`, which the catalogue does not declare"
            )),
            None => Ok(CatalogueEntry { key: key.into(), fields: given, source: entry.source }),
        }
    };
    let entries = all(known.entries, entry)?;
    Ok(CatalogueDescription { name: SmolStr::new(&name), title: known.title, fields, entries })
}

/// A value of a catalogue, checked as far as its type is known here; records are declared in rule
/// files, and checked there.
fn plain(
    result: &JurisdictionDescription,
    ty: &str,
    value: document::PlainValue,
) -> Result<PlainValue, Fault> {
    use document::PlainValue as Given;
    match (read_type(ty, result), value) {
        (Type::YesNo, Given::YesNo(value)) => Ok(PlainValue::YesNo(value)),
        (Type::Text, Given::Text(text)) => Ok(PlainValue::Text(text.into())),
        (Type::Date, Given::Text(text)) if date_from_text(&text).is_some() => {
            Ok(PlainValue::Text(text.into()))
        }
        (Type::Country, Given::Text(text)) if Country::from_code(&text).is_some() => {
            Ok(PlainValue::Text(text.into()))
        }
        (Type::Symbol(list), Given::Text(text)) if list.values.iter().any(|v| v.name == text) => {
            Ok(PlainValue::Text(text.into()))
        }
        (Type::Code(list), Given::Text(text)) if list.entries.iter().any(|e| e.code == text) => {
            Ok(PlainValue::Text(text.into()))
        }
        (Type::List(element), Given::List(list)) => list
            .into_iter()
            .map(|value| plain(result, element, value))
            .collect::<Result<_, _>>()
            .map(PlainValue::List),
        (Type::Other, value @ (Given::Number(_) | Given::Record(_))) => untyped(value),
        _ => Err(format!("is not of its declared type `{ty}`")),
    }
}

fn untyped(value: document::PlainValue) -> Result<PlainValue, Fault> {
    use document::PlainValue as Given;
    Ok(match value {
        Given::YesNo(value) => PlainValue::YesNo(value),
        Given::Text(text) => PlainValue::Text(text.into()),
        Given::Number(text) => PlainValue::Number(
            Number::parse(&text).ok_or_else(|| format!("is `{text}`, which is not a number"))?,
        ),
        Given::List(list) => {
            PlainValue::List(list.into_iter().map(untyped).collect::<Result<_, _>>()?)
        }
        Given::Record(fields) => PlainValue::Record(
            fields
                .into_iter()
                .map(|(name, value)| Ok((name.into(), untyped(value)?)))
                .collect::<Result<_, Fault>>()?,
        ),
    })
}

fn interval(what: &str, from: Option<&str>, until: Option<&str>) -> Result<Interval, Fault> {
    let interval = Interval {
        from: from.map(|text| day(what, text)).transpose()?,
        until: until.map(|text| day(what, text)).transpose()?,
    };
    if interval.is_empty() {
        return Err(format!("{what} ends before it begins"));
    }
    Ok(interval)
}

fn day(what: &str, text: &str) -> Result<Date, Fault> {
    date_from_text(text)
        .ok_or_else(|| format!("{what} has `{text}`, which is not a date like 2026-09-24"))
}

/// A name as rule files write names: `[a-z][a-z0-9_]*`.
fn check_name(what: &str, name: &str) -> Result<(), Fault> {
    let begins = name.starts_with(|c: char| c.is_ascii_lowercase());
    let goes_on = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if begins && goes_on {
        Ok(())
    } else {
        Err(format!(
            "{what} is `{name}`; such a name has lower-case letters, digits and `_`, and begins with a letter"
        ))
    }
}

/// A name that may have capitals: units and enumeration values.
fn check_word(what: &str, name: &str) -> Result<(), Fault> {
    let begins = name.starts_with(|c: char| c.is_ascii_alphabetic());
    if begins && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        Ok(())
    } else {
        Err(format!(
            "{what} is `{name}`; such a name has letters, digits and `_`, and begins with a letter"
        ))
    }
}

fn check_type(name: &str, ty: &str) -> Result<(), Fault> {
    if ty.trim().is_empty() { Err(format!("`{name}` has no type")) } else { Ok(()) }
}

fn unique<'a>(
    what: &str,
    names: impl Iterator<Item = &'a (impl Display + Ord + ?Sized + 'a)>,
) -> Result<(), Fault> {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            return Err(format!("there are two of the {what} `{name}`"));
        }
    }
    Ok(())
}
