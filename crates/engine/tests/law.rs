//! The repository's own policies with the linked-in jurisdiction, through the public interface.

use exeat_diagnostics::render;
use exeat_engine::{
    FactsInput, LinkedJurisdiction, LoadOptions, Question, Session, Standing, TestFilter,
};

const B200: &str = r#"
as_of = 2025-05-15
[facts]
item = 'us.chip("B200")'
quantity = 1000
destination = "United Arab Emirates"
action = "export"
"#;

#[test]
fn the_policies_load_every_scenario_passes_and_a_chip_is_looked_up() {
    let mut loaded = Session::load(&LoadOptions {
        root: concat!(env!("CARGO_MANIFEST_DIR"), "/../..").into(),
        linked: vec![
            LinkedJurisdiction { name: "us", entry: exeat_jurisdiction_us::descriptor },
            LinkedJurisdiction { name: "eu", entry: exeat_jurisdiction_eu::descriptor },
        ],
        ..LoadOptions::default()
    });
    let problems = render::plain(&loaded.diagnostics, &loaded.sources);
    let session = loaded.session.unwrap_or_else(|| panic!("{problems}"));
    let run = session.run_tests(&TestFilter::default());
    let failed: Vec<_> = run.scenarios.iter().filter(|run| !run.passed).collect();
    assert!(failed.is_empty(), "{failed:#?}");

    let input = FactsInput { name: "b200.toml".to_owned(), text: B200.to_owned(), format: None };
    let read = session.read_facts(&mut loaded.sources, &input);
    let problems = render::plain(&read.diagnostics, &loaded.sources);
    let document = read.document.unwrap_or_else(|| panic!("{problems}"));
    let question = Question {
        as_of: document.as_of.unwrap(),
        readings: document.readings,
        proposals: document.proposals,
        facts: document.values,
        only: vec![session.find_decision("us.ear.license").unwrap()],
    };
    let decided = session.decide(&question);
    let reports = session.explain(&question, &decided, true);
    assert_eq!(reports.len(), 1);
    assert_eq!(reports[0].standing, Standing::Undetermined);
    let asked: Vec<&str> = reports[0].missing.iter().map(|fact| fact.path.as_str()).collect();
    assert!(asked.contains(&"consignee.headquarters") || asked.contains(&"item_kind"), "{asked:?}");
    // What the catalogue gives is enough for the figure by which the circuit is classified.
    let classification = session.find_decision("us.ear.classification.classification").unwrap();
    let question = Question { only: vec![classification], ..question };
    let decided = session.decide(&question);
    let reports = session.explain(&question, &decided, true);
    let tpp = reports[0].figures.iter().find(|figure| figure.name == "us.ear.classification.tpp");
    assert_eq!(tpp.and_then(|figure| figure.value.as_deref()), Some("36_000 TPP"));
}
