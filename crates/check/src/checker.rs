use std::collections::BTreeMap;

use exeat_diagnostics::{Code, Diagnostic, Span};
use exeat_hir::{AssertionId, CodeListId, FunctionId};
use exeat_hir::{
    DecisionId, DefineId, EnumId, FactId, GroupId, Hir, LocalId, ModuleId, ReadingId, RecordId,
    RuleId, ScaleId, Ty, UnitId,
};
use exeat_syntax::{Kind, Node};

use crate::Input;

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Item {
    Enum(EnumId),
    Record(RecordId),
    Scale(ScaleId),
    CodeList(CodeListId),
    Group(GroupId),
    Fact(FactId),
    Define(DefineId),
    Reading(ReadingId),
    Decision(DecisionId),
    Rule(RuleId),
    Assertion(AssertionId),
    Function(FunctionId),
    /// A catalogue: the jurisdiction and the catalogue by their places.
    Catalogue(usize, usize),
    /// An item that is declared but could not be understood.
    Broken,
}

impl Item {
    /// The key under which a name stands in [`Names`]: types have names of their own, so that a
    /// fact may be called as its type, `fact action : action`.
    pub(crate) fn key(self, name: &str) -> String {
        match self {
            Self::Enum(_) | Self::Record(_) | Self::Scale(_) | Self::CodeList(_) => type_key(name),
            _ => name.to_owned(),
        }
    }
}

/// The key under which a type stands.
pub(crate) fn type_key(name: &str) -> String {
    format!("type {name}")
}

/// The names of a module or jurisdiction, with the places where they are declared.
pub(crate) type Names = BTreeMap<String, (Item, Span)>;

/// What a file uses.
#[derive(Clone, Debug, Default)]
pub(crate) struct Imports {
    /// Modules whose names can be used as they are; with a list, only those names.
    pub(crate) open: Vec<(String, Option<Vec<String>>)>,
    /// Other names for modules.
    pub(crate) aliases: BTreeMap<String, String>,
}

/// How far a define is lowered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    Waiting,
    Begun,
    Done,
}

/// The state of a check.
#[derive(Debug)]
pub(crate) struct Checker<'a> {
    pub(crate) input: Input<'a>,
    pub(crate) hir: Hir,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The module of each file.
    pub(crate) modules: Vec<ModuleId>,
    pub(crate) imports: Vec<Imports>,
    /// Names by module and by jurisdiction.
    pub(crate) names: BTreeMap<String, Names>,
    pub(crate) units: BTreeMap<String, UnitId>,
    pub(crate) groups: BTreeMap<(String, String), GroupId>,
    /// The items still to be lowered, with the file in which they stand.
    pub(crate) fact_nodes: Vec<(usize, FactId, Node<'a>)>,
    pub(crate) record_nodes: Vec<(usize, RecordId, Node<'a>)>,
    pub(crate) scale_nodes: Vec<(usize, ScaleId, Node<'a>)>,
    pub(crate) group_nodes: Vec<(usize, GroupId, Node<'a>)>,
    pub(crate) define_nodes: Vec<(usize, Node<'a>, Progress)>,
    pub(crate) decision_nodes: Vec<(usize, DecisionId, Node<'a>)>,
    pub(crate) rule_nodes: Vec<(usize, RuleId, Node<'a>)>,
    pub(crate) other_nodes: Vec<(usize, Node<'a>)>,
    /// The file whose names are looked up at the moment.
    pub(crate) file: usize,
    pub(crate) locals: Vec<(String, LocalId, Ty)>,
    pub(crate) next_local: u32,
}

impl<'a> Checker<'a> {
    pub(crate) fn new(input: Input<'a>) -> Self {
        Self {
            input,
            hir: Hir::default(),
            diagnostics: Vec::new(),
            modules: Vec::new(),
            imports: Vec::new(),
            names: BTreeMap::new(),
            units: BTreeMap::new(),
            groups: BTreeMap::new(),
            fact_nodes: Vec::new(),
            record_nodes: Vec::new(),
            scale_nodes: Vec::new(),
            group_nodes: Vec::new(),
            define_nodes: Vec::new(),
            decision_nodes: Vec::new(),
            rule_nodes: Vec::new(),
            other_nodes: Vec::new(),
            file: 0,
            locals: Vec::new(),
            next_local: 0,
        }
    }

    pub(crate) fn error(
        &mut self,
        code: Code,
        message: impl Into<String>,
        span: Span,
        label: impl Into<String>,
    ) {
        self.diagnostics.push(Diagnostic::error(code, message, span, label));
    }

    pub(crate) fn module(&self) -> ModuleId {
        self.modules.get(self.file).copied().unwrap_or(ModuleId(0))
    }

    pub(crate) fn bind(&mut self, name: &str, ty: Ty) -> LocalId {
        let id = LocalId(self.next_local);
        self.next_local = self.next_local.saturating_add(1);
        self.locals.push((name.to_owned(), id, ty));
        id
    }
}

/// The name of an item: its first name token.
pub(crate) fn name_of(node: Node<'_>) -> (&str, Span) {
    match node.token(Kind::ident).or_else(|| node.token(Kind::word)) {
        Some(token) => (node.token_text(token), token.span),
        None => ("", node.span()),
    }
}

/// The text of a clause such as `title "…"`.
pub(crate) fn clause_text(node: Node<'_>, kind: Kind) -> Option<String> {
    node.node(kind).and_then(Node::string)
}

/// The texts of all `cite` clauses of an item.
pub(crate) fn cites(node: Node<'_>) -> Vec<String> {
    node.nodes_of(Kind::cite_clause).filter_map(Node::string).collect()
}

/// The names of a `path` node.
pub(crate) fn path_of(node: Node<'_>) -> Vec<String> {
    node.tokens()
        .filter(|token| matches!(token.kind, Kind::ident | Kind::word))
        .map(|token| node.token_text(token).to_owned())
        .collect()
}
