use std::sync::Arc;

use exeat_diagnostics::{Diagnostic, codes};
use exeat_hir::{Expr, ExprKind, ListItem};
use exeat_model::{Date, Record, Value, shift_days, shift_months};

use crate::checker::Checker;

/// The value of an expression that reads nothing. `None` if it reads something, or has no value.
pub(crate) fn constant(expr: &Expr) -> Option<Value> {
    match &expr.kind {
        ExprKind::Literal(value) => Some(value.clone()),
        ExprKind::Negate(inner) => match constant(inner)? {
            Value::Number(number) => number.checked_neg().ok().map(Value::Number),
            _ => None,
        },
        ExprKind::Arithmetic(operator, left, right) => {
            let (Value::Number(left), Value::Number(right)) = (constant(left)?, constant(right)?)
            else {
                return None;
            };
            operator.apply(left, right).ok().map(Value::Number)
        }
        ExprKind::ShiftDays { date, days, backwards } => {
            let (date, days) = shift(date, days, *backwards)?;
            shift_days(date, days).map(Value::Date)
        }
        ExprKind::ShiftMonths { date, months, backwards, rounding } => {
            let (date, months) = shift(date, months, *backwards)?;
            shift_months(date, months, *rounding).ok().flatten().map(Value::Date)
        }
        ExprKind::Record(_, fields) => {
            let fields = fields.iter().map(|field| match field {
                Some(field) => constant(field).map(Some),
                None => Some(None),
            });
            let fields = fields.collect::<Option<Vec<_>>>()?;
            Some(Value::Record(Arc::new(Record { fields })))
        }
        ExprKind::List(items) => {
            let items = items.iter().map(|item| match item {
                ListItem::One(item) => constant(item),
                ListItem::Each(_) => None,
            });
            Some(Value::List(Arc::new(items.collect::<Option<Vec<_>>>()?)))
        }
        ExprKind::SetLiteral(items) => {
            Some(Value::Set(Arc::new(items.iter().map(constant).collect::<Option<_>>()?)))
        }
        ExprKind::InUnit(inner, _) => constant(inner),
        _ => None,
    }
}

/// A constant date and the constant whole number by which it is shifted.
pub(crate) fn shift(date: &Expr, by: &Expr, backwards: bool) -> Option<(Date, i64)> {
    let (Value::Date(date), Value::Number(by)) = (constant(date)?, constant(by)?) else {
        return None;
    };
    let by = i64::try_from(by.to_integer()?).ok()?;
    Some((date, if backwards { by.checked_neg()? } else { by }))
}

impl Checker<'_> {
    /// The value of an expression that has to be known from the text.
    pub(crate) fn must_be_constant(&mut self, expr: &Expr, what: &str) -> Option<Value> {
        let mut broken = false;
        expr.visit(&mut |part| broken |= matches!(part.kind, ExprKind::Error));
        if broken {
            return None;
        }
        let value = constant(expr);
        if value.is_none() {
            let diagnostic = Diagnostic::error(
                codes::NOT_CONSTANT,
                format!("{what} has to be written out"),
                expr.span,
                "not known from the text alone",
            )
            .with_help(
                "Write a value here; what depends on facts belongs into a `when` or a `define`.",
            );
            self.report(diagnostic);
        }
        value
    }
}
