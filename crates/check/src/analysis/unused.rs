//! What is declared and never needed.

use std::collections::BTreeSet;

use exeat_diagnostics::{Diagnostic, codes};
use exeat_hir::{FactId, Hir};

use super::usage::Usage;

/// Facts, defines, tables, imports and readings without a use in any file.
pub(super) fn find(hir: &Hir, usage: &Usage) -> Vec<Diagnostic> {
    let mut found = facts(hir, usage);
    for (id, define) in hir.defines.iter() {
        if !usage.defines.contains(&id) {
            let message = format!("the define `{}` is never used", define.name);
            found.push(
                Diagnostic::warning(codes::UNUSED_DEFINE, message, define.span, "not used")
                    .with_help("Use it in a condition, or take it out."),
            );
        }
    }
    for (id, table) in hir.tables.iter() {
        if !usage.tables.contains(&id) {
            let message = format!("the table `{}` is never looked up", table.name);
            found.push(
                Diagnostic::warning(codes::UNUSED_DEFINE, message, table.span, "not used")
                    .with_help("Look it up in a condition or define, or take it out."),
            );
        }
    }
    for import in usage.imports.iter().filter(|import| !import.used) {
        let message = format!("nothing of `{}` is used here", import.name);
        found.push(
            Diagnostic::warning(codes::UNUSED_IMPORT, message, import.span, "not needed")
                .with_help("Take this `use` out.")
                .with_fix("take it out", import.span, ""),
        );
    }
    for (id, reading) in hir.readings.iter() {
        if !usage.readings.contains(&id) {
            let message = format!("no rule stands under the reading `{}`", reading.name);
            found.push(
                Diagnostic::warning(codes::UNUSED_READING, message, reading.span, "not used")
                    .with_help(match reading.choices.first() {
                        Some(choice) => format!(
                            "Write `under {}.{}` in the rules that count under that reading only, or take the reading out.",
                            reading.name, choice.name
                        ),
                        None => "Take the reading out.".to_owned(),
                    }),
            );
        }
    }
    found
}

fn facts(hir: &Hir, usage: &Usage) -> Vec<Diagnostic> {
    let given: BTreeSet<FactId> = hir
        .scenarios
        .values()
        .flat_map(|scenario| scenario.given.iter().map(|given| given.fact))
        .collect();
    let unused = hir.facts.iter().filter(|(id, _)| !usage.facts.contains(id));
    let report = |(id, fact): (FactId, &exeat_hir::Fact)| {
        let message = if given.contains(&id) {
            format!("the fact `{}` is given in a scenario but read by no rule", fact.name)
        } else {
            format!("the fact `{}` is read by no rule", fact.name)
        };
        Diagnostic::warning(codes::UNUSED_FACT, message, fact.span, "read by no rule").with_help(
            "Read it in a condition, or take it out: a fact that nothing reads cannot matter.",
        )
    };
    unused.map(report).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::test_support::{World, literal, number, text_of};
    use crate::analysis::usage::ImportUse;
    use exeat_diagnostics::Span;
    use exeat_hir::{Given, Reading, Scenario, Ty};
    use exeat_model::Date;
    use std::sync::Arc;

    #[test]
    fn what_nothing_uses_is_named() {
        let mut world = World::new();
        let (given, used) = (world.fact("given", Ty::number()), world.fact("used", Ty::number()));
        world.fact("idle", Ty::number());
        world.define("x", literal(number("1")));
        world.table(&[], Vec::new());
        let span = world.place();
        world.usage.facts.insert(used);
        let import =
            |name: &str, used| ImportUse { module: world.module, name: name.into(), span, used };
        world.usage.imports = vec![import("trade", true), import("us", false)];
        world.hir.readings.push(Reading {
            accepted: Vec::new(),
            name: "enforcement".into(),
            module: world.module,
            title: None,
            choices: Vec::new(),
            default: None,
            doc: String::new(),
            span,
        });
        world.hir.scenarios.push(Scenario {
            title: "s".into(),
            module: world.module,
            as_of: Date::constant(2025, 5, 15),
            readings: std::collections::BTreeMap::new(),
            proposals: Vec::new(),
            given: vec![Arc::new(Given {
                fact: given,
                path: Vec::new(),
                value: literal(number("1")),
                span: Span::default(),
            })],
            expectations: Vec::new(),
            span,
        });
        assert_eq!(
            text_of(&find(&world.hir, &world.usage)),
            [
                "W0902 the fact `given` is given in a scenario but read by no rule",
                "W0902 the fact `idle` is read by no rule",
                "W0903 the define `x` is never used",
                "W0903 the table `t` is never looked up",
                "W0904 nothing of `us` is used here",
                "W0911 no rule stands under the reading `enforcement`",
            ]
        );
    }
}
