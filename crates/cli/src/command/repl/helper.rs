//! What the line editor asks while a line is typed: colours, completion, hints, whether it is complete.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use exeat_desk::{Desk, Gather, coloured};
use rustyline::completion::{Completer, FilenameCompleter, Pair};
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::Hinter;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Context, Helper};

use crate::answer::desk::paint;

/// How much of a title stands beside a candidate.
const LONGEST_TITLE: usize = 40;
/// From how many bytes on a line is not coloured word by word.
const LONGEST_COLOURED: usize = 16 * 1024;

/// The desk, shared with whoever reads rules again while a line is typed.
pub(crate) type Shared = Arc<Mutex<Desk>>;

/// The desk; what a thread that broke off left behind is whole, since lines change it at their end.
pub(crate) fn lock(desk: &Shared) -> MutexGuard<'_, Desk> {
    desk.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What the line editor asks.
pub(crate) struct DeskHelper {
    pub(crate) desk: Shared,
    pub(crate) files: FilenameCompleter,
    pub(crate) colour: bool,
}

impl Helper for DeskHelper {}

impl Completer for DeskHelper {
    type Candidate = Pair;

    fn complete(
        &self,
        line: &str,
        pos: usize,
        _: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Pair>)> {
        let completion = lock(&self.desk).complete(line, pos);
        if completion.files {
            return self.files.complete_path(line, pos);
        }
        let pairs = completion.candidates.into_iter().map(|one| {
            let title: String = one.title.chars().take(LONGEST_TITLE).collect();
            let display =
                if title.is_empty() { one.text.clone() } else { format!("{}  {title}", one.text) };
            Pair { display, replacement: one.text }
        });
        Ok((completion.start, pairs.collect()))
    }
}

impl Hinter for DeskHelper {
    type Hint = String;

    fn hint(&self, line: &str, pos: usize, _: &Context<'_>) -> Option<String> {
        if pos < line.len() || line.len() > LONGEST_COLOURED {
            return None;
        }
        // While rules are read again a key must not wait for them.
        let desk = self.desk.try_lock().ok()?;
        desk.hint(line)
    }
}

impl Highlighter for DeskHelper {
    fn highlight<'l>(&self, line: &'l str, _: usize) -> Cow<'l, str> {
        if !self.colour || line.len() > LONGEST_COLOURED {
            return Cow::Borrowed(line);
        }
        let desk = self.desk.try_lock().ok();
        let asking = desk.as_ref().is_some_and(|desk| desk.is_asking());
        if asking {
            return Cow::Borrowed(line);
        }
        let pieces = coloured(line, desk.as_deref());
        Cow::Owned(pieces.into_iter().map(|(text, colour)| paint(text, colour)).collect())
    }

    fn highlight_prompt<'b, 's: 'b, 'p: 'b>(&'s self, prompt: &'p str, _: bool) -> Cow<'b, str> {
        if self.colour {
            Cow::Owned(format!("\x1b[1m{prompt}\x1b[0m"))
        } else {
            Cow::Borrowed(prompt)
        }
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        if self.colour { Cow::Owned(format!("\x1b[2m{hint}\x1b[0m")) } else { Cow::Borrowed(hint) }
    }

    fn highlight_char(&self, _: &str, _: usize, kind: CmdKind) -> bool {
        self.colour && kind != CmdKind::MoveCursor
    }
}

impl Validator for DeskHelper {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        let desk = lock(&self.desk);
        let mut gather = Gather::default();
        for line in context.input().split('\n') {
            let _ = gather.push(&desk, line);
        }
        Ok(if gather.is_waiting() {
            ValidationResult::Incomplete
        } else {
            ValidationResult::Valid(None)
        })
    }
}
