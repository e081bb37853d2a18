use std::collections::BTreeMap;

use exeat_diagnostics::{SourceMap, Span};
use exeat_eval::describe_value;
use exeat_hir::{Comparison, ConditionKind, ConditionTrace, Expr, ExprKind, Hir, Operand, Ty};
use exeat_model::Truth;

use super::report::{gap_line, rule_lines};
use super::{ConditionLine, FailedCondition};

/// Sets longer than this are not written out in a detail.
const LONGEST_VALUE: usize = 60;

/// Tells conditions in words: with the text of the rules and the expressions that stand there.
pub(super) struct Teller<'a> {
    pub(super) hir: &'a Hir,
    pub(super) sources: &'a SourceMap,
    tests: BTreeMap<Span, &'a Expr>,
}

impl<'a> Teller<'a> {
    pub(super) fn new(hir: &'a Hir, sources: &'a SourceMap) -> Self {
        let mut tests = BTreeMap::new();
        let rules = hir.rules.values().filter_map(|rule| rule.when.as_ref());
        let gaps = hir.not_modelled.values().filter_map(|item| item.when.as_ref());
        let defines =
            hir.defines.values().flat_map(|define| define.pieces.iter().map(|piece| &piece.body));
        let needed = hir.decisions.values().filter_map(|decision| decision.needed_when.as_ref());
        for expr in rules.chain(gaps).chain(defines).chain(needed) {
            index(expr, &mut tests);
        }
        Self { hir, sources, tests }
    }

    /// The text of a place on one line, without comments.
    pub(super) fn text(&self, span: Span) -> String {
        text_on_one_line(self.sources, span)
    }

    /// The parts that make a condition what it is.
    pub(super) fn telling(&self, trace: &ConditionTrace) -> Vec<FailedCondition> {
        match &trace.kind {
            ConditionKind::All(parts) | ConditionKind::AnyOf(parts) => {
                let decisive = parts.iter().filter(|part| part.truth == trace.truth);
                decisive.flat_map(|part| self.telling(part)).collect()
            }
            ConditionKind::Not(inner) => match &inner.kind {
                ConditionKind::Test(_) => vec![self.line(trace, self.detail(inner), Vec::new())],
                _ => vec![self.line(trace, None, self.telling(inner))],
            },
            ConditionKind::Named(name, inner) => {
                let text = self.text(trace.span);
                let name = (*name != text).then(|| name.clone());
                vec![self.line(trace, name, self.telling(inner))]
            }
            ConditionKind::Elements(elements) => {
                let known = elements.iter().filter(|(_, part)| {
                    trace.truth != Truth::Unknown || part.truth == Truth::Unknown
                });
                let because = known
                    .map(|(label, part)| FailedCondition {
                        text: label.clone(),
                        ..self.line(part, None, self.telling(part))
                    })
                    .collect();
                vec![self.line(trace, None, because)]
            }
            ConditionKind::Test(_) => vec![self.line(trace, self.detail(trace), Vec::new())],
        }
    }

    fn line(
        &self,
        trace: &ConditionTrace,
        detail: Option<String>,
        because: Vec<FailedCondition>,
    ) -> FailedCondition {
        FailedCondition {
            text: self.text(trace.span),
            truth: truth_word(trace.truth),
            detail,
            missing: trace.missing.clone(),
            errors: trace.errors.clone(),
            conflict: rule_lines(self.hir, &trace.conflict),
            not_modelled: trace
                .not_modelled
                .iter()
                .filter_map(|gap| gap_line(self.hir, gap.item))
                .collect(),
            because,
        }
    }

    /// A condition with all that it was made from.
    pub(super) fn tree(&self, trace: &ConditionTrace) -> ConditionLine {
        let (kind, detail, parts) = match &trace.kind {
            ConditionKind::All(parts) => ("all", None, self.trees(parts)),
            ConditionKind::AnyOf(parts) => ("any_of", None, self.trees(parts)),
            ConditionKind::Not(inner) => ("not", None, vec![self.tree(inner)]),
            ConditionKind::Named(name, inner) => {
                ("named", Some(name.clone()), vec![self.tree(inner)])
            }
            ConditionKind::Elements(elements) => {
                let parts = elements.iter().map(|(label, part)| ConditionLine {
                    kind: "all",
                    text: label.clone(),
                    truth: truth_word(part.truth),
                    detail: None,
                    parts: vec![self.tree(part)],
                });
                ("elements", None, parts.collect())
            }
            ConditionKind::Test(_) => ("test", self.detail(trace), Vec::new()),
        };
        let (text, truth) = (self.text(trace.span), truth_word(trace.truth));
        ConditionLine { kind, text, truth, detail, parts }
    }

    fn trees(&self, parts: &[ConditionTrace]) -> Vec<ConditionLine> {
        parts.iter().map(|part| self.tree(part)).collect()
    }

