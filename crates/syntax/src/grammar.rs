//! The generated parser. Nothing outside this crate knows that pest made it.

#![expect(
    missing_docs,
    reason = "the generated items carry the documentation of the grammar, where it has some"
)]

/// The parser generated from `grammar/exeat.pest`.
#[derive(pest_derive::Parser)]
#[grammar = "grammar/exeat.pest"]
pub(crate) struct ExeatParser;
