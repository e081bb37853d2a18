#![expect(unsafe_code, reason = "a function of a library is called through its C pointer")]

use std::collections::BTreeMap;
use std::slice;
use std::sync::Arc;

use exeat_diagnostics::{Code as ProblemCode, codes};
use exeat_model::{
    Code, Country, FunctionDescription, FunctionFailure, JurisdictionDescription, Number, Value,
    date_from_text,
};
use exeat_plugin_abi::{
    Buffer, CallFunction, LONGEST_TEXT, ReleaseFunction, STATUS_BAD_ARGUMENTS, STATUS_FAILED,
    STATUS_OK, STATUS_PANICKED, Text,
};
use serde_json::Value as Json;

use crate::types::{Type, read_type};

/// Calls a function: checks the arguments against its signature, and the result too.
pub(crate) fn call(
    library: &str,
    description: &JurisdictionDescription,
    functions: &BTreeMap<String, CallFunction>,
    release: ReleaseFunction,
    function: &str,
    arguments: &[Value],
) -> Result<Value, FunctionFailure> {
    let signature = description.functions.iter().find(|known| known.name == function);
    let (Some(signature), Some(code)) = (signature, functions.get(function)) else {
        return Err(failure(
            codes::PLUGIN_SIGNATURE_VIOLATED,
            format!("`{}` has no function `{function}`", description.id),
        ));
    };
    let arguments = write_arguments(description, signature, arguments)?;
    let (status, answer) = call_library(*code, release, &arguments);
    let shown = format!("{}.{function}", description.id);
    let answer = answer
        .map_err(|fault| violated(&shown, library, &format!("gave an answer that {fault}")))?;
    match status {
        STATUS_OK => read_answer(description, signature, &answer)
            .map_err(|fault| violated(&shown, library, &fault)),
        STATUS_FAILED => Err(failure(
            codes::PLUGIN_FUNCTION_FAILED,
            format!("`{shown}` gives no result: {}", or_silent(&answer)),
        )),
        STATUS_PANICKED => Err(failure(
            codes::PLUGIN_PANICKED,
            format!("`{shown}` of the library `{library}` broke down: {}", or_silent(&answer)),
        )),
        STATUS_BAD_ARGUMENTS => Err(violated(
            &shown,
            library,
            &format!("refuses arguments that its own signature allows: {}", or_silent(&answer)),
        )),
        other => Err(violated(&shown, library, &format!("gave the unknown status {other}"))),
    }
}

fn or_silent(text: &str) -> &str {
    if text.is_empty() { "it does not say why" } else { text }
}

/// The raw call. The answer is copied out and its memory given back before anything is checked.
fn call_library(
    code: CallFunction,
    release: ReleaseFunction,
    arguments: &str,
) -> (u32, Result<String, String>) {
    let mut buffer = Buffer::EMPTY;
    // SAFETY: the text is lent for the call, and the buffer is a place for one buffer.
    let status = unsafe { code(Text::lend(arguments), &raw mut buffer) };
    if buffer.pointer.is_null() {
        let answer = if buffer.length == 0 {
            Ok(String::new())
        } else {
            Err("is a null pointer".to_owned())
        };
        return (status, answer);
    }
    if buffer.length > LONGEST_TEXT {
        // Its length cannot be trusted, so the buffer is not given back either.
        return (status, Err(format!("claims to be {} bytes long", buffer.length)));
    }
    // SAFETY: not null, and the library says that so many bytes are in use.
    let bytes = unsafe { slice::from_raw_parts(buffer.pointer, buffer.length) };
    let answer =
        std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| "is not UTF-8".to_owned());
    // SAFETY: the buffer came from this library and is given back once; `answer` is a copy.
    unsafe { release(buffer) };
    (status, answer)
}

