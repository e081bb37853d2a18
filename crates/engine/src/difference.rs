//! Two versions of a project compared: over all transactions, and over real ones.

use std::collections::{BTreeMap, BTreeSet};

use exeat_analyze::{Comparison, Differences, Script, Version, differences, script_of_differences};
use exeat_diagnostics::{Diagnostic, Severity, codes};
use exeat_hir::{DecisionTrace, Force, Hir, ModuleId, ReadingId};
use exeat_model::Interval;
use exeat_program::{Program, Unsupported};

use crate::{Question, Rulebook};

/// How rules are taken.
#[derive(Clone, Debug, Default)]
pub struct Stance {
    /// Readings that are settled. In a comparison of all transactions the others are a part of what is asked.
    pub readings: BTreeMap<ReadingId, usize>,
    /// Modules of status proposal that decide.
    pub proposals: BTreeSet<ModuleId>,
}

/// A shipment for which the versions do not say the same.
#[derive(Clone, Debug)]
pub struct ShipmentDifference {
    /// The decisions that come to something else, by full name, with what both say. None where a version
    /// does not have the decision.
    pub decisions: Vec<(String, Option<DecisionTrace>, Option<DecisionTrace>)>,
}

impl Rulebook {
    /// For which transactions these rules say something else than the old ones.
    ///
    /// # Errors
    /// What of the rules cannot be analysed, in words.
    pub fn differences(
        &self,
        old: &Rulebook,
        (old_stance, stance): (&Stance, &Stance),
        wanted: &Comparison,
    ) -> Result<Differences, Diagnostic> {
        self.with_both(old, (old_stance, stance), |before, after| {
            differences(before, after, wanted)
        })
    }

    /// The same question as a script of SMT-LIB, each part with what the comparison answers.
    ///
    /// # Errors
    /// What of the rules cannot be analysed, in words.
    pub fn difference_script(
        &self,
        old: &Rulebook,
        stances: (&Stance, &Stance),
        wanted: &Comparison,
    ) -> Result<Script, Diagnostic> {
        self.with_both(old, stances, |before, after| script_of_differences(before, after, wanted))
    }

    fn with_both<T>(
        &self,
        old: &Rulebook,
        (old_stance, stance): (&Stance, &Stance),
        ask: impl FnOnce(Version<'_>, Version<'_>) -> Result<T, Unsupported>,
    ) -> Result<T, Diagnostic> {
        let before = Program::new(under(old.hir(), &old_stance.readings));
        let after = Program::new(under(self.hir(), &stance.readings));
        let first = Version {
            program: &before,
            functions: old.functions(),
            proposals: &old_stance.proposals,
        };
        let second =
            Version { program: &after, functions: self.functions(), proposals: &stance.proposals };
        ask(first, second).map_err(|unsupported| {
            let message = format!("these rules cannot be compared: {}", unsupported.what);
            Diagnostic::unplaced(codes::NOT_DECIDED, Severity::Error, message)
        })
    }

    /// Whether the versions say the same of a shipment, asked of each as it was read by it.
    pub fn shipment_difference(
        &self,
        old: &Rulebook,
        (before, after): (&Question, &Question),
    ) -> ShipmentDifference {
        let (first, second) = (old.decide(before).traces, self.decide(after).traces);
        let named =
            |rules: &Rulebook, traces: Vec<DecisionTrace>| -> Vec<(String, DecisionTrace)> {
                let hir = rules.hir();
                let name = |trace: &DecisionTrace| {
                    let decision = hir.decisions.get(trace.decision)?;
                    Some(hir.full_name(decision.module, &decision.name))
                };
                traces.into_iter().filter_map(|trace| Some((name(&trace)?, trace))).collect()
            };
        let (mut first, second) = (named(old, first), named(self, second));
        let mut decisions = Vec::new();
        for (name, after) in second {
            let at = first.iter().position(|(other, _)| *other == name);
            let before = at.map(|at| first.remove(at).1);
            let says =
                |rules: &Rulebook, trace: &DecisionTrace| rules.describe_with_possible(trace);
            let same =
                before.as_ref().is_some_and(|before| says(old, before) == says(self, &after));
            if !same {
                decisions.push((name, before, Some(after)));
            }
        }
        decisions.extend(first.into_iter().map(|(name, trace)| (name, Some(trace), None)));
        ShipmentDifference { decisions }
    }
}

/// The rules as they are once readings are settled: what has force under another choice only has none.
fn under(hir: &Hir, readings: &BTreeMap<ReadingId, usize>) -> Hir {
    let mut settled = hir.clone();
    let settle = |force: &mut Force| {
        let refused = force.under.iter().any(|under| {
            readings.get(&under.reading).is_some_and(|choice| !under.choices.contains(choice))
        });
        force.under.retain(|under| !readings.contains_key(&under.reading));
        if refused {
            // A suspension of all days: the interval stays what the text says.
            force.suspensions.push(Interval::ALWAYS);
        }
    };
    settled.rules.values_mut().for_each(|rule| settle(&mut rule.force));
    settled.not_modelled.values_mut().for_each(|item| settle(&mut item.force));
    settled
}
