//! The United States: vocabulary, code list, country groups, chip catalogue and functions for the
//! Export Administration Regulations. The rules themselves stand as text in `policies/us`.
//!
//! State of the data: 2026-09-24. Sources and their confidence are kept with each catalogue entry.

mod catalogue;
mod codes;
mod csv;
mod vocabulary;

use std::sync::Arc;

use exeat_model::{Date, FunctionFailure, JurisdictionDescription, Number, Provider, Value};

/// The jurisdiction `us`.
#[derive(Clone, Debug)]
pub struct UnitedStates {
    description: Arc<JurisdictionDescription>,
}

impl UnitedStates {
    /// The jurisdiction with all of its data.
    pub fn new() -> Self {
        let description = JurisdictionDescription {
            id: "us".into(),
            title: "United States: Export Administration Regulations".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            data_vintage: Date::constant(2026, 9, 24),
            digest: String::new(),
            enums: vocabulary::enums(),
            units: vocabulary::units(),
            scales: vocabulary::scales(),
            code_lists: vec![codes::eccn()],
            groups: vocabulary::groups(),
            catalogues: vec![catalogue::chips()],
            functions: vocabulary::functions(),
        };
        Self { description: Arc::new(description) }
    }
}

impl Default for UnitedStates {
    fn default() -> Self {
        Self::new()
    }
}

impl Provider for UnitedStates {
    fn description(&self) -> &Arc<JurisdictionDescription> {
        &self.description
    }

    fn call(&self, function: &str, arguments: &[Value]) -> Result<Value, FunctionFailure> {
        let failure = |message: String| FunctionFailure { code: "E0819", message };
        let [Value::Number(a), Value::Number(b)] = arguments else {
            return Err(failure(format!("`us.{function}` takes two quantities")));
        };
        let result = match function {
            "tpp" => a.checked_mul(*b),
            "performance_density" if *b == Number::ZERO => {
                return Err(failure(
                    "a performance density needs a die area above zero".to_owned(),
                ));
            }
            "performance_density" => a.checked_div(*b),
            _ => return Err(failure(format!("there is no function `us.{function}`"))),
        };
        result.map(Value::Number).map_err(|error| failure(error.to_string()))
    }
}
