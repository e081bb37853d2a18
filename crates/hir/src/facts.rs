//! The facts that are known, how parts of them are made known or unknown, and the functions that may
//! be asked of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use exeat_model::{FunctionFailure, Record, Value};

use crate::{FactId, FunctionId, Hir, RecordId, Ty};

/// The facts that are known. What is not in it is unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    values: BTreeMap<FactId, Value>,
}

impl Facts {
    /// Makes a fact known.
    pub fn set(&mut self, fact: FactId, value: Value) {
        self.values.insert(fact, value);
    }

    /// Makes a field of a fact known; other fields stay as they are.
    pub fn set_path(&mut self, hir: &Hir, fact: FactId, path: &[usize], value: Value) {
        let ty = hir.facts.get(fact).map(|fact| &fact.ty);
        let before = self.values.remove(&fact);
        if let Some(after) = replace(hir, ty, before, path, Some(value)) {
            self.values.insert(fact, after);
        }
    }

    /// Makes a fact or a field of it unknown.
    pub fn remove_path(&mut self, hir: &Hir, fact: FactId, path: &[usize]) {
        let ty = hir.facts.get(fact).map(|fact| &fact.ty);
        if let Some(before) = self.values.remove(&fact)
            && let Some(after) = replace(hir, ty, Some(before), path, None)
        {
            self.values.insert(fact, after);
        }
    }

    /// A fact's value.
    pub fn get(&self, fact: FactId) -> Option<&Value> {
        self.values.get(&fact)
    }

    /// All known facts.
    pub fn iter(&self) -> impl Iterator<Item = (FactId, &Value)> {
        self.values.iter().map(|(fact, value)| (*fact, value))
    }
}

/// A value with one part of it replaced; `None` as the part makes it unknown.
fn replace(
    hir: &Hir,
    ty: Option<&Ty>,
    before: Option<Value>,
    path: &[usize],
    value: Option<Value>,
) -> Option<Value> {
    let Some((field, rest)) = path.split_first() else { return value };
    let Some(Ty::Record(record)) = ty else { return before };
    let mut fields = match before {
        Some(Value::Record(record)) => record.fields.clone(),
        // Of what is unknown, every part is unknown already.
        None if value.is_none() => return None,
        _ => blank_record(hir, *record).fields,
    };
    let field_ty = hir
        .records
        .get(*record)
        .and_then(|record| record.fields.get(*field))
        .map(|field| &field.ty);
    if let Some(slot) = fields.get_mut(*field) {
        *slot = replace(hir, field_ty, slot.take(), rest, value);
    }
    Some(Value::Record(Arc::new(Record { fields })))
}

/// A record of which nothing is known.
pub fn blank_record(hir: &Hir, record: RecordId) -> Record {
    Record { fields: vec![None; hir.records.get(record).map_or(0, |record| record.fields.len())] }
}

/// Calls the functions of jurisdictions. Quantities go in and come out in base units.
pub trait Functions: Sync {
    /// The result of a function.
    ///
    /// # Errors
    /// If the function gave no result.
    fn call(
        &self,
        hir: &Hir,
        function: FunctionId,
        arguments: &[Value],
    ) -> Result<Value, FunctionFailure>;
}

/// Functions of no jurisdiction: every call fails.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoFunctions;

impl Functions for NoFunctions {
    fn call(&self, _: &Hir, _: FunctionId, _: &[Value]) -> Result<Value, FunctionFailure> {
        Err(FunctionFailure { code: "E0819", message: "no jurisdiction is loaded".to_owned() })
    }
}
