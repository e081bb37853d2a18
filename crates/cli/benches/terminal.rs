//! What a person at the desk waits for, at a pseudo-terminal with all of `policies/`: from a key to the screen
//! that shows it, and from a saved file to what it changes. `cargo bench -p exeat-cli --bench terminal`.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark may fail loudly")]
#![expect(
    clippy::disallowed_methods,
    reason = "a benchmark reads the clock and makes the files that it needs"
)]

#[cfg(unix)]
fn main() {
    terminal::run();
}

#[cfg(not(unix))]
fn main() {
    println!("there are no pseudo-terminals here");
}

#[cfg(unix)]
mod terminal {
    use std::fs;
    use std::io::Write as _;
    use std::path::Path;
    use std::process::Command;
    use std::time::{Duration, Instant};

    use expectrl::session::{OsSession, Session};
    use tempfile::TempDir;

    const COLUMNS: u16 = 250;
    const PROMPT: &str = "2025-05-15> ";
    /// How often a key is pressed.
    const KEYS: usize = 200;
    /// How often a file is saved.
    const SAVES: usize = 20;
    /// Nothing takes so long.
    const TOO_LONG: Duration = Duration::from_mins(1);

    struct Seat {
        folder: TempDir,
        session: OsSession,
        screen: vt100::Parser,
    }

    impl Seat {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../policies"));
            copy(root, &folder.path().join("policies"));
            let mut command = Command::new(env!("CARGO_BIN_EXE_exeat"));
            command
                .args(["repl", "--history", "history"])
                .current_dir(folder.path())
                .env("TERM", "xterm-256color")
                .env_remove("NO_COLOR");
            let mut session = Session::spawn(command).unwrap();
            session.get_process_mut().set_window_size(COLUMNS, 60).unwrap();
            let mut seat = Self { folder, session, screen: vt100::Parser::new(60, COLUMNS, 0) };
            seat.reads_until(|screen| screen.contents().contains("no day> "));
            seat.line("as of 2025-05-15");
            seat.line("action = export, destination = AE, quantity = 5");
            seat
        }

        fn types(&mut self, text: &str) {
            self.session.write_all(text.as_bytes()).unwrap();
            self.session.flush().unwrap();
        }

        /// Types a line and waits for the next prompt.
        fn line(&mut self, line: &str) {
            self.types(&format!("{line}\r"));
            let shown = |screen: &vt100::Screen| {
                screen.contents().contains(line)
                    && screen.contents().trim_end().ends_with(PROMPT.trim_end())
            };
            self.reads_until(shown);
        }

        fn reads_until(&mut self, is_so: impl Fn(&vt100::Screen) -> bool) -> Duration {
            let start = Instant::now();
            let mut bytes = [0_u8; 8192];
            let mut so = is_so(self.screen.screen());
            while !so {
                match self.session.try_read(&mut bytes) {
                    Ok(read) if read > 0 => {
                        self.screen.process(bytes.get(..read).unwrap());
                        so = is_so(self.screen.screen());
                    }
                    // Whoever is measured needs the processors.
                    _ => std::thread::sleep(Duration::from_micros(200)),
                }
                assert!(start.elapsed() < TOO_LONG, "{}", self.screen.screen().contents());
            }
            start.elapsed()
        }

        /// Presses the keys of a text one after the other behind what stands in the line already.
        fn keys(&mut self, before: &str, text: &str) -> Vec<Duration> {
            self.types(before);
            let mut column = PROMPT.len() + before.len();
            let is_at = |column: usize| {
                move |screen: &vt100::Screen| usize::from(screen.cursor_position().1) == column
            };
            self.reads_until(is_at(column));
            let mut times = Vec::new();
            for key in text.chars() {
                column += 1;
                let start = Instant::now();
                self.types(&key.to_string());
                self.reads_until(is_at(column));
                times.push(start.elapsed());
                // Nobody types faster than this.
                std::thread::sleep(Duration::from_millis(20));
            }
            self.types("\x15");
            self.reads_until(is_at(PROMPT.len()));
            times
        }

        /// Saves a rule file and waits for what that changes.
        fn save(&mut self, name: &str, text: &str) -> Duration {
            self.screen.process(b"\x1b[2J");
            let start = Instant::now();
            fs::write(self.folder.path().join(name), text).unwrap();
            let told = |screen: &vt100::Screen| {
                let shown = screen.contents();
                shown.contains("scenario changes") || shown.contains("scenarios change")
            };
            self.reads_until(told);
            let time = start.elapsed();
            self.reads_until(|screen| screen.contents().trim_end().ends_with(PROMPT.trim_end()));
            time
        }
    }

    fn copy(from: &Path, to: &Path) {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let path = entry.unwrap().path();
            let target = to.join(path.file_name().unwrap());
            if path.is_dir() {
                copy(&path, &target);
            } else {
                fs::copy(&path, &target).unwrap();
            }
        }
    }

    fn tell(what: &str, mut times: Vec<Duration>) {
        times.sort();
        let at = |percent: usize| {
            let time = times.get(times.len() * percent / 100).or(times.last()).unwrap();
            time.as_secs_f64() * 1000.0
        };
        println!(
            "{what:<60} median {:>7.1} ms   99 of 100 within {:>7.1} ms   ({} times)",
            at(50),
            at(99),
            times.len()
        );
    }

    fn pressed(seat: &mut Seat, before: &str, text: &str) -> Vec<Duration> {
        let mut times = Vec::new();
        while times.len() < KEYS {
            times.extend(seat.keys(before, text));
        }
        times
    }

    pub(crate) fn run() {
        let mut seat = Seat::new();
        let word = "destination = ";
        tell("a key at the beginning of a line", pressed(&mut seat, "", word));
        let long = "what if action = reexport, quantity = 100, destination = AE, ".to_owned()
            + &"designer_status = approved, exporter_is_fabricator = no, ".repeat(2);
        tell("a key in a long line", pressed(&mut seat, &long, "consignee.headquarters = "));
        tell("a key in a rule", pressed(&mut seat, "rule half { when ", "destination in { AE, "));

        let edits = [
            (
                "words in a comment",
                "policies/us/ear/ai_diffusion.exeat",
                "edition 2026",
                "// A note.\nedition 2026",
            ),
            (
                "a rule for the EU",
                "policies/eu/sanctions.exeat",
                "destination is RU",
                "destination is US",
            ),
            (
                "a rule of the US that reaches many scenarios",
                "policies/us/ear/ai_diffusion.exeat",
                "    and   abroad\n    and   action in",
                "    and   not abroad\n    and   action in",
            ),
            (
                "a define that everything reaches",
                "policies/us/ear/ear.exeat",
                "define abroad as destination not in united_states",
                "define abroad as not (destination in united_states)",
            ),
        ];
        for (what, name, old, new) in edits {
            let text = fs::read_to_string(seat.folder.path().join(name)).unwrap();
            let edited = text.replacen(old, new, 1);
            assert!(edited != text, "there is no `{old}` in {name}");
            let save =
                |at: usize| seat.save(name, if at.is_multiple_of(2) { &edited } else { &text });
            tell(&format!("saved: {what}"), (0..SAVES).map(save).collect());
        }
    }
}
