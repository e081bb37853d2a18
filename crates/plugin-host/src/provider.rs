use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use exeat_model::{FunctionFailure, JurisdictionDescription, Provider, Value};
use exeat_plugin_abi::{CallFunction, ReleaseFunction};

use crate::call::call;
use crate::descriptor::RawJurisdiction;

/// Where a jurisdiction comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It is part of the program.
    Linked,
    /// It was loaded from that file.
    File(PathBuf),
}

/// A jurisdiction that was read and checked; lives until the program ends.
pub struct LoadedJurisdiction {
    name: String,
    description: Arc<JurisdictionDescription>,
    functions: BTreeMap<String, CallFunction>,
    release: ReleaseFunction,
    origin: Origin,
}

impl LoadedJurisdiction {
    pub(crate) fn new(
        name: &str,
        description: Arc<JurisdictionDescription>,
        raw: RawJurisdiction,
        origin: Origin,
    ) -> Self {
        Self {
            name: name.to_owned(),
            description,
            functions: raw.functions.into_iter().collect(),
            release: raw.release,
            origin,
        }
    }

    /// Where it comes from.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }
}

impl fmt::Debug for LoadedJurisdiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoadedJurisdiction")
            .field("id", &self.description.id)
            .field("origin", &self.origin)
            .finish_non_exhaustive()
    }
}

impl Provider for LoadedJurisdiction {
    fn description(&self) -> &Arc<JurisdictionDescription> {
        &self.description
    }

    fn call(&self, function: &str, arguments: &[Value]) -> Result<Value, FunctionFailure> {
        call(&self.name, &self.description, &self.functions, self.release, function, arguments)
    }
}
