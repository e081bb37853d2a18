//! The scenarios and transactions of a text, found without reading it: most of a rule file is examples,
//! and who only decides does not need them.

use std::ops::Range;

use crate::expected::item_words;

/// Words with which items begin and that may stand within an example too; the others cannot, but after a dot.
const ALSO_WITHIN: [&str; 4] = ["reading", "rules", "not", "transaction"];

/// The text with an empty comment in the place of each scenario and of the comments before it, as long as
/// they are, and of what stands in each transaction: its name stays, for `use` may speak of it. So places
/// stay what they are. What stands in an example is not looked at.
///
/// None if it is not certain where each example ends: the text has to be read as a whole then. So nothing
/// but examples is ever taken out.
pub(crate) fn without_examples(text: &str) -> Option<String> {
    let examples = find(text)?;
    let mut left = String::with_capacity(text.len());
    let mut at = 0;
    for example in examples {
        left.push_str(text.get(at..example.start)?);
        left.push_str("//");
        left.extend(std::iter::repeat_n(' ', example.len().checked_sub(SHORTEST)?));
        left.push('\n');
        at = example.end;
    }
    left.push_str(text.get(at..)?);
    Some(left)
}

/// The length of an empty comment with its end of line.
const SHORTEST: usize = 3;

/// What is to be taken out: scenarios with the comments before them, and the inside of transactions.
fn find(text: &str) -> Option<Vec<Range<usize>>> {
    let mut found = Vec::new();
    let mut scan = Scan { text, at: 0 };
    // The depth of brackets, and the first of the comments since the last thing that is none.
    let (mut depth, mut comments) = (0_usize, None);
    let mut after_dot = false;
    while let Some((start, piece)) = scan.next() {
        match piece {
            Piece::Comment => {
                comments.get_or_insert(start);
                continue;
            }
            Piece::Word("scenario") if depth == 0 && !after_dot => {
                found.push(comments.unwrap_or(start)..scan.scenario()?);
            }
            Piece::Word("transaction") if depth == 0 && !after_dot => {
                // Elsewhere the word is a name like others.
                found.extend(scan.transaction().filter(|inside| inside.len() >= SHORTEST));
            }
            Piece::Open => depth = depth.saturating_add(1),
            Piece::Close => depth = depth.checked_sub(1)?,
            Piece::Unclosed => return None,
            Piece::Word(_) | Piece::Text | Piece::Sign(_) => {}
        }
        after_dot = matches!(piece, Piece::Sign(b'.'));
        comments = None;
    }
    (depth == 0).then_some(found)
}

/// A word, text, sign or comment.
enum Piece<'t> {
    Word(&'t str),
    Text,
    Open,
    Close,
    Sign(u8),
    Comment,
    /// A text that is not closed on its line.
    Unclosed,
}

#[derive(Clone, Copy)]
struct Scan<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Scan<'t> {
    /// From behind the word `scenario` to behind its last brace.
    fn scenario(&mut self) -> Option<usize> {
        let (Some((_, Piece::Text)), Some((_, Piece::Open))) = (self.next(), self.next()) else {
            return None;
        };
        self.skip_to_the_end()
    }

    /// What stands between the braces behind the word `transaction`, and passes over it; if no transaction
    /// begins here, nothing is passed over.
    fn transaction(&mut self) -> Option<Range<usize>> {
        let mut ahead = *self;
        let (Some((_, Piece::Word(_))), Some((_, Piece::Open))) = (ahead.next(), ahead.next())
        else {
            return None;
        };
        let start = ahead.at;
        let end = ahead.skip_to_the_end()?.checked_sub(1)?;
        *self = ahead;
        Some(start..end)
    }

    /// From behind an opening brace to behind the one that closes it.
    fn skip_to_the_end(&mut self) -> Option<usize> {
        let mut depth = 1_usize;
        let mut after_dot = false;
        while let Some((_, piece)) = self.next() {
            match piece {
                Piece::Open => depth = depth.saturating_add(1),
                Piece::Close => {
                    depth = depth.checked_sub(1)?;
                    if depth == 0 {
                        return Some(self.at);
                    }
                }
                Piece::Word(word) if !after_dot && begins_an_item(word, self) => return None,
                Piece::Unclosed => return None,
                Piece::Word(_) | Piece::Text | Piece::Sign(_) | Piece::Comment => {}
            }
            after_dot = matches!(piece, Piece::Sign(b'.'));
        }
        None
    }

    /// The next piece, and where it begins.
    fn next(&mut self) -> Option<(usize, Piece<'t>)> {
        let white = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
        let rest = self.text.as_bytes().get(self.at..)?;
        let start = self.at.saturating_add(rest.iter().position(|byte| !white(byte))?);
        let bytes = self.text.as_bytes().get(start..)?;
        let word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        let (length, piece) = match *bytes.first()? {
            b'"' => match text_length(bytes) {
                Some(length) => (length, Piece::Text),
                None => (1, Piece::Unclosed),
            },
            b'/' if bytes.get(1) == Some(&b'/') => {
                (up_to(bytes, |byte| *byte == b'\n'), Piece::Comment)
            }
            b'(' | b'[' | b'{' => (1, Piece::Open),
            b')' | b']' | b'}' => (1, Piece::Close),
            byte if word(&byte) => {
                let length = up_to(bytes, |byte| !word(byte));
                (length, Piece::Word(self.text.get(start..start.saturating_add(length))?))
            }
            byte => (1, Piece::Sign(byte)),
        };
        self.at = start.saturating_add(length);
        Some((start, piece))
    }
}

