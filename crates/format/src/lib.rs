//! The one layout of rule files: text in, text out, and a proof that nothing was lost.
//!
//! The words of a file stay as they are and in their order; only white space changes, and commas that
//! the grammar leaves to taste (there is none after the values of an enumeration; a list that is
//! broken over lines has one behind its last element, a list on one line has not). Comments keep
//! their order and stay beside the words they stood beside.
//!
//! [`format()`] proves its result each time before it gives it: the same tree, the same comments in the
//! same order, and nothing left to change when it is formatted again.
//!
//! Deliberately absent: options. There is one layout, so that a difference between two versions of a
//! rule file is a difference in what it says.

mod clauses;
mod columns;
mod comments;
mod document;
mod expression;
mod items;
mod proof;
mod words;

use exeat_diagnostics::{Diagnostic, Span, codes};
use exeat_syntax::{Tree, parse};

/// How many columns a line has where it can be broken.
pub const LINE_WIDTH: usize = 100;

/// Comments that move to another line can change which groups fit, so a few rounds may be needed.
const MOST_ROUNDS: usize = 8;

/// The text in the one layout.
///
/// # Errors
/// The problems of a text that does not parse, at their places (the text's first byte has the offset
/// `base`); or one problem if the result would not say the same, in which case nothing must be written.
pub fn format(text: &str, base: u32) -> Result<String, Vec<Diagnostic>> {
    let parsed = parse(text, base);
    if !parsed.diagnostics.is_empty() {
        return Err(parsed.diagnostics);
    }
    let mut current = lay_out(&parsed.tree);
    for _ in 0..MOST_ROUNDS {
        let again = parse(current.as_str(), base);
        if let Some(difference) = proof::difference(&parsed.tree, &again.tree) {
            return Err(vec![refusal(&parsed.tree, &difference)]);
        }
        let next = lay_out(&again.tree);
        if next == current {
            return Ok(current);
        }
        current = next;
    }
    let unstable = proof::Difference {
        at: Span::new(base, base),
        what: "formatting the result once more would change it again".to_owned(),
    };
    Err(vec![refusal(&parsed.tree, &unstable)])
}

/// One round: the tree as text.
fn lay_out(tree: &Tree) -> String {
    comments::weave(tree, &items::lines(tree))
}

fn refusal(tree: &Tree, difference: &proof::Difference) -> Diagnostic {
    let place = difference.at;
    let shown = tree.slice(place).lines().next().unwrap_or("").to_owned();
    let label = if shown.is_empty() { "here".to_owned() } else { format!("at `{shown}`") };
    Diagnostic::error(
        codes::FORMATTER_REFUSED,
        format!("this file cannot be formatted without a change of what it says: {}", difference.what),
        place,
        label,
    )
    .with_help(
        "Nothing was written, and the rules are not at fault. Please report it with the file; moving \
         the comment that stands there to a line of its own usually helps.",
    )
}
