//! The desk at a real pseudo-terminal: what a person sees on the screen.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
#![expect(clippy::disallowed_methods, reason = "these tests make the files that they are about")]

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::process::Command;
use std::time::Duration;

use expectrl::session::{OsSession, Session};
use tempfile::TempDir;

const RULES: &str = include_str!("desk/rules.exeat");
/// After so many reads that bring nothing a test gives up.
const MOST_READS_IN_VAIN: usize = 6_000;

/// A desk at a terminal, with its screen.
struct Seat {
    folder: TempDir,
    session: OsSession,
    screen: vt100::Parser,
}

impl Seat {
    fn new(columns: u16, settings: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("policies")).unwrap();
        fs::write(folder.path().join("policies/act.exeat"), RULES).unwrap();
        Self::at(folder, columns, settings)
    }

    fn at(folder: TempDir, columns: u16, settings: &[(&str, &str)]) -> Self {
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
        session.get_process_mut().set_window_size(columns, 40).unwrap();
        let mut seat = Self { folder, session, screen: vt100::Parser::new(40, columns, 1000) };
        seat.sees("no day>");
        seat
    }

    /// Reads until the screen shows a text.
    fn sees(&mut self, wanted: &str) -> String {
        self.reads_until(&format!("`{wanted}` on the screen"), |seat| {
            seat.shown().contains(wanted)
        });
        self.shown()
    }

    /// Reads until the screen ends with a prompt: a key that is pressed between two prompts is another one.
    fn waits(&mut self, prompt: &str) {
        let wanted = format!("`{prompt}` at the end");
        self.reads_until(&wanted, |seat| seat.shown().trim_end().ends_with(prompt));
    }

    /// Reads until the program has ended.
    fn ends(&mut self) {
        self.reads_until("the end", |seat| !seat.session.get_process().is_alive().unwrap());
    }

    /// Reads until something is so, or nothing has come for so many reads that nothing will.
    fn reads_until(&mut self, wanted: &str, is_so: impl Fn(&Self) -> bool) {
        let mut in_vain = 0;
        while !is_so(self) {
            assert!(in_vain < MOST_READS_IN_VAIN, "there is not {wanted}:\n{}", self.shown());
            in_vain = if self.reads() { 0 } else { in_vain + 1 };
        }
    }

    /// Whether there was something to read; if not, it waits a little.
    fn reads(&mut self) -> bool {
        let mut bytes = [0_u8; 4096];
        match self.session.try_read(&mut bytes) {
            Ok(read) if read > 0 => {
                self.screen.process(bytes.get(..read).unwrap());
                true
            }
            _ => {
                std::thread::sleep(Duration::from_millis(10));
                false
            }
        }
    }

    fn shown(&self) -> String {
        self.screen.screen().contents()
    }

    fn types(&mut self, text: &str) {
        self.session.write_all(text.as_bytes()).unwrap();
        self.session.flush().unwrap();
    }

    /// Types a line and waits for what it shows.
    fn line(&mut self, line: &str, wanted: &str) -> String {
        self.types(&format!("{line}\r"));
        self.sees(wanted)
    }
}

#[test]
fn words_are_completed_from_the_rules() {
    let mut seat = Seat::new(80, &[]);
    seat.types("dest\t");
    seat.sees("no day> destination");
    seat.types(" = aus\t");
    let shown = seat.sees("AT  Austria");
    assert!(shown.contains("AU  Australia"), "{shown}");
    seat.types("tri\t\r");
    seat.sees("no day> destination = AT");
    seat.types("mass = 5 k\t\r");
    seat.sees("no day> mass = 5 kg");
    seat.types("purposes = { mil\t }\r");
    seat.sees("no day> purposes = { military }");
    seat.types("buyer.head\t\r");
    seat.sees("no day> buyer.headquarters\n");
    seat.types("reading neigh\t = se\t\r");
    seat.sees("no day> reading neighbours = sea");
    seat.types("cite small_shipment_\t\r");
    seat.sees("exception goods.act.small_shipment_by_sea");
    seat.types("load pol\t\x03");
    seat.sees("no day> load policies/");
}

#[test]
fn ctrl_c_leaves_the_line_and_ctrl_d_ends_the_session() {
    let mut seat = Seat::new(80, &[]);
    seat.types("rule half {\r    title \"Half\"\r");
    seat.sees("title \"Half\"");
    seat.types("\x03");
    seat.waits("no day>");
    seat.line("mass = 5 kg", "nothing is decided until a day is set");
    seat.line("as of 2025-06-01", "2025-06-01>");
    seat.line("ask", "What is done with the goods?");
    seat.types("\x04");
    seat.sees("the interview has ended");
    seat.waits("2025-06-01>");
    seat.types("\x04");
    seat.ends();
    let history = fs::read_to_string(seat.folder.path().join("history")).unwrap();
    assert!(history.contains("mass = 5 kg"), "{history}");
    let mut again = Seat::at(seat.folder, 80, &[]);
    again.types("\x12mass =");
    again.sees("mass = 5 kg");
}

