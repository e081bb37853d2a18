//! Cases in the facts' own words: `destination in { CN, RU }`, `1_600 TPP <= tpp < 4_800 TPP`.

use std::collections::BTreeSet;

use exeat_eval::describe_value;
use exeat_hir::{Hir, Ty};
use exeat_model::{UnitExpression, Value};
use exeat_program::{
    AggregateKind, CellSet, Cells, Condition, ConditionId, Membership, Node, NodeId, Operator,
    Relation, Source, Test,
};

use crate::space::{Case, Side, Space, Variable, VariableKind, values_of_type};

/// How many values of a set are written out.
const MOST_WRITTEN: usize = 12;
/// How deep an expression without a name is written out.
const DEEPEST: usize = 5;

/// A type as a key by which types of two programs can be compared.
pub(crate) fn type_key(hir: &Hir, ty: &Ty) -> String {
    match ty {
        Ty::Quantity(unit) => format!("{:?}", unit.dimension),
        Ty::Enum(id) => hir.enums.get(*id).map_or_else(String::new, |one| one.name.to_string()),
        Ty::Code(id) => {
            hir.code_lists.get(*id).map_or_else(String::new, |one| one.name.to_string())
        }
        Ty::Outcome(id) => hir.scales.get(*id).map_or_else(String::new, |one| one.name.to_string()),
        Ty::Record(id) => hir.records.get(*id).map_or_else(String::new, |one| one.name.to_string()),
        Ty::List(inner) => format!("list of {}", type_key(hir, inner)),
        Ty::Set(inner) => format!("set of {}", type_key(hir, inner)),
        other => format!("{other:?}"),
    }
}

impl Space<'_> {
    /// A case in words, one condition an entry. What is no fact stands last.
    pub fn describe(&self, side: usize, case: &Case) -> Vec<String> {
        let mut lines: Vec<(bool, &VariableKind, String)> = Vec::new();
        for (at, cells) in &case.cells {
            let Some(variable) = self.variables.get(*at) else { continue };
            let side = if variable.columns.get(side).copied().flatten().is_some() {
                side
            } else {
                variable.columns.iter().position(Option::is_some).unwrap_or(side)
            };
            if let Some(line) = self.describe_cells(side, *at, cells) {
                lines.push((variable.kind.is_computed(), &variable.kind, line));
            }
        }
        lines.sort();
        lines.into_iter().map(|(_, _, line)| line).collect()
    }

    /// Some cells of a variable in words; `None` if they are all that it can have.
    fn describe_cells(&self, at_side: usize, at: usize, cells: &CellSet) -> Option<String> {
        let variable = self.variables.get(at)?;
        let side = self.sides.get(at_side)?;
        let possible = variable.possible.get(at_side)?;
        if possible.iter().all(|cell| cells.contains(cell)) {
            return None;
        }
        let (name, ty) = self.name(at_side, at);
        Some(match &variable.cells {
            Cells::YesNo if cells.contains(1) => name,
            Cells::YesNo => format!("not {}", bracketed(&name)),
            Cells::Ordered(points) => bands(side.program.hir(), &name, &ty, points, cells),
            Cells::Classes { .. } => classes(side, variable, &name, &ty, cells),
        })
    }

    /// What a variable is called on a side, and its type.
    pub fn name(&self, side: usize, variable: usize) -> (String, Ty) {
        let Some(found) = self.variables.get(variable) else { return (String::new(), Ty::Error) };
        match &found.kind {
            VariableKind::Fact(path) => (path.clone(), found.ty.clone().unwrap_or(Ty::Error)),
            VariableKind::Reading(name) => (format!("reading {name}"), Ty::Error),
            VariableKind::Day(_) => ("as_of_date".to_owned(), Ty::Date),
            VariableKind::Quantity(_) | VariableKind::Condition(_) => {
                match (self.source(side, variable), self.sides.get(side)) {
                    (Some(Source::Node(node)), Some(side)) => {
                        let ty = node_type(side, *node, 0);
                        (describe_node(side, *node, At::TOP), ty)
                    }
                    (Some(Source::Condition(id)), Some(side)) => {
                        (describe_condition(side, *id, At::TOP), Ty::YesNo)
                    }
                    _ => (String::new(), Ty::Error),
                }
            }
        }
    }
}

