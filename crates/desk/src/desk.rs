//! The desk itself: what it holds, and what each line does to it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use exeat_diagnostics::{Diagnostic, SourceMap, Span};
use exeat_engine::{Decided, LoadOptions, Question, Session};
use exeat_hir::{ModuleId, ReadingId};
use exeat_model::{Date, date_from_text};

use crate::command::{Command, Piece, command};
use crate::draft::Draft;
use crate::given::GivenFacts;
use crate::help;
use crate::interview::Interview;
use crate::outcomes::Outcomes;
use crate::problem::{not_understood, refused};
use crate::reload::ScenarioOutcomes;
use crate::reply::{Block, Detail, OutcomeChange, Reply};

/// The longest line that is taken, in bytes.
const LONGEST_LINE: usize = 256 * 1024;

/// The day on which an expression is computed that depends on none.
pub(crate) const SOME_DAY: Date = Date::constant(2000, 1, 1);

/// A session that one talks to line by line.
#[derive(Debug)]
pub struct Desk {
    pub(crate) options: LoadOptions,
    pub(crate) session: Arc<Session>,
    pub(crate) sources: SourceMap,
    pub(crate) as_of: Option<Date>,
    pub(crate) readings: BTreeMap<ReadingId, usize>,
    pub(crate) proposals: BTreeSet<ModuleId>,
    pub(crate) given: GivenFacts,
    /// Facts that the rules no longer have, in case that they have them again after a reload.
    pub(crate) aside: Vec<(String, String)>,
    pub(crate) draft: Draft,
    pub(crate) decided: Option<Decided>,
    pub(crate) outcomes: Outcomes,
    /// What the scenarios come to, once that was asked for.
    pub(crate) scenarios: Option<ScenarioOutcomes>,
    /// The interview, while one is held.
    pub(crate) interview: Option<Interview>,
}

/// What came of opening a desk.
#[derive(Debug)]
pub struct Opened {
    /// The desk; there is none if anything is wrong with the rules.
    pub desk: Option<Desk>,
    /// All texts that were read.
    pub sources: SourceMap,
    /// All problems.
    pub diagnostics: Vec<Diagnostic>,
}

impl Desk {
    /// Loads rules and lays them on a desk.
    pub fn open(options: LoadOptions) -> Opened {
        let loaded = Session::load(&options);
        let desk = loaded.session.map(|session| Self {
            options,
            session: Arc::new(session),
            sources: loaded.sources.clone(),
            as_of: None,
            readings: BTreeMap::new(),
            proposals: BTreeSet::new(),
            given: GivenFacts::default(),
            aside: Vec::new(),
            draft: Draft::default(),
            decided: None,
            outcomes: Outcomes::default(),
            scenarios: None,
            interview: None,
        });
        Opened { desk, sources: loaded.sources, diagnostics: loaded.diagnostics }
    }

    /// The texts in which problems are shown.
    pub fn sources(&self) -> &SourceMap {
        &self.sources
    }

    /// The rules.
    pub fn session(&self) -> &Arc<Session> {
        &self.session
    }

    /// The day for which the rules are asked.
    pub fn as_of(&self) -> Option<Date> {
        self.as_of
    }

    /// What the rules come to now, if a day is set.
    pub fn decided(&self) -> Option<&Decided> {
        self.decided.as_ref()
    }

    /// Whether the next line answers a question of the interview.
    pub fn is_asking(&self) -> bool {
        self.interview.is_some()
    }

    /// Whether a text is the beginning of something and only its end is missing.
    pub fn is_incomplete(&self, text: &str) -> bool {
        if self.is_asking() || text.len() > LONGEST_LINE {
            return false;
        }
        let part = crate::command::language_part(text);
        part.is_some_and(|part| exeat_syntax::is_incomplete(part.text))
    }

