use std::collections::{BTreeMap, BTreeSet};

use exeat_eval::{Request, describe_possible, describe_value};
use exeat_hir::{
    Deadline, Decision, DecisionId, DecisionTrace, Determination, Duty, Hir, MissingFact,
    NotModelledId, RuleId, RuleKind, RuleStatus, RuleTrace, Ty, Undetermined,
};
use exeat_model::{Truth, Value};

use super::condition::Teller;
use super::figures::figures;
use super::{
    Considered, DecisionReport, DutyLine, MissingLine, OutcomeLine, RuleLine, RuleTree, Standing,
};
use crate::types::type_words;
use crate::{Decided, Question, Rulebook};

impl Rulebook {
    /// Why each decision came out as it did. The question has to be the one that was decided; with
    /// `tree` every rule comes with its whole condition.
    pub fn explain(
        &self,
        question: &Question,
        decided: &Decided,
        tree: bool,
    ) -> Vec<DecisionReport> {
        let teller = Teller::new(self.hir(), &self.sources);
        let request = Request {
            as_of: question.as_of,
            readings: &question.readings,
            proposals: &question.proposals,
            facts: &question.facts,
        };
        decided
            .traces
            .iter()
            .filter_map(|trace| {
                let decision = self.hir().decisions.get(trace.decision)?;
                let mut report = report(&teller, trace, decision);
                report.figures = figures(self, &request, trace);
                if tree {
                    report.tree =
                        trace.rules.iter().filter_map(|rule| rule_tree(&teller, rule)).collect();
                }
                Some(report)
            })
            .collect()
    }

    /// The outcome of a decision in a few words: `license_exception (LPP)`, `not needed`,
    /// `undetermined (missing facts)`.
    pub fn describe_determination(&self, trace: &DecisionTrace) -> String {
        let ty = self.hir().decisions.get(trace.decision).map(outcome_type);
        match &trace.determination {
            Determination::Value(value) => {
                describe_value(self.hir(), value, &ty.unwrap_or(Ty::Error))
            }
            Determination::NotNeeded => "not needed".to_owned(),
            Determination::Undetermined(why) => {
                format!("undetermined ({})", causes(why).join(", "))
            }
        }
    }

    /// The same, and for what is undetermined also what it could still be.
    pub fn describe_with_possible(&self, trace: &DecisionTrace) -> String {
        let short = self.describe_determination(trace);
        let possible = self.describe_possible(trace);
        if possible.is_empty() { short } else { format!("{short}: {}", possible.join(" or ")) }
    }

    /// All that an undetermined decision could still be.
    pub(crate) fn describe_possible(&self, trace: &DecisionTrace) -> Vec<String> {
        let Determination::Undetermined(why) = &trace.determination else { return Vec::new() };
        let decision = self.hir().decisions.get(trace.decision);
        let ty = decision.map_or(Ty::Error, outcome_type);
        why.possible.iter().map(|one| describe_possible(self.hir(), one, &ty)).collect()
    }
}

/// Says of the rules of a decision how they fared.
pub(crate) struct Considerer<'a> {
    teller: Teller<'a>,
    trace: &'a DecisionTrace,
    ty: Ty,
    bearing: BTreeSet<RuleId>,
}

impl<'a> Considerer<'a> {
    pub(crate) fn new(rules: &'a Rulebook, trace: &'a DecisionTrace) -> Self {
        let hir = rules.hir();
        let ty = hir.decisions.get(trace.decision).map_or(Ty::Error, outcome_type);
        let teller = Teller::new(hir, &rules.sources);
        Self { teller, trace, ty, bearing: bearing(hir, trace) }
    }

    /// How a rule fared, with the conditions that make it so; those of one that holds or is defeated too.
    pub(crate) fn consider(&self, rule: &RuleTrace) -> Option<Considered> {
        debug_assert!(self.trace.rules.contains(rule), "a rule of another decision");
        let bears = self.bearing.contains(&rule.rule);
        let mut found = consider(&self.teller, rule, &self.ty, bears)?;
        if let (true, Some(condition)) = (found.why.is_empty(), &rule.condition) {
            found.why = self.teller.telling(condition);
        }
        Some(found)
    }
}

impl Standing {
    /// Whether that is determined.
    pub(crate) fn of(determination: &Determination) -> Self {
        match determination {
            Determination::Value(_) => Self::Determined,
            Determination::NotNeeded => Self::NotNeeded,
            Determination::Undetermined(_) => Self::Undetermined,
        }
    }
}

/// The type of the outcome: a set for `collect`.
fn outcome_type(decision: &Decision) -> Ty {
    match decision.combine {
        exeat_hir::Combine::Collect => Ty::Set(Box::new(decision.ty.clone())),
        _ => decision.ty.clone(),
    }
}

