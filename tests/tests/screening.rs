//! Screening gives what deciding gives: on the facts of every scenario of the policies the same outcomes,
//! reasons, duties and effects.

use exeat_engine::Question;
use exeat_testing::repository;

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
