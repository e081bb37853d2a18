//! Days between two rules on which neither is in force: the first ends before the second begins, and for
//! the same facts nobody speaks in between.

use std::collections::BTreeSet;

use exeat_eval::with_those_read;
use exeat_hir::{DecisionId, Determination, Functions, Hir, Rule, RuleId, RuleStatus};
use exeat_model::{Date, Interval, Value};
use exeat_program::Program;

use super::asking::{Asked, status};
use super::{Example, Finding, FindingKind, Options, Subject};
use crate::budget::TooLarge;
use crate::diagrams::Diagrams;
use crate::search::{Found, Gave, Search};
use crate::shrink::Shrinking;
use crate::space::{Side, Space, VariableKind};
use crate::witness::Witness;

/// Rules that follow each other may miss each other by so many days; what is further apart is meant so.
const NEAR_DAYS: i32 = 366;

/// Two rules with the days between them.
struct Succession {
    decision: DecisionId,
    before: RuleId,
    after: RuleId,
    hole: Interval,
}

impl Asked<'_> {
    pub(super) fn ask_dates(
        &mut self,
        program: &Program,
        functions: &dyn Functions,
        options: &Options,
    ) {
        for succession in successions(program.hir(), &options.over) {
            let rules = vec![succession.before, succession.after];
            let (kind, subject) = (FindingKind::DateHole, Subject::Rules(rules));
            let decision = Some(succession.decision);
            match ask(program, functions, options, &succession) {
                Ok(Some((region, example))) => {
                    let key = (kind, subject.clone(), decision);
                    let days = vec![succession.hole];
                    let example = Some(example);
                    let accepted = None;
                    let finding =
                        Finding { kind, subject, decision, region, days, example, accepted };
                    self.findings.insert(key, finding);
                }
                Ok(None) => {}
                Err(gave) => self.undecided(kind, subject, decision, &[succession.hole], gave),
            }
        }
    }
}

/// The ends of what has force: where it ends, and where it begins.
fn ends(rule: &Rule) -> (Vec<Date>, Vec<Date>) {
    let force = &rule.force;
    let ends = force.interval.until.into_iter();
    let begins = force.interval.from.into_iter();
    (
        ends.chain(force.suspensions.iter().filter_map(|one| one.from)).collect(),
        begins.chain(force.suspensions.iter().filter_map(|one| one.until)).collect(),
    )
}

/// Rules for one decision of which one ends a little before the other begins, both saying the same.
fn successions(hir: &Hir, over: &Interval) -> Vec<Succession> {
    let mut found = Vec::new();
    for (before, first) in hir.rules.iter() {
        for (after, second) in hir.rules.iter() {
            let same = first.conclusions.iter().find(|one| {
                let other = second.conclusions.iter().find(|two| two.decision == one.decision);
                other.is_some_and(|two| two.value.kind == one.value.kind)
            });
            let Some(conclusion) = same.filter(|_| before != after) else { continue };
            for from in ends(first).0 {
                for until in ends(second).1 {
                    let hole = Interval { from: Some(from), until: Some(until) };
                    let short = until
                        .since(from)
                        .is_ok_and(|span| (1..=NEAR_DAYS).contains(&span.get_days()));
                    let decision = conclusion.decision;
                    let days = [from.yesterday().ok(), Some(until)];
                    let inside = days.iter().all(|day| day.is_some_and(|day| over.contains(day)));
                    if short && inside {
                        found.push(Succession { decision, before, after, hole });
                    }
                }
            }
        }
    }
    found
}

/// A transaction for which the first rule holds before, nobody speaks in between, and the second holds after.
fn ask(
    program: &Program,
    functions: &dyn Functions,
    options: &Options,
    succession: &Succession,
) -> Result<Option<(Vec<String>, Example)>, Gave> {
    let (Some(from), Some(until)) = (succession.hole.from, succession.hole.until) else {
        return Ok(None);
    };
    let Ok(last) = from.yesterday() else { return Ok(None) };
    let mut sides = Vec::new();
    for (calendar, day) in [last, from, until].into_iter().enumerate() {
        let one_day = Interval { from: Some(day), until: day.tomorrow().ok() };
        // What cannot be lowered was refused before.
        let Ok(mut side) = Side::over(program, functions, &one_day) else { return Ok(None) };
        let Some(mut side) = side.pop() else { return Ok(None) };
        side.calendar = calendar;
        side.proposals.clone_from(&options.proposals);
        side.narrow(&BTreeSet::from([succession.decision]), &BTreeSet::new());
        sides.push(side);
    }
    let mut space = Space::new(sides, options.budget).map_err(Gave::TooLarge)?;
    let region = region(&mut space, succession).map_err(Gave::TooLarge)?;
    let [before, between, after] = space.sides.as_slice() else { return Ok(None) };
    let about = with_those_read(program.hir(), [succession.decision]);
    let confirm = &mut |witness: &Witness| {
        let silent = witness.decide_these(between, &about).iter().any(|trace| {
            trace.decision == succession.decision
                && match &trace.determination {
                    Determination::Value(Value::Set(elements)) => elements.is_empty(),
                    _ => trace.otherwise,
                }
        });
        let holds = |side: &Side<'_>, rule: RuleId| {
            status(&witness.decide_these(side, &about), rule) == Some(&RuleStatus::Holds)
        };
        silent && holds(before, succession.before) && holds(after, succession.after)
    };
    let search = Search::new(&space);
    match search.find(&region, space.everything(), &[1, 0, 2], confirm) {
        Found::Witness(witness, case) => {
            let path = |at: &usize| match &space.variables.get(*at)?.kind {
                VariableKind::Fact(path) => Some(path.clone()),
                _ => None,
            };
            let asked = case.cells.keys().filter_map(path).collect();
            let sides = space.sides.iter().collect();
            let shrinking = Shrinking { sides, about: &about, asked: &asked, confirm };
            let small = shrinking.shrink(*witness);
            Ok(Some((space.describe(1, &case), Example::new(between, &small, &about))))
        }
        Found::Nothing => Ok(None),
        Found::NotDecided(gave) => Err(gave),
    }
}

fn region(
    space: &mut Space<'_>,
    succession: &Succession,
) -> Result<crate::region::Region, TooLarge> {
    let before = Diagrams::build(space, 0)?;
    let between = Diagrams::build(space, 1)?;
    let after = Diagrams::build(space, 2)?;
    let holds = |diagrams: &Diagrams, rule: RuleId| {
        let decision = diagrams.decision(succession.decision);
        let rule = decision.and_then(|decision| decision.rule(rule));
        rule.map_or_else(|| space.nothing(), |rule| rule.holds.clone())
    };
    let mut region = holds(&before, succession.before).and(&holds(&after, succession.after))?;
    for side in 0..3 {
        region = region.and(space.world(side))?;
    }
    let lowered = space.sides.get(1).and_then(|side| {
        side.epoch.decisions.iter().find(|lowered| lowered.id == succession.decision)
    });
    if let (Some(decision), Some(lowered)) = (between.decision(succession.decision), lowered) {
        region = region.and(&decision.needed)?.without(&decision.touched)?;
        for (lowered, rule) in lowered.rules.iter().zip(&decision.rules) {
            if lowered.value != exeat_program::RuleValue::Nothing {
                region = region.without(&rule.holds)?;
            }
        }
    }
    Ok(region)
}
