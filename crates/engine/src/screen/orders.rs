//! A stream of orders as JSON, in which what was said before is not read anew.
//!
//! Orders say the same over and over: the same items, parties and countries, under the same day and readings. What
//! a piece of text means as a fact does not depend on the rest of the order, so what was read once is known by
//! its text. An order that holds anything else (a new text, a fact twice, a key with an escape), or whose
//! decisions the lowered rules do not settle, is read and decided like any other.

use std::collections::BTreeSet;
use std::fmt;

use exeat_diagnostics::{Diagnostic, SourceMap};
use exeat_eval::with_those_read;
use exeat_hir::reach::visit_deep;
use exeat_hir::{AssumptionId, DecisionId, ExprKind, FactId, Hir, RuleId};
use exeat_model::{Date, Value};
use exeat_program::{Encoded, EncodedFact, Fast, FastScratch, Settled};
use indexmap::{Equivalent, IndexMap};
use rustc_hash::FxBuildHasher;
use serde::Deserializer as _;
use serde::de::{DeserializeSeed, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{Screened, Screening};
use crate::{FactsInput, Question, Rulebook, Stance};

/// How many texts of facts, and how many heads, are known; then it is begun anew.
const MOST_TEXTS: usize = 1 << 16;
const MOST_HEADS: usize = 64;
/// For so many facts there is room from the beginning.
const USUAL_FACTS: usize = 32;

/// A stream of orders, each a JSON text, under the same rules, stance and day.
#[derive(Debug)]
pub struct Orders<'a> {
    screening: Screening<'a>,
    as_of: Option<Date>,
    stance: Stance,
    /// What a key with its text means.
    known: IndexMap<(String, String), (FactId, Known), FxBuildHasher>,
    heads: Vec<Head>,
    /// The one fact that each assumption is about; none at all if one is about anything else.
    assumptions: Option<Vec<(AssumptionId, FactId)>>,
    /// The record at hand, and what was put into it: for each place of the order the place in `known`.
    record: Encoded,
    within: Vec<Option<(usize, FactId)>>,
}

/// An order and what it comes to.
#[derive(Clone, Debug)]
pub struct ScreenedOrder {
    /// How it is called.
    pub id: Option<String>,
    /// The day for which it was asked.
    pub as_of: Date,
    /// What it comes to.
    pub screened: Screened,
}

/// Why an order has no answer.
#[derive(Clone, Debug)]
pub enum Unanswered {
    /// It cannot be read.
    Problems(Vec<Diagnostic>),
    /// Nobody says for which day it is asked.
    NoDay,
}

/// What an order comes to that says nothing new: outcomes and reasons without any text.
#[derive(Clone, Copy, Debug)]
pub struct Verdicts<'s> {
    wanted: &'s [(usize, DecisionId)],
    fast: &'s Fast,
    scratch: &'s FastScratch,
}

/// A fact that was read.
#[derive(Debug)]
struct Known {
    encoded: EncodedFact,
    violated: Vec<AssumptionId>,
}

/// What an order says besides its facts and its name, as it was written: each setting with its text.
#[derive(Debug)]
struct Head {
    settings: Vec<(String, String)>,
    /// The question without facts.
    question: Question,
    /// The decisions that are wanted, by their places.
    wanted: Vec<(usize, DecisionId)>,
    /// Whether the decision at a place has to be made: it is wanted, or read by one that is.
    made: Vec<bool>,
}

impl Rulebook {
    /// Makes the rules ready for a stream of orders. A day that is given here goes before their own.
    pub fn orders(&self, as_of: Option<Date>, stance: Stance) -> Orders<'_> {
        let screening = self.screening();
        let record = screening.program.encode_nothing();
        Orders {
            screening,
            as_of,
            stance,
            known: IndexMap::default(),
            heads: Vec::new(),
            assumptions: assumptions(self.hir()),
            record,
            within: Vec::new(),
        }
    }
}

