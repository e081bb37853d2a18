//! Keeping what was worked out: the draft as a rule file, the facts as a scenario or a facts file.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use exeat_diagnostics::{Diagnostic, codes};
use exeat_engine::{PolicyText, Session, files};
use exeat_hir::{DecisionTrace, Determination, Ty};
use exeat_syntax::Kind;

use crate::command::Piece;
use crate::desk::{Desk, span_of};
use crate::draft::{self, Draft};
use crate::problem::{no_day, not_understood, refused};
use crate::reply::{Block, Reply};
use crate::written;

impl Desk {
    /// `save as FILE`: the draft as a rule file of its own, with what it uses and no more.
    pub(crate) fn save_as(&mut self, piece: Piece<'_>) -> Reply {
        if self.draft.is_empty() {
            let help = "Type a rule, exception or define first.";
            return Reply::problems(vec![refused("the draft is empty", help)]);
        }
        let path = file_name(piece.text);
        let module = match &self.draft.header {
            Some(_) => self.draft.module(),
            None => self.module_for(&path),
        };
        let title = module.rsplit('.').next().unwrap_or(&module).replace('_', " ");
        let text = match self.file_text(&module, &title) {
            Ok(text) => text,
            Err(problems) => return Reply::problems(problems),
        };
        if let Err(problem) = files::write_new(&path, text.as_bytes()) {
            return Reply::problems(vec![problem]);
        }
        let shown = files::shown(&path);
        let mut options = self.options.clone();
        options.drafts.clear();
        let covered = self.session.project().policies.iter().any(|known| path.starts_with(known));
        if !covered {
            if options.policies.is_empty() {
                options.policies.clone_from(&self.session.project().policies);
            }
            options.policies.push(path);
        }
        let before = std::mem::take(&mut self.draft);
        let loaded = Session::load(&options);
        let Some(session) = loaded.session else {
            self.draft = before;
            self.sources = loaded.sources;
            let errors = loaded.diagnostics.into_iter().filter(Diagnostic::is_error).collect();
            let text = format!("wrote {shown}; with it the rules do not load, the draft is kept");
            return Reply::problems(errors).with(Block::Note { text });
        };
        self.options = options;
        let _ = self.take_session(session, loaded.sources);
        let text = format!("wrote {shown}, module `{module}`; the draft is empty again");
        Reply::note(text).with(Block::Text { text: self.file_of(&shown), language: true })
    }

    fn file_of(&self, name: &str) -> String {
        let found = self.sources.files().find(|(_, file)| file.name == name);
        found.map_or_else(String::new, |(_, file)| file.text.to_string())
    }

    /// The draft as a file, formatted, using what it needs.
    fn file_text(&mut self, module: &str, title: &str) -> Result<String, Vec<Diagnostic>> {
        let hir = self.session.hir();
        let mut used: Vec<String> = hir.modules.values().map(|one| one.name.to_string()).collect();
        used.extend(hir.jurisdictions.iter().map(|known| known.id.to_string()));
        used.retain(|name| name != module && name != draft::NAME);
        // What is used for nothing is warned of; taking one out can make another needed no more.
        for _ in 0..4 {
            let text = self.draft.text(module, title, &used);
            let mut options = self.options.clone();
            options.drafts = vec![PolicyText { name: draft::NAME.to_owned(), text: text.into() }];
            let loaded = Session::load(&options);
            if loaded.session.is_none() {
                let mut errors: Vec<Diagnostic> =
                    loaded.diagnostics.into_iter().filter(Diagnostic::is_error).collect();
                self.sources = loaded.sources;
                let draft = self.draft.clone();
                self.where_typed(&draft, &mut errors);
                return Err(errors);
            }
            let unused: Vec<String> = loaded
                .diagnostics
                .iter()
                .filter(|problem| problem.code == codes::UNUSED_IMPORT)
                .filter_map(|problem| {
                    let span = problem.span()?;
                    let (_, file) = loaded.sources.file_at(span.start)?;
                    let written = loaded.sources.text(span);
                    let name = written.trim_start_matches("use").trim();
                    (file.name == draft::NAME).then(|| name.to_owned())
                })
                .collect();
            let before = used.len();
            used.retain(|name| !unused.contains(name));
            if used.len() == before {
                break;
            }
        }
        exeat_format::format(&self.draft.text(module, title, &used), 0)
    }

