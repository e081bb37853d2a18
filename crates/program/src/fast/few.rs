//! A decision of a few rules: one look-up a column gives the bits of all its rules.
//!
//! Each rule is laid out as alternatives over columns that cost nothing to read ([`super::clause`]), with a
//! bit each, and a rest of its condition that is asked only where an alternative may be true. For each
//! column and each of its cells a row says which alternatives may be true there and which are; the rows of a
//! record's cells, taken together, are the truth of all alternatives.

use std::collections::BTreeMap;

use exeat_hir::RuleId;

use super::clause::{Clause, Clauses};
use super::finder::CellFinder;
use super::{
    FastAtom, FastColumn, FastDecision, FastFormula, FastRule, FastSource, FastValue, columns_of,
};

/// How many alternatives and rules there are at most: a bit each.
const MOST: usize = 64;
/// How many columns are looked up at most.
const MOST_COLUMNS: usize = 40;
/// How many cells a column may have that is looked up.
const MOST_CELLS: u16 = 1024;
/// How many codes may have a row each.
const MOST_CODES: usize = 1024;
/// How many alternatives a condition may have besides a single one: as many as there is room for are tried.
const ALTERNATIVES: [usize; 3] = [16, 4, 2];

/// Which alternatives may be true, and which are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) may: u64,
    pub(super) must: u64,
}

#[derive(Clone, Debug)]
pub(super) struct Few {
    /// The columns that are looked up: those whose codes have a row each, those with few bounds, the others.
    pub(super) tables: Vec<TableLook>,
    pub(super) bands: Vec<BandLook>,
    pub(super) others: Vec<Look>,
    /// The rows of all columns, one for each cell, and those for each code.
    pub(super) rows: Vec<Row>,
    /// The alternatives that there are.
    pub(super) all: u64,
    /// Those of rules with a conclusion.
    pub(super) concluding: u64,
    /// The rules, those with a conclusion first, the strictest first.
    pub(super) rules: Vec<FewRule>,
    /// The rule of each alternative, by its place in `rules`.
    pub(super) rule_of: Vec<u8>,
    /// What is not modelled.
    pub(super) gaps: Vec<Own>,
}

/// A column that is looked up.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    pub(super) column: usize,
    /// The place of its first row.
    pub(super) start: usize,
}

/// A column with a row for each code of its slot.
#[derive(Clone, Copy, Debug)]
pub(super) struct TableLook {
    pub(super) slot: usize,
    /// The place of the first of these rows, and how many there are.
    pub(super) first: usize,
    pub(super) count: u64,
    /// For a code without a row.
    pub(super) look: Look,
}

/// A column whose cell says how many of a few bounds the code of its slot has reached.
#[derive(Clone, Copy, Debug)]
pub(super) struct BandLook {
    pub(super) slot: usize,
    pub(super) bounds: [i64; 8],
    /// The place of the row of a code that has reached none of them.
    pub(super) first: usize,
    /// For a code that is no number.
    pub(super) look: Look,
}

/// A condition: alternatives, and what has to be so besides.
#[derive(Clone, Copy, Debug)]
pub(super) struct Own {
    pub(super) alternatives: u64,
    /// What else is asked, a formula.
    pub(super) rest: Option<usize>,
}

#[derive(Clone, Debug)]
pub(super) struct FewRule {
    pub(super) id: RuleId,
    pub(super) name_order: u32,
    pub(super) value: FastValue,
    pub(super) own: Own,
    /// The rules that defeat it, a bit each by their places, and the alternatives of these.
    pub(super) defeated_by: u64,
    pub(super) rivals: u64,
    /// The alternatives of the rules that it defeats.
    pub(super) victims: u64,
    /// For an exception, the rules of which one has to apply.
    pub(super) exception_to: Option<u64>,
}

/// What of the layout is needed to make it.
pub(super) struct Layout<'a> {
    pub(super) formulas: &'a mut Vec<FastFormula>,
    pub(super) atoms: &'a [FastAtom],
    /// How many cells a column has, that of the unknown among them, if it costs nothing to read.
    pub(super) cells: &'a dyn Fn(usize) -> Option<u16>,
    pub(super) columns: &'a [FastColumn],
}

impl Layout<'_> {
    /// One formula for several of which one has to be true.
    fn any(&mut self, parts: &[usize]) -> usize {
        self.formulas.push(FastFormula::Any(parts.to_vec()));
        self.formulas.len().saturating_sub(1)
    }
}

