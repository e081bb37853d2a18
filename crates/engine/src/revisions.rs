//! Rules as they stood at another time: a revision of git, what is staged, or another folder.
//!
//! The program `git` is asked. It is told the object and never a word that it could take for an option,
//! and nothing is checked out or written.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Stdio};

use exeat_diagnostics::{Diagnostic, Severity, Span, codes};

use crate::files;
use crate::project::MANIFEST_NAME;
use crate::sources::{PolicyText, SourceTexts, TableText};

/// Which state of the rules is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Version {
    /// The project in a folder, as it is on the disk.
    Folder(PathBuf),
    /// The project as it was at a revision: a commit, a branch, a tag, `HEAD~1`.
    Revision(String),
    /// The project as it is in the index of git.
    Staged,
}

impl Version {
    /// `:staged`; a folder that is there; else a revision.
    pub fn named(text: &str) -> Self {
        if text == ":staged" {
            Self::Staged
        } else if files::is_folder(Path::new(text)) {
            Self::Folder(PathBuf::from(text))
        } else {
            Self::Revision(text.to_owned())
        }
    }

    /// How it is shown.
    pub fn shown(&self) -> String {
        match self {
            Self::Folder(folder) if folder == Path::new(".") => "the files".to_owned(),
            Self::Folder(folder) => files::shown(folder),
            Self::Revision(revision) => revision.clone(),
            Self::Staged => "what is staged".to_owned(),
        }
    }
}

/// The files of a project at a revision, or staged: rules, tables and the project file.
#[derive(Debug)]
pub(crate) struct Tree {
    /// What stands before the path of a file where it is shown, as `HEAD~1:`.
    prefix: String,
    /// The contents by the path in the project.
    files: BTreeMap<String, Vec<u8>>,
}

impl Tree {
    /// Reads the files of the project in a folder. `revision` is none for what is staged.
    ///
    /// # Errors
    /// If git is not there, the folder is in no repository, or the revision is not known.
    pub(crate) fn read(root: &Path, revision: Option<&str>) -> Result<Self, Diagnostic> {
        let (prefix, object) = match revision {
            Some(revision) => (format!("{revision}:"), commit(root, revision)?),
            None => (":".to_owned(), String::new()),
        };
        let listed = match revision {
            Some(_) => git(root, &["ls-tree", "-r", "-z", "--name-only", &object, "--", "."], b"")?,
            None => git(root, &["ls-files", "-z", "--", "."], b"")?,
        };
        let wanted = |name: &&str| {
            let end = Path::new(name).extension().and_then(std::ffi::OsStr::to_str);
            *name == MANIFEST_NAME || matches!(end, Some("exeat" | "csv"))
        };
        let listed = String::from_utf8_lossy(&listed);
        let names: Vec<&str> =
            listed.split('\0').filter(wanted).filter(|name| !name.contains('\n')).collect();
        let mut asked = String::new();
        for name in &names {
            asked.extend([&object, ":./", name, "\n"]);
        }
        let answer = git(root, &["cat-file", "--batch"], asked.as_bytes())?;
        let mut files = BTreeMap::new();
        let mut rest = answer.as_slice();
        for name in names {
            let Some((contents, after)) = blob(rest) else {
                return Err(failed(&format!("git gave no contents of `{prefix}{name}`"), ""));
            };
            files.insert(name.to_owned(), contents.to_vec());
            rest = after;
        }
        Ok(Self { prefix, files })
    }

    /// The project file, with the name under which it is shown.
    ///
    /// # Errors
    /// If it is not UTF-8.
    pub(crate) fn manifest(&self) -> Option<Result<(String, String), Diagnostic>> {
        let contents = self.files.get(MANIFEST_NAME)?;
        let name = format!("{}{MANIFEST_NAME}", self.prefix);
        Some(files::text_of(&name, contents.clone()).map(|text| (name, text)))
    }

    /// The rule files below some of its paths; below `policies` or else all if there are none.
    pub(crate) fn policies(&self, paths: &[PathBuf]) -> (SourceTexts, Vec<Diagnostic>) {
        let usual = [PathBuf::from("policies")];
        let here = [PathBuf::from(".")];
        let has_usual = self.files.keys().any(|name| name.starts_with("policies/"));
        let paths = match paths {
            [] if has_usual => &usual[..],
            [] => &here[..],
            paths => paths,
        };
        let below = |name: &str| {
            let plain: Vec<PathBuf> = paths.iter().filter_map(|path| plain(path)).collect();
            plain.iter().any(|path| Path::new(name).starts_with(path))
        };
        let mut texts = SourceTexts::default();
        let mut problems = Vec::new();
        let is_rules = |name: &str| Path::new(name).extension().is_some_and(|end| end == "exeat");
        let rules = self.files.iter().filter(|(name, _)| is_rules(name) && below(name));
        for (name, contents) in rules {
            let name = format!("{}{name}", self.prefix);
            match files::text_of(&name, contents.clone()) {
                Ok(text) => texts.policies.push(PolicyText { name, text: text.into() }),
                Err(problem) => problems.push(problem),
            }
        }
        if texts.policies.is_empty() && problems.is_empty() {
            let message = format!("`{}` has no rule files", self.prefix);
            problems.push(
                Diagnostic::unplaced(codes::NO_POLICIES_FOUND, Severity::Error, message)
                    .with_help("Name a revision that has some below `policies`."),
            );
        }
        (texts, problems)
    }

