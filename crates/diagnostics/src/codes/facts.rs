//! E07xx: facts files and the settings of a run.

declare_codes! {
    FACTS:
    /// Facts syntax.
    FACTS_SYNTAX = "E0701" "facts-syntax";
    /// Unknown fact.
    UNKNOWN_FACT = "E0702" "unknown-fact";
    /// Wrong fact type.
    WRONG_FACT_TYPE = "E0703" "wrong-fact-type";
    /// Fact value unreadable.
    FACT_VALUE_UNREADABLE = "E0704" "fact-value-unreadable";
    /// As of missing.
    AS_OF_MISSING = "E0705" "as-of-missing";
    /// Assumption violated.
    ASSUMPTION_VIOLATED = "E0706" "assumption-violated";
    /// Unknown setting.
    UNKNOWN_SETTING = "E0707" "unknown-setting";
}
