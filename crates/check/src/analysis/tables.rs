//! Rows of a table that match the same keys on the same day.

use std::collections::BTreeMap;

use exeat_diagnostics::{Diagnostic, codes};
use exeat_hir::{Expr, Hir, Table, TablePattern, TableRow, Ty};
use exeat_model::{Code, Value};

use super::days;
use super::domain::{Domain, Test};
use super::fold::Reader;
use super::lists::Lists;
use super::words;

/// Every row that overlaps with one before it, with an example of the keys.
pub(super) fn find(hir: &Hir) -> Vec<Diagnostic> {
    let lists = Lists::default();
    hir.tables.values().flat_map(|table| overlaps(hir, &lists, table)).collect()
}

/// What a pattern asks of its key; `None` if that is not understood.
pub(super) fn tests<'h>(reader: Reader<'h>, pattern: &'h TablePattern) -> Option<Vec<Test>> {
    Some(match pattern {
        TablePattern::Any => Vec::new(),
        TablePattern::Value(value) => vec![Test::OneOf([value.clone()].into())],
        TablePattern::Set(set) => vec![Test::OneOf(reader.set(set)?)],
        TablePattern::Within(code, list) => {
            let targets = vec![Code::Entry(code.clone())];
            vec![Test::Code { list: *list, targets, meets: false, wanted: true }]
        }
        TablePattern::Band { low, high } => {
            let low = low.iter().map(|(end, included)| Test::Above(end.clone(), *included));
            let high = high.iter().map(|(end, included)| Test::Below(end.clone(), *included));
            low.chain(high).collect()
        }
    })
}

/// The sets that the patterns of a row name.
pub(super) fn sets_of(row: &TableRow) -> impl Iterator<Item = &Expr> {
    row.patterns.iter().filter_map(|pattern| match pattern {
        TablePattern::Set(set) => Some(set),
        _ => None,
    })
}

/// One error for each row that overlaps with an earlier one: the fault is the row, not the pair.
fn overlaps(hir: &Hir, lists: &Lists, table: &Table) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    // Rows whose first key is one value can only overlap with rows of that value, and with the rest.
    let mut by_value: BTreeMap<&Value, Vec<&TableRow>> = BTreeMap::new();
    let mut rest: Vec<&TableRow> = Vec::new();
    let mut earlier: Vec<&TableRow> = Vec::new();
    for row in &table.rows {
        let clash = if let Some(TablePattern::Value(value)) = row.patterns.first() {
            let same = by_value.entry(value).or_default();
            let clash =
                same.iter().chain(&rest).find_map(|other| meeting(hir, lists, table, other, row));
            same.push(row);
            clash
        } else {
            let clash = earlier.iter().find_map(|other| meeting(hir, lists, table, other, row));
            rest.push(row);
            clash
        };
        earlier.push(row);
        found.extend(clash);
    }
    found
}

fn meeting(
    hir: &Hir,
    lists: &Lists,
    table: &Table,
    first: &TableRow,
    second: &TableRow,
) -> Option<Diagnostic> {
    let apart = |pair: (&TablePattern, &TablePattern)| match pair {
        (TablePattern::Value(a), TablePattern::Value(b)) => a != b,
        _ => false,
    };
    if first.patterns.iter().zip(&second.patterns).any(apart) {
        return None;
    }
    let common = first.interval.intersection(&second.interval);
    if common.is_empty() {
        return None;
    }
    let sets = sets_of(first).chain(sets_of(second));
    let (day, keys) = days::to_try(hir, sets, &[common]).into_iter().find_map(|day| {
        let reader = Reader::new(hir, lists, Some(day));
        Some((day, example(reader, table, first, second)?))
    })?;
    let keys = words::listed(&keys, "and");
    let given = if keys.is_empty() { "all keys".to_owned() } else { keys };
    let message = format!("two rows of the table `{}` match {given} on {day}", table.name);
    Some(
        Diagnostic::error(codes::TABLE_OVERLAP, message, second.span, "this row")
            .with_label(first.span, "and this one")
            .with_help(
                "Narrow one of the rows, give them dates that do not overlap, or take one out.",
            )
            .with_note("The order of rows has no meaning, so nothing says which of them counts."),
    )
}

