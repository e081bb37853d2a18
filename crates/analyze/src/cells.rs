//! What holds of a cell.

use exeat_model::{Truth, Value};
use exeat_program::{Cells, Question};

/// The answer of a question for all values of a cell; the cells have to be cut by it.
pub(crate) fn truth_in(cells: &Cells, question: &Question, cell: u16) -> Truth {
    match cells {
        Cells::YesNo => question.holds(&Value::YesNo(cell == 1)),
        Cells::Ordered(points) => {
            let at = usize::from(cell >> 1);
            if cell & 1 == 1 {
                return points.get(at).map_or(Truth::False, |point| question.holds(point));
            }
            let Question::Band { low, high } = question else { return Truth::False };
            let below = at.checked_sub(1).and_then(|at| points.get(at));
            let above = points.get(at);
            Truth::from(
                low.as_ref().is_none_or(|(end, _)| below.is_some_and(|below| end <= below))
                    && high.as_ref().is_none_or(|(end, _)| above.is_some_and(|above| above <= end)),
            )
        }
        Cells::Classes { class, .. } => class
            .iter()
            .find(|(_, one)| **one == cell)
            .map_or(Truth::False, |(value, _)| question.holds(value)),
    }
}
