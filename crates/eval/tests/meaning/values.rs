//! What expressions are worth, and what goes wrong in them.

use std::sync::Arc;

use exeat_diagnostics::Span;
use exeat_eval::describe_value;
use exeat_hir::{
    Aggregate, ArithmeticOperator, Comparison, ConditionKind, Expr, ExprKind, Function, FunctionId,
    ListItem, LocalId, Parameter, Table, TablePattern, TableRow, Ty,
};
use exeat_model::{Interval, Number, Rounding, Truth, UnitExpression, Value};
use smol_str::SmolStr;

use crate::builder::*;

fn list(items: Vec<Expr>) -> Expr {
    let items = items.into_iter().map(ListItem::One).collect();
    expr(ExprKind::List(items), Ty::List(Box::new(Ty::number())))
}

fn aggregate(kind: Aggregate, items: Vec<Expr>) -> Expr {
    expr(ExprKind::Aggregate(kind, Box::new(list(items))), Ty::number())
}

fn arithmetic(operator: ArithmeticOperator, left: Expr, right: Expr) -> Expr {
    expr(ExprKind::Arithmetic(operator, Box::new(left), Box::new(right)), Ty::number())
}

fn date(text: &str) -> Expr {
    expr(ExprKind::Literal(Value::Date(day(text))), Ty::Date)
}

fn shifted(kind: ExprKind) -> Expr {
    expr(kind, Ty::Date)
}

#[test]
fn what_has_no_exact_result_is_an_error_and_names_it() {
    let world = World::new();
    let largest = number(i128::MAX);
    let multiply = arithmetic(ArithmeticOperator::Multiply, largest.clone(), largest);
    assert_eq!(world.unknown(&multiply).1, ["the exact result has too many digits"]);
    assert_eq!(world.unknown(&broken_number()).1, ["division by zero"]);
    assert_eq!(
        world.unknown(&aggregate(Aggregate::Largest, Vec::new())).1,
        ["the largest of an empty list"]
    );
    let failed = expr(ExprKind::Call(FunctionId(0), Vec::new()), Ty::number());
    assert_eq!(world.unknown(&failed).1, ["no jurisdiction is loaded"]);
}

#[test]
fn aggregates_need_every_element() {
    let mut world = World::new();
    let (_, open) = world.fact("open", Ty::number());
    let three = || vec![number(2), number(3), number(2)];
    let whole = |value| Value::Number(Number::from_integer(value));
    for (kind, value) in [
        (Aggregate::Sum, 7),
        (Aggregate::Count, 3),
        (Aggregate::Largest, 3),
        (Aggregate::Smallest, 2),
    ] {
        assert_eq!(world.value(&aggregate(kind, three())), whole(value));
        let mut items = three();
        items.push(open.clone());
        assert_eq!(world.unknown(&aggregate(kind, items)).0, ["open"]);
    }
    assert_eq!(world.value(&aggregate(Aggregate::Sum, Vec::new())), whole(0));
}

#[test]
fn dates_are_shifted_by_whole_steps_inside_the_calendar() {
    let world = World::new();
    let by_days = |days: Expr, backwards| {
        shifted(ExprKind::ShiftDays {
            date: Box::new(date("2025-05-15")),
            days: Box::new(days),
            backwards,
        })
    };
    assert_eq!(world.value(&by_days(number(20), false)), Value::Date(day("2025-06-04")));
    assert_eq!(world.value(&by_days(number(15), true)), Value::Date(day("2025-04-30")));
    for days in [8_000_000, 2_000_000_000, i128::from(i64::MAX), i128::MAX] {
        assert!(world.unknown(&by_days(number(days), false)).1[0].contains("outside the calendar"));
        assert!(world.unknown(&by_days(number(days), true)).1[0].contains("outside the calendar"));
    }
    let half = arithmetic(ArithmeticOperator::Divide, number(1), number(2));
    assert_eq!(world.unknown(&by_days(half, false)).1, ["0.5 is not a whole number of days"]);
    let by_months = |months: i128, rounding| {
        shifted(ExprKind::ShiftMonths {
            date: Box::new(date("2025-01-31")),
            months: Box::new(number(months)),
            backwards: false,
            rounding,
        })
    };
    assert!(world.unknown(&by_months(1, None)).1[0].contains("a day that does not exist"));
    assert_eq!(world.value(&by_months(1, Some(Rounding::Down))), Value::Date(day("2025-02-28")));
    assert_eq!(world.value(&by_months(1, Some(Rounding::Up))), Value::Date(day("2025-03-01")));
    for months in [300_000, 2_000_000_000, i128::MAX] {
        let why = world.unknown(&by_months(months, Some(Rounding::Up))).1;
        assert!(why[0].contains("outside the calendar"));
    }
    let between = ExprKind::DaysBetween(Box::new(date("2025-05-15")), Box::new(date("2024-05-15")));
    let days = Value::Number(Number::from_integer(365));
    assert_eq!(world.value(&expr(between, Ty::number())), days);
}

