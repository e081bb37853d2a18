//! `exeat diff` as a user meets it.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
#![expect(clippy::disallowed_methods, reason = "these tests make a repository")]

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

fn git(folder: &Path, arguments: &[&str]) {
    let who = ["-c", "user.name=Ann", "-c", "user.email=ann@example.org"];
    let output =
        Command::new("git").arg("-C").arg(folder).args(who).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The exit code, what it answered and what it complained of.
fn diff(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    support::exeat(folder, &[&["diff"], arguments].concat(), b"")
}

/// A repository with the rules that `exeat init` writes, committed.
fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(support::exeat(folder.path(), &["init", "desk", "."], b"").0, 0);
    git(folder.path(), &["init", "--quiet"]);
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "--quiet", "-m", "first"]);
    folder
}

fn change(folder: &Path, from: &str, to: &str) {
    let path = folder.join("policies/desk.exeat");
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from));
    fs::write(&path, text.replace(from, to)).unwrap();
}

#[test]
fn a_limit_that_is_raised_loosens_a_band() {
    let folder = repository();
    change(folder.path(), "mass <= 100 kg\n    and", "mass < 120 kg\n    and");
    let (code, answer, problems) = diff(folder.path(), &["HEAD"]);
    assert_eq!((code, problems.as_str()), (0, ""));
    insta::assert_snapshot!(answer);
    insta::assert_snapshot!(diff(folder.path(), &["HEAD", "--format", "markdown"]).1);
    let (_, json, _) = diff(folder.path(), &["HEAD", ".", "--format", "json"]);
    assert!(json.contains("\"schema\": \"exeat.difference/1\""), "{json}");
    for (gate, code) in [("loosened", 1), ("tightened", 0), ("any", 1)] {
        assert_eq!(diff(folder.path(), &["HEAD", "--gate", gate]).0, code, "{gate}");
    }
    let (code, script, _) = diff(folder.path(), &["HEAD", "--format", "smt2"]);
    assert_eq!(code, 0);
    let asked = "came to: permit, and comes to: notice?\n; The analysis: yes, where ";
    assert!(script.contains(asked), "{script}");
    let (code, gated, _) = diff(folder.path(), &["HEAD", "--format", "smt2", "--gate", "any"]);
    assert_eq!((code, gated), (1, script));
    let (_, back, _) = diff(folder.path(), &[".", "HEAD"]);
    assert!(back.contains("tightened: notice -> permit"), "{back}");
}

#[test]
fn what_is_only_reworded_changes_no_transaction() {
    let folder = repository();
    change(
        folder.path(),
        "when  mass <= 100 kg\n    and   destination in { AT, CH, LI }",
        "when  destination in { LI, AT, CH }\n    and   not (mass > 100 kg)",
    );
    change(folder.path(), "An export needs a permit", "Exports need a permit");
    let (code, answer, problems) = diff(folder.path(), &["HEAD", "--gate", "any"]);
    assert_eq!((code, problems.as_str()), (0, ""), "{answer}");
    insta::assert_snapshot!(answer);
}

#[test]
fn days_and_decisions_are_chosen() {
    let folder = repository();
    change(folder.path(), "from  2025-01-01\n    when  mass", "from  2026-01-01\n    when  mass");
    let (_, answer, _) = diff(folder.path(), &["HEAD"]);
    assert!(answer.contains("from 2025-01-01 through 2025-12-31"), "{answer}");
    for quiet in [
        &["HEAD", "--as-of", "2026-01-01"][..],
        &["HEAD", "--over", "2026-01-01..2027-01-01"],
        &["HEAD", "--over", "..2024-12-31"],
    ] {
        let (_, answer, _) = diff(folder.path(), quiet);
        assert!(answer.contains("no transaction changes"), "{answer}");
    }
    let (code, _, problems) = diff(folder.path(), &["HEAD", "--decision", "permt"]);
    assert_eq!(code, 2);
    assert!(problems.contains("`permit`"), "{problems}");
    let (code, _, problems) = diff(folder.path(), &["HEAD", "--over", "2025"]);
    assert_eq!(code, 2);
    assert!(problems.contains("--over 2025-01-01..2025-12-31"), "{problems}");
}

#[test]
fn a_reading_against_another_and_a_proposal_against_none() {
    let folder = repository();
    change(
        folder.path(),
        "\nunit kg",
        "\nreading practice {\n    strict \"as written\" default\n    mild   \"as applied\"\n}\n\nunit kg",
    );
    change(
        folder.path(),
        "exception small_shipment to export_needs_a_permit {\n    title \"Small shipments to neighbouring countries\"",
        "exception applied to export_needs_a_permit {\n    title \"Not applied to Norway\"\n    cite  \"Notice 1\"\n    under practice.mild\n    when  destination is NO\n    then  permit is free\n}\n\nexception small_shipment to export_needs_a_permit {\n    title \"Small shipments to neighbouring countries\"",
    );
    fs::write(
        folder.path().join("policies/proposal.exeat"),
        "edition 2026\n\nmodule proposal {\n    title  \"A draft\"\n    cite   \"Draft\"\n    status proposal\n    use    desk\n}\n\nrule iceland {\n    title \"Nothing to Iceland\"\n    cite  \"Draft\"\n    when  destination is IS\n    then  permit is forbidden\n}\n",
    )
    .unwrap();
    let readings = ["--old-reading", "practice.strict", "--new-reading", "practice.mild"];
    let (code, answer, problems) =
        diff(folder.path(), &[&[".", "."][..], &readings, &["--new-include", "proposal"]].concat());
    assert_eq!((code, problems.as_str()), (0, ""), "{answer}");
    insta::assert_snapshot!(answer);
}

