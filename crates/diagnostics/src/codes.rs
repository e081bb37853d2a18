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

mod dates;
mod facts;
mod files;
mod names;
mod rules;
mod syntax;
mod tables;
mod types;
mod warnings;

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
const RANGES: [&[CodeDescription]; 9] =
    [SYNTAX, NAMES, TYPES, DATES, RULES, TABLES, FACTS, FILES, WARNINGS];

/// All codes in the order of their numbers, errors before warnings.
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
