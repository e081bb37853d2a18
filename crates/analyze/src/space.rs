//! The transactions that rules can tell apart, as the codes of decision diagrams.
//!
//! Each thing that rules ask of a transaction (a fact, a computed quantity, a condition that is no
//! test of one value, a reading, the day) is a *variable*. Its values fall into cells, and the number
//! of the cell in binary is a block of neighbouring bits: what is true of order, sets and dates
//! *within* a variable is so by construction. A computed quantity is a variable of its own, independent of the
//! facts it is made of. So there are cases here that no transaction has: what is empty here is empty in the
//! world, and what is not is only a candidate, until facts for it are found ([`crate::Witness`]).
//!
//! Several *sides* (epochs of one program, or programs that are compared) share a space: what they ask in
//! the same way of the same facts is one variable, cut at the constants of all.

use std::collections::{BTreeMap, BTreeSet};

use exeat_hir::{AssertionId, DecisionId, Functions, ModuleId, ReadingId, Ty};
use exeat_model::{Country, Date, Interval, Truth, Value};
use exeat_program::{
    AtomId, CellSet, Cells, Epoch, Node, NodeId, Program, Question, Source, Unsupported, cut,
};
use oxidd::bcdd::{BCDDFunction, BCDDManagerRef, new_manager};
use oxidd::{BooleanFunction, BooleanFunctionQuant, HasLevel, Manager, ManagerRef, VarNo};

use crate::ahead::ahead;
use crate::budget::{Budget, TooLarge};
use crate::cells::truth_in;
use crate::looking::Looking;
use crate::order::ordered;
use crate::prints::{covered, read_by_decision, read_by_formulas};
use crate::region::{Region, bounded};
use crate::spread::{Spread, spreads};
use crate::variables::{collect, cut_variable};
use crate::witness::Witness;

/// The rules of some days, as one side of a question.
pub struct Side<'p> {
    /// Its place among the sides.
    pub number: usize,
    /// The program.
    pub program: &'p Program,
    /// The functions of its jurisdictions.
    pub functions: &'p dyn Functions,
    /// The rules as they stand on its days, lowered with what is claimed.
    pub epoch: Epoch,
    /// Sides with the same calendar are asked about the same day.
    pub calendar: usize,
    /// Modules of status proposal that decide here.
    pub proposals: BTreeSet<ModuleId>,
}

impl<'p> Side<'p> {
    /// A side for each epoch of a program that has a day in an interval, each with a calendar of its own.
    ///
    /// # Errors
    /// What of the rules cannot be lowered.
    pub fn over(
        program: &'p Program,
        functions: &'p dyn Functions,
        days: &Interval,
    ) -> Result<Vec<Self>, Unsupported> {
        let within = |epoch: Interval| epoch.intersection(days);
        let all = program.epochs().into_iter().map(within).filter(|days| !days.is_empty());
        let lowered = |days: Interval| {
            let mut epoch = program.epoch_with_claims(some_day(&days))?;
            epoch.days = days;
            Ok(epoch)
        };
        let epochs = ahead(all, lowered, |epochs| epochs.collect::<Result<Vec<_>, _>>())?;
        let side = |(number, epoch)| {
            let proposals = BTreeSet::new();
            Self { number, program, functions, epoch, calendar: number, proposals }
        };
        Ok(epochs.into_iter().enumerate().map(side).collect())
    }

    /// Leaves of its rules only what some decisions and assertions rest on.
    pub(crate) fn narrow(
        &mut self,
        decisions: &BTreeSet<DecisionId>,
        assertions: &BTreeSet<AssertionId>,
    ) {
        self.epoch.claims.assertions.retain(|one| assertions.contains(&one.id));
        let mut wanted = decisions.clone();
        for one in &self.epoch.claims.assertions {
            wanted.extend(read_by_formulas(self, [&one.claim, &one.when]).decisions);
            wanted.extend(covered(self, one.id));
        }
        // Those that read stand after those that they read.
        for lowered in self.epoch.decisions.iter().rev() {
            if wanted.contains(&lowered.id) {
                wanted.extend(read_by_decision(self, lowered));
            }
        }
        self.epoch.decisions.retain(|lowered| wanted.contains(&lowered.id));
    }

