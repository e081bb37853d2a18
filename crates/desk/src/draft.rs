//! Items typed at the prompt: a module of their own that is checked with the others.

use std::fmt::Write as _;

use exeat_diagnostics::{Diagnostic, Span, codes};
use exeat_engine::PolicyText;
use exeat_syntax::{Kind, parse_item};

use crate::command::Piece;
use crate::desk::{Desk, offset, span_of};
use crate::problem::{no_such, refused};
use crate::reply::{Block, Reply};

/// The name under which the draft is shown in messages.
pub(crate) const NAME: &str = "draft";

/// What was typed so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Draft {
    /// The module's header, if one was typed.
    pub(crate) header: Option<String>,
    pub(crate) items: Vec<Item>,
}

/// An item with what it is and its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) kind: Kind,
    pub(crate) name: String,
    pub(crate) text: String,
}

/// The first lines of every draft.
const BEGINNING: &str = "edition 2026\n\n";

/// A text that was typed, and where it begins in the draft as a file.
struct Typed<'d> {
    text: &'d str,
    /// How much of its beginning is left out there.
    leading: usize,
    /// How much of it stands there.
    length: usize,
    at: usize,
}

impl Draft {
    pub(crate) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The draft as a rule file. It uses `used`.
    pub(crate) fn text(&self, module: &str, title: &str, used: &[String]) -> String {
        let mut text = String::from(BEGINNING);
        let clauses = used.iter().fold(String::new(), |mut clauses, name| {
            let _ = writeln!(clauses, "    use {name}");
            clauses
        });
        match &self.header {
            Some(header) => {
                let _ = writeln!(text, "{}\n{clauses}}}", open_header(header));
            }
            None => {
                let _ = writeln!(text, "module {module} {{\n    title \"{title}\"\n{clauses}}}");
            }
        }
        for item in &self.items {
            let _ = write!(text, "\n{}\n", item.text.trim());
        }
        text
    }

    /// Where what was typed stands in the draft as a file of so many bytes.
    fn typed(&self, whole: usize) -> Vec<Typed<'_>> {
        let mut found = Vec::new();
        let mut at = whole;
        for item in self.items.iter().rev() {
            // As `text` writes it: an empty line before it, the end of its last line behind it.
            let length = item.text.trim().len();
            at = at.saturating_sub(length.saturating_add(1));
            let leading = item.text.len().saturating_sub(item.text.trim_start().len());
            found.push(Typed { text: &item.text, leading, length, at });
            at = at.saturating_sub(1);
        }
        if let Some(header) = &self.header {
            found.push(Typed {
                text: header,
                leading: 0,
                length: open_header(header).len(),
                at: BEGINNING.len(),
            });
        }
        found
    }

    /// The name of its module.
    pub(crate) fn module(&self) -> String {
        let header = self.header.as_deref().and_then(|header| item(header, 0).ok());
        header.map_or_else(|| NAME.to_owned(), |header| header.name)
    }

    /// Adds an item, or replaces the one of its name; whether it replaced one.
    pub(crate) fn put(&mut self, item: Item) -> bool {
        let old = self.items.iter_mut().find(|old| old.kind == item.kind && old.name == item.name);
        if let Some(old) = old {
            *old = item;
            return true;
        }
        self.items.push(item);
        false
    }
}

/// A header without the brace that closes it.
fn open_header(header: &str) -> &str {
    header.trim_end().strip_suffix('}').unwrap_or(header).trim_end()
}

/// The word for a kind of item.
pub(crate) fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::rule => "rule",
        Kind::exception => "exception",
        Kind::define => "define",
        Kind::decision => "decision",
        Kind::fact => "fact",
        Kind::scenario => "scenario",
        Kind::transaction => "transaction",
        Kind::not_modelled => "not modelled",
        Kind::reading => "reading",
        Kind::table => "table",
        Kind::group => "group",
        Kind::assertion => "assertion",
        Kind::module => "module",
        _ => "item",
    }
}

/// An item and its name, from its text.
pub(crate) fn item(text: &str, base: u32) -> Result<Item, Vec<Diagnostic>> {
    let parsed = parse_item(text, base);
    if parsed.has_errors() {
        return Err(parsed.diagnostics);
    }
    let root = parsed.tree.root();
    let Some(node) = root.nodes().next() else {
        return Err(vec![refused("this is no item", "Write `rule NAME { … }`, for example.")]);
    };
    let written = |kind: Kind| {
        let token = node.token(kind)?;
        Some(parsed.tree.slice(token.span).to_owned())
    };
    let name = match node.kind() {
        Kind::scenario => node.string(),
        Kind::module => node.node(Kind::path).map(|path| path.text().to_owned()),
        Kind::assumption => Some(node.text().to_owned()),
        _ => written(Kind::ident),
    };
    Ok(Item { kind: node.kind(), name: name.unwrap_or_default(), text: text.to_owned() })
}

/// All places that a problem shows or mends.
fn places(problem: &mut Diagnostic) -> impl Iterator<Item = &mut Span> {
    let edits = problem.fix.iter_mut().flat_map(|fix| &mut fix.edits);
    let labels = problem.labels.iter_mut().map(|label| &mut label.span);
    labels.chain(edits.map(|edit| &mut edit.span))
}

