//! E08xx: files, plugins, locks, input and output.

declare_codes! {
    FILES:
    /// File not found.
    FILE_NOT_FOUND = "E0801" "file-not-found";
    /// Not a file.
    NOT_A_FILE = "E0802" "not-a-file";
    /// Not utf8.
    NOT_UTF8 = "E0803" "not-utf8";
    /// File unreadable.
    FILE_UNREADABLE = "E0804" "file-unreadable";
    /// No policies found.
    NO_POLICIES_FOUND = "E0805" "no-policies-found";
    /// Cannot write.
    CANNOT_WRITE = "E0806" "cannot-write";
    /// File exists.
    FILE_EXISTS = "E0807" "file-exists";
    /// Plugin not found.
    PLUGIN_NOT_FOUND = "E0810" "plugin-not-found";
    /// Plugin not a library.
    PLUGIN_NOT_A_LIBRARY = "E0811" "plugin-not-a-library";
    /// Plugin missing symbol.
    PLUGIN_MISSING_SYMBOL = "E0812" "plugin-missing-symbol";
    /// Plugin too old.
    PLUGIN_TOO_OLD = "E0813" "plugin-too-old";
    /// Plugin too new.
    PLUGIN_TOO_NEW = "E0814" "plugin-too-new";
    /// Plugin truncated.
    PLUGIN_TRUNCATED = "E0815" "plugin-truncated";
    /// Plugin invalid text.
    PLUGIN_INVALID_TEXT = "E0816" "plugin-invalid-text";
    /// Plugin duplicate id.
    PLUGIN_DUPLICATE_ID = "E0817" "plugin-duplicate-id";
    /// Plugin panicked.
    PLUGIN_PANICKED = "E0818" "plugin-panicked";
    /// Plugin function failed.
    PLUGIN_FUNCTION_FAILED = "E0819" "plugin-function-failed";
    /// Plugin signature violated.
    PLUGIN_SIGNATURE_VIOLATED = "E0820" "plugin-signature-violated";
    /// Plugin description invalid.
    PLUGIN_DESCRIPTION_INVALID = "E0821" "plugin-description-invalid";
    /// Lock missing.
    LOCK_MISSING = "E0830" "lock-missing";
    /// Lock mismatch.
    LOCK_MISMATCH = "E0831" "lock-mismatch";
    /// Lock unreadable.
    LOCK_UNREADABLE = "E0832" "lock-unreadable";
    /// Manifest invalid.
    MANIFEST_INVALID = "E0840" "manifest-invalid";
    /// Formatter refused.
    FORMATTER_REFUSED = "E0841" "formatter-refused";
}
