//! The lock file: which texts and libraries a project was settled with, by SHA-256.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use exeat_diagnostics::{Diagnostic, Severity, SourceMap, Span, codes};
use exeat_model::Provider as _;
use exeat_plugin_host::LoadedJurisdiction;
use serde::Deserialize;

use crate::project::{base_of, place};
use crate::session::file_digest;
use crate::{Digests, Session, SourceDigest, files};

/// The name of the lock file, beside the project file.
pub const LOCK_NAME: &str = "exeat.lock";

/// The version of its layout.
const VERSION: u32 = 1;

/// The text of a lock file for what is loaded.
pub fn lock_text(session: &Session) -> String {
    let mut text =
        format!("# Made by `exeat lock`. Do not edit it by hand.\nversion = {VERSION}\n");
    let digests = session.digests();
    for (kind, list) in [("policy", &digests.policies), ("table", &digests.tables)] {
        for digest in list {
            // Writing to a string cannot fail.
            let _ = write!(
                text,
                "\n[[{kind}]]\nname = {}\nsha256 = \"{}\"\n",
                quoted(&digest.name),
                digest.sha256
            );
        }
    }
    for jurisdiction in session.jurisdictions() {
        let description = jurisdiction.description();
        let _ = write!(
            text,
            "\n[[plugin]]\nid = {}\nversion = {}\nsha256 = \"{}\"\n",
            quoted(&description.id),
            quoted(&description.version),
            description.digest
        );
    }
    text
}

/// Writes the lock file of the session's project and gives its path.
///
/// # Errors
/// If it cannot be written.
pub fn write_lock(session: &Session) -> Result<PathBuf, Diagnostic> {
    let path = session.project().root.join(LOCK_NAME);
    files::write_atomically(&path, lock_text(session).as_bytes())?;
    Ok(path)
}

/// What differs between the project's lock file and what is loaded. Empty if nothing does.
pub fn check_lock(session: &Session, sources: &mut SourceMap) -> Vec<Diagnostic> {
    match read(&session.project().root, sources) {
        Ok(lock) => lock.check(session.digests(), session.jurisdictions()),
        Err(diagnostic) => vec![diagnostic],
    }
}

/// A lock file that was read.
#[derive(Debug)]
pub(crate) struct Lock {
    contents: Contents,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Contents {
    version: u32,
    #[serde(default, rename = "policy")]
    policies: Vec<PinnedFile>,
    #[serde(default, rename = "table")]
    tables: Vec<PinnedFile>,
    #[serde(default, rename = "plugin")]
    plugins: Vec<PinnedPlugin>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PinnedFile {
    name: String,
    sha256: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PinnedPlugin {
    id: String,
    version: String,
    sha256: String,
}

/// Reads the lock file of a folder.
pub(crate) fn read(root: &Path, sources: &mut SourceMap) -> Result<Lock, Diagnostic> {
    let path = root.join(LOCK_NAME);
    if !files::is_file(&path) {
        let message = format!("there is no lock file `{}`", files::shown(&path));
        return Err(Diagnostic::unplaced(codes::LOCK_MISSING, Severity::Error, message)
            .with_help("Run `exeat lock` to write one, look at it, and keep it with the rules."));
    }
    let text = files::read_text(&path)?;
    let base = base_of(&files::shown(&path), &text, sources);
    let unreadable = |message: String, span| {
        Diagnostic::error(codes::LOCK_UNREADABLE, message, span, "")
            .with_help("Run `exeat lock` to write it anew, and compare it with the old one.")
    };
    let contents: Contents = toml::from_str(&text).map_err(|error| {
        let span = error.span().map_or(Span::new(base, base), |range| place(base, &range));
        let reason = error.message().lines().next().unwrap_or_default().to_owned();
        unreadable(format!("the lock file cannot be read: {reason}"), span)
    })?;
    if contents.version != VERSION {
        let message = format!(
            "the lock file has version {}, and this program knows version {VERSION}",
            contents.version
        );
        return Err(unreadable(message, Span::new(base, base)));
    }
    Ok(Lock { contents })
}

impl Lock {
    /// Libraries that are not pinned, found without opening them.
    pub(crate) fn refuse_plugins(&self, paths: &[PathBuf]) -> Vec<Diagnostic> {
        let mut refused = Vec::new();
        for path in paths {
            match file_digest(path) {
                Ok(found) if self.contents.plugins.iter().any(|plugin| plugin.sha256 == found) => {}
                Ok(_) => refused.push(mismatch(format!(
                    "the library `{}` is not the one in the lock file",
                    files::shown(path)
                ))),
                Err(diagnostic) => refused.push(diagnostic),
            }
        }
        refused
    }

    /// What differs between the lock and what is loaded.
    pub(crate) fn check(
        &self,
        digests: &Digests,
        jurisdictions: &[Arc<LoadedJurisdiction>],
    ) -> Vec<Diagnostic> {
        let mut found = compare("rule file", &self.contents.policies, &digests.policies);
        found.extend(compare("table file", &self.contents.tables, &digests.tables));
        let mut pinned: BTreeMap<&str, &PinnedPlugin> =
            self.contents.plugins.iter().map(|plugin| (plugin.id.as_str(), plugin)).collect();
        for jurisdiction in jurisdictions {
            let description = jurisdiction.description();
            let id = &description.id;
            match pinned.remove(id.as_str()) {
                None => found.push(mismatch(format!(
                    "the jurisdiction `{id}` was added: it is not in the lock file"
                ))),
                Some(plugin) if plugin.sha256 != description.digest => {
                    let versions = if plugin.version == description.version {
                        format!("both say version {}", plugin.version)
                    } else {
                        format!("version {} then, {} now", plugin.version, description.version)
                    };
                    found.push(mismatch(format!("the jurisdiction `{id}` changed: {versions}")));
                }
                Some(_) => {}
            }
        }
        for id in pinned.into_keys() {
            found.push(mismatch(format!(
                "the jurisdiction `{id}` was removed: it is in the lock file and not loaded"
            )));
        }
        found
    }
}

fn compare(kind: &str, pinned: &[PinnedFile], found: &[SourceDigest]) -> Vec<Diagnostic> {
    let mut pinned: BTreeMap<&str, &str> =
        pinned.iter().map(|file| (file.name.as_str(), file.sha256.as_str())).collect();
    let mut problems = Vec::new();
    for digest in found {
        let name = &digest.name;
        match pinned.remove(name.as_str()) {
            None => problems.push(mismatch(format!(
                "the {kind} `{name}` was added: it is not in the lock file"
            ))),
            Some(sha256) if sha256 != digest.sha256 => problems.push(mismatch(format!(
                "the {kind} `{name}` changed since the lock file was written"
            ))),
            Some(_) => {}
        }
    }
    for name in pinned.into_keys() {
        problems.push(mismatch(format!(
            "the {kind} `{name}` was removed: it is in the lock file and not there"
        )));
    }
    problems
}

fn mismatch(message: String) -> Diagnostic {
    Diagnostic::unplaced(codes::LOCK_MISMATCH, Severity::Error, message)
        .with_help("If the change is meant, run `exeat lock` and keep the new lock file.")
}

/// A text in the form in which TOML writes it.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
