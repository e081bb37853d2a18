//! The questions of an analysis as a script of SMT-LIB 2.6, so that a solver that has nothing in common with
//! the decision diagrams can be asked the same.
//!
//! The script is written from the lowered rules: numbers are exact reals, dates are days, what is named is an
//! integer under its name, and a computed quantity is the very computation. It knows no cells and no
//! diagrams. What has no exact form is left free, as the diagrams leave every computed quantity free; then
//! "there is none" is still a proof, and "there is one" says less. What could not be asked the same even so
//! is left out. Both are named.
//!
//! What is unknown though all facts are known is supposed as the diagrams suppose it ([`Diagrams`]): that a
//! script is a smaller world than theirs, and holds every transaction that the reference confirms.
//!
//! Numbers have no bounds here; the interpreter leaves open what takes more digits than it keeps.

mod conditions;
mod decisions;
mod difference;
mod nodes;
mod rules;
mod sheet;
mod term;

use std::fmt::Write as _;

use exeat_hir::{AssertionKind, Functions, Hir, RuleId};
use exeat_program::{Program, RuleValue, Unsupported};

pub use self::difference::script_of_differences;

use self::decisions::differ;
use self::rules::Rules;
use self::sheet::Sheet;
use self::term::{Term, one_line};
use crate::diagrams::Diagrams;
use crate::findings::Options;
use crate::findings::questions::{About, Answered, answers};
use crate::space::{Side, Space};

/// How many of the things that a question rests on are named beside it.
const MOST_NAMED: usize = 3;

/// A script, and what it asks.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// The text. A solver answers each question with one line.
    pub text: String,
    /// The questions in the order of these lines.
    pub questions: Vec<ScriptQuestion>,
    /// What was left free or left out, in words, each once.
    pub left: Vec<String>,
}

/// A question of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptQuestion {
    /// What is asked, in words.
    pub words: String,
    /// What the analysis says.
    pub answer: Answered,
    /// Whether it rests on something that was left free.
    pub is_free: bool,
}

/// The questions of an analysis, stretch by stretch.
///
/// # Errors
/// What of the rules cannot be lowered.
pub fn script(
    program: &Program,
    functions: &dyn Functions,
    options: &Options,
) -> Result<Script, Unsupported> {
    let mut writer = Writer::default();
    for mut side in Side::over(program, functions, &options.over)? {
        side.proposals.clone_from(&options.proposals);
        let days = side.epoch.days;
        let built = Space::new(vec![side], options.budget)
            .and_then(|mut space| Ok((Diagrams::build(&mut space, 0)?, space)));
        match built {
            Ok((diagrams, space)) => writer.stretch(&space, &diagrams, options),
            Err(why) => {
                let limit = why.limit(&options.budget);
                writer.leave_out(&format!("all questions for the days {days}, beyond {limit}"));
            }
        }
    }
    Ok(writer.finish())
}

#[derive(Default)]
struct Writer {
    body: String,
    script: Script,
    products: bool,
}

impl Writer {
    fn leave_out(&mut self, words: &str) {
        let words = one_line(words);
        let _ = writeln!(self.body, "; left out: {words}");
        self.note_left(format!("left out: {words}"));
    }

    fn note_left(&mut self, words: String) {
        if !self.script.left.contains(&words) {
            self.script.left.push(words);
        }
    }

    fn line(&mut self, line: &str) {
        self.body.push_str(line);
        self.body.push('\n');
    }

    /// All questions for the days of one side.
    fn stretch(&mut self, space: &Space<'_>, diagrams: &Diagrams, options: &Options) {
        let Some(side) = space.sides.first() else { return };
        let hir = side.program.hir();
        let wanted = |module| options.modules.as_ref().is_none_or(|some| some.contains(&module));
        let answers = answers(space, diagrams, &wanted);
        let mut sheet = Sheet::default();
        let mut rules = Rules::new(&mut sheet, space, side, "");
        rules.decide_all();
        rules.take_for_granted(diagrams);
        let asked: Vec<(String, Option<Term>, Answered)> = answers
            .into_iter()
            .map(|(about, answer)| (words(hir, side, about), rules.asked(about), answer))
            .collect();
        self.line("");
        self.line(&format!("; The rules as they stand {}.", side.epoch.days));
        self.line("(push 1)");
        self.sheet(&sheet);
        for (decision, why) in &diagrams.too_large {
            if let Some(found) = hir.decisions.get(*decision) {
                let name = hir.full_name(found.module, &found.name);
                let limit = why.limit(&options.budget);
                self.leave_out(&format!("the rules of {name}, beyond {limit}"));
            }
        }
        for (words, term, answer) in asked {
            self.question(&sheet, &words, term, answer);
        }
        self.line("(pop 1)");
    }

