//! When do two stretches of days ask the same of a transaction?
//!
//! Days are cut wherever anything changes, and mostly it is something else that does. What a decision comes
//! to rests on its rules, on what these ask and on the decisions that they read: all that, written out with a
//! number for each part, is its print. Where the prints are equal every answer is, so that it is asked once for
//! all of the days.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use exeat_hir::{AssertionId, DecisionId};
use exeat_model::Country;
use exeat_program::{Formula, LoweredDecision, Reads, RuleValue, Source};

use crate::shape::{Known, Shapes, Shaping};
use crate::space::{Side, settled_by_days};
use crate::words::type_key;

/// The prints that were given. They name things by their names, so that sides of several programs may be asked.
#[derive(Debug, Default)]
pub(crate) struct Prints {
    pub(crate) shapes: Shapes,
}

/// The prints of one side.
#[derive(Debug, Default)]
pub(crate) struct SidePrints {
    /// For each decision.
    pub(crate) decisions: BTreeMap<DecisionId, u32>,
    /// For each assertion.
    pub(crate) assertions: BTreeMap<AssertionId, u32>,
}

impl Prints {
    /// The prints of a side.
    pub(crate) fn of(&mut self, side: &Side<'_>) -> SidePrints {
        let vocabulary = vocabulary(side);
        let vocabulary = self.shapes.number(vocabulary);
        let mut printing = Printing {
            side,
            shapes: &mut self.shapes,
            known: Known::default(),
            atoms: BTreeMap::new(),
            found: SidePrints::default(),
        };
        let mut granted = format!("world {vocabulary} ");
        for (_, formula) in &side.epoch.claims.assumptions {
            printing.formula(formula, &mut granted);
        }
        let granted = printing.shapes.number(granted);
        for lowered in &side.epoch.decisions {
            printing.decision(lowered, granted);
        }
        for assertion in &side.epoch.claims.assertions {
            let mut form = format!("assertion {granted} {:?} ", assertion.id);
            for formula in [&assertion.claim, &assertion.when] {
                printing.formula(formula, &mut form);
            }
            let read = read_by_formulas(side, [&assertion.claim, &assertion.when]);
            let covered = covered(side, assertion.id);
            printing.read(read.decisions.into_iter().chain(covered), &mut form);
            let print = printing.shapes.number(form);
            printing.found.assertions.insert(assertion.id, print);
        }
        printing.found
    }
}

struct Printing<'s, 'p> {
    side: &'s Side<'p>,
    shapes: &'s mut Shapes,
    known: Known,
    atoms: BTreeMap<u32, u32>,
    found: SidePrints,
}

impl Printing<'_, '_> {
    fn decision(&mut self, lowered: &LoweredDecision, granted: u32) {
        // Writing to a string cannot fail.
        let hir = self.side.program.hir();
        let name = hir.decisions.get(lowered.id).map(|one| hir.full_name(one.module, &one.name));
        let mut form = format!(
            "decision {granted} {name:?} {:?} {:?} {:?}",
            lowered.combine, lowered.otherwise, lowered.by_defeat
        );
        if let Some(needed) = &lowered.needed {
            form.push_str(" needed ");
            self.formula(needed, &mut form);
        }
        for rule in &lowered.rules {
            let name = hir.rules.get(rule.id).map(|one| hir.full_name(one.module, &one.name));
            let _ = write!(form, " rule {name:?} {:?} {:?} ", rule.defeated_by, rule.exception_to);
            match &rule.value {
                RuleValue::Nothing => {}
                RuleValue::Constant(value) => {
                    let _ = write!(form, "{value:?} ");
                }
                RuleValue::Node(node) => {
                    let shape = self.shaping().node(*node);
                    let day = self.side.epoch.arena.reads_of_node(*node).day;
                    let _ = write!(form, "node {shape} ");
                    self.day(day, &mut form);
                }
            }
            self.formula(&rule.own, &mut form);
        }
        for (id, gap) in &lowered.gaps {
            let found = hir.not_modelled.get(*id);
            let name = found.map(|one| hir.full_name(one.module, &one.name));
            let _ = write!(form, " gap {name:?} ");
            self.formula(gap, &mut form);
        }
        self.read(read_by_decision(self.side, lowered), &mut form);
        let print = self.shapes.number(form);
        self.found.decisions.insert(lowered.id, print);
    }

    fn shaping(&mut self) -> Shaping<'_, '_> {
        Shaping::new(self.shapes, &mut self.known, self.side, &self.found.decisions)
    }

    /// The prints of decisions that are read.
    fn read(&mut self, decisions: impl IntoIterator<Item = DecisionId>, form: &mut String) {
        for decision in decisions {
            let print = self.found.decisions.get(&decision);
            let _ = write!(form, " reads {print:?}");
        }
    }

    /// What reads the day is the same on no other days.
    fn day(&self, reads: bool, form: &mut String) {
        if reads {
            let _ = write!(form, " {} {:?} ", self.side.calendar, self.side.epoch.days);
        }
    }

    fn formula(&mut self, formula: &Formula, form: &mut String) {
        let number = self.number_of(formula);
        let _ = write!(form, "formula {number} ");
    }

