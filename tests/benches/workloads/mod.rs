//! What the benches run: made once, used by the criterion benches and by the table of figures.

#![expect(clippy::unwrap_used, reason = "a benchmark may fail loudly")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use exeat_engine::Session;
use exeat_hir::{Facts, Hir, ModuleId, NoFunctions, ReadingId};
use exeat_model::{
    Code, Country, CountryStanding, Date, Number, Value, date_from_text as date_of_text,
};
use exeat_program::{Encoded, FastScratch, Program, Request, Settled};
use exeat_testing::Random;

/// A day that is written as `2026-01-01`.
pub(crate) fn day(text: &str) -> Date {
    date_of_text(text).unwrap()
}

/// What is asked of rules without readings, proposals and functions.
#[derive(Default)]
pub(crate) struct Plain {
    readings: BTreeMap<ReadingId, usize>,
    proposals: BTreeSet<ModuleId>,
}

impl Plain {
    /// The request for the first day of 2026.
    pub(crate) fn request(&self) -> Request<'_> {
        Request {
            as_of: day("2026-01-01"),
            readings: &self.readings,
            proposals: &self.proposals,
            functions: &NoFunctions,
        }
    }
}

/// A scenario of the repository, ready to be run.
pub(crate) struct Case {
    pub(crate) as_of: Date,
    pub(crate) readings: BTreeMap<ReadingId, usize>,
    pub(crate) proposals: BTreeSet<ModuleId>,
    pub(crate) record: Encoded,
}

/// All scenarios of the repository, those of one epoch together, as orders of a day are.
pub(crate) fn cases(session: &Session, program: &Program) -> Vec<Case> {
    let scenarios = session.hir().scenarios.values();
    let mut cases: Vec<Case> = scenarios
        .map(|scenario| {
            let facts = exeat_eval::scenario_facts(session.hir(), session.functions(), scenario);
            Case {
                as_of: scenario.as_of,
                readings: scenario.readings.clone(),
                proposals: scenario.proposals.iter().copied().collect(),
                record: program.encode(&facts),
            }
        })
        .collect();
    cases.sort_by_key(|case| case.as_of);
    cases
}

impl Case {
    /// What is asked of it.
    pub(crate) fn request<'a>(&'a self, session: &'a Session) -> Request<'a> {
        Request {
            as_of: self.as_of,
            readings: &self.readings,
            proposals: &self.proposals,
            functions: session.functions(),
        }
    }
}

/// Runs all cases. How many decisions were settled, and how many there are.
pub(crate) fn run_cases(
    session: &Session,
    program: &Program,
    cases: &[Case],
    scratch: &mut FastScratch,
) -> (usize, usize) {
    let (mut settled, mut all) = (0, 0);
    for case in cases {
        program.run_fast(&case.request(session), &case.record, scratch).unwrap();
        let decisions = program.hir().decisions.len();
        all += decisions;
        settled += (0..decisions).filter(|at| scratch.settled(*at) != Settled::Open).count();
    }
    (settled, all)
}

const CODES: [&str; 20] = [
    "3A090", "3A001", "3A991", "4A090", "4A003", "4A994", "5A002", "5A992", "3B001", "3B991",
    "3D001", "3E001", "4D001", "4E001", "5D002", "5E002", "6A003", "7A001", "8A001", "9A001",
];

/// Rules that name a destination, an entry, a band and a first day, as lists of controls do.
pub(crate) fn generated(rules: usize) -> String {
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
            if entry.standing == CountryStanding::Official && entry.since.is_none() {
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

/// A thousand transactions for the generated rules.
pub(crate) fn generated_facts(hir: &Hir) -> Vec<Facts> {
    let mut random = Random::new(11);
    let mut one = || {
        let mut facts = Facts::default();
        for (id, fact) in hir.facts.iter() {
            let value = match fact.name.as_str() {
                "destination" => {
                    let code = random.one(Country::table()).alpha2;
                    Value::Country(Country::from_code(code).unwrap())
                }
                "tpp" => Value::Number(Number::from_integer(
                    i128::try_from(random.below(24_000)).unwrap(),
                )),
                "ordered" => Value::Date(day("2026-01-01")),
                _ => Value::Code(Code::Entry((*random.one(&CODES)).into())),
            };
            facts.set(id, value);
        }
        facts
    };
    (0..1_000).map(|_| one()).collect()
}
