//! Questions and answers: outcome, reasons, other readings, JSON, scenarios.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

mod support;

use exeat_engine::{
    FactsInput, JurisdictionSummary, OverallEffect, PolicyText, Question, Session, SourceTexts,
    TestFilter, wire,
};
use exeat_eval::Scenarios;
use exeat_model::Effect;
use support::{read, session};

/// The question that a facts file asks.
fn ask(name: &str, text: &str) -> (Session, Question) {
    let (session, read, shown) = read(name, text);
    let document = read.document.unwrap_or_else(|| panic!("{shown}"));
    let question = Question {
        as_of: document.as_of.unwrap(),
        readings: document.readings,
        proposals: document.proposals,
        facts: document.values,
        only: document.decide,
    };
    (session, question)
}

const FACTS: &str = r#"
as_of = 2025-06-01
[facts]
action = "export"
sent = 2025-06-01
mass = "60 kg"
pieces = 2
secret = false
consignee = { country = "AT" }
others = [{ country = "PL" }]
"#;

#[test]
fn an_answer_says_why_and_what_was_looked_at() {
    let (session, question) = ask("a.toml", FACTS);
    let decided = session.decide(&question);
    assert_eq!(decided.overall, OverallEffect::Determined(Effect::AuthorisationNeeded));
    insta::assert_json_snapshot!(session.explain(&question, &decided, false));
}

#[test]
fn the_document_has_its_schema_and_every_part() {
    let (session, question) = ask("a.toml", FACTS);
    let decided = session.decide(&question);
    let alternatives = session.alternatives(&question, &decided);
    let document = session.decision_document(&question, &decided, &alternatives, true);
    let json: serde_json::Value = serde_json::from_str(&wire::to_json(&document)).unwrap();
    assert_eq!(json["schema"], "exeat.decision/1");
    assert_eq!(json["effect"], "authorisation_needed");
    insta::assert_json_snapshot!(json["other_readings"]);
    insta::assert_json_snapshot!(json["decisions"][0]["tree"][0]);
}

#[test]
fn missing_facts_leave_it_open_unless_they_cannot_matter() {
    let (session, question) = ask("a.toml", "as_of = 2025-06-01\n[facts]\naction = \"export\"\n");
    let decided = session.decide(&question);
    assert_eq!(decided.overall, OverallEffect::Undetermined);
    let reports = session.explain(&question, &decided, false);
    insta::assert_json_snapshot!(reports[0].missing);
    let (session, question) = ask(
        "a.toml",
        "as_of = 2025-06-01\ndecide = \"permit\"\n[facts]\naction = \"transfer\"\nmass = \"200 kg\"\npieces = 1\n",
    );
    let decided = session.decide(&question);
    assert_eq!(decided.traces.len(), 1);
    assert_eq!(decided.overall, OverallEffect::Determined(Effect::Free));
}

#[test]
fn all_readings_stand_side_by_side_and_the_same_answers_together() {
    let (session, question) = ask("a.toml", FACTS);
    let all = session.decide_all_readings(&question);
    assert!(!all.capped);
    assert_eq!(all.varied.len(), 1);
    assert_eq!(all.groups.len(), 2);
    let (session, question) = ask("a.toml", &FACTS.replace("60 kg", "2 t"));
    // Under both readings a permit is needed, but for another reason under each.
    let all = session.decide_all_readings(&question);
    let outcomes: Vec<String> = all
        .groups
        .iter()
        .map(|group| session.describe_determination(&group.decided.traces[0]))
        .collect();
    assert_eq!(outcomes, ["permit", "permit"]);
    let alternatives = session.alternatives(&question, &session.decide(&question));
    let other = session.other_reading(&alternatives[0]).unwrap();
    assert_eq!(other.changes[0].before, other.changes[0].after);
    assert_eq!(other.changes[0].reasons.len(), 1);
}

