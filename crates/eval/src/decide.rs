//! What the rules come to: one decision after the other, each after those that it reads.

use std::collections::{BTreeMap, BTreeSet};

use exeat_hir::{
    Combine, ConditionTrace, Decision, DecisionId, DecisionTrace, Determination, Hir, MissingFact,
    ModelGap, NotModelledId, Possible, RuleId, RuleStatus, RuleTrace, Ty, Undetermined,
};
use exeat_model::{Effect, Truth, Value};

use crate::Functions;
use crate::condition::{judge, unknown_of};
use crate::machine::{Machine, Request, Unknown};
use crate::rules::{Settled, force_of, settle};

/// Decides everything; also gives the machine in the state after it.
pub(crate) fn decide_all<'a>(
    hir: &'a Hir,
    functions: &'a dyn Functions,
    request: &Request<'a>,
) -> (Machine<'a>, Vec<DecisionTrace>) {
    let mut machine = Machine {
        hir,
        functions,
        request: *request,
        decided: BTreeMap::new(),
        supposed: BTreeMap::new(),
        locals: BTreeMap::new(),
        depth: 0,
    };
    let mut traces = Vec::new();
    for id in &hir.decision_order {
        let Some(decision) = hir.decisions.get(*id) else { continue };
        let trace = decide_one(&mut machine, *id, decision);
        machine.decided.insert(*id, trace.determination.clone());
        traces.push(trace);
    }
    (machine, traces)
}

fn decide_one(machine: &mut Machine<'_>, id: DecisionId, decision: &Decision) -> DecisionTrace {
    let needed = decision.needed_when.as_ref().map(|condition| judge(machine, condition));
    let settled = settle(machine, id, decision);
    let (gaps, touched) = model_gaps(machine, id);
    let mut possible = settled.possible.clone();
    let mut open: Vec<Unknown> = settled
        .decisive
        .iter()
        .filter_map(|rule| settled.own.get(rule))
        .map(|own| own.unknown.clone())
        .collect();
    // A rule that holds without a known value leaves the outcome open, whatever else is settled.
    open.extend(
        settled
            .own
            .values()
            .filter(|own| own.concludes && own.truth != Truth::False && own.value.is_none())
            .map(|own| own.unknown.clone()),
    );
    if touched.iter().any(|gap| gap.touched == Truth::True) {
        possible = BTreeSet::from([Possible::NotModelled]);
        open.clear();
    } else if !touched.is_empty() {
        possible.insert(Possible::NotModelled);
        open.extend(
            gaps.iter()
                .filter(|(_, trace)| trace.truth == Truth::Unknown)
                .map(|(_, trace)| unknown_of(trace)),
        );
    }
    match needed.as_ref().map(|trace| trace.truth) {
        Some(Truth::False) => possible = BTreeSet::from([Possible::NotNeeded]),
        Some(Truth::Unknown) => {
            possible.insert(Possible::NotNeeded);
            open.extend(needed.as_ref().map(unknown_of));
        }
        Some(Truth::True) | None => {}
    }
    let determination = match (possible.len(), possible.first()) {
        (1, Some(Possible::Value(value))) => Determination::Value(value.clone()),
        (1, Some(Possible::NotNeeded)) => Determination::NotNeeded,
        _ => Determination::Undetermined(undetermined(machine, &settled, possible, touched, open)),
    };
    let because = reasons(decision, &settled, &determination);
    let duties = because
        .iter()
        .filter_map(|rule| machine.hir.rules.get(*rule))
        .flat_map(|rule| rule.duties.clone())
        .collect();
    let effect = effect_of(machine.hir, decision, &determination);
    let otherwise = matches!(determination, Determination::Value(_)) && because.is_empty();
    let mut rules: Vec<RuleTrace> = settled
        .own
        .into_iter()
        .map(|(rule, own)| RuleTrace {
            rule,
            status: settled.status.get(&rule).cloned().unwrap_or(RuleStatus::NotInForce),
            condition: own.condition,
            value: own.value,
        })
        .collect();
    rules.sort_by_cached_key(|trace| {
        machine.hir.rules.get(trace.rule).map(|rule| machine.hir.full_name(rule.module, &rule.name))
    });
    DecisionTrace {
        decision: id,
        determination,
        effect,
        because,
        otherwise,
        rules,
        needed,
        gaps,
        duties,
    }
}

