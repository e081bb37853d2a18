//! Programs made by hand, in few words.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use exeat_diagnostics::Span;
use exeat_eval::{Evaluated, Facts, NoFunctions, Request};
use exeat_hir::{
    CodeEntry, CodeList, CodeListId, Combine, Comparison, Conclusion, ConditionTrace, Decision,
    DecisionId, DecisionTrace, Define, DefineId, DefinePiece, Expr, ExprKind, Fact, FactId, Field,
    Force, Group, GroupId, GroupItem, Hir, ModelGap, Module, ModuleId, ModuleStatus, NotModelled,
    NotModelledId, OutcomePattern, Reading, ReadingChoice, ReadingId, RecordId, RecordType, Rule,
    RuleId, RuleKind, Scale, ScaleId, ScaleOutcome, Ty, UnderReading, Undetermined,
};
use exeat_model::{
    Code, Country, Date, Effect, Interval, Number, Outcome, Record, Truth, Value, date_from_text,
};

pub(crate) const PLACES: [&str; 4] = ["free", "exception", "license", "prohibited"];

pub(crate) fn day(text: &str) -> Date {
    date_from_text(text).unwrap()
}

pub(crate) fn from(text: &str) -> Interval {
    Interval { from: Some(day(text)), until: None }
}

pub(crate) fn until(text: &str) -> Interval {
    Interval { from: None, until: Some(day(text)) }
}

pub(crate) fn expr(kind: ExprKind, ty: Ty) -> Expr {
    Expr { kind, ty, span: Span::default() }
}

pub(crate) fn test(kind: ExprKind) -> Expr {
    expr(kind, Ty::YesNo)
}

pub(crate) fn and(parts: Vec<Expr>) -> Expr {
    test(ExprKind::And(parts))
}

pub(crate) fn or(parts: Vec<Expr>) -> Expr {
    test(ExprKind::Or(parts))
}

pub(crate) fn not(inner: Expr) -> Expr {
    test(ExprKind::Not(Box::new(inner)))
}

pub(crate) fn compare(comparison: Comparison, left: Expr, right: Expr) -> Expr {
    test(ExprKind::Compare(comparison, Box::new(left), Box::new(right)))
}

pub(crate) fn is(left: Expr, right: Expr) -> Expr {
    compare(Comparison::Is, left, right)
}

pub(crate) fn number(value: i128) -> Expr {
    expr(ExprKind::Literal(Value::Number(Number::from_integer(value))), Ty::number())
}

pub(crate) fn country(code: &str) -> Value {
    Value::Country(Country::from_code(code).unwrap())
}

pub(crate) fn the_country(code: &str) -> Expr {
    expr(ExprKind::Literal(country(code)), Ty::Country)
}

pub(crate) fn yes(value: bool) -> Expr {
    test(ExprKind::Literal(Value::YesNo(value)))
}

/// A test that ends in an error: one divided by nought is one.
pub(crate) fn broken() -> Expr {
    is(broken_number(), number(1))
}

pub(crate) fn broken_number() -> Expr {
    let operator = exeat_hir::ArithmeticOperator::Divide;
    let (one, nought) = (Box::new(number(1)), Box::new(number(0)));
    expr(ExprKind::Arithmetic(operator, one, nought), Ty::number())
}

pub(crate) fn code(text: &str) -> Code {
    Code::Entry(text.into())
}

pub(crate) fn outcome(rank: u32, labels: &[&str]) -> Value {
    Value::Outcome(Outcome {
        rank,
        name: PLACES[rank as usize].into(),
        labels: labels.iter().map(|label| (*label).into()).collect(),
    })
}

pub(crate) fn outcome_is(decision: DecisionId, rank: u32, labels: &[&str]) -> Expr {
    let read = expr(ExprKind::Decision(decision), Ty::Outcome(ScaleId(0)));
    let pattern = OutcomePattern {
        rank,
        name: PLACES[rank as usize].into(),
        labels: labels.iter().map(|label| (*label).into()).collect(),
    };
    test(ExprKind::OutcomeIs(Box::new(read), vec![pattern]))
}

pub(crate) fn record(fields: Vec<Option<Value>>) -> Value {
    Value::Record(Arc::new(Record { fields }))
}

pub(crate) fn paths(why: &Undetermined) -> Vec<&str> {
    why.missing.iter().map(|fact| fact.path.as_str()).collect()
}

/// A program, and what is asked of it.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) hir: Hir,
    pub(crate) facts: Facts,
    pub(crate) as_of: Date,
    pub(crate) readings: BTreeMap<ReadingId, usize>,
    pub(crate) proposals: BTreeSet<ModuleId>,
}

