//! What to ask next: the question after whose answer fewest are left, over all answers that the rules tell
//! apart.
//!
//! A fact that nothing open reads cannot matter and is never asked. Of the others that a run names, some may
//! not matter all the same, because different rules come to the same: for the question that would be asked it
//! is tried to prove that, and then the next one is asked.

use std::collections::{BTreeMap, BTreeSet};

use exeat_hir::{DecisionId, ReadingId};
use exeat_model::{Number, Value};
use exeat_program::Record;

use super::ground::{About, Ground};
use super::tried::Known;

/// How many questions are measured; the others follow in the order in which they came.
const MOST_MEASURED: usize = 12;
/// How many answers of one question are tried.
const MOST_ANSWERS: usize = 12;
/// How many runs it may take to prove that a question cannot matter.
const MOST_PROOF: usize = 200;

/// A question that could be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextQuestion {
    /// What is asked: the path of a fact, or the full name of a reading.
    pub path: String,
    /// What is left once it is answered; `None` if it was not measured.
    pub measure: Option<Measure>,
}

/// What is left of the questions once one is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measure {
    /// How many answers the rules tell apart, as far as they were tried.
    pub answers: usize,
    /// How many of these settle everything that is wanted.
    pub settle: usize,
    /// How many facts could still matter, over all answers.
    pub left: usize,
}

/// What a question is about.
enum Subject {
    Slots(Vec<(usize, Vec<Value>)>, Vec<Vec<(usize, Option<Value>)>>),
    Reading(ReadingId, usize),
}

