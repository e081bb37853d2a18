//! What becomes a variable of a space, and into which cells its values fall.

use std::collections::{BTreeMap, BTreeSet};

use exeat_hir::{DecisionId, Ty};
use exeat_model::Value;
use exeat_program::{AtomId, CellSet, Cells, Node, NodeId, Question, RuleValue, Source, cut};

use crate::budget::TooLarge;
use crate::prints::{Prints, SidePrints};
use crate::shape::{Known, Shapes, Shaping};
use crate::space::{Side, Variable, VariableKind, asks_outcomes_alone, has_a_value, universe};
use crate::spread::Spread;
use crate::words::type_key;

/// All variables, uncut, and for each column of each side which one it is.
pub(crate) fn collect(
    sides: &[Side<'_>],
    spreads: &[BTreeMap<NodeId, Spread>],
) -> (Vec<Variable>, Vec<Vec<Option<usize>>>) {
    let mut prints = Prints::default();
    let decisions: Vec<SidePrints> = sides.iter().map(|side| prints.of(side)).collect();
    let mut shapes = prints.shapes;
    let mut place: BTreeMap<(VariableKind, String), usize> = BTreeMap::new();
    let mut variables: Vec<Variable> = Vec::new();
    let mut variable_of = Vec::new();
    for ((side, spreads), prints) in sides.iter().zip(spreads).zip(&decisions) {
        let mut known = Known::default();
        let mut columns = Vec::new();
        let asked = side.asked();
        let atoms = || {
            let atom = |at: &AtomId| side.epoch.atoms.get(usize::try_from(*at).ok()?);
            asked.iter().filter_map(atom)
        };
        let of: BTreeSet<usize> =
            atoms().filter_map(|atom| usize::try_from(atom.column).ok()).collect();
        for (at, column) in side.epoch.columns.iter().enumerate() {
            if !of.contains(&at) {
                columns.push(None);
                continue;
            }
            let follows = asks_outcomes_alone(side, &column.source)
                && !reads_computed_outcomes(side, spreads, &column.source);
            if follows || matches!(column.source, Source::Proposal(_)) {
                columns.push(None);
                continue;
            }
            let (kind, ty) =
                kind_of(side, &column.source, &mut shapes, (&mut known, &prints.decisions));
            let key = ty.as_ref().map_or_else(String::new, |ty| type_key(side.program.hir(), ty));
            let variable = *place.entry((kind.clone(), key)).or_insert_with(|| {
                variables.push(Variable {
                    kind,
                    ty,
                    cells: Cells::YesNo,
                    columns: vec![None; sides.len()],
                    possible: Vec::new(),
                    questions: Vec::new(),
                    bits: Vec::new(),
                    cell_of_code: Vec::new(),
                });
                variables.len().saturating_sub(1)
            });
            if let Some(place) = variables
                .get_mut(variable)
                .and_then(|variable| variable.columns.get_mut(side.number))
            {
                *place = Some(at);
            }
            columns.push(Some(variable));
        }
        let mut ask = |column: usize, question: &Question| {
            let variable = columns.get(column).copied().flatten();
            if let Some(variable) = variable.and_then(|at| variables.get_mut(at))
                && !variable.questions.contains(question)
            {
                variable.questions.push(question.clone());
            }
        };
        for atom in atoms() {
            if let Ok(column) = usize::try_from(atom.column) {
                ask(column, &atom.question);
            }
        }
        for spread in spreads.values() {
            for values in spread.values.values() {
                ask(spread.column, &Question::OneOf(values.clone()));
            }
        }
        variable_of.push(columns);
    }
    (variables, variable_of)
}

fn kind_of(
    side: &Side<'_>,
    source: &Source,
    shapes: &mut Shapes,
    (known, decisions): (&mut Known, &BTreeMap<DecisionId, u32>),
) -> (VariableKind, Option<Ty>) {
    let hir = side.program.hir();
    match source {
        Source::Slot(slot) => {
            let slot = usize::try_from(*slot).ok().and_then(|at| side.program.slots().get(at));
            let (path, ty) = slot
                .map_or((String::new(), None), |slot| (slot.path.clone(), Some(slot.ty.clone())));
            (VariableKind::Fact(path), ty)
        }
        Source::Node(node) if matches!(side.epoch.arena.node(*node), Node::AsOf) => {
            (VariableKind::Day(side.calendar), Some(Ty::Date))
        }
        Source::Node(node) => {
            (VariableKind::Quantity(Shaping::new(shapes, known, side, decisions).node(*node)), None)
        }
        Source::Condition(id) => (
            VariableKind::Condition(Shaping::new(shapes, known, side, decisions).condition(*id)),
            None,
        ),
        Source::Reading(id) => {
            let reading = hir.readings.get(*id);
            let name = reading.map(|reading| hir.full_name(reading.module, &reading.name));
            (VariableKind::Reading(name.unwrap_or_default()), None)
        }
        // Whether a proposal decides is laid down for each side.
        Source::Proposal(_) => (VariableKind::Reading(String::new()), None),
    }
}

/// Cuts a variable at the constants of all sides, and notes which cells it can have on which side.
pub(crate) fn cut_variable(sides: &[Side<'_>], variable: &mut Variable) -> Result<(), TooLarge> {
    let yes_no = variable.questions.contains(&Question::Yes)
        || matches!(variable.kind, VariableKind::Condition(_));
    let ordered = variable.questions.iter().any(|question| match question {
        Question::Band { .. } => true,
        Question::OneOf(values) => {
            matches!(values.first(), Some(Value::Number(_) | Value::Date(_)))
        }
        Question::Yes | Question::Codes(_) => false,
    });
    let universes: Vec<Option<BTreeSet<Value>>> =
        sides.iter().map(|side| universe(side, variable)).collect();
    let all: BTreeSet<Value> = universes.iter().flatten().flatten().cloned().collect();
    let found = cut(ordered, yes_no, &all, &variable.questions);
    let (cells, _) = found.ok_or(TooLarge::Cells)?;
    for (side, universe) in sides.iter().zip(&universes) {
        let mut possible = CellSet::default();
        for cell in 0..cells.count() {
            if has_a_value(side, &variable.kind, &cells, cell, universe.as_ref()) {
                possible.insert(cell);
            }
        }
        variable.possible.push(possible);
    }
    variable.cells = cells;
    Ok(())
}

/// Whether a condition reads a decision whose value the rules compute from facts, and not from one that can
/// be gone through.
fn reads_computed_outcomes(
    side: &Side<'_>,
    spreads: &BTreeMap<NodeId, Spread>,
    source: &Source,
) -> bool {
    let Source::Condition(id) = source else { return false };
    let reads = side.epoch.arena.reads_of_condition(*id);
    let mut read = side.epoch.decisions.iter().filter(|one| reads.decisions.contains(&one.id));
    let computed = |value: &RuleValue| match value {
        RuleValue::Node(node) => !spreads.contains_key(node),
        RuleValue::Nothing | RuleValue::Constant(_) => false,
    };
    read.any(|decision| decision.rules.iter().any(|rule| computed(&rule.value)))
}
