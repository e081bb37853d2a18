//! Conditions as tests of paths against constants, and whether such tests can be true together.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::rc::Rc;

use exeat_hir::{Expr, ExprKind, Hir, Ty};
use exeat_model::Value;

use super::atom::{Alternatives, Atom, Example, Leaf, comparing, turned};
use super::domain::{Domain, Test, understood};
use super::fold::{Path, Reader};
use super::words;

/// How many alternatives a condition may fall into before it counts as not understood.
const MOST_ALTERNATIVES: usize = 128;
/// How deep conditions are followed into each other.
const DEEPEST: usize = 48;

impl<'h> Reader<'h> {
    /// A single test, if it is understood.
    pub(super) fn leaf(&self, expr: &'h Expr) -> Option<Leaf> {
        match &expr.kind {
            ExprKind::Literal(Value::YesNo(yes)) => Some(Leaf::Settled(*yes)),
            ExprKind::Compare(comparison, left, right) => {
                match (self.constant(left), self.constant(right)) {
                    (Some(left), Some(right)) => {
                        Some(Leaf::Settled(comparison.holds(&left, &right)))
                    }
                    (None, Some(right)) => self.atom(left, comparing(*comparison, right), expr),
                    (Some(left), None) => {
                        self.atom(right, comparing(turned(*comparison), left), expr)
                    }
                    (None, None) => None,
                }
            }
            ExprKind::In(left, set) => {
                let members = self.set(set)?;
                if members.is_empty() {
                    return Some(Leaf::Settled(false));
                }
                match self.constant(left) {
                    Some(value) => Some(Leaf::Settled(members.contains(&value))),
                    None => self.atom(left, Test::OneOf(members), expr),
                }
            }
            ExprKind::Meets(code, list, targets) | ExprKind::Within(code, list, targets) => {
                let meets = matches!(expr.kind, ExprKind::Meets(..));
                let (list, targets) = (*list, targets.clone());
                self.atom(code, Test::Code { list, targets, meets, wanted: true }, expr)
            }
            _ if expr.ty == Ty::YesNo => {
                self.atom(expr, Test::OneOf([Value::YesNo(true)].into()), expr)
            }
            _ => None,
        }
    }

    /// The alternatives in which a condition has the wanted answer; `None` if a part of it is not
    /// understood, or there are too many.
    pub(super) fn alternatives(&self, expr: &'h Expr, wanted: bool) -> Option<Alternatives> {
        self.alternatives_within(expr, wanted, DEEPEST)
    }

    fn alternatives_within(
        &self,
        expr: &'h Expr,
        wanted: bool,
        depth: usize,
    ) -> Option<Alternatives> {
        let depth = depth.checked_sub(1)?;
        let inner = |part: &'h Expr, wanted: bool| self.alternatives_within(part, wanted, depth);
        match &expr.kind {
            ExprKind::Not(part) => inner(part, !wanted),
            ExprKind::And(parts) | ExprKind::Or(parts) => {
                let parts: Vec<Alternatives> =
                    parts.iter().map(|part| inner(part, wanted)).collect::<Option<_>>()?;
                if matches!(expr.kind, ExprKind::And(_)) == wanted {
                    all_of(&parts)
                } else {
                    Some(parts.into_iter().flatten().collect())
                }
            }
            ExprKind::If(condition, then, otherwise) => {
                let yes = all_of(&[inner(condition, true)?, inner(then, wanted)?])?;
                let no = all_of(&[inner(condition, false)?, inner(otherwise, wanted)?])?;
                Some(yes.into_iter().chain(no).collect())
            }
            ExprKind::Band { low, low_included, value, high, high_included } => {
                let low = Test::Above(self.constant(low)?, *low_included);
                let high = Test::Below(self.constant(high)?, *high_included);
                let ends = [low, high].map(|test| self.atom(value, test, expr));
                let [Some(Leaf::Atom(low)), Some(Leaf::Atom(high))] = ends else { return None };
                Some(if wanted {
                    vec![vec![low, high]]
                } else {
                    vec![vec![Rc::new(low.negated())], vec![Rc::new(high.negated())]]
                })
            }
            ExprKind::Define(..) if self.path(expr).is_none() => {
                let body = self.resolved(expr);
                if std::ptr::eq(body, expr) { None } else { inner(body, wanted) }
            }
            _ => Some(match self.leaf(expr)? {
                Leaf::Settled(answer) if answer == wanted => vec![Vec::new()],
                Leaf::Settled(_) => Vec::new(),
                Leaf::Atom(atom) if wanted => vec![vec![atom]],
                Leaf::Atom(atom) => vec![vec![Rc::new(atom.negated())]],
            }),
        }
    }

