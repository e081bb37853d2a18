use std::path::{Path, PathBuf};

use exeat_diagnostics::{Diagnostic, SourceMap};
use exeat_engine::{Project, files};
use owo_colors::OwoColorize as _;
use similar::{ChangeTag, TextDiff};

use super::{FINDINGS, UNREADABLE, exit_code};
use crate::arguments::{FmtArguments, ProjectArguments};
use crate::output::Output;

/// `exeat fmt`.
pub(crate) fn run(arguments: &FmtArguments, output: &mut Output) -> u8 {
    if arguments.paths.iter().any(|path| path == Path::new("-")) {
        return if arguments.paths.len() == 1 {
            standard_input(arguments, output)
        } else {
            output.say("`-` stands alone: give it no other files.");
            UNREADABLE
        };
    }
    let mut sources = SourceMap::new();
    let found = match rule_files(arguments, &mut sources) {
        Ok(found) => found,
        Err(problems) => {
            output.problems(&problems, &sources);
            return exit_code(&problems);
        }
    };
    let mut problems = Vec::new();
    let (mut changed, mut same) = (0_usize, 0_usize);
    for path in found {
        match one(&path, arguments, &mut sources, output) {
            Ok(true) => changed = changed.saturating_add(1),
            Ok(false) => same = same.saturating_add(1),
            Err(found) => problems.extend(found),
        }
    }
    output.problems(&problems, &sources);
    let only_looks = arguments.check || arguments.diff;
    let verb = if only_looks { "would change" } else { "formatted" };
    if !arguments.diff {
        output.answer(&format!("{} {verb}, {} already in the layout\n", files_of(changed), same));
    }
    if !problems.is_empty() {
        return exit_code(&problems);
    }
    if only_looks && changed > 0 { FINDINGS } else { 0 }
}

fn files_of(count: usize) -> String {
    if count == 1 { "1 file".to_owned() } else { format!("{count} files") }
}

fn rule_files(
    arguments: &FmtArguments,
    sources: &mut SourceMap,
) -> Result<Vec<PathBuf>, Vec<Diagnostic>> {
    if arguments.paths.is_empty() {
        let project = ProjectArguments {
            project: arguments.project.clone(),
            policies: Vec::new(),
            plugins: Vec::new(),
            locked: false,
        };
        let root = super::root(&project, None).map_err(|problem| vec![*problem])?;
        return Project::rule_files(&root, sources);
    }
    let mut found = Vec::new();
    for path in &arguments.paths {
        found.extend(files::rule_files(path).map_err(|problem| vec![problem])?);
    }
    found.dedup();
    Ok(found)
}

/// Formats a file; whether it changes.
fn one(
    path: &Path,
    arguments: &FmtArguments,
    sources: &mut SourceMap,
    output: &Output,
) -> Result<bool, Vec<Diagnostic>> {
    let name = files::shown(path);
    let before = files::read_text(path).map_err(|problem| vec![problem])?;
    let after = formatted(&name, &before, sources)?;
    if after == before {
        return Ok(false);
    }
    if arguments.diff {
        output.answer(&difference(&name, &before, &after));
    } else if arguments.check {
        output.answer(&format!("would change {name}\n"));
    } else {
        files::write_atomically(path, after.as_bytes()).map_err(|problem| vec![problem])?;
        output.answer(&format!("formatted {name}\n"));
    }
    Ok(true)
}

fn standard_input(arguments: &FmtArguments, output: &Output) -> u8 {
    let mut sources = SourceMap::new();
    let name = "standard input";
    let read = files::read_stream(name, &mut std::io::stdin().lock()).map_err(|found| vec![found]);
    let result = read.and_then(|before| {
        let after = formatted(name, &before, &mut sources)?;
        Ok((before, after))
    });
    match result {
        Ok((before, after)) if arguments.check || arguments.diff => {
            if arguments.diff {
                output.answer(&difference(name, &before, &after));
            }
            if before == after { 0 } else { FINDINGS }
        }
        Ok((_, after)) => {
            output.verbatim(&after);
            0
        }
        Err(problems) => {
            output.problems(&problems, &sources);
            exit_code(&problems)
        }
    }
}

fn formatted(name: &str, text: &str, sources: &mut SourceMap) -> Result<String, Vec<Diagnostic>> {
    let added = sources.add(name, text).and_then(|id| sources.file(id));
    exeat_format::format(text, added.map_or(0, |file| file.base))
}

/// The difference in the unified form, that `patch` and `git apply` read.
pub(crate) fn difference(name: &str, before: &str, after: &str) -> String {
    let diff = TextDiff::from_lines(before, after);
    let mut text = format!("--- {name}\n+++ {name}\n");
    for hunk in diff.unified_diff().iter_hunks() {
        text.push_str(&hunk.header().to_string().cyan().to_string());
        text.push('\n');
        for change in hunk.iter_changes() {
            let line = change.value().trim_end_matches('\n');
            let line = match change.tag() {
                ChangeTag::Delete => format!("-{line}").red().to_string(),
                ChangeTag::Insert => format!("+{line}").green().to_string(),
                ChangeTag::Equal => format!(" {line}"),
            };
            text.push_str(&line);
            text.push('\n');
            if change.missing_newline() {
                text.push_str("\\ No newline at end of file\n");
            }
        }
    }
    text
}
