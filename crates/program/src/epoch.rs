//! The rules as they stand between two days on which anything dated changes: atoms over columns, and
//! for each decision the formulas of its rules with who defeats whom.

use std::collections::{BTreeMap, BTreeSet};

use exeat_hir::{
    AssertionId, AssumptionId, Combine, Decision, DecisionId, Force, GroupItem, Hir, ModuleId,
    ModuleStatus, NotModelledId, ReadingId, Rule, RuleId, Ty,
};
use exeat_model::{Date, Interval, Value};
use indexmap::IndexMap;

use crate::cells::{Answers, Cells, Question, cut};
use crate::formula::{AtomId, Formula};
use crate::lower::{Lowering, Unsupported};
use crate::node::{Arena, ConditionId, Node, NodeId};
use crate::questions::asked;
use crate::slot::Slot;

/// What a column has its value from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// A fact or a field of one.
    Slot(u32),
    /// A quantity that the rules compute.
    Node(NodeId),
    /// A condition that is no test of one value against constants: its truth.
    Condition(ConditionId),
    /// The choice of a reading, by its name.
    Reading(ReadingId),
    /// Whether a proposal is to decide.
    Proposal(ModuleId),
}

/// Something that atoms ask, with its values in cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Where the value comes from.
    pub source: Source,
    /// Its cells.
    pub cells: Cells,
}

/// A question about a column, with the answer for each of its cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Atom {
    /// The column.
    pub column: u32,
    /// The question.
    pub question: Question,
    /// The answers.
    pub answers: Answers,
}

/// The rules of an epoch.
#[derive(Clone, Debug)]
pub struct Epoch {
    /// Its days.
    pub days: Interval,
    /// Its expressions and conditions.
    pub arena: Arena,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its atoms.
    pub atoms: Vec<Atom>,
    /// Its decisions, each after those that it reads.
    pub decisions: Vec<LoweredDecision>,
    /// What is claimed of all transactions and what is taken for granted; only in an epoch that was
    /// lowered with it ([`Program::epoch_with_claims`](crate::Program::epoch_with_claims)).
    pub claims: Claims,
    /// How many names of elements there are.
    pub(crate) locals: usize,
}

/// What is said of all transactions, and what things are called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claims {
    /// The assertions for these days.
    pub assertions: Vec<LoweredAssertion>,
    /// The assumptions.
    pub assumptions: Vec<(AssumptionId, Formula)>,
    /// The quantities that defines without parameters name.
    pub node_names: BTreeMap<NodeId, (String, Ty)>,
    /// The conditions that defines without parameters name.
    pub condition_names: BTreeMap<ConditionId, String>,
}

/// An assertion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoweredAssertion {
    /// Which one.
    pub id: AssertionId,
    /// What it claims.
    pub claim: Formula,
    /// Where.
    pub when: Formula,
}

/// A decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoweredDecision {
    /// Which one.
    pub id: DecisionId,
    /// How rules combine.
    pub combine: Combine,
    /// What holds if no rule applies.
    pub otherwise: Option<Value>,
    /// The condition under which it is needed.
    pub needed: Option<Formula>,
    /// The rules with a conclusion for it, all that defeats them, and what these except. A rule stands
    /// after those to which it is an exception.
    pub rules: Vec<LoweredRule>,
    /// The places of the rules, each after those that defeat it.
    pub by_defeat: Vec<usize>,
    /// What is not modelled and affects it.
    pub gaps: Vec<(NotModelledId, Formula)>,
}

/// A rule for one decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoweredRule {
    /// Which one.
    pub id: RuleId,
    /// Whether it has force under the readings and its condition is true.
    pub own: Formula,
    /// What it gives the decision.
    pub value: RuleValue,
    /// The places of the rules that defeat it where they hold.
    pub defeated_by: Vec<usize>,
    /// For an exception, the places of the rules of which one has to apply. Those that have no force on
    /// these days are not among them.
    pub exception_to: Option<Vec<usize>>,
}

/// What a rule gives a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuleValue {
    /// Nothing; it is there for what it defeats.
    Nothing,
    /// That value.
    Constant(Value),
    /// A value that depends on facts.
    Node(NodeId),
}

