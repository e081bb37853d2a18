//! `exeat screen` as a user meets it.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod support;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
const SHIPMENTS: &str = "examples/shipments.jsonl";

/// The exit code, what it answered and what it complained of.
fn screen(arguments: &[&str], input: &[u8]) -> (i32, String, String) {
    support::exeat(ROOT, &[&["screen"], arguments].concat(), input)
}

#[test]
fn each_shipment_has_its_answer_and_all_are_counted() {
    let (code, answer, problems) = screen(&[SHIPMENTS], b"");
    assert_eq!((code, problems.as_str()), (0, ""));
    insta::assert_snapshot!(answer);
    assert_eq!(screen(&[SHIPMENTS, "--require-determined"], b"").0, 1);
}

#[test]
fn as_json_there_is_a_line_for_each() {
    let (code, answer, problems) = screen(&[SHIPMENTS, "--format", "json"], b"");
    assert_eq!((code, problems.as_str()), (0, ""));
    let lines: Vec<&str> = answer.lines().collect();
    assert_eq!(lines.len(), 7);
    for (number, line) in (1..).zip(&lines) {
        assert!(
            line.starts_with(&format!(
                "{{\"schema\":\"exeat.screening/1\",\"line\":{number},\"id\":\""
            )),
            "{line}"
        );
    }
    let unknown = lines.last().unwrap();
    assert!(unknown.contains("\"missing\":[\"quantity\""), "{unknown}");
}

#[test]
fn another_day_or_reading_is_asked_of_all() {
    let enforced = ["--reading", "enforcement.as_enforced"];
    let (code, answer, _) = screen(&[&[SHIPMENTS][..], &enforced].concat(), b"");
    assert_eq!(code, 0);
    assert!(
        answer.contains("h100-to-poland  as of 2025-05-15  free\n  Licence: no_license_required"),
        "{answer}"
    );
    let (_, answer, problems) = screen(&[SHIPMENTS, "--as-of", "2027-01-01"], b"");
    assert!(answer.contains("h20-to-china  as of 2027-01-01"), "{answer}");
    // Once for each jurisdiction and not for each shipment.
    assert_eq!(problems.matches("W0913").count(), 3, "{problems}");
    assert!(problems.contains("2 warnings"), "{problems}");
}

#[test]
fn what_is_wrong_with_one_line_does_not_keep_the_others_from_their_answer() {
    let good = br#"{"as_of": "2024-06-01", "facts": {"destination": "DE"}}"#;
    let lines: [&[u8]; 6] = [
        br#"{"id": "A", "as_of": "2024-06-01", "facts": {"quantiti": 3}}"#,
        b"{\"id\": \"\xff\"}",
        b"",
        br#"{"facts": {}}"#,
        b"not JSON",
        good,
    ];
    let (code, answer, problems) = screen(&["-"], &lines.join(&b'\n'));
    assert_eq!(code, 2);
    assert!(answer.contains("line 6  as of 2024-06-01"), "{answer}");
    assert!(answer.ends_with("4 not readable\n"), "{answer}");
    assert!(problems.contains("standard input, shipment on line 1"), "{problems}");
    assert!(problems.contains("Did you mean `quantity`?"), "{problems}");
    assert!(problems.contains("line 2 of standard input is not UTF-8"), "{problems}");
    assert!(
        problems.contains("standard input, shipment on line 4: the facts do not say"),
        "{problems}"
    );
}

#[test]
fn lines_that_are_too_long_and_files_that_are_none() {
    let mut lines = vec![b' '; 1024 * 1024 + 10];
    lines.extend(b"\n{\"as_of\": \"2024-06-01\", \"facts\": {}}\n");
    let (code, answer, problems) = screen(&["-"], &lines);
    assert_eq!(code, 2);
    assert!(answer.contains("line 2  as of 2024-06-01"), "{answer}");
    assert!(problems.contains("line 1 of standard input is longer than 1 MiB"), "{problems}");
    for (path, code) in [("examples/none.jsonl", "E0801"), ("examples", "E0802")] {
        let (exit, answer, problems) = screen(&[path], b"");
        assert_eq!((exit, answer.as_str()), (2, ""));
        assert!(problems.contains(code), "{problems}");
    }
    let (code, answer, _) = screen(&["-"], b"\n\n");
    assert_eq!((code, answer.as_str()), (0, "no shipments\n"));
}
