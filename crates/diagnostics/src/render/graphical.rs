use miette::{GraphicalReportHandler, GraphicalTheme, ThemeCharacters, ThemeStyles};

use super::miette_adapter::{Drawn, Sources};
use super::place::{clamp_visible, line_of, line_start};
use super::plain::{fix_text, paragraph};
use super::{order::ordered, wrap::wrap};
use crate::{Diagnostic, SourceMap};

/// How the drawing for a terminal looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GraphicalOptions {
    /// Characters on a line; fewer than 40 are taken for 40.
    pub width: usize,
    /// Whether to use colours.
    pub color: bool,
    /// Whether to draw with characters beyond ASCII.
    pub unicode: bool,
    /// Lines of text shown before and after a marked one; at least one is shown.
    pub context_lines: usize,
}

impl Default for GraphicalOptions {
    fn default() -> Self {
        Self { width: 100, color: false, unicode: true, context_lines: 1 }
    }
}

/// Each problem with the lines of text it concerns and the places marked in them.
pub fn graphical(
    diagnostics: &[Diagnostic],
    sources: &SourceMap,
    options: &GraphicalOptions,
) -> String {
    let drawing = Drawing::new(sources, *options);
    let drawn: Vec<String> =
        ordered(diagnostics, sources).into_iter().map(|found| drawing.draw(found)).collect();
    drawn.join("\n")
}

/// A line of more bytes than this is not drawn.
const LONGEST_LINE: usize = 1000;

struct Drawing<'a> {
    handler: GraphicalReportHandler,
    theme: GraphicalTheme,
    sources: Sources<'a>,
    width: usize,
}

impl<'a> Drawing<'a> {
    fn new(sources: &'a SourceMap, options: GraphicalOptions) -> Self {
        let width = options.width.max(40);
        let theme = GraphicalTheme {
            characters: if options.unicode {
                ThemeCharacters::unicode()
            } else {
                ThemeCharacters::ascii()
            },
            styles: if options.color { ThemeStyles::ansi() } else { ThemeStyles::none() },
        };
        let handler = GraphicalReportHandler::new_themed(theme.clone())
            .with_width(width)
            .with_context_lines(options.context_lines.max(1))
            .with_links(false)
            .with_break_words(false)
            .without_cause_chain()
            .without_syntax_highlighting();
        Self { handler, theme, sources: Sources(sources), width }
    }

    fn draw(&self, diagnostic: &Diagnostic) -> String {
        if self.has_long_line(diagnostic) {
            return wrap("", &paragraph(diagnostic, self.sources.0), self.width) + "\n";
        }
        let mut text = String::new();
        let drawn = Drawn { diagnostic, sources: &self.sources };
        if self.handler.render_report(&mut text, &drawn).is_err() {
            // A drawing that fails must not hide the problem.
            return paragraph(diagnostic, self.sources.0) + "\n";
        }
        for help in &diagnostic.help {
            text.push_str(&self.footer("help", help));
        }
        for note in &diagnostic.notes {
            text.push_str(&self.footer("note", note));
        }
        if let Some(fix) = &diagnostic.fix {
            text.push_str(&self.footer(" fix", &fix_text(fix)));
        }
        text
    }

    /// Whether a line that would be drawn is too long for a drawing to help.
    fn has_long_line(&self, diagnostic: &Diagnostic) -> bool {
        diagnostic.labels.iter().filter_map(|label| clamp_visible(label.span, self.sources.0)).any(
            |(file, bytes)| {
                let line = line_of(file, bytes.start);
                (line.saturating_sub(1)..=line.saturating_add(1)).any(|line| {
                    let end = line_start(file, line.saturating_add(1));
                    end.saturating_sub(line_start(file, line)) > LONGEST_LINE
                })
            },
        )
    }

    /// A paragraph below the drawing. The word is coloured after breaking the lines, so that the
    /// colour does not count as text.
    fn footer(&self, word: &str, text: &str) -> String {
        let plain_start = format!("  {word}: ");
        let wrapped = wrap(&plain_start, text, self.width.saturating_sub(2));
        let rest = wrapped.strip_prefix(&plain_start).unwrap_or(&wrapped);
        format!("  {} {rest}\n", self.theme.styles.help.style(format!("{word}:")))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Span, codes, render::fixture};

