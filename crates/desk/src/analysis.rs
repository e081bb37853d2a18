//! Questions about all transactions, at the prompt: what is wrong with the draft, and what it changes.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use exeat_diagnostics::Diagnostic;
use exeat_engine::analyze::{Analysis, Comparison, Options};
use exeat_engine::{Session, Stance, Version};
use exeat_hir::ModuleId;

use crate::command::Piece;
use crate::desk::{Desk, span_of};
use crate::reply::{Block, Reply};

impl Desk {
    /// `analyze`: what is found about the draft, and about other rules because of it. `analyze MODULE`.
    pub(crate) fn analyze(&mut self, piece: Piece<'_>, base: u32) -> Reply {
        let mut options = Options { proposals: self.proposals.clone(), ..Options::default() };
        if !piece.is_empty() {
            match self.session.find_module(piece.text) {
                Ok(module) => options.modules = Some(BTreeSet::from([module])),
                Err(problem) => {
                    let problem = problem.with_label(span_of(piece, base), "");
                    return Reply::problems(vec![problem]);
                }
            }
        }
        let mut analysis = match self.session.analyse(&options) {
            Ok(analysis) => analysis,
            Err(problem) => return Reply::problems(vec![problem]),
        };
        if piece.is_empty() && !self.draft.is_empty() {
            self.keep_what_the_draft_brings(&mut analysis);
        }
        self.analysis_reply(&analysis)
    }

    /// Findings in the draft stay, and those elsewhere that are not there without it.
    fn keep_what_the_draft_brings(&self, analysis: &mut Analysis) {
        let own = self.session.find_module(&self.draft.module()).ok();
        let hir = self.session.hir();
        let is_own = |modules: Vec<ModuleId>| modules.iter().any(|module| Some(*module) == own);
        let elsewhere =
            |found: &Analysis| found.open().any(|finding| !is_own(finding.subject.modules(hir)));
        let mut known: BTreeSet<String> = BTreeSet::new();
        if elsewhere(analysis) {
            let mut options = self.options.clone();
            options.drafts = Vec::new();
            let without = Session::load(&options).session.and_then(|session| {
                let found = session.analyse(&Options::default()).ok()?;
                Some(messages(&found, &session).collect())
            });
            known = without.unwrap_or_default();
        }
        analysis.findings.retain(|finding| {
            is_own(finding.subject.modules(hir))
                || !known.contains(&finding.diagnostic(hir).message)
        });
        analysis.undecided.retain(|question| is_own(question.subject.modules(hir)));
    }

    fn analysis_reply(&mut self, analysis: &Analysis) -> Reply {
        let mut problems = analysis.diagnostics(self.session.hir());
        // A trial that failed left other texts.
        self.sources = self.session.sources().clone();
        let draft = self.draft.clone();
        self.where_typed(&draft, &mut problems);
        let open = analysis.open().count();
        let mut text = match (open, problems.is_empty()) {
            (0, true) => "nothing is found about all transactions".to_owned(),
            (1, _) => "1 finding".to_owned(),
            (open, _) => format!("{open} findings"),
        };
        if !analysis.undecided.is_empty() {
            let count = analysis.undecided.len();
            let noun = if count == 1 { "question" } else { "questions" };
            let _ = write!(text, ", {count} {noun} not decided");
        }
        let count = analysis.proved.len();
        if count > 0 {
            let noun = if count == 1 { "assertion" } else { "assertions" };
            let _ = write!(text, ", {count} {noun} proved");
        }
        let note = Block::Note { text };
        if problems.is_empty() {
            Reply::of(note)
        } else {
            Reply::of(Block::Problems { diagnostics: problems }).with(note)
        }
    }

    /// `diff`: for which transactions the draft changes something; without a draft, what the files change
    /// since the last commit. `diff REVISION`.
    pub(crate) fn diff(&mut self, piece: Piece<'_>) -> Reply {
        let mut options = self.options.clone();
        options.drafts = Vec::new();
        let drafted = !self.draft.is_empty();
        let with_draft = if drafted { "the files with the draft" } else { "the files" };
        let (name, loaded) = if piece.is_empty() && drafted {
            ("the files".to_owned(), Session::load(&options))
        } else {
            let revision = if piece.is_empty() { "HEAD" } else { piece.text };
            let version = Version::named(revision);
            (revision.to_owned(), Session::load_version(&options, &version))
        };
        let Some(old) = loaded.session else {
            self.sources = loaded.sources;
            let errors: Vec<Diagnostic> =
                loaded.diagnostics.into_iter().filter(Diagnostic::is_error).collect();
            return Reply::problems(errors);
        };
        let (before, after) = (self.stance_in(&old), self.stance_in(&self.session));
        let wanted = Comparison::default();
        match self.session.differences(&old, (&before, &after), &wanted) {
            Ok(found) => {
                let names = (name, with_draft.to_owned());
                let document =
                    self.session.difference_document(&old, names, &found, &wanted.budget);
                Reply::of(Block::Difference { document: Box::new(document) })
            }
            Err(problem) => Reply::problems(vec![problem]),
        }
    }

    /// The readings and proposals chosen here, as other rules call them; what they do not have is left out.
    fn stance_in(&self, rules: &Session) -> Stance {
        let hir = self.session.hir();
        let mut stance = Stance::default();
        for (id, choice) in &self.readings {
            let Some(reading) = hir.readings.get(*id) else { continue };
            let Some(chosen) = reading.choices.get(*choice) else { continue };
            let name = hir.full_name(reading.module, &reading.name);
            let there = rules.find_reading_choice(&format!("{name}.{}", chosen.name));
            stance.readings.extend(there.ok());
        }
        for id in &self.proposals {
            let module = hir.modules.get(*id).map(|module| module.name.as_str());
            stance.proposals.extend(module.and_then(|name| rules.find_module(name).ok()));
        }
        stance
    }
}

fn messages(analysis: &Analysis, session: &Session) -> impl Iterator<Item = String> {
    analysis.open().map(|finding| finding.diagnostic(session.hir()).message)
}
