//! The reference meaning: HIR and facts to a determination with its trace.
//!
//! This interpreter is small and slow on purpose: it is what the language means. Three questions,
//! three files: what is an expression worth (`expression`), is a condition true (`condition`),
//! and what do the rules come to (`decide`). Every fact may be unknown; an error (an overflow, a
//! table without a row) leaves unknown what it touches and is never a "no".
//!
//! Deliberately absent: files, clocks, order of rules, and any way to fail: every checked program
//! with any facts gives a determination.

mod arithmetic;
mod calls;
mod codes;
mod combine;
mod condition;
mod decide;
mod describe;
mod equality;
mod expression;
mod glance;
mod index;
mod lists;
mod machine;
mod other_readings;
mod reads;
mod rules;
mod scenario;
mod sets;
mod settling;
mod test;

use std::collections::BTreeSet;

use exeat_hir::{ConditionTrace, DecisionId, DecisionTrace, Expr, Hir, ModelGap, RuleId};
use exeat_model::Value;

pub use decide::{decide_rest, effect_of};
pub use describe::{describe_number, describe_possible, describe_value};
pub use exeat_hir::{Facts, Functions, NoFunctions};
pub use glance::{DEEPEST, Glance, Seen};
pub use machine::Request;
pub use other_readings::OtherReadings;
pub use scenario::{ExpectationFailure, ScenarioReport, Scenarios, scenario_facts};

/// What an expression is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evaluated {
    /// A value.
    Known(Value),
    /// Not known.
    Unknown {
        /// Paths of the facts that are missing.
        missing: Vec<String>,
        /// Errors, in plain words.
        errors: Vec<String>,
        /// Rules that disagree about a decision that it reads.
        conflict: Vec<RuleId>,
        /// What is not modelled and leaves it open.
        not_modelled: Vec<ModelGap>,
    },
}

/// Every decision of a program, in an order in which each stands after those that it reads.
pub fn decide(hir: &Hir, functions: &dyn Functions, request: &Request<'_>) -> Vec<DecisionTrace> {
    decide::decide_all(hir, functions, request).1
}

/// The same for some of the decisions alone. Those that they read have to be among them
/// ([`with_those_read`]).
pub fn decide_these(
    hir: &Hir,
    functions: &dyn Functions,
    request: &Request<'_>,
    wanted: &BTreeSet<DecisionId>,
) -> Vec<DecisionTrace> {
    decide::decide_these(hir, functions, request, &|id| wanted.contains(&id)).1
}

/// Decisions with all those that they read, directly or through others.
pub fn with_those_read(
    hir: &Hir,
    wanted: impl IntoIterator<Item = DecisionId>,
) -> BTreeSet<DecisionId> {
    reads::Reads::of(hir).with_all_below(wanted)
}

/// What an expression is worth, with all decisions that it reads decided.
pub fn evaluate(
    hir: &Hir,
    functions: &dyn Functions,
    request: &Request<'_>,
    expr: &Expr,
) -> Evaluated {
    evaluated(&mut ready(hir, functions, request, expr), expr)
}

/// What an expression is worth that reads no decision, without deciding anything. One that does read
/// a decision is unknown, with an error that says so.
pub fn evaluate_alone(
    hir: &Hir,
    functions: &dyn Functions,
    request: &Request<'_>,
    expr: &Expr,
) -> Evaluated {
    evaluated(&mut machine::Machine::new(hir, functions, *request), expr)
}

fn evaluated(machine: &mut machine::Machine<'_>, expr: &Expr) -> Evaluated {
    match expression::value(machine, expr) {
        Ok(found) => Evaluated::Known(found.value),
        Err(mut unknown) => {
            if unknown.not_needed {
                unknown.errors.insert("this reads a decision that is not needed".to_owned());
            }
            Evaluated::Unknown {
                not_modelled: unknown.gaps(),
                conflict: unknown.conflict.into_iter().collect(),
                missing: unknown.missing.into_iter().collect(),
                errors: unknown.errors.into_iter().collect(),
            }
        }
    }
}

/// Whether a condition is true, and what it was made from.
pub fn condition(
    hir: &Hir,
    functions: &dyn Functions,
    request: &Request<'_>,
    expr: &Expr,
) -> ConditionTrace {
    condition::judge(&mut ready(hir, functions, request, expr), expr)
}

/// Whether an expression reads a decision, by itself or through defines and tables.
pub fn reads_a_decision(hir: &Hir, expr: &Expr) -> bool {
    !reads::decisions_read(hir, [expr]).is_empty()
}

/// A machine that has decided, if the expression asks for that.
fn ready<'a>(
    hir: &'a Hir,
    functions: &'a dyn Functions,
    request: &Request<'a>,
    expr: &Expr,
) -> machine::Machine<'a> {
    if reads_a_decision(hir, expr) {
        decide::decide_all(hir, functions, request).0
    } else {
        machine::Machine::new(hir, functions, *request)
    }
}

/// The same where everything is decided already: `traces` are all decisions for this request.
pub fn condition_after(
    hir: &Hir,
    functions: &dyn Functions,
    request: &Request<'_>,
    traces: &[DecisionTrace],
    expr: &Expr,
) -> ConditionTrace {
    condition::judge(&mut machine::Machine::after(hir, functions, *request, traces), expr)
}
