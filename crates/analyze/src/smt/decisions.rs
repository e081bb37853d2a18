//! What the rules of a decision come to, as terms.

use std::collections::{BTreeMap, BTreeSet};

use exeat_hir::{Combine, DecisionId};
use exeat_model::Value;
use exeat_program::{LoweredDecision, Place, RuleValue};
use smol_str::SmolStr;

use super::rules::{NoForm, Rules, Truths, Worth, no_form, sort_of};
use super::term::{Sort, Term};

/// A decision.
#[derive(Clone, Debug)]
pub(super) struct Decided {
    /// Its rules, in the order of [`LoweredDecision::rules`].
    pub(super) rules: Vec<RuleTerms>,
    /// Where it is needed.
    pub(super) needed: Term,
    /// Where each thing that is not modelled and affects it is touched.
    pub(super) gaps: Vec<Term>,
    /// Where one of these is.
    pub(super) touched: Term,
    /// What the rules come to, needed or not and modelled or not.
    pub(super) outcome: Outcome,
}

/// Where a rule has force and its condition is true, where it applies, where it holds.
#[derive(Clone, Debug)]
pub(super) struct RuleTerms {
    pub(super) own: Term,
    pub(super) applies: Term,
    pub(super) holds: Term,
}

/// What rules come to.
#[derive(Clone, Debug)]
pub(super) enum Outcome {
    /// A place on a scale, and where each label stands beside it.
    Place { rank: Term, labels: BTreeMap<SmolStr, Term> },
    /// One value, and where rules say different things.
    One { worth: Result<Worth, NoForm>, conflict: Term },
    /// The elements, and where each is there. None if some are computed.
    Set(Option<BTreeMap<Value, Term>>),
}

impl Decided {
    /// Where it is asked and nothing that is not modelled is touched.
    pub(super) fn asked(&self) -> Term {
        self.needed.without(&self.touched)
    }
}

