//! From typed rules to nodes and conditions, for the days of one epoch.
//!
//! Between two days on which anything dated changes, every dated thing is fixed: the pieces of defines, the
//! members of groups, the rows of tables. They are put in here, as are the arguments of defines, which
//! changes no meaning: a define means its text with the arguments put in.

mod condition;
mod expression;
mod membership;

use std::collections::BTreeMap;

use exeat_hir::{DefineId, DefinePiece, Expr, FactId, Hir, LocalId};
use exeat_model::Date;

use crate::node::{Arena, NodeId};
use crate::slot::Slot;

/// How many expressions deep rules may go. The reference gives up at twice as many steps; what
/// comes near it is left to it.
const DEEPEST: usize = 120;

/// Why rules cannot be lowered; they are left to the reference then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsupported {
    /// What it is, in plain words.
    pub what: String,
}

/// The state of lowering.
pub(crate) struct Lowering<'h> {
    pub(crate) hir: &'h Hir,
    pub(crate) day: Date,
    pub(crate) arena: Arena,
    slots: BTreeMap<(FactId, Vec<usize>), u32>,
    /// What is bound to the names of the define, table or rule that is being lowered.
    bound: BTreeMap<LocalId, NodeId>,
    /// How many names of elements are in scope, and the most that ever were.
    elements: u32,
    most_elements: u32,
    depth: usize,
    pub(crate) unsupported: Option<Unsupported>,
}

impl<'h> Lowering<'h> {
    pub(crate) fn new(hir: &'h Hir, day: Date, slots: &[Slot]) -> Self {
        let slots = slots
            .iter()
            .zip(0..)
            .map(|(slot, at)| ((slot.fact, slot.fields.clone()), at))
            .collect();
        Self {
            hir,
            day,
            arena: Arena::default(),
            slots,
            bound: BTreeMap::new(),
            elements: 0,
            most_elements: 0,
            depth: 0,
            unsupported: None,
        }
    }

    /// How many names of elements there are.
    pub(crate) fn locals(&self) -> usize {
        usize::try_from(self.most_elements).unwrap_or(usize::MAX)
    }

    fn refuse(&mut self, what: &str) {
        self.unsupported.get_or_insert_with(|| Unsupported { what: what.to_owned() });
    }

    /// One step deeper. `None` if that is too deep.
    fn deeper<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= DEEPEST {
            self.refuse("expressions that build on each other very deep");
            return None;
        }
        self.depth = self.depth.saturating_add(1);
        let done = work(self);
        self.depth = self.depth.saturating_sub(1);
        Some(done)
    }

    /// Lowers the body of a define with its arguments put in. `None` if it has no value on these days.
    fn within_define<T>(
        &mut self,
        define: DefineId,
        arguments: &[Expr],
        work: impl FnOnce(&mut Self, &'h DefinePiece) -> T,
    ) -> Option<T> {
        let hir = self.hir;
        let define = hir.defines.get(define)?;
        let piece = define.pieces.iter().find(|piece| piece.interval.contains(self.day))?;
        let mut bound = BTreeMap::new();
        for (parameter, argument) in define.parameters.iter().zip(arguments) {
            let node = self.node(argument);
            // The reference tries a test with the outcomes of the decisions that it names, and a
            // parameter names none.
            if !self.arena.reads_of_node(node).decisions.is_empty() {
                self.refuse("a define that is given the outcome of a decision");
            }
            bound.insert(parameter.local, node);
        }
        let before = std::mem::replace(&mut self.bound, bound);
        let done = work(self, piece);
        self.bound = before;
        Some(done)
    }

    /// A name for an element, while something is lowered with it: the number of elements in scope, so
    /// that equal quantities have equal names in them and are the same node.
    fn with_element<T>(&mut self, local: LocalId, work: impl FnOnce(&mut Self) -> T) -> (u32, T) {
        let name = self.elements;
        self.elements = self.elements.saturating_add(1);
        self.most_elements = self.most_elements.max(self.elements);
        let node = self.arena.add(crate::node::Node::Local(name));
        let done = self.with_bound(local, node, work);
        self.elements = name;
        (name, done)
    }

    fn with_bound<T>(
        &mut self,
        local: LocalId,
        node: NodeId,
        work: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let before = self.bound.insert(local, node);
        let done = work(self);
        match before {
            Some(before) => self.bound.insert(local, before),
            None => self.bound.remove(&local),
        };
        done
    }
}
