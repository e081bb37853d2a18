//! Truth with a third value, quantifiers, sets, codes, and decisions that are read.

use exeat_hir::{
    Combine, Comparison, ConditionKind, Determination, ExprKind, GroupItem, ListItem, LocalId,
    Possible, Quantifier, SetOperator, Ty,
};
use exeat_model::{Code, Interval, Truth, Value};

use crate::builder::*;

#[test]
fn one_part_may_settle_what_is_unknown_or_broken_beside_it_in_any_order() {
    let mut world = World::new();
    let (_, open) = world.question("open");
    for (unknown, missing) in [(open, vec!["open".to_owned()]), (broken(), Vec::new())] {
        let both = |a: &exeat_hir::Expr, b: &exeat_hir::Expr| vec![a.clone(), b.clone()];
        assert_eq!(world.truth(&and(both(&unknown, &yes(false)))), Truth::False);
        assert_eq!(world.truth(&and(both(&yes(false), &unknown))), Truth::False);
        assert_eq!(world.truth(&or(both(&unknown, &yes(true)))), Truth::True);
        assert_eq!(world.truth(&or(both(&yes(true), &unknown))), Truth::True);
        let judged = world.judge(&and(both(&unknown, &yes(true))));
        assert_eq!(judged.truth, Truth::Unknown);
        assert_eq!(judged.missing, missing);
        assert_eq!(judged.errors.is_empty(), !missing.is_empty());
        assert_eq!(world.truth(&not(unknown)), Truth::Unknown);
    }
}

#[test]
fn the_trace_looks_at_every_part_and_names_defines_and_elements() {
    let mut world = World::new();
    let (_, open) = world.question("open");
    let (_, named) = world.define("named", vec![(Interval::ALWAYS, or(vec![yes(true), open]))]);
    let judged = world.judge(&and(vec![yes(false), named]));
    let ConditionKind::All(parts) = &judged.kind else { panic!("{:?}", judged.kind) };
    let ConditionKind::Named(name, inner) = &parts[1].kind else { panic!("{:?}", parts[1].kind) };
    assert_eq!(name, "named");
    let ConditionKind::AnyOf(inner) = &inner.kind else { panic!("{:?}", inner.kind) };
    assert_eq!(inner[1].truth, Truth::Unknown);
    assert_eq!(inner[1].missing, ["open"]);
}

#[test]
fn a_conditional_of_conditions_is_shown_as_what_it_says() {
    let mut world = World::new();
    let (_, open) = world.question("open");
    let either = |then, otherwise| {
        let parts = [open.clone(), yes(then), yes(otherwise)].map(Box::new);
        let [test_of, then, otherwise] = parts;
        test(ExprKind::If(test_of, then, otherwise))
    };
    assert_eq!(world.truth(&either(true, true)), Truth::True);
    let judged = world.judge(&either(true, false));
    assert_eq!((judged.truth, judged.missing), (Truth::Unknown, vec!["open".to_owned()]));
    assert!(matches!(judged.kind, ConditionKind::AnyOf(ways) if ways.len() == 2));
}

/// Parties with a country; `consignee` is one, `other_parties` a list.
fn parties(world: &mut World) -> (exeat_hir::FactId, exeat_hir::FactId, exeat_hir::Expr) {
    let party =
        world.record_type("party", &[("country", Ty::Country), ("headquarters", Ty::Country)]);
    let (consignee, one) = world.fact("consignee", party.clone());
    let (others, list) = world.fact("other_parties", Ty::List(Box::new(party.clone())));
    let kind = ExprKind::List(vec![ListItem::One(one), ListItem::Each(list)]);
    (consignee, others, expr(kind, Ty::List(Box::new(party))))
}

fn quantified(
    world: &World,
    quantifier: Quantifier,
    list: &exeat_hir::Expr,
    at: usize,
) -> exeat_hir::Expr {
    let Ty::List(element) = &list.ty else { panic!("no list") };
    let local = expr(ExprKind::Local(LocalId(0)), element.as_ref().clone());
    let body = is(world.field(local, at), the_country("CN"));
    let (list, body) = (Box::new(list.clone()), Box::new(body));
    test(ExprKind::Quantified { quantifier, local: LocalId(0), list, body })
}