/// All first days of an epoch but the first, which has no beginning.
pub(crate) fn boundaries(hir: &Hir) -> Vec<Date> {
    let mut days: BTreeSet<Date> = BTreeSet::new();
    let mut note =
        |interval: &Interval| days.extend(interval.from.into_iter().chain(interval.until));
    let force = |force: &Force| {
        [force.interval].into_iter().chain(force.suspensions.iter().copied()).collect::<Vec<_>>()
    };
    for rule in hir.rules.values() {
        force(&rule.force).iter().for_each(&mut note);
    }
    for item in hir.not_modelled.values() {
        force(&item.force).iter().for_each(&mut note);
    }
    for define in hir.defines.values() {
        define.pieces.iter().for_each(|piece| note(&piece.interval));
    }
    for table in hir.tables.values() {
        table.rows.iter().for_each(|row| note(&row.interval));
    }
    for list in hir.code_lists.values() {
        list.entries.values().for_each(|entry| note(&entry.interval));
    }
    hir.assertions.values().for_each(|assertion| note(&assertion.interval));
    for group in hir.groups.values() {
        for item in &group.items {
            match item {
                GroupItem::Member { interval, .. } | GroupItem::Set { interval, .. } => {
                    note(interval);
                }
            }
        }
    }
    days.into_iter().collect()
}

impl Epoch {
    /// Lowers the rules for the days of an interval in which nothing dated changes.
    pub(crate) fn lower(
        hir: &Hir,
        slots: &[Slot],
        days: Interval,
        with_claims: bool,
    ) -> Result<Self, Unsupported> {
        let day = days.from.or(days.until.and_then(|until| until.yesterday().ok()));
        let mut builder = Builder {
            lowering: Lowering::new(hir, day.unwrap_or(Date::ZERO), slots),
            columns: Vec::new(),
            column_of: BTreeMap::new(),
            atom_of: IndexMap::new(),
            formula_of: BTreeMap::new(),
            atoms: Vec::new(),
        };
        let mut decisions = Vec::new();
        for id in &hir.decision_order {
            let Some(decision) = hir.decisions.get(*id) else { continue };
            decisions.push(builder.decision(*id, decision)?);
        }
        let claims = if with_claims { builder.claims() } else { Claims::default() };
        builder.finish(days, decisions, claims)
    }
}

struct Builder<'h> {
    lowering: Lowering<'h>,
    /// Each column with its questions.
    columns: Vec<(Source, Vec<Question>)>,
    column_of: BTreeMap<Source, usize>,
    atom_of: IndexMap<(usize, Question), AtomId>,
    /// The formulas of conditions that have been asked for.
    formula_of: BTreeMap<ConditionId, Formula>,
    /// The column and question of each atom, by their places.
    atoms: Vec<(usize, usize)>,
}