    /// The atoms that its rules and claims ask.
    pub(crate) fn asked(&self) -> BTreeSet<AtomId> {
        let mut asked = BTreeSet::new();
        let claims = &self.epoch.claims;
        let claimed = claims.assertions.iter().flat_map(|one| [&one.claim, &one.when]);
        let granted = claims.assumptions.iter().map(|(_, formula)| formula);
        let decided = self.epoch.decisions.iter().flat_map(|lowered| {
            let own = lowered.rules.iter().map(|rule| &rule.own);
            own.chain(&lowered.needed).chain(lowered.gaps.iter().map(|(_, gap)| gap))
        });
        for formula in decided.chain(claimed).chain(granted) {
            formula.atoms(&mut |atom| {
                asked.insert(atom);
            });
        }
        asked
    }

    /// What is asked of its rules where no reading is chosen and no proposal decides.
    pub(crate) fn bare_request(&self) -> exeat_program::Request<'_> {
        static NO_READINGS: BTreeMap<ReadingId, usize> = BTreeMap::new();
        static NO_PROPOSALS: BTreeSet<ModuleId> = BTreeSet::new();
        exeat_program::Request {
            as_of: self.some_day(),
            readings: &NO_READINGS,
            proposals: &NO_PROPOSALS,
            functions: self.functions,
        }
    }

    /// A day of its days: the first, if there is one.
    pub fn some_day(&self) -> Date {
        some_day(&self.epoch.days)
    }
}

/// What a variable stands for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum VariableKind {
    /// A fact or a field of one, by its path.
    Fact(String),
    /// A reading, by its full name.
    Reading(String),
    /// The day, of a calendar.
    Day(usize),
    /// A quantity that the rules compute.
    Quantity(u32),
    /// A condition that is no test of one value against constants.
    Condition(u32),
}

/// Something that rules ask.
#[derive(Clone, Debug)]
pub struct Variable {
    /// What it stands for.
    pub kind: VariableKind,
    /// Its type, if it is a fact.
    pub ty: Option<Ty>,
    /// Its cells.
    pub cells: Cells,
    /// Its column in the epoch of each side that asks it.
    pub columns: Vec<Option<usize>>,
    /// The cells that it can have on each side.
    pub possible: Vec<CellSet>,
    pub(crate) questions: Vec<Question>,
    /// Its bits, the most significant first.
    pub(crate) bits: Vec<VarNo>,
    /// The cell of each code. Codes that would have no cell that any value is in mean a neighbour, so
    /// that nothing has to be said of them.
    pub(crate) cell_of_code: Vec<u16>,
}

impl Variable {
    /// Gives every code a cell.
    fn name_codes(&mut self) {
        let inhabited = |cell: u16| self.possible.iter().any(|some| some.contains(cell));
        let first = (0..self.cells.count()).find(|cell| inhabited(*cell)).unwrap_or(0);
        let codes = 1_u32.checked_shl(u32::try_from(self.bits.len()).unwrap_or(0)).unwrap_or(0);
        let mut last = first;
        let mut named = Vec::new();
        for code in 0..codes {
            let cell = u16::try_from(code).unwrap_or(u16::MAX);
            if cell < self.cells.count() && inhabited(cell) {
                last = cell;
            }
            named.push(last);
        }
        self.cell_of_code = named;
    }
}

impl VariableKind {
    /// Whether its value follows from facts.
    pub fn is_computed(&self) -> bool {
        matches!(self, Self::Quantity(_) | Self::Condition(_))
    }
}

/// Some of the cells of some variables; the others may have any.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Case {
    /// The cells, by the place of the variable.
    pub cells: BTreeMap<usize, CellSet>,
}

/// All transactions.
pub struct Space<'p> {
    /// The sides.
    pub sides: Vec<Side<'p>>,
    /// The variables, in the order of their bits.
    pub variables: Vec<Variable>,
    /// The variable of each column of each side; none where it asks nothing but what decisions come to.
    variable_of: Vec<Vec<Option<usize>>>,
    /// What rules compute from one fact, for each side.
    spreads: Vec<BTreeMap<NodeId, Spread>>,
    pub(crate) budget: Budget,
    manager: BCDDManagerRef,
    everything: Region,
    /// The variable of each bit.
    owner: Vec<usize>,
    literals: Vec<BCDDFunction>,
    pub(crate) worlds: Vec<Region>,
}

