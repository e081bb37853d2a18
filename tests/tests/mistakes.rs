//! What an author is told: one message a mistake, with its place and what to do.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use exeat_diagnostics::{SourceMap, render};

/// The messages about a file with this header and vocabulary, and the given items.
fn check(items: &str) -> String {
    let text = format!(
        "edition 2026\n\nmodule trial {{\n    title \"Trial\"\n}}\n\nunit TPP \"processing\"\nunit mm \"length\"\nenum action {{ export reexport }}\nscale outcome {{ free required forbidden }}\nfact destination : country\nfact action : action\nfact tpp : TPP\ndecision license : outcome {{\n    combine strictest\n    otherwise free cite \"law\"\n}}\n{items}"
    );
    let mut sources = SourceMap::new();
    sources.add("trial.exeat", text.clone()).unwrap();
    let result = exeat_check::check(exeat_check::Input {
        files: vec![exeat_check::SourceInput { parsed: exeat_syntax::parse(text, 0) }],
        table_files: std::collections::BTreeMap::new(),
        jurisdictions: &[],
    });
    format!("{items}----------\n{}", render::plain(&result.diagnostics, &sources))
}

#[test]
fn names_that_are_not_known() {
    insta::assert_snapshot!(check(
        "rule a {\n    when  destinaton is CN\n    and   destination is QQ\n    and   action is exprot\n    and   tpp >= 5 TTP\n    then  license is forbiden\n}\nexception b to aa {\n    when  tpp >= 5 TPP\n}\n"
    ));
}

#[test]
fn types_and_units_that_do_not_fit() {
    insta::assert_snapshot!(check(
        "rule a {\n    when  tpp >= 4800\n    and   tpp >= 4800 mm\n    and   destination >= CN\n    and   destination\n    then  license is required\n}\ndefine b as tpp + 5 mm\ndefine c as 1 / 0\n"
    ));
}

#[test]
fn dates_that_cannot_be() {
    insta::assert_snapshot!(check(
        "rule a {\n    from  2025-02-30\n    when  tpp >= 5 TPP\n    then  license is required\n}\nrule b {\n    from  2025-05-15\n    until 2025-05-01\n    when  tpp >= 5 TPP\n    then  license is required\n}\ndefine c as 2025-01-31 + 1 month\n"
    ));
}

#[test]
fn circles() {
    insta::assert_snapshot!(check(
        "exception a to b {\n    when  tpp >= 5 TPP\n    then  license is free\n}\nexception b to a {\n    when  tpp >= 5 TPP\n    then  license is required\n}\ndefine c as d\ndefine d as c\n"
    ));
}

#[test]
fn clauses_that_are_missing() {
    insta::assert_snapshot!(check(
        "decision second : outcome {\n    combine strictest\n}\nrule a {\n    when  tpp >= 5 TPP\n}\nscenario \"no date\" {\n    given tpp = 5 TPP\n    expect license is free\n}\n"
    ));
}

#[test]
fn what_deserves_a_second_look() {
    insta::assert_snapshot!(check(
        "rule a {\n    title \"Never true\"\n    cite  \"law\"\n    when  tpp >= 5 TPP\n    and   tpp < 3 TPP\n    then  license is required\n}\nrule b {\n    from  2025-01-01\n    when  destination is CN\n    then  license is required\n}\nexception c to b {\n    title \"Over before it begins\"\n    cite  \"law\"\n    until 2024-01-01\n    when  destination is CN\n}\nfact spare : date\n"
    ));
}
