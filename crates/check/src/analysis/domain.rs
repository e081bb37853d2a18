//! The values that one quantity, key or field can still have after some tests of it.

use std::collections::BTreeSet;
use std::rc::Rc;

use exeat_hir::{CodeListId, Hir, Ty};
use exeat_model::{Code, Date, Number, Value};

use super::fold::Reader;
use super::marks::Marks;

/// A test of one value against constants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Test {
    /// It is one of these.
    OneOf(BTreeSet<Value>),
    /// It is none of these.
    NoneOf(BTreeSet<Value>),
    /// It is above that; or that itself, if `true`.
    Above(Value, bool),
    /// It is below that; or that itself, if `true`.
    Below(Value, bool),
    /// A code that is, or is not, a part of one of these or, for `meets`, listed as meeting one.
    Code {
        /// The code list.
        list: CodeListId,
        /// What it is asked for.
        targets: Vec<Code>,
        /// Whether entries listed as meeting one count too.
        meets: bool,
        /// The answer that is wanted.
        wanted: bool,
    },
}

impl Test {
    /// The test that is true where this one is false.
    pub(super) fn negated(self) -> Self {
        match self {
            Self::OneOf(values) => Self::NoneOf(values),
            Self::NoneOf(values) => Self::OneOf(values),
            Self::Above(end, included) => Self::Below(end, !included),
            Self::Below(end, included) => Self::Above(end, !included),
            Self::Code { list, targets, meets, wanted } => {
                Self::Code { list, targets, meets, wanted: !wanted }
            }
        }
    }
}

/// The values that are left.
#[derive(Clone, Debug)]
pub(super) struct Domain<'d> {
    reader: Reader<'d>,
    ty: &'d Ty,
    /// All that are left, for a type whose values can be listed or once a test has listed them.
    listed: Option<Listed>,
    low: Option<(Value, bool)>,
    high: Option<(Value, bool)>,
    /// Values taken out while none are listed.
    excluded: BTreeSet<Value>,
}

/// Values in order, and which of them are left.
#[derive(Clone, Debug)]
struct Listed {
    all: Rc<[Value]>,
    left: Marks,
}

/// Whether values of a type can be reasoned about here: not records, lists, sets, outcomes.
pub(super) fn understood(hir: &Hir, ty: &Ty) -> bool {
    match ty {
        Ty::YesNo | Ty::Country | Ty::Quantity(_) | Ty::Date | Ty::Text => true,
        Ty::Enum(id) => hir.enums.get(*id).is_some(),
        Ty::Code(id) => hir.code_lists.get(*id).is_some(),
        Ty::Outcome(_) | Ty::Record(_) | Ty::List(_) | Ty::Set(_) | Ty::Error => false,
    }
}

impl<'d> Domain<'d> {
    /// All values of a type, on a day where they differ by day. `None` for types that are not
    /// understood here.
    pub(super) fn of(reader: Reader<'d>, ty: &'d Ty) -> Option<Self> {
        if !understood(reader.hir, ty) {
            return None;
        }
        let listed = reader.lists.values(reader.hir, ty, reader.day);
        let listed = listed.map(|(all, left)| Listed { all, left });
        Some(Self { reader, ty, listed, low: None, high: None, excluded: BTreeSet::new() })
    }

    /// Keeps the values for which a test is certainly true.
    pub(super) fn keep(&mut self, test: &Test) {
        match test {
            Test::OneOf(values) => {
                if let Some(listed) = &mut self.listed {
                    let mut wanted = Marks::none(listed.all.len());
                    for at in values.iter().filter_map(|value| listed.all.binary_search(value).ok())
                    {
                        wanted.mark(at);
                    }
                    listed.left.keep(&wanted);
                } else {
                    let all: Rc<[Value]> = values.iter().cloned().collect();
                    let left = Marks::of(&all, |value| !self.excluded.contains(value));
                    self.listed = Some(Listed { all, left });
                }
            }
            Test::NoneOf(values) => match &mut self.listed {
                Some(listed) => {
                    for at in values.iter().filter_map(|value| listed.all.binary_search(value).ok())
                    {
                        listed.left.unmark(at);
                    }
                }
                None => self.excluded.extend(values.iter().cloned()),
            },
            Test::Above(end, included) => {
                let (end, included) = on_a_day(end, *included, |day| day.tomorrow().ok());
                let tighter =
                    |(old, old_included): &(Value, bool)| (old, !*old_included) < (&end, !included);
                if self.low.as_ref().is_none_or(tighter) {
                    self.low = Some((end, included));
                }
            }
            Test::Below(end, included) => {
                let (end, included) = on_a_day(end, *included, |day| day.yesterday().ok());
                let tighter =
                    |(old, old_included): &(Value, bool)| (&end, included) < (old, *old_included);
                if self.high.as_ref().is_none_or(tighter) {
                    self.high = Some((end, included));
                }
            }
            Test::Code { list, targets, meets, wanted } => {
                let Reader { hir, lists, .. } = self.reader;
                let answers = lists.answers(hir, *list, targets, *meets);
                if let (Some(answers), Some(listed)) = (answers, &mut self.listed) {
                    listed.left.keep(answers.with(*wanted));
                }
            }
        }
    }

    /// Whether the values were listed and none is left, so that no further test can change that.
    pub(super) fn is_spent(&self) -> bool {
        self.listed.as_ref().is_some_and(|listed| listed.left.is_empty())
    }

