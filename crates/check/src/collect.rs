//! Every module and every name, before anything is looked into.

use exeat_diagnostics::{Diagnostic, Span, codes};
use exeat_hir::{
    CodeListId, Decision, DecisionId, Define, DefineId, EnumId, Enumeration, EnumerationValue,
    Fact, FactId, Force, Group, GroupId, Module, ModuleStatus, Reading, ReadingChoice, ReadingId,
    RecordId, RecordType, Rule, RuleId, RuleKind, Scale, ScaleId, Ty,
};
use exeat_syntax::{Kind, Node};

use crate::checker::{Checker, Imports, Item, Progress, cites, clause_text, name_of, path_of};

impl Checker<'_> {
    /// Declares all modules, then all names of all modules.
    pub(crate) fn collect(&mut self) {
        self.declare_jurisdictions();
        for (at, parsed) in self.input.files.iter().enumerate() {
            self.file = at;
            self.collect_header(parsed.tree.root());
        }
        for (at, parsed) in self.input.files.iter().enumerate() {
            self.file = at;
            for node in parsed.tree.root().nodes() {
                self.collect_item(node);
            }
        }
        self.check_imports();
    }

    fn collect_header(&mut self, root: Node<'_>) {
        let start = Span::new(root.span().start, root.span().start.saturating_add(1));
        let edition = root.node(Kind::edition);
        let known = edition.is_some_and(|node| {
            node.token(Kind::number).is_some_and(|token| node.token_text(token) == "2026")
        });
        if !known {
            let span = edition.map_or(start, Node::span);
            let diagnostic = Diagnostic::error(
                codes::MISSING_EDITION,
                "the file does not say in which edition it is written",
                span,
                "expected here",
            )
            .with_help("Begin the file with `edition 2026`.")
            .with_fix(
                "write `edition 2026`",
                edition.map_or(Span::new(start.start, start.start), Node::span),
                "edition 2026\n",
            );
            self.diagnostics.push(diagnostic);
        }
        let header = root.node(Kind::module);
        let Some(header) = header else {
            let diagnostic = Diagnostic::error(
                codes::MISSING_MODULE_HEADER,
                "the file has no module header",
                start,
                "expected after `edition 2026`",
            )
            .with_help("Write `module NAME { title \"…\" }` before the first item.");
            self.diagnostics.push(diagnostic);
            let id = self.hir.modules.push(Module {
                name: format!("file {}", self.file).into(),
                title: None,
                cites: Vec::new(),
                doc: String::new(),
                status: ModuleStatus::InForce,
                jurisdiction: None,
                span: start,
            });
            self.modules.push(id);
            self.imports.push(Imports::default());
            return;
        };
        let path = header.node(Kind::path);
        let names = path.map(path_of).unwrap_or_default();
        let span = path.map_or(header.span(), Node::span);
        let name = names.join(".");
        if let Some(before) = self.hir.modules.values().find(|module| module.name == name.as_str())
        {
            let diagnostic = Diagnostic::error(
                codes::DUPLICATE_NAME,
                format!("there are two modules `{name}`"),
                span,
                "declared again here",
            )
            .with_label(before.span, "declared here first")
            .with_help("One file is one module; give this one another name.");
            self.diagnostics.push(diagnostic);
        }
        let mut imports = Imports::default();
        for clause in header.nodes_of(Kind::use_clause) {
            let module = clause.node(Kind::path).map(path_of).unwrap_or_default().join(".");
            if let Some(alias) = clause.node(Kind::use_alias) {
                imports.aliases.insert(name_of(alias).0.to_owned(), module.clone());
            } else {
                let only = clause.node(Kind::use_names).map(|names| {
                    names
                        .tokens_of(Kind::ident)
                        .map(|token| names.token_text(token).to_owned())
                        .collect()
                });
                imports.open.push((module, only));
            }
        }
        let jurisdiction = names.first().filter(|first| {
            self.input.jurisdictions.iter().any(|known| known.id == first.as_str())
        });
        let status = self.module_status(header);
        let id = self.hir.modules.push(Module {
            name: name.clone().into(),
            title: clause_text(header, Kind::title_clause),
            cites: cites(header),
            doc: header.documentation(),
            status,
            jurisdiction: jurisdiction.map(|name| name.as_str().into()),
            span,
        });
        self.names.entry(name).or_default();
        self.modules.push(id);
        self.imports.push(imports);
    }

    fn module_status(&mut self, header: Node<'_>) -> ModuleStatus {
        let Some(clause) = header.node(Kind::status_clause) else { return ModuleStatus::InForce };
        match name_of(clause).0 {
            "" if clause.has(Kind::kw_force) => ModuleStatus::InForce,
            "proposal" => ModuleStatus::Proposal,
            "repealed" => ModuleStatus::Repealed,
            other => {
                let message = format!("`{other}` is no status of a module");
                let diagnostic = Diagnostic::error(
                    codes::STATUS_INVALID,
                    message,
                    clause.span(),
                    "not a status",
                )
                .with_help("A module is `in force`, a `proposal` or `repealed`.");
                self.diagnostics.push(diagnostic);
                ModuleStatus::InForce
            }
        }
    }

    fn check_imports(&mut self) {
        let mut known: Vec<String> = self.names.keys().cloned().collect();
        known.sort();
        for parsed in self.input.files {
            for clause in parsed
                .tree
                .root()
                .nodes_of(Kind::module)
                .flat_map(|header| header.nodes_of(Kind::use_clause))
            {
                let Some(path) = clause.node(Kind::path) else { continue };
                let module = path_of(path).join(".");
                if !self.names.contains_key(&module) {
                    self.unknown(
                        codes::UNKNOWN_MODULE,
                        "module or jurisdiction",
                        &module,
                        path.span(),
                        &known,
                    );
                    continue;
                }
                let Some(only) = clause.node(Kind::use_names) else { continue };
                let names: Vec<String> = self
                    .names
                    .get(&module)
                    .into_iter()
                    .flat_map(|names| names.keys().cloned())
                    .collect();
                for token in only.tokens_of(Kind::ident) {
                    let name = only.token_text(token);
                    if !names
                        .iter()
                        .any(|known| known == name || *known == crate::checker::type_key(name))
                    {
                        self.unknown(
                            codes::UNKNOWN_NAME,
                            &format!("name in `{module}`:"),
                            name,
                            token.span,
                            &names,
                        );
                    }
                }
            }
        }
    }

    /// Declares a name in the module of the file.
    pub(crate) fn declare_name(&mut self, name: &str, span: Span, item: Item) {
        if name == "as_of_date" || (name.len() == 2 && name.chars().all(|c| c.is_ascii_uppercase()))
        {
            let diagnostic = Diagnostic::error(
                codes::RESERVED_NAME,
                format!("`{name}` cannot be declared"),
                span,
                "this name is reserved",
            )
            .with_help(
                "Names of two capital letters are countries; `as_of_date` is the date asked for.",
            );
            self.diagnostics.push(diagnostic);
            return;
        }
        let module = self
            .hir
            .modules
            .get(self.module())
            .map(|module| module.name.to_string())
            .unwrap_or_default();
        let names = self.names.entry(module).or_default();
        if let Some((_, before)) = names.get(&item.key(name)) {
            let before = *before;
            let diagnostic = Diagnostic::error(
                codes::DUPLICATE_NAME,
                format!("`{name}` is declared twice in this module"),
                span,
                "declared again here",
            )
            .with_label(before, "declared here first");
            self.diagnostics.push(diagnostic);
            return;
        }
        names.insert(item.key(name), (item, span));
    }
}