    /// The CSV file that a rule file names, beside the rule file.
    ///
    /// # Errors
    /// If it is not there or not UTF-8.
    pub(crate) fn table(
        &self,
        policy: &str,
        written: &str,
        span: Span,
    ) -> Result<TableText, Diagnostic> {
        let policy = policy.strip_prefix(&self.prefix).unwrap_or(policy);
        let path = Path::new(policy).parent().unwrap_or(Path::new("")).join(written);
        let name = plain(&path).map(|path| files::shown(&path)).unwrap_or_default();
        let shown = format!("{}{name}", self.prefix);
        let Some(contents) = self.files.get(&name) else {
            let message = format!("there is no file `{shown}`");
            return Err(Diagnostic::error(codes::FILE_NOT_FOUND, message, span, "not found")
                .with_help("The path is relative to the rule file."));
        };
        let text = files::text_of(&shown, contents.clone())?;
        Ok(TableText { name: shown, text: text.into() })
    }
}

/// A path in the project without `.` and `..`; none if it leads out of it.
fn plain(path: &Path) -> Option<PathBuf> {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::Normal(name) => plain.push(name),
            Component::CurDir => {}
            Component::ParentDir if plain.pop() => {}
            _ => return None,
        }
    }
    Some(plain)
}

/// The commit of a revision.
fn commit(root: &Path, revision: &str) -> Result<String, Diagnostic> {
    let wanted = format!("{revision}^{{commit}}");
    let arguments = ["rev-parse", "--verify", "--quiet", "--end-of-options", &wanted];
    let found = git(root, &arguments, b"").map_err(|problem| {
        if problem.code == codes::GIT_FAILED && inside(root) {
            failed(
                &format!("there is no revision and no folder `{revision}`"),
                "A revision is a commit, a branch, a tag, or as `HEAD~1`; `:staged` is the index, `.` the files.",
            )
        } else {
            problem
        }
    })?;
    Ok(String::from_utf8_lossy(&found).trim().to_owned())
}

fn inside(root: &Path) -> bool {
    git(root, &["rev-parse", "--git-dir"], b"").is_ok()
}

/// What git answers.
fn git(root: &Path, arguments: &[&str], input: &[u8]) -> Result<Vec<u8>, Diagnostic> {
    let folder = if root == Path::new("") { Path::new(".") } else { root };
    let spawned = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = spawned.map_err(|error| {
        failed(
            &format!("the program `git` cannot be run: {error}"),
            "Install git, or compare folders.",
        )
    })?;
    let answer = std::thread::scope(|scope| {
        let stream = child.stdin.take();
        // It answers while it is still asked: who reads only afterwards waits for ever.
        scope.spawn(move || stream.map(|mut stream| stream.write_all(input)));
        child.wait_with_output()
    });
    let answer = answer.map_err(|error| failed(&format!("git did not answer: {error}"), ""))?;
    if answer.status.success() {
        return Ok(answer.stdout);
    }
    let said = String::from_utf8_lossy(&answer.stderr);
    let said = said.lines().next().unwrap_or("it said nothing").trim_start_matches("fatal: ");
    Err(failed(&format!("git refused: {said}"), "Compare folders where there is no repository."))
}

fn failed(message: &str, help: &str) -> Diagnostic {
    let problem = Diagnostic::unplaced(codes::GIT_FAILED, Severity::Error, message);
    if help.is_empty() { problem } else { problem.with_help(help) }
}

/// The contents of the next object that `cat-file --batch` answers, and what follows it.
fn blob(answer: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = answer.iter().position(|byte| *byte == b'\n')?;
    let head = std::str::from_utf8(answer.get(..end)?).ok()?;
    let mut words = head.split(' ');
    let (_, kind, size) = (words.next()?, words.next()?, words.next()?);
    let start = end.checked_add(1)?;
    let stop = start.checked_add(size.parse().ok()?)?;
    (kind == "blob").then_some((answer.get(start..stop)?, answer.get(stop.checked_add(1)?..)?))
}
