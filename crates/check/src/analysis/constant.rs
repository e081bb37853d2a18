//! Conditions that are the same for all facts, by what is written in them.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use exeat_diagnostics::{Diagnostic, Span, codes};
use exeat_hir::reach::Named;
use exeat_hir::{Expr, ExprKind, Hir};
use exeat_model::Value;

use super::atom::Atom;
use super::fold::{Path, Reader};
use super::lists::Lists;
use super::words;

/// Every test, and every `and` and `or`, that is always true or always false.
pub(super) fn find(hir: &Hir) -> Vec<Diagnostic> {
    let lists = Lists::default();
    let reader = Reader::new(hir, &lists, None);
    let mut found = Vec::new();
    let conditions = (hir.rules.values().filter_map(|rule| rule.when.as_ref()))
        .chain(hir.not_modelled.values().filter_map(|item| item.when.as_ref()))
        .chain(hir.decisions.values().filter_map(|decision| decision.needed_when.as_ref()))
        .chain(hir.assertions.values().filter_map(|assertion| assertion.when.as_ref()));
    for condition in conditions {
        judge(reader, condition, true, &mut found);
    }
    let values = (hir.rules.values().flat_map(|rule| &rule.conclusions))
        .map(|conclusion| &conclusion.value)
        .chain(hir.defines.iter().flat_map(|(id, _)| Named::Define(id).holds(hir)))
        .chain(hir.tables.iter().flat_map(|(id, _)| Named::Table(id).holds(hir)));
    for value in values {
        judge(reader, value, false, &mut found);
    }
    found
}

fn judge<'h>(reader: Reader<'h>, root: &'h Expr, condition: bool, found: &mut Vec<Diagnostic>) {
    let shape = Shape::of(root, condition);
    let mut alone = Alone { reader, known: BTreeMap::new() };
    root.visit(&mut |part| {
        let place = std::ptr::from_ref(part);
        match &part.kind {
            ExprKind::And(_) | ExprKind::Or(_) if !shape.continued.contains(&place) => {
                found.extend(together(&mut alone, part));
            }
            ExprKind::Literal(Value::YesNo(answer)) if shape.conditions.contains(&place) => {
                found.push(same(*answer, part.span, "written out"));
            }
            _ => found.extend(alone.answer(part).map(|answer| {
                let text = if answer { "true for all facts" } else { "true for no facts" };
                same(answer, part.span, text)
            })),
        }
    });
}

/// The answers that single tests always have, each worked out once.
struct Alone<'h> {
    reader: Reader<'h>,
    known: BTreeMap<*const Expr, Option<bool>>,
}

impl Alone<'_> {
    fn answer(&mut self, test: &Expr) -> Option<bool> {
        let known = self.known.entry(std::ptr::from_ref(test));
        *known.or_insert_with(|| alone(self.reader, test))
    }
}

/// The answer that a single test always has.
fn alone<'h>(reader: Reader<'h>, test: &'h Expr) -> Option<bool> {
    let single = matches!(
        test.kind,
        ExprKind::Compare(..)
            | ExprKind::Band { .. }
            | ExprKind::In(..)
            | ExprKind::Meets(..)
            | ExprKind::Within(..)
    );
    if !single {
        return None;
    }
    // A comparison of named constants is a choice of the author's, made to be changed.
    let mut named = false;
    test.visit(&mut |part| {
        named |= matches!(part.kind, ExprKind::Define(..) | ExprKind::Group(_) | ExprKind::Error);
    });
    if named {
        return None;
    }
    let impossible = |wanted: bool| {
        let alternatives = reader.alternatives(test, wanted)?;
        Some(alternatives.iter().all(|atoms| reader.example(atoms).is_none()))
    };
    if impossible(true)? {
        return Some(false);
    }
    impossible(false)?.then_some(true)
}

/// Parts of an `and` that cannot be true together, or of an `or` that cannot be false together.
fn together(alone: &mut Alone<'_>, whole: &Expr) -> Option<Diagnostic> {
    let reader = alone.reader;
    let wanted = matches!(whole.kind, ExprKind::And(_));
    let mut parts = Vec::new();
    same_kind(whole, wanted, &mut parts);
    let mut by_path: BTreeMap<Path, Vec<Rc<Atom>>> = BTreeMap::new();
    for part in parts.into_iter().filter(|part| alone.answer(part).is_none()) {
        let alternatives = reader.alternatives(part, wanted);
        if let Some([atoms]) = alternatives.as_deref() {
            for atom in atoms {
                by_path.entry(atom.path.clone()).or_default().push(Rc::clone(atom));
            }
        }
    }
    let atoms = by_path.into_values().find(|atoms| reader.example(atoms).is_none())?;
    let atoms = smallest_clash(reader, &atoms);
    let first = atoms.first()?;
    let name = match first.name.as_str() {
        "" => "the element".to_owned(),
        name => format!("`{name}`"),
    };
    // For an `or` the tests were turned round, to see whether all can be false.
    let tests: Vec<(Span, String)> = atoms
        .iter()
        .map(|atom| {
            let negated = (!wanted).then(|| atom.negated());
            (atom.span, reader.test_in_words(negated.as_ref().unwrap_or(atom)))
        })
        .collect();
    let bounds: Vec<String> = tests.iter().map(|(_, text)| text.clone()).collect();
    let message = if wanted {
        format!(
            "this condition is always false: {name} cannot be {} at once",
            words::listed(&bounds, "and")
        )
    } else {
        format!("this condition is always true: {name} is always {}", words::listed(&bounds, "or"))
    };
    let mut diagnostic = Diagnostic::unplaced(
        codes::CONDITION_ALWAYS_SAME,
        exeat_diagnostics::Severity::Warning,
        message,
    )
    .with_help(if wanted {
        "Correct one of the bounds, or write `or` if one of them is enough."
    } else {
        "Correct one of the bounds, or write `and` if all of them are needed."
    });
    for (span, text) in tests {
        diagnostic = diagnostic.with_label(span, text);
    }
    Some(diagnostic)
}

