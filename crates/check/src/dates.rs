use exeat_diagnostics::{Diagnostic, Span, codes};
use exeat_model::{Date, Interval, date_from_text};
use exeat_syntax::{Kind, Node};

use crate::checker::Checker;

/// Which end of an interval a clause gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    First,
    Last,
}

impl Checker<'_> {
    /// A date as it is written, if there is such a day.
    pub(crate) fn date(&mut self, text: &str, span: Span) -> Option<Date> {
        let date = date_from_text(text);
        if date.is_none() {
            self.report(no_such_date(text, span));
        }
        date
    }

    /// The interval of the `from`, `until` and `through` clauses among the children of a node.
    pub(crate) fn interval(&mut self, node: Node<'_>) -> Interval {
        let mut interval = Interval::ALWAYS;
        let mut given: Vec<(End, Span)> = Vec::new();
        for clause in node.nodes_of(Kind::interval_clause) {
            let Some(token) = clause.token(Kind::date) else { continue };
            let day = self.date(clause.token_text(token), token.span);
            let end = if clause.has(Kind::kw_from) { End::First } else { End::Last };
            if let Some((_, before)) = given.iter().find(|(other, _)| *other == end) {
                let what = if end == End::First { "a beginning" } else { "an end" };
                let diagnostic = Diagnostic::error(
                    codes::DUPLICATE_CLAUSE,
                    format!("this has {what} already"),
                    clause.span(),
                    "given again here",
                )
                .with_label(*before, "given here first")
                .with_help("Keep one of them.");
                self.report(diagnostic);
                continue;
            }
            given.push((end, clause.span()));
            match end {
                End::First => interval.from = day,
                End::Last if clause.has(Kind::kw_until) => interval.until = day,
                End::Last => interval.until = day.and_then(|day| day.tomorrow().ok()),
            }
        }
        let place = |end| given.iter().find(|(other, _)| *other == end).map(|(_, span)| *span);
        let (Some(first), Some(last), true) =
            (place(End::First), place(End::Last), interval.is_empty())
        else {
            return interval;
        };
        self.report(until_before_from(first, last));
        Interval::ALWAYS
    }
}

/// The report of an interval without a day in it.
pub(crate) fn until_before_from(first: Span, last: Span) -> Diagnostic {
    let message = "this ends before it begins";
    Diagnostic::error(codes::UNTIL_BEFORE_FROM, message, last, "the end")
        .with_label(first, "the beginning")
        .with_help(
            "`until` names the first day that is no longer in it, `through` the last day that is.",
        )
}

fn no_such_date(text: &str, span: Span) -> Diagnostic {
    let message = format!("there is no day `{text}`");
    let diagnostic = Diagnostic::error(codes::NO_SUCH_DATE, message, span, "no such day");
    let mut parts = text.split('-').map(|part| part.parse::<i16>().ok());
    let (Some(Some(year)), Some(Some(month)), Some(Some(day))) =
        (parts.next(), parts.next(), parts.next())
    else {
        return diagnostic.with_help("Write year, month and day, as `2025-05-15`.");
    };
    let padded = format!("{year:04}-{month:02}-{day:02}");
    if padded != text && date_from_text(&padded).is_some() {
        return diagnostic.with_help("Write the month and the day with two digits.").with_fix(
            format!("write `{padded}`"),
            span,
            padded,
        );
    }
    match i8::try_from(month).ok().and_then(|month| Date::new(year, month, 1).ok()) {
        Some(first) => diagnostic
            .with_help(format!("The last day of that month is `{}`.", first.last_of_month())),
        None => diagnostic.with_help("The months are 01 to 12."),
    }
}
