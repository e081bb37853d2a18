//! Keys for which a table without `otherwise` has no row.

use std::collections::BTreeSet;

use exeat_diagnostics::{Diagnostic, codes};
use exeat_hir::{Hir, Table, TablePattern, TableRow};
use exeat_model::{Date, Interval};

use super::cells::{Cell, cells};
use super::fold::Reader;
use super::lists::Lists;
use super::{days, tables, words};

/// How many combinations of keys are looked at for one table on one day.
const MOST_COMBINATIONS: usize = 100_000;

/// The first hole of every table that has one.
pub(super) fn find(hir: &Hir) -> Vec<Diagnostic> {
    let open = hir.tables.values().filter(|table| table.otherwise.is_none());
    let lists = Lists::default();
    open.filter_map(|table| hole(hir, &lists, table)).collect()
}

fn hole(hir: &Hir, lists: &Lists, table: &Table) -> Option<Diagnostic> {
    let dated = table.rows.iter().any(|row| row.interval != Interval::ALWAYS);
    for day in days_of(hir, table) {
        let reader = Reader::new(hir, lists, Some(day));
        let rows: Vec<&TableRow> =
            table.rows.iter().filter(|row| row.interval.contains(day)).collect();
        let columns: Option<Vec<Vec<Cell>>> = table
            .parameters
            .iter()
            .enumerate()
            .map(|(at, key)| cells(reader, &key.name, &key.ty, &column(&rows, at)))
            .collect();
        let mut search = Search { columns: columns?, seen: BTreeSet::new() };
        let all: BTreeSet<usize> = (0..rows.len()).collect();
        let Some(keys) = search.uncovered(0, &all) else { continue };
        let keys = match keys.as_slice() {
            [] => "any keys".to_owned(),
            keys => words::listed(keys, "and"),
        };
        let on = if dated { format!(" on {day}") } else { String::new() };
        let message = format!("the table `{}` has no row for {keys}{on}", table.name);
        return Some(
            Diagnostic::error(codes::TABLE_HOLE, message, table.span, "a row is missing")
                .with_help(
                    "Add a row for it, or an `otherwise` that says what holds where no row does.",
                )
                .with_note(
                    "A look-up that finds no row is an error outcome, never a silent default.",
                ),
        );
    }
    None
}

/// Days on which the table may be another: from its first row's first day to its last row's last.
fn days_of(hir: &Hir, table: &Table) -> Vec<Date> {
    let intervals = || table.rows.iter().map(|row| row.interval);
    let from = intervals().map(|row| row.from).min().flatten();
    let until = if intervals().any(|row| row.until.is_none()) {
        None
    } else {
        intervals().filter_map(|row| row.until).max()
    };
    let whole = Interval { from, until };
    let mut days: BTreeSet<Date> =
        days::to_try(hir, table.rows.iter().flat_map(tables::sets_of), &[whole])
            .into_iter()
            .collect();
    days.extend(intervals().flat_map(|row| row.from.into_iter().chain(row.until)));
    days.retain(|day| whole.contains(*day));
    days.into_iter().collect()
}

fn column<'h>(rows: &[&'h TableRow], at: usize) -> Vec<&'h TablePattern> {
    rows.iter().map(|row| row.patterns.get(at).unwrap_or(&TablePattern::Any)).collect()
}

struct Search {
    columns: Vec<Vec<Cell>>,
    /// Columns and rows that were looked at, and have no hole.
    seen: BTreeSet<(usize, BTreeSet<usize>)>,
}

