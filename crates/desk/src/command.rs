//! What a line asks for.

use exeat_syntax::item_words;

/// A part of a line and where in the line it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Piece<'l> {
    pub(crate) text: &'l str,
    pub(crate) at: usize,
}

/// What a line asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Command<'l> {
    Nothing,
    /// `destination = SG`.
    Given(Piece<'l>),
    Forget(Piece<'l>),
    Show,
    Decide(Piece<'l>),
    Why(Piece<'l>),
    /// `why not OUTCOME`.
    WhyNot(Piece<'l>),
    Flip(Piece<'l>),
    Trace(Piece<'l>),
    AsOf(Piece<'l>),
    Reading(Piece<'l>),
    Readings,
    Include(Piece<'l>),
    Exclude(Piece<'l>),
    WhatIf(Piece<'l>),
    Calendar(Piece<'l>),
    Cite(Piece<'l>),
    Type(Piece<'l>),
    Doc(Piece<'l>),
    List(Piece<'l>),
    Help(Piece<'l>),
    Quit,
    Facts(Piece<'l>),
    Load(Piece<'l>),
    LoadPlugin(Piece<'l>),
    Reload,
    Plugins,
    Draft,
    Drop(Piece<'l>),
    SaveAs(Piece<'l>),
    SaveScenario(Piece<'l>),
    SaveFacts(Piece<'l>),
    /// A command whose rest is missing or not understood; how it is written.
    Misused(&'static str),
    /// `rule …`, `exception …`, `define …`: an item of the language, to try it.
    Item(Piece<'l>),
    Ask(Piece<'l>),
    Analyze(Piece<'l>),
    Diff(Piece<'l>),
    /// Anything else: an expression.
    Expression(Piece<'l>),
}

impl<'l> Piece<'l> {
    pub(crate) fn of(line: &'l str) -> Self {
        Self { text: line, at: 0 }.trimmed()
    }

    fn trimmed(self) -> Self {
        let rest = self.text.trim_start();
        let skipped = self.text.len().saturating_sub(rest.len());
        Self { text: rest.trim_end(), at: self.at.saturating_add(skipped) }
    }

    /// The first word and what follows it.
    pub(crate) fn word(self) -> (&'l str, Self) {
        let end = self.text.find(char::is_whitespace).unwrap_or(self.text.len());
        let (word, rest) = self.text.split_at_checked(end).unwrap_or((self.text, ""));
        (word, Self { text: rest, at: self.at.saturating_add(end) }.trimmed())
    }

    /// What follows a word, if it begins with it.
    pub(crate) fn after(self, word: &str) -> Option<Self> {
        let (first, rest) = self.word();
        (first == word).then_some(rest)
    }

    /// Both sides of the first place of a separator.
    pub(crate) fn split(self, separator: char) -> Option<(Self, Self)> {
        let (before, after) = self.text.split_once(separator)?;
        let at = self.at.saturating_add(before.len()).saturating_add(separator.len_utf8());
        Some((Self { text: before, at: self.at }.trimmed(), Self { text: after, at }.trimmed()))
    }

    pub(crate) fn is_empty(self) -> bool {
        self.text.is_empty()
    }
}

/// Reads a line. It never fails: what is no command is an expression.
pub(crate) fn command<'l>(line: &'l str) -> Command<'l> {
    let whole = Piece::of(line);
    let (first, rest) = whole.word();
    let (second, after) = rest.word();
    let remark = whole.text.starts_with("//") && !whole.text.starts_with("///");
    if whole.is_empty() || (remark && !whole.text.contains('\n')) {
        return Command::Nothing;
    }
    if is_given(whole.text) {
        return Command::Given(whole);
    }
    let named = |make: fn(Piece<'l>) -> Command<'l>, usage: &'static str| {
        if rest.is_empty() { Command::Misused(usage) } else { make(rest) }
    };
    match (first, second) {
        ("as", "of") => Command::AsOf(after),
        ("what", "if") if after.is_empty() => Command::Misused("what if FACT = VALUE"),
        ("what", "if") => Command::WhatIf(after),
        ("reading", _) if rest.text.contains('{') => Command::Item(whole),
        ("reading", _) => named(Command::Reading, "reading NAME = CHOICE"),
        ("load", "plugin") if after.is_empty() => Command::Misused("load plugin PATH"),
        ("load", "plugin") => Command::LoadPlugin(after),
        ("save", "as") if !after.is_empty() => Command::SaveAs(after),
        ("save", "scenario") if !after.is_empty() => Command::SaveScenario(after),
        ("save", "facts") if !after.is_empty() => Command::SaveFacts(after),
        ("save", _) => {
            Command::Misused("save as FILE, save scenario \"TITLE\" to FILE, or save facts FILE")
        }
        ("show", "") => Command::Show,
        ("readings", "") => Command::Readings,
        ("plugins", "") => Command::Plugins,
        ("reload", "") => Command::Reload,
        ("draft", "") => Command::Draft,
        ("quit" | "exit", "") => Command::Quit,
        ("show", _) => Command::Misused("show"),
        ("readings", _) => Command::Misused("readings"),
        ("plugins", _) => Command::Misused("plugins"),
        ("reload", _) => Command::Misused("reload"),
        ("draft", _) => Command::Misused("draft"),
        ("quit" | "exit", _) => Command::Misused("quit"),
        ("forget", _) => named(Command::Forget, "forget FACT, or forget all"),
        ("decide", _) => Command::Decide(rest),
        ("why", "not") if after.is_empty() => Command::Misused("why not OUTCOME"),
        ("why", "not") => Command::WhyNot(after),
        ("why", _) => Command::Why(rest),
        ("flip", _) => Command::Flip(rest),
        ("trace", _) => Command::Trace(rest),
        ("calendar", _) => Command::Calendar(rest),
        ("include", _) => named(Command::Include, "include MODULE"),
        ("exclude", _) => named(Command::Exclude, "exclude MODULE"),
        ("cite", _) => named(Command::Cite, "cite RULE"),
        ("type", _) => named(Command::Type, "type EXPRESSION"),
        ("doc", _) => named(Command::Doc, "doc NAME"),
        ("list", _) => Command::List(rest),
        ("help", _) => Command::Help(rest),
        ("ask", _) => Command::Ask(rest),
        ("analyze", _) => Command::Analyze(rest),
        ("diff", _) => Command::Diff(rest),
        ("facts", _) => named(Command::Facts, "facts FILE"),
        ("load", _) => named(Command::Load, "load PATH"),
        ("drop", _) => named(Command::Drop, "drop NAME, or drop all"),
        _ if is_item(whole) => Command::Item(whole),
        _ => Command::Expression(whole),
    }
}

/// The part of a line that is written in the language, to see whether it is complete.
pub(crate) fn language_part(line: &str) -> Option<Piece<'_>> {
    match command(line) {
        Command::Given(piece)
        | Command::WhatIf(piece)
        | Command::Type(piece)
        | Command::Item(piece)
        | Command::Expression(piece) => Some(piece),
        _ => None,
    }
}

fn is_item(whole: Piece<'_>) -> bool {
    let (first, rest) = whole.word();
    let known = item_words().any(|item| item == first) || whole.text.starts_with("///");
    match first {
        // A condition may begin with `not`.
        "not" => rest.word().0 == "modelled",
        // Names where nothing that belongs to an item follows.
        "rules" | "transaction" => rest.text.contains('{'),
        _ => known,
    }
}

/// Whether a line gives a fact: a path, and then `=`.
pub(crate) fn is_given(text: &str) -> bool {
    let Some((path, after)) = text.split_once('=') else { return false };
    let path = path.trim();
    let starts = |part: &str| part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let inside = |c: char| c.is_ascii_alphanumeric() || c == '_';
    !after.starts_with(['=', '>'])
        && !path.is_empty()
        && path.split('.').all(|part| starts(part) && part.chars().all(inside))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_fact_a_command_an_item_or_an_expression() {
        assert_eq!(command("  "), Command::Nothing);
        assert_eq!(command("// a remark"), Command::Nothing);
        let given = "destination = SG";
        assert_eq!(command(given), Command::Given(Piece { text: given, at: 0 }));
        assert!(matches!(command("consignee.country=SG"), Command::Given(_)));
        assert!(matches!(command("quantity <= 5"), Command::Expression(_)));
        assert!(matches!(command("{ country = PL }"), Command::Expression(_)));
        assert_eq!(
            command("as  of 2025-05-15"),
            Command::AsOf(Piece { text: "2025-05-15", at: 7 })
        );
        assert!(matches!(command("reading enforcement = as_written"), Command::Reading(_)));
        assert!(matches!(command("reading enforcement { a \"b\" }"), Command::Item(_)));
        assert!(matches!(command("not destination in gate"), Command::Expression(_)));
        assert!(matches!(command("not modelled x {"), Command::Item(_)));
        assert!(matches!(command("/// Why.\nrule x {"), Command::Item(_)));
        assert_eq!(command("forget"), Command::Misused("forget FACT, or forget all"));
        assert!(matches!(command("why not LPP"), Command::WhyNot(Piece { text: "LPP", at: 8 })));
        assert_eq!(command("why not"), Command::Misused("why not OUTCOME"));
        assert!(matches!(command("why license"), Command::Why(_)));
        assert!(matches!(command("show = 5"), Command::Given(_)));
        assert!(matches!(command("(show)"), Command::Expression(_)));
    }
}