#[test]
fn a_define_is_its_piece_on_the_day_and_has_no_value_without_one() {
    let mut world = World::new();
    let (_, defined) = world
        .define("cap", vec![(until("2025-01-01"), number(1)), (from("2026-01-01"), number(2))]);
    world.as_of = day("2024-12-31");
    assert_eq!(world.value(&defined), Value::Number(Number::ONE));
    world.as_of = day("2025-01-01");
    assert_eq!(world.unknown(&defined).1, ["`cap` has no value on 2025-01-01"]);
    let judged = world.judge(&is(defined, number(1)));
    assert_eq!(judged.truth, Truth::Unknown);
}

#[test]
fn missing_fields_are_asked_for_one_by_one() {
    let mut world = World::new();
    let party = world.record_type("party", &[("country", Ty::Country), ("parent", Ty::Country)]);
    let (consignee, whole) = world.fact("consignee", party);
    let parent = world.field(whole.clone(), 1);
    assert_eq!(world.unknown(&parent).0, ["consignee.parent"]);
    let (_, alias) = world.define("buyer", vec![(Interval::ALWAYS, whole)]);
    let parent_of_alias = world.field(alias, 1);
    assert_eq!(world.unknown(&parent_of_alias).0, ["consignee.parent"]);
    let hir = world.hir.clone();
    world.facts.set_path(&hir, consignee, &[0], country("PL"));
    assert_eq!(world.facts.get(consignee), Some(&record(vec![Some(country("PL")), None])));
    assert_eq!(world.unknown(&parent).0, ["consignee.parent"]);
    world.facts.set_path(&hir, consignee, &[1], country("DE"));
    assert_eq!(world.value(&parent), country("DE"));
    world.facts.remove_path(&hir, consignee, &[1]);
    assert_eq!(world.unknown(&parent_of_alias).0, ["consignee.parent"]);
    world.facts.remove_path(&hir, consignee, &[]);
    assert_eq!(world.facts.iter().count(), 0);
}

#[test]
fn a_record_made_in_the_rules_keeps_why_its_fields_are_unknown() {
    let mut world = World::new();
    let (_, open) = world.fact("weight", Ty::number());
    let chip = world.record_type("chip", &[("tpp", Ty::number()), ("area", Ty::number())]);
    let Ty::Record(id) = chip.clone() else { panic!("no record") };
    let made = expr(ExprKind::Record(id, vec![Some(broken_number()), Some(open)]), chip);
    let (tpp, area) = (world.field(made.clone(), 0), world.field(made, 1));
    assert_eq!(world.unknown(&tpp), (vec![], vec!["division by zero".to_owned()]));
    assert_eq!(world.unknown(&area), (vec!["weight".to_owned()], vec![]));
}

#[test]
fn a_set_may_be_an_argument() {
    let mut world = World::new();
    let (_, group) = world.group(Vec::new());
    let local = expr(ExprKind::Local(LocalId(0)), group.ty.clone());
    let body = test(ExprKind::In(Box::new(the_country("PL")), Box::new(local)));
    let (id, _) = world.define("covers", vec![(Interval::ALWAYS, body)]);
    world.hir.defines.get_mut(id).unwrap().parameters.push(Parameter {
        name: "set".into(),
        ty: group.ty.clone(),
        local: LocalId(0),
        span: Span::default(),
    });
    let asked = |set| test(ExprKind::Define(id, vec![set]));
    assert_eq!(world.truth(&asked(group)), Truth::False);
    let written = ExprKind::SetLiteral(vec![the_country("PL")]);
    let written = expr(written, Ty::Set(Box::new(Ty::Country)));
    assert_eq!(world.truth(&asked(written)), Truth::True);
}

#[test]
fn a_define_means_what_its_text_means_with_the_arguments_put_in() {
    let mut world = World::new();
    let (quantity, unknown) = world.fact("quantity", Ty::number());
    let (weight, known) = world.fact("weight", Ty::number());
    let local = |at| expr(ExprKind::Local(LocalId(at)), Ty::number());
    let above = |at| compare(Comparison::Greater, local(at), number(5));
    let (id, _) = world.define("both", vec![(Interval::ALWAYS, and(vec![above(0), above(1)]))]);
    for (at, name) in ["one", "other"].into_iter().enumerate() {
        world.hir.defines.get_mut(id).unwrap().parameters.push(Parameter {
            name: name.into(),
            ty: Ty::number(),
            local: LocalId(u32::try_from(at).unwrap()),
            span: Span::default(),
        });
    }
    let asked = test(ExprKind::Define(id, vec![unknown, known]));
    world.facts.set(weight, Value::Number(Number::ONE));
    assert_eq!(world.truth(&asked), Truth::False, "one false condition settles it");
    world.facts.set(weight, Value::Number(Number::from_integer(6)));
    assert_eq!(world.judge(&asked).missing, ["quantity"]);
    world.facts.set(quantity, Value::Number(Number::from_integer(6)));
    assert_eq!(world.truth(&asked), Truth::True);
}