    /// A value that is left, the plainest one; `None` if none is.
    pub(super) fn example(&self) -> Option<Value> {
        if let Some(listed) = &self.listed {
            let mut left = listed.left.among(&listed.all).filter(|value| self.allows(value));
            let first = left.next()?;
            // "No code" is a possible value but a poor example.
            let better = (*first == Value::Code(Code::None)).then(|| left.next()).flatten();
            return Some(better.unwrap_or(first).clone());
        }
        self.candidates().into_iter().find(|value| self.allows(value))
    }

    /// All values that are left, if they can be listed.
    pub(super) fn values(&self) -> Vec<Value> {
        let listed = self.listed.iter().flat_map(|listed| listed.left.among(&listed.all));
        listed.filter(|value| self.allows(value)).cloned().collect()
    }

    fn allows(&self, value: &Value) -> bool {
        let above = |(low, included): &(Value, bool)| low < value || (*included && low == value);
        let below = |(high, included): &(Value, bool)| value < high || (*included && high == value);
        !self.excluded.contains(value)
            && self.low.as_ref().is_none_or(above)
            && self.high.as_ref().is_none_or(below)
    }

    /// So many values that one of them is left if any value is.
    fn candidates(&self) -> Vec<Value> {
        let wanted = self.excluded.len().saturating_add(1);
        match self.ty {
            Ty::Quantity(_) => {
                let number = |end: &Option<(Value, bool)>| match end {
                    Some((Value::Number(number), _)) => Some(*number),
                    _ => None,
                };
                numbers(number(&self.low), number(&self.high), wanted)
            }
            Ty::Date => {
                let start = match (&self.low, &self.high) {
                    (Some((Value::Date(low), _)), _) => *low,
                    (_, Some((Value::Date(high), _))) => {
                        return std::iter::successors(Some(*high), |day| day.yesterday().ok())
                            .take(wanted)
                            .map(Value::Date)
                            .collect();
                    }
                    _ => Date::constant(2025, 1, 1),
                };
                std::iter::successors(Some(start), |day| day.tomorrow().ok())
                    .take(wanted)
                    .map(Value::Date)
                    .collect()
            }
            Ty::Text => (0..wanted)
                .map(|at| Value::Text("other".repeat(at.saturating_add(1)).into()))
                .collect(),
            _ => Vec::new(),
        }
    }
}

/// Both ends, and then evenly between them, or in steps of one from the only end.
fn numbers(low: Option<Number>, high: Option<Number>, wanted: usize) -> Vec<Value> {
    let steps = i128::try_from(wanted.saturating_add(1)).unwrap_or(i128::MAX);
    let step = |from: Number, at: i128, width: Number| {
        width.checked_mul(Number::from_integer(at)).and_then(|way| from.checked_add(way)).ok()
    };
    let (start, width) = match (low, high) {
        (Some(low), Some(high)) => {
            let part = Number::from_fraction(1, steps);
            let width = high.checked_sub(low).and_then(|all| all.checked_mul(part?));
            (low, width.unwrap_or(Number::ZERO))
        }
        (None, Some(high)) => (high, Number::from_integer(-1)),
        (low, None) => (low.unwrap_or(Number::ZERO), Number::ONE),
    };
    let ends = low.into_iter().chain(high);
    ends.chain((0..=steps).filter_map(|at| step(start, at, width))).map(Value::Number).collect()
}

/// Days are whole, so "after a day" is "from the next day on".
fn on_a_day(end: &Value, included: bool, next: impl Fn(Date) -> Option<Date>) -> (Value, bool) {
    match end {
        Value::Date(day) if !included => match next(*day) {
            Some(day) => (Value::Date(day), true),
            None => (end.clone(), false),
        },
        _ => (end.clone(), included),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::lists::Lists;
    use crate::analysis::test_support::number;
    use exeat_model::date_from_text;

    fn left(ty: &Ty, tests: &[Test]) -> Option<Value> {
        let (hir, lists) = (Hir::default(), Lists::default());
        let mut domain = Domain::of(Reader::new(&hir, &lists, None), ty).unwrap();
        for test in tests {
            domain.keep(test);
        }
        domain.example()
    }

    #[test]
    fn numbers_are_dense_and_ends_are_exact() {
        let number_type = Ty::number();
        let between = |low: bool, high: bool| {
            left(&number_type, &[Test::Above(number("3"), low), Test::Below(number("4"), high)])
        };
        assert_eq!(between(true, false), Some(number("3")));
        assert_eq!(between(false, true), Some(number("4")));
        assert!(between(false, false).is_some());
        let point = |included| {
            left(
                &number_type,
                &[Test::Above(number("3"), true), Test::Below(number("3"), included)],
            )
        };
        assert_eq!(point(true), Some(number("3")));
        assert_eq!(point(false), None);
        let excluded = Test::NoneOf([number("3")].into());
        assert_eq!(
            left(&number_type, &[excluded, Test::Above(number("3"), true)]),
            Some(number("4"))
        );
    }

    #[test]
    fn days_are_whole() {
        let day = |text| Value::Date(date_from_text(text).unwrap());
        let tests = [Test::Above(day("2025-01-01"), false), Test::Below(day("2025-01-02"), false)];
        assert_eq!(left(&Ty::Date, &tests), None);
        assert_eq!(left(&Ty::Date, &tests[..1]), Some(day("2025-01-02")));
    }

    #[test]
    fn listed_values_run_out() {
        let yes = Test::OneOf([Value::YesNo(true)].into());
        assert_eq!(left(&Ty::YesNo, &[yes.clone(), yes.clone().negated()]), None);
        assert_eq!(left(&Ty::YesNo, &[yes.negated()]), Some(Value::YesNo(false)));
    }
}
