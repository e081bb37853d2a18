//! A page of the manual: its examples as programs, and what is not as the page says.
//!
//! The marks of the blocks are laid down in `grammar/README.md`. A page may begin with the head of a
//! file, the *preamble*; each of its examples continues that file, unless it begins with an edition
//! and so is a file of its own.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;

use exeat_diagnostics::{Diagnostic, Severity, SourceMap, render};
use exeat_engine::analyze::Options;
use exeat_engine::{FactsInput, Session, TestFilter};

use crate::program::Result as Checked;
use crate::{Block, Program, blocks};

/// Problems that an example does not have only because it leaves a part of the preamble unused.
pub const UNUSED: [&str; 4] = ["W0902", "W0903", "W0904", "W0911"];
/// Where the lines of a message are broken on a page.
const WIDTH: usize = 96;
/// What an example is called in messages, and what the head of its file.
const NAMES: (&str, &str) = ("example.exeat", "the preamble");

/// The words of the language stand between quotation marks in it.
const GRAMMAR: &str = include_str!("../../../grammar/exeat.pest");
/// Names with a meaning at one place, which the grammar does not know by themselves.
const SETTLED: [&str; 12] = [
    "strictest",
    "unique",
    "collect",
    "proposal",
    "repealed",
    "number",
    "date",
    "text",
    "country",
    "days",
    "weeks",
    "months",
];

/// What a page came to.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// What is not as the page says, each with its line.
    pub complaints: Vec<String>,
    /// The good examples, each as a whole file.
    pub good: Vec<String>,
    /// The good examples, checked.
    pub checked: Vec<Arc<Session>>,
    /// The page with the layout and the messages that the tools give today.
    pub corrected: String,
}

/// Reads a page and does what it says.
struct Reader<'p> {
    preamble: Option<&'p Block>,
    /// Files and tables beside the examples that follow below the same heading.
    beside: Vec<&'p Block>,
    /// What of the preamble no example has used so far.
    unused: Option<BTreeSet<String>>,
    changes: Vec<(Range<usize>, String)>,
    page: Page,
}

impl Page {
    /// Reads a page and does what it says.
    pub fn read(text: &str) -> Self {
        let all = blocks(text);
        let mut reader = Reader {
            preamble: None,
            beside: Vec::new(),
            unused: None,
            changes: Vec::new(),
            page: Self::default(),
        };
        for (at, block) in all.iter().enumerate() {
            let after = all.get(at.saturating_add(1)).filter(|next| is_answer(next));
            reader.block(block, after);
            let asks = block.is("bad") || block.is("fails") || block.is("finds");
            if asks != after.is_some() {
                reader.complain(block, "a message stands behind bad examples, and only there");
            }
        }
        if let Some(unused) = reader.unused.take().filter(|unused| !unused.is_empty()) {
            reader
                .page
                .complaints
                .push(format!("no example needs what the preamble has: {unused:?}"));
        }
        let mut corrected = text.to_owned();
        reader.changes.sort_by_key(|(place, _)| place.start);
        for (place, new) in reader.changes.into_iter().rev() {
            corrected.replace_range(place, &new);
        }
        Self { corrected, ..reader.page }
    }
}

fn is_answer(block: &Block) -> bool {
    block.language == "text" && block.words.is_empty()
}

impl<'p> Reader<'p> {
    fn complain(&mut self, block: &Block, what: impl AsRef<str>) {
        self.page.complaints.push(format!("line {}: {}", block.line, what.as_ref()));
    }