impl World {
    /// One module `law` in force and one proposal `draft`; one scale.
    pub(crate) fn new() -> Self {
        let mut hir = Hir::default();
        for (name, status) in [("law", ModuleStatus::InForce), ("draft", ModuleStatus::Proposal)] {
            hir.modules.push(Module {
                name: name.into(),
                title: None,
                cites: Vec::new(),
                doc: String::new(),
                status,
                jurisdiction: None,
                span: Span::default(),
            });
        }
        let effects = [
            Effect::Free,
            Effect::FreeWithConditions,
            Effect::AuthorisationNeeded,
            Effect::Prohibited,
        ];
        let places = PLACES.iter().zip(effects);
        hir.scales.push(Scale {
            name: "outcome".into(),
            title: None,
            outcomes: places
                .map(|(name, effect)| ScaleOutcome {
                    name: (*name).into(),
                    title: None,
                    effect: Some(effect),
                    labels: None,
                })
                .collect(),
            span: Span::default(),
        });
        Self {
            hir,
            facts: Facts::default(),
            as_of: day("2025-05-15"),
            readings: BTreeMap::new(),
            proposals: BTreeSet::new(),
        }
    }

    pub(crate) fn fact(&mut self, name: &str, ty: Ty) -> (FactId, Expr) {
        let id = self.hir.facts.push(Fact {
            accepted: Vec::new(),
            name: name.into(),
            module: ModuleId(0),
            ty: ty.clone(),
            ask: Some(format!("what is {name}?")),
            source: None,
            doc: String::new(),
            span: Span::default(),
        });
        (id, expr(ExprKind::Fact(id), ty))
    }

    pub(crate) fn question(&mut self, name: &str) -> (FactId, Expr) {
        self.fact(name, Ty::YesNo)
    }

    /// A record type; each field asks for itself.
    pub(crate) fn record_type(&mut self, name: &str, fields: &[(&str, Ty)]) -> Ty {
        Ty::Record(
            self.hir.records.push(RecordType {
                name: name.into(),
                title: None,
                fields: fields
                    .iter()
                    .map(|(name, ty)| Field {
                        name: (*name).into(),
                        ty: ty.clone(),
                        ask: Some(format!("what is its {name}?")),
                        source: None,
                        doc: String::new(),
                        span: Span::default(),
                    })
                    .collect(),
                span: Span::default(),
            }),
        )
    }

    pub(crate) fn field(&self, base: Expr, at: usize) -> Expr {
        let Ty::Record(RecordId(record)) = base.ty else { panic!("this is no record") };
        let ty = self.hir.records.get(RecordId(record)).unwrap().fields[at].ty.clone();
        expr(ExprKind::Field(Box::new(base), at), ty)
    }

    pub(crate) fn define(&mut self, name: &str, pieces: Vec<(Interval, Expr)>) -> (DefineId, Expr) {
        let ty = pieces[0].1.ty.clone();
        let id = self.hir.defines.push(Define {
            name: name.into(),
            module: ModuleId(0),
            title: None,
            cites: Vec::new(),
            parameters: Vec::new(),
            ty: ty.clone(),
            pieces: pieces
                .into_iter()
                .map(|(interval, body)| DefinePiece { interval, body, cites: Vec::new() })
                .collect(),
            doc: String::new(),
            span: Span::default(),
        });
        (id, expr(ExprKind::Define(id, Vec::new()), ty))
    }

    pub(crate) fn group(&mut self, items: Vec<GroupItem>) -> (GroupId, Expr) {
        let id = self.hir.groups.push(Group {
            name: "group".into(),
            title: None,
            cites: Vec::new(),
            element: Ty::Country,
            items,
            span: Span::default(),
        });
        (id, expr(ExprKind::Group(id), Ty::Set(Box::new(Ty::Country))))
    }

    /// A code list: code, whole it is a part of, what it meets.
    pub(crate) fn codes(&mut self, entries: &[(&str, Option<&str>, &[&str])]) -> CodeListId {
        let entry = |whole: Option<&str>, meets: &[&str]| CodeEntry {
            title: None,
            parent: whole.map(Into::into),
            meets: meets.iter().map(|met| (*met).into()).collect(),
            interval: Interval::ALWAYS,
        };
        self.hir.code_lists.push(CodeList {
            name: "codes".into(),
            title: None,
            entries: entries
                .iter()
                .map(|(code, whole, meets)| ((*code).into(), entry(*whole, meets)))
                .collect(),
            span: Span::default(),
        })
    }

    pub(crate) fn reading(&mut self, name: &str, default: Option<usize>) -> ReadingId {
        let choice = |name: &str| ReadingChoice {
            name: name.into(),
            title: None,
            cites: Vec::new(),
            span: Span::default(),
        };
        self.hir.readings.push(Reading {
            accepted: Vec::new(),
            name: name.into(),
            module: ModuleId(0),
            title: None,
            choices: vec![choice("as_written"), choice("as_enforced")],
            default,
            doc: String::new(),
            span: Span::default(),
        })
    }

