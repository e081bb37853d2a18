//! The cell of a column in a scalar run: by the code of a slot, or computed, or as it was computed before.

use exeat_hir::ArithmeticOperator;
use exeat_model::{Number, Truth, Value};

use super::memory::CurrentRun;
use super::number::Sum;
use super::run::{FastRun, FastScratch};
use super::{FastColumn, FastSource};
use crate::node::{Node, NodeId};

impl FastRun<'_> {
    /// The cell of a column, which is found once a run.
    pub(super) fn cell(&mut self, at: usize) -> u16 {
        if let Some((stamp, cell)) = self.scratch.cells.get(at)
            && *stamp == self.scratch.stamp
        {
            return *cell;
        }
        let cell = self.cell_now(at);
        if self.scratch.noting && self.fast.columns.get(at).is_some_and(FastColumn::is_computed) {
            self.scratch.noted.push((at, cell));
        }
        if let Some(place) = self.scratch.cells.get_mut(at) {
            *place = (self.scratch.stamp, cell);
        }
        cell
    }

    fn cell_now(&mut self, at: usize) -> u16 {
        let fast = self.fast;
        let Some(column) = fast.columns.get(at) else { return 0 };
        let Some(place) = column.memory.filter(|_| self.scratch.memory.is_some()) else {
            return self.computed_cell(at, column);
        };
        if let Some(group) = fast.groups.get(place.group)
            && let Some(memory) = &mut self.scratch.memory
        {
            let (stamp, row, day) = (self.scratch.stamp, self.row, self.request.as_of);
            if let Some(cell) = memory.cell(place, group, CurrentRun { stamp, row, day }) {
                return cell;
            }
        }
        let cell = self.computed_cell(at, column);
        let stamp = self.scratch.stamp;
        if let Some(group) = fast.groups.get(place.group)
            && let Some(memory) = &mut self.scratch.memory
        {
            memory.keep(place, group, stamp, cell);
        }
        cell
    }

    /// Gives the general run what is remembered of the nodes that a column is computed from.
    fn feed(&mut self, column: &FastColumn) {
        if column.feeds.is_empty() {
            return;
        }
        let of = self.general().scratch.stamp;
        let run = CurrentRun { stamp: self.scratch.stamp, row: self.row, day: self.request.as_of };
        let FastScratch { memory: Some(memory), general, .. } = &mut *self.scratch else { return };
        for (node, place) in &column.feeds {
            let known = usize::try_from(*node).ok().and_then(|at| general.values.get_mut(at));
            let (Some(known), Some(group)) = (known, self.fast.groups.get(place.group)) else {
                continue;
            };
            if known.0 == of {
                continue;
            }
            if let Some(value) = memory.value(*place, group, run) {
                *known = (of, value.clone());
            }
        }
    }

    /// Remembers what the general run computed of them.
    fn keep_feeds(&mut self, column: &FastColumn) {
        let FastScratch { memory: Some(memory), general, stamp, .. } = &mut *self.scratch else {
            return;
        };
        for (node, place) in &column.feeds {
            let known = usize::try_from(*node).ok().and_then(|at| general.values.get(at));
            if let Some((computed, value)) = known
                && *computed == general.stamp
                && let Some(group) = self.fast.groups.get(place.group)
            {
                memory.keep_value(*place, group, *stamp, value);
            }
        }
    }

    fn computed_cell(&mut self, at: usize, column: &FastColumn) -> u16 {
        match &column.source {
            FastSource::Slot(slot) => self.slot_cell(at, *slot),
            FastSource::Sum(sum, node) if sum.plain => {
                self.sum_cell(sum).unwrap_or_else(|| self.number_cell(at, column, *node))
            }
            // Without a memory nothing is remembered.
            FastSource::Sum(sum, node) => {
                let told = self.scratch.memory.is_some().then(|| self.sum_cell(sum)).flatten();
                told.unwrap_or_else(|| self.node_cell(at, column, *node))
            }
            FastSource::Number(node) => self.number_cell(at, column, *node),
            FastSource::Node(node) => self.node_cell(at, column, *node),
            FastSource::Condition(condition) => {
                self.feed(column);
                let truth = self.general().condition(*condition);
                self.keep_feeds(column);
                truth_cell(truth, column.unknown)
            }
            FastSource::Reading(id) => {
                let reading = self.program.hir().readings.get(*id);
                let default = reading.and_then(|reading| reading.default);
                let chosen = self.request.readings.get(id).copied().or(default);
                let choice = chosen.and_then(|at| reading?.choices.get(at));
                choice.map_or(column.unknown, |choice| {
                    self.cell_of(at, &Value::Symbol(choice.name.clone()))
                })
            }
            FastSource::Proposal(module) => u16::from(self.request.proposals.contains(module)),
            FastSource::Decision(place, test) => {
                truth_cell(test.truth(self.scratch.settled(*place)), column.unknown)
            }
        }
    }

    /// The cell of a number in small parts, if it can be told so.
    fn sum_cell(&mut self, sum: &Sum) -> Option<u16> {
        let (stamp, row, day) = (self.scratch.stamp, self.row, self.request.as_of);
        let groups = &self.fast.groups;
        let memory = &mut self.scratch.memory;
        sum.cell(row.codes, |place| {
            let run = CurrentRun { stamp, row, day };
            match memory.as_mut()?.value(place, groups.get(place.group)?, run)? {
                Ok(Value::Number(number)) => Some(*number),
                _ => None,
            }
        })
    }

    /// The cell of a number that is computed from slots by arithmetic alone, exactly.
    fn number_cell(&self, at: usize, column: &FastColumn, node: NodeId) -> u16 {
        self.number(node).map_or(column.unknown, |number| self.cell_of(at, &Value::Number(number)))
    }

    /// The cell of a node, whatever it is.
    fn node_cell(&mut self, at: usize, column: &FastColumn, node: NodeId) -> u16 {
        self.feed(column);
        let value = self.general().value(node);
        self.keep_feeds(column);
        value.map_or(column.unknown, |value| self.cell_of(at, &value))
    }

    /// The cell of a column that has its value from a slot.
    #[inline]
    pub(super) fn slot_cell(&self, at: usize, slot: usize) -> u16 {
        let Some(column) = self.fast.columns.get(at) else { return 0 };
        let code = self.code(slot);
        match column.finder.cell(code, column.unknown) {
            Some(cell) => cell,
            None => self.asked_cell(at, slot, column.unknown),
        }
    }

    /// The same where the value itself has to be asked.
    #[cold]
    fn asked_cell(&self, at: usize, slot: usize, unknown: u16) -> u16 {
        self.record.get(slot).map_or(unknown, |value| self.cell_of(at, value))
    }

    /// The cell of a known value.
    fn cell_of(&self, column: usize, value: &Value) -> u16 {
        self.epoch.columns.get(column).map_or(0, |column| column.cells.cell_of(value))
    }

    /// A number that is computed by arithmetic alone.
    fn number(&self, node: NodeId) -> Option<Number> {
        match self.epoch.arena.node(node) {
            Node::Constant(Value::Number(number)) => Some(*number),
            Node::Slot(slot) => match self.record.values.get(usize::try_from(*slot).ok()?)? {
                Some(Value::Number(number)) => Some(*number),
                _ => None,
            },
            Node::Arithmetic(operator, left, right) => {
                let (left, right) = (self.number(*left)?, self.number(*right)?);
                ArithmeticOperator::from(*operator).apply(left, right).ok()
            }
            _ => None,
        }
    }
}

impl FastColumn {
    /// Whether its cell is neither that of what stands in a slot nor that of a choice, and no test of an outcome.
    fn is_computed(&self) -> bool {
        matches!(
            self.source,
            FastSource::Sum(..)
                | FastSource::Number(_)
                | FastSource::Node(_)
                | FastSource::Condition(_)
        )
    }
}

fn truth_cell(truth: Truth, unknown: u16) -> u16 {
    match truth {
        Truth::False => 0,
        Truth::True => 1,
        Truth::Unknown => unknown,
    }
}
