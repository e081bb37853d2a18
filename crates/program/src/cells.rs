//! The values of a column in classes that no atom tells apart.
//!
//! Numbers and dates are cut at the constants that they are compared with: below the first, at it,
//! between it and the next, and so on. Other values are put together where all atoms agree on them. What
//! is unknown is a class of its own, the last.

use std::collections::{BTreeMap, BTreeSet};

use exeat_model::{Truth, Value};

/// A set of cells, as stretches of neighbours: a band over a fact with thousands of constants is one stretch.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct CellSet(
    /// First and last cell of each stretch, in order; no two of them touch.
    Vec<(u16, u16)>,
);

impl CellSet {
    /// Whether a cell is in it.
    pub fn contains(&self, cell: u16) -> bool {
        let at = self.0.partition_point(|(_, last)| *last < cell);
        self.0.get(at).is_some_and(|(first, _)| *first <= cell)
    }

    /// Puts a cell into it.
    pub fn insert(&mut self, cell: u16) {
        self.insert_all(cell, cell);
    }

    /// Puts all cells from one to another into it.
    pub fn insert_all(&mut self, first: u16, last: u16) {
        if first > last {
            return;
        }
        // Stretches that overlap the new one, or touch it, become one with it.
        let start = self.0.partition_point(|(_, end)| end.saturating_add(1) < first);
        let end = self.0.partition_point(|(begin, _)| *begin <= last.saturating_add(1));
        let touched = self.0.get(start..end.max(start)).unwrap_or(&[]);
        let first = touched.first().map_or(first, |(begin, _)| first.min(*begin));
        let last = touched.last().map_or(last, |(_, end)| last.max(*end));
        self.0.splice(start..end.max(start), [(first, last)]);
    }

    /// Its cells, in order.
    pub fn iter(&self) -> impl Iterator<Item = u16> + '_ {
        self.0.iter().flat_map(|(first, last)| *first..=*last)
    }

    /// Its stretches of neighbouring cells, first and last, in order.
    pub fn stretches(&self) -> &[(u16, u16)] {
        &self.0
    }
}

/// How the values of a column fall into cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cells {
    /// No, then yes.
    YesNo,
    /// Cut at points: 2n + 1 cells for n points.
    Ordered(Vec<Value>),
    /// Classes of values. What is in none of them is in the last cell.
    Classes {
        /// The class of each value that some atom names, or that the type has.
        class: BTreeMap<Value, u16>,
        /// How many classes there are, that of all other values included.
        count: u16,
    },
}

impl Cells {
    /// How many cells there are for known values; the cell of the unknown has this number.
    pub fn count(&self) -> u16 {
        match self {
            Self::YesNo => 2,
            Self::Ordered(points) => {
                u16::try_from(points.len().saturating_mul(2).saturating_add(1)).unwrap_or(u16::MAX)
            }
            Self::Classes { count, .. } => *count,
        }
    }

    /// The cell of a known value.
    pub fn cell_of(&self, value: &Value) -> u16 {
        match self {
            Self::YesNo => u16::from(*value == Value::YesNo(true)),
            Self::Ordered(points) => match points.binary_search(value) {
                Ok(at) => narrow(at.saturating_mul(2).saturating_add(1)),
                Err(at) => narrow(at.saturating_mul(2)),
            },
            Self::Classes { class, count } => {
                class.get(value).copied().unwrap_or(count.saturating_sub(1))
            }
        }
    }
}

fn narrow(at: usize) -> u16 {
    u16::try_from(at).unwrap_or(u16::MAX)
}

/// A question about the value of one column.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Question {
    /// Is it yes?
    Yes,
    /// Is it in this band? `true` where the end belongs to it.
    Band {
        /// The lower end.
        low: Option<(Value, bool)>,
        /// The upper end.
        high: Option<(Value, bool)>,
    },
    /// Is it one of these?
    OneOf(BTreeSet<Value>),
    /// A question about a code, with the truth for each code that the list has.
    Codes(BTreeMap<Value, Truth>),
}

