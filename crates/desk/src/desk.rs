//! The desk itself: what it holds, and what each line does to it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use exeat_diagnostics::{Diagnostic, SourceMap, Span};
use exeat_engine::{
    CalendarQuestion, Decided, Evaluated, FactsInput, LoadOptions, Question, Session, files,
};
use exeat_hir::{DecisionId, ExprKind, Given, ModuleId, ModuleStatus, ReadingId, Ty};
use exeat_model::{Date, Value, date_from_text};
use exeat_syntax::{Kind, Parsed, parse_expression, parse_given};

use crate::command::{Command, Piece, command};
use crate::draft::Draft;
use crate::given::{GivenFacts, Line};
use crate::interview::Interview;
use crate::outcomes::Outcomes;
use crate::problem::{no_day, not_understood, refused};
use crate::reload::ScenarioOutcomes;
use crate::reply::{Block, Detail, OutcomeChange, Reply, ValueLine};
use crate::{help, written};

/// The longest line that is taken, in bytes.
const LONGEST_LINE: usize = 256 * 1024;

/// The day on which an expression is computed that depends on none.
const SOME_DAY: Date = Date::constant(2000, 1, 1);

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
    /// The files that could not be loaded since, as they were reported.
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
            Command::Why(piece) => self.decision(piece, base, Detail::Reasons),
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
        let before = std::mem::take(&mut self.outcomes);
        let Some(as_of) = self.as_of else {
            let line = "nothing is decided until a day is set: `as of 2025-05-15`".to_owned();
            self.decided = None;
            return Block::Changed { line, changes: Vec::new() };
        };
        let decided = self.session.decide(&self.question(as_of));
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

    fn give(&mut self, piece: Piece<'_>, base: u32) -> Reply {
        let parsed = parse_given(piece.text, offset(base, piece.at));
        match self.lines_of(&parsed) {
            Ok((lines, notes)) => {
                for line in lines {
                    self.given.add(line);
                }
                let mut reply = Reply::default();
                for text in notes {
                    reply = reply.with(Block::Note { text });
                }
                let changed = self.changed();
                reply.with(changed)
            }
            Err(problems) => Reply::problems(problems),
        }
    }

    /// The facts that a parsed line gives, with their values, and what is to be said about them.
    pub(crate) fn lines_of(
        &self,
        parsed: &Parsed,
    ) -> Result<(Vec<Line>, Vec<String>), Vec<Diagnostic>> {
        let given = self.session.checked().check_given(parsed)?;
        let items = parsed.tree.root().nodes_of(Kind::given_item);
        let (mut lines, mut notes, mut problems) = (Vec::new(), Vec::new(), Vec::new());
        for (one, item) in given.iter().zip(items) {
            let (path, text) = item.text().split_once('=').unwrap_or((item.text(), ""));
            match self.computed(one, text.trim()) {
                Ok((value, text, note)) => {
                    notes.extend(note);
                    lines.push(Line {
                        path: path.split_whitespace().collect(),
                        fact: one.fact,
                        fields: one.path.clone(),
                        given: Some((text, value)),
                    });
                }
                Err(problem) => problems.push(*problem),
            }
        }
        if problems.is_empty() { Ok((lines, notes)) } else { Err(problems) }
    }

    /// The value of a given fact, its text, and a note if it was computed from others.
    fn computed(
        &self,
        given: &Given,
        text: &str,
    ) -> Result<(Value, String, Option<String>), Box<Diagnostic>> {
        let reads = reads(&given.value);
        if reads.day && self.as_of.is_none() {
            return Err(Box::new(no_day()));
        }
        let question = self.question(self.as_of.unwrap_or(SOME_DAY));
        match self.session.evaluate(&question, &given.value) {
            Evaluated::Known(value) if reads.anything => {
                let hir = self.session.hir();
                let ty = crate::given::type_at(hir, given.fact, &given.path);
                let ty = ty.unwrap_or_else(|| given.value.ty.clone());
                let Some(now) = written::language(hir, &value, &ty) else {
                    return Err(Box::new(refused(
                        "this value cannot be written out",
                        "Write the value itself.",
                    )));
                };
                let shown = self.session.describe_value(&value, &ty);
                let note = format!("computed once, from what is known now: {shown}");
                Ok((value, now, Some(note)))
            }
            Evaluated::Known(value) => Ok((value, text.to_owned(), None)),
            Evaluated::Unknown { missing, errors, .. } => {
                let why = match (missing.as_slice(), errors.first()) {
                    ([], Some(error)) => error.clone(),
                    ([], None) => "it depends on what is not settled".to_owned(),
                    (missing, _) => format!("not known: {}", missing.join(", ")),
                };
                let label = why.clone();
                let span = given.value.span;
                let message = "this value cannot be computed";
                Err(Box::new(
                    Diagnostic::error(
                        exeat_diagnostics::codes::FACT_VALUE_UNREADABLE,
                        message,
                        span,
                        label,
                    )
                    .with_help("Give what it depends on first, or write the value itself."),
                ))
            }
        }
    }

    fn forget(&mut self, piece: Piece<'_>, base: u32) -> Reply {
        if piece.text == "all" || piece.text == "everything" {
            self.given = GivenFacts::default();
            self.aside.clear();
            return Reply::of(self.changed());
        }
        let mut lines = Vec::new();
        for path in piece.text.split([',', ' ']).filter(|path| !path.is_empty()) {
            let at = piece.text.find(path).unwrap_or(0).saturating_add(piece.at);
            match self.session.checked().check_path(path, offset(base, at)) {
                Ok((fact, fields, _)) => {
                    lines.push(Line { path: path.to_owned(), fact, fields, given: None });
                }
                Err(problems) => return Reply::problems(problems),
            }
        }
        let mut reply = Reply::default();
        for line in lines {
            let path = line.path.clone();
            if !self.given.forget(self.session.hir(), line) {
                let text = format!("`{path}` was not known");
                reply = reply.with(Block::Note { text });
            }
        }
        let changed = self.changed();
        reply.with(changed)
    }

    fn set_day(&mut self, piece: Piece<'_>, base: u32) -> Reply {
        if piece.is_empty() {
            return match self.as_of {
                Some(day) => Reply::note(format!("as of {day}")),
                None => Reply::problems(vec![no_day()]),
            };
        }
        match day_of(piece, base) {
            Ok(day) => {
                self.as_of = Some(day);
                Reply::of(self.changed())
            }
            Err(problem) => Reply::problems(vec![*problem]),
        }
    }

    fn choose(&mut self, piece: Piece<'_>, base: u32) -> Reply {
        match self.chosen(piece, base) {
            Ok((reading, Some(choice))) => drop(self.readings.insert(reading, choice)),
            Ok((reading, None)) => drop(self.readings.remove(&reading)),
            Err(problem) => return Reply::problems(vec![*problem]),
        }
        Reply::of(self.changed())
    }

    /// `NAME = CHOICE`, `NAME.CHOICE`, or `NAME = default`.
    fn chosen(
        &self,
        piece: Piece<'_>,
        base: u32,
    ) -> Result<(ReadingId, Option<usize>), Box<Diagnostic>> {
        let placed = |problem: Diagnostic, at: Piece<'_>| {
            Box::new(problem.with_label(span_of(at, base), ""))
        };
        let Some((name, choice)) = piece.split('=') else {
            let found = self.session.find_reading_choice(piece.text);
            let (reading, choice) = found.map_err(|problem| placed(problem, piece))?;
            return Ok((reading, Some(choice)));
        };
        let reading =
            self.session.find_reading(name.text).map_err(|problem| placed(problem, name))?;
        if choice.text == "default" {
            return Ok((reading, None));
        }
        let found = self.session.find_choice(reading, choice.text);
        found.map(|at| (reading, Some(at))).map_err(|problem| placed(problem, choice))
    }

    fn include(&mut self, piece: Piece<'_>, base: u32, takes_part: bool) -> Reply {
        let module = match self.session.find_module(piece.text) {
            Ok(module) => module,
            Err(problem) => {
                return Reply::problems(vec![problem.with_label(span_of(piece, base), "")]);
            }
        };
        let status = self.session.hir().modules.get(module).map(|module| module.status);
        if status != Some(ModuleStatus::Proposal) {
            let problem = not_understood(
                format!("`{}` is not a proposal", piece.text),
                span_of(piece, base),
                "decides in any case",
            );
            let help = "Only modules of `status proposal` are included or excluded.";
            return Reply::problems(vec![problem.with_help(help)]);
        }
        if takes_part {
            self.proposals.insert(module);
        } else {
            self.proposals.remove(&module);
        }
        Reply::of(self.changed())
    }

    /// Another question beside the one that is asked; nothing of it is kept.
    fn what_if(&mut self, piece: Piece<'_>, base: u32) -> Reply {
        let Some(as_of) = self.as_of else { return Reply::problems(vec![no_day()]) };
        let mut other = self.question(as_of);
        let (first, rest) = piece.word();
        let asked = if first == "as"
            && let Some(day) = rest.after("of")
        {
            day_of(day, base).map(|day| other.as_of = day).map_err(|problem| vec![*problem])
        } else if first == "reading" {
            self.chosen(rest, base).map_err(|problem| vec![*problem]).map(|(reading, choice)| {
                match choice {
                    Some(choice) => drop(other.readings.insert(reading, choice)),
                    None => drop(other.readings.remove(&reading)),
                }
            })
        } else {
            let parsed = parse_given(piece.text, offset(base, piece.at));
            self.lines_of(&parsed).map(|(lines, _)| {
                let mut given = self.given.clone();
                for line in lines {
                    given.add(line);
                }
                other.facts = given.facts(self.session.hir());
            })
        };
        if let Err(problems) = asked {
            return Reply::problems(problems);
        }
        let outcomes = Outcomes::of(&self.session, &self.session.decide(&other));
        let changes = self.outcomes.changes_to(&outcomes);
        let same = outcomes.lines.iter().filter(|line| line.concerned).filter(|line| {
            !changes.iter().any(|change| change.decision == line.decision)
                && line.text != "nothing"
                && line.text != "not needed"
        });
        let same = same.map(|line| format!("{}: {}", line.title, line.text)).collect();
        let narrowed = self.outcomes.narrowed_to(&outcomes);
        let right = piece.text.split_whitespace().collect::<Vec<_>>().join(" ");
        Reply::of(Block::SideBySide { left: "now".to_owned(), right, changes, narrowed, same })
    }

    fn decision(&mut self, piece: Piece<'_>, base: u32, detail: Detail) -> Reply {
        let mut only: Vec<DecisionId> = Vec::new();
        for name in piece.text.split([',', ' ']).filter(|name| !name.is_empty()) {
            match self.session.find_decision(name) {
                Ok(decision) => only.push(decision),
                Err(problem) => {
                    return Reply::problems(vec![problem.with_label(span_of(piece, base), "")]);
                }
            }
        }
        self.decision_reply(only, detail)
    }

    pub(crate) fn decision_reply(&self, only: Vec<DecisionId>, detail: Detail) -> Reply {
        let Some(as_of) = self.as_of else { return Reply::problems(vec![no_day()]) };
        let question = Question { only, ..self.question(as_of) };
        let decided = self.session.decide(&question);
        let alternatives = match detail {
            Detail::Short => Vec::new(),
            Detail::Reasons | Detail::Trace => self.session.alternatives(&question, &decided),
        };
        let tree = detail == Detail::Trace;
        let document =
            Box::new(self.session.decision_document(&question, &decided, &alternatives, tree));
        let reply = Reply::of(Block::Decision { document, detail });
        let diagnostics = self.session.stale_data(as_of, &decided.jurisdictions);
        if diagnostics.is_empty() { reply } else { reply.with(Block::Problems { diagnostics }) }
    }

    fn calendar(&self, piece: Piece<'_>, base: u32) -> Reply {
        let mut question = CalendarQuestion {
            as_of: self.as_of,
            readings: self.readings.clone(),
            proposals: self.proposals.clone(),
            facts: self.given.facts(self.session.hir()),
            ..CalendarQuestion::default()
        };
        let mut rest = piece;
        while !rest.is_empty() {
            let (word, after) = rest.word();
            let (second, further) = after.word();
            if word == "from" || word == "through" {
                let day = Piece { text: second, at: after.at };
                match day_of(day, base) {
                    Ok(day) if word == "from" => question.from = Some(day),
                    Ok(day) => question.through = Some(day),
                    Err(problem) => return Reply::problems(vec![*problem]),
                }
                rest = further;
                continue;
            }
            match self.session.find_decision(word) {
                Ok(decision) => question.only.push(decision),
                Err(problem) => {
                    let span = span_of(Piece { text: word, at: rest.at }, base);
                    let help =
                        "Write `calendar`, `calendar from DATE through DATE`, or name decisions.";
                    return Reply::problems(vec![problem.with_label(span, "").with_help(help)]);
                }
            }
            rest = after;
        }
        match self.session.calendar(&question) {
            Ok(calendar) => {
                let document = Box::new(self.session.calendar_document(&question, &calendar));
                Reply::of(Block::Calendar { document })
            }
            Err(problem) => Reply::problems(vec![problem]),
        }
    }

    fn expression(&mut self, piece: Piece<'_>, base: u32) -> Reply {
        let parsed = parse_expression(piece.text, offset(base, piece.at));
        let expr = match self.session.checked().check_expression(&parsed) {
            Ok(expr) => expr,
            Err(problems) => {
                if let Some(reply) = self.named(piece) {
                    return reply;
                }
                let (first, _) = piece.word();
                let span = span_of(Piece { text: first, at: piece.at }, base);
                return match help::like_a_command(first) {
                    Some(help) if !self.knows(first) => {
                        let message = format!("`{first}` is no command, and nothing has that name");
                        let problem = not_understood(message, span, "not known");
                        Reply::problems(vec![problem.with_help(help)])
                    }
                    _ => Reply::problems(problems),
                };
            }
        };
        if let ExprKind::Decision(decision) = expr.kind {
            return self.decision_reply(vec![decision], Detail::Reasons);
        }
        if reads(&expr).day && self.as_of.is_none() {
            return Reply::problems(vec![no_day()]);
        }
        let question = self.question(self.as_of.unwrap_or(SOME_DAY));
        let mut line = ValueLine {
            expression: piece.text.split_whitespace().collect::<Vec<_>>().join(" "),
            ty: self.session.describe_type(&expr.ty),
            ..ValueLine::default()
        };
        match self.session.evaluate(&question, &expr) {
            Evaluated::Known(value) => {
                line.value = Some(self.session.describe_value(&value, &expr.ty));
            }
            Evaluated::Unknown { missing, errors, conflict, not_modelled } => {
                line.missing = missing;
                line.because = errors;
                let hir = self.session.hir();
                for rule in conflict.iter().filter_map(|id| hir.rules.get(*id)) {
                    line.because.push(format!("in conflict: {}", rule.name));
                }
                for gap in &not_modelled {
                    let item = hir.not_modelled.get(gap.item);
                    line.because.extend(item.map(|item| format!("not modelled: {}", item.name)));
                }
            }
        }
        Reply::of(Block::Value(line))
    }

    /// Takes over the facts of a file: they replace those that are given here.
    fn read_facts(&mut self, piece: Piece<'_>) -> Reply {
        let path = std::path::Path::new(piece.text);
        match files::read_text(path) {
            Ok(text) => self.take_facts(files::shown(path), text),
            Err(problem) => Reply::problems(vec![problem]),
        }
    }

    /// The call that gives a value, if it is as a catalogue has it.
    fn catalogue_entry(&self, value: &Value, ty: &Ty) -> Option<String> {
        if !matches!(ty, Ty::Record(_)) {
            return None;
        }
        let question = self.question(self.as_of.unwrap_or(SOME_DAY));
        let gives = |call: &str| {
            let parsed = parse_expression(call, 0);
            let expr = self.session.checked().check_value(&parsed, ty).ok();
            expr.is_some_and(|expr| {
                matches!(self.session.evaluate(&question, &expr), Evaluated::Known(found) if found == *value)
            })
        };
        let entries = crate::answers::catalogue(self, ty);
        entries.into_iter().map(|(_, call)| call).find(|call| gives(call))
    }

    /// Takes over facts in TOML, JSON or YAML, with the day and the readings that stand with them.
    pub fn take_facts(&mut self, name: String, text: String) -> Reply {
        let input = FactsInput { name, text, format: None };
        let read = self.session.read_facts(&mut self.sources, &input);
        let Some(document) = read.document else { return Reply::problems(read.diagnostics) };
        let hir = self.session.hir();
        let mut given = GivenFacts::default();
        for (fact, value) in document.values.iter() {
            let Some(known) = hir.facts.get(fact) else { continue };
            let text = self
                .catalogue_entry(value, &known.ty)
                .or_else(|| written::language(hir, value, &known.ty));
            let Some(text) = text else { continue };
            let path = if hir.facts.values().filter(|other| other.name == known.name).count() > 1 {
                hir.full_name(known.module, &known.name)
            } else {
                known.name.to_string()
            };
            given.add(Line { path, fact, fields: Vec::new(), given: Some((text, value.clone())) });
        }
        self.given = given;
        self.as_of = document.as_of.or(self.as_of);
        self.readings.extend(document.readings);
        self.proposals.extend(document.proposals);
        Reply::of(self.changed())
    }
}

/// What of a question an expression reads.
struct Reads {
    /// Any fact, decision, define or the date.
    anything: bool,
    /// Something that can differ by day.
    day: bool,
}

fn reads(expr: &exeat_hir::Expr) -> Reads {
    let mut found = Reads { anything: false, day: false };
    expr.visit(&mut |part| match part.kind {
        ExprKind::Fact(_) => found.anything = true,
        ExprKind::Decision(_)
        | ExprKind::AsOf
        | ExprKind::Define(..)
        | ExprKind::Table(..)
        | ExprKind::Group(_)
        | ExprKind::NotModelled(_)
        | ExprKind::Meets(..) => {
            found.anything = true;
            found.day = true;
        }
        _ => {}
    });
    found
}

pub(crate) fn offset(base: u32, at: usize) -> u32 {
    base.saturating_add(u32::try_from(at).unwrap_or(u32::MAX))
}

pub(crate) fn span_of(piece: Piece<'_>, base: u32) -> Span {
    let start = offset(base, piece.at);
    Span::new(start, offset(start, piece.text.len()))
}

fn day_of(piece: Piece<'_>, base: u32) -> Result<Date, Box<Diagnostic>> {
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
