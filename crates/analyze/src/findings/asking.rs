//! One epoch after the other is asked everything; what is found on several days is one finding.

use std::collections::{BTreeMap, BTreeSet};

use exeat_eval::{Scenarios, with_those_read};
use exeat_hir::{
    AssertionId, DecisionId, DecisionTrace, FactId, Functions, Hir, ModuleId, ModuleStatus,
    NotModelledId, ReadingId, RuleId, RuleStatus,
};
use exeat_model::{Interval, Truth};
use exeat_program::Program;

use super::claims::refutation;
use super::stretches::Stretch;
use super::{
    Analysis, ByKey, Example, Finding, FindingKind, Key, Options, Proof, Subject, Undecided, merged,
};
use crate::ahead::ahead;
use crate::budget::{Budget, TooLarge};
use crate::diagrams::{DecisionDiagrams, Diagrams};
use crate::region::Region;
use crate::search::{Found, Gave, Search, Seeds};
use crate::shrink::Shrinking;
use crate::space::{Case, Side, Space, VariableKind};
use crate::witness::Witness;

/// In how many epochs it is looked for what was not found.
pub(super) const MOST_FAILURES: usize = 3;

/// What is known of a rule so far, over all epochs.
#[derive(Debug, Default)]
pub(super) struct RuleSeen {
    pub(super) days: Vec<Interval>,
    /// Its condition was true, it applied, it held: somewhere, confirmed.
    pub(super) own: bool,
    pub(super) applied: bool,
    pub(super) held: bool,
    /// Where a search for that gave up.
    pub(super) unsure: BTreeMap<FindingKind, Gave>,
    /// In how many epochs.
    pub(super) failures: usize,
    /// What would be shown if that never happens.
    pub(super) shown: BTreeMap<FindingKind, Shown>,
}

/// What is shown of something, before it is known whether it will be.
#[derive(Clone, Debug, Default)]
pub(super) struct Shown {
    pub(super) region: Vec<String>,
    pub(super) found: Option<Rough>,
}

/// A transaction that was found and is not yet made small.
#[derive(Clone, Debug)]
pub(super) struct Rough {
    pub(super) witness: Witness,
    pub(super) decision: DecisionId,
    /// The facts that matter for what it shows.
    pub(super) asked: BTreeSet<String>,
    /// How the rule fares that it shows; nothing if it shows none.
    pub(super) status: Option<(RuleId, RuleStatus)>,
}

/// All that was asked and found so far.
pub(super) struct Asked<'h> {
    pub(super) hir: &'h Hir,
    /// Each decision with those that it reads, as far as it was asked for.
    closures: BTreeMap<DecisionId, BTreeSet<DecisionId>>,
    pub(super) rules: BTreeMap<RuleId, RuleSeen>,
    pub(super) gaps: BTreeMap<NotModelledId, RuleSeen>,
    pub(super) assertions: BTreeMap<AssertionId, Vec<Interval>>,
    pub(super) findings: ByKey<Finding>,
    pub(super) undecided: ByKey<(Vec<Interval>, Gave)>,
    /// The facts and readings that conditions ask, with the rules, and those of which something depends.
    pub(super) read: BTreeMap<(FactId, String), BTreeSet<RuleId>>,
    pub(super) mattering: BTreeSet<(FactId, String)>,
    pub(super) readings: BTreeMap<ReadingId, BTreeSet<RuleId>>,
    pub(super) differing: BTreeSet<ReadingId>,
    /// Whether the outcomes of all epochs could be looked at for that.
    pub(super) all_outcomes: Result<(), Gave>,
}

/// An epoch with its diagrams, to be asked.
pub(super) struct Drawn<'p> {
    space: Space<'p>,
    diagrams: Diagrams,
}

