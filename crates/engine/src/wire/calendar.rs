//! A calendar as it leaves the process.

use exeat_diagnostics::Span;
use exeat_eval::describe_value;
use exeat_hir::{Determination, NotModelledId, ReadingId, RuleKind};
use serde::Serialize;

use super::{DigestLines, PluginLine, ReadingLine, digest_lines, reading_line};
use crate::explain::{rule_line, rule_lines};
use crate::{
    Calendar, CalendarQuestion, Cause, CauseKind, CauseOf, Change, DecisionCalendar, ReadingUsed,
    RuleLine, Rulebook, Standing, Stretch, Through,
};

/// The schema of [`CalendarDocument`].
pub const CALENDAR_SCHEMA: &str = "exeat.calendar/1";

/// The days on which the answers for one shipment change: `exeat.calendar/1`.
#[derive(Clone, Debug, Serialize)]
pub struct CalendarDocument {
    /// `exeat.calendar/1`.
    pub schema: &'static str,
    /// The first day, as `2025-05-15`.
    pub from: String,
    /// The last day.
    pub through: String,
    /// Whether the first answers hold for all earlier days too.
    pub steady_before: bool,
    /// Whether the last answers hold for all later days too.
    pub steady_after: bool,
    /// The readings that bear on the answers, and those that were chosen.
    pub readings: Vec<ReadingLine>,
    /// Proposals that decided as if they were in force, by module.
    pub proposals: Vec<String>,
    /// How many days were decided; the others follow from them.
    pub days_decided: usize,
    /// Conditions on the date itself, as they stand in the rules, that were tried on each day.
    pub tried_each_day: Vec<String>,
    /// Conditions on the date and a decision for which each day was decided.
    pub decided_each_day: Vec<String>,
    /// The decisions, each after those that it reads.
    pub decisions: Vec<CalendarDecision>,
    /// Of which texts the answers were made.
    pub digests: DigestLines,
    /// Of which libraries the answers were made.
    pub plugins: Vec<PluginLine>,
}

/// The answers to one decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CalendarDecision {
    /// Its full name.
    pub decision: String,
    /// Its title.
    pub title: Option<String>,
    /// Stretches of days with the same outcome for the same reasons, without a gap between them.
    pub stretches: Vec<CalendarStretch>,
}

/// Days with the same outcome for the same reasons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CalendarStretch {
    /// The first day.
    pub from: String,
    /// The last day.
    pub through: String,
    /// Whether it is determined.
    pub standing: Standing,
    /// What it comes to in a few words, as `license_exception (LPP)` or `undetermined (not modelled)`.
    pub outcome: String,
    /// What the outcome means for the shipment, if its scale says so.
    pub effect: Option<&'static str>,
    /// The rules that determine it.
    pub reasons: Vec<RuleLine>,
    /// Set if no rule applies: where the outcome of that case is laid down.
    pub otherwise: Option<Vec<String>>,
    /// What it could still be.
    pub possible: Vec<String>,
    /// The paths of the facts that could settle it, the most decisive first.
    pub missing: Vec<String>,
    /// Rules that hold and disagree.
    pub conflict: Vec<RuleLine>,
    /// What it touches, or may touch, that is not modelled.
    pub not_modelled: Vec<RuleLine>,
    /// Errors that leave it open, in plain words.
    pub errors: Vec<String>,
    /// How it came from the stretch before; nothing for the first.
    pub change: Option<CalendarChange>,
}

/// How an answer came from the one before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CalendarChange {
    /// The outcome before.
    pub before: String,
    /// Whether the outcome stays and only the reasons differ.
    pub same_outcome: bool,
    /// What brought it about.
    pub causes: Vec<CauseLine>,
}

/// Something that brought a change about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CauseLine {
    /// `rule`, `exception`, `not_modelled` or `decision`.
    pub of: &'static str,
    /// `came_into_force`, `revived`, `ended`, `suspended`, `applies`, `does_not_apply`, `opened` or
    /// `other_value`.
    pub kind: &'static str,
    /// What it is, by its name, title and citations.
    #[serde(flatten)]
    pub item: RuleLine,
    /// What changed beneath it.
    pub through: Vec<ThroughLine>,
}

