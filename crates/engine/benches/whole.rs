//! What a user waits for: reading, checking, deciding. `cargo bench -p exeat-engine`.
//!
//! The generated rules look like those of a list-based regime: sets of countries, a band of a
//! quantity, an action, an exception to every fourth rule. They are the same each time.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark may fail loudly")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::hint::black_box;
use std::path::PathBuf;
use std::sync::Arc;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use exeat_diagnostics::SourceMap;
use exeat_engine::{
    FactsInput, LinkedJurisdiction, LoadOptions, PolicyText, Question, Rulebook, Session,
    SourceTexts,
};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

const HEADER: &str = "edition 2026\n\nmodule generated {\n    title \"Generated\"\n    cite  \"Act\"\n}\n\n\
unit TPP \"performance\"\nenum action { export reexport transfer }\n\
scale outcome { free license_exception required prohibited }\n\
fact destination : country  ask \"Where?\"\nfact action : action  ask \"What?\"\n\
fact tpp : TPP  ask \"How much?\"\nfact quantity : number  ask \"How many?\"\n\
decision license : outcome {\n    title \"Licence\"\n    combine strictest\n    otherwise free cite \"Act 1\"\n}\n";

const COUNTRIES: [&str; 16] = [
    "CN", "HK", "MO", "RU", "IR", "KP", "SY", "CU", "VE", "BY", "AE", "SA", "QA", "IN", "PL", "PT",
];

/// A module with so many rules and exceptions.
fn generated(rules: usize) -> String {
    let mut text = HEADER.to_owned();
    let country = |at: usize| COUNTRIES[at % COUNTRIES.len()];
    for at in 0..rules {
        let (low, high) = (at * 7919 % 2000 + 1, at * 104_729 % 7000 + 2001);
        let head = format!(
            "    title \"Item {at}\"\n    cite  \"Act {at}\"\n    from  20{}-01-01\n",
            20 + at % 6
        );
        let _ = if at % 4 == 3 {
            write!(
                text,
                "exception e{at} to r{} {{\n{head}    when  action is reexport\n    and   tpp * quantity <= {} TPP\n    then  license is license_exception\n}}\n",
                at - 1,
                low * 1000
            )
        } else {
            let set = [at, at + 3, at + 7, at + 12].map(country).join(", ");
            write!(
                text,
                "rule r{at} {{\n{head}    when  destination in {{ {set} }}\n    and   {low} TPP <= tpp < {high} TPP\n    and   action in {{ export, reexport }}\n    then  license is required\n}}\n"
            )
        };
    }
    text
}

fn session(text: &str) -> Session {
    let policies = vec![PolicyText { name: "generated.exeat".to_owned(), text: text.into() }];
    let texts = SourceTexts { policies, tables: BTreeMap::new() };
    let loaded = Session::from_texts(&texts, Vec::new());
    assert!(loaded.diagnostics.iter().all(|found| !found.is_error()), "{:?}", loaded.diagnostics);
    loaded.session.unwrap()
}

fn repository() -> LoadOptions {
    LoadOptions {
        root: PathBuf::from(ROOT),
        linked: vec![
            LinkedJurisdiction { name: "us", entry: exeat_jurisdiction_us::descriptor },
            LinkedJurisdiction { name: "eu", entry: exeat_jurisdiction_eu::descriptor },
        ],
        ..LoadOptions::default()
    }
}

fn rules() -> Rulebook {
    Rulebook::load(&repository()).session.unwrap()
}

fn question(session: &Rulebook, name: &str, text: &str) -> Question {
    let mut sources = SourceMap::new();
    let input = FactsInput { name: name.to_owned(), text: text.to_owned(), format: None };
    let document = session.read_facts(&mut sources, &input).document.unwrap();
    Question {
        as_of: document.as_of.unwrap(),
        readings: document.readings,
        proposals: BTreeSet::new(),
        facts: document.values,
        only: Vec::new(),
    }
}

fn parse(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("parse");
    group.sample_size(10);
    for rules in [1_000, 10_000] {
        let text: Arc<str> = generated(rules).into();
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_with_input(BenchmarkId::from_parameter(rules), &text, |bencher, text| {
            bencher.iter(|| exeat_syntax::parse(Arc::clone(black_box(text)), 0));
        });
    }
    group.finish();
}

fn check(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("parse and check");
    group.sample_size(10);
    for rules in [100, 1_000, 10_000] {
        let text = generated(rules);
        group.throughput(Throughput::Elements(rules as u64));
        group.bench_with_input(BenchmarkId::from_parameter(rules), &text, |bencher, text| {
            bencher.iter(|| session(black_box(text)));
        });
    }
    group.finish();
    criterion.bench_function("load the repository's policies", |bencher| {
        bencher.iter(|| Session::load(&repository()).session.unwrap());
    });
    criterion.bench_function("load the repository's rules", |bencher| bencher.iter(rules));
}

fn decide(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("decide");
    let policies = rules();
    let facts = include_str!("../../../examples/b200-to-the-uae.toml");
    let asked = question(&policies, "b200.toml", facts);
    group.bench_function("B200 to the UAE", |bencher| {
        bencher.iter(|| policies.decide(black_box(&asked)));
    });
    group.bench_function("B200 to the UAE, with reasons and other readings", |bencher| {
        bencher.iter(|| {
            let decided = policies.decide(black_box(&asked));
            let alternatives = policies.alternatives(&asked, &decided);
            exeat_engine::wire::to_json(&policies.decision_document(
                &asked,
                &decided,
                &alternatives,
                false,
            ))
        });
    });
    let many = session(&generated(1_000));
    let facts = "as_of = 2026-01-01\n[facts]\ndestination = \"CN\"\naction = \"export\"\ntpp = \"3000 TPP\"\nquantity = 10\n";
    let asked = question(&many, "facts.toml", facts);
    group.sample_size(20);
    group.bench_function("1000 generated rules", |bencher| {
        bencher.iter(|| many.decide(black_box(&asked)));
    });
    group.finish();
}

criterion_group!(benches, parse, check, decide);
criterion_main!(benches);