impl Few {
    /// Lays a decision out; `None` if it has too many rules, or so few that it is not worth it.
    pub(super) fn new(decision: &FastDecision, layout: &mut Layout<'_>) -> Option<Self> {
        let room = MOST.checked_sub(decision.rules.len())?;
        let gaps = match decision.gaps.len() {
            count if count <= room => decision.gaps.clone(),
            // All that is not modelled as one: it is the same whichever of it is touched.
            _ if room > 0 => vec![layout.any(&decision.gaps)],
            _ => return None,
        };
        let others = (0..decision.rules.len()).filter(|at| !decision.concluding.contains(at));
        let order: Vec<usize> = decision.concluding.iter().copied().chain(others).collect();
        let rules: Vec<&FastRule> = order.iter().filter_map(|at| decision.rules.get(*at)).collect();
        let owns: Vec<usize> = rules.iter().map(|rule| rule.own).chain(gaps).collect();
        let columns = telling(&owns, layout);
        let (parts, all) = laid_out(&owns, rules.len(), &columns, layout)?;
        let mut few = Self {
            tables: Vec::new(),
            bands: Vec::new(),
            others: Vec::new(),
            rows: Vec::new(),
            all: 0,
            concluding: 0,
            rules: Vec::new(),
            rule_of: Vec::new(),
            gaps: Vec::new(),
        };
        few.look_up(&all, &columns, layout);
        let mut place_of = vec![0_u32; rules.len()];
        for (place, at) in order.iter().enumerate() {
            *place_of.get_mut(*at)? = u32::try_from(place).ok()?;
        }
        let bits = |rules: &[usize]| {
            rules.iter().filter_map(|at| place_of.get(*at)).fold(0_u64, |bits, at| bits | 1 << at)
        };
        let own_of = |place: usize| parts.get(place).copied();
        let alternatives_of = |rules: u64| {
            (0..MOST)
                .filter(|place| rules >> place & 1 == 1)
                .filter_map(own_of)
                .fold(0, |bits, own| bits | own.alternatives)
        };
        for (place, rule) in rules.iter().enumerate() {
            let own = own_of(place)?;
            for at in 0..MOST {
                if own.alternatives >> at & 1 == 1 {
                    few.rule_of.resize(at, 0);
                    few.rule_of.push(u8::try_from(place).ok()?);
                }
            }
            if rule.concludes() {
                few.concluding |= own.alternatives;
            }
            let defeated_by = bits(&rule.defeated_by);
            few.rules.push(FewRule {
                id: rule.id,
                name_order: rule.name_order,
                value: rule.value,
                own,
                defeated_by,
                rivals: alternatives_of(defeated_by),
                victims: 0,
                exception_to: rule.exception_to.as_ref().map(|excepted| bits(excepted)),
            });
        }
        let defeats: Vec<(u64, u64)> =
            few.rules.iter().map(|rule| (rule.defeated_by, rule.own.alternatives)).collect();
        for (place, rule) in few.rules.iter_mut().enumerate() {
            let victims = defeats.iter().filter(|(by, _)| by >> place & 1 == 1);
            rule.victims = victims.fold(0, |bits, (_, alternatives)| bits | alternatives);
        }
        few.gaps = parts.get(rules.len()..).unwrap_or(&[]).to_vec();
        Some(few)
    }

    /// Fills the rows from the alternatives.
    fn look_up(&mut self, all: &[Clause], columns: &[usize], layout: &Layout<'_>) {
        for at in 0..all.len() {
            self.all |= 1 << at;
        }
        for column in columns {
            let start = self.rows.len();
            for cell in 0..usize::from((layout.cells)(*column).unwrap_or(0)) {
                let mut row = Row { may: u64::MAX, must: u64::MAX };
                for (at, clause) in all.iter().enumerate() {
                    let Some(ask) = clause.get(column) else { continue };
                    let off = |answers: &[bool]| match answers.get(cell) {
                        Some(true) => 0,
                        _ => 1_u64 << at,
                    };
                    row.may &= !off(&ask.may);
                    row.must &= !off(&ask.must);
                }
                self.rows.push(row);
            }
            // A column of which no alternative asks anything is not looked up.
            if all.iter().any(|clause| clause.contains_key(column)) {
                let look = Look { column: *column, start };
                self.add_look(look, layout.columns.get(*column));
            } else {
                self.rows.truncate(start);
            }
        }
    }

    fn add_look(&mut self, look: Look, column: Option<&FastColumn>) {
        let Some(FastColumn { source: FastSource::Slot(slot), finder, .. }) = column else {
            self.others.push(look);
            return;
        };
        let slot = *slot;
        match finder {
            CellFinder::Table(cells) if cells.len() <= MOST_CODES => {
                let first = self.rows.len();
                for cell in cells {
                    let at = look.start.saturating_add(usize::from(*cell));
                    let row = self.rows.get(at).copied().unwrap_or(Row { may: u64::MAX, must: 0 });
                    self.rows.push(row);
                }
                let count = u64::try_from(cells.len()).unwrap_or(0);
                self.tables.push(TableLook { slot, first, count, look });
            }
            CellFinder::YesNo => {
                self.tables.push(TableLook { slot, first: look.start, count: 2, look });
            }
            CellFinder::Bounds { bounds, always } => {
                let first = look.start.saturating_add(usize::from(*always));
                match bounds.as_slice().try_into() {
                    Ok(bounds) => self.bands.push(BandLook { slot, bounds, first, look }),
                    Err(_) => self.others.push(look),
                }
            }
            CellFinder::Table(_) | CellFinder::Asked => self.others.push(look),
        }
    }
}

