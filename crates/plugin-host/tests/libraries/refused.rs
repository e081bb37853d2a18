//! Every kind of bad library gives a clear diagnostic and no crash.

use std::fmt::Write as _;
use std::io::Read as _;

use crate::support::Workshop;
use exeat_plugin_host::{Linked, load_all, load_file};

/// Title, code, definitions for the C compiler.
type Case<'a> = (&'a str, &'a str, &'a [&'a str]);

fn refused(cases: &[Case<'_>]) -> String {
    let workshop = Workshop::new();
    let mut report = String::new();
    for (title, code, definitions) in cases {
        let library = workshop.library(&title.replace(' ', "_"), definitions);
        let error = load_file(&library).expect_err(title);
        assert_eq!(error.code().0, *code, "{title}: {}", error.message());
        writeln!(report, "{}", workshop.said(title, &error)).unwrap();
    }
    report
}

#[test]
fn what_is_no_jurisdiction_library() {
    let workshop = Workshop::new();
    let text = workshop.file("notes.so", b"These are notes, not a library.\n");
    let whole = std::fs::File::open(workshop.library("whole", &[])).unwrap();
    let mut half = Vec::new();
    let length = whole.metadata().unwrap().len();
    whole.take(length / 2).read_to_end(&mut half).unwrap();
    let cut_off = workshop.file("half.so", &half);
    let source = workshop.file("other.c", b"int answer(void) { return 42; }\n");
    let other = workshop.compile("other", &source, &[]);
    let mut report = String::new();
    for (title, code, path) in [
        ("no such file", "E0810", workshop.path("missing.so")),
        ("a folder", "E0811", workshop.path(".")),
        ("a text file", "E0811", text),
        ("a file cut off", "E0811", cut_off),
        ("another library", "E0812", other),
    ] {
        let error = load_file(&path).expect_err(title);
        assert_eq!(error.code().0, code, "{title}");
        writeln!(report, "{}", workshop.said(title, &error)).unwrap();
    }
    insta::assert_snapshot!(report);
}

#[test]
fn descriptors_that_cannot_be_read() {
    let report = refused(&[
        ("too old", "E0813", &["ABI=0"]),
        ("too new", "E0814", &["ABI=2"]),
        ("truncated", "E0815", &["SIZE=16"]),
        ("not UTF-8", "E0816", &[r#"TITLE=TEXT("Fre\xff")"#]),
        ("text too long", "E0816", &[r#"TITLE={(const uint8_t *)"", (size_t)1 << 40}"#]),
        ("null text", "E0821", &["TITLE={NULL, 9}"]),
        ("null descriptor", "E0821", &["RESULT=NULL"]),
        ("null functions", "E0821", &["FUNCTIONS=NULL"]),
        ("null call", "E0821", &["CALL=NULL"]),
        ("null release", "E0821", &["RELEASE=NULL"]),
        ("too many functions", "E0821", &["COUNT=(size_t)1 << 40"]),
    ]);
    insta::assert_snapshot!(report);
}

#[test]
fn descriptions_that_cannot_be_used() {
    let report = refused(&[
        ("not JSON", "E0821", &[r#"DESCRIPTION="units: kg""#]),
        ("another schema", "E0821", &[r#"SCHEMA="exeat.jurisdiction/9""#]),
        ("unknown field", "E0821", &[r#"CONTENT=", \"tariffs\": []""#]),
        ("wrong shape", "E0821", &[r#"CONTENT=", \"groups\": [3]""#]),
        ("bad id", "E0821", &[r#"ID="Free-donia""#]),
        ("no such day", "E0821", &[r#"VINTAGE="2026-02-30""#]),
        ("undescribed function", "E0821", &[r#"FUNCTION_NAME="tripled""#]),
        ("missing function", "E0821", &["COUNT=0"]),
        (
            "unknown country",
            "E0821",
            &[
                r#"CONTENT=", \"groups\": [{\"name\": \"g\", \"title\": \"t\", \"cite\": \"c\", \"members\": [{\"country\": \"QQ\"}]}]""#,
            ],
        ),
        (
            "member twice",
            "E0821",
            &[
                r#"CONTENT=", \"groups\": [{\"name\": \"g\", \"title\": \"t\", \"cite\": \"c\", \"members\": [{\"country\": \"PL\"}, {\"country\": \"PL\", \"from\": \"2026-01-01\"}]}]""#,
            ],
        ),
        (
            "missing parent",
            "E0821",
            &[
                r#"CONTENT=", \"code_lists\": [{\"name\": \"l\", \"title\": \"t\", \"entries\": [{\"code\": \"1A001.a\", \"title\": \"t\", \"parent\": \"1A001\"}]}]""#,
            ],
        ),
        (
            "circular parents",
            "E0821",
            &[
                r#"CONTENT=", \"code_lists\": [{\"name\": \"l\", \"title\": \"t\", \"entries\": [{\"code\": \"1A001\", \"title\": \"t\", \"parent\": \"1A001\"}]}]""#,
            ],
        ),
        (
            "unknown effect",
            "E0821",
            &[
                r#"CONTENT=", \"scales\": [{\"name\": \"s\", \"title\": \"t\", \"outcomes\": [{\"name\": \"o\", \"title\": \"t\", \"effect\": \"fine\"}]}]""#,
            ],
        ),
        (
            "unknown labels",
            "E0821",
            &[
                r#"CONTENT=", \"scales\": [{\"name\": \"s\", \"title\": \"t\", \"outcomes\": [{\"name\": \"o\", \"title\": \"t\", \"labels\": \"symbol\"}]}]""#,
            ],
        ),
        (
            "effects out of order",
            "E0821",
            &[
                r#"CONTENT=", \"scales\": [{\"name\": \"s\", \"title\": \"t\", \"outcomes\": [{\"name\": \"o\", \"title\": \"t\", \"effect\": \"prohibited\"}, {\"name\": \"p\", \"title\": \"t\", \"effect\": \"free\"}]}]""#,
            ],
        ),
        (
            "one name twice",
            "E0821",
            &[
                r#"CONTENT=", \"enums\": [{\"name\": \"doubled\", \"title\": \"t\", \"values\": []}]""#,
            ],
        ),
        ("unknown unit", "E0821", &[r#"UNIT="lb""#]),
        ("unit of unknown unit", "E0821", &[r#"DEFINITION=", \"definition\": \"1000 g\"""#]),
        (
            "undeclared field",
            "E0821",
            &[
                r#"CONTENT=", \"catalogues\": [{\"name\": \"c\", \"title\": \"t\", \"fields\": [], \"entries\": [{\"key\": \"k\", \"source\": \"s\", \"fields\": {\"mass\": {\"number\": \"1\"}}}]}]""#,
            ],
        ),
        (
            "field of another type",
            "E0821",
            &[
                r#"CONTENT=", \"catalogues\": [{\"name\": \"c\", \"title\": \"t\", \"fields\": [{\"name\": \"mass\", \"type\": \"kg\"}], \"entries\": [{\"key\": \"k\", \"source\": \"s\", \"fields\": {\"mass\": {\"number\": \"heavy\"}}}]}]""#,
            ],
        ),
    ]);
    insta::assert_snapshot!(report);
}

#[test]
fn of_two_with_one_name_the_first_stays() {
    let workshop = Workshop::new();
    let (first, second) = (workshop.library("first", &[]), workshop.library("second", &[]));
    let missing = workshop.path("missing.so");
    let linked: [Linked; 0] = [];
    let (loaded, diagnostics) = load_all(&[first, second, missing], &linked);
    assert_eq!(loaded.len(), 1);
    let codes: Vec<_> = diagnostics.iter().map(|problem| problem.code.0).collect();
    assert_eq!(codes, ["E0817", "E0810"]);
    let message = diagnostics[0].message.replace(&format!("{}/", workshop.path("").display()), "");
    assert!(message.contains("`freedonia`") && message.contains("first"), "{message}");
}