fn write_arguments(
    description: &JurisdictionDescription,
    signature: &FunctionDescription,
    arguments: &[Value],
) -> Result<String, FunctionFailure> {
    let shown = format!("{}.{}", description.id, signature.name);
    if arguments.len() != signature.parameters.len() {
        return Err(failure(
            codes::PLUGIN_SIGNATURE_VIOLATED,
            format!(
                "`{shown}` takes {} arguments, but {} were given",
                signature.parameters.len(),
                arguments.len()
            ),
        ));
    }
    let written: Option<Vec<Json>> = signature
        .parameters
        .iter()
        .zip(arguments)
        .map(|(parameter, value)| to_json(description, &parameter.ty, value))
        .collect();
    match written {
        Some(written) => Ok(Json::Array(written).to_string()),
        None => Err(failure(
            codes::PLUGIN_SIGNATURE_VIOLATED,
            format!("`{shown}` was called with a value that is not of the declared type"),
        )),
    }
}

/// `None` if the value is not of the type.
fn to_json(description: &JurisdictionDescription, ty: &str, value: &Value) -> Option<Json> {
    Some(match (read_type(ty, description), value) {
        (Type::YesNo, Value::YesNo(value)) => Json::Bool(*value),
        (Type::Date, Value::Date(date)) => Json::String(date.to_string()),
        (Type::Country, Value::Country(country)) => Json::String(country.code().to_owned()),
        (Type::Text, Value::Text(text)) => Json::String(text.to_string()),
        (Type::Symbol(_), Value::Symbol(name)) => Json::String(name.to_string()),
        (Type::Code(_), Value::Code(Code::Entry(code))) => Json::String(code.to_string()),
        (Type::Code(_), Value::Code(Code::None)) => Json::Null,
        (Type::List(element), Value::List(list)) => Json::Array(
            list.iter().map(|value| to_json(description, element, value)).collect::<Option<_>>()?,
        ),
        (Type::Other, Value::Number(number)) => Json::String(exact_text(*number)),
        _ => return None,
    })
}

/// `158312/10` in lowest terms; without the stroke if it is whole.
fn exact_text(number: Number) -> String {
    if number.is_integer() {
        number.numerator().to_string()
    } else {
        format!("{}/{}", number.numerator(), number.denominator())
    }
}

fn read_answer(
    description: &JurisdictionDescription,
    signature: &FunctionDescription,
    answer: &str,
) -> Result<Value, String> {
    let json: Json = serde_json::from_str(answer)
        .map_err(|_| format!("gave `{}`, which is not JSON", shortened(answer)))?;
    from_json(description, &signature.result, &json).ok_or_else(|| {
        format!(
            "gave `{}`, which is not of its declared type `{}`",
            shortened(answer),
            signature.result
        )
    })
}

/// `None` if the value is not of the type.
fn from_json(description: &JurisdictionDescription, ty: &str, json: &Json) -> Option<Value> {
    Some(match (read_type(ty, description), json) {
        (Type::YesNo, Json::Bool(value)) => Value::YesNo(*value),
        (Type::Date, Json::String(text)) => Value::Date(date_from_text(text)?),
        (Type::Country, Json::String(text)) => Value::Country(Country::from_code(text)?),
        (Type::Text, Json::String(text)) => Value::Text(text.into()),
        (Type::Symbol(list), Json::String(text)) => {
            Value::Symbol(list.values.iter().find(|value| value.name == *text)?.name.clone())
        }
        (Type::Code(list), Json::String(text)) => Value::Code(Code::Entry(
            list.entries.iter().find(|entry| entry.code == *text)?.code.clone(),
        )),
        (Type::Code(_), Json::Null) => Value::Code(Code::None),
        (Type::List(element), Json::Array(list)) => Value::List(Arc::new(
            list.iter().map(|json| from_json(description, element, json)).collect::<Option<_>>()?,
        )),
        (Type::Other, Json::String(text)) => Value::Number(Number::parse(text)?),
        _ => return None,
    })
}

fn shortened(text: &str) -> String {
    const SHOWN: usize = 80;
    if text.chars().count() > SHOWN {
        text.chars().take(SHOWN).chain("…".chars()).collect()
    } else {
        text.to_owned()
    }
}

fn violated(shown: &str, library: &str, fault: &str) -> FunctionFailure {
    failure(
        codes::PLUGIN_SIGNATURE_VIOLATED,
        format!("`{shown}` of the library `{library}` {fault}"),
    )
}

fn failure(code: ProblemCode, message: String) -> FunctionFailure {
    FunctionFailure { code: code.0, message }
}
