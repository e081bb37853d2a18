//! Calendars: each source of change once, and the answer of every day against deciding that day.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

#[expect(dead_code, reason = "only the loading of rules is used here")]
mod support;

use std::fmt::Write as _;

use exeat_diagnostics::render;
use exeat_engine::{Calendar, CalendarQuestion, FactsInput, Question, Session};
use exeat_hir::{DecisionTrace, Determination};
use exeat_model::{Date, date_from_text};
use proptest::prelude::*;
use support::load;

const HEAD: &str = r#"edition 2026
module goods { title "Goods" }
scale outcome { free "nothing" notice "a notice" permit "a permit" }
fact destination : country
fact sent : date
fact quantity : number
fact places : list of country
reading view { title "Which view?" default wide "wide" narrow "narrow" }
decision permit : outcome { combine strictest otherwise free cite "Act 1" }
"#;

const FACTS: &str = "as_of = 2025-06-01\n[facts]\ndestination = \"AT\"\nsent = 2025-03-10\nquantity = 5\nplaces = [\"DE\", \"AT\"]\n";

fn day(text: &str) -> Date {
    date_from_text(text).unwrap()
}

/// The program of the common head and some more, and a question about 2025.
fn ask(more: &str, facts: &str) -> (Session, CalendarQuestion) {
    let loaded = load(&format!("{HEAD}{more}"));
    let problems = render::plain(&loaded.diagnostics, &loaded.sources);
    let session = loaded.session.unwrap_or_else(|| panic!("{problems}"));
    let mut sources = loaded.sources;
    let input = FactsInput { name: "a.toml".to_owned(), text: facts.to_owned(), format: None };
    let read = session.read_facts(&mut sources, &input);
    let shown = render::plain(&read.diagnostics, &sources);
    let document = read.document.unwrap_or_else(|| panic!("{shown}"));
    let question = CalendarQuestion {
        from: Some(day("2025-01-01")),
        through: Some(day("2025-12-31")),
        as_of: document.as_of,
        readings: document.readings,
        proposals: document.proposals,
        facts: document.values,
        only: document.decide,
    };
    (session, question)
}

/// What counts of an answer, in words: outcome, rules, missing facts.
fn words(session: &Session, trace: &DecisionTrace, on: Date) -> String {
    let mut text = session.describe_with_possible(trace);
    for rule in &trace.because {
        let _ = write!(text, " {}", session.hir().rules.get(*rule).unwrap().name);
    }
    if let Determination::Undetermined(why) = &trace.determination {
        let mut missing: Vec<&str> = why.missing.iter().map(|fact| fact.path.as_str()).collect();
        missing.sort_unstable();
        let errors = why.errors.join(" ").replace(&format!("on {on}"), "on that day");
        let gaps: Vec<_> = why.not_modelled.iter().map(|gap| (gap.item, gap.touched)).collect();
        let _ = write!(text, " ? {missing:?} {errors} {gaps:?} {:?}", why.conflict);
    }
    format!("{text} {}", trace.otherwise)
}

/// Every day of the calendar against the answer of that day; the days between must not be skipped.
fn agrees_with_every_day(session: &Session, question: &CalendarQuestion, calendar: &Calendar) {
    for decision in &calendar.decisions {
        let mut next = Some(calendar.from);
        for pair in decision.stretches.windows(2) {
            let said = |at: usize| words(session, &pair[at].trace, pair[at].from);
            assert_ne!(said(0), said(1), "two stretches with one answer");
        }
        for stretch in &decision.stretches {
            assert_eq!(Some(stretch.from), next);
            let mut on = stretch.from;
            loop {
                let asked = Question {
                    as_of: on,
                    readings: question.readings.clone(),
                    proposals: question.proposals.clone(),
                    facts: question.facts.clone(),
                    only: vec![decision.decision],
                };
                let decided = session.decide(&asked);
                let expected = words(session, &decided.traces[0], on);
                assert_eq!(words(session, &stretch.trace, stretch.from), expected, "on {on}");
                next = on.tomorrow().ok();
                if on >= stretch.through {
                    break;
                }
                on = next.unwrap();
            }
        }
        assert_eq!(next, calendar.through.tomorrow().ok());
    }
}