impl Orders<'_> {
    /// Answers an order.
    ///
    /// # Errors
    /// If it cannot be read, or names no day and none is given.
    pub fn screen(
        &mut self,
        sources: &mut SourceMap,
        input: &FactsInput,
    ) -> Result<ScreenedOrder, Unanswered> {
        if let Some((head, id)) = self.decide_known(&input.text) {
            return Ok(self.screened(head, id));
        }
        let read = self.screening.rules.read_facts(sources, input);
        let document = read.document.ok_or(Unanswered::Problems(read.diagnostics))?;
        let id = document.id.clone();
        let question = document.under(&self.stance).question(self.as_of);
        let question = question.ok_or(Unanswered::NoDay)?;
        self.learn(&input.text, &question);
        let screened = self.screening.decide(&question);
        Ok(ScreenedOrder { id, as_of: question.as_of, screened })
    }

    /// What an order comes to, if it says nothing new and the lowered rules settle all that is wanted. It
    /// is none too if the order cannot be read: [`Orders::screen`] says why.
    pub fn verdicts(&mut self, text: &str) -> Option<Verdicts<'_>> {
        let (head, _) = self.decide_known(text)?;
        let head = self.heads.get(head)?;
        let fast = self.screening.program.fast(head.question.as_of)?;
        Some(Verdicts { wanted: &head.wanted, fast, scratch: &self.screening.scratch })
    }

    /// Decides an order that says nothing new. Gives the place of its head, and its name as it was written.
    fn decide_known<'t>(&mut self, text: &'t str) -> Option<(usize, Option<&'t str>)> {
        let order = Order::of(text)?;
        let at = self.heads.iter().position(|head| head.is_of(&order))?;
        if !self.fill(&order.facts) {
            return None;
        }
        let head = self.heads.get(at)?;
        let Screening { rules, program, scratch } = &mut self.screening;
        let request = exeat_program::Request {
            as_of: head.question.as_of,
            readings: &head.question.readings,
            proposals: &head.question.proposals,
            functions: rules.functions(),
        };
        program.run_fast_these(&request, &self.record, &head.made, scratch).ok()?;
        let settled = |(place, _): &(usize, DecisionId)| scratch.settled(*place) != Settled::Open;
        head.wanted.iter().all(settled).then_some((at, order.id))
    }

    /// Makes the record hold these facts and no others; says whether all of them are known, each once. What the
    /// order before said at the same place stays as it is.
    fn fill(&mut self, facts: &[(&str, &str)]) -> bool {
        self.within.resize(self.within.len().max(facts.len()), None);
        // All that is different is taken out before anything is put in: it may stand elsewhere now.
        for at in 0..self.within.len() {
            let before = self.within.get(at).copied().flatten();
            let before = before.and_then(|(place, _)| self.known.get_index(place));
            let same = |((key, text), _): &(&(String, String), _)| {
                facts.get(at).is_some_and(|(other, piece)| key == other && text == piece)
            };
            if before.as_ref().is_some_and(|before| !same(before)) {
                self.empty(at);
            }
        }
        self.within.truncate(facts.len());
        for (at, (key, piece)) in facts.iter().enumerate() {
            if self.within.get(at).copied().flatten().is_some() {
                continue;
            }
            let Some((place, _, (fact, known))) = self.known.get_full(&Piece(key, piece)) else {
                return false;
            };
            if self.within.iter().flatten().any(|(_, other)| other == fact) {
                return false;
            }
            self.record.put(&known.encoded);
            if let Some(slot) = self.within.get_mut(at) {
                *slot = Some((place, *fact));
            }
        }
        true
    }

    /// Takes out of the record what was put into it from a place of an order.
    fn empty(&mut self, at: usize) {
        let Some((place, _)) = self.within.get_mut(at).and_then(Option::take) else { return };
        if let Some((_, (_, known))) = self.known.get_index(place) {
            self.record.take_out(&known.encoded);
        }
    }

    fn screened(&self, head: usize, id: Option<&str>) -> ScreenedOrder {
        let Screening { rules, program, scratch } = &self.screening;
        let as_of = self.heads.get(head).map_or(Date::ZERO, |head| head.question.as_of);
        let wanted = self.heads.get(head).map_or(&[][..], |head| head.wanted.as_slice());
        let fast = program.fast(as_of);
        let traces = wanted
            .iter()
            .filter_map(|(place, id)| super::trace(rules, fast?, scratch, *place, *id));
        let traces: Vec<_> = traces.collect();
        let within = self.within.iter().flatten();
        let within = within.filter_map(|(place, _)| self.known.get_index(*place));
        let mut violated: Vec<AssumptionId> =
            within.flat_map(|(_, (_, known))| known.violated.iter().copied()).collect();
        violated.sort_unstable();
        let (jurisdictions, overall, summary) = rules.summaries(&traces);
        let settled = traces.len();
        let screened = Screened {
            traces,
            settled,
            jurisdictions,
            overall,
            summary,
            violated_assumptions: violated,
        };
        let id = id.and_then(|id| serde_json::from_str::<String>(id).ok());
        ScreenedOrder { id: id.map(|id| id.trim().to_owned()), as_of, screened }
    }

    /// Takes note of what an order that was read says.
    fn learn(&mut self, text: &str, question: &Question) {
        let Some(order) = Order::of(text) else { return };
        if self.assumptions.is_none() {
            return;
        }
        if !self.heads.iter().any(|head| head.is_of(&order)) {
            self.learn_head(&order, question);
        }
        for (key, piece) in &order.facts {
            if self.known.contains_key(&Piece(key, piece)) {
                continue;
            }
            let Some(fact) = self.screening.rules.fact_named(key) else { continue };
            let known = match question.facts.get(fact) {
                Some(value) => self.read(fact, value, question),
                // `null`: nothing is known.
                None => Known { encoded: EncodedFact::default(), violated: Vec::new() },
            };
            if self.known.len() >= MOST_TEXTS {
                (0..self.within.len()).for_each(|at| self.empty(at));
                self.known.clear();
            }
            let piece = ((*key).to_owned(), (*piece).to_owned());
            self.known.insert(piece, (fact, known));
        }
    }

    fn learn_head(&mut self, order: &Order<'_>, question: &Question) {
        let Some(fast) = self.screening.program.fast(question.as_of) else { return };
        let hir = self.screening.rules.hir();
        let all = || hir.decisions.iter().map(|(id, _)| id).collect();
        let only: BTreeSet<DecisionId> =
            if question.only.is_empty() { all() } else { question.only.iter().copied().collect() };
        let closure = with_those_read(hir, only.iter().copied());
        let decisions: Vec<DecisionId> = fast.decisions().collect();
        let wanted = decisions.iter().copied().enumerate().filter(|(_, id)| only.contains(id));
        let owned = |(key, piece): &(&str, &str)| ((*key).to_owned(), (*piece).to_owned());
        if self.heads.len() >= MOST_HEADS {
            self.heads.clear();
        }
        self.heads.push(Head {
            settings: order.settings.iter().map(owned).collect(),
            question: Question { facts: exeat_hir::Facts::default(), ..question.clone() },
            wanted: wanted.collect(),
            made: decisions.iter().map(|id| closure.contains(id)).collect(),
        });
    }

    /// A fact by itself: encoded, and which assumptions it contradicts.
    fn read(&self, fact: FactId, value: &Value, question: &Question) -> Known {
        let mut alone = Question { facts: exeat_hir::Facts::default(), ..question.clone() };
        alone.facts.set(fact, value.clone());
        let rules = self.screening.rules;
        let about = self.assumptions.iter().flatten().filter(|(_, about)| *about == fact);
        let about: BTreeSet<AssumptionId> = about.map(|(id, _)| *id).collect();
        let mut violated = rules.violated_assumptions(&alone.request(), &[]);
        violated.retain(|id| about.contains(id));
        Known { encoded: self.screening.program.encode_fact(fact, value.clone()), violated }
    }
}

