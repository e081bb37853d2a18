//! The command as a user meets it: the real binary, the repository's own rules and examples.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod support;

use std::io::Write;
use std::path::Path;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

fn exeat_in(folder: &Path, arguments: &[&str], input: &str) -> (i32, String, String) {
    support::exeat(folder, arguments, input.as_bytes())
}

fn exeat(arguments: &[&str]) -> (i32, String, String) {
    exeat_in(Path::new(ROOT), arguments, "")
}

/// An answer without the lines that change with every rule.
fn steady(answer: &str) -> String {
    answer
        .lines()
        .filter(|line| !line.starts_with("rules and libraries sha256"))
        .fold(String::new(), |text, line| text + line + "\n")
}

/// What stands after each decision's name, for all decisions but the notices.
fn outcomes(example: &str, more: &[&str]) -> String {
    let file = format!("examples/{example}.toml");
    let (code, answer, problems) = exeat(&[&["decide", &file], more].concat());
    assert_eq!((code, problems.as_str()), (0, ""));
    let named = ["Classification: ", "Licence: ", "Review policy: "];
    let words =
        answer.lines().filter_map(|line| named.iter().find_map(|name| line.strip_prefix(name)));
    words.map(|rest| rest.split("  ").next().unwrap()).collect::<Vec<_>>().join(", ")
}

#[test]
fn the_founding_case_is_answered_with_reasons() {
    let (code, answer, problems) = exeat(&["decide", "examples/b200-to-the-uae.toml"]);
    assert_eq!((code, problems.as_str()), (0, ""));
    insta::assert_snapshot!(steady(&answer));
}

#[test]
fn five_shipments_that_people_argued_about() {
    assert_eq!(
        outcomes("b200-to-the-uae", &[]),
        "3A090.a.1, license_required, presumption_of_approval"
    );
    assert_eq!(
        outcomes("h20-to-china", &[]),
        "none, license_required, undetermined (not modelled)"
    );
    assert_eq!(outcomes("rtx-4090-to-china", &[]), "3A090.a.1, license_exception (NAC)");
    assert_eq!(
        outcomes("mi325x-to-saudi-arabia", &[]),
        "3A090.a.1, license_required, presumption_of_approval"
    );
    assert_eq!(outcomes("h100-to-poland", &[]), "3A090.a.1, license_exception (LPP)");
}

#[test]
fn one_shipment_under_two_regimes_has_the_most_restrictive_of_them_and_both_parts() {
    let example = "examples/h100-from-the-netherlands-to-singapore.toml";
    let (code, answer, problems) = exeat(&["decide", example]);
    assert_eq!((code, problems.as_str()), (0, ""));
    let (_, summed_up) = answer.split_once("\n\n").unwrap();
    let (summary_and_first, second) = summed_up.split_once("\n--- us  United States").unwrap();
    insta::assert_snapshot!(summary_and_first);
    assert!(second.contains("\nLicence: license_exception (LPP)  "), "{second}");
    let (code, answer, _) = exeat(&["decide", example, "--format", "markdown"]);
    assert_eq!(code, 0);
    assert!(answer.contains("## Summary: authorisation needed, the most restrictive of 2"));
    assert!(answer.contains("### Authorisation: authorisation\\_required"), "{answer}");
    assert!(answer.contains("### Licence: license\\_exception (LPP)"), "{answer}");
    let (code, answer, _) = exeat(&["decide", example, "--format", "json"]);
    assert_eq!(code, 0);
    let words = answer.split_whitespace().collect::<String>();
    let summary = "\"summary\":{\"effect\":\"authorisation_needed\",\"at_least\":null,\"of\":[\"eu\",\"us\"],\"open\":[]}";
    assert!(words.contains(summary), "{answer}");
}

