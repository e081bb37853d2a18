//! W09xx: texts that work and deserve a second look.

declare_codes! {
    WARNINGS:
    /// No citation.
    NO_CITATION = "W0901" "no-citation";
    /// Unused fact.
    UNUSED_FACT = "W0902" "unused-fact";
    /// Unused define.
    UNUSED_DEFINE = "W0903" "unused-define";
    /// Unused import.
    UNUSED_IMPORT = "W0904" "unused-import";
    /// Unreachable by dates.
    UNREACHABLE_BY_DATES = "W0905" "unreachable-by-dates";
    /// Possible conflict.
    POSSIBLE_CONFLICT = "W0906" "possible-conflict";
    /// Condition always same.
    CONDITION_ALWAYS_SAME = "W0907" "condition-always-same";
    /// Missing title.
    MISSING_TITLE = "W0908" "missing-title";
    /// Rule in repealed module.
    RULE_IN_REPEALED_MODULE = "W0909" "rule-in-repealed-module";
    /// Deprecated code.
    DEPRECATED_CODE = "W0910" "deprecated-code";
    /// Unused reading.
    UNUSED_READING = "W0911" "unused-reading";
    /// Country withdrawn.
    COUNTRY_WITHDRAWN = "W0912" "country-withdrawn";
    /// Stale data.
    STALE_DATA = "W0913" "stale-data";
}
