//! From a case to facts: the search for a witness.
//!
//! What is asked of single facts is chosen; what is computed is sought: one fact after the other is moved
//! so that the quantity or condition becomes what the case says ([`crate::solve`], [`crate::moves`]). The
//! search begins from the scenarios of the program, which know what transactions look like, and from a blank.
//! Nothing that it finds counts before the reference has confirmed it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use exeat_eval::scenario_facts;
use exeat_model::Value;
use exeat_program::{CellSet, Column, Source};

use crate::budget::{Budget, TooLarge};
use crate::looking::Looking;
use crate::moves::{Recipe, moves};
use crate::region::Region;
use crate::space::{Case, Side, Space, VariableKind, some_day};
use crate::values::{representative, usual};
use crate::witness::Witness;

/// How many scenarios are looked at for a case, and from how many it is sought.
const NEAREST: usize = 12;
const SEEDS: usize = 5;
/// How many moves are looked at in pairs where no single one helps.
const PAIRED: usize = 24;

/// What came of a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// A transaction, and the case that it is of.
    Witness(Box<Witness>, Case),
    /// There is no such transaction: a proof.
    Nothing,
    /// No transaction was found among the cases that were tried.
    NotDecided(Gave),
}

/// Where a search gave up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gave {
    /// After as many cases as are tried.
    Candidates,
    /// No facts were found for any of the cases that there are.
    Unreachable,
    /// The diagrams outgrew the budget.
    TooLarge(TooLarge),
}

impl Gave {
    /// Which limit of a budget that was.
    pub fn limit(self, budget: &Budget) -> String {
        match self {
            Self::Candidates => format!("{} cases", budget.candidates),
            Self::Unreachable => "the facts that the search can find".to_owned(),
            Self::TooLarge(what) => what.limit(budget),
        }
    }
}

/// The search for witnesses in a space.
pub struct Search<'s, 'p> {
    pub(crate) space: &'s Space<'p>,
    seeds: Seeds,
    /// For a variable, the cell in which each of them is.
    cells_of_seeds: RefCell<BTreeMap<usize, Vec<Option<u16>>>>,
    /// The scenarios with the cells that they are in on the sides that are asked.
    placed: RefCell<Option<Rc<Placed>>>,
    /// The facts that rules read, by path, for each side.
    read: Vec<BTreeSet<String>>,
}

/// Transactions, each with the cells that it is in.
type Placed = Vec<(Witness, Case)>;

/// Transactions to begin from. They are many, and shared by all searches.
#[derive(Clone)]
pub(crate) struct Seeds(Rc<[Witness]>);

impl Seeds {
    /// What the scenarios of all sides give.
    pub(crate) fn new<'a, 'p: 'a>(sides: impl IntoIterator<Item = &'a Side<'p>>) -> Self {
        let mut seeds: Vec<Witness> = Vec::new();
        let mut seen: Vec<*const exeat_program::Program> = Vec::new();
        for side in sides {
            let program: *const _ = side.program;
            if seen.contains(&program) {
                continue;
            }
            seen.push(program);
            seeds.extend(from_scenarios(side));
        }
        let mut known = BTreeSet::new();
        seeds.retain(|seed| known.insert(seed.facts.clone()));
        Self(seeds.into())
    }
}

/// The state of the search for one case.
pub(crate) struct Trying<'a> {
    pub(crate) case: &'a Case,
    pub(crate) sides: &'a [usize],
    pub(crate) trials: usize,
    /// For each side, the variables of the case that are asked of it, and how.
    asked: Vec<(Vec<usize>, Looking<'a>)>,
    /// How a computed variable can be moved, as far as it was tried.
    pub(crate) recipes: BTreeMap<usize, Recipe<'a>>,
}

impl<'s, 'p> Search<'s, 'p> {
    /// A search that begins from the scenarios of all sides.
    pub fn new(space: &'s Space<'p>) -> Self {
        Self::from(space, Seeds::new(&space.sides))
    }

    /// A search that begins from transactions that are known.
    pub(crate) fn from(space: &'s Space<'p>, seeds: Seeds) -> Self {
        let read = space.sides.iter().map(paths_read).collect();
        Self { space, seeds, cells_of_seeds: RefCell::default(), placed: RefCell::default(), read }
    }