    fn sheet(&mut self, sheet: &Sheet) {
        self.products |= sheet.products;
        for line in &sheet.lines {
            self.line(line);
        }
        for left in &sheet.left {
            let kind = if left.free { "left free" } else { "left out" };
            self.note_left(format!("{kind}: {}", left.words));
        }
    }

    fn question(&mut self, sheet: &Sheet, words: &str, term: Option<Term>, answer: Answered) {
        self.line("");
        let Some(term) = term else {
            return self.leave_out(&format!("{words} It compares what has no exact form."));
        };
        let rests: Vec<_> = term.rests.iter().filter_map(|at| sheet.left.get(*at)).collect();
        if let Some(out) = rests.iter().find(|left| !left.free) {
            return self.leave_out(&format!("{words} It rests on {}.", out.words));
        }
        let number = self.script.questions.len().saturating_add(1);
        self.line(&format!("; {number}. {}", one_line(words)));
        let (said, status) = match &answer {
            Answered::Yes(region) if region.is_empty() => ("yes".to_owned(), "sat"),
            Answered::Yes(region) => (format!("yes, where {}", region.join(", ")), "sat"),
            Answered::No => ("no, for no transaction".to_owned(), "unsat"),
            Answered::Open(_) => ("not decided".to_owned(), "unknown"),
        };
        self.line(&format!("; The analysis: {}.", one_line(&said)));
        if !rests.is_empty() {
            let named = rests.iter().take(MOST_NAMED).map(|left| left.words.as_str());
            let mut named = named.collect::<Vec<_>>().join("; ");
            if rests.len() > MOST_NAMED {
                let _ = write!(named, "; and {} more", rests.len().saturating_sub(MOST_NAMED));
            }
            self.line(&format!("; It rests on what is left free: {named}."));
        }
        self.line("(push 1)");
        self.line(&format!("(assert {})", term.text));
        self.line(&format!("(set-info :status {status})"));
        self.line("(check-sat)");
        self.line("(pop 1)");
        let is_free = !rests.is_empty();
        self.script.questions.push(ScriptQuestion { words: one_line(words), answer, is_free });
    }

    fn finish(mut self) -> Script {
        let logic = if self.products { "QF_NIRA" } else { "QF_LIRA" };
        self.script.text = format!(
            "; Questions about all transactions, for any solver that reads SMT-LIB 2.6.\n\
             ; Each (check-sat) asks for a transaction: `sat` there is one, `unsat` there is none.\n\
             ; What the analysis of Exeat says stands before it as :status.\n\
             ; Quantities are reals in base units, dates are days since 1970-01-01, and what has a name\n\
             ; (a country, a code, a value of an enumeration) is a whole number under that name.\n\
             (set-info :smt-lib-version 2.6)\n\
             (set-info :category \"industrial\")\n\
             (set-logic {logic})\n{}",
            self.body
        );
        self.script
    }
}

