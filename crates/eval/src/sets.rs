//! Is a value in a set on the day asked for?
//!
//! Membership is asked part by part, so that an unknown part matters only where no other part
//! settles it. Groups are dated: a member belongs to one only in its interval.

use std::collections::BTreeSet;
use std::sync::Arc;

use exeat_hir::{Expr, ExprKind, Group, GroupId, GroupItem, SetOperator, Ty};
use exeat_model::{Date, Truth, Value};

use crate::calls::within_define;
use crate::condition::{judge, unknown_of};
use crate::equality::equal;
use crate::expression::{both, value};
use crate::machine::{Found, Machine, Outcome, Unknown, note};

/// Whether a value is in a set on the day asked for; if that is unknown, why.
pub(crate) fn contains(machine: &mut Machine<'_>, set: &Expr, wanted: &Found) -> (Truth, Unknown) {
    match membership(machine, set, wanted) {
        Ok(truth) => (truth, Unknown::default()),
        Err(why) => (Truth::Unknown, why),
    }
}

/// Known membership (never `Unknown`), or why it is not known.
fn membership(machine: &mut Machine<'_>, set: &Expr, wanted: &Found) -> Result<Truth, Unknown> {
    machine.enter()?;
    let truth = membership_in(machine, set, wanted);
    machine.leave();
    truth
}

fn membership_in(machine: &mut Machine<'_>, set: &Expr, wanted: &Found) -> Result<Truth, Unknown> {
    match &set.kind {
        ExprKind::SetLiteral(members) => {
            let parts = members
                .iter()
                .map(|member| {
                    let found = value(machine, member)?;
                    is_member(machine, &found, wanted, &member.ty)
                })
                .collect::<Vec<_>>();
            any_of(parts)
        }
        ExprKind::Group(id) => membership_in_group(machine, *id, wanted),
        ExprKind::SetOperation(operator, left, right) => {
            let left = membership(machine, left, wanted);
            let right = membership(machine, right, wanted);
            match operator {
                SetOperator::Union => any_of(vec![left, right]),
                SetOperator::Intersect => all_of(left, right),
                SetOperator::Without => all_of(left, right.map(|truth| !truth)),
            }
        }
        ExprKind::Define(define, arguments) => {
            within_define(machine, *define, arguments, |machine, piece| {
                membership(machine, &piece.body, wanted)
            })
        }
        ExprKind::If(test, then, otherwise) => {
            let judged = judge(machine, test);
            match judged.truth {
                Truth::True => membership(machine, then, wanted),
                Truth::False => membership(machine, otherwise, wanted),
                Truth::Unknown => {
                    let then = membership(machine, then, wanted);
                    let otherwise = membership(machine, otherwise, wanted);
                    match (then, otherwise) {
                        (Ok(a), Ok(b)) if a == b => Ok(a),
                        _ => Err(unknown_of(&judged)),
                    }
                }
            }
        }
        _ => match value(machine, set)?.value {
            Value::Set(members) => is_one_of(machine, members.iter(), wanted, &set.ty),
            Value::List(members) => is_one_of(machine, members.iter(), wanted, &set.ty),
            _ => Err(Unknown::error("this is not a set")),
        },
    }
}

/// Whether a value is a member, which only for codes may be unknown.
fn is_member(
    machine: &Machine<'_>,
    member: &Found,
    wanted: &Found,
    ty: &Ty,
) -> Result<Truth, Unknown> {
    if !matches!(ty, Ty::Code(_)) {
        return Ok(Truth::from(member.value == wanted.value));
    }
    match equal(machine.hir, wanted, member, ty) {
        (Truth::Unknown, why) => Err(why),
        (truth, _) => Ok(truth),
    }
}

/// Whether a value is among the members of a set that has a value. They mean just what they say.
fn is_one_of<'v>(
    machine: &Machine<'_>,
    members: impl Iterator<Item = &'v Value>,
    wanted: &Found,
    set: &Ty,
) -> Result<Truth, Unknown> {
    let (Ty::Set(ty) | Ty::List(ty)) = set else { return Ok(Truth::False) };
    let member = |value: &Value| is_member(machine, &Found::written(value.clone()), wanted, ty);
    any_of(members.map(member).collect())
}

