//! What was found about all transactions, as it leaves the process.

use exeat_analyze::{Analysis, Example, Finding, Options, Subject};
use exeat_diagnostics::{Diagnostic, Span};
use exeat_hir::Hir;
use exeat_model::Interval;
use serde::Serialize;

use super::{DigestLines, PluginLine, digest_lines};
use crate::Rulebook;

/// The schema of [`AnalysisDocument`].
pub const ANALYSIS_SCHEMA: &str = "exeat.analysis/1";

/// What was found about all transactions: `exeat.analysis/1`.
#[derive(Clone, Debug, Serialize)]
pub struct AnalysisDocument {
    /// `exeat.analysis/1`.
    pub schema: &'static str,
    /// The days that were looked at: `always`, `from 2025-05-15 until 2025-05-16`.
    pub days: String,
    /// Over how many stretches of days on which the same rules have force.
    pub epochs: usize,
    /// What was found, in the order of the sources; accepted findings too.
    pub findings: Vec<FindingLine>,
    /// The assertions that hold for all transactions.
    pub proved: Vec<ProofLine>,
    /// The questions that were not decided.
    pub undecided: Vec<UndecidedLine>,
    /// Of which texts it was made.
    pub digests: DigestLines,
    /// Of which libraries it was made.
    pub plugins: Vec<PluginLine>,
}

/// A finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FindingLine {
    /// Its code, as `A004`.
    pub code: &'static str,
    /// What is so, in a sentence.
    pub message: String,
    /// What it is about, by full names.
    pub about: Vec<String>,
    /// Where that stands.
    pub places: Vec<PlaceLine>,
    /// The decision that it concerns, by its full name.
    pub decision: Option<String>,
    /// Which transactions it concerns, one condition an entry.
    pub region: Vec<String>,
    /// The days on which it is so.
    pub days: Vec<String>,
    /// A transaction that shows it, confirmed by the reference interpreter.
    pub example: Option<ExampleLine>,
    /// What may be done.
    pub help: Vec<String>,
    /// Why it is accepted; nothing if it is not.
    pub accepted: Option<String>,
}

/// Where something stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlaceLine {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
}

/// A transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExampleLine {
    /// The day, the readings and the facts in words, one an entry: `destination = CN`.
    pub given: Vec<String>,
    /// What the decisions come to, in words.
    pub outcomes: Vec<String>,
    /// The same as a scenario that passes now, if it shows what a decision comes to.
    pub scenario: Option<String>,
}

/// An assertion that holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProofLine {
    /// The assertion by its full name.
    pub assertion: String,
    /// The days for which it was shown.
    pub days: Vec<String>,
}

/// A question that was not decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UndecidedLine {
    /// The code of what was looked for.
    pub code: &'static str,
    /// The question, and within what it was not decided.
    pub message: String,
    /// What it is about, by full names.
    pub about: Vec<String>,
    /// The days for which it was not.
    pub days: Vec<String>,
    /// Why that is accepted; nothing if it is not.
    pub accepted: Option<String>,
}

impl Rulebook {
    /// An analysis as a document.
    pub fn analysis_document(&self, options: &Options, analysis: &Analysis) -> AnalysisDocument {
        let hir = self.hir();
        let proved = analysis.proved.iter().map(|proof| ProofLine {
            assertion: full_names(hir, &Subject::Assertion(proof.assertion)).concat(),
            days: words(&proof.days),
        });
        let undecided = analysis.undecided.iter().map(|one| UndecidedLine {
            code: one.kind.code().0,
            message: one.diagnostic(hir, &analysis.budget).message,
            about: full_names(hir, &one.subject),
            days: words(&one.days),
            accepted: one.accepted.clone(),
        });
        AnalysisDocument {
            schema: ANALYSIS_SCHEMA,
            days: options.over.to_string(),
            epochs: analysis.epochs,
            findings: analysis.findings.iter().map(|finding| self.finding_line(finding)).collect(),
            proved: proved.collect(),
            undecided: undecided.collect(),
            digests: digest_lines(self.digests()),
            plugins: self.plugin_lines(),
        }
    }

    fn finding_line(&self, finding: &Finding) -> FindingLine {
        let hir = self.hir();
        let Diagnostic { message, help, .. } = finding.diagnostic(hir);
        let place = |span: Span| {
            let (file, place) = self.sources().position(span.start)?;
            Some(PlaceLine {
                file: self.project().relative(&file.name),
                line: place.line,
                column: place.column,
            })
        };
        let decision = finding.decision.and_then(|id| hir.decisions.get(id));
        let example = |example: &Example| ExampleLine {
            given: example.describe(hir),
            outcomes: example.describe_outcomes(hir, finding.decision),
            scenario: finding.scenario(hir),
        };
        FindingLine {
            code: finding.kind.code().0,
            message,
            about: full_names(hir, &finding.subject),
            places: finding.subject.spans(hir).into_iter().filter_map(place).collect(),
            decision: decision.map(|one| hir.full_name(one.module, &one.name)),
            region: finding.region.clone(),
            days: words(&finding.days),
            example: finding.example.as_ref().map(example),
            help,
            accepted: finding.accepted.clone(),
        }
    }
}

fn words(days: &[Interval]) -> Vec<String> {
    days.iter().map(ToString::to_string).collect()
}

fn full_names(hir: &Hir, subject: &Subject) -> Vec<String> {
    match subject {
        Subject::Rules(rules) => {
            let rules = rules.iter().filter_map(|id| hir.rules.get(*id));
            rules.map(|rule| hir.full_name(rule.module, &rule.name)).collect()
        }
        Subject::NotModelled(id) => {
            let found = hir.not_modelled.get(*id);
            found.map(|one| hir.full_name(one.module, &one.name)).into_iter().collect()
        }
        Subject::Fact(id, path) => {
            let found = hir.facts.get(*id);
            found.map(|fact| hir.full_name(fact.module, path)).into_iter().collect()
        }
        Subject::Reading(id) => {
            let found = hir.readings.get(*id);
            found.map(|one| hir.full_name(one.module, &one.name)).into_iter().collect()
        }
        Subject::Assertion(id) => {
            let found = hir.assertions.get(*id);
            found.map(|one| hir.full_name(one.module, &one.name)).into_iter().collect()
        }
        Subject::Acceptance(_, code) => vec![code.clone()],
    }
}
