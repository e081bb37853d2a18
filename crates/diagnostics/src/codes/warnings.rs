//! W09xx: texts that work and deserve a second look.

declare_codes! {
    WARNINGS:
    /// A rule without a citation.
    NO_CITATION = "W0901" "no-citation";
    /// A fact that no rule asks for.
    UNUSED_FACT = "W0902" "unused-fact";
    /// A definition that nothing uses.
    UNUSED_DEFINE = "W0903" "unused-define";
    /// A module that is used for nothing.
    UNUSED_IMPORT = "W0904" "unused-import";
    /// A rule whose dates and conditions never meet.
    UNREACHABLE_BY_DATES = "W0905" "unreachable-by-dates";
    /// Rules that may disagree.
    POSSIBLE_CONFLICT = "W0906" "possible-conflict";
    /// A condition that is always true or always false.
    CONDITION_ALWAYS_SAME = "W0907" "condition-always-same";
    /// An item without a title.
    MISSING_TITLE = "W0908" "missing-title";
    /// A rule in a repealed module that has no end.
    RULE_IN_REPEALED_MODULE = "W0909" "rule-in-repealed-module";
    /// A reading that no rule is under.
    UNUSED_READING = "W0911" "unused-reading";
    /// A country code that has been withdrawn.
    COUNTRY_WITHDRAWN = "W0912" "country-withdrawn";
    /// Data that ends before the day of the question.
    STALE_DATA = "W0913" "stale-data";
}
