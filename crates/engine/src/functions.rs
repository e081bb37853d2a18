use std::collections::BTreeMap;
use std::sync::Arc;

use exeat_eval::Functions;
use exeat_hir::{FunctionId, Hir, Ty};
use exeat_model::{FunctionFailure, Number, NumberError, Provider, Value};
use exeat_plugin_host::LoadedJurisdiction;
use smol_str::SmolStr;

/// The functions of the loaded jurisdictions. The interpreter speaks in base units, a jurisdiction
/// in the units of its declared types; the change between them is made here and is exact.
#[derive(Clone, Debug, Default)]
pub(crate) struct LoadedFunctions {
    providers: BTreeMap<SmolStr, Arc<LoadedJurisdiction>>,
}

impl LoadedFunctions {
    pub(crate) fn new(jurisdictions: &[Arc<LoadedJurisdiction>]) -> Self {
        let providers = jurisdictions
            .iter()
            .map(|loaded| (loaded.description().id.clone(), Arc::clone(loaded)))
            .collect();
        Self { providers }
    }
}

impl Functions for LoadedFunctions {
    fn call(
        &self,
        hir: &Hir,
        function: FunctionId,
        arguments: &[Value],
    ) -> Result<Value, FunctionFailure> {
        let signature = hir
            .functions
            .get(function)
            .ok_or_else(|| failure("there is no such function".to_owned()))?;
        let shown = format!("{}.{}", signature.jurisdiction, signature.name);
        let provider = self
            .providers
            .get(&signature.jurisdiction)
            .ok_or_else(|| failure(format!("the jurisdiction of `{shown}` is not loaded")))?;
        let too_large = |error: NumberError| failure(format!("`{shown}` gives no result: {error}"));
        let arguments = arguments
            .iter()
            .zip(&signature.parameters)
            .map(|(argument, (_, ty))| converted(argument, ty, Number::checked_div))
            .collect::<Result<Vec<_>, _>>()
            .map_err(too_large)?;
        let result = provider.call(&signature.name, &arguments)?;
        converted(&result, &signature.result, Number::checked_mul).map_err(too_large)
    }
}

fn converted(
    value: &Value,
    ty: &Ty,
    change: fn(Number, Number) -> Result<Number, NumberError>,
) -> Result<Value, NumberError> {
    Ok(match (value, ty) {
        (Value::Number(number), Ty::Quantity(unit)) => Value::Number(change(*number, unit.factor)?),
        (Value::List(items), Ty::List(element)) => Value::List(Arc::new(
            items.iter().map(|item| converted(item, element, change)).collect::<Result<_, _>>()?,
        )),
        _ => value.clone(),
    })
}

fn failure(message: String) -> FunctionFailure {
    FunctionFailure { code: "E0819", message }
}
