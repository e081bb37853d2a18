//! `exeat calendar` as a user meets it.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod support;

use std::io::Write;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// The exit code, what it answered and what it complained of.
fn calendar(arguments: &[&str], input: &str) -> (i32, String, String) {
    support::exeat(ROOT, &[&["calendar"], arguments].concat(), input.as_bytes())
}

/// An answer without the lines that change with every rule and every release.
fn steady(answer: &str) -> String {
    answer
        .lines()
        .filter(|line| {
            !line.starts_with("rules and libraries") && !line.starts_with("jurisdiction")
        })
        .fold(String::new(), |text, line| text + line + "\n")
}

const H20: &str = "examples/h20-to-china.toml";

#[test]
fn the_calendar_of_an_h20_to_china_from_2022_to_2027() {
    let arguments = [H20, "--from", "2022-01-01", "--through", "2027-12-31"];
    let (code, answer, problems) = calendar(&arguments, "");
    assert_eq!(code, 0, "{problems}");
    // Only that the data of the jurisdiction ends before the calendar does.
    assert!(problems.starts_with("W0913") && problems.contains("1 warning;"), "{problems}");
    insta::assert_snapshot!(steady(&answer));
    assert!(
        answer
            .lines()
            .filter(|line| !line.starts_with("rules and"))
            .all(|line| { line.chars().count() <= 80 })
    );
}

#[test]
fn until_is_the_first_day_that_is_not_wanted() {
    let until = [H20, "--from", "2025-01-01", "--until", "2025-07-01", "--decision", "license"];
    let through = [H20, "--from", "2025-01-01", "--through", "2025-06-30", "--decision", "license"];
    assert_eq!(calendar(&until, ""), calendar(&through, ""));
    let (code, answer, problems) = calendar(&until, "");
    assert_eq!((code, problems.as_str()), (0, ""));
    assert!(answer.starts_with("From 2025-01-01 through 2025-06-30\n"), "{answer}");
    assert!(answer.contains("  2025-04-09 … 2025-06-30  license_required\n"), "{answer}");
    assert!(!answer.contains("Classification"), "{answer}");
}

#[test]
fn a_country_that_joins_a_group_is_named_with_its_citation() {
    let facts = r#"{ "facts": { "item_kind": "integrated_circuit", "item": "us.chip(\"H100\")",
        "destination": "NI", "action": "export", "consignee": { "country": "NI", "headquarters": "NI",
        "parent_headquarters": "NI" }, "end_user": { "country": "NI", "headquarters": "NI",
        "parent_headquarters": "NI" }, "other_parties": [], "other_requirement": false,
        "other_exception_claimed": false, "base_entry": "none", "item_origin": "united_states_origin",
        "screened_parties": [], "known_end_uses": [], "known_red_flags": [], "exporter_is_fabricator": false,
        "validated_end_user": false } }"#;
    let arguments =
        ["-", "--from", "2024-01-01", "--through", "2024-12-31", "--decision", "us.ear.license"];
    let (code, answer, problems) = calendar(&arguments, facts);
    assert_eq!((code, problems.as_str()), (0, ""));
    assert!(answer.contains("  2024-03-15 … 2024-12-31  license_required\n"), "{answer}");
    assert!(answer.contains("NI joined Country Group D:1"), "{answer}");
    assert!(answer.contains("[89 FR 18780]"), "{answer}");
}

#[test]
fn other_formats_say_the_same() {
    let range = [H20, "--from", "2025-01-01", "--through", "2025-06-30", "--format"];
    let (code, answer, _) = calendar(&[&range[..], &["json"]].concat(), "");
    assert_eq!(code, 0);
    assert!(answer.contains("\"schema\": \"exeat.calendar/1\""), "{answer}");
    assert!(answer.contains("\"kind\": \"came_into_force\""), "{answer}");
    let (code, answer, _) = calendar(&[&range[..], &["markdown"]].concat(), "");
    assert_eq!(code, 0);
    assert!(
        answer.contains("| 2025-04-09 | 2025-06-30 | **license\\_required** | because "),
        "{answer}"
    );
}

#[test]
fn a_day_that_is_undetermined_is_a_finding_if_that_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let rules = "edition 2026\nmodule duties { title \"Duties\" }\nfact quantity : number\n\
        decision permit : yes_no { title \"Permit\" combine unique otherwise no cite \"Act 1\" }\n\
        rule one { title \"Many\" cite \"Act 2\" from 2025-02-01 when quantity > 3 then permit is yes }\n";
    let file = folder.path().join("duties.exeat");
    std::fs::File::create(&file).unwrap().write_all(rules.as_bytes()).unwrap();
    let policies = file.to_str().unwrap();
    let run = |facts: &str| calendar(&["-", "--require-determined", "--policies", policies], facts);
    let (code, answer, problems) = run("[facts]\n");
    assert_eq!((code, problems.as_str()), (1, ""));
    assert!(answer.contains("undetermined (missing facts)"), "{answer}");
    assert!(answer.contains("not known: quantity"), "{answer}");
    assert_eq!(run("[facts]\nquantity = 3\n").0, 0);
}

#[test]
fn a_value_that_is_another_one_each_day_is_shown_once() {
    let folder = tempfile::tempdir().unwrap();
    let rules = "edition 2026\nmodule duties { title \"Duties\" }\nfact sent : date\n\
        decision answer_by : date { title \"Answer by\" combine unique otherwise 2025-01-01 cite \"Act 1\" }\n\
        rule one { title \"Thirty days\" cite \"Act 2\" from 2025-02-01 then answer_by is as_of_date + 30 days }\n";
    let file = folder.path().join("duties.exeat");
    std::fs::File::create(&file).unwrap().write_all(rules.as_bytes()).unwrap();
    let policies = file.to_str().unwrap();
    let range = ["-", "--from", "2025-01-01", "--through", "2025-12-31", "--policies", policies];
    let (code, answer, _) = calendar(&range, "[facts]\nsent = 2025-01-01\n");
    assert_eq!(code, 0);
    insta::assert_snapshot!(steady(&answer));
}

#[test]
fn what_makes_no_calendar_is_said_with_code_2() {
    let no_decision = tempfile::tempdir().unwrap();
    let file = no_decision.path().join("words.exeat");
    let rules = b"edition 2026\nmodule words { title \"Words\" }\nfact quantity : number\n";
    std::fs::File::create(&file).unwrap().write_all(rules).unwrap();
    let words = file.to_str().unwrap();
    for (arguments, expected) in [
        (&[H20, "--from", "2026-01-01", "--through", "2025-12-31"][..], "E0708"),
        (&[H20, "--from", "2026-01-01", "--until", "2026-01-01"], "E0708"),
        (&[H20, "--from", "2026-02-30"], "there is no day `2026-02-30`"),
        (&[H20, "--decision", "licence"], "Did you mean `license`?"),
        (&[H20, "--reading", "enforcement.as_enforcd"], "Did you mean `as_enforced`?"),
        (&["examples/h20.toml"], "E0801"),
        (&["-", "--policies", words], "these rules decide nothing"),
        (&["-", "--policies", "nowhere"], "nowhere"),
        (&[H20, "--until", "2026-01-01", "--through", "2026-01-01"], "cannot be used with"),
    ] {
        let (code, answer, problems) = calendar(arguments, "");
        assert_eq!((code, answer.as_str()), (2, ""), "{arguments:?} {problems}");
        assert!(problems.contains(expected), "{arguments:?} {problems}");
    }
}
