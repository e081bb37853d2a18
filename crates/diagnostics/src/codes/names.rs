//! E02xx: names that must be known.

declare_codes! {
    NAMES:
    /// A name that nothing declares.
    UNKNOWN_NAME = "E0201" "unknown-name";
    /// A module that is in no file that was read.
    UNKNOWN_MODULE = "E0202" "unknown-module";
    /// A name declared twice.
    DUPLICATE_NAME = "E0203" "duplicate-name";
    /// A name that two used modules declare.
    AMBIGUOUS_NAME = "E0204" "ambiguous-name";
    /// A field that the record does not have.
    UNKNOWN_FIELD = "E0205" "unknown-field";
    /// A country code that does not exist.
    UNKNOWN_COUNTRY = "E0206" "unknown-country";
    /// An entry that the code list does not have.
    UNKNOWN_CODE = "E0207" "unknown-code";
    /// A unit that nothing declares.
    UNKNOWN_UNIT = "E0208" "unknown-unit";
    /// An outcome that the scale does not have.
    UNKNOWN_OUTCOME = "E0209" "unknown-outcome";
    /// An exception or reference to a rule that does not exist.
    UNKNOWN_RULE = "E0210" "unknown-rule";
    /// A decision that nothing declares.
    UNKNOWN_DECISION = "E0211" "unknown-decision";
    /// A reading, or a choice of one, that nothing declares.
    UNKNOWN_READING = "E0212" "unknown-reading";
    /// A value that the enumeration does not have.
    UNKNOWN_ENUM_VALUE = "E0213" "unknown-enum-value";
    /// A function or table that nothing declares.
    UNKNOWN_FUNCTION_OR_TABLE = "E0214" "unknown-function-or-table";
    /// An entry that the catalogue of a jurisdiction does not have.
    UNKNOWN_CATALOGUE_ENTRY = "E0215" "unknown-catalogue-entry";
    /// A group that nothing declares.
    UNKNOWN_GROUP = "E0216" "unknown-group";
    /// A type that nothing declares.
    UNKNOWN_TYPE = "E0217" "unknown-type";
    /// A name that has a fixed meaning.
    RESERVED_NAME = "E0218" "reserved-name";
    /// A jurisdiction that is not loaded.
    UNKNOWN_JURISDICTION = "E0219" "unknown-jurisdiction";
}