fn words(hir: &Hir, side: &Side<'_>, about: About) -> String {
    let lowered = |id| side.epoch.decisions.iter().find(|one| one.id == id);
    let rule = |id, at: usize| -> Option<RuleId> { Some(lowered(id)?.rules.get(at)?.id) };
    let named = |id: Option<RuleId>| {
        let found = id.and_then(|id| hir.rules.get(id));
        found.map_or(String::new(), |rule| hir.full_name(rule.module, &rule.name))
    };
    match about {
        About::Own(id, at) => {
            format!("Can the condition of {} be true while it has force?", named(rule(id, at)))
        }
        About::Applies(id, at) => {
            format!("Can {} apply: is there something that it excepts?", named(rule(id, at)))
        }
        About::Holds(id, at) => format!("Can {} hold?", named(rule(id, at))),
        About::Touched(id, at) => {
            let gap = lowered(id).and_then(|one| one.gaps.get(at)).map(|(gap, _)| *gap);
            let gap = gap.and_then(|gap| hir.not_modelled.get(gap));
            let name = gap.map_or(String::new(), |gap| hir.full_name(gap.module, &gap.name));
            format!("Can {name}, which is not modelled, be touched?")
        }
        About::Conflict(id, at, other) => {
            let (first, second) = (named(rule(id, at)), named(rule(id, other)));
            format!("Can {first} and {second} hold together and say different things?")
        }
        About::Refuted(id) => {
            let found = hir.assertions.get(id);
            let name = found.map_or(String::new(), |one| hir.full_name(one.module, &one.name));
            format!("Does a transaction refute the assertion {name}?")
        }
    }
}

impl Rules<'_, '_, '_> {
    /// What is taken for granted, as far as the diagrams take it so.
    fn take_for_granted(&mut self, diagrams: &Diagrams) {
        let side = self.side;
        let hir = side.program.hir();
        for (id, formula) in &side.epoch.claims.assumptions {
            let Some(found) = hir.assumptions.get(*id) else { continue };
            let because = one_line(&found.because);
            if diagrams.assumptions.iter().any(|(known, _)| known == id) {
                let term = self.formula(formula);
                self.sheet.remark(&format!("Taken for granted: {because}."));
                self.sheet.assert(&term);
            } else {
                let words = format!("left out: what is taken for granted because {because}");
                self.sheet.remark(&words);
            }
        }
    }

    /// A question as a term; none where it compares values of which one has no form.
    fn asked(&mut self, about: About) -> Option<Term> {
        Some(match about {
            About::Own(id, at) => self.decided.get(&id)?.rules.get(at)?.own.clone(),
            About::Applies(id, at) => self.decided.get(&id)?.rules.get(at)?.applies.clone(),
            About::Holds(id, at) => self.decided.get(&id)?.rules.get(at)?.holds.clone(),
            About::Touched(id, at) => self.decided.get(&id)?.gaps.get(at)?.clone(),
            About::Conflict(id, at, other) => {
                let lowered = self.side.epoch.decisions.iter().find(|one| one.id == id)?;
                let values = (&lowered.rules.get(at)?.value, &lowered.rules.get(other)?.value);
                let differing = match values {
                    (RuleValue::Constant(one), RuleValue::Constant(other)) => {
                        Term::truth(one != other)
                    }
                    (one, other) => differ(&self.worth_of(one)?, &self.worth_of(other)?)?,
                };
                let decided = self.decided.get(&id)?;
                let (one, other) = (decided.rules.get(at)?, decided.rules.get(other)?);
                let both = one.holds.and(&other.holds);
                Term::all([both, decided.asked(), differing])
            }
            About::Refuted(id) => {
                let lowered = self.side.epoch.claims.assertions.iter().find(|one| one.id == id)?;
                let found = self.side.program.hir().assertions.get(id)?;
                let (claim, when) = (self.formula(&lowered.claim), self.formula(&lowered.when));
                match found.kind {
                    AssertionKind::Always => when.without(&claim),
                    AssertionKind::Never => when.and(&claim),
                    AssertionKind::Covers(decision) => {
                        let lowered =
                            self.side.epoch.decisions.iter().find(|one| one.id == decision)?;
                        let decided = self.decided.get(&decision)?;
                        let speaking = lowered.rules.iter().zip(&decided.rules);
                        let speaking = speaking
                            .filter(|(rule, _)| rule.value != RuleValue::Nothing)
                            .map(|(_, terms)| terms.holds.clone());
                        when.and(&decided.asked()).without(&Term::any(speaking))
                    }
                }
            }
        })
    }

    fn worth_of(&mut self, value: &RuleValue) -> Option<rules::Worth> {
        match value {
            RuleValue::Nothing => None,
            RuleValue::Constant(value) => {
                let (sort, term) = self.sheet.value(value)?;
                Some(rules::Worth::known(sort, term))
            }
            RuleValue::Node(node) => self.node(*node).ok(),
        }
    }
}
