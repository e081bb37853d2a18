//! The ways in which one fact may be changed so that a computed variable changes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use exeat_hir::Ty;
use exeat_model::{Code, Country, Number, Record, Value};
use exeat_program::{
    Cells, Condition, ConditionId, Membership, Node, NodeId, Pattern, Relation, Slot, Source, Test,
};

use crate::looking::Looking;
use crate::search::{Search, Trying};
use crate::solve::{as_dates, as_number, inverse};
use crate::space::Side;
use crate::values::{targets, usual};
use crate::witness::Witness;
use crate::words::{countable, node_type};

/// The longest list that is made.
const LONGEST: usize = 2;

/// What a variable is made of, as far as it guides the search.
#[derive(Default)]
struct Ingredients<'s> {
    /// What it asks for by name, or compares with.
    constants: BTreeSet<Value>,
    /// The sets that it asks about.
    sets: Vec<Arc<BTreeSet<Value>>>,
    /// Numbers and what they should come to: the quantity itself, or the sides of comparisons.
    gauges: Vec<Gauge<'s>>,
    nodes: BTreeSet<NodeId>,
    conditions: BTreeSet<ConditionId>,
}

struct Gauge<'s> {
    looking: Looking<'s>,
    wanted: Wanted,
}

enum Wanted {
    /// One of these.
    Values(Vec<Number>),
    /// Two sides that are equal.
    Equal,
}

impl<'s> Gauge<'s> {
    fn difference(side: &'s Side<'s>, a: NodeId, b: NodeId) -> Self {
        let looking = Looking::new(side, vec![Source::Node(a), Source::Node(b)]);
        Self { looking, wanted: Wanted::Equal }
    }
}

/// How a variable of a case can be moved.
pub(crate) struct Recipe<'s> {
    side: &'s Side<'s>,
    slots: BTreeSet<u32>,
    day: bool,
    ingredients: Ingredients<'s>,
    pools: BTreeMap<String, Vec<Value>>,
}

impl<'s> Recipe<'s> {
    fn new(search: &Search<'s, '_>, variable: usize, trying: &Trying<'_>) -> Option<Self> {
        let side: &'s Side<'s> = search.side_of(variable, trying.sides)?;
        let source = search.space.source(side.number, variable)?;
        let wanted = search.space.variables.get(variable).zip(trying.case.cells.get(&variable));
        let wanted =
            |unit: Number| wanted.map(|(found, wanted)| targets(&found.cells, wanted, unit));
        Self::of(side, source, &wanted)
    }

    /// That of a source, with what a quantity should come to in its unit.
    fn of(
        side: &'s Side<'s>,
        source: &Source,
        wanted: &dyn Fn(Number) -> Option<Vec<Value>>,
    ) -> Option<Self> {
        let arena = &side.epoch.arena;
        let mut ingredients = Ingredients::default();
        let (slots, day) = match source {
            Source::Node(node) => {
                ingredients.node(side, *node);
                let unit = match node_type(side, *node, 0) {
                    Ty::Quantity(unit) => unit.factor,
                    _ => Number::ONE,
                };
                if let Some(wanted) = wanted(unit) {
                    let wanted = wanted.iter().filter_map(as_number).collect();
                    let looking = Looking::new(side, vec![Source::Node(*node)]);
                    ingredients.gauges.push(Gauge { looking, wanted: Wanted::Values(wanted) });
                }
                let reads = arena.reads_of_node(*node);
                (reads.slots, reads.day)
            }
            Source::Condition(id) => {
                ingredients.condition(side, *id);
                let reads = arena.reads_of_condition(*id);
                let mut slots = reads.slots;
                // What decisions read decides them.
                if !reads.decisions.is_empty() {
                    slots.extend(slots_of_decisions(side, &reads.decisions));
                }
                (slots, reads.day)
            }
            Source::Slot(_) | Source::Reading(_) | Source::Proposal(_) => return None,
        };
        Some(Self { side, slots, day, ingredients, pools: BTreeMap::new() })
    }
}