#[test]
fn elements_are_asked_for_by_the_place_that_they_come_from() {
    let mut world = World::new();
    let (consignee, others, list) = parties(&mut world);
    let any = quantified(&world, Quantifier::Any, &list, 1);
    // Of the list only the first element is known to be one: it is asked for, and so are the others.
    let judged = world.judge(&any);
    assert_eq!(judged.truth, Truth::Unknown);
    assert_eq!(judged.missing, ["consignee.headquarters", "other_parties"]);
    let ConditionKind::Elements(elements) = &judged.kind else { panic!("{:?}", judged.kind) };
    let labels: Vec<&str> = elements.iter().map(|(label, _)| label.as_str()).collect();
    assert_eq!(labels, ["consignee", "the others"]);
    // It settles `any` whoever the others are, and never `every`.
    let mut settled = world.clone();
    settled.facts.set(consignee, record(vec![None, Some(country("CN"))]));
    assert_eq!(settled.truth(&any), Truth::True);
    assert_eq!(settled.truth(&quantified(&settled, Quantifier::No, &list, 1)), Truth::False);
    assert_eq!(settled.truth(&quantified(&settled, Quantifier::Every, &list, 1)), Truth::Unknown);
    // The list is known, fields of its elements are not.
    let blank = record(vec![None, None]);
    world.facts.set(
        others,
        Value::List(vec![blank.clone(), record(vec![None, Some(country("PL"))])].into()),
    );
    let judged = world.judge(&any);
    assert_eq!(judged.missing, ["consignee.headquarters", "other_parties[1].headquarters"]);
    let ConditionKind::Elements(elements) = &judged.kind else { panic!("{:?}", judged.kind) };
    let labels: Vec<&str> = elements.iter().map(|(label, _)| label.as_str()).collect();
    assert_eq!(labels, ["consignee", "other_parties[1]", "other_parties[2]"]);
    // One element settles `any`; `no` is its contrary.
    world.facts.set_path(&world.hir.clone(), consignee, &[1], country("CN"));
    assert_eq!(world.truth(&any), Truth::True);
    assert_eq!(world.truth(&quantified(&world, Quantifier::No, &list, 1)), Truth::False);
    assert_eq!(world.truth(&quantified(&world, Quantifier::Every, &list, 1)), Truth::False);
}

#[test]
fn elements_that_a_filter_lets_through_keep_their_place() {
    let mut world = World::new();
    let (consignee, others, list) = parties(&mut world);
    world.facts.set(consignee, record(vec![Some(country("PL")), None]));
    world.facts.set(others, Value::List(vec![record(vec![Some(country("CN")), None])].into()));
    let Ty::List(element) = list.ty.clone() else { panic!("no list") };
    let local = expr(ExprKind::Local(LocalId(1)), *element);
    let filter = is(world.field(local.clone(), 0), the_country("CN"));
    let ty = list.ty.clone();
    let chosen = ExprKind::Comprehension {
        local: LocalId(1),
        list: Box::new(list),
        filter: Some(Box::new(filter)),
        body: Box::new(local),
    };
    let judged = world.judge(&quantified(&world, Quantifier::Any, &expr(chosen, ty), 1));
    assert_eq!(judged.missing, ["other_parties[1].headquarters"]);
}

#[test]
fn quantifiers_over_nothing() {
    let mut world = World::new();
    let (_, others, _) = parties(&mut world);
    world.facts.set(others, Value::List(Vec::new().into()));
    let list = expr(ExprKind::Fact(others), world.hir.facts.get(others).unwrap().ty.clone());
    for (quantifier, truth) in [
        (Quantifier::Any, Truth::False),
        (Quantifier::Every, Truth::True),
        (Quantifier::No, Truth::True),
    ] {
        assert_eq!(world.truth(&quantified(&world, quantifier, &list, 0)), truth);
    }
}

