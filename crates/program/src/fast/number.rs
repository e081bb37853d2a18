//! Numbers as whole numbers of small parts, and what is computed of them by sums, differences and products.
//!
//! It is exact: a number that is no whole number of parts has no such form, and what overflows has no
//! result here; both are computed in the exact arithmetic of the model instead.

use exeat_model::{Number, Value};

use super::encode::{Encoder, Kind, OTHER};
use crate::node::{Arena, Node, NodeId, Operator};

/// How many parts one has.
const PARTS: i128 = 1_000_000;
/// How many numbers are multiplied with one another at most.
const MOST_FACTORS: u32 = 3;
/// How many results wait for another at most.
const DEEPEST: usize = 8;

/// A number in parts, each a million to the power of `factors` in one. `None` if it is no whole number of them.
pub(super) fn scaled(number: Number, factors: u32) -> Option<i128> {
    let parts = number.numerator().checked_mul(PARTS.checked_pow(factors)?)?;
    // Most numbers are whole, and a division takes long.
    if number.denominator() == 1 {
        return Some(parts);
    }
    let rest = parts.checked_rem(number.denominator())?;
    if rest == 0 { parts.checked_div(number.denominator()) } else { None }
}

/// From which number of parts on a number is at least a point, and from which on above it.
pub(super) fn bounds(point: Number, factors: u32) -> Option<[i128; 2]> {
    let parts = point.numerator().checked_mul(PARTS.checked_pow(factors)?)?;
    let floor = parts.checked_div_euclid(point.denominator())?;
    let exact = parts.checked_rem_euclid(point.denominator())? == 0;
    let above = floor.checked_add(1)?;
    Some([if exact { floor } else { above }, above])
}

/// A number that is computed from slots, with the bounds of its cells.
#[derive(Clone, Debug)]
pub(super) struct Sum {
    steps: Vec<Step>,
    bounds: Vec<i128>,
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Slot(usize),
    Constant(i128),
    /// Makes the last result one of smaller parts.
    Finer(i128),
    Add,
    Subtract,
    Multiply,
}

impl Sum {
    /// The sum that a node is, whose cells are cut at the points; `None` if it is something else.
    pub(super) fn new(
        arena: &Arena,
        encoder: &Encoder,
        node: NodeId,
        points: &[Value],
    ) -> Option<Self> {
        let mut steps = Vec::new();
        let factors = lay_out(arena, encoder, node, &mut steps, 1)?;
        let mut found = Vec::with_capacity(points.len().saturating_mul(2));
        for point in points {
            let Value::Number(point) = point else { return None };
            found.extend(bounds(*point, factors)?);
        }
        Some(Self { steps, bounds: found })
    }

    /// Its cell; `None` if a slot has no code or a result is too large.
    pub(super) fn cell(&self, codes: &[i64]) -> Option<u16> {
        let mut waiting = [0_i128; DEEPEST];
        let mut count = 0_usize;
        for step in &self.steps {
            let result = match *step {
                Step::Slot(slot) => {
                    let code = *codes.get(slot)?;
                    if code <= OTHER {
                        return None;
                    }
                    i128::from(code)
                }
                Step::Constant(constant) => constant,
                Step::Finer(by) => {
                    count = count.checked_sub(1)?;
                    waiting.get(count)?.checked_mul(by)?
                }
                Step::Add | Step::Subtract | Step::Multiply => {
                    count = count.checked_sub(2)?;
                    let (left, right) = (*waiting.get(count)?, *waiting.get(count + 1)?);
                    match step {
                        Step::Add => left.checked_add(right)?,
                        Step::Subtract => left.checked_sub(right)?,
                        _ => product(left, right)?,
                    }
                }
            };
            *waiting.get_mut(count)? = result;
            count = count.checked_add(1)?;
        }
        let result = waiting.first()?;
        let at = if self.bounds.len() <= 16 {
            self.bounds.iter().filter(|bound| *bound <= result).count()
        } else {
            self.bounds.partition_point(|bound| bound <= result)
        };
        u16::try_from(at).ok()
    }
}

/// A product; of two numbers of 64 bits, which most are, it always fits.
fn product(left: i128, right: i128) -> Option<i128> {
    match (i64::try_from(left), i64::try_from(right)) {
        (Ok(left), Ok(right)) => i128::from(left).checked_mul(i128::from(right)),
        _ => left.checked_mul(right),
    }
}

/// Adds the steps of a node; how many factors its result has.
fn lay_out(
    arena: &Arena,
    encoder: &Encoder,
    node: NodeId,
    steps: &mut Vec<Step>,
    depth: usize,
) -> Option<u32> {
    if depth > DEEPEST {
        return None;
    }
    match arena.node(node) {
        Node::Constant(Value::Number(number)) => {
            steps.push(Step::Constant(scaled(*number, 1)?));
            Some(1)
        }
        Node::Slot(slot) => {
            let slot = usize::try_from(*slot).ok()?;
            steps.push(Step::Slot(slot));
            (encoder.kind(slot) == Kind::Number).then_some(1)
        }
        Node::Arithmetic(operator, left, right) => {
            let (left, right) = (*left, *right);
            let left = lay_out(arena, encoder, left, steps, depth)?;
            let before = steps.len();
            let right = lay_out(arena, encoder, right, steps, depth.checked_add(1)?)?;
            let finer = |by: u32| Some(Step::Finer(PARTS.checked_pow(by)?));
            let (step, factors) = match operator {
                Operator::Multiply => (Step::Multiply, left.checked_add(right)?),
                Operator::Add | Operator::Subtract => {
                    if left < right {
                        steps.insert(before, finer(right.checked_sub(left)?)?);
                    } else if right < left {
                        steps.push(finer(left.checked_sub(right)?)?);
                    }
                    let step = if *operator == Operator::Add { Step::Add } else { Step::Subtract };
                    (step, left.max(right))
                }
                Operator::Divide => return None,
            };
            steps.push(step);
            (factors <= MOST_FACTORS).then_some(factors)
        }
        _ => None,
    }
}
