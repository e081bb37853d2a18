//! Which facts force an outcome, what stands in the way of another, which changes turn it.

use std::fmt::Write as _;

use exeat_engine::wire::{
    ChangedLine, ChangesDocument, ForcedLine, SearchLine, TurnLine, TurningLine, WhyNotLine,
};
use exeat_engine::{Considered, Standing};
use owo_colors::OwoColorize as _;

use super::wrap::wrapped;
use super::{cited, failed, headed, painted, ruled, short};

/// How many values that do as well are named.
const MOST_ALSO: usize = 8;
/// From how many on only a few are.
const MOST_LISTED: usize = 40;
const FEW_ALSO: usize = 3;
/// How many rules of a kind are told one by one.
const MOST_RULES: usize = 6;
/// The longest value that is shown as it stood before.
const LONGEST: usize = 60;

/// The whole answer.
pub(crate) fn text(document: &ChangesDocument) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "As of {}", document.as_of.bold());
    for reading in &document.readings {
        let choice = reading.choice.as_deref().unwrap_or("left open");
        let _ = writeln!(text, "  reading {}.{choice}", short(&reading.reading));
    }
    for decision in &document.decisions {
        text.push_str(&decided(decision));
    }
    for reading in document.readings.iter().filter(|reading| reading.choice.is_none()) {
        let name = short(&reading.reading);
        let note = format!(
            "The reading {name} is left open. What depends on it counts as open here; with a choice of it (`--reading {name}.CHOICE`) more may be found."
        );
        let _ = writeln!(text);
        text.push_str(&wrapped(&note, 0, 0));
    }
    if document.decisions.is_empty() {
        let _ = writeln!(text, "\nNo decision is needed for it; name one with `--decision NAME`.");
    }
    text
}

/// One decision with what was asked about it.
pub(super) fn decided(line: &TurningLine) -> String {
    let mut text = String::new();
    let title = headed(line.title.as_deref().unwrap_or_else(|| short(&line.decision)));
    let outcome = if line.standing == Standing::Undetermined {
        line.outcome.yellow().bold().to_string()
    } else {
        painted(&line.outcome, line.effect)
    };
    let _ = writeln!(text, "\n{} {outcome}", title.bold());
    if let Some(why) = &line.why {
        forced(&mut text, why);
    }
    if let Some(why_not) = &line.why_not {
        not(&mut text, why_not);
    }
    if let Some(flip) = &line.flip {
        let _ = writeln!(text, "  {}", "The smallest changes that turn it".bold());
        search(&mut text, flip);
    }
    text
}

fn forced(text: &mut String, why: &ForcedLine) {
    if !why.forced {
        let _ = writeln!(text, "  The facts that are given force no outcome.");
        return;
    }
    if why.facts.is_empty() {
        let _ = writeln!(text, "  {}", "It is so whatever the facts are.".bold());
        return;
    }
    let _ = writeln!(text, "  {}", "These facts force it, whatever the others are".bold());
    for fact in &why.facts {
        text.push_str(&wrapped(&format!("{} = {}", fact.path, shortened(&fact.value)), 4, 8));
    }
    if why.idle > 0 {
        let _ = writeln!(
            text,
            "    {}",
            format!("not needed for it: {} more that are given", why.idle).dimmed()
        );
    }
}

fn not(text: &mut String, why: &WhyNotLine) {
    let _ = writeln!(text, "  {}", format!("Why not {}?", why.outcome).bold());
    if why.already {
        let _ = writeln!(text, "    It is that.");
        return;
    }
    rules(text, "would give it", &why.giving);
    if let Some(cites) = &why.otherwise {
        let _ = writeln!(text, "    it holds where no rule applies{}", cited(cites));
    }
    if why.without_force > 0 {
        let more = match why.without_force {
            1 => "1 rule would give it and has".to_owned(),
            many => format!("{many} rules would give it and have"),
        };
        let _ = writeln!(text, "    {more} no force on that day, under these readings");
    }
    if why.giving.is_empty() && why.otherwise.is_none() && why.without_force == 0 {
        let _ = writeln!(text, "    no rule gives it");
    }
    rules(text, "stands in the way", &why.in_the_way);
    rules(text, "would lift that", &why.lifting);
    let _ = writeln!(text, "  {}", "The smallest changes that give it".bold());
    search(text, &why.changes);
}

