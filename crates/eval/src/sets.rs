use exeat_hir::{Expr, ExprKind, GroupItem, SetOperator};
use exeat_model::{Truth, Value};

use crate::expression::value;
use crate::machine::{DEEPEST_CALL, Machine, Unknown};

/// Whether a value is in a set on the day asked for.
pub(crate) fn contains(machine: &mut Machine<'_>, set: &Expr, wanted: &Value) -> (Truth, Unknown) {
    let settled = |truth: bool| (Truth::from(truth), Unknown::default());
    match &set.kind {
        ExprKind::SetLiteral(members) => {
            let mut truth = Truth::False;
            let mut unknown = Unknown::default();
            for member in members {
                match value(machine, member) {
                    Ok(found) => truth = truth.or(Truth::from(found.value == *wanted)),
                    Err(why) => {
                        truth = truth.or(Truth::Unknown);
                        unknown.join(why);
                    }
                }
            }
            (truth, if truth == Truth::Unknown { unknown } else { Unknown::default() })
        }
        ExprKind::Group(id) => {
            let Some(group) = machine.hir.groups.get(*id) else { return settled(false) };
            if machine.depth > DEEPEST_CALL {
                return (Truth::Unknown, Unknown::error("groups refer to each other in a circle"));
            }
            let day = machine.request.as_of;
            let mut truth = Truth::False;
            let mut unknown = Unknown::default();
            for item in &group.items {
                match item {
                    GroupItem::Member { value, interval, .. } => {
                        truth = truth.or(Truth::from(interval.contains(day) && value == wanted));
                    }
                    GroupItem::Set { set, interval, .. } if interval.contains(day) => {
                        machine.depth = machine.depth.saturating_add(1);
                        let (inner, why) = contains(machine, set, wanted);
                        machine.depth = machine.depth.saturating_sub(1);
                        truth = truth.or(inner);
                        unknown.join(why);
                    }
                    GroupItem::Set { .. } => {}
                }
            }
            (truth, if truth == Truth::Unknown { unknown } else { Unknown::default() })
        }
        ExprKind::SetOperation(operator, left, right) => {
            let (a, mut unknown) = contains(machine, left, wanted);
            let (b, other) = contains(machine, right, wanted);
            let truth = match operator {
                SetOperator::Union => a.or(b),
                SetOperator::Intersect => a.and(b),
                SetOperator::Without => a.and(!b),
            };
            unknown.join(other);
            (truth, if truth == Truth::Unknown { unknown } else { Unknown::default() })
        }
        // A define or a conditional that is a set: its parts are looked at in the same way.
        ExprKind::Define(define, arguments) if arguments.is_empty() => {
            let day = machine.request.as_of;
            let Some(define) = machine.hir.defines.get(*define) else { return settled(false) };
            match define.pieces.iter().find(|piece| piece.interval.contains(day)) {
                Some(piece) => contains(machine, &piece.body, wanted),
                None => (
                    Truth::Unknown,
                    Unknown::error(format!("`{}` has no value on {day}", define.name)),
                ),
            }
        }
        _ => match value(machine, set) {
            Ok(found) => match found.value {
                Value::Set(members) => settled(members.contains(wanted)),
                Value::List(members) => settled(members.contains(wanted)),
                _ => settled(false),
            },
            Err(unknown) => (Truth::Unknown, unknown),
        },
    }
}
