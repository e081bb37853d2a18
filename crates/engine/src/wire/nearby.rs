//! Which facts force an outcome, what stands in the way of another and which changes turn it, as it leaves the
//! process.

use exeat_analyze::{Changed, ChangedTo, Changes, Forced, Turn, Wanted};
use exeat_diagnostics::Diagnostic;
use exeat_eval::describe_value;
use exeat_hir::{DecisionId, DecisionTrace};
use serde::Serialize;

use super::{DigestLines, PluginLine, ReadingLine, digest_lines, reading_line};
use crate::explain::rule_lines;
use crate::{
    Considered, Decided, MOST_CHANGED_FACTS, Nearby, Obstacles, Question, RuleLine, Rulebook,
    Standing,
};

/// The schema of [`ChangesDocument`].
pub const CHANGES_SCHEMA: &str = "exeat.changes/1";

/// Questions beside what a shipment comes to: `exeat.changes/1`.
#[derive(Clone, Debug, Serialize)]
pub struct ChangesDocument {
    /// `exeat.changes/1`.
    pub schema: &'static str,
    /// The day for which it was asked; no change is of the day.
    pub as_of: String,
    /// The readings that bear on the decisions, and what was chosen; no change is of a reading.
    pub readings: Vec<ReadingLine>,
    /// Proposals that decided as if they were in force, by module.
    pub proposals: Vec<String>,
    /// The decisions that were asked about.
    pub decisions: Vec<TurningLine>,
    /// Of which texts the answer was made.
    pub digests: DigestLines,
    /// Of which libraries the answer was made.
    pub plugins: Vec<PluginLine>,
}

/// A decision with what was asked about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TurningLine {
    /// Its full name.
    pub decision: String,
    /// Its title.
    pub title: Option<String>,
    /// What it comes to.
    pub outcome: String,
    /// Whether it is determined.
    pub standing: Standing,
    /// What the outcome means for the shipment.
    pub effect: Option<&'static str>,
    /// Which facts force that, if it was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<ForcedLine>,
    /// Why it is not another outcome, if it was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why_not: Option<WhyNotLine>,
    /// What turns it, if it was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flip: Option<SearchLine>,
}

/// The facts that force an outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ForcedLine {
    /// Whether the outcome is forced at all; what is open is not.
    pub forced: bool,
    /// The facts: each is needed, and together they force it whatever all others are.
    pub facts: Vec<GivenLine>,
    /// How many other given facts the decision could have rested on.
    pub idle: usize,
}

/// A fact and its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GivenLine {
    /// Its path.
    pub path: String,
    /// Its value, as the language writes it.
    pub value: String,
}

/// Why a decision does not come to an outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WhyNotLine {
    /// The outcome that is wanted.
    pub outcome: String,
    /// It comes to that already.
    pub already: bool,
    /// The rules that would give it, with the conditions that fail.
    pub giving: Vec<Considered>,
    /// How many more would give it and have no force on that day, under these readings or as proposals.
    pub without_force: usize,
    /// Set if it holds where no rule applies: where that is laid down.
    pub otherwise: Option<Vec<String>>,
    /// The rules that stand in its way, with the conditions that make them hold.
    pub in_the_way: Vec<Considered>,
    /// The exceptions to these, with the conditions that fail.
    pub lifting: Vec<Considered>,
    /// The smallest changes of facts that give it.
    pub changes: SearchLine,
}

/// What a search for changes found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SearchLine {
    /// The smallest changes, the nearest first; each was replayed by the reference.
    pub changes: Vec<TurnLine>,
    /// More were found than are listed.
    pub more: bool,
    /// All changes of so many facts were looked at.
    pub searched: Option<usize>,
    /// So many facts were changed at most.
    pub most_facts: usize,
    /// Whether it is proved that no smaller change does it, or else so for all values that were tried.
    pub proved: bool,
    /// The search ended at its budget.
    pub ran_out: bool,
    /// The same in a sentence.
    pub says: String,
}

/// A change and what comes of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TurnLine {
    /// The facts that are changed.
    pub facts: Vec<ChangedLine>,
    /// What the decision comes to then.
    pub outcome: String,
    /// What that means for the shipment.
    pub effect: Option<&'static str>,
    /// The rules that give it.
    pub reasons: Vec<RuleLine>,
}