/// How many bytes stand before the first of that kind.
fn up_to(bytes: &[u8], end: impl Fn(&u8) -> bool) -> usize {
    bytes.iter().position(end).unwrap_or(bytes.len())
}

/// Whether an item begins with the word; `modelled` is a reason only in `(not modelled)`.
fn begins_an_item(word: &str, behind: &Scan<'_>) -> bool {
    if word == "modelled" {
        let rest = behind.text.get(behind.at..).unwrap_or("").trim_start();
        return !rest.starts_with(')');
    }
    item_words().any(|item| item == word) && !ALSO_WITHIN.contains(&word)
}

/// The length of the text at the beginning, quotation marks included.
fn text_length(bytes: &[u8]) -> Option<usize> {
    let mut escaped = false;
    for (at, byte) in bytes.iter().enumerate().skip(1) {
        match byte {
            b'\n' => return None,
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some(at.saturating_add(1)),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: &str = "/// Kept.\nrule a {\n  title \"scenario \\\" {\"\n}\n";

    #[test]
    fn examples_and_the_comments_before_them_become_a_comment() {
        let scenario = "/// Of Ω.\n// And.\nscenario \"} rule\" {\n  given x = us.group(\"D:5\") // }\n  expect y is undetermined (not modelled)\n}";
        let transaction = "transaction sale {\n  given item = { model = \"transaction x {\" }\n}";
        let text = format!("{RULE}{scenario} {RULE}{transaction}{RULE}{scenario}");
        let left = without_examples(&text).unwrap();
        assert_eq!(left.len(), text.len());
        let shown: Vec<&str> = left.lines().filter(|line| line.trim() != "//").collect();
        let kept = format!("{RULE}{RULE}transaction sale {{//\n}}{RULE}");
        let shown = shown.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n");
        assert_eq!(shown.replace(" /// Kept", "/// Kept"), kept.trim_end());
        assert_eq!(left.rfind("rule a"), text.rfind("rule a"));
        assert_eq!(without_examples(RULE).as_deref(), Some(RULE));
        let named = "define a as transaction + 1\n";
        assert_eq!(without_examples(named).as_deref(), Some(named));
    }

    #[test]
    fn a_text_that_is_not_certain_is_left_whole() {
        for text in [
            format!("scenario \"open\" {{\n as of 2025-01-01\n{RULE}}}\n"),
            "scenario \"open\" {\n not modelled gap { title \"t\" } }\n".to_owned(),
            "scenario \"open {\n}\n".to_owned(),
            "scenario { }\n".to_owned(),
            "rule a { } }\nscenario \"s\" { }\n".to_owned(),
            "rule a {\nscenario \"s\" { }\n".to_owned(),
        ] {
            assert_eq!(without_examples(&text), None, "{text}");
        }
        let open = format!("transaction open {{\n{RULE}}}\n");
        assert_eq!(without_examples(&open).as_deref(), Some(open.as_str()));
    }
}
