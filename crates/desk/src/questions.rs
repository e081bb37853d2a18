//! Questions: the day, readings and proposals under which they are asked; outcomes, another case beside this
//! one, the calendar, values of expressions.

use exeat_diagnostics::Diagnostic;
use exeat_engine::{CalendarQuestion, Evaluated, Question};
use exeat_hir::{DecisionId, ExprKind, ModuleStatus, ReadingId};
use exeat_syntax::{parse_expression, parse_given};

use crate::command::Piece;
use crate::desk::{Desk, SOME_DAY, day_of, offset, span_of};
use crate::facts::reads;
use crate::help;
use crate::outcomes::Outcomes;
use crate::problem::{no_day, not_understood};
use crate::reply::{Block, Detail, Reply, ValueLine};

impl Desk {
    pub(crate) fn set_day(&mut self, piece: Piece<'_>, base: u32) -> Reply {
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

    pub(crate) fn choose(&mut self, piece: Piece<'_>, base: u32) -> Reply {
        match self.chosen(piece, base) {
            Ok((reading, Some(choice))) => drop(self.readings.insert(reading, choice)),
            Ok((reading, None)) => drop(self.readings.remove(&reading)),
            Err(problem) => return Reply::problems(vec![*problem]),
        }
        Reply::of(self.changed())
    }

    /// `NAME = CHOICE`, `NAME.CHOICE`, or `NAME = default`.
    pub(crate) fn chosen(
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

    pub(crate) fn include(&mut self, piece: Piece<'_>, base: u32, takes_part: bool) -> Reply {
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
    pub(crate) fn what_if(&mut self, piece: Piece<'_>, base: u32) -> Reply {
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

    pub(crate) fn decision(&mut self, piece: Piece<'_>, base: u32, detail: Detail) -> Reply {
        match self.decisions_named(piece, base) {
            Ok(only) => self.decision_reply(only, detail),
            Err(problem) => Reply::problems(vec![*problem]),
        }
    }

    /// The decisions that are named; none for none.
    pub(crate) fn decisions_named(
        &self,
        piece: Piece<'_>,
        base: u32,
    ) -> Result<Vec<DecisionId>, Box<Diagnostic>> {
        let names = piece.text.split([',', ' ']).filter(|name| !name.is_empty());
        let found = names.map(|name| self.session.find_decision(name).map_err(Box::new));
        let found: Result<Vec<DecisionId>, Box<Diagnostic>> = found.collect();
        found.map_err(|problem| Box::new(problem.with_label(span_of(piece, base), "")))
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

    pub(crate) fn calendar(&self, piece: Piece<'_>, base: u32) -> Reply {
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

    pub(crate) fn expression(&mut self, piece: Piece<'_>, base: u32) -> Reply {
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
}
