//! A decision as Markdown, to paste into a memo or a pull request.

use std::fmt::Write as _;

use exeat_engine::wire::{DecisionDocument, ReadingsDocument};
use exeat_engine::{DecisionReport, FailedCondition, MissingLine, RuleLine, Standing};

use super::{capped, headed, possible, regimes, short, shown, through, under};

/// The whole answer.
pub(crate) fn answer(document: &DecisionDocument) -> String {
    let mut text = format!("# Determination as of {}\n\n", document.as_of);
    for reading in regimes::readings(document) {
        let choice = reading.choice.as_deref().map(|choice| format!("`{choice}`"));
        let default = if choice.is_some() && reading.default { " (default)" } else { "" };
        let choice = choice.unwrap_or_else(|| "left open".to_owned());
        let _ = writeln!(text, "- reading `{}`: {choice}{default}", reading.reading);
    }
    for proposal in &document.proposals {
        let _ = writeln!(text, "- with the proposal `{proposal}`, which is not in force");
    }
    let parts = regimes::parts(document);
    let several = document.summary.is_some();
    if let Some(summary) = &document.summary {
        let _ = writeln!(text, "\n## Summary: {}\n", escaped(&regimes::overall(summary)));
        text.push_str("| | effect | |\n| --- | --- | --- |\n");
        for part in &parts {
            let effect = regimes::effect(part.regime.effect, part.regime.at_least);
            let outcomes = escaped(&regimes::outcomes(part));
            let _ = writeln!(text, "| {} | {effect} | {outcomes} |", escaped(&part.regime.title));
        }
    }
    for part in &parts {
        if several {
            let _ = writeln!(text, "\n## {}", escaped(&part.regime.title));
        }
        if regimes::only_asks(part.regime) {
            text.push_str("\nIt is not known whether it is concerned:\n\n");
            missing(&mut text, &part.regime.missing);
            continue;
        }
        for report in &part.decisions {
            decision(&mut text, report, if several { "###" } else { "##" });
        }
    }
    for title in regimes::not_concerned(document) {
        let _ = writeln!(text, "\nNot concerned: {}", escaped(title));
    }
    for other in &document.other_readings {
        let _ = writeln!(text, "\n## Under `{}.{}`\n", other.reading, other.choice);
        for change in &other.changes {
            let title = change.title.as_deref().unwrap_or_else(|| short(&change.decision));
            let same = if change.after == change.before { ", by other rules" } else { "" };
            let _ = writeln!(
                text,
                "- {} **{}**{same}",
                escaped(&headed(title)),
                escaped(&change.after)
            );
            for reason in &change.reasons {
                let _ = writeln!(text, "  - because {}", ruled(reason));
            }
            if let Some(cites) = &change.otherwise {
                let _ = writeln!(text, "  - because no rule applies{}", cited(cites));
            }
        }
    }
    for assumption in &document.violated_assumptions {
        let _ = writeln!(
            text,
            "\n> The facts contradict what `{}` takes for granted: {}",
            assumption.module,
            escaped(&assumption.because)
        );
    }
    let _ = writeln!(text, "\nRules and libraries: SHA-256 `{}`", document.digests.all);
    text
}