fn report(teller: &Teller<'_>, trace: &DecisionTrace, decision: &Decision) -> DecisionReport {
    let hir = teller.hir;
    let none = Undetermined {
        missing: Vec::new(),
        conflict: Vec::new(),
        not_modelled: Vec::new(),
        errors: Vec::new(),
        possible: Vec::new(),
    };
    let standing = Standing::of(&trace.determination);
    let why = match &trace.determination {
        Determination::Undetermined(why) => why,
        Determination::Value(_) | Determination::NotNeeded => &none,
    };
    let ty = outcome_type(decision);
    let considered = trace.rules.iter().filter(|rule| !trace.because.contains(&rule.rule));
    let bearing = bearing(hir, trace);
    DecisionReport {
        decision: hir.full_name(decision.module, &decision.name),
        title: decision.title.clone(),
        standing,
        outcome: match &trace.determination {
            Determination::Value(value) => Some(outcome(hir, value, decision)),
            Determination::NotNeeded | Determination::Undetermined(_) => None,
        },
        effect: trace.effect.map(|effect| effect.name().to_owned()),
        undetermined_because: if standing == Standing::Undetermined {
            causes(why).into_iter().map(str::to_owned).collect()
        } else {
            Vec::new()
        },
        reasons: trace.because.iter().filter_map(|rule| rule_line(hir, *rule)).collect(),
        otherwise: trace.otherwise.then(|| decision.otherwise_cites.clone()),
        considered: considered
            .filter_map(|rule| consider(teller, rule, &ty, bearing.contains(&rule.rule)))
            .collect(),
        missing: why.missing.iter().map(|fact| missing_line(hir, fact)).collect(),
        possible: why.possible.iter().map(|one| describe_possible(hir, one, &ty)).collect(),
        conflict: why.conflict.iter().filter_map(|rule| rule_line(hir, *rule)).collect(),
        not_modelled: gaps(teller, trace, why),
        errors: why.errors.clone(),
        duties: trace.duties.iter().map(|duty| duty_line(teller, duty)).collect(),
        figures: Vec::new(),
        tree: Vec::new(),
    }
}

/// A fact to ask for.
pub(crate) fn missing_line(hir: &Hir, fact: &MissingFact) -> MissingLine {
    MissingLine {
        path: fact.path.clone(),
        ask: fact.ask.clone(),
        ty: type_words(hir, &fact.ty),
        weight: fact.weight,
    }
}

/// Why it is undetermined, in the words of the language.
fn causes(why: &Undetermined) -> Vec<&'static str> {
    let mut causes = Vec::new();
    if !why.missing.is_empty() {
        causes.push("missing facts");
    }
    if !why.conflict.is_empty() {
        causes.push("conflict");
    }
    if !why.not_modelled.is_empty() {
        causes.push("not modelled");
    }
    if !why.errors.is_empty() || causes.is_empty() {
        causes.push("error");
    }
    causes
}

fn outcome(hir: &Hir, value: &Value, decision: &Decision) -> OutcomeLine {
    let text = describe_value(hir, value, &outcome_type(decision));
    let Value::Outcome(found) = value else {
        return OutcomeLine { name: text.clone(), text, title: None, labels: Vec::new() };
    };
    let title = match &decision.ty {
        Ty::Outcome(scale) => hir
            .scales
            .get(*scale)
            .and_then(|scale| scale.outcomes.get(usize::try_from(found.rank).ok()?))
            .and_then(|place| place.title.clone()),
        _ => None,
    };
    let labels = found.labels.iter().map(ToString::to_string).collect();
    OutcomeLine { text, name: found.name.to_string(), title, labels }
}

/// Rules by their names, titles and citations.
pub(crate) fn rule_lines(hir: &Hir, rules: &[RuleId]) -> Vec<RuleLine> {
    rules.iter().filter_map(|rule| rule_line(hir, *rule)).collect()
}

/// A rule by its name, title and citations.
pub(crate) fn rule_line(hir: &Hir, rule: RuleId) -> Option<RuleLine> {
    let rule = hir.rules.get(rule)?;
    Some(RuleLine {
        rule: hir.full_name(rule.module, &rule.name),
        title: rule.title.clone(),
        cites: rule.cites.clone(),
    })
}

/// The rules that bear on the outcome. What the calendar, a reading or the status of a proposal shuts
/// out does not, and neither does an exception that has nothing to except.
fn bearing(hir: &Hir, trace: &DecisionTrace) -> BTreeSet<RuleId> {
    let shut_out = |status: &RuleStatus| {
        matches!(
            status,
            RuleStatus::NothingToExcept
                | RuleStatus::NotInForce
                | RuleStatus::OtherReading
                | RuleStatus::Proposal
        )
    };
    let undetermined = matches!(trace.determination, Determination::Undetermined(_));
    let mut found: BTreeSet<RuleId> = trace.because.iter().copied().collect();
    let mut waiting: Vec<&RuleTrace> =
        trace.rules.iter().filter(|rule| !shut_out(&rule.status)).collect();
    loop {
        let before = found.len();
        waiting.retain(|rule| {
            let always =
                undetermined || matches!(rule.status, RuleStatus::Holds | RuleStatus::Open);
            let excepts = hir.rules.get(rule.rule).is_some_and(|known| {
                known.exception_to.iter().any(|target| found.contains(target))
            });
            if always || excepts {
                found.insert(rule.rule);
            }
            !(always || excepts)
        });
        if found.len() == before {
            return found;
        }
    }
}

