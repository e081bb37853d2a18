//! One side of a script: its columns and atoms as terms.
//!
//! A column whose value may be unknown though all facts are known (a division by zero, a table without a
//! row for it) has any value there, and a question about a code that is too coarse to say is "no": so
//! the diagrams take it too.

use std::collections::{BTreeMap, BTreeSet};

use exeat_hir::{DecisionId, Ty};
use exeat_model::{Date, Truth, Value};
use exeat_program::{ConditionId, Formula, Node, NodeId, Question, Source};

use super::decisions::Decided;
use super::sheet::Sheet;
use super::term::{Sort, Term};
use crate::space::{Side, Space, asks_outcomes_alone, ends, values_of_type};
use crate::words::{At, describe_condition, describe_node, node_type, type_key};

/// Why something has no exact form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NoForm(pub(super) String);

pub(super) fn no_form<T>(why: &str) -> Result<T, NoForm> {
    Err(NoForm(why.to_owned()))
}

/// What an expression is worth.
#[derive(Clone, Debug)]
pub(super) struct Worth {
    /// Its value where it is known; nothing where it never is.
    pub(super) value: Option<(Sort, Term)>,
    /// Where it is known.
    pub(super) known: Term,
    /// Where it is not known because it reads a decision that is not needed.
    pub(super) unneeded: Term,
}

/// Where a condition is true and where it is false; elsewhere it is unknown.
#[derive(Clone, Debug)]
pub(super) struct Truths {
    pub(super) yes: Term,
    pub(super) no: Term,
}

pub(super) struct Rules<'e, 's, 'p> {
    pub(super) sheet: &'e mut Sheet,
    pub(super) space: &'s Space<'p>,
    pub(super) side: &'s Side<'p>,
    /// What stands before the names of what differs between sides.
    pub(super) prefix: &'static str,
    pub(super) nodes: BTreeMap<NodeId, Result<Worth, NoForm>>,
    pub(super) conditions: BTreeMap<ConditionId, Result<Truths, NoForm>>,
    pub(super) decided: BTreeMap<DecisionId, Decided>,
    columns: BTreeMap<u32, Term>,
    atoms: BTreeMap<u32, Term>,
}

impl<'e, 's, 'p> Rules<'e, 's, 'p> {
    pub(super) fn new(
        sheet: &'e mut Sheet,
        space: &'s Space<'p>,
        side: &'s Side<'p>,
        prefix: &'static str,
    ) -> Self {
        Self {
            sheet,
            space,
            side,
            prefix,
            nodes: BTreeMap::new(),
            conditions: BTreeMap::new(),
            decided: BTreeMap::new(),
            columns: BTreeMap::new(),
            atoms: BTreeMap::new(),
        }
    }

    /// A name that says on which side it stands.
    pub(super) fn named(&self, kind: &str, name: &str) -> String {
        format!("{}{kind}.{name}", self.prefix)
    }

    /// Where a formula is true; it has no other negation than that of atoms.
    pub(super) fn formula(&mut self, formula: &Formula) -> Term {
        match formula {
            Formula::Constant(truth) => Term::truth(*truth == Truth::True),
            Formula::Atom(atom, true) => self.atom(*atom),
            Formula::Atom(atom, false) => self.atom(*atom).negated(),
            Formula::All(parts) => {
                let parts: Vec<Term> = parts.iter().map(|part| self.formula(part)).collect();
                Term::all(parts)
            }
            Formula::Any(parts) => {
                let parts: Vec<Term> = parts.iter().map(|part| self.formula(part)).collect();
                Term::any(parts)
            }
        }
    }

    fn atom(&mut self, atom: u32) -> Term {
        if let Some(known) = self.atoms.get(&atom) {
            return known.clone();
        }
        let found = usize::try_from(atom).ok().and_then(|at| self.side.epoch.atoms.get(at));
        let Some(found) = found else { return Term::truth(false) };
        let column = self.column(found.column, &found.question);
        let term = self.question(&column, &found.question);
        self.atoms.insert(atom, term.clone());
        term
    }

