use std::fmt;

use jiff::Span;

/// A calendar date without time of day or time zone.
pub type Date = jiff::civil::Date;

/// Reads `2025-05-15`. `None` if there is no such day.
pub fn date_from_text(text: &str) -> Option<Date> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 || month.len() != 2 || day.len() != 2 {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// A span of time in which something has force: from a first day up to and without an end day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interval {
    /// First day; without one it has no beginning.
    pub from: Option<Date>,
    /// First day that is no longer in it; without one it has no end.
    pub until: Option<Date>,
}

impl Interval {
    /// All days.
    pub const ALWAYS: Self = Self { from: None, until: None };

    /// Whether a day lies in it.
    pub fn contains(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day < until)
    }

    /// Whether no day lies in it.
    pub fn is_empty(&self) -> bool {
        matches!((self.from, self.until), (Some(from), Some(until)) if until <= from)
    }

    /// The days in both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let from = match (self.from, other.from) {
            (Some(a), Some(b)) => Some(a.max(b)),
            (a, b) => a.or(b),
        };
        let until = match (self.until, other.until) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        Self { from, until }
    }

    /// Whether a day lies in both.
    pub fn overlaps(&self, other: &Self) -> bool {
        !self.intersection(other).is_empty()
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.from, self.until) {
            (None, None) => f.write_str("always"),
            (Some(from), None) => write!(f, "from {from}"),
            (None, Some(until)) => write!(f, "until {until}"),
            (Some(from), Some(until)) => write!(f, "from {from} until {until}"),
        }
    }
}

/// What to do where adding months leads to a day that does not exist, as 31 April.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rounding {
    /// The last day of that month.
    Down,
    /// The first day of the month after.
    Up,
}

/// The date a number of days later (earlier if negative). `None` outside the calendar.
pub fn shift_days(date: Date, days: i64) -> Option<Date> {
    // The checked constructor: a span beyond the calendar is refused, not a panic.
    date.checked_add(Span::new().try_days(days).ok()?).ok()
}

/// The date a number of months later (earlier if negative).
///
/// `Ok(None)` outside the calendar; `Err(())` if that day does not exist and no rounding was chosen.
#[expect(clippy::result_unit_err, reason = "the only failure is the ambiguity named in the doc")]
pub fn shift_months(
    date: Date,
    months: i64,
    rounding: Option<Rounding>,
) -> Result<Option<Date>, ()> {
    let Some(shifted) =
        Span::new().try_months(months).ok().and_then(|span| date.checked_add(span).ok())
    else {
        return Ok(None);
    };
    if shifted.day() == date.day() {
        return Ok(Some(shifted));
    }
    match rounding {
        None => Err(()),
        Some(Rounding::Down) => Ok(Some(shifted)),
        Some(Rounding::Up) => Ok(shifted.tomorrow().ok()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        date_from_text(text).unwrap()
    }

    #[test]
    fn only_days_that_exist() {
        assert_eq!(date_from_text("2025-02-30"), None);
        assert_eq!(date_from_text("2025-2-3"), None);
        assert!(date_from_text("2024-02-29").is_some());
    }

    #[test]
    fn month_arithmetic_is_ambiguous_until_a_rounding_is_chosen() {
        assert_eq!(shift_months(day("2025-01-31"), 1, None), Err(()));
        assert_eq!(
            shift_months(day("2025-01-31"), 1, Some(Rounding::Down)),
            Ok(Some(day("2025-02-28")))
        );
        assert_eq!(
            shift_months(day("2025-01-31"), 1, Some(Rounding::Up)),
            Ok(Some(day("2025-03-01")))
        );
        assert_eq!(shift_months(day("2025-01-30"), 2, None), Ok(Some(day("2025-03-30"))));
    }

    #[test]
    fn a_shift_beyond_the_calendar_gives_no_date() {
        for far in [7_304_485, i64::from(i32::MAX), i64::MAX, i64::MIN] {
            assert_eq!(shift_days(day("2025-05-15"), far), None);
            assert_eq!(shift_months(day("2025-05-15"), far, Some(Rounding::Up)), Ok(None));
        }
    }

    #[test]
    fn the_end_day_is_outside() {
        let interval = Interval { from: Some(day("2025-05-15")), until: Some(day("2025-05-16")) };
        assert!(interval.contains(day("2025-05-15")));
        assert!(!interval.contains(day("2025-05-16")));
    }
}