impl Builder<'_> {
    fn atom(&mut self, source: Source, question: Question) -> AtomId {
        let column = *self.column_of.entry(source.clone()).or_insert_with(|| {
            self.columns.push((source, Vec::new()));
            self.columns.len().saturating_sub(1)
        });
        let asked = (column, question);
        if let Some(atom) = self.atom_of.get(&asked) {
            return *atom;
        }
        let questions = self.columns.get_mut(column).map(|(_, questions)| questions);
        let place = questions.map_or(0, |questions| {
            questions.push(asked.1.clone());
            questions.len().saturating_sub(1)
        });
        let atom = AtomId::try_from(self.atoms.len()).unwrap_or(AtomId::MAX);
        self.atoms.push((column, place));
        self.atom_of.insert(asked, atom);
        atom
    }

    fn formula(&mut self, condition: ConditionId) -> Formula {
        if let Some(known) = self.formula_of.get(&condition) {
            return known.clone();
        }
        let formula = self.new_formula(condition);
        self.formula_of.insert(condition, formula.clone());
        formula
    }

    fn new_formula(&mut self, condition: ConditionId) -> Formula {
        use crate::node::Condition;
        match self.lowering.arena.condition(condition).clone() {
            Condition::Constant(truth) => Formula::Constant(truth),
            Condition::All(parts) => {
                Formula::all(parts.into_iter().map(|part| self.formula(part)).collect())
            }
            Condition::Any(parts) => {
                Formula::any(parts.into_iter().map(|part| self.formula(part)).collect())
            }
            Condition::Not(inner) => self.formula(inner).negated(),
            Condition::Choose(test, then, otherwise) => {
                let test = self.formula(test);
                let (then, otherwise) = (self.formula(then), self.formula(otherwise));
                // Where the test is unknown, the two may still agree.
                Formula::any(vec![
                    Formula::all(vec![test.clone(), then.clone()]),
                    Formula::all(vec![test.negated(), otherwise.clone()]),
                    Formula::all(vec![then, otherwise]),
                ])
            }
            Condition::Test(test) => {
                match asked(self.lowering.hir, self.lowering.day, &self.lowering.arena, &test) {
                    Some((node, question, positive)) => {
                        let source = match self.lowering.arena.node(node) {
                            Node::Slot(slot) => Source::Slot(*slot),
                            _ => Source::Node(node),
                        };
                        Formula::Atom(self.atom(source, question), positive)
                    }
                    None => self.opaque(condition),
                }
            }
            Condition::Quantified { .. } => self.opaque(condition),
        }
    }

    fn opaque(&mut self, condition: ConditionId) -> Formula {
        Formula::Atom(self.atom(Source::Condition(condition), Question::Yes), true)
    }

    fn under(&mut self, module: ModuleId, force: &Force) -> Vec<Formula> {
        let hir = self.lowering.hir;
        let mut parts = Vec::new();
        if hir.modules.get(module).is_some_and(|one| one.status == ModuleStatus::Proposal) {
            let atom = self.atom(Source::Proposal(module), Question::Yes);
            parts.push(Formula::Atom(atom, true));
        }
        for under in &force.under {
            let names = hir.readings.get(under.reading).map(|reading| &reading.choices);
            let chosen = under.choices.iter().filter_map(|choice| names?.get(*choice));
            let chosen = chosen.map(|choice| Value::Symbol(choice.name.clone())).collect();
            let atom = self.atom(Source::Reading(under.reading), Question::OneOf(chosen));
            parts.push(Formula::Atom(atom, true));
        }
        parts
    }

    fn own(&mut self, module: ModuleId, force: &Force, when: Option<&exeat_hir::Expr>) -> Formula {
        let mut parts = self.under(module, force);
        if let Some(when) = when {
            let condition = self.lowering.condition(when);
            parts.push(self.formula(condition));
        }
        Formula::all(parts)
    }

    fn decision(
        &mut self,
        id: DecisionId,
        decision: &Decision,
    ) -> Result<LoweredDecision, Unsupported> {
        let hir = self.lowering.hir;
        let day = self.lowering.day;
        let in_force = |id: &RuleId| hir.rules.get(*id).is_some_and(|rule| rule.force.on(day));
        let relevant: BTreeSet<RuleId> = relevant(hir, id).into_iter().filter(in_force).collect();
        let excepted = |rule: &Rule| rule.exception_to.clone();
        let order = ordered(hir, &relevant, excepted)?;
        let place: BTreeMap<RuleId, usize> =
            order.iter().enumerate().map(|(at, id)| (*id, at)).collect();
        let by_defeat = ordered(hir, &relevant, |rule| rule.defeated_by.clone())?;
        let places = |rules: &[RuleId]| -> Vec<usize> {
            rules.iter().filter_map(|id| place.get(id).copied()).collect()
        };
        let mut rules = Vec::new();
        for rule_id in &order {
            let Some(rule) = hir.rules.get(*rule_id) else { continue };
            let own = self.own(rule.module, &rule.force, rule.when.as_ref());
            let conclusion = rule.conclusions.iter().find(|one| one.decision == id);
            let value = match conclusion.map(|conclusion| self.lowering.node(&conclusion.value)) {
                None => RuleValue::Nothing,
                Some(node) => match self.lowering.arena.node(node) {
                    Node::Constant(value) => RuleValue::Constant(value.clone()),
                    _ => RuleValue::Node(node),
                },
            };
            rules.push(LoweredRule {
                id: *rule_id,
                own,
                value,
                defeated_by: places(&rule.defeated_by),
                exception_to: (!rule.exception_to.is_empty()).then(|| places(&rule.exception_to)),
            });
        }
        let needed = decision.needed_when.as_ref().map(|needed| {
            let condition = self.lowering.condition(needed);
            self.formula(condition)
        });
        let mut gaps = Vec::new();
        for (gap, item) in hir.not_modelled.iter() {
            if item.affects.contains(&id) && item.force.on(day) {
                gaps.push((gap, self.own(item.module, &item.force, item.when.as_ref())));
            }
        }
        Ok(LoweredDecision {
            id,
            combine: decision.combine,
            otherwise: decision.otherwise.clone(),
            needed,
            rules,
            by_defeat: by_defeat.iter().filter_map(|id| place.get(id).copied()).collect(),
            gaps,
        })
    }

    fn claims(&mut self) -> Claims {
        let hir = self.lowering.hir;
        let day = self.lowering.day;
        let mut claims = Claims::default();
        for (id, assertion) in hir.assertions.iter() {
            if !assertion.interval.contains(day) {
                continue;
            }
            let claim = self.lowering.condition(&assertion.claim);
            let claim = self.formula(claim);
            let when = match &assertion.when {
                Some(when) => {
                    let when = self.lowering.condition(when);
                    self.formula(when)
                }
                None => Formula::Constant(exeat_model::Truth::True),
            };
            claims.assertions.push(LoweredAssertion { id, claim, when });
        }
        for (id, assumption) in hir.assumptions.iter() {
            let condition = self.lowering.condition(&assumption.condition);
            claims.assumptions.push((id, self.formula(condition)));
        }
        for define in hir.defines.values().filter(|define| define.parameters.is_empty()) {
            let Some(piece) = define.pieces.iter().find(|piece| piece.interval.contains(day))
            else {
                continue;
            };
            if define.ty == Ty::YesNo {
                let id = self.lowering.condition(&piece.body);
                claims.condition_names.entry(id).or_insert_with(|| define.name.to_string());
            } else if matches!(
                define.ty,
                Ty::Quantity(_) | Ty::Date | Ty::Text | Ty::Country | Ty::Enum(_) | Ty::Code(_)
            ) {
                let id = self.lowering.node(&piece.body);
                let named = || (define.name.to_string(), define.ty.clone());
                claims.node_names.entry(id).or_insert_with(named);
            }
        }
        claims
    }

    fn finish(
        self,
        days: Interval,
        decisions: Vec<LoweredDecision>,
        claims: Claims,
    ) -> Result<Epoch, Unsupported> {
        if let Some(unsupported) = self.lowering.unsupported {
            return Err(unsupported);
        }
        let locals = self.lowering.locals();
        let mut arena = self.lowering.arena;
        arena.find_the_steady();
        let mut columns = Vec::new();
        let mut answers: Vec<Vec<Answers>> = Vec::new();
        let mut all_questions = Vec::new();
        for (source, questions) in self.columns {
            let yes_no = questions.contains(&Question::Yes);
            let ordered = questions.iter().any(|question| match question {
                Question::Band { .. } => true,
                Question::OneOf(values) => {
                    matches!(values.first(), Some(Value::Number(_) | Value::Date(_)))
                }
                Question::Yes | Question::Codes(_) => false,
            });
            let found = cut(ordered, yes_no, &BTreeSet::new(), &questions);
            let (cells, found) = found.ok_or_else(|| Unsupported {
                what: "more constants for one fact than can be told apart".to_owned(),
            })?;
            columns.push(Column { source, cells });
            answers.push(found);
            all_questions.push(questions);
        }
        let atoms = self
            .atoms
            .iter()
            .map(|(column, question)| Atom {
                column: u32::try_from(*column).unwrap_or(u32::MAX),
                question: all_questions
                    .get(*column)
                    .and_then(|questions| questions.get(*question))
                    .cloned()
                    .unwrap_or(Question::Yes),
                answers: answers
                    .get(*column)
                    .and_then(|answers| answers.get(*question))
                    .cloned()
                    .unwrap_or_default(),
            })
            .collect();
        Ok(Epoch { days, arena, columns, atoms, decisions, claims, locals })
    }
}

