/// Breaks a text at spaces into lines of at most `width` characters, the first after `first`, the
/// others after spaces of the same width.
///
/// Line breaks in the text are kept, and a word longer than the line stands alone on its line.
pub(super) fn wrap(first: &str, text: &str, width: usize) -> String {
    let margin = first.chars().count();
    let room = width.saturating_sub(margin).max(1);
    let mut lines: Vec<String> = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        let mut used = 0_usize;
        for word in paragraph.split(' ') {
            let length = word.chars().count();
            if used > 0 && used.saturating_add(1).saturating_add(length) > room {
                lines.push(std::mem::take(&mut line));
                used = 0;
            } else if used > 0 {
                line.push(' ');
                used = used.saturating_add(1);
            }
            line.push_str(word);
            used = used.saturating_add(length);
        }
        lines.push(line);
    }
    let rest = format!("\n{}", " ".repeat(margin));
    format!("{first}{}", lines.join(&rest))
}

#[cfg(test)]
mod tests {
    use super::wrap;

    #[test]
    fn lines_break_at_spaces_and_align() {
        let wrapped = wrap("help: ", "one two three four", 14);
        assert_eq!(wrapped, "help: one two\n      three\n      four");
    }

    #[test]
    fn long_words_and_line_breaks_survive() {
        assert_eq!(wrap("x ", "abcdefghij kl\nm", 6), "x abcdefghij\n  kl\n  m");
        assert_eq!(wrap("x ", "", 0), "x ");
    }
}
