//! Small programs by hand, for the tests of this module. Every item gets a place of its own.

use exeat_diagnostics::{Diagnostic, Span};
use exeat_hir::{
    Combine, Comparison, Conclusion, Decision, DecisionId, Define, DefineId, DefinePiece, EnumId,
    Enumeration, EnumerationValue, Expr, ExprKind, Fact, FactId, Force, Group, GroupId, GroupItem,
    Hir, LocalId, Module, ModuleId, ModuleStatus, Parameter, Rule, RuleId, RuleKind, Table,
    TableId, TablePattern, TableRow, Ty,
};
use exeat_model::{Country, Dimension, Interval, Number, UnitExpression, Value, date_from_text};

use super::usage::Usage;

/// A program of one module `m`, under construction.
pub(super) struct World {
    pub(super) hir: Hir,
    pub(super) usage: Usage,
    pub(super) module: ModuleId,
    next: u32,
}

impl World {
    pub(super) fn new() -> Self {
        let (hir, usage) = (Hir::default(), Usage::default());
        let mut world = Self { hir, usage, module: ModuleId(0), next: 1 };
        world.module = world.module("m", ModuleStatus::InForce);
        world
    }

    pub(super) fn place(&mut self) -> Span {
        let start = self.next;
        self.next += 10;
        Span::new(start, start + 5)
    }

    pub(super) fn module(&mut self, name: &str, status: ModuleStatus) -> ModuleId {
        let span = self.place();
        self.hir.modules.push(Module {
            name: name.into(),
            title: None,
            cites: Vec::new(),
            doc: String::new(),
            status,
            jurisdiction: None,
            span,
        })
    }

    pub(super) fn fact(&mut self, name: &str, ty: Ty) -> FactId {
        let span = self.place();
        self.hir.facts.push(Fact {
            accepted: Vec::new(),
            name: name.into(),
            module: self.module,
            ty,
            ask: None,
            source: None,
            doc: String::new(),
            span,
        })
    }

    pub(super) fn enumeration(&mut self, name: &str, values: &[&str]) -> EnumId {
        let span = self.place();
        let values = values
            .iter()
            .map(|value| EnumerationValue { name: (*value).into(), title: None })
            .collect();
        self.hir.enums.push(Enumeration { name: name.into(), title: None, values, span })
    }

    pub(super) fn decision(&mut self, name: &str, ty: Ty, combine: Combine) -> DecisionId {
        let span = self.place();
        self.hir.decisions.push(Decision {
            name: name.into(),
            module: self.module,
            title: None,
            ty,
            combine,
            otherwise: Some(number("0")),
            otherwise_cites: vec!["Act 1".into()],
            needed_when: None,
            doc: String::new(),
            span,
        })
    }

    pub(super) fn rule(
        &mut self,
        name: &str,
        when: Option<Expr>,
        conclusion: Option<(DecisionId, Value)>,
    ) -> RuleId {
        let (span, place) = (self.place(), self.place());
        let conclusions = conclusion
            .map(|(decision, value)| Conclusion { decision, value: literal(value), span: place })
            .into_iter()
            .collect();
        self.hir.rules.push(Rule {
            name: name.into(),
            module: self.module,
            kind: RuleKind::Rule,
            title: Some(format!("Title of {name}")),
            cites: vec!["Act 2".into()],
            force: Force::default(),
            when,
            conclusions,
            duties: Vec::new(),
            accepted: Vec::new(),
            defeats: Vec::new(),
            exception_to: Vec::new(),
            defeated_by: Vec::new(),
            doc: String::new(),
            span,
            whole: span,
        })
    }

    pub(super) fn exception(&mut self, exception: RuleId, target: RuleId) {
        let rule = self.hir.rules.get_mut(exception).unwrap();
        rule.kind = RuleKind::Exception;
        rule.exception_to.push(target);
        rule.defeats.push(target);
        self.hir.rules.get_mut(target).unwrap().defeated_by.push(exception);
    }

    pub(super) fn force(&mut self, rule: RuleId, interval: Interval) {
        self.hir.rules.get_mut(rule).unwrap().force.interval = interval;
    }

    pub(super) fn define(&mut self, name: &str, body: Expr) -> DefineId {
        let span = self.place();
        self.hir.defines.push(Define {
            name: name.into(),
            module: self.module,
            title: None,
            cites: Vec::new(),
            parameters: Vec::new(),
            ty: body.ty.clone(),
            pieces: vec![DefinePiece { interval: Interval::ALWAYS, body, cites: Vec::new() }],
            doc: String::new(),
            span,
        })
    }