fn bracketed(text: &str) -> String {
    if text.contains(' ') { format!("({text})") } else { text.to_owned() }
}

fn bands(hir: &Hir, name: &str, ty: &Ty, points: &[Value], cells: &CellSet) -> String {
    let last = u16::try_from(points.len().saturating_mul(2)).unwrap_or(u16::MAX);
    let mut runs: Vec<(u16, u16)> = Vec::new();
    for cell in cells.iter().filter(|cell| *cell <= last) {
        match runs.last_mut() {
            Some((_, end)) if end.saturating_add(1) == cell => *end = cell,
            _ => runs.push((cell, cell)),
        }
    }
    let point = |at: Option<u16>| {
        let value = points.get(usize::from(at?))?;
        Some(describe_value(hir, value, ty))
    };
    let texts: Vec<String> = runs
        .iter()
        .map(|(from, to)| {
            if from == to && from & 1 == 1 {
                return format!("{name} is {}", point(Some(from >> 1)).unwrap_or_default());
            }
            let low = if from & 1 == 1 { Some(from >> 1) } else { (from >> 1).checked_sub(1) };
            let low = point(low).map(|end| (end, if from & 1 == 1 { "<=" } else { "<" }));
            let high = point(Some(to >> 1)).map(|end| (end, if to & 1 == 1 { "<=" } else { "<" }));
            match (low, high) {
                (Some((low, a)), Some((high, b))) => format!("{low} {a} {name} {b} {high}"),
                (Some((low, sign)), None) => {
                    format!("{name} {} {low}", if sign == "<=" { ">=" } else { ">" })
                }
                (None, Some((high, sign))) => format!("{name} {sign} {high}"),
                (None, None) => name.to_owned(),
            }
        })
        .collect();
    texts.join(" or ")
}

fn classes(side: &Side<'_>, variable: &Variable, name: &str, ty: &Ty, cells: &CellSet) -> String {
    let Cells::Classes { class, count } = &variable.cells else { return name.to_owned() };
    let hir = side.program.hir();
    let universe = crate::space::universe(side, variable);
    let of = |value: &Value| class.get(value).copied().unwrap_or(count.saturating_sub(1));
    let all: BTreeSet<Value> = universe.clone().unwrap_or_else(|| class.keys().cloned().collect());
    let (inside, outside): (Vec<&Value>, Vec<&Value>) =
        all.iter().partition(|value| cells.contains(of(value)));
    // Without a universe there are values that nobody names.
    let open = universe.is_none() && cells.contains(count.saturating_sub(1));
    let negative = open || (universe.is_some() && outside.len() < inside.len());
    let listed = if negative { &outside } else { &inside };
    if let VariableKind::Reading(reading) = &variable.kind {
        let chosen: Vec<String> = inside
            .iter()
            .map(|value| format!("{reading}.{}", describe_value(hir, value, ty)))
            .collect();
        return format!("reading {}", chosen.join(" or "));
    }
    if let [one] = listed.as_slice() {
        let is = if negative { "is not" } else { "is" };
        return format!("{name} {is} {}", describe_value(hir, one, ty));
    }
    let mut written: Vec<String> =
        listed.iter().take(MOST_WRITTEN).map(|value| describe_value(hir, value, ty)).collect();
    if listed.len() > MOST_WRITTEN {
        written.push(format!("… {} in all", listed.len()));
    }
    let is = if negative { "not in" } else { "in" };
    format!("{name} {is} {{ {} }}", written.join(", "))
}

fn element(ty: Ty) -> Ty {
    match ty {
        Ty::List(inner) | Ty::Set(inner) => *inner,
        other => other,
    }
}

