//! When two conditions are the same text in effect: places and the order of `and` and `or` aside.

use exeat_hir::{Expr, ExprKind, ListItem};

/// A text that is equal for two expressions exactly if they are built alike. Only for comparing.
pub(super) fn key(expr: &Expr) -> String {
    let (word, parts) = match &expr.kind {
        ExprKind::And(parts) => return unordered("and", parts.iter().flat_map(flat_and).collect()),
        ExprKind::Or(parts) => return unordered("or", parts.iter().flat_map(flat_or).collect()),
        ExprKind::SetLiteral(parts) => return unordered("set", parts.iter().collect()),
        ExprKind::InUnit(inner, _) => return key(inner),
        ExprKind::Literal(value) => (format!("{value:?}"), Vec::new()),
        ExprKind::Fact(id) => (format!("{id:?}"), Vec::new()),
        ExprKind::AsOf => ("as_of".to_owned(), Vec::new()),
        ExprKind::Local(id) => (format!("{id:?}"), Vec::new()),
        ExprKind::Decision(id) => (format!("{id:?}"), Vec::new()),
        ExprKind::Group(id) => (format!("{id:?}"), Vec::new()),
        ExprKind::NotModelled(id) => (format!("{id:?}"), Vec::new()),
        ExprKind::Error => ("error".to_owned(), Vec::new()),
        ExprKind::Define(id, parts) => (format!("{id:?}"), parts.iter().collect()),
        ExprKind::Table(id, parts) => (format!("{id:?}"), parts.iter().collect()),
        ExprKind::Call(id, parts) => (format!("{id:?}"), parts.iter().collect()),
        ExprKind::Field(inner, field) => (format!("field {field}"), vec![&**inner]),
        ExprKind::Not(inner) => ("not".to_owned(), vec![&**inner]),
        ExprKind::Negate(inner) => ("negate".to_owned(), vec![&**inner]),
        ExprKind::Aggregate(how, inner) => (format!("{how:?}"), vec![&**inner]),
        ExprKind::Meets(inner, list, codes) => {
            (format!("meets {list:?} {codes:?}"), vec![&**inner])
        }
        ExprKind::Within(inner, list, codes) => {
            (format!("within {list:?} {codes:?}"), vec![&**inner])
        }
        ExprKind::OutcomeIs(inner, patterns) => (format!("{patterns:?}"), vec![&**inner]),
        ExprKind::DatePart(part, inner) => (format!("{part:?}"), vec![&**inner]),
        ExprKind::Compare(how, a, b) => (format!("{how:?}"), vec![&**a, &**b]),
        ExprKind::Arithmetic(how, a, b) => (format!("{how:?}"), vec![&**a, &**b]),
        ExprKind::SetOperation(how, a, b) => (format!("{how:?}"), vec![&**a, &**b]),
        ExprKind::In(a, b) => ("in".to_owned(), vec![&**a, &**b]),
        ExprKind::DaysBetween(a, b) => ("days between".to_owned(), vec![&**a, &**b]),
        ExprKind::ShiftDays { date, days, backwards } => {
            (format!("days {backwards}"), vec![&**date, &**days])
        }
        ExprKind::ShiftMonths { date, months, backwards, rounding } => {
            (format!("months {backwards} {rounding:?}"), vec![&**date, &**months])
        }
        ExprKind::Quantified { quantifier, local, list, body } => {
            (format!("{quantifier:?} {local:?}"), vec![&**list, &**body])
        }
        ExprKind::Band { low, low_included, value, high, high_included } => {
            (format!("band {low_included} {high_included}"), vec![&**low, &**value, &**high])
        }
        ExprKind::If(a, b, c) => ("if".to_owned(), vec![&**a, &**b, &**c]),
        ExprKind::Comprehension { local, list, filter, body } => {
            let filtered = filter.is_some();
            let parts = [&**list, &**body].into_iter().chain(filter.as_deref()).collect();
            (format!("each {local:?} {filtered}"), parts)
        }
        ExprKind::Record(id, fields) => {
            let given: Vec<bool> = fields.iter().map(Option::is_some).collect();
            (format!("{id:?} {given:?}"), fields.iter().flatten().collect())
        }
        ExprKind::List(items) => {
            let each: Vec<bool> =
                items.iter().map(|item| matches!(item, ListItem::Each(_))).collect();
            let parts = items.iter().map(|item| match item {
                ListItem::One(expr) | ListItem::Each(expr) => expr,
            });
            (format!("list {each:?}"), parts.collect())
        }
    };
    let parts: Vec<String> = parts.into_iter().map(key).collect();
    format!("{word}({})", parts.join(", "))
}

fn flat_and(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::And(parts) => parts.iter().flat_map(flat_and).collect(),
        _ => vec![expr],
    }
}

fn flat_or(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::Or(parts) => parts.iter().flat_map(flat_or).collect(),
        _ => vec![expr],
    }
}

fn unordered(word: &str, parts: Vec<&Expr>) -> String {
    let mut parts: Vec<String> = parts.into_iter().map(key).collect();
    parts.sort();
    parts.dedup();
    format!("{word}({})", parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::test_support::{World, and, compare, fact, literal, number, or, tpp};
    use exeat_diagnostics::Span;
    use exeat_hir::Comparison::{Greater, Less};

    #[test]
    fn order_and_places_do_not_matter_but_content_does() {
        let mut world = World::new();
        let id = world.fact("tpp", tpp());
        let above = compare(Greater, fact(id, tpp()), literal(number("1")));
        let below = compare(Less, fact(id, tpp()), literal(number("1")));
        let moved = Expr { span: Span::new(7, 9), ..above.clone() };
        let one = and(vec![above.clone(), below.clone()]);
        assert_eq!(key(&one), key(&and(vec![below.clone(), moved])));
        assert_ne!(key(&above), key(&below));
        assert_ne!(key(&one), key(&or(vec![above, below])));
    }
}
