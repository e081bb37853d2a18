//! What the rules come to: one decision after the other, each after those that it reads.
//!
//! A decision is determined if every way to settle what is open gives the same. Else it is
//! undetermined, with all that is still possible and the reasons: facts that are missing, rules that
//! conflict, what is not modelled, errors. There is no third way out.

use std::collections::{BTreeMap, BTreeSet};

use exeat_hir::{
    Combine, ConditionKind, ConditionTrace, Decision, DecisionId, DecisionTrace, Determination,
    Hir, MissingFact, ModelGap, NotModelledId, Possible, RuleId, RuleStatus, RuleTrace, Ty,
    Undetermined,
};
use exeat_model::{Effect, Truth, Value};

use crate::Functions;
use crate::condition::{judge, unknown_of};
use crate::index::Index;
use crate::machine::{Machine, Request, Unknown};
use crate::rules::{Own, force_of};
use crate::settling::{Settled, settle};

/// Decides everything; also gives the machine in the state after it.
pub(crate) fn decide_all<'a>(
    hir: &'a Hir,
    functions: &'a dyn Functions,
    request: &Request<'a>,
) -> (Machine<'a>, Vec<DecisionTrace>) {
    decide_these(hir, functions, request, &|_| true)
}

/// Decides the decisions that are wanted; those that they read have to be wanted too.
pub(crate) fn decide_these<'a>(
    hir: &'a Hir,
    functions: &'a dyn Functions,
    request: &Request<'a>,
    wanted: &dyn Fn(DecisionId) -> bool,
) -> (Machine<'a>, Vec<DecisionTrace>) {
    let mut machine = Machine::new(hir, functions, *request);
    let mut traces = Vec::new();
    for id in hir.decision_order.iter().filter(|id| wanted(**id)) {
        let Some(decision) = hir.decisions.get(*id) else { continue };
        let trace = decide_one(&mut machine, *id, decision);
        machine.decided.insert(*id, trace.determination.clone());
        traces.push(trace);
    }
    (machine, traces)
}

/// The decisions that are known, as they stand, and those that are wanted besides. What these read has to be known
/// or wanted too.
pub fn decide_rest(
    hir: &Hir,
    functions: &dyn Functions,
    request: &Request<'_>,
    known: Vec<DecisionTrace>,
    wanted: &dyn Fn(DecisionId) -> bool,
) -> Vec<DecisionTrace> {
    let mut machine = Machine::after(hir, functions, *request, &known);
    let mut known: BTreeMap<DecisionId, DecisionTrace> =
        known.into_iter().map(|trace| (trace.decision, trace)).collect();
    let mut traces = Vec::new();
    for id in &hir.decision_order {
        let Some(decision) = hir.decisions.get(*id) else { continue };
        if let Some(trace) = known.remove(id) {
            traces.push(trace);
        } else if wanted(*id) {
            let trace = decide_one(&mut machine, *id, decision);
            machine.decided.insert(*id, trace.determination.clone());
            traces.push(trace);
        }
    }
    traces
}