/// All single changes that may bring a variable into its cells.
pub(crate) fn moves<'s>(
    search: &Search<'s, '_>,
    witness: &Witness,
    variable: usize,
    trying: &mut Trying<'s>,
) -> Vec<Witness> {
    let known = trying.recipes.remove(&variable);
    let Some(mut recipe) = known.or_else(|| Recipe::new(search, variable, trying)) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let side = recipe.side;
    let slots = std::mem::take(&mut recipe.slots);
    let mut maker = Maker { recipe: &mut recipe, witness, trials: &mut trying.trials };
    for slot in &slots {
        let slot = usize::try_from(*slot).ok().and_then(|at| side.program.slots().get(at));
        let Some(slot) = slot else { continue };
        let before = witness.facts.get(&slot.path).cloned().or_else(|| usual(side, &slot.ty));
        let Some(before) = before else { continue };
        for value in maker.changes(&slot.path, &slot.ty, &before, &|value| value) {
            if value != before {
                let mut changed = witness.clone();
                changed.facts.insert(slot.path.clone(), value);
                found.push(changed);
            }
        }
    }
    recipe.slots = slots;
    if recipe.day {
        let (first, last) = crate::space::ends(&side.epoch.days);
        for day in first.into_iter().chain(last) {
            let mut changed = witness.clone();
            changed.days.insert(side.calendar, day);
            found.push(changed);
        }
    }
    trying.recipes.insert(variable, recipe);
    found
}

/// Values of one fact that may bring a computed column into another of its cells, the other facts as they
/// are in a witness.
pub(crate) fn values_for(
    side: &Side<'_>,
    witness: &Witness,
    (source, cells): (&Source, &Cells),
    slot: &Slot,
    trials: &mut usize,
) -> Vec<Value> {
    let before = witness.facts.get(&slot.path).cloned().or_else(|| usual(side, &slot.ty));
    let Some(before) = before else { return Vec::new() };
    let points = match cells {
        Cells::Ordered(points) => points.as_slice(),
        Cells::YesNo | Cells::Classes { .. } => &[],
    };
    let Some(mut recipe) = Recipe::of(side, source, &|_| Some(points.to_vec())) else {
        return Vec::new();
    };
    let mut maker = Maker { recipe: &mut recipe, witness, trials };
    maker.changes(&slot.path, &slot.ty, &before, &|value| value)
}

fn slots_of_decisions(
    side: &Side<'_>,
    decisions: &BTreeSet<exeat_hir::DecisionId>,
) -> BTreeSet<u32> {
    let mut slots = BTreeSet::new();
    for decision in side.epoch.decisions.iter().filter(|one| decisions.contains(&one.id)) {
        for rule in &decision.rules {
            rule.own.atoms(&mut |atom| {
                let atom = usize::try_from(atom).ok().and_then(|at| side.epoch.atoms.get(at));
                let column = atom.and_then(|atom| usize::try_from(atom.column).ok());
                match column.and_then(|at| side.epoch.columns.get(at)).map(|one| &one.source) {
                    Some(Source::Slot(slot)) => {
                        slots.insert(*slot);
                    }
                    Some(Source::Node(node)) => {
                        slots.extend(side.epoch.arena.reads_of_node(*node).slots);
                    }
                    Some(Source::Condition(id)) => {
                        slots.extend(side.epoch.arena.reads_of_condition(*id).slots);
                    }
                    Some(Source::Reading(_) | Source::Proposal(_)) | None => {}
                }
            });
        }
    }
    slots
}

struct Maker<'m, 's> {
    recipe: &'m mut Recipe<'s>,
    witness: &'m Witness,
    trials: &'m mut usize,
}

