use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Parser, Tag, TagEnd};

/// A fenced block of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The headings above it, from the title of the page to the nearest.
    pub headings: Vec<String>,
    /// The first word of the info string: its language.
    pub language: String,
    /// The other words of the info string.
    pub words: Vec<String>,
    /// Its text.
    pub text: String,
    /// The line of the page on which it begins, from 1.
    pub line: usize,
    /// Where its text stands in the page, between the lines of the fence.
    pub place: Range<usize>,
}

impl Block {
    /// Whether its info string has that word.
    pub fn is(&self, word: &str) -> bool {
        self.words.iter().any(|other| other == word)
    }
}

/// All fenced blocks of a page, in order.
pub fn blocks(page: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut headings: Vec<(HeadingLevel, String)> = Vec::new();
    let mut heading: Option<(HeadingLevel, String)> = None;
    let mut block: Option<Block> = None;
    for (event, range) in Parser::new(page).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { level, .. }) => heading = Some((level, String::new())),
            Event::End(TagEnd::Heading(_)) => {
                if let Some((level, text)) = heading.take() {
                    headings.retain(|(above, _)| *above < level);
                    headings.push((level, text));
                }
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                let mut words = info.split_whitespace().map(str::to_owned);
                let before = page.get(..range.start).unwrap_or("");
                block = Some(Block {
                    headings: headings.iter().map(|(_, text)| text.clone()).collect(),
                    language: words.next().unwrap_or_default(),
                    words: words.collect(),
                    text: String::new(),
                    line: before.matches('\n').count().saturating_add(1),
                    place: inside(page, range),
                });
            }
            Event::End(TagEnd::CodeBlock) => found.extend(block.take()),
            Event::Text(text) | Event::Code(text) => {
                if let Some(block) = &mut block {
                    block.text.push_str(&text);
                } else if let Some((_, heading)) = &mut heading {
                    heading.push_str(&text);
                }
            }
            _ => {}
        }
    }
    found
}

/// What stands between the first and the last line of a fenced block.
fn inside(page: &str, block: Range<usize>) -> Range<usize> {
    let text = page.get(block.clone()).unwrap_or("").trim_end();
    let first = text.find('\n').map_or(text.len(), |at| at.saturating_add(1));
    let last = text.rfind('\n').map_or(first, |at| at.saturating_add(1)).max(first);
    block.start.saturating_add(first)..block.start.saturating_add(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_have_their_headings_words_and_lines() {
        let page = "# Page\n\ntext\n\n## One `x`\n\n```exeat bad E0101\nrule\n```\n\n# Other\n\n```\nplain\n```\n";
        let found = blocks(page);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].headings, ["Page", "One x"]);
        assert_eq!((found[0].language.as_str(), found[0].line), ("exeat", 7));
        assert!(found[0].is("bad") && found[0].is("E0101"));
        assert_eq!(found[0].text, "rule\n");
        assert!(
            found.iter().all(|block| page.get(block.place.clone()) == Some(block.text.as_str()))
        );
        assert_eq!((found[1].headings.len(), found[1].language.as_str()), (1, ""));
    }
}
