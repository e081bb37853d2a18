//! What two versions of rules say differently as SARIF, for services that show findings beside the lines.

use exeat_analyze::{Change, Differences, Direction};
use exeat_diagnostics::Span;
use exeat_diagnostics::render::{SarifKind, SarifResult, sarif_results};

use super::{ChangeLine, DifferenceDocument};
use crate::Rulebook;

const LOOSENED: SarifKind = SarifKind {
    id: "loosened",
    description: "Less is required of these transactions than before.",
    level: "warning",
};
const TIGHTENED: SarifKind = SarifKind {
    id: "tightened",
    description: "More is required of these transactions than before.",
    level: "warning",
};
const NEWLY_UNDETERMINED: SarifKind = SarifKind {
    id: "newly-undetermined",
    description: "The rules determined the answer for these transactions, and do not any more.",
    level: "warning",
};
const NEWLY_DETERMINED: SarifKind = SarifKind {
    id: "newly-determined",
    description: "The rules determine the answer for these transactions, and did not before.",
    level: "note",
};
const DIFFERENT: SarifKind = SarifKind {
    id: "different",
    description: "The answer for these transactions is another one, neither more nor less strict.",
    level: "warning",
};
const NOT_DECIDED: SarifKind = SarifKind {
    id: "not-decided",
    description: "Whether this changes was not decided within the limits of the comparison.",
    level: "warning",
};

const KINDS: [SarifKind; 6] =
    [LOOSENED, TIGHTENED, NEWLY_UNDETERMINED, NEWLY_DETERMINED, DIFFERENT, NOT_DECIDED];

impl Rulebook {
    /// Differences as a SARIF 2.1.0 log; these are the new rules. A class of transactions is shown at the new
    /// rule that determines its example, or at the decision if none does.
    pub fn difference_sarif(&self, found: &Differences, document: &DifferenceDocument) -> String {
        let changes = found.changes.iter().zip(&document.changes).map(|(change, line)| {
            let kind = match change.direction {
                Direction::Loosened => LOOSENED,
                Direction::Tightened => TIGHTENED,
                Direction::NewlyUndetermined => NEWLY_UNDETERMINED,
                Direction::NewlyDetermined => NEWLY_DETERMINED,
                Direction::Different => DIFFERENT,
            };
            SarifResult { kind, message: in_words(line), span: self.span_of_change(change) }
        });
        let undecided = document.undecided.iter().map(|one| {
            let message = format!("{}.", one.in_words());
            SarifResult { kind: NOT_DECIDED, message, span: self.decision_named(&one.decision) }
        });
        let results: Vec<SarifResult> = changes.chain(undecided).collect();
        sarif_results(&KINDS, &results, self.sources())
    }

    fn span_of_change(&self, change: &Change) -> Option<Span> {
        let rule = change.example.after.because.first().and_then(|id| self.hir().rules.get(*id));
        let decision = || self.hir().decisions.get(change.ids.1).map(|decision| decision.span);
        rule.map(|rule| rule.span).or_else(decision)
    }

    fn decision_named(&self, name: &str) -> Option<Span> {
        let hir = self.hir();
        hir.decisions
            .values()
            .find(|decision| hir.full_name(decision.module, &decision.name) == name)
            .map(|decision| decision.span)
    }
}

fn in_words(change: &ChangeLine) -> String {
    let title = change.title.as_ref().unwrap_or(&change.decision);
    let mut lines = vec![format!("{title}: {} -> {}", change.before, change.after)];
    lines.push(format!("Days: {}", change.days.join(", ")));
    for region in &change.regions {
        let words =
            if region.is_empty() { "all transactions".to_owned() } else { region.join(" and ") };
        lines.push(format!("Where {words}"));
    }
    if change.more {
        lines.push("And others".to_owned());
    }
    let example = &change.example;
    lines.push(format!("Example: {}", example.in_words()));
    for (word, rules) in [("Before", &example.before), ("After", &example.after)] {
        if rules.is_empty() {
            lines.push(format!("{word}: no rule applies"));
        }
        lines.extend(rules.iter().map(|rule| format!("{word}: {}", rule.in_words())));
    }
    lines.join("\n")
}
