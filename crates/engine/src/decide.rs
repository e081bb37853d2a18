use std::collections::{BTreeMap, BTreeSet};

use exeat_diagnostics::{Diagnostic, Severity, Span, codes};
use exeat_eval::{Facts, OtherReadings, Request, condition_after};
use exeat_hir::{
    AssumptionId, ConditionKind, DecisionId, DecisionTrace, Determination, Expr, ExprKind,
    ModuleId, ReadingId, Ty,
};
use exeat_model::{Date, Provider as _, Truth};
use smol_str::SmolStr;

use crate::{Concern, Digests, JurisdictionSummary, OverallEffect, Rulebook, Summary};

/// How many combinations of readings are tried at most.
pub const MOST_READINGS: usize = 64;

/// What is asked.
#[derive(Clone, Debug)]
pub struct Question {
    /// The day for which it is asked.
    pub as_of: Date,
    /// The readings chosen; for others their default holds.
    pub readings: BTreeMap<ReadingId, usize>,
    /// Proposals that are to decide as if they were in force.
    pub proposals: BTreeSet<ModuleId>,
    /// What is known.
    pub facts: Facts,
    /// The decisions that are wanted; none for all.
    pub only: Vec<DecisionId>,
}

/// The answer.
#[derive(Clone, Debug)]
pub struct Decided {
    /// The decisions, each after those that it reads.
    pub traces: Vec<DecisionTrace>,
    /// The day for which it was asked.
    pub as_of: Date,
    /// The readings that bear on these decisions on that day, and what was chosen; and those that were asked
    /// for.
    pub readings: Vec<ReadingUsed>,
    /// Proposals that decided.
    pub proposals: Vec<ModuleId>,
    /// Of which texts and libraries the answer was made.
    pub digests: Digests,
    /// What it means under each regime.
    pub jurisdictions: Vec<JurisdictionSummary>,
    /// The most restrictive of these.
    pub overall: OverallEffect,
    /// The same in detail, if more than one regime takes part.
    pub summary: Option<Summary>,
    /// What is taken for granted and the facts contradict.
    pub violated_assumptions: Vec<AssumptionId>,
}

/// A reading and its choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadingUsed {
    /// The reading.
    pub reading: ReadingId,
    /// The choice, by its place in the reading; `None` if it was left open and has no default.
    pub choice: Option<usize>,
    /// Whether the choice is the default and nobody asked for it.
    pub default: bool,
}

/// The answers under all readings that matter.
#[derive(Clone, Debug)]
pub struct AllReadings {
    /// The readings that were varied.
    pub varied: Vec<ReadingId>,
    /// Choices with the same answer together, in the order of the choices.
    pub groups: Vec<ReadingGroup>,
    /// Whether there are more combinations than were tried.
    pub capped: bool,
}

/// Combinations of choices that give the same answer.
#[derive(Clone, Debug)]
pub struct ReadingGroup {
    /// The combinations, each with one choice for each varied reading.
    pub choices: Vec<BTreeMap<ReadingId, usize>>,
    /// The answer.
    pub decided: Decided,
}

/// Another choice of one reading, and what it changes.
#[derive(Clone, Debug)]
pub struct Alternative {
    /// The reading.
    pub reading: ReadingId,
    /// The other choice.
    pub choice: usize,
    /// The decisions that come out differently.
    pub differences: Vec<Difference>,
}

/// A decision that another reading changes, in its outcome or in the rules that give it.
#[derive(Clone, Debug)]
pub struct Difference {
    /// The decision.
    pub decision: DecisionId,
    /// What it comes to as asked.
    pub before: DecisionTrace,
    /// What it comes to under the other reading.
    pub after: DecisionTrace,
}

impl Question {
    pub(crate) fn request(&self) -> Request<'_> {
        Request {
            as_of: self.as_of,
            readings: &self.readings,
            proposals: &self.proposals,
            facts: &self.facts,
        }
    }

    pub(crate) fn wants(&self, trace: &DecisionTrace) -> bool {
        self.only.is_empty() || self.only.contains(&trace.decision)
    }
}

impl Rulebook {
    /// Decides.
    pub fn decide(&self, question: &Question) -> Decided {
        let mut decided = self.decide_naming_all_readings(question);
        let shown = decided.traces.iter().map(|trace| trace.decision);
        let all = question.only.is_empty().then_some(decided.traces.as_slice());
        let bearing = self.readings_that_bear(&question.request(), shown, all);
        decided.readings.retain(|used| bearing.contains(&used.reading) || !used.default);
        decided
    }

    /// Decides, and names all readings, whether or not they bear on the answer.
    pub(crate) fn decide_naming_all_readings(&self, question: &Question) -> Decided {
        let hir = self.hir();
        let request = question.request();
        let mut traces = exeat_eval::decide(hir, self.functions(), &request);
        let violated_assumptions = self.violated_assumptions(&request, &traces);
        traces.retain(|trace| question.wants(trace));
        let readings = hir
            .readings
            .iter()
            .map(|(reading, found)| {
                let asked = question.readings.get(&reading).copied();
                ReadingUsed { reading, choice: asked.or(found.default), default: asked.is_none() }
            })
            .collect();
        let (jurisdictions, overall, summary) = self.summaries(&traces);
        Decided {
            traces,
            as_of: question.as_of,
            readings,
            proposals: question.proposals.iter().copied().collect(),
            digests: self.digests.clone(),
            jurisdictions,
            overall,
            summary,
            violated_assumptions,
        }
    }