#[test]
fn records_are_compared_in_depth_and_ask_for_what_could_tell() {
    let mut world = World::new();
    let (consignee, _, _) = parties(&mut world);
    let party = world.hir.facts.get(consignee).unwrap().ty.clone();
    let (end_user, other) = world.fact("end_user", party.clone());
    let one = expr(ExprKind::Fact(consignee), party);
    let same = is(one, other);
    world.facts.set(consignee, record(vec![Some(country("PL")), None]));
    world.facts.set(end_user, record(vec![Some(country("PL")), Some(country("PL"))]));
    let judged = world.judge(&same);
    assert_eq!(
        (judged.missing, judged.errors),
        (vec!["consignee.headquarters".to_owned()], vec![])
    );
    world.facts.set(end_user, record(vec![Some(country("CN")), None]));
    assert_eq!(world.truth(&same), Truth::False);
    assert_eq!(world.truth(&not(same)), Truth::True);
}

fn within(set: exeat_hir::Expr, left: exeat_hir::Expr) -> exeat_hir::Expr {
    test(ExprKind::In(Box::new(left), Box::new(set)))
}

fn member(code: &str, interval: Interval) -> GroupItem {
    GroupItem::Member {
        value: country(code),
        interval,
        cites: Vec::new(),
        span: exeat_diagnostics::Span::default(),
    }
}

#[test]
fn groups_are_dated_and_may_be_made_of_others() {
    let mut world = World::new();
    let (_, inner) =
        world.group(vec![member("CN", Interval::ALWAYS), member("HK", from("2020-12-23"))]);
    let span = exeat_diagnostics::Span::default();
    let items = vec![
        GroupItem::Set { set: inner, interval: from("2020-01-01"), span },
        member("RU", until("2022-01-01")),
    ];
    let (_, outer) = world.group(items);
    for (date, code, expected) in [
        ("2019-12-31", "CN", Truth::False),
        ("2020-01-01", "CN", Truth::True),
        ("2020-12-22", "HK", Truth::False),
        ("2020-12-23", "HK", Truth::True),
        ("2021-12-31", "RU", Truth::True),
        ("2022-01-01", "RU", Truth::False),
    ] {
        world.as_of = day(date);
        let question = within(outer.clone(), the_country(code));
        assert_eq!(world.truth(&question), expected, "{code} on {date}");
        // The group as a value has the same members.
        let Value::Set(members) = world.value(&outer) else { panic!("no set") };
        assert_eq!(Truth::from(members.contains(&country(code))), expected);
    }
}

#[test]
fn an_unknown_member_matters_only_where_no_other_part_settles_it() {
    let mut world = World::new();
    let (_, open) = world.fact("transit", Ty::Country);
    let ty = Ty::Set(Box::new(Ty::Country));
    let set = |members| expr(ExprKind::SetLiteral(members), ty.clone());
    let unsure = set(vec![the_country("PL"), open]);
    assert_eq!(world.truth(&within(unsure.clone(), the_country("PL"))), Truth::True);
    let judged = world.judge(&within(unsure.clone(), the_country("DE")));
    assert_eq!((judged.truth, judged.missing), (Truth::Unknown, vec!["transit".to_owned()]));
    let operation = |operator, left: &exeat_hir::Expr, right: &exeat_hir::Expr| {
        let kind =
            ExprKind::SetOperation(operator, Box::new(left.clone()), Box::new(right.clone()));
        within(expr(kind, ty.clone()), the_country("DE"))
    };
    let (none, only) = (set(Vec::new()), set(vec![the_country("DE")]));
    assert_eq!(world.truth(&operation(SetOperator::Union, &unsure, &only)), Truth::True);
    assert_eq!(world.truth(&operation(SetOperator::Intersect, &unsure, &none)), Truth::False);
    assert_eq!(world.truth(&operation(SetOperator::Without, &unsure, &only)), Truth::False);
    assert_eq!(world.truth(&operation(SetOperator::Without, &only, &unsure)), Truth::Unknown);
    let ConditionKind::Test(operands) = world.judge(&within(unsure, the_country("PL"))).kind else {
        panic!("a test")
    };
    assert_eq!(operands.len(), 2);
    assert_eq!((&operands[0].value, &operands[1].value), (&Some(country("PL")), &None));
}

