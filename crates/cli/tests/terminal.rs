//! The desk at a real pseudo-terminal: what a person sees on the screen.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
#![expect(clippy::disallowed_methods, reason = "these tests make the files that they are about")]

mod terminal_support;

use std::fmt::Write as _;
use std::fs;

use terminal_support::Seat;

const RULES: &str = include_str!("desk/rules.exeat");
const ROWS: u16 = 40;

/// A desk with the rules of the tests.
fn seated(columns: u16, settings: &[(&str, &str)]) -> Seat {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("policies")).unwrap();
    fs::write(folder.path().join("policies/act.exeat"), RULES).unwrap();
    Seat::at(folder, (ROWS, columns), settings)
}

impl Seat {
    /// Reads until the screen shows a text.
    fn sees(&mut self, wanted: &str) -> String {
        self.reads_until(&format!("`{wanted}` on the screen"), |seat| {
            seat.shown().contains(wanted)
        });
        self.shown()
    }

    /// Reads until the program has ended.
    fn ends(&mut self) {
        self.reads_until("the end", |seat| !seat.session.get_process().is_alive().unwrap());
    }

    /// Types a line and waits for what it shows.
    fn line(&mut self, line: &str, wanted: &str) -> String {
        self.types(&format!("{line}\r"));
        self.sees(wanted)
    }
}

#[test]
fn words_are_completed_from_the_rules() {
    let mut seat = seated(80, &[]);
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
    let mut seat = seated(80, &[]);
    seat.types("rule half {\r    title \"Half\"\r");
    seat.sees("title \"Half\"");
    seat.types("\x03");
    seat.waits("no day>");
    seat.line("mass = 5 kg", "nothing is decided until a day is set");
    seat.line("as of 2025-06-01", "2025-06-01>");
    seat.line("ask", "What is done with the goods?");
    seat.waits(">");
    seat.types("\x04");
    seat.sees("the interview has ended");
    seat.waits("2025-06-01>");
    seat.types("\x04");
    seat.ends();
    let history = fs::read_to_string(seat.folder.path().join("history")).unwrap();
    assert!(history.contains("mass = 5 kg"), "{history}");
    let mut again = Seat::at(seat.folder, (ROWS, 80), &[]);
    again.types("\x12mass =");
    again.sees("mass = 5 kg");
}

#[test]
fn an_item_goes_on_over_lines_until_it_is_complete() {
    let mut seat = seated(80, &[]);
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
    let mut seat = seated(80, &[]);
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
    let mut seat = seated(80, &[]);
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
    let mut seat = seated(80, &[]);
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
    let mut seat = seated(40, &[]);
    seat.line("as of 2025-06-01", "2025-06-01>");
    seat.session.get_process_mut().set_window_size(100, 40).unwrap();
    seat.screen.screen_mut().set_size(40, 100);
    seat.line("help", "end the session; Ctrl-D does too");
    seat.line("type mass / pieces", "a quantity in kg");
}

#[test]
fn without_colours_nothing_is_coloured_and_a_dumb_terminal_is_told_what_it_lacks() {
    let mut seat = seated(80, &[("NO_COLOR", "1")]);
    seat.line("as of 2025-06-01", "2025-06-01>");
    seat.line("action = transfer", "Permit: undetermined → free");
    seat.waits("2025-06-01>");
    let formatted = seat.screen.screen().contents_formatted();
    let formatted = String::from_utf8_lossy(&formatted);
    assert!(!formatted.contains("[36m") && !formatted.contains("[1m"), "{formatted}");
    let mut seat = seated(80, &[]);
    seat.types("action = export");
    seat.sees("no day> action = export");
    let formatted =
        String::from_utf8_lossy(&seat.screen.screen().contents_formatted()).into_owned();
    assert!(formatted.contains("36;22maction"), "{formatted}");
    let mut seat = seated(80, &[("TERM", "dumb")]);
    seat.sees("there is no completion, no colour, no history and no");
    seat.line("mass = 5 kg", "nothing is decided until a day is set");
}
