//! Circles: of exceptions, of decisions, of defines and tables, of groups. Nothing may rest on itself.

use std::collections::BTreeMap;

use exeat_diagnostics::{Code, Diagnostic, Severity, Span, codes};
use exeat_hir::reach::{Named, expressions_of, named_in, visit_deep};
use exeat_hir::{DecisionId, ExprKind, Hir, RuleId};

use super::graph::{References, circles, in_order};
use super::usage::Usage;
use super::words;

/// All circles of the program, one for each knot.
pub(super) fn find(hir: &Hir, usage: &Usage) -> Vec<Diagnostic> {
    let mut found = exceptions(hir, usage);
    found.extend(named(hir));
    found.extend(decision_order(hir).err().into_iter().flatten());
    found
}

/// The decisions in an order in which each stands after those that it reads, through defines, tables
/// and the exceptions to its rules too; or the circles that make such an order impossible.
pub(crate) fn decision_order(hir: &Hir) -> Result<Vec<DecisionId>, Vec<Diagnostic>> {
    let mut places: BTreeMap<(DecisionId, DecisionId), Span> = BTreeMap::new();
    let mut reads: References<DecisionId> = References::new();
    for (id, _) in hir.decisions.iter() {
        visit_deep(hir, expressions_of(hir, id), &mut |part| {
            if let ExprKind::Decision(read) = part.kind {
                reads.entry(id).or_default().insert(read);
                let place = places.entry((id, read)).or_insert(part.span);
                *place = (*place).min(part.span);
            }
        });
    }
    let knots = circles(&reads);
    if knots.is_empty() {
        return Ok(in_order(hir.decisions.iter().map(|(id, _)| id), &reads));
    }
    let name = |id: DecisionId| {
        hir.decisions.get(id).map_or_else(String::new, |item| format!("`{}`", item.name))
    };
    let report = |circle: &Vec<DecisionId>| {
        let message = match circle.as_slice() {
            [one] => format!("the decision {} reads its own outcome", name(*one)),
            _ => format!("decisions wait for each other: {}", chain(circle, "reads", name)),
        };
        let labels = steps(circle).into_iter().map(|(from, to)| {
            let place = places.get(&(from, to)).copied().unwrap_or_default();
            (place, format!("{} reads {} here", name(from), name(to)))
        });
        problem(codes::DECISION_CYCLE, message, labels)
            .with_help("Let one of them read facts or a define in place of the other's outcome.")
            .with_note(
                "A decision is settled after those that it reads, so none can lead back to itself.",
            )
    };
    Err(knots.iter().map(report).collect())
}

fn exceptions(hir: &Hir, usage: &Usage) -> Vec<Diagnostic> {
    let defeats: References<RuleId> =
        hir.rules.iter().map(|(id, rule)| (id, rule.defeats.iter().copied().collect())).collect();
    let name = |id| words::rule(hir, id);
    let report = |circle: Vec<RuleId>| {
        let message = match circle.as_slice() {
            [one] => format!("{} is an exception to itself", name(*one)),
            _ => format!("exceptions in a circle: {}", chain(&circle, "is an exception to", name)),
        };
        let labels = steps(&circle).into_iter().map(|(from, to)| {
            let place = place_of_exception(hir, usage, from, to);
            (place, format!("{} is an exception to {}", name(from), name(to)))
        });
        problem(codes::EXCEPTION_CYCLE, message, labels)
            .with_help("Decide which of them gives way, and take one `to`, `despite` or `subject to` out.")
            .with_note("An exception that holds defeats the rule it names; in a circle nothing says which of them holds.")
    };
    circles(&defeats).into_iter().map(report).collect()
}

/// Where it is written that one rule is an exception to another: `to` and `despite` stand in the
/// exception, `subject to` in the rule.
fn place_of_exception(hir: &Hir, usage: &Usage, exception: RuleId, target: RuleId) -> Span {
    let clause = |holder: RuleId, named: RuleId| {
        let targets = usage.targets.get(&holder)?;
        targets.iter().find(|(rule, _)| *rule == named).map(|(_, span)| *span)
    };
    clause(exception, target)
        .or_else(|| clause(target, exception))
        .or_else(|| hir.rules.get(exception).map(|rule| rule.span))
        .unwrap_or_default()
}

