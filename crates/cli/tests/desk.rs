//! The desk through a pipe: scripts with the answers that they get.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
#![expect(clippy::disallowed_methods, reason = "these tests make the files that they are about")]

mod folders;
mod support;

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use support::exeat;
use tempfile::TempDir;

const RULES: &str = include_str!("desk/rules.exeat");

/// A project with the rules of these tests.
fn project() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("exeat.toml"), "[project]\nname = \"goods\"\n").unwrap();
    fs::create_dir(folder.path().join("policies")).unwrap();
    fs::write(folder.path().join("policies/act.exeat"), RULES).unwrap();
    folder
}

#[test]
fn scripts_are_answered() {
    insta::glob!("desk/*.txt", |path| {
        let folder = project();
        let script = fs::read(path).unwrap();
        let (_, answers, problems) = exeat(folder.path(), &["repl", "--echo"], &script);
        assert_eq!(problems, "");
        insta::assert_snapshot!(answers);
    });
}

#[test]
fn a_script_that_is_wrong_somewhere_is_told_by_the_exit_code() {
    let folder = project();
    let (code, ..) = exeat(folder.path(), &["repl"], b"as of 2025-06-01\naction = export\n");
    assert_eq!(code, 0);
    let (code, answers, _) = exeat(folder.path(), &["repl"], b"action = exprt\naction = export\n");
    assert_eq!(code, 1);
    assert!(answers.contains("Did you mean `export`?"), "{answers}");
    let (code, answers, _) =
        exeat(folder.path(), &["repl", "-c", "as of 2025-06-01", "-c", "as of"], b"");
    assert_eq!((code, answers.lines().last()), (0, Some("as of 2025-06-01")));
}

#[test]
fn a_scenario_is_added_to_the_only_file_that_there_is() {
    let folder = project();
    let script =
        b"as of 2025-06-01\naction = export\ndestination = DK\nmass = 5 kg\npurposes = {}\n\
        save scenario \"to Denmark\" to policies/act.exeat\n";
    let (code, answers, problems) = exeat(folder.path(), &["repl"], script);
    assert_eq!((code, problems.as_str()), (0, ""), "{answers}");
    let text = fs::read_to_string(folder.path().join("policies/act.exeat")).unwrap();
    assert!(text.starts_with(RULES.trim_end()) && text.len() > RULES.len(), "{text}");
    let (code, answers, _) = exeat(folder.path(), &["test"], b"");
    assert_eq!(code, 0, "{answers}");
    assert!(answers.contains("ok  to Denmark"), "{answers}");
}

#[test]
fn programs_get_an_object_a_line() {
    let folder = project();
    let script =
        b"as of 2025-06-01\naction = export\ndestination = ATT\ndecide\nmass\nlist rules\n";
    let (code, answers, _) = exeat(folder.path(), &["repl", "--format", "json"], script);
    assert_eq!(code, 1);
    let lines: Vec<&str> = answers.lines().collect();
    assert_eq!(lines.len(), 6);
    assert!(lines.iter().all(|line| line.starts_with("{\"schema\":\"exeat.desk/1\",\"line\":\"")));
    assert!(lines[2].contains("\"ok\":false") && lines[2].contains("E0206"), "{}", lines[2]);
    assert!(lines[3].contains("\"schema\":\"exeat.decision/1\""), "{}", lines[3]);
    assert!(lines[4].contains("\"missing\":[\"mass\"]"), "{}", lines[4]);
    assert!(lines[1].contains("\"kind\":\"changed\""), "{}", lines[1]);
}

#[test]
fn what_no_line_can_be_is_refused_and_the_session_goes_on() {
    let folder = project();
    let long = "a".repeat(300 * 1024);
    let nested = "(".repeat(5000);
    let script = [
        b"mass = \x1b[31m5 kg\n".as_slice(),
        b"mass = \xff\xfe\n",
        long.as_bytes(),
        b"\n",
        nested.as_bytes(),
        b"\n\n\nmass = 5 kg\r\nmass\n",
    ]
    .concat();
    let (code, answers, problems) = exeat(folder.path(), &["repl"], &script);
    assert_eq!(code, 1);
    assert!(answers.contains("this line has a control character (U+001B)"), "{answers}");
    assert!(problems.contains("line 2 is not UTF-8 text"), "{problems}");
    assert!(answers.contains("the most that is taken is 262144"), "{answers}");
    assert!(answers.contains("E0102"), "{answers}");
    assert!(answers.trim_end().ends_with("\n5 kg"), "{answers}");
}

