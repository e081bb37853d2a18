//! Input that nobody wants, at the command: each gets a clear message, its exit code, and no harm is done.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
#![expect(clippy::disallowed_methods, reason = "these tests make the files that they are about")]

mod support;

use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

/// The exit code, what it answered and what it complained of.
fn exeat(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    support::exeat(folder, arguments, b"")
}

/// A project as `exeat init` makes it.
fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let (code, _, problems) = exeat(folder.path(), &["init", "goods"]);
    assert_eq!((code, problems.as_str()), (0, ""));
    folder
}

/// The commands that read rule files, each with a file or folder behind it.
const READERS: [&str; 3] = ["check", "test", "fmt"];

#[test]
fn a_file_that_is_not_there() {
    let folder = project();
    for command in READERS {
        let (code, answer, problems) = exeat(folder.path(), &[command, "policies/good.exeat"]);
        assert_eq!((code, answer.as_str()), (2, ""), "{command}");
        assert!(
            problems.contains("there is no file or folder `policies/good.exeat`"),
            "{problems}"
        );
        assert!(problems.contains("goods.exeat"), "the neighbour is suggested: {problems}");
    }
    let (code, _, problems) = exeat(folder.path(), &["decide", "examples/shipmnt.toml"]);
    assert_eq!(code, 2);
    assert!(problems.contains("shipment.toml"), "{problems}");
}

#[test]
fn a_folder_for_a_file() {
    let folder = project();
    let (code, answer, problems) = exeat(folder.path(), &["decide", "examples"]);
    assert_eq!((code, answer.as_str()), (2, ""));
    assert!(problems.contains("`examples` is a folder, and a file is needed here"), "{problems}");
}

#[test]
fn text_that_is_not_utf8() {
    let folder = project();
    fs::write(folder.path().join("policies/latin.exeat"), b"edition 2026\n// caf\xe9\n").unwrap();
    for command in READERS {
        let (code, _, problems) = exeat(folder.path(), &[command]);
        assert_eq!(code, 2, "{command}");
        assert!(
            problems.contains("`policies/latin.exeat` is not UTF-8 text: line 2"),
            "{problems}"
        );
    }
    fs::remove_file(folder.path().join("policies/latin.exeat")).unwrap();
    fs::write(folder.path().join("facts.toml"), b"name = \"\xff\"").unwrap();
    let (code, _, problems) = exeat(folder.path(), &["decide", "facts.toml"]);
    assert_eq!(code, 2);
    assert!(problems.contains("`facts.toml` is not UTF-8 text"), "{problems}");
}

#[test]
fn a_file_of_a_hundred_megabytes() {
    let folder = project();
    let path = folder.path().join("policies/large.exeat");
    // A sparse file: it has the size and takes no room.
    fs::File::create(&path).unwrap().set_len(100 * 1024 * 1024).unwrap();
    for command in READERS {
        let (code, _, problems) = exeat(folder.path(), &[command]);
        assert_eq!(code, 2, "{command}");
        let expected = "`policies/large.exeat` is larger than 32 MiB, the most that is read";
        assert!(problems.contains(expected), "{problems}");
    }
}

#[test]
fn an_endless_standard_input() {
    let folder = project();
    let mut child = Command::new(env!("CARGO_BIN_EXE_exeat"))
        .args(["decide", "-"])
        .current_dir(folder.path())
        .env("NO_COLOR", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let block = vec![b'#'; 1024 * 1024];
    // It stops to read after its limit, and the pipe closes.
    while input.write_all(&block).is_ok() {}
    drop(input);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let problems = String::from_utf8(output.stderr).unwrap();
    assert!(problems.contains("standard input` is larger than 32 MiB"), "{problems}");
}

#[test]
fn parentheses_in_parentheses() {
    let folder = project();
    let nested = |depth: usize| {
        let (open, close) = ("(".repeat(depth), ")".repeat(depth));
        let header = "edition 2026\n\nmodule deep {\n    title \"Deep\"\n}\n\n";
        let text = format!("{header}define deep as {open}1{close}\n");
        fs::write(folder.path().join("policies/deep.exeat"), text).unwrap();
    };
    nested(200);
    for command in READERS {
        let (code, _, problems) = exeat(folder.path(), &[command]);
        assert_eq!(code, 0, "{command}: {problems}");
    }
    nested(100_000);
    for command in READERS {
        let (code, _, problems) = exeat(folder.path(), &[command]);
        assert_eq!(code, 1, "{command}: {problems}");
        assert!(problems.contains("error E0102"), "{problems}");
        assert_eq!(
            problems.matches("more than 200 deep").count(),
            1,
            "one fault, one message: {problems}"
        );
    }
    let facts =
        format!("as_of = 2025-06-01\n[facts]\nmass = {}1{}\n", "[".repeat(5000), "]".repeat(5000));
    fs::write(folder.path().join("facts.toml"), facts).unwrap();
    fs::remove_file(folder.path().join("policies/deep.exeat")).unwrap();
    let (code, _, problems) = exeat(folder.path(), &["decide", "facts.toml"]);
    assert_eq!(code, 2, "{problems}");
    assert!(problems.contains("E07"), "{problems}");
}

#[test]
fn scenarios_run_again_when_a_file_changes() {
    use std::io::BufRead as _;
    for poll in [&[][..], &["--poll"][..]] {
        let folder = project();
        let mut child = Command::new(env!("CARGO_BIN_EXE_exeat"))
            .args(["test", "--watch"])
            .args(poll)
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut answers = std::io::BufReader::new(child.stdout.take().unwrap()).lines();
        let mut waits = std::io::BufReader::new(child.stderr.take().unwrap()).lines();
        let mut result = || {
            let line = answers.by_ref().map(Result::unwrap).find(|line| line.contains(" passed, "));
            assert!(waits.next().unwrap().unwrap().starts_with("Watching for changes"));
            line.unwrap()
        };
        assert_eq!(result(), "4 passed, 0 failed");
        let path = folder.path().join("policies/goods.exeat");
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.replace("mass        = 250 kg", "mass        = 50 kg")).unwrap();
        assert_eq!(result(), "3 passed, 1 failed");
        child.kill().unwrap();
        child.wait().unwrap();
    }
}

