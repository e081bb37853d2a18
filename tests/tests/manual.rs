//! The manual is true: its examples are checked and run, its messages are those of the tools, its
//! links lead somewhere, and no rule of the grammar is without a good example.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
#![expect(clippy::disallowed_methods, reason = "these tests read the pages of the repository")]

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use exeat_syntax::{Node, item_words, keywords, parse};
use exeat_testing::{Page, blocks};
use pest_meta::ast::RuleType;
use pest_meta::parser::{self, Rule};

/// Set to anything, it has layouts and messages written into the pages in place of a complaint.
const UPDATE: &str = "EXEAT_UPDATE_MANUAL";

/// Rules of the grammar that no author writes, each with the reason.
const NOT_WRITTEN: [(&str, &str); 17] = [
    ("rest_of_line", "a part of a comment"),
    ("only_item", "a beginning for the parser: one item alone"),
    ("only_expr", "a beginning for the parser: one expression alone"),
    ("only_given", "a beginning for the parser: one fact and its value alone"),
    ("only_words", "a beginning for the parser: any text as words"),
    ("a_word", "a part of any text as words"),
    ("unclosed_string", "a part of any text as words"),
    ("other_sign", "a part of any text as words"),
    ("only_pattern", "a beginning for the parser: one pattern alone"),
    ("only_type", "a beginning for the parser: one type alone"),
    ("skipped", "what could not be read"),
    ("begins_an_infix", "looked at ahead, for speed"),
    ("begins_an_operand", "looked at ahead, for speed"),
    ("an_operator", "never there: a name for messages"),
    ("a_value", "never there: a name for messages"),
    ("keyword", "what a name must not be"),
    ("digit", "a part of numbers, dates and codes"),
];

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../grammar"))
}

/// The pages by their names.
fn pages() -> Vec<(String, String)> {
    let mut pages: Vec<(String, String)> = folder()
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, fs::read_to_string(&path).unwrap())
        })
        .collect();
    pages.sort();
    pages
}

#[test]
fn examples_are_as_their_marks_say() {
    let mut wrong = Vec::new();
    for (name, text) in pages() {
        let page = Page::read(&text);
        if page.corrected != text && std::env::var(UPDATE).is_ok() {
            fs::write(folder().join(&name), &page.corrected).unwrap();
        }
        wrong.extend(page.complaints.iter().map(|complaint| format!("{name}, {complaint}")));
    }
    assert!(
        wrong.is_empty(),
        "{}\n\nSet {UPDATE}=1 to have layouts and messages written.",
        wrong.join("\n")
    );
}

#[test]
fn every_rule_of_the_grammar_has_a_good_example() {
    let mut written: BTreeSet<String> = BTreeSet::new();
    for (_, text) in pages() {
        for example in Page::read(&text).good {
            let parsed = parse(example, 0);
            let nodes = parsed.tree.root().descendants().into_iter().map(Node::kind);
            let tokens = parsed.tree.tokens().iter().map(|token| token.kind);
            written.extend(nodes.chain(tokens).map(|kind| format!("{kind:?}").replace("r#", "")));
        }
    }
    let grammar = fs::read_to_string(folder().join("exeat.pest")).unwrap();
    let rules =
        parser::consume_rules(parser::parse(Rule::grammar_rules, &grammar).unwrap()).unwrap();
    let names: BTreeSet<&str> = rules.iter().map(|rule| rule.name.as_str()).collect();
    for (name, reason) in NOT_WRITTEN {
        assert!(names.contains(name), "there is no rule `{name}` ({reason})");
        assert!(!written.contains(name), "`{name}` is written all the same");
    }
    let missing: Vec<&str> = rules
        .iter()
        .filter(|rule| rule.ty != RuleType::Silent)
        .map(|rule| rule.name.as_str())
        .filter(|name| !written.contains(*name))
        .filter(|name| !NOT_WRITTEN.iter().any(|(other, _)| other == name))
        .collect();
    assert!(missing.is_empty(), "no good example has {missing:?}");
}

/// A section that shows the shape of a construct shows a good and a bad example of it too, and tells
/// where more is said of each problem.
#[test]
fn every_construct_has_a_good_and_a_bad_example() {
    let mut wrong = Vec::new();
    for (name, text) in pages() {
        let all = blocks(&text);
        let sections: BTreeSet<&Vec<String>> = all.iter().map(|block| &block.headings).collect();
        for section in sections {
            let here = || all.iter().filter(|block| &block.headings == section);
            let heading = section.last().unwrap();
            let has = |mark: &str| here().any(|block| block.is(mark));
            let good = here().any(|block| block.language == "exeat" && block.words.is_empty());
            let shape = here().any(|block| block.language == "shape");
            if shape && !(good && (has("bad") || has("fails"))) {
                wrong.push(format!("{name}, {heading}: not both a good and a bad example"));
            }
        }
        for block in all.iter().filter(|block| block.is("bad")) {
            let code = block.words.last().unwrap();
            let link = format!("[`exeat explain {code}`](../crates/diagnostics/pages/{code}.md)");
            if !text.contains(&link) {
                wrong.push(format!("{name}, line {}: no link {link}", block.line));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_keywords_are_all_listed() {
    let page = fs::read_to_string(folder().join("README.md")).unwrap();
    let (_, rest) = page.split_once("are never names:").unwrap();
    let listed: Vec<&str> = rest.split_once('.').unwrap().0.split('`').skip(1).step_by(2).collect();
    assert_eq!(listed, keywords().collect::<Vec<_>>());
}

#[test]
fn the_words_with_which_items_begin_are_those_of_the_grammar() {
    let grammar = include_str!("../../grammar/exeat.pest");
    let (_, rest) = grammar.split_once("\nitem_start").unwrap();
    let (begin, _) = rest.split_once('}').unwrap();
    let begin = begin.replace("not_modelled_start", "kw_not");
    let words: Vec<&str> =
        begin.split("kw_").skip(1).filter_map(|word| word.split(' ').next()).collect();
    let words: Vec<&str> = words.iter().map(|word| word.trim()).collect();
    assert_eq!(words, item_words().collect::<Vec<_>>());
}

#[test]
fn links_lead_somewhere() {
    let mut wrong = Vec::new();
    let all = pages();
    for (name, text) in &all {
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() { name } else { file };
            if link.starts_with("https://") {
                continue;
            }
            if !folder().join(target).exists() {
                wrong.push(format!("{name}: {link}"));
            } else if !heading.is_empty() {
                let page = fs::read_to_string(folder().join(target)).unwrap();
                let found = page
                    .lines()
                    .filter(|line| line.starts_with('#'))
                    .any(|line| anchor(line) == heading);
                if !found {
                    wrong.push(format!("{name}: {link}"));
                }
            }
        }
        let listed = all
            .iter()
            .any(|(page, text)| page == "README.md" && text.contains(&format!("({name})")));
        if name != "README.md" && !listed {
            wrong.push(format!("README.md does not list {name}"));
        }
    }
    assert!(wrong.is_empty(), "links that lead nowhere:\n{}", wrong.join("\n"));
}

/// The name of a heading in links.
fn anchor(heading: &str) -> String {
    let words = heading.trim_start_matches('#').trim().to_lowercase();
    let kept =
        words.chars().filter(|sign| sign.is_alphanumeric() || matches!(sign, ' ' | '-' | '_'));
    kept.map(|sign| if sign == ' ' { '-' } else { sign }).collect()
}