#[test]
fn files_that_vanish_or_break_leave_the_session_as_it_was() {
    let folder = project();
    let mut child = Command::new(env!("CARGO_BIN_EXE_exeat"))
        .args(["repl", "--echo"])
        .current_dir(folder.path())
        .env("NO_COLOR", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut answers = std::io::BufReader::new(child.stdout.take().unwrap());
    let mut said = String::new();
    let mut wait_for = |end: &str| {
        use std::io::BufRead as _;
        said.clear();
        while !said.contains(end) {
            assert!(answers.read_line(&mut said).unwrap() > 0, "{said}");
        }
        said.clone()
    };
    let rules = folder.path().join("policies/act.exeat");
    input
        .write_all(b"as of 2025-06-01\naction = export\nmass = 5 kg\nknown_buyer = yes\n")
        .unwrap();
    wait_for("> known_buyer");
    fs::remove_file(&rules).unwrap();
    input.write_all(b"reload\nmass\n").unwrap();
    assert!(wait_for("5 kg").contains("the rules stay as they were before"));
    fs::write(&rules, RULES.replace("section 2(1)\"", "")).unwrap();
    input.write_all(b"reload\npieces = 3\npieces\n").unwrap();
    assert!(wait_for("> pieces\n3").contains("E0103"));
    // A fact that the rules lose is set aside, and comes back with them.
    let without = RULES
        .replace("fact known_buyer : yes_no       ask \"Is the buyer known?\"\n", "")
        .replace("    and   known_buyer\n", "");
    fs::write(&rules, without).unwrap();
    input.write_all(b"reload\nshow\n").unwrap();
    let shown = wait_for("// set aside");
    assert!(
        shown.contains("`known_buyer = yes` does not fit these rules; it is set aside"),
        "{shown}"
    );
    fs::write(&rules, RULES.replace("mass <= 100 kg", "mass <= 3 kg")).unwrap();
    input.write_all(b"reload\nmass\n").unwrap();
    let shown = wait_for("5 kg\n");
    assert!(shown.contains("`known_buyer = yes` fits again"), "{shown}");
    assert!(shown.contains("1 scenario changes"), "{shown}");
    drop(input);
    assert_eq!(child.wait().unwrap().code(), Some(1));
}

/// What the tests can bring about without a disk of their own is that files may have no more than some bytes;
/// the write breaks off at the same place as on a full disk.
#[cfg(unix)]
#[test]
fn where_there_is_no_room_nothing_is_changed_and_the_session_goes_on() {
    let folder = project();
    let long = "x".repeat(1500);
    let script = format!(
        "rule half {{\n    title \"Half\"\n    cite \"{long}\"\n    when mass < 5 kg\n    then permit is notice\n}}\n\
         as of 2025-06-01\naction = export\ndestination = DK\nmass = 3 kg\npurposes = {{}}\n\
         save as policies/half\nsave scenario \"to Denmark\" to policies/act.exeat\ndraft\nmass\n"
    );
    let script_file = folder.path().join("script.txt");
    fs::write(&script_file, script).unwrap();
    let before: Vec<_> = listed(folder.path());
    let output = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 1; exec \"$0\" repl < script.txt"])
        .arg(env!("CARGO_BIN_EXE_exeat"))
        .current_dir(folder.path())
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    let answers = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{answers}");
    for file in ["policies/half.exeat", "policies/act.exeat"] {
        let told = format!("`{file}` cannot be written: the file would be too large");
        assert!(answers.contains(&told), "{answers}");
    }
    let words = answers.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(words.matches("Nothing was changed.").count(), 2, "{answers}");
    assert!(answers.contains("rule half {") && answers.ends_with("\n3 kg\n"), "{answers}");
    assert_eq!(listed(folder.path()), before);
    assert_eq!(fs::read_to_string(folder.path().join("policies/act.exeat")).unwrap(), RULES);
}

/// All files below a folder.
#[cfg(unix)]
fn listed(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(listed(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn the_interview_asks_what_matters_and_keeps_what_was_answered() {
    let folder = project();
    fs::write(
        folder.path().join("answers.txt"),
        "# a small shipment\naction = export\ndestination = Austria\nmass = 80\nas of = 2025-06-01\n",
    )
    .unwrap();
    let arguments = ["ask", "--answers", "answers.txt", "--save", "facts.toml"];
    let (code, answers, problems) = exeat(folder.path(), &arguments, b"");
    assert_eq!((code, problems.as_str()), (0, ""));
    insta::assert_snapshot!(answers);
    let facts = fs::read_to_string(folder.path().join("facts.toml")).unwrap();
    insta::assert_snapshot!(facts);
    let (code, decided, _) = exeat(folder.path(), &["decide", "facts.toml"], b"");
    assert_eq!(code, 0);
    assert!(decided.contains("Permit: notice"), "{decided}");
    let (code, _, problems) = exeat(folder.path(), &arguments, b"");
    assert_eq!(code, 2);
    assert!(problems.contains("there is already a file `facts.toml`"), "{problems}");
}

/// Set to anything, it has the transcript written in place of a complaint.
const UPDATE: &str = "EXEAT_UPDATE_MANUAL";

#[test]
fn the_walk_through_is_answered_as_its_transcript_shows() {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let folder = tempfile::tempdir().unwrap();
    for part in ["policies", "examples"] {
        folders::copy(&root.join(part), &folder.path().join(part));
    }
    let script = fs::read(root.join("examples/desk/five-hundred.txt")).unwrap();
    let (code, answers, problems) = exeat(folder.path(), &["repl", "--echo"], &script);
    assert_eq!((code, problems.as_str()), (0, ""));
    let transcript = root.join("examples/desk/five-hundred.transcript");
    if std::env::var(UPDATE).is_ok() {
        fs::write(&transcript, &answers).unwrap();
    }
    let shown = fs::read_to_string(&transcript).unwrap_or_default();
    assert!(answers == shown, "{answers}\nSet {UPDATE}=1 to have it written.");
    let (code, _, problems) = exeat(folder.path(), &["fmt", "--check"], b"");
    assert_eq!((code, problems.as_str()), (0, ""));
}