impl Question {
    /// The answer for a known value.
    pub fn holds(&self, value: &Value) -> Truth {
        match self {
            Self::Yes => Truth::from(*value == Value::YesNo(true)),
            Self::Band { low, high } => Truth::from(in_band(value, low.as_ref(), high.as_ref())),
            Self::OneOf(values) => Truth::from(values.contains(value)),
            Self::Codes(truths) => truths.get(value).copied().unwrap_or(Truth::False),
        }
    }

    fn points(&self) -> Vec<&Value> {
        match self {
            Self::Yes => Vec::new(),
            Self::Band { low, high } => {
                [low, high].into_iter().flatten().map(|(value, _)| value).collect()
            }
            Self::OneOf(values) => values.iter().collect(),
            Self::Codes(truths) => truths.keys().collect(),
        }
    }
}

pub(crate) fn in_band(
    value: &Value,
    low: Option<&(Value, bool)>,
    high: Option<&(Value, bool)>,
) -> bool {
    low.is_none_or(|(end, included)| if *included { end <= value } else { end < value })
        && high.is_none_or(|(end, included)| if *included { value <= end } else { value < end })
}

/// An answer for each cell: in which it is true, and in which it may be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// The cells in which it is true.
    pub must: CellSet,
    /// The cells in which it is true or unknown.
    pub may: CellSet,
}

/// Cuts the values of a column so that every question has one answer in each cell. `None` if that
/// takes more cells than can be counted.
///
/// `universe` are values that have to have a cell of their own class, beside those that questions name.
pub fn cut(
    ordered: bool,
    yes_no: bool,
    universe: &BTreeSet<Value>,
    questions: &[Question],
) -> Option<(Cells, Vec<Answers>)> {
    let cells = if yes_no {
        Cells::YesNo
    } else if ordered {
        let points: BTreeSet<&Value> = questions.iter().flat_map(Question::points).collect();
        Cells::Ordered(points.into_iter().cloned().collect())
    } else {
        classes(universe, questions)?
    };
    if usize::from(cells.count()) >= usize::from(u16::MAX) {
        return None;
    }
    let answers = questions.iter().map(|question| answers(&cells, question)).collect();
    Some((cells, answers))
}

fn classes(universe: &BTreeSet<Value>, questions: &[Question]) -> Option<Cells> {
    let named = questions.iter().flat_map(Question::points);
    let all: BTreeSet<&Value> = universe.iter().chain(named).collect();
    // The questions to which a value is not answered with no, with the answers: where a value is named
    // it is looked up, so that this takes no longer than there are names.
    let mut answered: BTreeMap<&Value, Vec<(usize, Truth)>> =
        all.into_iter().map(|value| (value, Vec::new())).collect();
    for (at, question) in questions.iter().enumerate() {
        match question {
            Question::OneOf(values) => {
                for value in values {
                    answered.entry(value).or_default().push((at, Truth::True));
                }
            }
            Question::Codes(truths) => {
                for (value, truth) in truths.iter().filter(|(_, truth)| **truth != Truth::False) {
                    answered.entry(value).or_default().push((at, *truth));
                }
            }
            Question::Yes | Question::Band { .. } => {
                for (value, answers) in &mut answered {
                    let truth = question.holds(value);
                    if truth != Truth::False {
                        answers.push((at, truth));
                    }
                }
            }
        }
    }
    let mut by_answers: BTreeMap<Vec<(usize, Truth)>, u16> = BTreeMap::new();
    let mut class = BTreeMap::new();
    for (value, answers) in answered {
        let next = u16::try_from(by_answers.len()).ok()?;
        class.insert(value.clone(), *by_answers.entry(answers).or_insert(next));
    }
    // What has no name is answered by every question as one that it does not name.
    let count = u16::try_from(by_answers.len()).ok()?.checked_add(1)?;
    Some(Cells::Classes { class, count })
}

