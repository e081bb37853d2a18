//! What holds for every program: order has no meaning, forgetting a fact never flips a determined
//! outcome, every completion of the facts is among the outcomes called possible, nothing panics.
//!
//! The programs are made by hand: yes/no facts, a scale of four outcomes, rules with conditions of
//! `and`, `or`, `not`, and exceptions that name earlier rules (so that there is no circle).

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use std::collections::{BTreeMap, BTreeSet};

use exeat_diagnostics::Span;
use exeat_eval::{Facts, NoFunctions, Request, decide};
use exeat_hir::{
    Combine, Conclusion, Decision, DecisionId, Determination, Expr, ExprKind, Fact, FactId, Force,
    Hir, ModuleId, Possible, Rule, RuleId, RuleKind, Scale, ScaleId, ScaleOutcome, Ty,
};
use exeat_model::{Date, Outcome, Value};
use proptest::prelude::*;

const FACTS: u32 = 5;
const OUTCOMES: u32 = 4;

#[derive(Clone, Debug)]
enum Condition {
    Fact(u32),
    Not(Box<Condition>),
    And(Vec<Condition>),
    Or(Vec<Condition>),
}

#[derive(Clone, Debug)]
struct Shape {
    condition: Condition,
    rank: Option<u32>,
    defeats: Vec<usize>,
}

fn expr(kind: ExprKind) -> Expr {
    Expr { kind, ty: Ty::YesNo, span: Span::default() }
}

fn lower(condition: &Condition) -> Expr {
    expr(match condition {
        Condition::Fact(fact) => ExprKind::Fact(FactId(*fact)),
        Condition::Not(inner) => ExprKind::Not(Box::new(lower(inner))),
        Condition::And(parts) => ExprKind::And(parts.iter().map(lower).collect()),
        Condition::Or(parts) => ExprKind::Or(parts.iter().map(lower).collect()),
    })
}

fn outcome(rank: u32) -> Value {
    Value::Outcome(Outcome { rank, name: format!("place_{rank}").into(), labels: BTreeSet::new() })
}

/// The program with its rules in the given order.
fn program(shapes: &[Shape], order: &[usize], combine: Combine) -> Hir {
    let mut hir = Hir::default();
    let module = ModuleId(0);
    for fact in 0..FACTS {
        hir.facts.push(Fact {
            accepted: Vec::new(),
            name: format!("fact_{fact}").into(),
            module,
            ty: Ty::YesNo,
            ask: None,
            source: None,
            doc: String::new(),
            span: Span::default(),
        });
    }
    let place = |rank: u32| ScaleOutcome {
        name: format!("place_{rank}").into(),
        title: None,
        effect: None,
        labels: None,
    };
    hir.scales.push(Scale {
        name: "scale".into(),
        title: None,
        outcomes: (0..OUTCOMES).map(place).collect(),
        span: Span::default(),
    });
    hir.decisions.push(Decision {
        name: "license".into(),
        module,
        title: None,
        ty: Ty::Outcome(ScaleId(0)),
        combine,
        otherwise: (combine != Combine::Collect).then(|| outcome(0)),
        otherwise_cites: Vec::new(),
        needed_when: None,
        doc: String::new(),
        span: Span::default(),
    });
    hir.decision_order.push(DecisionId(0));
    let id_of = |shape: usize| {
        RuleId(u32::try_from(order.iter().position(|at| *at == shape).unwrap()).unwrap())
    };
    for at in order {
        let shape = &shapes[*at];
        let value = |rank: u32| Expr {
            kind: ExprKind::Literal(outcome(rank)),
            ty: Ty::Outcome(ScaleId(0)),
            span: Span::default(),
        };
        hir.rules.push(Rule {
            accepted: Vec::new(),
            name: format!("rule_{at}").into(),
            module,
            kind: if shape.defeats.is_empty() { RuleKind::Rule } else { RuleKind::Exception },
            title: None,
            cites: Vec::new(),
            force: Force::default(),
            when: Some(lower(&shape.condition)),
            conclusions: shape
                .rank
                .map(|rank| Conclusion {
                    decision: DecisionId(0),
                    value: value(rank),
                    span: Span::default(),
                })
                .into_iter()
                .collect(),
            duties: Vec::new(),
            exception_to: shape.defeats.iter().map(|other| id_of(*other)).collect(),
            defeats: shape.defeats.iter().map(|other| id_of(*other)).collect(),
            defeated_by: (0..shapes.len())
                .filter(|other| shapes[*other].defeats.contains(at))
                .map(id_of)
                .collect(),
            doc: String::new(),
            span: Span::default(),
            whole: Span::default(),
        });
    }
    hir
}

fn answer(hir: &Hir, known: &[Option<bool>]) -> Determination {
    let mut facts = Facts::default();
    for (fact, value) in known.iter().enumerate() {
        if let Some(value) = value {
            facts.set(FactId(u32::try_from(fact).unwrap()), Value::YesNo(*value));
        }
    }
    let (readings, proposals) = (BTreeMap::new(), BTreeSet::new());
    let request = Request {
        as_of: Date::constant(2025, 5, 15),
        readings: &readings,
        proposals: &proposals,
        facts: &facts,
    };
    decide(hir, &NoFunctions, &request).remove(0).determination
}

fn possible(determination: &Determination) -> BTreeSet<Possible> {
    match determination {
        Determination::Value(value) => BTreeSet::from([Possible::Value(value.clone())]),
        Determination::NotNeeded => BTreeSet::from([Possible::NotNeeded]),
        Determination::Undetermined(why) => why.possible.iter().cloned().collect(),
    }
}

