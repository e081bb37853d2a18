//! The law as acceptance tests: the policies check without a problem, every scenario in them passes, and
//! together they reach every rule, exception and condition both ways.

use exeat_engine::TestFilter;
use exeat_testing::repository;

#[test]
fn the_policies_check_and_every_scenario_passes() {
    let session = repository().unwrap();
    let run = session.run_tests(&TestFilter::default());
    assert!(run.scenarios.len() >= 700, "only {} scenarios were found", run.scenarios.len());
    let failures = run.scenarios.iter().filter(|scenario| !scenario.passed);
    let failures: Vec<String> =
        failures.map(|scenario| format!("{}: {:?}", scenario.title, scenario.failures)).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert_eq!(run.coverage.uncovered, []);
}