impl Maker<'_, '_> {
    /// Values that a part of a fact may be changed to, put back into the whole.
    fn changes(
        &mut self,
        path: &str,
        ty: &Ty,
        before: &Value,
        whole: &dyn Fn(Value) -> Value,
    ) -> Vec<Value> {
        match (ty, before) {
            (Ty::Quantity(unit), _) => {
                let unit = unit.factor;
                self.numbers(path, before, unit, &|number| whole(Value::Number(number)))
                    .into_iter()
                    .map(|number| whole(Value::Number(number)))
                    .collect()
            }
            (Ty::Date, Value::Date(_)) => {
                let date = |number| as_dates(number).first().copied();
                let with = |number| match date(number) {
                    Some(day) => whole(Value::Date(day)),
                    None => whole(before.clone()),
                };
                let numbers = self.numbers(path, before, Number::ONE, &with);
                numbers.into_iter().flat_map(as_dates).map(|day| whole(Value::Date(day))).collect()
            }
            (Ty::List(element), Value::List(items)) => {
                self.lists(path, element, &items.to_vec(), whole)
            }
            (Ty::Record(id), Value::Record(record)) => {
                let hir = self.recipe.side.program.hir();
                let fields = hir.records.get(*id).map_or(&[][..], |one| one.fields.as_slice());
                let mut found = Vec::new();
                for (at, field) in fields.iter().enumerate() {
                    let known = record.fields.get(at).cloned().flatten();
                    let Some(before) = known.or_else(|| usual(self.recipe.side, &field.ty)) else {
                        continue;
                    };
                    let with = |value: Value| {
                        let mut fields = record.fields.clone();
                        if let Some(place) = fields.get_mut(at) {
                            *place = Some(value);
                        }
                        whole(Value::Record(Arc::new(Record { fields })))
                    };
                    found.extend(self.changes(path, &field.ty, &before, &with));
                }
                found
            }
            (Ty::Record(_), _) => Vec::new(),
            (Ty::Set(element), Value::Set(items)) => {
                let set = |items: BTreeSet<Value>| whole(Value::Set(Arc::new(items)));
                let mut found = vec![set(BTreeSet::new())];
                for value in self.pool(element) {
                    let mut other = (**items).clone();
                    if !other.remove(&value) {
                        other.insert(value.clone());
                    }
                    found.push(set(other));
                    found.push(set(BTreeSet::from([value])));
                }
                found
            }
            _ => self.pool(ty).into_iter().map(whole).collect(),
        }
    }

    fn lists(
        &mut self,
        path: &str,
        element: &Ty,
        items: &[Value],
        whole: &dyn Fn(Value) -> Value,
    ) -> Vec<Value> {
        let list = |items: Vec<Value>| whole(Value::List(Arc::new(items)));
        let mut found = vec![list(Vec::new())];
        for (at, item) in items.iter().enumerate() {
            let with = |value: Value| {
                let mut items = items.to_vec();
                if let Some(place) = items.get_mut(at) {
                    *place = value;
                }
                list(items)
            };
            found.extend(self.changes(path, element, item, &with));
        }
        if items.len() < LONGEST
            && let Some(fresh) = usual(self.recipe.side, element)
        {
            let with = |value: Value| {
                let mut items = items.to_vec();
                items.push(value);
                list(items)
            };
            found.push(with(fresh.clone()));
            found.extend(self.changes(path, element, &fresh, &with));
        }
        found
    }

    /// Values of a type that can be told apart by what the variable asks.
    fn pool(&mut self, ty: &Ty) -> Vec<Value> {
        let key = format!("{ty:?}");
        if let Some(known) = self.recipe.pools.get(&key) {
            return known.clone();
        }
        let pool = match ty {
            Ty::YesNo | Ty::Enum(_) => countable(self.recipe.side, ty),
            Ty::Country => self.countries(),
            Ty::Code(_) => self.codes(ty),
            Ty::Text => {
                let texts = self.recipe.ingredients.constants.iter();
                texts
                    .filter(|value| matches!(value, Value::Text(_)))
                    .cloned()
                    .chain([Value::Text("another".into())])
                    .collect()
            }
            _ => Vec::new(),
        };
        self.recipe.pools.insert(key, pool.clone());
        pool
    }

    /// A country for each way in which the sets that are asked about can hold one.
    fn countries(&self) -> Vec<Value> {
        let all = ["DE", "CN", "US", "JP", "IN", "AE", "MO", "RU"];
        let rest = Country::table().iter().map(|entry| entry.alpha2);
        let mut seen = BTreeSet::new();
        let mut found = Vec::new();
        for country in all.into_iter().chain(rest).filter_map(Country::from_code) {
            let value = Value::Country(country);
            let ways: Vec<bool> =
                self.recipe.ingredients.sets.iter().map(|set| set.contains(&value)).collect();
            let named = self.recipe.ingredients.constants.contains(&value).then(|| value.clone());
            if seen.insert((ways, named)) {
                found.push(value);
            }
        }
        found
    }

    /// The codes that are asked for, their parts, and what meets them.
    fn codes(&self, ty: &Ty) -> Vec<Value> {
        let Ty::Code(list) = ty else { return Vec::new() };
        let Some(list) = self.recipe.side.program.hir().code_lists.get(*list) else {
            return Vec::new();
        };
        let mut found = BTreeSet::from([Value::Code(Code::None)]);
        for value in &self.recipe.ingredients.constants {
            let Value::Code(Code::Entry(code)) = value else { continue };
            found.insert(value.clone());
            let near = list.entries.iter().filter(|(_, entry)| {
                entry.parent.as_ref() == Some(code) || entry.meets.contains(code)
            });
            found.extend(near.map(|(name, _)| Value::Code(Code::Entry(name.clone()))));
        }
        found.into_iter().collect()
    }

