use std::path::{Path, PathBuf};
use std::sync::Arc;

use exeat_eval::Scenarios;
use exeat_plugin_host::Linked;
use exeat_syntax::Kind;

use super::*;
use crate::{LoadOptions, files};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../policies");
/// Where the rules stand that are edited.
const EDITED: &str = "eu";

const TRADE: &str = "trade.exeat";

/// Some of the rules with a text in place of a file of them.
fn loaded(policies: &[&str], instead: Option<(&Path, &str)>) -> Option<Session> {
    let options = LoadOptions {
        root: PathBuf::from(ROOT),
        policies: policies.iter().map(|name| Path::new(ROOT).join(name)).collect(),
        linked: vec![
            Linked { name: "us", entry: exeat_jurisdiction_us::descriptor },
            Linked { name: "eu", entry: exeat_jurisdiction_eu::descriptor },
        ],
        instead: instead
            .map(|(path, text)| (path.to_owned(), Some(Arc::from(text))))
            .into_iter()
            .collect(),
        ..LoadOptions::default()
    };
    Session::load(&options).session
}

/// The text of a rule edited in several ways, for each the whole of what stands in its place.
fn edits(kind: Kind, name: &str, text: &str) -> Vec<String> {
    let with_line = |line: &str| text.replacen("    cite", &format!("{line}\n    cite"), 1);
    let mut edits = vec![String::new(), format!("// A note.\n{text}")];
    edits.push(text.replacen("    when  ", "    when  not ", 1));
    edits.push(text.replacen(" or ", " and ", 1));
    edits.push(with_line("    until 2024-01-01"));
    edits.push(with_line("    from  2030-01-01"));
    edits.push(with_line("    cite  \"Another\""));
    let head = format!(
        "exception to_try_it to {name} {{\n    title \"To try it\"\n    cite  \"To try it\"\n"
    );
    if matches!(kind, Kind::rule | Kind::exception) {
        edits.push(format!("{text}\n\n{head}}}"));
        edits.push(format!("{text}\n\n{head}    until 2023-01-01\n}}"));
        edits.push(format!("{text}\n\n{head}    when  destination is US\n}}"));
    }
    edits.retain(|edit| edit != text);
    edits
}

/// Every item edited in several ways: what is left out would have come to the same.
#[test]
fn what_is_left_out_would_have_come_to_the_same() {
    let before = loaded(&[TRADE, EDITED], None).unwrap();
    let known = before.scenario_outcomes();
    let (mut tried, mut left_out, mut everything) = (0_usize, 0_usize, 0_usize);
    for path in files::rule_files(&Path::new(ROOT).join(EDITED)).unwrap() {
        let whole = files::read_text(&path).unwrap();
        let parsed = exeat_syntax::parse(whole.as_str(), 0);
        for node in parsed.tree.root().nodes() {
            let followed = [Kind::rule, Kind::exception, Kind::define, Kind::not_modelled];
            if !followed.contains(&node.kind()) {
                continue;
            }
            let name = node.token(Kind::ident).map_or("", |token| node.token_text(token));
            for edit in edits(node.kind(), name, node.text()) {
                let edited = whole.replacen(node.text(), &edit, 1);
                let Some(after) = loaded(&[TRADE, EDITED], Some((&path, &edited))) else {
                    continue;
                };
                let all = Scenarios::new(after.hir(), after.functions());
                let again = to_run_again((&before, &known), (&after, &all));
                let in_full = after.scenario_outcomes();
                let in_part = after.scenario_outcomes_after(&before, &known);
                assert_eq!(in_part, in_full, "{name} in {}:\n{edit}", path.display());
                tried += 1;
                match again {
                    Some(again) => left_out += in_full.len() - again.scenarios.len(),
                    None => everything += 1,
                }
            }
        }
    }
    assert!(tried > 100 && everything == 0, "{tried} edits, {everything} of them not followed");
    assert!(
        left_out > tried * known.len() / 4,
        "{left_out} left out of {tried} times {}",
        known.len()
    );
}

/// Edits of what many scenarios reach: a define in other words comes to the same, and so does for most scenarios a
/// rule of which a condition is another.
#[test]
fn what_comes_to_the_same_is_not_run_again() {
    let all = [TRADE, "eu", "us"];
    let before = loaded(&all, None).unwrap();
    let known = before.scenario_outcomes();
    for (file, old, new, at_most, changing) in [
        (
            "us/ear/ear.exeat",
            "define abroad as destination not in united_states",
            "define abroad as not (destination in united_states)",
            200,
            0..=0,
        ),
        (
            "us/ear/ai_diffusion.exeat",
            "    when  a_item\n    and   abroad\n",
            "    when  a_item\n    and   not abroad\n",
            250,
            100..=150,
        ),
    ] {
        let path = Path::new(ROOT).join(file);
        let text = files::read_text(&path).unwrap();
        let edited = text.replacen(old, new, 1);
        assert_ne!(edited, *text, "there is no `{old}` in {file}");
        let after = loaded(&all, Some((&path, &edited))).unwrap();
        let scenarios = Scenarios::new(after.hir(), after.functions());
        let again = to_run_again((&before, &known), (&after, &scenarios)).unwrap().scenarios;
        assert!(again.len() <= at_most, "{old}: {} of {}", again.len(), known.len());
        let in_full = after.scenario_outcomes();
        assert_eq!(after.scenario_outcomes_after(&before, &known), in_full, "{old}");
        let changed = known.iter().zip(&in_full).filter(|(was, is)| was != is).count();
        assert!(changing.contains(&changed), "{old}: {changed} change");
    }
}