/// What does not depend on the numbers of the rules: the outcomes, and what is missing with its weight.
fn without_ids(determination: &Determination) -> (BTreeSet<Possible>, Vec<(String, usize)>, usize) {
    let (missing, conflict) = match determination {
        Determination::Undetermined(why) => (
            why.missing.iter().map(|fact| (fact.path.clone(), fact.weight)).collect(),
            why.conflict.len(),
        ),
        _ => (Vec::new(), 0),
    };
    (possible(determination), missing, conflict)
}

fn conditions() -> impl Strategy<Value = Condition> {
    (0..FACTS).prop_map(Condition::Fact).prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|condition| Condition::Not(Box::new(condition))),
            prop::collection::vec(inner.clone(), 1..4).prop_map(Condition::And),
            prop::collection::vec(inner, 1..4).prop_map(Condition::Or),
        ]
    })
}

fn shapes() -> impl Strategy<Value = Vec<Shape>> {
    let one = (
        conditions(),
        prop::option::weighted(0.8, 0..OUTCOMES),
        prop::collection::vec(any::<prop::sample::Index>(), 0..3),
    );
    prop::collection::vec(one, 1..7).prop_map(|all| {
        all.into_iter()
            .enumerate()
            .map(|(at, (condition, rank, picks))| {
                let defeats: BTreeSet<usize> = if at == 0 {
                    BTreeSet::new()
                } else {
                    picks.iter().map(|pick| pick.index(at)).collect()
                };
                Shape { condition, rank, defeats: defeats.into_iter().collect() }
            })
            .collect()
    })
}

fn combines() -> impl Strategy<Value = Combine> {
    prop_oneof![Just(Combine::Strictest), Just(Combine::Unique), Just(Combine::Collect)]
}

fn known() -> impl Strategy<Value = Vec<Option<bool>>> {
    prop::collection::vec(any::<Option<bool>>(), FACTS as usize)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn order_of_rules_has_no_meaning(
        (shapes, order) in shapes().prop_flat_map(|shapes| {
            let order: Vec<usize> = (0..shapes.len()).collect();
            (Just(shapes), Just(order).prop_shuffle())
        }),
        combine in combines(),
        known in known(),
    ) {
        let straight: Vec<usize> = (0..shapes.len()).collect();
        let first = answer(&program(&shapes, &straight, combine), &known);
        let second = answer(&program(&shapes, &order, combine), &known);
        prop_assert_eq!(without_ids(&first), without_ids(&second));
    }

    #[test]
    fn forgetting_a_fact_never_flips_an_outcome(shapes in shapes(), combine in combines(), known in known(), fact in 0..FACTS) {
        let order: Vec<usize> = (0..shapes.len()).collect();
        let hir = program(&shapes, &order, combine);
        let before = possible(&answer(&hir, &known));
        let mut fewer = known;
        fewer[fact as usize] = None;
        let after = possible(&answer(&hir, &fewer));
        prop_assert!(before.is_subset(&after), "{:?} is not among {:?}", before, after);
    }

    #[test]
    fn what_is_undetermined_has_a_reason(shapes in shapes(), combine in combines(), known in known()) {
        let order: Vec<usize> = (0..shapes.len()).collect();
        if let Determination::Undetermined(why) = answer(&program(&shapes, &order, combine), &known) {
            prop_assert!(!why.missing.is_empty() || why.conflict.len() > 1, "{:?}", why);
            prop_assert!(why.possible.len() > 1 || why.possible == [Possible::Conflict]);
        }
    }

    #[test]
    fn every_completion_is_called_possible(shapes in shapes(), combine in combines(), known in known()) {
        let order: Vec<usize> = (0..shapes.len()).collect();
        let hir = program(&shapes, &order, combine);
        let called = possible(&answer(&hir, &known));
        for bits in 0..1_u32 << FACTS {
            let complete: Vec<Option<bool>> =
                known.iter().enumerate().map(|(at, value)| Some(value.unwrap_or(bits >> at & 1 == 1))).collect();
            let one = possible(&answer(&hir, &complete));
            prop_assert_eq!(one.len(), 1);
            prop_assert!(one.is_subset(&called), "{:?} is not among {:?}", one, called);
        }
    }
}

#[test]
fn an_open_exception_leaves_the_rule_or_the_exception() {
    let shapes = vec![
        Shape { condition: Condition::Fact(0), rank: Some(3), defeats: Vec::new() },
        Shape { condition: Condition::Fact(1), rank: Some(1), defeats: vec![0] },
    ];
    let hir = program(&shapes, &[0, 1], Combine::Strictest);
    let Determination::Undetermined(why) = answer(&hir, &[Some(true), None, None, None, None])
    else {
        panic!("one fact is missing");
    };
    // Not "nothing applies": one of the two holds, whatever the missing fact is.
    assert_eq!(why.possible, vec![Possible::Value(outcome(1)), Possible::Value(outcome(3))]);
    assert_eq!(why.missing.iter().map(|fact| fact.path.as_str()).collect::<Vec<_>>(), ["fact_1"]);
}

#[test]
fn rules_that_disagree_are_a_conflict_and_no_tie_break() {
    let shapes = vec![
        Shape { condition: Condition::Fact(0), rank: Some(1), defeats: Vec::new() },
        Shape { condition: Condition::Fact(0), rank: Some(2), defeats: Vec::new() },
    ];
    let hir = program(&shapes, &[0, 1], Combine::Unique);
    let Determination::Undetermined(why) = answer(&hir, &[Some(true), None, None, None, None])
    else {
        panic!("the rules disagree");
    };
    assert_eq!(why.conflict, vec![RuleId(0), RuleId(1)]);
    assert!(why.missing.is_empty());
}