/// Two of the tests that cannot be true together, or all if no two suffice.
fn smallest_clash(reader: Reader<'_>, atoms: &[Rc<Atom>]) -> Vec<Rc<Atom>> {
    for (at, a) in atoms.iter().enumerate() {
        for b in atoms.iter().skip(at.saturating_add(1)) {
            let pair = [Rc::clone(a), Rc::clone(b)];
            if reader.example(&pair).is_none() {
                return pair.into();
            }
        }
    }
    atoms.to_vec()
}

fn same(answer: bool, span: Span, text: &str) -> Diagnostic {
    let message = format!("this condition is always {answer}");
    Diagnostic::warning(codes::CONDITION_ALWAYS_SAME, message, span, text)
        .with_help("Correct it if it should depend on facts; else take it out.")
}

/// The parts of an `and` within `and`, or of an `or` within `or`.
fn same_kind<'h>(expr: &'h Expr, conjunction: bool, parts: &mut Vec<&'h Expr>) {
    match &expr.kind {
        ExprKind::And(inner) if conjunction => {
            for part in inner {
                same_kind(part, conjunction, parts);
            }
        }
        ExprKind::Or(inner) if !conjunction => {
            for part in inner {
                same_kind(part, conjunction, parts);
            }
        }
        _ => parts.push(expr),
    }
}

/// Which parts of an expression stand as conditions, and which only continue the one around them.
struct Shape {
    conditions: BTreeSet<*const Expr>,
    continued: BTreeSet<*const Expr>,
}

impl Shape {
    fn of(root: &Expr, condition: bool) -> Self {
        let mut shape = Self { conditions: BTreeSet::new(), continued: BTreeSet::new() };
        if condition {
            shape.conditions.insert(std::ptr::from_ref(root));
        }
        root.visit(&mut |part| match &part.kind {
            ExprKind::And(inner) | ExprKind::Or(inner) => {
                let kind = std::mem::discriminant(&part.kind);
                for one in inner {
                    shape.conditions.insert(std::ptr::from_ref(one));
                    if std::mem::discriminant(&one.kind) == kind {
                        shape.continued.insert(std::ptr::from_ref(one));
                    }
                }
            }
            ExprKind::Not(inner)
            | ExprKind::Quantified { body: inner, .. }
            | ExprKind::If(inner, ..) => {
                shape.conditions.insert(std::ptr::from_ref(&**inner));
            }
            _ => {}
        });
        shape
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::test_support::{
        World, and, compare, expr, fact, in_list, literal, number, or, symbol, text_of, tpp,
    };
    use exeat_hir::Comparison::{Greater, GreaterOrEqual, Is, IsNot, Less};
    use exeat_hir::Ty;

    fn warned(build: impl FnOnce(&mut World) -> Expr) -> Vec<String> {
        let mut world = World::new();
        let when = build(&mut world);
        world.rule("r", Some(when), None);
        text_of(&find(&world.hir))
    }

    #[test]
    fn bounds_that_exclude_each_other() {
        let both = |low: &'static str| {
            warned(move |world| {
                let id = world.fact("tpp", tpp());
                let above = compare(GreaterOrEqual, fact(id, tpp()), literal(number(low)));
                and(vec![above, compare(Less, fact(id, tpp()), literal(number("1600")))])
            })
        };
        assert_eq!(
            both("4800"),
            [
                "W0907 this condition is always false: `tpp` cannot be at least 4800 TPP and less than 1600 TPP at once"
            ]
        );
        assert!(both("1599").is_empty());
    }

    #[test]
    fn an_or_that_leaves_nothing_out() {
        let found = warned(|world| {
            let action = Ty::Enum(world.enumeration("action", &["export", "support"]));
            let id = world.fact("action", action.clone());
            let test = |how, name| compare(how, fact(id, action.clone()), literal(symbol(name)));
            or(vec![test(Is, "export"), test(IsNot, "export")])
        });
        assert_eq!(
            found,
            [
                "W0907 this condition is always true: `action` is always export or something other than export"
            ]
        );
    }

    #[test]
    fn single_tests_and_words() {
        let empty = warned(|world| {
            let id = world.fact("to", Ty::Country);
            in_list(fact(id, Ty::Country), Vec::new())
        });
        assert_eq!(empty, ["W0907 this condition is always false"]);
        assert_eq!(
            warned(|_| literal(Value::YesNo(true))),
            ["W0907 this condition is always true"]
        );
        let constants = warned(|_| compare(Greater, literal(number("5")), literal(number("3"))));
        assert_eq!(constants, ["W0907 this condition is always true"]);
        let band = warned(|world| {
            let id = world.fact("tpp", tpp());
            let [low, high] = ["5", "3"].map(|end| Box::new(literal(number(end))));
            let value = Box::new(fact(id, tpp()));
            expr(
                ExprKind::Band { low, low_included: true, value, high, high_included: false },
                Ty::YesNo,
            )
        });
        assert_eq!(band, ["W0907 this condition is always false"]);
    }

    #[test]
    fn what_depends_on_facts_is_left_alone() {
        let mut world = World::new();
        let id = world.fact("ready", Ty::YesNo);
        world.define("constant", literal(Value::YesNo(false)));
        world.rule("r", Some(fact(id, Ty::YesNo)), None);
        assert!(find(&world.hir).is_empty());
    }
}
