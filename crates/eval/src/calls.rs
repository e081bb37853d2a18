//! What is called by name: defines, tables, and functions of jurisdictions.
//!
//! A define is its piece in force on the day; a table is the value of its one row that matches. On a
//! day without a piece, and for keys without a row, the value is unknown with an error.

use exeat_hir::{
    Define, DefineId, DefinePiece, Expr, FunctionId, LocalId, TableId, TablePattern, Ty,
};
use exeat_model::{Code, Truth, Value};

use crate::equality::equal;
use crate::expression::{is_place, value};
use crate::lists::restore;
use crate::machine::{Found, Machine, Outcome, Unknown, note, unknown_record};
use crate::{codes, sets};

/// The value of a define with its arguments.
pub(crate) fn define(machine: &mut Machine<'_>, define: DefineId, arguments: &[Expr]) -> Outcome {
    let compute = |machine: &mut Machine<'_>| {
        within_define(machine, define, arguments, |machine, piece| value(machine, &piece.body))
    };
    if !arguments.is_empty() {
        return compute(machine);
    }
    match machine.remembered(|machine| &machine.defined, define) {
        Some(outcome) => outcome,
        None => machine.remember(|machine| &mut machine.defined, define, compute),
    }
}

/// Does something with the piece of a define that is in force, its parameters bound.
pub(crate) fn within_define<T>(
    machine: &mut Machine<'_>,
    define: DefineId,
    arguments: &[Expr],
    work: impl FnOnce(&mut Machine<'_>, &DefinePiece) -> Result<T, Unknown>,
) -> Result<T, Unknown> {
    let hir = machine.hir;
    let Some(define) = hir.defines.get(define) else {
        return Err(Unknown::error("a define is missing"));
    };
    let piece = piece_in_force(machine, define)?;
    let bound = bind(machine, define, arguments);
    let result = work(machine, piece);
    unbind(machine, bound);
    result
}

/// The piece of a define that is in force on the day.
pub(crate) fn piece_in_force<'h>(
    machine: &Machine<'_>,
    define: &'h Define,
) -> Result<&'h DefinePiece, Unknown> {
    let day = machine.request.as_of;
    define
        .pieces
        .iter()
        .find(|piece| piece.interval.contains(day))
        .ok_or_else(|| Unknown::error(format!("`{}` has no value on {day}", define.name)))
}

type Bound = Vec<(LocalId, Option<Outcome>)>;

/// Binds parameters to arguments, unknown ones too: a define means the same as its text with the
/// arguments put in. An argument that is a record of which nothing is known is bound as such, so that
/// its fields are asked for singly.
fn bind(machine: &mut Machine<'_>, define: &Define, arguments: &[Expr]) -> Bound {
    let mut found = Vec::new();
    for (parameter, argument) in define.parameters.iter().zip(arguments) {
        let bound = match (value(machine, argument), &parameter.ty) {
            (Err(why), Ty::Record(record))
                if is_place(machine, argument) && why.errors.is_empty() =>
            {
                Ok(unknown_record(machine.hir, *record, why))
            }
            (outcome, _) => outcome,
        };
        found.push((parameter.local, bound));
    }
    found.into_iter().map(|(local, value)| (local, machine.locals.insert(local, value))).collect()
}

fn unbind(machine: &mut Machine<'_>, bound: Bound) {
    for (local, before) in bound.into_iter().rev() {
        restore(machine, local, before);
    }
}

/// The result of a function; all its arguments have to be known.
pub(crate) fn function(
    machine: &mut Machine<'_>,
    function: FunctionId,
    arguments: &[Expr],
) -> Outcome {
    let mut values = Vec::with_capacity(arguments.len());
    let mut unknown = None;
    for argument in arguments {
        match value(machine, argument) {
            Ok(found) => values.push(found.value),
            Err(why) => note(&mut unknown, why),
        }
    }
    if let Some(why) = unknown {
        return Err(why);
    }
    let result = machine.functions.call(machine.hir, function, &values);
    result.map(Found::plain).map_err(|failure| Unknown::error(failure.message))
}

/// The value of a table for its keys. A row that certainly matches is the only one that does; where
/// none does and some may, the value is unknown.
pub(crate) fn table(machine: &mut Machine<'_>, table: TableId, keys: &[Expr]) -> Outcome {
    let hir = machine.hir;
    let Some(table) = hir.tables.get(table) else {
        return Err(Unknown::error("a table is missing"));
    };
    let day = machine.request.as_of;
    let keys: Vec<Outcome> = keys.iter().map(|key| value(machine, key)).collect();
    let mut unknown = None;
    let mut matching = None;
    for row in table.rows.iter().filter(|row| row.interval.contains(day)) {
        let mut truth = Truth::True;
        let mut why = Unknown::default();
        for (at, (pattern, key)) in row.patterns.iter().zip(&keys).enumerate() {
            let ty = table.parameters.get(at).map_or(&Ty::Error, |parameter| &parameter.ty);
            let (one, reason) = matches(machine, pattern, key, ty);
            truth = truth.and(one);
            why.join(reason);
        }
        match truth {
            Truth::True => matching = Some(row),
            Truth::Unknown => note(&mut unknown, why),
            Truth::False => {}
        }
    }
    let result = match (matching, unknown, &table.otherwise) {
        (Some(row), _, _) => &row.value,
        (None, Some(why), _) => return Err(why),
        (None, None, Some(otherwise)) => otherwise,
        (None, None, None) => {
            return Err(Unknown::error(format!(
                "the table `{}` has no row for this on {day}",
                table.name
            )));
        }
    };
    let known = table.parameters.iter().zip(&keys);
    let bound = known
        .map(|(parameter, key)| {
            (parameter.local, machine.locals.insert(parameter.local, key.clone()))
        })
        .collect();
    let found = value(machine, result);
    unbind(machine, bound);
    found.map(Found::chosen)
}

fn matches(
    machine: &mut Machine<'_>,
    pattern: &TablePattern,
    key: &Outcome,
    ty: &Ty,
) -> (Truth, Unknown) {
    let known = |truth: bool| (Truth::from(truth), Unknown::default());
    if matches!(pattern, TablePattern::Any) {
        return known(true);
    }
    let found = match key {
        Ok(found) => found,
        Err(why) => return (Truth::Unknown, why.clone()),
    };
    let key = &found.value;
    match pattern {
        TablePattern::Any => known(true),
        TablePattern::Value(value) => equal(machine.hir, found, &Found::written(value.clone()), ty),
        TablePattern::Set(set) => sets::contains(machine, set, found),
        TablePattern::Within(target, list) => match (key, machine.hir.code_lists.get(*list)) {
            (Value::Code(code), Some(list)) => {
                match codes::within(list, code, &[Code::Entry(target.clone())]) {
                    Truth::Unknown => (Truth::Unknown, codes::too_coarse(found)),
                    truth => (truth, Unknown::default()),
                }
            }
            _ => known(false),
        },
        TablePattern::Band { low, high } => {
            let above = low
                .as_ref()
                .is_none_or(|(end, included)| if *included { end <= key } else { end < key });
            let below = high
                .as_ref()
                .is_none_or(|(end, included)| if *included { key <= end } else { key < end });
            known(above && below)
        }
    }
}
