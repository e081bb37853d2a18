//! What leaves the process as JSON: versioned, documented, in a fixed order of fields.
//!
//! A field is never removed or given another meaning within a version; new ones may be added.

mod analysis;
mod calendar;
mod difference;
mod difference_sarif;
mod nearby;
mod scope;
mod screening;

use std::collections::BTreeMap;

use exeat_hir::{AssumptionId, DecisionId, DecisionTrace, Hir, ReadingId};
use exeat_model::{Effect, Provider as _};
use serde::Serialize;

use crate::explain::{missing_line, rule_lines, text_on_one_line};
use crate::{
    AllReadings, Alternative, Concern, Coverage, Decided, DecisionReport, Digests,
    JurisdictionSummary, MissingLine, Question, ReadingUsed, RuleLine, Rulebook, ScenarioRun,
    SourceDigest, Summary, TestRun,
};

pub use analysis::{
    ANALYSIS_SCHEMA, AnalysisDocument, ExampleLine, FindingLine, PlaceLine, ProofLine,
    UndecidedLine,
};
pub use calendar::{
    CALENDAR_SCHEMA, CalendarChange, CalendarDecision, CalendarDocument, CalendarStretch,
    CauseLine, ThroughLine,
};
pub use difference::{
    ChangeExampleLine, ChangeLine, DIFFERENCE_SCHEMA, DifferenceDocument, RuleChangeLine,
    ShipmentDecisionLine, ShipmentLine, UndecidedChangeLine,
};
pub use nearby::{
    CHANGES_SCHEMA, ChangedLine, ChangesDocument, ForcedLine, GivenLine, SearchLine, TurnLine,
    Turning, TurningLine, WhyNotLine,
};
pub use scope::{GapLine, SCOPE_SCHEMA, ScopeCounts, ScopeDocument, ScopeLine};
pub use screening::{SCREENING_SCHEMA, ScreenedDecision, ScreeningLine};

/// The schema of [`DecisionDocument`].
pub const DECISION_SCHEMA: &str = "exeat.decision/1";

/// The schema of [`ReadingsDocument`].
pub const READINGS_SCHEMA: &str = "exeat.readings/1";

/// The schema of [`TestDocument`].
pub const TEST_SCHEMA: &str = "exeat.test/1";

/// An answer: `exeat.decision/1`.
#[derive(Clone, Debug, Serialize)]
pub struct DecisionDocument {
    /// `exeat.decision/1`.
    pub schema: &'static str,
    /// The day for which it was asked, as `2025-05-15`.
    pub as_of: String,
    /// The readings that bear on these decisions on that day, and what was chosen; and those asked for.
    pub readings: Vec<ReadingLine>,
    /// Proposals that decided as if they were in force, by module.
    pub proposals: Vec<String>,
    /// The most restrictive effect: `free`, `free_with_conditions`, `authorisation_needed`,
    /// `prohibited` or `undetermined`; nothing if no decision has one.
    pub effect: Option<&'static str>,
    /// The same for each jurisdiction.
    pub jurisdictions: Vec<JurisdictionLine>,
    /// The most restrictive of them, if more than one takes part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<SummaryLine>,
    /// The decisions.
    pub decisions: Vec<DecisionReport>,
    /// What other readings would change.
    pub other_readings: Vec<OtherReading>,
    /// What is taken for granted and the facts contradict.
    pub violated_assumptions: Vec<AssumptionLine>,
    /// Of which texts the answer was made.
    pub digests: DigestLines,
    /// Of which libraries the answer was made.
    pub plugins: Vec<PluginLine>,
}

/// A reading and its choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReadingLine {
    /// Its full name.
    pub reading: String,
    /// Its title.
    pub title: Option<String>,
    /// The choice; nothing if it is open.
    pub choice: Option<String>,
    /// What the choice is, in words.
    pub choice_title: Option<String>,
    /// Whether nobody asked for it and the default holds.
    pub default: bool,
}

