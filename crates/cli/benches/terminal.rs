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
#[path = "../tests/folders/mod.rs"]
mod folders;
#[cfg(unix)]
#[path = "../tests/terminal_support/mod.rs"]
mod terminal_support;

#[cfg(unix)]
mod terminal {
    use std::fs;
    use std::path::Path;
    use std::time::{Duration, Instant};

    use super::folders::copy;
    use super::terminal_support::Seat;

    const COLUMNS: u16 = 250;
    const PROMPT: &str = "2025-05-15> ";
    /// How often a key is pressed.
    const KEYS: usize = 200;
    /// How often a file is saved.
    const SAVES: usize = 20;

    /// A desk with all of `policies/`, a day and some facts.
    fn seated() -> Seat {
        let folder = tempfile::tempdir().unwrap();
        let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../policies"));
        copy(root, &folder.path().join("policies"));
        let mut seat = Seat::at(folder, (60, COLUMNS), &[]);
        seat.line("as of 2025-05-15");
        seat.line("action = export, destination = AE, quantity = 5");
        seat
    }

    impl Seat {
        /// Types a line and waits for the next prompt.
        fn line(&mut self, line: &str) {
            self.types(&format!("{line}\r"));
            self.reads_until(line, |seat| seat.shown().contains(line));
            self.waits(PROMPT.trim_end());
        }

        /// Waits until the cursor is in a column.
        fn reaches(&mut self, column: usize) {
            self.reads_until(&format!("column {column}"), |seat| {
                usize::from(seat.screen.screen().cursor_position().1) == column
            });
        }

        /// Presses the keys of a text one after the other behind what stands in the line already.
        fn keys(&mut self, before: &str, text: &str) -> Vec<Duration> {
            self.types(before);
            let mut column = PROMPT.len() + before.len();
            self.reaches(column);
            let mut times = Vec::new();
            for key in text.chars() {
                column += 1;
                let start = Instant::now();
                self.types(&key.to_string());
                self.reaches(column);
                times.push(start.elapsed());
                // Nobody types faster than this.
                std::thread::sleep(Duration::from_millis(20));
            }
            self.types("\x15");
            self.reaches(PROMPT.len());
            times
        }

        /// Saves a rule file and waits for what that changes.
        fn save(&mut self, name: &str, text: &str) -> Duration {
            self.screen.process(b"\x1b[2J");
            let start = Instant::now();
            fs::write(self.folder.path().join(name), text).unwrap();
            self.reads_until("what changes", |seat| {
                let shown = seat.shown();
                shown.contains("scenario changes") || shown.contains("scenarios change")
            });
            let time = start.elapsed();
            self.waits(PROMPT.trim_end());
            time
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
        let mut seat = seated();
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
            (
                "the same, turned around",
                "policies/us/ear/ear.exeat",
                "define abroad as destination not in united_states",
                "define abroad as destination in united_states",
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
