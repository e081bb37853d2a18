//! Findings that the rules accept: with a reason, a citation and perhaps an end.

use std::collections::BTreeSet;

use exeat_diagnostics::{Code, codes};
use exeat_hir::{Acceptance, Hir};
use exeat_model::Interval;

use super::{Analysis, Finding, FindingKind, Options, Subject};

/// Marks what is accepted, and adds acceptances of what is not there or whose time is over.
pub(super) fn accept(hir: &Hir, options: &Options, analysis: &mut Analysis) {
    let mut used = BTreeSet::new();
    let mut accept = |subject: &Subject, codes: &[Code], accepted: &mut Option<String>| {
        for acceptance in acceptances(hir, subject) {
            let counts = options.today.is_none_or(|today| acceptance.interval.contains(today));
            if counts && codes.iter().any(|code| code.0 == acceptance.code) {
                used.insert(acceptance.span);
                accepted.get_or_insert_with(|| acceptance.because.clone());
            }
        }
    };
    for finding in &mut analysis.findings {
        accept(&finding.subject, &[finding.kind.code()], &mut finding.accepted);
    }
    // A question that was not decided may still be what is accepted.
    for undecided in &mut analysis.undecided {
        let known = [undecided.kind.code(), codes::NOT_DECIDED];
        accept(&undecided.subject, &known, &mut undecided.accepted);
    }
    // On some days alone, what is not found may be there on others.
    let whole = options.over == Interval::ALWAYS;
    for acceptance in all(hir).filter(|_| whole) {
        if !used.contains(&acceptance.span) {
            analysis.findings.push(Finding {
                kind: FindingKind::StaleAcceptance,
                subject: Subject::Acceptance(acceptance.span, acceptance.code.to_string()),
                decision: None,
                region: Vec::new(),
                days: Vec::new(),
                example: None,
                accepted: None,
            });
        }
    }
}

/// The acceptances that stand at what a finding is about.
fn acceptances<'h>(hir: &'h Hir, subject: &Subject) -> impl Iterator<Item = &'h Acceptance> {
    let found: Vec<&Acceptance> = match subject {
        Subject::Rules(rules) => {
            let rules = rules.iter().filter_map(|id| hir.rules.get(*id));
            rules.flat_map(|rule| &rule.accepted).collect()
        }
        Subject::NotModelled(id) => {
            hir.not_modelled.get(*id).into_iter().flat_map(|one| &one.accepted).collect()
        }
        Subject::Fact(id, _) => {
            hir.facts.get(*id).into_iter().flat_map(|one| &one.accepted).collect()
        }
        Subject::Reading(id) => {
            hir.readings.get(*id).into_iter().flat_map(|one| &one.accepted).collect()
        }
        Subject::Assertion(id) => {
            hir.assertions.get(*id).into_iter().flat_map(|one| &one.accepted).collect()
        }
        Subject::Acceptance(..) => Vec::new(),
    };
    found.into_iter()
}

fn all(hir: &Hir) -> impl Iterator<Item = &Acceptance> {
    let rules = hir.rules.values().flat_map(|one| &one.accepted);
    let gaps = hir.not_modelled.values().flat_map(|one| &one.accepted);
    let facts = hir.facts.values().flat_map(|one| &one.accepted);
    let readings = hir.readings.values().flat_map(|one| &one.accepted);
    let assertions = hir.assertions.values().flat_map(|one| &one.accepted);
    rules.chain(gaps).chain(facts).chain(readings).chain(assertions)
}
