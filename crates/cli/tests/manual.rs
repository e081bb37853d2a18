//! What the pages show at the command happens: the answers of their `console` blocks are those of the
//! command. The manual's are run in a project with the rules and facts of the page, the others in the
//! repository itself.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
#![expect(clippy::disallowed_methods, reason = "these tests read the pages and make their files")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use exeat_testing::{Block, blocks};

/// Set to anything, it has the answers written into the pages in place of a complaint.
const UPDATE: &str = "EXEAT_UPDATE_MANUAL";

/// A line that stands for any number of lines that are not shown.
const LEFT_OUT: &str = "…";

/// The commands of a block, each with its answer.
fn run(folder: &Path, block: &Block) -> String {
    let mut shown = String::new();
    for line in block.text.lines().filter(|line| line.starts_with("$ ")) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let ([_, "exeat", arguments @ ..] | [_, "cargo", "run", "--release", "--", arguments @ ..]) =
            words.as_slice()
        else {
            return format!("the test knows no command but `exeat`: {line}\n");
        };
        let output = Command::new(env!("CARGO_BIN_EXE_exeat"))
            .args(arguments)
            .current_dir(folder)
            .env("NO_COLOR", "1")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let answer = String::from_utf8(output.stdout).unwrap();
        let errors = String::from_utf8(output.stderr).unwrap();
        // Versions and hashes change with data that has nothing to do with the page.
        let tail = answer.split_once("\njurisdiction ");
        let tail = tail.or_else(|| answer.split_once("\nrules and libraries "));
        let (answer, end) = match tail {
            Some((before, _)) => (before, "\n…\n"),
            None => (answer.as_str(), ""),
        };
        shown.extend([line, "\n", answer, end, &errors]);
    }
    shown
}

/// Whether a text is what is shown of it: the same lines in the same order, some of them left out.
fn is_shown_by(text: &str, shown: &str) -> bool {
    let mut lines = text.lines();
    let mut left_out = false;
    for wanted in shown.lines() {
        if wanted.trim() == LEFT_OUT {
            left_out = true;
        } else if left_out {
            if !lines.any(|line| line == wanted) {
                return false;
            }
            left_out = false;
        } else if lines.next() != Some(wanted) {
            return false;
        }
    }
    left_out || lines.next().is_none()
}

/// A project with what a page shows.
fn project(page: &[Block]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("policies")).unwrap();
    for block in page {
        match (block.language.as_str(), block.words.as_slice()) {
            ("exeat", [mark]) if mark == "preamble" => {
                fs::write(folder.path().join("policies/example.exeat"), &block.text).unwrap();
            }
            ("toml" | "json" | "jsonl" | "yaml", [name]) => {
                fs::write(folder.path().join(name), &block.text).unwrap();
            }
            _ => {}
        }
    }
    folder
}

#[test]
fn the_command_answers_as_the_manual_shows() {
    let pages = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../grammar"));
    let mut wrong = Vec::new();
    let mut seen = 0;
    for entry in pages.read_dir().unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "md") {
            continue;
        }
        let mut text = fs::read_to_string(&path).unwrap();
        let page = blocks(&text);
        let folder = project(&page);
        for block in page.iter().rev().filter(|block| block.language == "console") {
            seen += 1;
            let answer = run(folder.path(), block);
            if answer != block.text {
                wrong.push(format!("{}, line {}:\n{answer}", path.display(), block.line));
                text.replace_range(block.place.clone(), &answer);
            }
        }
        if std::env::var(UPDATE).is_ok() {
            fs::write(&path, &text).unwrap();
        }
    }
    assert!(seen > 0, "no page of the manual shows a command");
    assert!(wrong.is_empty(), "{}\nSet {UPDATE}=1 to have the answers written.", wrong.join("\n"));
}

#[test]
fn the_command_answers_as_the_readme_and_the_examples_show() {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let mut wrong = Vec::new();
    for name in ["README.md", "examples/README.md"] {
        let mut text = fs::read_to_string(root.join(name)).unwrap();
        let page = blocks(&text);
        let shown = page.iter().rev().filter(|block| block.language == "console");
        let mut seen = 0;
        for block in shown {
            seen += 1;
            let answer = run(root, block);
            if !is_shown_by(&answer, &block.text) {
                wrong.push(format!("{name}, line {}:\n{answer}", block.line));
                text.replace_range(block.place.clone(), &answer);
            }
        }
        assert!(seen > 0, "{name} shows no command");
        if std::env::var(UPDATE).is_ok() {
            fs::write(root.join(name), &text).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{}\nSet {UPDATE}=1 to have the answers written.", wrong.join("\n"));
}
