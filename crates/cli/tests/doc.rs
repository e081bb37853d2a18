//! `exeat doc` as a user meets it.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod support;

use std::path::Path;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// The exit code, what it answered and what it complained of.
fn doc_in(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    support::exeat(folder, &[&["doc"], arguments].concat(), b"")
}

fn doc(arguments: &[&str]) -> (i32, String, String) {
    doc_in(Path::new(ROOT), arguments)
}

/// The line that begins with a name, whatever stands before it.
fn status_of<'a>(answer: &'a str, name: &str) -> Option<&'a str> {
    let rest = answer.lines().find_map(|line| line.trim_start().strip_prefix(name))?;
    rest.strip_prefix("  ").map(|rest| rest.trim_start().split("  ").next().unwrap_or(rest))
}

#[test]
fn the_scope_of_the_policies_is_shown_part_by_part() {
    let (code, answer, problems) = doc(&["--scope"]);
    assert_eq!((code, problems.as_str()), (0, ""));
    assert!(answer.lines().next().unwrap().starts_with("What of the law these rules model"));
    // Whatever else the law's files come to hold: these are always cited.
    for part in ["15 CFR", "part 742", "742.6", "part 774", "Federal Register"] {
        let status = status_of(&answer, part);
        assert!(["modelled", "partly"].map(Some).contains(&status), "{part} {status:?}\n{answer}");
    }
    assert!(answer.contains("not modelled: "), "{answer}");
    let order = ["part 736", "part 740", "part 742", "part 774"].map(|part| answer.find(part));
    assert!(order.is_sorted() && order.iter().all(Option::is_some), "{answer}");
    let widest = answer
        .lines()
        .filter(|line| !line.starts_with("rules and"))
        .map(|line| line.chars().count())
        .max();
    assert!(widest <= Some(80), "{widest:?}\n{answer}");
}

#[test]
fn a_new_project_has_its_scope_in_every_format() {
    let folder = tempfile::tempdir().unwrap();
    let rules = "edition 2026\nmodule trial { title \"Trial\" }\nfact quantity : number\n\
        decision permit : yes_no { title \"Permit\" combine unique otherwise no cite \"Example Act, section 1\" }\n\
        rule one { title \"Many\" cite \"Example Act, section 10\" when quantity > 3 then permit is yes }\n\
        not modelled two { title \"Few | some\" cite \"Example Act, section 2(a)\" from 2025-01-01 when quantity < 1 affects permit }\n";
    std::fs::create_dir(folder.path().join("policies")).unwrap();
    let mut file = std::fs::File::create(folder.path().join("policies/trial.exeat")).unwrap();
    std::io::Write::write_all(&mut file, rules.as_bytes()).unwrap();
    let run = |arguments: &[&str]| {
        let (code, answer, problems) = doc_in(folder.path(), arguments);
        assert_eq!((code, problems.as_str()), (0, ""));
        let lines = answer.lines().filter(|line| !line.contains("ules and libraries"));
        lines.fold(String::new(), |text, line| text + line + "\n")
    };
    insta::assert_snapshot!(run(&["--scope"]));
    insta::assert_snapshot!(run(&["--scope", "--format", "markdown", "--as-of", "2025-05-15"]));
    assert!(!run(&["--scope", "--as-of", "2024-05-15"]).contains("Few"));
    let json = run(&["--scope", "trial", "--format", "json"]);
    assert!(json.contains("\"schema\": \"exeat.scope/1\""), "{json}");
    assert!(json.contains("\"status\": \"pointer_only\""), "{json}");
}

#[test]
fn what_cannot_be_shown_is_said_with_code_2() {
    let empty = tempfile::tempdir().unwrap();
    for (arguments, expected) in [
        (&[][..], "exeat doc --scope"),
        (&["--scope", "us.ear.classificaton"], "Did you mean `us.ear.classification`?"),
        (&["--scope", "--as-of", "2025-02-30"], "there is no day `2025-02-30`"),
        (&["--scope", "--policies", "nowhere"], "nowhere"),
        (&["--scope", "--project", empty.path().to_str().unwrap()], "E0805"),
    ] {
        let (code, answer, problems) = doc(arguments);
        assert_eq!((code, answer.as_str()), (2, ""), "{arguments:?} {problems}");
        assert!(problems.contains(expected), "{arguments:?} {problems}");
    }
}
