//! `exeat decide --why`, `--why-not` and `--flip`: what forces an outcome, what stands in the way of another,
//! what turns it.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod support;

use std::path::Path;

use support::exeat;

fn decide(arguments: &[&str]) -> (i32, String, String) {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let all: Vec<&str> = ["decide"].into_iter().chain(arguments.iter().copied()).collect();
    exeat(root, &all, b"")
}

const POLAND: &str = "examples/h100-to-poland.toml";

#[test]
fn the_facts_that_force_an_outcome_are_shown_and_what_turns_it() {
    let (code, answer, problems) = decide(&[POLAND, "--why", "--flip"]);
    assert_eq!((code, problems.as_str()), (0, ""));
    insta::assert_snapshot!(answer);
}

#[test]
fn what_stands_in_the_way_is_shown_with_the_smallest_change() {
    let (code, answer, problems) = decide(&[POLAND, "--why-not", "no_license_required"]);
    assert_eq!((code, problems.as_str()), (0, ""));
    insta::assert_snapshot!(answer);
    let (code, answer, _) = decide(&[POLAND, "--why-not", "LPP"]);
    assert_eq!(code, 0);
    assert!(answer.contains("It is that."), "{answer}");
}

#[test]
fn an_outcome_that_no_rule_gives_is_proved_to_be_out_of_reach() {
    let (code, answer, _) =
        decide(&["examples/rtx-4090-to-china.toml", "--why-not", "us.ear.license is prohibited"]);
    assert_eq!(code, 0);
    assert!(answer.contains("no rule gives it"), "{answer}");
    assert!(answer.contains("No change of up to three facts gives prohibited"), "{answer}");
}

#[test]
fn a_wrong_outcome_or_decision_is_told_with_what_was_meant() {
    for (outcome, said) in [
        ("no_licence_required", "Did you mean `no_license_required`?"),
        ("us.ear.license is prohibitd", "Did you mean `prohibited`?"),
        ("us.ear.lisence is prohibited", "there is no decision `us.ear.lisence`"),
        ("", "no decision has an outcome ``"),
    ] {
        let (code, answer, problems) = decide(&[POLAND, "--why-not", outcome]);
        assert_eq!((code, answer.as_str()), (2, ""), "{outcome}");
        assert!(problems.contains(said), "{problems}");
    }
    // Both regimes are concerned, and both have such an outcome.
    let both = "examples/h100-from-the-netherlands-to-singapore.toml";
    let (code, _, problems) = decide(&[both, "--why-not", "prohibited"]);
    assert_eq!(code, 2);
    assert!(problems.contains("is an outcome of several decisions"), "{problems}");
    assert!(problems.contains("Say which one is meant"), "{problems}");
}

#[test]
fn json_has_its_schema() {
    let arguments =
        [POLAND, "--why", "--flip", "--why-not", "no_license_required", "--format", "json"];
    let (code, answer, _) = decide(&arguments);
    assert_eq!(code, 0);
    assert!(answer.contains("\"schema\": \"exeat.changes/1\""), "{answer}");
    for field in ["\"why\"", "\"why_not\"", "\"flip\"", "\"in_the_way\"", "\"says\"", "\"also\""] {
        assert!(answer.contains(field), "{field}");
    }
}