impl Verdicts<'_> {
    /// How many decisions were wanted.
    pub fn len(&self) -> usize {
        self.wanted.len()
    }

    /// Whether none was.
    pub fn is_empty(&self) -> bool {
        self.wanted.is_empty()
    }

    /// The decisions that were wanted, each with what it comes to; no value means that it is not needed.
    pub fn outcomes(&self) -> impl Iterator<Item = (DecisionId, Option<Value>)> + '_ {
        let outcome = |place| self.fast.value(place, self.scratch.settled(place));
        self.wanted.iter().map(move |(place, id)| (*id, outcome(*place)))
    }

    /// The rules that determine a decision; none where its `otherwise` speaks.
    pub fn because(&self, decision: DecisionId) -> impl Iterator<Item = RuleId> + '_ {
        let of = self.wanted.iter().filter(move |(_, id)| *id == decision);
        of.flat_map(|(place, _)| self.scratch.because(*place))
    }
}

impl Head {
    fn is_of(&self, order: &Order<'_>) -> bool {
        let same = |((key, piece), (other, text)): (&(&str, &str), &(String, String))| {
            key == other && piece == text
        };
        self.settings.len() == order.settings.len()
            && order.settings.iter().zip(&self.settings).all(same)
    }
}

/// A key and the text that it has, to be looked up.
#[derive(PartialEq, Eq, Hash)]
struct Piece<'t>(&'t str, &'t str);

