use exeat_diagnostics::{Diagnostic, Span, codes};

/// How deep brackets, conditionals and questions may nest. Recursion over trees stays far from the end of
/// any stack.
pub(crate) const DEEPEST_NESTING: usize = 200;

/// How many signs and words of arithmetic, `not` and the like may work on one value: as each takes what
/// stands before it as its operand, so many trees lie inside each other.
pub(crate) const LONGEST_CHAIN: usize = 300;

/// Looks for nesting that is too deep, before the text is parsed: neither the parser nor what walks its trees
/// has to watch over the stack.
///
/// What is counted is never less than what the grammar nests. A word that could belong to either of two is
/// counted for the one that nests more.
pub(crate) fn check_nesting(text: &str, base: u32) -> Option<Diagnostic> {
    let bytes = text.as_bytes();
    let mut frames = Frames::default();
    let mut at = 0_usize;
    let mut after_dot = false;
    while let Some(byte) = bytes.get(at) {
        let rest = bytes.get(at..).unwrap_or(&[]);
        let mut step = 1;
        let mut is_dot = false;
        match byte {
            b'"' => step = string_length(rest),
            b'/' if rest.get(1) == Some(&b'/') => {
                step = rest.iter().take_while(|b| **b != b'\n').count();
            }
            b'(' | b'[' | b'{' => frames.open(),
            b')' | b']' | b'}' => frames.close(),
            b',' => frames.end_of_expression(),
            b'.' => is_dot = true,
            b'+' | b'-' | b'*' | b'/' => frames.chain(),
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => {
                step = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
                // After a dot each word is a name.
                if !after_dot {
                    frames.word(text.get(at..at.saturating_add(step)).unwrap_or(""));
                }
            }
            b' ' | b'\t' | b'\r' | b'\n' => is_dot = after_dot,
            _ => {}
        }
        if let Some(what) = frames.too_deep() {
            let offset = base.saturating_add(u32::try_from(at).unwrap_or(u32::MAX));
            return Some(
                Diagnostic::error(
                    codes::NESTED_TOO_DEEPLY,
                    what,
                    Span::new(offset, offset.saturating_add(1)),
                    "the limit is passed here",
                )
                .with_help("Give the inner part a name with `define` and use the name here."),
            );
        }
        after_dot = is_dot;
        at = at.saturating_add(step.max(1));
    }
    None
}

/// What is open at a place: a frame for each bracket, and one for all that stands in none.
#[derive(Default)]
struct Frames {
    outer: Vec<Frame>,
    here: Frame,
    /// Conditionals and questions that are open in all frames together.
    words: usize,
}

#[derive(Clone, Copy, Default)]
struct Frame {
    /// Conditionals and questions, which reach to the end of their expression.
    words: usize,
    /// How many operators work on one value so far, those inside its brackets included.
    chain: usize,
    /// The most of that in the parts of the bracket before.
    longest: usize,
}

impl Frames {
    fn open(&mut self) {
        self.outer.push(self.here);
        self.here = Frame::default();
    }

    fn close(&mut self) {
        self.end_of_expression();
        let inside = self.here.longest;
        // A bracket too many: the parser will say so.
        self.here = self.outer.pop().unwrap_or_default();
        self.here.chain = self.here.chain.max(inside);
    }

    fn chain(&mut self) {
        self.here.chain = self.here.chain.saturating_add(1);
    }

    /// A new operand begins, beside the one before and not inside it.
    fn beside(&mut self) {
        self.here.longest = self.here.longest.max(self.here.chain);
        self.here.chain = 0;
    }

    fn end_of_expression(&mut self) {
        self.beside();
        self.words = self.words.saturating_sub(self.here.words);
        self.here.words = 0;
    }

    fn word(&mut self, word: &str) {
        match word {
            "if" | "any" | "every" | "no" => {
                self.here.words = self.here.words.saturating_add(1);
                self.words = self.words.saturating_add(1);
            }
            "not" | "union" | "intersect" | "without" | "sum" | "count" | "largest"
            | "smallest" | "year" | "quarter" | "month" | "day" | "list" | "set" | "of" => {
                self.chain();
            }
            "and" | "or" | "then" | "else" | "where" => self.beside(),
            _ if ends_an_expression(word) => self.end_of_expression(),
            _ => {}
        }
    }

    fn too_deep(&self) -> Option<String> {
        if self.outer.len().saturating_add(self.words) > DEEPEST_NESTING {
            Some(format!("this is nested more than {DEEPEST_NESTING} deep"))
        } else if self.here.chain > LONGEST_CHAIN {
            Some(format!("more than {LONGEST_CHAIN} operators work on one value here"))
        } else {
            None
        }
    }
}

