use exeat_diagnostics::{Diagnostic, Span, codes};
use exeat_hir::Ty;
use exeat_model::{Date, Dimension, Interval, Number, UnitExpression, date_from_text};
use exeat_syntax::{Kind, Node};

use crate::checker::{Checker, Item, path_of};

impl Checker<'_> {
    /// The type that a `type` node names.
    pub(crate) fn ty(&mut self, node: Node<'_>) -> Ty {
        if let Some(inner) = node.node(Kind::r#type) {
            let inner = Box::new(self.ty(inner));
            return if node.has(Kind::kw_list) { Ty::List(inner) } else { Ty::Set(inner) };
        }
        if let Some(product) = node.token(Kind::unit_product) {
            return self
                .unit(node.token_text(product), product.span)
                .map_or(Ty::Error, Ty::Quantity);
        }
        let Some(path) = node.node(Kind::path) else { return Ty::Error };
        let names = path_of(path);
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        if let [name] = names.as_slice() {
            match *name {
                "yes_no" => return Ty::YesNo,
                "number" => return Ty::number(),
                "date" => return Ty::Date,
                "text" => return Ty::Text,
                "country" => return Ty::Country,
                _ => {}
            }
        }
        match self.resolve_type(&names, path.span()) {
            Some((item, used)) if used == names.len() => match item {
                Item::Enum(id) => return Ty::Enum(id),
                Item::Record(id) => return Ty::Record(id),
                Item::Scale(id) => return Ty::Outcome(id),
                Item::CodeList(id) => return Ty::Code(id),
                Item::Broken => return Ty::Error,
                _ => {}
            },
            _ => {}
        }
        if let [name] = names.as_slice()
            && self.units.contains_key(*name)
        {
            return self.unit(name, path.span()).map_or(Ty::Error, Ty::Quantity);
        }
        let mut candidates: Vec<String> =
            ["yes_no", "number", "date", "text", "country"].map(str::to_owned).to_vec();
        candidates.extend(self.units.keys().cloned());
        candidates.extend(self.visible_names());
        self.unknown(codes::UNKNOWN_TYPE, "type", &names.join("."), path.span(), &candidates);
        Ty::Error
    }

    /// A unit as it is written: `TPP`, `GB/s`.
    pub(crate) fn unit(&mut self, text: &str, span: Span) -> Option<UnitExpression> {
        let mut result = UnitExpression { text: text.into(), ..UnitExpression::none() };
        let mut divide = false;
        for part in text.split_inclusive(['/', '*']) {
            let name = part.trim_end_matches(['/', '*']);
            let (dimension, factor) = match builtin_unit(name) {
                Some(unit) => unit,
                None => {
                    if let Some(unit) = self.units.get(name).and_then(|id| self.hir.units.get(*id))
                    {
                        (unit.dimension.clone(), unit.factor)
                    } else {
                        let mut candidates: Vec<String> = self.units.keys().cloned().collect();
                        candidates.extend(["days", "weeks", "months", "years"].map(str::to_owned));
                        self.unknown(codes::UNKNOWN_UNIT, "unit", name, span, &candidates);
                        return None;
                    }
                }
            };
            let combined = if divide {
                result.factor.checked_div(factor)
            } else {
                result.factor.checked_mul(factor)
            };
            result.dimension = if divide {
                result.dimension.over(&dimension)
            } else {
                result.dimension.times(&dimension)
            };
            result.factor = combined.ok()?;
            divide = part.ends_with('/');
        }
        Some(result)
    }

    /// A date token, if there is such a day.
    pub(crate) fn date(&mut self, text: &str, span: Span) -> Option<Date> {
        let date = date_from_text(text);
        if date.is_none() {
            let diagnostic = Diagnostic::error(
                codes::NO_SUCH_DATE,
                format!("there is no day `{text}`"),
                span,
                "no such day",
            )
            .with_help("A date is written year, month, day: `2025-05-15`.");
            self.diagnostics.push(diagnostic);
        }
        date
    }

    /// The interval that the `from`, `until` and `through` clauses of a node lay down.
    pub(crate) fn interval(&mut self, node: Node<'_>) -> Interval {
        let mut interval = Interval::ALWAYS;
        let mut places: Vec<(Kind, Span)> = Vec::new();
        for clause in node.nodes_of(Kind::interval_clause) {
            let Some(token) = clause.token(Kind::date) else { continue };
            let Some(day) = self.date(clause.token_text(token), token.span) else { continue };
            let (kind, end) = if clause.has(Kind::kw_from) {
                (Kind::kw_from, None)
            } else if clause.has(Kind::kw_until) {
                (Kind::kw_until, Some(day))
            } else {
                (Kind::kw_until, day.tomorrow().ok())
            };
            if let Some((_, before)) = places.iter().find(|(other, _)| *other == kind) {
                let diagnostic = Diagnostic::error(
                    codes::DUPLICATE_CLAUSE,
                    "this date is given twice",
                    clause.span(),
                    "given again here",
                )
                .with_label(*before, "given here first");
                self.diagnostics.push(diagnostic);
                continue;
            }
            places.push((kind, clause.span()));
            if kind == Kind::kw_from {
                interval.from = Some(day);
            } else {
                interval.until = end;
            }
        }
        if interval.is_empty()
            && let [(_, first), (_, second)] = places.as_slice()
        {
            let diagnostic = Diagnostic::error(codes::UNTIL_BEFORE_FROM, "this ends before it begins", *second, "the end")
                .with_label(*first, "the beginning")
                .with_help("`until` names the first day that is no longer in it, `through` the last day that is.");
            self.diagnostics.push(diagnostic);
            return Interval::ALWAYS;
        }
        interval
    }
}

fn builtin_unit(name: &str) -> Option<(Dimension, Number)> {
    let time =
        |base: &str, factor: i128| Some((Dimension::base(base), Number::from_integer(factor)));
    match name {
        "day" | "days" => time("day", 1),
        "week" | "weeks" => time("day", 7),
        "month" | "months" => time("month", 1),
        "quarter" | "quarters" => time("month", 3),
        "year" | "years" => time("month", 12),
        "%" => Some((Dimension::none(), Number::from_fraction(1, 100).ok()?)),
        _ => None,
    }
}
