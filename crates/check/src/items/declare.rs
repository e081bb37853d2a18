//! A place in the program and a name for every item; what is in it comes later.

use std::collections::BTreeMap;

use exeat_diagnostics::{Diagnostic, Span, codes};
use exeat_hir::{
    Assertion, AssertionKind, Combine, Decision, Define, Enumeration, Expr, ExprKind, Fact, Force,
    Group, ModuleId, NotModelled, Reading, RecordType, Rule, RuleKind, Scale, Scenario, Table, Ty,
};
use exeat_model::{Date, Interval, Value};
use exeat_syntax::{Kind, Node};
use smol_str::SmolStr;

use crate::checker::{Checker, Pending};
use crate::collect::{Items, cites, name_of};
use crate::environment::{Names, RuleSymbol, Space, TransactionSymbol, TypeSymbol, ValueSymbol};
use crate::types::SIMPLE;

/// What is declared, and where.
#[derive(Clone)]
struct Place {
    module: ModuleId,
    name: SmolStr,
    span: Span,
}

/// Declares an item.
pub(crate) fn item<'a>(
    checker: &mut Checker<'a>,
    items: &mut Items<'a>,
    module: ModuleId,
    node: Node<'a>,
    file: usize,
) {
    let (name, span) = name_of(node);
    let place = Place { module, name, span };
    match node.kind() {
        Kind::record | Kind::enumeration | Kind::scale | Kind::codes => {
            declare_type(checker, items, place, node);
        }
        Kind::rule | Kind::exception => declare_rule(checker, items, place, node),
        Kind::not_modelled | Kind::assertion => declare_other(checker, items, place, node),
        Kind::unit => {
            let (name, _) = name_of(node);
            checker.names().unit_modules.entry(name).or_default().insert(module);
            items.units.push(node);
        }
        Kind::scenario => declare_scenario(checker, items, module, node),
        Kind::transaction => {
            let symbol = TransactionSymbol::Transaction(items.transactions.len());
            items.transactions.push((module, node));
            declare(checker, |names| &mut names.transactions, place, symbol);
        }
        Kind::rule_set => {
            let symbol = RuleSymbol::Set(items.rule_sets.len());
            items.rule_sets.push((module, node));
            declare(checker, |names| &mut names.rules, place, symbol);
        }
        Kind::assumption => items.assumptions.push((module, node)),
        _ => declare_value(checker, items, place, node, file),
    }
}

fn declare_type<'a>(
    checker: &mut Checker<'a>,
    items: &mut Items<'a>,
    place: Place,
    node: Node<'a>,
) {
    let full: SmolStr = checker.hir.full_name(place.module, &place.name).into();
    let (module, span) = (place.module, place.span);
    let title = checker.title(node);
    let symbol = match node.kind() {
        Kind::record => {
            let record = RecordType { name: full, title, fields: Vec::new(), span };
            let id = checker.program().records.push(record);
            items.records.push((id, module, node));
            TypeSymbol::Record(id)
        }
        Kind::enumeration => {
            let item = Enumeration { name: full, title, values: Vec::new(), span };
            let id = checker.program().enums.push(item);
            items.enums.push((id, node));
            TypeSymbol::Enum(id)
        }
        Kind::scale => {
            let scale = Scale { name: full, title, outcomes: Vec::new(), span };
            let id = checker.program().scales.push(scale);
            items.scales.push((id, module, node));
            TypeSymbol::Scale(id)
        }
        _ => TypeSymbol::CodeList(checker.code_list(node, full, title, span)),
    };
    if SIMPLE.contains(&place.name.as_str()) {
        let diagnostic = reserved(&place.name, place.span);
        checker.report(diagnostic.with_help("This is the name of a built-in type."));
        return;
    }
    declare(checker, |names| &mut names.types, place, symbol);
}

fn declare_value<'a>(
    checker: &mut Checker<'a>,
    items: &mut Items<'a>,
    place: Place,
    node: Node<'a>,
    file: usize,
) {
    let Place { module, name, span } = place.clone();
    let doc = node.documentation();
    let title = checker.title(node);
    let text = |kind| node.node(kind).and_then(Node::string);
    let symbol = match node.kind() {
        Kind::fact => {
            let (ask, source) = (text(Kind::ask_clause), text(Kind::source_clause));
            let accepted = Vec::new();
            let fact = Fact { name, module, ty: Ty::Error, ask, source, accepted, doc, span };
            let id = checker.program().facts.push(fact);
            items.facts.push((id, module, node));
            ValueSymbol::Fact(id)
        }
        Kind::group => {
            let name = checker.hir.full_name(module, &name).into();
            let (cites, element, lines) = (cites(node), Ty::Error, Vec::new());
            let group = Group { name, title, cites, element, items: lines, span };
            let id = checker.program().groups.push(group);
            items.groups.push((id, module, node));
            ValueSymbol::Group(id)
        }
        Kind::reading => {
            let (choices, default) = (Vec::new(), None);
            let accepted = Vec::new();
            let reading = Reading { name, module, title, choices, default, accepted, doc, span };
            let id = checker.program().readings.push(reading);
            items.readings.push((id, node));
            ValueSymbol::Reading(id)
        }
        Kind::decision => {
            let id = checker.program().decisions.push(Decision {
                name,
                module,
                title,
                ty: Ty::Error,
                combine: Combine::Unique,
                otherwise: None,
                otherwise_cites: Vec::new(),
                needed_when: None,
                doc,
                span,
            });
            items.decisions.push((id, module, node));
            ValueSymbol::Decision(id)
        }
        Kind::define => {
            let id = checker.program().defines.push(Define {
                name,
                module,
                title,
                cites: cites(node),
                parameters: Vec::new(),
                ty: Ty::Error,
                pieces: Vec::new(),
                doc,
                span,
            });
            items.defines.push((id, module, node));
            checker.pending.insert(id, Pending { node, module });
            ValueSymbol::Define(id)
        }
        Kind::table => {
            let id = checker.program().tables.push(Table {
                name,
                module,
                title,
                cites: cites(node),
                parameters: Vec::new(),
                ty: Ty::Error,
                rows: Vec::new(),
                otherwise: None,
                span,
            });
            items.tables.push((id, module, node, file));
            ValueSymbol::Table(id)
        }
        _ => return,
    };
    declare(checker, |names| &mut names.values, place, symbol);
}

