//! The words of a line with what they are, for colours: from the tokenizer of the language.

use exeat_syntax::{Kind, keywords, words};

use crate::command::{Command, command, language_part};
use crate::desk::Desk;

/// What a piece of a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// A word with which a command begins.
    Command,
    /// A word of the language.
    Keyword,
    /// A fact or a field.
    Fact,
    /// A define, table, decision, group or other name that the rules declare.
    Name,
    /// A number, date or code.
    Literal,
    /// A text in quotation marks.
    Text,
    /// A comment.
    Comment,
    /// A text that is not closed.
    Open,
    /// Everything else, white space too.
    Plain,
}

/// A line in pieces, which joined give the line. With a desk, names are known by what they stand for.
pub fn coloured<'l>(line: &'l str, desk: Option<&Desk>) -> Vec<(&'l str, Colour)> {
    let command_ends = command_end(line);
    let mut pieces = Vec::new();
    let mut at = 0_usize;
    for token in words(line) {
        let local = |offset: u32| usize::try_from(offset).unwrap_or(usize::MAX);
        let (start, end) = (local(token.span.start), local(token.span.end));
        if let Some(space) = line.get(at..start).filter(|space| !space.is_empty()) {
            pieces.push((space, Colour::Plain));
        }
        let Some(text) = line.get(start..end) else { continue };
        let colour = match token.kind {
            _ if end <= command_ends => Colour::Command,
            Kind::comment => Colour::Comment,
            Kind::string => Colour::Text,
            Kind::unclosed_string => Colour::Open,
            Kind::date | Kind::code | Kind::number => Colour::Literal,
            Kind::keyword => Colour::Keyword,
            Kind::word => desk.map_or(Colour::Plain, |desk| name(desk, text)),
            _ => Colour::Plain,
        };
        pieces.push((text, colour));
        at = end;
    }
    if let Some(rest) = line.get(at..).filter(|rest| !rest.is_empty()) {
        pieces.push((rest, Colour::Plain));
    }
    pieces
}

/// How many bytes of a line name its command.
fn command_end(line: &str) -> usize {
    let skipped = line.len().saturating_sub(line.trim_start().len());
    match command(line) {
        Command::Nothing
        | Command::Given(_)
        | Command::Item(_)
        | Command::Expression(_)
        | Command::Misused(_) => 0,
        Command::AsOf(piece)
        | Command::LoadPlugin(piece)
        | Command::SaveAs(piece)
        | Command::SaveScenario(piece)
        | Command::SaveFacts(piece) => piece.at.min(line.len()),
        _ => {
            let word = line.split_whitespace().next().unwrap_or("");
            let first = skipped.saturating_add(word.len());
            language_part(line).map_or(first, |piece| piece.at)
        }
    }
}

fn name(desk: &Desk, word: &str) -> Colour {
    let hir = desk.session.hir();
    if hir.facts.values().any(|fact| fact.name == word) {
        return Colour::Fact;
    }
    let known = hir.defines.values().any(|define| define.name == word)
        || hir.decisions.values().any(|decision| decision.name == word)
        || hir.tables.values().any(|table| table.name == word)
        || hir.rules.values().any(|rule| rule.name == word);
    if known {
        Colour::Name
    } else if keywords().any(|keyword| keyword == word) {
        Colour::Keyword
    } else {
        Colour::Plain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(line: &str) -> Vec<(&str, Colour)> {
        let pieces = coloured(line, None);
        assert_eq!(pieces.iter().map(|(text, _)| *text).collect::<String>(), line);
        pieces.into_iter().filter(|(_, colour)| *colour != Colour::Plain).collect()
    }

    #[test]
    fn words_are_known_by_the_tokenizer_and_nothing_is_lost() {
        assert_eq!(
            told("what if item = us.chip(\"H200\") // so"),
            [
                ("what", Colour::Command),
                ("if", Colour::Command),
                ("\"H200\"", Colour::Text),
                ("// so", Colour::Comment)
            ]
        );
        assert_eq!(
            told("as of 2025-05-15"),
            [("as", Colour::Command), ("of", Colour::Command), ("2025-05-15", Colour::Literal)]
        );
        assert_eq!(told("x \"open"), [("\"open", Colour::Open)]);
        assert_eq!(told("3A090.a é ☃"), [("3A090.a", Colour::Literal)]);
        assert_eq!(told(""), []);
    }
}