/// A fact that is changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChangedLine {
    /// Its path.
    pub path: String,
    /// What was given; nothing if it was not known.
    pub from: Option<String>,
    /// What it is changed to.
    pub to: String,
    /// What else it could be changed to with the same outcome, if it is the only fact that is changed; of
    /// numbers no others are listed.
    pub also: Vec<String>,
}

/// What is asked.
#[derive(Clone, Debug, Default)]
pub struct Turning {
    /// Which facts force the outcomes.
    pub why: bool,
    /// Why a decision does not come to an outcome.
    pub why_not: Option<(DecisionId, Wanted)>,
    /// What turns the outcomes.
    pub flip: bool,
    /// The decisions that are meant; none for those that tell most.
    pub decisions: Vec<DecisionId>,
}

impl Rulebook {
    /// Asks beside what a shipment comes to.
    ///
    /// # Errors
    /// If the rules of that day cannot be lowered.
    pub fn changes_document(
        &self,
        question: &Question,
        decided: &Decided,
        asked: &Turning,
    ) -> Result<ChangesDocument, Diagnostic> {
        let hir = self.hir();
        let mut nearby = self.nearby(question)?;
        let mut decisions = asked.decisions.clone();
        if decisions.is_empty() && (asked.why || asked.flip) {
            decisions = match &asked.why_not {
                Some((decision, _)) => vec![*decision],
                None => self.telling_decisions(decided),
            };
        }
        decisions.extend(asked.why_not.iter().map(|(decision, _)| *decision));
        decisions.sort();
        decisions.dedup();
        let traces = decided.traces.iter().filter(|trace| decisions.contains(&trace.decision));
        let lines = traces.filter_map(|trace| self.turning(&mut nearby, question, trace, asked));
        let decisions = lines.collect();
        let module = |id| hir.modules.get(id).map_or_else(String::new, |m| m.name.to_string());
        Ok(ChangesDocument {
            schema: CHANGES_SCHEMA,
            as_of: decided.as_of.to_string(),
            readings: decided.readings.iter().filter_map(|used| reading_line(hir, used)).collect(),
            proposals: decided.proposals.iter().map(|id| module(*id)).collect(),
            decisions,
            digests: digest_lines(&decided.digests),
            plugins: self.plugin_lines(),
        })
    }

    fn turning(
        &self,
        nearby: &mut Nearby<'_>,
        question: &Question,
        trace: &DecisionTrace,
        asked: &Turning,
    ) -> Option<TurningLine> {
        let hir = self.hir();
        let decision = hir.decisions.get(trace.decision)?;
        let meant = asked.decisions.is_empty() || asked.decisions.contains(&trace.decision);
        let why = (asked.why && meant).then(|| {
            let forced = nearby.why(trace.decision);
            self.forced_line(nearby, forced)
        });
        let flip = (asked.flip && meant).then(|| {
            let changes = nearby.changes(trace.decision, &Wanted::Another);
            self.search_line(&changes, "changes the outcome")
        });
        let why_not = match &asked.why_not {
            Some((id, wanted)) if *id == trace.decision => {
                Some(self.why_not(nearby, question, trace, wanted))
            }
            _ => None,
        };
        Some(TurningLine {
            decision: hir.full_name(decision.module, &decision.name),
            title: decision.title.clone(),
            outcome: self.describe_determination(trace),
            standing: Standing::of(&trace.determination),
            effect: trace.effect.map(exeat_model::Effect::name),
            why,
            why_not,
            flip,
        })
    }

    fn why_not(
        &self,
        nearby: &mut Nearby<'_>,
        question: &Question,
        trace: &DecisionTrace,
        wanted: &Wanted,
    ) -> WhyNotLine {
        let ty = self.hir().decisions.get(trace.decision).map(|decision| decision.ty.clone());
        let outcome = match wanted {
            Wanted::Outcome(value) => {
                describe_value(self.hir(), value, &ty.unwrap_or(exeat_hir::Ty::Error))
            }
            Wanted::NotNeeded => "not needed".to_owned(),
            Wanted::Another => "another outcome".to_owned(),
        };
        let Obstacles { giving, without_force, otherwise, in_the_way, lifting } =
            self.obstacles(question, trace, wanted);
        let changes = nearby.changes(trace.decision, wanted);
        let already = changes.found.first().is_some_and(|change| change.facts.is_empty());
        let changes = self.search_line(&changes, &format!("gives {outcome}"));
        WhyNotLine {
            outcome,
            already,
            giving,
            without_force,
            otherwise,
            in_the_way,
            lifting,
            changes,
        }
    }

