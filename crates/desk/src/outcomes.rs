//! What a determination comes to, in short, and how two of them differ.

use exeat_engine::{Concern, Decided, Rulebook, Standing};
use exeat_hir::{DecisionTrace, Determination};

use crate::reply::OutcomeChange;

/// How many changes are told in one line.
const MOST_TOLD: usize = 3;

/// A determination in short. Names, no ids: it can be compared with one by other rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Outcomes {
    pub(crate) lines: Vec<Outcome>,
}

/// What a decision comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) decision: String,
    pub(crate) title: String,
    pub(crate) text: String,
    pub(crate) standing: Standing,
    pub(crate) effect: Option<&'static str>,
    pub(crate) missing: Vec<String>,
    pub(crate) because: Vec<exeat_engine::RuleLine>,
    /// Whether its regime takes part.
    pub(crate) concerned: bool,
}

impl Outcomes {
    pub(crate) fn of(rules: &Rulebook, decided: &Decided) -> Self {
        let out: Vec<exeat_hir::DecisionId> = decided
            .jurisdictions
            .iter()
            .filter(|one| one.concern == Concern::NotConcerned)
            .flat_map(|one| one.decisions.iter().copied())
            .collect();
        let line = |trace: &DecisionTrace| outcome(rules, trace, !out.contains(&trace.decision));
        Self { lines: decided.traces.iter().filter_map(line).collect() }
    }

    /// The decisions that come out differently, the ones with an effect first.
    pub(crate) fn changes_to(&self, after: &Self) -> Vec<OutcomeChange> {
        let find = |lines: &[Outcome], name: &str| {
            lines.iter().find(|line| line.decision == name).cloned()
        };
        let mut changes = Vec::new();
        for now in &after.lines {
            let before = find(&self.lines, &now.decision);
            if before.as_ref().is_none_or(|before| before.text != now.text) {
                changes.push(OutcomeChange {
                    decision: now.decision.clone(),
                    title: now.title.clone(),
                    before: before.map(|before| before.text),
                    after: Some(now.text.clone()),
                    effect: now.effect,
                    reasons: now.because.clone(),
                });
            }
        }
        for before in &self.lines {
            if find(&after.lines, &before.decision).is_none() {
                changes.push(OutcomeChange {
                    decision: before.decision.clone(),
                    title: before.title.clone(),
                    before: Some(before.text.clone()),
                    after: None,
                    effect: None,
                    reasons: Vec::new(),
                });
            }
        }
        let weight = |change: &OutcomeChange| {
            let effect = |name: &str, lines: &[Outcome]| {
                find(lines, name).is_some_and(|line| line.effect.is_some())
            };
            !(effect(&change.decision, &after.lines) || effect(&change.decision, &self.lines))
        };
        changes.sort_by_key(weight);
        changes
    }

    /// One line: what changed, or else what is still open.
    pub(crate) fn line_to(&self, after: &Self, changes: &[OutcomeChange]) -> String {
        if !changes.is_empty() {
            return told(changes);
        }
        let open: Vec<&Outcome> = after
            .lines
            .iter()
            .filter(|line| line.concerned && line.standing == Standing::Undetermined)
            .collect();
        match open.as_slice() {
            [] => {
                let main = after.lines.iter().find(|line| line.effect.is_some());
                main.map_or_else(
                    || "no outcome changes".to_owned(),
                    |line| format!("no outcome changes; {}: {}", line.title, line.text),
                )
            }
            [first, rest @ ..] => {
                let before = self.lines.iter().find(|line| line.decision == first.decision);
                let were = before.map_or(0, |before| before.missing.len());
                let are = first.missing.len();
                let progress = if are < were {
                    format!("{are} instead of {were} facts are asked for")
                } else {
                    match are {
                        0 => first.text.clone(),
                        1 => "1 fact is asked for".to_owned(),
                        many => format!("{many} facts are asked for"),
                    }
                };
                let next = first.missing.first().map(|path| format!(", next `{path}`"));
                let more = match rest.len() {
                    0 => String::new(),
                    more => format!("; {more} more open"),
                };
                let next = next.unwrap_or_default();
                format!("no outcome changes; {} is open: {progress}{next}{more}", first.title)
            }
        }
    }
}

/// Changes in one line.
pub(crate) fn told(changes: &[OutcomeChange]) -> String {
    let mut parts: Vec<String> = changes
        .iter()
        .take(MOST_TOLD)
        .map(|change| {
            let after = change.after.as_deref().unwrap_or("no longer asked");
            match change.before.as_deref() {
                Some(before) => format!("{}: {} → {after}", change.title, brief(before)),
                None => format!("{}: {after}", change.title),
            }
        })
        .collect();
    let more = changes.len().saturating_sub(parts.len());
    if more > 0 {
        parts.push(format!("and {more} more"));
    }
    parts.join("; ")
}

/// What was undetermined is not told again why.
fn brief(outcome: &str) -> &str {
    outcome.strip_prefix("undetermined").map_or(outcome, |_| "undetermined")
}

fn outcome(rules: &Rulebook, trace: &DecisionTrace, concerned: bool) -> Option<Outcome> {
    let hir = rules.hir();
    let decision = hir.decisions.get(trace.decision)?;
    let because = trace.because.iter().filter_map(|id| {
        let rule = hir.rules.get(*id)?;
        Some(exeat_engine::RuleLine {
            rule: hir.full_name(rule.module, &rule.name),
            title: rule.title.clone(),
            cites: rule.cites.clone(),
        })
    });
    let (standing, missing) = match &trace.determination {
        Determination::Value(_) => (Standing::Determined, Vec::new()),
        Determination::NotNeeded => (Standing::NotNeeded, Vec::new()),
        Determination::Undetermined(why) => {
            (Standing::Undetermined, why.missing.iter().map(|fact| fact.path.clone()).collect())
        }
    };
    Some(Outcome {
        decision: hir.full_name(decision.module, &decision.name),
        title: decision.title.clone().unwrap_or_else(|| decision.name.to_string()),
        text: rules.describe_determination(trace),
        standing,
        effect: trace.effect.map(exeat_model::Effect::name),
        missing,
        because: because.collect(),
        concerned,
    })
}
