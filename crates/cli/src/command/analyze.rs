use std::collections::BTreeSet;
use std::fmt::Write as _;

use exeat_diagnostics::{Diagnostic, Severity, SourceMap};
use exeat_engine::analyze::{Analysis, Finding, Options};
use exeat_engine::{Session, wire};
use exeat_model::Interval;

use super::check::counted;
use super::{FINDINGS, UNREADABLE, facts};
use crate::arguments::{AnalysisFormat, AnalyzeArguments, DiagnosticFormat};
use crate::output::Output;

/// `exeat analyze`.
pub(crate) fn run(arguments: &AnalyzeArguments, output: &Output) -> u8 {
    let (session, sources) = match super::load(&arguments.project, &arguments.paths, None, output) {
        Ok(loaded) => loaded,
        Err(code) => return code,
    };
    let options = match options(&session, arguments) {
        Ok(options) => options,
        Err(problems) => {
            output.problems(&problems, &sources);
            return UNREADABLE;
        }
    };
    if arguments.format == AnalysisFormat::Smt2 {
        return script(&session, &options, output);
    }
    let analysis = match session.analyse(&options) {
        Ok(analysis) => analysis,
        Err(problem) => {
            output.problem(problem);
            return FINDINGS;
        }
    };
    let problems = problems(&session, arguments, &analysis);
    let shown = |format| output.as_answer(format, &problems, &sources);
    match arguments.format {
        AnalysisFormat::Text => {
            output.answer(&text(&session, arguments, &analysis, &sources, output));
        }
        AnalysisFormat::Plain => {
            output.answer(&format!("{}{}", shown(DiagnosticFormat::Plain), counts(&analysis)));
        }
        AnalysisFormat::Json => {
            output.answer(&wire::to_json(&session.analysis_document(&options, &analysis)));
        }
        AnalysisFormat::Sarif => output.answer(&shown(DiagnosticFormat::Sarif)),
        AnalysisFormat::Github => output.answer(&shown(DiagnosticFormat::Github)),
        AnalysisFormat::Smt2 => {}
    }
    if analysis.is_wanting() { FINDINGS } else { 0 }
}

/// Writes the questions for another solver. What they come to is not judged here.
fn script(session: &Session, options: &Options, output: &Output) -> u8 {
    match session.analysis_script(options) {
        Ok(script) => {
            output.answer(&script.text);
            0
        }
        Err(problem) => {
            output.problem(problem);
            FINDINGS
        }
    }
}

fn options(session: &Session, arguments: &AnalyzeArguments) -> Result<Options, Vec<Diagnostic>> {
    let mut problems = Vec::new();
    let as_of = facts::day("--as-of", arguments.as_of.as_deref(), &mut problems);
    let today = facts::day("--today", arguments.today.as_deref(), &mut problems);
    let mut find = |names: &[String]| {
        let mut found = BTreeSet::new();
        for name in names {
            match session.find_module(name) {
                Ok(module) => drop(found.insert(module)),
                Err(problem) => problems.push(problem),
            }
        }
        found
    };
    let proposals = find(&arguments.include);
    let named = find(&arguments.modules);
    if !problems.is_empty() {
        return Err(problems);
    }
    let hir = session.hir();
    let below = |name: &str| {
        named.iter().filter_map(|id| hir.modules.get(*id)).any(|module| {
            let rest = name.strip_prefix(module.name.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    };
    let modules = (!named.is_empty()).then(|| {
        let all = hir.modules.iter().filter(|(_, module)| below(&module.name));
        all.map(|(id, _)| id).collect()
    });
    let over = as_of
        .map_or(Interval::ALWAYS, |day| Interval { from: Some(day), until: day.tomorrow().ok() });
    Ok(Options { over, modules, proposals, today, ..Options::default() })
}

/// What is shown as problems.
fn problems(
    session: &Session,
    arguments: &AnalyzeArguments,
    analysis: &Analysis,
) -> Vec<Diagnostic> {
    let mut problems = analysis.diagnostics(session.hir());
    if arguments.accepted {
        problems.extend(analysis.findings.iter().filter_map(|one| accepted(session, one)));
    }
    problems
}

fn accepted(session: &Session, finding: &Finding) -> Option<Diagnostic> {
    let because = finding.accepted.as_ref()?;
    let mut shown = finding.diagnostic(session.hir());
    shown.severity = Severity::Note;
    shown.help = vec![format!("Accepted: {because}.")];
    Some(shown)
}

fn text(
    session: &Session,
    arguments: &AnalyzeArguments,
    analysis: &Analysis,
    sources: &SourceMap,
    output: &Output,
) -> String {
    let problems = problems(session, arguments, analysis);
    let mut text = output.as_answer(DiagnosticFormat::Text, &problems, sources);
    if arguments.scenarios {
        for finding in analysis.open() {
            let Some(scenario) = finding.scenario(session.hir()) else { continue };
            let laid_out = exeat_format::format(&scenario, 0).unwrap_or(scenario);
            let _ = write!(text, "\n{laid_out}");
        }
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text + &counts(analysis)
}

/// One line that counts what came of an analysis.
pub(super) fn counts(analysis: &Analysis) -> String {
    let open = analysis.open().count();
    let accepted = analysis.findings.len().saturating_sub(open);
    let mut parts = vec![counted(open, "finding", "findings")];
    if accepted > 0 {
        parts.push(format!("{accepted} accepted"));
    }
    parts.push(format!("{} proved", counted(analysis.proved.len(), "assertion", "assertions")));
    if !analysis.undecided.is_empty() {
        parts.push(format!(
            "{} not decided",
            counted(analysis.undecided.len(), "question", "questions")
        ));
    }
    format!(
        "analysed all transactions over {}: {}\n",
        counted(analysis.epochs, "stretch of days", "stretches of days"),
        parts.join(", ")
    )
}
