//! E04xx: dates and intervals.

declare_codes! {
    DATES:
    /// A date that is in no calendar.
    NO_SUCH_DATE = "E0401" "no-such-date";
    /// An interval that ends before it begins.
    UNTIL_BEFORE_FROM = "E0402" "until-before-from";
    /// A rule that has force on no day.
    NEVER_IN_FORCE = "E0403" "never-in-force";
    /// A month added to a day that the next month may not have.
    AMBIGUOUS_MONTH_ARITHMETIC = "E0404" "ambiguous-month-arithmetic";
    /// A suspension outside the time in which a rule has force.
    SUSPENSION_OUTSIDE_FORCE = "E0405" "suspension-outside-force";
    /// Two values of one name on the same day.
    OVERLAPPING_DATED_DEFINITIONS = "E0406" "overlapping-dated-definitions";
    /// A country at a time at which it did not exist.
    COUNTRY_NOT_VALID_THEN = "E0407" "country-not-valid-then";
}
