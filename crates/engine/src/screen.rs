//! Many shipments, one after the other: what is settled comes from the lowered rules, and only what is
//! open is asked of the reference.

mod orders;

use std::collections::BTreeSet;

use exeat_eval::{decide_rest, effect_of, with_those_read};
use exeat_hir::reach::visit_deep;
use exeat_hir::{AssumptionId, DecisionId, DecisionTrace, Determination, ExprKind};
use exeat_program::{Fast, FastScratch, Program, Settled};

use crate::{JurisdictionSummary, OverallEffect, Question, Rulebook, Summary};

pub use orders::{Orders, ScreenedOrder, Unanswered, Verdicts};

/// Rules made ready for many shipments.
///
/// It gives what [`Rulebook::decide`] gives, without the conditions that were looked at: outcomes, the
/// rules that determine them, duties; of what is undetermined the missing facts too.
#[derive(Debug)]
pub struct Screening<'a> {
    rules: &'a Rulebook,
    program: Program,
    scratch: FastScratch,
}

/// What a shipment comes to.
#[derive(Clone, Debug)]
pub struct Screened {
    /// The decisions, each after those that it reads. The rules that were looked at stand only in those
    /// that the reference made.
    pub traces: Vec<DecisionTrace>,
    /// How many of all decisions the lowered rules settled; the others the reference made.
    pub settled: usize,
    /// What it means under each regime.
    pub jurisdictions: Vec<JurisdictionSummary>,
    /// The most restrictive of these.
    pub overall: OverallEffect,
    /// The same in detail, if more than one regime takes part.
    pub summary: Option<Summary>,
    /// What is taken for granted and the facts contradict.
    pub violated_assumptions: Vec<AssumptionId>,
}

impl Rulebook {
    /// Makes the rules ready for many shipments. The rules of a day are lowered when it is first asked for.
    pub fn screening(&self) -> Screening<'_> {
        let program = Program::new(self.hir().clone());
        // The functions of a rulebook are always the same.
        Screening { rules: self, program, scratch: FastScratch::remembering() }
    }
}

impl Screening<'_> {
    /// Decides a shipment.
    pub fn decide(&mut self, question: &Question) -> Screened {
        let (rules, request) = (self.rules, question.request());
        let settled = self.settled(question);
        let count = settled.len();
        let made = self.made_for(question);
        let wanted = |id| made.as_ref().is_none_or(|made| made.contains(&id));
        let mut traces = decide_rest(rules.hir(), rules.functions(), &request, settled, &wanted);
        let violated_assumptions = rules.violated_assumptions(&request, &traces);
        traces.retain(|trace| question.wants(trace));
        let (jurisdictions, overall, summary) = rules.summaries(&traces);
        Screened { traces, settled: count, jurisdictions, overall, summary, violated_assumptions }
    }

    /// The decisions that a question is answered with: those that it wants and those that assumptions speak of,
    /// with all that these read; none if it wants all.
    fn made_for(&self, question: &Question) -> Option<BTreeSet<DecisionId>> {
        if question.only.is_empty() {
            return None;
        }
        let hir = self.rules.hir();
        let mut made: BTreeSet<DecisionId> = question.only.iter().copied().collect();
        let conditions = hir.assumptions.values().map(|assumption| &assumption.condition);
        visit_deep(hir, conditions, &mut |part| {
            if let ExprKind::Decision(id) = part.kind {
                made.insert(id);
            }
        });
        Some(with_those_read(hir, made))
    }

    /// The decisions that the lowered rules settle.
    fn settled(&mut self, question: &Question) -> Vec<DecisionTrace> {
        let request = exeat_program::Request {
            as_of: question.as_of,
            readings: &question.readings,
            proposals: &question.proposals,
            functions: self.rules.functions(),
        };
        let record = self.program.encode(&question.facts);
        // Rules that cannot be lowered are left to the reference.
        if self.program.run_fast(&request, &record, &mut self.scratch).is_err() {
            return Vec::new();
        }
        let Some(fast) = self.program.fast(question.as_of) else { return Vec::new() };
        let decisions = fast.decisions().enumerate();
        let trace = |(place, id)| trace(self.rules, fast, &self.scratch, place, id);
        decisions.filter_map(trace).collect()
    }
}

/// What a run settled of the decision at a place.
fn trace(
    rules: &Rulebook,
    fast: &Fast,
    scratch: &FastScratch,
    place: usize,
    id: DecisionId,
) -> Option<DecisionTrace> {
    let hir = rules.hir();
    let decision = hir.decisions.get(id)?;
    let determination = match scratch.settled(place) {
        Settled::Open => return None,
        Settled::NotNeeded => Determination::NotNeeded,
        settled => Determination::Value(fast.value(place, settled)?),
    };
    let because: Vec<_> = scratch.because(place).collect();
    let duties = because.iter().filter_map(|rule| hir.rules.get(*rule));
    let duties = duties.flat_map(|rule| rule.duties.clone()).collect();
    Some(DecisionTrace {
        decision: id,
        effect: effect_of(hir, decision, &determination),
        otherwise: because.is_empty() && matches!(determination, Determination::Value(_)),
        determination,
        because,
        rules: Vec::new(),
        needed: None,
        gaps: Vec::new(),
        duties,
    })
}