    /// The number of a formula. Atoms are counted by each epoch in its own way, so that the order of the parts
    /// is not to be gone by.
    fn number_of(&mut self, formula: &Formula) -> u32 {
        let form = match formula {
            Formula::Constant(truth) => format!("constant {truth:?}"),
            Formula::Atom(atom, positive) => format!("{positive} {}", self.atom(*atom)),
            Formula::All(parts) => format!("all of {:?}", self.numbers(parts)),
            Formula::Any(parts) => format!("one of {:?}", self.numbers(parts)),
        };
        self.shapes.number(form)
    }

    fn numbers(&mut self, parts: &[Formula]) -> BTreeSet<u32> {
        parts.iter().map(|part| self.number_of(part)).collect()
    }

    fn atom(&mut self, atom: u32) -> u32 {
        if let Some(known) = self.atoms.get(&atom) {
            return *known;
        }
        let mut form = "atom ".to_owned();
        let found = usize::try_from(atom).ok().and_then(|at| self.side.epoch.atoms.get(at));
        if let Some(found) = found {
            let column = usize::try_from(found.column).ok();
            let column = column.and_then(|at| self.side.epoch.columns.get(at));
            if let Some(column) = column {
                let settled = settled_by_days(self.side, &column.source, &found.question);
                if let Some(truth) = settled {
                    let _ = write!(form, "settled {truth:?}");
                } else {
                    self.source(&column.source, &mut form);
                    let _ = write!(form, " {:?}", found.question);
                }
            }
        }
        let number = self.shapes.number(form);
        self.atoms.insert(atom, number);
        number
    }

    fn source(&mut self, source: &Source, form: &mut String) {
        let (arena, hir) = (&self.side.epoch.arena, self.side.program.hir());
        match source {
            Source::Node(node) => {
                let shape = self.shaping().node(*node);
                let _ = write!(form, "node {shape}");
                self.day(arena.reads_of_node(*node).day, form);
            }
            Source::Condition(id) => {
                let shape = self.shaping().condition(*id);
                let _ = write!(form, "condition {shape}");
                self.day(arena.reads_of_condition(*id).day, form);
            }
            Source::Slot(slot) => {
                let slot = usize::try_from(*slot).ok();
                if let Some(slot) = slot.and_then(|at| self.side.program.slots().get(at)) {
                    let _ = write!(form, "slot {} {}", slot.path, type_key(hir, &slot.ty));
                }
            }
            Source::Reading(id) => {
                let found = hir.readings.get(*id);
                let name = found.map(|one| hir.full_name(one.module, &one.name));
                let choices = found.into_iter().flat_map(|one| &one.choices);
                let choices: Vec<_> = choices.map(|choice| &choice.name).collect();
                let _ = write!(form, "reading {name:?} {choices:?}");
            }
            Source::Proposal(module) => {
                let _ = write!(form, "decides {}", self.side.proposals.contains(module));
            }
        }
    }
}

/// The countries and the codes that there are on the days of a side.
fn vocabulary(side: &Side<'_>) -> String {
    let day = side.some_day();
    let mut form = "there are".to_owned();
    for entry in Country::table() {
        let country = Country::from_code(entry.alpha2);
        if country.is_some_and(|country| !country.stands_on(day)) {
            let _ = write!(form, " no {}", entry.alpha2);
        }
    }
    for list in side.program.hir().code_lists.values() {
        let _ = write!(form, " in {:?}", list.name);
        for (name, entry) in &list.entries {
            if !entry.interval.contains(day) {
                let _ = write!(form, " no {name}");
            }
        }
    }
    form
}

/// The decision that an assertion says is covered.
pub(crate) fn covered(side: &Side<'_>, assertion: AssertionId) -> Option<DecisionId> {
    match side.program.hir().assertions.get(assertion)?.kind {
        exeat_hir::AssertionKind::Covers(decision) => Some(decision),
        exeat_hir::AssertionKind::Always | exeat_hir::AssertionKind::Never => None,
    }
}

/// The decisions that another reads itself.
pub(crate) fn read_by_decision(side: &Side<'_>, lowered: &LoweredDecision) -> BTreeSet<DecisionId> {
    let own = lowered.rules.iter().map(|rule| &rule.own);
    let others = lowered.needed.iter().chain(lowered.gaps.iter().map(|(_, gap)| gap));
    let mut read = read_by_formulas(side, own.chain(others)).decisions;
    for rule in &lowered.rules {
        if let RuleValue::Node(node) = &rule.value {
            read.extend(side.epoch.arena.reads_of_node(*node).decisions);
        }
    }
    read
}

/// What formulas read.
pub(crate) fn read_by_formulas<'f>(
    side: &Side<'_>,
    formulas: impl IntoIterator<Item = &'f Formula>,
) -> Reads {
    let mut read = Reads::default();
    let mut seen = BTreeSet::new();
    for formula in formulas {
        formula.atoms(&mut |atom| {
            let atom = usize::try_from(atom).ok().and_then(|at| side.epoch.atoms.get(at));
            let Some(column) = atom.map(|atom| atom.column).filter(|column| seen.insert(*column))
            else {
                return;
            };
            let column = usize::try_from(column).ok().and_then(|at| side.epoch.columns.get(at));
            let more = match column.map(|column| &column.source) {
                Some(Source::Node(node)) => side.epoch.arena.reads_of_node(*node),
                Some(Source::Condition(id)) => side.epoch.arena.reads_of_condition(*id),
                Some(Source::Slot(slot)) => {
                    read.slots.insert(*slot);
                    return;
                }
                _ => return,
            };
            read.slots.extend(more.slots);
            read.decisions.extend(more.decisions);
            read.day |= more.day;
        });
    }
    read
}