/// Whether no expression goes on behind the word: it begins a clause or an item, and is never a name.
/// Words that are names in some places are left out; those of the rest that stand between two expressions
/// are enough to tell them apart.
fn ends_an_expression(word: &str) -> bool {
    matches!(
        word,
        "accepted"
            | "as"
            | "assert"
            | "assume"
            | "because"
            | "cite"
            | "decision"
            | "define"
            | "duty"
            | "enum"
            | "exception"
            | "expect"
            | "fact"
            | "from"
            | "given"
            | "group"
            | "otherwise"
            | "reading"
            | "record"
            | "row"
            | "rule"
            | "scale"
            | "scenario"
            | "table"
            | "through"
            | "title"
            | "unit"
            | "until"
            | "when"
    )
}

/// The length of the string at the beginning; 1 if it is not closed on its line.
fn string_length(bytes: &[u8]) -> usize {
    let mut escaped = false;
    for (at, byte) in bytes.iter().enumerate().skip(1) {
        match byte {
            b'\n' => return 1,
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at.saturating_add(1),
            _ => {}
        }
    }
    1
}

#[cfg(test)]
mod tests {
    use exeat_diagnostics::codes;

    use super::{DEEPEST_NESTING, LONGEST_CHAIN, check_nesting};
    use crate::{Expression, parse_expression, parse_type};

    /// Texts with something `count` times, each nesting in its own way.
    fn nested(count: usize) -> Vec<String> {
        let (times, inside) = (|text: &str| text.repeat(count), "a");
        vec![
            format!("{}{inside}{}", times("("), times(")")),
            format!("{}{inside}{}", times("f("), times(")")),
            format!("{}{inside}{}", times("[b, "), times("]")),
            format!("{}{inside}", times("if a and b then (c) else ")),
            format!("{}{inside}{}", times("if "), times(" then b else c")),
            format!("{}x.{inside}", times("no x in y where x.when and ")),
            format!("{}{inside}{}", times("every x in y where ("), times(")")),
        ]
    }

    fn chained(count: usize) -> Vec<String> {
        let times = |text: &str| text.repeat(count);
        vec![
            format!("{}a", times("not ")),
            format!("{}a", times("- ")),
            format!("a{}", times(" + 1")),
            format!("a{}", times(" * (b)")),
            format!("a{}", times(" union b")),
            format!("{}a", times("sum of ")),
        ]
    }

    fn refused(text: &str) -> bool {
        let code = check_nesting(text, 0).map(|problem| problem.code);
        assert!(code.is_none_or(|code| code == codes::NESTED_TOO_DEEPLY));
        code.is_some()
    }

    #[test]
    fn what_is_within_the_limit_is_read_on_the_stack_of_a_thread() {
        for text in nested(DEEPEST_NESTING / 2).into_iter().chain(chained(LONGEST_CHAIN / 2)) {
            let parsed = parse_expression(text.as_str(), 0);
            let unread = [codes::SYNTAX_ERROR, codes::NESTED_TOO_DEEPLY];
            let found = parsed.diagnostics.iter().find(|problem| unread.contains(&problem.code));
            assert_eq!(found, None, "{text}");
            let node = parsed.tree.root().nodes().next().unwrap();
            assert_eq!(Expression::of(node), Expression::of(node));
        }
    }

    #[test]
    fn what_is_beyond_it_is_refused_before_it_is_read() {
        for text in nested(DEEPEST_NESTING + 1).into_iter().chain(chained(LONGEST_CHAIN + 1)) {
            assert!(refused(&text), "{text}");
        }
        let lists = format!("{}number", "list of ".repeat(LONGEST_CHAIN));
        assert!(parse_type(lists.as_str(), 0).has_errors());
        // Chains inside chains add up.
        let mut text = "a".to_owned();
        for _ in 0..20 {
            text = format!("({text}{})", " + 1".repeat(20));
        }
        assert!(refused(&text));
    }

    #[test]
    fn long_and_flat_texts_are_not_deep() {
        let times = |text: &str| text.repeat(5 * LONGEST_CHAIN);
        for text in [
            format!("a{}", times(" and not b and (c + 1) < d")),
            format!("[a{}]", times(", if b then c else d")),
            times("define x as if a then b else c\n"),
            times("fact x : list of number ask \"if if if if\" // if if\n"),
            times("rule x { when no y in z where y.if  when a + b < c }\n"),
            times("x.if.no.not "),
        ] {
            assert!(!refused(&text), "{}", text.get(..80).unwrap_or(&text));
        }
    }
}