    /// A transaction of a region for which the reference confirms what is looked for. It is looked for
    /// in the `likely` part of the region first.
    pub fn find(
        &self,
        region: &Region,
        likely: &Region,
        sides: &[usize],
        confirm: &mut dyn FnMut(&Witness) -> bool,
    ) -> Found {
        match self.try_cases(region, likely, sides, confirm) {
            Ok(found) => found,
            Err(too_large) => Found::NotDecided(Gave::TooLarge(too_large)),
        }
    }

    /// A scenario that is of a region, as far as the space tells, and for which the reference confirms what is
    /// looked for.
    pub(crate) fn find_known(
        &self,
        region: &Region,
        sides: &[usize],
        confirm: &mut dyn FnMut(&Witness) -> bool,
    ) -> Option<Witness> {
        let placed = Rc::clone(
            self.placed.borrow_mut().get_or_insert_with(|| Rc::new(self.seeds_with_cells(sides))),
        );
        let inside = placed.iter().filter(|(_, case)| self.space.contains(region, case));
        let absurd = |witness: &Witness| {
            let side = |at: &usize| self.space.sides.get(*at);
            sides.iter().filter_map(side).any(|side| witness.is_absurd(side))
        };
        let mut candidates = inside.take(self.space.budget.candidates).map(|(known, _)| known);
        candidates.find(|known| confirm(known) && !absurd(known)).cloned()
    }

    /// All scenarios as transactions of some sides.
    fn seeds_with_cells(&self, sides: &[usize]) -> Placed {
        let mut placed: Placed = self
            .seeds
            .0
            .iter()
            .map(|seed| {
                let mut witness = seed.clone();
                self.complete(&mut witness, sides);
                for side in sides.iter().filter_map(|at| self.space.sides.get(*at)) {
                    witness.days.insert(side.calendar, some_day(&side.epoch.days));
                }
                (witness, Case::default())
            })
            .collect();
        for at in sides {
            let Some(side) = self.space.sides.get(*at) else { continue };
            let variables = 0..self.space.variables.len();
            let asked = variables.filter_map(|one| Some((one, self.space.source(*at, one)?)));
            let (variables, sources): (Vec<usize>, Vec<Source>) =
                asked.map(|(one, source)| (one, source.clone())).unzip();
            let mut looking = Looking::new(side, sources);
            for (witness, case) in &mut placed {
                for (variable, value) in variables.iter().zip(looking.values(witness)) {
                    let found = self.space.variables.get(*variable);
                    let Some((found, value)) = found.zip(value) else { continue };
                    let mut cells = CellSet::default();
                    cells.insert(found.cells.cell_of(&value));
                    case.cells.insert(*variable, cells);
                }
            }
        }
        placed
    }

    fn try_cases(
        &self,
        region: &Region,
        likely: &Region,
        sides: &[usize],
        confirm: &mut dyn FnMut(&Witness) -> bool,
    ) -> Result<Found, TooLarge> {
        let mut world = self.space.everything().clone();
        for side in sides {
            world = world.and(self.space.world(*side))?;
        }
        let mut left = region.and(&world)?;
        let mut blocked = false;
        let mut spent = 0_usize;
        for _ in 0..self.space.budget.candidates {
            let first = left.and(likely)?;
            let from = if first.is_empty() { &left } else { &first };
            let Some(picked) = self.space.pick(from) else {
                let nothing = Found::NotDecided(Gave::Unreachable);
                return Ok(if blocked { nothing } else { Found::Nothing });
            };
            let case = self.space.widen(&picked, from, &world)?;
            let inside = self.space.within(&case, &world)?;
            let (found, trials) = self.constructed(&inside, sides);
            spent = spent.saturating_add(trials);
            if let Some(witness) = found {
                let side = |at: &usize| self.space.sides.get(*at);
                if confirm(&witness)
                    && !sides.iter().filter_map(side).any(|side| witness.is_absurd(side))
                {
                    return Ok(Found::Witness(Box::new(witness), inside));
                }
            }
            blocked = true;
            let computed = |at: &usize| {
                self.space.variables.get(*at).is_some_and(|found| found.kind.is_computed())
            };
            let some = case.cells.keys().any(computed);
            let mut block = case;
            if some {
                block.cells.retain(|at, _| computed(at));
            }
            left = left.without(&self.space.region(&block)?)?;
            if spent >= self.space.budget.all_trials {
                break;
            }
        }
        Ok(Found::NotDecided(Gave::Candidates))
    }