    /// The name of the module of a new file, by where it lies: `policies/us/ear/x.exeat` is `us.ear.x`.
    fn module_for(&self, path: &Path) -> String {
        let mut folders = self.session.project().policies.iter();
        let inside = folders.find_map(|folder| path.strip_prefix(folder).ok());
        let inside = inside.unwrap_or_else(|| path.file_name().map_or(path, Path::new));
        let parts = inside.with_extension("");
        let names = parts.iter().map(|part| {
            let name: String = part
                .to_string_lossy()
                .chars()
                .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' })
                .collect();
            let starts_well = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
            let keyword = exeat_syntax::keywords().any(|keyword| keyword == name);
            if starts_well && !keyword { name } else { format!("m_{name}") }
        });
        names.collect::<Vec<_>>().join(".")
    }

    /// `save scenario "TITLE" to FILE`: at the end of the file; without a file, into the draft.
    pub(crate) fn save_scenario(&mut self, piece: Piece<'_>, base: u32) -> Reply {
        let Some((title, rest)) = titled(piece) else {
            let problem = not_understood("a scenario has a title", span_of(piece, base), "")
                .with_help("Write `save scenario \"500 H20 to China\" to FILE`.");
            return Reply::problems(vec![problem]);
        };
        let path = match (rest.is_empty(), rest.after("to").filter(|file| !file.is_empty())) {
            (true, _) => None,
            (false, Some(file)) => Some(file_name(file.text)),
            (false, None) => {
                let problem = not_understood("`to FILE` is expected here", span_of(rest, base), "")
                    .with_help("Write `save scenario \"500 H20 to China\" to FILE`.");
                return Reply::problems(vec![problem]);
            }
        };
        let (scenario, notes) = match self.scenario(title, true) {
            Ok(made) => made,
            Err(problem) => return Reply::problems(vec![*problem]),
        };
        let mut reply = if let Some(path) = path {
            self.append(&path, title)
        } else {
            let item = draft::Item { kind: Kind::scenario, name: title.to_owned(), text: scenario };
            let mut draft: Draft = self.draft.clone();
            if draft.items.iter().any(|old| old.kind == item.kind && old.name == item.name) {
                let message = format!("the draft has a scenario \"{title}\" already");
                return Reply::problems(vec![refused(message, "Choose another title.")]);
            }
            draft.put(item);
            self.take_draft(draft, format!("the scenario \"{title}\" is in the draft"))
        };
        for text in notes {
            reply = reply.with(Block::Note { text });
        }
        reply
    }

    /// The facts and outcomes as a scenario, and what had to be left out.
    fn scenario(
        &self,
        title: &str,
        reasons: bool,
    ) -> Result<(String, Vec<String>), Box<Diagnostic>> {
        let (Some(as_of), Some(decided)) = (self.as_of, &self.decided) else {
            return Err(Box::new(no_day()));
        };
        let quoted = written::quoted(title)
            .ok_or_else(|| Box::new(refused("this title cannot be written", "Choose another.")))?;
        let hir = self.session.hir();
        let mut text = format!("scenario {quoted} {{\n    as of {as_of}\n");
        for (id, choice) in &self.readings {
            if let Some(reading) = hir.readings.get(*id)
                && let Some(choice) = reading.choices.get(*choice)
            {
                let _ = writeln!(text, "    reading {}.{}", reading.name, choice.name);
            }
        }
        for module in self.proposals.iter().filter_map(|id| hir.modules.get(*id)) {
            let _ = writeln!(text, "    include {}", module.name);
        }
        let (given, unwritten) = self.given.texts(&self.session);
        for (at, (path, value)) in given.iter().enumerate() {
            let word = if at == 0 { "given" } else { "     " };
            let _ = writeln!(text, "    {word} {path} = {value}");
        }
        let mut expected = 0_usize;
        let concerned: Vec<&str> = self
            .outcomes
            .lines
            .iter()
            .filter(|line| line.concerned)
            .map(|line| line.decision.as_str())
            .collect();
        for trace in &decided.traces {
            let Some(decision) = hir.decisions.get(trace.decision) else { continue };
            let full = hir.full_name(decision.module, &decision.name);
            if !concerned.contains(&full.as_str()) {
                continue;
            }
            if let Some(outcome) = self.expected(trace, reasons) {
                expected = expected.saturating_add(1);
                let _ = writeln!(text, "    expect {} is {outcome}", decision.name);
            }
        }
        text.push('}');
        if expected == 0 {
            let help = "Give more facts first, until a decision has an outcome.";
            return Err(Box::new(refused("there is no outcome to expect yet", help)));
        }
        let note = |name| format!("`{name}` cannot be written in a scenario and is left out");
        Ok((text, unwritten.into_iter().map(note).collect()))
    }

