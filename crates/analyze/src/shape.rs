//! When are two computed quantities of different epochs, or of different programs, the same?
//!
//! If they are made in the same way from the same facts. Each way of making has a number; what is made
//! of parts has the number of its kind with the numbers of its parts. A decision that is read counts as the same where
//! it rests on the same ([`crate::prints`]).

use std::collections::BTreeMap;
use std::fmt::Write as _;

use exeat_hir::{CodeListId, DecisionId, FunctionId};
use exeat_program::{
    Arena, CodeTest, Condition, ConditionId, ListPart, Membership, Node, NodeId, Pattern, Test,
};

use crate::space::Side;

/// The numbers that were given.
#[derive(Debug, Default)]
pub(crate) struct Shapes {
    numbers: BTreeMap<String, u32>,
}

impl Shapes {
    /// The number of a form.
    pub(crate) fn number(&mut self, form: String) -> u32 {
        let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        *self.numbers.entry(form).or_insert(next)
    }
}

/// What of one side has its number already. Names of elements are counted from the innermost, so that
/// it does not matter how they are called.
#[derive(Debug, Default)]
pub(crate) struct Known {
    nodes: BTreeMap<(NodeId, Vec<u32>), u32>,
    conditions: BTreeMap<(ConditionId, Vec<u32>), u32>,
    lists: BTreeMap<CodeListId, u32>,
}

pub(crate) struct Shaping<'s, 'p> {
    pub(crate) shapes: &'s mut Shapes,
    pub(crate) known: &'s mut Known,
    pub(crate) side: &'s Side<'p>,
    /// The prints of the decisions that may be read.
    decisions: &'s BTreeMap<DecisionId, u32>,
    bound: Vec<u32>,
}

impl<'s, 'p> Shaping<'s, 'p> {
    pub(crate) fn new(
        shapes: &'s mut Shapes,
        known: &'s mut Known,
        side: &'s Side<'p>,
        decisions: &'s BTreeMap<DecisionId, u32>,
    ) -> Self {
        Self { shapes, known, side, decisions, bound: Vec::new() }
    }

