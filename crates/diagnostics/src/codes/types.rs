//! E03xx: types, units and dimensions.

declare_codes! {
    TYPES:
    /// Type mismatch.
    TYPE_MISMATCH = "E0301" "type-mismatch";
    /// Dimension mismatch.
    DIMENSION_MISMATCH = "E0302" "dimension-mismatch";
    /// Unit missing.
    UNIT_MISSING = "E0303" "unit-missing";
    /// Not a condition.
    NOT_A_CONDITION = "E0304" "not-a-condition";
    /// Wrong number of arguments.
    WRONG_NUMBER_OF_ARGUMENTS = "E0305" "wrong-number-of-arguments";
    /// Not comparable.
    NOT_COMPARABLE = "E0306" "not-comparable";
    /// Not a list.
    NOT_A_LIST = "E0307" "not-a-list";
    /// Not a set.
    NOT_A_SET = "E0308" "not-a-set";
    /// Field of non record.
    FIELD_OF_NON_RECORD = "E0309" "field-of-non-record";
    /// Not constant.
    NOT_CONSTANT = "E0310" "not-constant";
    /// Number out of range.
    NUMBER_OUT_OF_RANGE = "E0311" "number-out-of-range";
    /// Division by zero.
    DIVISION_BY_ZERO = "E0312" "division-by-zero";
    /// Cannot infer type.
    CANNOT_INFER_TYPE = "E0313" "cannot-infer-type";
    /// Unit definition invalid.
    UNIT_DEFINITION_INVALID = "E0314" "unit-definition-invalid";
    /// Missing or duplicate field value.
    MISSING_OR_DUPLICATE_FIELD_VALUE = "E0315" "missing-or-duplicate-field-value";
}
