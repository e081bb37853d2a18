//! `exeat analyze` and `exeat check --deep` as a user meets them.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
#![expect(clippy::disallowed_methods, reason = "these tests make the files that they are about")]

mod support;

use std::fs;
use std::path::Path;

/// Rules with a hole at a hundred, an overlap, an exception to nothing, and two assertions.
const RULES: &str = r#"edition 2026

module example {
    title "Example Act"
}

scale grade {
    free     "no licence is needed"  effect free
    general  "a general licence"     effect free_with_conditions
    single   "a licence is needed"   effect authorisation_needed
}

fact destination : country
fact quantity : number
fact weight : number

assume quantity > 0 because "a shipment has at least one piece"

decision license : grade {
    title     "Licence"
    combine   strictest
    otherwise free  cite "Example Act, section 1"
}

rule few {
    title "Fewer than a hundred"
    cite  "Example Act, section 2"
    when  destination is SY
    and   quantity < 100
    then  license is general
}

rule many {
    title "More than a hundred"
    cite  "Example Act, section 3"
    when  destination is SY
    and   quantity > 100
    then  license is single
}

rule heavy {
    title "Heavy shipments to Iran"
    cite  "Example Act, section 4"
    when  destination is IR
    and   quantity * weight > 1000
    then  license is single
}

exception light to heavy {
    title    "Light shipments to Iran"
    cite     "Example Act, section 5"
    when     quantity * weight < 100
    accepted A002 because "section 5 is kept as it stands" cite "Example Act, section 5" until 2027-01-01
}

assert poland_is_free {
    title  "Nothing stands against Poland"
    always license is free
    when   destination is PL
}

assert syria_is_not_free {
    title "Syria is never free"
    never license is free
    when  destination is SY
}
"#;

/// The exit code, what it answered and what it complained of.
fn exeat(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    support::exeat(folder, arguments, b"")
}

fn project(rules: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("policies")).unwrap();
    fs::write(folder.path().join("policies/rules.exeat"), rules).unwrap();
    folder
}

#[test]
fn findings_are_shown_with_examples_and_scenarios() {
    let folder = project(RULES);
    let (code, answer, problems) = exeat(folder.path(), &["analyze", "--scenarios"]);
    assert_eq!((code, problems.as_str()), (1, ""));
    insta::assert_snapshot!(answer);
}

#[test]
fn plain_and_machine_formats() {
    let folder = project(RULES);
    let (code, answer, _) = exeat(folder.path(), &["analyze", "--format", "plain", "--accepted"]);
    assert_eq!(code, 1);
    insta::assert_snapshot!("plain", answer);
    let (code, answer, _) = exeat(folder.path(), &["analyze", "--format", "json"]);
    assert_eq!(code, 1);
    let (body, _) = answer.split_once("\"digests\"").unwrap();
    insta::assert_snapshot!("json", body);
    let (_, answer, _) = exeat(folder.path(), &["analyze", "--format", "sarif"]);
    assert!(answer.contains("\"ruleId\": \"A006\""), "{answer}");
    let (_, answer, _) = exeat(folder.path(), &["analyze", "--format", "github"]);
    assert!(answer.starts_with("::"), "{answer}");
}

#[test]
fn printed_scenarios_pass() {
    let folder = project(RULES);
    let (_, answer, _) = exeat(folder.path(), &["analyze", "--scenarios"]);
    let start = answer.find("scenario \"").unwrap();
    let end = answer.find("analysed all").unwrap();
    // The examples of refuted assertions refute them as scenarios too; so these are left out.
    let (rules, _) = RULES.split_once("assert poland").unwrap();
    let with = format!("{rules}\n{}", answer.get(start..end).unwrap());
    let folder = project(&with);
    let (code, answer, problems) = exeat(folder.path(), &["test"]);
    assert_eq!(code, 0, "{answer}{problems}");
}

#[test]
fn acceptances_end_on_their_day() {
    let folder = project(RULES);
    let found = |today: &str| {
        let (_, answer, _) =
            exeat(folder.path(), &["analyze", "--format", "plain", "--today", today]);
        (answer.contains("A002"), answer.contains("A012"))
    };
    assert_eq!(found("2026-12-31"), (false, false));
    assert_eq!(found("2027-01-01"), (true, true));
}

#[test]
fn check_deep_fails_on_findings_and_passes_without() {
    let folder = project(RULES);
    let (code, answer, problems) = exeat(folder.path(), &["check", "--deep"]);
    assert_eq!(code, 1, "{answer}{problems}");
    assert!(problems.contains("A006") && problems.contains("A011"), "{problems}");
    let (code, _, problems) = exeat(folder.path(), &["check"]);
    assert_eq!((code, problems.as_str()), (0, ""));
    let mended = RULES.replace("quantity > 100\n", "quantity >= 100\n");
    let folder = project(&mended);
    let (code, answer, problems) = exeat(folder.path(), &["check", "--deep"]);
    assert_eq!((code, problems.as_str()), (0, ""), "{answer}");
    assert!(answer.contains("0 findings, 1 accepted, 2 assertions proved"), "{answer}");
}

/// The questions for another solver, each with its answer; the numbers of the countries are left out here.
#[test]
fn the_questions_as_a_script() {
    let folder = project(RULES);
    let (code, answer, problems) = exeat(folder.path(), &["analyze", "--format", "smt2"]);
    assert_eq!((code, problems.as_str()), (0, ""));
    let many = |line: &&str| line.starts_with("(define-fun country.") || line.len() > 1000;
    let lines: Vec<&str> = answer.lines().filter(|line| !many(line)).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

/// What a table makes of one fact is as exact as a constant: what is asked of the decision rests on the fact.
#[test]
fn what_a_rule_computes_from_one_fact_is_seen_through() {
    let rules = r#"edition 2026

module example {
    title "Example Act"
}

enum kind { raw "raw" worked "worked" scrap "scrap" }
enum class { open "open" listed "listed" }

fact goods : kind
fact destination : country

table class_of (goods : kind) : class {
    title "The class of goods"
    cite  "Example Act, annex"
    row   raw    => open
    row   worked => listed
    row   scrap  => open
}

decision sorted : class {
    title     "Class"
    combine   unique
    otherwise open  cite "Example Act, section 1"
}

decision license : yes_no {
    title     "Licence"
    combine   unique
    otherwise no  cite "Example Act, section 1"
}

rule by_the_annex {
    title "The annex says the class"
    cite  "Example Act, section 2"
    when  destination is SY
    then  sorted is class_of(goods)
}

rule listed_goods {
    title "Listed goods"
    cite  "Example Act, section 3"
    when  sorted is listed
    then  license is yes
}

assert worked_goods_alone {
    title  "Only worked goods need a licence"
    never  license is yes
    when   goods is not worked
}

assert syria_alone {
    title  "Only goods for Syria need a licence"
    always license is yes
    when   goods is worked
}
"#;
    let folder = project(rules);
    let (code, answer, problems) = exeat(folder.path(), &["analyze", "--format", "plain"]);
    assert_eq!((code, problems.as_str()), (1, ""));
    insta::assert_snapshot!(answer);
}
