//! The keys of one column of a table, cut into cells that no row tells apart.

use std::collections::BTreeSet;

use exeat_hir::{TablePattern, Ty};
use exeat_model::{Code, Truth, Value};

use super::domain::Domain;
use super::fold::Reader;
use super::words;

/// Keys that no row tells apart, and the rows that match them.
pub(super) struct Cell {
    /// How the first of them is written.
    pub(super) words: String,
    /// The rows.
    pub(super) rows: BTreeSet<usize>,
}

/// Where on a line of numbers or days a key may lie.
enum Spot {
    At(Value),
    Between(Option<Value>, Option<Value>),
}

/// All keys of one column in cells, one for each set of rows; `None` for types that are not understood.
pub(super) fn cells<'h>(
    reader: Reader<'h>,
    name: &str,
    ty: &Ty,
    patterns: &[&'h TablePattern],
) -> Option<Vec<Cell>> {
    let rows_at = |spot: &Spot| -> BTreeSet<usize> {
        let matching = patterns.iter().enumerate().filter(|(_, one)| matches(reader, one, spot));
        matching.map(|(at, _)| at).collect()
    };
    let mut cells: Vec<Cell> = Vec::new();
    let mut add = |spot: &Spot, words: String| {
        let rows = rows_at(spot);
        if cells.iter().all(|cell| cell.rows != rows) {
            cells.push(Cell { words, rows });
        }
    };
    let shown = |value: &Value| words::shown(reader.hir, value, ty);
    match ty {
        Ty::YesNo | Ty::Country | Ty::Enum(_) | Ty::Code(_) => {
            for value in Domain::of(reader, ty)?.values() {
                let words = format!("`{name} = {}`", shown(&value));
                add(&Spot::At(value), words);
            }
        }
        Ty::Text => {
            for value in named_values(reader, patterns) {
                let words = format!("`{name} = {}`", shown(&value));
                add(&Spot::At(value), words);
            }
            add(&Spot::Between(None, None), format!("any other `{name}`"));
        }
        Ty::Quantity(_) | Ty::Date => {
            let cuts: Vec<Value> = named_values(reader, patterns).into_iter().collect();
            let mut low: Option<Value> = None;
            for cut in &cuts {
                let words = match &low {
                    None => format!("`{name}` below {}", shown(cut)),
                    Some(low) => format!("`{name}` between {} and {}", shown(low), shown(cut)),
                };
                // A table that begins at nought is not asked for less.
                let nought = matches!(cut, Value::Number(number) if number.is_zero());
                let skipped = empty_between(low.as_ref(), cut) || (low.is_none() && nought);
                if !skipped {
                    add(&Spot::Between(low, Some(cut.clone())), words);
                }
                add(&Spot::At(cut.clone()), format!("`{name} = {}`", shown(cut)));
                low = Some(cut.clone());
            }
            let words = match &low {
                None => format!("any `{name}`"),
                Some(low) => format!("`{name}` above {}", shown(low)),
            };
            add(&Spot::Between(low, None), words);
        }
        Ty::Outcome(_) | Ty::Record(_) | Ty::List(_) | Ty::Set(_) | Ty::Error => return None,
    }
    Some(cells)
}

/// Every value at which a pattern may begin or end to match.
fn named_values<'h>(reader: Reader<'h>, patterns: &[&'h TablePattern]) -> BTreeSet<Value> {
    let mut values = BTreeSet::new();
    for pattern in patterns {
        match pattern {
            TablePattern::Value(value) => drop(values.insert(value.clone())),
            TablePattern::Set(set) => values.extend(reader.set(set).into_iter().flatten()),
            TablePattern::Band { low, high } => {
                values.extend(low.iter().chain(high).map(|(end, _)| end.clone()));
            }
            TablePattern::Any | TablePattern::Within(..) => {}
        }
    }
    values
}

/// Two days in a row have nothing between them.
fn empty_between(low: Option<&Value>, high: &Value) -> bool {
    match (low, high) {
        (Some(Value::Date(low)), Value::Date(high)) => {
            low.tomorrow().is_ok_and(|next| next == *high)
        }
        _ => false,
    }
}

/// Whether a pattern matches all keys at a spot. What is not understood counts as matching, so that
/// every hole that is reported is one.
fn matches<'h>(reader: Reader<'h>, pattern: &'h TablePattern, spot: &Spot) -> bool {
    match (pattern, spot) {
        (TablePattern::Any, _) => true,
        (TablePattern::Value(wanted), Spot::At(value)) => wanted == value,
        (TablePattern::Set(set), Spot::At(value)) => {
            reader.set(set).is_none_or(|members| members.contains(value))
        }
        (TablePattern::Set(set), Spot::Between(..)) => reader.set(set).is_none(),
        (TablePattern::Within(target, list), Spot::At(Value::Code(code))) => {
            let targets = [Code::Entry(target.clone())];
            reader.lists.answer(reader.hir, *list, code, &targets) != Some(Truth::False)
        }
        (TablePattern::Band { low, high }, Spot::At(value)) => {
            let above =
                |(end, included): &(Value, bool)| end < value || (*included && end == value);
            let below =
                |(end, included): &(Value, bool)| value < end || (*included && end == value);
            low.as_ref().is_none_or(above) && high.as_ref().is_none_or(below)
        }
        (TablePattern::Band { low, high }, Spot::Between(from, to)) => {
            let above = |(end, _): &(Value, bool)| from.as_ref().is_some_and(|from| end <= from);
            let below = |(end, _): &(Value, bool)| to.as_ref().is_some_and(|to| to <= end);
            low.as_ref().is_none_or(above) && high.as_ref().is_none_or(below)
        }
        (TablePattern::Value(_) | TablePattern::Within(..), _) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::lists::Lists;
    use crate::analysis::test_support::country;
    use exeat_hir::Hir;
    use exeat_model::date_from_text;

    fn words_of(ty: &Ty, patterns: &[TablePattern]) -> Vec<String> {
        let hir = Hir::default();
        let patterns: Vec<&TablePattern> = patterns.iter().collect();
        let lists = Lists::default();
        let found = cells(Reader::new(&hir, &lists, None), "key", ty, &patterns).unwrap();
        found.into_iter().map(|cell| cell.words).collect()
    }

    #[test]
    fn countries_fall_into_the_named_and_the_rest() {
        let poland = TablePattern::Value(country("PL"));
        assert_eq!(words_of(&Ty::Country, &[poland]), ["`key = AD`", "`key = PL`"]);
    }

    #[test]
    fn nothing_lies_between_two_days_in_a_row() {
        let until = |text| {
            let end = Some((Value::Date(date_from_text(text).unwrap()), true));
            TablePattern::Band { low: None, high: end }
        };
        let found = words_of(&Ty::Date, &[until("2025-01-01"), until("2025-01-02")]);
        assert_eq!(
            found,
            ["`key` below 2025-01-01", "`key = 2025-01-02`", "`key` above 2025-01-02"]
        );
    }
}
