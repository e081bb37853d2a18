//! Which facts force an outcome, why it is not another, what turns it, and which question settles it soonest.

use std::collections::{BTreeMap, BTreeSet};

use exeat_engine::analyze::Measure;
use exeat_engine::wire::Turning;
use exeat_hir::{DecisionId, MissingFact};

use crate::command::Piece;
use crate::desk::{Desk, span_of};
use crate::problem::no_day;
use crate::reply::{Block, Detail, Reply};

impl Desk {
    /// The reasons, and the facts that force the outcome.
    pub(crate) fn why(&self, piece: Piece<'_>, base: u32) -> Reply {
        let decisions = match self.decisions_named(piece, base) {
            Ok(decisions) => decisions,
            Err(problem) => return Reply::problems(vec![*problem]),
        };
        let reply = self.decision_reply(decisions.clone(), Detail::Reasons);
        if !reply.is_sound() {
            return reply;
        }
        let asked = Turning { why: true, decisions, ..Turning::default() };
        match self.turning(&asked) {
            Some(Block::Turning { mut document }) => {
                let forced = |line: &exeat_engine::wire::TurningLine| {
                    line.why.as_ref().is_some_and(|why| why.forced)
                };
                document.decisions.retain(forced);
                let none = document.decisions.is_empty();
                if none { reply } else { reply.with(Block::Turning { document }) }
            }
            _ => reply,
        }
    }

    pub(crate) fn why_not(&self, piece: Piece<'_>, base: u32) -> Reply {
        let Some(as_of) = self.as_of else { return Reply::problems(vec![no_day()]) };
        let question = self.question(as_of);
        let decided = self.session.decide(&question);
        let found = self.session.find_wanted(piece.text, &question, &decided);
        match found {
            Ok(wanted) => {
                let asked = Turning { why_not: Some(wanted), ..Turning::default() };
                self.turning_reply(&asked)
            }
            Err(problem) => Reply::problems(vec![problem.with_label(span_of(piece, base), "")]),
        }
    }

    pub(crate) fn flip(&self, piece: Piece<'_>, base: u32) -> Reply {
        match self.decisions_named(piece, base) {
            Ok(decisions) => {
                self.turning_reply(&Turning { flip: true, decisions, ..Turning::default() })
            }
            Err(problem) => Reply::problems(vec![*problem]),
        }
    }

    fn turning_reply(&self, asked: &Turning) -> Reply {
        if self.as_of.is_none() {
            return Reply::problems(vec![no_day()]);
        }
        match self.turning(asked) {
            Some(block @ Block::Turning { .. }) => Reply::of(block),
            Some(Block::Problems { diagnostics }) => Reply::problems(diagnostics),
            _ => Reply::note("no decision is needed for these facts; name one"),
        }
    }

    /// What was asked beside the outcome; problems if it cannot be said.
    pub(crate) fn turning(&self, asked: &Turning) -> Option<Block> {
        let question = self.question(self.as_of?);
        let decided = self.session.decide(&question);
        match self.session.changes_document(&question, &decided, asked) {
            Ok(document) if document.decisions.is_empty() => None,
            Ok(document) => Some(Block::Turning { document: Box::new(document) }),
            Err(problem) => Some(Block::Problems { diagnostics: vec![problem] }),
        }
    }

    /// Missing facts in the order in which they settle decisions soonest, without those that are proved not to
    /// matter. Where the rules of the day cannot be lowered, they stay as they are.
    pub(crate) fn soonest(
        &self,
        decisions: &BTreeSet<DecisionId>,
        missing: Vec<MissingFact>,
    ) -> Vec<MissingFact> {
        let Some(as_of) = self.as_of else { return missing };
        let question = self.question(as_of);
        let Ok(mut nearby) = self.session.nearby(&question) else { return missing };
        let paths: Vec<String> = missing.iter().map(|fact| fact.path.clone()).collect();
        let order = nearby.next_questions(decisions, &paths);
        let mut known: BTreeMap<String, MissingFact> =
            missing.into_iter().map(|fact| (fact.path.clone(), fact)).collect();
        order.into_iter().filter_map(|question| known.remove(&question.path)).collect()
    }

    /// What is left of the questions once one is answered.
    pub(crate) fn measured(&self, decisions: &BTreeSet<DecisionId>, path: &str) -> Option<Measure> {
        let question = self.question(self.as_of?);
        let mut nearby = self.session.nearby(&question).ok()?;
        let found = nearby.next_questions(decisions, &[path.to_owned()]);
        found.into_iter().next()?.measure
    }
}
