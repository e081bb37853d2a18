//! One epoch after the other is asked everything; what is found on several days is one finding.

use std::collections::{BTreeMap, BTreeSet};

use exeat_eval::Scenarios;
use exeat_hir::{
    AssertionId, DecisionId, DecisionTrace, FactId, Functions, Hir, NotModelledId, ReadingId,
    RuleId, RuleStatus,
};
use exeat_model::{Interval, Truth};

use super::{
    Analysis, ByKey, Example, Finding, FindingKind, Options, Proof, Subject, Undecided, merged,
};
use crate::diagrams::{DecisionDiagrams, Diagrams};
use crate::region::Region;
use crate::search::{Found, Gave, Search};
use crate::space::{Side, Space};
use crate::witness::Witness;

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
    /// What would be shown if that never happens.
    pub(super) shown: BTreeMap<FindingKind, (Vec<String>, Option<Example>)>,
}

/// All that was asked and found so far.
pub(super) struct Asked<'h> {
    pub(super) hir: &'h Hir,
    pub(super) rules: BTreeMap<RuleId, RuleSeen>,
    pub(super) gaps: BTreeMap<NotModelledId, RuleSeen>,
    pub(super) assertions: BTreeMap<AssertionId, Vec<Interval>>,
    pub(super) findings: ByKey<Finding>,
    pub(super) undecided: ByKey<(Vec<Interval>, Gave)>,
    /// The facts and readings that conditions ask, and those of which something depends.
    pub(super) read: BTreeSet<(FactId, String)>,
    pub(super) mattering: BTreeSet<(FactId, String)>,
    pub(super) readings: BTreeSet<ReadingId>,
    pub(super) differing: BTreeSet<ReadingId>,
    /// Whether the outcomes of all epochs could be looked at for that.
    pub(super) all_outcomes: Result<(), Gave>,
}

/// The questions to one epoch.
pub(super) struct Asking<'a, 's, 'p, 'h> {
    pub(super) space: &'s Space<'p>,
    pub(super) side: &'s Side<'p>,
    pub(super) diagrams: &'a Diagrams,
    pub(super) search: Search<'s, 'p>,
    pub(super) asked: &'a mut Asked<'h>,
}

impl<'h> Asked<'h> {
    /// Begins with what scenarios show already.
    pub(super) fn new(hir: &'h Hir, functions: &dyn Functions, options: &Options) -> Self {
        let mut asked = Self {
            hir,
            rules: BTreeMap::new(),
            gaps: BTreeMap::new(),
            assertions: BTreeMap::new(),
            findings: BTreeMap::new(),
            undecided: BTreeMap::new(),
            read: BTreeSet::new(),
            mattering: BTreeSet::new(),
            readings: BTreeSet::new(),
            differing: BTreeSet::new(),
            all_outcomes: Ok(()),
        };
        let all = Scenarios::new(hir, functions);
        for (id, scenario) in hir.scenarios.iter() {
            let proposals: BTreeSet<_> = scenario.proposals.iter().copied().collect();
            if options.over.contains(scenario.as_of) && proposals == options.proposals {
                let report = all.run(id);
                report.into_iter().for_each(|report| asked.note(&report.decisions));
            }
        }
        asked
    }

    /// Notes how rules fared in a transaction.
    fn note(&mut self, traces: &[DecisionTrace]) {
        for trace in traces {
            for rule in &trace.rules {
                let seen = self.rules.entry(rule.rule).or_default();
                match rule.status {
                    RuleStatus::Holds => {
                        (seen.own, seen.applied, seen.held) = (true, true, true);
                    }
                    RuleStatus::DefeatedBy(_) => (seen.own, seen.applied) = (true, true),
                    _ => {}
                }
            }
            for (gap, condition) in &trace.gaps {
                if condition.truth == Truth::True {
                    self.gaps.entry(*gap).or_default().held = true;
                }
            }
        }
    }

