//! Numbers as whole numbers of small parts, and what is computed of them by sums, differences, products and
//! choices, and of numbers that are remembered.
//!
//! It is exact: a number that is no whole number of parts has no such form, and what overflows has no
//! result here; both are computed in the exact arithmetic of the model instead.

use exeat_hir::Hir;
use exeat_model::{Number, Truth, Value};

use super::choice::Choice;
use super::encode::{Encoder, Kind, OTHER};
use super::memory::Place;
use crate::epoch::Epoch;
use crate::node::{Node, NodeId, Operator};

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

/// A number that is computed from slots and from what is remembered, with the bounds of its cells.
#[derive(Clone, Debug)]
pub(super) struct Sum {
    steps: Vec<Step>,
    choices: Vec<Choice>,
    bounds: Vec<i128>,
    /// Whether nothing but arithmetic makes it.
    pub(super) plain: bool,
}

/// What a sum may be made of.
pub(super) struct Parts<'a> {
    pub(super) hir: &'a Hir,
    pub(super) encoder: &'a Encoder,
    pub(super) epoch: &'a Epoch,
    /// The nodes that are remembered.
    pub(super) remembered: &'a [(NodeId, Place)],
}

#[derive(Clone, Copy, Debug)]
enum Step {
    /// A number that is remembered.
    Remembered(Place),
    /// Leaves out some of the steps that follow if a condition, by its place, is not true.
    Unless(usize, usize),
    /// Leaves out some of the steps that follow.
    Past(usize),
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
    pub(super) fn new(parts: &Parts<'_>, node: NodeId, points: &[Value]) -> Option<Self> {
        let mut choices = Vec::new();
        let (steps, factors) = parts.lay_out(node, &mut choices, 1)?;
        let mut found = Vec::with_capacity(points.len().saturating_mul(2));
        for point in points {
            let Value::Number(point) = point else { return None };
            found.extend(bounds(*point, factors)?);
        }
        let remembered = steps.iter().any(|step| matches!(step, Step::Remembered(_)));
        let plain = choices.is_empty() && !remembered;
        Some(Self { steps, choices, bounds: found, plain })
    }

    /// Its cell; `None` if a slot has no code, a condition is open, a result is too large or nothing is remembered.
    pub(super) fn cell(
        &self,
        codes: &[i64],
        mut remembered: impl FnMut(Place) -> Option<Number>,
    ) -> Option<u16> {
        let mut waiting = [0_i128; DEEPEST];
        let mut count = 0_usize;
        let mut at = 0_usize;
        while let Some(step) = self.steps.get(at) {
            at = at.checked_add(1)?;
            let result = match *step {
                Step::Slot(slot) => {
                    let code = *codes.get(slot)?;
                    if code <= OTHER {
                        return None;
                    }
                    i128::from(code)
                }
                Step::Constant(constant) => constant,
                Step::Remembered(place) => scaled(remembered(place)?, 1)?,
                Step::Unless(choice, past) => {
                    match self.choices.get(choice)?.truth(codes)? {
                        Truth::True => {}
                        Truth::False => at = at.checked_add(past)?,
                        Truth::Unknown => return None,
                    }
                    continue;
                }
                Step::Past(past) => {
                    at = at.checked_add(past)?;
                    continue;
                }
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

impl Parts<'_> {
    /// The steps of a node, and how many factors its result has.
    fn lay_out(
        &self,
        node: NodeId,
        choices: &mut Vec<Choice>,
        depth: usize,
    ) -> Option<(Vec<Step>, u32)> {
        if depth > DEEPEST {
            return None;
        }
        if let Some((_, place)) = self.remembered.iter().find(|(known, _)| *known == node) {
            return Some((vec![Step::Remembered(*place)], 1));
        }
        match self.epoch.arena.node(node) {
            Node::Constant(Value::Number(number)) => {
                Some((vec![Step::Constant(scaled(*number, 1)?)], 1))
            }
            Node::Slot(slot) => {
                let slot = usize::try_from(*slot).ok()?;
                let steps = vec![Step::Slot(slot)];
                (self.encoder.kind(slot) == Kind::Number).then_some((steps, 1))
            }
            Node::Arithmetic(operator, left, right) => {
                let (mut left, a) = self.lay_out(*left, choices, depth)?;
                let (mut right, b) = self.lay_out(*right, choices, depth.checked_add(1)?)?;
                let (step, factors) = match operator {
                    Operator::Multiply => (Step::Multiply, a.checked_add(b)?),
                    Operator::Add => (Step::Add, alike((&mut left, a), (&mut right, b))?),
                    Operator::Subtract => (Step::Subtract, alike((&mut left, a), (&mut right, b))?),
                    Operator::Divide => return None,
                };
                left.append(&mut right);
                left.push(step);
                (factors <= MOST_FACTORS).then_some((left, factors))
            }
            Node::If(condition, then, otherwise) => {
                let choice = Choice::new(self.hir, self.encoder, self.epoch, *condition)?;
                let at = choices.len();
                choices.push(choice);
                let (mut then, a) = self.lay_out(*then, choices, depth)?;
                let (mut otherwise, b) = self.lay_out(*otherwise, choices, depth)?;
                let factors = alike((&mut then, a), (&mut otherwise, b))?;
                then.push(Step::Past(otherwise.len()));
                let mut steps = vec![Step::Unless(at, then.len())];
                steps.append(&mut then);
                steps.append(&mut otherwise);
                Some((steps, factors))
            }
            _ => None,
        }
    }
}

/// Makes two results ones of equal parts: the finer ones of both. How many factors they have then.
fn alike(left: (&mut Vec<Step>, u32), right: (&mut Vec<Step>, u32)) -> Option<u32> {
    let factors = left.1.max(right.1);
    for (steps, own) in [left, right] {
        if own < factors {
            steps.push(Step::Finer(PARTS.checked_pow(factors.checked_sub(own)?)?));
        }
    }
    Some(factors)
}
