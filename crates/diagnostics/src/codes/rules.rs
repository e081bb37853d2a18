//! E05xx: decisions, rules, exceptions and readings.

declare_codes! {
    RULES:
    /// Exception cycle.
    EXCEPTION_CYCLE = "E0501" "exception-cycle";
    /// Decision cycle.
    DECISION_CYCLE = "E0502" "decision-cycle";
    /// Definition cycle.
    DEFINITION_CYCLE = "E0503" "definition-cycle";
    /// Missing otherwise.
    MISSING_OTHERWISE = "E0504" "missing-otherwise";
    /// Conflicting unique rules.
    CONFLICTING_UNIQUE_RULES = "E0505" "conflicting-unique-rules";
    /// Decision not decided by rule.
    DECISION_NOT_DECIDED_BY_RULE = "E0506" "decision-not-decided-by-rule";
    /// Exception without target decision.
    EXCEPTION_WITHOUT_TARGET_DECISION = "E0507" "exception-without-target-decision";
    /// Duplicate clause.
    DUPLICATE_CLAUSE = "E0508" "duplicate-clause";
    /// Missing clause.
    MISSING_CLAUSE = "E0509" "missing-clause";
    /// Wrong combine.
    WRONG_COMBINE = "E0510" "wrong-combine";
    /// Duty without outcome.
    DUTY_WITHOUT_OUTCOME = "E0511" "duty-without-outcome";
    /// Import cycle.
    IMPORT_CYCLE = "E0512" "import-cycle";
    /// Status invalid.
    STATUS_INVALID = "E0513" "status-invalid";
}