fn declare_rule<'a>(
    checker: &mut Checker<'a>,
    items: &mut Items<'a>,
    place: Place,
    node: Node<'a>,
) {
    let kind = if node.kind() == Kind::rule { RuleKind::Rule } else { RuleKind::Exception };
    let rule = Rule {
        name: place.name.clone(),
        module: place.module,
        kind,
        title: checker.title(node),
        cites: cites(node),
        force: Force::default(),
        when: None,
        conclusions: Vec::new(),
        duties: Vec::new(),
        accepted: Vec::new(),
        defeats: Vec::new(),
        exception_to: Vec::new(),
        defeated_by: Vec::new(),
        doc: node.documentation(),
        span: place.span,
        whole: node.span(),
    };
    let id = checker.program().rules.push(rule);
    items.rules.push((id, place.module, node));
    declare(checker, |names| &mut names.rules, place, RuleSymbol::Rule(id));
}

fn declare_other<'a>(
    checker: &mut Checker<'a>,
    items: &mut Items<'a>,
    place: Place,
    node: Node<'a>,
) {
    let Place { module, name, span } = place.clone();
    let (title, cites) = (checker.title(node), cites(node));
    let symbol = if node.kind() == Kind::not_modelled {
        let id = checker.program().not_modelled.push(NotModelled {
            name,
            module,
            title,
            cites,
            force: Force::default(),
            when: None,
            affects: Vec::new(),
            accepted: Vec::new(),
            doc: node.documentation(),
            span,
        });
        items.not_modelled.push((id, module, node));
        RuleSymbol::NotModelled(id)
    } else {
        let always = Expr { kind: ExprKind::Literal(Value::YesNo(true)), ty: Ty::YesNo, span };
        let id = checker.program().assertions.push(Assertion {
            name,
            module,
            title,
            cites,
            kind: AssertionKind::Always,
            claim: always,
            when: None,
            interval: Interval::ALWAYS,
            accepted: Vec::new(),
            span,
        });
        items.assertions.push((id, module, node));
        RuleSymbol::Assertion(id)
    };
    declare(checker, |names| &mut names.rules, place, symbol);
}

fn declare_scenario<'a>(
    checker: &mut Checker<'a>,
    items: &mut Items<'a>,
    module: ModuleId,
    node: Node<'a>,
) {
    let scenario = Scenario {
        title: node.string().unwrap_or_default(),
        module,
        as_of: Date::ZERO,
        readings: BTreeMap::new(),
        proposals: Vec::new(),
        given: Vec::new(),
        expectations: Vec::new(),
        span: node.token(Kind::string).map_or(node.span(), |token| token.span),
    };
    let id = checker.program().scenarios.push(scenario);
    items.scenarios.push((id, module, node));
}

fn declare<S>(
    checker: &mut Checker<'_>,
    space: fn(&mut Names) -> &mut Space<S>,
    place: Place,
    symbol: S,
) {
    let Place { module, name, span } = place;
    if name.is_empty() || !checker.may_be_declared(&name, span) {
        return;
    }
    let Some(scope) = checker.names().scopes.get_mut(&module) else { return };
    let space = space(&mut scope.own);
    let Some((_, first)) = space.get(&name) else {
        space.insert(name, (symbol, span));
        return;
    };
    let diagnostic = Diagnostic::error(
        codes::DUPLICATE_NAME,
        format!("`{name}` is declared twice in this module"),
        span,
        "declared again here",
    )
    .with_label(*first, "declared here first")
    .with_help("Give one of them another name.");
    checker.report(diagnostic);
}

fn reserved(name: &str, span: Span) -> Diagnostic {
    let message = format!("`{name}` cannot be declared");
    Diagnostic::error(codes::RESERVED_NAME, message, span, "this name is reserved")
}

impl Checker<'_> {
    /// Whether a name may be given to something; reported if not.
    pub(crate) fn may_be_declared(&mut self, name: &str, span: Span) -> bool {
        let help = if name == "as_of_date" {
            "`as_of_date` is the date for which the rules are asked."
        } else if is_country_name(name) {
            "Names of two capital letters are countries; use a longer name."
        } else {
            return true;
        };
        self.report(reserved(name, span).with_help(help));
        false
    }
}

/// Whether a name is kept for countries.
pub(crate) fn is_country_name(name: &str) -> bool {
    name.len() == 2 && name.bytes().all(|byte| byte.is_ascii_uppercase())
}
