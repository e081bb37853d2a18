//! Names in expressions.

use exeat_diagnostics::{Diagnostic, Span, codes};
use exeat_hir::{Expr, ExprKind, Ty};
use exeat_model::{Code, Value};
use exeat_syntax::{Expression, ExpressionKind, Segment};

use crate::checker::{Checker, broken};
use crate::describe::describe;
use crate::environment::{TypeSymbol, ValueSymbol};
use crate::expression::literal;
use crate::expression::outcomes::Arguments;
use crate::items::declare::is_country_name;
use crate::names::unknown;

impl Checker<'_> {
    /// A name with what follows it.
    pub(crate) fn reference(
        &mut self,
        segments: &[Segment],
        span: Span,
        wanted: Option<&Ty>,
    ) -> Expr {
        let names = leading_names(segments);
        let rest = segments.get(names.len()..).unwrap_or(&[]);
        let (arguments, rest) = match rest {
            [Segment::Arguments(values, place), rest @ ..] => {
                (Some((values.as_slice(), *place)), rest)
            }
            rest => (None, rest),
        };
        let Some((first, first_span)) = names.first().copied() else { return broken(span) };
        let (base, consumed) = self.base(&names, arguments, wanted, span);
        let Some(base) = base else {
            return self.unknown_reference(&names, arguments, wanted, (first, first_span));
        };
        let mut expr = self.fields(base, names.get(consumed..).unwrap_or(&[]));
        for segment in rest {
            expr = match segment {
                Segment::Name(name, place) => self.fields(expr, &[(name.as_str(), *place)]),
                Segment::Arguments(_, place) => {
                    self.not_callable(&expr, *place);
                    return broken(span);
                }
            };
        }
        Expr { span, ..expr }
    }

    /// What the leading names stand for, and how many of them that takes.
    fn base(
        &mut self,
        names: &[(&str, Span)],
        arguments: Arguments<'_>,
        wanted: Option<&Ty>,
        span: Span,
    ) -> (Option<Expr>, usize) {
        let Some((first, first_span)) = names.first().copied() else { return (None, 0) };
        let local = self.scope.locals.iter().rev().find(|local| local.name == first);
        if let Some(local) = local {
            let kind = ExprKind::Local(local.id);
            let expr = Expr { kind, ty: local.ty.clone(), span: first_span };
            return (Some(self.without_arguments(expr, names.len() == 1, arguments)), 1);
        }
        if names.len() == 1
            && let Some(expr) = self.wanted_word((first, first_span), arguments, wanted, span)
        {
            return (Some(expr), 1);
        }
        if first == "as_of_date" {
            let expr = Expr { kind: ExprKind::AsOf, ty: Ty::Date, span: first_span };
            return (Some(self.without_arguments(expr, names.len() == 1, arguments)), 1);
        }
        if let Some(found) = self.resolve::<ValueSymbol>(names) {
            let last = found.taken == names.len();
            let place = place_of(names, found.taken);
            // A fact may be called as its type: `action.export` is a value, not a field.
            if !last
                && !self.has_fields(found.symbol)
                && let Some(expr) = self.type_member(names, arguments, span)
            {
                return (Some(expr), names.len());
            }
            let call = if last { arguments } else { None };
            return (Some(self.symbol(found.symbol, call, place)), found.taken);
        }
        if let Some(expr) = self.jurisdiction_member(names, arguments, wanted, span) {
            return (Some(expr), names.len());
        }
        if let Some(expr) = self.type_member(names, arguments, span) {
            return (Some(expr), names.len());
        }
        if names.len() == 1 && is_country_name(first) {
            let expr = self.country(first, first_span);
            return (Some(self.without_arguments(expr, true, arguments)), 1);
        }
        (None, 0)
    }

    /// A word that the wanted type explains: a value of its enumeration, an outcome, `none`.
    fn wanted_word(
        &mut self,
        (name, place): (&str, Span),
        arguments: Arguments<'_>,
        wanted: Option<&Ty>,
        span: Span,
    ) -> Option<Expr> {
        match wanted? {
            Ty::Enum(id) if arguments.is_none() => {
                let known = self.hir.enums.get(*id)?;
                known.values.iter().any(|value| value.name == name).then_some(())?;
                Some(literal(Value::Symbol(name.into()), Ty::Enum(*id), place))
            }
            Ty::Outcome(id) => {
                let known = self.hir.scales.get(*id)?;
                known.outcomes.iter().any(|outcome| outcome.name == name).then_some(())?;
                Some(self.outcome_value(*id, (name, place), arguments, span))
            }
            Ty::Code(id) if name == "none" && arguments.is_none() => {
                Some(literal(Value::Code(Code::None), Ty::Code(*id), place))
            }
            _ => None,
        }
    }

    /// What a name of a module stands for.
    fn symbol(&mut self, symbol: ValueSymbol, arguments: Arguments<'_>, span: Span) -> Expr {
        let expr = match symbol {
            ValueSymbol::Broken => return broken(span),
            ValueSymbol::Define(id) => return self.define_call(id, arguments, span),
            ValueSymbol::Table(id) => return self.table_lookup(id, arguments, span),
            ValueSymbol::Reading(id) => {
                let name = self.hir.readings.get(id).map(|reading| reading.name.clone());
                let name = name.unwrap_or_default();
                let diagnostic = Diagnostic::error(
                    codes::UNKNOWN_NAME,
                    format!("`{name}` is a reading, and conditions cannot ask for it"),
                    span,
                    "a reading",
                )
                .with_help(format!("Write a clause `under {name}.CHOICE` in the rule."));
                self.report(diagnostic);
                return broken(span);
            }
            ValueSymbol::Fact(id) => {
                let ty = self.hir.facts.get(id).map_or(Ty::Error, |fact| fact.ty.clone());
                Expr { kind: ExprKind::Fact(id), ty, span }
            }
            ValueSymbol::Group(id) => {
                let group = self.hir.groups.get(id);
                let element = group.map_or(Ty::Error, |group| group.element.clone());
                let ty = if element == Ty::Error { element } else { Ty::Set(Box::new(element)) };
                Expr { kind: ExprKind::Group(id), ty, span }
            }
            ValueSymbol::Decision(id) => {
                Expr { kind: ExprKind::Decision(id), ty: self.decision_type(id), span }
            }
        };
        self.without_arguments(expr, true, arguments)
    }

    fn decision_type(&self, id: exeat_hir::DecisionId) -> Ty {
        match self.hir.decisions.get(id) {
            Some(decision) if decision.ty == Ty::Error => Ty::Error,
            Some(decision) if decision.combine == exeat_hir::Combine::Collect => {
                Ty::Set(Box::new(decision.ty.clone()))
            }
            Some(decision) => decision.ty.clone(),
            None => Ty::Error,
        }
    }

    fn has_fields(&self, symbol: ValueSymbol) -> bool {
        let ty = match symbol {
            ValueSymbol::Fact(id) => self.hir.facts.get(id).map(|fact| &fact.ty),
            ValueSymbol::Define(id) => self.hir.defines.get(id).map(|define| &define.ty),
            _ => return true,
        };
        !matches!(ty, Some(Ty::Enum(_) | Ty::Outcome(_)))
    }

    /// `action.export`, `us.license_outcome.prohibited`: a type and one of its values.
    fn type_member(
        &mut self,
        names: &[(&str, Span)],
        arguments: Arguments<'_>,
        span: Span,
    ) -> Option<Expr> {
        let ((name, place), before) = names.split_last()?;
        let symbol = (!before.is_empty()).then(|| self.resolve_whole::<TypeSymbol>(before))??;
        match symbol {
            TypeSymbol::Enum(id) => {
                let expr = match self.enum_value(id, name, *place) {
                    Some(value) => literal(value, Ty::Enum(id), span),
                    None => broken(span),
                };
                Some(self.without_arguments(expr, true, arguments))
            }
            TypeSymbol::Scale(id) => Some(self.outcome_value(id, (name, *place), arguments, span)),
            TypeSymbol::Broken => Some(broken(span)),
            TypeSymbol::Record(_) | TypeSymbol::CodeList(_) => None,
        }
    }

    /// The fields of a record, one after the other.
    fn fields(&mut self, base: Expr, names: &[(&str, Span)]) -> Expr {
        let mut expr = base;
        for (name, place) in names {
            let span = expr.span.to(*place);
            let Some((at, ty)) = self.field_of(&expr.ty, name, *place) else {
                return broken(span);
            };
            expr = Expr { kind: ExprKind::Field(Box::new(expr), at), ty, span };
        }
        expr
    }

    /// The place and type of a field of a record type; reported if there is none.
    pub(crate) fn field_of(&mut self, ty: &Ty, name: &str, span: Span) -> Option<(usize, Ty)> {
        let Ty::Record(id) = ty else {
            if *ty != Ty::Error {
                let found = describe(&self.hir, ty);
                let mut diagnostic = Diagnostic::error(
                    codes::FIELD_OF_NON_RECORD,
                    format!("{found} has no field `{name}`"),
                    span,
                    "only records have fields",
                );
                if matches!(ty, Ty::List(_)) {
                    diagnostic = diagnostic
                        .with_help("Ask of its elements: `any ELEMENT in LIST where ELEMENT.…`.");
                }
                self.report(diagnostic);
            }
            return None;
        };
        let record = self.hir.records.get(*id)?;
        if let Some(at) = record.fields.iter().position(|field| field.name == name) {
            return Some((at, record.fields.get(at)?.ty.clone()));
        }
        let fields: Vec<String> =
            record.fields.iter().map(|field| field.name.to_string()).collect();
        let message = format!("a record `{}` has no field `{name}`", record.name);
        let mut diagnostic = unknown(codes::UNKNOWN_FIELD, message, name, span, &fields);
        if diagnostic.help.is_empty() {
            let listed = crate::names::listed(fields.iter().map(String::as_str));
            diagnostic = diagnostic.with_note(format!("Its fields are {listed}."));
        }
        self.report(diagnostic);
        None
    }

    /// Whether a reference is a single word that stands for nothing by itself.
    pub(crate) fn is_a_loose_word(&mut self, segments: &[Segment]) -> bool {
        let (name, place) = match segments {
            [Segment::Name(name, place)] | [Segment::Name(name, place), Segment::Arguments(..)] => {
                (name.as_str(), *place)
            }
            _ => return false,
        };
        if name == "as_of_date" || self.scope.locals.iter().any(|local| local.name == name) {
            return false;
        }
        let before = self.diagnostics.len();
        let marked = self.imports_marked.len();
        let known = self.resolve::<ValueSymbol>(&[(name, place)]).is_some();
        self.diagnostics.truncate(before);
        self.unmark_used(marked);
        !known && !is_country_name(name)
    }

    /// Whether an expression is a set, as far as its form shows.
    pub(crate) fn is_a_set(&mut self, expression: &Expression) -> bool {
        match &expression.without_parentheses().kind {
            ExpressionKind::SetOperation(..) | ExpressionKind::Braces(_) => true,
            ExpressionKind::Reference(segments) if !self.is_a_loose_word(segments) => {
                let before = self.diagnostics.len();
                let found = self.reference(segments, expression.span, None);
                self.diagnostics.truncate(before);
                matches!(found.ty, Ty::Set(_))
            }
            _ => false,
        }
    }
}

/// The names with which a reference begins.
fn leading_names(segments: &[Segment]) -> Vec<(&str, Span)> {
    let names = segments.iter().map_while(|segment| match segment {
        Segment::Name(name, span) => Some((name.as_str(), *span)),
        Segment::Arguments(..) => None,
    });
    names.collect()
}

/// The place of the first names of a path.
pub(crate) fn place_of(names: &[(&str, Span)], count: usize) -> Span {
    let spans = names.iter().take(count).map(|(_, span)| *span);
    spans.reduce(Span::to).unwrap_or_default()
}
