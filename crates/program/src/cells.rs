//! The values of a column in classes that no atom tells apart.
//!
//! Numbers and dates are cut at the constants that they are compared with: below the first, at it,
//! between it and the next, and so on. Other values are put together where all atoms agree on them. What
//! is unknown is a class of its own, the last.

use std::collections::{BTreeMap, BTreeSet};

use exeat_model::{Truth, Value};

/// A set of cells.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct CellSet(Vec<u64>);

impl CellSet {
    /// Whether a cell is in it.
    pub fn contains(&self, cell: u16) -> bool {
        let word = self.0.get(usize::from(cell >> 6)).copied().unwrap_or(0);
        word >> (cell & 63) & 1 == 1
    }

    /// Puts a cell into it.
    pub fn insert(&mut self, cell: u16) {
        let at = usize::from(cell >> 6);
        if self.0.len() <= at {
            self.0.resize(at.saturating_add(1), 0);
        }
        if let Some(word) = self.0.get_mut(at) {
            *word |= 1 << (cell & 63);
        }
    }

    /// Its cells, in order.
    pub fn iter(&self) -> impl Iterator<Item = u16> + '_ {
        let last = u16::try_from(self.0.len().saturating_mul(64)).unwrap_or(u16::MAX);
        (0..last).filter(|cell| self.contains(*cell))
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
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
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
    let mut by_answers: BTreeMap<Vec<Truth>, u16> = BTreeMap::new();
    let mut class = BTreeMap::new();
    for value in all {
        let truths: Vec<Truth> = questions.iter().map(|one| one.holds(value)).collect();
        let next = u16::try_from(by_answers.len()).ok()?;
        class.insert(value.clone(), *by_answers.entry(truths).or_insert(next));
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
        Cells::Ordered(points) => {
            for (at, point) in points.iter().enumerate() {
                note(narrow(at.saturating_mul(2).saturating_add(1)), question.holds(point));
            }
            for gap in 0..=points.len() {
                let below = gap.checked_sub(1).and_then(|at| points.get(at));
                let between = between(question, below, points.get(gap));
                note(narrow(gap.saturating_mul(2)), Truth::from(between));
            }
        }
        Cells::Classes { class, count } => {
            for (value, cell) in class {
                note(*cell, question.holds(value));
            }
            note(count.saturating_sub(1), Truth::False);
        }
    }
    // What is unknown may be anything.
    found.may.insert(cells.count());
    found
}

/// Whether a question about an ordered column holds strictly between two neighbouring points.
fn between(question: &Question, below: Option<&Value>, above: Option<&Value>) -> bool {
    match question {
        Question::Band { low, high } => {
            low.as_ref().is_none_or(|(end, _)| below.is_some_and(|below| end <= below))
                && high.as_ref().is_none_or(|(end, _)| above.is_some_and(|above| above <= end))
        }
        Question::Yes | Question::OneOf(_) | Question::Codes(_) => false,
    }
}
