//! Expressions: every part gets its type. What cannot be typed is reported once and fits everywhere.

mod arithmetic;
mod calls;
mod catalogues;
mod collections;
mod comparisons;
mod literals;
mod outcomes;
mod references;
mod unknowns;

use exeat_diagnostics::{Diagnostic, Span, codes};
use exeat_hir::{Expr, ExprKind, Ty};
use exeat_model::{Country, Value};
use exeat_syntax::{Expression, ExpressionKind};

pub use literals::nearest_country;

use crate::checker::{Checker, broken};
use crate::describe::describe;

impl Checker<'_> {
    /// An expression by itself.
    pub(crate) fn infer(&mut self, expression: &Expression) -> Expr {
        self.expr(expression, None)
    }

    /// An expression where a certain type is wanted.
    pub(crate) fn check(&mut self, expression: &Expression, wanted: &Ty) -> Expr {
        let expr = self.expr(expression, Some(wanted));
        if expr.ty.agrees_with(wanted) {
            return expr;
        }
        self.report_mismatch(expression, &expr.ty, wanted);
        broken(expr.span)
    }

    /// An expression that is true or false.
    pub(crate) fn condition(&mut self, expression: &Expression) -> Expr {
        let expr = self.expr(expression, Some(&Ty::YesNo));
        if expr.ty.agrees_with(&Ty::YesNo) {
            return expr;
        }
        let found = describe(&self.hir, &expr.ty);
        let written = self.quote(expr.span);
        let diagnostic = Diagnostic::error(
            codes::NOT_A_CONDITION,
            format!("`{written}` is {found}, and a condition is wanted here"),
            expr.span,
            "neither true nor false",
        );
        let diagnostic = match &expr.ty {
            Ty::Quantity(_) | Ty::Date => diagnostic.with_help("Compare it: `… >= …`, `… is …`."),
            Ty::List(_) => diagnostic.with_help("Ask of its elements: `any … in … where …`."),
            Ty::Set(_) => diagnostic.with_help("Ask what is in it: `… in …`."),
            _ => diagnostic.with_help("Compare it: `… is …`, `… in { … }`."),
        };
        self.report(diagnostic);
        broken(expr.span)
    }

    fn report_mismatch(&mut self, expression: &Expression, found: &Ty, wanted: &Ty) {
        let span = expression.span;
        let (is, expected) = (describe(&self.hir, found), describe(&self.hir, wanted));
        let written = self.quote(span);
        let diagnostic = match (found, wanted) {
            (Ty::Quantity(unit), Ty::Quantity(other)) if unit.dimension.is_none() => {
                let diagnostic = Diagnostic::error(
                    codes::UNIT_MISSING,
                    format!("`{written}` is {is}, and {expected} is wanted here"),
                    span,
                    "the unit is missing",
                );
                match &expression.without_parentheses().kind {
                    ExpressionKind::Quantity { number, unit: None } => {
                        let text = format!("{number} {}", other.text);
                        diagnostic
                            .with_help(format!("Write `{text}` if that is the unit."))
                            .with_fix(format!("write `{text}`"), span, text)
                    }
                    _ => diagnostic
                        .with_help(format!("Multiply it by a quantity, as `1 {}`.", other.text)),
                }
            }
            (Ty::Quantity(unit), Ty::Quantity(other)) => {
                let message = format!("`{written}` is {is}, and {expected} is wanted here");
                let label = format!("this is in {}", unit.text);
                Diagnostic::error(codes::DIMENSION_MISMATCH, message, span, label)
                    .with_help(self.dimension_help(unit, other))
            }
            (Ty::List(_), Ty::Set(_)) => {
                let message = format!("`{written}` is {is}, and a set is wanted here");
                Diagnostic::error(codes::NOT_A_SET, message, span, "a list")
                    .with_help("A set is a group, or members in braces: `{ PL, DE }`.")
            }
            (_, Ty::Set(_)) => {
                let message = format!("`{written}` is {is}, and {expected} is wanted here");
                Diagnostic::error(codes::NOT_A_SET, message, span, "not a set")
                    .with_help("A set is a group, or members in braces: `{ PL, DE }`.")
            }
            (_, Ty::List(_)) => {
                let message = format!("`{written}` is {is}, and {expected} is wanted here");
                Diagnostic::error(codes::NOT_A_LIST, message, span, "not a list")
                    .with_help("A list is written in brackets: `[a, b]`.")
            }
            _ => {
                let message = format!("`{written}` is {is}, and {expected} is wanted here");
                let diagnostic =
                    Diagnostic::error(codes::TYPE_MISMATCH, message, span, format!("this is {is}"));
                match (&expression.without_parentheses().kind, wanted) {
                    (ExpressionKind::Text(text), Ty::Country) => as_country(diagnostic, text, span),
                    _ => diagnostic,
                }
            }
        };
        self.report(diagnostic);
    }

    /// An expression with the type that it has. The wanted type helps where a word alone does not
    /// tell; whether the result has it, the caller looks at.
    pub(crate) fn expr(&mut self, expression: &Expression, wanted: Option<&Ty>) -> Expr {
        let span = expression.span;
        match &expression.kind {
            ExpressionKind::Error => broken(span),
            ExpressionKind::YesNo(yes) => literal(Value::YesNo(*yes), Ty::YesNo, span),
            ExpressionKind::Text(text) => {
                literal(Value::Text(text.as_str().into()), Ty::Text, span)
            }
            ExpressionKind::Date(text) => match self.date(text, span) {
                Some(date) => literal(Value::Date(date), Ty::Date, span),
                None => broken(span),
            },
            ExpressionKind::Code(text) => self.code(text, span, wanted),
            ExpressionKind::Quantity { number, unit } => match wanted {
                // `3A09` reads as a number with a unit; where a code is wanted it is meant as one.
                Some(Ty::Code(list)) if unit.is_some() && !self.quote(span).contains(' ') => {
                    let text = self.quote(span);
                    self.entry(*list, &text, span);
                    broken(span)
                }
                _ => self.quantity(number, unit.as_ref(), span),
            },
            ExpressionKind::Reference(segments) => self.reference(segments, span, wanted),
            ExpressionKind::Parentheses(inner, None) => Expr { span, ..self.expr(inner, wanted) },
            ExpressionKind::Parentheses(body, Some(rest)) => {
                self.comprehension(body, rest, span, wanted)
            }
            ExpressionKind::Not(inner) => {
                let inner = self.condition(inner);
                Expr { kind: ExprKind::Not(Box::new(inner)), ty: Ty::YesNo, span }
            }
            ExpressionKind::And(parts) => {
                let parts = parts.iter().map(|part| self.condition(part)).collect();
                Expr { kind: ExprKind::And(parts), ty: Ty::YesNo, span }
            }
            ExpressionKind::Or(parts) => {
                let parts = parts.iter().map(|part| self.condition(part)).collect();
                Expr { kind: ExprKind::Or(parts), ty: Ty::YesNo, span }
            }
            ExpressionKind::Compare(sign, left, right) => self.compare(*sign, left, right, span),
            ExpressionKind::Band { low, low_included, value, high, high_included } => {
                let included = (*low_included, *high_included);
                self.band(low, value, high, included, span)
            }
            ExpressionKind::Negate(inner) => self.negate(inner, wanted, span),
            ExpressionKind::Arithmetic { sign, left, right, rounding } => {
                self.arithmetic(*sign, left, right, *rounding, span)
            }
            ExpressionKind::SetOperation(word, left, right) => {
                self.set_operation(*word, left, right, wanted, span)
            }
            ExpressionKind::If(test, then, otherwise) => {
                self.conditional(test, then, otherwise, wanted, span)
            }
            ExpressionKind::Quantified { word, name, name_span, list, body } => {
                let name = (name.as_str(), *name_span);
                self.quantified(*word, name, list, body, span)
            }
            ExpressionKind::Aggregate(word, list) => self.aggregate(*word, list, span),
            ExpressionKind::DatePart(word, date) => self.date_part(*word, date, span),
            ExpressionKind::List(items) => self.list(items, wanted, span),
            ExpressionKind::Braces(items) => self.braces(items, wanted, span),
        }
    }

    fn conditional(
        &mut self,
        test: &Expression,
        then: &Expression,
        otherwise: &Expression,
        wanted: Option<&Ty>,
        span: Span,
    ) -> Expr {
        let test = self.condition(test);
        let (then, otherwise) = match wanted {
            Some(wanted) => (self.check(then, wanted), self.check(otherwise, wanted)),
            None => self.alike(then, otherwise),
        };
        let ty = if then.ty == Ty::Error { otherwise.ty.clone() } else { then.ty.clone() };
        let kind = ExprKind::If(Box::new(test), Box::new(then), Box::new(otherwise));
        Expr { kind, ty, span }
    }

    /// Two expressions of one type; the one whose type shows by itself tells that of the other.
    pub(crate) fn alike(&mut self, left: &Expression, right: &Expression) -> (Expr, Expr) {
        if self.needs_a_hint(left) && !self.needs_a_hint(right) {
            let right = self.infer(right);
            if right.ty == Ty::Error {
                return (broken(left.span), right);
            }
            let left = self.check(left, &right.ty);
            return (left, right);
        }
        let left = self.infer(left);
        if left.ty == Ty::Error {
            // Without the left side nothing certain can be said about a word on the right.
            let right =
                if self.needs_a_hint(right) { broken(right.span) } else { self.infer(right) };
            return (left, right);
        }
        let right = self.check(right, &left.ty);
        (left, right)
    }

    /// Whether the type of an expression shows only from what is wanted around it.
    pub(crate) fn needs_a_hint(&mut self, expression: &Expression) -> bool {
        match &expression.without_parentheses().kind {
            ExpressionKind::Code(_) | ExpressionKind::Braces(_) => true,
            ExpressionKind::Quantity { unit, .. } => unit.is_none(),
            ExpressionKind::List(items) => items.is_empty(),
            ExpressionKind::Reference(segments) => self.is_a_loose_word(segments),
            _ => false,
        }
    }
}

/// A country in quotation marks is written with its code.
fn as_country(diagnostic: Diagnostic, text: &str, span: Span) -> Diagnostic {
    let named = Country::from_code(text).or_else(|| Country::from_name(text));
    match named.or_else(|| nearest_country(text)) {
        Some(country) => diagnostic
            .with_help(format!("Write the code of {}: `{country}`.", country.name()))
            .with_fix(format!("write `{country}`"), span, country.code()),
        None => diagnostic.with_help("Write the code of the country, as `PL`."),
    }
}

pub(crate) fn literal(value: Value, ty: Ty, span: Span) -> Expr {
    Expr { kind: ExprKind::Literal(value), ty, span }
}