    /// Does what a line asks for.
    pub fn run(&mut self, line: &str) -> Reply {
        if let Some(problem) = unreadable(line) {
            return Reply::problems(vec![problem]);
        }
        if self.interview.is_some() {
            return self.answer(line);
        }
        let base = self.add_text(line);
        match command(line) {
            Command::Nothing => Reply::default(),
            Command::Given(piece) => self.give(piece, base),
            Command::Forget(piece) => self.forget(piece, base),
            Command::Show => self.show(),
            Command::Decide(piece) => self.decision(piece, base, Detail::Short),
            Command::Why(piece) => self.why(piece, base),
            Command::WhyNot(piece) => self.why_not(piece, base),
            Command::Flip(piece) => self.flip(piece, base),
            Command::Trace(piece) => self.decision(piece, base, Detail::Trace),
            Command::AsOf(piece) => self.set_day(piece, base),
            Command::Reading(piece) => self.choose(piece, base),
            Command::Readings => self.show_readings(),
            Command::Include(piece) => self.include(piece, base, true),
            Command::Exclude(piece) => self.include(piece, base, false),
            Command::WhatIf(piece) => self.what_if(piece, base),
            Command::Calendar(piece) => self.calendar(piece, base),
            Command::Cite(piece) => self.cite(piece, base),
            Command::Type(piece) => self.type_of(piece, base),
            Command::Doc(piece) => self.doc(piece, base),
            Command::List(piece) => self.list(piece, base),
            Command::Help(piece) => help::help(piece, base),
            Command::Quit => Reply { quit: true, ..Reply::default() },
            Command::Facts(piece) => self.read_facts(piece),
            Command::Load(piece) => self.load(piece),
            Command::LoadPlugin(piece) => self.load_plugin(piece),
            Command::Reload => self.reload(),
            Command::Plugins => self.plugins(),
            Command::Draft => self.show_draft(),
            Command::Drop(piece) => self.drop_item(piece, base),
            Command::SaveAs(piece) => self.save_as(piece),
            Command::SaveScenario(piece) => self.save_scenario(piece, base),
            Command::SaveFacts(piece) => self.save_facts(piece),
            Command::Item(piece) => self.draft_item(piece),
            Command::Ask(piece) => self.ask(piece, base),
            Command::Analyze(piece) => self.analyze(piece, base),
            Command::Diff(piece) => self.diff(piece),
            Command::Misused(usage) => {
                let problem = not_understood(
                    "this command is not written so",
                    span_of(Piece::of(line), base),
                    "",
                );
                Reply::problems(vec![problem.with_help(format!("Write `{usage}`."))])
            }
            Command::Expression(piece) => self.expression(piece, base),
        }
    }

    /// The offset of a text in the space in which problems are shown.
    pub(crate) fn add_text(&mut self, text: &str) -> u32 {
        let added = self.sources.add("prompt", text);
        added.and_then(|id| self.sources.file(id)).map_or(u32::MAX, |file| file.base)
    }

    pub(crate) fn question(&self, as_of: Date) -> Question {
        Question {
            as_of,
            readings: self.readings.clone(),
            proposals: self.proposals.clone(),
            facts: self.given.facts(self.session.hir()),
            only: Vec::new(),
        }
    }

    /// Decides again, and says in one line what changed.
    pub(crate) fn changed(&mut self) -> Block {
        let decided = self.as_of.map(|as_of| self.session.decide(&self.question(as_of)));
        self.changed_to(decided)
    }

    /// The same where it is decided already, if a day is set.
    pub(crate) fn changed_to(&mut self, decided: Option<Decided>) -> Block {
        let before = std::mem::take(&mut self.outcomes);
        let Some(decided) = decided else {
            let line = "nothing is decided until a day is set: `as of 2025-05-15`".to_owned();
            self.decided = None;
            return Block::Changed { line, changes: Vec::new() };
        };
        self.outcomes = Outcomes::of(&self.session, &decided);
        self.decided = Some(decided);
        let changes = if before.lines.is_empty() {
            self.first_outcomes()
        } else {
            before.changes_to(&self.outcomes)
        };
        Block::Changed { line: before.line_to(&self.outcomes, &changes), changes }
    }

    /// Before anything was decided, all that says something is new.
    fn first_outcomes(&self) -> Vec<OutcomeChange> {
        let mut after = self.outcomes.clone();
        let determined = exeat_engine::Standing::Determined;
        after
            .lines
            .retain(|line| line.concerned && line.standing == determined && line.text != "nothing");
        Outcomes::default().changes_to(&after)
    }
}

pub(crate) fn offset(base: u32, at: usize) -> u32 {
    base.saturating_add(u32::try_from(at).unwrap_or(u32::MAX))
}

pub(crate) fn span_of(piece: Piece<'_>, base: u32) -> Span {
    let start = offset(base, piece.at);
    Span::new(start, offset(start, piece.text.len()))
}

pub(crate) fn day_of(piece: Piece<'_>, base: u32) -> Result<Date, Box<Diagnostic>> {
    date_from_text(piece.text).ok_or_else(|| {
        let message = format!("there is no day `{}`", piece.text);
        let code = exeat_diagnostics::codes::NO_SUCH_DATE;
        let problem = Diagnostic::error(code, message, span_of(piece, base), "");
        Box::new(problem.with_help("Write year, month and day: `2025-05-15`."))
    })
}

/// Why a line is not even looked at.
fn unreadable(line: &str) -> Option<Diagnostic> {
    if line.len() > LONGEST_LINE {
        let message =
            format!("this line has {} bytes; the most that is taken is {LONGEST_LINE}", line.len());
        return Some(refused(message, "Put it into a file, and load that."));
    }
    let control = line.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t' | '\r'))?;
    let message = format!("this line has a control character (U+{:04X})", u32::from(control));
    Some(refused(message, "Write it again without it."))
}