/// The type of a node, as far as it is needed to show its values.
pub(crate) fn node_type(side: &Side<'_>, id: NodeId, depth: usize) -> Ty {
    if let Some((_, ty)) = side.epoch.claims.node_names.get(&id) {
        return ty.clone();
    }
    if depth > DEEPEST.saturating_mul(4) {
        return Ty::Error;
    }
    let below = |id: NodeId| node_type(side, id, depth.saturating_add(1));
    match side.epoch.arena.node(id) {
        Node::AsOf | Node::ShiftDays { .. } | Node::ShiftMonths { .. } => Ty::Date,
        Node::Slot(slot) => usize::try_from(*slot)
            .ok()
            .and_then(|at| side.program.slots().get(at))
            .map_or(Ty::Error, |slot| slot.ty.clone()),
        Node::Arithmetic(operator, a, b) => {
            let (Ty::Quantity(a), Ty::Quantity(b)) = (below(*a), below(*b)) else {
                return Ty::Error;
            };
            let (dimension, sign, factor) = match operator {
                Operator::Add | Operator::Subtract => return Ty::Quantity(a),
                Operator::Multiply => {
                    (a.dimension.times(&b.dimension), "*", a.factor.checked_mul(b.factor))
                }
                Operator::Divide => {
                    (a.dimension.over(&b.dimension), "/", a.factor.checked_div(b.factor))
                }
            };
            if b.dimension.is_none() {
                return Ty::Quantity(a);
            }
            if a.dimension.is_none() && *operator == Operator::Multiply {
                return Ty::Quantity(b);
            }
            let Ok(factor) = factor else { return Ty::Error };
            let text = format!("{}{sign}{}", a.text, b.text).into();
            Ty::Quantity(UnitExpression { text, dimension, factor })
        }
        Node::Negate(inner) => below(*inner),
        Node::Aggregate(AggregateKind::Count, _) => Ty::number(),
        Node::Aggregate(_, list) => element(below(*list)),
        Node::Comprehension { body, .. } => Ty::List(Box::new(below(*body))),
        Node::If(_, a, b) => match below(*a) {
            Ty::Error => below(*b),
            ty => ty,
        },
        Node::Table(table, _) => side
            .epoch
            .arena
            .table(*table)
            .and_then(|table| table.rows.first().map(|(_, value)| *value).or(table.otherwise))
            .map_or(Ty::Error, below),
        Node::Call(function, _) => side
            .program
            .hir()
            .functions
            .get(*function)
            .map_or(Ty::Error, |function| function.result.clone()),
        _ => Ty::Error,
    }
}

/// Where in an expression one is: how deep, and within which lists.
#[derive(Clone, Copy)]
pub(crate) struct At<'a> {
    depth: usize,
    bound: Option<&'a Bound<'a>>,
}

/// The element of a list by its name, and what is bound around it.
struct Bound<'a> {
    local: u32,
    list: NodeId,
    up: Option<&'a Bound<'a>>,
}

impl<'a> At<'a> {
    /// Within nothing.
    pub(crate) const TOP: Self = Self { depth: 0, bound: None };

    fn deeper(self) -> Self {
        Self { depth: self.depth.saturating_add(1), ..self }
    }

    fn with(self, bound: &'a Bound<'a>) -> Self {
        Self { bound: Some(bound), ..self }
    }

    /// The list of whose elements a name is.
    fn list_of(self, local: u32) -> Option<NodeId> {
        let mut next = self.bound;
        while let Some(bound) = next {
            if bound.local == local {
                return Some(bound.list);
            }
            next = bound.up;
        }
        None
    }
}

