//! Single items under some facts, where what the decisions came to is known: without deciding anything anew.

use std::collections::BTreeMap;

use exeat_hir::{DecisionId, DefineId, Determination, Hir, RuleId, Ty};
use exeat_model::{Truth, Value};

use crate::Functions;
use crate::calls::{define, within_define};
use crate::condition::judge;
use crate::expression::value;
use crate::machine::{Found, Machine, Request};

pub use crate::machine::DEEPEST;

/// Looks at single items.
pub struct Glance<'a> {
    machine: Machine<'a>,
}

/// What an item comes to, where that is known. What is the same of two versions of an item is the same to all
/// that reads them.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen(What);

#[derive(Clone, Debug, PartialEq)]
enum What {
    Truth(Truth),
    Found(Found),
    /// A rule: whether its condition is true, and what it then gives for each decision.
    Rule(Truth, Vec<(DecisionId, Value)>),
}

impl<'a> Glance<'a> {
    /// With what decisions came to. Of a decision that is not among them nothing is known.
    pub fn new(
        hir: &'a Hir,
        functions: &'a dyn Functions,
        request: Request<'a>,
        decided: BTreeMap<DecisionId, Determination>,
    ) -> Self {
        let mut machine = Machine::new(hir, functions, request);
        machine.decided = decided;
        Self { machine }
    }

    /// A define without parameters; `None` where it is not known.
    pub fn define(&mut self, id: DefineId) -> Option<Seen> {
        let found = self.machine.hir.defines.get(id)?;
        if found.ty == Ty::YesNo {
            let judged = within_define(&mut self.machine, id, &[], |machine, piece| {
                Ok(judge(machine, &piece.body).truth)
            });
            return judged
                .ok()
                .filter(|truth| truth.is_known())
                .map(|truth| Seen(What::Truth(truth)));
        }
        define(&mut self.machine, id, &[]).ok().map(|found| Seen(What::Found(found)))
    }

    /// The condition of a rule and what it concludes, whatever excepts it; `None` where that is not known. On which
    /// days it has force is not asked.
    pub fn rule(&mut self, id: RuleId) -> Option<Seen> {
        let rule = self.machine.hir.rules.get(id)?;
        let when = rule.when.as_ref();
        let truth = when.map_or(Truth::True, |when| judge(&mut self.machine, when).truth);
        let mut values = Vec::new();
        match truth {
            Truth::Unknown => return None,
            Truth::False => {}
            Truth::True => {
                for conclusion in &rule.conclusions {
                    let found = value(&mut self.machine, &conclusion.value).ok()?;
                    values.push((conclusion.decision, found.value));
                }
            }
        }
        Some(Seen(What::Rule(truth, values)))
    }

    /// How deep expressions built on each other so far.
    pub fn deepest(&self) -> usize {
        self.machine.deepest
    }
}
