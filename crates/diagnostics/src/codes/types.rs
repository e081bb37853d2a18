//! E03xx: types, units and dimensions.

declare_codes! {
    TYPES:
    /// A value of another type than is needed here.
    TYPE_MISMATCH = "E0301" "type-mismatch";
    /// Quantities of different kinds compared or added.
    DIMENSION_MISMATCH = "E0302" "dimension-mismatch";
    /// A plain number where a quantity is needed.
    UNIT_MISSING = "E0303" "unit-missing";
    /// Something that is neither true nor false as a condition.
    NOT_A_CONDITION = "E0304" "not-a-condition";
    /// Too few or too many values in parentheses.
    WRONG_NUMBER_OF_ARGUMENTS = "E0305" "wrong-number-of-arguments";
    /// Values without an order compared by size.
    NOT_COMPARABLE = "E0306" "not-comparable";
    /// Something that is not a list where a list is needed.
    NOT_A_LIST = "E0307" "not-a-list";
    /// Something that is not a set where a set is needed.
    NOT_A_SET = "E0308" "not-a-set";
    /// A field of something that has none.
    FIELD_OF_NON_RECORD = "E0309" "field-of-non-record";
    /// A value that has to be written out and is not.
    NOT_CONSTANT = "E0310" "not-constant";
    /// A number with more digits than are kept.
    NUMBER_OUT_OF_RANGE = "E0311" "number-out-of-range";
    /// A division by zero.
    DIVISION_BY_ZERO = "E0312" "division-by-zero";
    /// A value whose type cannot be seen.
    CANNOT_INFER_TYPE = "E0313" "cannot-infer-type";
    /// A unit that is not defined in units.
    UNIT_DEFINITION_INVALID = "E0314" "unit-definition-invalid";
    /// A field of a record given twice, or not at all where it must be.
    MISSING_OR_DUPLICATE_FIELD_VALUE = "E0315" "missing-or-duplicate-field-value";
}
