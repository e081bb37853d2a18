//! E01xx: how the text is written.

declare_codes! {
    SYNTAX:
    /// Text that the language does not know at this place.
    SYNTAX_ERROR = "E0101" "syntax-error";
    /// Parentheses or other parts nested beyond what a reader could follow.
    NESTED_TOO_DEEPLY = "E0102" "nested-too-deeply";
    /// A text, brace or parenthesis that is opened and not closed.
    UNCLOSED_STRING_OR_BRACE = "E0103" "unclosed-string-or-brace";
    /// A word of the language used as a name.
    KEYWORD_AS_NAME = "E0104" "keyword-as-name";
    /// `and` and `or` side by side without parentheses.
    MIXED_AND_OR = "E0105" "mixed-and-or";
    /// Comparisons in a row that are not a band.
    CHAINED_COMPARISON = "E0106" "chained-comparison";
    /// An operator of a programming language.
    FOREIGN_OPERATOR = "E0107" "foreign-operator";
    /// A rule file beyond the size that is read.
    FILE_TOO_LARGE = "E0108" "file-too-large";
    /// A file that does not say its edition.
    MISSING_EDITION = "E0109" "missing-edition";
    /// A file without a module header.
    MISSING_MODULE_HEADER = "E0110" "missing-module-header";
    /// An unclear end of what `any`, `every` or `no` asks.
    QUANTIFIER_NEEDS_PARENTHESES = "E0111" "quantifier-needs-parentheses";
    /// A number in a form that is not read.
    NUMBER_MALFORMED = "E0112" "number-malformed";
    /// A part after `where` that does not speak of what is asked about.
    WHERE_REACHES_TOO_FAR = "E0113" "where-reaches-too-far";
}
