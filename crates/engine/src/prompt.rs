//! What a prompt asks besides decisions: values, types and places in words.

use exeat_diagnostics::Span;
use exeat_eval::{Evaluated, Request, describe_value, evaluate};
use exeat_hir::{Expr, Ty};
use exeat_model::Value;

use crate::types::type_words;
use crate::{Question, Rulebook};

impl Rulebook {
    /// What an expression is worth for a question, with all decisions that it reads decided.
    pub fn evaluate(&self, question: &Question, expr: &Expr) -> Evaluated {
        let request = Request {
            as_of: question.as_of,
            readings: &question.readings,
            proposals: &question.proposals,
            facts: &question.facts,
        };
        evaluate(self.hir(), self.functions(), &request, expr)
    }

    /// A value as people read it: `36_000 TPP`, `license_exception (LPP)`.
    pub fn describe_value(&self, value: &Value, ty: &Ty) -> String {
        describe_value(self.hir(), value, ty)
    }

    /// A type in words with its article, as "a quantity in TPP".
    pub fn describe_type(&self, ty: &Ty) -> String {
        type_words(self.hir(), ty)
    }

    /// The file and the line, from 1, of a place in the rules; none for what a jurisdiction gave.
    pub fn place_of(&self, span: Span) -> Option<(String, usize)> {
        if span.is_empty() {
            return None;
        }
        let (file, at) = self.sources.position(span.start)?;
        Some((file.name.clone(), at.line))
    }
}
