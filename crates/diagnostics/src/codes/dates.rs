//! E04xx: dates and intervals.

declare_codes! {
    DATES:
    /// No such date.
    NO_SUCH_DATE = "E0401" "no-such-date";
    /// Until before from.
    UNTIL_BEFORE_FROM = "E0402" "until-before-from";
    /// Never in force.
    NEVER_IN_FORCE = "E0403" "never-in-force";
    /// Ambiguous month arithmetic.
    AMBIGUOUS_MONTH_ARITHMETIC = "E0404" "ambiguous-month-arithmetic";
    /// Suspension outside force.
    SUSPENSION_OUTSIDE_FORCE = "E0405" "suspension-outside-force";
    /// Overlapping dated definitions.
    OVERLAPPING_DATED_DEFINITIONS = "E0406" "overlapping-dated-definitions";
    /// Country not valid then.
    COUNTRY_NOT_VALID_THEN = "E0407" "country-not-valid-then";
}