#[test]
fn real_shipments_are_asked_of_both() {
    let folder = repository();
    change(folder.path(), "mass <= 100 kg\n    and", "mass <= 50 kg\n    and");
    let lines = "{\"id\": \"A\", \"as_of\": \"2025-06-01\", \"facts\": {\"action\": \"export\", \"destination\": \"AT\", \"mass\": \"60 kg\"}}\n\
        {\"id\": \"B\", \"as_of\": \"2025-06-01\", \"facts\": {\"action\": \"transfer\"}}\n";
    fs::write(folder.path().join("orders.jsonl"), lines).unwrap();
    let facts = ["HEAD", "--facts", "orders.jsonl", "--facts", "examples/shipment.toml"];
    let (code, answer, problems) = diff(folder.path(), &facts);
    assert_eq!((code, problems.as_str()), (0, ""));
    assert!(answer.contains("Shipment A\n  desk.permit: notice -> permit\n"), "{answer}");
    assert!(answer.contains("2 of 3 shipments come to something else"), "{answer}");
    let (code, _, problems) = diff(folder.path(), &["HEAD", "--facts", "none.toml"]);
    assert_eq!(code, 2);
    assert!(problems.contains("none.toml"), "{problems}");
}

#[test]
fn versions_that_cannot_be_compared_are_named() {
    let folder = repository();
    change(folder.path(), "mass <= 100 kg", "mas <= 100 kg");
    let (code, answer, problems) = diff(folder.path(), &["HEAD", "."]);
    assert_eq!((code, answer.as_str()), (1, ""));
    assert!(problems.starts_with("The rules of the files cannot be compared:"), "{problems}");
    assert!(problems.contains("Did you mean `mass`?"), "{problems}");
    let (code, _, problems) = diff(folder.path(), &["HEAD~7", "HEAD"]);
    assert_eq!(code, 2);
    assert!(problems.contains("E0850"), "{problems}");
}

#[test]
fn classes_of_transactions_stand_beside_lines_in_sarif() {
    let folder = repository();
    change(folder.path(), "mass <= 100 kg\n    and", "mass < 120 kg\n    and");
    let (code, answer, problems) = diff(folder.path(), &["HEAD", "--format", "sarif"]);
    assert_eq!((code, problems.as_str()), (0, ""));
    // The kinds of result are always the same, and the version is not.
    let results = answer.find("\"results\"").unwrap();
    insta::assert_snapshot!(answer.get(results..).unwrap());
    assert!(answer.contains("\"id\": \"newly-undetermined\""), "{answer}");
}

/// What `git diff` shows with the driver that the scaffold tells to switch on.
fn git_diff(folder: &Path, arguments: &[&str]) -> String {
    let driver = format!("diff.exeat.command='{}' git-diff", env!("CARGO_BIN_EXE_exeat"));
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["-c", &driver, "diff"])
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn git_shows_who_is_affected_by_a_file() {
    let folder = repository();
    change(folder.path(), "mass <= 100 kg\n    and", "mass < 120 kg\n    and");
    insta::assert_snapshot!(git_diff(folder.path(), &[]));
    // Within the index, too, and other files are shown as always.
    git(folder.path(), &["add", "."]);
    fs::write(folder.path().join("README.md"), "Other words.\n").unwrap();
    let staged = git_diff(folder.path(), &["--staged"]);
    assert!(staged.contains("loosened: permit -> notice"), "{staged}");
    assert!(git_diff(folder.path(), &[]).contains("+Other words."));
}