    pub(super) fn group(
        &mut self,
        name: &str,
        element: Ty,
        members: &[(Value, Interval)],
    ) -> GroupId {
        let span = self.place();
        let items = members
            .iter()
            .map(|(value, interval)| GroupItem::Member {
                value: value.clone(),
                interval: *interval,
                cites: Vec::new(),
                span: self.place(),
            })
            .collect();
        let cites = vec!["Act 3".into()];
        self.hir.groups.push(Group { name: name.into(), title: None, cites, element, items, span })
    }

    pub(super) fn add_set_to_group(&mut self, group: GroupId, member: GroupId) {
        let (span, interval) = (self.place(), Interval::ALWAYS);
        let set = grouped(member, Ty::Country);
        self.hir.groups.get_mut(group).unwrap().items.push(GroupItem::Set { set, interval, span });
    }

    pub(super) fn table(&mut self, keys: &[(&str, Ty)], rows: Vec<Vec<TablePattern>>) -> TableId {
        let span = self.place();
        let parameters = keys
            .iter()
            .zip(0..)
            .map(|((name, ty), local)| Parameter {
                name: (*name).into(),
                ty: ty.clone(),
                local: LocalId(local),
                span,
            })
            .collect();
        let rows = rows
            .into_iter()
            .map(|patterns| TableRow {
                patterns,
                value: literal(number("1")),
                interval: Interval::ALWAYS,
                cites: Vec::new(),
                span: self.place(),
            })
            .collect();
        self.hir.tables.push(Table {
            name: "t".into(),
            module: self.module,
            title: None,
            cites: Vec::new(),
            parameters,
            ty: Ty::number(),
            rows,
            otherwise: None,
            span,
        })
    }
}

pub(super) fn expr(kind: ExprKind, ty: Ty) -> Expr {
    Expr { kind, ty, span: Span::default() }
}

pub(super) fn number(text: &str) -> Value {
    Value::Number(Number::parse(text).unwrap())
}

pub(super) fn country(code: &str) -> Value {
    Value::Country(Country::from_code(code).unwrap())
}

pub(super) fn symbol(name: &str) -> Value {
    Value::Symbol(name.into())
}

/// Quantities of processing performance.
pub(super) fn tpp() -> Ty {
    Ty::Quantity(UnitExpression {
        text: "TPP".into(),
        dimension: Dimension::base("TPP"),
        factor: Number::ONE,
    })
}

pub(super) fn literal(value: Value) -> Expr {
    let ty = match &value {
        Value::YesNo(_) => Ty::YesNo,
        Value::Date(_) => Ty::Date,
        Value::Country(_) => Ty::Country,
        Value::Text(_) => Ty::Text,
        _ => Ty::number(),
    };
    expr(ExprKind::Literal(value), ty)
}

pub(super) fn fact(id: FactId, ty: Ty) -> Expr {
    expr(ExprKind::Fact(id), ty)
}

pub(super) fn decided(id: DecisionId) -> Expr {
    expr(ExprKind::Decision(id), Ty::number())
}

pub(super) fn defined(id: DefineId, ty: Ty) -> Expr {
    expr(ExprKind::Define(id, Vec::new()), ty)
}

pub(super) fn grouped(id: GroupId, element: Ty) -> Expr {
    expr(ExprKind::Group(id), Ty::Set(Box::new(element)))
}

pub(super) fn compare(comparison: Comparison, left: Expr, right: Expr) -> Expr {
    expr(ExprKind::Compare(comparison, Box::new(left), Box::new(right)), Ty::YesNo)
}

pub(super) fn and(parts: Vec<Expr>) -> Expr {
    expr(ExprKind::And(parts), Ty::YesNo)
}

pub(super) fn or(parts: Vec<Expr>) -> Expr {
    expr(ExprKind::Or(parts), Ty::YesNo)
}

pub(super) fn not(part: Expr) -> Expr {
    expr(ExprKind::Not(Box::new(part)), Ty::YesNo)
}

pub(super) fn in_list(left: Expr, members: Vec<Value>) -> Expr {
    let ty = Ty::Set(Box::new(left.ty.clone()));
    let set = expr(ExprKind::SetLiteral(members.into_iter().map(literal).collect()), ty);
    expr(ExprKind::In(Box::new(left), Box::new(set)), Ty::YesNo)
}

/// `from … until …`; an empty text leaves that end open.
pub(super) fn days(from: &str, until: &str) -> Interval {
    Interval { from: date_from_text(from), until: date_from_text(until) }
}

/// Code and message of each.
pub(super) fn text_of(found: &[Diagnostic]) -> Vec<String> {
    found.iter().map(|one| format!("{} {}", one.code, one.message)).collect()
}
