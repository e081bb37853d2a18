//! Which value of one fact makes a computed quantity what it should be?
//!
//! As a function of one number, what rules compute is nearly always a sum, a product or a quotient: of the
//! form (a x + b) / (c x + d). Three values determine such a function, and its inverse gives the answer
//! exactly. Whatever comes out is tried before it is believed.

use exeat_model::{Date, Number, NumberError, Value, shift_days};

/// A number, a date as its days since the year 2000, or nothing.
pub(crate) fn as_number(value: &Value) -> Option<Number> {
    match value {
        Value::Number(number) => Some(*number),
        Value::Date(date) => {
            let days = date.since(epoch()).ok()?.get_days();
            Some(Number::from_integer(i128::from(days)))
        }
        Value::YesNo(_)
        | Value::Text(_)
        | Value::Country(_)
        | Value::Symbol(_)
        | Value::Code(_)
        | Value::Outcome(_)
        | Value::Record(_)
        | Value::List(_)
        | Value::Set(_) => None,
    }
}

/// The dates at and next to a number of days since the year 2000.
pub(crate) fn as_dates(number: Number) -> Vec<Date> {
    let Some(below) = number.numerator().checked_div_euclid(number.denominator()) else {
        return Vec::new();
    };
    let days = [below, below.saturating_add(1), below.saturating_sub(1)];
    days.into_iter().filter_map(|days| shift_days(epoch(), i64::try_from(days).ok()?)).collect()
}

fn epoch() -> Date {
    Date::constant(2000, 1, 1)
}

/// The x for which the function through three points is y. `None` if there is none, or the points do not
/// determine one.
pub(crate) fn inverse(points: &[(Number, Number); 3], y: Number) -> Option<Number> {
    solved(points, y).ok().flatten()
}

fn solved(points: &[(Number, Number); 3], y: Number) -> Result<Option<Number>, NumberError> {
    let [(x1, y1), (x2, y2), (x3, y3)] = *points;
    if y1 == y2 || y2 == y3 || y1 == y3 {
        return Ok(None);
    }
    if y == y3 {
        return Ok(Some(x3));
    }
    // The cross ratio of four values is that of the four numbers they come from.
    let above = y.checked_sub(y1)?.checked_mul(y2.checked_sub(y3)?)?;
    let below = y.checked_sub(y3)?.checked_mul(y2.checked_sub(y1)?)?;
    let ratio = above.checked_div(below)?;
    let (a, b) = (x2.checked_sub(x3)?, x2.checked_sub(x1)?);
    let scaled = ratio.checked_mul(b)?;
    let below = a.checked_sub(scaled)?;
    if below.is_zero() {
        return Ok(None);
    }
    let above = x1.checked_mul(a)?.checked_sub(scaled.checked_mul(x3)?)?;
    above.checked_div(below).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(value: i128) -> Number {
        Number::from_integer(value)
    }

    fn points(function: impl Fn(Number) -> Number) -> [(Number, Number); 3] {
        [1, 2, 4].map(|x| (number(x), function(number(x))))
    }

    #[test]
    fn sums_products_and_quotients_are_inverted() {
        let affine =
            points(|x| x.checked_mul(number(7)).unwrap().checked_add(number(100)).unwrap());
        assert_eq!(inverse(&affine, number(184)), Some(number(12)));
        let quotient = points(|x| number(4800).checked_div(x).unwrap());
        assert_eq!(inverse(&quotient, number(6)), Some(number(800)));
        assert_eq!(inverse(&points(|_| number(3)), number(6)), None);
    }

    #[test]
    fn days_come_back_as_dates() {
        let day = Date::constant(2025, 5, 15);
        let number = as_number(&Value::Date(day)).unwrap();
        assert_eq!(as_dates(number).first(), Some(&day));
    }
}
