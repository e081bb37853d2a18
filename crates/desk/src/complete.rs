//! What can stand where the cursor is.

use exeat_hir::{Hir, Ty};
use exeat_model::{Country, Provider as _};
use exeat_syntax::{Kind, parse_expression, words};

use crate::answers;
use crate::command::{Command, command, is_given, language_part};
use crate::desk::{Desk, SOME_DAY};
use crate::help::{PAGES, command_words};
use crate::list::KINDS;

/// How many candidates are given at most.
const MOST: usize = 200;

/// What can be written from a place on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// The byte from which on the line is replaced.
    pub start: usize,
    /// What can stand there.
    pub candidates: Vec<Candidate>,
    /// Whether the name of a file or folder is wanted.
    pub files: bool,
}

/// Something that can be written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    /// What is written.
    pub text: String,
    /// What it is, in words; may be empty.
    pub title: String,
}

impl Desk {
    /// What can stand at a place of a line.
    pub fn complete(&self, line: &str, at: usize) -> Completion {
        let before = line.get(..at).unwrap_or(line);
        if self.is_asking() {
            return self.complete_answer(before);
        }
        if let Some(completion) = self.in_text(before) {
            return completion;
        }
        let start = word_start(before);
        let prefix = before.get(start..).unwrap_or("");
        let head = before.get(..start).unwrap_or("");
        let mut found = Vec::new();
        let mut files = false;
        match command(before) {
            Command::Load(_)
            | Command::LoadPlugin(_)
            | Command::SaveAs(_)
            | Command::SaveFacts(_)
            | Command::Facts(_) => files = true,
            Command::SaveScenario(_) => {
                files = before.trim_end().ends_with("to") || before.contains(" to ");
            }
            Command::Misused(_) if ends_with_words(head, &["load", "facts", "as", "plugin"]) => {
                files = !head.trim_start().starts_with("reading");
            }
            Command::Decide(_) | Command::Why(_) | Command::Trace(_) | Command::Ask(_)
                if !head.trim().is_empty() =>
            {
                self.decisions(&mut found);
            }
            Command::WhyNot(_) | Command::Misused("why not OUTCOME") => {
                self.outcomes_named(&mut found);
            }
            Command::Flip(_) if !head.trim().is_empty() => self.decisions(&mut found),
            Command::Calendar(_) if !head.trim().is_empty() => {
                self.decisions(&mut found);
                found.extend([plain("from"), plain("through")]);
            }
            Command::Analyze(_) if !head.trim().is_empty() => {
                let modules = self.session.hir().modules.values();
                found.extend(modules.map(|module| plain(&module.name)));
            }
            Command::Diff(_) if !head.trim().is_empty() => {
                found.extend(["HEAD", "HEAD~1", ":staged"].map(plain));
            }
            Command::Forget(_) => self.given_paths(&mut found),
            Command::Help(_) if !head.trim().is_empty() => {
                found.extend(PAGES.iter().map(|page| titled(page.name, page.summary)));
            }
            Command::Cite(_) => self.rules(&mut found),
            Command::Doc(_) => found.extend(self.all_names().iter().map(|name| plain(name))),
            Command::Drop(_) => {
                found.extend(self.draft.items.iter().map(|item| plain(&item.name)));
            }
            Command::Include(_) | Command::Exclude(_) => self.proposals_named(&mut found),
            Command::Reading(_) | Command::Misused("reading NAME = CHOICE") => {
                self.reading_choices(head, &mut found);
            }
            Command::List(_) if !head.trim().is_empty() => {
                found.extend(KINDS.iter().chain(&["where"]).map(|kind| plain(kind)));
            }
            Command::Misused(usage) => {
                let second = usage.split(' ').nth(1).unwrap_or("");
                match second {
                    "FACT" | "FACT," => self.given_paths(&mut found),
                    "RULE" => self.rules(&mut found),
                    "NAME" | "NAME," => found.extend(self.all_names().iter().map(|one| plain(one))),
                    "MODULE" => self.proposals_named(&mut found),
                    "if" => self.facts(&mut found),
                    "as" => found.extend(["as ", "scenario \"", "facts "].map(plain)),
                    _ => self.language(before, head, prefix, &mut found),
                }
            }
            _ => {
                if head.trim().is_empty() {
                    found.extend(command_words().map(plain));
                }
                self.language(before, head, prefix, &mut found);
            }
        }
        matching(start, prefix, found, files)
    }