    fn arena(&self) -> &'s Arena {
        &self.side.epoch.arena
    }

    fn number(&mut self, form: String) -> u32 {
        self.shapes.number(form)
    }

    pub(crate) fn node(&mut self, id: NodeId) -> u32 {
        let key = (id, self.bound.clone());
        if let Some(number) = self.known.nodes.get(&key) {
            return *number;
        }
        let form = self.form_of_node(id);
        let number = self.number(form);
        self.known.nodes.insert(key, number);
        number
    }

    pub(crate) fn condition(&mut self, id: ConditionId) -> u32 {
        let key = (id, self.bound.clone());
        if let Some(number) = self.known.conditions.get(&key) {
            return *number;
        }
        let form = self.form_of_condition(id);
        let number = self.number(form);
        self.known.conditions.insert(key, number);
        number
    }

    fn nodes(&mut self, kind: &str, nodes: &[NodeId]) -> String {
        let mut form = kind.to_owned();
        for node in nodes {
            // Writing to a string cannot fail.
            let _ = write!(form, " {}", self.node(*node));
        }
        form
    }

    fn conditions(&mut self, kind: &str, parts: &[ConditionId]) -> String {
        let mut numbers: Vec<u32> = parts.iter().map(|part| self.condition(*part)).collect();
        numbers.sort_unstable();
        format!("{kind} {numbers:?}")
    }

    fn with_element<T>(&mut self, local: u32, work: impl FnOnce(&mut Self) -> T) -> T {
        self.bound.push(local);
        let done = work(self);
        self.bound.pop();
        done
    }

    fn form_of_node(&mut self, id: NodeId) -> String {
        let hir = self.side.program.hir();
        match self.arena().node(id) {
            Node::Constant(value) => format!("constant {value:?}"),
            Node::Unknown => "unknown".to_owned(),
            Node::AsOf => format!("day {}", self.side.calendar),
            Node::Slot(slot) => {
                let slot = usize::try_from(*slot).ok();
                let slot = slot.and_then(|at| self.side.program.slots().get(at));
                slot.map_or_else(String::new, |slot| {
                    let ty = crate::words::type_key(hir, &slot.ty);
                    format!("slot {} {ty}", slot.path)
                })
            }
            Node::Local(local) => {
                let depth = self.bound.iter().rev().position(|bound| bound == local);
                format!("element {depth:?}")
            }
            Node::Decision(decision) => {
                // What it comes to may differ between the sides, unless it rests on the same.
                match self.decisions.get(decision) {
                    Some(print) => format!("decision {print}"),
                    None => format!("decision {decision:?} of {}", self.side.number),
                }
            }
            Node::Field(base, field) => format!("field {field} {}", self.node(*base)),
            Node::Record(fields) => {
                let fields: Vec<Option<u32>> =
                    fields.iter().map(|field| field.map(|field| self.node(field))).collect();
                format!("record {fields:?}")
            }
            Node::List(parts) => {
                let mut form = "list".to_owned();
                for part in parts {
                    let (kind, node) = match part {
                        ListPart::One(node) => ("one", node),
                        ListPart::Each(node) => ("each", node),
                    };
                    let _ = write!(form, " {kind} {}", self.node(*node));
                }
                form
            }
            Node::Comprehension { local, list, filter, body } => {
                let list = self.node(*list);
                self.with_element(*local, |shaping| {
                    let filter = filter.map(|filter| shaping.condition(filter));
                    format!("made {list} {filter:?} {}", shaping.node(*body))
                })
            }
            Node::Aggregate(kind, list) => format!("{kind:?} {}", self.node(*list)),
            Node::Arithmetic(operator, a, b) => self.nodes(&format!("{operator:?}"), &[*a, *b]),
            Node::Negate(inner) => self.nodes("negative", &[*inner]),
            Node::ShiftDays { date, days, backwards } => {
                self.nodes(&format!("days {backwards}"), &[*date, *days])
            }
            Node::ShiftMonths { date, months, backwards, rounding } => {
                self.nodes(&format!("months {backwards} {rounding:?}"), &[*date, *months])
            }
            Node::DaysBetween(a, b) => self.nodes("days between", &[*a, *b]),
            Node::DatePart(part, date) => self.nodes(&format!("{part:?}"), &[*date]),
            Node::If(test, a, b) => {
                let test = self.condition(*test);
                self.nodes(&format!("if {test}"), &[*a, *b])
            }
            Node::Table(table, keys) => {
                let table = self.table(*table);
                self.nodes(&format!("table {table}"), keys)
            }
            Node::Call(function, arguments) => {
                let name = self.function(*function);
                self.nodes(&name, arguments)
            }
            Node::Set(members) => self.nodes("set", members),
            Node::SetOperation(join, a, b) => self.nodes(&format!("{join:?}"), &[*a, *b]),
            Node::Truth(condition) => format!("truth {}", self.condition(*condition)),
        }
    }

    fn function(&self, id: FunctionId) -> String {
        let hir = self.side.program.hir();
        let Some(function) = hir.functions.get(id) else { return String::new() };
        let library = hir.jurisdictions.iter().find(|one| one.id == function.jurisdiction);
        let digest = library.map_or("", |library| library.digest.as_str());
        format!("call {} {} {digest}", function.jurisdiction, function.name)
    }

    fn table(&mut self, at: u32) -> u32 {
        let Some(table) = self.arena().table(at) else { return u32::MAX };
        let mut form = "rows".to_owned();
        for (patterns, value) in &table.rows {
            for pattern in patterns {
                let shape = match pattern {
                    Pattern::Set(set, _) => format!("set {}", self.membership(set)),
                    Pattern::Within(test) => self.code_test(test),
                    other => format!("{other:?}"),
                };
                let _ = write!(form, " [{shape}]");
            }
            let _ = write!(form, " => {};", self.node(*value));
        }
        let otherwise = table.otherwise.map(|otherwise| self.node(otherwise));
        self.number(format!("{form} {otherwise:?}"))
    }

    fn form_of_condition(&mut self, id: ConditionId) -> String {
        match self.arena().condition(id) {
            Condition::Constant(truth) => format!("{truth:?}"),
            Condition::All(parts) => self.conditions("all", parts),
            Condition::Any(parts) => self.conditions("any", parts),
            Condition::Not(inner) => self.conditions("not", &[*inner]),
            Condition::Choose(test, a, b) => {
                let (test, a, b) = (self.condition(*test), self.condition(*a), self.condition(*b));
                format!("choose {test} {a} {b}")
            }
            Condition::Quantified { reach, local, list, body } => {
                let list = self.node(*list);
                self.with_element(*local, |shaping| {
                    format!("{reach:?} {list} {}", shaping.condition(*body))
                })
            }
            Condition::Test(test) => self.test(test),
        }
    }

    fn test(&mut self, test: &Test) -> String {
        match test {
            Test::Compare(relation, a, b) => self.nodes(&format!("{relation:?}"), &[*a, *b]),
            Test::Band { low, value, high } => {
                self.nodes(&format!("band {} {}", low.1, high.1), &[low.0, *value, high.0])
            }
            Test::SameCode(_, a, b) => self.nodes("same code", &[*a, *b]),
            Test::In(value, set, _) => {
                let set = self.membership(set);
                self.nodes(&format!("in {set}"), &[*value])
            }
            Test::Code(value, test) => {
                let test = self.code_test(test);
                self.nodes(&test, &[*value])
            }
            Test::Outcome(value, places) => self.nodes(&format!("outcome {places:?}"), &[*value]),
            Test::Yes(value) => self.nodes("yes", &[*value]),
        }
    }

    fn code_test(&mut self, test: &CodeTest) -> String {
        let list = if let Some(number) = self.known.lists.get(&test.list) {
            *number
        } else {
            let list = self.side.program.hir().code_lists.get(test.list);
            let form = format!("{:?}", list.map(|list| (&list.name, &list.entries)));
            let number = self.number(form);
            self.known.lists.insert(test.list, number);
            number
        };
        format!("code {list} {} {:?}", test.within, test.targets)
    }

    fn membership(&mut self, set: &Membership) -> u32 {
        let form = match set {
            Membership::Constant(values) => format!("constant {values:?}"),
            Membership::Members(members) => self.nodes("members", members),
            Membership::Value(node) => format!("value {}", self.node(*node)),
            Membership::Join(join, a, b) => {
                let (a, b) = (self.membership(a), self.membership(b));
                format!("{join:?} {a} {b}")
            }
            Membership::Choose(test, a, b) => {
                let test = self.condition(*test);
                let (a, b) = (self.membership(a), self.membership(b));
                format!("choose {test} {a} {b}")
            }
            Membership::Unknown => "unknown".to_owned(),
        };
        self.number(form)
    }
}