#[test]
fn codes_lie_within_others_meet_others_and_may_be_too_coarse() {
    let mut world = World::new();
    let list = world.codes(&[
        ("3A090", None, &[]),
        ("3A090.a", Some("3A090"), &[]),
        ("4A090", None, &["3A090.a"]),
        ("4A090.x", Some("4A090"), &[]),
        ("5A992", None, &[]),
        ("5A992.z", Some("5A992"), &["3A090.a"]),
        ("4A994", None, &["3A090"]),
    ]);
    let (fact, classification) = world.fact("classification", Ty::Code(list));
    let targets = vec![code("3A090.a")];
    let within = test(ExprKind::Within(Box::new(classification.clone()), list, targets.clone()));
    let meets = test(ExprKind::Meets(Box::new(classification), list, targets));
    for (entry, is_within, does_meet) in [
        ("3A090.a", Truth::True, Truth::True),
        ("3A090", Truth::Unknown, Truth::Unknown),
        ("4A090", Truth::False, Truth::True),
        ("4A090.x", Truth::False, Truth::True),
        // Only a part of it is listed as meeting the target.
        ("5A992", Truth::False, Truth::Unknown),
        ("5A992.z", Truth::False, Truth::True),
        // It meets something that is too coarse.
        ("4A994", Truth::False, Truth::Unknown),
    ] {
        world.facts.set(fact, Value::Code(code(entry)));
        assert_eq!(world.truth(&within), is_within, "{entry} within");
        assert_eq!(world.truth(&meets), does_meet, "{entry} meets");
    }
    world.facts.set(fact, Value::Code(code("3A090")));
    assert_eq!(world.judge(&within).missing, ["classification (a more exact code)"]);
    world.facts.set(fact, Value::Code(Code::None));
    assert_eq!((world.truth(&within), world.truth(&meets)), (Truth::False, Truth::False));
}

#[test]
fn a_part_that_is_not_in_the_list_yet_does_not_make_a_code_too_coarse() {
    let mut world = World::new();
    let list = world.codes(&[
        ("3A090.a", None, &[]),
        ("5A992", None, &[]),
        ("5A992.z", Some("5A992"), &["3A090.a"]),
    ]);
    world.hir.code_lists.get_mut(list).unwrap().entries.get_mut("5A992.z").unwrap().interval =
        from("2023-11-17");
    let literal = expr(ExprKind::Literal(Value::Code(code("5A992"))), Ty::Code(list));
    let meets = test(ExprKind::Meets(Box::new(literal), list, vec![code("3A090.a")]));
    world.as_of = day("2023-11-16");
    assert_eq!(world.truth(&meets), Truth::False);
    world.as_of = day("2023-11-17");
    assert_eq!(world.truth(&meets), Truth::Unknown);
}

#[test]
fn an_undetermined_decision_stands_for_each_of_its_possible_outcomes() {
    let mut world = World::new();
    let (_, open) = world.question("open");
    let license = world.decision("license", Combine::Strictest);
    world.rule("a", None, Some((license, outcome(2, &[]))), &[]);
    world.rule("b", Some(open), Some((license, outcome(3, &[]))), &[]);
    assert_eq!(world.truth(&outcome_is(license, 0, &[])), Truth::False);
    assert_eq!(world.truth(&not(outcome_is(license, 1, &[]))), Truth::True);
    let judged = world.judge(&outcome_is(license, 3, &[]));
    assert_eq!((judged.truth, judged.missing), (Truth::Unknown, vec!["open".to_owned()]));
}

#[test]
fn a_decision_that_is_not_needed_is_nothing_and_is_not_anything() {
    let mut world = World::new();
    let review = world.decision("review", Combine::Strictest);
    world.hir.decisions.get_mut(review).unwrap().needed_when = Some(yes(false));
    let read = expr(ExprKind::Decision(review), Ty::Outcome(exeat_hir::ScaleId(0)));
    let value = expr(ExprKind::Literal(outcome(0, &[])), read.ty.clone());
    assert_eq!(world.truth(&outcome_is(review, 0, &[])), Truth::False);
    assert_eq!(world.truth(&is(read.clone(), value.clone())), Truth::False);
    assert_eq!(world.truth(&compare(Comparison::IsNot, read.clone(), value)), Truth::True);
    assert!(!world.unknown(&read).1.is_empty(), "the reason is named");
}

