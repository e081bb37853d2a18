//! What an answer means under each regime, and over all of them.
//!
//! A regime is the rules whose modules' names begin alike: `us`, `eu`. Not the scale of a decision
//! says to which it belongs, but where the decision stands: the rules of a company that speak in the
//! words of a jurisdiction are not its law, and rules for which there is no library are a regime too.

use std::collections::BTreeMap;

use exeat_hir::{DecisionId, DecisionTrace, Determination, Hir, MissingFact, Possible, Ty};
use exeat_model::{Effect, Truth, Value};
use serde::Serialize;
use smol_str::SmolStr;

use crate::Rulebook;

/// What the decisions of one regime mean together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JurisdictionSummary {
    /// The first part of its modules' names.
    pub regime: SmolStr,
    /// The jurisdiction of that id; `None` for rules that belong to no loaded jurisdiction.
    pub id: Option<SmolStr>,
    /// Its title.
    pub title: String,
    /// Whether it takes part.
    pub concern: Concern,
    /// The most restrictive effect of its decisions.
    pub effect: OverallEffect,
    /// If the effect is undetermined: the least restrictive that it can still be.
    pub at_least: Option<Effect>,
    /// Its decisions.
    pub decisions: Vec<DecisionId>,
    /// Those of them that are undetermined.
    pub open: Vec<DecisionId>,
    /// If it is open whether it takes part: the facts on which that depends.
    pub missing: Vec<MissingFact>,
}

/// Whether a regime takes part in an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Concern {
    /// Some decision of it is needed.
    Concerned,
    /// Facts are missing that would say whether any decision of it is needed.
    Open,
    /// No decision of it is needed.
    NotConcerned,
}

/// The most restrictive of several regimes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The effect.
    pub effect: OverallEffect,
    /// If the effect is undetermined: the least restrictive that it can still be.
    pub at_least: Option<Effect>,
    /// The regimes that take part, or may.
    pub of: Vec<SmolStr>,
    /// Those of them in which something is undetermined, whether or not it could change the effect.
    pub open: Vec<SmolStr>,
}

/// An effect over several decisions.
///
/// What is open matters as far as it could be more restrictive than what is settled: prohibited is
/// prohibited whatever is open, and a need for an authorisation stands beside what is open unless
/// that could still be prohibited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OverallEffect {
    /// Whatever is still open, it is this.
    Determined(Effect),
    /// What is open could still change it.
    Undetermined,
    /// No decision says what it means for the shipment.
    None,
}

impl OverallEffect {
    /// The word for it: the name of the effect, or `undetermined`.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::Determined(effect) => Some(effect.name()),
            Self::Undetermined => Some("undetermined"),
            Self::None => None,
        }
    }
}

/// The mildest and the strictest effect that something can still have.
type Range = (Effect, Effect);

impl Rulebook {
    /// What the decisions mean under each regime, in the order of their names, and altogether.
    pub(crate) fn summaries(
        &self,
        traces: &[DecisionTrace],
    ) -> (Vec<JurisdictionSummary>, OverallEffect, Option<Summary>) {
        let hir = self.hir();
        let mut regimes: BTreeMap<SmolStr, Vec<&DecisionTrace>> = BTreeMap::new();
        for trace in traces {
            regimes.entry(regime_of(hir, trace.decision)).or_default().push(trace);
        }
        let mut whole = None;
        let summaries: Vec<JurisdictionSummary> = regimes
            .into_iter()
            .map(|(regime, traces)| {
                let range = traces.iter().filter_map(|trace| effects(hir, trace)).reduce(stricter);
                whole = whole.into_iter().chain(range).reduce(stricter);
                summary(hir, regime, &traces, range)
            })
            .collect();
        let overall = effect_of(whole);
        let all = summary_of(&summaries, overall, whole);
        (summaries, overall, all)
    }
}

/// To which regime a decision belongs.
pub(crate) fn regime_of(hir: &Hir, decision: DecisionId) -> SmolStr {
    let module = hir.decisions.get(decision).and_then(|known| hir.modules.get(known.module));
    module.map(|module| first_part(&module.name)).unwrap_or_default()
}

/// The first part of a module's name.
pub(crate) fn first_part(name: &str) -> SmolStr {
    name.split('.').next().unwrap_or(name).into()
}