/// The calendar of 2025, proved against every day, in short: a line a stretch and a line a cause.
fn shown(more: &str, facts: &str) -> String {
    let (session, question) = ask(more, facts);
    let calendar = session.calendar(&question).unwrap();
    agrees_with_every_day(&session, &question, &calendar);
    let document = session.calendar_document(&question, &calendar);
    let mut text = String::new();
    for decision in &document.decisions {
        for stretch in &decision.stretches {
            let again = stretch.change.as_ref().is_some_and(|change| change.same_outcome);
            let _ = write!(text, "{} … {} {}", stretch.from, stretch.through, stretch.outcome);
            text += if again { ", by other rules\n" } else { "\n" };
            for cause in stretch.change.iter().flat_map(|change| &change.causes) {
                let name = cause.item.rule.trim_start_matches("goods.");
                let _ = writeln!(text, "  {} {name} {}", cause.of, cause.kind);
                for one in &cause.through {
                    let member = one.member.as_deref().unwrap_or("-");
                    let _ =
                        writeln!(text, "    {} {} {member} {:?}", one.kind, one.name, one.cites);
                }
            }
        }
    }
    for condition in &document.tried_each_day {
        let _ = writeln!(text, "tried each day: {condition}");
    }
    for condition in &document.decided_each_day {
        let _ = writeln!(text, "decided each day: {condition}");
    }
    text
}

fn rule(name: &str, clauses: &str) -> String {
    format!("rule {name} {{ cite \"Act 2\" {clauses} }}\n")
}

#[test]
fn a_rule_begins_is_suspended_revives_and_ends() {
    let one = rule(
        "one",
        "from 2025-02-01 until 2025-11-01 suspended from 2025-04-01 until 2025-05-01 then permit is permit",
    );
    insta::assert_snapshot!(shown(&one, FACTS));
}

#[test]
fn an_exception_that_begins_and_other_rules_for_the_same_outcome() {
    let rules = rule("one", "then permit is permit")
        + "exception two to one { cite \"Act 3\" from 2025-03-01 until 2025-04-01 when quantity <= 5 then permit is notice }\n"
        + &rule("three", "from 2025-06-01 then permit is permit")
        + &rule("other_view", "under view.narrow from 2025-07-01 then permit is permit");
    insta::assert_snapshot!(shown(&rules, FACTS));
}

#[test]
fn members_of_groups_at_any_depth() {
    let rules = "group inner : country { cite \"List\" AT from 2025-02-01 until 2025-05-01 cite \"Notice 5\", FR from 2025-02-01 }\n\
        group outer : country { cite \"List 2\" inner until 2025-04-01, CH from 2025-08-01 }\n"
        .to_owned()
        + &rule("one", "when destination in outer then permit is permit")
        + &rule("two", "when any place in places where place in inner then permit is notice");
    insta::assert_snapshot!(shown(&rules, FACTS));
}

#[test]
fn pieces_of_defines_and_rows_of_tables() {
    let rules = "define limit { cite \"Act 4\" as 3 until 2025-03-01 as 7 from 2025-03-01 until 2025-09-01 as 4 from 2025-09-01 cite \"Act 4a\" }\n\
        table most(place: country) : number { cite \"Annex\" row AT => 9 until 2025-06-01 cite \"Annex, row 1\" row AT => 1 from 2025-06-01 cite \"Annex, row 2\" otherwise 0 }\n"
        .to_owned()
        + &rule("one", "when quantity > limit then permit is permit")
        + &rule("two", "when quantity > most(destination) then permit is notice");
    insta::assert_snapshot!(shown(&rules, FACTS));
}

#[test]
fn a_define_that_has_no_value_for_some_days_is_the_same_fault_on_all_of_them() {
    let rules = "define limit { cite \"Act 4\" as 3 from 2025-03-01 until 2025-09-01 }\n"
        .to_owned()
        + &rule("one", "when quantity > limit then permit is permit");
    insta::assert_snapshot!(shown(&rules, FACTS));
}

#[test]
fn entries_of_a_code_list() {
    let rules = "codes tariff { 8A542 \"chips\" 8A542.a meets 9A001 from 2025-05-01 until 2025-08-01, 9A001 }\n\
        fact code : tariff\n"
        .to_owned()
        + &rule("one", "when code meets { 9A001 } then permit is permit");
    insta::assert_snapshot!(shown(&rules, &format!("{FACTS}code = \"8A542\"\n")));
}

#[test]
fn what_is_not_modelled_begins_and_ends() {
    let rules = rule("one", "when quantity > 3 then permit is permit")
        + "not modelled later { title \"Later law\" cite \"Act 9\" from 2025-10-01 when destination is AT affects permit }\n";
    insta::assert_snapshot!(shown(&rules, FACTS));
}