fn rules(text: &mut String, heading: &str, all: &[Considered]) {
    if all.is_empty() {
        return;
    }
    let _ = writeln!(text, "    {heading}");
    for rule in all.iter().take(MOST_RULES) {
        let mark = match rule.status {
            "holds" => "holds:".to_owned(),
            "defeated" => "defeated:".red().to_string(),
            "open" => "open:".yellow().to_string(),
            _ => "no:".red().to_string(),
        };
        let _ = writeln!(text, "      {mark} {}", ruled(&rule.rule));
        failed(text, &rule.why, 10);
        for other in &rule.defeated_by {
            let _ = writeln!(text, "          defeated by {}", short(other));
        }
    }
    if all.len() > MOST_RULES {
        let _ = writeln!(text, "      and {} more", all.len().saturating_sub(MOST_RULES));
    }
}

fn search(text: &mut String, found: &SearchLine) {
    for change in &found.changes {
        turn(text, change);
    }
    if found.more {
        let _ = writeln!(text, "    and more");
    }
    text.push_str(&wrapped(&found.says, 4, 4));
}

fn turn(text: &mut String, change: &TurnLine) {
    for (at, fact) in change.facts.iter().enumerate() {
        let and = if at > 0 { "and " } else { "" };
        let line = format!("{and}{}", changed(fact));
        text.push_str(&wrapped(&line, if at > 0 { 6 } else { 4 }, 8));
    }
    let _ = writeln!(text, "      -> {}", painted(&change.outcome, change.effect));
    for reason in change.reasons.iter().take(1) {
        let _ = writeln!(text, "         because {}", ruled(reason));
    }
}

/// A fact with what it is changed to: `quantity = 747 (given: 1000)`.
fn changed(fact: &ChangedLine) -> String {
    let given = match &fact.from {
        Some(from) => format!("given: {}", shortened(from)),
        None => "not given".to_owned(),
    };
    let also = if fact.also.is_empty() {
        String::new()
    } else {
        // So many are no longer a list that anybody reads.
        let shown = if fact.also.len() > MOST_LISTED { FEW_ALSO } else { MOST_ALSO };
        let named: Vec<&str> = fact.also.iter().take(shown).map(String::as_str).collect();
        let more = fact.also.len().saturating_sub(shown);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!(", or {}{more}", named.join(", "))
    };
    format!("{} = {}{also} ({given})", fact.path, shortened(&fact.to))
}

fn shortened(value: &str) -> String {
    if value.chars().count() <= LONGEST {
        return value.to_owned();
    }
    let start: String = value.chars().take(LONGEST).collect();
    format!("{start}…")
}

/// The same for a pull request or a memorandum.
pub(crate) fn markdown(document: &ChangesDocument) -> String {
    let mut text = format!("## As of {}\n", document.as_of);
    for line in &document.decisions {
        let title = line.title.as_deref().unwrap_or(&line.decision);
        let _ = writeln!(text, "\n### {title}: {}\n", line.outcome);
        if let Some(why) = line.why.as_ref().filter(|why| why.forced) {
            let _ = writeln!(text, "Forced by, whatever the other facts are:\n");
            for fact in &why.facts {
                let _ = writeln!(text, "- `{} = {}`", fact.path, fact.value);
            }
        }
        if let Some(why_not) = &line.why_not {
            let _ = writeln!(text, "\nWhy not **{}**:\n", why_not.outcome);
            for rule in why_not.giving.iter().chain(&why_not.in_the_way) {
                let cites = rule.rule.cites.join("; ");
                let title = rule.rule.title.as_deref().unwrap_or(&rule.rule.rule);
                let _ = writeln!(text, "- {title} ({cites}): {}", rule.status.replace('_', " "));
                for condition in &rule.why {
                    let _ = writeln!(text, "  - {}: `{}`", condition.truth, condition.text);
                }
            }
            listed(&mut text, &why_not.changes);
        }
        if let Some(flip) = &line.flip {
            listed(&mut text, flip);
        }
    }
    text
}

fn listed(text: &mut String, found: &SearchLine) {
    let _ = writeln!(text, "\n| change | outcome |\n| --- | --- |");
    for change in &found.changes {
        let facts: Vec<String> = change.facts.iter().map(changed).collect();
        let _ = writeln!(text, "| `{}` | {} |", facts.join(" and "), change.outcome);
    }
    let _ = writeln!(text, "\n{}", found.says);
}