    fn in_text(text: &str, start: u32, end: u32) -> String {
        let mut sources = SourceMap::new();
        sources.add("a.exeat", text).unwrap();
        let found = Diagnostic::error(
            codes::SYNTAX_ERROR,
            "it breaks",
            Span::new(start, end),
            "right here",
        );
        graphical(&[found], &sources, &GraphicalOptions::default())
    }

    #[test]
    fn a_line_that_fills_screens_is_not_drawn() {
        let text = format!("edition 2026\n\"{}", "x".repeat(100_000));
        let shown = in_text(&text, 13, 14);
        assert!(shown.starts_with("a.exeat, line 2, column 1: error E0101: it breaks."), "{shown}");
        assert!(shown.len() < 200);
    }

    #[test]
    fn both_files_are_shown_with_their_own_lines() {
        let (diagnostics, sources) = fixture::two_files();
        insta::assert_snapshot!(graphical(&diagnostics, &sources, &GraphicalOptions::default()));
    }

    #[test]
    fn narrow_ascii_terminal() {
        let (diagnostics, sources) = fixture::two_files();
        let options = GraphicalOptions { width: 50, unicode: false, ..GraphicalOptions::default() };
        insta::assert_snapshot!(graphical(&diagnostics, &sources, &options));
    }

    #[test]
    fn colour_adds_only_colour() {
        let (diagnostics, sources) = fixture::two_files();
        let plain = GraphicalOptions { width: 4000, ..GraphicalOptions::default() };
        let coloured =
            graphical(&diagnostics, &sources, &GraphicalOptions { color: true, ..plain });
        assert!(coloured.contains("\u{1b}["));
        let mut bare = String::new();
        let mut rest = coloured.as_str();
        while let Some((before, after)) = rest.split_once("\u{1b}[") {
            bare.push_str(before);
            rest = after.split_once('m').unwrap().1;
        }
        bare.push_str(rest);
        assert_eq!(bare, graphical(&diagnostics, &sources, &plain));
    }

    #[test]
    fn end_of_file_is_marked() {
        insta::assert_snapshot!(in_text("rule x {\n    when\n\n", 19, 19));
        assert_eq!(
            in_text("rule x {\n    when\n\n", 19, 19),
            in_text("rule x {\n    when\n\n", 900, 950)
        );
    }

    #[test]
    fn empty_file_is_marked() {
        insta::assert_snapshot!(in_text("", 0, 0));
    }

    #[test]
    fn long_label_is_marked_on_its_first_line() {
        let text = "line\n".repeat(40);
        insta::assert_snapshot!(in_text(&text, 5, 190));
    }

    #[test]
    fn overlapping_labels_have_the_outer_one_first() {
        let mut sources = SourceMap::new();
        sources.add("a.exeat", "when item.tpp + quantity < 4 TPP\n").unwrap();
        let found = Diagnostic::error(
            codes::DIMENSION_MISMATCH,
            "cannot add",
            Span::new(16, 24),
            "a bare number",
        )
        .with_label(Span::new(5, 24), "this sum")
        .with_label(Span::new(5, 13), "in TPP");
        insta::assert_snapshot!(graphical(&[found], &sources, &GraphicalOptions::default()));
    }

    proptest! {
        #[test]
        fn label_neither_panics_nor_disappears(
            texts in prop::collection::vec("\\PC{0,30}|[ \n\r\téß😀\u{300}ab]{0,30}", 1..4),
            spans in prop::collection::vec((0..130_u32, 0..60_u32), 1..4),
            width in 0..90_usize,
            color: bool,
        ) {
            let mut sources = SourceMap::new();
            for (at, text) in texts.iter().enumerate() {
                sources.add(format!("file{at}"), text.as_str()).unwrap();
            }
            let mut found = Diagnostic::unplaced(
                codes::SYNTAX_ERROR,
                crate::Severity::Error,
                "it breaks",
            );
            for (at, (start, length)) in spans.iter().enumerate() {
                found = found.with_label(Span::new(*start, start + length), format!("«{at}»"));
            }
            let options = GraphicalOptions { width, color, unicode: true, context_lines: 1 };
            let shown = graphical(&[found], &sources, &options);
            for at in 0..spans.len() {
                prop_assert!(shown.contains(&format!("«{at}»")), "label {} is lost:\n{}", at, shown);
            }
        }
    }
}