impl std::fmt::Debug for Space<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Space").field("variables", &self.variables.len()).finish_non_exhaustive()
    }
}

impl<'p> Space<'p> {
    /// The space of all transactions that the sides tell apart.
    ///
    /// # Errors
    /// If more values are told apart than can be counted.
    pub fn new(mut sides: Vec<Side<'p>>, budget: Budget) -> Result<Self, TooLarge> {
        for (at, side) in sides.iter_mut().enumerate() {
            side.number = at;
        }
        let spreads: Vec<_> = sides.iter().map(spreads).collect();
        let (mut variables, mut variable_of) = collect(&sides, &spreads);
        let order = ordered(&sides, &variables, &variable_of);
        let mut place = vec![0; variables.len()];
        for (to, from) in order.iter().enumerate() {
            if let Some(place) = place.get_mut(*from) {
                *place = to;
            }
        }
        variables = order.iter().filter_map(|at| variables.get(*at).cloned()).collect();
        for variable in variable_of.iter_mut().flatten().flatten() {
            *variable = place.get(*variable).copied().unwrap_or(0);
        }
        let mut owner = Vec::new();
        for (at, variable) in variables.iter_mut().enumerate() {
            cut_variable(&sides, variable)?;
            let mut width = 1_u32;
            while 1_u32
                .checked_shl(width)
                .is_some_and(|codes| codes < u32::from(variable.cells.count()))
            {
                width = width.saturating_add(1);
            }
            for _ in 0..width {
                variable.bits.push(VarNo::try_from(owner.len()).unwrap_or(VarNo::MAX));
                owner.push(at);
            }
            variable.name_codes();
        }
        let manager = new_manager(budget.nodes, budget.nodes.min(1 << 20), 1);
        let count = VarNo::try_from(owner.len()).unwrap_or(VarNo::MAX);
        manager.with_manager_exclusive(|manager| manager.add_vars(count));
        let everything = manager.with_manager_shared(|manager| Region(BCDDFunction::t(manager)));
        let literals = manager.with_manager_shared(|manager| {
            (0..count).map(|bit| BCDDFunction::var(manager, bit)).collect::<Result<Vec<_>, _>>()
        });
        let literals = literals.map_err(|_| TooLarge::Diagrams)?;
        let mut space = Self {
            sides,
            variables,
            variable_of,
            spreads,
            budget,
            manager,
            everything,
            owner,
            literals,
            worlds: Vec::new(),
        };
        for side in 0..space.sides.len() {
            let mut world = space.everything.clone();
            for at in (0..space.variables.len()).rev() {
                let Some(variable) = space.variables.get(at) else { continue };
                if variable.columns.get(side).copied().flatten().is_none() {
                    continue;
                }
                let Some(possible) = variable.possible.get(side) else { continue };
                if !variable.cell_of_code.iter().all(|cell| possible.contains(*cell)) {
                    world = world.and(&space.cells(at, possible)?)?;
                }
            }
            space.worlds.push(world);
        }
        Ok(space)
    }

    /// Everything.
    pub fn everything(&self) -> &Region {
        &self.everything
    }

    /// Nothing.
    pub fn nothing(&self) -> Region {
        Region(self.manager.with_manager_shared(|manager| BCDDFunction::f(manager)))
    }

    /// What can be on a side: on its days, among its values, and with what is taken for granted there.
    pub fn world(&self, side: usize) -> &Region {
        self.worlds.get(side).unwrap_or(&self.everything)
    }

    /// The variable of a column of a side; none for a column that asks nothing but what
    /// decisions come to, or whether a proposal decides, and for one that no rule asks.
    pub fn variable_of(&self, side: usize, column: usize) -> Option<usize> {
        self.variable_of.get(side)?.get(column).copied().flatten()
    }

    /// What asks the variable on a side: the source of its column.
    pub fn source(&self, side: usize, variable: usize) -> Option<&Source> {
        let column = self.variables.get(variable)?.columns.get(side).copied().flatten()?;
        Some(&self.sides.get(side)?.epoch.columns.get(column)?.source)
    }

    /// The transactions with one of these cells.
    ///
    /// # Errors
    /// If the diagrams outgrow the budget.
    pub fn cells(&self, variable: usize, cells: &CellSet) -> Result<Region, TooLarge> {
        let Some(found) = self.variables.get(variable) else { return Ok(self.everything.clone()) };
        let codes = (0_u16..).zip(&found.cell_of_code);
        let wanted: Vec<u16> =
            codes.filter(|(_, cell)| cells.contains(**cell)).map(|(code, _)| code).collect();
        self.codes(&found.bits, &wanted)
    }

