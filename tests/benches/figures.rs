//! The figures that the project promises, as a table: `cargo bench -p exeat-tests --bench figures`.
//!
//! Each figure is the best of several batches, so that other work on the machine is not measured. What it
//! takes to be sure of a small difference the criterion benches tell (`--bench yardstick`).

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark may fail loudly")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

mod workloads;

use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use exeat_diagnostics::SourceMap;
use exeat_engine::{FactsFormat, FactsInput};
use exeat_hir::{FactId, Facts, NoFunctions};
use exeat_model::Value;
use exeat_program::{Encoded, EncodedFact, FastScratch, Program, Request};
use exeat_testing::yardstick::{Groups, LADDER, transactions, verdict};
use exeat_testing::{Random, checked, repository, repository_with};

use workloads::{Plain, cases, generated, generated_facts, run_cases};

/// An order with 23 facts.
const ORDER: &str = r#"{
    "as_of": "2025-05-15",
    "facts": {
        "exporting_country": "US",
        "item_kind": "integrated_circuit",
        "item": "us.chip(\"B200\")",
        "quantity": 1000,
        "destination": "AE",
        "action": "export",
        "end_use": "data_center",
        "designer_status": "approved",
        "exporter_is_fabricator": false,
        "base_entry": "none",
        "validated_end_user": false,
        "other_requirement": false,
        "item_origin": "united_states_origin",
        "other_exception_claimed": false,
        "consignee_certified": true,
        "tpp_received_this_year": "0 TPP",
        "country_allocation_used": "0 TPP",
        "other_parties": [],
        "screened_parties": [],
        "known_end_uses": [],
        "known_red_flags": [],
        "consignee": { "country": "AE", "headquarters": "AE", "parent_headquarters": "AE" },
        "end_user": { "country": "AE", "headquarters": "AE", "parent_headquarters": "AE" }
    }
}"#;

