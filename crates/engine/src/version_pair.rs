//! Two versions of the rules that are to be compared, without the files that do not check in one of them.

use std::collections::BTreeSet;
use std::path::Path;

use exeat_diagnostics::{Diagnostic, SourceMap};

use crate::revisions::Version;
use crate::{LoadOptions, Loaded, Session, files};

/// Two versions, loaded.
#[derive(Debug)]
pub struct VersionPair {
    /// The old rules.
    pub old: Session,
    /// The new rules.
    pub new: Session,
    /// The rule files that are left out of both, by their paths in the project: those that do not check in one of
    /// them, and those that need these.
    pub left_out: Vec<String>,
}

/// What is wrong with a version.
#[derive(Debug)]
pub struct UnsoundVersion {
    /// The version.
    pub version: Version,
    /// Its errors.
    pub errors: Vec<Diagnostic>,
    /// Its texts, to show them.
    pub sources: SourceMap,
}

/// Loads two versions. What does not check in one of them is left out of both as far as a file can be told that
/// is to blame; without a pair nothing can be compared.
pub fn load_pair(
    options: &LoadOptions,
    (old, new): (&Version, &Version),
) -> (Option<VersionPair>, Vec<UnsoundVersion>) {
    let load = |version: &Version, names: &BTreeSet<String>| {
        let options = LoadOptions { without: names.clone(), ..options.clone() };
        Session::load_version(&options, version)
    };
    let nothing = BTreeSet::new();
    let mut sides = [(old, load(old, &nothing)), (new, load(new, &nothing))];
    let names = sides.each_ref().map(|(_, loaded)| names_in(&loaded.sources));
    // What goes wrong later follows from what is left out.
    let wrong = sides.iter().filter_map(|(version, loaded)| unsound(version, loaded)).collect();
    let mut left_out: BTreeSet<String> = BTreeSet::new();
    loop {
        let known = left_out.len();
        for (version, loaded) in &sides {
            if loaded.session.is_none() {
                left_out.extend(to_blame(version, loaded));
            }
        }
        if left_out.len() == known {
            break;
        }
        for ((version, loaded), names) in sides.iter_mut().zip(&names) {
            let is_out = |name: &&String| left_out.contains(path_in_project(version, name));
            *loaded = load(version, &names.iter().filter(is_out).cloned().collect());
        }
    }
    let [(_, old), (_, new)] = sides;
    let sound =
        |loaded: Loaded| loaded.session.filter(|session| !session.digests().policies.is_empty());
    let pair = sound(old).zip(sound(new)).map(|(old, new)| VersionPair {
        old,
        new,
        left_out: left_out.into_iter().collect(),
    });
    (pair, wrong)
}

fn names_in(sources: &SourceMap) -> BTreeSet<String> {
    sources.files().map(|(_, file)| file.name.clone()).collect()
}

/// The errors of a version that has some, with its texts.
fn unsound(version: &Version, loaded: &Loaded) -> Option<UnsoundVersion> {
    if loaded.session.is_some() {
        return None;
    }
    let errors = loaded.diagnostics.iter().filter(|problem| problem.is_error()).cloned().collect();
    Some(UnsoundVersion { version: version.clone(), errors, sources: loaded.sources.clone() })
}

/// The rule files in which the errors of a version stand, by their paths in the project; none if one stands in no
/// such file.
fn to_blame(version: &Version, loaded: &Loaded) -> BTreeSet<String> {
    let mut blamed = BTreeSet::new();
    for problem in loaded.diagnostics.iter().filter(|problem| problem.is_error()) {
        let place = problem.span().and_then(|span| loaded.sources.file_at(span.start));
        let is_rules = |name: &str| Path::new(name).extension().is_some_and(|end| end == "exeat");
        match place {
            Some((_, file)) if is_rules(&file.name) => {
                blamed.insert(path_in_project(version, &file.name).to_owned());
            }
            _ => return BTreeSet::new(),
        }
    }
    blamed
}

/// The path in the project of a file that is shown under a name.
fn path_in_project<'n>(version: &Version, name: &'n str) -> &'n str {
    let stripped = match version {
        Version::Folder(folder) => {
            name.strip_prefix(files::shown(folder).as_str()).and_then(|rest| rest.strip_prefix('/'))
        }
        Version::Revision(revision) => {
            name.strip_prefix(revision.as_str()).and_then(|rest| rest.strip_prefix(':'))
        }
        Version::Staged => name.strip_prefix(':'),
    };
    stripped.unwrap_or(name)
}