    /// Numbers that may bring a gauge where it should be.
    fn numbers(
        &mut self,
        path: &str,
        before: &Value,
        unit: Number,
        with: &dyn Fn(Number) -> Value,
    ) -> Vec<Number> {
        let before = as_number(before).unwrap_or(Number::ZERO);
        let mut found = BTreeSet::new();
        let near = [1, 2, 4].map(|x| Number::from_integer(x).checked_mul(unit).unwrap_or(unit));
        let scaled = [1, 2, 3].map(|x| before.checked_mul(Number::from_integer(x)).unwrap_or(unit));
        let starts = if before.is_zero() { vec![near] } else { vec![scaled, near] };
        let mut gauges = std::mem::take(&mut self.recipe.ingredients.gauges);
        for gauge in gauges.iter_mut().filter(|gauge| gauge.looking.reads(path)) {
            for start in &starts {
                self.solve(path, gauge, *start, unit, with, &mut found);
            }
        }
        self.recipe.ingredients.gauges = gauges;
        for value in &self.recipe.ingredients.constants {
            if let Some(number) = as_number(value) {
                let one = unit;
                found.extend(
                    [Ok(number), number.checked_add(one), number.checked_sub(one)]
                        .into_iter()
                        .flatten(),
                );
            }
        }
        found.extend([Number::ZERO, unit]);
        let mut found: Vec<Number> = found.into_iter().collect();
        // Negative figures are nobody's first thought.
        found.sort_by_key(|number| (number.is_negative(), number.denominator(), *number));
        found
    }

    fn solve(
        &mut self,
        path: &str,
        gauge: &mut Gauge<'_>,
        start: [Number; 3],
        unit: Number,
        with: &dyn Fn(Number) -> Value,
        found: &mut BTreeSet<Number>,
    ) {
        let mut points = Vec::new();
        for x in start {
            let Some(y) = self.gauge(path, gauge, &with(x)) else { return };
            points.push((x, y));
        }
        let Ok(points) = <[(Number, Number); 3]>::try_from(points) else { return };
        match &gauge.wanted {
            Wanted::Values(wanted) => {
                found.extend(wanted.iter().filter_map(|y| inverse(&points, *y)));
            }
            Wanted::Equal => {
                if let Some(x) = inverse(&points, Number::ZERO) {
                    found.insert(x);
                    found.extend([x.checked_add(unit), x.checked_sub(unit)].into_iter().flatten());
                }
            }
        }
    }

    fn gauge(&mut self, path: &str, gauge: &mut Gauge<'_>, value: &Value) -> Option<Number> {
        *self.trials = self.trials.saturating_add(1);
        let values = gauge.looking.values_with(self.witness, Some((path, value)));
        let mut values = values.into_iter();
        let mut next = || values.next().flatten().as_ref().and_then(as_number);
        let first = next()?;
        match gauge.wanted {
            Wanted::Values(_) => Some(first),
            Wanted::Equal => first.checked_sub(next()?).ok(),
        }
    }
}

