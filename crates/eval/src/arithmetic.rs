//! Exact arithmetic on numbers and dates. What has no exact result is an error, never a wrap.

use exeat_hir::{ArithmeticOperator, DatePart};
use exeat_model::{Date, Number, NumberError, Rounding, shift_days, shift_months};

use crate::machine::Unknown;

/// Days from the first to the last day of the calendar; no shift by more can end in it.
const MOST_DAYS: i64 = 7_304_483;
/// Months from the first to the last month of the calendar.
const MOST_MONTHS: i64 = 239_975;

/// Exact arithmetic on two numbers.
pub(crate) fn calculate(
    operator: ArithmeticOperator,
    left: Number,
    right: Number,
) -> Result<Number, Unknown> {
    operator.apply(left, right).map_err(number_error)
}

pub(crate) fn number_error(error: NumberError) -> Unknown {
    Unknown::error(error.to_string())
}

/// A date some whole days later.
pub(crate) fn later_by_days(date: Date, days: Number, backwards: bool) -> Result<Date, Unknown> {
    let days = whole(days, "days", backwards, MOST_DAYS)?;
    shift_days(date, days).ok_or_else(outside_calendar)
}

/// A date some whole months later.
pub(crate) fn later_by_months(
    date: Date,
    months: Number,
    backwards: bool,
    rounding: Option<Rounding>,
) -> Result<Date, Unknown> {
    let months = whole(months, "months", backwards, MOST_MONTHS)?;
    match shift_months(date, months, rounding) {
        Ok(Some(date)) => Ok(date),
        Ok(None) => Err(outside_calendar()),
        Err(()) => Err(Unknown::error(format!(
            "{months} months from {date} is a day that does not exist, and no rounding is chosen"
        ))),
    }
}

fn whole(number: Number, what: &str, backwards: bool, most: i64) -> Result<i64, Unknown> {
    let number = if backwards { number.checked_neg().map_err(number_error)? } else { number };
    if !number.is_integer() {
        return Err(Unknown::error(format!("{number} is not a whole number of {what}")));
    }
    number
        .to_integer()
        .and_then(|whole| i64::try_from(whole).ok())
        .filter(|whole| whole.unsigned_abs() <= most.unsigned_abs())
        .ok_or_else(outside_calendar)
}

fn outside_calendar() -> Unknown {
    Unknown::error("the date lies outside the calendar (years -9999 to 9999)")
}

/// Whole days from one date to another.
pub(crate) fn days_between(later: Date, earlier: Date) -> Number {
    let days = later.since(earlier).map_or(0, |span| span.get_days());
    Number::from_integer(i128::from(days))
}

/// A part of a date.
pub(crate) fn date_part(part: DatePart, date: Date) -> Number {
    Number::from_integer(match part {
        DatePart::Year => i128::from(date.year()),
        DatePart::Quarter => {
            i128::from(date.month().saturating_sub(1).checked_div(3).unwrap_or(0).saturating_add(1))
        }
        DatePart::Month => i128::from(date.month()),
        DatePart::Day => i128::from(date.day()),
    })
}
