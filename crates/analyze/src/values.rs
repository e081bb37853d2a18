//! Values for cells: round numbers, countries that everyone knows, the first of an enumeration.

use std::collections::BTreeSet;

use exeat_hir::Ty;
use exeat_model::{Code, Country, Date, Number, Value};
use exeat_program::{CellSet, Cells};

use crate::space::{Side, Variable, VariableKind, some_day, values_of_type};

/// Countries that stand for a set in examples, if they are in it.
const KNOWN: [&str; 24] = [
    "DE", "PL", "FR", "JP", "GB", "CH", "IN", "SG", "AE", "SA", "TR", "BR", "CN", "HK", "MO", "VN",
    "IL", "MX", "RU", "IR", "KP", "SY", "CU", "US",
];

/// Countries that everyone knows, in the order in which they stand for others.
pub(crate) fn known_countries() -> impl Iterator<Item = Country> {
    KNOWN.into_iter().filter_map(Country::from_code)
}

/// A value of one of the cells of a variable, to stand for all of them on a day.
pub(crate) fn representative(
    side: &Side<'_>,
    variable: &Variable,
    cells: &CellSet,
    day: Date,
) -> Option<Value> {
    match &variable.cells {
        Cells::YesNo => Some(Value::YesNo(!cells.contains(0))),
        Cells::Ordered(points) => {
            let unit = match &variable.ty {
                Some(Ty::Quantity(unit)) => unit.factor,
                _ => Number::ONE,
            };
            let possible = variable.possible.get(side.number);
            let inside =
                cells.iter().filter(|cell| possible.is_none_or(|some| some.contains(*cell)));
            let values =
                inside.filter_map(|cell| match_cell(points, cell, unit, &variable.kind, side));
            values.min_by_key(|value| plainness(value, unit))
        }
        Cells::Classes { class, count } => {
            let of = |value: &Value| class.get(value).copied().unwrap_or(count.saturating_sub(1));
            let ty = variable.ty.as_ref();
            if ty == Some(&Ty::Country) {
                let all = Country::table().iter().map(|entry| entry.alpha2);
                return KNOWN
                    .into_iter()
                    .chain(all)
                    .filter_map(Country::from_code)
                    .filter(|country| country.stands_on(day))
                    .map(Value::Country)
                    .find(|value| cells.contains(of(value)));
            }
            let listed = match &variable.kind {
                VariableKind::Reading(_) => crate::space::universe(side, variable),
                _ => ty.and_then(|ty| values_of_type(side, ty)),
            };
            let in_order = declared_order(side, ty);
            let first = in_order.into_iter().find(|value| cells.contains(of(value)));
            first.or_else(|| match listed {
                Some(values) => values.into_iter().find(|value| cells.contains(of(value))),
                None => class
                    .keys()
                    .find(|value| cells.contains(of(value)))
                    .cloned()
                    .or_else(|| Some(Value::Text("another".into()))),
            })
        }
    }
}

/// The values of an enumeration in the order of their declaration.
fn declared_order(side: &Side<'_>, ty: Option<&Ty>) -> Vec<Value> {
    let Some(Ty::Enum(id)) = ty else { return Vec::new() };
    let values = side.program.hir().enums.get(*id).map(|one| one.values.iter());
    values.into_iter().flatten().map(|value| Value::Symbol(value.name.clone())).collect()
}

/// Values of a computed quantity that lie in cells, the plainest of each first.
pub(crate) fn targets(cells: &Cells, wanted: &CellSet, unit: Number) -> Vec<Value> {
    let Cells::Ordered(points) = cells else { return Vec::new() };
    let mut found = Vec::new();
    for cell in wanted.iter().filter(|cell| *cell < cells.count()) {
        let at = usize::from(cell >> 1);
        if cell & 1 == 1 {
            found.extend(points.get(at).cloned());
            continue;
        }
        let (low, high) = (at.checked_sub(1).and_then(|at| points.get(at)), points.get(at));
        match (low, high) {
            (Some(Value::Number(low)), Some(Value::Number(high))) => {
                found.extend(round_between(*low, *high, unit).map(Value::Number));
                let middle =
                    low.checked_add(*high).and_then(|sum| sum.checked_div(Number::from_integer(2)));
                found.extend(middle.ok().map(Value::Number));
            }
            (Some(Value::Date(low)), _) => found.extend(low.tomorrow().ok().map(Value::Date)),
            (_, Some(Value::Date(high))) => found.extend(high.yesterday().ok().map(Value::Date)),
            (low, high) => {
                let number = |end: Option<&Value>| match end {
                    Some(Value::Number(number)) => Some(*number),
                    _ => None,
                };
                found.extend(round_beyond(number(low), number(high), unit).map(Value::Number));
            }
        }
    }
    found.sort_by_key(|value| plainness(value, unit));
    found
}