    /// What a decision came to, as an expectation writes it; nothing for what says nothing.
    fn expected(&self, trace: &DecisionTrace, reasons: bool) -> Option<String> {
        let hir = self.session.hir();
        let decision = hir.decisions.get(trace.decision)?;
        match &trace.determination {
            Determination::Value(value) => {
                if trace.otherwise && self.session.describe_determination(trace) == "nothing" {
                    return None;
                }
                let ty = match decision.combine {
                    exeat_hir::Combine::Collect => Ty::Set(Box::new(decision.ty.clone())),
                    _ => decision.ty.clone(),
                };
                let written = written::language(hir, value, &ty)?;
                let because: Vec<String> = trace
                    .because
                    .iter()
                    .filter_map(|id| hir.rules.get(*id).map(|rule| rule.name.to_string()))
                    .collect();
                if because.is_empty() || !reasons {
                    Some(written)
                } else {
                    Some(format!("{written} because {}", because.join(", ")))
                }
            }
            Determination::NotNeeded => None,
            Determination::Undetermined(why) => Some(if !why.missing.is_empty() {
                "undetermined (missing facts)".to_owned()
            } else if !why.conflict.is_empty() {
                "undetermined (conflict)".to_owned()
            } else if !why.not_modelled.is_empty() {
                "undetermined (not modelled)".to_owned()
            } else {
                "undetermined (error)".to_owned()
            }),
        }
    }

    /// Adds a scenario at the end of a rule file, if the rules are sound with it.
    fn append(&mut self, path: &Path, title: &str) -> Reply {
        let shown = files::shown(path);
        let old = match files::read_text(path) {
            Ok(old) => old,
            Err(problem) => return Reply::problems(vec![problem]),
        };
        let base = self.add_text(&old);
        let parsed = exeat_syntax::parse(old.as_str(), base);
        let titles = parsed.tree.root().nodes_of(Kind::scenario);
        if titles.filter_map(exeat_syntax::Node::string).any(|known| known == title) {
            let message = format!("`{shown}` has a scenario \"{title}\" already");
            return Reply::problems(vec![refused(
                message,
                "Choose another title. Nothing was written.",
            )]);
        }
        // Tried first under the name of the file, so that nothing that does not check is written. A file
        // that does not use the modules of the rules can still expect the outcomes.
        let (scenario, new) = match self.fitting(path, title, &old, true) {
            Ok(made) => made,
            Err(_) => match self.fitting(path, title, &old, false) {
                Ok(made) => made,
                Err(mut problems) => {
                    let help = "Nothing was written. The file has to `use` the modules of these facts and decisions.";
                    if let Some(first) = problems.first_mut() {
                        first.help.push(help.to_owned());
                    }
                    return Reply::problems(problems);
                }
            },
        };
        if let Err(problem) = files::write_atomically(path, new.as_bytes()) {
            return Reply::problems(vec![problem]);
        }
        let reply = self.reload();
        let mut text = format!("added the scenario to {shown}");
        if !self.draft.is_empty() {
            text.push_str("; the draft took part in its outcomes, and is in no file yet");
        }
        let mut blocks = vec![Block::Note { text }, Block::Text { text: scenario, language: true }];
        blocks.extend(
            reply.blocks.into_iter().filter(|block| matches!(block, Block::Problems { .. })),
        );
        Reply { blocks, quit: false }
    }

