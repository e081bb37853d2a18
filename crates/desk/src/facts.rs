//! Facts: given, computed from others, taken back, read from a file.

use exeat_diagnostics::Diagnostic;
use exeat_engine::{Evaluated, FactsInput, files};
use exeat_hir::{ExprKind, Given, Ty};
use exeat_model::Value;
use exeat_syntax::{Kind, Parsed, parse_expression, parse_given};

use crate::command::Piece;
use crate::desk::{Desk, SOME_DAY, offset};
use crate::given::{GivenFacts, Line};
use crate::problem::{no_day, refused};
use crate::reply::{Block, Reply};
use crate::written;

impl Desk {
    pub(crate) fn give(&mut self, piece: Piece<'_>, base: u32) -> Reply {
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
    pub(crate) fn computed(
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

    pub(crate) fn forget(&mut self, piece: Piece<'_>, base: u32) -> Reply {
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

    /// Takes over the facts of a file: they replace those that are given here.
    pub(crate) fn read_facts(&mut self, piece: Piece<'_>) -> Reply {
        let path = std::path::Path::new(piece.text);
        match files::read_text(path) {
            Ok(text) => self.take_facts(files::shown(path), text),
            Err(problem) => Reply::problems(vec![problem]),
        }
    }

    /// The call that gives a value, if it is as a catalogue has it.
    pub(crate) fn catalogue_entry(&self, value: &Value, ty: &Ty) -> Option<String> {
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
pub(crate) struct Reads {
    /// Any fact, decision, define or the date.
    pub(crate) anything: bool,
    /// Something that can differ by day.
    pub(crate) day: bool,
}

/// What an expression reads.
pub(crate) fn reads(expr: &exeat_hir::Expr) -> Reads {
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