    /// What a rule of a side computes from one fact, value by value.
    pub(crate) fn spread(&self, side: usize, node: NodeId) -> Option<&Spread> {
        self.spreads.get(side)?.get(&node)
    }

    /// The transactions for which the fact of a column is one of some values.
    pub(crate) fn one_of(
        &self,
        side: usize,
        column: usize,
        values: &BTreeSet<Value>,
    ) -> Result<Region, TooLarge> {
        let Some(variable) = self.variable_of(side, column) else { return Ok(self.nothing()) };
        let Some(found) = self.variables.get(variable) else { return Ok(self.nothing()) };
        let question = Question::OneOf(values.clone());
        let mut cells = CellSet::default();
        for cell in 0..found.cells.count() {
            if truth_in(&found.cells, &question, cell) == Truth::True {
                cells.insert(cell);
            }
        }
        self.cells(variable, &cells)
    }

    /// The codes, in order, over bits of which the first is the most significant.
    fn codes(&self, bits: &[VarNo], wanted: &[u16]) -> Result<Region, TooLarge> {
        if wanted.is_empty() {
            return Ok(self.nothing());
        }
        let Some((first, rest)) = bits.split_first() else { return Ok(self.everything.clone()) };
        if u32::try_from(wanted.len()).ok()
            == 1_u32.checked_shl(u32::try_from(bits.len()).unwrap_or(32))
        {
            return Ok(self.everything.clone());
        }
        let half = 1_u16.checked_shl(u32::try_from(rest.len()).unwrap_or(16)).unwrap_or(u16::MAX);
        let split = wanted.partition_point(|code| *code & half == 0);
        let (low, high) = wanted.split_at(split);
        let strip = |codes: &[u16]| codes.iter().map(|code| *code & !half).collect::<Vec<_>>();
        let (low, high) = (self.codes(rest, &strip(low))?, self.codes(rest, &strip(high))?);
        let Some(literal) = usize::try_from(*first).ok().and_then(|at| self.literals.get(at))
        else {
            return Ok(low);
        };
        bounded(literal.ite(&high.0, &low.0))
    }

    /// What is in one of some regions. Neighbours are joined first, and these with their neighbours: so what
    /// is large is joined with few.
    ///
    /// # Errors
    /// If the diagrams outgrow the budget.
    pub fn union(&self, mut regions: Vec<Region>) -> Result<Region, TooLarge> {
        while regions.len() > 1 {
            let mut joined = Vec::with_capacity(regions.len().div_ceil(2));
            for pair in regions.chunks(2) {
                joined.push(match pair {
                    [a, b] => a.or(b)?,
                    other => other.first().cloned().unwrap_or_else(|| self.nothing()),
                });
            }
            regions = joined;
        }
        Ok(regions.pop().unwrap_or_else(|| self.nothing()))
    }

    /// The transactions of a case.
    ///
    /// # Errors
    /// If the diagrams outgrow the budget.
    pub fn region(&self, case: &Case) -> Result<Region, TooLarge> {
        let mut region = self.everything.clone();
        for (variable, cells) in case.cells.iter().rev() {
            region = region.and(&self.cells(*variable, cells)?)?;
        }
        Ok(region)
    }

    /// The cells of a variable that occur in a region.
    ///
    /// # Errors
    /// If the diagrams outgrow the budget.
    pub fn project(&self, region: &Region, variable: usize) -> Result<CellSet, TooLarge> {
        let keep = |owner: usize| owner == variable;
        let small = self.forget(region, &|owner| !keep(owner))?;
        let mut cells = CellSet::default();
        let Some(found) = self.variables.get(variable) else { return Ok(cells) };
        for (code, cell) in (0_u16..).zip(&found.cell_of_code) {
            let bit = |(at, bit): (usize, &VarNo)| {
                let place = found.bits.len().saturating_sub(at).saturating_sub(1);
                (*bit, code >> place & 1 == 1)
            };
            if small.0.eval(found.bits.iter().enumerate().map(bit)) {
                cells.insert(*cell);
            }
        }
        Ok(cells)
    }

