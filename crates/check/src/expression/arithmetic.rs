use exeat_diagnostics::{Diagnostic, Span, codes};
use exeat_hir::{ArithmeticOperator, DatePart, Expr, ExprKind, Ty};
use exeat_model::{Dimension, Rounding, UnitExpression, Value, shift_months};
use exeat_syntax::{ArithmeticSign, DateWord, Expression, ExpressionKind, RoundingWord};

use crate::checker::{Checker, broken};
use crate::constants::{constant, shift};
use crate::describe::describe;
use crate::expression::literal;
use crate::units::builtin;

impl Checker<'_> {
    /// `-a`.
    pub(crate) fn negate(&mut self, inner: &Expression, wanted: Option<&Ty>, span: Span) -> Expr {
        let value = self.expr(inner, wanted);
        match (&value.kind, &value.ty) {
            (ExprKind::Literal(Value::Number(number)), Ty::Quantity(_)) => {
                match number.checked_neg() {
                    Ok(number) => literal(Value::Number(number), value.ty, span),
                    Err(_) => broken(span),
                }
            }
            (_, Ty::Quantity(_)) => {
                let ty = value.ty.clone();
                Expr { kind: ExprKind::Negate(Box::new(value)), ty, span }
            }
            (_, Ty::Error) => broken(span),
            _ => {
                let found = describe(&self.hir, &value.ty);
                let message = format!("{found} has no opposite; `-` stands before numbers");
                self.error(codes::TYPE_MISMATCH, message, inner.span, "not a number");
                broken(span)
            }
        }
    }

    /// `+ - * /` of numbers, quantities and dates.
    pub(crate) fn arithmetic(
        &mut self,
        sign: ArithmeticSign,
        left: &Expression,
        right: &Expression,
        rounding: Option<RoundingWord>,
        span: Span,
    ) -> Expr {
        let (a, b) = (self.infer(left), self.infer(right));
        if let (Ty::Date, ArithmeticSign::Plus | ArithmeticSign::Minus) = (&a.ty, sign) {
            return self.date_arithmetic(sign, (left, a), (right, b), rounding, span);
        }
        if rounding.is_some() {
            let message = "`rounding` is for months that are added to a date";
            self.error(codes::TYPE_MISMATCH, message, span, "no months are added here");
            return broken(span);
        }
        let units = match (&a.ty, &b.ty) {
            (Ty::Error, _) | (_, Ty::Error) => return broken(span),
            (Ty::Quantity(a), Ty::Quantity(b)) => (a.clone(), b.clone()),
            (Ty::Quantity(_), _) => return self.no_number(right, &b.ty, span),
            _ => return self.no_number(left, &a.ty, span),
        };
        let (operator, unit) = match sign {
            ArithmeticSign::Plus | ArithmeticSign::Minus => {
                if units.0.dimension != units.1.dimension {
                    self.report_units(left, right, (&units.0, &units.1));
                    return broken(span);
                }
                let plus = sign == ArithmeticSign::Plus;
                let operator =
                    if plus { ArithmeticOperator::Add } else { ArithmeticOperator::Subtract };
                (operator, units.0)
            }
            ArithmeticSign::Star => {
                (ArithmeticOperator::Multiply, self.combined(&units.0, &units.1, false))
            }
            ArithmeticSign::Slash => {
                if matches!(constant(&b), Some(Value::Number(number)) if number.is_zero()) {
                    let message = "nothing can be divided by 0";
                    self.error(codes::DIVISION_BY_ZERO, message, right.span, "this is 0");
                    return broken(span);
                }
                (ArithmeticOperator::Divide, self.combined(&units.0, &units.1, true))
            }
        };
        let kind = ExprKind::Arithmetic(operator, Box::new(a), Box::new(b));
        Expr { kind, ty: Ty::Quantity(unit), span }
    }

    fn no_number(&mut self, part: &Expression, ty: &Ty, span: Span) -> Expr {
        let (text, found) = (self.quote(part.span), describe(&self.hir, ty));
        let message = format!("`{text}` is {found}, and a number or quantity is wanted here");
        let mut diagnostic =
            Diagnostic::error(codes::TYPE_MISMATCH, message, part.span, "not a number");
        if *ty == Ty::Date {
            diagnostic =
                diagnostic.with_help("Write the date first: `DATE + 30 days`, `DATE - DATE`.");
        }
        self.report(diagnostic);
        broken(span)
    }

    /// A date and days or months, or two dates.
    fn date_arithmetic(
        &mut self,
        sign: ArithmeticSign,
        (left, date): (&Expression, Expr),
        (right, by): (&Expression, Expr),
        rounding: Option<RoundingWord>,
        span: Span,
    ) -> Expr {
        let backwards = sign == ArithmeticSign::Minus;
        match &by.ty {
            Ty::Error => broken(span),
            Ty::Date if backwards => {
                let days = builtin("days").unwrap_or_else(UnitExpression::none);
                let kind = ExprKind::DaysBetween(Box::new(date), Box::new(by));
                Expr { kind, ty: Ty::Quantity(days), span }
            }
            Ty::Quantity(unit) if unit.dimension == Dimension::base("day") => {
                let kind =
                    ExprKind::ShiftDays { date: Box::new(date), days: Box::new(by), backwards };
                Expr { kind, ty: Ty::Date, span }
            }
            Ty::Quantity(unit) if unit.dimension == Dimension::base("month") => {
                self.shift_by_months(date, (right, by), backwards, rounding, span)
            }
            Ty::Quantity(unit) if unit.dimension.is_none() => {
                let diagnostic = Diagnostic::error(
                    codes::UNIT_MISSING,
                    format!(
                        "`{}` has no unit, and a date is changed by days or months",
                        self.quote(right.span)
                    ),
                    right.span,
                    "days or months?",
                );
                let diagnostic = match &right.without_parentheses().kind {
                    ExpressionKind::Quantity { number, .. } => {
                        let text = format!("{number} days");
                        diagnostic.with_fix(format!("write `{text}`"), right.span, text)
                    }
                    _ => diagnostic.with_help("Multiply it by `1 day` or `1 month`."),
                };
                self.report(diagnostic);
                broken(span)
            }
            other => {
                let found = describe(&self.hir, other);
                let message = format!("a date is changed by days or months, and this is {found}");
                self.report(
                    Diagnostic::error(codes::DIMENSION_MISMATCH, message, right.span, "not a time")
                        .with_label(left.span, "a date"),
                );
                broken(span)
            }
        }
    }

    fn shift_by_months(
        &mut self,
        date: Expr,
        (right, months): (&Expression, Expr),
        backwards: bool,
        rounding: Option<RoundingWord>,
        span: Span,
    ) -> Expr {
        let rounding = rounding.map(|word| match word {
            RoundingWord::Up => Rounding::Up,
            RoundingWord::Down => Rounding::Down,
        });
        let certain = shift(&date, &months, backwards)
            .is_some_and(|(date, months)| shift_months(date, months, None).is_ok());
        if rounding.is_none() && !certain {
            let end = Span::new(right.span.end, right.span.end);
            let diagnostic = Diagnostic::error(
                codes::AMBIGUOUS_MONTH_ARITHMETIC,
                "the day may not exist in that month",
                span,
                "as 31 January and 1 month, or 29 February and 1 year",
            )
            .with_help(
                "Write `rounding down` for the last day of the month, `rounding up` for the first day \
                 of the next.",
            )
            .with_fix("add `rounding down`", end, " rounding down");
            self.report(diagnostic);
            return broken(span);
        }
        let (date, months) = (Box::new(date), Box::new(months));
        let kind = ExprKind::ShiftMonths { date, months, backwards, rounding };
        Expr { kind, ty: Ty::Date, span }
    }

    /// `year of DATE`.
    pub(crate) fn date_part(&mut self, word: DateWord, date: &Expression, span: Span) -> Expr {
        let date = self.check(date, &Ty::Date);
        let part = match word {
            DateWord::Year => DatePart::Year,
            DateWord::Quarter => DatePart::Quarter,
            DateWord::Month => DatePart::Month,
            DateWord::Day => DatePart::Day,
        };
        Expr { kind: ExprKind::DatePart(part, Box::new(date)), ty: Ty::number(), span }
    }
}
