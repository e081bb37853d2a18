//! Functions of jurisdictions that are not called twice for the same: they are pure, and a search asks for the
//! same figures thousands of times.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use exeat_hir::{FunctionId, Functions, Hir};
use exeat_model::{FunctionFailure, Value};

/// How many results are kept; then it is begun anew.
const MOST: usize = 1 << 16;

/// Functions with the results that they gave. They are those of one program.
pub(crate) struct Remembering<'f> {
    functions: &'f dyn Functions,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    count: usize,
    results: BTreeMap<FunctionId, BTreeMap<Vec<Value>, Result<Value, FunctionFailure>>>,
}

impl<'f> Remembering<'f> {
    pub(crate) fn new(functions: &'f dyn Functions) -> Self {
        Self { functions, known: Mutex::default() }
    }
}

impl Remembering<'_> {
    /// What is known is whole whatever happened to whom else looks at it: an entry is put in or is not.
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Functions for Remembering<'_> {
    fn call(
        &self,
        hir: &Hir,
        function: FunctionId,
        arguments: &[Value],
    ) -> Result<Value, FunctionFailure> {
        let known = self.known();
        if let Some(result) = known.results.get(&function).and_then(|some| some.get(arguments)) {
            return result.clone();
        }
        drop(known);
        let result = self.functions.call(hir, function, arguments);
        let mut known = self.known();
        if known.count >= MOST {
            *known = Known::default();
        }
        known.count = known.count.saturating_add(1);
        known.results.entry(function).or_default().insert(arguments.to_vec(), result.clone());
        result
    }
}