/// A node in words.
pub(crate) fn describe_node(side: &Side<'_>, id: NodeId, at: At<'_>) -> String {
    if let Some((name, _)) = side.epoch.claims.node_names.get(&id) {
        return name.clone();
    }
    if at.depth > DEEPEST {
        return "…".to_owned();
    }
    let hir = side.program.hir();
    let deeper = at.deeper();
    let below = |id: NodeId| describe_node(side, id, deeper);
    let list = |ids: &[NodeId]| ids.iter().map(|id| below(*id)).collect::<Vec<_>>().join(", ");
    match side.epoch.arena.node(id) {
        Node::Constant(value) => describe_value(hir, value, &Ty::Error),
        Node::Unknown => "what is never known".to_owned(),
        Node::AsOf => "as_of_date".to_owned(),
        Node::Slot(slot) => usize::try_from(*slot)
            .ok()
            .and_then(|place| side.program.slots().get(place))
            .map_or_else(String::new, |slot| slot.path.clone()),
        Node::Local(_) => "each".to_owned(),
        Node::Decision(decision) => {
            hir.decisions.get(*decision).map_or_else(String::new, |one| one.name.to_string())
        }
        Node::Field(base, field) => {
            format!("{}.{}", below(*base), field_name(side, *base, *field, at))
        }
        Node::Record(_) => "{ … }".to_owned(),
        Node::List(parts) => {
            let parts: Vec<String> = parts
                .iter()
                .map(|part| match part {
                    exeat_program::ListPart::One(node) => record_name(side, *node, deeper),
                    exeat_program::ListPart::Each(node) => format!("each of {}", below(*node)),
                })
                .collect();
            format!("[{}]", parts.join(", "))
        }
        Node::Comprehension { local, list, filter, body } => {
            let bound = Bound { local: *local, list: *list, up: at.bound };
            let within = deeper.with(&bound);
            let filter = filter
                .map(|filter| format!(" where {}", describe_condition(side, filter, within)))
                .unwrap_or_default();
            let body = describe_node(side, *body, within);
            format!("({body} for each in {}{filter})", below(*list))
        }
        Node::Aggregate(kind, list) => {
            format!("{} of {}", format!("{kind:?}").to_lowercase(), below(*list))
        }
        Node::Arithmetic(operator, a, b) => {
            let sign = match operator {
                Operator::Add => "+",
                Operator::Subtract => "-",
                Operator::Multiply => "*",
                Operator::Divide => "/",
            };
            format!("{} {sign} {}", bracketed_sum(&below(*a)), bracketed_sum(&below(*b)))
        }
        Node::Negate(inner) => format!("-{}", below(*inner)),
        Node::ShiftDays { date, days, backwards }
        | Node::ShiftMonths { date, months: days, backwards, .. } => {
            let sign = if *backwards { "-" } else { "+" };
            format!("{} {sign} {}", below(*date), below(*days))
        }
        Node::DaysBetween(a, b) => format!("{} - {}", below(*a), below(*b)),
        Node::DatePart(part, date) => {
            format!("{} of {}", format!("{part:?}").to_lowercase(), below(*date))
        }
        Node::If(test, a, b) => format!(
            "(if {} then {} else {})",
            describe_condition(side, *test, deeper),
            below(*a),
            below(*b)
        ),
        Node::Table(_, keys) => format!("table({})", list(keys)),
        Node::Call(function, arguments) => {
            let name = hir.functions.get(*function).map_or_else(String::new, |function| {
                format!("{}.{}", function.jurisdiction, function.name)
            });
            format!("{name}({})", list(arguments))
        }
        Node::Set(members) => format!("{{ {} }}", list(members)),
        Node::SetOperation(join, a, b) => {
            format!("{} {} {}", below(*a), format!("{join:?}").to_lowercase(), below(*b))
        }
        Node::Truth(condition) => describe_condition(side, *condition, deeper),
    }
}

/// A record of a fact is shown by the fact.
fn record_name(side: &Side<'_>, id: NodeId, at: At<'_>) -> String {
    let Node::Record(fields) = side.epoch.arena.node(id) else {
        return describe_node(side, id, at);
    };
    let first = fields.iter().flatten().next();
    match first.map(|first| describe_node(side, *first, at)) {
        Some(path) => path.rsplit_once('.').map_or(path.clone(), |(base, _)| base.to_owned()),
        None => "{ … }".to_owned(),
    }
}

fn field_name(side: &Side<'_>, base: NodeId, field: u32, at: At<'_>) -> String {
    let hir = side.program.hir();
    let ty = match side.epoch.arena.node(base) {
        Node::Local(local) => at.list_of(*local).and_then(|list| element_of(side, list, at)),
        _ => None,
    };
    let named = ty.and_then(|ty| match ty {
        Ty::Record(id) => hir.records.get(id)?.fields.get(usize::try_from(field).ok()?),
        _ => None,
    });
    named.map_or_else(
        || format!("field {}", field.saturating_add(1)),
        |field| field.name.to_string(),
    )
}