impl Rules<'_, '_, '_> {
    /// Writes all decisions, each after those that it reads.
    pub(super) fn decide_all(&mut self) {
        for lowered in &self.side.epoch.decisions {
            let decided = self.decide(lowered);
            self.decided.insert(lowered.id, decided);
        }
    }

    fn decide(&mut self, lowered: &LoweredDecision) -> Decided {
        let hir = self.side.program.hir();
        let found = hir.decisions.get(lowered.id);
        let decision = found.map_or(String::new(), |one| hir.full_name(one.module, &one.name));
        self.sheet.lines.push(String::new());
        self.sheet.remark(&format!("The decision {decision}."));
        let named = |rule: &exeat_program::LoweredRule| {
            let found = hir.rules.get(rule.id);
            let rule = found.map_or(String::new(), |one| hir.full_name(one.module, &one.name));
            if decision == rule { rule } else { format!("{rule}@{decision}") }
        };
        let mut own = Vec::new();
        let mut applies: Vec<Term> = Vec::new();
        for rule in &lowered.rules {
            let name = named(rule);
            let formula = self.formula(&rule.own);
            let condition = self.named("condition", &name);
            let condition = self.sheet.define(&condition, Sort::Bool, formula);
            let applying = match &rule.exception_to {
                Some(excepted) => {
                    let any = excepted.iter().filter_map(|at| applies.get(*at).cloned());
                    condition.and(&Term::any(any))
                }
                None => condition.clone(),
            };
            let applying = self.sheet.define(&self.named("applies", &name), Sort::Bool, applying);
            own.push(condition);
            applies.push(applying);
        }
        let mut holds: Vec<Option<Term>> = vec![None; applies.len()];
        for at in &lowered.by_defeat {
            let (Some(rule), Some(applying)) = (lowered.rules.get(*at), applies.get(*at)) else {
                continue;
            };
            let defeaters = rule.defeated_by.iter().filter_map(|at| holds.get(*at)?.as_ref());
            let undefeated = Term::any(defeaters.cloned()).negated();
            let term = applying.and(&undefeated);
            let name = self.named("holds", &named(rule));
            let term = self.sheet.define(&name, Sort::Bool, term);
            if let Some(place) = holds.get_mut(*at) {
                *place = Some(term);
            }
        }
        let holds = holds.into_iter().map(|holds| holds.unwrap_or(Term::truth(false)));
        let rules: Vec<RuleTerms> = own
            .into_iter()
            .zip(applies)
            .zip(holds)
            .map(|((own, applies), holds)| RuleTerms { own, applies, holds })
            .collect();
        let needed = match &lowered.needed {
            Some(needed) => {
                let needed = self.formula(needed);
                self.sheet.define(&self.named("needed", &decision), Sort::Bool, needed)
            }
            None => Term::truth(true),
        };
        let gaps: Vec<Term> = lowered.gaps.iter().map(|(_, gap)| self.formula(gap)).collect();
        let touched = Term::any(gaps.iter().cloned());
        let touched =
            self.sheet.define(&self.named("not_modelled", &decision), Sort::Bool, touched);
        let outcome = match lowered.combine {
            Combine::Strictest => self.strictest(lowered, &rules, &decision),
            Combine::Unique => self.unique(lowered, &rules, &decision),
            Combine::Collect => collected(lowered, &rules),
        };
        Decided { rules, needed, gaps, touched, outcome }
    }

    fn strictest(
        &mut self,
        lowered: &LoweredDecision,
        rules: &[RuleTerms],
        decision: &str,
    ) -> Outcome {
        let mut by_rank: BTreeMap<u32, Vec<Term>> = BTreeMap::new();
        let mut by_label: BTreeMap<SmolStr, Vec<(u32, Term)>> = BTreeMap::new();
        for (rule, terms) in lowered.rules.iter().zip(rules) {
            let RuleValue::Constant(Value::Outcome(outcome)) = &rule.value else { continue };
            by_rank.entry(outcome.rank).or_default().push(terms.holds.clone());
            for label in &outcome.labels {
                let said = by_label.entry(label.clone()).or_default();
                said.push((outcome.rank, terms.holds.clone()));
            }
        }
        let silent = Term::any(by_rank.values().flatten().cloned()).negated();
        let rank_of = |rank: u32| Term::integer(i128::from(rank));
        let mut rank = Term::integer(-1);
        if let Some(Value::Outcome(otherwise)) = &lowered.otherwise {
            rank = rank_of(otherwise.rank);
            for label in &otherwise.labels {
                by_label.entry(label.clone()).or_default();
            }
        }
        for (at, holding) in by_rank {
            rank = Term::choose(&Term::any(holding), &rank_of(at), &rank);
        }
        let rank = self.sheet.define(&self.named("rank", decision), Sort::Int, rank);
        let mut labels = BTreeMap::new();
        for (label, said) in by_label {
            let said = said.into_iter().map(|(at, holds)| holds.and(&rank.equal(&rank_of(at))));
            let said = Term::any(said);
            let otherwise = match &lowered.otherwise {
                Some(Value::Outcome(otherwise)) if otherwise.labels.contains(&label) => &silent,
                _ => &Term::truth(false),
            };
            let name = self.named("label", &format!("{label}@{decision}"));
            let term = self.sheet.define(&name, Sort::Bool, said.or(otherwise));
            labels.insert(label, term);
        }
        Outcome::Place { rank, labels }
    }

    fn unique(
        &mut self,
        lowered: &LoweredDecision,
        rules: &[RuleTerms],
        decision: &str,
    ) -> Outcome {
        let mut said: Vec<Said> = Vec::new();
        let mut by_value: BTreeMap<&Value, Vec<Term>> = BTreeMap::new();
        for (rule, terms) in lowered.rules.iter().zip(rules) {
            match &rule.value {
                RuleValue::Nothing => {}
                RuleValue::Constant(value) => {
                    by_value.entry(value).or_default().push(terms.holds.clone());
                }
                RuleValue::Node(node) => {
                    let (worth, holds) = (self.node(*node), terms.holds.clone());
                    said.push(Said { worth, holds, is_written: false });
                }
            }
        }
        for (value, holding) in by_value {
            let some = Term::any(holding);
            let some = self.sheet.define(&self.named("says", decision), Sort::Bool, some);
            said.push(Said { worth: self.constant(value), holds: some, is_written: true });
        }
        let mut conflicts = Vec::new();
        for (at, one) in said.iter().enumerate() {
            for other in said.iter().skip(at.saturating_add(1)) {
                // What has no form is not known to differ, and not known to agree.
                if let Some(differ) = one.differs(other) {
                    conflicts.push(Term::all([one.holds.clone(), other.holds.clone(), differ]));
                }
            }
        }
        let conflict = Term::any(conflicts);
        let conflict = self.sheet.define(&self.named("conflict", decision), Sort::Bool, conflict);
        let otherwise = match &lowered.otherwise {
            Some(value) => self.constant(value),
            None => Ok(Worth::never()),
        };
        let worth = self.one_value(lowered.id, &said, otherwise, &conflict, decision);
        Outcome::One { worth, conflict }
    }

    fn constant(&mut self, value: &Value) -> Result<Worth, NoForm> {
        let found = self.sheet.value(value);
        found.map_or_else(
            || no_form("which is no single value"),
            |(sort, term)| Ok(Worth::known(sort, term)),
        )
    }

    /// The value that rules give, known where they agree.
    fn one_value(
        &mut self,
        id: DecisionId,
        said: &[Said],
        otherwise: Result<Worth, NoForm>,
        conflict: &Term,
        decision: &str,
    ) -> Result<Worth, NoForm> {
        let hir = self.side.program.hir();
        let sort = hir.decisions.get(id).and_then(|one| sort_of(&one.ty));
        let Some(sort) = sort else { return no_form("which is a decision without single values") };
        let Worth { value, known, .. } = otherwise?;
        let mut value = value.map_or(Term::new("0"), |(_, term)| term);
        let (mut some, mut open) = (Vec::new(), Vec::new());
        for Said { worth, holds, .. } in said {
            let term = match worth {
                Ok(worth) => {
                    // A rule that holds and whose value is not known leaves all open.
                    open.push(holds.without(&worth.known));
                    worth.value.as_ref().map(|(_, term)| term.clone())
                }
                Err(why) => {
                    let words = format!("what {decision} comes to, {}", why.0);
                    let key = format!("outcome {} {id:?} {}", self.side.number, holds.text);
                    let name = self.named("free", decision);
                    Some(self.sheet.leave(&key, &name, sort, &words, true))
                }
            };
            value = term.map_or(value.clone(), |term| Term::choose(holds, &term, &value));
            some.push(holds.clone());
        }
        let known = Term::any(some).or(&known).without(&Term::any(open)).without(conflict);
        let value = self.sheet.define(&self.named("outcome", decision), sort, value);
        let known = self.sheet.define(&self.named("determined", decision), Sort::Bool, known);
        Ok(Worth { value: Some((sort, value)), known, unneeded: Term::truth(false) })
    }

    /// What a decision comes to, for what reads it as a value.
    pub(super) fn outcome_as_value(&mut self, id: DecisionId) -> Result<Worth, NoForm> {
        let Some(decided) = self.decided.get(&id) else {
            return no_form("which asks a decision that is not there");
        };
        match &decided.outcome {
            Outcome::One { worth, .. } => {
                let worth = worth.clone()?;
                Ok(Worth {
                    known: decided.needed.and(&worth.known),
                    unneeded: decided.needed.negated(),
                    value: worth.value,
                })
            }
            Outcome::Place { .. } => no_form("which compares places on a scale"),
            Outcome::Set(_) => no_form("which asks a set of outcomes"),
        }
    }

    /// Whether a decision comes to one of some places.
    pub(super) fn outcome_is(
        &mut self,
        id: DecisionId,
        places: &[Place],
    ) -> Result<Truths, NoForm> {
        let Some(decided) = self.decided.get(&id) else {
            return no_form("which asks a decision that is not there");
        };
        let Outcome::Place { rank, labels } = &decided.outcome else {
            return no_form("which asks a place of what is on no scale");
        };
        let is = places.iter().map(|place| {
            let here = rank.equal(&Term::integer(i128::from(place.rank)));
            let with = place
                .labels
                .iter()
                .map(|label| labels.get(label).cloned().unwrap_or(Term::truth(false)));
            here.and(&Term::all(with))
        });
        let known = rank.equal(&Term::integer(-1)).negated();
        let known = if lowered_has_otherwise(self, id) { Term::truth(true) } else { known };
        // Of a decision that is not needed every test is false.
        let yes = Term::all([decided.needed.clone(), known.clone(), Term::any(is)]);
        if known.is(true) {
            return Ok(Truths::of(yes));
        }
        Ok(Truths { no: yes.negated().and(&known.or(&decided.needed.negated())), yes })
    }
}