/// Decides one decision; those that it reads are decided.
pub(crate) fn decide_one(
    machine: &mut Machine<'_>,
    id: DecisionId,
    decision: &Decision,
) -> DecisionTrace {
    let needed = decision.needed_when.as_ref().map(|condition| judge(machine, condition));
    let settled = settle(machine, id, decision);
    let (gaps, touched) = model_gaps(machine, id);
    let mut possible = settled.possible.clone();
    // A rule that may hold without a known value leaves the outcome open, whatever else is settled.
    let without_value = |rule: &RuleId, own: &Own| {
        let may_hold =
            matches!(settled.status.get(rule), Some(RuleStatus::Holds | RuleStatus::Open));
        own.concludes && own.value.is_none() && may_hold
    };
    let mut open: Vec<Unknown> = settled
        .own
        .iter()
        .filter(|(rule, own)| settled.decisive.contains(rule) || without_value(rule, own))
        .map(|(_, own)| own.unknown.clone())
        .collect();
    if settled.cut {
        open.push(Unknown::error("more outcomes are possible than can be listed"));
    }
    if touched.iter().any(|gap| gap.touched == Truth::True) {
        possible = BTreeSet::from([Possible::NotModelled]);
        open.clear();
    } else if !touched.is_empty() {
        possible.insert(Possible::NotModelled);
        let unsettled = gaps.iter().filter(|(_, trace)| trace.truth == Truth::Unknown);
        open.extend(unsettled.map(|(_, trace)| unknown_of(trace)));
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
        _ => {
            let conditions: Vec<&ConditionTrace> =
                gaps.iter().map(|(_, trace)| trace).chain(&needed).collect();
            let why = undetermined(machine, &settled, possible, &conditions, touched, open);
            Determination::Undetermined(why)
        }
    };
    let index = machine.index();
    let because = reasons(&index, decision, &settled, &determination);
    let duties = because
        .iter()
        .filter_map(|rule| machine.hir.rules.get(*rule))
        .flat_map(|rule| rule.duties.clone())
        .collect();
    let effect = effect_of(machine.hir, decision, &determination);
    // Where a rule may yet hold, the outcome is certain but it is not `otherwise` that speaks.
    let otherwise = matches!(determination, Determination::Value(_))
        && because.is_empty()
        && !settled.own.iter().any(|(rule, own)| {
            own.concludes && settled.status.get(rule) == Some(&RuleStatus::Open)
        });
    let mut own = settled.own;
    let rules = index.shown_for(id).iter().filter_map(|rule| {
        let own = own.remove(rule)?;
        let status = settled.status.get(rule).cloned().unwrap_or(RuleStatus::NotInForce);
        Some(RuleTrace { rule: *rule, status, condition: own.condition, value: own.value })
    });
    let rules = rules.collect();
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
    for id in machine.index().not_modelled_for(decision) {
        let (id, Some(item)) = (*id, hir.not_modelled.get(*id)) else { continue };
        let (force, _, unknown) = force_of(machine, &item.force);
        if force == Truth::False || !machine.module_decides(item.module) {
            continue;
        }
        let mut trace = match &item.when {
            Some(when) => judge(machine, when),
            None => ConditionTrace {
                span: item.span,
                truth: Truth::True,
                kind: ConditionKind::All(Vec::new()),
                missing: Vec::new(),
                errors: Vec::new(),
                conflict: Vec::new(),
                not_modelled: Vec::new(),
            },
        };
        trace.truth = trace.truth.and(force);
        if trace.truth == Truth::Unknown {
            trace.missing.extend(unknown.missing);
        }
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
    conditions: &[&ConditionTrace],
    touched: Vec<ModelGap>,
    open: Vec<Unknown>,
) -> Undetermined {
    let mut weights: BTreeMap<String, usize> = BTreeMap::new();
    // What leaves open a decision that was read leaves this one open too, and is named as what it is.
    let mut all = Unknown {
        not_modelled: touched.into_iter().map(|gap| (gap.item, gap.touched)).collect(),
        ..Unknown::default()
    };
    for unknown in open {
        for path in &unknown.missing {
            let weight = weights.entry(path.clone()).or_insert(0);
            *weight = weight.saturating_add(1);
        }
        all.join(unknown);
    }
    let mut missing: Vec<MissingFact> =
        weights.iter().map(|(path, weight)| machine.missing_fact(path, *weight)).collect();
    let behind = settled
        .own
        .values()
        .filter_map(|own| own.condition.as_deref())
        .chain(conditions.iter().copied());
    let gates = gates(behind);
    let opens = |path: &str| gates.get(path).copied().unwrap_or(0);
    missing.sort_by(|a, b| {
        let by_weight = b.weight.cmp(&a.weight);
        let by_gates = || opens(&b.path).cmp(&opens(&a.path));
        by_weight.then_with(by_gates).then_with(|| a.path.cmp(&b.path))
    });
    if possible.len() == 1 && possible.contains(&Possible::Conflict) {
        all.conflict.extend(conflicting(&machine.index(), settled));
    }
    let conflict = machine.index().by_name(all.conflict.iter().copied());
    let not_modelled = all.gaps();
    let mut errors = all.errors;
    if possible.len() == 1
        && possible.contains(&Possible::Error)
        && errors.is_empty()
        && missing.is_empty()
        && conflict.is_empty()
        && not_modelled.is_empty()
    {
        errors.insert("no rule holds, and nothing is laid down for that case".to_owned());
    }
    Undetermined {
        missing,
        conflict,
        not_modelled,
        errors: errors.into_iter().collect(),
        possible: possible.into_iter().collect(),
    }
}

/// For each missing fact how many others stand behind it in a condition and never before it: whether these
/// are needed, it may decide.
fn gates<'t>(conditions: impl Iterator<Item = &'t ConditionTrace>) -> BTreeMap<&'t str, usize> {
    let mut pairs: BTreeSet<(&str, &str)> = BTreeSet::new();
    for condition in conditions {
        let mut order: Vec<&str> = Vec::new();
        missing_in_order(condition, &mut order);
        for (at, first) in order.iter().enumerate() {
            let rest = order.get(at.saturating_add(1)..).unwrap_or(&[]);
            pairs.extend(rest.iter().map(|second| (*first, *second)));
        }
    }
    let mut gates: BTreeMap<&str, usize> = BTreeMap::new();
    for (first, _) in pairs.iter().filter(|(a, b)| !pairs.contains(&(*b, *a))) {
        let count = gates.entry(first).or_default();
        *count = count.saturating_add(1);
    }
    gates
}

