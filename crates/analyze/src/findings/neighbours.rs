//! Bands of one quantity that should meet and do not: values between them for which nobody speaks, or
//! values for which both speak and say different things.
//!
//! A rule that ends at a point and one that begins there, or a little beyond or before it, for the same other
//! facts, are meant to be neighbours. How little is laid down in [`is_near`].

use std::collections::{BTreeMap, BTreeSet};

use exeat_hir::{Combine, DecisionId, DecisionTrace, Determination, RuleStatus};
use exeat_model::{Number, Value};
use exeat_program::{CellSet, Cells, Formula, LoweredDecision, Question, RuleValue};

use super::asking::{Asking, status};
use super::{FindingKind, Subject};
use crate::budget::TooLarge;
use crate::diagrams::DecisionDiagrams;
use crate::region::Region;
use crate::search::Gave;
use crate::space::VariableKind;
use crate::witness::Witness;

/// Neighbours may miss each other by this part of the larger end.
const NEAR: i128 = 8;
/// Neighbours in time may miss each other by so many days.
const NEAR_DAYS: i32 = 31;

/// An end of a band that a rule asks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct End {
    variable: usize,
    /// The first or last cell of the band.
    cell: u16,
    point: Value,
}

/// The ends of the bands of a rule: where they begin, and where they end.
#[derive(Default)]
struct Ends {
    low: BTreeSet<End>,
    high: BTreeSet<End>,
}

/// Where a rule holds, by its place, for some value of a variable.
type Elsewhere = BTreeMap<(usize, usize), Region>;

impl Asking<'_, '_, '_, '_> {
    pub(super) fn ask_neighbours(&mut self, decision: &DecisionDiagrams) {
        let Some(lowered) =
            self.side.epoch.decisions.iter().find(|lowered| lowered.id == decision.id)
        else {
            return;
        };
        let ends: Vec<Ends> = lowered.rules.iter().map(|rule| self.ends(&rule.own)).collect();
        let mut elsewhere = Elsewhere::new();
        for (first, before) in ends.iter().enumerate() {
            for (second, after) in ends.iter().enumerate() {
                let both = [first, second].map(|at| lowered.rules.get(at).map(|rule| &rule.value));
                let silent = Some(&RuleValue::Nothing);
                if first == second || both.contains(&silent) {
                    continue;
                }
                for high in &before.high {
                    for low in after.low.iter().filter(|low| low.variable == high.variable) {
                        let asked =
                            self.meet(decision, [first, second], [high, low], &mut elsewhere);
                        let asked = asked.and_then(|meet| {
                            if meet {
                                self.ask_pair(decision, lowered, [first, second], [high, low])?;
                            }
                            Ok(())
                        });
                        if let Err(why) = asked {
                            let gave = Gave::TooLarge(why);
                            self.asked.decision_undecided(decision.id, &self.days, gave);
                            return;
                        }
                    }
                }
            }
        }
    }

    fn ends(&self, formula: &Formula) -> Ends {
        let mut found = Ends::default();
        let mut queue = vec![formula];
        while let Some(next) = queue.pop() {
            match next {
                Formula::Constant(_) => {}
                Formula::All(parts) | Formula::Any(parts) => queue.extend(parts),
                Formula::Atom(atom, positive) => self.ends_of_atom(*atom, *positive, &mut found),
            }
        }
        found
    }

