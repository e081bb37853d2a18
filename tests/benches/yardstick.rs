//! The yardstick, the repository's policies, and cost against the number of rules, by the scalar run.
//! `cargo bench -p exeat-tests`.

#![expect(clippy::unwrap_used, reason = "a benchmark may fail loudly")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use exeat_hir::{Facts, NoFunctions};
use exeat_model::{Country, Date, Number, Value, date_from_text};
use exeat_program::{Encoded, FastScratch, Program, Request, Scratch};
use exeat_testing::yardstick::{Groups, LADDER, transactions, verdict};
use exeat_testing::{Random, checked, repository};

fn day(text: &str) -> Date {
    date_from_text(text).unwrap()
}

fn ladder(criterion: &mut Criterion) {
    let program = Program::new(checked(LADDER).unwrap());
    let stream = transactions(10_000);
    let facts: Vec<Facts> = stream.iter().map(|one| one.facts(program.hir())).collect();
    let records: Vec<Encoded> = facts.iter().map(|facts| program.encode(facts)).collect();
    let (readings, proposals) = (BTreeMap::new(), BTreeSet::new());
    let request = Request {
        as_of: day("2026-01-01"),
        readings: &readings,
        proposals: &proposals,
        functions: &NoFunctions,
    };
    let mut group = criterion.benchmark_group("yardstick of 20 rules");
    group.throughput(Throughput::Elements(u64::try_from(stream.len()).unwrap()));
    let groups = Groups::default();
    group.bench_function("written by hand over encoded fields", |bencher| {
        bencher.iter(|| {
            stream.iter().map(|one| u64::from(verdict(&groups, black_box(one)))).sum::<u64>()
        });
    });
    let mut scratch = FastScratch::default();
    group.bench_function("scalar run over encoded records", |bencher| {
        bencher.iter(|| {
            let settled = records
                .iter()
                .filter(|record| program.run_fast(&request, record, &mut scratch).unwrap());
            assert_eq!(settled.count(), records.len());
        });
    });
    group.bench_function("encode facts, then the scalar run", |bencher| {
        bencher.iter(|| {
            let settled = facts.iter().filter(|facts| {
                program.run_fast(&request, &program.encode(facts), &mut scratch).unwrap()
            });
            assert_eq!(settled.count(), facts.len());
        });
    });
    group.finish();
}

fn policies(criterion: &mut Criterion) {
    let session = repository().unwrap();
    let program = Program::new(session.hir().clone());
    let scenarios: Vec<_> = session.hir().scenarios.values().collect();
    let mut cases = Vec::new();
    let mut scratch = FastScratch::default();
    for scenario in scenarios {
        let facts = exeat_eval::scenario_facts(session.hir(), session.functions(), scenario);
        let record = program.encode(&facts);
        let proposals: BTreeSet<_> = scenario.proposals.iter().copied().collect();
        let request = Request {
            as_of: scenario.as_of,
            readings: &scenario.readings,
            proposals: &proposals,
            functions: session.functions(),
        };
        scratch.clear();
        if program.run_fast(&request, &record, &mut scratch).unwrap() {
            cases.push((scenario.as_of, scenario.readings.clone(), proposals.clone(), record));
        }
    }
    // Runs of one epoch stand together, as orders of a day do.
    cases.sort_by_key(|(as_of, ..)| *as_of);
    let mut group = criterion.benchmark_group("policies of the United States");
    group.throughput(Throughput::Elements(u64::try_from(cases.len()).unwrap()));
    group.bench_function("scalar run over encoded scenarios", |bencher| {
        bencher.iter(|| {
            let mut last = None;
            for (as_of, readings, proposals, record) in &cases {
                if last != Some(*as_of) {
                    scratch.clear();
                    last = Some(*as_of);
                }
                let functions = session.functions();
                let request = Request { as_of: *as_of, readings, proposals, functions };
                black_box(program.run_fast(&request, record, &mut scratch).unwrap());
            }
        });
    });
    let mut exact = Scratch::default();
    group.bench_function("exact run over the same records", |bencher| {
        bencher.iter(|| {
            for (as_of, readings, proposals, record) in &cases {
                let functions = session.functions();
                let request = Request { as_of: *as_of, readings, proposals, functions };
                black_box(program.run(&request, record.record(), &mut exact).unwrap());
            }
        });
    });
    group.finish();
}