/// Circles of groups, and those of defines that lead through a table or a group. A circle of defines
/// alone is found earlier, where their types are needed.
fn named(hir: &Hir) -> Vec<Diagnostic> {
    let all = (hir.defines.iter().map(|(id, _)| Named::Define(id)))
        .chain(hir.tables.iter().map(|(id, _)| Named::Table(id)))
        .chain(hir.groups.iter().map(|(id, _)| Named::Group(id)));
    let mut references: References<Named> = References::new();
    let mut places: BTreeMap<(Named, Named), Span> = BTreeMap::new();
    for from in all {
        for (to, span) in from.holds(hir).into_iter().flat_map(named_in) {
            references.entry(from).or_default().insert(to);
            places.entry((from, to)).or_insert(span);
        }
    }
    let name = |named: Named| format!("`{}`", named.name(hir));
    let report = |circle: Vec<Named>| {
        let groups = circle.iter().all(|one| matches!(one, Named::Group(_)));
        let (code, word, what) = if groups {
            (codes::GROUP_CYCLE, "contains", "groups")
        } else {
            (codes::DEFINITION_CYCLE, "needs", "definitions")
        };
        let message = match circle.as_slice() {
            [one] => format!("{} {word} itself", name(*one)),
            _ => format!("a circle of {what}: {}", chain(&circle, word, name)),
        };
        let labels = steps(&circle).into_iter().map(|(from, to)| {
            let place = places.get(&(from, to)).copied().unwrap_or_else(|| from.span(hir));
            (place, format!("{} {word} {} here", name(from), name(to)))
        });
        problem(code, message, labels)
            .with_help("Write out in one of them what it takes from the other.")
    };
    let only_defines =
        |circle: &Vec<Named>| circle.iter().all(|one| matches!(one, Named::Define(_)));
    let mut found = circles(&references);
    found.retain(|circle| !only_defines(circle));
    found.into_iter().map(report).collect()
}

/// The steps of a circle: from each member to the next, and from the last to the first.
fn steps<N: Copy>(circle: &[N]) -> Vec<(N, N)> {
    let next = circle.iter().copied().cycle().skip(1);
    circle.iter().copied().zip(next).collect()
}

/// Every step in words, one after the other.
fn chain<N: Copy>(circle: &[N], word: &str, name: impl Fn(N) -> String) -> String {
    let step = |(from, to)| format!("{} {word} {}", name(from), name(to));
    words::listed(&steps(circle).into_iter().map(step).collect::<Vec<_>>(), "and")
}

fn problem(
    code: Code,
    message: String,
    labels: impl Iterator<Item = (Span, String)>,
) -> Diagnostic {
    let start = Diagnostic::unplaced(code, Severity::Error, message);
    labels.fold(start, |diagnostic, (span, text)| diagnostic.with_label(span, text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::test_support::{
        World, compare, decided, defined, expr, literal, number, text_of,
    };
    use exeat_hir::{Combine, Comparison, Ty};

    #[test]
    fn a_circle_of_exceptions_names_all_members_in_order() {
        let mut world = World::new();
        let [a, b, c] = ["a", "b", "c"].map(|name| world.rule(name, None, None));
        for (from, to) in [(a, b), (b, c), (c, a)] {
            world.exception(from, to);
        }
        let place = Span::new(900, 901);
        world.usage.targets.insert(b, vec![(c, place)]);
        let found = find(&world.hir, &world.usage);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].code, codes::EXCEPTION_CYCLE);
        assert_eq!(
            found[0].message,
            "exceptions in a circle: `a` is an exception to `b`, `b` is an exception to `c` \
             and `c` is an exception to `a`"
        );
        assert_eq!(found[0].labels.len(), 3);
        assert_eq!(found[0].labels[1].span, place);
    }

    #[test]
    fn the_order_follows_defines_and_the_exceptions_to_rules() {
        let mut world = World::new();
        let [late, early] =
            ["late", "early"].map(|name| world.decision(name, Ty::number(), Combine::Unique));
        let read = compare(Comparison::Is, decided(early), literal(number("1")));
        let define = world.define("settled", read);
        let rule = world.rule("r", None, Some((late, number("2"))));
        let exception = world.rule("e", Some(defined(define, Ty::YesNo)), None);
        world.exception(exception, rule);
        assert_eq!(decision_order(&world.hir), Ok(vec![early, late]));

        world.hir.decisions.get_mut(early).unwrap().needed_when =
            Some(compare(Comparison::Is, decided(late), literal(number("2"))));
        let found = decision_order(&world.hir).unwrap_err();
        assert_eq!(
            text_of(&found),
            ["E0502 decisions wait for each other: `late` reads `early` and `early` reads `late`"]
        );
    }

    #[test]
    fn a_table_and_a_group_may_not_lead_back_to_themselves() {
        let mut world = World::new();
        let define = world.define("x", literal(number("1")));
        let table = world.table(&[], vec![Vec::new()]);
        world.hir.tables.get_mut(table).unwrap().rows[0].value = defined(define, Ty::number());
        let group = world.group("g", Ty::Country, &[]);
        assert!(find(&world.hir, &world.usage).is_empty());

        let looked_up = expr(ExprKind::Table(table, Vec::new()), Ty::number());
        world.hir.defines.get_mut(define).unwrap().pieces[0].body = looked_up;
        world.add_set_to_group(group, group);
        assert_eq!(
            text_of(&find(&world.hir, &world.usage)),
            [
                "E0503 a circle of definitions: `x` needs `t` and `t` needs `x`",
                "E0604 `g` contains itself",
            ]
        );
    }
}