    /// The transactions that differ from one in the region at most in the variables that are forgotten.
    ///
    /// # Errors
    /// If the diagrams outgrow the budget.
    pub fn forget(
        &self,
        region: &Region,
        forgotten: &dyn Fn(usize) -> bool,
    ) -> Result<Region, TooLarge> {
        let mut bits = self.everything.0.clone();
        for (literal, owner) in self.literals.iter().zip(&self.owner).rev() {
            if forgotten(*owner) {
                bits = bounded(bits.and(literal))?.0;
            }
        }
        bounded(region.0.exists(&bits))
    }

    /// The cells in which a transaction is on a side; `None` if something that rules ask of it is not
    /// known.
    pub fn locate(&self, side: usize, witness: &Witness) -> Option<Case> {
        let found = self.sides.get(side)?;
        let columns = self.variable_of.get(side)?;
        let sources: Vec<Source> =
            found.epoch.columns.iter().map(|column| column.source.clone()).collect();
        let values = Looking::new(found, sources).values(witness);
        let mut case = Case::default();
        for (variable, value) in columns.iter().zip(values) {
            let Some(variable) = variable else { continue };
            let value = value?;
            let mut cells = CellSet::default();
            cells.insert(self.variables.get(*variable)?.cells.cell_of(&value));
            case.cells.insert(*variable, cells);
        }
        Some(case)
    }

    /// Whether a region holds a case of single cells. Variables that it does not name are in their first.
    pub fn contains(&self, region: &Region, case: &Case) -> bool {
        let bits = self.variables.iter().enumerate().flat_map(|(at, variable)| {
            let cell = case.cells.get(&at).and_then(|cells| cells.iter().next()).unwrap_or(0);
            let places = (0..variable.bits.len()).rev();
            variable.bits.iter().zip(places).map(move |(bit, place)| (*bit, cell >> place & 1 == 1))
        });
        region.0.eval(bits)
    }

    /// The variables on which a region depends.
    pub fn support(&self, region: &Region) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut queue = vec![region.clone()];
        while let Some(next) = queue.pop() {
            if !seen.insert(next.clone()) {
                continue;
            }
            if let Some((owner, low, high)) = self.branches(&next) {
                found.insert(owner.0);
                queue.extend([low, high]);
            }
        }
        found
    }

    /// The variable and bit that a diagram asks first, and what is left if it is not set and if it is.
    pub(crate) fn branches(&self, region: &Region) -> Option<((usize, VarNo), Region, Region)> {
        use oxidd::Function as _;
        let (high, low) = region.0.cofactors()?;
        let bit = region.0.with_manager_shared(|manager, edge| match manager.get_node(edge) {
            oxidd::Node::Inner(node) => Some(manager.level_to_var(node.level())),
            oxidd::Node::Terminal(_) => None,
        })?;
        let owner = usize::try_from(bit).ok().and_then(|at| self.owner.get(at)).copied()?;
        Some(((owner, bit), Region(low), Region(high)))
    }

    /// The cells of a variable's codes.
    pub(crate) fn cell_of_code(&self, variable: usize) -> &[u16] {
        self.variables.get(variable).map_or(&[], |found| found.cell_of_code.as_slice())
    }

    pub(crate) fn bits(&self, variable: usize) -> &[VarNo] {
        self.variables.get(variable).map_or(&[], |found| found.bits.as_slice())
    }

    /// Refuses a diagram that is larger than one may be.
    pub(crate) fn within_budget(&self, region: Region) -> Result<Region, TooLarge> {
        if region.nodes() > self.budget.largest {
            return Err(TooLarge::Diagram);
        }
        Ok(region)
    }
}

/// Whether a source is a condition that asks nothing but what decisions come to: it has the diagrams of
/// their outcomes.
pub(crate) fn asks_outcomes_alone(side: &Side<'_>, source: &Source) -> bool {
    let Source::Condition(id) = source else { return false };
    let reads = side.epoch.arena.reads_of_condition(*id);
    reads.slots.is_empty() && !reads.day && !reads.decisions.is_empty()
}