impl<'s> Ingredients<'s> {
    fn node(&mut self, side: &'s Side<'s>, id: NodeId) {
        if !self.nodes.insert(id) {
            return;
        }
        match side.epoch.arena.node(id) {
            Node::Constant(value) => self.constant(value),
            Node::Unknown | Node::AsOf | Node::Slot(_) | Node::Local(_) | Node::Decision(_) => {}
            Node::Field(a, _) | Node::Aggregate(_, a) | Node::Negate(a) | Node::DatePart(_, a) => {
                self.node(side, *a);
            }
            Node::Record(fields) => fields.iter().flatten().for_each(|id| self.node(side, *id)),
            Node::List(parts) => parts.iter().for_each(|part| match part {
                exeat_program::ListPart::One(id) | exeat_program::ListPart::Each(id) => {
                    self.node(side, *id);
                }
            }),
            Node::Comprehension { list, filter, body, .. } => {
                self.node(side, *list);
                self.node(side, *body);
                if let Some(filter) = filter {
                    self.condition(side, *filter);
                }
            }
            Node::Arithmetic(_, a, b)
            | Node::ShiftDays { date: a, days: b, .. }
            | Node::ShiftMonths { date: a, months: b, .. }
            | Node::DaysBetween(a, b)
            | Node::SetOperation(_, a, b) => {
                self.node(side, *a);
                self.node(side, *b);
            }
            Node::If(test, a, b) => {
                self.condition(side, *test);
                self.node(side, *a);
                self.node(side, *b);
            }
            Node::Table(table, keys) => {
                for id in keys {
                    self.node(side, *id);
                }
                let rows = side.epoch.arena.table(*table).into_iter().flat_map(|table| &table.rows);
                for (patterns, value) in rows {
                    self.node(side, *value);
                    for pattern in patterns {
                        self.pattern(side, pattern);
                    }
                }
            }
            Node::Call(_, arguments) | Node::Set(arguments) => {
                for id in arguments {
                    self.node(side, *id);
                }
            }
            Node::Truth(condition) => self.condition(side, *condition),
        }
    }

    fn constant(&mut self, value: &Value) {
        if let Value::Set(values) = value {
            self.sets.push(Arc::clone(values));
        } else {
            self.constants.insert(value.clone());
        }
    }

    fn pattern(&mut self, side: &'s Side<'s>, pattern: &Pattern) {
        match pattern {
            Pattern::Any => {}
            Pattern::Value(value, _) => self.constant(value),
            Pattern::Set(set, _) => self.membership(side, set),
            Pattern::Within(test) => self.codes(&test.targets),
            Pattern::Band { low, high } => {
                self.constants.extend(low.iter().chain(high).map(|(end, _)| end.clone()));
            }
        }
    }

    fn codes(&mut self, codes: &[Code]) {
        self.constants.extend(codes.iter().cloned().map(Value::Code));
    }

    fn membership(&mut self, side: &'s Side<'s>, set: &Membership) {
        match set {
            Membership::Constant(values) => {
                self.sets.push(Arc::clone(values));
                let named = values.iter().filter(|value| !matches!(value, Value::Country(_)));
                self.constants.extend(named.cloned());
            }
            Membership::Members(members) => members.iter().for_each(|id| self.node(side, *id)),
            Membership::Value(node) => self.node(side, *node),
            Membership::Join(_, a, b) => {
                self.membership(side, a);
                self.membership(side, b);
            }
            Membership::Choose(test, a, b) => {
                self.condition(side, *test);
                self.membership(side, a);
                self.membership(side, b);
            }
            Membership::Unknown => {}
        }
    }

    fn condition(&mut self, side: &'s Side<'s>, id: ConditionId) {
        if !self.conditions.insert(id) {
            return;
        }
        match side.epoch.arena.condition(id) {
            Condition::Constant(_) => {}
            Condition::All(parts) | Condition::Any(parts) => {
                for part in parts {
                    self.condition(side, *part);
                }
            }
            Condition::Not(inner) => self.condition(side, *inner),
            Condition::Choose(a, b, c) => {
                for part in [a, b, c] {
                    self.condition(side, *part);
                }
            }
            Condition::Quantified { list, body, .. } => {
                self.node(side, *list);
                self.condition(side, *body);
            }
            Condition::Test(test) => self.test(side, test),
        }
    }

    fn test(&mut self, side: &'s Side<'s>, test: &Test) {
        match test {
            Test::Compare(relation, a, b) => {
                if *relation != Relation::IsNot {
                    self.gauges.push(Gauge::difference(side, *a, *b));
                }
                self.node(side, *a);
                self.node(side, *b);
            }
            Test::Band { low, value, high } => {
                self.gauges.push(Gauge::difference(side, *value, low.0));
                self.gauges.push(Gauge::difference(side, *value, high.0));
                for id in [low.0, *value, high.0] {
                    self.node(side, id);
                }
            }
            Test::SameCode(_, a, b) => {
                self.node(side, *a);
                self.node(side, *b);
            }
            Test::In(value, set, _) => {
                self.node(side, *value);
                self.membership(side, set);
            }
            Test::Code(value, test) => {
                self.node(side, *value);
                self.codes(&test.targets);
            }
            Test::Outcome(value, _) | Test::Yes(value) => self.node(side, *value),
        }
    }
}
