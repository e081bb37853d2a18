//! Other rules under the same facts: loading, reloading, and what that changes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use exeat_diagnostics::{Diagnostic, SourceMap};
use exeat_engine::{JurisdictionOrigin, LoadOptions, Loaded, ScenarioOutcome, Session, files};
use exeat_model::Provider as _;
use exeat_syntax::parse_given;

use crate::command::Piece;
use crate::desk::Desk;
use crate::draft;
use crate::given::{GivenFacts, Line};
use crate::problem::refused;
use crate::reply::{Block, Reply, Row};

/// How many scenarios that change are named.
const MOST_SCENARIOS: usize = 8;

/// What each scenario comes to.
#[derive(Clone, Debug, Default)]
pub(crate) struct ScenarioOutcomes {
    of_scenarios: Vec<ScenarioOutcome>,
}

/// Rules that were read again, before they are taken over: reading takes longest, and can be done beside
/// other things.
#[derive(Debug)]
pub struct Update {
    options: LoadOptions,
    loaded: Loaded,
}

impl Update {
    /// Reads the rules again.
    pub fn load(options: LoadOptions) -> Self {
        let loaded = Session::load(&options);
        Self { options, loaded }
    }

    /// Whether anything is other than on the desk: an editor may write a file as it was.
    pub fn changes(&self, desk: &Desk) -> bool {
        let loaded = self.loaded.session.as_ref();
        loaded.is_none_or(|session| session.digests() != desk.session.digests())
    }
}

impl ScenarioOutcomes {
    pub(crate) fn of(session: &Session) -> Self {
        Self { of_scenarios: session.scenario_outcomes() }
    }

    /// What they come to under other rules, where these are what they came to before.
    fn after(&self, before: &Session, session: &Session) -> Self {
        Self { of_scenarios: session.scenario_outcomes_after(before, &self.of_scenarios) }
    }

    /// A row for each scenario that comes out differently. One that is new is no change.
    fn changes_to(&self, after: &Self) -> Vec<Row> {
        let key = |one: &ScenarioOutcome| (one.module.clone(), one.title.clone());
        let before: BTreeMap<(String, String), &ScenarioOutcome> =
            self.of_scenarios.iter().map(|one| (key(one), one)).collect();
        let after: BTreeMap<(String, String), &ScenarioOutcome> =
            after.of_scenarios.iter().map(|one| (key(one), one)).collect();
        let mut rows = Vec::new();
        for (key, now) in after {
            let Some(before) = before.get(&key).filter(|before| **before != now) else {
                continue;
            };
            let was: BTreeMap<&str, &str> =
                before.outcomes.iter().map(|(name, was)| (name.as_str(), was.as_str())).collect();
            let mut parts: Vec<String> = Vec::new();
            let mut outcomes: Vec<&(String, String)> = now.outcomes.iter().collect();
            outcomes.sort();
            for (decision, outcome) in outcomes {
                if let Some(was) = was.get(decision.as_str()).filter(|was| *was != outcome) {
                    let name = decision.rsplit('.').next().unwrap_or(decision);
                    parts.push(format!("{name}: {was} → {outcome}"));
                }
            }
            match (before.passed, now.passed) {
                (true, false) => parts.push("fails now".to_owned()),
                (false, true) => parts.push("passes now".to_owned()),
                _ => {}
            }
            if !parts.is_empty() {
                rows.push(Row { name: key.1, title: parts.join("; "), detail: key.0 });
            }
        }
        rows
    }
}

impl Desk {
    /// How the rules are loaded again, with the draft.
    pub fn reload_options(&self) -> LoadOptions {
        let mut options = self.options.clone();
        if !self.draft.is_empty() {
            options.drafts = vec![self.draft_policy(&self.draft)];
        }
        options
    }

    /// What the scenarios come to now, in order to tell later what changes; may be computed beside.
    pub fn remember_scenarios(desk: &Arc<Session>) -> Remembered {
        Remembered { session: Arc::clone(desk), outcomes: ScenarioOutcomes::of(desk) }
    }

    /// Takes over what was computed, if it is still of these rules.
    pub fn take_remembered(&mut self, remembered: Remembered) {
        if Arc::ptr_eq(&remembered.session, &self.session) && self.scenarios.is_none() {
            self.scenarios = Some(remembered.outcomes);
        }
    }

    pub(crate) fn reload(&mut self) -> Reply {
        self.take_update(Update::load(self.reload_options()))
    }