    fn forced_line(&self, nearby: &Nearby<'_>, forced: Option<Forced>) -> ForcedLine {
        let Some(forced) = forced else {
            return ForcedLine { forced: false, facts: Vec::new(), idle: 0 };
        };
        let mut facts: Vec<GivenLine> = Vec::new();
        for (path, ty, value) in &forced.facts {
            // The figures of an entry of a catalogue are told by its name.
            let entry = path.split_once('.').and_then(|(whole, _)| {
                Some(GivenLine { path: whole.to_owned(), value: nearby.entry_given(whole)? })
            });
            let own =
                || GivenLine { path: path.clone(), value: describe_value(self.hir(), value, ty) };
            let line = entry.unwrap_or_else(own);
            if !facts.contains(&line) {
                facts.push(line);
            }
        }
        ForcedLine { forced: true, facts, idle: forced.idle }
    }

    fn search_line(&self, found: &Changes, does: &str) -> SearchLine {
        SearchLine {
            changes: found.found.iter().map(|change| self.turn_line(change)).collect(),
            more: found.more,
            searched: found.searched,
            most_facts: MOST_CHANGED_FACTS,
            proved: found.proved,
            ran_out: found.ran_out,
            says: says(found, does),
        }
    }

    fn turn_line(&self, change: &Turn) -> TurnLine {
        TurnLine {
            facts: change.facts.iter().map(|fact| self.changed_line(fact)).collect(),
            outcome: self.describe_determination(&change.trace),
            effect: change.trace.effect.map(exeat_model::Effect::name),
            reasons: rule_lines(self.hir(), &change.trace.because),
        }
    }

    fn changed_line(&self, changed: &Changed) -> ChangedLine {
        let path = changed.path.clone();
        match &changed.to {
            ChangedTo::Value { ty, from, to, also } => {
                let shown = |value| describe_value(self.hir(), value, ty);
                let from = from.as_ref().map(shown);
                ChangedLine { path, from, to: shown(to), also: also.iter().map(shown).collect() }
            }
            ChangedTo::Entry { from, to, also } => {
                ChangedLine { path, from: from.clone(), to: to.clone(), also: also.clone() }
            }
        }
    }
}

/// How sure it is that there is no smaller change, or none at all.
fn says(found: &Changes, does: &str) -> String {
    let facts = |count: usize| match count {
        1 => "one fact".to_owned(),
        2 => "two facts".to_owned(),
        3 => "three facts".to_owned(),
        many => format!("{many} facts"),
    };
    let sure = |proved: bool| if proved { "; that is proved" } else { ", of all values tried" };
    let size = found.found.first().map(|change| change.facts.len());
    match (size, found.searched) {
        (Some(0), _) => "It does so already.".to_owned(),
        (Some(1), _) if found.ran_out => {
            "One fact is enough; not all that do it were looked for.".to_owned()
        }
        (Some(1), _) => "One fact is enough.".to_owned(),
        (Some(size), _) => {
            let fewer = facts(size.saturating_sub(1));
            let up_to = if size > 2 { "up to " } else { "" };
            format!("No change of {up_to}{fewer} {does}{}.", sure(found.proved))
        }
        (None, Some(searched)) if !found.ran_out => {
            let up_to = if searched > 1 { "up to " } else { "" };
            format!("No change of {up_to}{} {does}{}.", facts(searched), sure(found.proved))
        }
        (None, searched) => {
            let done = match searched {
                Some(count) if count > 0 => {
                    let up_to = if count > 1 { "up to " } else { "" };
                    format!(
                        "no change of {up_to}{} does; larger ones were not all tried",
                        facts(count)
                    )
                }
                _ => "not even all changes of one fact were tried".to_owned(),
            };
            format!(
                "Not decided within {} runs of the rules which change {does}: {done}.",
                crate::MOST_RUNS
            )
        }
    }
}
