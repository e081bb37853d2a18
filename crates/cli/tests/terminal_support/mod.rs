//! A desk at a pseudo-terminal, with what stands on its screen.

use std::io::Write as _;
use std::process::Command;
use std::time::Duration;

use expectrl::session::{OsSession, Session};
use tempfile::TempDir;

/// After so many reads that bring nothing nobody waits any longer: nothing will come.
const MOST_READS_IN_VAIN: usize = 60_000;
/// How long is waited after one that brings nothing: whoever is waited for needs the processors.
const PAUSE: Duration = Duration::from_millis(1);

/// A desk at a terminal, with its screen.
pub(crate) struct Seat {
    pub(crate) folder: TempDir,
    pub(crate) session: OsSession,
    pub(crate) screen: vt100::Parser,
}

impl Seat {
    /// Sits down at a desk in a folder, and waits for its first prompt.
    pub(crate) fn at(
        folder: TempDir,
        (rows, columns): (u16, u16),
        settings: &[(&str, &str)],
    ) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_exeat"));
        command
            .args(["repl", "--history", "history"])
            .current_dir(folder.path())
            .env("TERM", "xterm-256color")
            .env_remove("NO_COLOR");
        for (name, value) in settings {
            command.env(name, value);
        }
        let mut session = Session::spawn(command).unwrap();
        session.get_process_mut().set_window_size(columns, rows).unwrap();
        let mut seat = Self { folder, session, screen: vt100::Parser::new(rows, columns, 1000) };
        seat.reads_until("`no day>` on the screen", |seat| seat.shown().contains("no day>"));
        seat
    }

    /// Reads until the screen ends with a prompt: a key that is pressed between two prompts is another one.
    pub(crate) fn waits(&mut self, prompt: &str) {
        let wanted = format!("`{prompt}` at the end");
        self.reads_until(&wanted, |seat| seat.shown().trim_end().ends_with(prompt));
    }

    /// Reads until something is so, or nothing has come for so many reads that nothing will.
    pub(crate) fn reads_until(&mut self, wanted: &str, is_so: impl Fn(&Self) -> bool) {
        let mut in_vain = 0;
        while !is_so(self) {
            assert!(in_vain < MOST_READS_IN_VAIN, "there is not {wanted}:\n{}", self.shown());
            in_vain = if self.reads() { 0 } else { in_vain + 1 };
        }
    }

    /// Whether there was something to read; if not, it waits a little.
    fn reads(&mut self) -> bool {
        let mut bytes = [0_u8; 8192];
        match self.session.try_read(&mut bytes) {
            Ok(read) if read > 0 => {
                self.screen.process(bytes.get(..read).unwrap());
                true
            }
            _ => {
                std::thread::sleep(PAUSE);
                false
            }
        }
    }

    /// What stands on the screen.
    pub(crate) fn shown(&self) -> String {
        self.screen.screen().contents()
    }

    /// Presses keys.
    pub(crate) fn types(&mut self, text: &str) {
        self.session.write_all(text.as_bytes()).unwrap();
        self.session.flush().unwrap();
    }
}