    /// The values of a test. A comparison is shown the way round in which it is true.
    fn detail(&self, trace: &ConditionTrace) -> Option<String> {
        let ConditionKind::Test(operands) = &trace.kind else { return None };
        let kind = self.tests.get(&trace.span).map(|expr| &expr.kind);
        if trace.truth != Truth::Unknown
            && let [left, right] = operands.as_slice()
            && let Some(value) = self.value(left)
        {
            match (kind, self.value(right)) {
                (Some(ExprKind::Compare(comparison, ..)), Some(right)) => {
                    return Some(format!("{value} {} {right}", sign(*comparison, trace.truth)));
                }
                (Some(ExprKind::In(..)), _) => {
                    let sign = if trace.truth == Truth::True { "in" } else { "not in" };
                    return Some(format!("{value} {sign} {}", self.text(right.span)));
                }
                _ => {}
            }
        }
        let shown: Vec<String> =
            operands.iter().filter_map(|operand| self.operand(operand, trace.truth)).collect();
        (!shown.is_empty()).then(|| shown.join(", "))
    }

    fn value(&self, operand: &Operand) -> Option<String> {
        operand.value.as_ref().map(|value| describe_value(self.hir, value, &operand.ty))
    }

    /// An operand with its value, unless it is written out, or too long to be read.
    fn operand(&self, operand: &Operand, truth: Truth) -> Option<String> {
        let text = self.text(operand.span);
        let Some(value) = self.value(operand) else {
            // Of a set it is asked whether something is in it; it has no value to be known.
            let asked = truth == Truth::Unknown && !matches!(operand.ty, Ty::Set(_));
            return asked.then(|| format!("{text} is not known"));
        };
        let same = value == text || value.chars().count() > LONGEST_VALUE;
        let written = self
            .tests
            .get(&operand.span)
            .is_some_and(|expr| matches!(expr.kind, ExprKind::Literal(_)));
        (!same && !written).then(|| format!("{text} = {value}"))
    }
}

/// The text of a place on one line, without comments.
pub(crate) fn text_on_one_line(sources: &SourceMap, span: Span) -> String {
    let lines = sources.text(span).lines().map(without_comment);
    lines.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}

/// All expressions by their places, the outermost where several have the same.
fn index<'a>(expr: &'a Expr, tests: &mut BTreeMap<Span, &'a Expr>) {
    let mut parts: Vec<&'a Expr> = vec![expr];
    while let Some(part) = parts.pop() {
        tests.entry(part.span).or_insert(part);
        parts.extend(part.parts());
    }
}

/// The sign that makes a comparison of that truth a true statement.
fn sign(comparison: Comparison, truth: Truth) -> &'static str {
    match (comparison, truth == Truth::False) {
        (Comparison::Is, false) | (Comparison::IsNot, true) => "is",
        (Comparison::IsNot, false) | (Comparison::Is, true) => "is not",
        (Comparison::Less, false) | (Comparison::GreaterOrEqual, true) => "<",
        (Comparison::LessOrEqual, false) | (Comparison::Greater, true) => "<=",
        (Comparison::Greater, false) | (Comparison::LessOrEqual, true) => ">",
        (Comparison::GreaterOrEqual, false) | (Comparison::Less, true) => ">=",
    }
}

pub(super) fn truth_word(truth: Truth) -> &'static str {
    match truth {
        Truth::True => "true",
        Truth::False => "false",
        Truth::Unknown => "unknown",
    }
}

/// A line up to its comment; `//` inside quotes is none.
fn without_comment(line: &str) -> &str {
    let mut inside = false;
    let mut escaped = false;
    let mut before_slash = None;
    for (at, character) in line.char_indices() {
        match character {
            '\\' if inside && !escaped => {
                escaped = true;
                continue;
            }
            '"' if !escaped => inside = !inside,
            '/' if !inside => {
                if let Some(start) = before_slash {
                    return line.get(..start).unwrap_or(line);
                }
                before_slash = Some(at);
                continue;
            }
            _ => {}
        }
        escaped = false;
        before_slash = None;
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_ends_a_line_but_not_inside_quotes() {
        assert_eq!(without_comment("a and b // why"), "a and b ");
        assert_eq!(without_comment("a / b"), "a / b");
        assert_eq!(without_comment(r#"x is "http://a" // why"#), r#"x is "http://a" "#);
        assert_eq!(without_comment(r#""a\"//" // b"#), r#""a\"//" "#);
    }

    #[test]
    fn a_comparison_that_fails_is_shown_the_other_way_round() {
        assert_eq!(sign(Comparison::LessOrEqual, Truth::False), ">");
        assert_eq!(sign(Comparison::Is, Truth::False), "is not");
        assert_eq!(sign(Comparison::GreaterOrEqual, Truth::True), ">=");
    }
}