#[test]
fn a_regime_that_is_not_concerned_takes_a_line_and_one_that_may_be_its_question() {
    let facts = include_str!("../../../examples/b200-to-the-uae.toml");
    let (_, answer, _) = exeat_in(Path::new(ROOT), &["decide", "-"], facts);
    assert!(answer.contains("\nnot concerned: European Union"), "{answer}");
    assert!(!answer.contains("Summary") && !answer.contains("Authorisation"), "{answer}");
    assert!(!answer.contains("chinese_arms_embargo"), "{answer}");
    let from_anywhere = facts.replace("exporting_country = \"US\"", "");
    let (_, answer, _) = exeat_in(Path::new(ROOT), &["decide", "-"], &from_anywhere);
    let summary = "\nSummary: undetermined, at least authorisation needed, the most restrictive of 2; something is open under eu\n";
    assert!(answer.contains(summary), "{answer}");
    let asked = "It is not known whether it is concerned:\n  exporting_country  From which country is it sent?\n";
    assert!(answer.contains(asked), "{answer}");
    let arguments = ["decide", "-", "--format", "markdown"];
    let (_, answer, _) = exeat_in(Path::new(ROOT), &arguments, &from_anywhere);
    assert!(answer.contains("- not known: `exporting_country`: From which country"), "{answer}");
}

#[test]
fn another_day_or_reading_gives_another_answer() {
    assert_eq!(
        outcomes("h100-to-poland", &["--reading", "enforcement.as_enforced"]),
        "3A090.a.1, no_license_required"
    );
    assert_eq!(
        outcomes("h100-to-poland", &["--as-of", "2025-05-14"]),
        "3A090.a.1, no_license_required"
    );
    assert_eq!(outcomes("h20-to-china", &["--as-of", "2025-04-08"]), "none, no_license_required");
    let (code, answer, _) = exeat(&["decide", "examples/h100-to-poland.toml", "--all-readings"]);
    assert_eq!(code, 0);
    insta::assert_snapshot!(answer);
}

#[test]
fn what_is_missing_is_asked_for_and_not_guessed() {
    let facts = "{\"as_of\": \"2024-06-01\", \"facts\": {\"item_kind\": \"integrated_circuit\", \"item\": \"us.chip(\\\"H100\\\")\", \"base_entry\": \"none\", \"destination\": \"DE\"}}";
    let (code, answer, problems) =
        exeat_in(Path::new(ROOT), &["decide", "-", "--require-determined"], facts);
    assert_eq!((code, problems.as_str()), (1, ""));
    insta::assert_snapshot!(steady(&answer));
}

#[test]
fn mistakes_in_facts_are_shown_where_they_are() {
    let facts = "as_of = 2025-05-15\n[facts]\nitem_kind = \"integrated_circut\"\ndestinaton = \"AE\"\nquantity = \"5 TPP\"\nitem = 'us.chip(\"B20\")'\n";
    let (code, answer, problems) =
        exeat_in(Path::new(ROOT), &["decide", "-", "--diagnostics", "plain"], facts);
    assert_eq!((code, answer.as_str()), (2, ""));
    insta::assert_snapshot!(problems);
}

#[test]
fn the_project_is_found_from_inside_it_and_from_its_facts() {
    let inside = Path::new(ROOT).join("examples");
    assert_eq!(exeat_in(&inside, &["decide", "b200-to-the-uae.toml"], "").0, 0);
    let elsewhere = tempfile::tempdir().unwrap();
    let facts = std::fs::canonicalize(inside.join("b200-to-the-uae.toml")).unwrap();
    assert_eq!(exeat_in(elsewhere.path(), &["decide", facts.to_str().unwrap()], "").0, 0);
    // Rule files that happen to lie below are no project.
    std::fs::create_dir(elsewhere.path().join("notes")).unwrap();
    std::fs::File::create(elsewhere.path().join("notes/draft.exeat")).unwrap();
    let (code, answer, problems) = exeat_in(elsewhere.path(), &["check"], "");
    assert_eq!((code, answer.as_str()), (2, ""));
    assert!(
        problems.contains("there is no project here") && problems.contains("exeat init"),
        "{problems}"
    );
}

