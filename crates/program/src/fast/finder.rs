//! How the cell of what stands in a slot is found by its code.

use exeat_model::Value;

use super::encode::{Encoder, Kind, OTHER, UNKNOWN, of_date};
use super::number::bounds;
use crate::cells::Cells;

/// Up to how many bounds all are looked at: for few that is faster than halving. Their number is made a
/// multiple of eight, so that no step depends on how many there are.
const FEW_BOUNDS: usize = 16;
/// A bound that no code reaches.
const NEVER: i64 = i64::MAX;

/// How the cell of a code is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum CellFinder {
    /// The code is the cell.
    YesNo,
    /// The cell says how many bounds the code has reached: one at each point, the next above it.
    Bounds {
        bounds: Vec<i64>,
        /// How many bounds every code has reached.
        always: u16,
    },
    /// The cell of each code.
    Table(Vec<u16>),
    /// The value itself is asked.
    Asked,
}

impl CellFinder {
    pub(super) fn new(cells: &Cells, encoder: &Encoder, kind: Kind) -> Self {
        match (cells, kind) {
            (Cells::YesNo, Kind::YesNo) => Self::YesNo,
            (Cells::Ordered(points), Kind::Number | Kind::Date) => {
                Self::with_bounds(points, kind).unwrap_or(Self::Asked)
            }
            (Cells::Classes { .. }, Kind::Country | Kind::Symbol(_) | Kind::Code(_)) => {
                let mut table = Vec::new();
                for (code, value) in encoder.values(kind) {
                    let Ok(at) = usize::try_from(code) else { continue };
                    if table.len() <= at {
                        // A number that no value has is never asked for.
                        table.resize(at.saturating_add(1), 0);
                    }
                    if let Some(place) = table.get_mut(at) {
                        *place = cells.cell_of(&value);
                    }
                }
                Self::Table(table)
            }
            _ => Self::Asked,
        }
    }

    fn with_bounds(points: &[Value], kind: Kind) -> Option<Self> {
        let mut found = Vec::new();
        let mut always = 0_u16;
        for point in points {
            let both = match (point, kind) {
                (Value::Number(number), Kind::Number) => bounds(*number, 1)?,
                (Value::Date(date), Kind::Date) => {
                    let code = i128::from(of_date(*date));
                    [code, code.checked_add(1)?]
                }
                _ => return None,
            };
            for bound in both {
                // Codes have 64 bits: beyond these a bound is always reached, or never.
                match i64::try_from(bound) {
                    Ok(bound) => found.push(bound),
                    Err(_) if bound < 0 => always = always.checked_add(1)?,
                    Err(_) => {}
                }
            }
        }
        if found.len() <= FEW_BOUNDS {
            found.resize(found.len().next_multiple_of(8), NEVER);
        }
        Some(Self::Bounds { bounds: found, always })
    }

    /// The cell of a code, that of the unknown for what is not known. `None` where the value is asked.
    #[inline]
    pub(super) fn cell(&self, code: i64, unknown: u16) -> Option<u16> {
        if code <= OTHER {
            return (code == UNKNOWN).then_some(unknown);
        }
        match self {
            Self::YesNo => u16::try_from(code).ok(),
            Self::Table(table) => table.get(usize::try_from(code.cast_unsigned()).ok()?).copied(),
            Self::Bounds { bounds, always } => {
                if bounds.len() > FEW_BOUNDS {
                    let reached = bounds.partition_point(|bound| *bound <= code);
                    return always.checked_add(u16::try_from(reached).ok()?);
                }
                let (eights, _) = bounds.as_chunks::<8>();
                let mut reached = *always;
                for eight in eights {
                    for bound in eight {
                        reached = reached.wrapping_add(u16::from(*bound <= code));
                    }
                }
                Some(reached)
            }
            Self::Asked => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use exeat_model::Number;

    use super::super::number::scaled;
    use super::*;

    /// Points and values of all sizes: whole, finer than the parts, beyond what a code holds.
    fn numbers() -> Vec<Number> {
        let wholes = [0, 1, 2, 5, 1600, 9_223_372_036_854, 9_223_372_036_855, 10_i128.pow(26)];
        let fractions = [(1, 3), (592, 100), (1, 1_000_000), (3, 2_000_000), (1, 10_000_000)];
        let positive = (wholes.map(Number::from_integer).into_iter())
            .chain(fractions.map(|(a, b)| Number::from_fraction(a, b).unwrap()));
        let mut all: Vec<Number> =
            positive.flat_map(|one| [one, one.checked_neg().unwrap()]).collect();
        all.sort();
        all.dedup();
        all
    }

    #[test]
    fn a_code_finds_the_cell_of_its_number() {
        let all = numbers();
        // Few points, and so many that they are halved.
        for step in [1, 3, 7] {
            let points: Vec<Value> = all.iter().step_by(step).copied().map(Value::Number).collect();
            let cells = Cells::Ordered(points);
            let finder = CellFinder::new(&cells, &Encoder::default(), Kind::Number);
            let mut coded = 0;
            for number in &all {
                let parts = scaled(*number, 1).and_then(|parts| i64::try_from(parts).ok());
                let Some(code) = parts else { continue };
                coded += 1;
                let wanted = cells.cell_of(&Value::Number(*number));
                assert_eq!(finder.cell(code, u16::MAX), Some(wanted), "{number} among {step}");
            }
            assert!(coded >= 15, "only {coded}");
            assert_eq!(finder.cell(UNKNOWN, 77), Some(77));
            assert_eq!(finder.cell(OTHER, 77), None);
        }
    }
}