/// Something that changed and made a condition or value turn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ThroughLine {
    /// `member_joined`, `member_left`, `group`, `define`, `table`, `code_list`, `date` or `decision`.
    pub kind: &'static str,
    /// Its name; of a condition on the date its text.
    pub name: String,
    /// Its title.
    pub title: Option<String>,
    /// The member that joined or left a group.
    pub member: Option<String>,
    /// Where the change is laid down.
    pub cites: Vec<String>,
}

impl Rulebook {
    /// A calendar as it leaves the process. The question has to be the one that was asked.
    pub fn calendar_document(
        &self,
        question: &CalendarQuestion,
        calendar: &Calendar,
    ) -> CalendarDocument {
        let hir = self.hir();
        let module = |id| hir.modules.get(id).map_or_else(String::new, |m| m.name.to_string());
        let bears =
            |id: &ReadingId| calendar.readings.contains(id) || question.readings.contains_key(id);
        let shown = hir.readings.iter().filter(|(id, _)| bears(id));
        let readings = shown.filter_map(|(reading, found)| {
            let asked = question.readings.get(&reading).copied();
            let choice = asked.or(found.default);
            reading_line(hir, &ReadingUsed { reading, choice, default: asked.is_none() })
        });
        let texts = |spans: &[Span]| spans.iter().map(|span| self.one_line(*span)).collect();
        CalendarDocument {
            schema: CALENDAR_SCHEMA,
            from: calendar.from.to_string(),
            through: calendar.through.to_string(),
            steady_before: calendar.steady_before,
            steady_after: calendar.steady_after,
            readings: readings.collect(),
            proposals: question.proposals.iter().map(|id| module(*id)).collect(),
            days_decided: calendar.days_decided,
            tried_each_day: texts(&calendar.tried_each_day),
            decided_each_day: texts(&calendar.decided_each_day),
            decisions: calendar
                .decisions
                .iter()
                .filter_map(|decision| self.calendar_decision(decision))
                .collect(),
            digests: digest_lines(self.digests()),
            plugins: self.plugin_lines(),
        }
    }

    fn calendar_decision(&self, calendar: &DecisionCalendar) -> Option<CalendarDecision> {
        let decision = self.hir().decisions.get(calendar.decision)?;
        Some(CalendarDecision {
            decision: self.hir().full_name(decision.module, &decision.name),
            title: decision.title.clone(),
            stretches: calendar
                .stretches
                .iter()
                .filter_map(|stretch| self.calendar_stretch(stretch))
                .collect(),
        })
    }

    fn calendar_stretch(&self, stretch: &Stretch) -> Option<CalendarStretch> {
        let hir = self.hir();
        let trace = &stretch.trace;
        let decision = hir.decisions.get(trace.decision)?;
        let why = match &trace.determination {
            Determination::Undetermined(why) => Some(why),
            Determination::Value(_) | Determination::NotNeeded => None,
        };
        let missing = why.map_or(&[][..], |why| &why.missing).iter();
        let gaps = why.map_or(&[][..], |why| &why.not_modelled).iter();
        Some(CalendarStretch {
            from: stretch.from.to_string(),
            through: stretch.through.to_string(),
            standing: Standing::of(&trace.determination),
            outcome: self.describe_determination(trace),
            effect: trace.effect.map(exeat_model::Effect::name),
            reasons: rule_lines(hir, &trace.because),
            otherwise: trace.otherwise.then(|| decision.otherwise_cites.clone()),
            possible: self.describe_possible(trace),
            missing: missing.map(|fact| fact.path.clone()).collect(),
            conflict: rule_lines(hir, why.map_or(&[][..], |why| &why.conflict)),
            not_modelled: gaps.filter_map(|gap| self.gap_line(gap.item)).collect(),
            errors: why.map_or_else(Vec::new, |why| why.errors.clone()),
            change: stretch.change.as_ref().map(|change| self.calendar_change(change)),
        })
    }