#[test]
fn a_conflict_that_is_read_is_unknown_with_its_reason_and_never_left_out() {
    let mut world = World::new();
    let license = world.decision("license", Combine::Unique);
    let a = world.rule("a", None, Some((license, outcome(1, &[]))), &[]);
    let b = world.rule("b", None, Some((license, outcome(2, &[]))), &[]);
    let read = expr(ExprKind::Decision(license), Ty::Outcome(exeat_hir::ScaleId(0)));
    let judged = world.judge(&outcome_is(license, 1, &[]));
    assert_eq!(judged.truth, Truth::Unknown);
    assert_eq!((judged.conflict, judged.errors), (vec![a, b], vec![]));
    let list = expr(ExprKind::List(vec![ListItem::One(read)]), Ty::List(Box::new(Ty::Error)));
    let count = ExprKind::Aggregate(exeat_hir::Aggregate::Count, Box::new(list));
    assert_eq!(world.open_by(&expr(count, Ty::number())), (vec![a, b], vec![]));
    let why = world.undetermined(license);
    assert_eq!(why.possible, [Possible::Conflict]);
    assert!(matches!(world.decide(license).determination, Determination::Undetermined(_)));
}

#[test]
fn a_code_that_is_too_coarse_may_be_the_entry_asked_for() {
    let mut world = World::new();
    let list = world.codes(&[
        ("3A090", None, &[]),
        ("3A090.a", Some("3A090"), &[]),
        ("3A090.b", Some("3A090"), &[]),
        ("4A003", None, &[]),
    ]);
    let ty = Ty::Code(list);
    let (fact, item) = world.fact("item", ty.clone());
    let (other_fact, other) = world.fact("other", ty.clone());
    let entry = |text: &str| expr(ExprKind::Literal(Value::Code(code(text))), ty.clone());
    let set = |members: Vec<exeat_hir::Expr>| {
        expr(ExprKind::SetLiteral(members), Ty::Set(Box::new(ty.clone())))
    };
    let truths = |world: &World, text: &str| {
        let target = entry(text);
        [
            world.truth(&is(item.clone(), target.clone())),
            world.truth(&is(target.clone(), item.clone())),
            world.truth(&within(set(vec![entry("4A003"), target.clone()]), item.clone())),
            !world.truth(&compare(Comparison::IsNot, item.clone(), target)),
        ]
    };
    world.facts.set(fact, Value::Code(code("3A090")));
    assert_eq!(truths(&world, "3A090"), [Truth::True; 4]);
    assert_eq!(truths(&world, "3A090.a"), [Truth::Unknown; 4]);
    let judged = world.judge(&is(item.clone(), entry("3A090.a")));
    assert_eq!(judged.missing, ["item (a more exact code)"]);
    assert_eq!(world.truth(&within(set(vec![entry("4A003")]), item.clone())), Truth::False);
    world.facts.set(fact, Value::Code(code("3A090.a")));
    assert_eq!(truths(&world, "3A090"), [Truth::False; 4]);
    assert_eq!(truths(&world, "3A090.b"), [Truth::False; 4]);
    // Between two that are given, either may be too coarse.
    world.facts.set(other_fact, Value::Code(code("3A090")));
    assert_eq!(world.truth(&is(item.clone(), other.clone())), Truth::Unknown);
    assert_eq!(world.truth(&is(other, item.clone())), Truth::Unknown);
    // What a define writes out is as exact as what it stands for; what the rules choose is not.
    let (_, written) = world.define("written", vec![(Interval::ALWAYS, entry("3A090"))]);
    assert_eq!(world.truth(&is(item.clone(), written)), Truth::False);
    let chosen =
        ExprKind::If(Box::new(yes(true)), Box::new(entry("3A090")), Box::new(entry("4A003")));
    let judged = world.judge(&is(item, expr(chosen, ty.clone())));
    assert_eq!(judged.errors, ["a code that the rules compute is too coarse to say"]);
}
