//! What a problem is, where text is, and how a problem is shown.
//!
//! Every phase reports the same plain [`Diagnostic`]: a stable [`Code`], one sentence, labelled
//! [`Span`]s, help and an optional [`Fix`]. Spans are offsets into one space over all files of a
//! [`SourceMap`], so a diagnostic needs no pointer to a source and may label several files.
//! Rendering happens once, at the edge, from this struct alone ([`render`]).

mod code;
pub mod codes;
mod diagnostic;
pub mod render;
mod source_map;
mod span;
mod suggest;

pub use code::{Code, CodeDescription};
pub use codes::{all_codes, describe};
pub use diagnostic::{Diagnostic, Edit, Fix, Label, Severity};
pub use source_map::{FileId, LineColumn, SourceFile, SourceMap};
pub use span::Span;
pub use suggest::{did_you_mean, nearest_names, suggestion};
