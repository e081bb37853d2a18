//! Cases out of a region: one that says as little as possible, and the widest around it.

use std::collections::BTreeMap;

use exeat_program::CellSet;

use crate::budget::TooLarge;
use crate::region::Region;
use crate::space::{Case, Space, VariableKind};

/// What it costs a case to say a bit of a computed quantity, against one of a fact: facts are given, and
/// for a quantity they have to be found.
const COMPUTED: u32 = 12;
const GIVEN: u32 = 2;
/// A reading is no fact: it is said where facts do not do.
const CHOICE: u32 = 5;

impl Space<'_> {
    /// A case of a region that says as little as possible; none if the region is empty.
    pub fn pick(&self, region: &Region) -> Option<Case> {
        let mut costs: BTreeMap<Region, Option<u32>> = BTreeMap::new();
        self.cost(region, &mut costs)?;
        let mut bits = BTreeMap::new();
        let mut at = region.clone();
        while let Some(((_, bit), low, high)) = self.branches(&at) {
            let cost = |side: &Region| costs.get(side).copied().flatten().unwrap_or(u32::MAX);
            let set = cost(&high) < cost(&low);
            bits.insert(bit, set);
            at = if set { high } else { low };
        }
        let mut case = Case::default();
        for variable in 0..self.variables.len() {
            let own = self.bits(variable);
            if !own.iter().any(|bit| bits.contains_key(bit)) {
                continue;
            }
            let mut cells = CellSet::default();
            for (code, cell) in (0_u16..).zip(self.cell_of_code(variable)) {
                let agrees = own.iter().rev().enumerate().all(|(place, bit)| {
                    bits.get(bit).is_none_or(|set| *set == (code >> place & 1 == 1))
                });
                if agrees {
                    cells.insert(*cell);
                }
            }
            case.cells.insert(variable, cells);
        }
        Some(case)
    }

    /// The least cost of a way to what is true; none if there is no way.
    fn cost(&self, region: &Region, costs: &mut BTreeMap<Region, Option<u32>>) -> Option<u32> {
        if let Some(known) = costs.get(region) {
            return *known;
        }
        let cost = match self.branches(region) {
            None => region.is_everything().then_some(0),
            Some(((variable, _), low, high)) => {
                let step = match self.variables.get(variable).map(|found| &found.kind) {
                    Some(VariableKind::Quantity(_) | VariableKind::Condition(_)) => COMPUTED,
                    Some(VariableKind::Reading(_)) => CHOICE,
                    _ => GIVEN,
                };
                let ways = [self.cost(&low, costs), self.cost(&high, costs)];
                ways.into_iter().flatten().min().map(|cost| cost.saturating_add(step))
            }
        };
        costs.insert(region.clone(), cost);
        cost
    }

    /// The widest case around another that stays in a region, as far as `world` reaches: first without
    /// what it need not say, then with all cells that it may have.
    ///
    /// # Errors
    /// If the diagrams outgrow the budget.
    pub fn widen(&self, case: &Case, region: &Region, world: &Region) -> Result<Case, TooLarge> {
        let outside = world.without(region)?;
        let mut wide = case.clone();
        let mut variables: Vec<usize> = case.cells.keys().copied().collect();
        // What is hardest to read is left out first.
        variables.sort_by_key(|at| {
            let kind = self.variables.get(*at).map(|found| &found.kind);
            match kind {
                Some(VariableKind::Condition(_)) => 0,
                Some(VariableKind::Quantity(_)) => 1,
                Some(VariableKind::Reading(_)) => 2,
                _ => 3,
            }
        });
        for variable in variables {
            let Some(own) = wide.cells.remove(&variable) else { continue };
            let outside = self.region(&wide)?.and(&outside)?;
            if outside.is_empty() {
                continue;
            }
            let bad = self.project(&outside, variable)?;
            let mut cells = CellSet::default();
            for cell in self.cell_of_code(variable) {
                if own.contains(*cell) || !bad.contains(*cell) {
                    cells.insert(*cell);
                }
            }
            wide.cells.insert(variable, cells);
        }
        Ok(wide)
    }

    /// The case without the cells that no transaction of the world has in it: what goes without saying, as
    /// that a quantity is not negative, is not to be chosen all the same.
    ///
    /// # Errors
    /// If the diagrams outgrow the budget.
    pub fn within(&self, case: &Case, world: &Region) -> Result<Case, TooLarge> {
        let region = self.region(case)?.and(world)?;
        let mut inside = Case::default();
        for (variable, cells) in &case.cells {
            let there = self.project(&region, *variable)?;
            let mut kept = CellSet::default();
            cells.iter().filter(|cell| there.contains(*cell)).for_each(|cell| kept.insert(cell));
            inside.cells.insert(*variable, kept);
        }
        Ok(inside)
    }

    /// Cases that make up a region, at most so many, and whether there are more.
    ///
    /// # Errors
    /// If the diagrams outgrow the budget.
    pub fn cases(
        &self,
        region: &Region,
        world: &Region,
        most: usize,
    ) -> Result<(Vec<Case>, bool), TooLarge> {
        let mut left = region.and(world)?;
        let mut found = Vec::new();
        while found.len() < most {
            let Some(case) = self.pick(&left) else { return Ok((found, false)) };
            let wide = self.widen(&case, region, world)?;
            left = left.without(&self.region(&wide)?)?;
            found.push(wide);
        }
        Ok((found, !left.is_empty()))
    }
}