impl<'p> Drawn<'p> {
    /// Draws the diagrams of what is asked on some days.
    pub(super) fn new(
        mut side: Side<'p>,
        stretch: &Stretch,
        budget: Budget,
    ) -> Result<Self, TooLarge> {
        stretch.narrow(&mut side);
        let mut space = Space::new(vec![side], budget)?;
        let diagrams = Diagrams::build(&mut space, 0)?;
        Ok(Self { space, diagrams })
    }
}

/// The questions to one epoch.
pub(super) struct Asking<'a, 's, 'p, 'h> {
    pub(super) space: &'s Space<'p>,
    pub(super) side: &'s Side<'p>,
    pub(super) diagrams: &'a Diagrams,
    pub(super) search: Search<'s, 'p>,
    pub(super) asked: &'a mut Asked<'h>,
    /// All the days for which the question of the moment is answered.
    pub(super) days: Vec<Interval>,
}

impl<'h> Asked<'h> {
    /// Begins with nothing.
    pub(super) fn blank(hir: &'h Hir) -> Self {
        Self {
            hir,
            closures: BTreeMap::new(),
            rules: BTreeMap::new(),
            gaps: BTreeMap::new(),
            assertions: BTreeMap::new(),
            findings: BTreeMap::new(),
            undecided: BTreeMap::new(),
            read: BTreeMap::new(),
            mattering: BTreeSet::new(),
            readings: BTreeMap::new(),
            differing: BTreeSet::new(),
            all_outcomes: Ok(()),
        }
    }

    /// Notes what scenarios show already.
    pub(super) fn note_scenarios(&mut self, functions: &dyn Functions, options: &Options) {
        let scenarios = &Scenarios::new(self.hir, functions);
        let counts = self.hir.scenarios.iter().filter(|(_, scenario)| {
            let proposals: BTreeSet<_> = scenario.proposals.iter().copied().collect();
            options.over.contains(scenario.as_of) && proposals == options.proposals
        });
        let run = |(id, _)| scenarios.run(id);
        ahead(counts, run, |reports| {
            for report in reports.flatten() {
                self.note(&report.decisions);
            }
        });
    }

    /// Notes which rules hold in a transaction, and what that is not modelled it touches.
    fn note(&mut self, traces: &[DecisionTrace]) {
        those_that_hold(traces).for_each(|rule| self.note_holds(rule));
        for (gap, condition) in traces.iter().flat_map(|trace| &trace.gaps) {
            if condition.truth == Truth::True {
                self.gaps.entry(*gap).or_default().held = true;
            }
        }
    }

    /// Notes that a rule holds somewhere.
    pub(super) fn note_holds(&mut self, rule: RuleId) {
        let seen = self.rules.entry(rule).or_default();
        (seen.own, seen.applied, seen.held) = (true, true, true);
    }

    /// A decision with those that it reads.
    pub(super) fn closure(&mut self, id: DecisionId) -> BTreeSet<DecisionId> {
        let hir = self.hir;
        self.closures.entry(id).or_insert_with(|| with_those_read(hir, [id])).clone()
    }

    /// Nothing about an epoch could be decided.
    pub(super) fn nothing_decided(&mut self, stretch: &Stretch, gave: Gave) {
        for (id, days) in &stretch.decisions {
            self.decision_undecided(*id, days, gave);
        }
        for (id, days) in &stretch.assertions {
            let found = self.hir.assertions.get(*id);
            let kind = found.map_or(FindingKind::AssertionRefuted, refutation);
            self.undecided(kind, Subject::Assertion(*id), None, days, gave);
        }
    }

    /// Nothing about a decision on some days could be decided.
    pub(super) fn decision_undecided(&mut self, id: DecisionId, days: &[Interval], gave: Gave) {
        let rules = Subject::Rules(Vec::new());
        self.undecided(FindingKind::NeverApplies, rules, Some(id), days, gave);
        self.all_outcomes = Err(gave);
    }

    pub(super) fn undecided(
        &mut self,
        kind: FindingKind,
        subject: Subject,
        decision: Option<DecisionId>,
        days: &[Interval],
        gave: Gave,
    ) {
        let entry =
            self.undecided.entry((kind, subject, decision)).or_insert_with(|| (Vec::new(), gave));
        entry.0.extend(days);
    }

