//! The scalar run of a decision of a few rules.

use exeat_hir::Combine;
use exeat_model::Truth;

use super::encode::{OTHER, UNKNOWN};
use super::few::{Few, FewRule, Look, Own, Row};
use super::run::FastRun;
use super::sums::Gathered;
use super::{FastDecision, Settled};

/// What is found out about the rules of one decision.
struct State {
    /// The alternatives that may be true, and those that are.
    may: u64,
    must: u64,
    /// The alternatives of rules that may hold: of which it is not known that they do not apply or are
    /// defeated.
    standing: u64,
    applies: Known,
    holds: Known,
}

/// Truths that were found, a bit for each rule.
#[derive(Clone, Copy, Default)]
struct Known {
    found: u64,
    truly: u64,
    falsely: u64,
}

impl Known {
    fn get(self, rule: u32) -> Option<Truth> {
        let is = |bits: u64| bits >> (rule & 63) & 1 == 1;
        is(self.found).then(|| match (is(self.truly), is(self.falsely)) {
            (true, _) => Truth::True,
            (_, true) => Truth::False,
            _ => Truth::Unknown,
        })
    }

    fn set(&mut self, rule: u32, truth: Truth) {
        let bit = 1_u64 << (rule & 63);
        self.found |= bit;
        match truth {
            Truth::True => self.truly |= bit,
            Truth::False => self.falsely |= bit,
            Truth::Unknown => {}
        }
    }
}

impl Row {
    /// Leaves what another row leaves too; a row that is not there says nothing.
    #[inline]
    fn narrow(&mut self, other: Option<&Self>) {
        match other {
            Some(other) => {
                self.may &= other.may;
                self.must &= other.must;
            }
            None => self.must = 0,
        }
    }
}

/// How many of the bounds, which are in order, a code has reached.
#[inline]
fn reached(bounds: &[i64; 8], code: i64) -> usize {
    // Halving without a branch; that it stays within the bounds the compiler sees by the mask.
    let is_reached = |at: usize| bounds.get(at & 7).is_some_and(|bound| *bound <= code);
    let mut count = usize::from(is_reached(3)) << 2;
    count |= usize::from(is_reached(count | 1)) << 1;
    count |= usize::from(is_reached(count));
    count.wrapping_add(usize::from(is_reached(7)))
}

impl FastRun<'_> {
    pub(super) fn decide_few(&mut self, decision: &FastDecision, few: &Few) -> Settled {
        let Row { may, must } = self.alternatives(few);
        let known = Known::default();
        let mut state = State { may, must, standing: may, applies: known, holds: known };
        for gap in &few.gaps {
            if self.own(&mut state, *gap) != Truth::False {
                return Settled::Open;
            }
        }
        let mut gathered = Gathered::default();
        let mut left = may & few.concluding;
        while left != 0 {
            let place = few.rule_of.get(index(left.trailing_zeros())).copied().unwrap_or(u8::MAX);
            let Some(rule) = few.rules.get(usize::from(place)) else { return Settled::Open };
            left &= !rule.own.alternatives;
            if gathered.is_stricter_than(rule.value) {
                break;
            }
            match self.few_holds(&mut state, few, u32::from(place), rule) {
                Truth::Unknown => return Settled::Open,
                Truth::False => {}
                Truth::True => {
                    if !gathered.add(decision.combine == Combine::Collect, rule.value) {
                        return Settled::Open;
                    }
                    self.note(rule.name_order, rule.id);
                }
            }
            left &= state.standing;
        }
        gathered.settled(decision)
    }

    /// Which alternatives may be true, and which are.
    #[inline]
    fn alternatives(&mut self, few: &Few) -> Row {
        let codes = self.codes;
        let mut all = Row { may: few.all, must: few.all };
        for table in &few.tables {
            let code = codes.get(table.slot).map_or(UNKNOWN, |code| *code).cast_unsigned();
            // What is not known has no number that is so small.
            if code < table.count {
                let at = table.first.wrapping_add(usize::try_from(code).unwrap_or(0));
                all.narrow(few.rows.get(at));
            } else {
                all.narrow(self.row(few, table.look));
            }
        }
        for band in &few.bands {
            let code = codes.get(band.slot).map_or(UNKNOWN, |code| *code);
            if code > OTHER {
                all.narrow(few.rows.get(band.first.wrapping_add(reached(&band.bounds, code))));
            } else {
                all.narrow(self.row(few, band.look));
            }
        }
        for look in &few.others {
            all.narrow(self.row(few, *look));
        }
        all
    }

    /// The row of a column by its cell.
    #[inline(never)]
    fn row<'f>(&mut self, few: &'f Few, look: Look) -> Option<&'f Row> {
        let cell = usize::from(self.cell(look.column));
        few.rows.get(look.start.wrapping_add(cell))
    }

    /// Whether a condition is true.
    fn own(&mut self, state: &mut State, own: Own) -> Truth {
        if state.may & own.alternatives == 0 {
            return Truth::False;
        }
        let certain = state.must & own.alternatives != 0;
        let truth = if certain { Truth::True } else { Truth::Unknown };
        match own.rest {
            None => truth,
            Some(rest) => {
                let truth = truth.and(self.formula(rest));
                if truth == Truth::False {
                    state.may &= !own.alternatives;
                    state.standing &= !own.alternatives;
                }
                truth
            }
        }
    }

    fn few_holds(&mut self, state: &mut State, few: &Few, place: u32, rule: &FewRule) -> Truth {
        if state.standing & rule.own.alternatives == 0 {
            return Truth::False;
        }
        if let Some(known) = state.holds.get(place) {
            return known;
        }
        let mut truth = self.few_applies(state, few, place, rule);
        if truth != Truth::False && state.standing & rule.rivals != 0 {
            let mut rivals = rule.defeated_by;
            while rivals != 0 && truth != Truth::False {
                let at = rivals.trailing_zeros();
                rivals &= rivals.wrapping_sub(1);
                let Some(rival) = few.rules.get(index(at)) else { continue };
                truth = truth.and(!self.few_holds(state, few, at, rival));
            }
        }
        if truth == Truth::True {
            state.standing &= !rule.victims;
        }
        state.holds.set(place, truth);
        truth
    }

    fn few_applies(&mut self, state: &mut State, few: &Few, place: u32, rule: &FewRule) -> Truth {
        let Some(excepted) = rule.exception_to else { return self.own(state, rule.own) };
        if let Some(known) = state.applies.get(place) {
            return known;
        }
        let mut truth = self.own(state, rule.own);
        if truth != Truth::False {
            let mut left = excepted;
            let mut any = Truth::False;
            while left != 0 && any != Truth::True {
                let at = left.trailing_zeros();
                left &= left.wrapping_sub(1);
                let Some(other) = few.rules.get(index(at)) else { continue };
                any = any.or(self.few_applies(state, few, at, other));
            }
            truth = truth.and(any);
        }
        state.applies.set(place, truth);
        truth
    }
}

fn index(at: u32) -> usize {
    usize::try_from(at).unwrap_or(usize::MAX)
}
