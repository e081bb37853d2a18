//! The yardstick, the repository's policies, and cost against the number of rules, by the scalar run; analysis.
//! `cargo bench -p exeat-tests`.

#![expect(clippy::unwrap_used, reason = "a benchmark may fail loudly")]

mod workloads;

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use exeat_hir::{Facts, NoFunctions};
use exeat_program::{Encoded, FastScratch, Program, Scratch};
use exeat_testing::yardstick::{Groups, LADDER, transactions, verdict};
use exeat_testing::{checked, repository};

use workloads::{Plain, cases, generated, generated_facts, run_cases};

fn ladder(criterion: &mut Criterion) {
    let program = Program::new(checked(LADDER).unwrap());
    let stream = transactions(10_000);
    let facts: Vec<Facts> = stream.iter().map(|one| one.facts(program.hir())).collect();
    let rows = program.encode_rows(&facts);
    let plain = Plain::default();
    let request = plain.request();
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
            let settled = (0..rows.len())
                .filter(|at| program.run_fast_row(&request, &rows, *at, &mut scratch).unwrap());
            assert_eq!(settled.count(), rows.len());
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
    let cases = cases(&session, &program);
    let mut scratch = FastScratch::default();
    let (settled, all) = run_cases(&session, &program, &cases, &mut scratch);
    assert!(settled * 2 > all, "only {settled} of {all} decisions are settled");
    let mut group =
        criterion.benchmark_group("policies of the United States and the European Union");
    group.throughput(Throughput::Elements(u64::try_from(settled).unwrap()));
    group.bench_function("scalar run over encoded scenarios, each settled decision", |bencher| {
        bencher.iter(|| run_cases(&session, &program, black_box(&cases), &mut scratch));
    });
    group.throughput(Throughput::Elements(u64::try_from(all).unwrap()));
    let mut exact = Scratch::default();
    group.bench_function("exact run over the same, each decision", |bencher| {
        bencher.iter(|| {
            for case in &cases {
                let request = case.request(&session);
                black_box(program.run(&request, case.record.record(), &mut exact).unwrap());
            }
        });
    });
    group.finish();
}

fn many_rules(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("cost against rules");
    for rules in [100, 1_000, 10_000] {
        let hir = checked(&generated(rules)).unwrap();
        let plain = Plain::default();
        let request = plain.request();
        group.bench_with_input(BenchmarkId::new("lower", rules), &hir, |bencher, hir| {
            bencher.iter(|| {
                let program = Program::new(hir.clone());
                assert!(program.fast(request.as_of).is_some());
            });
        });
        let program = Program::new(hir);
        let facts = generated_facts(program.hir());
        let records: Vec<Encoded> = facts.iter().map(|facts| program.encode(facts)).collect();
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

fn analysis(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("questions about all transactions");
    group.sample_size(10);
    let session = repository().unwrap();
    let program = Program::new(session.hir().clone());
    let options = exeat_analyze::Options::default();
    group.bench_function("the policies", |bencher| {
        bencher.iter(|| {
            exeat_analyze::analyse(&program, session.functions(), black_box(&options)).unwrap()
        });
    });
    let program = Program::new(checked(&generated(100)).unwrap());
    group.bench_function("100 generated rules", |bencher| {
        bencher
            .iter(|| exeat_analyze::analyse(&program, &NoFunctions, black_box(&options)).unwrap());
    });
    group.finish();
}

criterion_group!(benches, ladder, policies, many_rules, analysis);
criterion_main!(benches);