    /// What was found once all was asked.
    pub(super) fn finish(
        mut self,
        program: &Program,
        functions: &dyn Functions,
        options: &Options,
    ) -> Analysis {
        self.finish_rules(program, functions, options);
        self.finish_matters();
        let hir = self.hir;
        let refuted: BTreeSet<AssertionId> = self
            .findings
            .keys()
            .map(|(_, subject, _)| subject)
            .chain(self.undecided.keys().map(|(_, subject, _)| subject))
            .filter_map(|subject| match subject {
                Subject::Assertion(id) => Some(*id),
                _ => None,
            })
            .collect();
        let proved = self.assertions.into_iter().filter(|(id, _)| !refuted.contains(id));
        let proved =
            proved.map(|(assertion, days)| Proof { assertion, days: merged(days) }).collect();
        let mut findings = self.findings;
        let overlaps: BTreeSet<(BTreeSet<RuleId>, Option<DecisionId>)> = findings
            .keys()
            .filter(|(kind, ..)| *kind == FindingKind::ThresholdOverlap)
            .map(|(_, subject, decision)| (subject.rules(), *decision))
            .collect();
        // An overlap says why there is a conflict.
        findings.retain(|(kind, subject, decision), _| {
            *kind != FindingKind::Conflict || !overlaps.contains(&(subject.rules(), *decision))
        });
        let undecided = self
            .undecided
            .into_iter()
            // What was found on some days is found.
            .filter(|(key, _)| !findings.contains_key(key))
            .map(|((kind, subject, decision), (days, gave))| Undecided {
                kind,
                subject,
                decision,
                days: merged(days),
                gave,
                accepted: None,
            })
            .collect();
        let mut findings: Vec<Finding> = findings
            .into_values()
            .map(|mut finding| {
                finding.days = merged(std::mem::take(&mut finding.days));
                finding
            })
            .collect();
        findings.sort_by_cached_key(|finding| {
            (finding.subject.spans(hir).first().map(|span| span.start), finding.kind)
        });
        Analysis { findings, proved, undecided, ..Analysis::default() }
    }
}