    /// Values for which all the tests are true; `None` if there are none.
    pub(super) fn example<'a>(&self, atoms: &'a [Rc<Atom>]) -> Option<Vec<Example>>
    where
        'h: 'a,
    {
        let mut left = Left::default();
        left.keep(*self, atoms).then(|| left.example()).flatten()
    }

    /// The first example for a choice of one alternative from each condition, in the order of the
    /// conditions.
    pub(super) fn together<'a>(&self, conditions: &[&'a Alternatives]) -> Together
    where
        'h: 'a,
    {
        let mut choices: usize = 1;
        for condition in conditions {
            choices = match choices.checked_mul(condition.len()) {
                Some(choices) if choices <= MOST_ALTERNATIVES => choices,
                _ => return Together::TooMany,
            };
        }
        match self.search(&Left::default(), conditions) {
            Some(example) => Together::Example(example),
            None => Together::Never,
        }
    }

    fn search<'a>(&self, left: &Left<'a>, conditions: &[&'a Alternatives]) -> Option<Vec<Example>>
    where
        'h: 'a,
    {
        let Some((first, rest)) = conditions.split_first() else { return left.example() };
        first.iter().find_map(|atoms| {
            let mut left = left.clone();
            left.keep(*self, atoms).then(|| self.search(&left, rest)).flatten()
        })
    }

    fn atom(&self, read: &'h Expr, test: Test, whole: &Expr) -> Option<Leaf> {
        let (path, name) = self.path(read)?;
        let ty = &self.resolved(read).ty;
        understood(self.hir, ty).then(|| {
            Leaf::Atom(Rc::new(Atom { path, name, ty: ty.clone(), test, span: whole.span }))
        })
    }

    /// What a test asks, to stand after "cannot be" or "is always".
    pub(super) fn test_in_words(&self, atom: &Atom) -> String {
        let shown = |value: &Value| words::shown(self.hir, value, &atom.ty);
        let any = |values: &mut dyn Iterator<Item = String>| {
            let mut all: Vec<String> = values.take(5).collect();
            if values.next().is_some() {
                all.truncate(4);
                all.push("others".to_owned());
            }
            words::listed(&all, "or")
        };
        match &atom.test {
            Test::OneOf(values) => any(&mut values.iter().map(shown)),
            Test::NoneOf(values) => {
                format!("something other than {}", any(&mut values.iter().map(shown)))
            }
            Test::Above(end, true) => format!("at least {}", shown(end)),
            Test::Above(end, false) => format!("more than {}", shown(end)),
            Test::Below(end, true) => format!("at most {}", shown(end)),
            Test::Below(end, false) => format!("less than {}", shown(end)),
            Test::Code { targets, meets, wanted, .. } => {
                let targets = targets.iter().map(|code| shown(&Value::Code(code.clone())));
                let targets = any(&mut targets.into_iter());
                let within = if *meets { "an item that meets" } else { "within" };
                if *wanted {
                    format!("{within} {targets}")
                } else {
                    format!("something other than {within} {targets}")
                }
            }
        }
    }
}

/// What is left of the values of the paths that were tested, in the order in which they first were.
#[derive(Clone, Default)]
struct Left<'a> {
    order: Vec<&'a Atom>,
    domains: BTreeMap<&'a Path, Domain<'a>>,
}

impl<'a> Left<'a> {
    /// Keeps what the tests allow; whether anything may be left.
    fn keep(&mut self, reader: Reader<'a>, atoms: &'a [Rc<Atom>]) -> bool {
        atoms.iter().all(|atom| {
            let domain = match self.domains.entry(&atom.path) {
                Entry::Occupied(entry) => entry.into_mut(),
                Entry::Vacant(entry) => {
                    let Some(domain) = Domain::of(reader, &atom.ty) else { return false };
                    self.order.push(atom);
                    entry.insert(domain)
                }
            };
            domain.keep(&atom.test);
            !domain.is_spent()
        })
    }