impl Desk {
    /// The draft as it is loaded: it may use everything that is loaded.
    pub(crate) fn draft_policy(&self, draft: &Draft) -> PolicyText {
        let hir = self.session.hir();
        let mut used: Vec<String> = hir.modules.values().map(|one| one.name.to_string()).collect();
        used.extend(hir.jurisdictions.iter().map(|known| known.id.to_string()));
        let own = draft.module();
        used.retain(|name| *name != own && name != NAME);
        PolicyText { name: NAME.to_owned(), text: draft.text(NAME, "A draft", &used).into() }
    }

    /// Problems of a draft, shown in what was typed in place of the file that is made of it.
    pub(crate) fn where_typed(&mut self, draft: &Draft, problems: &mut [Diagnostic]) {
        // What was typed is added under the same name, behind it.
        let composed = self.sources.files().find(|(_, file)| file.name == NAME);
        let Some((base, whole)) = composed.map(|(_, file)| (file.base, file.text.len())) else {
            return;
        };
        for typed in draft.typed(whole) {
            let start = offset(base, typed.at);
            let there = Span::new(start, offset(start, typed.length));
            let within = |span: &Span| there.start <= span.start && span.end <= there.end;
            if !problems.iter_mut().flat_map(places).any(|span| within(span)) {
                continue;
            }
            let Some(id) = self.sources.add(NAME, typed.text) else { return };
            let Some(own) = self.sources.file(id).map(|file| offset(file.base, typed.leading))
            else {
                return;
            };
            let moved = |at: u32| own.saturating_add(at.saturating_sub(there.start));
            for span in problems.iter_mut().flat_map(places).filter(|span| within(span)) {
                *span = Span::new(moved(span.start), moved(span.end));
            }
        }
    }

    pub(crate) fn draft_item(&mut self, piece: Piece<'_>) -> Reply {
        let base = self.add_text(piece.text);
        let item = match item(piece.text, base) {
            Ok(item) => item,
            Err(problems) => return Reply::problems(problems),
        };
        let mut draft = self.draft.clone();
        let (what, name) = (word(item.kind), item.name.clone());
        let done = match item.kind {
            Kind::edition => return Reply::note("a draft is always of edition 2026"),
            Kind::module => {
                draft.header = Some(item.text);
                format!("the draft is the module `{name}` from now on")
            }
            _ if draft.put(item) => format!("replaced the {what} `{name}`"),
            _ => format!("tried: {what} `{name}`"),
        };
        self.take_draft(draft, done)
    }

    pub(crate) fn show_draft(&self) -> Reply {
        if self.draft.is_empty() {
            return Reply::note("the draft is empty; type a rule, exception or define to try it");
        }
        let mut text = self.draft.header.clone().map(|header| header + "\n\n").unwrap_or_default();
        let items: Vec<&str> = self.draft.items.iter().map(|item| item.text.trim()).collect();
        text.push_str(&items.join("\n\n"));
        Reply::of(Block::Text { text, language: true })
    }

    pub(crate) fn drop_item(&mut self, piece: Piece<'_>, base: u32) -> Reply {
        let mut draft = self.draft.clone();
        if piece.text == "all" {
            return self.take_draft(Draft::default(), "the draft is empty".to_owned());
        }
        let wanted = piece.text.trim_matches('"');
        draft.items.retain(|item| item.name != wanted);
        if draft.items.len() == self.draft.items.len() {
            let known: Vec<String> = self.draft.items.iter().map(|one| one.name.clone()).collect();
            let problem = no_such("item of the draft", wanted, &known, span_of(piece, base));
            return Reply::problems(vec![problem]);
        }
        self.take_draft(draft, format!("dropped `{wanted}`"))
    }

    /// Takes another draft if the rules are sound with it, and says what that changes.
    pub(crate) fn take_draft(&mut self, draft: Draft, done: String) -> Reply {
        let mut options = self.options.clone();
        options.drafts =
            if draft.is_empty() { Vec::new() } else { vec![self.draft_policy(&draft)] };
        let loaded = exeat_engine::Session::load(&options);
        let about_the_draft = |problem: &Diagnostic| {
            let unfinished = [codes::UNUSED_IMPORT, codes::UNUSED_DEFINE, codes::UNUSED_FACT];
            let place = problem.span().and_then(|span| loaded.sources.file_at(span.start));
            place.is_some_and(|(_, file)| file.name == NAME) && !unfinished.contains(&problem.code)
        };
        if let Some(session) = loaded.session {
            let mut warnings: Vec<Diagnostic> =
                loaded.diagnostics.into_iter().filter(about_the_draft).collect();
            self.options = options;
            self.draft = draft;
            let mut reply = self.take_session(session, loaded.sources);
            reply.blocks.insert(0, Block::Note { text: done });
            if !warnings.is_empty() {
                let draft = self.draft.clone();
                self.where_typed(&draft, &mut warnings);
                reply.blocks.push(Block::Problems { diagnostics: warnings });
            }
            return reply;
        }
        // Shown in the texts that were read for this trial; the desk keeps its rules.
        self.sources = loaded.sources;
        let mut errors: Vec<Diagnostic> =
            loaded.diagnostics.into_iter().filter(Diagnostic::is_error).collect();
        self.where_typed(&draft, &mut errors);
        let mut reply = Reply::problems(errors);
        let text = "nothing was changed".to_owned();
        reply.blocks.push(Block::Note { text });
        reply
    }
}