    fn ends_of_atom(&self, atom: u32, positive: bool, found: &mut Ends) {
        let atom = usize::try_from(atom).ok().and_then(|at| self.side.epoch.atoms.get(at));
        let Some((atom, column)) =
            atom.and_then(|atom| Some((atom, usize::try_from(atom.column).ok()?)))
        else {
            return;
        };
        let Question::Band { low, high } = &atom.question else { return };
        let Some(variable) = self.space.variable_of(0, column) else { return };
        let cells = self.space.variables.get(variable).map(|found| &found.cells);
        let Some(Cells::Ordered(points)) = cells else { return };
        let cell = |value: &Value| {
            let at = points.binary_search(value).ok().and_then(|at| u16::try_from(at).ok())?;
            at.checked_mul(2)?.checked_add(1)
        };
        if low.is_some() && low == high {
            return;
        }
        // Whether the band begins or ends there, and whether the end belongs to it. The contrary of a band
        // with one end is a band on the other side; with two ends it is no band.
        let ends: Vec<(bool, &Value, bool)> = match (low, high, positive) {
            (low, high, true) => {
                let low = low.iter().map(|(value, included)| (true, value, *included));
                low.chain(high.iter().map(|(value, included)| (false, value, *included))).collect()
            }
            (Some((value, included)), None, false) => vec![(false, value, !included)],
            (None, Some((value, included)), false) => vec![(true, value, !included)],
            _ => Vec::new(),
        };
        for (begins, value, included) in ends {
            let Some(at) = cell(value) else { continue };
            let at = match (begins, included) {
                (_, true) => at,
                (true, false) => at.saturating_add(1),
                (false, false) => at.saturating_sub(1),
            };
            let end = End { variable, cell: at, point: value.clone() };
            if begins {
                found.low.insert(end)
            } else {
                found.high.insert(end)
            };
        }
    }

    /// Whether two bands are near each other and miss each other, for rules that speak of the same in
    /// all else.
    fn meet(
        &self,
        decision: &DecisionDiagrams,
        [first, second]: [usize; 2],
        [high, low]: [&End; 2],
        elsewhere: &mut Elsewhere,
    ) -> Result<bool, TooLarge> {
        if high.cell.saturating_add(1) == low.cell || !is_near(&high.point, &low.point) {
            return Ok(false);
        }
        let mut both = self.space.everything().clone();
        for at in [first, second] {
            let key = (at, high.variable);
            let known = if let Some(known) = elsewhere.get(&key) {
                known.clone()
            } else {
                let Some(rule) = decision.rules.get(at) else { return Ok(false) };
                let whole = rule.holds.and(&self.asked_region(decision)?)?;
                let fresh = self.space.forget(&whole, &|one| one == high.variable)?;
                elsewhere.entry(key).or_insert(fresh).clone()
            };
            both = both.and(&known)?;
        }
        Ok(!both.is_empty())
    }

    /// Whether the band that ends there and the one that begins there meet.
    fn ask_pair(
        &mut self,
        decision: &DecisionDiagrams,
        lowered: &LoweredDecision,
        [first, second]: [usize; 2],
        [high, low]: [&End; 2],
    ) -> Result<(), TooLarge> {
        let rules = |at: usize| Some((lowered.rules.get(at)?, decision.rules.get(at)?));
        let (Some((one, before)), Some((other, after))) = (rules(first), rules(second)) else {
            return Ok(());
        };
        let asked = self.asked_region(decision)?;
        let subject = Subject::Rules(vec![one.id, other.id]);
        if high.cell.saturating_add(1) < low.cell {
            let hole = cells(high.cell.saturating_add(1), low.cell.saturating_sub(1));
            let region = before.holds.and(&asked)?;
            let left = self.with_cell(&region, high.variable, high.cell)?;
            let right = self.with_cell(&after.holds.and(&asked)?, high.variable, low.cell)?;
            let mut region =
                left.and(&right)?.and(&self.space.cells(high.variable, &hole)?)?.and(&asked)?;
            for (speaks, rule) in self.speaking(decision) {
                if region.is_empty() {
                    return Ok(());
                }
                if speaks {
                    region = region.without(&rule.holds)?;
                }
            }
            let beyond = self.beyond(high.variable, [high.cell, low.cell]);
            let side = self.side;
            let ids = [one.id, other.id];
            let about = self.asked.closure(decision.id);
            let mut confirm = |traces: &[DecisionTrace], witness: &Witness| {
                silent(traces, decision) && beside(witness, beyond.as_ref(), (side, &about), ids)
            };
            self.note_possible(
                FindingKind::ThresholdHole,
                subject,
                decision,
                &region,
                &mut confirm,
            );
            return Ok(());
        }
        let differ = match (&one.value, &other.value) {
            (RuleValue::Constant(a), RuleValue::Constant(b)) => a != b,
            _ => false,
        };
        if !differ || lowered.combine == Combine::Collect {
            return Ok(());
        }
        let overlap = cells(low.cell, high.cell);
        let both = before.holds.and(&after.holds)?.and(&asked)?;
        let mut region = both.and(&self.space.cells(high.variable, &overlap)?)?;
        let (outside_low, outside_high) = (low.cell.checked_sub(1), high.cell.saturating_add(1));
        let Some(outside_low) = outside_low else { return Ok(()) };
        for (rule, cell, there) in [
            (before, outside_low, true),
            (before, outside_high, false),
            (after, outside_high, true),
            (after, outside_low, false),
        ] {
            let beside = self.with_cell(&rule.holds.and(&asked)?, high.variable, cell)?;
            region = if there { region.and(&beside)? } else { region.without(&beside)? };
            if region.is_empty() {
                return Ok(());
            }
        }
        let ids = [one.id, other.id];
        let mut confirm = |traces: &[DecisionTrace], _: &Witness| {
            ids.iter().all(|id| match status(traces, *id) {
                Some(RuleStatus::Holds) => true,
                // In a conflict both hold, whatever comes of it.
                _ => false,
            })
        };
        self.note_possible(FindingKind::ThresholdOverlap, subject, decision, &region, &mut confirm);
        Ok(())
    }