    /// Takes over rules that were read again, if they are sound, and tells what that changes.
    pub fn take_update(&mut self, update: Update) -> Reply {
        let Update { options, loaded } = update;
        let in_draft = |problem: &Diagnostic| {
            let place = problem.span().and_then(|span| loaded.sources.file_at(span.start));
            place.is_some_and(|(_, file)| file.name == draft::NAME)
        };
        let mut errors: Vec<Diagnostic> =
            loaded.diagnostics.iter().filter(|problem| problem.is_error()).cloned().collect();
        let warnings = loaded.diagnostics.len().saturating_sub(errors.len());
        let only_the_draft = !errors.is_empty() && errors.iter().all(in_draft);
        if let Some(session) = loaded.session {
            self.options = options;
            let mut reply = self.take_session(session, loaded.sources);
            let count = self.session.digests().policies.len();
            let files = if count == 1 { "file" } else { "files" };
            let mut text = format!("read {count} rule {files}");
            if warnings > 0 {
                let _ = write!(text, "; {warnings} warnings, `exeat check` shows them");
            }
            reply.blocks.insert(0, Block::Note { text });
            return reply;
        }
        self.sources = loaded.sources;
        if errors.is_empty() {
            errors = loaded.diagnostics;
        }
        let draft = self.draft.clone();
        self.where_typed(&draft, &mut errors);
        let mut reply = Reply::problems(errors);
        let text = if only_the_draft {
            "the draft does not fit the files any more; the rules stay as they were (`draft`, `drop NAME`)"
        } else {
            "the rules stay as they were before"
        };
        reply.blocks.push(Block::Note { text: text.to_owned() });
        reply
    }

    /// Works with other rules from now on: facts, day and readings are found again by their names.
    pub(crate) fn take_session(&mut self, session: Session, sources: SourceMap) -> Reply {
        let before_scenarios =
            self.scenarios.take().unwrap_or_else(|| ScenarioOutcomes::of(&self.session));
        let session = Arc::new(session);
        let old = std::mem::replace(&mut self.session, session);
        self.sources = sources;
        let mut notes = Vec::new();
        let names = |id: exeat_hir::ReadingId, choice: usize| {
            let reading = old.hir().readings.get(id)?;
            let choice = reading.choices.get(choice)?;
            let name = old.hir().full_name(reading.module, &reading.name);
            Some(format!("{name}.{}", choice.name))
        };
        let chosen: Vec<String> =
            self.readings.iter().filter_map(|(id, choice)| names(*id, *choice)).collect();
        self.readings.clear();
        for name in chosen {
            match self.session.find_reading_choice(&name) {
                Ok((reading, choice)) => drop(self.readings.insert(reading, choice)),
                Err(_) => notes.push(format!("the choice `{name}` is not there any more")),
            }
        }
        let proposals: Vec<String> = std::mem::take(&mut self.proposals)
            .into_iter()
            .filter_map(|id| old.hir().modules.get(id).map(|module| module.name.to_string()))
            .collect();
        self.proposals =
            proposals.iter().filter_map(|name| self.session.find_module(name).ok()).collect();
        notes.extend(self.find_facts_again());
        // Both take long, and neither needs the other.
        let question = self.as_of.map(|as_of| self.question(as_of));
        let session = &self.session;
        let (after_scenarios, decided) = std::thread::scope(|scope| {
            let decided = question.map(|asked| scope.spawn(move || session.decide(&asked)));
            let scenarios = before_scenarios.after(&old, session);
            let decided = decided.map(|decided| {
                decided.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            });
            (scenarios, decided)
        });
        let rows = before_scenarios.changes_to(&after_scenarios);
        self.scenarios = Some(after_scenarios);
        let mut reply = Reply::default();
        for text in notes {
            reply.blocks.push(Block::Note { text });
        }
        if decided.is_some() {
            let changed = self.changed_to(decided);
            reply.blocks.push(changed);
        }
        reply.blocks.push(changed_scenarios(rows));
        reply
    }

