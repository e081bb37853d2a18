//! A screened shipment, as it leaves the process: one line of JSON.

use exeat_hir::{DecisionTrace, Determination};
use exeat_model::Date;
use serde::Serialize;

use super::{AssumptionLine, JurisdictionLine};
use crate::{Rulebook, Screened, Standing};

/// The schema of [`ScreeningLine`].
pub const SCREENING_SCHEMA: &str = "exeat.screening/1";

/// What a shipment comes to: `exeat.screening/1`.
#[derive(Clone, Debug, Serialize)]
pub struct ScreeningLine {
    /// `exeat.screening/1`.
    pub schema: &'static str,
    /// The line of the shipment in what was read, from 1.
    pub line: usize,
    /// How the shipment is called there.
    pub id: Option<String>,
    /// The day for which it was asked, as `2025-05-15`.
    pub as_of: String,
    /// The most restrictive effect of all decisions.
    pub effect: Option<&'static str>,
    /// The same for each jurisdiction.
    pub jurisdictions: Vec<JurisdictionLine>,
    /// The decisions; those that are not needed are left out.
    pub decisions: Vec<ScreenedDecision>,
    /// What is taken for granted and the facts contradict.
    pub violated_assumptions: Vec<AssumptionLine>,
    /// The SHA-256 over all rules and libraries.
    pub rules: String,
}

/// What a decision comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ScreenedDecision {
    /// Its full name.
    pub decision: String,
    /// Its title.
    pub title: Option<String>,
    /// Whether it is determined.
    pub standing: Standing,
    /// What it comes to.
    pub outcome: String,
    /// What that means for the shipment.
    pub effect: Option<&'static str>,
    /// The full names of the rules that determine it; none where no rule applies.
    pub because: Vec<String>,
    /// The facts that would still have to be known.
    pub missing: Vec<String>,
    /// What could still come of it.
    pub possible: Vec<String>,
    /// The full names of what is not modelled and leaves it open.
    pub not_modelled: Vec<String>,
    /// What has to be done.
    pub duties: Vec<String>,
}

impl Rulebook {
    /// A screened shipment as it leaves the process. `line` and `id` say which it is.
    pub fn screening_line(
        &self,
        as_of: Date,
        screened: &Screened,
        line: usize,
        id: Option<String>,
    ) -> ScreeningLine {
        let needed = |trace: &&DecisionTrace| trace.determination != Determination::NotNeeded;
        let decisions = screened.traces.iter().filter(needed);
        ScreeningLine {
            schema: SCREENING_SCHEMA,
            line,
            id,
            as_of: as_of.to_string(),
            effect: screened.overall.name(),
            jurisdictions: self.jurisdiction_lines(&screened.jurisdictions),
            decisions: decisions.filter_map(|trace| self.screened_decision(trace)).collect(),
            violated_assumptions: self.assumption_lines(&screened.violated_assumptions),
            rules: self.digests.all.clone(),
        }
    }

    fn screened_decision(&self, trace: &DecisionTrace) -> Option<ScreenedDecision> {
        let hir = self.hir();
        let decision = hir.decisions.get(trace.decision)?;
        let why = match &trace.determination {
            Determination::Undetermined(why) => Some(why),
            Determination::Value(_) | Determination::NotNeeded => None,
        };
        let missing = why.map_or(&[][..], |why| &why.missing).iter();
        let gaps = why.map_or(&[][..], |why| &why.not_modelled).iter();
        let because = trace.because.iter().filter_map(|id| hir.rules.get(*id));
        Some(ScreenedDecision {
            decision: hir.full_name(decision.module, &decision.name),
            title: decision.title.clone(),
            standing: Standing::of(&trace.determination),
            outcome: self.describe_determination(trace),
            effect: trace.effect.map(exeat_model::Effect::name),
            because: because.map(|rule| hir.full_name(rule.module, &rule.name)).collect(),
            missing: missing.map(|fact| fact.path.clone()).collect(),
            possible: self.describe_possible(trace),
            not_modelled: gaps
                .filter_map(|gap| hir.not_modelled.get(gap.item))
                .map(|item| hir.full_name(item.module, &item.name))
                .collect(),
            duties: trace.duties.iter().map(|duty| duty.text.clone()).collect(),
        })
    }
}