impl Search {
    /// The keys, from a column on, for which none of the rows is left.
    fn uncovered(&mut self, at: usize, rows: &BTreeSet<usize>) -> Option<Vec<String>> {
        if rows.is_empty() {
            return Some(Vec::new());
        }
        if at >= self.columns.len() || self.seen.len() >= MOST_COMBINATIONS {
            return None;
        }
        if !self.seen.insert((at, rows.clone())) {
            return None;
        }
        let choices: Vec<(String, BTreeSet<usize>)> = self
            .columns
            .get(at)?
            .iter()
            .map(|cell| (cell.words.clone(), cell.rows.intersection(rows).copied().collect()))
            .collect();
        for (words, left) in choices {
            if let Some(mut keys) = self.uncovered(at.saturating_add(1), &left) {
                keys.insert(0, words);
                return Some(keys);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::test_support::{
        World, country, days, literal, number, symbol, text_of, tpp,
    };
    use exeat_hir::Ty;
    use exeat_model::Value;

    fn is(value: Value) -> TablePattern {
        TablePattern::Value(value)
    }

    fn band(low: Option<&str>, high: Option<&str>) -> TablePattern {
        TablePattern::Band {
            low: low.map(|end| (number(end), true)),
            high: high.map(|end| (number(end), false)),
        }
    }

    #[test]
    fn a_missing_value_of_an_enumeration_is_named() {
        let mut world = World::new();
        let action = Ty::Enum(world.enumeration("action", &["export", "reexport", "support"]));
        let (yes, no) = (is(Value::YesNo(true)), is(Value::YesNo(false)));
        let rows = vec![
            vec![is(symbol("export")), TablePattern::Any],
            vec![is(symbol("reexport")), yes.clone()],
            vec![is(symbol("support")), yes],
            vec![is(symbol("support")), no.clone()],
        ];
        let table = world.table(&[("action", action), ("listed", Ty::YesNo)], rows);
        assert_eq!(
            text_of(&find(&world.hir)),
            ["E0602 the table `t` has no row for `action = reexport` and `listed = no`"]
        );
        let mut row = world.hir.tables.get(table).unwrap().rows[0].clone();
        row.patterns = vec![is(symbol("reexport")), no];
        world.hir.tables.get_mut(table).unwrap().rows.push(row);
        assert!(find(&world.hir).is_empty());
    }

    #[test]
    fn bands_have_to_meet() {
        let found = |patterns: Vec<TablePattern>| {
            let mut world = World::new();
            let rows = patterns.into_iter().map(|one| vec![one]).collect();
            world.table(&[("performance", tpp())], rows);
            text_of(&find(&world.hir))
        };
        assert!(found(vec![band(Some("0"), Some("1600")), band(Some("1600"), None)]).is_empty());
        assert_eq!(
            found(vec![band(Some("0"), Some("1600")), band(Some("4800"), None)]),
            ["E0602 the table `t` has no row for `performance = 1600 TPP`"]
        );
        assert_eq!(
            found(vec![band(Some("1600"), None)]),
            ["E0602 the table `t` has no row for `performance` below 1600 TPP"]
        );
        assert_eq!(
            found(vec![band(None, Some("1600")), is(number("1600"))]),
            ["E0602 the table `t` has no row for `performance` above 1600 TPP"]
        );
    }

    #[test]
    fn countries_and_times_without_a_row() {
        let mut world = World::new();
        let rows = vec![vec![is(country("AD"))]];
        let table = world.table(&[("to", Ty::Country)], rows);
        assert_eq!(text_of(&find(&world.hir)), ["E0602 the table `t` has no row for `to = AE`"]);

        let table = world.hir.tables.get_mut(table).unwrap();
        let mut later = table.rows[0].clone();
        table.rows[0].patterns = vec![TablePattern::Any];
        table.rows[0].interval = days("2024-01-01", "2025-01-01");
        later.patterns = vec![TablePattern::Any];
        later.interval = days("2025-02-01", "");
        table.rows.push(later);
        assert_eq!(
            text_of(&find(&world.hir)),
            ["E0602 the table `t` has no row for any keys on 2025-01-01"]
        );
        let table = world.hir.tables.values_mut().next().unwrap();
        table.otherwise = Some(literal(number("0")));
        assert!(find(&world.hir).is_empty());
    }
}