#[test]
fn facts_against_an_assumption_are_reported() {
    let (session, question) = ask("a.toml", &FACTS.replace("60 kg", "-1 kg"));
    let decided = session.decide(&question);
    assert_eq!(decided.violated_assumptions.len(), 1);
    let document = session.decision_document(&question, &decided, &[], false);
    assert_eq!(document.violated_assumptions[0].text, "mass >= 0 kg");
}

#[test]
fn scenarios_are_run_and_counted() {
    let (session, _) = session();
    let run = session.run_tests(&TestFilter::default());
    assert_eq!((run.scenarios.len(), run.failed()), (2, 1));
    insta::assert_json_snapshot!(session.test_document(&run));
    insta::assert_snapshot!(run.to_junit());
    let one = TestFilter { name: Some("SMALL".to_owned()), module: None };
    assert_eq!(session.run_tests(&one).scenarios.len(), 1);
    let none = TestFilter { name: None, module: Some("good".to_owned()) };
    assert_eq!(session.run_tests(&none).scenarios.len(), 0);
    let failed = run.scenarios.iter().find(|scenario| !scenario.passed).unwrap();
    let question = session.scenario_question(failed.id).unwrap();
    let report = Scenarios::new(session.hir(), session.functions()).run(failed.id).unwrap();
    let mut traces = session.decide(&question).traces;
    traces.retain(|trace| report.decisions.iter().any(|made| made.decision == trace.decision));
    assert!(!traces.is_empty());
    assert_eq!(traces, report.decisions);
}

/// Two small regimes. Whoever decides for both, the stricter counts.
const FAR: &str = r#"edition 2026
module far {
    title "The far side"
    cite  "Far Act"
}

scale outcome {
    free      "nothing is needed"    effect free
    licence   "a licence is needed"  effect authorisation_needed
    forbidden "forbidden"            effect prohibited
}

fact from_far : yes_no  ask "Is it sent from the far side?"
fact heavy : yes_no     ask "Is it heavy?"

decision leave : outcome {
    combine   strictest
    needed    when from_far
    otherwise free  cite "Far Act 1"
}

rule heavy_things {
    title "Heavy things"
    cite  "Far Act 2"
    when  heavy
    then  leave is LEAVE
}
"#;

const NEAR: &str = r#"edition 2026
module near.customs {
    title "Near"
    cite  "Near Act"
}

scale outcome {
    free    "nothing is needed"  effect free
    permit  "a permit is needed" effect authorisation_needed
}

fact liquid : yes_no  ask "Is it liquid?"

decision permit : outcome {
    combine   strictest
    otherwise free  cite "Near Act 1"
}

rule liquids {
    title "Liquids"
    cite  "Near Act 2"
    when  liquid
    then  permit is permit
}
"#;

/// Under both regimes: the concern and effect of each, and the summary.
fn both(strictest: &str, facts: &str) -> (Vec<String>, Option<String>) {
    let policies =
        [("far.exeat", FAR.replace("LEAVE", strictest)), ("near.exeat", NEAR.to_owned())]
            .map(|(name, text)| PolicyText { name: name.to_owned(), text: text.as_str().into() });
    let texts = SourceTexts { policies: policies.into(), ..SourceTexts::default() };
    let mut loaded = Session::from_texts(&texts, Vec::new());
    let session = loaded.session.unwrap();
    let text = format!("as_of = 2025-06-01\n[facts]\n{facts}");
    let input = FactsInput { name: "a.toml".to_owned(), text, format: None };
    let document = session.read_facts(&mut loaded.sources, &input).document.unwrap();
    let question = Question {
        as_of: document.as_of.unwrap(),
        readings: document.readings,
        proposals: document.proposals,
        facts: document.values,
        only: Vec::new(),
    };
    let decided = session.decide(&question);
    let word = |effect: OverallEffect| effect.name().unwrap_or("none");
    let line = |one: &JurisdictionSummary| {
        let missing: Vec<&str> = one.missing.iter().map(|fact| fact.path.as_str()).collect();
        format!("{} {:?} {} {missing:?}", one.regime, one.concern, word(one.effect))
    };
    let summary = decided.summary.as_ref().map(|summary| {
        let least = summary.at_least.map_or("-", Effect::name);
        format!("{}, at least {least}, open {:?}", word(summary.effect), summary.open)
    });
    (decided.jurisdictions.iter().map(line).collect(), summary)
}