/// The columns that are looked up: those that most rules ask.
fn telling(owns: &[usize], layout: &Layout<'_>) -> Vec<usize> {
    let mut asked: BTreeMap<usize, usize> = BTreeMap::new();
    for own in owns {
        let mut columns = std::collections::BTreeSet::new();
        columns_of(layout.formulas, layout.atoms, *own, &mut columns);
        for column in columns {
            let count = asked.entry(column).or_default();
            *count = count.saturating_add(1);
        }
    }
    // Of few rules each stops at the first condition that is not so, and looking up all costs more.
    let fewest = if owns.len() < 12 { 2 } else { 1 };
    let mut found: Vec<(usize, usize)> = asked
        .into_iter()
        .filter(|(column, count)| {
            *count >= fewest && (layout.cells)(*column).is_some_and(|cells| cells <= MOST_CELLS)
        })
        .collect();
    found.sort_by_key(|(column, count)| (usize::MAX.wrapping_sub(*count), *column));
    found.truncate(MOST_COLUMNS);
    found.into_iter().map(|(column, _)| column).collect()
}

/// Conditions as alternatives with what is left of them; `None` if that takes too many. A condition has one
/// alternative, and more where there is room: what is not modelled first, of which each run asks.
fn laid_out(
    owns: &[usize],
    rules: usize,
    columns: &[usize],
    layout: &mut Layout<'_>,
) -> Option<(Vec<Own>, Vec<Clause>)> {
    let mut laid: Vec<Laid> = owns.iter().map(|own| Laid::new(*own, 1, columns, layout)).collect();
    let mut room = MOST.checked_sub(laid.iter().map(|one| one.clauses.len()).sum())?;
    for at in (rules..owns.len()).chain(0..rules) {
        let (Some(own), Some(before)) = (owns.get(at), laid.get_mut(at)) else { continue };
        if before.rest.is_empty() {
            continue;
        }
        let wider = ALTERNATIVES.iter().map(|most| Laid::new(*own, *most, columns, layout));
        let count = before.clauses.len();
        if let Some(wider) =
            { wider }.find(|wider| wider.clauses.len() <= count.saturating_add(room))
        {
            room = room.saturating_add(count).saturating_sub(wider.clauses.len());
            *before = wider;
        }
    }
    let mut all: Vec<Clause> = Vec::new();
    let mut parts = Vec::new();
    for Laid { clauses, rest, .. } in laid {
        let rest = match rest.as_slice() {
            [] => None,
            [one] => Some(*one),
            _ => {
                let whole = FastFormula::All(rest);
                let known = layout.formulas.iter().position(|known| *known == whole);
                Some(known.unwrap_or_else(|| {
                    layout.formulas.push(whole);
                    layout.formulas.len().saturating_sub(1)
                }))
            }
        };
        let mut alternatives = 0_u64;
        for clause in clauses {
            if all.len() >= MOST {
                return None;
            }
            alternatives |= 1 << all.len();
            all.push(clause);
        }
        parts.push(Own { alternatives, rest });
    }
    Some((parts, all))
}

/// A condition as alternatives over the columns that are looked up, and what has to be true besides.
struct Laid {
    clauses: Vec<Clause>,
    rest: Vec<usize>,
}

impl Laid {
    fn new(own: usize, most: usize, columns: &[usize], layout: &Layout<'_>) -> Self {
        let single = [own];
        let joined: &[usize] = match layout.formulas.get(own) {
            Some(FastFormula::All(parts)) => parts,
            _ => &single,
        };
        let cells =
            |column: usize| columns.contains(&column).then(|| (layout.cells)(column)).flatten();
        let clauses =
            Clauses { formulas: layout.formulas, atoms: layout.atoms, cells: &cells, most };
        let mut laid = Self { clauses: vec![Clause::new()], rest: Vec::new() };
        for part in joined {
            let both = clauses.of(*part).and_then(|more| clauses.both(&laid.clauses, &more));
            if let Some(both) = both {
                laid.clauses = both;
                continue;
            }
            // What is left is asked only where the columns that are looked up do not rule it out.
            if let Some(both) = clauses.both(&laid.clauses, &clauses.at_most(*part)) {
                laid.clauses = both;
            }
            laid.rest.push(*part);
        }
        laid
    }
}