/// The shortest time of some batches of work.
fn best(batches: usize, mut work: impl FnMut()) -> Duration {
    let one = |work: &mut dyn FnMut()| {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    (0..batches).map(|_| one(&mut work)).min().unwrap()
}

/// The shortest time of some batches of work on what is made beforehand.
fn best_of<T, R>(batches: usize, mut make: impl FnMut() -> T, work: impl Fn(T) -> R) -> Duration {
    let one = |made: T| {
        let start = Instant::now();
        let done = black_box(work(made));
        let time = start.elapsed();
        drop(done);
        time
    };
    (0..batches).map(|_| one(make())).min().unwrap()
}

#[expect(clippy::cast_precision_loss, reason = "a figure for people")]
fn each(time: Duration, count: usize) -> String {
    let nanoseconds = time.as_nanos() as f64 / count as f64;
    match nanoseconds {
        small if small < 10_000.0 => format!("{small:.1} ns"),
        middle if middle < 10_000_000.0 => format!("{:.1} µs", middle / 1_000.0),
        large => format!("{:.0} ms", large / 1_000_000.0),
    }
}

fn row(what: &str, figure: &str, goal: &str) {
    println!("| {what:<68} | {figure:>12} | {goal:<18} |");
}

fn ladder() {
    let program = Program::new(checked(LADDER).unwrap());
    let stream = transactions(100_000);
    let facts: Vec<Facts> = stream.iter().map(|one| one.facts(program.hir())).collect();
    let records: Vec<Encoded> = facts.iter().map(|facts| program.encode(facts)).collect();
    let plain = Plain::default();
    let request = plain.request();
    let groups = Groups::default();
    let time = best(60, || {
        let stream = stream.iter();
        black_box(stream.map(|one| u64::from(verdict(&groups, black_box(one)))).sum::<u64>());
    });
    row("20 rules: written by hand over encoded fields", &each(time, stream.len()), "");
    let mut scratch = FastScratch::default();
    let rows = program.encode_rows(&facts);
    let time = best(60, || {
        for at in 0..black_box(&rows).len() {
            assert!(program.run_fast_row(&request, &rows, at, &mut scratch).unwrap());
        }
    });
    row("20 rules: a decision over an encoded record", &each(time, rows.len()), "<= 100 ns");
    let time = best(60, || {
        for record in &records {
            assert!(program.run_fast(&request, black_box(record), &mut scratch).unwrap());
        }
    });
    row("20 rules: the same, each record for itself in memory", &each(time, records.len()), "");
    let time = best(5, || {
        for facts in &facts {
            black_box(program.encode(black_box(facts)));
        }
    });
    row("20 rules: facts to an encoded record", &each(time, records.len()), "");
}

fn policies() {
    let session = repository().unwrap();
    let program = Program::new(session.hir().clone());
    let cases = cases(&session, &program);
    let mut scratch = FastScratch::default();
    let (settled, all) = run_cases(&session, &program, &cases, &mut scratch);
    let time = best(40, || {
        black_box(run_cases(&session, &program, &cases, &mut scratch));
    });
    let what = format!("policies: a scenario, {settled} of {all} decisions settled");
    row(&what, &each(time, cases.len()), "");
    row("policies: a settled decision", &each(time, settled), "<= 1 µs");
}

fn json() {
    let session = repository().unwrap();
    let rules: &exeat_engine::Rulebook = &session;
    let mut screening = rules.screening();
    let read = || {
        let mut sources = SourceMap::new();
        let input = FactsInput {
            name: "order.json".to_owned(),
            text: ORDER.to_owned(),
            format: Some(FactsFormat::Json),
        };
        rules.read_facts(&mut sources, &input).document.unwrap().question(None).unwrap()
    };
    let question = read();
    let screened = screening.decide(&question);
    let decided = screened.settled;
    let time = best(300, || drop(black_box(read())));
    row("policies: 23 facts as JSON text to a question", &each(time, 1), "");
    let time = best(300, || drop(black_box(screening.decide(&question))));
    let what = format!("policies: the question to its answer, {decided} decisions settled");
    row(&what, &each(time, 1), "");
    let time = best(300, || drop(black_box(screening.decide(&read()))));
    row("policies: JSON text to its answer, all decisions", &each(time, 1), "");
    let texts = orders();
    let mut stream = rules.orders(None, exeat_engine::Stance::default());
    for text in &texts {
        let input = FactsInput {
            name: "order.json".to_owned(),
            text: text.clone(),
            format: Some(FactsFormat::Json),
        };
        stream.screen(&mut SourceMap::new(), &input).unwrap();
    }
    let known = texts.iter().filter(|text| stream.verdicts(text).is_some()).count();
    let time = best(30, || {
        for text in &texts {
            black_box(stream.verdicts(black_box(text)));
        }
    });
    let what =
        format!("policies: JSON text of a stream to `license`, {known} of {} known", texts.len());
    row(&what, &each(time, texts.len()), "<= 5 µs");
    let program = Program::new(session.hir().clone());
    let (record, mut scratch) = (program.encode(&question.facts), FastScratch::default());
    let request = Request {
        as_of: question.as_of,
        readings: &question.readings,
        proposals: &question.proposals,
        functions: session.functions(),
    };
    let time = best(1_000, || {
        black_box(program.run_fast(&request, black_box(&record), &mut scratch).unwrap());
    });
    let all = program.hir().decisions.len();
    row(&format!("policies: its {all} decisions by themselves"), &each(time, 1), "");
}

/// Orders that differ in item, number, place and party, as those of a day do, and want the licence alone.
fn orders() -> Vec<String> {
    let mut random = Random::new(5);
    let mut one = |number: usize| {
        let place = *random.one(&["AE", "DE", "SG", "CN", "IN", "PL", "JP", "BR"]);
        let chip = random.one(&["B200", "H100", "H200", "A100", "L40S", "H20"]);
        ORDER
            .replace(
                "\"as_of\"",
                &format!("\"id\": \"{number}\", \"decide\": [\"license\"], \"as_of\""),
            )
            .replace("B200", chip)
            .replace("1000", &(1 + random.below(500)).to_string())
            .replace("\"AE\"", &format!("\"{place}\""))
    };
    (0..2_000).map(&mut one).collect()
}

/// The licence alone, with what it reads, for some of these orders as records. A record comes to its decision
/// from the hand of who read it, so that there are no more of them than stay near. What is remembered was
/// computed for the other orders, of which none is the same.
fn licenses() {
    let session = repository().unwrap();
    let program = Program::new(session.hir().clone());
    let rules: &exeat_engine::Rulebook = &session;
    let license = program.hir().decisions.iter().find(|(_, one)| one.name == "license").unwrap().0;
    let closure = exeat_eval::with_those_read(program.hir(), [license]);
    let mut questions: Vec<_> = orders()
        .into_iter()
        .map(|text| {
            let input =
                FactsInput { name: "order.json".to_owned(), text, format: Some(FactsFormat::Json) };
            let read = rules.read_facts(&mut SourceMap::new(), &input);
            read.document.unwrap().question(None).unwrap()
        })
        .collect();
    let others = questions.split_off(64);
    questions.retain(|one| others.iter().all(|other| one.facts != other.facts));
    let first = questions.first().unwrap();
    let request = Request {
        as_of: first.as_of,
        readings: &first.readings,
        proposals: &first.proposals,
        functions: session.functions(),
    };
    // As in a stream, equal facts are encoded once.
    let mut known: BTreeMap<(FactId, Value), EncodedFact> = BTreeMap::new();
    let mut encode = |question: &exeat_engine::Question| {
        let mut record = program.encode_nothing();
        for (fact, value) in question.facts.iter() {
            let one = known.entry((fact, value.clone()));
            record.put(one.or_insert_with(|| program.encode_fact(fact, value.clone())));
        }
        record.clone()
    };
    let records: Vec<Encoded> = questions.iter().map(&mut encode).collect();
    let others: Vec<Encoded> = others.iter().map(&mut encode).collect();
    let fast = program.fast(request.as_of).unwrap();
    let made: Vec<bool> = fast.decisions().map(|id| closure.contains(&id)).collect();
    for (mut scratch, how, goal) in [
        (FastScratch::default(), "computing all anew", ""),
        (FastScratch::remembering(), "after other orders", "<= 1 µs"),
    ] {
        let run = |mut scratch: FastScratch, records: &[Encoded]| {
            for record in records {
                black_box(program.run_fast_these(&request, record, &made, &mut scratch).unwrap());
            }
            scratch
        };
        scratch = run(scratch, &others);
        let near = || {
            black_box(run(FastScratch::default(), &records));
            run(scratch.clone(), others.get(..records.len()).unwrap())
        };
        let time = best_of(300, near, |scratch| run(scratch, &records));
        row(&format!("policies: `license` of a record, {how}"), &each(time, records.len()), goal);
    }
}

fn many_rules() {
    for rules in [100, 1_000, 10_000] {
        let text: Arc<str> = generated(rules).into();
        let batches = if rules > 1_000 { 3 } else { 10 };
        let size = text.len() / 1_000;
        let parsed = best(batches, || {
            black_box(exeat_syntax::parse(Arc::clone(&text), 0));
        });
        row(&format!("{rules} rules, {size} kB: parse"), &each(parsed, 1), "");
        let parse = || exeat_syntax::parse(Arc::clone(&text), 0);
        let check = |parsed| {
            let files = vec![exeat_check::SourceInput { parsed }];
            let input =
                exeat_check::Input { files, table_files: BTreeMap::new(), jurisdictions: &[] };
            exeat_check::check(input)
        };
        let time = best_of(batches, parse, check);
        row(&format!("{rules} rules: check"), &each(time, 1), "");
        let hir = checked(&text).unwrap();
        let plain = Plain::default();
        let request = plain.request();
        let lowered = best_of(
            batches,
            || hir.clone(),
            |hir| {
                let program = Program::new(hir);
                assert!(program.fast(request.as_of).is_some());
                program
            },
        );
        let goal = if rules > 1_000 { "with check 500 ms" } else { "" };
        row(&format!("{rules} rules: lower"), &each(lowered, 1), goal);
        let program = Program::new(hir);
        let facts = generated_facts(program.hir());
        let records: Vec<Encoded> = facts.iter().map(|facts| program.encode(facts)).collect();
        let mut scratch = FastScratch::default();
        let time = best(50, || {
            for record in &records {
                black_box(program.run_fast(&request, record, &mut scratch).unwrap());
            }
        });
        let goal = if rules > 1_000 { "<= 500 ns" } else { "" };
        row(&format!("{rules} rules: a decision"), &each(time, records.len()), goal);
    }
}

fn analysis() {
    let session = repository().unwrap();
    let program = Program::new(session.hir().clone());
    let options = exeat_analyze::Options::default();
    let analysed = exeat_analyze::analyse(&program, session.functions(), &options).unwrap();
    let time = best(3, || {
        black_box(exeat_analyze::analyse(&program, session.functions(), &options).unwrap());
    });
    let what = format!(
        "policies, {} stretches of days: analyse; {} assertions proved, {} open",
        analysed.epochs,
        analysed.proved.len(),
        analysed.undecided.len()
    );
    row(&what, &each(time, 1), "<= 2 s");
    for rules in [100, 1_000] {
        let program = Program::new(checked(&generated(rules)).unwrap());
        let analysed = exeat_analyze::analyse(&program, &NoFunctions, &options).unwrap();
        let time = best(2, || {
            black_box(exeat_analyze::analyse(&program, &NoFunctions, &options).unwrap());
        });
        let (found, open) = (analysed.findings.len(), analysed.undecided.len());
        let goal = if rules == 1_000 { "<= 10 s" } else { "" };
        row(
            &format!("{rules} rules: analyse; {found} findings, {open} open"),
            &each(time, 1),
            goal,
        );
    }
}

/// What a save at the desk waits for, without the terminal and the file.
fn reload() {
    const DEFINE: &str = "define abroad as destination not in united_states";
    let before = repository().unwrap();
    let known = before.scenario_outcomes();
    let time = best(10, || drop(black_box(repository().unwrap())));
    row("policies: load", &each(time, 1), "");
    let time = best(5, || drop(black_box(before.scenario_outcomes())));
    row(&format!("policies: {} scenarios", known.len()), &each(time, 1), "");
    for (what, file, old, new) in [
        (
            "a rule has another condition",
            "policies/us/ear/ai_diffusion.exeat",
            "    and   abroad\n    and   action in",
            "    and   not abroad\n    and   action in",
        ),
        (
            "a define has other words",
            "policies/us/ear/ear.exeat",
            DEFINE,
            "define abroad as not (destination in united_states)",
        ),
        (
            "a define is turned around",
            "policies/us/ear/ear.exeat",
            DEFINE,
            "define abroad as destination in united_states",
        ),
    ] {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
        let text = std::fs::read_to_string(format!("{root}/{file}")).unwrap();
        let edited = text.replacen(old, new, 1);
        assert!(edited != text, "there is no `{old}` in {file}");
        let after = repository_with([(file, edited)].into_iter().collect()).unwrap();
        let outcomes = after.scenario_outcomes_after(&before, &known);
        let changed = known.iter().filter(|one| !outcomes.contains(one)).count();
        let time = best(10, || drop(black_box(after.scenario_outcomes_after(&before, &known))));
        row(&format!("policies: what changes where {what}: {changed}"), &each(time, 1), "");
    }
}

fn main() {
    println!("| {:<68} | {:>12} | {:<18} |", "what", "figure", "goal");
    println!("|{:-<70}|{:->14}|{:-<20}|", "", "", "");
    let wanted = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let parts: [(&str, fn()); 7] = [
        ("ladder", ladder),
        ("policies", policies),
        ("json", json),
        ("license", licenses),
        ("many", many_rules),
        ("reload", reload),
        ("analysis", analysis),
    ];
    for (name, part) in parts {
        if wanted.as_deref().is_none_or(|wanted| wanted == name) {
            part();
        }
    }
}
