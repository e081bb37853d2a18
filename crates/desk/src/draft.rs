//! Items typed at the prompt: a module of their own that is checked with the others.

use std::fmt::Write as _;

use exeat_diagnostics::{Diagnostic, codes};
use exeat_engine::PolicyText;
use exeat_syntax::{Kind, parse_item};

use crate::command::Piece;
use crate::desk::{Desk, span_of};
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

impl Draft {
    pub(crate) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The draft as a rule file. It uses `used`.
    pub(crate) fn text(&self, module: &str, title: &str, used: &[String]) -> String {
        let mut text = String::from("edition 2026\n\n");
        let clauses = used.iter().fold(String::new(), |mut clauses, name| {
            let _ = writeln!(clauses, "    use {name}");
            clauses
        });
        match &self.header {
            Some(header) => {
                let body = header.trim_end().strip_suffix('}').unwrap_or(header);
                let _ = writeln!(text, "{}\n{clauses}}}", body.trim_end());
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
            let warnings: Vec<Diagnostic> =
                loaded.diagnostics.into_iter().filter(about_the_draft).collect();
            self.options = options;
            self.draft = draft;
            let mut reply = self.take_session(session, loaded.sources);
            reply.blocks.insert(0, Block::Note { text: done });
            if !warnings.is_empty() {
                reply.blocks.push(Block::Problems { diagnostics: warnings });
            }
            return reply;
        }
        // Shown in the texts that were read for this trial; the desk keeps its rules.
        self.sources = loaded.sources;
        let errors = loaded.diagnostics.into_iter().filter(Diagnostic::is_error).collect();
        let mut reply = Reply::problems(errors);
        let text = "nothing was changed".to_owned();
        reply.blocks.push(Block::Note { text });
        reply
    }
}
