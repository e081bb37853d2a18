//! Defines. One without a declared type is looked into when it is first needed.

use exeat_diagnostics::{Diagnostic, Span, codes};
use exeat_hir::{DefineId, DefinePiece, Parameter, Ty};
use exeat_model::Interval;
use exeat_syntax::{Expression, Kind, Node};

use crate::checker::{Checker, Local, Scope};
use crate::collect::{Items, cites, name_of};
use crate::environment::View;

impl<'a> Checker<'a> {
    pub(crate) fn lower_define_signatures(&mut self, items: &Items<'a>) {
        for (id, module, node) in &items.defines {
            let (parameters, ty) = self.in_module(*module, |checker| {
                (checker.parameters(*node), checker.declared_type(*node))
            });
            if let Some(define) = self.program().defines.get_mut(*id) {
                define.parameters = parameters;
                define.ty = ty.unwrap_or(Ty::Error);
            }
        }
    }

    /// The parameters of a define or table; they are its first locals.
    pub(crate) fn parameters(&mut self, node: Node<'_>) -> Vec<Parameter> {
        let mut parameters: Vec<Parameter> = Vec::new();
        let written = node.node(Kind::parameters);
        for part in written.into_iter().flat_map(|list| list.nodes_of(Kind::parameter)) {
            let (name, span) = name_of(part);
            let ty = self.declared_type(part).unwrap_or(Ty::Error);
            self.may_be_declared(&name, span);
            if let Some(first) = parameters.iter().find(|known| known.name == name) {
                let diagnostic = Diagnostic::error(
                    codes::DUPLICATE_NAME,
                    format!("there are two parameters `{name}`"),
                    span,
                    "again here",
                )
                .with_label(first.span, "here first")
                .with_help("Give one of them another name.");
                self.report(diagnostic);
            }
            let local = self.bind(&name, ty.clone());
            parameters.push(Parameter { name, ty, local, span });
        }
        parameters
    }

    /// The scope inside a define or table: its parameters are bound.
    pub(crate) fn inside(view: View, parameters: &[Parameter]) -> Scope {
        let locals = parameters.iter().map(|parameter| Local {
            name: parameter.name.to_string(),
            id: parameter.local,
            ty: parameter.ty.clone(),
        });
        let next_local = u32::try_from(parameters.len()).unwrap_or(u32::MAX);
        Scope { locals: locals.collect(), next_local, ..Scope::new(view) }
    }

    pub(crate) fn lower_defines(&mut self, items: &Items<'a>) {
        for (id, _, _) in &items.defines {
            self.lower_define(*id);
        }
    }

    /// The type of a define, which is looked into now if it declares none.
    pub(crate) fn define_type(&mut self, id: DefineId, span: Span) -> Ty {
        let untyped =
            self.pending.get(&id).is_some_and(|one| one.node.node(Kind::r#type).is_none());
        if untyped {
            if self.working.contains(&id) {
                self.report_circle(id, span);
                return Ty::Error;
            }
            self.lower_define(id);
        }
        self.hir.defines.get(id).map_or(Ty::Error, |define| define.ty.clone())
    }

    fn report_circle(&mut self, id: DefineId, span: Span) {
        let from = self.working.iter().position(|working| *working == id).unwrap_or(0);
        let circle = self.working.iter().skip(from).chain([&id]);
        let names: Vec<String> = circle
            .filter_map(|id| self.hir.defines.get(*id))
            .map(|define| format!("`{}`", define.name))
            .collect();
        let diagnostic = Diagnostic::error(
            codes::DEFINITION_CYCLE,
            format!("this define is made from itself: {}", names.join(" from ")),
            span,
            "the circle closes here",
        )
        .with_help("Break the circle: a define can only be made from what does not need it.");
        self.report(diagnostic);
    }

    fn lower_define(&mut self, id: DefineId) {
        let Some(pending) = self.pending.get(&id).copied() else { return };
        let Some(define) = self.hir.defines.get(id) else { return };
        let scope = Self::inside(View::Module(pending.module), &define.parameters);
        let declared = pending.node.node(Kind::r#type).map(|_| define.ty.clone());
        self.working.push(id);
        let (ty, pieces) = self.within(scope, |checker| checker.pieces(pending.node, declared));
        self.working.pop();
        self.pending.remove(&id);
        if let Some(define) = self.program().defines.get_mut(id) {
            define.cites.extend(pieces.iter().flat_map(|piece| piece.cites.clone()));
            define.ty = ty;
            define.pieces = pieces;
        }
    }

    fn pieces(&mut self, node: Node<'_>, mut ty: Option<Ty>) -> (Ty, Vec<DefinePiece>) {
        let mut pieces: Vec<DefinePiece> = Vec::new();
        let mut places: Vec<(Interval, Span)> = Vec::new();
        for part in node.nodes_of(Kind::piece) {
            let interval = self.interval(part);
            let Some(expression) = part.node(Kind::expr).map(Expression::of) else { continue };
            let body = match &ty {
                Some(ty) => self.check(&expression, ty),
                None => self.infer(&expression),
            };
            ty.get_or_insert_with(|| body.ty.clone());
            if let Some((other, place)) = places.iter().find(|(other, _)| other.overlaps(&interval))
            {
                self.report(overlap(part, *place, &other.intersection(&interval)));
            }
            places.push((interval, part.span()));
            pieces.push(DefinePiece { interval, body, cites: cites(part) });
        }
        if node.node(Kind::piece).is_none() {
            let (name, span) = name_of(node);
            let diagnostic = Diagnostic::error(
                codes::MISSING_CLAUSE,
                format!("the define `{name}` does not say what it is"),
                span,
                "`as` is missing",
            )
            .with_help("Write `as` and an expression.");
            self.report(diagnostic);
        }
        (ty.unwrap_or(Ty::Error), pieces)
    }
}

fn overlap(part: Node<'_>, other: Span, common: &Interval) -> Diagnostic {
    let message = format!("two pieces of this define hold on the same days ({common})");
    let code = codes::OVERLAPPING_DATED_DEFINITIONS;
    Diagnostic::error(code, message, part.span(), "this piece")
        .with_label(other, "and this one")
        .with_help("Give each piece its own days with `from` and `until`.")
}