/// What a question about the day comes to, if it is the same on all days of a side.
pub(crate) fn settled_by_days(
    side: &Side<'_>,
    source: &Source,
    question: &Question,
) -> Option<Truth> {
    let Source::Node(node) = source else { return None };
    if !matches!(side.epoch.arena.node(*node), Node::AsOf) {
        return None;
    }
    let (cells, _) = cut(true, false, &BTreeSet::new(), std::slice::from_ref(question))?;
    let kind = VariableKind::Day(side.calendar);
    let mut truths = (0..cells.count())
        .filter(|cell| has_a_value(side, &kind, &cells, *cell, None))
        .map(|cell| truth_in(&cells, question, cell));
    let first = truths.next()?;
    truths.all(|truth| truth == first).then_some(first)
}

/// The days of a side, in words for the eye of nobody: a first and a last day, if there are such.
pub(crate) fn ends(days: &Interval) -> (Option<Date>, Option<Date>) {
    (days.from, days.until.and_then(|until| until.yesterday().ok()))
}

/// The day of an example, where the rules are the same on all days.
const SOME_DAY: Date = Date::constant(2026, 1, 1);

/// A day of a side.
pub(crate) fn some_day(days: &Interval) -> Date {
    let (first, last) = ends(days);
    first.or(last).unwrap_or(SOME_DAY)
}

/// The values that a variable can have on a side; none if they cannot be counted.
pub(crate) fn universe(side: &Side<'_>, variable: &Variable) -> Option<BTreeSet<Value>> {
    let hir = side.program.hir();
    if let VariableKind::Reading(name) = &variable.kind {
        let reading =
            hir.readings.values().find(|one| hir.full_name(one.module, &one.name) == *name)?;
        let choices = reading.choices.iter();
        return Some(choices.map(|choice| Value::Symbol(choice.name.clone())).collect());
    }
    values_of_type(side, variable.ty.as_ref()?)
}

/// The values of a type on the days of a side; none if they cannot be counted.
pub(crate) fn values_of_type(side: &Side<'_>, ty: &Ty) -> Option<BTreeSet<Value>> {
    let hir = side.program.hir();
    let day = some_day(&side.epoch.days);
    match ty {
        Ty::YesNo => Some([false, true].into_iter().map(Value::YesNo).collect()),
        Ty::Country => Some(
            Country::table()
                .iter()
                .filter_map(|entry| Country::from_code(entry.alpha2))
                .filter(|country| country.stands_on(day))
                .map(Value::Country)
                .collect(),
        ),
        Ty::Enum(id) => {
            let values = &hir.enums.get(*id)?.values;
            Some(values.iter().map(|value| Value::Symbol(value.name.clone())).collect())
        }
        Ty::Code(id) => {
            let entries = hir.code_lists.get(*id)?.entries.iter();
            let listed = entries
                .filter(|(_, entry)| entry.interval.contains(day))
                .map(|(name, _)| exeat_model::Code::Entry(name.clone()));
            Some(listed.chain([exeat_model::Code::None]).map(Value::Code).collect())
        }
        _ => None,
    }
}

pub(crate) fn has_a_value(
    side: &Side<'_>,
    kind: &VariableKind,
    cells: &Cells,
    cell: u16,
    universe: Option<&BTreeSet<Value>>,
) -> bool {
    match cells {
        Cells::YesNo => true,
        Cells::Ordered(points) => {
            let (first, last) = match kind {
                VariableKind::Day(_) => ends(&side.epoch.days),
                _ => (None, None),
            };
            let date = |at: Option<usize>| match at.and_then(|at| points.get(at)) {
                Some(Value::Date(date)) => Some(*date),
                _ => None,
            };
            let at = usize::from(cell >> 1);
            if !matches!(points.first(), Some(Value::Date(_))) {
                return true;
            }
            if cell & 1 == 1 {
                return date(Some(at)).is_some_and(|day| {
                    first.is_none_or(|first| first <= day) && last.is_none_or(|last| day <= last)
                });
            }
            let low = date(at.checked_sub(1)).and_then(|day| day.tomorrow().ok());
            let high = date(Some(at)).and_then(|day| day.yesterday().ok());
            let low = low.into_iter().chain(first).max();
            let high = high.into_iter().chain(last).min();
            !matches!((low, high), (Some(low), Some(high)) if high < low)
        }
        Cells::Classes { class, count } => match universe {
            Some(universe) => universe.iter().any(|value| class.get(value) == Some(&cell)),
            // Values that nobody names are in the last.
            None => cell == count.saturating_sub(1) || class.values().any(|one| *one == cell),
        },
    }
}
