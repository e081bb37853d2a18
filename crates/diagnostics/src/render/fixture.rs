//! Two files and one problem of each sort, for the tests of the renderers.

use crate::{Diagnostic, Severity, SourceMap, Span, codes};

const RULES: &str = "\
edition 2026

rule worldwide_license {
    title \"A licence is needed\"
    when  destinaton is not US
    then  license is needed
}
";

const FACTS: &str = "\
edition 2026

/// Wohin geht die Ware? Öffentlich.
fact destination : country
decision license : yes_no { }";

/// The span of the `nth` occurrence (from 0) of `needle` in the file that begins at `base`.
fn find(text: &str, base: u32, needle: &str) -> Span {
    let at = u32::try_from(text.find(needle).unwrap()).unwrap();
    let length = u32::try_from(needle.len()).unwrap();
    Span::new(at, at + length).shifted(base)
}

/// The problems are not in the order in which they are to be shown.
pub(super) fn two_files() -> (Vec<Diagnostic>, SourceMap) {
    let mut sources = SourceMap::new();
    let rules = sources.add("policies/us/rules.exeat", RULES).unwrap();
    let facts = sources.add("policies/a facts.exeat", FACTS).unwrap();
    let rules = sources.file(rules).unwrap().base;
    let facts = sources.file(facts).unwrap();

    let unknown = find(RULES, rules, "destinaton");
    let name = Diagnostic::error(
        codes::UNKNOWN_NAME,
        "there is no fact or definition named `destinaton`",
        unknown,
        "not known here",
    )
    .with_label(find(FACTS, facts.base, "destination"), "a fact with a similar name")
    .with_help("Did you mean `destination`?")
    .with_note("Every name must be declared, so that a slip never counts as an unknown fact.")
    .with_fix("write `destination`", unknown, "destination");

    let missing = Diagnostic::error(
        codes::MISSING_OTHERWISE,
        "the decision `license` does not say what holds if no rule applies",
        Span::new(facts.span().end, facts.span().end),
        "the file ends here",
    )
    .with_label(find(FACTS, facts.base, "license"), "");

    let citation = Diagnostic::warning(
        codes::NO_CITATION,
        "the rule `worldwide_license` has no citation",
        find(RULES, rules, "worldwide_license"),
        "",
    )
    .with_help("Add `cite \"…\"` with the place in the law, 100% exact: title, part, section.");

    let lock = Diagnostic::unplaced(
        codes::FILE_NOT_FOUND,
        Severity::Error,
        "there is no file `policies/eu.exeat`",
    )
    .with_help("Check the name, or take the file out of `exeat.toml`.");

    (vec![citation, name, missing, lock], sources)
}