fn table(world: &mut World, otherwise: Option<Expr>) -> Expr {
    let (_, key) = world.fact("country", Ty::Country);
    let row = |pattern, value, interval| TableRow {
        patterns: vec![pattern],
        value: number(value),
        interval,
        cites: Vec::new(),
        span: Span::default(),
    };
    let id = world.hir.tables.push(Table {
        name: "tier".into(),
        module: exeat_hir::ModuleId(0),
        title: None,
        cites: Vec::new(),
        parameters: Vec::new(),
        ty: Ty::number(),
        rows: vec![
            row(TablePattern::Value(country("PL")), 2, Interval::ALWAYS),
            row(TablePattern::Value(country("DE")), 1, from("2025-01-01")),
        ],
        otherwise,
        span: Span::default(),
    });
    expr(ExprKind::Table(id, vec![key]), Ty::number())
}

#[test]
fn a_table_is_the_row_that_matches() {
    let mut world = World::new();
    let tier = table(&mut world, None);
    let fact = exeat_hir::FactId(0);
    assert_eq!(world.unknown(&tier).0, ["country"]);
    world.facts.set(fact, country("DE"));
    assert_eq!(world.value(&tier), Value::Number(Number::ONE));
    world.as_of = day("2024-12-31");
    assert_eq!(world.unknown(&tier).1, ["the table `tier` has no row for this on 2024-12-31"]);
    world.hir.tables.get_mut(exeat_hir::TableId(0)).unwrap().otherwise = Some(number(3));
    assert_eq!(world.value(&tier), Value::Number(Number::from_integer(3)));
}

#[test]
fn a_key_that_is_too_coarse_for_a_table_is_asked_for() {
    let mut world = World::new();
    let list = world.codes(&[("3A090", None, &[]), ("3A090.a", Some("3A090"), &[])]);
    let tier = table(&mut world, Some(number(0)));
    let (fact, key) = world.fact("classification", Ty::Code(list));
    let found = world.hir.tables.get_mut(exeat_hir::TableId(0)).unwrap();
    found.rows[0].patterns = vec![TablePattern::Within("3A090.a".into(), list)];
    let looked_up = expr(ExprKind::Table(exeat_hir::TableId(0), vec![key]), tier.ty);
    world.facts.set(fact, Value::Code(code("3A090")));
    assert_eq!(world.unknown(&looked_up).0, ["classification (a more exact code)"]);
}

#[test]
fn functions_get_and_give_values_only_if_all_arguments_are_known() {
    struct Doubling;
    impl exeat_eval::Functions for Doubling {
        fn call(
            &self,
            _: &exeat_hir::Hir,
            _: FunctionId,
            arguments: &[Value],
        ) -> Result<Value, exeat_model::FunctionFailure> {
            match arguments {
                [Value::Number(number)] => Ok(Value::Number(number.checked_add(*number).unwrap())),
                other => panic!("{other:?}"),
            }
        }
    }
    let mut world = World::new();
    let (fact, open) = world.fact("open", Ty::number());
    let id = world.hir.functions.push(Function {
        jurisdiction: SmolStr::new("us"),
        name: SmolStr::new("double"),
        title: String::new(),
        cite: None,
        parameters: Vec::new(),
        result: Ty::number(),
    });
    let call = expr(ExprKind::Call(id, vec![open]), Ty::number());
    assert_eq!(world.unknown(&call), (vec!["open".to_owned()], vec![]));
    world.facts.set(fact, Value::Number(Number::ONE));
    let request = exeat_eval::Request {
        as_of: world.as_of,
        readings: &world.readings,
        proposals: &world.proposals,
        facts: &world.facts,
    };
    let found = exeat_eval::evaluate(&world.hir, &Doubling, &request, &call);
    assert_eq!(found, exeat_eval::Evaluated::Known(Value::Number(Number::from_integer(2))));
}

/// Wraps an expression a thousand times, each time in a define. A test has a stack of two megabytes.
fn too_deep(first: Expr, wrap: &dyn Fn(Expr) -> Expr) {
    let mut world = World::new();
    let mut last = first;
    for at in 0..1000 {
        last = world.define(&format!("define_{at}"), vec![(Interval::ALWAYS, wrap(last))]).1;
    }
    let (_, errors) = world.unknown(&last);
    assert!(errors[0].contains("deep"), "{errors:?}");
    if last.ty == Ty::YesNo {
        assert_eq!(world.judge(&last).errors, errors);
    }
}

