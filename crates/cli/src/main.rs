//! The command `exeat`: arguments, files and terminal. What anything means is the engine's.
//!
//! Exit codes: 0 fine, 1 findings (an error in the rules, a failed scenario, an undetermined
//! decision where a determined one is required), 2 usage or unreadable input.

mod answer;
mod arguments;
mod command;
mod output;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};
use output::Output;

/// Reading rules makes many small things that live as long as the command; the system's allocator takes a
/// fifth of its time for them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut output = Output::new(arguments.color, arguments.diagnostics);
    let code = match &arguments.command {
        Command::Decide(decide) => command::decide::run(decide, &mut output),
        Command::Diff(diff) => command::diff::run(diff, &output),
        Command::GitDiff(diff) => command::git_diff::run(diff, &output),
        Command::Screen(screen) => command::screen::run(screen, &output),
        Command::Calendar(calendar) => command::calendar::run(calendar, &output),
        Command::Repl(repl) => command::repl::run(repl, &output),
        Command::Ask(ask) => command::ask::run(ask, &output),
        Command::Check(check) => command::check::run(check, &mut output),
        Command::Analyze(analyze) => command::analyze::run(analyze, &output),
        Command::Test(test) => command::test::run(test, &output),
        Command::Fmt(fmt) => command::fmt::run(fmt, &mut output),
        Command::Doc(doc) => command::doc::run(doc, &output),
        Command::Explain { code } => command::explain::run(code, &mut output),
        Command::Init { name, folder } => command::init::run(name, folder, &mut output),
        Command::Lock(project) => command::lock::run(project, &mut output),
        Command::Plugin(plugin) => command::plugin::run(plugin, &mut output),
    };
    ExitCode::from(code)
}