    /// Nothing about an epoch could be decided.
    pub(super) fn nothing_decided(&mut self, days: Interval, gave: Gave) {
        for id in self.hir.decisions.iter().map(|(id, _)| id) {
            self.decision_undecided(id, days, gave);
        }
    }

    /// Nothing about a decision on some days could be decided.
    pub(super) fn decision_undecided(&mut self, id: DecisionId, days: Interval, gave: Gave) {
        let rules = Subject::Rules(Vec::new());
        self.undecided(FindingKind::NeverApplies, rules, Some(id), days, gave);
        self.all_outcomes = Err(gave);
    }

    pub(super) fn undecided(
        &mut self,
        kind: FindingKind,
        subject: Subject,
        decision: Option<DecisionId>,
        days: Interval,
        gave: Gave,
    ) {
        let entry =
            self.undecided.entry((kind, subject, decision)).or_insert_with(|| (Vec::new(), gave));
        entry.0.push(days);
    }

    /// What was found once all was asked.
    pub(super) fn finish(mut self) -> Analysis {
        self.finish_rules();
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
        let findings = self.findings;
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

impl<'s, 'p> Asking<'_, 's, 'p, '_> {
    /// Asks an epoch everything.
    pub(super) fn ask(mut space: Space<'p>, asked: &mut Asked<'_>) {
        let days = space.sides.first().map_or(Interval::ALWAYS, |side| side.epoch.days);
        let diagrams = match Diagrams::build(&mut space, 0) {
            Ok(diagrams) => diagrams,
            Err(why) => return asked.nothing_decided(days, Gave::TooLarge(why)),
        };
        let Some(side) = space.sides.first() else { return };
        for (decision, why) in &diagrams.too_large {
            asked.decision_undecided(*decision, days, Gave::TooLarge(*why));
        }
        let search = Search::new(&space);
        let mut asking = Asking { space: &space, side, diagrams: &diagrams, search, asked };
        for decision in &diagrams.decisions {
            asking.ask_rules(decision);
            asking.ask_conflicts(decision);
            asking.ask_neighbours(decision);
        }
        asking.ask_claims();
        asking.ask_matters();
    }

    pub(super) fn days(&self) -> Interval {
        self.side.epoch.days
    }

    /// A transaction of a region; of the part in which the outcome of the decision is known, if there is one.
    pub(super) fn find(
        &self,
        region: &Region,
        decision: Option<&DecisionDiagrams>,
        confirm: &mut dyn FnMut(&[DecisionTrace], &Witness) -> bool,
    ) -> Found {
        let everything = self.space.everything();
        let likely = decision.map_or(everything, |decision| &decision.clear);
        let side = self.side;
        self.search
            .find(region, likely, &[0], &mut |witness| confirm(&witness.decide(side), witness))
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
        let key = (kind, subject.clone(), Some(decision.id));
        let days = self.days();
        if let Some(finding) = self.asked.findings.get_mut(&key)
            && let Some(example) = &finding.example
        {
            let mut again = example.witness.clone();
            again.days.clear();
            if confirm(&again.decide(self.side), &again) && !again.is_absurd(self.side) {
                finding.days.push(days);
                return;
            }
        }
        match self.find(region, Some(decision), confirm) {
            Found::Witness(witness, case) => {
                let finding = self.asked.findings.entry(key).or_insert_with(|| Finding {
                    kind,
                    subject,
                    decision: Some(decision.id),
                    region: self.space.describe(0, &case),
                    days: Vec::new(),
                    example: Some(Example::new(self.side, &witness)),
                    accepted: None,
                });
                finding.days.push(days);
            }
            Found::Nothing => {}
            Found::NotDecided(gave) => {
                self.asked.undecided(kind, subject, Some(decision.id), days, gave);
            }
        }
    }
}

/// How a rule fared.
pub(super) fn status(traces: &[DecisionTrace], rule: RuleId) -> Option<&RuleStatus> {
    let mut rules = traces.iter().flat_map(|trace| &trace.rules);
    rules.find(|trace| trace.rule == rule).map(|trace| &trace.status)
}