#[test]
fn conditions_that_build_on_each_other_too_deep_are_an_error_and_no_crash() {
    too_deep(yes(true), &|inner| not(and(vec![or(vec![inner, yes(false)]), yes(true)])));
}

#[test]
fn tests_that_build_on_each_other_too_deep_are_an_error_and_no_crash() {
    too_deep(yes(true), &|inner| is(inner, yes(true)));
}

#[test]
fn sums_that_build_on_each_other_too_deep_are_an_error_and_no_crash() {
    too_deep(number(1), &|inner| arithmetic(ArithmeticOperator::Add, inner, number(1)));
}

#[test]
fn lists_that_build_on_each_other_too_deep_are_an_error_and_no_crash() {
    too_deep(number(1), &|inner| {
        let test = Box::new(is(inner, number(1)));
        let chosen = ExprKind::If(test, Box::new(number(1)), Box::new(number(2)));
        aggregate(Aggregate::Sum, vec![expr(chosen, Ty::number())])
    });
}

#[test]
fn groups_that_build_on_each_other_too_deep_are_an_error_and_no_crash() {
    let mut world = World::new();
    let (_, mut set) = world.group(Vec::new());
    for _ in 0..1000 {
        let span = Span::default();
        let item = exeat_hir::GroupItem::Set { set, interval: Interval::ALWAYS, span };
        set = world.group(vec![item]).1;
    }
    let inside = test(ExprKind::In(Box::new(the_country("PL")), Box::new(set.clone())));
    assert!(world.judge(&inside).errors[0].contains("deep"));
    assert!(world.unknown(&set).1[0].contains("deep"));
}

#[test]
fn what_nests_as_deep_as_text_may_is_worth_what_it_says() {
    let world = World::new();
    let (mut nested, mut sum) = (yes(true), number(0));
    for _ in 0..200 {
        nested = not(nested);
        sum = arithmetic(ArithmeticOperator::Add, sum, number(1));
    }
    assert_eq!(world.truth(&nested), Truth::True);
    assert_eq!(world.value(&sum), Value::Number(Number::from_integer(200)));
}

#[test]
fn what_is_too_deep_is_so_whatever_was_computed_before() {
    let mut world = World::new();
    let nots = |count: usize, inner: Expr| (0..count).fold(inner, |inner, _| not(inner));
    let inner = world.define("inner", vec![(Interval::ALWAYS, nots(150, yes(true)))]).1;
    let outer = world.define("outer", vec![(Interval::ALWAYS, nots(50, inner.clone()))]).1;
    let deep = nots(150, outer.clone());
    assert!(world.judge(&deep).errors[0].contains("deep"));
    // Both defines are remembered by then; what is beyond the limit stays beyond it.
    let ConditionKind::All(parts) = world.judge(&and(vec![inner, outer, deep])).kind else {
        panic!("an `and`")
    };
    let errors: Vec<usize> = parts.iter().map(|part| part.errors.len()).collect();
    assert_eq!(errors, [0, 0, 1]);
}

#[test]
fn values_are_shown_as_people_write_them() {
    let mut world = World::new();
    let unit = UnitExpression {
        text: "kTPP".into(),
        dimension: exeat_model::Dimension::base("TPP"),
        factor: Number::from_integer(1000),
    };
    let shown = |number: Number| describe_value(&world.hir, &Value::Number(number), &Ty::number());
    let in_unit = describe_value(
        &world.hir,
        &Value::Number(Number::from_integer(36_000_000)),
        &Ty::Quantity(unit),
    );
    assert_eq!(in_unit, "36_000 kTPP");
    assert_eq!(shown(Number::from_integer(4800)), "4800");
    assert_eq!(shown(Number::from_integer(-26_900_000)), "-26_900_000");
    assert_eq!(shown(Number::from_fraction(199, 9).unwrap()), "22.111111…");
    let scale = Ty::Outcome(exeat_hir::ScaleId(0));
    let labelled = describe_value(&world.hir, &outcome(1, &["LPP", "ACM"]), &scale);
    assert_eq!(labelled, "exception (ACM or LPP)");
    let day = describe_value(&world.hir, &Value::Date(day("2025-05-15")), &Ty::Date);
    assert_eq!(day, "2025-05-15");
    let party = world.record_type("party", &[("country", Ty::Country), ("parent", Ty::Country)]);
    let some = record(vec![Some(country("PL")), None]);
    assert_eq!(describe_value(&world.hir, &some, &party), "{ country = PL, … }");
    let all = Value::List(Arc::new(vec![record(vec![Some(country("PL")), Some(country("DE"))])]));
    let shown = describe_value(&world.hir, &all, &Ty::List(Box::new(party)));
    assert_eq!(shown, "[{ country = PL, parent = DE }]");
}