fn summary(
    hir: &Hir,
    regime: SmolStr,
    traces: &[&DecisionTrace],
    range: Option<Range>,
) -> JurisdictionSummary {
    let known = hir.jurisdictions.iter().find(|known| known.id == regime);
    let module = hir.modules.iter().map(|(_, module)| module).find(|one| one.name == regime);
    let title = known
        .map(|known| known.title.clone())
        .or_else(|| module.and_then(|module| module.title.clone()))
        .unwrap_or_else(|| regime.to_string());
    let concern = concern_of(traces);
    let effect = effect_of(range);
    let undetermined =
        |trace: &&&DecisionTrace| matches!(trace.determination, Determination::Undetermined(_));
    JurisdictionSummary {
        id: known.map(|known| known.id.clone()),
        title,
        concern,
        effect,
        at_least: at_least(effect, range),
        decisions: traces.iter().map(|trace| trace.decision).collect(),
        open: traces.iter().filter(undetermined).map(|trace| trace.decision).collect(),
        missing: if concern == Concern::Open { missing(traces) } else { Vec::new() },
        regime,
    }
}

/// Only where more than one regime takes part, or may, is there anything to sum up.
fn summary_of(
    summaries: &[JurisdictionSummary],
    effect: OverallEffect,
    range: Option<Range>,
) -> Option<Summary> {
    let takes_part: Vec<&JurisdictionSummary> =
        summaries.iter().filter(|one| one.concern != Concern::NotConcerned).collect();
    let open = takes_part.iter().filter(|one| !one.open.is_empty());
    (takes_part.len() > 1).then(|| Summary {
        effect,
        at_least: at_least(effect, range),
        of: takes_part.iter().map(|one| one.regime.clone()).collect(),
        open: open.map(|one| one.regime.clone()).collect(),
    })
}

fn concern_of(traces: &[&DecisionTrace]) -> Concern {
    let not_needed =
        |trace: &&&DecisionTrace| matches!(trace.determination, Determination::NotNeeded);
    let unknown = |trace: &&DecisionTrace| {
        trace.needed.as_ref().is_some_and(|needed| needed.truth == Truth::Unknown)
    };
    let mut needed = traces.iter().filter(|trace| !not_needed(trace)).peekable();
    if needed.peek().is_none() {
        Concern::NotConcerned
    } else if needed.all(unknown) {
        Concern::Open
    } else {
        Concern::Concerned
    }
}

/// The facts on which it depends whether any of the decisions is needed, each once.
fn missing(traces: &[&DecisionTrace]) -> Vec<MissingFact> {
    let wanted = |trace: &DecisionTrace, path: &str| {
        trace.needed.as_ref().is_some_and(|needed| needed.missing.iter().any(|one| one == path))
    };
    let mut found: BTreeMap<String, MissingFact> = BTreeMap::new();
    for trace in traces {
        let Determination::Undetermined(why) = &trace.determination else { continue };
        for fact in why.missing.iter().filter(|fact| wanted(trace, &fact.path)) {
            found.entry(fact.path.clone()).or_insert_with(|| fact.clone());
        }
    }
    found.into_values().collect()
}

/// The effects that a decision can still have; `None` if its scale says nothing of effects, or if it
/// is not needed.
fn effects(hir: &Hir, trace: &DecisionTrace) -> Option<Range> {
    let decision = hir.decisions.get(trace.decision)?;
    let Ty::Outcome(scale) = &decision.ty else { return None };
    let scale = hir.scales.get(*scale)?;
    if scale.outcomes.iter().all(|outcome| outcome.effect.is_none()) {
        return None;
    }
    let of = |value: &Value| match value {
        Value::Outcome(outcome) => scale.outcomes.get(usize::try_from(outcome.rank).ok()?)?.effect,
        _ => None,
    };
    let open = (Effect::Free, Effect::Prohibited);
    let one = |effect: Option<Effect>| effect.map_or(open, |effect| (effect, effect));
    Some(match &trace.determination {
        Determination::Value(value) => one(of(value)),
        Determination::NotNeeded => (Effect::Free, Effect::Free),
        Determination::Undetermined(why) => why
            .possible
            .iter()
            .map(|possible| match possible {
                Possible::Value(value) => one(of(value)),
                Possible::NotNeeded => (Effect::Free, Effect::Free),
                Possible::Conflict | Possible::NotModelled | Possible::Error => open,
            })
            .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
            .unwrap_or(open),
    })
}

fn stricter(a: Range, b: Range) -> Range {
    (a.0.max(b.0), a.1.max(b.1))
}

fn effect_of(range: Option<Range>) -> OverallEffect {
    match range {
        None => OverallEffect::None,
        Some((low, high)) if low == high => OverallEffect::Determined(low),
        Some(_) => OverallEffect::Undetermined,
    }
}

fn at_least(effect: OverallEffect, range: Option<Range>) -> Option<Effect> {
    range.map(|(low, _)| low).filter(|_| effect == OverallEffect::Undetermined)
}