/// The rules with a conclusion for the decision, all that defeats them, directly or not, and all to which
/// one of these is an exception.
fn relevant(hir: &Hir, decision: DecisionId) -> BTreeSet<RuleId> {
    let concludes =
        |rule: &Rule| rule.conclusions.iter().any(|conclusion| conclusion.decision == decision);
    let mut queue: Vec<RuleId> =
        hir.rules.iter().filter(|(_, rule)| concludes(rule)).map(|(id, _)| id).collect();
    let mut found = BTreeSet::new();
    while let Some(id) = queue.pop() {
        if found.insert(id)
            && let Some(rule) = hir.rules.get(id)
        {
            queue.extend(rule.defeated_by.iter().chain(&rule.exception_to).copied());
        }
    }
    found
}

/// Rules, each after those that it needs.
fn ordered(
    hir: &Hir,
    rules: &BTreeSet<RuleId>,
    needs: impl Fn(&Rule) -> Vec<RuleId>,
) -> Result<Vec<RuleId>, Unsupported> {
    let mut done: BTreeSet<RuleId> = BTreeSet::new();
    let mut order = Vec::new();
    for start in rules {
        // Each entry is a rule, and whether what it needs is done.
        let mut stack = vec![(*start, false)];
        let mut open: BTreeSet<RuleId> = BTreeSet::new();
        while let Some((id, ready)) = stack.pop() {
            if ready {
                open.remove(&id);
                if done.insert(id) {
                    order.push(id);
                }
                continue;
            }
            if done.contains(&id) || !rules.contains(&id) {
                continue;
            }
            if !open.insert(id) {
                return Err(Unsupported { what: "a circle of exceptions".to_owned() });
            }
            stack.push((id, true));
            if let Some(rule) = hir.rules.get(id) {
                stack.extend(needs(rule).into_iter().map(|need| (need, false)));
            }
        }
    }
    Ok(order)
}