    /// A warning for each jurisdiction whose data ends before a day that is asked for: the law may
    /// have changed since. One that by the answer is not concerned is left out, unless rules without a
    /// library of their own decided too, which may have used its data.
    pub fn stale_data(&self, as_of: Date, answer: &[JurisdictionSummary]) -> Vec<Diagnostic> {
        let takes_part = |one: &&JurisdictionSummary| one.concern != Concern::NotConcerned;
        let others = answer.iter().filter(takes_part).any(|one| one.id.is_none());
        let concerned = |id: &SmolStr| {
            let own = answer.iter().find(|one| one.id.as_ref() == Some(id));
            others || own.is_none_or(|one| takes_part(&one))
        };
        let used = |id: &SmolStr| self.hir().jurisdictions.iter().any(|known| known.id == *id);
        self.jurisdictions()
            .iter()
            .map(|loaded| loaded.description())
            .filter(|known| known.data_vintage < as_of && used(&known.id) && concerned(&known.id))
            .map(|known| {
                let message = format!(
                    "the data of the jurisdiction `{}` is of {}, and the question is for {as_of}",
                    known.id, known.data_vintage
                );
                Diagnostic::unplaced(codes::STALE_DATA, Severity::Warning, message)
                    .with_help("Check by hand what has changed since, or take a newer library.")
            })
            .collect()
    }

    /// Decides under all choices of the readings that matter on that day.
    pub fn decide_all_readings(&self, question: &Question) -> AllReadings {
        let varied = self.readings_in_use(question);
        let mut combinations = vec![BTreeMap::new()];
        let mut capped = false;
        for reading in &varied {
            let count = self.hir().readings.get(*reading).map_or(0, |found| found.choices.len());
            let mut next = Vec::new();
            for combination in &combinations {
                for choice in 0..count {
                    let mut with: BTreeMap<ReadingId, usize> = combination.clone();
                    with.insert(*reading, choice);
                    next.push(with);
                }
            }
            capped |= next.len() > MOST_READINGS;
            next.truncate(MOST_READINGS);
            combinations = next;
        }
        let mut groups: Vec<ReadingGroup> = Vec::new();
        for choices in combinations {
            let mut asked = question.clone();
            asked.readings.extend(choices.iter().map(|(reading, choice)| (*reading, *choice)));
            let decided = self.decide_naming_all_readings(&asked);
            let same = groups.iter_mut().find(|group| same_answer(&group.decided, &decided));
            match same {
                Some(group) => group.choices.push(choices),
                None => groups.push(ReadingGroup { choices: vec![choices], decided }),
            }
        }
        AllReadings { varied, groups, capped }
    }

    /// For each reading that matters, what each other choice of it alone would change: outcomes, or
    /// the rules that give them. Choices that change neither are left out.
    pub fn alternatives(&self, question: &Question, before: &Decided) -> Vec<Alternative> {
        let mut found = Vec::new();
        let (hir, request) = (self.hir(), question.request());
        // Without some of the decisions the conditions that read them could not be judged.
        let whole = question.only.is_empty();
        let decided = (!whole).then(|| exeat_eval::decide(hir, self.functions(), &request));
        let decided = decided.as_ref().unwrap_or(&before.traces);
        let mut others = OtherReadings::new(hir, self.functions(), request, decided);
        for reading in self.readings_in_use(question) {
            let Some(known) = hir.readings.get(reading) else { continue };
            let chosen = question.readings.get(&reading).copied().or(known.default);
            for choice in (0..known.choices.len()).filter(|choice| Some(*choice) != chosen) {
                let Some(after) = others.decide(reading, choice) else { continue };
                let after = after.into_iter().filter(|trace| question.wants(trace));
                let differences: Vec<Difference> = before
                    .traces
                    .iter()
                    .zip(after)
                    .filter(|(before, after)| {
                        !same_outcome(before, after)
                            || before.because != after.because
                            || before.otherwise != after.otherwise
                    })
                    .map(|(before, after)| Difference {
                        decision: before.decision,
                        before: before.clone(),
                        after,
                    })
                    .collect();
                if !differences.is_empty() {
                    found.push(Alternative { reading, choice, differences });
                }
            }
        }
        found
    }

    /// The assumptions that the facts contradict. All are judged in one run.
    pub(crate) fn violated_assumptions(
        &self,
        request: &Request<'_>,
        traces: &[DecisionTrace],
    ) -> Vec<AssumptionId> {
        let assumptions = &self.hir().assumptions;
        let conditions = assumptions.values().map(|assumption| assumption.condition.clone());
        let all = Expr {
            kind: ExprKind::And(conditions.collect()),
            ty: Ty::YesNo,
            span: Span::default(),
        };
        if assumptions.is_empty() {
            return Vec::new();
        }
        let judged = condition_after(self.hir(), self.functions(), request, traces, &all);
        let ConditionKind::All(parts) = judged.kind else { return Vec::new() };
        assumptions
            .iter()
            .zip(parts)
            .filter(|(_, part)| part.truth == Truth::False)
            .map(|((id, _), _)| id)
            .collect()
    }
}

fn same_answer(a: &Decided, b: &Decided) -> bool {
    a.traces.len() == b.traces.len()
        && a.traces.iter().zip(&b.traces).all(|(a, b)| {
            a.decision == b.decision
                && same_outcome(a, b)
                && a.because == b.because
                && a.otherwise == b.otherwise
        })
}

/// Whether two decisions come to the same. What is undetermined for the same kinds of reason and
/// could still be the same is the same, even if other facts would settle it.
pub(crate) fn same_outcome(a: &DecisionTrace, b: &DecisionTrace) -> bool {
    match (&a.determination, &b.determination) {
        (Determination::Undetermined(a), Determination::Undetermined(b)) => {
            a.possible == b.possible
                && a.missing.is_empty() == b.missing.is_empty()
                && a.conflict == b.conflict
                && a.not_modelled.is_empty() == b.not_modelled.is_empty()
                && a.errors == b.errors
        }
        (a, b) => a == b,
    }
}