fn match_cell(
    points: &[Value],
    cell: u16,
    unit: Number,
    kind: &VariableKind,
    side: &Side<'_>,
) -> Option<Value> {
    let at = usize::from(cell >> 1);
    if cell & 1 == 1 {
        return points.get(at).cloned();
    }
    let (low, high) = (at.checked_sub(1).and_then(|at| points.get(at)), points.get(at));
    let is_date = matches!(points.first(), Some(Value::Date(_)));
    if is_date {
        let date = |end: Option<&Value>| match end {
            Some(Value::Date(date)) => Some(*date),
            _ => None,
        };
        let (first, last) = match kind {
            VariableKind::Day(_) => crate::space::ends(&side.epoch.days),
            _ => (None, None),
        };
        let low = date(low).and_then(|day| day.tomorrow().ok()).into_iter().chain(first).max();
        let high = date(high).and_then(|day| day.yesterday().ok()).into_iter().chain(last).min();
        let usual = some_day(&side.epoch.days);
        let day = match (low, high) {
            (Some(low), Some(high)) => usual.clamp(low.min(high), high),
            (Some(low), None) => usual.max(low),
            (None, Some(high)) => usual.min(high),
            (None, None) => usual,
        };
        return Some(Value::Date(day));
    }
    let number = |end: Option<&Value>| match end {
        Some(Value::Number(number)) => Some(*number),
        _ => None,
    };
    match (number(low), number(high)) {
        (Some(low), Some(high)) => round_between(low, high, unit).map(Value::Number),
        (low, high) => round_beyond(low, high, unit).map(Value::Number),
    }
}

/// How plain a value looks: not negative first, then few digits, then small.
fn plainness(value: &Value, unit: Number) -> (bool, usize, Value) {
    let Value::Number(number) = value else { return (false, 0, value.clone()) };
    let shown = number.checked_div(unit).unwrap_or(*number);
    let (text, exact) = shown.to_decimal(12);
    let digits = text.trim_start_matches(['-', '0', '.']).trim_end_matches(['0', '.']).len();
    let cut = if exact { 0 } else { 20 };
    (number.is_negative(), digits.max(1).saturating_add(cut), value.clone())
}

/// The number with the fewest digits strictly between two.
fn round_between(low: Number, high: Number, unit: Number) -> Option<Number> {
    let (low, high) = (low.checked_div(unit).ok()?, high.checked_div(unit).ok()?);
    if low.is_negative() && !high.is_negative() && !high.is_zero() {
        return Some(Number::ZERO);
    }
    for exponent in (-12..=24).rev() {
        let step = power_of_ten(exponent)?;
        let Some(below) = floor(low, step) else { continue };
        let Ok(next) = below.checked_add(step) else { continue };
        if low < next && next < high {
            return next.checked_mul(unit).ok();
        }
    }
    let middle = low.checked_add(high).and_then(|sum| sum.checked_div(Number::from_integer(2)));
    middle.and_then(|middle| middle.checked_mul(unit)).ok()
}

/// A round number above the first and below the second, one of which is not there.
fn round_beyond(low: Option<Number>, high: Option<Number>, unit: Number) -> Option<Number> {
    let one = unit;
    match (low, high) {
        (None, None) => Some(one),
        (Some(low), _) => {
            let most = low.checked_mul(Number::from_integer(10)).ok()?.checked_add(one).ok()?;
            if low.is_negative() { Some(Number::ZERO) } else { round_between(low, most, unit) }
        }
        (None, Some(high)) => {
            if high > one {
                return Some(one);
            }
            if high > Number::ZERO {
                return round_between(Number::ZERO, high, unit);
            }
            high.checked_sub(one).ok()
        }
    }
}

fn power_of_ten(exponent: i32) -> Option<Number> {
    let power = 10_i128.checked_pow(exponent.unsigned_abs())?;
    if exponent >= 0 {
        Some(Number::from_integer(power))
    } else {
        Number::from_fraction(1, power).ok()
    }
}

/// The largest multiple of a step that is not above a number.
fn floor(number: Number, step: Number) -> Option<Number> {
    let steps = number.checked_div(step).ok()?;
    let whole = steps.numerator().checked_div_euclid(steps.denominator())?;
    Number::from_integer(whole).checked_mul(step).ok()
}

/// A value of a type to begin with.
pub(crate) fn usual(side: &Side<'_>, ty: &Ty) -> Option<Value> {
    let hir = side.program.hir();
    Some(match ty {
        Ty::YesNo => Value::YesNo(false),
        Ty::Quantity(unit) => Value::Number(unit.factor),
        Ty::Date => Value::Date(some_day(&side.epoch.days)),
        Ty::Text => Value::Text("any".into()),
        Ty::Country => Value::Country(Country::from_code("DE")?),
        Ty::Enum(id) => Value::Symbol(hir.enums.get(*id)?.values.first()?.name.clone()),
        Ty::Code(_) => Value::Code(Code::None),
        Ty::List(_) => Value::List(std::sync::Arc::new(Vec::new())),
        Ty::Set(_) => Value::Set(std::sync::Arc::new(BTreeSet::new())),
        Ty::Record(id) => {
            let fields = hir.records.get(*id)?.fields.iter();
            let fields = fields.map(|field| usual(side, &field.ty)).collect();
            Value::Record(std::sync::Arc::new(exeat_model::Record { fields }))
        }
        Ty::Outcome(_) | Ty::Error => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number {
        Number::parse(text).unwrap()
    }

    #[test]
    fn numbers_between_are_round() {
        for (low, high, expected) in [
            ("1600", "4800", "2000"),
            ("4800", "4801", "4800.1"),
            ("0", "1", "0.1"),
            ("-5", "5", "0"),
            ("26900000", "27000000", "26910000"),
            ("5.92", "6", "5.93"),
        ] {
            let found = round_between(number(low), number(high), Number::ONE).unwrap();
            assert_eq!(found, number(expected), "between {low} and {high}");
        }
        assert_eq!(round_beyond(Some(number("4800")), None, Number::ONE).unwrap(), number("10000"));
        assert_eq!(round_beyond(None, Some(number("4800")), Number::ONE).unwrap(), number("1"));
        assert_eq!(round_beyond(None, Some(number("0")), Number::ONE).unwrap(), number("-1"));
    }
}
