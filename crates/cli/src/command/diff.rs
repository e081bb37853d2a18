use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use exeat_diagnostics::{Diagnostic, Severity, SourceMap, codes};
use exeat_engine::analyze::Comparison;
use exeat_engine::wire::{self, DifferenceDocument};
use exeat_engine::{
    FactsFormat, FactsInput, LoadOptions, Question, Rulebook, Session, Stance, Version,
    VersionPair, files, load_pair,
};
use exeat_model::{Date, Interval};

use crate::answer::difference;
use crate::arguments::{DiffArguments, DiffFormat, Gate};
use crate::output::Output;

/// `exeat diff`.
pub(crate) fn run(arguments: &DiffArguments, output: &Output) -> u8 {
    let (VersionPair { old, new, left_out }, incomplete) = match load_both(arguments, output) {
        Ok(loaded) => loaded,
        Err(code) => return code,
    };
    let mut problems = Vec::new();
    let over = days(arguments, &mut problems);
    let before =
        super::facts::named(&old, &arguments.old_readings, &arguments.old_include, &mut problems);
    let after =
        super::facts::named(&new, &arguments.new_readings, &arguments.new_include, &mut problems);
    let mut decisions = BTreeSet::new();
    for wanted in &arguments.decisions {
        match new.find_decision(wanted) {
            Ok(id) => decisions.extend(
                new.hir()
                    .decisions
                    .get(id)
                    .map(|found| new.hir().full_name(found.module, &found.name)),
            ),
            Err(problem) => problems.push(problem),
        }
    }
    if !problems.is_empty() {
        output.problems(&problems, new.sources());
        return super::UNREADABLE;
    }
    let wanted = Comparison { over, decisions, ..Comparison::default() };
    if arguments.format == DiffFormat::Smt2 {
        match new.difference_script(&old, (&before, &after), &wanted) {
            Ok(script) => output.answer(&script.text),
            Err(problem) => {
                output.problem(problem);
                return super::FINDINGS;
            }
        }
        if arguments.gate.is_none() && arguments.facts.is_empty() {
            return incomplete;
        }
    }
    let found = match new.differences(&old, (&before, &after), &wanted) {
        Ok(found) => found,
        Err(problem) => {
            output.problem(problem);
            return super::FINDINGS;
        }
    };
    let names = (arguments.old.clone(), arguments.new.clone());
    let mut document = new.difference_document(&old, names, &found, &wanted.budget);
    document.left_out = left_out;
    let mut unreadable = false;
    for path in &arguments.facts {
        let asked = Asked { old: &old, new: &new, before: &before, after: &after };
        unreadable |= !asked.shipments(path, &mut document, output);
    }
    match arguments.format {
        DiffFormat::Text => output.answer(&difference::text(&document)),
        DiffFormat::Markdown => output.answer(&difference::markdown(&document)),
        DiffFormat::Json => output.answer(&wire::to_json(&document)),
        DiffFormat::Sarif => output.answer(&new.difference_sarif(&found, &document)),
        DiffFormat::Smt2 => {}
    }
    if unreadable {
        super::UNREADABLE
    } else if arguments.gate.is_some_and(|gate| stops(gate, &document)) {
        super::FINDINGS
    } else {
        incomplete
    }
}

/// Loads both; what is wrong with either is shown with its name, and left out as far as that is possible. With the
/// exit code for what was left out.
fn load_both(arguments: &DiffArguments, output: &Output) -> Result<(VersionPair, u8), u8> {
    let root = super::root(&arguments.project, None).map_err(|problem| {
        let code = super::exit_code(std::slice::from_ref(&*problem));
        output.problem(*problem);
        code
    })?;
    let options = LoadOptions {
        root: root.clone(),
        policies: arguments.project.policies.clone(),
        plugins: arguments.project.plugins.clone(),
        linked: super::linked(),
        locked: false,
        drafts: Vec::new(),
        instead: BTreeMap::new(),
        without: BTreeSet::new(),
    };
    // The files of the project, wherever in it one stands.
    let [old, new] = [&arguments.old, &arguments.new]
        .map(|name| if name == "." { Version::Folder(root.clone()) } else { Version::named(name) });
    let (pair, wrong) = load_pair(&options, (&old, &new));
    let mut code = 0;
    for one in &wrong {
        let how_much = if pair.is_some() { " as a whole" } else { "" };
        output.say(&format!("The rules of {} cannot be compared{how_much}:", one.version.shown()));
        output.problems(&one.errors, &one.sources);
        code = code.max(super::exit_code(&one.errors));
    }
    pair.map(|pair| (pair, code)).ok_or(code)
}

