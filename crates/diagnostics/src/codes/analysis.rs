//! Axxx: what the analysis of all transactions finds.

declare_codes! {
    ANALYSIS:
    /// A rule, or something not modelled, whose conditions exclude each other.
    NEVER_APPLIES = "A001" "never-applies";
    /// An exception that is never true where something that it excepts applies.
    NOTHING_TO_EXCEPT = "A002" "nothing-to-except";
    /// A rule that is defeated wherever it applies.
    ALWAYS_DEFEATED = "A003" "always-defeated";
    /// Two rules that say different things for the same transaction.
    CONFLICT = "A004" "rules-conflict";
    /// A transaction that an assertion says is covered, and no rule speaks.
    GAP = "A005" "not-covered";
    /// Values between two neighbouring bands for which no rule speaks.
    THRESHOLD_HOLE = "A006" "threshold-hole";
    /// Values for which two neighbouring bands both speak.
    THRESHOLD_OVERLAP = "A007" "threshold-overlap";
    /// Days between two rules on which neither is in force.
    DATE_HOLE = "A008" "date-hole";
    /// A fact that rules ask and that changes no outcome.
    FACT_NEVER_MATTERS = "A009" "fact-never-matters";
    /// A reading whose choices change no outcome.
    READING_NEVER_DIFFERS = "A010" "reading-never-differs";
    /// An assertion that a transaction refutes.
    ASSERTION_REFUTED = "A011" "assertion-refuted";
    /// An acceptance of a finding that is not there.
    STALE_ACCEPTANCE = "A012" "stale-acceptance";
    /// A question that was not decided within its budget.
    NOT_DECIDED = "A013" "not-decided";
}