impl<'p> Asking<'_, '_, 'p, '_> {
    /// Asks an epoch everything.
    pub(super) fn ask(drawn: &Drawn<'p>, seeds: &Seeds, stretch: &Stretch, asked: &mut Asked<'_>) {
        let Drawn { space, diagrams } = drawn;
        let Some(side) = space.sides.first() else { return };
        for (decision, why) in &diagrams.too_large {
            if let Some(days) = stretch.decisions.get(decision) {
                asked.decision_undecided(*decision, days, Gave::TooLarge(*why));
            }
        }
        let search = Search::from(space, seeds.clone());
        let mut asking = Asking { space, side, diagrams, search, asked, days: Vec::new() };
        for decision in &diagrams.decisions {
            let Some(days) = stretch.decisions.get(&decision.id) else { continue };
            asking.days.clone_from(days);
            asking.ask_rules(decision);
            asking.ask_conflicts(decision);
            asking.ask_neighbours(decision);
        }
        asking.ask_claims(stretch);
        asking.ask_matters();
    }

    /// Whether what a module says counts: a proposal decides only where it is asked for.
    pub(super) fn decides(&self, module: ModuleId) -> bool {
        let status = self.asked.hir.modules.get(module).map(|found| found.status);
        status != Some(ModuleStatus::Proposal) || self.side.proposals.contains(&module)
    }

    /// A transaction of a region; of the part in which the outcome of the decision is known, if there is one.
    pub(super) fn find(
        &mut self,
        region: &Region,
        decision: &DecisionDiagrams,
        confirm: &mut dyn FnMut(&[DecisionTrace], &Witness) -> bool,
    ) -> Found {
        let about = self.asked.closure(decision.id);
        self.find_about(region, &decision.clear, &about, confirm)
    }

    pub(super) fn find_about(
        &self,
        region: &Region,
        likely: &Region,
        about: &BTreeSet<DecisionId>,
        confirm: &mut dyn FnMut(&[DecisionTrace], &Witness) -> bool,
    ) -> Found {
        let side = self.side;
        self.search.find(region, likely, &[0], &mut |witness| {
            confirm(&witness.decide_these(side, about), witness)
        })
    }

    /// The facts that a case speaks of.
    pub(super) fn facts_of(&self, case: &Case) -> BTreeSet<String> {
        let path = |at: &usize| match &self.space.variables.get(*at)?.kind {
            VariableKind::Fact(path) => Some(path.clone()),
            _ => None,
        };
        case.cells.keys().filter_map(path).collect()
    }

    /// Notes something that can be so in a region: with the example of other days, if it shows it on
    /// these too, or else with one of its own.
    pub(super) fn note_possible(
        &mut self,
        kind: FindingKind,
        subject: Subject,
        decision: &DecisionDiagrams,
        region: &Region,
        confirm: &mut dyn FnMut(&[DecisionTrace], &Witness) -> bool,
    ) {
        let about = self.asked.closure(decision.id);
        let key = (kind, subject, Some(decision.id));
        self.note_about(key, &decision.clear, &about, region, confirm);
    }

    pub(super) fn note_about(
        &mut self,
        key: Key,
        likely: &Region,
        about: &BTreeSet<DecisionId>,
        region: &Region,
        confirm: &mut dyn FnMut(&[DecisionTrace], &Witness) -> bool,
    ) {
        let side = self.side;
        if let Some(finding) = self.asked.findings.get_mut(&key)
            && let Some(example) = &finding.example
        {
            let mut again = example.witness.clone();
            again.days.clear();
            if confirm(&again.decide_these(side, about), &again) && !again.is_absurd(side) {
                finding.days.extend(&self.days);
                return;
            }
        }
        let (kind, subject, decision) = key.clone();
        if let Some((before, gave)) = self.asked.undecided.get(&key)
            && before.len() >= MOST_FAILURES
        {
            // What was in vain so often is not tried again: the question stays undecided.
            let gave = *gave;
            return self.asked.undecided(kind, subject, decision, &self.days, gave);
        }
        match self.find_about(region, likely, about, confirm) {
            Found::Witness(witness, case) => {
                if let Some(finding) = self.asked.findings.get_mut(&key) {
                    finding.days.extend(&self.days);
                    return;
                }
                let asked = self.facts_of(&case);
                let shrinking = Shrinking {
                    sides: vec![side],
                    about,
                    asked: &asked,
                    confirm: &mut |witness| confirm(&witness.decide_these(side, about), witness),
                };
                let small = shrinking.shrink(*witness);
                let finding = Finding {
                    kind,
                    subject,
                    decision,
                    region: self.space.describe(0, &case),
                    days: self.days.clone(),
                    example: Some(Example::new(side, &small, about)),
                    accepted: None,
                };
                self.asked.findings.insert(key, finding);
            }
            Found::Nothing => {}
            Found::NotDecided(gave) => {
                self.asked.undecided(kind, subject, decision, &self.days, gave);
            }
        }
    }
}

/// How a rule fared.
pub(super) fn status(traces: &[DecisionTrace], rule: RuleId) -> Option<&RuleStatus> {
    let mut rules = traces.iter().flat_map(|trace| &trace.rules);
    rules.find(|trace| trace.rule == rule).map(|trace| &trace.status)
}

/// The rules that hold in a transaction.
pub(super) fn those_that_hold(traces: &[DecisionTrace]) -> impl Iterator<Item = RuleId> {
    let rules = traces.iter().flat_map(|trace| &trace.rules);
    rules.filter(|rule| rule.status == RuleStatus::Holds).map(|rule| rule.rule)
}
