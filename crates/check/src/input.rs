use std::collections::BTreeMap;
use std::sync::Arc;

use exeat_diagnostics::{Diagnostic, Span};
use exeat_hir::Hir;
use exeat_model::JurisdictionDescription;
use exeat_syntax::{Kind, Node, Parsed};

use crate::environment::Environment;

/// A rule file.
#[derive(Clone, Debug)]
pub struct SourceInput {
    /// Its tree and the problems in its text.
    pub parsed: Parsed,
}

/// A CSV file that a table takes its rows from.
#[derive(Clone, Debug)]
pub struct TableFile {
    /// The path to show in messages.
    pub path: String,
    /// Its text.
    pub text: Arc<str>,
    /// The offset of its first byte in the offset space.
    pub base: u32,
}

/// What is checked together.
#[derive(Clone, Debug)]
pub struct Input<'a> {
    /// The rule files, in the order in which their items shall stand in the program.
    pub files: Vec<SourceInput>,
    /// The CSV files, by the number of the rule file and the path written there after `file`.
    pub table_files: BTreeMap<(usize, String), TableFile>,
    /// What the loaded jurisdictions offer.
    pub jurisdictions: &'a [Arc<JurisdictionDescription>],
}

/// The paths of the CSV files that the tables of a rule file name, with the places where they do.
pub fn table_files_wanted(parsed: &Parsed) -> Vec<(String, Span)> {
    let tables = parsed.tree.root().nodes_of(Kind::table);
    tables
        .flat_map(|table| table.nodes_of(Kind::file_clause))
        .filter_map(|clause| Some((clause.string()?, file_name_span(clause))))
        .collect()
}

/// Where the path of a `file` clause stands.
pub(crate) fn file_name_span(clause: Node<'_>) -> Span {
    clause.token(Kind::string).map_or(clause.span(), |token| token.span)
}

/// A program without errors, with the names that later expressions may use.
#[derive(Clone, Debug)]
pub struct Checked {
    pub(crate) hir: Hir,
    pub(crate) environment: Environment,
}

impl Checked {
    /// The program.
    pub fn hir(&self) -> &Hir {
        &self.hir
    }
}

/// What came of a check.
#[derive(Clone, Debug)]
pub struct CheckResult {
    /// The program; there is none exactly if there is an error.
    pub checked: Option<Checked>,
    /// All problems, those of the texts among them, in the order of the sources.
    pub diagnostics: Vec<Diagnostic>,
}
