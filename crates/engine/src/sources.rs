use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use exeat_diagnostics::{Diagnostic, Severity, Span, codes};

use crate::{Project, files};

/// The text of a rule file.
#[derive(Clone, Debug)]
pub struct PolicyText {
    /// The name shown to people.
    pub name: String,
    /// Its text.
    pub text: Arc<str>,
}

/// The text of a CSV file from which a table takes its rows.
#[derive(Clone, Debug)]
pub struct TableText {
    /// The name shown to people.
    pub name: String,
    /// Its text.
    pub text: Arc<str>,
}

/// All texts of a program, wherever they come from: a disk, an editor, a test.
#[derive(Clone, Debug, Default)]
pub struct SourceTexts {
    /// The rule files, in the order of their names.
    pub policies: Vec<PolicyText>,
    /// The CSV files by the name of the rule file and the path written there.
    pub tables: BTreeMap<(String, String), TableText>,
}

impl SourceTexts {
    /// Leaves out rule files by the names under which they are shown.
    pub(crate) fn leave_out(&mut self, names: &BTreeSet<String>) {
        self.policies.retain(|policy| !names.contains(&policy.name));
    }

    /// Takes texts in place of rule files, as [`crate::LoadOptions::instead`] says.
    pub(crate) fn put_instead(
        &mut self,
        project: &Project,
        instead: &BTreeMap<PathBuf, Option<Arc<str>>>,
    ) {
        for (path, text) in instead {
            let shown = files::shown(path);
            let loaded = self.policies.iter().any(|policy| policy.name == shown);
            let name = if loaded { shown } else { files::shown(&project.within(path)) };
            self.policies.retain(|policy| policy.name != name);
            let belongs = project.policies.iter().any(|folder| {
                let folder = files::shown(folder);
                folder == "." || Path::new(&name).starts_with(folder)
            });
            if let Some(text) = text.as_ref().filter(|_| belongs) {
                self.policies.push(PolicyText { name, text: Arc::clone(text) });
            }
        }
        self.policies.sort_by(|a, b| a.name.cmp(&b.name));
    }
}

/// Reads the rule files under the given paths; each once, in the order of their names.
pub(crate) fn read_policies(paths: &[PathBuf]) -> (SourceTexts, Vec<Diagnostic>) {
    let mut found: BTreeMap<String, PathBuf> = BTreeMap::new();
    let mut diagnostics = Vec::new();
    for path in paths {
        match files::rule_files(path) {
            Ok(files) => found.extend(files.into_iter().map(|path| (files::shown(&path), path))),
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
    }
    if found.is_empty() && diagnostics.is_empty() {
        let shown: Vec<String> =
            paths.iter().map(|path| format!("`{}`", files::shown(path))).collect();
        let message = format!("there is no rule file in {}", shown.join(", "));
        diagnostics.push(
            Diagnostic::unplaced(codes::NO_POLICIES_FOUND, Severity::Error, message).with_help(
                "Rule files end in `.exeat`. Give their folder, or begin a project with `exeat init`.",
            ),
        );
    }
    let mut texts = SourceTexts::default();
    for (name, path) in found {
        match files::read_text(&path) {
            Ok(text) => texts.policies.push(PolicyText { name, text: text.into() }),
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
    }
    (texts, diagnostics)
}

/// Reads the CSV file that a rule file names, beside the rule file.
pub(crate) fn read_table(policy: &str, written: &str, span: Span) -> Result<TableText, Diagnostic> {
    let path = Path::new(policy).parent().unwrap_or(Path::new("")).join(written);
    match files::read_text(&path) {
        Ok(text) => Ok(TableText { name: files::shown(&path), text: text.into() }),
        Err(mut diagnostic) => {
            diagnostic = diagnostic.with_label(span, "the rows are to come from this file");
            diagnostic.help.push("The path is relative to the rule file.".to_owned());
            Err(diagnostic)
        }
    }
}
