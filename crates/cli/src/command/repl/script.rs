//! Lines from a pipe, a file or the arguments.

use std::io::BufRead;

use exeat_desk::{Desk, Gather};
use exeat_diagnostics::{Diagnostic, Severity, codes};

use super::Shower;

/// A line of a script.
pub(crate) enum Line {
    Read(String),
    Unreadable(Diagnostic),
}

/// Answers lines until there are no more; 1 if any of them was wrong.
pub(crate) fn run(
    desk: &mut Desk,
    lines: &mut dyn Iterator<Item = Line>,
    shower: &Shower<'_>,
) -> u8 {
    let mut gather = Gather::default();
    let mut code = 0;
    loop {
        let whole = match lines.next() {
            Some(Line::Read(line)) => match gather.push(desk, line.trim_end_matches('\r')) {
                Some(whole) => whole,
                None => continue,
            },
            Some(Line::Unreadable(problem)) => {
                shower.output.problem(problem);
                code = super::super::FINDINGS;
                continue;
            }
            None => match gather.take() {
                Some(rest) => rest,
                None => return code,
            },
        };
        if whole.trim().is_empty() && !desk.is_asking() {
            continue;
        }
        let reply = desk.run(&whole);
        shower.show(&whole, &reply, desk);
        if !reply.is_sound() {
            code = super::super::FINDINGS;
        }
        if reply.quit {
            return code;
        }
    }
}

/// The lines of a stream; one that is not UTF-8 is a problem of its own.
pub(crate) fn lines(stream: &mut dyn BufRead) -> impl Iterator<Item = Line> {
    let mut number = 0_usize;
    std::iter::from_fn(move || {
        let mut bytes = Vec::new();
        number = number.saturating_add(1);
        stream.read_until(b'\n', &mut bytes).ok().filter(|read| *read > 0)?;
        if bytes.last() == Some(&b'\n') {
            bytes.pop();
        }
        Some(String::from_utf8(bytes).map_or_else(
            |_| {
                let message = format!("line {number} is not UTF-8 text, and is passed over");
                Line::Unreadable(
                    Diagnostic::unplaced(codes::NOT_UTF8, Severity::Error, message)
                        .with_help("Save the script as UTF-8 in your editor."),
                )
            },
            Line::Read,
        ))
    })
}
