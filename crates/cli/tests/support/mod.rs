//! What the tests of the command share.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// Runs `exeat` in a folder: the exit code, what it answered and what it complained of.
pub(crate) fn exeat(
    folder: impl AsRef<Path>,
    arguments: &[&str],
    input: &[u8],
) -> (i32, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_exeat"))
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The command may end before it has read everything.
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}