    /// A few words on what is expected next, where that is known.
    pub fn hint(&self, line: &str) -> Option<String> {
        if line.trim().is_empty() || self.is_asking() {
            return None;
        }
        if let Some((path, "")) = line.split_once('=').map(|(path, rest)| (path, rest.trim())) {
            let path = path.trim().trim_start_matches("what if ").trim();
            let ty = self.type_of_path(path)?;
            let hint = self.session.describe_type(&ty);
            return Some(if line.ends_with(' ') { hint } else { format!(" {hint}") });
        }
        let completion = self.complete(line, line.len());
        let prefix = line.get(completion.start..)?;
        let first = completion.candidates.first()?;
        // A rest is shown only where it is plain which one it is.
        let rest = first.text.strip_prefix(prefix).filter(|rest| !rest.is_empty())?;
        (prefix.len() > 1 && completion.candidates.len() <= 3).then(|| rest.to_owned())
    }

    fn complete_answer(&self, before: &str) -> Completion {
        let start = before.rfind(',').map_or(0, |comma| comma.saturating_add(1));
        let space = before
            .get(start..)
            .map_or(0, |rest| rest.len().saturating_sub(rest.trim_start().len()));
        let start = start.saturating_add(space);
        let prefix = before.get(start..).unwrap_or("");
        let mut found: Vec<Candidate> =
            self.answer_choices().iter().map(|row| titled(&row.name, &row.title)).collect();
        if self.asks_country() {
            countries(&mut found);
        }
        found.extend(["unknown", "skip", "back", "stop", "?"].map(plain));
        matching(start, prefix, found, false)
    }

    /// Inside a text: the entries of a catalogue, or the names of groups.
    fn in_text(&self, before: &str) -> Option<Completion> {
        let (call, prefix) = before.rsplit_once("(\"")?;
        if prefix.contains('"') {
            return None;
        }
        let name_at = word_start(call);
        let (id, function) = call.get(name_at..)?.split_once('.')?;
        let loaded = self.session.jurisdictions().iter().find(|one| one.description().id == id)?;
        let description = loaded.description();
        let start = before.len().saturating_sub(prefix.len());
        let mut found = Vec::new();
        for catalogue in description.catalogues.iter().filter(|one| one.name == function) {
            found.extend(
                catalogue
                    .entries
                    .iter()
                    .map(|entry| titled(&format!("{}\")", entry.key), &entry.source)),
            );
        }
        if function == "group" {
            found.extend(
                description
                    .groups
                    .iter()
                    .map(|group| titled(&format!("{}\")", group.name), &group.title)),
            );
        }
        Some(matching(start, prefix, found, false))
    }

    /// What the language allows: units after a number, fields after a point, values of the type that is
    /// asked for, and all names.
    fn language(&self, before: &str, head: &str, prefix: &str, found: &mut Vec<Candidate>) {
        let hir = self.session.hir();
        if let Some((path, _)) = prefix.rsplit_once('.') {
            self.fields(path, found);
            return;
        }
        let tokens = words(head);
        let last = tokens.last().map(|token| token.kind);
        if last == Some(Kind::number) {
            found.extend(
                hir.units
                    .values()
                    .map(|unit| titled(&unit.name, unit.title.as_deref().unwrap_or_default())),
            );
            return;
        }
        let expected = self.wanted_type(before, head);
        if let Some(ty) = &expected {
            self.values(ty, prefix, found);
            return;
        }
        let part = language_part(before);
        if part.is_some_and(|part| part.text.trim() == prefix.trim()) || head.ends_with(", ") {
            self.facts(found);
        }
        self.names(found);
    }

    /// The type that is wanted at the end of a text: that of the fact before `=`, or of what stands before
    /// `is` or `in`.
    fn wanted_type(&self, before: &str, head: &str) -> Option<Ty> {
        let part = language_part(before)?;
        if is_given(part.text) {
            // The last `=` that follows a path belongs to the value that is being written.
            let (left, value) = head.rsplit_once('=')?;
            let inner = value.trim();
            let path = left.get(word_start(left.trim_end())..)?.trim();
            let open = left.matches('{').count() > left.matches('}').count();
            if open {
                let whole = part.text.split_once('=').map(|(path, _)| path.trim())?;
                return self.type_of_path(&format!("{whole}.{path}"));
            }
            let ty = self.type_of_path(path)?;
            return match ty {
                Ty::Set(element) | Ty::List(element) if inner.starts_with(['{', '[']) => {
                    Some(*element)
                }
                ty if inner.is_empty() => Some(ty),
                _ => None,
            };
        }
        let tokens = words(head);
        let mut seen = tokens.iter().rev();
        let mut operator = None;
        for token in seen.by_ref() {
            let text = head.get(
                usize::try_from(token.span.start).ok()?..usize::try_from(token.span.end).ok()?,
            )?;
            match text {
                "is" | "in" | "meets" | "within" => {
                    operator = Some((text, token.span.start));
                    break;
                }
                "{" | "," | "not" => {}
                _ if token.kind == Kind::word || token.kind == Kind::code => {}
                _ => return None,
            }
        }
        let (operator, start) = operator?;
        let left = head.get(..usize::try_from(start).ok()?)?.trim_end();
        let left = left.strip_suffix("not").unwrap_or(left).trim_end();
        let path = left.get(word_start(left)..)?;
        let parsed = parse_expression(path, 0);
        let ty = self.session.checked().check_expression(&parsed).ok()?.ty;
        let after = head.get(usize::try_from(start).ok()?..)?.get(operator.len()..)?.trim();
        let bare = after.is_empty() || after == "not" || after.starts_with('{');
        bare.then_some(ty)
    }