/// The `not modelled` items that affect a decision and are or may be touched, with all conditions looked at.
fn model_gaps(
    machine: &mut Machine<'_>,
    decision: DecisionId,
) -> (Vec<(NotModelledId, ConditionTrace)>, Vec<ModelGap>) {
    let hir = machine.hir;
    let mut traces = Vec::new();
    let mut touched = Vec::new();
    for (id, item) in hir.not_modelled.iter().filter(|(_, item)| item.affects.contains(&decision)) {
        let (force, _, unknown) = force_of(machine, &item.force);
        if force == Truth::False {
            continue;
        }
        let mut trace = match &item.when {
            Some(when) => judge(machine, when),
            None => ConditionTrace {
                span: item.span,
                truth: Truth::True,
                kind: exeat_hir::ConditionKind::All(Vec::new()),
                missing: Vec::new(),
                errors: Vec::new(),
            },
        };
        trace.truth = trace.truth.and(force);
        trace.missing.extend(unknown.missing);
        if trace.truth != Truth::False {
            touched.push(ModelGap { item: id, touched: trace.truth });
        }
        traces.push((id, trace));
    }
    (traces, touched)
}

fn undetermined(
    machine: &Machine<'_>,
    settled: &Settled,
    possible: BTreeSet<Possible>,
    not_modelled: Vec<ModelGap>,
    open: Vec<Unknown>,
) -> Undetermined {
    let mut weights: BTreeMap<String, usize> = BTreeMap::new();
    let mut errors = BTreeSet::new();
    for unknown in open {
        for path in unknown.missing {
            let weight = weights.entry(path).or_insert(0);
            *weight = weight.saturating_add(1);
        }
        errors.extend(unknown.errors);
    }
    let mut missing: Vec<MissingFact> =
        weights.iter().map(|(path, weight)| machine.missing_fact(path, *weight)).collect();
    missing.sort_by(|a, b| b.weight.cmp(&a.weight).then_with(|| a.path.cmp(&b.path)));
    let conflict = if possible.len() == 1 && possible.contains(&Possible::Conflict) {
        let holds = |rule: &RuleId| settled.status.get(rule) == Some(&RuleStatus::Holds);
        settled
            .own
            .iter()
            .filter(|(rule, own)| own.concludes && holds(rule))
            .map(|(rule, _)| *rule)
            .collect()
    } else {
        Vec::new()
    };
    let mut possible: Vec<Possible> = possible.into_iter().collect();
    possible.sort();
    Undetermined { missing, conflict, not_modelled, errors: errors.into_iter().collect(), possible }
}

/// The rules that hold and whose value is in the outcome.
fn reasons(decision: &Decision, settled: &Settled, determination: &Determination) -> Vec<RuleId> {
    let Determination::Value(outcome) = determination else { return Vec::new() };
    let speaks = |value: &Value| match (decision.combine, value, outcome) {
        (Combine::Strictest, Value::Outcome(value), Value::Outcome(outcome)) => {
            value.rank == outcome.rank
        }
        (Combine::Collect, value, Value::Set(outcome)) => outcome.contains(value),
        (_, value, outcome) => value == outcome,
    };
    settled
        .own
        .iter()
        .filter(|(rule, own)| {
            own.concludes
                && settled.status.get(rule) == Some(&RuleStatus::Holds)
                && own.value.as_ref().is_some_and(speaks)
        })
        .map(|(rule, _)| *rule)
        .collect()
}

fn effect_of(hir: &Hir, decision: &Decision, determination: &Determination) -> Option<Effect> {
    let (Determination::Value(Value::Outcome(outcome)), Ty::Outcome(scale)) =
        (determination, &decision.ty)
    else {
        return None;
    };
    hir.scales.get(*scale)?.outcomes.get(usize::try_from(outcome.rank).ok()?)?.effect
}