/// The days that are asked about.
fn days(arguments: &DiffArguments, problems: &mut Vec<Diagnostic>) -> Interval {
    if let Some(day) = super::facts::day("--as-of", arguments.as_of.as_deref(), problems) {
        return Interval { from: Some(day), until: day.tomorrow().ok() };
    }
    let Some(over) = &arguments.over else { return Interval::ALWAYS };
    let Some((from, to)) = over.split_once("..") else {
        let message = format!("`{over}` is no range of days");
        problems
            .push(Diagnostic::unplaced(codes::NO_SUCH_DATE, Severity::Error, message).with_help(
            "Write `--over 2025-01-01..2025-12-31`, both days included; either may be left out.",
        ));
        return Interval::ALWAYS;
    };
    let mut end = |text: &str| -> Option<Date> {
        let text = (!text.is_empty()).then_some(text);
        super::facts::day("--over", text, problems)
    };
    let (from, last) = (end(from), end(to));
    Interval { from, until: last.and_then(|last| last.tomorrow().ok()) }
}

/// Both versions, to be asked about real shipments.
struct Asked<'a> {
    old: &'a Session,
    new: &'a Session,
    before: &'a Stance,
    after: &'a Stance,
}

impl Asked<'_> {
    /// Asks both about the shipments of a file: one, or a line each. Whether all could be read.
    fn shipments(&self, path: &Path, document: &mut DifferenceDocument, output: &Output) -> bool {
        let in_lines = path.extension().is_some_and(|end| end == "jsonl");
        let texts: Vec<(String, Result<String, Diagnostic>)> = if in_lines {
            match files::open_lines(path) {
                Ok(lines) => {
                    let name = lines.name().to_owned();
                    let named = (1_usize..).zip(lines);
                    named.map(|(at, text)| (format!("{name}, line {at}"), text)).collect()
                }
                Err(problem) => vec![(files::shown(path), Err(problem))],
            }
        } else {
            vec![(files::shown(path), files::read_text(path))]
        };
        let mut readable = true;
        for (name, text) in texts {
            let text = match text {
                Ok(text) if in_lines && text.trim().is_empty() => continue,
                Ok(text) => text,
                Err(problem) => {
                    output.problem(problem);
                    readable = false;
                    continue;
                }
            };
            let format = in_lines.then_some(FactsFormat::Json);
            let input = FactsInput { name: name.clone(), text, format };
            let read = |rules: &Session, stance| question(rules, stance, &input, output);
            let (Some((before, _)), Some((after, id))) =
                (read(self.old, self.before), read(self.new, self.after))
            else {
                readable = false;
                continue;
            };
            document.shipments_asked = document.shipments_asked.saturating_add(1);
            let found = self.new.shipment_difference(self.old, (&before, &after));
            document.shipments.extend(self.new.shipment_line(self.old, name, id, &found));
        }
        readable
    }
}

/// The question of a shipment as a version reads it, and how the shipment is called.
fn question(
    rules: &Rulebook,
    stance: &Stance,
    input: &FactsInput,
    output: &Output,
) -> Option<(Question, Option<String>)> {
    let mut sources = SourceMap::new();
    let read = super::facts::shipment(rules, &mut sources, input, None, stance);
    read.map_err(|problems| output.problems(&problems, &sources)).ok()
}

/// Whether a change is one that must not pass. What is not decided, or left out, may be one.
fn stops(gate: Gate, document: &DifferenceDocument) -> bool {
    let counts = |direction: &str| match gate {
        Gate::Any => true,
        Gate::Loosened => direction == "loosened",
        Gate::Tightened => direction == "tightened",
    };
    !document.undecided.is_empty()
        || !document.left_out.is_empty()
        || document.changes.iter().any(|change| counts(change.direction))
        || gate == Gate::Any
            && !(document.added.is_empty()
                && document.removed.is_empty()
                && document.shipments.is_empty())
}