fn answers(cells: &Cells, question: &Question) -> Answers {
    let mut found = Answers::default();
    let mut note = |cell: u16, truth: Truth| {
        if truth == Truth::True {
            found.must.insert(cell);
        }
        if truth != Truth::False {
            found.may.insert(cell);
        }
    };
    match cells {
        Cells::YesNo => {
            for (cell, value) in [(0, false), (1, true)] {
                note(cell, question.holds(&Value::YesNo(value)));
            }
        }
        Cells::Ordered(points) => match question {
            Question::Band { low, high } => {
                // The first cell that the lower end lets in, and the last that the upper one does.
                let place = |(end, included): &(Value, bool)| {
                    let at = points.partition_point(|point| point < end);
                    (at.saturating_mul(2).saturating_add(1), *included)
                };
                let first = low.as_ref().map_or(0, |end| match place(end) {
                    (at, true) => at,
                    (at, false) => at.saturating_add(1),
                });
                let last =
                    high.as_ref().map_or(points.len().saturating_mul(2), |end| match place(end) {
                        (at, true) => at,
                        (at, false) => at.saturating_sub(1),
                    });
                found.must.insert_all(narrow(first), narrow(last));
                found.may = found.must.clone();
            }
            Question::OneOf(values) => {
                for at in values.iter().filter_map(|value| points.binary_search(value).ok()) {
                    note(narrow(at.saturating_mul(2).saturating_add(1)), Truth::True);
                }
            }
            Question::Yes | Question::Codes(_) => {
                for (at, point) in points.iter().enumerate() {
                    let cell = narrow(at.saturating_mul(2).saturating_add(1));
                    note(cell, question.holds(point));
                }
            }
        },
        Cells::Classes { class, count } => {
            match question {
                // What it does not name it answers with no.
                Question::OneOf(values) => {
                    for cell in values.iter().filter_map(|value| class.get(value)) {
                        note(*cell, Truth::True);
                    }
                }
                _ => {
                    for (value, cell) in class {
                        note(*cell, question.holds(value));
                    }
                }
            }
            note(count.saturating_sub(1), Truth::False);
        }
    }
    // What is unknown may be anything.
    found.may.insert(cells.count());
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use exeat_model::Number;

    #[test]
    fn stretches_join_as_cells_come() {
        // Every order of these comes to the same set.
        let mut set = CellSet::default();
        for cell in [9, 3, 5, 4, 0, 10, 3] {
            set.insert(cell);
        }
        assert_eq!(set.stretches(), [(0, 0), (3, 5), (9, 10)]);
        set.insert_all(1, 8);
        assert_eq!(set.stretches(), [(0, 10)]);
        set.insert_all(u16::MAX, u16::MAX);
        assert!(set.contains(u16::MAX) && set.contains(7) && !set.contains(11));
        set.insert_all(20, 12);
        assert_eq!(set.iter().count(), 12);
    }

    #[test]
    fn a_cell_has_the_answer_of_every_value_in_it() {
        let number = |value: i128| Value::Number(Number::from_integer(value));
        let ends = [None, Some(2), Some(4), Some(6)];
        let mut questions = vec![Question::OneOf(BTreeSet::from([number(3), number(6)]))];
        for (low, high) in ends.iter().flat_map(|low| ends.iter().map(move |high| (low, high))) {
            for included in [true, false] {
                questions.push(Question::Band {
                    low: low.map(|low| (number(low), included)),
                    high: high.map(|high| (number(high), !included)),
                });
            }
        }
        let (cells, answers) = cut(true, false, &BTreeSet::new(), &questions).unwrap();
        for halves in 0..16 {
            let value = Value::Number(Number::from_fraction(halves, 2).unwrap());
            let cell = cells.cell_of(&value);
            for (question, answers) in questions.iter().zip(&answers) {
                let holds = question.holds(&value) == Truth::True;
                assert_eq!(answers.must.contains(cell), holds, "{question:?} of {value:?}");
                assert_eq!(answers.may.contains(cell), holds, "{question:?} of {value:?}");
            }
        }
        let unknown = |answers: &Answers| answers.may.contains(cells.count());
        assert!(answers.iter().all(unknown));
    }
}