    fn block(&mut self, block: &'p Block, after: Option<&Block>) {
        self.beside.retain(|other| other.headings == block.headings);
        let words: Vec<&str> = block.words.iter().map(String::as_str).collect();
        match (block.language.as_str(), words.as_slice()) {
            ("exeat", ["preamble"]) => {
                self.preamble = Some(block);
                self.layout("", block);
            }
            ("exeat", ["file", _]) => {
                self.layout("", block);
                self.page.good.push(block.text.clone());
                self.beside.push(block);
            }
            ("csv", [_]) => self.beside.push(block),
            ("exeat", []) => self.good(block),
            ("exeat", ["bad", code]) => self.bad(block, code, after),
            ("exeat", ["fails"]) => self.fails(block, after),
            ("exeat", ["finds", code]) => self.finds(block, code, after),
            ("toml" | "json" | "yaml", [name]) => self.facts(block, name, None, after),
            ("toml" | "json" | "yaml", [name, "bad", code]) => {
                self.facts(block, name, Some(code), after);
            }
            ("shape", []) => self.shape(block),
            // What the command reads and answers is the matter of the command's own test.
            ("text" | "console", []) | ("jsonl", [_]) => {}
            _ => self.complain(block, "a block of a kind that the test does not know"),
        }
    }

    /// The head of the file that an example continues.
    fn head(&self, block: &Block) -> &'p str {
        match self.preamble {
            Some(preamble) if !block.text.starts_with("edition") => &preamble.text,
            _ => "",
        }
    }

    /// The example as a program, with texts in which each part has its own lines.
    fn check(&self, block: &Block) -> Checked {
        let head = self.head(block);
        let whole = whole(head, &block.text);
        let mut program = Program::default();
        let mut shown = SourceMap::new();
        for other in &self.beside {
            let name = other.words.last().map_or("", String::as_str);
            if other.language == "csv" {
                program = program.with_table(name, &other.text);
            } else {
                program = program.with(name, &other.text);
                shown.add(name, other.text.as_str());
            }
        }
        program = program.with(NAMES.0, &whole);
        // Files stand one byte apart: the empty line that separates both parts ends in that byte.
        if head.is_empty() {
            shown.add(NAMES.0, whole);
        } else {
            shown.add(NAMES.1, head);
            shown.add(NAMES.0, block.text.as_str());
        }
        for other in self.beside.iter().filter(|other| other.language == "csv") {
            shown.add(other.words.last().map_or("", String::as_str), other.text.as_str());
        }
        let mut checked = program.check();
        let places: Vec<Range<u32>> = shown
            .files()
            .filter(|(_, file)| file.name == NAMES.1)
            .map(|(_, file)| file.span().start..file.span().end)
            .collect();
        let in_head = |found: &Diagnostic| {
            let at = found.span().map(|span| span.start);
            at.is_some_and(|at| places.iter().any(|place| place.contains(&at)))
        };
        let aside = |found: &Diagnostic| UNUSED.contains(&found.code.0) && in_head(found);
        checked.aside = checked.diagnostics.iter().filter(|found| aside(found)).cloned().collect();
        checked.diagnostics.retain(|found| !aside(found));
        checked.sources = shown;
        checked
    }

    fn good(&mut self, block: &'p Block) {
        let result = self.check(block);
        if !result.diagnostics.is_empty() {
            self.complain(block, format!("a good example has problems:\n{}", result.shown()));
        }
        let unused = result.aside.iter().map(|found| found.message.clone()).collect();
        self.unused = Some(match self.unused.take() {
            Some(before) => before.intersection(&unused).cloned().collect(),
            None => unused,
        });
        if let Some(session) = &result.session {
            let failures = failures(session);
            if !failures.is_empty() {
                self.complain(block, format!("a scenario does not pass:\n{failures}"));
            }
        }
        self.page.checked.extend(result.session.map(Arc::new));
        let head = self.head(block);
        self.page.good.push(whole(head, &block.text));
        self.layout(head, block);
    }

    fn bad(&mut self, block: &Block, code: &str, after: Option<&Block>) {
        let result = self.check(block);
        let errors =
            result.diagnostics.iter().filter(|found| found.severity == Severity::Error).count();
        if result.codes() != [code] || errors > 1 {
            let shown = result.shown();
            self.complain(block, format!("this gives not just one {code}:\n{shown}"));
        }
        self.answer(&broken(&result.shown()), after);
    }

    /// An example whose text is good, and of which a scenario is not as expected.
    fn fails(&mut self, block: &Block, after: Option<&Block>) {
        let result = self.check(block);
        match &result.session {
            Some(session) if result.diagnostics.is_empty() => {
                let failures = failures(session);
                if failures.is_empty() {
                    self.complain(block, "every scenario passes");
                }
                self.answer(&broken(&failures), after);
            }
            _ => {
                let shown = result.shown();
                self.complain(block, format!("an example that fails has problems:\n{shown}"));
            }
        }
    }

    /// An example whose text is good, and about which the analysis of all transactions finds something.
    fn finds(&mut self, block: &Block, code: &str, after: Option<&Block>) {
        let result = self.check(block);
        let Some(session) = result.session.as_ref().filter(|_| result.diagnostics.is_empty())
        else {
            let shown = result.shown();
            return self
                .complain(block, format!("an example to be analysed has problems:\n{shown}"));
        };
        let found = match session.analyse(&Options::default()) {
            Ok(analysis) => analysis.diagnostics(session.hir()),
            Err(problem) => vec![problem],
        };
        let shown = render::plain(&found, &result.sources);
        if found.iter().map(|one| one.code.0).collect::<Vec<_>>() != [code] {
            self.complain(block, format!("the analysis does not find just one {code}:\n{shown}"));
        }
        self.answer(&broken(&shown), after);
    }

    fn facts(&mut self, block: &Block, name: &str, code: Option<&str>, after: Option<&Block>) {
        let rules = self.preamble.map_or("", |preamble| preamble.text.as_str());
        let result = Program::default().with(NAMES.0, rules).check();
        let Some(session) = result.session else {
            self.complain(block, format!("there are no rules for it:\n{}", result.shown()));
            return;
        };
        let mut sources = session.sources().clone();
        let input = FactsInput { name: name.to_owned(), text: block.text.clone(), format: None };
        let read = session.read_facts(&mut sources, &input);
        let codes: Vec<&str> = read.diagnostics.iter().map(|found| found.code.0).collect();
        let shown = render::plain(&read.diagnostics, &sources);
        if codes != code.into_iter().collect::<Vec<_>>() {
            self.complain(block, format!("facts that give {codes:?}:\n{shown}"));
        }
        if code.is_some() {
            self.answer(&broken(&shown), after);
        }
    }

    /// Every word of a shape that is not in capitals or in quotes is one of the language.
    fn shape(&mut self, block: &Block) {
        let known: BTreeSet<&str> = GRAMMAR.split('"').chain(SETTLED).collect();
        let lines = block.text.lines().map(|line| line.split("//").next().unwrap_or(""));
        let outside = lines.flat_map(|line| line.split('"').step_by(2));
        let words = outside.flat_map(|part| part.split(|sign: char| !sign.is_ascii_alphabetic()));
        let strange: BTreeSet<&str> = words
            .filter(|word| word.starts_with(|sign: char| sign.is_ascii_lowercase()))
            .filter(|word| !known.contains(word))
            .collect();
        if !strange.is_empty() {
            self.complain(block, format!("no words of the language: {strange:?}"));
        }
    }

    /// Compares what the page shows behind an example with what the tool says.
    fn answer(&mut self, said: &str, after: Option<&Block>) {
        let Some(block) = after.filter(|block| block.text != said) else { return };
        self.complain(block, format!("the tool says:\n{said}"));
        self.changes.push((block.place.clone(), said.to_owned()));
    }

    /// Compares the layout of an example with that of the formatter.
    fn layout(&mut self, head: &str, block: &Block) {
        let text = whole(head, &block.text);
        let Ok(formatted) = exeat_format::format(&text, 0) else { return };
        let start = text.len().saturating_sub(block.text.len());
        match formatted.get(start..) {
            Some(new) if formatted.get(..start) == text.get(..start) => {
                if new != block.text {
                    self.complain(block, format!("the formatter writes:\n{new}"));
                    self.changes.push((block.place.clone(), new.to_owned()));
                }
            }
            _ => self.complain(block, "the formatter writes the preamble in another way"),
        }
    }
}

