use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use exeat_diagnostics::{Diagnostic, Severity, SourceMap, codes, render};
use exeat_engine::{
    LinkedJurisdiction, LoadOptions, Loaded, PolicyText, Session, SourceTexts, TableText,
};
use exeat_hir::Hir;
use exeat_plugin_host::{LoadedJurisdiction, load_linked};

/// Texts that belong together, with the linked-in jurisdictions.
#[derive(Clone, Debug, Default)]
pub struct Program {
    files: Vec<(String, String)>,
    tables: BTreeMap<String, String>,
}

/// What a program came to.
pub struct Result {
    /// The problems, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// Problems that do not count.
    pub(crate) aside: Vec<Diagnostic>,
    /// The texts.
    pub sources: SourceMap,
    /// The program, if it has no error.
    pub session: Option<Session>,
}

impl Program {
    /// Adds a rule file.
    #[must_use]
    pub fn with(mut self, name: &str, text: &str) -> Self {
        self.files.push((name.to_owned(), text.to_owned()));
        self
    }

    /// Adds a CSV file beside the rule files.
    #[must_use]
    pub fn with_table(mut self, name: &str, text: &str) -> Self {
        self.tables.insert(name.to_owned(), text.to_owned());
        self
    }

    /// Checks it.
    pub fn check(&self) -> Result {
        let policies: Vec<PolicyText> = self
            .files
            .iter()
            .map(|(name, text)| PolicyText { name: name.clone(), text: text.as_str().into() })
            .collect();
        let mut tables = BTreeMap::new();
        for (table, text) in &self.tables {
            for (policy, _) in &self.files {
                let found = TableText { name: table.clone(), text: text.as_str().into() };
                tables.insert((policy.clone(), table.clone()), found);
            }
        }
        let loaded = Session::from_texts(&SourceTexts { policies, tables }, linked());
        let Loaded { session, sources, diagnostics } = loaded;
        Result { diagnostics, aside: Vec::new(), sources, session }
    }
}

impl Result {
    /// The codes of the problems, each once, in order.
    pub fn codes(&self) -> Vec<&'static str> {
        let mut codes: Vec<&str> = self.diagnostics.iter().map(|found| found.code.0).collect();
        codes.sort_unstable();
        codes.dedup();
        codes
    }

    /// How many errors there are.
    pub fn errors(&self) -> usize {
        self.diagnostics.iter().filter(|found| found.severity == Severity::Error).count()
    }

    /// The problems as text.
    pub fn shown(&self) -> String {
        render::plain(&self.diagnostics, &self.sources)
    }
}

fn linked() -> Vec<Arc<LoadedJurisdiction>> {
    let us = load_linked("us", exeat_jurisdiction_us::descriptor);
    let eu = load_linked("eu", exeat_jurisdiction_eu::descriptor);
    [us, eu].into_iter().flatten().map(Arc::new).collect()
}

/// The rules of a text that uses no jurisdiction.
///
/// # Errors
/// Its problems as text, if it has errors.
pub fn checked(text: &str) -> std::result::Result<Hir, String> {
    let policies = vec![PolicyText { name: "generated.exeat".to_owned(), text: text.into() }];
    let texts = SourceTexts { policies, tables: BTreeMap::new() };
    let loaded = Session::from_texts(&texts, Vec::new());
    match loaded.session {
        Some(session) => Ok(session.hir().clone()),
        None => Err(render::plain(&loaded.diagnostics, &loaded.sources)),
    }
}

/// The project of the repository, loaded from disk.
///
/// # Errors
/// Its problems, warnings too.
pub fn repository() -> std::result::Result<Session, Vec<Diagnostic>> {
    repository_with(BTreeMap::new())
}

/// The same with other texts for some of its files, by their paths from the root of the repository.
///
/// # Errors
/// Its problems, warnings too.
pub fn repository_with(
    instead: BTreeMap<&str, String>,
) -> std::result::Result<Session, Vec<Diagnostic>> {
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let text = |(path, text): (&str, String)| (root.join(path), Some(Arc::from(text)));
    let options = LoadOptions {
        instead: instead.into_iter().map(text).collect(),
        root: root.clone(),
        linked: vec![
            LinkedJurisdiction { name: "us", entry: exeat_jurisdiction_us::descriptor },
            LinkedJurisdiction { name: "eu", entry: exeat_jurisdiction_eu::descriptor },
        ],
        ..LoadOptions::default()
    };
    let loaded = Session::load(&options);
    let unknown = || {
        let message = "the project was not loaded";
        vec![Diagnostic::unplaced(codes::NO_POLICIES_FOUND, Severity::Error, message)]
    };
    match loaded.session {
        Some(session) if loaded.diagnostics.is_empty() => Ok(session),
        _ if loaded.diagnostics.is_empty() => Err(unknown()),
        _ => Err(loaded.diagnostics),
    }
}
