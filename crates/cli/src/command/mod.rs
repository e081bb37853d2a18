//! One file a command. Each gives the exit code.

pub(crate) mod analyze;
pub(crate) mod ask;
pub(crate) mod calendar;
pub(crate) mod check;
pub(crate) mod decide;
pub(crate) mod diff;
pub(crate) mod doc;
pub(crate) mod explain;
mod facts;
pub(crate) mod fmt;
pub(crate) mod git_diff;
pub(crate) mod init;
pub(crate) mod lock;
pub(crate) mod plugin;
pub(crate) mod repl;
pub(crate) mod screen;
pub(crate) mod test;
mod watch;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use exeat_diagnostics::{Code, Diagnostic, Severity, SourceMap, codes};
use exeat_engine::{LinkedJurisdiction, LoadOptions, Loaded, Project, Rulebook, Session, files};

use crate::arguments::ProjectArguments;
use crate::output::Output;

/// The rules are wrong, or what was asked for is not so.
pub(crate) const FINDINGS: u8 = 1;
/// The input cannot be read.
pub(crate) const UNREADABLE: u8 = 2;

/// The jurisdictions that are part of the program.
pub(crate) fn linked() -> Vec<LinkedJurisdiction> {
    vec![
        LinkedJurisdiction { name: "us", entry: exeat_jurisdiction_us::descriptor },
        LinkedJurisdiction { name: "eu", entry: exeat_jurisdiction_eu::descriptor },
    ]
}

/// The project's folder: as given, or the nearest one above here or above a file that is asked about.
fn root(project: &ProjectArguments, near: Option<&Path>) -> Result<PathBuf, Box<Diagnostic>> {
    let here = Path::new(".");
    if let Some(root) = &project.project {
        return Ok(root.clone());
    }
    if !project.policies.is_empty() {
        return Ok(here.to_owned());
    }
    let beside = near.and_then(Path::parent).filter(|folder| !folder.as_os_str().is_empty());
    Project::root_above(here).or_else(|| beside.and_then(Project::root_above)).ok_or_else(|| {
        let message = "there is no project here: no folder from here upwards has `exeat.toml` or `policies`";
        Box::new(Diagnostic::unplaced(codes::NO_POLICIES_FOUND, Severity::Error, message)
            .with_help("Go into a project, name one with `--project FOLDER`, name rules with `--policies PATH`, or begin one with `exeat init NAME`."))
    })
}

/// Loads a project and shows what is wrong with it; the session, or the exit code.
pub(crate) fn load(
    project: &ProjectArguments,
    paths: &[PathBuf],
    near: Option<&Path>,
    output: &Output,
) -> Result<(Session, SourceMap), u8> {
    load_with(Session::load, project, paths, near, output)
}

/// Loads the rules of a project to decide by them; errors in them are shown. Scenarios and warnings are
/// left to `exeat check` and `exeat test`.
pub(crate) fn load_rules(
    project: &ProjectArguments,
    near: Option<&Path>,
    output: &Output,
) -> Result<(Rulebook, SourceMap), u8> {
    load_with(Rulebook::load, project, &[], near, output)
}

fn load_with<S>(
    load: fn(&LoadOptions) -> Loaded<S>,
    project: &ProjectArguments,
    paths: &[PathBuf],
    near: Option<&Path>,
    output: &Output,
) -> Result<(S, SourceMap), u8> {
    let loaded = load_unshown(load, project, paths, near, output)?;
    output.problems(&loaded.diagnostics, &loaded.sources);
    loaded
        .session
        .map(|session| (session, loaded.sources))
        .ok_or_else(|| exit_code(&loaded.diagnostics))
}

/// Loads a project, and leaves it to the caller to show what is wrong with it.
fn load_unshown<S>(
    load: fn(&LoadOptions) -> Loaded<S>,
    project: &ProjectArguments,
    paths: &[PathBuf],
    near: Option<&Path>,
    output: &Output,
) -> Result<Loaded<S>, u8> {
    Ok(load(&options(project, paths, near, output)?))
}

/// What is to be loaded, as the arguments say; the exit code if there is no project.
fn options(
    project: &ProjectArguments,
    paths: &[PathBuf],
    near: Option<&Path>,
    output: &Output,
) -> Result<LoadOptions, u8> {
    let policies = if paths.is_empty() { project.policies.clone() } else { paths.to_vec() };
    let root = if paths.is_empty() {
        root(project, near).map_err(|problem| {
            let code = exit_code(std::slice::from_ref(&*problem));
            output.problem(*problem);
            code
        })?
    } else {
        project.project.clone().unwrap_or_else(|| PathBuf::from("."))
    };
    Ok(LoadOptions {
        root,
        policies,
        plugins: project.plugins.clone(),
        linked: linked(),
        drafts: Vec::new(),
        instead: BTreeMap::new(),
        without: BTreeSet::new(),
        locked: project.locked,
    })
}

/// 2 for what could not be read, as a missing file; 1 for what is wrong in it.
pub(crate) fn exit_code(diagnostics: &[Diagnostic]) -> u8 {
    let unreadable = |code: Code| {
        code.0.starts_with("E08") || code.0.starts_with("E07") || code == codes::FILE_TOO_LARGE
    };
    if diagnostics.iter().any(|diagnostic| diagnostic.is_error() && unreadable(diagnostic.code)) {
        UNREADABLE
    } else {
        FINDINGS
    }
}

/// Writes new files into a folder; none that is there is replaced, and then none is written.
pub(crate) fn write_new_files(folder: &Path, made: &[(String, String)], output: &Output) -> u8 {
    let there: Vec<&String> = made
        .iter()
        .map(|(path, _)| path)
        .filter(|path| files::is_file(&folder.join(path)))
        .collect();
    if !there.is_empty() {
        let names: Vec<String> = there.iter().map(|path| format!("`{path}`")).collect();
        let message = format!("{} already there in `{}`", names.join(", "), files::shown(folder));
        let diagnostic = Diagnostic::unplaced(codes::FILE_EXISTS, Severity::Error, message)
            .with_help("Nothing was written. Choose an empty folder, or move these files away.");
        output.problem(diagnostic);
        return UNREADABLE;
    }
    for (path, contents) in made {
        if let Err(diagnostic) = files::write_new(&folder.join(path), contents.as_bytes()) {
            output.problem(diagnostic);
            return UNREADABLE;
        }
        output.answer(&format!("made {}\n", files::shown(&folder.join(path))));
    }
    0
}