    fn question(&mut self, column: &Term, question: &Question) -> Term {
        match question {
            Question::Yes => column.clone(),
            Question::Band { low, high } => {
                let low = low.as_ref().map(|(end, with)| self.end(end, column, *with));
                let high = high.as_ref().map(|(end, with)| self.high_end(column, end, *with));
                Term::all(low.into_iter().chain(high))
            }
            Question::OneOf(values) => self.sheet.one_of(column, values.iter()),
            Question::Codes(truths) => {
                let yes = truths.iter().filter(|(_, truth)| **truth == Truth::True);
                self.sheet.one_of(column, yes.map(|(value, _)| value))
            }
        }
    }

    /// Whether a lower end lets a term be.
    pub(super) fn end(&mut self, end: &Value, term: &Term, included: bool) -> Term {
        let sign = if included { "<=" } else { "<" };
        let end = self.sheet.value(end);
        end.map_or(Term::truth(false), |(_, end)| Term::apply(sign, &[&end, term]))
    }

    /// Whether an upper end lets a term be.
    pub(super) fn high_end(&mut self, term: &Term, end: &Value, included: bool) -> Term {
        let sign = if included { "<=" } else { "<" };
        let end = self.sheet.value(end);
        end.map_or(Term::truth(false), |(_, end)| Term::apply(sign, &[term, &end]))
    }

    /// What a column is worth. Where that is not known, it may be anything.
    fn column(&mut self, at: u32, question: &Question) -> Term {
        if let Some(known) = self.columns.get(&at) {
            return known.clone();
        }
        let place = usize::try_from(at).unwrap_or(usize::MAX);
        let side = self.side;
        let Some(column) = side.epoch.columns.get(place) else { return Term::truth(false) };
        let variable = self.space.variable_of(side.number, place);
        let key = match variable {
            // What sides ask in the same way is the same on both.
            Some(variable) => format!("variable {variable}"),
            None => format!("column {} {at}", side.number),
        };
        let sort = self.sort_asked(&column.source, question);
        let term = match &column.source {
            Source::Proposal(module) => Term::truth(side.proposals.contains(module)),
            Source::Reading(id) => self.reading(*id),
            Source::Slot(slot) => match self.slot(*slot) {
                Ok((_, term)) => term,
                Err(why) => self.left_free(&key, sort, &format!("a fact, {}", why.0)),
            },
            Source::Node(node) => {
                let words = describe_node(side, *node, At::TOP);
                match self.node(*node) {
                    Ok(worth) => self.completed(&key, sort, &worth),
                    Err(why) => self.left_free(&key, sort, &format!("`{words}`, {}", why.0)),
                }
            }
            Source::Condition(id) => {
                let alone = asks_outcomes_alone(side, &column.source);
                let words = describe_condition(side, *id, At::TOP);
                match self.condition(*id) {
                    Ok(truths) if alone => truths.yes,
                    Ok(truths) if truths.is_settled() => truths.yes,
                    Ok(truths) => {
                        let any = self.sheet.declare(&key, "unknown", Sort::Bool);
                        truths.yes.or(&any.without(&truths.no))
                    }
                    Err(why) if alone => {
                        let words = format!("`{words}`, {}", why.0);
                        self.sheet.leave(&key, "left_out", Sort::Bool, &words, false)
                    }
                    Err(why) => self.left_free(&key, Sort::Bool, &format!("`{words}`, {}", why.0)),
                }
            }
        };
        self.columns.insert(at, term.clone());
        term
    }

    fn left_free(&mut self, key: &str, sort: Sort, words: &str) -> Term {
        self.sheet.leave(key, "free", sort, words, true)
    }

