//! The values that one quantity, key or field can still have after some tests of it.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use exeat_hir::{CodeListId, Hir, Ty};
use exeat_model::{Code, Country, Date, Number, Truth, Value};

use super::code_lists;

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
pub(super) struct Domain {
    /// All that are left, for a type whose values can be listed or once a test has listed them.
    listed: Option<Arc<BTreeSet<Value>>>,
    /// The day on which a country has to stand, if that is asked for.
    day: Option<Date>,
    low: Option<(Value, bool)>,
    high: Option<(Value, bool)>,
    excluded: BTreeSet<Value>,
    ty: Ty,
}

impl Domain {
    /// All values of a type, on a day where they differ by day. `None` for types that are not
    /// understood here: records, lists, sets, outcomes.
    pub(super) fn of(hir: &Hir, ty: &Ty, day: Option<Date>) -> Option<Self> {
        let listed = match ty {
            Ty::YesNo => Some(BTreeSet::from([Value::YesNo(true), Value::YesNo(false)]).into()),
            Ty::Quantity(_) | Ty::Date | Ty::Text => None,
            Ty::Country => Some(all_countries()),
            Ty::Enum(id) => {
                let values = &hir.enums.get(*id)?.values;
                let values = values.iter().map(|value| Value::Symbol(value.name.clone()));
                Some(Arc::new(values.collect()))
            }
            Ty::Code(id) => {
                let entries = hir.code_lists.get(*id)?.entries.iter();
                let standing = entries
                    .filter(|(_, entry)| day.is_none_or(|day| entry.interval.contains(day)))
                    .map(|(code, _)| Value::Code(Code::Entry(code.clone())));
                Some(Arc::new(standing.chain([Value::Code(Code::None)]).collect()))
            }
            Ty::Outcome(_) | Ty::Record(_) | Ty::List(_) | Ty::Set(_) | Ty::Error => return None,
        };
        Some(Self { listed, day, low: None, high: None, excluded: BTreeSet::new(), ty: ty.clone() })
    }

    /// Keeps the values for which a test is certainly true.
    pub(super) fn keep(&mut self, hir: &Hir, test: &Test) {
        match test {
            Test::OneOf(values) => {
                self.listed = Some(match self.listed.take() {
                    Some(listed) => {
                        let left = values.iter().filter(|value| listed.contains(*value));
                        Arc::new(left.cloned().collect())
                    }
                    None => Arc::new(values.clone()),
                });
            }
            Test::NoneOf(values) => self.excluded.extend(values.iter().cloned()),
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
                let Some(list) = hir.code_lists.get(*list) else { return };
                let answer = Truth::from(*wanted);
                if let Some(listed) = &mut self.listed {
                    Arc::make_mut(listed).retain(|value| match value {
                        Value::Code(code) => {
                            code_lists::answer(list, code, targets, *meets) == answer
                        }
                        _ => false,
                    });
                }
            }
        }
    }

    /// A value that is left, the plainest one; `None` if none is.
    pub(super) fn example(&self) -> Option<Value> {
        if let Some(listed) = &self.listed {
            let mut left = listed.iter().filter(|value| self.allows(value));
            let first = left.next()?;
            // "No code" is a possible value but a poor example.
            let better = (*first == Value::Code(Code::None)).then(|| left.next()).flatten();
            return Some(better.unwrap_or(first).clone());
        }
        self.candidates().into_iter().find(|value| self.allows(value))
    }

    /// All values that are left, if they can be listed.
    pub(super) fn values(&self) -> Vec<Value> {
        let listed = self.listed.iter().flat_map(|listed| listed.iter());
        listed.filter(|value| self.allows(value)).cloned().collect()
    }

    fn allows(&self, value: &Value) -> bool {
        let above = |(low, included): &(Value, bool)| low < value || (*included && low == value);
        let below = |(high, included): &(Value, bool)| value < high || (*included && high == value);
        let stands = match (value, self.day) {
            (Value::Country(country), Some(day)) => country.stands_on(day),
            _ => true,
        };
        stands
            && !self.excluded.contains(value)
            && self.low.as_ref().is_none_or(above)
            && self.high.as_ref().is_none_or(below)
    }

    /// So many values that one of them is left if any value is.
    fn candidates(&self) -> Vec<Value> {
        let wanted = self.excluded.len().saturating_add(1);
        match &self.ty {
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

/// The countries of the table, made once: most conditions ask for one.
fn all_countries() -> Arc<BTreeSet<Value>> {
    static ALL: OnceLock<Arc<BTreeSet<Value>>> = OnceLock::new();
    let all = ALL.get_or_init(|| {
        let codes = Country::table().iter().filter_map(|entry| Country::from_code(entry.alpha2));
        Arc::new(codes.map(Value::Country).collect())
    });
    Arc::clone(all)
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
    use crate::analysis::test_support::number;
    use exeat_model::date_from_text;

    fn left(ty: &Ty, tests: &[Test]) -> Option<Value> {
        let hir = Hir::default();
        let mut domain = Domain::of(&hir, ty, None).unwrap();
        for test in tests {
            domain.keep(&hir, test);
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
