//! Lines put together to what belongs together: an item of several lines is one thing.

use exeat_syntax::{Kind, words};

use crate::desk::Desk;

/// How many empty lines in a row end what is not complete.
const EMPTY_LINES: usize = 2;

/// Lines that wait for their end.
#[derive(Clone, Debug, Default)]
pub struct Gather {
    text: String,
    /// How many braces and parentheses are open.
    open: usize,
    empty: usize,
}

impl Gather {
    /// Whether lines wait for their end.
    pub fn is_waiting(&self) -> bool {
        !self.text.is_empty()
    }

    /// Adds a line; gives all lines that belong together once they are complete.
    pub fn push(&mut self, desk: &Desk, line: &str) -> Option<String> {
        if self.text.is_empty() && desk.is_asking() {
            return Some(line.to_owned());
        }
        if self.is_waiting() {
            self.text.push('\n');
        }
        self.text.push_str(line);
        self.empty = if line.trim().is_empty() { self.empty.saturating_add(1) } else { 0 };
        self.count(line);
        // What cannot be taken is refused at once.
        let foreign = line.chars().any(|c| c.is_control() && c != '\t' && c != '\r');
        let ended = self.empty >= EMPTY_LINES || self.text.len() > LONGEST || foreign;
        let waits = self.open > 0 || desk.is_incomplete(&self.text);
        if waits && !ended && !self.text.trim().is_empty() { None } else { self.take() }
    }

    /// All lines that wait, complete or not.
    pub fn take(&mut self) -> Option<String> {
        let gathered = std::mem::take(self);
        (!gathered.text.is_empty()).then_some(gathered.text)
    }

    /// Texts in quotation marks end with their line, so each line can be counted by itself.
    fn count(&mut self, line: &str) {
        for token in words(line).iter().filter(|token| token.kind == Kind::other_sign) {
            let at = usize::try_from(token.span.start).unwrap_or(usize::MAX);
            match line.get(at..).and_then(|rest| rest.chars().next()) {
                Some('{' | '(' | '[') => self.open = self.open.saturating_add(1),
                Some('}' | ')' | ']') => self.open = self.open.saturating_sub(1),
                _ => {}
            }
        }
    }
}

/// Beyond so many bytes nothing is waited for.
const LONGEST: usize = 256 * 1024;