/// The type of the elements of a list, if it is a fact or made of facts.
fn element_of(side: &Side<'_>, list: NodeId, at: At<'_>) -> Option<Ty> {
    if at.depth > DEEPEST.saturating_mul(4) {
        return None;
    }
    if let Ty::List(element) = node_type(side, list, 0)
        && *element != Ty::Error
    {
        return Some(*element);
    }
    match side.epoch.arena.node(list) {
        Node::List(parts) => parts.iter().find_map(|part| match part {
            exeat_program::ListPart::One(one) => record_type(side, *one),
            exeat_program::ListPart::Each(list) => element_of(side, *list, at.deeper()),
        }),
        Node::Comprehension { local, list, body, .. } => match side.epoch.arena.node(*body) {
            Node::Local(same) if same == local => element_of(side, *list, at.deeper()),
            _ => record_type(side, *body),
        },
        _ => None,
    }
}

/// The type of a record that is a fact.
fn record_type(side: &Side<'_>, id: NodeId) -> Option<Ty> {
    let Node::Record(fields) = side.epoch.arena.node(id) else { return None };
    let of_fact = |slot: u32| {
        let slot = side.program.slots().get(usize::try_from(slot).ok()?)?;
        let fact = side.program.hir().facts.get(slot.fact)?;
        (slot.fields.len() == 1).then(|| fact.ty.clone())
    };
    fields.iter().flatten().find_map(|field| match side.epoch.arena.node(*field) {
        Node::Slot(slot) => of_fact(*slot),
        _ => None,
    })
}

fn bracketed_sum(text: &str) -> String {
    if text.contains(" + ") || text.contains(" - ") { format!("({text})") } else { text.to_owned() }
}

/// A condition in words.
pub(crate) fn describe_condition(side: &Side<'_>, id: ConditionId, at: At<'_>) -> String {
    if let Some(name) = side.epoch.claims.condition_names.get(&id) {
        return name.clone();
    }
    if at.depth > DEEPEST {
        return "…".to_owned();
    }
    let deeper = at.deeper();
    let below = |id: ConditionId| describe_condition(side, id, deeper);
    let node = |id: NodeId| describe_node(side, id, deeper);
    let joined = |parts: &[ConditionId], word: &str| {
        parts.iter().map(|part| bracketed_mixed(&below(*part))).collect::<Vec<_>>().join(word)
    };
    match side.epoch.arena.condition(id) {
        Condition::Constant(truth) => format!("{truth:?}").to_lowercase(),
        Condition::All(parts) => joined(parts, " and "),
        Condition::Any(parts) => joined(parts, " or "),
        Condition::Not(inner) => format!("not {}", bracketed(&below(*inner))),
        Condition::Choose(test, a, b) => {
            format!("if {} then {} else {}", below(*test), below(*a), below(*b))
        }
        Condition::Quantified { reach, local, list, body } => {
            let bound = Bound { local: *local, list: *list, up: at.bound };
            format!(
                "{} each in {} where {}",
                format!("{reach:?}").to_lowercase(),
                node(*list),
                describe_condition(side, *body, deeper.with(&bound))
            )
        }
        Condition::Test(test) => describe_test(side, test, deeper),
    }
}

fn bracketed_mixed(text: &str) -> String {
    if text.contains(" and ") || text.contains(" or ") {
        format!("({text})")
    } else {
        text.to_owned()
    }
}