    /// The transactions that are in a region if the variable is moved to a cell.
    fn with_cell(&self, region: &Region, variable: usize, cell: u16) -> Result<Region, TooLarge> {
        let at = region.and(&self.space.cells(variable, &cells(cell, cell))?)?;
        self.space.forget(&at, &|one| one == variable)
    }

    /// For a plain fact: its path, and a value in each of two cells.
    fn beyond(&self, variable: usize, ends: [u16; 2]) -> Option<(String, [Value; 2])> {
        let found = self.space.variables.get(variable)?;
        let VariableKind::Fact(path) = &found.kind else { return None };
        let day = self.side.some_day();
        let value =
            |cell: u16| crate::values::representative(self.side, found, &cells(cell, cell), day);
        let [low, high] = ends;
        Some((path.clone(), [value(low)?, value(high)?]))
    }
}

/// Whether nobody speaks and `otherwise` does.
fn silent(traces: &[DecisionTrace], decision: &DecisionDiagrams) -> bool {
    traces.iter().any(|trace| {
        trace.decision == decision.id
            && match &trace.determination {
                Determination::Value(Value::Set(elements)) => elements.is_empty(),
                _ => trace.otherwise,
            }
    })
}

/// Whether on each side of a hole its rule holds.
fn beside(
    witness: &Witness,
    beyond: Option<&(String, [Value; 2])>,
    (side, about): (&crate::space::Side<'_>, &BTreeSet<DecisionId>),
    rules: [exeat_hir::RuleId; 2],
) -> bool {
    // A computed quantity cannot be moved alone; there the region itself says so.
    let Some((path, values)) = beyond else { return true };
    values.iter().zip(rules).all(|(value, rule)| {
        let mut moved = witness.clone();
        moved.facts.insert(path.clone(), value.clone());
        status(&moved.decide_these(side, about), rule) == Some(&RuleStatus::Holds)
    })
}

fn cells(from: u16, to: u16) -> CellSet {
    let mut cells = CellSet::default();
    (from..=to).for_each(|cell| cells.insert(cell));
    cells
}

/// Whether two ends are so near that they are meant to meet.
fn is_near(high: &Value, low: &Value) -> bool {
    match (high, low) {
        (Value::Number(a), Value::Number(b)) => {
            let absolute = |number: Number| {
                if number.is_negative() { number.checked_neg().unwrap_or(number) } else { number }
            };
            let Ok(distance) = b.checked_sub(*a).map(absolute) else { return false };
            let largest = absolute(*a).max(absolute(*b));
            distance
                .checked_mul(Number::from_integer(NEAR))
                .is_ok_and(|eightfold| eightfold <= largest)
        }
        (Value::Date(a), Value::Date(b)) => {
            b.since(*a).is_ok_and(|span| span.get_days().abs() <= NEAR_DAYS)
        }
        _ => false,
    }
}
