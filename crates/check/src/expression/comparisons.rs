use exeat_diagnostics::{Diagnostic, Span, codes};
use exeat_hir::{CodeListId, Comparison, Expr, ExprKind, Ty};
use exeat_model::{Code, UnitExpression, Value};
use exeat_syntax::{ComparisonSign, Expression, ExpressionKind};

use crate::checker::{Checker, broken};
use crate::describe::describe;

impl Checker<'_> {
    /// `is`, `<`, `in`, `meets`, `within` and their opposites.
    pub(crate) fn compare(
        &mut self,
        sign: ComparisonSign,
        left: &Expression,
        right: &Expression,
        span: Span,
    ) -> Expr {
        let (kind, negated) = match sign {
            ComparisonSign::Is => return self.equality(left, right, false, span),
            ComparisonSign::IsNot => return self.equality(left, right, true, span),
            ComparisonSign::Less => return self.by_size(Comparison::Less, left, right, span),
            ComparisonSign::LessOrEqual => {
                return self.by_size(Comparison::LessOrEqual, left, right, span);
            }
            ComparisonSign::Greater => return self.by_size(Comparison::Greater, left, right, span),
            ComparisonSign::GreaterOrEqual => {
                return self.by_size(Comparison::GreaterOrEqual, left, right, span);
            }
            ComparisonSign::In => (self.membership(left, right, span), false),
            ComparisonSign::NotIn => (self.membership(left, right, span), true),
            ComparisonSign::Meets => (self.codes_asked(left, right, true, span), false),
            ComparisonSign::NotMeets => (self.codes_asked(left, right, true, span), true),
            ComparisonSign::Within => (self.codes_asked(left, right, false, span), false),
            ComparisonSign::NotWithin => (self.codes_asked(left, right, false, span), true),
        };
        negate_if(kind, negated)
    }

    fn equality(
        &mut self,
        left: &Expression,
        right: &Expression,
        negated: bool,
        span: Span,
    ) -> Expr {
        if !self.needs_a_hint(left) {
            let subject = self.infer(left);
            if let Ty::Outcome(scale) = subject.ty
                && let Some(patterns) = self.patterns(right, scale)
            {
                let kind = ExprKind::OutcomeIs(Box::new(subject), patterns);
                return negate_if(Expr { kind, ty: Ty::YesNo, span }, negated);
            }
            let right = self.beside(&subject, left, right);
            return equal(subject, right, negated, span);
        }
        let (left, right) = self.alike(left, right);
        equal(left, right, negated, span)
    }

    /// The right side of a comparison, whose left side is known.
    fn beside(&mut self, subject: &Expr, left: &Expression, right: &Expression) -> Expr {
        if subject.ty == Ty::Error {
            return if self.needs_a_hint(right) { broken(right.span) } else { self.infer(right) };
        }
        let other = self.expr(right, Some(&subject.ty));
        if other.ty.agrees_with(&subject.ty) {
            return other;
        }
        match (&subject.ty, &other.ty) {
            (Ty::Quantity(a), Ty::Quantity(b)) => {
                self.report_units(left, right, (a, b));
                broken(right.span)
            }
            // Braces after `is`: membership is meant.
            (ty, Ty::Set(element)) if element.agrees_with(ty) => {
                let diagnostic = Diagnostic::error(
                    codes::TYPE_MISMATCH,
                    "one value cannot be a whole set",
                    right.span,
                    "a set",
                )
                .with_help("Write `in` in place of `is`.");
                self.report(diagnostic);
                broken(right.span)
            }
            _ => self.check_again(right, &other, &subject.ty),
        }
    }

    /// Reports that an expression has another type than is wanted.
    fn check_again(&mut self, written: &Expression, found: &Expr, wanted: &Ty) -> Expr {
        let (is, expected) = (describe(&self.hir, &found.ty), describe(&self.hir, wanted));
        let text = self.quote(written.span);
        let message = format!("`{text}` is {is}, and {expected} stands on the left");
        self.error(codes::TYPE_MISMATCH, message, written.span, format!("this is {is}"));
        broken(written.span)
    }

    /// Reports quantities that measure different things.
    pub(crate) fn report_units(
        &mut self,
        left: &Expression,
        right: &Expression,
        (a, b): (&UnitExpression, &UnitExpression),
    ) {
        let (left_text, right_text) = (self.quote(left.span), self.quote(right.span));
        let plain = |unit: &UnitExpression| unit.dimension.is_none();
        if plain(a) != plain(b) {
            let (bare, unit, text, other) = if plain(b) {
                (right, a, right_text, left_text)
            } else {
                (left, b, left_text, right_text)
            };
            let diagnostic = Diagnostic::error(
                codes::UNIT_MISSING,
                format!("`{text}` has no unit, and `{other}` is in {}", unit.text),
                bare.span,
                "the unit is missing",
            );
            let diagnostic =
                match &bare.without_parentheses().kind {
                    ExpressionKind::Quantity { number, unit: None } => {
                        let text = format!("{number} {}", unit.text);
                        diagnostic
                            .with_help(format!("Write `{text}` if that is the unit."))
                            .with_fix(format!("write `{text}`"), bare.span, text)
                    }
                    _ => diagnostic.with_help(format!("A plain number is not in {}.", unit.text)),
                };
            self.report(diagnostic);
            return;
        }
        let diagnostic = Diagnostic::error(
            codes::DIMENSION_MISMATCH,
            format!("`{left_text}` is in {}, `{right_text}` is in {}", a.text, b.text),
            right.span,
            format!("in {}", b.text),
        )
        .with_label(left.span, format!("in {}", a.text))
        .with_help(self.dimension_help(b, a));
        self.report(diagnostic);
    }

    /// What would make one quantity fit where another is wanted.
    pub(crate) fn dimension_help(&self, from: &UnitExpression, to: &UnitExpression) -> String {
        if to.dimension.is_none() {
            return format!(
                "Divide it by a quantity to get a plain number, as by `1 {}`.",
                from.text
            );
        }
        let factor = self.combined(to, from, true);
        if factor.dimension.is_none() {
            return "They measure the same.".to_owned();
        }
        format!(
            "Only quantities of one kind can be compared or added; one in {} becomes one in {} if it \
             is multiplied by one in {}.",
            from.text, to.text, factor.text
        )
    }

    fn by_size(
        &mut self,
        comparison: Comparison,
        left: &Expression,
        right: &Expression,
        span: Span,
    ) -> Expr {
        let turned = self.needs_a_hint(left) && !self.needs_a_hint(right);
        let (known, other) = if turned { (right, left) } else { (left, right) };
        let first = self.infer(known);
        if !self.has_order(&first.ty, known.span) {
            return Expr { kind: ExprKind::Error, ty: Ty::YesNo, span };
        }
        let second = self.beside(&first, known, other);
        let (left, right) = if turned { (second, first) } else { (first, second) };
        let kind = ExprKind::Compare(comparison, Box::new(left), Box::new(right));
        Expr { kind, ty: Ty::YesNo, span }
    }

    /// `low <= value < high`.
    pub(crate) fn band(
        &mut self,
        low: &Expression,
        value: &Expression,
        high: &Expression,
        (low_included, high_included): (bool, bool),
        span: Span,
    ) -> Expr {
        let subject = self.infer(value);
        if !self.has_order(&subject.ty, value.span) {
            return Expr { kind: ExprKind::Error, ty: Ty::YesNo, span };
        }
        let low = Box::new(self.beside(&subject, value, low));
        let high = Box::new(self.beside(&subject, value, high));
        let value = Box::new(subject);
        let kind = ExprKind::Band { low, low_included, value, high, high_included };
        Expr { kind, ty: Ty::YesNo, span }
    }

    /// `value in set`; also `quantity in UNIT`, which shows a quantity in another unit.
    fn membership(&mut self, left: &Expression, right: &Expression, span: Span) -> Expr {
        if self.needs_a_hint(left) {
            let set = self.infer(right);
            let Ty::Set(element) = set.ty.clone() else { return self.no_set(right, &set) };
            let value = self.check(left, &element);
            let kind = ExprKind::In(Box::new(value), Box::new(set));
            return Expr { kind, ty: Ty::YesNo, span };
        }
        let value = self.infer(left);
        match &value.ty {
            Ty::Error => {
                if !self.needs_a_hint(right) {
                    self.infer(right);
                }
                return Expr { kind: ExprKind::Error, ty: Ty::YesNo, span };
            }
            Ty::Outcome(scale) => {
                if let Some(patterns) = self.patterns(right, *scale) {
                    let kind = ExprKind::OutcomeIs(Box::new(value), patterns);
                    return Expr { kind, ty: Ty::YesNo, span };
                }
            }
            Ty::Quantity(unit) => {
                if let Some(shown) = self.shown_in(unit, right) {
                    let ty = Ty::Quantity(shown.clone());
                    return Expr { kind: ExprKind::InUnit(Box::new(value), shown), ty, span };
                }
            }
            _ => {}
        }
        let set = self.check(right, &Ty::Set(Box::new(value.ty.clone())));
        let kind = ExprKind::In(Box::new(value), Box::new(set));
        Expr { kind, ty: Ty::YesNo, span }
    }

    fn no_set(&mut self, right: &Expression, set: &Expr) -> Expr {
        if set.ty != Ty::Error {
            let (text, is) = (self.quote(right.span), describe(&self.hir, &set.ty));
            let message = format!("`{text}` is {is}, and a set is wanted after `in`");
            let diagnostic = Diagnostic::error(codes::NOT_A_SET, message, right.span, "not a set")
                .with_help("A set is a group, or members in braces: `{ PL, DE }`.");
            self.report(diagnostic);
        }
        Expr { kind: ExprKind::Error, ty: Ty::YesNo, span: right.span }
    }

    /// The unit named on the right of `in`, if one is and it measures the same.
    fn shown_in(&mut self, unit: &UnitExpression, right: &Expression) -> Option<UnitExpression> {
        let path = right.as_path()?;
        let [(name, place)] = path.as_slice() else { return None };
        let ExpressionKind::Reference(segments) = &right.kind else { return None };
        if !self.is_unit(name) || !self.is_a_loose_word(segments) {
            return None;
        }
        let shown = self.unit(name, *place)?;
        (shown.dimension == unit.dimension).then_some(shown)
    }

    /// `code meets { … }`, `code within { … }`.
    fn codes_asked(
        &mut self,
        left: &Expression,
        right: &Expression,
        meets: bool,
        span: Span,
    ) -> Expr {
        let nothing = Expr { kind: ExprKind::Error, ty: Ty::YesNo, span };
        let word = if meets { "meets" } else { "within" };
        let value = self.infer(left);
        let list = match value.ty {
            Ty::Code(list) => list,
            Ty::Error => return nothing,
            _ => {
                let (text, is) = (self.quote(left.span), describe(&self.hir, &value.ty));
                let message = format!("`{text}` is {is}, and `{word}` asks for a code");
                self.error(codes::TYPE_MISMATCH, message, left.span, "not a code");
                return nothing;
            }
        };
        let parts: Vec<&Expression> = match &right.without_parentheses().kind {
            ExpressionKind::Braces(items) => items.iter().map(|item| &item.key).collect(),
            _ => vec![right],
        };
        let mut codes = Vec::new();
        for part in parts {
            let Some(code) = self.constant_code(part, list) else { return nothing };
            codes.push(code);
        }
        codes.sort_unstable();
        codes.dedup();
        let value = Box::new(value);
        let kind = if meets {
            ExprKind::Meets(value, list, codes)
        } else {
            ExprKind::Within(value, list, codes)
        };
        Expr { kind, ty: Ty::YesNo, span }
    }

    fn constant_code(&mut self, part: &Expression, list: CodeListId) -> Option<Code> {
        let code = self.check(part, &Ty::Code(list));
        match self.must_be_constant(&code, "a code after `meets` or `within`")? {
            Value::Code(code) => Some(code),
            _ => None,
        }
    }
}

fn equal(left: Expr, right: Expr, negated: bool, span: Span) -> Expr {
    let comparison = if negated { Comparison::IsNot } else { Comparison::Is };
    let kind = ExprKind::Compare(comparison, Box::new(left), Box::new(right));
    Expr { kind, ty: Ty::YesNo, span }
}

fn negate_if(expr: Expr, negated: bool) -> Expr {
    if !negated {
        return expr;
    }
    let span = expr.span;
    Expr { kind: ExprKind::Not(Box::new(expr)), ty: Ty::YesNo, span }
}