fn describe_test(side: &Side<'_>, test: &Test, at: At<'_>) -> String {
    let hir = side.program.hir();
    let typed = |id: NodeId, other: NodeId| match side.epoch.arena.node(id) {
        Node::Constant(value) => describe_value(hir, value, &node_type(side, other, 0)),
        _ => describe_node(side, id, at),
    };
    match test {
        Test::Compare(relation, a, b) => {
            let sign = match relation {
                Relation::Is => "is",
                Relation::IsNot => "is not",
                Relation::Less => "<",
                Relation::LessOrEqual => "<=",
                Relation::Greater => ">",
                Relation::GreaterOrEqual => ">=",
            };
            format!("{} {sign} {}", typed(*a, *b), typed(*b, *a))
        }
        Test::Band { low, value, high } => {
            let sign = |included: bool| if included { "<=" } else { "<" };
            format!(
                "{} {} {} {} {}",
                typed(low.0, *value),
                sign(low.1),
                describe_node(side, *value, at),
                sign(high.1),
                typed(high.0, *value)
            )
        }
        Test::SameCode(_, a, b) => format!("{} is {}", typed(*a, *b), typed(*b, *a)),
        Test::In(value, set, _) => {
            format!("{} in {}", describe_node(side, *value, at), describe_set(side, set, at))
        }
        Test::Code(value, test) => {
            let verb = if test.within { "within" } else { "meets" };
            let targets: Vec<String> = test
                .targets
                .iter()
                .map(|code| describe_value(hir, &Value::Code(code.clone()), &Ty::Error))
                .collect();
            format!("{} {verb} {{ {} }}", describe_node(side, *value, at), targets.join(", "))
        }
        Test::Outcome(value, places) => {
            let ranks: Vec<String> =
                places.iter().map(|place| outcome_name(side, *value, place)).collect();
            let value = describe_node(side, *value, at);
            match ranks.as_slice() {
                [one] => format!("{value} is {one}"),
                many => format!("{value} in {{ {} }}", many.join(", ")),
            }
        }
        Test::Yes(value) => describe_node(side, *value, at),
    }
}

fn outcome_name(side: &Side<'_>, value: NodeId, place: &exeat_program::Place) -> String {
    let hir = side.program.hir();
    let scale = match side.epoch.arena.node(value) {
        Node::Decision(id) => hir.decisions.get(*id).map(|decision| &decision.ty),
        _ => None,
    };
    let name = match scale {
        Some(Ty::Outcome(scale)) => hir.scales.get(*scale).and_then(|scale| {
            let outcome = scale.outcomes.get(usize::try_from(place.rank).ok()?)?;
            Some(outcome.name.to_string())
        }),
        _ => None,
    };
    let name = name.unwrap_or_else(|| format!("place {}", place.rank.saturating_add(1)));
    if place.labels.is_empty() {
        return name;
    }
    let labels: Vec<&str> = place.labels.iter().map(smol_str::SmolStr::as_str).collect();
    format!("{name} ({})", labels.join(", "))
}

fn describe_set(side: &Side<'_>, set: &Membership, at: At<'_>) -> String {
    let hir = side.program.hir();
    match set {
        Membership::Constant(values) => {
            let mut shown: Vec<String> = values
                .iter()
                .take(MOST_WRITTEN)
                .map(|value| describe_value(hir, value, &Ty::Error))
                .collect();
            if values.len() > MOST_WRITTEN {
                shown.push(format!("… {} in all", values.len()));
            }
            format!("{{ {} }}", shown.join(", "))
        }
        Membership::Members(members) => {
            let members: Vec<String> =
                members.iter().map(|member| describe_node(side, *member, at)).collect();
            format!("{{ {} }}", members.join(", "))
        }
        Membership::Value(node) => describe_node(side, *node, at),
        Membership::Join(join, a, b) => format!(
            "({} {} {})",
            describe_set(side, a, at),
            format!("{join:?}").to_lowercase(),
            describe_set(side, b, at)
        ),
        Membership::Choose(test, a, b) => format!(
            "(if {} then {} else {})",
            describe_condition(side, *test, at),
            describe_set(side, a, at),
            describe_set(side, b, at)
        ),
        Membership::Unknown => "what is never known".to_owned(),
    }
}

/// All values of a type that can be counted, for the search of facts.
pub(crate) fn countable(side: &Side<'_>, ty: &Ty) -> Vec<Value> {
    values_of_type(side, ty).into_iter().flatten().collect()
}
