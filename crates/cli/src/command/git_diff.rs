//! What `git diff` shows of a rule file: its lines, and who is affected by them.
//!
//! Git calls it once a file, and takes any other exit code than 0 for its own failure; so what cannot be
//! compared is said in the answer.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use exeat_diagnostics::SourceMap;
use exeat_engine::analyze::Comparison;
use exeat_engine::{LoadOptions, Project, Session, Stance, files};
use owo_colors::OwoColorize as _;

use crate::answer::difference;
use crate::arguments::GitDiffArguments;
use crate::output::Output;

/// `exeat git-diff`.
pub(crate) fn run(arguments: &GitDiffArguments, output: &Output) -> u8 {
    let (Some(old_file), Some(new_file)) = (&arguments.old_file, &arguments.new_file) else {
        output.answer(&format!("{} is not merged\n", arguments.path));
        return 0;
    };
    let mut unread = Vec::new();
    let mut read = |file: &Path| -> Option<String> {
        let missing = file == Path::new("/dev/null") || file == Path::new("nul");
        let text = if missing { return None } else { files::read_text(file) };
        text.map_err(|problem| unread.push(problem)).ok()
    };
    let (old, new) = (read(old_file), read(new_file));
    if !unread.is_empty() {
        output.problems(&unread, &SourceMap::new());
        return 0;
    }
    let new_path = arguments.renamed.first().unwrap_or(&arguments.path);
    let name = if *new_path == arguments.path {
        new_path.clone()
    } else {
        format!("{} -> {new_path}", arguments.path)
    };
    let (before, after) = (old.as_deref().unwrap_or(""), new.as_deref().unwrap_or(""));
    if before != after || name != arguments.path {
        output.answer(&super::fmt::difference(&name, before, after));
    }
    output.answer(&affected((&arguments.path, old.as_deref()), (new_path, new.as_deref())));
    0
}

/// Who is affected, if the file belongs to a project: all other files are taken as they are now.
fn affected(old: (&str, Option<&str>), new: (&str, Option<&str>)) -> String {
    let folder = Path::new(new.0).parent().unwrap_or(Path::new(""));
    let folder = if folder == Path::new("") { Path::new(".") } else { folder };
    let here = Path::new(".");
    let Some(root) = Project::root_above(here).or_else(|| Project::root_above(folder)) else {
        return "It belongs to no project.\n".to_owned();
    };
    let load = |(path, text): (&str, Option<&str>), gone: &str| {
        let mut instead: BTreeMap<PathBuf, Option<Arc<str>>> = BTreeMap::new();
        instead.extend(within(&root, gone).map(|gone| (gone, None)));
        instead.extend(within(&root, path).map(|path| (path, text.map(Arc::from))));
        let options = LoadOptions {
            root: root.clone(),
            linked: super::linked(),
            instead,
            ..LoadOptions::default()
        };
        Session::load(&options).session
    };
    let (Some(before), Some(after)) = (load(old, new.0), load(new, old.0)) else {
        return "Who is affected cannot be said: with it before or after the change the rules have errors. \
            `exeat check` tells those of the files as they are.\n"
            .to_owned();
    };
    let wanted = Comparison { decisions: BTreeSet::new(), ..Comparison::default() };
    let stance = Stance::default();
    match after.differences(&before, (&stance, &stance), &wanted) {
        Err(problem) => format!("Who is affected cannot be said: {}\n", problem.message),
        Ok(found) => {
            let names = ("the file before".to_owned(), "the file after".to_owned());
            let document = after.difference_document(&before, names, &found, &wanted.budget);
            format!("\n{}\n{}\n", "Who is affected".bold(), difference::body(&document))
        }
    }
}

/// A path of the repository in the folder of the project; git calls programs at the top of the repository.
fn within(root: &Path, path: &str) -> Option<PathBuf> {
    let (root, path) = (std::path::absolute(root).ok()?, std::path::absolute(path).ok()?);
    let root: PathBuf = root.components().collect();
    path.strip_prefix(&root).ok().map(Path::to_owned)
}
