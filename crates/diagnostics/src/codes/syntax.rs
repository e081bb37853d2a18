//! E01xx: how the text is written.

declare_codes! {
    SYNTAX:
    /// Syntax error.
    SYNTAX_ERROR = "E0101" "syntax-error";
    /// Nested too deeply.
    NESTED_TOO_DEEPLY = "E0102" "nested-too-deeply";
    /// Unclosed string or brace.
    UNCLOSED_STRING_OR_BRACE = "E0103" "unclosed-string-or-brace";
    /// Keyword as name.
    KEYWORD_AS_NAME = "E0104" "keyword-as-name";
    /// Mixed and or.
    MIXED_AND_OR = "E0105" "mixed-and-or";
    /// Chained comparison.
    CHAINED_COMPARISON = "E0106" "chained-comparison";
    /// Foreign operator.
    FOREIGN_OPERATOR = "E0107" "foreign-operator";
    /// File too large.
    FILE_TOO_LARGE = "E0108" "file-too-large";
    /// Missing edition.
    MISSING_EDITION = "E0109" "missing-edition";
    /// Missing module header.
    MISSING_MODULE_HEADER = "E0110" "missing-module-header";
    /// Quantifier needs parentheses.
    QUANTIFIER_NEEDS_PARENTHESES = "E0111" "quantifier-needs-parentheses";
    /// Number malformed.
    NUMBER_MALFORMED = "E0112" "number-malformed";
}
