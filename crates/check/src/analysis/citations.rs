//! What stands without its source or its title.

use exeat_diagnostics::{Diagnostic, Span, codes};
use exeat_hir::{GroupItem, Hir, RuleKind};

/// Everything that should name where it is laid down and does not, and every rule without a title.
///
/// What a module cites in its header does not count: it says what the file encodes, not where a
/// single rule stands.
pub(super) fn find(hir: &Hir) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for rule in hir.rules.values() {
        let word = match rule.kind {
            RuleKind::Rule => "rule",
            RuleKind::Exception => "exception",
        };
        if rule.cites.is_empty() {
            let what = format!("the {word} `{}`", rule.name);
            found.push(uncited(&what, rule.span, "Add a line like `cite \"15 CFR 742.6(a)(6)\"`."));
        }
        if rule.title.is_none() {
            let message = format!("the {word} `{}` has no title", rule.name);
            found.push(
                Diagnostic::warning(codes::MISSING_TITLE, message, rule.span, "no title")
                    .with_help("Add a line `title \"…\"` that says in one sentence what it does.")
                    .with_note("The title stands in reasons and reports, where the rule itself is not seen."),
            );
        }
    }
    for decision in hir.decisions.values() {
        if decision.otherwise.is_some() && decision.otherwise_cites.is_empty() {
            let what = format!("the `otherwise` of the decision `{}`", decision.name);
            let help =
                "Add the citation after its value, as in `otherwise … cite \"15 CFR 736.1\"`.";
            found.push(uncited(&what, decision.span, help));
        }
    }
    // Groups of a jurisdiction stand in no text; their sources are told with its data.
    for group in hir.groups.values().filter(|group| !group.span.is_empty()) {
        let item_cited = |item: &GroupItem| match item {
            GroupItem::Member { cites, .. } => !cites.is_empty(),
            GroupItem::Set { .. } => false,
        };
        let all_cited = !group.items.is_empty() && group.items.iter().all(item_cited);
        if group.cites.is_empty() && !all_cited {
            let what = format!("the group `{}`", group.name);
            found.push(uncited(&what, group.span, "Add a line `cite \"…\"`, or cite each member."));
        }
    }
    for item in hir.not_modelled.values() {
        if item.cites.is_empty() {
            let what = format!("the `not modelled` item `{}`", item.name);
            found.push(uncited(&what, item.span, "Add a line `cite \"…\"`: what is left out."));
        }
    }
    found
}

fn uncited(what: &str, span: Span, help: &str) -> Diagnostic {
    let message = format!("{what} has no citation");
    Diagnostic::warning(codes::NO_CITATION, message, span, "no citation")
        .with_help(help)
        .with_note("Every reason that is shown carries its citation; this one would have none.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::test_support::{World, country, text_of};
    use exeat_hir::{Combine, Ty};
    use exeat_model::Interval;

    #[test]
    fn each_kind_is_asked_for_its_source() {
        let mut world = World::new();
        world.hir.modules.get_mut(world.module).unwrap().cites.push("Act".into());
        let rule = world.rule("r", None, None);
        let exception = world.rule("e", None, None);
        world.exception(exception, rule);
        let decision = world.decision("d", Ty::number(), Combine::Unique);
        let group = world.group("g", Ty::Country, &[(country("PL"), Interval::ALWAYS)]);
        assert!(find(&world.hir).is_empty());

        for id in [rule, exception] {
            world.hir.rules.get_mut(id).unwrap().cites.clear();
        }
        world.hir.rules.get_mut(rule).unwrap().title = None;
        world.hir.decisions.get_mut(decision).unwrap().otherwise_cites.clear();
        world.hir.groups.get_mut(group).unwrap().cites.clear();
        assert_eq!(
            text_of(&find(&world.hir)),
            [
                "W0901 the rule `r` has no citation",
                "W0908 the rule `r` has no title",
                "W0901 the exception `e` has no citation",
                "W0901 the `otherwise` of the decision `d` has no citation",
                "W0901 the group `g` has no citation",
            ]
        );
    }

    #[test]
    fn a_group_of_a_jurisdiction_or_with_cited_members_is_fine() {
        let mut world = World::new();
        let group = world.group("g", Ty::Country, &[(country("PL"), Interval::ALWAYS)]);
        let group = world.hir.groups.get_mut(group).unwrap();
        group.cites.clear();
        if let GroupItem::Member { cites, .. } = &mut group.items[0] {
            cites.push("Act".into());
        }
        assert!(find(&world.hir).is_empty());
        let group = world.group("h", Ty::Country, &[]);
        let group = world.hir.groups.get_mut(group).unwrap();
        (group.cites, group.span) = (Vec::new(), Span::default());
        assert!(find(&world.hir).is_empty());
    }
}