#[test]
fn a_comparison_of_the_date_turns_where_it_is_computed() {
    let rules = rule("one", "when as_of_date >= sent + 25 days then permit is permit")
        + &rule("two", "when as_of_date - sent > 100 days then permit is notice")
        + &rule("three", "when as_of_date + 30 days <= sent then permit is notice")
        + &rule("four", "when 2025-11-01 <= as_of_date < 2025-11-03 then permit is notice")
        + "exception five to one { cite \"Act 3\" when as_of_date is 2025-07-04 }\n";
    let text = shown(&rules, FACTS);
    assert!(!text.contains("each day"), "{text}");
    insta::assert_snapshot!(text);
}

#[test]
fn the_year_the_quarter_and_the_month_turn_with_months() {
    let rules = rule("one", "when quarter of as_of_date is 2 then permit is permit")
        + &rule("two", "when year of as_of_date >= 2026 then permit is permit")
        + &rule("three", "when month of as_of_date >= 11 then permit is notice");
    let text = shown(&rules, FACTS);
    assert!(!text.contains("each day"), "{text}");
    insta::assert_snapshot!(text);
}

#[test]
fn what_is_not_computed_is_tried_on_each_day() {
    let rules = rule("one", "when day of as_of_date is 31 then permit is permit")
        + "define late(since: date) : yes_no as as_of_date > since + 1 month rounding down\n"
        + &rule("two", "when late(sent) then permit is notice");
    insta::assert_snapshot!(shown(&rules, FACTS));
}

#[test]
fn a_value_may_be_another_one_each_day_and_a_decision_may_be_read() {
    let rules = "decision answer_by : date { combine unique otherwise 2025-01-01 cite \"Act 7\" }\n\
        decision follow : outcome { combine strictest otherwise free cite \"Act 8\" needed when permit is permit }\n"
        .to_owned()
        + &rule("one", "from 2025-12-20 then answer_by is as_of_date + 3 days")
        + &rule("two", "from 2025-12-29 then permit is permit")
        + &rule("three", "when answer_by - as_of_date > 2 days then follow is notice");
    insta::assert_snapshot!(shown(&rules, FACTS));
}

#[test]
fn missing_facts_stay_missing_until_they_do_not_matter() {
    let rules = rule("one", "until 2025-05-01 when as_of_date >= sent then permit is permit")
        + &rule("two", "from 2025-03-01 then permit is permit");
    let facts = "as_of = 2025-06-01\n[facts]\ndestination = \"AT\"\n";
    insta::assert_snapshot!(shown(&rules, facts));
}

#[test]
fn without_a_range_it_goes_from_before_the_first_change_through_the_last() {
    let rules = rule("one", "from 2025-02-01 when as_of_date >= sent then permit is permit");
    let (session, mut question) = ask(&rules, FACTS);
    (question.from, question.through) = (None, None);
    let calendar = session.calendar(&question).unwrap();
    assert_eq!((calendar.from, calendar.through), (day("2025-01-31"), day("2025-03-11")));
    assert!(calendar.steady_before && calendar.steady_after);
    question.through = Some(day("2025-02-10"));
    let calendar = session.calendar(&question).unwrap();
    assert_eq!((calendar.from, calendar.through), (day("2025-01-31"), day("2025-02-10")));
    assert!(!calendar.steady_after);
    (question.from, question.through) = (Some(day("2026-01-01")), None);
    let calendar = session.calendar(&question).unwrap();
    assert_eq!((calendar.from, calendar.through), (day("2026-01-01"), day("2026-01-01")));
    // A rule of another reading has force on no day, so its dates are none of the calendar's.
    let (session, mut question) =
        ask(&rule("one", "under view.narrow from 2030-01-01 then permit is permit"), FACTS);
    (question.from, question.through) = (None, None);
    let calendar = session.calendar(&question).unwrap();
    assert_eq!((calendar.from, calendar.through), (day("2025-06-01"), day("2025-06-01")));
    question.as_of = None;
    assert_eq!(session.calendar(&question).unwrap_err().code.0, "E0708");
}

#[test]
fn ranges_that_are_empty_or_too_long_are_refused() {
    let (session, mut question) =
        ask(&rule("one", "when day of as_of_date is 31 then permit is permit"), FACTS);
    question.through = Some(day("2024-12-31"));
    assert_eq!(session.calendar(&question).unwrap_err().code.0, "E0708");
    question.through = Some(day("2325-01-01"));
    assert_eq!(session.calendar(&question).unwrap_err().code.0, "E0708");
    // Nothing has to be tried on each day here.
    let (session, mut question) =
        ask(&rule("one", "when year of as_of_date is 3000 then permit is permit"), FACTS);
    question.through = Some(day("9999-12-31"));
    assert_eq!(session.calendar(&question).unwrap().decisions[0].stretches.len(), 3);
}

