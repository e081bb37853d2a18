//! What the tests of the engine share: a small project in memory.

use std::collections::BTreeMap;

use exeat_diagnostics::render;
use exeat_engine::{FactsInput, FactsRead, Loaded, PolicyText, Session, SourceTexts};

/// Rules with a bit of everything that facts can be.
pub(crate) const RULES: &str = r#"edition 2026

module goods {
    title "Goods"
    cite  "Act"
}

enum action { export "out" transfer "within" }

scale outcome {
    free      "nothing is needed"   effect free
    notice    "a notice is needed"  effect free_with_conditions
    permit    "a permit is needed"  effect authorisation_needed
}

unit kg "kilogram"
unit t "tonne" = 1000 kg

record party {
    name    : text
    country : country  ask "Where is it?"
    known   : yes_no   ask "Is it known?"
}

fact action : action        ask "What is done?"
fact destination : country  ask "Where to?"
fact mass : kg              ask "How heavy?"
fact pieces : number        ask "How many?"
fact sent : date            ask "When?"
fact secret : yes_no        ask "Is it secret?"
fact consignee : party
fact others : list of party

reading scope {
    default wide "all exports"
    narrow       "heavy exports only"
}

define total : kg as mass * pieces

decision permit : outcome {
    combine   strictest
    otherwise free  cite "Act 1"
}

decision followup : outcome {
    combine   strictest
    needed when permit is permit
    otherwise free  cite "Act 9"
}

rule exports {
    title "An export needs a permit"
    cite  "Act 2"
    under scope.wide
    when  action is export
    and   sent >= 2025-01-01   // since the reform
    then  permit is permit
}

rule heavy_exports {
    title "A heavy export needs a permit"
    cite  "Act 2a"
    when  action is export
    and   total > 1 t
    then  permit is permit
}

exception small to exports {
    title "Small shipments"
    cite  "Act 3"
    when  total <= 100 kg
    and   not secret
    and   every party in [consignee, each of others] where party.country in { AT, CH }
    then  permit is notice
    duty  "tell the office" within 30 days of "the export"  cite "Act 3(2)"
}

assume mass >= 0 kg because "nothing weighs less than nothing"

scenario "small" {
    as of 2025-06-01
    given action    = export
          sent      = 2025-06-01
          mass      = 10 kg
          pieces    = 10
          secret    = no
          consignee = { country = AT }
          others    = []
    expect permit is notice because small
}

scenario "too <heavy> & \"secret\"" {
    as of 2025-06-01
    given action = export
          sent   = 2025-06-01
          mass   = 11 kg
          pieces = 10
    expect permit is notice
}
"#;

/// A program of one file.
pub(crate) fn load(rules: &str) -> Loaded {
    let policies = vec![PolicyText { name: "goods.exeat".to_owned(), text: rules.into() }];
    Session::from_texts(&SourceTexts { policies, tables: BTreeMap::new() }, Vec::new())
}

/// The program of [`RULES`].
pub(crate) fn session() -> (Session, exeat_diagnostics::SourceMap) {
    let loaded = load(RULES);
    let problems = render::plain(&loaded.diagnostics, &loaded.sources);
    (loaded.session.unwrap_or_else(|| panic!("{problems}")), loaded.sources)
}

/// What came of reading facts, and the problems as they are shown.
pub(crate) fn read(name: &str, text: &str) -> (Session, FactsRead, String) {
    let (session, mut sources) = session();
    let input = FactsInput { name: name.to_owned(), text: text.to_owned(), format: None };
    let read = session.read_facts(&mut sources, &input);
    let shown = render::plain(&read.diagnostics, &sources);
    (session, read, shown)
}
