//! Expressions: every part gets its type; what cannot be typed is reported once and fits everywhere.

use exeat_diagnostics::{Code, Diagnostic, Span, codes};
use exeat_hir::{
    Aggregate, ArithmeticOperator, Comparison, DatePart, Expr, ExprKind, ListItem, Quantifier,
    SetOperator, Ty,
};
use exeat_model::{Code as ListCode, Rounding, UnitExpression, Value};
use exeat_syntax::{
    AggregateWord, ArithmeticSign, ComparisonSign, Comprehension, DateWord, Expression,
    ExpressionKind, QuantifierWord, RoundingWord, SetWord,
};

use crate::checker::Checker;

/// An expression that could not be understood; reported already.
pub(crate) fn broken(span: Span) -> Expr {
    Expr { kind: ExprKind::Error, ty: Ty::Error, span }
}

/// The number of a quantity as written, for a fix.
fn number_text(expression: &Expression) -> String {
    match &expression.kind {
        ExpressionKind::Quantity { number, .. } => number.clone(),
        _ => "…".to_owned(),
    }
}

impl Checker<'_> {
    /// An expression where a certain type is wanted.
    pub(crate) fn expect(&mut self, expression: &Expression, wanted: &Ty) -> Expr {
        let expr = self.infer(expression, Some(wanted));
        if expr.ty.agrees_with(wanted) {
            return expr;
        }
        let (found, expected) = (self.describe(&expr.ty), self.describe(wanted));
        let mut diagnostic = match (&expr.ty, wanted) {
            (Ty::Quantity(a), Ty::Quantity(b)) if a.dimension.is_none() => {
                let text = format!("{} {}", number_text(expression), b.text);
                Diagnostic::error(
                    codes::UNIT_MISSING,
                    format!("a unit is missing: expected {expected}"),
                    expr.span,
                    "a plain number",
                )
                .with_fix(format!("write `{text}`"), expr.span, text)
            }
            (Ty::Quantity(_), Ty::Quantity(_)) => Diagnostic::error(
                codes::DIMENSION_MISMATCH,
                format!("expected {expected}, found {found}"),
                expr.span,
                format!("this is {found}"),
            ),
            (_, Ty::YesNo) => Diagnostic::error(
                codes::NOT_A_CONDITION,
                "expected a condition",
                expr.span,
                format!("this is {found}"),
            ),
            _ => Diagnostic::error(
                codes::TYPE_MISMATCH,
                format!("expected {expected}, found {found}"),
                expr.span,
                format!("this is {found}"),
            ),
        };
        if let (Ty::Quantity(a), Ty::Quantity(b)) = (&expr.ty, wanted)
            && !a.dimension.is_none()
        {
            let missing = b.dimension.over(&a.dimension);
            diagnostic = diagnostic.with_help(format!("The units differ by {missing}; multiply by such a quantity, or compare with another one."));
        }
        self.diagnostics.push(diagnostic);
        broken(expr.span)
    }

    /// A condition.
    pub(crate) fn condition(&mut self, expression: &Expression) -> Expr {
        self.expect(expression, &Ty::YesNo)
    }

    pub(crate) fn describe(&self, ty: &Ty) -> String {
        match ty {
            Ty::YesNo => "yes or no".to_owned(),
            Ty::Quantity(unit) if unit.text.is_empty() => {
                format!("a quantity in {}", unit.dimension)
            }
            Ty::Quantity(unit) => format!("a quantity in {}", unit.text),
            Ty::Date => "a date".to_owned(),
            Ty::Text => "a text".to_owned(),
            Ty::Country => "a country".to_owned(),
            Ty::Enum(id) => format!(
                "one of `{}`",
                self.hir.enums.get(*id).map_or("", |item| item.name.as_str())
            ),
            Ty::Code(id) => format!(
                "a code of `{}`",
                self.hir.code_lists.get(*id).map_or("", |item| item.name.as_str())
            ),
            Ty::Outcome(id) => format!(
                "an outcome of `{}`",
                self.hir.scales.get(*id).map_or("", |item| item.name.as_str())
            ),
            Ty::Record(id) => format!(
                "a record `{}`",
                self.hir.records.get(*id).map_or("", |item| item.name.as_str())
            ),
            Ty::List(inner) => format!("a list (of {})", self.describe(inner)),
            Ty::Set(inner) => format!("a set (of {})", self.describe(inner)),
            Ty::Error => "something unknown".to_owned(),
        }
    }

    fn wrong(&mut self, code: Code, message: &str, span: Span, ty: &Ty) -> Expr {
        if *ty != Ty::Error {
            let label = format!("this is {}", self.describe(ty));
            self.error(code, message, span, label);
        }
        broken(span)
    }

    #[expect(
        clippy::too_many_lines,
        reason = "one arm a kind of expression; the long ones have functions of their own"
    )]
    /// An expression with the type that it has; the wanted type helps where a name or sign alone does not tell.
    pub(crate) fn infer(&mut self, expression: &Expression, wanted: Option<&Ty>) -> Expr {
        let span = expression.span;
        let of = |kind: ExprKind, ty: Ty| Expr { kind, ty, span };
        let literal = |value: Value, ty: Ty| Expr { kind: ExprKind::Literal(value), ty, span };
        match &expression.kind {
            ExpressionKind::Error => broken(span),
            ExpressionKind::YesNo(yes) => literal(Value::YesNo(*yes), Ty::YesNo),
            ExpressionKind::Text(text) => literal(Value::Text(text.as_str().into()), Ty::Text),
            ExpressionKind::Date(text) => match self.date(text, span) {
                Some(date) => literal(Value::Date(date), Ty::Date),
                None => broken(span),
            },
            ExpressionKind::Code(text) => self.code_literal(text, span, wanted),
            ExpressionKind::Quantity { number, unit } => {
                let Some(number) = exeat_model::Number::parse(number) else {
                    self.error(
                        codes::NUMBER_OUT_OF_RANGE,
                        "this number has too many digits",
                        span,
                        "about 38 digits are kept",
                    );
                    return broken(span);
                };
                let unit = match unit {
                    None => UnitExpression::none(),
                    Some((text, place)) => match self.unit(text, *place) {
                        Some(unit) => unit,
                        None => return broken(span),
                    },
                };
                match number.checked_mul(unit.factor) {
                    Ok(base) => literal(Value::Number(base), Ty::Quantity(unit)),
                    Err(_) => broken(span),
                }
            }
            ExpressionKind::Reference(segments) => self.reference(segments, span, wanted),
            ExpressionKind::Parentheses(inner, None) => Expr { span, ..self.infer(inner, wanted) },
            ExpressionKind::Parentheses(body, Some(rest)) => self.comprehension(body, rest, span),
            ExpressionKind::Not(inner) => {
                of(ExprKind::Not(Box::new(self.condition(inner))), Ty::YesNo)
            }
            ExpressionKind::And(parts) => of(
                ExprKind::And(parts.iter().map(|part| self.condition(part)).collect()),
                Ty::YesNo,
            ),
            ExpressionKind::Or(parts) => {
                of(ExprKind::Or(parts.iter().map(|part| self.condition(part)).collect()), Ty::YesNo)
            }
            ExpressionKind::Compare(sign, left, right) => self.comparison(*sign, left, right, span),
            ExpressionKind::Band { low, low_included, value, high, high_included } => {
                let value = self.infer(value, None);
                if !matches!(value.ty, Ty::Quantity(_) | Ty::Date | Ty::Error) {
                    return self.wrong(
                        codes::NOT_COMPARABLE,
                        "only numbers, quantities and dates have an order",
                        value.span,
                        &value.ty,
                    );
                }
                let ty = value.ty.clone();
                let (low, high) =
                    (Box::new(self.expect(low, &ty)), Box::new(self.expect(high, &ty)));
                let kind = ExprKind::Band {
                    low,
                    low_included: *low_included,
                    value: Box::new(value),
                    high,
                    high_included: *high_included,
                };
                of(kind, Ty::YesNo)
            }
            ExpressionKind::Negate(inner) => {
                let inner = self.infer(inner, wanted);
                match inner.ty {
                    Ty::Quantity(_) | Ty::Error => {
                        of(ExprKind::Negate(Box::new(inner.clone())), inner.ty)
                    }
                    _ => self.wrong(
                        codes::TYPE_MISMATCH,
                        "a sign can stand before a number only",
                        inner.span,
                        &inner.ty,
                    ),
                }
            }
            ExpressionKind::Arithmetic { sign, left, right, rounding } => {
                self.arithmetic(*sign, left, right, *rounding, span)
            }
            ExpressionKind::SetOperation(word, left, right) => {
                let left = self.infer(left, wanted);
                let Ty::Set(_) = &left.ty else {
                    return self.wrong(
                        codes::NOT_A_SET,
                        "expected a set, as a group",
                        left.span,
                        &left.ty,
                    );
                };
                let ty = left.ty.clone();
                let right = self.expect(right, &ty);
                let operator = match word {
                    SetWord::Union => SetOperator::Union,
                    SetWord::Intersect => SetOperator::Intersect,
                    SetWord::Without => SetOperator::Without,
                };
                of(ExprKind::SetOperation(operator, Box::new(left), Box::new(right)), ty)
            }
            ExpressionKind::If(test, then, otherwise) => {
                let test = self.condition(test);
                let then = self.infer(then, wanted);
                let ty = then.ty.clone();
                let otherwise = self.expect(otherwise, &ty);
                of(ExprKind::If(Box::new(test), Box::new(then), Box::new(otherwise)), ty)
            }
            ExpressionKind::Quantified { word, name, list, body, .. } => {
                let Some((list, element)) = self.list(list) else { return broken(span) };
                let local = self.bind(name, element);
                let body = self.condition(body);
                self.locals.pop();
                let quantifier = match word {
                    QuantifierWord::Any => Quantifier::Any,
                    QuantifierWord::Every => Quantifier::Every,
                    QuantifierWord::No => Quantifier::No,
                };
                of(
                    ExprKind::Quantified {
                        quantifier,
                        local,
                        list: Box::new(list),
                        body: Box::new(body),
                    },
                    Ty::YesNo,
                )
            }
            ExpressionKind::Aggregate(word, list) => {
                let Some((list, element)) = self.list(list) else { return broken(span) };
                let kind = match word {
                    AggregateWord::Sum => Aggregate::Sum,
                    AggregateWord::Count => Aggregate::Count,
                    AggregateWord::Largest => Aggregate::Largest,
                    AggregateWord::Smallest => Aggregate::Smallest,
                };
                let ty = match (kind, element) {
                    (Aggregate::Count, _) => Ty::number(),
                    (_, element @ (Ty::Quantity(_) | Ty::Error)) => element,
                    (Aggregate::Largest | Aggregate::Smallest, Ty::Date) => Ty::Date,
                    (_, other) => {
                        return self.wrong(
                            codes::TYPE_MISMATCH,
                            "expected a list of numbers or quantities",
                            list.span,
                            &Ty::List(Box::new(other)),
                        );
                    }
                };
                of(ExprKind::Aggregate(kind, Box::new(list)), ty)
            }
            ExpressionKind::DatePart(word, date) => {
                let date = self.expect(date, &Ty::Date);
                let part = match word {
                    DateWord::Year => DatePart::Year,
                    DateWord::Quarter => DatePart::Quarter,
                    DateWord::Month => DatePart::Month,
                    DateWord::Day => DatePart::Day,
                };
                of(ExprKind::DatePart(part, Box::new(date)), Ty::number())
            }
            ExpressionKind::List(items) => {
                let mut element = match wanted {
                    Some(Ty::List(element)) => Some(element.as_ref().clone()),
                    _ => None,
                };
                let mut lowered = Vec::new();
                for item in items {
                    let list = element.clone().map(|element| Ty::List(Box::new(element)));
                    let value = match (&list, &element, item.each) {
                        (Some(list), _, true) => self.expect(&item.value, list),
                        (_, Some(element), false) => self.expect(&item.value, element),
                        _ => self.infer(&item.value, None),
                    };
                    if element.is_none() {
                        element = match (&value.ty, item.each) {
                            (Ty::List(inner), true) => Some(inner.as_ref().clone()),
                            (ty, _) => Some(ty.clone()),
                        };
                    }
                    lowered.push(if item.each {
                        ListItem::Each(value)
                    } else {
                        ListItem::One(value)
                    });
                }
                of(ExprKind::List(lowered), Ty::List(Box::new(element.unwrap_or(Ty::Error))))
            }
            ExpressionKind::Braces(items) => self.braces(items, span, wanted),
        }
    }

    fn list(&mut self, expression: &Expression) -> Option<(Expr, Ty)> {
        let list = self.infer(expression, None);
        match &list.ty {
            Ty::List(element) => {
                let element = element.as_ref().clone();
                Some((list, element))
            }
            ty => {
                self.wrong(codes::NOT_A_LIST, "expected a list", list.span, &ty.clone());
                None
            }
        }
    }

    fn comprehension(&mut self, body: &Expression, rest: &Comprehension, span: Span) -> Expr {
        let Some((list, element)) = self.list(&rest.list) else { return broken(span) };
        let local = self.bind(&rest.name, element);
        let filter = rest.filter.as_ref().map(|filter| Box::new(self.condition(filter)));
        let body = self.infer(body, None);
        self.locals.pop();
        let ty = Ty::List(Box::new(body.ty.clone()));
        Expr {
            kind: ExprKind::Comprehension {
                local,
                list: Box::new(list),
                filter,
                body: Box::new(body),
            },
            ty,
            span,
        }
    }

    fn comparison(
        &mut self,
        sign: ComparisonSign,
        left: &Expression,
        right: &Expression,
        span: Span,
    ) -> Expr {
        let of = |kind: ExprKind| Expr { kind, ty: Ty::YesNo, span };
        let negated =
            |expr: Expr| Expr { kind: ExprKind::Not(Box::new(expr)), ty: Ty::YesNo, span };
        let comparison = match sign {
            ComparisonSign::NotIn => {
                return negated(self.comparison(ComparisonSign::In, left, right, span));
            }
            ComparisonSign::NotMeets => {
                return negated(self.comparison(ComparisonSign::Meets, left, right, span));
            }
            ComparisonSign::NotWithin => {
                return negated(self.comparison(ComparisonSign::Within, left, right, span));
            }
            ComparisonSign::In => {
                let left = self.infer(left, None);
                if let Ty::Outcome(scale) = left.ty {
                    let patterns = self.outcome_patterns(right, scale);
                    return of(ExprKind::OutcomeIs(Box::new(left), patterns));
                }
                let set = self.expect(right, &Ty::Set(Box::new(left.ty.clone())));
                return of(ExprKind::In(Box::new(left), Box::new(set)));
            }
            ComparisonSign::Meets | ComparisonSign::Within => {
                let left = self.infer(left, None);
                let Ty::Code(list) = left.ty else {
                    return self.wrong(
                        codes::TYPE_MISMATCH,
                        "`meets` and `within` ask about a code",
                        left.span,
                        &left.ty,
                    );
                };
                let targets = self.code_targets(right, &left.ty);
                let left = Box::new(left);
                return of(if sign == ComparisonSign::Meets {
                    ExprKind::Meets(left, list, targets)
                } else {
                    ExprKind::Within(left, list, targets)
                });
            }
            ComparisonSign::Is => Comparison::Is,
            ComparisonSign::IsNot => Comparison::IsNot,
            ComparisonSign::Less => Comparison::Less,
            ComparisonSign::LessOrEqual => Comparison::LessOrEqual,
            ComparisonSign::Greater => Comparison::Greater,
            ComparisonSign::GreaterOrEqual => Comparison::GreaterOrEqual,
        };
        let left = self.infer(left, None);
        if let Ty::Outcome(scale) = left.ty
            && matches!(comparison, Comparison::Is | Comparison::IsNot)
        {
            let patterns = self.outcome_patterns(right, scale);
            let is = of(ExprKind::OutcomeIs(Box::new(left), patterns));
            return if comparison == Comparison::Is { is } else { negated(is) };
        }
        let ordered = !matches!(comparison, Comparison::Is | Comparison::IsNot);
        if ordered && !matches!(left.ty, Ty::Quantity(_) | Ty::Date | Ty::Error) {
            return self.wrong(
                codes::NOT_COMPARABLE,
                "only numbers, quantities and dates have an order",
                left.span,
                &left.ty,
            );
        }
        let right = self.expect(right, &left.ty.clone());
        of(ExprKind::Compare(comparison, Box::new(left), Box::new(right)))
    }

    fn code_targets(&mut self, right: &Expression, ty: &Ty) -> Vec<ListCode> {
        let items: Vec<&Expression> = match &right.without_parentheses().kind {
            ExpressionKind::Braces(items) => items.iter().map(|item| &item.key).collect(),
            _ => vec![right],
        };
        items
            .into_iter()
            .filter_map(|item| match self.expect(item, ty).kind {
                ExprKind::Literal(Value::Code(code)) => Some(code),
                ExprKind::Error => None,
                _ => {
                    self.error(
                        codes::NOT_CONSTANT,
                        "expected a code written out, as `3A090.a`",
                        item.span,
                        "not a code",
                    );
                    None
                }
            })
            .collect()
    }

    fn arithmetic(
        &mut self,
        sign: ArithmeticSign,
        left: &Expression,
        right: &Expression,
        rounding: Option<RoundingWord>,
        span: Span,
    ) -> Expr {
        let (left, right) = (self.infer(left, None), self.infer(right, None));
        let of = |kind: ExprKind, ty: Ty| Expr { kind, ty, span };
        if left.ty == Ty::Error || right.ty == Ty::Error {
            return broken(span);
        }
        let additive = matches!(sign, ArithmeticSign::Plus | ArithmeticSign::Minus);
        let backwards = sign == ArithmeticSign::Minus;
        match (&left.ty, &right.ty) {
            (Ty::Date, Ty::Date) if backwards => match self.unit("days", span) {
                Some(days) => {
                    of(ExprKind::DaysBetween(Box::new(left), Box::new(right)), Ty::Quantity(days))
                }
                None => broken(span),
            },
            (Ty::Date, Ty::Quantity(unit)) if additive => {
                let base: Vec<(&str, i32)> = unit.dimension.factors().collect();
                match base.as_slice() {
                    [("day", 1)] => of(
                        ExprKind::ShiftDays {
                            date: Box::new(left),
                            days: Box::new(right),
                            backwards,
                        },
                        Ty::Date,
                    ),
                    [("month", 1)] => {
                        if rounding.is_none() {
                            let diagnostic = Diagnostic::error(codes::AMBIGUOUS_MONTH_ARITHMETIC, "this may lead to a day that does not exist, as 31 April", span, "months are of different lengths")
                                .with_help("Say what then holds: `rounding down` for the last day of that month, `rounding up` for the first of the next.")
                                .with_fix("write `rounding down`", Span::new(span.end, span.end), " rounding down");
                            self.diagnostics.push(diagnostic);
                        }
                        let rounding = rounding.map(|word| {
                            if word == RoundingWord::Up { Rounding::Up } else { Rounding::Down }
                        });
                        of(
                            ExprKind::ShiftMonths {
                                date: Box::new(left),
                                months: Box::new(right),
                                backwards,
                                rounding,
                            },
                            Ty::Date,
                        )
                    }
                    _ => {
                        let ty = right.ty.clone();
                        self.wrong(
                            codes::DIMENSION_MISMATCH,
                            "only days or months can be added to a date",
                            right.span,
                            &ty,
                        )
                    }
                }
            }
            (Ty::Quantity(a), Ty::Quantity(b)) => {
                let (operator, unit) = match sign {
                    ArithmeticSign::Plus | ArithmeticSign::Minus => {
                        if a.dimension != b.dimension {
                            let message = format!(
                                "{} and {} cannot be added or subtracted",
                                self.describe(&left.ty),
                                self.describe(&right.ty)
                            );
                            let diagnostic = Diagnostic::error(
                                codes::DIMENSION_MISMATCH,
                                message,
                                right.span,
                                format!("this is {}", self.describe(&right.ty)),
                            )
                            .with_label(left.span, format!("this is {}", self.describe(&left.ty)));
                            self.diagnostics.push(diagnostic);
                            return broken(span);
                        }
                        (
                            if backwards {
                                ArithmeticOperator::Subtract
                            } else {
                                ArithmeticOperator::Add
                            },
                            a.clone(),
                        )
                    }
                    ArithmeticSign::Star => {
                        (ArithmeticOperator::Multiply, self.combined_unit(a, b, false))
                    }
                    ArithmeticSign::Slash => {
                        if matches!(&right.kind, ExprKind::Literal(Value::Number(number)) if number.is_zero())
                        {
                            self.error(
                                codes::DIVISION_BY_ZERO,
                                "this divides by zero",
                                right.span,
                                "zero",
                            );
                            return broken(span);
                        }
                        (ArithmeticOperator::Divide, self.combined_unit(a, b, true))
                    }
                };
                of(
                    ExprKind::Arithmetic(operator, Box::new(left), Box::new(right)),
                    Ty::Quantity(unit),
                )
            }
            (Ty::Quantity(_) | Ty::Date, other) => {
                let other = other.clone();
                self.wrong(
                    codes::TYPE_MISMATCH,
                    "arithmetic needs numbers, quantities or dates",
                    right.span,
                    &other,
                )
            }
            (other, _) => {
                let other = other.clone();
                self.wrong(
                    codes::TYPE_MISMATCH,
                    "arithmetic needs numbers, quantities or dates",
                    left.span,
                    &other,
                )
            }
        }
    }

    /// The unit in which a product or quotient is shown: a declared unit of that dimension if one of
    /// the sides was in it or the other is a plain number, else base units.
    fn combined_unit(
        &self,
        a: &UnitExpression,
        b: &UnitExpression,
        divide: bool,
    ) -> UnitExpression {
        if b.dimension.is_none() {
            return a.clone();
        }
        if a.dimension.is_none() && !divide {
            return b.clone();
        }
        let dimension =
            if divide { a.dimension.over(&b.dimension) } else { a.dimension.times(&b.dimension) };
        if dimension.is_none() {
            return UnitExpression::none();
        }
        let factor = exeat_model::Number::ONE;
        let named = self
            .hir
            .units
            .values()
            .find(|unit| unit.dimension == dimension && unit.factor == factor);
        let text = match named {
            Some(unit) => unit.name.clone(),
            None => dimension.to_string().into(),
        };
        UnitExpression { text, dimension, factor }
    }
}