#[test]
fn a_reader_that_has_seen_enough() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    for arguments in [
        &["decide", "examples/b200-to-the-uae.toml", "--explain"][..],
        &["test", "--coverage"][..],
        &["explain", "E0301"][..],
        &["--help"][..],
    ] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_exeat"))
            .args(arguments)
            .current_dir(root)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = [0_u8; 1];
        let mut answer = child.stdout.take().unwrap();
        let _ = answer.read(&mut first).unwrap();
        drop(answer);
        let output = child.wait_with_output().unwrap();
        let problems = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), problems.as_str()), (Some(0), ""), "{arguments:?}");
    }
}

#[test]
fn files_are_formatted_as_a_whole_or_not_at_all() {
    let folder = project();
    let path = folder.path().join("policies/goods.exeat");
    let laid = fs::read_to_string(&path).unwrap();
    let (code, answer, problems) = exeat(folder.path(), &["fmt", "--check"]);
    assert_eq!((code, problems.as_str()), (0, ""), "what `init` writes is in the layout: {answer}");

    let ragged = laid.replace("    ", " ").replace("title ", "title\n");
    fs::write(&path, &ragged).unwrap();
    let (code, answer, _) = exeat(folder.path(), &["fmt", "--check"]);
    assert_eq!(code, 1);
    assert!(answer.contains("would change policies/goods.exeat"), "{answer}");
    let (code, answer, _) = exeat(folder.path(), &["fmt", "--diff"]);
    assert_eq!(code, 1);
    assert!(
        answer.starts_with("--- policies/goods.exeat\n+++ policies/goods.exeat\n@@ "),
        "{answer}"
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), ragged, "looking changes nothing");

    let (code, answer, _) = exeat(folder.path(), &["fmt"]);
    assert_eq!(code, 0);
    assert_eq!(
        answer,
        "formatted policies/goods.exeat\n1 file formatted, 0 already in the layout\n"
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), laid);

    let broken = laid.replace("when  action", "when  when action");
    fs::write(&path, &broken).unwrap();
    let (code, _, problems) = exeat(folder.path(), &["fmt"]);
    assert_eq!(code, 1);
    assert!(problems.contains("policies/goods.exeat:"), "{problems}");
    assert_eq!(fs::read_to_string(&path).unwrap(), broken, "nothing is written where it is wrong");
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_written_stays_as_it_is() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = project();
    let path = folder.path().join("policies/goods.exeat");
    fs::write(&path, "edition   2026\n").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    let (code, _, problems) = exeat(folder.path(), &["fmt"]);
    assert_eq!(code, 2, "{problems}");
    assert!(problems.contains("`policies/goods.exeat` cannot be written"), "{problems}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "edition   2026\n");
}

#[test]
fn standard_input_is_formatted_to_standard_output() {
    let run = |arguments: &[&str], input: &str| {
        let mut child = Command::new(env!("CARGO_BIN_EXE_exeat"))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    };
    let (code, answer, _) = run(&["fmt", "-"], "edition  2026 // \u{1b}[31m as it is\n");
    assert_eq!((code, answer.as_str()), (0, "edition 2026  // \u{1b}[31m as it is\n"));
    assert_eq!(run(&["fmt", "--check", "-"], "edition  2026").0, 1);
    assert_eq!(run(&["fmt", "--check", "-"], "edition 2026\n").0, 0);
    let (code, answer, problems) = run(&["fmt", "-"], "rule");
    assert_eq!((code, answer.as_str()), (1, ""), "a filter gives nothing rather than a part");
    assert!(problems.contains("standard input:1"), "{problems}");
}
