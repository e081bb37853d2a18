//! E07xx: facts files and the settings of a run.

declare_codes! {
    FACTS:
    /// A facts file that cannot be read.
    FACTS_SYNTAX = "E0701" "facts-syntax";
    /// A fact that no rule file declares.
    UNKNOWN_FACT = "E0702" "unknown-fact";
    /// A value of another type than the fact has.
    WRONG_FACT_TYPE = "E0703" "wrong-fact-type";
    /// A value that cannot be read.
    FACT_VALUE_UNREADABLE = "E0704" "fact-value-unreadable";
    /// A question without its date.
    AS_OF_MISSING = "E0705" "as-of-missing";
    /// A setting that does not exist.
    UNKNOWN_SETTING = "E0707" "unknown-setting";
    /// Days that make no calendar.
    CALENDAR_RANGE = "E0708" "calendar-range";
}