/// Keys that both rows match on a day.
fn example(
    reader: Reader<'_>,
    table: &Table,
    first: &TableRow,
    second: &TableRow,
) -> Option<Vec<String>> {
    let mut found = Vec::new();
    for (parameter, (a, b)) in
        table.parameters.iter().zip(first.patterns.iter().zip(&second.patterns))
    {
        let shown = match key(reader, &parameter.ty, a, b)? {
            Some(value) => words::shown(reader.hir, &value, &parameter.ty),
            None => continue,
        };
        found.push(format!("`{} = {shown}`", parameter.name));
    }
    Some(found)
}

/// A key that both patterns match: `Some(None)` if any key does, `None` if none is known to.
#[expect(clippy::option_option, reason = "the inner one is a value that need not be named")]
fn key<'h>(
    reader: Reader<'h>,
    ty: &Ty,
    a: &'h TablePattern,
    b: &'h TablePattern,
) -> Option<Option<Value>> {
    match (a, b) {
        (TablePattern::Any, TablePattern::Any) => return Some(None),
        (TablePattern::Value(value), TablePattern::Any)
        | (TablePattern::Any, TablePattern::Value(value)) => return Some(Some(value.clone())),
        (TablePattern::Value(a), TablePattern::Value(b)) => {
            return (a == b).then(|| Some(a.clone()));
        }
        _ => {}
    }
    let mut domain = Domain::of(reader, ty)?;
    for test in tests(reader, a)?.iter().chain(&tests(reader, b)?) {
        domain.keep(test);
    }
    domain.example().map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::test_support::{World, country, days, grouped, number, text_of, tpp};

    fn band(low: Option<(&str, bool)>, high: Option<(&str, bool)>) -> TablePattern {
        let end = |(text, included)| (number(text), included);
        TablePattern::Band { low: low.map(end), high: high.map(end) }
    }

    #[test]
    fn bands_that_share_an_end_overlap_there() {
        let found = |included: bool| {
            let mut world = World::new();
            let low = band(None, Some(("4800", included)));
            let high = band(Some(("4800", true)), None);
            world.table(&[("performance", tpp())], vec![vec![low], vec![high]]);
            text_of(&find(&world.hir))
        };
        assert_eq!(
            found(true),
            ["E0601 two rows of the table `t` match `performance = 4800 TPP` on 2025-01-01"]
        );
        assert!(found(false).is_empty());
    }

    #[test]
    fn rows_of_different_times_do_not_overlap() {
        let mut world = World::new();
        let poland = || vec![TablePattern::Value(country("PL"))];
        let table = world.table(&[("to", Ty::Country)], vec![poland(), poland()]);
        assert_eq!(find(&world.hir).len(), 1);
        let rows = &mut world.hir.tables.get_mut(table).unwrap().rows;
        rows[0].interval = days("", "2025-01-01");
        rows[1].interval = days("2025-01-01", "");
        assert!(find(&world.hir).is_empty());
    }

    #[test]
    fn a_group_overlaps_from_the_day_on_which_a_country_joins() {
        let mut world = World::new();
        let group = world.group("g", Ty::Country, &[(country("PL"), days("2025-03-01", ""))]);
        let set = TablePattern::Set(grouped(group, Ty::Country));
        let poland = TablePattern::Value(country("PL"));
        world.table(&[("to", Ty::Country)], vec![vec![set], vec![poland]]);
        assert_eq!(
            text_of(&find(&world.hir)),
            ["E0601 two rows of the table `t` match `to = PL` on 2025-03-01"]
        );
    }
}
