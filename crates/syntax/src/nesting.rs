use exeat_diagnostics::{Diagnostic, Span, codes};

/// How deep brackets and conditionals may nest. Recursion over trees stays far from the end of any stack.
pub(crate) const DEEPEST_NESTING: usize = 200;

/// Looks for nesting that is too deep, before the text is parsed.
pub(crate) fn check_nesting(text: &str, base: u32) -> Option<Diagnostic> {
    let bytes = text.as_bytes();
    let mut depth = 0_usize;
    // `if`, quantifiers, `of` and `not` nest without brackets; they are counted within an item.
    let mut words = 0_usize;
    let mut at = 0_usize;
    while let Some(byte) = bytes.get(at) {
        let mut step = 1;
        match byte {
            b'"' => step = string_length(bytes.get(at..).unwrap_or(&[])),
            b'/' if bytes.get(at.saturating_add(1)) == Some(&b'/') => {
                step = bytes.get(at..).unwrap_or(&[]).iter().take_while(|b| **b != b'\n').count();
            }
            b'(' | b'[' | b'{' => depth = depth.saturating_add(1),
            b')' | b']' | b'}' => {
                depth = depth.saturating_sub(1);
                words = 0;
            }
            b'\n' if depth == 0 => words = 0,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => {
                step = bytes
                    .get(at..)
                    .unwrap_or(&[])
                    .iter()
                    .take_while(|b| b.is_ascii_alphanumeric() || **b == b'_')
                    .count();
                match text.get(at..at.saturating_add(step)) {
                    Some(
                        "if" | "any" | "every" | "sum" | "count" | "largest" | "smallest" | "list"
                        | "set" | "of",
                    ) => words = words.saturating_add(1),
                    Some("when" | "and" | "or" | "given" | "expect" | "row" | "as") => words = 0,
                    _ => {}
                }
            }
            _ => {}
        }
        if depth > DEEPEST_NESTING || words > DEEPEST_NESTING {
            let offset = base.saturating_add(u32::try_from(at).unwrap_or(u32::MAX));
            let message = format!("this is nested more than {DEEPEST_NESTING} deep");
            return Some(
                Diagnostic::error(
                    codes::NESTED_TOO_DEEPLY,
                    message,
                    Span::new(offset, offset.saturating_add(1)),
                    "the limit is passed here",
                )
                .with_help("Give the inner part a name with `define` and use the name here."),
            );
        }
        at = at.saturating_add(step.max(1));
    }
    None
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
