//! The questions of a comparison as a script: both versions in one world, asked about the same transaction.

use std::collections::BTreeMap;

use exeat_hir::{DecisionId, Possible};
use exeat_model::Value;
use exeat_program::Unsupported;

use super::decisions::{Decided, Outcome};
use super::rules::Rules;
use super::sheet::Sheet;
use super::term::Term;
use super::{Script, Writer};
use crate::diagrams::Diagrams;
use crate::difference::questions::{ChangeAsked, changes};
use crate::difference::{Comparison, Version, paired, stretches_of};
use crate::space::Space;

type AllDecided = BTreeMap<DecisionId, Decided>;

/// The questions of a comparison, stretch by stretch: for each decision of both, whether there is a
/// transaction for which it came to one thing and comes to another.
///
/// # Errors
/// What of the rules cannot be lowered.
pub fn script_of_differences(
    old: Version<'_>,
    new: Version<'_>,
    wanted: &Comparison,
) -> Result<Script, Unsupported> {
    let pairs = paired(old.program.hir(), new.program.hir(), &wanted.decisions);
    let mut writer = Writer::default();
    for (before, after) in stretches_of(old, new, &wanted.over)? {
        let days = before.epoch.days;
        let built = Space::new(vec![before, after], wanted.budget).and_then(|mut space| {
            let before = Diagrams::build(&mut space, 0)?;
            Ok((before, Diagrams::build(&mut space, 1)?, space))
        });
        match built {
            Ok((before, after, space)) => {
                let (asked, left) = changes(&space, (&before, &after), &pairs);
                writer.changes(&space, (&before, &after), asked, &left);
            }
            Err(why) => {
                let limit = why.limit(&wanted.budget);
                writer.leave_out(&format!("all questions for the days {days}, beyond {limit}"));
            }
        }
    }
    Ok(writer.finish())
}

impl Writer {
    fn changes(
        &mut self,
        space: &Space<'_>,
        (before, after): (&Diagrams, &Diagrams),
        asked: Vec<ChangeAsked>,
        left: &[String],
    ) {
        let (Some(old), Some(new)) = (space.sides.first(), space.sides.get(1)) else { return };
        let mut sheet = Sheet::default();
        let mut decided: Vec<AllDecided> = Vec::new();
        for (side, diagrams, prefix) in [(old, before, "old."), (new, after, "new.")] {
            let mut rules = Rules::new(&mut sheet, space, side, prefix);
            rules.decide_all();
            rules.take_for_granted(diagrams);
            decided.push(rules.decided);
        }
        let mut questions = Vec::new();
        for one in asked {
            let term = change(&mut sheet, &decided, &one);
            questions.push((one.words, term, one.answer));
        }
        self.line("");
        self.line(&format!("; Both versions as they stand {}.", old.epoch.days));
        self.line("(push 1)");
        self.sheet(&sheet);
        for words in left {
            self.leave_out(words);
        }
        for (words, term, answer) in questions {
            self.question(&sheet, &words, term, answer);
        }
        self.line("(pop 1)");
    }
}

/// Where a decision came to one thing and comes to another.
fn change(sheet: &mut Sheet, decided: &[AllDecided], asked: &ChangeAsked) -> Option<Term> {
    let (old, new) = (decided.first()?.get(&asked.ids.0)?, decided.get(1)?.get(&asked.ids.1)?);
    let came = old.comes_to(sheet, &asked.outcomes.0)?;
    let comes = new.comes_to(sheet, &asked.outcomes.1)?;
    let turned = match &asked.turn {
        Some((value, true)) => new.has_beside(value).without(&old.has_beside(value)),
        Some((value, false)) => old.has_beside(value).without(&new.has_beside(value)),
        None => Term::truth(true),
    };
    Some(Term::all([came, comes, turned]))
}

impl Decided {
    /// Where it comes to that, whatever stands beside it. None where that has no exact form.
    fn comes_to(&self, sheet: &mut Sheet, possible: &Possible) -> Option<Term> {
        let says = match (possible, &self.outcome) {
            (Possible::NotNeeded, _) => return Some(self.needed.negated()),
            (Possible::NotModelled, _) => return Some(self.needed.and(&self.touched)),
            (Possible::Value(Value::Outcome(outcome)), Outcome::Place { rank, .. }) => {
                rank.equal(&Term::integer(i128::from(outcome.rank)))
            }
            (Possible::Error, Outcome::Place { rank, .. }) => rank.equal(&Term::integer(-1)),
            (Possible::Value(value), Outcome::One { worth, .. }) => {
                let worth = worth.as_ref().ok()?;
                let (_, is) = worth.value.as_ref()?;
                let (_, value) = sheet.value(value)?;
                worth.known.and(&is.equal(&value))
            }
            (Possible::Conflict, Outcome::One { conflict, .. }) => conflict.clone(),
            (Possible::Error, Outcome::One { worth, conflict }) => {
                worth.as_ref().ok()?.known.or(conflict).negated()
            }
            (Possible::Value(_), Outcome::Set(Some(_))) => Term::truth(true),
            _ => return None,
        };
        Some(self.asked().and(&says))
    }

    /// Where a label or element stands beside what it comes to.
    fn has_beside(&self, value: &Value) -> Term {
        let found = match (&self.outcome, value) {
            (Outcome::Place { labels, .. }, Value::Symbol(label)) => labels.get(label),
            (Outcome::Set(Some(elements)), value) => elements.get(value),
            _ => None,
        };
        found.cloned().unwrap_or(Term::truth(false))
    }
}