#[test]
fn an_item_goes_on_over_lines_until_it_is_complete() {
    let mut seat = Seat::new(80, &[]);
    seat.line("as of 2025-06-01", "2025-06-01>");
    seat.line("action = export, destination = AT", "1 fact is asked for, next `mass`");
    seat.types("exception all_of_it to export_needs_a_permit {\r");
    seat.types("title \"All of it\"\rcite \"Draft\"\rwhen mass < 5 kg\rthen permit is free\r");
    seat.types("}\r");
    let shown = seat.sees("tried: exception `all_of_it`");
    assert!(!shown.contains("E01"), "{shown}");
    seat.line("mass = 4 kg", "Permit: undetermined → notice");
    seat.line("what if destination = DE", "Permit: notice → free");
}

#[test]
fn two_hundred_lines_can_be_pasted_at_once() {
    let mut seat = Seat::new(80, &[]);
    let mut pasted = String::from("as of 2025-06-01\naction = export\n");
    for number in 1..=194 {
        let _ = writeln!(pasted, "pieces = {number}");
    }
    pasted.push_str("rule pasted {\n    title \"Pasted\"\n    cite \"x\"\n    when pieces > 193\n");
    pasted.push_str("    then permit is forbidden\n}\n");
    seat.types(&format!("\x1b[200~{pasted}\x1b[201~\r"));
    seat.sees("tried: rule `pasted`");
    seat.line("permit", "because Pasted");
}

#[test]
fn rules_are_read_again_when_they_are_saved_and_the_line_stays() {
    let mut seat = Seat::new(80, &[]);
    seat.line("as of 2025-06-01", "2025-06-01>");
    seat.line("action = export, destination = AT, mass = 80 kg", "notice");
    seat.types("what if mass");
    seat.sees("> what if mass");
    let rules = seat.folder.path().join("policies/act.exeat");
    fs::write(&rules, RULES.replace("mass <= 100 kg", "mass <= 50 kg")).unwrap();
    let shown = seat.sees("1 scenario changes");
    assert!(shown.contains("Permit: notice → permit"), "{shown}");
    seat.line(" = 40 kg", "Permit: permit → notice");
    fs::write(&rules, RULES.replace("mass <= 100 kg", "mass <= 50 stones")).unwrap();
    seat.sees("the rules stay as they were before");
}

#[test]
fn files_that_were_loaded_at_the_prompt_are_read_again_when_they_are_saved_too() {
    let mut seat = Seat::new(80, &[]);
    let other = tempfile::tempdir().unwrap();
    let path = other.path().join("extra.exeat");
    let rules = "edition 2026\n\nmodule extra {\n    title \"Extra\"\n    cite \"X\"\n    use goods.act\n}\n\n\
        rule all_of_it {\n    title \"All of it\"\n    cite \"X\"\n    when mass > 5 kg\n    then permit is forbidden\n}\n";
    fs::write(&path, rules).unwrap();
    seat.line("as of 2025-06-01", "2025-06-01>");
    seat.line("action = export, destination = AT, mass = 80 kg", "notice");
    seat.line(&format!("load {}", path.display()), "Permit: notice → forbidden");
    seat.waits("2025-06-01>");
    // As editors do that keep the old file until the new one is whole.
    let new = other.path().join("extra.new");
    fs::write(&new, rules.replace("5 kg", "90 kg")).unwrap();
    fs::rename(&new, &path).unwrap();
    seat.sees("Permit: forbidden → notice");
    seat.waits("2025-06-01>");
    fs::write(&path, rules.replace("5 kg", "70 stones")).unwrap();
    seat.sees("the rules stay as they were before");
}

#[test]
fn a_narrow_window_can_change_its_width() {
    let mut seat = Seat::new(40, &[]);
    seat.line("as of 2025-06-01", "2025-06-01>");
    seat.session.get_process_mut().set_window_size(100, 40).unwrap();
    seat.screen.screen_mut().set_size(40, 100);
    seat.line("help", "end the session; Ctrl-D does too");
    seat.line("type mass / pieces", "a quantity in kg");
}

#[test]
fn without_colours_nothing_is_coloured_and_a_dumb_terminal_is_told_what_it_lacks() {
    let mut seat = Seat::new(80, &[("NO_COLOR", "1")]);
    seat.line("as of 2025-06-01", "2025-06-01>");
    seat.line("action = transfer", "Permit: undetermined → free");
    seat.waits("2025-06-01>");
    let formatted = seat.screen.screen().contents_formatted();
    let formatted = String::from_utf8_lossy(&formatted);
    assert!(!formatted.contains("[36m") && !formatted.contains("[1m"), "{formatted}");
    let mut seat = Seat::new(80, &[]);
    seat.types("action = export");
    seat.sees("no day> action = export");
    let formatted =
        String::from_utf8_lossy(&seat.screen.screen().contents_formatted()).into_owned();
    assert!(formatted.contains("36;22maction"), "{formatted}");
    let mut seat = Seat::new(80, &[("TERM", "dumb")]);
    seat.sees("there is no completion, no colour, no history and no");
    seat.line("mass = 5 kg", "nothing is decided until a day is set");
}