/// What the decisions of a jurisdiction, or of other rules that belong together, mean together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct JurisdictionLine {
    /// Its id; nothing for rules of no loaded jurisdiction.
    pub id: Option<String>,
    /// The first part of the names of its modules.
    pub regime: String,
    /// Its title.
    pub title: String,
    /// Whether it takes part.
    pub concern: Concern,
    /// The most restrictive effect.
    pub effect: Option<&'static str>,
    /// If the effect is undetermined: the least restrictive that it can still be.
    pub at_least: Option<&'static str>,
    /// Its decisions, by their full names.
    pub decisions: Vec<String>,
    /// Those of them that are undetermined.
    pub open: Vec<String>,
    /// If it is open whether it takes part: the facts on which that depends.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<MissingLine>,
}

/// The most restrictive of the regimes that take part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SummaryLine {
    /// The effect.
    pub effect: Option<&'static str>,
    /// If the effect is undetermined: the least restrictive that it can still be.
    pub at_least: Option<&'static str>,
    /// The regimes that take part, or may.
    pub of: Vec<String>,
    /// Those of them in which something is undetermined, whether or not it could change the effect.
    pub open: Vec<String>,
}

/// Another choice of a reading, and what it would change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OtherReading {
    /// The full name of the reading.
    pub reading: String,
    /// The other choice.
    pub choice: String,
    /// What the choice is, in words.
    pub choice_title: Option<String>,
    /// The decisions that would come out differently, or by other rules.
    pub changes: Vec<Change>,
}

/// A decision under another reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Its full name.
    pub decision: String,
    /// Its title.
    pub title: Option<String>,
    /// What it comes to as asked.
    pub before: String,
    /// What it would come to; the same where only the rules differ.
    pub after: String,
    /// The rules that would determine it.
    pub reasons: Vec<RuleLine>,
    /// Where it is laid down, if no rule would apply.
    pub otherwise: Option<Vec<String>>,
}

/// Something taken for granted that the facts contradict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AssumptionLine {
    /// The module in which it stands.
    pub module: String,
    /// Its text.
    pub text: String,
    /// Why it was taken for granted.
    pub because: String,
}

/// SHA-256 of the texts, in lower-case hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DigestLines {
    /// One over all texts and libraries.
    pub all: String,
    /// The rule files.
    pub policies: Vec<DigestLine>,
    /// The table files.
    pub tables: Vec<DigestLine>,
}

/// A text and its SHA-256.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DigestLine {
    /// Its name.
    pub name: String,
    /// Its SHA-256.
    pub sha256: String,
}

/// A jurisdiction library.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PluginLine {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its version.
    pub version: String,
    /// The day whose state its data shows.
    pub data_vintage: String,
    /// Its SHA-256.
    pub sha256: String,
}

/// The answers under all readings that matter, side by side: `exeat.readings/1`.
#[derive(Clone, Debug, Serialize)]
pub struct ReadingsDocument {
    /// `exeat.readings/1`.
    pub schema: &'static str,
    /// The day for which it was asked, as `2025-05-15`.
    pub as_of: String,
    /// The answers, each once, with the choices that give it.
    pub answers: Vec<ReadingsAnswer>,
    /// Whether there are more combinations of choices than were tried.
    pub capped: bool,
    /// Of which texts the answers were made.
    pub digests: DigestLines,
    /// Of which libraries the answers were made.
    pub plugins: Vec<PluginLine>,
}

/// An answer and the choices of readings that give it.
#[derive(Clone, Debug, Serialize)]
pub struct ReadingsAnswer {
    /// The combinations of choices, each as `reading.choice` by its full name.
    pub readings: Vec<Vec<String>>,
    /// The most restrictive effect.
    pub effect: Option<&'static str>,
    /// The same for each jurisdiction.
    pub jurisdictions: Vec<JurisdictionLine>,
    /// The decisions.
    pub decisions: Vec<OutcomeUnder>,
}

/// What a decision comes to, in short.
#[derive(Clone, Debug, Serialize)]
pub struct OutcomeUnder {
    /// Its full name.
    pub decision: String,
    /// Its title.
    pub title: Option<String>,
    /// What it comes to, and if it is undetermined what it could still be.
    pub outcome: String,
    /// The rules that determine it.
    pub reasons: Vec<RuleLine>,
}

