//! E06xx: tables, groups and code lists.

declare_codes! {
    TABLES:
    /// Two rows of a table for the same keys.
    TABLE_OVERLAP = "E0601" "table-overlap";
    /// Keys for which a table has no row.
    TABLE_HOLE = "E0602" "table-hole";
    /// A row with too many or too few keys.
    TABLE_ROW_ARITY = "E0603" "table-row-arity";
    /// Groups that contain each other in a circle.
    GROUP_CYCLE = "E0604" "group-cycle";
    /// A table file that cannot be read.
    TABLE_FILE_UNREADABLE = "E0605" "table-file-unreadable";
    /// A code list that contradicts itself.
    CODE_LIST_INVALID = "E0606" "code-list-invalid";
}