/// The missing facts of an open condition in the order of its text, each once.
fn missing_in_order<'t>(trace: &'t ConditionTrace, order: &mut Vec<&'t str>) {
    if trace.truth != Truth::Unknown {
        return;
    }
    match &trace.kind {
        ConditionKind::All(parts) | ConditionKind::AnyOf(parts) => {
            for part in parts {
                missing_in_order(part, order);
            }
        }
        ConditionKind::Not(inner) | ConditionKind::Named(_, inner) => {
            missing_in_order(inner, order);
        }
        ConditionKind::Elements(parts) => {
            for (_, part) in parts {
                missing_in_order(part, order);
            }
        }
        ConditionKind::Test(_) => {
            for path in &trace.missing {
                if !order.contains(&path.as_str()) {
                    order.push(path);
                }
            }
        }
    }
}

/// The rules that disagree: those that hold, and where these alone do not disagree those too that may.
fn conflicting(index: &Index, settled: &Settled) -> Vec<RuleId> {
    let speaking = |wanted: &[RuleStatus]| {
        let status = |rule| settled.status.get(rule).is_some_and(|status| wanted.contains(status));
        let speaking = settled
            .own
            .iter()
            .filter(|(rule, own)| own.concludes && status(rule))
            .collect::<Vec<_>>();
        let values: BTreeSet<_> = speaking.iter().map(|(_, own)| &own.value).collect();
        (values.len() > 1, index.by_name(speaking.into_iter().map(|(rule, _)| *rule)))
    };
    match speaking(&[RuleStatus::Holds]) {
        (true, rules) => rules,
        (false, _) => speaking(&[RuleStatus::Holds, RuleStatus::Open]).1,
    }
}

/// The rules that hold and whose value is in the outcome.
fn reasons(
    index: &Index,
    decision: &Decision,
    settled: &Settled,
    determination: &Determination,
) -> Vec<RuleId> {
    let Determination::Value(outcome) = determination else { return Vec::new() };
    let speaks = |value: &Value| match (decision.combine, value, outcome) {
        (Combine::Strictest, Value::Outcome(value), Value::Outcome(outcome)) => {
            value.rank == outcome.rank
        }
        (Combine::Collect, value, Value::Set(outcome)) => outcome.contains(value),
        (_, value, outcome) => value == outcome,
    };
    let giving = settled.own.iter().filter(|(rule, own)| {
        own.concludes
            && settled.status.get(rule) == Some(&RuleStatus::Holds)
            && own.value.as_ref().is_some_and(speaks)
    });
    index.by_name(giving.map(|(rule, _)| *rule))
}

/// What an outcome means for the shipment; `None` for what is no outcome or has no effect.
pub fn effect_of(hir: &Hir, decision: &Decision, determination: &Determination) -> Option<Effect> {
    let (Determination::Value(Value::Outcome(outcome)), Ty::Outcome(scale)) =
        (determination, &decision.ty)
    else {
        return None;
    };
    hir.scales.get(*scale)?.outcomes.get(usize::try_from(outcome.rank).ok()?)?.effect
}