    /// A value that may be anything where it is not known.
    fn completed(&mut self, key: &str, sort: Sort, worth: &Worth) -> Term {
        let known = worth.value.clone().filter(|_| worth.known.is(true));
        if let Some((_, term)) = known {
            return term;
        }
        let sort = worth.value.as_ref().map_or(sort, |(sort, _)| *sort);
        let any = self.sheet.declare(&format!("{key} {sort:?}"), "unknown", sort);
        match &worth.value {
            Some((_, term)) => Term::choose(&worth.known, term, &any),
            None => any,
        }
    }

    /// The sort of what a question is asked about.
    fn sort_asked(&self, source: &Source, question: &Question) -> Sort {
        if let Source::Node(node) = source
            && let Some(sort) = sort_of(&node_type(self.side, *node, 0))
        {
            return sort;
        }
        let sort = |value: Option<&Value>| match value {
            Some(Value::Number(_)) => Sort::Real,
            _ => Sort::Int,
        };
        match question {
            Question::Yes => Sort::Bool,
            Question::Band { low, high } => {
                sort(low.as_ref().or(high.as_ref()).map(|(value, _)| value))
            }
            Question::OneOf(values) => sort(values.first()),
            Question::Codes(_) => Sort::Int,
        }
    }

    fn reading(&mut self, id: exeat_hir::ReadingId) -> Term {
        let hir = self.side.program.hir();
        let Some(reading) = hir.readings.get(id) else { return Term::new("0") };
        let name = hir.full_name(reading.module, &reading.name);
        let key = format!("reading {name}");
        let term = self.sheet.declare(&key, &format!("reading.{name}"), Sort::Int);
        let choices: BTreeSet<Value> =
            reading.choices.iter().map(|choice| Value::Symbol(choice.name.clone())).collect();
        self.sheet.limit(&term, &choices);
        term
    }

    /// A fact, or a field of one.
    pub(super) fn slot(&mut self, slot: u32) -> Result<(Sort, Term), NoForm> {
        let side = self.side;
        let found = usize::try_from(slot).ok().and_then(|at| side.program.slots().get(at));
        let Some(found) = found else { return no_form("which is not there") };
        let Some(sort) = sort_of(&found.ty) else {
            return no_form("which is a list or a set");
        };
        let ty = type_key(side.program.hir(), &found.ty);
        let key = format!("fact {} {ty}", found.path);
        let term = self.sheet.declare(&key, &format!("fact.{}", found.path), sort);
        if self.sheet.note(&format!("{key} on {}", side.number)) {
            match &found.ty {
                Ty::YesNo => {}
                Ty::Date => self.sheet.limit_to_days(&term, Date::MIN, Date::MAX),
                ty => {
                    if let Some(values) = values_of_type(side, ty) {
                        self.sheet.limit(&term, &values);
                    }
                }
            }
        }
        Ok((sort, term))
    }

    /// The day for which the rules are asked.
    pub(super) fn day(&mut self) -> Term {
        let key = format!("day {}", self.side.calendar);
        let term = self.sheet.declare(&key, "as_of_date", Sort::Int);
        if self.sheet.note(&format!("{key} on {}", self.side.number)) {
            let (first, last) = ends(&self.side.epoch.days);
            self.sheet.limit_to_days(&term, first.unwrap_or(Date::MIN), last.unwrap_or(Date::MAX));
        }
        term
    }
}

/// The sort of a type; none for what is no single value.
pub(super) fn sort_of(ty: &Ty) -> Option<Sort> {
    match ty {
        Ty::YesNo => Some(Sort::Bool),
        Ty::Quantity(_) => Some(Sort::Real),
        Ty::Date | Ty::Text | Ty::Country | Ty::Enum(_) | Ty::Code(_) => Some(Sort::Int),
        _ => None,
    }
}

/// Whether a node is written out in the rules, so that a code means just that entry.
pub(super) fn is_written(side: &Side<'_>, node: NodeId) -> bool {
    matches!(side.epoch.arena.node(node), Node::Constant(_))
}