    fn type_of_path(&self, path: &str) -> Option<Ty> {
        self.session.checked().check_path(path, 0).ok().map(|(_, _, ty)| ty)
    }

    fn values(&self, ty: &Ty, prefix: &str, found: &mut Vec<Candidate>) {
        let hir = self.session.hir();
        match ty {
            Ty::Country => {
                countries(found);
                self.groups(ty, found);
            }
            Ty::Code(id) => {
                found.push(plain("none"));
                let entries = hir.code_lists.get(*id).into_iter().flat_map(|list| &list.entries);
                found.extend(
                    entries.map(|(code, entry)| {
                        titled(code, entry.title.as_deref().unwrap_or_default())
                    }),
                );
            }
            Ty::Record(_) => {
                let calls = answers::catalogue(self, ty);
                found.extend(calls.into_iter().map(|(_, call)| plain(&call)));
                found.push(plain("{ "));
            }
            Ty::Set(element) => {
                found.push(plain("{}"));
                for row in answers::choices(self, element) {
                    found.push(titled(&format!("{{ {} }}", row.name), &row.title));
                }
                self.groups(element, found);
            }
            Ty::List(_) => found.push(plain("[]")),
            Ty::Date => {}
            _ => {
                let rows = answers::choices(self, ty);
                found.extend(rows.iter().map(|row| titled(&row.name, &row.title)));
                if rows.is_empty() && !prefix.is_empty() {
                    self.names(found);
                }
            }
        }
    }

    /// The fields of what a path leads to, or what a jurisdiction offers.
    fn fields(&self, path: &str, found: &mut Vec<Candidate>) {
        let hir = self.session.hir();
        let parsed = parse_expression(path, 0);
        if let Ok(expr) = self.session.checked().check_expression(&parsed)
            && let Ty::Record(id) = expr.ty
        {
            let fields = hir.records.get(id).map_or(&[][..], |record| &record.fields);
            found.extend(fields.iter().map(|field| {
                let title = self.session.describe_type(&field.ty);
                titled(&format!("{path}.{}", field.name), &title)
            }));
            return;
        }
        for loaded in self.session.jurisdictions() {
            let known = loaded.description();
            if known.id != path {
                continue;
            }
            let id = &known.id;
            found.extend(
                known
                    .catalogues
                    .iter()
                    .map(|one| titled(&format!("{id}.{}(\"", one.name), &one.title)),
            );
            found.extend(
                known
                    .functions
                    .iter()
                    .map(|one| titled(&format!("{id}.{}(", one.name), &one.title)),
            );
            found.push(plain(&format!("{id}.group(\"")));
        }
        let below = format!("{path}.");
        for (name, title) in self.full_names() {
            if let Some(rest) = name.strip_prefix(&below) {
                let next = rest.split('.').next().unwrap_or(rest);
                found.push(titled(&format!("{below}{next}"), &title));
            }
        }
    }

    fn full_names(&self) -> Vec<(String, String)> {
        let hir = self.session.hir();
        let text = |title: &Option<String>| title.clone().unwrap_or_default();
        let facts =
            hir.facts.values().map(|one| (hir.full_name(one.module, &one.name), text(&one.ask)));
        let defines = hir
            .defines
            .values()
            .map(|one| (hir.full_name(one.module, &one.name), text(&one.title)));
        let decisions = hir
            .decisions
            .values()
            .map(|one| (hir.full_name(one.module, &one.name), text(&one.title)));
        facts.chain(defines).chain(decisions).collect()
    }

    fn facts(&self, found: &mut Vec<Candidate>) {
        let facts = self.session.hir().facts.values();
        found.extend(facts.map(|fact| titled(&fact.name, fact.ask.as_deref().unwrap_or_default())));
    }

    fn names(&self, found: &mut Vec<Candidate>) {
        let hir = self.session.hir();
        self.facts(found);
        let title = |title: &Option<String>| title.clone().unwrap_or_default();
        found.extend(hir.defines.values().map(|one| titled(&one.name, &title(&one.title))));
        found.extend(hir.decisions.values().map(|one| titled(&one.name, &title(&one.title))));
        found.extend(hir.tables.values().map(|one| titled(&one.name, &title(&one.title))));
        found.extend(hir.groups.values().filter(|one| !one.name.contains('(')).map(|one| {
            titled(one.name.rsplit('.').next().unwrap_or(&one.name), &title(&one.title))
        }));
        found.extend(
            hir.jurisdictions.iter().map(|one| titled(&format!("{}.", one.id), &one.title)),
        );
    }

