//! The register of codes, as data: one file for each range of numbers.
//!
//! A code is declared once, with the name and the page that go with it. To add one, add a line to
//! the file of its range and a page `pages/<code>.md`; it is never given another meaning later.

use crate::CodeDescription;

/// Declares the codes of one range: a constant for each, and a table of all of them.
macro_rules! declare_codes {
    ($table:ident: $($(#[$doc:meta])+ $constant:ident = $code:literal $name:literal;)+) => {
        $(
            $(#[$doc])+
            pub const $constant: $crate::Code = $crate::Code($code);
        )+

        pub(crate) const $table: &[$crate::CodeDescription] = &[$(
            $crate::CodeDescription {
                code: $constant,
                name: $name,
                page: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/pages/", $code, ".md")),
            },
        )+];
    };
}

mod analysis;
mod dates;
mod facts;
mod files;
mod names;
mod rules;
mod syntax;
mod tables;
mod types;
mod warnings;

pub use analysis::*;
pub use dates::*;
pub use facts::*;
pub use files::*;
pub use names::*;
pub use rules::*;
pub use syntax::*;
pub use tables::*;
pub use types::*;
pub use warnings::*;

/// The ranges in the order of their numbers.
const RANGES: [&[CodeDescription]; 10] =
    [ANALYSIS, SYNTAX, NAMES, TYPES, DATES, RULES, TABLES, FACTS, FILES, WARNINGS];

/// All codes in the order of their letters and numbers: findings of the analysis, errors, warnings.
pub fn all_codes() -> impl Iterator<Item = &'static CodeDescription> {
    RANGES.into_iter().flatten()
}

/// What is published about a code, given as people write it: `E0201`, `e0201` or `unknown-name`.
pub fn describe(text: &str) -> Option<&'static CodeDescription> {
    let text = text.trim();
    all_codes().find(|known| {
        known.code.0.eq_ignore_ascii_case(text) || known.name.eq_ignore_ascii_case(text)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The section of a page under a heading, up to the next heading or the end.
    fn section<'a>(page: &'a str, heading: &str) -> &'a str {
        let (_, rest) = page.split_once(&format!("\n## {heading}\n\n")).unwrap();
        rest.split_once("\n## ").map_or(rest, |(section, _)| section)
    }

    #[test]
    fn codes_are_unique_ordered_and_well_formed() {
        let codes: Vec<&str> = all_codes().map(|known| known.code.0).collect();
        assert!(codes.windows(2).all(|pair| pair[0] < pair[1]), "out of order: {codes:?}");
        let names: BTreeSet<&str> = all_codes().map(|known| known.name).collect();
        assert_eq!(names.len(), codes.len(), "a name is used twice");
        for known in all_codes() {
            let (letter, number) = known.code.0.split_at(1);
            let digits = if letter == "A" { 3 } else { 4 };
            assert!(number.len() == digits && number.chars().all(|c| c.is_ascii_digit()));
            assert_eq!(
                letter == "W",
                number.starts_with("09"),
                "{} is in a wrong range",
                known.code
            );
            assert!(known.name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'));
        }
    }

    #[test]
    fn constants_have_their_codes() {
        assert_eq!(UNKNOWN_NAME.0, "E0201");
        assert_eq!(STALE_DATA.0, "W0913");
    }

    #[test]
    fn codes_are_found_by_number_and_name() {
        assert_eq!(describe("e0201").unwrap().code, UNKNOWN_NAME);
        assert_eq!(describe(" unknown-name ").unwrap().code, UNKNOWN_NAME);
        assert!(describe("E9999").is_none());
        assert!(describe("").is_none());
    }

    #[test]
    fn pages_have_their_four_parts() {
        for known in all_codes() {
            let page = known.page;
            let title = format!("# {}: {}\n\n", known.code, known.name.replace('-', " "));
            let meaning = page.strip_prefix(&title).unwrap_or_else(|| panic!("{page}"));
            assert!(!meaning.starts_with("##"), "{} has no meaning", known.code);
            let headings: Vec<&str> = page.lines().filter(|line| line.starts_with("## ")).collect();
            assert_eq!(headings, ["## Bad", "## Why", "## Fix"], "in the page of {}", known.code);
            for heading in ["Bad", "Fix"] {
                let section = section(page, heading);
                assert!(section.starts_with("```"), "{}: {heading}", known.code);
                assert_eq!(section.matches("```").count() % 2, 0, "{}: {heading}", known.code);
            }
            assert!(section(page, "Why").trim().ends_with('.'), "{}: Why", known.code);
            assert!(page.ends_with("```\n"), "{}: after the last block", known.code);
        }
    }
}