/// A run of scenarios: `exeat.test/1`.
#[derive(Clone, Debug, Serialize)]
pub struct TestDocument<'a> {
    /// `exeat.test/1`.
    pub schema: &'static str,
    /// How many scenarios were run.
    pub run: usize,
    /// How many of them are as expected.
    pub passed: usize,
    /// How many of them are not.
    pub failed: usize,
    /// The scenarios, in the order of their files.
    pub scenarios: &'a [ScenarioRun],
    /// What of the rules they reach.
    pub coverage: &'a Coverage,
}

impl Rulebook {
    /// An answer as it leaves the process.
    pub fn decision_document(
        &self,
        question: &Question,
        decided: &Decided,
        alternatives: &[Alternative],
        tree: bool,
    ) -> DecisionDocument {
        let hir = self.hir();
        let module = |id| hir.modules.get(id).map_or_else(String::new, |m| m.name.to_string());
        DecisionDocument {
            schema: DECISION_SCHEMA,
            as_of: decided.as_of.to_string(),
            readings: decided.readings.iter().filter_map(|used| reading_line(hir, used)).collect(),
            proposals: decided.proposals.iter().map(|id| module(*id)).collect(),
            effect: decided.overall.name(),
            jurisdictions: self.jurisdiction_lines(&decided.jurisdictions),
            summary: decided.summary.as_ref().map(summary_line),
            decisions: self.explain(question, decided, tree),
            other_readings: alternatives.iter().filter_map(|one| self.other_reading(one)).collect(),
            violated_assumptions: self.assumption_lines(&decided.violated_assumptions),
            digests: digest_lines(&decided.digests),
            plugins: self.plugin_lines(),
        }
    }

    fn assumption_lines(&self, violated: &[AssumptionId]) -> Vec<AssumptionLine> {
        let hir = self.hir();
        let found = violated.iter().filter_map(|id| hir.assumptions.get(*id));
        found
            .map(|assumption| AssumptionLine {
                module: hir
                    .modules
                    .get(assumption.module)
                    .map_or_else(String::new, |module| module.name.to_string()),
                text: self.one_line(assumption.condition.span),
                because: assumption.because.clone(),
            })
            .collect()
    }

    fn jurisdiction_lines(&self, summaries: &[JurisdictionSummary]) -> Vec<JurisdictionLine> {
        let hir = self.hir();
        let named = |decisions: &[DecisionId]| {
            let known = decisions.iter().filter_map(|id| hir.decisions.get(*id));
            known.map(|one| hir.full_name(one.module, &one.name)).collect()
        };
        let line = |summary: &JurisdictionSummary| JurisdictionLine {
            id: summary.id.as_ref().map(ToString::to_string),
            regime: summary.regime.to_string(),
            title: summary.title.clone(),
            concern: summary.concern,
            effect: summary.effect.name(),
            at_least: summary.at_least.map(Effect::name),
            decisions: named(&summary.decisions),
            open: named(&summary.open),
            missing: summary.missing.iter().map(|fact| missing_line(hir, fact)).collect(),
        };
        summaries.iter().map(line).collect()
    }

    /// The answers under all readings as they leave the process.
    pub fn readings_document(&self, question: &Question, all: &AllReadings) -> ReadingsDocument {
        let hir = self.hir();
        let choices = |choices: &BTreeMap<ReadingId, usize>| {
            let name = |(reading, choice): (&ReadingId, &usize)| {
                let reading = hir.readings.get(*reading)?;
                let choice = &reading.choices.get(*choice)?.name;
                Some(format!("{}.{choice}", hir.full_name(reading.module, &reading.name)))
            };
            choices.iter().filter_map(name).collect()
        };
        let outcome = |trace: &DecisionTrace| {
            let decision = hir.decisions.get(trace.decision)?;
            Some(OutcomeUnder {
                decision: hir.full_name(decision.module, &decision.name),
                title: decision.title.clone(),
                outcome: self.describe_with_possible(trace),
                reasons: rule_lines(hir, &trace.because),
            })
        };
        let answers = all.groups.iter().map(|group| ReadingsAnswer {
            readings: group.choices.iter().map(choices).collect(),
            effect: group.decided.overall.name(),
            jurisdictions: self.jurisdiction_lines(&group.decided.jurisdictions),
            decisions: group.decided.traces.iter().filter_map(outcome).collect(),
        });
        ReadingsDocument {
            schema: READINGS_SCHEMA,
            as_of: question.as_of.to_string(),
            answers: answers.collect(),
            capped: all.capped,
            digests: digest_lines(self.digests()),
            plugins: self.plugin_lines(),
        }
    }