impl Equivalent<(String, String)> for Piece<'_> {
    fn equivalent(&self, (key, piece): &(String, String)) -> bool {
        self.0 == key && self.1 == piece
    }
}

/// The one fact that each assumption is about.
fn assumptions(hir: &Hir) -> Option<Vec<(AssumptionId, FactId)>> {
    let about = |(id, assumption): (AssumptionId, &exeat_hir::Assumption)| {
        let (mut facts, mut reads_decisions) = (BTreeSet::new(), false);
        visit_deep(hir, [&assumption.condition], &mut |part| match part.kind {
            ExprKind::Fact(fact) => drop(facts.insert(fact)),
            ExprKind::Decision(_) => reads_decisions = true,
            _ => {}
        });
        let mut facts = facts.into_iter();
        match (facts.next(), facts.next()) {
            (Some(fact), None) if !reads_decisions => Some((id, fact)),
            _ => None,
        }
    };
    hir.assumptions.iter().map(about).collect()
}

/// An order as its pieces of text.
struct Order<'t> {
    id: Option<&'t str>,
    settings: Vec<(&'t str, &'t str)>,
    facts: Vec<(&'t str, &'t str)>,
}

impl<'t> Order<'t> {
    /// The pieces of a text; none if it is no JSON table with a table of facts, or has a key with an escape.
    fn of(text: &'t str) -> Option<Self> {
        let mut reader = serde_json::Deserializer::from_str(text);
        let order = reader.deserialize_map(OrderReader).ok()?;
        reader.end().ok()?;
        Some(order)
    }
}

/// Reads an order in one go: a text is looked through once.
struct OrderReader;

impl<'de> Visitor<'de> for OrderReader {
    type Value = Order<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an order")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Order<'de>, A::Error> {
        let mut order = Order { id: None, settings: Vec::new(), facts: Vec::new() };
        while let Some(key) = map.next_key::<&str>()? {
            match key {
                // Of two tables the second would hide the first.
                "facts" if order.facts.is_empty() => order.facts = map.next_value_seed(Pairs)?,
                "facts" => return Err(A::Error::custom("facts twice")),
                _ => {
                    let piece = map.next_value::<&RawValue>()?.get();
                    if key == "id" && piece.starts_with('"') && order.id.is_none() {
                        order.id = Some(piece);
                    } else {
                        order.settings.push((key, piece));
                    }
                }
            }
        }
        Ok(order)
    }
}

/// Reads the pairs of a table.
struct Pairs;

impl<'de> DeserializeSeed<'de> for Pairs {
    type Value = Vec<(&'de str, &'de str)>;

    fn deserialize<D: serde::Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Pairs {
    type Value = Vec<(&'de str, &'de str)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut pairs = Vec::with_capacity(USUAL_FACTS);
        while let Some((key, value)) = map.next_entry::<&str, &RawValue>()? {
            pairs.push((key, value.get()));
        }
        Ok(pairs)
    }
}
