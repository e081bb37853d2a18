//! Text broken into lines for a narrow window.

/// How wide a line is at most, unless a single word is wider.
const WIDTH: usize = 80;

/// A space at which no line ends.
const NO_BREAK: char = '\u{a0}';

/// A text that stays on one line.
pub(super) fn unbroken(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(&NO_BREAK.to_string())
}

/// A text in which every space is an ordinary one.
pub(super) fn broken(text: &str) -> String {
    text.replace(NO_BREAK, " ")
}

/// A text in lines: the first begins after `indent` spaces, the others after `hanging`.
pub(super) fn wrapped(text: &str, indent: usize, hanging: usize) -> String {
    let mut lines = String::new();
    let mut line = " ".repeat(indent);
    let mut empty = true;
    for word in text.split_ascii_whitespace() {
        let width = line.chars().count().saturating_add(word.chars().count());
        if !empty && width.saturating_add(1) > WIDTH {
            lines.push_str(&line);
            lines.push('\n');
            line = " ".repeat(hanging);
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    lines.push_str(&line);
    lines.push('\n');
    broken(&lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_as_wide_as_they_may_be_and_no_wider() {
        let word = "x".repeat(19);
        let text = [word.as_str(); 5].join(" ");
        let shown = wrapped(&text, 1, 3);
        let widths: Vec<usize> = shown.lines().map(|line| line.chars().count()).collect();
        assert_eq!(widths, [80, 22]);
        assert_eq!(wrapped(&"y".repeat(100), 2, 4).lines().count(), 1);
        assert_eq!(wrapped("", 0, 0), "\n");
        let cite = format!("{word} {word} {word} [{}]", unbroken("15 CFR 742.6(a)(6)(iii)"));
        assert_eq!(wrapped(&cite, 0, 2).lines().nth(1), Some("  [15 CFR 742.6(a)(6)(iii)]"));
    }
}