    /// Facts for a case, not yet confirmed.
    pub fn construct(&self, case: &Case, sides: &[usize]) -> Option<Witness> {
        self.constructed(case, sides).0
    }

    /// The same, with how many times the rules were run for it.
    fn constructed(&self, case: &Case, sides: &[usize]) -> (Option<Witness>, usize) {
        let asked = sides.iter().filter_map(|side| self.asked_of(*side, case, sides)).collect();
        let mut trying = Trying { case, sides, trials: 0, asked, recipes: BTreeMap::new() };
        let found = self.construct_in(case, sides, &mut trying);
        (found, trying.trials)
    }

    fn construct_in<'a>(
        &self,
        case: &Case,
        sides: &[usize],
        trying: &mut Trying<'a>,
    ) -> Option<Witness>
    where
        's: 'a,
    {
        let mut starts: Vec<(usize, Witness)> = Vec::new();
        let blank = [Witness::default()];
        for seed in self.nearest(case, sides).into_iter().chain(&blank) {
            let mut start = seed.clone();
            self.choose(&mut start, trying)?;
            self.complete(&mut start, sides);
            let bad = self.violated(&start, trying).len();
            if bad == 0 {
                return Some(start);
            }
            starts.push((bad, start));
        }
        let blank = starts.pop();
        starts.sort_by_key(|(bad, _)| *bad);
        for (_, start) in starts.into_iter().take(SEEDS).chain(blank) {
            if let Some(found) = self.repair(start, trying) {
                return Some(found);
            }
        }
        None
    }

    /// The scenarios that agree best with a case.
    fn nearest(&self, case: &Case, sides: &[usize]) -> Vec<&Witness> {
        let mut far = vec![0_usize; self.seeds.0.len()];
        let mut known = self.cells_of_seeds.borrow_mut();
        let fresh: Vec<usize> =
            case.cells.keys().copied().filter(|at| !known.contains_key(at)).collect();
        self.place_seeds(&fresh, sides, &mut known);
        for (variable, wanted) in &case.cells {
            let Some(cells) = known.get(variable) else { continue };
            for (far, cell) in far.iter_mut().zip(cells) {
                if !cell.is_some_and(|cell| wanted.contains(cell)) {
                    *far = far.saturating_add(1);
                }
            }
        }
        let mut seeds: Vec<(usize, &Witness)> = far.into_iter().zip(self.seeds.0.iter()).collect();
        seeds.sort_by_key(|(far, _)| *far);
        seeds.into_iter().take(NEAREST).map(|(_, seed)| seed).collect()
    }

    /// Notes the cell of each of some variables in which each scenario is, as far as it is known.
    fn place_seeds(
        &self,
        fresh: &[usize],
        sides: &[usize],
        known: &mut BTreeMap<usize, Vec<Option<u16>>>,
    ) {
        let mut computed: BTreeMap<usize, Vec<(usize, &Source)>> = BTreeMap::new();
        for at in fresh {
            let Some(found) = self.space.variables.get(*at) else { continue };
            let cell = |seed: &Witness| match &found.kind {
                VariableKind::Fact(path) => Some(found.cells.cell_of(seed.facts.get(path)?)),
                _ => None,
            };
            known.insert(*at, self.seeds.0.iter().map(cell).collect());
            let side = self.side_of(*at, sides).map(|side| side.number);
            let source = side.and_then(|side| Some((side, self.space.source(side, *at)?)));
            if let Some((side, source)) = source.filter(|_| found.kind.is_computed()) {
                computed.entry(side).or_default().push((*at, source));
            }
        }
        for (side, asked) in computed {
            let Some(side) = self.space.sides.get(side) else { continue };
            let sources = asked.iter().map(|(_, source)| (*source).clone()).collect();
            let mut looking = Looking::new(side, sources);
            for (seed, place) in self.seeds.0.iter().zip(0..) {
                for ((at, _), value) in asked.iter().zip(looking.values(seed)) {
                    let found = self.space.variables.get(*at);
                    let cell = found.zip(value).map(|(found, value)| found.cells.cell_of(&value));
                    let cells = known.get_mut(at);
                    if let Some(slot) = cells.and_then(|cells: &mut Vec<_>| cells.get_mut(place)) {
                        *slot = cell;
                    }
                }
            }
        }
    }

    /// Chooses what the case says of single facts, readings and days; `None` if no value can be given.
    fn choose(&self, witness: &mut Witness, trying: &Trying<'_>) -> Option<()> {
        for at in trying.sides {
            let side = self.space.sides.get(*at)?;
            witness.days.entry(side.calendar).or_insert_with(|| some_day(&side.epoch.days));
        }
        for (at, cells) in &trying.case.cells {
            let variable = self.space.variables.get(*at)?;
            let side = self.side_of(*at, trying.sides)?;
            let day = witness.day(side);
            match &variable.kind {
                VariableKind::Fact(path) => {
                    let known = witness.facts.get(path);
                    if !known.is_some_and(|value| cells.contains(variable.cells.cell_of(value))) {
                        let value = representative(side, variable, cells, day)?;
                        witness.facts.insert(path.clone(), value);
                    }
                }
                VariableKind::Reading(name) => {
                    if let Value::Symbol(choice) = representative(side, variable, cells, day)? {
                        witness.readings.insert(name.clone(), choice);
                    }
                }
                VariableKind::Day(calendar) => {
                    if let Value::Date(day) = representative(side, variable, cells, day)? {
                        witness.days.insert(*calendar, day);
                    }
                }
                VariableKind::Quantity(_) | VariableKind::Condition(_) => {}
            }
        }
        Some(())
    }

    /// Gives everything that rules read and that has no value yet its usual value.
    pub fn complete(&self, witness: &mut Witness, sides: &[usize]) {
        for at in sides {
            let (Some(side), Some(read)) = (self.space.sides.get(*at), self.read.get(*at)) else {
                continue;
            };
            for slot in side.program.slots().iter().filter(|slot| read.contains(&slot.path)) {
                if !witness.facts.contains_key(&slot.path)
                    && let Some(value) = usual(side, &slot.ty)
                {
                    witness.facts.insert(slot.path.clone(), value);
                }
            }
            for reading in side.program.hir().readings.values() {
                let name = side.program.hir().full_name(reading.module, &reading.name);
                let usual = reading.choices.get(reading.default.unwrap_or(0));
                if let Some(choice) = usual {
                    witness.readings.entry(name).or_insert_with(|| choice.name.clone());
                }
            }
        }
    }

    pub(crate) fn side_of(&self, variable: usize, sides: &[usize]) -> Option<&'s Side<'p>> {
        let columns = &self.space.variables.get(variable)?.columns;
        let asks = |side: &&usize| columns.get(**side).copied().flatten().is_some();
        self.space.sides.get(*sides.iter().find(asks)?)
    }

    /// The variables of a case that are asked of a side, and how.
    fn asked_of(
        &self,
        at: usize,
        case: &Case,
        sides: &[usize],
    ) -> Option<(Vec<usize>, Looking<'s>)> {
        let side = self.space.sides.get(at)?;
        let own = |variable: &&usize| {
            self.side_of(**variable, sides).is_some_and(|found| found.number == side.number)
        };
        let asked = case.cells.keys().filter(own);
        let asked = asked.filter_map(|one| Some((*one, self.space.source(at, *one)?.clone())));
        let (variables, sources) = asked.unzip();
        Some((variables, Looking::new(side, sources)))
    }

    /// The variables of the case that are not in their cells.
    pub(crate) fn violated(&self, witness: &Witness, trying: &mut Trying<'_>) -> Vec<usize> {
        trying.trials = trying.trials.saturating_add(1);
        let mut violated = Vec::new();
        for (variables, looking) in &mut trying.asked {
            for (variable, value) in variables.iter().zip(looking.values(witness)) {
                let cells = trying.case.cells.get(variable);
                let found = self.space.variables.get(*variable);
                let inside = match (cells, found, value) {
                    (Some(cells), Some(found), Some(value)) => {
                        cells.contains(found.cells.cell_of(&value))
                    }
                    _ => false,
                };
                if !inside {
                    violated.push(*variable);
                }
            }
        }
        violated
    }

    /// Moves facts until the case is met, as long as each step brings it nearer.
    fn repair<'a>(&self, start: Witness, trying: &mut Trying<'a>) -> Option<Witness>
    where
        's: 'a,
    {
        let mut witness = start;
        let mut bad = self.violated(&witness, trying);
        while !bad.is_empty() {
            let (next, left) = self.step(&witness, &bad, trying)?;
            (witness, bad) = (next, left);
        }
        Some(witness)
    }

    fn step<'a>(
        &self,
        witness: &Witness,
        bad: &[usize],
        trying: &mut Trying<'a>,
    ) -> Option<(Witness, Vec<usize>)>
    where
        's: 'a,
    {
        let Budget { trials, .. } = self.space.budget;
        let mut tried = Vec::new();
        for variable in bad {
            for next in moves(self, witness, *variable, trying) {
                if trying.trials >= trials {
                    return None;
                }
                let left = self.violated(&next, trying);
                if left.len() < bad.len() {
                    return Some((next, left));
                }
                // What mends this one at the cost of others may be a step on the way.
                let mends = !left.contains(variable);
                tried.push((left.len(), !mends, *variable, next));
            }
        }
        tried.sort();
        tried.truncate(PAIRED);
        for (_, mended, variable, between) in tried {
            let after = self.violated(&between, trying);
            let goals = if mended { vec![variable] } else { after };
            for goal in goals {
                for next in moves(self, &between, goal, trying) {
                    if trying.trials >= trials {
                        return None;
                    }
                    let left = self.violated(&next, trying);
                    if left.len() < bad.len() {
                        return Some((next, left));
                    }
                }
            }
        }
        None
    }
}