fn decision(text: &mut String, report: &DecisionReport, level: &str) {
    let title = report.title.as_deref().unwrap_or_else(|| short(&report.decision));
    let outcome = match (report.standing, &report.outcome) {
        (Standing::Determined, Some(outcome)) => outcome.text.clone(),
        (Standing::NotNeeded, _) => "not needed".to_owned(),
        _ => format!("undetermined ({})", report.undetermined_because.join(", ")),
    };
    let _ = writeln!(text, "\n{level} {} {}\n", escaped(&headed(title)), escaped(&outcome));
    if report.standing == Standing::NotNeeded {
        return;
    }
    for reason in &report.reasons {
        let _ = writeln!(text, "- because {}", ruled(reason));
    }
    if let Some(cites) = &report.otherwise {
        let _ = writeln!(text, "- because no rule applies{}", cited(cites));
    }
    for rule in &report.conflict {
        let _ = writeln!(text, "- in conflict: {}", ruled(rule));
    }
    for figure in &report.figures {
        let name = figure.title.as_deref().unwrap_or_else(|| short(&figure.name));
        let value = figure.value.as_deref().unwrap_or("not known");
        let _ = writeln!(text, "- {}: {}{}", escaped(name), escaped(value), cited(&figure.cites));
    }
    if report.standing == Standing::Undetermined && !report.possible.is_empty() {
        let _ =
            writeln!(text, "- still possible: {}", escaped(&possible(&report.possible).join(", ")));
    }
    missing(text, &report.missing);
    for error in &report.errors {
        let _ = writeln!(text, "- error: {}", escaped(error));
    }
    for gap in report.not_modelled.iter().filter(|gap| gap.bears) {
        let what =
            if gap.status == "touched" { "not modelled" } else { "may touch what is not modelled" };
        let _ = writeln!(text, "- {what}: {}{}", ruled(&gap.rule), escaped(&through(gap)));
    }
    for exception in report.considered.iter().filter(|rule| rule.kind == "exception" && rule.bears)
    {
        let status = match exception.status {
            "condition_false" => "does not apply",
            "open" => "is open",
            "defeated" => "is itself excepted",
            other => other,
        };
        let _ = writeln!(text, "- exception looked at: {} {status}", ruled(&exception.rule));
        failed(text, &exception.why);
    }
    for duty in &report.duties {
        let what = escaped(&(duty.text.clone() + &duty.due()));
        let _ = writeln!(text, "- to do: {what}{}", cited(&duty.cites));
    }
}

fn missing(text: &mut String, facts: &[MissingLine]) {
    for fact in facts {
        let ask = fact.ask.as_deref().map(|ask| format!(": {}", escaped(ask)));
        let _ = writeln!(text, "- not known: `{}`{}", fact.path, ask.unwrap_or_default());
    }
}

fn failed(text: &mut String, conditions: &[FailedCondition]) {
    for condition in conditions {
        let truth = match condition.truth {
            "true" => "so",
            "false" => "not so",
            _ => "open",
        };
        let detail = condition.detail.as_deref().map(|detail| format!(" ({})", escaped(detail)));
        let _ = writeln!(text, "  - {truth}: `{}`{}", condition.text, detail.unwrap_or_default());
    }
}

/// All readings side by side, as a table.
pub(crate) fn side_by_side(document: &ReadingsDocument) -> String {
    let mut text = format!("# Determinations as of {}\n\n| reading |", document.as_of);
    let first = document.answers.first().map_or(&[][..], |answer| &answer.decisions);
    let first: Vec<_> = first.iter().filter(|one| shown(document, &one.decision)).collect();
    for decision in &first {
        let title = decision.title.as_deref().unwrap_or_else(|| short(&decision.decision));
        let _ = write!(text, " {} |", escaped(title));
    }
    let _ = write!(text, "\n| --- |{}\n", " --- |".repeat(first.len()));
    for answer in &document.answers {
        let readings: Vec<String> =
            answer.readings.iter().map(|readings| under(readings)).collect();
        let _ = write!(text, "| {} |", escaped(&readings.join("; ")));
        for decision in answer.decisions.iter().filter(|one| shown(document, &one.decision)) {
            let _ = write!(text, " {} |", escaped(&decision.outcome));
        }
        text.push('\n');
    }
    if document.capped {
        let _ = writeln!(text, "\n{}", capped());
    }
    text
}

fn ruled(rule: &RuleLine) -> String {
    format!("{}{}", escaped(rule.title.as_deref().unwrap_or(&rule.rule)), cited(&rule.cites))
}

fn cited(cites: &[String]) -> String {
    if cites.is_empty() { String::new() } else { format!(" ({})", escaped(&cites.join("; "))) }
}

/// Text in which no sign has a meaning of Markdown.
pub(super) fn escaped(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut escaped, character| {
        if matches!(character, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '|' | '#') {
            escaped.push('\\');
        }
        escaped.push(if character == '\n' { ' ' } else { character });
        escaped
    })
}
