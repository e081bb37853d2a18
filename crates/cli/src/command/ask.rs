//! `exeat ask`: the interview, for somebody who has a shipment and no wish to learn a language.

use std::collections::{BTreeMap, VecDeque};
use std::io::{BufRead as _, IsTerminal as _};

use exeat_desk::{Desk, Reply};
use exeat_engine::files;
use exeat_hir::Determination;

use super::repl::{Beginning, open};
use crate::answer::desk as shown;
use crate::arguments::AskArguments;
use crate::output::Output;

/// Answers that were prepared.
#[derive(Default)]
struct Prepared {
    in_order: VecDeque<String>,
    by_fact: BTreeMap<String, String>,
}

/// `exeat ask`.
pub(crate) fn run(arguments: &AskArguments, output: &Output) -> u8 {
    let beginning = Beginning {
        facts: arguments.facts.as_deref(),
        as_of: arguments.as_of.as_deref(),
        stance: &arguments.stance,
        project: &arguments.project,
    };
    let mut prepared = Prepared::default();
    if let Some(path) = &arguments.answers {
        match files::read_text(path) {
            Ok(text) => prepared = Prepared::read(&text),
            Err(problem) => {
                output.problem(problem);
                return super::UNREADABLE;
            }
        }
    }
    let mut desk = match open(&beginning, output) {
        Ok(desk) => desk,
        Err(code) => return code,
    };
    let reply = desk.run(&format!("ask {}", arguments.names.join(" ")));
    if !reply.is_sound() {
        let problems: Vec<_> = reply.diagnostics().cloned().collect();
        output.problems(&problems, desk.sources());
        return super::UNREADABLE;
    }
    let at_terminal = std::io::stdin().is_terminal();
    output.answer(&shown::reply(&reply, &desk, output));
    converse(&mut desk, &mut prepared, at_terminal, output);
    if let Some(path) = &arguments.save {
        let text = desk.facts_text();
        if let Err(problem) = files::write_new(path, text.as_bytes()) {
            output.problem(problem);
            return super::UNREADABLE;
        }
        output.answer(&format!("wrote {}; `exeat decide` reads it\n", files::shown(path)));
    }
    if arguments.require_determined && is_open(&desk) { super::FINDINGS } else { 0 }
}

/// Takes answers until nothing more is asked or nobody answers any more.
fn converse(desk: &mut Desk, prepared: &mut Prepared, at_terminal: bool, output: &Output) {
    let mut asked_before: Option<String> = None;
    let mut lines = std::io::stdin().lock();
    while desk.is_asking() {
        let asked = desk.asked().unwrap_or_default().to_owned();
        // The same question again: what was prepared for it is not what it takes.
        let again = asked_before.as_ref() == Some(&asked);
        let ready = if again { None } else { prepared.by_fact.get(&asked).cloned() };
        let ready = ready.or_else(|| prepared.in_order.pop_front());
        asked_before = Some(asked);
        let line = if let Some(answer) = ready {
            output.answer(&format!("> {answer}\n"));
            answer
        } else {
            if at_terminal {
                output.answer("> ");
            }
            let mut bytes = Vec::new();
            if !lines.read_until(b'\n', &mut bytes).is_ok_and(|read| read > 0) {
                let reply = desk.stop_asking();
                show(&reply, desk, output);
                return;
            }
            let Ok(line) = String::from_utf8(bytes) else {
                output.answer("this answer is not UTF-8 text; type it again\n");
                continue;
            };
            let line = line.trim().to_owned();
            if !at_terminal {
                output.answer(&format!("> {line}\n"));
            }
            line
        };
        let reply = desk.run(&line);
        show(&reply, desk, output);
    }
}

fn show(reply: &Reply, desk: &Desk, output: &Output) {
    output.answer(&shown::reply(reply, desk, output));
}

/// Whether something is undetermined.
fn is_open(desk: &Desk) -> bool {
    desk.decided().is_none_or(|decided| {
        decided
            .traces
            .iter()
            .any(|trace| matches!(trace.determination, Determination::Undetermined(_)))
    })
}

impl Prepared {
    fn read(text: &str) -> Self {
        let mut prepared = Self::default();
        for line in text.lines().map(str::trim) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let path = |text: &str| {
                text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ' '))
            };
            match line.split_once('=') {
                Some((fact, answer)) if path(fact) => {
                    let answer = answer.trim().to_owned();
                    prepared.by_fact.insert(fact.trim().to_owned(), answer);
                }
                _ => prepared.in_order.push_back(line.to_owned()),
            }
        }
        prepared
    }
}
