use std::fmt::Write as _;

use exeat_engine::{TestFilter, TestRun, wire};
use owo_colors::OwoColorize as _;

use crate::arguments::{TestArguments, TestFormat};
use crate::output::Output;

/// `exeat test`.
pub(crate) fn run(arguments: &TestArguments, output: &Output) -> u8 {
    if !arguments.watch {
        return once(arguments, output);
    }
    let watched = match super::watch::paths(&arguments.project, &arguments.paths, output) {
        Ok(watched) => watched,
        Err(code) => return code,
    };
    super::watch::watch(&watched, arguments.poll, output, &|| {
        once(arguments, output);
    })
}

fn once(arguments: &TestArguments, output: &Output) -> u8 {
    let (session, _) = match super::load(&arguments.project, &arguments.paths, None, output) {
        Ok(loaded) => loaded,
        Err(code) => return code,
    };
    let run = session.run_tests(&TestFilter { name: arguments.filter.clone(), module: None });
    match arguments.format {
        TestFormat::Text => output.answer(&text(&run, arguments.coverage)),
        TestFormat::Json => output.answer(&wire::to_json(&session.test_document(&run))),
        TestFormat::Junit => output.answer(&run.to_junit()),
    }
    if run.scenarios.is_empty() {
        output.say("No scenario was run: there is none, or none whose title contains the filter.");
        return super::FINDINGS;
    }
    if run.failed() == 0 { 0 } else { super::FINDINGS }
}

fn text(run: &TestRun, coverage: bool) -> String {
    let mut text = String::new();
    let mut module = "";
    for scenario in &run.scenarios {
        if scenario.module != module {
            module = &scenario.module;
            let _ = writeln!(text, "{}", module.bold());
        }
        if scenario.passed {
            let _ = writeln!(text, "  {}  {}", "ok".green(), scenario.title);
            continue;
        }
        let _ = writeln!(
            text,
            "  {}  {}  ({}:{})",
            "FAILED".red().bold(),
            scenario.title,
            scenario.file,
            scenario.line
        );
        for failure in &scenario.failures {
            let _ = writeln!(text, "      line {}: {}", failure.line, failure.message);
        }
    }
    let counted = &run.coverage;
    let _ = writeln!(
        text,
        "\nreached: {}/{} rules, {}/{} exceptions, {}/{} conditions, each both ways",
        counted.rules.reached,
        counted.rules.total,
        counted.exceptions.reached,
        counted.exceptions.total,
        counted.conditions.reached,
        counted.conditions.total
    );
    if coverage {
        for missed in &counted.uncovered {
            let _ = writeln!(
                text,
                "  {}:{}  {} {}: {}",
                missed.file, missed.line, missed.kind, missed.name, missed.missing
            );
        }
    }
    let failed = run.failed();
    let _ =
        writeln!(text, "{} passed, {failed} failed", run.scenarios.len().saturating_sub(failed));
    text
}
