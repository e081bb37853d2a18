use exeat_diagnostics::{Diagnostic, Span, codes};
use exeat_hir::{ReadingChoice, ReadingId};
use exeat_syntax::{Kind, Node};

use crate::checker::Checker;
use crate::collect::{Items, cites, path_names};
use crate::environment::ValueSymbol;
use crate::names::{joined, listed, unknown};

impl<'a> Checker<'a> {
    pub(crate) fn lower_readings(&mut self, items: &Items<'a>) {
        for (id, node) in &items.readings {
            self.lower_reading(*id, *node);
        }
    }

    fn lower_reading(&mut self, id: ReadingId, node: Node<'_>) {
        let mut choices = Vec::new();
        let mut default: Option<(usize, Span)> = None;
        for (name, span, part) in self.distinct(node, Kind::reading_choice) {
            if let Some(word) = part.token(Kind::kw_default) {
                if let Some((_, first)) = default {
                    let diagnostic = Diagnostic::error(
                        codes::DUPLICATE_CLAUSE,
                        "a reading has one default",
                        word.span,
                        "second default",
                    )
                    .with_label(first, "first default")
                    .with_help(
                        "Keep `default` at the choice that holds unless another is asked for.",
                    );
                    self.report(diagnostic);
                } else {
                    default = Some((choices.len(), word.span));
                }
            }
            choices.push(ReadingChoice { name, title: part.string(), cites: cites(part), span });
        }
        let accepted = self.accepted(node);
        if let Some(reading) = self.program().readings.get_mut(id) {
            reading.accepted = accepted;
            reading.choices = choices;
            reading.default = default.map(|(at, _)| at);
        }
    }

    /// The reading and choice that a path names.
    pub(crate) fn reading_choice(&mut self, path: Node<'_>) -> Option<(ReadingId, usize)> {
        let names = path_names(path);
        self.choice_of(&names, path.span())
    }

    /// The same for a path as names.
    pub(crate) fn choice_of(
        &mut self,
        names: &[(&str, Span)],
        span: Span,
    ) -> Option<(ReadingId, usize)> {
        let written = joined(names);
        let found = self.anywhere::<ValueSymbol>(names);
        let rest = found.map_or(&[][..], |found| names.get(found.taken..).unwrap_or(&[]));
        match (found.map(|found| found.symbol), rest) {
            (Some(ValueSymbol::Broken), _) => None,
            (Some(ValueSymbol::Reading(id)), [(choice, place)]) => {
                self.choice_in(id, choice, *place)
            }
            (Some(ValueSymbol::Reading(id)), []) => {
                let choices = self.choice_names(id);
                let choices = listed(choices.iter().map(String::as_str));
                let diagnostic = Diagnostic::error(
                    codes::UNKNOWN_READING,
                    format!("`{written}` is a reading and not one of its choices"),
                    span,
                    "which choice?",
                )
                .with_help(format!("Write a dot after it and one of {choices}."));
                self.report(diagnostic);
                None
            }
            _ => {
                if !self.may_be_unread() {
                    let candidates: Vec<String> = self
                        .hir
                        .readings
                        .values()
                        .flat_map(|reading| reading.choices.iter().map(move |one| (reading, one)))
                        .map(|(reading, one)| format!("{}.{}", reading.name, one.name))
                        .collect();
                    let message = format!("there is no reading `{written}`");
                    self.unknown(codes::UNKNOWN_READING, message, &written, span, &candidates);
                }
                None
            }
        }
    }

    fn choice_names(&self, id: ReadingId) -> Vec<String> {
        let reading = self.hir.readings.get(id);
        let choices = reading.into_iter().flat_map(|reading| &reading.choices);
        choices.map(|choice| choice.name.to_string()).collect()
    }

    fn choice_in(&mut self, id: ReadingId, choice: &str, span: Span) -> Option<(ReadingId, usize)> {
        let reading = self.hir.readings.get(id)?;
        if let Some(at) = reading.choices.iter().position(|known| known.name == choice) {
            return Some((id, at));
        }
        let candidates = self.choice_names(id);
        let choices = listed(candidates.iter().map(String::as_str));
        let message = format!("the reading `{}` has no choice `{choice}`", reading.name);
        let diagnostic = unknown(codes::UNKNOWN_READING, message, choice, span, &candidates)
            .with_note(format!("Its choices are {choices}."));
        self.report(diagnostic);
        None
    }
}
