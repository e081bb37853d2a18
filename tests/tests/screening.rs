//! Screening gives what deciding gives: on the facts of every scenario of the policies the same outcomes,
//! reasons, duties and effects.

#![expect(clippy::disallowed_methods, reason = "the example orders are read from their file")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use exeat_diagnostics::SourceMap;
use exeat_engine::{FactsFormat, FactsInput, Question, Stance, Unanswered};
use exeat_hir::Determination;
use exeat_testing::{Random, repository};

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples")
}

#[test]
fn every_scenario_is_screened_as_it_is_decided() {
    let session = repository().unwrap();
    let mut screening = session.screening();
    let (mut settled, mut made) = (0_usize, 0_usize);
    // A part is enough: that both ways of deciding agree on all of them is another test.
    for (id, scenario) in session.hir().scenarios.iter().step_by(5) {
        let whole = session.scenario_question(id).unwrap();
        let one = scenario.expectations.iter().find_map(|expectation| expectation.decision);
        for question in [Question { only: one.into_iter().collect(), ..whole.clone() }, whole] {
            let decided = session.decide(&question);
            let screened = screening.decide(&question);
            assert_eq!(screened.overall, decided.overall, "{}", scenario.title);
            assert_eq!(screened.summary, decided.summary, "{}", scenario.title);
            assert_eq!(screened.violated_assumptions, decided.violated_assumptions);
            assert_eq!(screened.traces.len(), decided.traces.len());
            for (one, other) in screened.traces.iter().zip(&decided.traces) {
                assert_eq!(one.decision, other.decision);
                assert_eq!(one.determination, other.determination, "{}", scenario.title);
                assert_eq!(one.because, other.because, "{}", scenario.title);
                assert_eq!(one.otherwise, other.otherwise, "{}", scenario.title);
                assert_eq!(one.duties, other.duties, "{}", scenario.title);
                assert_eq!(one.effect, other.effect, "{}", scenario.title);
            }
            made += session.hir().decisions.len();
            settled += screened.settled;
        }
    }
    assert!(settled * 2 > made, "the lowered rules settled only {settled} of {made}");
}

/// Orders that mix what the example orders say, under several heads: what was known from orders before is
/// answered as if each were the first.
#[test]
fn a_stream_of_orders_is_answered_as_each_by_itself() {
    let session = repository().unwrap();
    let rules: &exeat_engine::Rulebook = &session;
    let examples = std::fs::read_to_string(examples().join("shipments.jsonl")).unwrap();
    let mut pieces: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in examples.lines() {
        let order: serde_json::Value = serde_json::from_str(line).unwrap();
        for (key, value) in order["facts"].as_object().unwrap() {
            pieces.entry(key.clone()).or_default().insert(value.to_string());
        }
    }
    // No assumption allows it.
    pieces.get_mut("quantity").unwrap().insert("0".to_owned());
    let heads = [
        r#""as_of": "2025-05-15", "decide": ["license"]"#,
        r#""as_of": "2024-06-01", "decide": "classification""#,
        r#""as_of": "2026-02-01", "readings": ["us.ear.ai_diffusion.enforcement.as_written"], "decide": ["license", "review"]"#,
        r#""as_of": "2026-02-01""#,
    ];
    let mut random = Random::new(3);
    let mut orders = rules.orders(None, Stance::default());
    let (mut known, mut open) = (0_usize, 0_usize);
    for number in 0..240 {
        let mut facts = Vec::new();
        for (key, values) in &pieces {
            let values: Vec<&String> = values.iter().collect();
            if !random.once_in(60) {
                facts.push(format!("\"{key}\": {}", random.one(&values)));
            }
        }
        let text = format!(
            "{{\"id\": \"{number}\", {}, \"facts\": {{{}}}}}",
            random.one(&heads),
            facts.join(", ")
        );
        let input = FactsInput {
            name: "order.json".to_owned(),
            text: text.clone(),
            format: Some(FactsFormat::Json),
        };
        let document = rules.read_facts(&mut SourceMap::new(), &input).document.unwrap();
        let question = document.question(None).unwrap();
        let decided = rules.decide(&question);
        let verdicts = orders.verdicts(&text);
        match &verdicts {
            Some(verdicts) => {
                known += 1;
                let outcomes: Vec<_> = verdicts.outcomes().collect();
                assert_eq!(outcomes.len(), decided.traces.len());
                for ((id, outcome), trace) in outcomes.iter().zip(&decided.traces) {
                    assert_eq!(*id, trace.decision);
                    match &trace.determination {
                        Determination::Value(value) => {
                            assert_eq!(outcome.as_ref(), Some(value), "{text}");
                        }
                        other => assert_eq!((outcome, other), (&None, &Determination::NotNeeded)),
                    }
                    assert_eq!(verdicts.because(*id).collect::<Vec<_>>(), trace.because);
                }
            }
            None => open += 1,
        }
        let order = orders.screen(&mut SourceMap::new(), &input).unwrap();
        assert_eq!(order.id, Some(number.to_string()));
        assert_eq!(order.as_of, question.as_of);
        let screened = order.screened;
        assert_eq!(screened.overall, decided.overall, "{text}");
        assert_eq!(screened.summary, decided.summary, "{text}");
        assert_eq!(screened.violated_assumptions, decided.violated_assumptions, "{text}");
        assert_eq!(screened.traces.len(), decided.traces.len());
        for (one, other) in screened.traces.iter().zip(&decided.traces) {
            assert_eq!(one.determination, other.determination, "{text}");
            assert_eq!((&one.because, &one.duties), (&other.because, &other.duties), "{text}");
        }
    }
    assert!(known > 60 && open > 30, "{known} were known, {open} were read");
}

/// What is new, wrong or said twice is read, and its problems are told.
#[test]
fn an_order_that_says_something_wrong_is_refused_after_any_number_of_sound_ones() {
    let session = repository().unwrap();
    let rules: &exeat_engine::Rulebook = &session;
    let mut orders = rules.orders(None, Stance::default());
    let mut ask = |text: &str| {
        let input = FactsInput {
            name: "order.json".to_owned(),
            text: text.to_owned(),
            format: Some(FactsFormat::Json),
        };
        match orders.screen(&mut SourceMap::new(), &input) {
            Ok(order) => format!("{} decisions", order.screened.traces.len()),
            Err(Unanswered::NoDay) => "no day".to_owned(),
            Err(Unanswered::Problems(problems)) => {
                problems.iter().map(|one| one.code.to_string()).collect::<Vec<_>>().join(", ")
            }
        }
    };
    let sound = r#"{"as_of": "2024-06-01", "decide": ["classification"], "facts": {"quantity": 1, "destination": "CN"}}"#;
    assert_eq!(ask(sound), "1 decisions");
    assert_eq!(ask(sound), "1 decisions");
    let twice = sound.replace(r#""destination": "CN""#, r#""quantity": 1"#);
    assert_eq!(ask(&twice), "E0701");
    assert_eq!(ask(&sound.replace("CN", "XX")), "E0206");
    assert_eq!(ask(&sound.replace("{\"as_of", "{\"id\": 5, \"as_of")), "E0703");
    assert_eq!(ask(&sound.replace(r#""as_of": "2024-06-01", "#, "")), "no day");
    assert_eq!(ask(&format!("{sound} more")), "E0701");
    assert_eq!(ask(sound), "1 decisions");
}
