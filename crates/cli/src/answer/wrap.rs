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

/// A text with colours in it, of which each line that is too wide goes on further to the right in the next.
pub(super) fn fitted(text: &str) -> String {
    let mut fitting = String::new();
    for line in text.lines() {
        let plain = anstream::adapter::strip_str(line).to_string();
        if plain.chars().count() <= WIDTH {
            fitting.push_str(line);
            fitting.push('\n');
            continue;
        }
        let indent = plain.chars().take_while(|c| *c == ' ').count();
        let mut used = 0_usize;
        let pieces = line.split_inclusive(' ');
        for piece in pieces {
            let width = anstream::adapter::strip_str(piece.trim_end()).to_string().chars().count();
            if used.saturating_add(width) > WIDTH && used > indent {
                let kept = fitting.trim_end_matches(' ').len();
                fitting.truncate(kept);
                fitting.push('\n');
                fitting.push_str(&" ".repeat(indent.saturating_add(4)));
                used = indent.saturating_add(4);
            }
            let whole = anstream::adapter::strip_str(piece).to_string().chars().count();
            fitting.push_str(piece);
            used = used.saturating_add(whole);
        }
        fitting.push('\n');
    }
    fitting
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wide_line_with_colours_goes_on_in_the_next() {
        let line =
            format!("  \x1b[1m{}\x1b[0m  \x1b[2m{}\x1b[0m", "a b".repeat(20), "cd ".repeat(10));
        let shown = fitted(&line);
        let plain = anstream::adapter::strip_str(&shown).to_string();
        assert!(plain.lines().all(|line| line.chars().count() <= 80), "{plain}");
        let words = |text: &str| text.split_whitespace().collect::<String>();
        assert_eq!(words(&shown), words(&line));
        assert_eq!(fitted("short\n"), "short\n");
        assert_eq!(fitted(&"z".repeat(100)), "z".repeat(100) + "\n");
    }

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