    pub(crate) fn decision(&mut self, name: &str, combine: Combine) -> DecisionId {
        let id = self.hir.decisions.push(Decision {
            name: name.into(),
            module: ModuleId(0),
            title: None,
            ty: Ty::Outcome(ScaleId(0)),
            combine,
            otherwise: (combine != Combine::Collect).then(|| outcome(0, &[])),
            otherwise_cites: Vec::new(),
            needed_when: None,
            doc: String::new(),
            span: Span::default(),
        });
        self.hir.decision_order.push(id);
        id
    }

    /// A rule that gives a decision a value where a condition is true, despite other rules.
    pub(crate) fn rule(
        &mut self,
        name: &str,
        when: Option<Expr>,
        gives: Option<(DecisionId, Value)>,
        defeats: &[RuleId],
    ) -> RuleId {
        let conclusion = |(decision, value)| Conclusion {
            decision,
            value: expr(ExprKind::Literal(value), Ty::Outcome(ScaleId(0))),
            span: Span::default(),
        };
        let id = self.hir.rules.push(Rule {
            accepted: Vec::new(),
            name: name.into(),
            module: ModuleId(0),
            kind: if defeats.is_empty() { RuleKind::Rule } else { RuleKind::Exception },
            title: None,
            cites: Vec::new(),
            force: Force::default(),
            when,
            conclusions: gives.map(conclusion).into_iter().collect(),
            duties: Vec::new(),
            exception_to: defeats.to_vec(),
            defeats: defeats.to_vec(),
            defeated_by: Vec::new(),
            doc: String::new(),
            span: Span::default(),
            whole: Span::default(),
        });
        for other in defeats {
            self.hir.rules.get_mut(*other).unwrap().defeated_by.push(id);
        }
        id
    }

    pub(crate) fn edit(&mut self, rule: RuleId) -> &mut Rule {
        self.hir.rules.get_mut(rule).unwrap()
    }

    pub(crate) fn not_modelled(
        &mut self,
        when: Option<Expr>,
        affects: DecisionId,
    ) -> NotModelledId {
        self.hir.not_modelled.push(NotModelled {
            accepted: Vec::new(),
            name: "gap".into(),
            module: ModuleId(0),
            title: None,
            cites: Vec::new(),
            force: Force::default(),
            when,
            affects: vec![affects],
            doc: String::new(),
            span: Span::default(),
        })
    }

    pub(crate) fn under(reading: ReadingId, choices: &[usize]) -> Force {
        let under = vec![UnderReading { reading, choices: choices.to_vec() }];
        Force { under, ..Force::default() }
    }

    fn request(&self) -> Request<'_> {
        Request {
            as_of: self.as_of,
            readings: &self.readings,
            proposals: &self.proposals,
            facts: &self.facts,
        }
    }

    pub(crate) fn decide(&self, decision: DecisionId) -> DecisionTrace {
        let traces = exeat_eval::decide(&self.hir, &NoFunctions, &self.request());
        traces.into_iter().find(|trace| trace.decision == decision).unwrap()
    }

    pub(crate) fn undetermined(&self, decision: DecisionId) -> Undetermined {
        match self.decide(decision).determination {
            exeat_hir::Determination::Undetermined(why) => why,
            other => panic!("it is determined: {other:?}"),
        }
    }

    pub(crate) fn judge(&self, condition: &Expr) -> ConditionTrace {
        exeat_eval::condition(&self.hir, &NoFunctions, &self.request(), condition)
    }

    pub(crate) fn truth(&self, condition: &Expr) -> Truth {
        self.judge(condition).truth
    }

    pub(crate) fn value(&self, expr: &Expr) -> Value {
        match exeat_eval::evaluate(&self.hir, &NoFunctions, &self.request(), expr) {
            Evaluated::Known(value) => value,
            Evaluated::Unknown { missing, errors, .. } => panic!("unknown: {missing:?} {errors:?}"),
        }
    }

    /// The rules that disagree, and what is not modelled, where an expression is unknown for that.
    pub(crate) fn open_by(&self, expr: &Expr) -> (Vec<RuleId>, Vec<ModelGap>) {
        match exeat_eval::evaluate(&self.hir, &NoFunctions, &self.request(), expr) {
            Evaluated::Unknown { conflict, not_modelled, .. } => (conflict, not_modelled),
            Evaluated::Known(value) => panic!("it is known: {value:?}"),
        }
    }

    /// What is missing and what went wrong in an expression that is unknown.
    pub(crate) fn unknown(&self, expr: &Expr) -> (Vec<String>, Vec<String>) {
        match exeat_eval::evaluate(&self.hir, &NoFunctions, &self.request(), expr) {
            Evaluated::Known(value) => panic!("it is known: {value:?}"),
            Evaluated::Unknown { missing, errors, .. } => (missing, errors),
        }
    }
}