#[test]
fn what_cannot_be_read_is_said_with_code_2() {
    for arguments in [
        &["decide", "examples/b200.toml"][..],
        &["decide", "examples"],
        &["decide", "examples/b200-to-the-uae.toml", "--as-of", "2025-02-30"],
        &["decide", "examples/b200-to-the-uae.toml", "--reading", "enforcement.as_enforcd"],
        &["check", "nowhere"],
        &["explain", "E9999"],
        &["plugin", "inspect", "README.md"],
    ] {
        let (code, answer, problems) = exeat(arguments);
        assert_eq!((code, answer.as_str()), (2, ""), "{arguments:?}");
        assert!(!problems.is_empty(), "{arguments:?}");
    }
}

#[test]
fn json_has_its_schema_and_the_same_outcome() {
    let (code, answer, _) = exeat(&["decide", "examples/h100-to-poland.toml", "--format", "json"]);
    assert_eq!(code, 0);
    assert!(answer.contains("\"schema\": \"exeat.decision/1\""));
    assert!(answer.contains("\"license_exception (LPP)\""));
}

#[test]
fn a_new_repository_checks_passes_and_can_be_pinned() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| exeat_in(folder.path(), arguments, "");
    assert_eq!(run(&["init", "trial"]).0, 0);
    let (code, answer, problems) = run(&["test"]);
    assert_eq!((code, problems.as_str()), (0, ""), "{answer}");
    assert_eq!(run(&["decide", "examples/shipment.toml"]).0, 0);
    let (code, _, problems) = run(&["init", "trial"]);
    assert_eq!(code, 2);
    assert!(problems.contains("Nothing was written"), "{problems}");
    assert_eq!(run(&["lock"]).0, 0);
    assert_eq!(run(&["check", "--locked"]).0, 0);
    let rules = folder.path().join("policies/trial.exeat");
    let mut file = std::fs::OpenOptions::new().append(true).open(&rules).unwrap();
    file.write_all(b"\n// A change that nobody pinned.\n").unwrap();
    let (code, _, problems) = run(&["check", "--locked"]);
    assert_eq!(code, 2);
    assert!(problems.contains("policies/trial.exeat"), "{problems}");
}

#[test]
fn a_day_after_the_data_is_answered_with_a_warning() {
    let arguments = ["decide", "examples/b200-to-the-uae.toml", "--as-of", "2031-01-01"];
    let (code, answer, problems) = exeat(&arguments);
    assert_eq!(code, 0);
    assert!(answer.starts_with("As of 2031-01-01\n"), "{answer}");
    assert!(problems.starts_with("W0913"), "{problems}");
    // The data of a jurisdiction that is not concerned does not matter.
    assert!(problems.contains("jurisdiction `us`") && !problems.contains("`eu`"), "{problems}");
}

#[test]
fn a_decision_needs_sound_rules_and_leaves_scenarios_to_check_and_test() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| exeat_in(folder.path(), arguments, "");
    assert_eq!(run(&["init", "trial"]).0, 0);
    let add = |text: &str| {
        let rules = folder.path().join("policies/trial.exeat");
        let mut file = std::fs::OpenOptions::new().append(true).open(&rules).unwrap();
        file.write_all(text.as_bytes()).unwrap();
    };
    let (_, before, _) = run(&["decide", "examples/shipment.toml"]);
    add(
        "\nscenario \"of a fact that there is not\" {\n    as of 2026-01-01\n    given nothing = yes\n}\n",
    );
    let (code, after, problems) = run(&["decide", "examples/shipment.toml"]);
    assert_eq!((code, problems.as_str()), (0, ""));
    let outcome = |answer: &str| answer.split("rules and libraries").next().unwrap().to_owned();
    assert_eq!(outcome(&before), outcome(&after));
    assert_ne!(before, after, "the digest is of the whole text");
    for command in ["check", "test"] {
        let (code, _, problems) = run(&[command]);
        assert_eq!(code, 1, "{command}");
        assert!(problems.contains("`nothing`"), "{problems}");
    }
    add("\nassume nothing_either because \"it is not there\"\n");
    let (code, answer, problems) = run(&["decide", "examples/shipment.toml"]);
    assert_eq!((code, answer.as_str()), (1, ""));
    assert!(problems.contains("`nothing_either`"), "{problems}");
}
