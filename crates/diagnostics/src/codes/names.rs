//! E02xx: names that must be known.

declare_codes! {
    NAMES:
    /// Unknown name.
    UNKNOWN_NAME = "E0201" "unknown-name";
    /// Unknown module.
    UNKNOWN_MODULE = "E0202" "unknown-module";
    /// Duplicate name.
    DUPLICATE_NAME = "E0203" "duplicate-name";
    /// Ambiguous name.
    AMBIGUOUS_NAME = "E0204" "ambiguous-name";
    /// Unknown field.
    UNKNOWN_FIELD = "E0205" "unknown-field";
    /// Unknown country.
    UNKNOWN_COUNTRY = "E0206" "unknown-country";
    /// Unknown code.
    UNKNOWN_CODE = "E0207" "unknown-code";
    /// Unknown unit.
    UNKNOWN_UNIT = "E0208" "unknown-unit";
    /// Unknown outcome.
    UNKNOWN_OUTCOME = "E0209" "unknown-outcome";
    /// Unknown rule.
    UNKNOWN_RULE = "E0210" "unknown-rule";
    /// Unknown decision.
    UNKNOWN_DECISION = "E0211" "unknown-decision";
    /// Unknown reading.
    UNKNOWN_READING = "E0212" "unknown-reading";
    /// Unknown enum value.
    UNKNOWN_ENUM_VALUE = "E0213" "unknown-enum-value";
    /// Unknown function or table.
    UNKNOWN_FUNCTION_OR_TABLE = "E0214" "unknown-function-or-table";
    /// Unknown catalogue entry.
    UNKNOWN_CATALOGUE_ENTRY = "E0215" "unknown-catalogue-entry";
    /// Unknown group.
    UNKNOWN_GROUP = "E0216" "unknown-group";
    /// Unknown type.
    UNKNOWN_TYPE = "E0217" "unknown-type";
    /// Reserved name.
    RESERVED_NAME = "E0218" "reserved-name";
    /// Unknown jurisdiction.
    UNKNOWN_JURISDICTION = "E0219" "unknown-jurisdiction";
}