    fn groups(&self, element: &Ty, found: &mut Vec<Candidate>) {
        let groups = self.session.hir().groups.values().filter(|group| group.element == *element);
        found.extend(groups.map(|group| {
            let name = if group.name.contains('(') {
                group.name.to_string()
            } else {
                group.name.rsplit('.').next().unwrap_or(&group.name).to_owned()
            };
            titled(&name, group.title.as_deref().unwrap_or_default())
        }));
    }

    fn decisions(&self, found: &mut Vec<Candidate>) {
        let decisions = self.session.hir().decisions.values();
        found.extend(
            decisions.map(|one| titled(&one.name, one.title.as_deref().unwrap_or_default())),
        );
    }

    fn outcomes_named(&self, found: &mut Vec<Candidate>) {
        let question = self.question(self.as_of.unwrap_or(SOME_DAY));
        found.extend(self.session.outcome_names(&question).iter().map(|name| plain(name)));
    }

    fn rules(&self, found: &mut Vec<Candidate>) {
        let rules = self.session.hir().rules.values();
        found.extend(
            rules.map(|rule| titled(&rule.name, rule.title.as_deref().unwrap_or_default())),
        );
    }

    fn given_paths(&self, found: &mut Vec<Candidate>) {
        found.extend(self.given.lines.iter().map(|line| plain(&line.path)));
        found.push(plain("all"));
    }

    fn proposals_named(&self, found: &mut Vec<Candidate>) {
        let modules = self.session.hir().modules.values();
        let proposals = modules.filter(|module| module.status == exeat_hir::ModuleStatus::Proposal);
        found.extend(
            proposals
                .map(|module| titled(&module.name, module.title.as_deref().unwrap_or_default())),
        );
    }

    fn reading_choices(&self, head: &str, found: &mut Vec<Candidate>) {
        let hir: &Hir = self.session.hir();
        let named = head
            .split_once('=')
            .map(|(left, _)| left.split_whitespace().nth(1).unwrap_or("").to_owned());
        match named {
            Some(name) => {
                let reading = hir.readings.values().filter(|one| one.name == name.as_str());
                found.extend(reading.flat_map(|one| &one.choices).map(|choice| {
                    titled(&choice.name, choice.title.as_deref().unwrap_or_default())
                }));
                found.push(plain("default"));
            }
            None => found.extend(
                hir.readings
                    .values()
                    .map(|one| titled(&one.name, one.title.as_deref().unwrap_or_default())),
            ),
        }
    }
}

fn plain(text: &str) -> Candidate {
    Candidate { text: text.to_owned(), title: String::new() }
}

fn titled(text: &str, title: &str) -> Candidate {
    Candidate { text: text.to_owned(), title: title.to_owned() }
}

fn countries(found: &mut Vec<Candidate>) {
    found.extend(Country::table().iter().map(|entry| titled(entry.alpha2, entry.name)));
}

/// Whether a text ends with one of these words and a space.
fn ends_with_words(head: &str, wanted: &[&str]) -> bool {
    head.split_whitespace().last().is_some_and(|last| wanted.contains(&last))
}

/// Where the word begins that ends a text: a name with its points, or a code.
fn word_start(text: &str) -> usize {
    let inside = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    let skipped = text.trim_end_matches(inside);
    skipped.len()
}

/// Those candidates that begin as the prefix does; countries by their names too.
fn matching(start: usize, prefix: &str, found: Vec<Candidate>, files: bool) -> Completion {
    let wanted = prefix.to_lowercase();
    let is_country =
        |one: &Candidate| one.text.len() == 2 && one.text.chars().all(|c| c.is_ascii_uppercase());
    let begins = |one: &Candidate| {
        one.text.starts_with(prefix)
            || one.text.to_lowercase().starts_with(&wanted)
            || (is_country(one)
                && wanted.len() > 1
                && one.title.to_lowercase().starts_with(&wanted))
    };
    let mut candidates: Vec<Candidate> = Vec::new();
    for one in found.into_iter().filter(begins) {
        if !candidates.iter().any(|known| known.text == one.text) {
            candidates.push(one);
        }
    }
    // What is written as it was begun stands first.
    candidates.sort_by(|a, b| {
        let rank = |one: &Candidate| !one.text.starts_with(prefix);
        (rank(a), &a.text).cmp(&(rank(b), &b.text))
    });
    candidates.truncate(MOST);
    Completion { start, candidates, files }
}
