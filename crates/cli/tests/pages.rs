//! The pages about files, facts, libraries and locks, done at the command: what the page calls bad gives
//! its code, what it calls mended does not, and every command that a page shows exists.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]
#![expect(clippy::disallowed_methods, reason = "these tests make the files that they are about")]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use exeat_diagnostics::all_codes;
use exeat_testing::{Block, blocks};

const RULES: &str = r#"edition 2026

module rules {
    title "Rules"
}

fact destination : country
fact quantity : number
fact notice : date

reading enforcement {
    title "Is the Act enforced?"
    default as_written "the text"      cite "Example Act"
    as_enforced        "the practice"  cite "Notice 1"
}

decision blocked : yes_no {
    title     "Blocked"
    combine   unique
    otherwise no  cite "Example Act, section 1"
}

rule one {
    title "A shipment that section 2 forbids"
    cite  "Example Act, section 2"
    under enforcement.as_written
    when  destination is SY
    and   quantity > 5
    and   notice < 2026-01-01
    then  blocked is yes
}
"#;

/// Codes whose bad case is not made here: it takes a library that is wrong in some way (the crate that
/// loads them has such), rights that an administrator does not lack, or a fault of the formatter.
const NOT_MADE: [&str; 15] = [
    "E0804", "E0806", "E0812", "E0813", "E0814", "E0815", "E0816", "E0817", "E0818", "E0819",
    "E0820", "E0821", "E0841", "W0913", "E0605",
];

fn exeat(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_exeat"))
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    String::from_utf8(output.stderr).unwrap()
}

/// A project in which the bad case of a page can happen.
fn project(code: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    for name in ["policies", "documents", "orders"] {
        fs::create_dir(path(name)).unwrap();
    }
    fs::write(path("policies/rules.exeat"), RULES).unwrap();
    fs::write(path("order.toml"), "[facts]\ndestination = \"SY\"\n").unwrap();
    fs::write(path("orders/one.toml"), "as_of = 2025-05-15\n[facts]\nquantity = 5\n").unwrap();
    fs::write(path("japan.txt"), "no library").unwrap();
    match code {
        "E0108" => {
            let file = fs::File::create(path("policies/everything.exeat")).unwrap();
            file.set_len(33 * 1024 * 1024).unwrap();
        }
        "E0803" => fs::write(path("policies/old.exeat"), b"// caf\xe9\n").unwrap(),
        "E0807" => assert_eq!(exeat(folder.path(), &["init", "goods"]), ""),
        "E0831" => {
            assert_eq!(exeat(folder.path(), &["lock"]), "");
            fs::write(path("policies/rules.exeat"), RULES.replace("> 5", "> 6")).unwrap();
        }
        _ => {}
    }
    folder
}

/// Puts a TOML block where it belongs and gives the command that reads it.
fn place(folder: &Path, code: &str, text: &str) -> &'static [&'static str] {
    let (name, arguments): (_, &[&str]) = match code {
        "E0817" | "E0840" => ("exeat.toml", &["check"]),
        "E0832" => ("exeat.lock", &["check", "--locked"]),
        _ => ("order.toml", &["decide", "order.toml", "--as-of", "2025-05-15"]),
    };
    fs::write(folder.join(name), text).unwrap();
    arguments
}

/// What the commands of a section complain of, one after the other.
fn done(code: &str, section: &[&Block]) -> String {
    let folder = project(code);
    let mut complaints = String::new();
    for block in section {
        if block.language == "toml" {
            complaints += &exeat(folder.path(), place(folder.path(), code, &block.text));
        }
        for line in block.text.lines().filter_map(|line| line.strip_prefix("$ ")) {
            let words: Vec<&str> = line.split_whitespace().collect();
            match words.as_slice() {
                ["exeat", arguments @ ..] => {
                    let complaint = exeat(folder.path(), arguments);
                    let usage = complaint.starts_with("error: ");
                    assert!(!usage, "{code}: there is no command `{line}`:\n{complaint}");
                    complaints += &complaint;
                }
                ["iconv", .., to] => {
                    fs::write(folder.path().join(to), RULES.replace("rules", "new")).unwrap();
                    fs::remove_file(folder.path().join("policies/old.exeat")).unwrap();
                }
                ["git" | "cargo" | "cp" | "chmod" | "ls", ..] => {}
                other => panic!("{code}: the test does not know the command {other:?}"),
            }
        }
    }
    complaints
}

#[test]
fn what_a_page_shows_at_the_command_happens() {
    let mut wrong: Vec<String> = Vec::new();
    for known in all_codes() {
        let code = known.code.0;
        let page = blocks(known.page);
        let section = |heading: &str| -> Vec<&Block> {
            let shown = page.iter().filter(|block| {
                ["console", "toml"].contains(&block.language.as_str())
                    && block.headings.last().is_some_and(|last| last == heading)
            });
            shown.collect()
        };
        let (bad, fixed) = (section("Bad"), section("Fix"));
        if bad.is_empty() {
            continue;
        }
        let complaint = done(code, &bad);
        if !NOT_MADE.contains(&code) && !complaint.contains(code) {
            wrong.push(format!("{code} is not what the bad case gives:\n{complaint}"));
        }
        let complaint = done(code, &fixed);
        if complaint.contains(code) && !code.starts_with("E081") {
            wrong.push(format!("{code}: the mended case gives it still:\n{complaint}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
