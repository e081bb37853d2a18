//! The scenarios of a text, found without reading it: most of a rule file is examples, and who only
//! decides does not need them.

use std::ops::Range;

/// The keywords that begin items. None of them can stand within a scenario, but after a dot.
const ITEMS: [&str; 17] = [
    "assert",
    "assume",
    "codes",
    "decision",
    "define",
    "edition",
    "enum",
    "exception",
    "fact",
    "group",
    "module",
    "record",
    "rule",
    "scale",
    "scenario",
    "table",
    "unit",
];

/// The text with white space in the place of its scenarios and the comments before them, byte for
/// byte; so places stay what they are. What stands in a scenario is not looked at.
///
/// None if it is not certain where each scenario ends: the text has to be read as a whole then. So
/// nothing but scenarios is ever taken out.
pub(crate) fn without_scenarios(text: &str) -> Option<String> {
    let scenarios = find(text)?;
    let mut left = String::with_capacity(text.len());
    let mut at = 0;
    for scenario in scenarios {
        left.push_str(text.get(at..scenario.start)?);
        left.extend(std::iter::repeat_n(' ', scenario.len()));
        at = scenario.end;
    }
    left.push_str(text.get(at..)?);
    Some(left)
}

/// Where the scenarios are, each with the comments before it.
fn find(text: &str) -> Option<Vec<Range<usize>>> {
    let mut found = Vec::new();
    let mut scan = Scan { text, at: 0 };
    // The depth of brackets, and the first of the comments since the last thing that is none.
    let (mut depth, mut comments) = (0_usize, None);
    let mut after_dot = false;
    while let Some((start, piece)) = scan.next() {
        if let Piece::Comment = piece {
            comments.get_or_insert(start);
            continue;
        }
        match piece {
            Piece::Word("scenario") if depth == 0 && !after_dot => {
                found.push(comments.unwrap_or(start)..scan.scenario()?);
            }
            Piece::Open => depth = depth.saturating_add(1),
            Piece::Close => depth = depth.checked_sub(1)?,
            Piece::Unclosed => return None,
            Piece::Word(_) | Piece::Text | Piece::Sign(_) | Piece::Comment => {}
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

    fn next(&mut self) -> Option<(usize, Piece<'t>)> {
        let rest = self.text.get(self.at..)?;
        let start = self.at.saturating_add(rest.len().saturating_sub(rest.trim_start().len()));
        let rest = rest.trim_start();
        let bytes = rest.as_bytes();
        let word = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
        let (length, piece) = match *bytes.first()? {
            b'"' => match text_length(bytes) {
                Some(length) => (length, Piece::Text),
                None => (1, Piece::Unclosed),
            },
            b'/' if bytes.get(1) == Some(&b'/') => {
                (rest.find('\n').unwrap_or(rest.len()), Piece::Comment)
            }
            b'(' | b'[' | b'{' => (1, Piece::Open),
            b')' | b']' | b'}' => (1, Piece::Close),
            byte if word(&&byte) => {
                let length = bytes.iter().take_while(word).count();
                (length, Piece::Word(rest.get(..length)?))
            }
            byte => (rest.chars().next().map_or(1, char::len_utf8), Piece::Sign(byte)),
        };
        self.at = start.saturating_add(length);
        Some((start, piece))
    }
}

/// Whether an item begins with the word; `modelled` is a reason only in `(not modelled)`.
fn begins_an_item(word: &str, behind: &Scan<'_>) -> bool {
    let rest = behind.text.get(behind.at..).unwrap_or("").trim_start();
    ITEMS.contains(&word) || (word == "modelled" && !rest.starts_with(')'))
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
    fn scenarios_and_the_comments_before_them_become_white_space() {
        let scenario = "/// Of Ω.\n// And.\nscenario \"} rule\" {\n  given x = { group = us.group(\"D:5\") } // }\n  expect y is undetermined (not modelled)\n}\n";
        let text = format!("{RULE}{scenario}{RULE}{scenario}");
        let left = without_scenarios(&text).unwrap();
        assert_eq!(left.len(), text.len());
        assert_eq!(
            left.split_whitespace().collect::<String>(),
            RULE.repeat(2).split_whitespace().collect::<String>()
        );
        assert_eq!(left.rfind("rule a"), text.rfind("rule a"));
        assert_eq!(without_scenarios(RULE).as_deref(), Some(RULE));
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
            assert_eq!(without_scenarios(&text), None, "{text}");
        }
    }
}
