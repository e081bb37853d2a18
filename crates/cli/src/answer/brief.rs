//! A determination in short: outcomes, what determines them, and what is asked next.

use std::fmt::Write as _;

use exeat_engine::wire::DecisionDocument;
use exeat_engine::{DecisionReport, Standing};
use owo_colors::OwoColorize as _;

use super::wrap::wrapped;
use super::{headed, painted, regimes, ruled, short, silent};

/// How many facts that are missing are named.
const MOST_MISSING: usize = 4;

/// The outcomes, a few lines each.
pub(super) fn text(document: &DecisionDocument) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "As of {}", document.as_of.bold());
    let parts = regimes::parts(document);
    if let Some(summary) = &document.summary {
        regimes::summary(&mut text, summary, &parts);
    }
    for part in &parts {
        if document.summary.is_some() {
            let _ = writeln!(text, "--- {}  {}", part.regime.regime.bold(), part.regime.title);
        }
        if regimes::only_asks(part.regime) {
            let first = part.regime.missing.first();
            let asked = first.map_or("", |fact| fact.path.as_str());
            let _ = writeln!(text, "it is not known whether it is concerned: {}", asked.cyan());
            continue;
        }
        for report in part.decisions.iter().filter(|report| !silent(report)) {
            decision(&mut text, report);
        }
    }
    text
}

fn decision(text: &mut String, report: &DecisionReport) {
    let title = headed(report.title.as_deref().unwrap_or_else(|| short(&report.decision)));
    let outcome = match (report.standing, &report.outcome) {
        (Standing::Determined, Some(outcome)) => painted(&outcome.text, report.effect.as_deref()),
        (Standing::NotNeeded, _) => "not needed".to_owned(),
        _ => format!(
            "{} ({})",
            "undetermined".yellow().bold(),
            report.undetermined_because.join(", ")
        ),
    };
    let _ = writeln!(text, "{} {outcome}", title.bold());
    for reason in report.reasons.iter().take(2) {
        let _ = writeln!(text, "  because {}", ruled(reason));
    }
    if !report.possible.is_empty() && report.standing == Standing::Undetermined {
        let possible = super::possible(&report.possible).join(", ");
        text.push_str(&wrapped(&format!("still possible: {possible}"), 2, 4));
    }
    if !report.missing.is_empty() {
        let paths = report.missing.iter().take(MOST_MISSING).map(|fact| fact.path.clone());
        let named = paths.collect::<Vec<_>>().join(", ");
        let more = report.missing.len().saturating_sub(MOST_MISSING);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        text.push_str(&wrapped(&format!("asks for {named}{more}"), 2, 4));
    }
}
