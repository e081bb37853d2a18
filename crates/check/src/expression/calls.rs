//! What takes arguments: defines, tables, and what a jurisdiction offers.

use exeat_diagnostics::{Diagnostic, Span, codes};
use exeat_hir::{DefineId, Expr, ExprKind, Ty};
use exeat_syntax::{Expression, ExpressionKind};
use smol_str::SmolStr;

use crate::checker::{Checker, broken};
use crate::environment::{Target, TypeSymbol};
use crate::expression::outcomes::Arguments;
use crate::names::unknown;

impl Checker<'_> {
    /// A define, with its arguments.
    pub(crate) fn define_call(
        &mut self,
        id: DefineId,
        arguments: Arguments<'_>,
        span: Span,
    ) -> Expr {
        let Some(define) = self.hir.defines.get(id) else { return broken(span) };
        let name = define.name.to_string();
        let wanted: Vec<Ty> = define.parameters.iter().map(|one| one.ty.clone()).collect();
        let circles = self.diagnostics.len();
        let ty = self.define_type(id, span);
        if ty == Ty::Error && self.diagnostics.len() > circles && self.working.contains(&id) {
            return broken(span);
        }
        match self.arguments(&name, arguments, &wanted, span) {
            Some(values) if ty == Ty::Error => {
                drop(values);
                broken(span)
            }
            Some(values) => Expr { kind: ExprKind::Define(id, values), ty, span },
            None => broken(span),
        }
    }

    /// Arguments against parameters; reported if there are too many or too few.
    pub(crate) fn arguments(
        &mut self,
        name: &str,
        arguments: Arguments<'_>,
        wanted: &[Ty],
        span: Span,
    ) -> Option<Vec<Expr>> {
        let (values, place) = arguments.unwrap_or((&[], span));
        if values.len() == wanted.len() && (arguments.is_none() == wanted.is_empty()) {
            return Some(
                values.iter().zip(wanted).map(|(value, ty)| self.check(value, ty)).collect(),
            );
        }
        let diagnostic = Diagnostic::error(
            codes::WRONG_NUMBER_OF_ARGUMENTS,
            format!("`{name}` takes {}, and {} stand here", count(wanted.len()), values.len()),
            place,
            "arguments",
        );
        let types: Vec<String> =
            wanted.iter().map(|ty| crate::describe::describe(&self.hir, ty)).collect();
        let diagnostic = if types.is_empty() {
            diagnostic.with_help(format!("Write `{name}` alone."))
        } else {
            diagnostic.with_help(format!("Write `{name}(…)` with {}.", types.join(", ")))
        };
        self.report(diagnostic);
        None
    }

    /// A value that takes no arguments.
    pub(crate) fn without_arguments(
        &mut self,
        expr: Expr,
        is_last: bool,
        arguments: Arguments<'_>,
    ) -> Expr {
        match arguments {
            Some((_, place)) if is_last => {
                self.not_callable(&expr, place);
                broken(expr.span)
            }
            _ => expr,
        }
    }

    pub(crate) fn not_callable(&mut self, expr: &Expr, place: Span) {
        if expr.ty == Ty::Error {
            return;
        }
        let written = self.quote(expr.span);
        let diagnostic = Diagnostic::error(
            codes::WRONG_NUMBER_OF_ARGUMENTS,
            format!("`{written}` takes no arguments"),
            place,
            "takes none",
        )
        .with_fix(format!("write `{written}` alone"), place, "");
        self.report(diagnostic);
    }

    /// `us.group("D:5")`, `us.chip("B200")`, `us.tpp(…)`. `None` if the path names no jurisdiction.
    pub(crate) fn jurisdiction_member(
        &mut self,
        names: &[(&str, Span)],
        arguments: Arguments<'_>,
        wanted: Option<&Ty>,
        span: Span,
    ) -> Option<Expr> {
        let ((name, place), before) = names.split_last()?;
        let (Target::Jurisdiction(id), usage) = self.target_written(before)? else { return None };
        let scope = self.environment.jurisdictions.get(&id)?;
        if *name == "group" {
            self.mark_used(usage);
            return Some(self.jurisdiction_group(&id, arguments, span));
        }
        if let Some(function) = scope.functions.get(*name).copied() {
            self.mark_used(usage);
            return Some(self.function_call(&id, function, arguments, span));
        }
        let catalogues = &scope.description.catalogues;
        if let Some(at) = catalogues.iter().position(|one| one.name == *name) {
            self.mark_used(usage);
            return Some(self.catalogue_entry(&id, at, arguments, wanted, span));
        }
        if self.resolve_whole::<TypeSymbol>(names).is_some() {
            return None;
        }
        // A module whose name begins as the jurisdiction does is no member of it.
        let module = crate::names::joined(names);
        if self.environment.modules.contains_key(module.as_str()) {
            return None;
        }
        self.mark_used(usage);
        let scope = self.environment.jurisdictions.get(&id)?;
        let candidates: Vec<String> = scope
            .functions
            .keys()
            .chain(scope.description.catalogues.iter().map(|one| &one.name))
            .chain(scope.types.keys())
            .map(ToString::to_string)
            .chain(["group".to_owned()])
            .collect();
        let message = format!("`{id}` has no `{name}`");
        let code = codes::UNKNOWN_FUNCTION_OR_TABLE;
        self.report(unknown(code, message, name, *place, &candidates));
        Some(broken(span))
    }

    fn jurisdiction_group(&mut self, id: &SmolStr, arguments: Arguments<'_>, span: Span) -> Expr {
        let Some((name, place)) = one_text(arguments) else {
            let place = arguments.map_or(span, |(_, place)| place);
            let message = format!("a group of `{id}` is named by one text");
            let diagnostic =
                Diagnostic::error(codes::UNKNOWN_GROUP, message, place, "one text is wanted here")
                    .with_help(format!("Write `{id}.group(\"NAME\")`."));
            self.report(diagnostic);
            return broken(span);
        };
        let Some(scope) = self.environment.jurisdictions.get(id) else { return broken(span) };
        if let Some(group) = scope.groups.get(name).copied() {
            let ty = Ty::Set(Box::new(Ty::Country));
            return Expr { kind: ExprKind::Group(group), ty, span };
        }
        let known: Vec<String> = scope.groups.keys().map(ToString::to_string).collect();
        self.unknown_text(
            codes::UNKNOWN_GROUP,
            &format!("`{id}` has no group"),
            name,
            place,
            &known,
        );
        broken(span)
    }

    /// Reports a name in quotation marks that is not known.
    pub(crate) fn unknown_text(
        &mut self,
        code: exeat_diagnostics::Code,
        message: &str,
        name: &str,
        place: Span,
        known: &[String],
    ) {
        let message = format!("{message} \"{name}\"");
        let diagnostic = Diagnostic::error(code, message, place, "not known here");
        let near = exeat_diagnostics::did_you_mean(name, known.iter().map(String::as_str));
        let diagnostic = if let Some(near) = near {
            let near = format!("\"{near}\"");
            diagnostic.with_help(format!("Did you mean `{near}`?")).with_fix(
                format!("write `{near}`"),
                place,
                near,
            )
        } else {
            let listed = crate::names::listed(known.iter().map(String::as_str));
            diagnostic.with_note(format!("Known: {listed}."))
        };
        self.report(diagnostic);
    }

    fn function_call(
        &mut self,
        jurisdiction: &SmolStr,
        id: exeat_hir::FunctionId,
        arguments: Arguments<'_>,
        span: Span,
    ) -> Expr {
        let Some(function) = self.hir.functions.get(id) else { return broken(span) };
        let name = format!("{jurisdiction}.{}", function.name);
        let ty = function.result.clone();
        let wanted: Vec<Ty> = function.parameters.iter().map(|(_, ty)| ty.clone()).collect();
        let scope = self.environment.jurisdictions.get(jurisdiction);
        if let Some(missing) = scope.and_then(|scope| scope.unusable.get(&id)) {
            let diagnostic = Diagnostic::error(
                codes::UNKNOWN_TYPE,
                format!("`{name}` cannot be used: no module declares `{missing}`"),
                span,
                "needs this type or unit",
            )
            .with_help(format!(
                "Declare `{missing}`, or check the file that does together with this."
            ));
            self.report(diagnostic);
            return broken(span);
        }
        // A function without parameters is written with empty parentheses or without.
        let arguments = arguments.filter(|(values, _)| !(values.is_empty() && wanted.is_empty()));
        match self.arguments(&name, arguments, &wanted, span) {
            Some(values) => Expr { kind: ExprKind::Call(id, values), ty, span },
            None => broken(span),
        }
    }
}

/// The one text in parentheses.
pub(crate) fn one_text(arguments: Arguments<'_>) -> Option<(&str, Span)> {
    match arguments {
        Some(([Expression { kind: ExpressionKind::Text(text), span }], _)) => Some((text, *span)),
        _ => None,
    }
}

fn count(number: usize) -> String {
    match number {
        0 => "no arguments".to_owned(),
        1 => "1 argument".to_owned(),
        several => format!("{several} arguments"),
    }
}