    /// What another choice of a reading would change, in words.
    pub fn other_reading(&self, alternative: &Alternative) -> Option<OtherReading> {
        let hir = self.hir();
        let reading = hir.readings.get(alternative.reading)?;
        let choice = reading.choices.get(alternative.choice)?;
        let changes = alternative.differences.iter().filter_map(|difference| {
            let decision = hir.decisions.get(difference.decision)?;
            Some(Change {
                decision: hir.full_name(decision.module, &decision.name),
                title: decision.title.clone(),
                before: self.describe_with_possible(&difference.before),
                after: self.describe_with_possible(&difference.after),
                reasons: rule_lines(hir, &difference.after.because),
                otherwise: difference.after.otherwise.then(|| decision.otherwise_cites.clone()),
            })
        });
        Some(OtherReading {
            reading: hir.full_name(reading.module, &reading.name),
            choice: choice.name.to_string(),
            choice_title: choice.title.clone(),
            changes: changes.collect(),
        })
    }

    /// The jurisdictions that took part: those that some module uses.
    pub fn plugin_lines(&self) -> Vec<PluginLine> {
        let used = |id: &str| self.hir().jurisdictions.iter().any(|known| known.id == id);
        self.jurisdictions()
            .iter()
            .map(|loaded| loaded.description())
            .filter(|description| used(&description.id))
            .map(|description| PluginLine {
                id: description.id.to_string(),
                title: description.title.clone(),
                version: description.version.clone(),
                data_vintage: description.data_vintage.to_string(),
                sha256: description.digest.clone(),
            })
            .collect()
    }

    /// A run of scenarios as it leaves the process.
    pub fn test_document<'a>(&self, run: &'a TestRun) -> TestDocument<'a> {
        let failed = run.failed();
        TestDocument {
            schema: TEST_SCHEMA,
            run: run.scenarios.len(),
            passed: run.scenarios.len().saturating_sub(failed),
            failed,
            scenarios: &run.scenarios,
            coverage: &run.coverage,
        }
    }

    fn one_line(&self, span: exeat_diagnostics::Span) -> String {
        text_on_one_line(&self.sources, span)
    }
}

fn digest_lines(digests: &Digests) -> DigestLines {
    let line = |digest: &SourceDigest| DigestLine {
        name: digest.name.clone(),
        sha256: digest.sha256.clone(),
    };
    DigestLines {
        all: digests.all.clone(),
        policies: digests.policies.iter().map(line).collect(),
        tables: digests.tables.iter().map(line).collect(),
    }
}

fn summary_line(summary: &Summary) -> SummaryLine {
    SummaryLine {
        effect: summary.effect.name(),
        at_least: summary.at_least.map(Effect::name),
        of: summary.of.iter().map(ToString::to_string).collect(),
        open: summary.open.iter().map(ToString::to_string).collect(),
    }
}

fn reading_line(hir: &Hir, used: &ReadingUsed) -> Option<ReadingLine> {
    let reading = hir.readings.get(used.reading)?;
    let choice = used.choice.and_then(|choice| reading.choices.get(choice));
    Some(ReadingLine {
        reading: hir.full_name(reading.module, &reading.name),
        title: reading.title.clone(),
        choice: choice.map(|choice| choice.name.to_string()),
        choice_title: choice.and_then(|choice| choice.title.clone()),
        default: used.default,
    })
}

/// A document as JSON on one line.
pub fn to_json_line(document: &impl Serialize) -> String {
    let mut text = serde_json::to_string(document).unwrap_or_else(|fault| unwritten(&fault));
    text.push('\n');
    text
}

/// Our structs hold only text, numbers and lists, so this cannot fail; if it ever does, the reader gets a
/// JSON text that says so.
fn unwritten(fault: &serde_json::Error) -> String {
    serde_json::json!({ "error": format!("the answer could not be written: {fault}") }).to_string()
}

/// A document as JSON text, indented, with a final line break.
pub fn to_json(document: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(document).unwrap_or_else(|fault| unwritten(&fault));
    text.push('\n');
    text
}
