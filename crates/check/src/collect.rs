//! Every module and every name, before anything is looked into.

use exeat_diagnostics::{Diagnostic, Span, codes};
use exeat_hir::{
    AssertionId, DecisionId, DefineId, EnumId, FactId, GroupId, Module, ModuleId, ModuleStatus,
    NotModelledId, ReadingId, RecordId, RuleId, ScaleId, ScenarioId, TableId,
};
use exeat_syntax::{Kind, Node};
use smol_str::SmolStr;

use crate::checker::Checker;
use crate::environment::ModuleScope;
use crate::input::Input;
use crate::items::declare;
use crate::{imports, jurisdiction, skipped, units};

/// The items of all files with their ids, each in the order of the sources.
#[derive(Debug, Default)]
pub(crate) struct Items<'a> {
    pub(crate) facts: Vec<(FactId, ModuleId, Node<'a>)>,
    pub(crate) records: Vec<(RecordId, ModuleId, Node<'a>)>,
    pub(crate) enums: Vec<(EnumId, Node<'a>)>,
    pub(crate) scales: Vec<(ScaleId, ModuleId, Node<'a>)>,
    pub(crate) groups: Vec<(GroupId, ModuleId, Node<'a>)>,
    pub(crate) readings: Vec<(ReadingId, Node<'a>)>,
    pub(crate) decisions: Vec<(DecisionId, ModuleId, Node<'a>)>,
    pub(crate) defines: Vec<(DefineId, ModuleId, Node<'a>)>,
    pub(crate) tables: Vec<(TableId, ModuleId, Node<'a>, usize)>,
    pub(crate) rules: Vec<(RuleId, ModuleId, Node<'a>)>,
    pub(crate) rule_sets: Vec<(ModuleId, Node<'a>)>,
    pub(crate) not_modelled: Vec<(NotModelledId, ModuleId, Node<'a>)>,
    pub(crate) assertions: Vec<(AssertionId, ModuleId, Node<'a>)>,
    pub(crate) scenarios: Vec<(ScenarioId, ModuleId, Node<'a>)>,
    pub(crate) transactions: Vec<(ModuleId, Node<'a>)>,
    pub(crate) assumptions: Vec<(ModuleId, Node<'a>)>,
    pub(crate) units: Vec<Node<'a>>,
}

/// Declares all modules, jurisdictions and names.
pub(crate) fn collect<'a>(checker: &mut Checker<'a>, input: &'a Input<'_>) -> Items<'a> {
    let mut files: Vec<(ModuleId, Node<'a>)> = Vec::new();
    for file in &input.files {
        let root = file.parsed.tree.root();
        if file.parsed.has_errors() && root.nodes().next().is_none() {
            checker.names().incomplete = true;
        }
        let module = header(checker, root, file.parsed.has_errors());
        files.push((module, root));
    }
    for (module, root) in &files {
        imports::collect(checker, *module, *root);
    }
    jurisdiction::declare(checker);
    let mut items = Items::default();
    for (at, (module, root)) in files.iter().enumerate() {
        for node in root.nodes() {
            declare::item(checker, &mut items, *module, node, at);
        }
        skipped::declare_skipped(checker, *module, *root);
    }
    imports::check_names(checker, &files);
    units::declare(checker, &items);
    jurisdiction::declare_functions(checker);
    items
}

/// Reads the header of a file.
fn header(checker: &mut Checker<'_>, root: Node<'_>, has_errors: bool) -> ModuleId {
    let base = root.tree().base();
    let start = Span::new(base, base);
    let edition = root.node(Kind::edition);
    let number = edition.and_then(|node| Some(node.token_text(node.token(Kind::number)?)));
    // In a text with errors the line may be there and stand in what could not be read.
    if number != Some("2026") && !(has_errors && edition.is_none()) {
        checker.report(missing_edition(edition, start));
    }
    let mut headers = root.nodes_of(Kind::module);
    let header = headers.next();
    for second in headers {
        let diagnostic = Diagnostic::error(
            codes::DUPLICATE_CLAUSE,
            "a file is one module, and this one has a second header",
            second.span(),
            "second header",
        )
        .with_help("Put the items of the second module into a file of their own.");
        checker.report(diagnostic);
    }
    let Some(header) = header else {
        if !has_errors {
            let place = edition.map_or(start, Node::span);
            let diagnostic = Diagnostic::error(
                codes::MISSING_MODULE_HEADER,
                "the file does not say which module it is",
                place,
                "expected after this",
            )
            .with_help("Write `module NAME { title \"…\" }` before the first item.");
            checker.report(diagnostic);
        }
        return add_module(checker, nameless(start));
    };
    let path = header.node(Kind::path);
    let name = path.map(path_text).unwrap_or_default();
    let span = path.map_or(header.span(), Node::span);
    if let Some(id) = checker.environment.modules.get(name.as_str()) {
        let first = checker.hir.modules.get(*id).map_or(span, |module| module.span);
        let diagnostic = Diagnostic::error(
            codes::DUPLICATE_NAME,
            format!("there are two modules `{name}`"),
            span,
            "declared again here",
        )
        .with_label(first, "declared here first")
        .with_help("One file is one module; give this one another name.");
        checker.report(diagnostic);
    }
    let first_part = name.split('.').next().unwrap_or("");
    let jurisdiction = checker
        .jurisdictions
        .iter()
        .find(|known| known.id == first_part)
        .map(|known| known.id.clone());
    let status = status(checker, header);
    let module = Module {
        name: name.into(),
        title: checker.title(header),
        cites: cites(header),
        doc: header.documentation(),
        status,
        jurisdiction,
        span,
    };
    add_module(checker, module)
}

fn missing_edition(edition: Option<Node<'_>>, start: Span) -> Diagnostic {
    match edition {
        Some(node) => Diagnostic::error(
            codes::MISSING_EDITION,
            format!("`{}` is not known", node.text()),
            node.span(),
            "not an edition of the language",
        )
        .with_help("The one edition there is so far is 2026.")
        .with_fix("write `edition 2026`", node.span(), "edition 2026"),
        None => Diagnostic::error(
            codes::MISSING_EDITION,
            "the file does not say in which edition of the language it is written",
            start,
            "expected here",
        )
        .with_help("Begin the file with `edition 2026`.")
        .with_fix("write `edition 2026`", start, "edition 2026\n\n"),
    }
}

fn nameless(span: Span) -> Module {
    Module {
        name: SmolStr::default(),
        title: None,
        cites: Vec::new(),
        doc: String::new(),
        status: ModuleStatus::InForce,
        jurisdiction: None,
        span,
    }
}

fn add_module(checker: &mut Checker<'_>, module: Module) -> ModuleId {
    let name = module.name.clone();
    let id = checker.program().modules.push(module);
    if !name.is_empty() {
        checker.names().modules.entry(name).or_insert(id);
    }
    checker.names().scopes.insert(id, ModuleScope::default());
    id
}

fn status(checker: &mut Checker<'_>, header: Node<'_>) -> ModuleStatus {
    let Some(clause) = checker.single(header, Kind::status_clause, "status") else {
        return ModuleStatus::InForce;
    };
    match clause.token(Kind::ident).map(|token| clause.token_text(token)) {
        None => ModuleStatus::InForce,
        Some("proposal") => ModuleStatus::Proposal,
        Some("repealed") => ModuleStatus::Repealed,
        Some(other) => {
            let diagnostic = Diagnostic::error(
                codes::STATUS_INVALID,
                format!("`{other}` is not a status that a module can have"),
                clause.span(),
                "not a status",
            )
            .with_help("A module is `in force`, a `proposal` or `repealed`.");
            checker.report(diagnostic);
            ModuleStatus::InForce
        }
    }
}

/// A path as text, without white space.
pub(crate) fn path_text(path: Node<'_>) -> String {
    let names: Vec<&str> = path_names(path).into_iter().map(|(name, _)| name).collect();
    names.join(".")
}

/// The names of a path with their places.
pub(crate) fn path_names(path: Node<'_>) -> Vec<(&str, Span)> {
    path.tokens()
        .filter(|token| matches!(token.kind, Kind::ident | Kind::word))
        .map(|token| (path.token_text(token), token.span))
        .collect()
}

/// The name of an item and its place.
pub(crate) fn name_of(node: Node<'_>) -> (SmolStr, Span) {
    match node.token(Kind::ident).or_else(|| node.token(Kind::word)) {
        Some(token) => (node.token_text(token).into(), token.span),
        None => (SmolStr::default(), node.span()),
    }
}

/// The texts of the `cite` clauses of a node.
pub(crate) fn cites(node: Node<'_>) -> Vec<String> {
    node.nodes_of(Kind::cite_clause).filter_map(Node::string).collect()
}

impl Checker<'_> {
    /// The one clause of a kind; a second one is reported.
    pub(crate) fn single<'n>(
        &mut self,
        node: Node<'n>,
        kind: Kind,
        word: &str,
    ) -> Option<Node<'n>> {
        let mut clauses = node.nodes_of(kind);
        let first = clauses.next()?;
        for second in clauses {
            let help = if kind == Kind::when_clause {
                "Join the conditions with `and`."
            } else {
                "Keep one of them."
            };
            let diagnostic = Diagnostic::error(
                codes::DUPLICATE_CLAUSE,
                format!("`{word}` stands twice"),
                second.span(),
                "given again here",
            )
            .with_label(first.span(), "given here first")
            .with_help(help);
            self.report(diagnostic);
        }
        Some(first)
    }

    /// The title of an item.
    pub(crate) fn title(&mut self, node: Node<'_>) -> Option<String> {
        self.single(node, Kind::title_clause, "title").and_then(Node::string)
    }
}