    fn example(&self) -> Option<Vec<Example>> {
        let value = |atom: &&Atom| {
            let value = self.domains.get(&atom.path)?.example()?;
            Some(Example { name: atom.name.clone(), value, ty: atom.ty.clone() })
        };
        self.order.iter().map(value).collect()
    }
}

/// Whether conditions can be true together.
pub(super) enum Together {
    /// There are too many choices to look at.
    TooMany,
    /// They never can.
    Never,
    /// They are for these values.
    Example(Vec<Example>),
}

/// An example as facts of a scenario.
pub(super) fn example_in_words(hir: &Hir, example: &[Example]) -> String {
    let one =
        |one: &Example| format!("`{} = {}`", one.name, words::shown(hir, &one.value, &one.ty));
    words::listed(&example.iter().map(one).collect::<Vec<_>>(), "and")
}

/// Every choice of one alternative from each condition.
fn all_of(conditions: &[Alternatives]) -> Option<Alternatives> {
    let mut all: Alternatives = vec![Vec::new()];
    for condition in conditions {
        if all.len().checked_mul(condition.len())? > MOST_ALTERNATIVES {
            return None;
        }
        let joined = |a: &Vec<Rc<Atom>>, b: &Vec<Rc<Atom>>| a.iter().chain(b).cloned().collect();
        all = all.iter().flat_map(|a| condition.iter().map(move |b| joined(a, b))).collect();
    }
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::lists::Lists;
    use crate::analysis::test_support::{
        World, and, compare, country, fact, in_list, literal, not, number, or, symbol, tpp,
    };
    use exeat_hir::Comparison::{GreaterOrEqual, Is, Less};

    #[test]
    fn tests_of_one_path_are_taken_together() {
        let mut world = World::new();
        let id = world.fact("tpp", tpp());
        let at_least = compare(GreaterOrEqual, fact(id, tpp()), literal(number("4800")));
        let turned_round = compare(GreaterOrEqual, literal(number("4800")), fact(id, tpp()));
        let below = compare(Less, fact(id, tpp()), literal(number("4800")));
        let (both, touching) =
            (and(vec![at_least.clone(), below]), and(vec![at_least, turned_round]));
        let lists = Lists::default();
        let reader = Reader::new(&world.hir, &lists, None);
        let example = |expr| {
            let mut all = reader.alternatives(expr, true).unwrap().into_iter();
            all.find_map(|atoms| reader.example(&atoms))
        };
        assert_eq!(example(&both), None);
        assert_eq!(example_in_words(&world.hir, &example(&touching).unwrap()), "`tpp = 4800 TPP`");
    }

    #[test]
    fn or_and_not_fall_into_alternatives() {
        let mut world = World::new();
        let action = Ty::Enum(world.enumeration("action", &["export", "support"]));
        let (what, to) = (world.fact("action", action.clone()), world.fact("to", Ty::Country));
        let is_export = compare(Is, fact(what, action), literal(symbol("export")));
        let to_poland = in_list(fact(to, Ty::Country), vec![country("PL")]);
        let either = or(vec![is_export, to_poland]);
        let neither = not(either.clone());
        let lists = Lists::default();
        let reader = Reader::new(&world.hir, &lists, None);
        assert_eq!(reader.alternatives(&either, true).unwrap().len(), 2);
        let alternatives = reader.alternatives(&neither, true).unwrap();
        assert_eq!(alternatives.len(), 1);
        let example = reader.example(&alternatives[0]).unwrap();
        assert_eq!(example_in_words(&world.hir, &example), "`action = support` and `to = AD`");
    }

    #[test]
    fn a_test_of_two_facts_is_not_understood() {
        let mut world = World::new();
        let (a, b) = (world.fact("a", tpp()), world.fact("b", tpp()));
        let less = compare(Less, fact(a, tpp()), fact(b, tpp()));
        let lists = Lists::default();
        let reader = Reader::new(&world.hir, &lists, None);
        assert!(reader.alternatives(&less, true).is_none());
    }
}