fn consider(teller: &Teller<'_>, trace: &RuleTrace, ty: &Ty, bears: bool) -> Option<Considered> {
    let hir = teller.hir;
    let defeated_by = match &trace.status {
        RuleStatus::DefeatedBy(rules) => rules.as_slice(),
        _ => &[],
    };
    let element = match ty {
        Ty::Set(element) => element.as_ref(),
        other => other,
    };
    let kind = match hir.rules.get(trace.rule)?.kind {
        RuleKind::Rule => "rule",
        RuleKind::Exception => "exception",
    };
    Some(Considered {
        rule: rule_line(hir, trace.rule)?,
        kind,
        status: status_word(&trace.status),
        exception_to: names(hir, &hir.rules.get(trace.rule)?.exception_to),
        bears,
        defeated_by: names(hir, defeated_by),
        through: Vec::new(),
        value: trace.value.as_ref().map(|value| describe_value(hir, value, element)),
        why: match (&trace.status, &trace.condition) {
            (RuleStatus::ConditionFalse | RuleStatus::Open, Some(condition))
                if condition.truth != Truth::True =>
            {
                teller.telling(condition)
            }
            _ => Vec::new(),
        },
    })
}

fn names(hir: &Hir, rules: &[RuleId]) -> Vec<String> {
    let lines = rules.iter().filter_map(|rule| rule_line(hir, *rule));
    lines.map(|line| line.rule).collect()
}

fn status_word(status: &RuleStatus) -> &'static str {
    match status {
        RuleStatus::Holds => "holds",
        RuleStatus::DefeatedBy(_) => "defeated",
        RuleStatus::ConditionFalse => "condition_false",
        RuleStatus::NothingToExcept => "nothing_to_except",
        RuleStatus::NotInForce => "not_in_force",
        RuleStatus::OtherReading => "other_reading",
        RuleStatus::Proposal => "proposal",
        RuleStatus::Open => "open",
    }
}

/// What is not modelled: all that has force, whether touched or not.
/// And what leaves open a decision that this one reads.
fn gaps(teller: &Teller<'_>, trace: &DecisionTrace, why: &Undetermined) -> Vec<Considered> {
    let hir = teller.hir;
    let own: BTreeMap<_, _> = trace.gaps.iter().map(|(id, trace)| (*id, trace)).collect();
    let read = why.not_modelled.iter().filter(|gap| !own.contains_key(&gap.item));
    let decision = |id: &DecisionId| {
        let decision = hir.decisions.get(*id)?;
        Some(hir.full_name(decision.module, &decision.name))
    };
    let considered = |id: NotModelledId, touched: Truth| {
        Some(Considered {
            rule: gap_line(hir, id)?,
            kind: "not_modelled",
            status: match touched {
                Truth::True => "touched",
                Truth::Unknown => "may_be_touched",
                Truth::False => "not_touched",
            },
            exception_to: Vec::new(),
            bears: touched != Truth::False,
            defeated_by: Vec::new(),
            through: Vec::new(),
            value: None,
            why: Vec::new(),
        })
    };
    let own = own.iter().filter_map(|(id, condition)| {
        let conditional = hir.not_modelled.get(*id)?.when.is_some();
        let why = if conditional { teller.telling(condition) } else { Vec::new() };
        Some(Considered { why, ..considered(*id, condition.truth)? })
    });
    let read = read.filter_map(|gap| {
        let affects = &hir.not_modelled.get(gap.item)?.affects;
        let through = affects.iter().filter_map(decision).collect();
        Some(Considered { through, ..considered(gap.item, gap.touched)? })
    });
    own.chain(read).collect()
}

/// What is not modelled by its name, title and citations.
pub(super) fn gap_line(hir: &Hir, id: NotModelledId) -> Option<RuleLine> {
    let item = hir.not_modelled.get(id)?;
    Some(RuleLine {
        rule: hir.full_name(item.module, &item.name),
        title: item.title.clone(),
        cites: item.cites.clone(),
    })
}

fn duty_line(teller: &Teller<'_>, duty: &Duty) -> DutyLine {
    let mut line = DutyLine {
        text: duty.text.clone(),
        within: None,
        of: None,
        at_least: None,
        before: None,
        each_year_on: Vec::new(),
        cites: duty.cites.clone(),
    };
    match &duty.deadline {
        None => {}
        Some(Deadline::Within { time, of }) => {
            line.within = Some(teller.text(time.span));
            line.of.clone_from(of);
        }
        Some(Deadline::Before { time, event }) => {
            line.at_least = Some(teller.text(time.span));
            line.before = Some(event.clone());
        }
        Some(Deadline::EachYear(days)) => {
            line.each_year_on =
                days.iter().map(|(month, day)| format!("{month:02}-{day:02}")).collect();
        }
    }
    line
}

fn rule_tree(teller: &Teller<'_>, trace: &RuleTrace) -> Option<RuleTree> {
    Some(RuleTree {
        rule: rule_line(teller.hir, trace.rule)?,
        status: status_word(&trace.status),
        condition: trace.condition.as_ref().map(|condition| teller.tree(condition)),
    })
}