fn lowered_has_otherwise(rules: &Rules<'_, '_, '_>, id: DecisionId) -> bool {
    let mut decisions = rules.side.epoch.decisions.iter();
    decisions.any(|one| one.id == id && one.otherwise.is_some())
}

/// What some rules give a decision, and where they do.
struct Said {
    worth: Result<Worth, NoForm>,
    holds: Term,
    /// Whether the rules write it out; what does so twice differs.
    is_written: bool,
}

impl Said {
    /// Where two values differ; none where one has no form.
    fn differs(&self, other: &Self) -> Option<Term> {
        if self.is_written && other.is_written {
            return Some(Term::truth(true));
        }
        differ(self.worth.as_ref().ok()?, other.worth.as_ref().ok()?)
    }
}

/// Where two values are known and differ.
pub(super) fn differ(first: &Worth, second: &Worth) -> Option<Term> {
    let ((_, one), (_, other)) = (first.value.as_ref()?, second.value.as_ref()?);
    Some(first.known.and(&second.known).without(&one.equal(other)))
}

fn collected(lowered: &LoweredDecision, rules: &[RuleTerms]) -> Outcome {
    let mut elements: BTreeMap<Value, BTreeSet<Term>> = BTreeMap::new();
    for (rule, terms) in lowered.rules.iter().zip(rules) {
        match &rule.value {
            RuleValue::Nothing => {}
            RuleValue::Constant(value) => {
                elements.entry(value.clone()).or_default().insert(terms.holds.clone());
            }
            RuleValue::Node(_) => return Outcome::Set(None),
        }
    }
    let elements = elements.into_iter().map(|(value, holding)| (value, Term::any(holding)));
    Outcome::Set(Some(elements.collect()))
}
