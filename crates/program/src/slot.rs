//! What is given from outside, taken apart: a slot for each fact and each field of one, down to what is
//! no record.

use exeat_hir::{FactId, Facts, Hir, Ty};
use exeat_model::Value;

/// A fact, or a field of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The fact.
    pub fact: FactId,
    /// The fields from it on, by their places.
    pub fields: Vec<usize>,
    /// The type of what stands there; never a record.
    pub ty: Ty,
    /// Its path in words, as `consignee.country`.
    pub path: String,
}

/// How deep records may stand in one another. Checked programs have no record in itself.
const DEEPEST: usize = 32;

/// All slots of a program, in the order of its facts and their fields.
pub(crate) fn slots(hir: &Hir) -> Vec<Slot> {
    let mut found = Vec::new();
    for (id, fact) in hir.facts.iter() {
        take_apart(hir, id, &fact.ty, fact.name.to_string(), &mut Vec::new(), &mut found);
    }
    found
}

fn take_apart(
    hir: &Hir,
    fact: FactId,
    ty: &Ty,
    path: String,
    fields: &mut Vec<usize>,
    found: &mut Vec<Slot>,
) {
    let record = match ty {
        Ty::Record(record) if fields.len() < DEEPEST => hir.records.get(*record),
        _ => None,
    };
    let Some(record) = record else {
        found.push(Slot { fact, fields: fields.clone(), ty: ty.clone(), path });
        return;
    };
    for (at, field) in record.fields.iter().enumerate() {
        fields.push(at);
        take_apart(hir, fact, &field.ty, format!("{path}.{}", field.name), fields, found);
        fields.pop();
    }
}

impl Slot {
    /// What facts say of it; `None` if it is unknown.
    pub fn value<'f>(&self, facts: &'f Facts) -> Option<&'f Value> {
        let mut value = facts.get(self.fact)?;
        for field in &self.fields {
            let Value::Record(record) = value else { return None };
            value = record.fields.get(*field)?.as_ref()?;
        }
        Some(value)
    }
}
