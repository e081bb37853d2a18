//! E05xx: decisions, rules, exceptions and readings.

declare_codes! {
    RULES:
    /// Rules that are exceptions to each other in a circle.
    EXCEPTION_CYCLE = "E0501" "exception-cycle";
    /// Decisions that need each other in a circle.
    DECISION_CYCLE = "E0502" "decision-cycle";
    /// Definitions that need each other in a circle.
    DEFINITION_CYCLE = "E0503" "definition-cycle";
    /// A decision that does not say what holds if no rule applies.
    MISSING_OTHERWISE = "E0504" "missing-otherwise";
    /// Rules that always give a `unique` decision different values.
    CONFLICTING_UNIQUE_RULES = "E0505" "conflicting-unique-rules";
    /// A clause that stands twice.
    DUPLICATE_CLAUSE = "E0508" "duplicate-clause";
    /// A clause that is missing.
    MISSING_CLAUSE = "E0509" "missing-clause";
    /// A way to combine rules that does not fit the decision.
    WRONG_COMBINE = "E0510" "wrong-combine";
    /// A duty on a rule that decides nothing.
    DUTY_WITHOUT_OUTCOME = "E0511" "duty-without-outcome";
    /// A status that a module cannot have.
    STATUS_INVALID = "E0513" "status-invalid";
}
