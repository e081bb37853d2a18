//! Places on a scale: as values, and as what is asked for.

use exeat_diagnostics::{Diagnostic, Span, codes};
use exeat_hir::{Expr, ExprKind, OutcomePattern, ScaleId, Ty};
use exeat_model::{Outcome, Value};
use exeat_syntax::{Expression, ExpressionKind, Segment};

use crate::checker::{Checker, broken};
use crate::environment::TypeSymbol;
use crate::expression::literal;
use crate::names::{listed, unknown};

/// Arguments in parentheses and their place.
pub(crate) type Arguments<'e> = Option<(&'e [Expression], Span)>;

impl Checker<'_> {
    /// An outcome as a value, if a name is one of the scale's.
    pub(crate) fn outcome_value(
        &mut self,
        scale: ScaleId,
        name: (&str, Span),
        arguments: Arguments<'_>,
        span: Span,
    ) -> Expr {
        match self.pattern(scale, name, arguments) {
            Some(pattern) => {
                let outcome = Outcome {
                    rank: pattern.rank,
                    name: pattern.name,
                    labels: pattern.labels.into_iter().collect(),
                };
                literal(Value::Outcome(outcome), Ty::Outcome(scale), span)
            }
            None => broken(span),
        }
    }

    /// A place with labels; reported if the scale has none of that name.
    fn pattern(
        &mut self,
        scale: ScaleId,
        (name, span): (&str, Span),
        arguments: Arguments<'_>,
    ) -> Option<OutcomePattern> {
        let found = self.hir.scales.get(scale)?;
        let Some(at) = found.outcomes.iter().position(|outcome| outcome.name == name) else {
            let places: Vec<String> =
                found.outcomes.iter().map(|outcome| outcome.name.to_string()).collect();
            let message = format!("`{}` has no outcome `{name}`", found.name);
            let listed = listed(places.iter().map(String::as_str));
            let diagnostic = unknown(codes::UNKNOWN_OUTCOME, message, name, span, &places)
                .with_note(format!("Its outcomes are {listed}."));
            self.report(diagnostic);
            return None;
        };
        let labels_of = found.outcomes.get(at)?.labels;
        let mut labels = Vec::new();
        if let Some((values, place)) = arguments {
            let Some(labels_of) = labels_of else {
                let diagnostic = Diagnostic::error(
                    codes::UNKNOWN_OUTCOME,
                    format!("the outcome `{name}` takes no label"),
                    place,
                    "takes none",
                )
                .with_fix(format!("write `{name}` alone"), place, "");
                self.report(diagnostic);
                return None;
            };
            for value in values {
                let label = self.check(value, &Ty::Enum(labels_of));
                match label.kind {
                    ExprKind::Literal(Value::Symbol(label)) => labels.push(label),
                    ExprKind::Error => return None,
                    _ => {
                        self.must_be_constant(&label, "the label of an outcome");
                        return None;
                    }
                }
            }
        }
        labels.sort_unstable();
        labels.dedup();
        Some(OutcomePattern { rank: u32::try_from(at).ok()?, name: name.into(), labels })
    }

    /// The places that are asked for: one, or several in braces. `None` if what is written names no
    /// place, as another decision; then it is compared as a value.
    pub(crate) fn patterns(
        &mut self,
        expression: &Expression,
        scale: ScaleId,
    ) -> Option<Vec<OutcomePattern>> {
        let parts: Vec<&Expression> = match &expression.without_parentheses().kind {
            ExpressionKind::Braces(items) if items.iter().all(|item| item.value.is_none()) => {
                items.iter().map(|item| &item.key).collect()
            }
            _ => vec![expression],
        };
        let written: Option<Vec<_>> =
            parts.into_iter().map(|part| self.written_place(part, scale)).collect();
        let mut patterns = Vec::new();
        for (name, arguments) in written? {
            patterns.extend(self.pattern(scale, name, arguments));
        }
        Some(patterns)
    }

    /// The name and labels of a place as written: `license_exception (LPP)`, or with the scale
    /// before it. A word that stands for nothing else counts as one, so that it is reported as such.
    fn written_place<'e>(
        &mut self,
        expression: &'e Expression,
        scale: ScaleId,
    ) -> Option<((&'e str, Span), Arguments<'e>)> {
        let ExpressionKind::Reference(segments) = &expression.without_parentheses().kind else {
            return None;
        };
        let (names, arguments) = split(segments)?;
        let (name, span) = *names.last()?;
        match names.as_slice() {
            [_] => {
                let is_place = self
                    .hir
                    .scales
                    .get(scale)
                    .is_some_and(|scale| scale.outcomes.iter().any(|one| one.name == name));
                (is_place || self.is_a_loose_word(segments)).then_some(((name, span), arguments))
            }
            [before @ .., _] => {
                let symbol = self.resolve_whole::<TypeSymbol>(before)?;
                (symbol == TypeSymbol::Scale(scale)).then_some(((name, span), arguments))
            }
            [] => None,
        }
    }
}

/// The names of a reference and the arguments after them. `None` if more follows.
pub(crate) fn split(segments: &[Segment]) -> Option<(Vec<(&str, Span)>, Arguments<'_>)> {
    let mut names = Vec::new();
    let mut arguments = None;
    for segment in segments {
        match segment {
            Segment::Name(name, span) if arguments.is_none() => names.push((name.as_str(), *span)),
            Segment::Arguments(values, span) if arguments.is_none() => {
                arguments = Some((values.as_slice(), *span));
            }
            _ => return None,
        }
    }
    Some((names, arguments))
}