    fn calendar_change(&self, change: &Change) -> CalendarChange {
        CalendarChange {
            before: self.describe_determination(&change.before),
            same_outcome: change.same_outcome,
            causes: change.causes.iter().filter_map(|cause| self.cause_line(cause)).collect(),
        }
    }

    fn cause_line(&self, cause: &Cause) -> Option<CauseLine> {
        let hir = self.hir();
        let (of, item) = match cause.of {
            CauseOf::Rule(id) => {
                let word = match hir.rules.get(id)?.kind {
                    RuleKind::Rule => "rule",
                    RuleKind::Exception => "exception",
                };
                (word, rule_line(hir, id)?)
            }
            CauseOf::NotModelled(id) => ("not_modelled", self.gap_line(id)?),
            CauseOf::Decision(id) => {
                let item = hir.decisions.get(id)?;
                let line = RuleLine {
                    rule: hir.full_name(item.module, &item.name),
                    title: item.title.clone(),
                    cites: Vec::new(),
                };
                ("decision", line)
            }
        };
        let through = cause.through.iter().filter_map(|one| self.through_line(one)).collect();
        Some(CauseLine { of, kind: kind_word(cause.kind), item, through })
    }

    fn gap_line(&self, id: NotModelledId) -> Option<RuleLine> {
        let item = self.hir().not_modelled.get(id)?;
        Some(RuleLine {
            rule: self.hir().full_name(item.module, &item.name),
            title: item.title.clone(),
            cites: item.cites.clone(),
        })
    }

    fn through_line(&self, through: &Through) -> Option<ThroughLine> {
        let hir = self.hir();
        let line = |kind, name: String, title: Option<String>, cites: &[String]| ThroughLine {
            kind,
            name,
            title,
            member: None,
            cites: cites.to_vec(),
        };
        Some(match through {
            Through::Joined(id, value, cites) | Through::Left(id, value, cites) => {
                let group = hir.groups.get(*id)?;
                let joined = matches!(through, Through::Joined(..));
                let cites = if cites.is_empty() { &group.cites } else { cites };
                let kind = if joined { "member_joined" } else { "member_left" };
                let name = group.name.to_string();
                let member = Some(describe_value(hir, value, &group.element));
                ThroughLine { member, ..line(kind, name, group.title.clone(), cites) }
            }
            Through::Group(id) => {
                let group = hir.groups.get(*id)?;
                line("group", group.name.to_string(), group.title.clone(), &group.cites)
            }
            Through::Define(id, cites) => {
                let define = hir.defines.get(*id)?;
                let name = hir.full_name(define.module, &define.name);
                line("define", name, define.title.clone(), cites)
            }
            Through::Table(id, cites) => {
                let table = hir.tables.get(*id)?;
                let name = hir.full_name(table.module, &table.name);
                line("table", name, table.title.clone(), cites)
            }
            Through::CodeList(id) => {
                let list = hir.code_lists.get(*id)?;
                line("code_list", list.name.to_string(), list.title.clone(), &[])
            }
            Through::Date(span) => line("date", self.one_line(*span), None, &[]),
            Through::Decision(id) => {
                let decision = hir.decisions.get(*id)?;
                let name = hir.full_name(decision.module, &decision.name);
                line("decision", name, decision.title.clone(), &[])
            }
        })
    }
}

fn kind_word(kind: CauseKind) -> &'static str {
    match kind {
        CauseKind::CameIntoForce => "came_into_force",
        CauseKind::Revived => "revived",
        CauseKind::Ended => "ended",
        CauseKind::Suspended => "suspended",
        CauseKind::Applies => "applies",
        CauseKind::DoesNotApply => "does_not_apply",
        CauseKind::Opened => "opened",
        CauseKind::OtherValue => "other_value",
    }
}
