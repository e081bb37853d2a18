//! Conditions as terms: where each is true, and where it is false.

use exeat_hir::{CodeList, CodeListId, DecisionId};
use exeat_model::{Code, Truth, Value};
use exeat_program::{
    CodeTest, Condition, ConditionId, Join, Membership, Node, NodeId, Relation, Test,
};
use smol_str::SmolStr;

use super::decisions::Outcome;
use super::rules::{NoForm, Rules, Truths, Worth, is_written, no_form};
use super::term::{Sort, Term};
use crate::words::{At, describe_condition};

/// How many entries a chain of parents can have.
const LONGEST_CHAIN: usize = 64;

impl Rules<'_, '_, '_> {
    /// A condition.
    pub(super) fn condition(&mut self, id: ConditionId) -> Result<Truths, NoForm> {
        if let Some(known) = self.conditions.get(&id) {
            return known.clone();
        }
        let truths = self.fresh_condition(id).map(|truths| {
            let exact = truths.is_settled();
            if truths.yes.is_worth_a_name() {
                let words = describe_condition(self.side, id, At::TOP);
                let name = self.named("true", &id.to_string());
                self.sheet.remark(&format!("{name}: {words}"));
            }
            let yes = self.named("true", &id.to_string());
            let yes = self.sheet.define(&yes, Sort::Bool, truths.yes);
            if exact {
                return Truths::of(yes);
            }
            let no = self.named("false", &id.to_string());
            Truths { yes, no: self.sheet.define(&no, Sort::Bool, truths.no) }
        });
        self.conditions.insert(id, truths.clone());
        truths
    }

    fn fresh_condition(&mut self, id: ConditionId) -> Result<Truths, NoForm> {
        let arena = &self.side.epoch.arena;
        match arena.condition(id) {
            Condition::Constant(truth) => Ok(Truths::constant(*truth)),
            Condition::All(parts) => {
                let parts = self.parts(parts)?;
                let yes = Term::all(parts.iter().map(|part| part.yes.clone()));
                let no = Term::any(parts.iter().map(|part| part.no.clone()));
                Ok(Truths { yes, no }.settled_as(&parts))
            }
            Condition::Any(parts) => {
                let parts = self.parts(parts)?;
                let yes = Term::any(parts.iter().map(|part| part.yes.clone()));
                let no = Term::all(parts.iter().map(|part| part.no.clone()));
                Ok(Truths { yes, no }.settled_as(&parts))
            }
            Condition::Not(inner) => {
                let Truths { yes, no } = self.condition(*inner)?;
                Ok(Truths { yes: no, no: yes })
            }
            Condition::Choose(test, then, otherwise) => {
                let test = self.condition(*test)?;
                let (then, otherwise) = (self.condition(*then)?, self.condition(*otherwise)?);
                Ok(chosen(&test, &then, &otherwise))
            }
            Condition::Quantified { .. } => no_form("which asks the elements of a list"),
            Condition::Test(test) => self.test(test),
        }
    }

    fn parts(&mut self, parts: &[ConditionId]) -> Result<Vec<Truths>, NoForm> {
        parts.iter().map(|part| self.condition(*part)).collect()
    }

    fn test(&mut self, test: &Test) -> Result<Truths, NoForm> {
        match test {
            Test::Compare(relation, left, right) => self.compared(*relation, *left, *right),
            Test::Band { low, value, high } => {
                let ends = (self.node(low.0)?, self.node(high.0)?);
                let value = self.node(*value)?;
                let sign = |included: bool| if included { "<=" } else { "<" };
                let (above, a) = related(sign(low.1), &ends.0, &value)?;
                let (below, b) = related(sign(high.1), &value, &ends.1)?;
                // One end that it is beyond settles it, and so does a decision that is not needed.
                let (yes, no) = (above.yes.and(&below.yes), above.no.or(&below.no));
                let truths = Truths { yes, no }.settled_as(&[above, below]);
                Ok(truths.or_not_needed(&a.or(&b)))
            }
            Test::SameCode(list, left, right) => self.same_code(*list, *left, *right),
            Test::In(node, set, list) => {
                let value = self.node(*node)?;
                let written = is_written(self.side, *node);
                let (truths, unneeded) = self.membership(set, (&value, written), *list)?;
                Ok(truths
                    .known_where(&value.known)
                    .or_not_needed(&value.unneeded.or(&value.known.and(&unneeded))))
            }
            Test::Code(node, test) => {
                let value = self.node(*node)?;
                let truths = self.code_test(&value, test)?;
                Ok(truths.known_where(&value.known).or_not_needed(&value.unneeded))
            }
            Test::Outcome(node, places) => match self.side.epoch.arena.node(*node) {
                Node::Decision(decision) => self.outcome_is(*decision, places),
                _ => no_form("which asks an outcome that is no decision"),
            },
            Test::Yes(node) => {
                if let Node::Truth(condition) = self.side.epoch.arena.node(*node) {
                    return self.condition(*condition);
                }
                let value = self.node(*node)?;
                let truths = match &value.value {
                    Some((Sort::Bool, term)) => Truths::of(term.clone()),
                    _ => Truths::never(),
                };
                Ok(truths.known_where(&value.known).or_not_needed(&value.unneeded))
            }
        }
    }

    fn compared(
        &mut self,
        relation: Relation,
        left: NodeId,
        right: NodeId,
    ) -> Result<Truths, NoForm> {
        let (left, right) = (self.node(left)?, self.node(right)?);
        let sign = match relation {
            Relation::Is | Relation::IsNot => "=",
            Relation::Less => "<",
            Relation::LessOrEqual => "<=",
            Relation::Greater => ">",
            Relation::GreaterOrEqual => ">=",
        };
        let (truths, unneeded) = related(sign, &left, &right)?;
        Ok(if relation == Relation::IsNot {
            // `is not` is `not … is`, for a decision that is not needed too.
            Truths { yes: truths.no, no: truths.yes }.or_so(&unneeded)
        } else {
            truths.or_not_needed(&unneeded)
        })
    }

    /// Whether two codes are the same. One that the rules do not write out may be coarser than the truth.
    fn same_code(
        &mut self,
        list: CodeListId,
        left: NodeId,
        right: NodeId,
    ) -> Result<Truths, NoForm> {
        let written = (is_written(self.side, left), is_written(self.side, right));
        let (one, other) = (self.node(left)?, self.node(right)?);
        let (known, unneeded) = (one.known.and(&other.known), one.unneeded.or(&other.unneeded));
        let arena = &self.side.epoch.arena;
        let truths = match (arena.node(left), arena.node(right), &one.value, &other.value) {
            (_, Node::Constant(Value::Code(target)), Some((_, term)), _) => {
                self.by_code(term, list, &|list, one| {
                    exeat_program::code::same(list, (one, written.0), (target, true))
                })?
            }
            (Node::Constant(Value::Code(target)), _, _, Some((_, term))) => {
                self.by_code(term, list, &|list, one| {
                    exeat_program::code::same(list, (one, written.1), (target, true))
                })?
            }
            (_, _, Some((_, one)), Some((_, other))) => {
                let coarse = self.coarser(list, one, other).or(&self.coarser(list, other, one));
                let same = one.equal(other);
                Truths { no: Term::any([same.clone(), coarse]).negated(), yes: same }
            }
            _ => Truths::never(),
        };
        Ok(truths.known_where(&known).or_not_needed(&unneeded))
    }

    /// Whether one code is a whole of which the other is a part.
    fn coarser(&mut self, list: CodeListId, whole: &Term, part: &Term) -> Term {
        let Some(list) = self.side.program.hir().code_lists.get(list) else {
            return Term::truth(false);
        };
        let mut found = Vec::new();
        for name in list.entries.keys() {
            let parts = list.entries.keys().filter(|part| is_below(list, part, name));
            let parts: Vec<Value> =
                parts.map(|part| Value::Code(Code::Entry(part.clone()))).collect();
            if !parts.is_empty() {
                let entry = [Value::Code(Code::Entry(name.clone()))];
                let is_whole = self.sheet.one_of(whole, entry.iter());
                found.push(is_whole.and(&self.sheet.one_of(part, parts.iter())));
            }
        }
        Term::any(found)
    }

    /// A question about a code, from its truth for each entry of the list.
    pub(super) fn by_code(
        &mut self,
        term: &Term,
        list: CodeListId,
        truth: &dyn Fn(&CodeList, &Code) -> Truth,
    ) -> Result<Truths, NoForm> {
        let Some(list) = self.side.program.hir().code_lists.get(list) else {
            return no_form("which asks a list of codes that is not there");
        };
        let entries = list.entries.keys().map(|entry| Code::Entry(entry.clone()));
        let truths: Vec<(Value, Truth)> = entries
            .chain([Code::None])
            .map(|one| (truth(list, &one), one))
            .map(|(truth, one)| (Value::Code(one), truth))
            .collect();
        let with = |wanted: Truth| {
            truths.iter().filter(move |(_, truth)| *truth == wanted).map(|(value, _)| value)
        };
        let yes = self.sheet.one_of(term, with(Truth::True));
        if truths.iter().all(|(_, truth)| truth.is_known()) {
            return Ok(Truths::of(yes));
        }
        let open = self.sheet.one_of(term, with(Truth::Unknown));
        Ok(Truths { no: yes.or(&open).negated(), yes })
    }

    /// Whether a known code is within others, or meets their parameters.
    pub(super) fn code_test(&mut self, value: &Worth, test: &CodeTest) -> Result<Truths, NoForm> {
        let Some((_, term)) = &value.value else { return Ok(Truths::never()) };
        let day = self.side.some_day();
        self.by_code(term, test.list, &|list, one| {
            if test.within {
                exeat_program::code::within(list, one, &test.targets)
            } else {
                exeat_program::code::meets(list, one, &test.targets, day)
            }
        })
    }

    /// Whether a known value is in a set, and where that is not known because of a decision that is not
    /// needed.
    pub(super) fn membership(
        &mut self,
        set: &Membership,
        wanted: (&Worth, bool),
        list: Option<CodeListId>,
    ) -> Result<(Truths, Term), NoForm> {
        let Some((_, term)) = &wanted.0.value else {
            return Ok((Truths::never(), Term::truth(false)));
        };
        let needed = |truths: Truths| Ok((truths, Term::truth(false)));
        match set {
            Membership::Unknown => needed(Truths::never()),
            Membership::Constant(values) => match list {
                None => {
                    let one = self.sheet.one_of(term, values.iter());
                    needed(Truths::of(one))
                }
                Some(list) => needed(self.by_code(term, list, &|list, one| {
                    let same = values.iter().map(|value| match value {
                        Value::Code(target) => {
                            exeat_program::code::same(list, (one, wanted.1), (target, true))
                        }
                        _ => Truth::False,
                    });
                    same.fold(Truth::False, Truth::or)
                })?),
            },
            Membership::Members(members) => {
                let mut sum = Truths::constant(Truth::False);
                let mut unneeded = Term::truth(false);
                for member in members {
                    let one = self.node(*member)?;
                    let written = is_written(self.side, *member);
                    let same = self.same(wanted, (&one, written), list)?;
                    let same = same.known_where(&one.known);
                    sum = sum.or(&same);
                    unneeded = unneeded.or(&one.unneeded);
                }
                let open = unneeded.without(&sum.yes);
                Ok((sum, open))
            }
            Membership::Value(node) => match self.side.epoch.arena.node(*node) {
                Node::Set(members) => {
                    // Once a set is made, its members mean just what they say.
                    let mut sum = Truths::constant(Truth::False);
                    let mut known = Term::truth(true);
                    for member in members {
                        let one = self.node(*member)?;
                        if !one.unneeded.is(false) {
                            return no_form("which asks a set of outcomes of decisions");
                        }
                        known = known.and(&one.known);
                        let same = self.same(wanted, (&one, true), list)?;
                        sum = sum.or(&same);
                    }
                    needed(sum.known_where(&known))
                }
                Node::Decision(decision) => self.collected(*decision, wanted, list),
                Node::Slot(slot) if wanted.1 => {
                    let has = self.set_has(*slot, term);
                    needed(Truths::of(has))
                }
                _ => no_form("which asks a set that is computed"),
            },
            Membership::Join(join, left, right) => {
                let (a, first) = self.membership(left, wanted, list)?;
                let (b, second) = self.membership(right, wanted, list)?;
                let truths = match join {
                    Join::Union => a.or(&b),
                    Join::Intersect => a.contrary().or(&b.contrary()).contrary(),
                    Join::Without => a.contrary().or(&b).contrary(),
                };
                let open = first.or(&second).without(&truths.yes).without(&truths.no);
                Ok((truths, open))
            }
            Membership::Choose(test, then, otherwise) => {
                let test = self.condition(*test)?;
                let (then, first) = self.membership(then, wanted, list)?;
                let (otherwise, second) = self.membership(otherwise, wanted, list)?;
                let open = test.yes.and(&first).or(&test.no.and(&second));
                Ok((chosen(&test, &then, &otherwise), open))
            }
        }
    }

    /// Whether a decision that collects has a value among what it comes to.
    fn collected(
        &mut self,
        id: DecisionId,
        wanted: (&Worth, bool),
        list: Option<CodeListId>,
    ) -> Result<(Truths, Term), NoForm> {
        let Some(decided) = self.decided.get(&id) else {
            return no_form("which asks a decision that is not there");
        };
        let needed = decided.needed.clone();
        let Outcome::Set(Some(elements)) = decided.outcome.clone() else {
            return no_form("which asks a set that is computed");
        };
        let mut sum = Truths::constant(Truth::False);
        for (element, there) in elements {
            let Some((sort, term)) = self.sheet.value(&element) else {
                return no_form("which asks a set of what are no single values");
            };
            let same = self.same(wanted, (&Worth::known(sort, term), true), list)?;
            let one = Truths { yes: same.yes.and(&there), no: same.no.or(&there.negated()) };
            sum = sum.or(&one.settled_as(&[same]));
        }
        let unneeded = needed.negated();
        Ok((if needed.is(true) { sum } else { sum.known_where(&needed) }, unneeded))
    }

    /// Whether a set or list that is a fact has a value that the rules write out: a fact of its own.
    fn set_has(&mut self, slot: u32, value: &Term) -> Term {
        let found = usize::try_from(slot).ok().and_then(|at| self.side.program.slots().get(at));
        let path = found.map_or("", |slot| slot.path.as_str());
        let key = format!("has {path} {}", value.text);
        self.sheet.declare(&key, &format!("fact.{path}.has.{}", value.text), Sort::Bool)
    }

    /// Whether two known values are the same; `true` beside one that the rules write out.
    fn same(
        &mut self,
        (left, left_written): (&Worth, bool),
        (right, right_written): (&Worth, bool),
        list: Option<CodeListId>,
    ) -> Result<Truths, NoForm> {
        let (Some((sort, one)), Some((other_sort, other))) = (&left.value, &right.value) else {
            return Ok(Truths::never());
        };
        if sort != other_sort {
            return no_form("which mixes types");
        }
        let same = one.equal(other);
        let Some(list) = list else { return Ok(Truths::of(same)) };
        let mut coarse = Term::truth(false);
        if !left_written {
            coarse = coarse.or(&self.coarser(list, one, other));
        }
        if !right_written {
            coarse = coarse.or(&self.coarser(list, other, one));
        }
        Ok(Truths { no: same.or(&coarse).negated(), yes: same })
    }
}