/// An example behind the head of its file.
fn whole(head: &str, text: &str) -> String {
    if head.is_empty() { text.to_owned() } else { format!("{head}\n{text}") }
}

/// What is not as the scenarios expect, each on a line.
fn failures(session: &Session) -> String {
    let mut text = String::new();
    for scenario in session.run_tests(&TestFilter::default()).scenarios {
        for failure in scenario.failures {
            // Writing to a string cannot fail.
            let _ = writeln!(
                text,
                "scenario \"{}\": {}: {}",
                scenario.title, failure.expected, failure.message
            );
        }
    }
    text
}

/// A text with its lines broken so that they fit on a page.
fn broken(text: &str) -> String {
    let mut page = String::new();
    for line in text.lines() {
        let mut length = 0_usize;
        for word in line.split(' ') {
            let next = length.saturating_add(word.chars().count()).saturating_add(1);
            if length == 0 {
                length = word.chars().count();
            } else if next > WIDTH {
                page.push_str("\n  ");
                length = word.chars().count().saturating_add(2);
            } else {
                page.push(' ');
                length = next;
            }
            page.push_str(word);
        }
        page.push('\n');
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    const PREAMBLE: &str = "```exeat preamble\nedition 2026\n\nmodule example {\n    title \"Example\"\n}\n\nfact a : yes_no\n```\n\n";

    fn complaints(page: &str) -> Vec<String> {
        Page::read(&format!("{PREAMBLE}{page}")).complaints
    }

    #[test]
    fn a_true_page_has_no_complaints_and_gives_its_good_examples() {
        let page = format!(
            "{PREAMBLE}```exeat\nscenario \"a\" {{\n    as of 2025-05-15\n    given a = yes\n    expect a\n}}\n\ndefine b as a\n\nassume b because \"so\"\n```\n"
        );
        let page = Page::read(&page);
        assert!(page.complaints.is_empty(), "{}", page.complaints.join("\n"));
        assert_eq!(page.good.len(), 1);
        assert!(page.good[0].starts_with("edition 2026"));
    }

    #[test]
    fn what_is_not_as_the_page_says_is_complained_of() {
        let cases = [
            (
                "```exeat\ndefine b as a\n```\n",
                "a good example has problems:\nexample.exeat, line 1",
            ),
            ("```exeat\nfact  b : yes_no\n```\n", "the formatter writes:\nfact b"),
            (
                "```exeat\nscenario \"x\" {\n    as of 2025-05-15\n    given a = yes\n    expect not a\n}\n```\n",
                "a scenario does not pass",
            ),
            ("```exeat bad E0104\nfact b : yes_no\n```\n\n```text\n```\n", "not just one E0104"),
            ("```exeat bad W0902\nfact b : yes_no\n```\n", "a message stands behind bad examples"),
            ("```exeat bad W0902\nfact b : yes_no\n```\n\n```text\nno\n```\n", "the tool says:"),
            ("```exeat good\nfact b : yes_no\n```\n", "a kind that the test does not know"),
            ("```shape\nfact NAME is TYPE asked \"TEXT\"\n```\n", "{\"asked\"}"),
            (
                "```exeat\nassume 1 < 2 because \"so\"\n```\n",
                "no example needs what the preamble has",
            ),
            ("```toml a.toml\n[facts]\nb = 1\n```\n", "facts that give [\"E0702\"]"),
        ];
        for (page, wanted) in cases {
            let found = complaints(page);
            assert!(found.iter().any(|one| one.contains(wanted)), "{wanted}: {found:?}");
        }
    }

    #[test]
    fn corrections_are_what_the_tools_give() {
        let page = format!(
            "{PREAMBLE}```exeat bad W0902\nfact b : yes_no\n```\n\n```text\nold\n```\n\n```exeat\ndefine  b as a\n\nassume b because \"so\"\n```\n"
        );
        let corrected = Page::read(&page).corrected;
        assert!(corrected.contains("```text\nexample.exeat, line 1, column 6: warning W0902: "));
        assert!(corrected.contains("\ndefine b as a\n") && !corrected.contains("old"));
        assert!(Page::read(&corrected).complaints.is_empty());
    }
}
