//! Are two values the same? Records and lists are compared in depth, and where a field that could
//! tell is unknown, so is the answer.

use exeat_hir::{Hir, Ty};
use exeat_model::{Truth, Value};

use crate::codes;
use crate::expression::field_of;
use crate::machine::{Found, Origin, Unknown};

/// Whether two values of one type are the same, and what has to be known to say so.
pub(crate) fn equal(hir: &Hir, left: &Found, right: &Found, ty: &Ty) -> (Truth, Unknown) {
    let pairs: Vec<(Truth, Unknown)> = match (&left.value, &right.value) {
        (Value::Record(a), Value::Record(b)) => (0..a.fields.len().max(b.fields.len()))
            .map(|at| match (field_of(hir, left, ty, at), field_of(hir, right, ty, at)) {
                (Ok(left), Ok(right)) => equal(hir, &left, &right, &field_type(hir, ty, at)),
                (Err(mut why), Err(other)) => {
                    why.join(other);
                    (Truth::Unknown, why)
                }
                (Err(why), _) | (_, Err(why)) => (Truth::Unknown, why),
            })
            .collect(),
        (Value::List(a), Value::List(b)) if a.len() == b.len() => {
            let element = match ty {
                Ty::List(element) => element.as_ref(),
                other => other,
            };
            a.iter()
                .zip(b.iter())
                .enumerate()
                .map(|(at, (a, b))| {
                    let left = Found { value: a.clone(), origin: element_origin(left, at) };
                    let right = Found { value: b.clone(), origin: element_origin(right, at) };
                    equal(hir, &left, &right, element)
                })
                .collect()
        }
        (Value::Code(_), Value::Code(_)) => return codes::same(hir, left, right, ty),
        (a, b) => return (Truth::from(a == b), Unknown::default()),
    };
    let truth = pairs.iter().map(|(truth, _)| *truth).fold(Truth::True, Truth::and);
    let mut unknown = Unknown::default();
    if truth == Truth::Unknown {
        for (_, why) in pairs {
            unknown.join(why);
        }
    }
    (truth, unknown)
}

/// Where an element of a list came from; elements are numbered from 1.
pub(crate) fn element_origin(list: &Found, at: usize) -> Origin {
    match (&list.origin.path, list.origin.parts.get(at)) {
        (Some(path), _) => Origin::at(format!("{path}[{}]", at.saturating_add(1))),
        (None, Some(Ok(origin))) => origin.clone(),
        (None, _) => Origin::default(),
    }
}

fn field_type(hir: &Hir, ty: &Ty, at: usize) -> Ty {
    let Ty::Record(record) = ty else { return Ty::Error };
    let field = hir.records.get(*record).and_then(|record| record.fields.get(at));
    field.map_or(Ty::Error, |field| field.ty.clone())
}