const CODES: [&str; 20] = [
    "3A090", "3A001", "3A991", "4A090", "4A003", "4A994", "5A002", "5A992", "3B001", "3B991",
    "3D001", "3E001", "4D001", "4E001", "5D002", "5E002", "6A003", "7A001", "8A001", "9A001",
];

/// Rules that name a destination, an entry and a band, as lists of controls do.
fn generated(rules: usize) -> String {
    let mut random = Random::new(7);
    let mut text = "edition 2026\nmodule generated { title \"G\" cite \"Act\" }\nscale outcome { free required forbidden }\nfact destination : country\nfact tpp : number\nfact item : entry\nfact ordered : date\ndecision license : outcome { combine strictest otherwise free cite \"Act\" }\n".to_owned();
    text.push_str("codes entry {");
    for code in CODES {
        let _ = write!(text, " {code} \"c\"");
    }
    text.push_str(" }\n");
    let countries = Country::table();
    for at in 0..rules {
        let destination = loop {
            let entry = random.one(countries);
            if entry.standing == exeat_model::CountryStanding::Official && entry.since.is_none() {
                break entry.alpha2;
            }
        };
        let low = random.below(20_000);
        let _ = writeln!(
            text,
            "rule r{at} {{ title \"t\" cite \"c\" when destination is {destination} and item is {} and {low} <= tpp < {} and ordered >= 202{}-0{}-01 then license is {} }}",
            random.one(&CODES),
            low + 1 + random.below(4_000),
            random.below(7),
            1 + random.below(9),
            random.one(&["required", "forbidden"]),
        );
    }
    text
}

fn many_rules(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("cost against rules");
    for rules in [100, 1_000, 10_000] {
        let hir = checked(&generated(rules)).unwrap();
        group.bench_with_input(BenchmarkId::new("lower", rules), &hir, |bencher, hir| {
            bencher.iter(|| {
                let program = Program::new(hir.clone());
                assert!(program.fast(day("2026-01-01")).is_some());
            });
        });
        let program = Program::new(hir);
        let mut random = Random::new(11);
        let records: Vec<Encoded> = (0..1_000)
            .map(|_| {
                let mut facts = Facts::default();
                for (id, fact) in program.hir().facts.iter() {
                    let value = match fact.name.as_str() {
                        "destination" => {
                            let code = random.one(Country::table()).alpha2;
                            Value::Country(Country::from_code(code).unwrap())
                        }
                        "tpp" => Value::Number(Number::from_integer(
                            i128::try_from(random.below(24_000)).unwrap(),
                        )),
                        "ordered" => Value::Date(day("2026-01-01")),
                        _ => Value::Code(exeat_model::Code::Entry((*random.one(&CODES)).into())),
                    };
                    facts.set(id, value);
                }
                program.encode(&facts)
            })
            .collect();
        let (readings, proposals) = (BTreeMap::new(), BTreeSet::new());
        let request = Request {
            as_of: day("2026-01-01"),
            readings: &readings,
            proposals: &proposals,
            functions: &NoFunctions,
        };
        let mut scratch = FastScratch::default();
        group.throughput(Throughput::Elements(1_000));
        group.bench_function(BenchmarkId::new("scalar run", rules), |bencher| {
            bencher.iter(|| {
                for record in &records {
                    black_box(program.run_fast(&request, record, &mut scratch).unwrap());
                }
            });
        });
    }
    group.finish();
}

criterion_group!(benches, ladder, policies, many_rules);
criterion_main!(benches);
