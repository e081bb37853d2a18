//! What a reader of messages may count on: several broken items give as many messages, each at its
//! place; the tokens of a tree and the white space between them are the text; nothing panics.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::fmt::Write;

use exeat_diagnostics::{SourceMap, render};
use exeat_syntax::{Kind, is_incomplete, keywords, parse, parse_expression};
use proptest::prelude::*;

/// The text and the messages about it, for a snapshot.
fn check(text: &str) -> String {
    let mut sources = SourceMap::new();
    sources.add("rules.exeat", text).unwrap();
    let parsed = parse(text, 0);
    let mut shown = format!("{text}\n----------\n");
    for diagnostic in &parsed.diagnostics {
        let (_, place) = sources.position(diagnostic.span().unwrap().start).unwrap();
        writeln!(
            shown,
            "{}:{} {} {}",
            place.line, place.column, diagnostic.code, diagnostic.message
        )
        .unwrap();
        diagnostic.help.iter().for_each(|help| writeln!(shown, "    help: {help}").unwrap());
        diagnostic.fix.iter().for_each(|fix| writeln!(shown, "    fix: {}", fix.title).unwrap());
    }
    assert!(!render::plain(&parsed.diagnostics, &sources).contains("Kind::"));
    shown
}

#[test]
fn five_broken_items_give_five_messages() {
    insta::assert_snapshot!(check(
        r#"edition 2026

fact destination country

rule first {
    title "No condition after and"
    when  destination is CN and
    then  license is license_required
}

rule good {
    when  destination is CN
    then  license is license_required
}

rule second {
    title "A text that is not closed
    when  destination is CN
}

rule third {
    when  tpp == 4800 TPP
    then  license is license_required
}

define rule : number as 5
"#
    ));
}

#[test]
fn a_missing_brace_is_found_where_the_next_item_begins() {
    insta::assert_snapshot!(check(
        "rule a {\n    when  x is 1\n    then  y is 2\n\nrule b {\n    when  x is 1\n}\n"
    ));
}

#[test]
fn operators_of_other_languages_are_named() {
    insta::assert_snapshot!(check(
        "assume a != b because \"x\"\nassume a && b because \"x\"\nassume a || b because \"x\"\nassume a = b because \"x\"\nassume !a because \"x\"\n"
    ));
}

#[test]
fn what_could_be_meant_in_two_ways_is_refused() {
    insta::assert_snapshot!(check(
        "assume a and b or c because \"x\"\nassume 1 < a < 2 < 3 because \"x\"\nassume a is b is c because \"x\"\nassume a and any p in q where b and c because \"x\"\nassume x in (a union b without c) because \"x\"\n"
    ));
}

#[test]
fn a_band_may_be_written_in_one() {
    assert!(parse_expression("1600 TPP <= tpp < 4800 TPP", 0).diagnostics.is_empty());
}

#[test]
fn deep_nesting_is_refused_and_not_suffered() {
    let nested =
        |depth: usize| format!("assume {}a{} because \"x\"", "(".repeat(depth), ")".repeat(depth));
    assert!(parse(nested(150), 0).diagnostics.is_empty());
    for text in [
        nested(250),
        format!("assume {}a because \"x\"", "(".repeat(100_000)),
        format!("define x as {}", "if a then ".repeat(5_000)),
    ] {
        let parsed = parse(text, 0);
        assert_eq!(parsed.diagnostics.first().unwrap().code.0, "E0102");
    }
    assert!(parse(format!("assume {}", "[".repeat(150)), 0).has_errors());
}

#[test]
fn an_unfinished_item_is_told_from_a_wrong_one() {
    assert!(is_incomplete("rule a {\n  when x is 1"));
    assert!(is_incomplete("destination is"));
    assert!(!is_incomplete("rule a { when x == 1"));
    assert!(!is_incomplete("destination is CN"));
}

#[test]
fn every_keyword_stands_in_one_of_the_two_lists() {
    let grammar = include_str!("../grammar/exeat.pest");
    let rule = |name: &str| {
        let (_, from_it) = grammar.split_once(&format!("\n{name} = ")).unwrap();
        from_it.split_once("}\n").unwrap().0
    };
    // Longer words stand before those that they begin with, so the text is in no simple order.
    let mut hard: Vec<&str> =
        rule("keyword").split('"').skip(1).step_by(2).filter(|word| word.len() > 1).collect();
    let soft: Vec<&str> = rule("soft_keyword")
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .filter_map(|word| word.strip_prefix("kw_"))
        .collect();
    for (at, word) in hard.iter().enumerate() {
        let shadowed = hard[at + 1..].iter().find(|other| other.starts_with(word));
        assert_eq!(shadowed, None, "`{word}` stands before a word that it begins");
    }
    for line in grammar.lines().filter_map(|line| line.strip_prefix("kw_")) {
        let word = line.split(' ').next().unwrap();
        assert!(
            hard.contains(&word) ^ soft.contains(&word),
            "`{word}` has to stand in exactly one list"
        );
    }
    hard.sort_unstable();
    assert_eq!(hard, keywords().collect::<Vec<_>>());
}

/// The tokens with the gaps between them are the text, and the gaps are white space.
fn is_lossless(text: &str) {
    let parsed = parse(text, 0);
    let mut at = 0;
    for token in parsed.tree.tokens() {
        let (start, end) = (token.span.start as usize, token.span.end as usize);
        let gap = text.get(at..start).unwrap();
        assert!(
            gap.chars().all(|c| c.is_whitespace() || c == '\u{FEFF}'),
            "{gap:?} is in no token"
        );
        at = end;
    }
    if !parsed.diagnostics.iter().any(|d| matches!(d.code.0, "E0102" | "E0108")) {
        assert!(text.get(at..).unwrap().chars().all(|c| c.is_whitespace() || c == '\u{FEFF}'));
    }
}

#[test]
fn the_policies_are_read_without_a_problem_and_without_loss() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../policies");
    let mut seen = 0;
    let mut folders = vec![std::path::PathBuf::from(root)];
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "exeat") {
                #[expect(
                    clippy::disallowed_methods,
                    reason = "the test reads the repository's own policies"
                )]
                let text = std::fs::read_to_string(&path).unwrap();
                is_lossless(&text);
                let parsed = parse(text, 0);
                assert_eq!(parsed.diagnostics, Vec::new(), "{}", path.display());
                assert!(parsed.tree.root().nodes().all(|node| node.kind() != Kind::skipped));
                seen += 1;
            }
        }
    }
    assert!(seen >= 6, "only {seen} policies were found");
}

proptest! {
    #[test]
    fn any_text_is_taken_without_panic_and_without_loss(text in "(\\PC|[\n\t\"{}()<>=/]|rule |when |and |fact |// |[0-9]){0,80}") {
        is_lossless(&text);
        let _ = is_incomplete(&text);
        let _ = parse_expression(text, 0);
    }
}