    /// A scenario, and the text of the file with it, if the rules are sound with that.
    fn fitting(
        &mut self,
        path: &Path,
        title: &str,
        old: &str,
        reasons: bool,
    ) -> Result<(String, String), Vec<Diagnostic>> {
        let (scenario, _) = self.scenario(title, reasons).map_err(|problem| vec![*problem])?;
        let alone = format!("edition 2026\n\nmodule m {{\n    title \"m\"\n}}\n\n{scenario}\n");
        let formatted = exeat_format::format(&alone, 0)?;
        let scenario = formatted.find("\nscenario ").and_then(|at| formatted.get(at..));
        let scenario = scenario.map_or("", |text| text.trim_matches('\n')).to_owned();
        let new = format!("{}\n\n{scenario}\n", old.trim_end());
        self.trial(path, &new)?;
        Ok((scenario, new))
    }

    /// Checks the rules with another text in place of a file.
    fn trial(&mut self, path: &Path, text: &str) -> Result<(), Vec<Diagnostic>> {
        let mut options = self.reload_options();
        if options.policies.is_empty() {
            options.policies.clone_from(&self.session.project().policies);
        }
        let mut paths: Vec<PathBuf> = Vec::new();
        for known in &options.policies {
            paths.extend(files::rule_files(known).map_err(|problem| vec![problem])?);
        }
        let shown = files::shown(path);
        let real = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let wanted = real(path);
        let Some(known) = paths.into_iter().find(|known| real(known) == wanted) else {
            let message = format!("`{shown}` is not one of the rule files that are loaded");
            return Err(vec![refused(message, "Load it first: `load FILE`.")]);
        };
        options.instead.insert(known, Some(text.into()));
        let loaded = Session::load(&options);
        if loaded.session.is_some() {
            return Ok(());
        }
        self.sources = loaded.sources;
        Err(loaded.diagnostics.into_iter().filter(Diagnostic::is_error).collect())
    }

    /// `save facts FILE`: for `exeat decide`.
    pub(crate) fn save_facts(&mut self, piece: Piece<'_>) -> Reply {
        let path = PathBuf::from(piece.text);
        let text = self.facts_text();
        match files::write_new(&path, text.as_bytes()) {
            Ok(()) => Reply::note(format!("wrote {}", files::shown(&path))),
            Err(problem) => Reply::problems(vec![problem]),
        }
    }

    /// The day, the readings and the facts as a facts file in TOML.
    pub fn facts_text(&self) -> String {
        let hir = self.session.hir();
        let mut text = String::new();
        if let Some(day) = self.as_of {
            let _ = writeln!(text, "as_of = {day}");
        }
        let readings = self.readings.iter().filter_map(|(id, choice)| {
            let reading = hir.readings.get(*id)?;
            let choice = reading.choices.get(*choice)?;
            let name = hir.full_name(reading.module, &reading.name);
            Some(written::toml_text(&format!("{name}.{}", choice.name)))
        });
        let readings: Vec<String> = readings.collect();
        if !readings.is_empty() {
            let _ = writeln!(text, "readings = [{}]", readings.join(", "));
        }
        let modules = self.proposals.iter().filter_map(|id| hir.modules.get(*id));
        let proposals: Vec<String> = modules.map(|one| written::toml_text(&one.name)).collect();
        if !proposals.is_empty() {
            let _ = writeln!(text, "proposals = [{}]", proposals.join(", "));
        }
        let _ = write!(text, "\n[facts]\n{}", self.given.toml(&self.session));
        text
    }
}

/// A rule file's path; its ending may be left out.
fn file_name(text: &str) -> PathBuf {
    let path = PathBuf::from(text.trim_matches('"'));
    if path.extension().is_some() { path } else { path.with_extension("exeat") }
}

/// A title in quotation marks, and what follows it.
fn titled(piece: Piece<'_>) -> Option<(&str, Piece<'_>)> {
    let (before, after) =
        Piece { text: piece.text.strip_prefix('"')?, at: piece.at.saturating_add(1) }.split('"')?;
    (!before.is_empty()).then_some((before.text, after))
}
