//! E06xx: tables, groups and code lists.

declare_codes! {
    TABLES:
    /// Table overlap.
    TABLE_OVERLAP = "E0601" "table-overlap";
    /// Table hole.
    TABLE_HOLE = "E0602" "table-hole";
    /// Table row arity.
    TABLE_ROW_ARITY = "E0603" "table-row-arity";
    /// Group cycle.
    GROUP_CYCLE = "E0604" "group-cycle";
    /// Table file unreadable.
    TABLE_FILE_UNREADABLE = "E0605" "table-file-unreadable";
    /// Code list invalid.
    CODE_LIST_INVALID = "E0606" "code-list-invalid";
}
