//! What a determination comes to, in short, and how two of them differ.

use exeat_engine::{Concern, Decided, Rulebook, Standing};
use exeat_hir::{DecisionTrace, Determination, Ty};

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
    /// How many outcomes are possible.
    pub(crate) possible: usize,
    /// Whether it says what may be done with the shipment.
    pub(crate) is_main: bool,
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

    /// The decisions that come out differently, the ones that speak of the whole shipment first.
    pub(crate) fn changes_to(&self, after: &Self) -> Vec<OutcomeChange> {
        let find = |lines: &[Outcome], name: &str| {
            lines.iter().find(|line| line.decision == name).cloned()
        };
        let mut changes = Vec::new();
        for now in &after.lines {
            let before = find(&self.lines, &now.decision);
            if before.as_ref().is_none_or(|before| before.differs_from(now)) {
                changes.push((
                    !now.is_main,
                    OutcomeChange {
                        decision: now.decision.clone(),
                        title: now.title.clone(),
                        before: before.map(|before| before.text),
                        after: Some(now.text.clone()),
                        effect: now.effect,
                        reasons: now.because.clone(),
                    },
                ));
            }
        }
        for before in &self.lines {
            if find(&after.lines, &before.decision).is_none() {
                changes.push((
                    !before.is_main,
                    OutcomeChange {
                        decision: before.decision.clone(),
                        title: before.title.clone(),
                        before: Some(before.text.clone()),
                        after: None,
                        effect: None,
                        reasons: Vec::new(),
                    },
                ));
            }
        }
        changes.sort_by_key(|(rank, _)| *rank);
        changes.into_iter().map(|(_, change)| change).collect()
    }

    /// Decisions that are open before and after, and can be less than before: told with both counts.
    pub(crate) fn narrowed_to(&self, after: &Self) -> Vec<String> {
        let narrowed = after.open().filter_map(|now| {
            let before = self.lines.iter().find(|line| line.decision == now.decision)?;
            let (were, are) = (before.possible, now.possible);
            let words = format!("{}: {are} instead of {were} outcomes are possible", now.title);
            (before.standing == now.standing && were != are).then_some(words)
        });
        narrowed.collect()
    }

    /// What is open, the decisions that speak of the whole shipment first.
    fn open(&self) -> impl Iterator<Item = &Outcome> {
        let open = |line: &&Outcome| line.concerned && line.standing == Standing::Undetermined;
        let main = self.lines.iter().filter(open).filter(|line| line.is_main);
        main.chain(self.lines.iter().filter(open).filter(|line| !line.is_main))
    }

    /// One line: what changed, or else what is still open.
    pub(crate) fn line_to(&self, after: &Self, changes: &[OutcomeChange]) -> String {
        if !changes.is_empty() {
            return told(changes);
        }
        let nothing = if self.lines.is_empty() { "" } else { "no outcome changes; " };
        let open: Vec<&Outcome> = after.open().collect();
        let [first, rest @ ..] = open.as_slice() else {
            let main = after.lines.iter().find(|line| line.is_main && line.concerned);
            let main = main.or_else(|| after.lines.iter().find(|line| line.concerned));
            return main.map_or_else(
                || "no outcome changes".to_owned(),
                |line| format!("{nothing}{}: {}", line.title, line.text),
            );
        };
        let before = self.lines.iter().find(|line| line.decision == first.decision);
        let were = before.map_or(0, |before| before.missing.len());
        let are = first.missing.len();
        let asked = match are {
            0 => first.text.clone(),
            1 => "1 fact is asked for".to_owned(),
            many if many < were => format!("{many} facts are asked for, not {were}"),
            many => format!("{many} facts are asked for"),
        };
        let next = first.missing.first().map(|path| format!(", next `{path}`")).unwrap_or_default();
        let more = match rest.len() {
            0 => String::new(),
            more => format!("; {more} more open"),
        };
        format!("{nothing}{} is open: {asked}{next}{more}", first.title)
    }
}

impl Outcome {
    /// Whether it comes to something else. That other facts are missing for it is no other outcome.
    fn differs_from(&self, other: &Self) -> bool {
        let broken = |one: &Self| one.text.contains("conflict") || one.text.contains("error");
        let open = |one: &Self| one.standing == Standing::Undetermined;
        let as_open = open(self) && open(other) && !broken(self) && !broken(other);
        self.text != other.text && !as_open
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
    let is_main = match decision.ty {
        Ty::Outcome(scale) => hir
            .scales
            .get(scale)
            .is_some_and(|scale| scale.outcomes.iter().any(|one| one.effect.is_some())),
        _ => false,
    };
    let mut possible = 1;
    let (standing, missing) = match &trace.determination {
        Determination::Value(_) => (Standing::Determined, Vec::new()),
        Determination::NotNeeded => (Standing::NotNeeded, Vec::new()),
        Determination::Undetermined(why) => {
            possible = why.possible.len();
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
        possible,
        is_main,
        because: because.collect(),
        concerned,
    })
}
