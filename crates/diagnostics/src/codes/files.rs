//! E08xx: files, plugins, locks, input and output.

declare_codes! {
    FILES:
    /// A file that does not exist.
    FILE_NOT_FOUND = "E0801" "file-not-found";
    /// A name that is not that of a file.
    NOT_A_FILE = "E0802" "not-a-file";
    /// A file that is not UTF-8 text.
    NOT_UTF8 = "E0803" "not-utf8";
    /// A file that cannot be read.
    FILE_UNREADABLE = "E0804" "file-unreadable";
    /// A folder without rule files.
    NO_POLICIES_FOUND = "E0805" "no-policies-found";
    /// A file that cannot be written.
    CANNOT_WRITE = "E0806" "cannot-write";
    /// A file that would be overwritten.
    FILE_EXISTS = "E0807" "file-exists";
    /// A jurisdiction library that does not exist.
    PLUGIN_NOT_FOUND = "E0810" "plugin-not-found";
    /// A file that is not a library for this system.
    PLUGIN_NOT_A_LIBRARY = "E0811" "plugin-not-a-library";
    /// A library that is not a jurisdiction.
    PLUGIN_MISSING_SYMBOL = "E0812" "plugin-missing-symbol";
    /// A library built for an older interface.
    PLUGIN_TOO_OLD = "E0813" "plugin-too-old";
    /// A library built for a newer interface.
    PLUGIN_TOO_NEW = "E0814" "plugin-too-new";
    /// A library whose description is too short.
    PLUGIN_TRUNCATED = "E0815" "plugin-truncated";
    /// A library that gives text that is not UTF-8.
    PLUGIN_INVALID_TEXT = "E0816" "plugin-invalid-text";
    /// Two libraries for the same jurisdiction.
    PLUGIN_DUPLICATE_ID = "E0817" "plugin-duplicate-id";
    /// A library whose code broke off.
    PLUGIN_PANICKED = "E0818" "plugin-panicked";
    /// A function of a library that reported a failure.
    PLUGIN_FUNCTION_FAILED = "E0819" "plugin-function-failed";
    /// A function of a library that gave something else than it promised.
    PLUGIN_SIGNATURE_VIOLATED = "E0820" "plugin-signature-violated";
    /// A library whose description contradicts itself.
    PLUGIN_DESCRIPTION_INVALID = "E0821" "plugin-description-invalid";
    /// A project without its lock file.
    LOCK_MISSING = "E0830" "lock-missing";
    /// A file or library that differs from the lock.
    LOCK_MISMATCH = "E0831" "lock-mismatch";
    /// A lock file that cannot be read.
    LOCK_UNREADABLE = "E0832" "lock-unreadable";
    /// A project file that cannot be read.
    MANIFEST_INVALID = "E0840" "manifest-invalid";
    /// A file that the formatter leaves alone.
    FORMATTER_REFUSED = "E0841" "formatter-refused";
    /// Git does not know a revision, or is not there.
    GIT_FAILED = "E0850" "git-failed";
}