impl Truths {
    /// Whether it is nowhere unknown, as far as that can be seen.
    pub(super) fn is_settled(&self) -> bool {
        self.no == self.yes.negated()
    }

    /// The same; where its parts are nowhere unknown, written in the way in which that can be seen.
    fn settled_as(self, parts: &[Self]) -> Self {
        if parts.iter().all(Self::is_settled) { Self::of(self.yes) } else { self }
    }

    fn or(&self, other: &Self) -> Self {
        let truths = Self { yes: self.yes.or(&other.yes), no: self.no.and(&other.no) };
        truths.settled_as(&[self.clone(), other.clone()])
    }

    fn contrary(&self) -> Self {
        Self { yes: self.no.clone(), no: self.yes.clone() }
    }

    /// The same, and false where it asks a decision that is not needed.
    fn or_not_needed(self, unneeded: &Term) -> Self {
        if unneeded.is(false) {
            return self;
        }
        Self { no: self.no.or(unneeded), yes: self.yes }
    }

    /// The same, and true there.
    fn or_so(self, unneeded: &Term) -> Self {
        self.contrary().or_not_needed(unneeded).contrary()
    }
}

fn chosen(test: &Truths, then: &Truths, otherwise: &Truths) -> Truths {
    if test.is_settled() {
        let truths = Truths {
            yes: Term::choose(&test.yes, &then.yes, &otherwise.yes),
            no: Term::choose(&test.yes, &then.no, &otherwise.no),
        };
        return truths.settled_as(&[then.clone(), otherwise.clone()]);
    }
    // Where the test is unknown, the two may still agree.
    let join = |a: &Term, b: &Term| Term::any([test.yes.and(a), test.no.and(b), a.and(b)]);
    Truths { yes: join(&then.yes, &otherwise.yes), no: join(&then.no, &otherwise.no) }
}

/// How two values compare where both are known, and where that is not known because a decision is not
/// needed.
fn related(sign: &str, left: &Worth, right: &Worth) -> Result<(Truths, Term), NoForm> {
    let unneeded = left.unneeded.or(&right.unneeded);
    let (Some((sort, one)), Some((other_sort, other))) = (&left.value, &right.value) else {
        return Ok((Truths::never(), unneeded));
    };
    if sort != other_sort || (*sort == Sort::Bool && sign != "=") {
        return no_form("which mixes types");
    }
    let term = if sign == "=" { one.equal(other) } else { Term::apply(sign, &[one, other]) };
    Ok((Truths::of(term).known_where(&left.known.and(&right.known)), unneeded))
}

fn is_below(list: &CodeList, part: &SmolStr, whole: &SmolStr) -> bool {
    let mut at = list.entries.get(part).and_then(|entry| entry.parent.as_ref());
    for _ in 0..LONGEST_CHAIN {
        match at {
            Some(parent) if parent == whole => return true,
            Some(parent) => at = list.entries.get(parent).and_then(|entry| entry.parent.as_ref()),
            None => return false,
        }
    }
    false
}
