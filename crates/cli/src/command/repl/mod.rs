//! `exeat repl`: lines from a terminal, a pipe or the arguments, answered by a desk.

mod helper;
mod script;
mod terminal;

use std::io::IsTerminal as _;
use std::path::Path;

use exeat_desk::{Block, Desk, Reply};
use exeat_diagnostics::Diagnostic;
use exeat_engine::files;

use crate::answer::desk as shown;
use crate::arguments::{DeskFormat, ProjectArguments, ReplArguments, StanceArguments};
use crate::output::Output;

use script::Line;

/// What a desk begins with.
pub(super) struct Beginning<'a> {
    pub(super) facts: Option<&'a Path>,
    pub(super) as_of: Option<&'a str>,
    pub(super) stance: &'a StanceArguments,
    pub(super) project: &'a ProjectArguments,
}

/// `exeat repl`.
pub(crate) fn run(arguments: &ReplArguments, output: &Output) -> u8 {
    let beginning = Beginning {
        facts: arguments.facts.as_deref(),
        as_of: arguments.as_of.as_deref(),
        stance: &arguments.stance,
        project: &arguments.project,
    };
    let mut desk = match open(&beginning, output) {
        Ok(desk) => desk,
        Err(code) => return code,
    };
    let apart = !arguments.commands.is_empty();
    let shower = Shower { output, format: arguments.format, echo: arguments.echo, apart };
    if !arguments.commands.is_empty() {
        let lines = arguments.commands.iter().flat_map(|command| command.lines());
        return script::run(&mut desk, &mut lines.map(|line| Line::Read(line.to_owned())), &shower);
    }
    let at_terminal = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    if at_terminal && arguments.format == DeskFormat::Text {
        return terminal::run(desk, arguments, &shower);
    }
    let mut stream = std::io::stdin().lock();
    script::run(&mut desk, &mut script::lines(&mut stream), &shower)
}

/// Opens a desk with what the arguments name; what is wrong with it is shown, and the exit code given.
pub(super) fn open(beginning: &Beginning<'_>, output: &Output) -> Result<Desk, u8> {
    let options = super::options(beginning.project, &[], beginning.facts, output)?;
    let opened = Desk::open(options);
    let Some(mut desk) = opened.desk else {
        output.problems(&opened.diagnostics, &opened.sources);
        return Err(super::exit_code(&opened.diagnostics));
    };
    let mut lines = Vec::new();
    if let Some(path) = beginning.facts {
        match files::read_text(path) {
            Ok(text) => begun(&desk.take_facts(files::shown(path), text), &desk, output)?,
            Err(problem) => {
                output.problem(problem);
                return Err(super::UNREADABLE);
            }
        }
    }
    lines.extend(beginning.as_of.map(|day| format!("as of {day}")));
    lines.extend(beginning.stance.readings.iter().map(|reading| format!("reading {reading}")));
    lines.extend(beginning.stance.include.iter().map(|module| format!("include {module}")));
    for line in lines {
        begun(&desk.run(&line), &desk, output)?;
    }
    Ok(desk)
}

fn begun(reply: &Reply, desk: &Desk, output: &Output) -> Result<(), u8> {
    let problems: Vec<Diagnostic> =
        reply.diagnostics().filter(|problem| problem.is_error()).cloned().collect();
    if problems.is_empty() {
        return Ok(());
    }
    output.problems(&problems, desk.sources());
    Err(super::UNREADABLE)
}

/// How replies are shown.
pub(super) struct Shower<'a> {
    pub(super) output: &'a Output,
    pub(super) format: DeskFormat,
    pub(super) echo: bool,
    /// Whether problems go to standard error: where lines come from the arguments nobody reads on.
    pub(super) apart: bool,
}

impl Shower<'_> {
    pub(super) fn show(&self, line: &str, reply: &Reply, desk: &Desk) {
        match self.format {
            DeskFormat::Json => {
                self.output.verbatim(&(reply.to_json(line, desk.sources()) + "\n"));
            }
            DeskFormat::Text => {
                if self.echo {
                    let echoed = line.replace('\n', "\n... ");
                    self.output.answer(&format!("> {echoed}\n"));
                }
                if self.apart && reply.diagnostics().next().is_some() {
                    let problems: Vec<Diagnostic> = reply.diagnostics().cloned().collect();
                    self.output.problems(&problems, desk.sources());
                    let other = |block: &&Block| !matches!(block, Block::Problems { .. });
                    let blocks = reply.blocks.iter().filter(other).cloned().collect();
                    let rest = Reply { blocks, quit: reply.quit };
                    self.output.answer(&shown::reply(&rest, desk, self.output));
                } else {
                    self.output.answer(&shown::reply(reply, desk, self.output));
                }
            }
        }
    }
}