#[test]
fn git_shows_files_that_come_go_move_or_have_errors() {
    let folder = repository();
    let policies = folder.path().join("policies");
    change(folder.path(), "mass <= 100 kg\n    and", "mas <= 100 kg\n    and");
    let broken = git_diff(folder.path(), &[]);
    assert!(broken.contains("+    when  mas <= 100 kg"), "{broken}");
    assert!(broken.contains("Who is affected cannot be said"), "{broken}");
    git(folder.path(), &["checkout", "--quiet", "."]);
    fs::write(
        policies.join("more.exeat"),
        "edition 2026\n\nmodule more {\n    title \"More\"\n    cite  \"Act\"\n    use   desk\n}\n\n\
         exception to_iceland to export_needs_a_permit {\n    title \"Iceland\"\n    cite  \"Act\"\n    \
         when  destination is IS\n    then  permit is free\n}\n",
    )
    .unwrap();
    git(folder.path(), &["add", "--intent-to-add", "."]);
    let added = git_diff(folder.path(), &[]);
    assert!(added.contains("and destination is IS"), "{added}");
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "--quiet", "-m", "second"]);
    git(folder.path(), &["mv", "policies/more.exeat", "policies/less.exeat"]);
    let moved = git_diff(folder.path(), &["--staged", "--find-renames"]);
    assert!(moved.contains("no transaction changes"), "{moved}");
    git(folder.path(), &["rm", "--quiet", "-f", "policies/less.exeat"]);
    let gone = git_diff(folder.path(), &["--staged", "HEAD"]);
    assert!(gone.contains("tightened: free -> permit"), "{gone}");
    // The commits that were, with the other files as they are.
    let between = git_diff(folder.path(), &["HEAD~1", "HEAD"]);
    assert!(between.contains("loosened: permit -> free"), "{between}");
}

#[test]
fn the_desk_compares_with_a_revision() {
    let folder = repository();
    change(folder.path(), "mass <= 100 kg\n    and", "mass < 120 kg\n    and");
    let script = b"diff\ndiff HEAD\ndiff HEAD~7\n";
    let (code, answers, problems) = support::exeat(folder.path(), &["repl"], script);
    assert_eq!((code, problems.as_str()), (1, ""));
    insta::assert_snapshot!(answers);
}

/// A rule file that checks, one that will not and one that needs it.
#[test]
fn what_does_not_check_is_left_out_of_both() {
    let folder = repository();
    let module = |name: &str, uses: &str| {
        format!(
            "edition 2026\n\nmodule {name} {{\n    title \"Other\"\n    cite  \"Act\"\n{uses}}}\n"
        )
    };
    let other = module("other", "") + "\nfact fragile : yes_no\n";
    let third = module("third", "    use   other\n") + "\ndefine robust as not fragile\n";
    for (name, text) in [("other", &other), ("third", &third)] {
        fs::write(folder.path().join(format!("policies/{name}.exeat")), text).unwrap();
    }
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "--quiet", "-m", "second"]);
    change(folder.path(), "mass <= 100 kg\n    and", "mass < 120 kg\n    and");
    let broken = other.replace("yes_no", "yes_or_no");
    fs::write(folder.path().join("policies/other.exeat"), broken).unwrap();
    let (code, answer, problems) = diff(folder.path(), &["HEAD"]);
    assert_eq!(code, 1);
    insta::assert_snapshot!(format!("{answer}\n--- problems\n{problems}"));
    let (_, markdown, _) = diff(folder.path(), &["HEAD", "--format", "markdown"]);
    assert!(markdown.contains("`policies/other.exeat`, `policies/third.exeat`"), "{markdown}");
    let (code, json, _) = diff(folder.path(), &["HEAD", "--format", "json"]);
    assert!(json.contains("\"left_out\": [\n    \"policies/other.exeat\""), "{json}");
    assert_eq!(code, 1);
    assert_eq!(diff(folder.path(), &["HEAD", "--gate", "tightened"]).0, 1);
    // In a folder elsewhere the files are the same ones.
    let elsewhere = tempfile::tempdir().unwrap();
    let root = folder.path().to_str().unwrap();
    let (code, there, _) = diff(elsewhere.path(), &[root, root, "--project", root]);
    assert!(code == 1 && there.contains("policies/third.exeat"), "{there}");
    // Nothing is left to be compared.
    change(folder.path(), "decision permit", "decision");
    let (code, nothing, problems) = diff(folder.path(), &["HEAD"]);
    assert_eq!((code, nothing.as_str()), (1, ""), "{problems}");
}

/// As the README that `exeat init` writes says it.
#[cfg(unix)]
#[test]
fn the_hook_keeps_out_of_a_commit_what_fails() {
    let folder = repository();
    git(folder.path(), &["config", "core.hooksPath", ".githooks"]);
    let programs = Path::new(env!("CARGO_BIN_EXE_exeat")).parent().unwrap();
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap());
    let commit = || {
        let arguments = ["commit", "--quiet", "--all", "-m", "second"];
        let mut command = Command::new("git");
        command.args(["-c", "user.name=Ann", "-c", "user.email=ann@example.org"]).args(arguments);
        command.current_dir(folder.path()).env("PATH", &path).output().unwrap()
    };
    change(folder.path(), "mass <= 100 kg\n    and", "mass < 90 kg\n    and");
    let refused = commit();
    // Git turns what a hook says to the errors.
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success() && said.contains("1 failed"), "{said}");
    change(folder.path(), "mass        = 100 kg", "mass        = 80 kg");
    let accepted = commit();
    assert!(accepted.status.success(), "{}", String::from_utf8_lossy(&accepted.stderr));
}