impl Ground<'_> {
    /// Puts questions in the order in which they settle decisions soonest: by how many facts could still matter
    /// after an answer, in the middle of all answers; where that is the same, in the order in which they came.
    /// Questions that are proved not to matter are left out from the front.
    pub fn next_questions(
        &mut self,
        decisions: &BTreeSet<DecisionId>,
        paths: &[String],
    ) -> Vec<NextQuestion> {
        let about = self.about(decisions);
        let base = self.only(&about.slots);
        let mut measured: Vec<NextQuestion> = Vec::new();
        for path in paths.iter().take(MOST_MEASURED) {
            let measure = self
                .subject(path, &about)
                .and_then(|subject| self.measure(&base, &subject, &about, decisions));
            measured.push(NextQuestion { path: path.clone(), measure });
        }
        // The middle: the sum over all answers by their number, without a division.
        let middle = |question: &NextQuestion| {
            let measure = question.measure?;
            let sum = i128::try_from(measure.left).ok()?;
            let count = i128::try_from(measure.answers.max(1)).ok()?;
            Number::from_fraction(sum, count).ok()
        };
        measured.sort_by(|a, b| match (middle(a), middle(b)) {
            (Some(a), Some(b)) => a.cmp(&b),
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (None, None) => std::cmp::Ordering::Equal,
        });
        let rest = paths.iter().skip(MOST_MEASURED);
        measured.extend(rest.map(|path| NextQuestion { path: path.clone(), measure: None }));
        let idle = measured
            .iter()
            .take_while(|question| self.cannot_matter(&question.path, &base, &about, decisions))
            .count();
        measured.drain(..idle);
        measured
    }

    fn subject(&mut self, path: &str, about: &About) -> Option<Subject> {
        let hir = self.side.program.hir();
        let reading = hir
            .readings
            .iter()
            .find(|(_, reading)| hir.full_name(reading.module, &reading.name) == path);
        if let Some((id, reading)) = reading {
            return Some(Subject::Reading(id, reading.choices.len()));
        }
        let slot = self.slot_at(path)?;
        // Where nothing is known of a fact that a catalogue has, its name answers all of it at once.
        let whole = path.split_once('.').map(|(whole, _)| whole);
        let whole = self.wholes.iter().find(|one| Some(one.path.as_str()) == whole);
        if let Some(whole) = whole {
            let entries: Vec<Vec<(usize, Option<Value>)>> = whole
                .entries
                .iter()
                .map(|entry| self.slots_of(&whole.path, &entry.value))
                .collect();
            let own = entries.first().into_iter().flatten();
            if own.clone().all(|(slot, _)| self.record.get(*slot).is_none()) {
                let step = entries.len().div_ceil(MOST_ANSWERS).max(1);
                let some = entries.into_iter().step_by(step).collect();
                return Some(Subject::Slots(Vec::new(), some));
            }
        }
        let values = self.tried(slot, &[], about, &mut Known::new());
        Some(Subject::Slots(vec![(slot, values)], Vec::new()))
    }

    fn measure(
        &mut self,
        base: &Record,
        subject: &Subject,
        about: &About,
        decisions: &BTreeSet<DecisionId>,
    ) -> Option<Measure> {
        let mut measure = Measure { answers: 0, settle: 0, left: 0 };
        let readings = self.readings.clone();
        let mut note = |left: usize| {
            measure.answers = measure.answers.saturating_add(1);
            measure.settle = measure.settle.saturating_add(usize::from(left == 0));
            measure.left = measure.left.saturating_add(left);
        };
        match subject {
            Subject::Reading(id, choices) => {
                for choice in 0..*choices {
                    let mut chosen = readings.clone();
                    chosen.insert(*id, choice);
                    note(self.left(base, &chosen, about, decisions));
                }
            }
            Subject::Slots(single, entries) => {
                let single = single.iter().flat_map(|(slot, values)| {
                    values.iter().map(|value| vec![(*slot, Some(value.clone()))])
                });
                for answer in single.chain(entries.iter().cloned()).take(MOST_ANSWERS) {
                    let mut record = base.clone();
                    for (slot, value) in answer {
                        record.set(slot, value);
                    }
                    note(self.left(&record, &readings, about, decisions));
                }
            }
        }
        (measure.answers > 0).then_some(measure)
    }

    /// How many questions are left.
    fn left(
        &mut self,
        record: &Record,
        readings: &BTreeMap<ReadingId, usize>,
        about: &About,
        decisions: &BTreeSet<DecisionId>,
    ) -> usize {
        let (_, open) = self.open(record, readings, about, decisions);
        open.slots.len().saturating_add(open.readings.len())
    }

    /// Whether it is proved that a fact cannot matter: however the others are answered, no decision turns on it.
    fn cannot_matter(
        &mut self,
        path: &str,
        base: &Record,
        about: &About,
        decisions: &BTreeSet<DecisionId>,
    ) -> bool {
        let Some(slot) = self.slot_at(path) else { return false };
        if !self.tried_are_all(slot, about) {
            return false;
        }
        let values = self.tried(slot, &[], about, &mut Known::new());
        let mut runs = MOST_PROOF;
        self.never_turns(slot, &values, base, about, decisions, &mut runs)
    }

    fn never_turns(
        &mut self,
        slot: usize,
        values: &[Value],
        record: &Record,
        about: &About,
        decisions: &BTreeSet<DecisionId>,
        runs: &mut usize,
    ) -> bool {
        let Some(left) = runs.checked_sub(1) else { return false };
        *runs = left;
        let readings = self.readings.clone();
        let (_, open) = self.open(record, &readings, about, decisions);
        let number = u32::try_from(slot).unwrap_or(u32::MAX);
        if !open.slots.contains(&number) {
            return true;
        }
        let other = open.slots.iter().find(|other| **other != number);
        let Some(other) = other.and_then(|other| usize::try_from(*other).ok()) else {
            // It alone is open: do its values come to the same?
            let mut outcomes = BTreeSet::new();
            for value in values {
                let Some(left) = runs.checked_sub(1) else { return false };
                *runs = left;
                let mut record = record.clone();
                record.set(slot, Some(value.clone()));
                let (possible, _) = self.open(&record, &readings, about, decisions);
                let wanted: Option<Vec<_>> =
                    decisions.iter().map(|id| possible.get(id).cloned().flatten()).collect();
                let Some(wanted) = wanted else { return false };
                outcomes.insert(wanted);
            }
            return open.readings.is_empty() && outcomes.len() <= 1;
        };
        if !self.tried_are_all(other, about) {
            return false;
        }
        let answers = self.tried(other, &[], about, &mut Known::new());
        !answers.is_empty()
            && answers.into_iter().all(|answer| {
                let mut record = record.clone();
                record.set(other, Some(answer));
                self.never_turns(slot, values, &record, about, decisions, runs)
            })
    }
}
