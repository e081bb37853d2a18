//! The command `exeat`: checks rule files and runs their scenarios.
//!
//! Exit codes: 0 fine, 1 findings (an error in the rules, a failed scenario), 2 unreadable input.

mod sources;

use std::fmt::Write as _;
use std::io::{IsTerminal, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use exeat_diagnostics::render;
use exeat_eval::{Functions, run_scenario};
use exeat_hir::{FunctionId, Hir};
use exeat_jurisdiction_us::UnitedStates;
use exeat_model::{FunctionFailure, Provider, Value};

/// Export rules: check them, and run their scenarios.
#[derive(Parser)]
#[command(name = "exeat", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Check rule files: names, types, units, dates, exceptions.
    Check {
        /// Rule files, or folders of them.
        #[arg(default_value = "policies")]
        paths: Vec<PathBuf>,
    },
    /// Run the scenarios in rule files.
    Test {
        /// Run only scenarios whose title contains this.
        #[arg(long)]
        filter: Option<String>,
        /// Rule files, or folders of them.
        #[arg(default_value = "policies")]
        paths: Vec<PathBuf>,
    },
    /// Show the page of a diagnostic, as `exeat explain E0302`.
    Explain {
        /// The code.
        code: String,
    },
}

/// The functions of the linked-in jurisdiction, whose signatures are in base units.
struct Linked(UnitedStates);

impl Functions for Linked {
    fn call(
        &self,
        hir: &Hir,
        function: FunctionId,
        arguments: &[Value],
    ) -> Result<Value, FunctionFailure> {
        let name = hir.functions.get(function).map_or("", |function| function.name.as_str());
        self.0.call(name, arguments)
    }
}

fn main() -> ExitCode {
    let (text, code) = match Arguments::parse().command {
        Command::Check { paths } => run(&paths, None),
        Command::Test { filter, paths } => run(&paths, Some(filter.as_deref().unwrap_or(""))),
        Command::Explain { code } => match exeat_diagnostics::describe(&code) {
            Some(found) => (found.page.to_owned(), 0),
            None => (format!("There is no diagnostic `{code}`. Codes look like `E0302`.\n"), 2),
        },
    };
    // A reader that closed the pipe has seen enough: nothing is lost by stopping.
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    ExitCode::from(code)
}

/// Checks the files; with a filter also runs the scenarios whose titles contain it.
fn run(paths: &[PathBuf], filter: Option<&str>) -> (String, u8) {
    let (sources, files) = match sources::read(paths) {
        Ok(read) => read,
        Err(problem) => return (format!("{problem}\n"), 2),
    };
    let us = UnitedStates::new();
    let jurisdictions = [us.description().clone()];
    let result =
        exeat_check::check(exeat_check::Input { files: &files, jurisdictions: &jurisdictions });
    let options = render::GraphicalOptions {
        color: std::io::stdout().is_terminal(),
        ..render::GraphicalOptions::default()
    };
    let mut text = render::graphical(&result.diagnostics, &sources, &options);
    let Some(checked) = result.checked else {
        text.push_str(&render::summary(&result.diagnostics));
        text.push('\n');
        return (text, 1);
    };
    let hir = checked.hir();
    let Some(filter) = filter else {
        let _ = writeln!(
            text,
            "{} files: {} rules, {} decisions, {} scenarios: {}",
            files.len(),
            hir.rules.len(),
            hir.decisions.len(),
            hir.scenarios.len(),
            render::summary(&result.diagnostics)
        );
        return (text, 0);
    };
    let functions = Linked(us);
    let (mut passed, mut failed) = (0_usize, 0_usize);
    for (id, scenario) in
        hir.scenarios.iter().filter(|(_, scenario)| scenario.title.contains(filter))
    {
        let Some(report) = run_scenario(hir, &functions, id) else { continue };
        if report.passed() {
            passed = passed.saturating_add(1);
            let _ = writeln!(text, "ok      {}", scenario.title);
            continue;
        }
        failed = failed.saturating_add(1);
        let _ = writeln!(text, "FAILED  {}", scenario.title);
        for failure in &report.failures {
            let _ = writeln!(text, "        {}", failure.message);
        }
        for assumption in
            report.violated_assumptions.iter().filter_map(|id| hir.assumptions.get(*id))
        {
            let _ = writeln!(
                text,
                "        its facts contradict an assumption: {}",
                assumption.because
            );
        }
        for assertion in report.violated_assertions.iter().filter_map(|id| hir.assertions.get(*id))
        {
            let _ = writeln!(text, "        it refutes the assertion `{}`", assertion.name);
        }
    }
    let _ = writeln!(text, "{passed} passed, {failed} failed");
    (text, u8::from(failed > 0))
}