fn membership_in_group(
    machine: &mut Machine<'_>,
    id: GroupId,
    wanted: &Found,
) -> Result<Truth, Unknown> {
    let group = group(machine, id)?;
    let day = machine.request.as_of;
    let parts = standing(group, day)
        .map(|item| match item {
            GroupItem::Member { value, .. } => {
                is_member(machine, &Found::written(value.clone()), wanted, &group.element)
            }
            GroupItem::Set { set, .. } => membership(machine, set, wanted),
        })
        .collect::<Vec<_>>();
    any_of(parts)
}

/// A set written out, used as a value.
pub(crate) fn written(machine: &mut Machine<'_>, members: &[Expr]) -> Outcome {
    let mut set = BTreeSet::new();
    let mut unknown = None;
    for member in members {
        match value(machine, member) {
            Ok(found) => {
                set.insert(found.value);
            }
            Err(why) => note(&mut unknown, why),
        }
    }
    match unknown {
        Some(why) => Err(why),
        None => Ok(Found::plain(Value::Set(Arc::new(set)))),
    }
}

/// The members of a group on the day, where the group is used as a value.
pub(crate) fn members_of_group(machine: &mut Machine<'_>, id: GroupId) -> Outcome {
    let group = group(machine, id)?;
    let mut members = BTreeSet::new();
    let mut unknown = None;
    let day = machine.request.as_of;
    for item in standing(group, day) {
        match item {
            GroupItem::Member { value, .. } => {
                members.insert(value.clone());
            }
            GroupItem::Set { set, .. } => match value(machine, set) {
                Ok(found) => members.extend(members_of(found)),
                Err(why) => note(&mut unknown, why),
            },
        }
    }
    if let Some(why) = unknown {
        return Err(why);
    }
    Ok(Found::plain(Value::Set(Arc::new(members))))
}

/// Two sets joined, where the result is used as a value.
pub(crate) fn joined(
    machine: &mut Machine<'_>,
    operator: SetOperator,
    left: &Expr,
    right: &Expr,
) -> Outcome {
    let (left, right) = both(machine, left, right)?;
    let (left, right) = (members_of(left), members_of(right));
    let members: BTreeSet<Value> = match operator {
        SetOperator::Union => left.union(&right).cloned().collect(),
        SetOperator::Intersect => left.intersection(&right).cloned().collect(),
        SetOperator::Without => left.difference(&right).cloned().collect(),
    };
    Ok(Found::plain(Value::Set(Arc::new(members))))
}

fn members_of(found: Found) -> BTreeSet<Value> {
    match found.value {
        Value::Set(members) => members.iter().cloned().collect(),
        Value::List(members) => members.iter().cloned().collect(),
        _ => BTreeSet::new(),
    }
}

fn group<'a>(machine: &Machine<'a>, id: GroupId) -> Result<&'a Group, Unknown> {
    machine.hir.groups.get(id).ok_or_else(|| Unknown::error("a group is missing"))
}

/// The lines of a group that stand on the day.
fn standing(group: &Group, day: Date) -> impl Iterator<Item = &GroupItem> {
    group.items.iter().filter(move |item| match item {
        GroupItem::Member { interval, .. } | GroupItem::Set { interval, .. } => {
            interval.contains(day)
        }
    })
}

/// In one of several parts: one that it is in settles it.
fn any_of(parts: Vec<Result<Truth, Unknown>>) -> Result<Truth, Unknown> {
    let mut unknown = None;
    for part in parts {
        match part {
            Ok(Truth::True) => return Ok(Truth::True),
            Ok(_) => {}
            Err(why) => note(&mut unknown, why),
        }
    }
    unknown.map_or(Ok(Truth::False), Err)
}

/// In both of two parts: one that it is not in settles it.
fn all_of(left: Result<Truth, Unknown>, right: Result<Truth, Unknown>) -> Result<Truth, Unknown> {
    any_of(vec![left.map(|truth| !truth), right.map(|truth| !truth)]).map(|truth| !truth)
}