/// Something with a date: two days of 2025, in order.
fn interval() -> impl Strategy<Value = String> {
    (1_i16..330, 1_i16..60, 0..3_u8).prop_map(|(first, more, kind)| {
        let on = |after: i16| {
            exeat_model::shift_days(day("2025-01-01"), i64::from(after)).unwrap().to_string()
        };
        match kind {
            0 => format!("from {}", on(first)),
            1 => format!("until {}", on(first)),
            _ => format!("from {} until {}", on(first), on(first + more)),
        }
    })
}

fn condition() -> impl Strategy<Value = String> {
    let shift = -40_i16..60;
    prop_oneof![
        Just("destination in club".to_owned()),
        Just("destination not in circle".to_owned()),
        Just("quantity > limit".to_owned()),
        Just("quantity > most(destination)".to_owned()),
        Just("(any place in places where (place in club))".to_owned()),
        (shift.clone(), prop_oneof![Just(">="), Just("<"), Just("is"), Just("is not")])
            .prop_map(|(days, sign)| format!("as_of_date {sign} sent + {days} days")),
        (0_i16..50, prop_oneof![Just(">"), Just("<=")])
            .prop_map(|(days, sign)| format!("as_of_date - sent {sign} {days} days")),
        (0_i16..50).prop_map(|days| format!("sent <= as_of_date - {days} days")),
        (1_u8..5).prop_map(|quarter| format!("quarter of as_of_date is {quarter}")),
        (1_u8..32).prop_map(|on| format!("day of as_of_date is {on}")),
        (0_i16..90).prop_map(|days| format!("late({days} days)")),
        Just("missing_one > 3".to_owned()),
    ]
}

fn one_rule(decision: &'static str) -> impl Strategy<Value = String> {
    let conditions = prop::collection::vec(condition(), 0..3);
    let outcome = prop_oneof![Just("notice"), Just("permit")];
    (prop::option::of(interval()), conditions, any::<bool>(), outcome).prop_map(
        move |(interval, conditions, either, outcome)| {
            let mut text = format!("cite \"Act\" {} ", interval.unwrap_or_default());
            if !conditions.is_empty() {
                let word = if either { " or " } else { " and " };
                let _ = write!(text, "when {} ", conditions.join(word));
            }
            text + &format!("then {decision} is {outcome}")
        },
    )
}

fn program() -> impl Strategy<Value = String> {
    let rules = prop::collection::vec(one_rule("permit"), 1..4);
    let following = prop::collection::vec(one_rule("follow"), 0..2);
    let exceptions =
        prop::collection::vec((prop::option::of(interval()), condition(), 0..3_usize), 0..3);
    let members = prop::collection::vec(interval(), 4);
    let gap = (interval(), condition());
    (rules, following, exceptions, members, gap, 1_i64..300).prop_map(
        |(rules, following, exceptions, members, gap, turn)| {
            let turn = exeat_model::shift_days(day("2025-01-01"), turn).unwrap();
            let mut text = format!(
                "fact missing_one : number\n\
                decision follow : outcome {{ combine strictest otherwise free cite \"Act\" needed when permit is permit }}\n\
                group club : country {{ cite \"List\" AT {}, DE {}, circle {} }}\n\
                group circle : country {{ cite \"List\" AT {} }}\n\
                define limit {{ cite \"Act\" as 4 until {turn} as 6 from {turn} }}\n\
                define late(some: days) : yes_no as as_of_date > sent + some + 1 month rounding down\n\
                table most(place: country) : number {{ cite \"Annex\" row AT => 4 until {turn} otherwise 6 }}\n",
                members[0], members[1], members[2], members[3]
            );
            let count = rules.len();
            for (at, one) in rules.into_iter().chain(following).enumerate() {
                let _ = writeln!(text, "rule rule_{at} {{ {one} }}");
            }
            for (at, (interval, condition, target)) in exceptions.into_iter().enumerate() {
                let interval = interval.unwrap_or_default();
                let _ = writeln!(text,
                    "exception exception_{at} to rule_{} {{ cite \"Act\" {interval} when {condition} }}",
                    target % count
                );
            }
            let (interval, condition) = gap;
            text + &format!(
                "not modelled gap {{ cite \"Act\" {interval} when {condition} affects permit }}\n"
            )
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_day_of_any_calendar_is_as_if_decided(more in program()) {
        let (session, question) = ask(&more, FACTS);
        let calendar = session.calendar(&question).unwrap();
        agrees_with_every_day(&session, &question, &calendar);
    }
}