#[test]
fn regimes_side_by_side_come_to_the_most_restrictive_and_hide_nothing() {
    let (parts, summary) = both("licence", "from_far = true\nheavy = true\nliquid = false\n");
    assert_eq!(parts, ["far Concerned authorisation_needed []", "near Concerned free []"]);
    assert_eq!(summary.unwrap(), "authorisation_needed, at least -, open []");
    // One alone needs no summary.
    let (parts, summary) = both("licence", "from_far = false\nheavy = true\nliquid = true\n");
    assert_eq!(parts, ["far NotConcerned free []", "near Concerned authorisation_needed []"]);
    assert_eq!(summary, None);
    // What is open and could be no stricter leaves the effect as it is, and is said all the same.
    let (parts, summary) = both("licence", "from_far = true\nliquid = true\n");
    assert_eq!(parts, ["far Concerned undetermined []", "near Concerned authorisation_needed []"]);
    assert_eq!(summary.unwrap(), "authorisation_needed, at least -, open [\"far\"]");
    // What could be stricter leaves it open.
    let (_, summary) = both("forbidden", "from_far = true\nliquid = true\n");
    assert_eq!(summary.unwrap(), "undetermined, at least authorisation_needed, open [\"far\"]");
    // What is forbidden is forbidden whatever is open.
    let (_, summary) = both("forbidden", "from_far = true\nheavy = true\n");
    assert_eq!(summary.unwrap(), "prohibited, at least -, open [\"near\"]");
}

#[test]
fn a_regime_that_may_be_concerned_asks_first_whether_it_is() {
    let (parts, summary) = both("licence", "liquid = false\n");
    assert_eq!(parts, ["far Open undetermined [\"from_far\"]", "near Concerned free []"]);
    assert_eq!(summary.unwrap(), "undetermined, at least free, open [\"far\"]");
    // Where nothing that it could say matters, it is not asked.
    let (parts, _) = both("licence", "heavy = false\nliquid = false\n");
    assert_eq!(parts[0], "far Open free [\"from_far\"]");
}

#[test]
fn names_are_found_by_their_end_or_with_a_hint() {
    let (session, _) = session();
    assert!(session.find_decision("goods.permit").is_ok());
    let fault = session.find_decision("permitt").unwrap_err();
    assert_eq!(fault.help, ["Did you mean `permit`?"]);
    assert!(session.find_reading_choice("goods.scope.narrow").is_ok());
    assert!(session.find_reading_choice("scope.narow").is_err());
    assert!(session.find_module("goods").is_ok());
}

#[test]
fn constants_are_no_conditions_that_scenarios_could_reach() {
    let rules = r#"edition 2026
module small { title "Small" cite "Act" }
fact strict : yes_no
decision permit : yes_no { combine unique otherwise no cite "Act 1" }
define wanted { title "Needed" cite "Act 2" as yes until 2026-01-15 as strict from 2026-01-15 }
rule one { title "One" cite "Act 3" when wanted then permit is yes }
scenario "before" { as of 2026-01-14 expect permit is yes }
scenario "after" { as of 2026-01-15 given strict = yes expect permit is yes }
scenario "not strict" { as of 2026-01-15 given strict = no expect permit is no }
"#;
    let loaded = support::load(rules);
    let run = loaded.session.unwrap().run_tests(&TestFilter::default());
    assert_eq!(run.failed(), 0);
    let conditions = run.coverage.conditions;
    assert_eq!((conditions.reached, conditions.total), (2, 2), "{:?}", run.coverage.uncovered);
}