impl<'a> Checker<'a> {
    #[expect(clippy::too_many_lines, reason = "one arm a kind of item, each only names it")]
    fn collect_item(&mut self, node: Node<'a>) {
        let (name, span) = name_of(node);
        let module = self.module();
        let full = |checker: &Self| checker.hir.full_name(module, name).into();
        let title = clause_text(node, Kind::title_clause);
        let doc = node.documentation();
        match node.kind() {
            Kind::fact => {
                let id: FactId = self.hir.facts.push(Fact {
                    name: name.into(),
                    module,
                    ty: Ty::Error,
                    ask: clause_text(node, Kind::ask_clause),
                    source: clause_text(node, Kind::source_clause),
                    doc,
                    span,
                });
                self.fact_nodes.push((self.file, id, node));
                self.declare_name(name, span, Item::Fact(id));
            }
            Kind::record => {
                let id: RecordId = self.hir.records.push(RecordType {
                    name: full(self),
                    title,
                    fields: Vec::new(),
                    span,
                });
                self.record_nodes.push((self.file, id, node));
                self.declare_name(name, span, Item::Record(id));
            }
            Kind::enumeration => {
                let mut values: Vec<EnumerationValue> = Vec::new();
                for value in node.nodes_of(Kind::enum_value) {
                    let (value_name, value_span) = name_of(value);
                    if values.iter().any(|known| known.name == value_name) {
                        self.error(
                            codes::DUPLICATE_NAME,
                            format!("`{value_name}` stands twice in `{name}`"),
                            value_span,
                            "again here",
                        );
                    }
                    values
                        .push(EnumerationValue { name: value_name.into(), title: value.string() });
                }
                let id: EnumId =
                    self.hir.enums.push(Enumeration { name: full(self), title, values, span });
                self.declare_name(name, span, Item::Enum(id));
            }
            Kind::scale => {
                let id: ScaleId = self.hir.scales.push(Scale {
                    name: full(self),
                    title,
                    outcomes: Vec::new(),
                    span,
                });
                self.scale_nodes.push((self.file, id, node));
                self.declare_name(name, span, Item::Scale(id));
            }
            Kind::codes => {
                let id: CodeListId = self.collect_codes(node, full(self), title, span);
                self.declare_name(name, span, Item::CodeList(id));
            }
            Kind::group => {
                let id: GroupId = self.hir.groups.push(Group {
                    name: full(self),
                    title,
                    cites: cites(node),
                    element: Ty::Error,
                    items: Vec::new(),
                    span,
                });
                self.group_nodes.push((self.file, id, node));
                self.declare_name(name, span, Item::Group(id));
            }
            Kind::reading => {
                let mut choices = Vec::new();
                let mut default = None;
                for choice in node.nodes_of(Kind::reading_choice) {
                    let (choice_name, choice_span) = name_of(choice);
                    if choice.has(Kind::kw_default) {
                        if default.is_some() {
                            self.error(
                                codes::DUPLICATE_CLAUSE,
                                "a reading has one default",
                                choice_span,
                                "a second one",
                            );
                        }
                        default = Some(choices.len());
                    }
                    choices.push(ReadingChoice {
                        name: choice_name.into(),
                        title: choice.string(),
                        cites: cites(choice),
                        span: choice_span,
                    });
                }
                let id: ReadingId = self.hir.readings.push(Reading {
                    name: name.into(),
                    module,
                    title,
                    choices,
                    default,
                    doc,
                    span,
                });
                self.declare_name(name, span, Item::Reading(id));
            }
            Kind::decision => {
                let id: DecisionId = self.hir.decisions.push(Decision {
                    name: name.into(),
                    module,
                    title,
                    ty: Ty::Error,
                    combine: exeat_hir::Combine::Collect,
                    otherwise: None,
                    otherwise_cites: Vec::new(),
                    needed_when: None,
                    doc,
                    span,
                });
                self.decision_nodes.push((self.file, id, node));
                self.declare_name(name, span, Item::Decision(id));
            }
            Kind::define => {
                let mut all = cites(node);
                for piece in node.nodes_of(Kind::piece) {
                    all.extend(cites(piece));
                }
                let id: DefineId = self.hir.defines.push(Define {
                    name: name.into(),
                    module,
                    title,
                    cites: all,
                    parameters: Vec::new(),
                    ty: Ty::Error,
                    pieces: Vec::new(),
                    doc,
                    span,
                });
                self.define_nodes.push((self.file, node, Progress::Waiting));
                self.declare_name(name, span, Item::Define(id));
            }
            Kind::rule | Kind::exception => {
                let id: RuleId = self.hir.rules.push(Rule {
                    name: name.into(),
                    module,
                    kind: if node.kind() == Kind::rule {
                        RuleKind::Rule
                    } else {
                        RuleKind::Exception
                    },
                    title,
                    cites: cites(node),
                    force: Force::default(),
                    when: None,
                    conclusions: Vec::new(),
                    duties: Vec::new(),
                    defeats: Vec::new(),
                    defeated_by: Vec::new(),
                    doc,
                    span,
                    whole: node.span(),
                });
                self.rule_nodes.push((self.file, id, node));
                self.declare_name(name, span, Item::Rule(id));
            }
            Kind::unit => self.other_nodes.push((self.file, node)),
            Kind::table => {
                let diagnostic = Diagnostic::error(
                    codes::SYNTAX_ERROR,
                    "tables can be written, but are not checked yet",
                    span,
                    "a table",
                )
                .with_help("Write a `define` with `if … then … else …` for now.");
                self.diagnostics.push(diagnostic);
                self.declare_name(name, span, Item::Broken);
            }
            Kind::scenario | Kind::assertion | Kind::assumption | Kind::not_modelled => {
                self.other_nodes.push((self.file, node));
            }
            _ => {}
        }
    }
}