/// What the scenarios of a program give.
fn from_scenarios(side: &Side<'_>) -> Vec<Witness> {
    let hir = side.program.hir();
    let scenarios = hir.scenarios.values().map(|scenario| {
        let facts = scenario_facts(hir, side.functions, scenario);
        let known = side
            .program
            .slots()
            .iter()
            .filter_map(|slot| Some((slot.path.clone(), slot.value(&facts)?.clone())));
        Witness { facts: known.collect(), readings: BTreeMap::new(), days: BTreeMap::new() }
    });
    scenarios.collect()
}

/// The columns that its rules and claims ask.
fn columns_asked<'s>(side: &'s Side<'_>) -> impl Iterator<Item = &'s Column> {
    let asked = side.asked();
    let atoms = asked.into_iter().filter_map(|at| side.epoch.atoms.get(usize::try_from(at).ok()?));
    let columns: BTreeSet<u32> = atoms.map(|atom| atom.column).collect();
    columns.into_iter().filter_map(|at| side.epoch.columns.get(usize::try_from(at).ok()?))
}

/// The facts that any rule of a side reads.
fn paths_read(side: &Side<'_>) -> BTreeSet<String> {
    let arena = &side.epoch.arena;
    let mut slots = BTreeSet::new();
    for column in columns_asked(side) {
        match &column.source {
            Source::Slot(slot) => {
                slots.insert(*slot);
            }
            Source::Node(node) => slots.extend(arena.reads_of_node(*node).slots),
            Source::Condition(id) => slots.extend(arena.reads_of_condition(*id).slots),
            Source::Reading(_) | Source::Proposal(_) => {}
        }
    }
    for rule in side.epoch.decisions.iter().flat_map(|decision| &decision.rules) {
        if let exeat_program::RuleValue::Node(node) = &rule.value {
            slots.extend(arena.reads_of_node(*node).slots);
        }
    }
    let path = |slot: u32| {
        let slot = side.program.slots().get(usize::try_from(slot).ok()?)?;
        Some(slot.path.clone())
    };
    slots.into_iter().filter_map(path).collect()
}