    /// Checks the facts against the rules again. What does not fit is set aside, not lost.
    fn find_facts_again(&mut self) -> Vec<String> {
        let mut notes = Vec::new();
        let lines = std::mem::take(&mut self.given).lines;
        let mut given = GivenFacts::default();
        let mut waiting: Vec<(String, Option<String>)> =
            std::mem::take(&mut self.aside).into_iter().map(|(p, t)| (p, Some(t))).collect();
        let was_aside = waiting.len();
        waiting.extend(lines.into_iter().map(|line| (line.path, line.given.map(|(text, _)| text))));
        for (at, (path, text)) in waiting.into_iter().enumerate() {
            let Some(text) = text else {
                if let Ok((fact, fields, _)) = self.session.checked().check_path(&path, 0) {
                    given.add(Line { path, fact, fields, given: None });
                }
                continue;
            };
            let written = format!("{path} = {text}");
            if let Ok((found, _)) = self.lines_of(&parse_given(written.as_str(), 0)) {
                if at < was_aside {
                    notes.push(format!("`{written}` fits again"));
                }
                for line in found {
                    given.add(line);
                }
            } else {
                if at >= was_aside {
                    notes.push(format!("`{written}` does not fit these rules; it is set aside"));
                }
                self.aside.push((path, text));
            }
        }
        self.given = given;
        notes
    }

    pub(crate) fn load(&mut self, piece: Piece<'_>) -> Reply {
        let path = PathBuf::from(piece.text);
        let found = match files::rule_files(&path) {
            Ok(found) => found,
            Err(problem) => return Reply::problems(vec![problem]),
        };
        let mut options = self.reload_options();
        if options.policies.is_empty() {
            options.policies.clone_from(&self.session.project().policies);
        }
        let known = options.policies.iter().filter_map(|known| files::rule_files(known).ok());
        let known: BTreeSet<String> = known.flatten().map(|known| files::shown(&known)).collect();
        if found.iter().all(|one| known.contains(&files::shown(one))) && !found.is_empty() {
            return self.reload();
        }
        if found.is_empty() {
            let message = format!("there is no rule file in `{}`", piece.text);
            return Reply::problems(vec![refused(message, "Rule files end in `.exeat`.")]);
        }
        options.policies.push(path);
        self.take_update(Update::load(options))
    }

    pub(crate) fn load_plugin(&mut self, piece: Piece<'_>) -> Reply {
        let path = PathBuf::from(piece.text);
        let mut options = self.reload_options();
        if options.plugins.contains(&path) {
            return Reply::note(format!("`{}` is loaded already", piece.text));
        }
        options.plugins.push(path.clone());
        let before = self.session.jurisdictions().len();
        let mut reply = self.take_update(Update::load(options));
        if self.session.jurisdictions().len() > before {
            let heading = "It brought".to_owned();
            let rows = self.plugin_rows(Some(&path));
            reply.blocks.insert(1.min(reply.blocks.len()), Block::Listing { heading, rows });
        }
        reply
    }

    pub(crate) fn plugins(&self) -> Reply {
        let heading = "Jurisdiction libraries".to_owned();
        Reply::of(Block::Listing { heading, rows: self.plugin_rows(None) })
    }

    fn plugin_rows(&self, only: Option<&Path>) -> Vec<Row> {
        let of_file = |origin: &JurisdictionOrigin| match (only, origin) {
            (None, _) => true,
            (Some(path), JurisdictionOrigin::File(file)) => file == path,
            (Some(_), JurisdictionOrigin::Linked) => false,
        };
        let shown = self.session.jurisdictions().iter().filter(|one| of_file(one.origin()));
        let row = shown.map(|one| {
            let found = one.description();
            let origin = match one.origin() {
                JurisdictionOrigin::File(path) => files::shown(path),
                JurisdictionOrigin::Linked => "part of this program".to_owned(),
            };
            let entries: usize = found.code_lists.iter().map(|list| list.entries.len()).sum();
            Row {
                name: found.id.to_string(),
                title: format!(
                    "{}, version {}, data of {}",
                    found.title, found.version, found.data_vintage
                ),
                detail: format!(
                    "{} groups, {} functions, {} catalogues, {entries} codes; {origin}",
                    found.groups.len(),
                    found.functions.len(),
                    found.catalogues.len()
                ),
            }
        });
        row.collect()
    }
}

/// What the scenarios of some rules come to.
#[derive(Debug)]
pub struct Remembered {
    session: Arc<Session>,
    outcomes: ScenarioOutcomes,
}

fn changed_scenarios(mut rows: Vec<Row>) -> Block {
    let count = rows.len();
    let heading = match count {
        0 => return Block::Note { text: "no scenario changes".to_owned() },
        1 => "1 scenario changes".to_owned(),
        many => format!("{many} scenarios change"),
    };
    rows.truncate(MOST_SCENARIOS);
    let more = count.saturating_sub(rows.len());
    if more > 0 {
        let title = "`exeat test` shows those that fail".to_owned();
        rows.push(Row { name: format!("and {more} more"), title, detail: String::new() });
    }
    Block::Listing { heading, rows }
}
