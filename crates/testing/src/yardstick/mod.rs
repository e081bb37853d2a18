//! The workload by which engines are compared: twenty rules in Exeat, the same written by hand, and a
//! stream of transactions. It is modelled on the rule of January 2025, simplified, and not law.

#![expect(clippy::unreadable_literal, reason = "a day is one number of year, month and day")]

mod by_hand;

use exeat_hir::{FactId, Facts, Hir};
use exeat_model::{Code, Country, Date, Number, Value, date_from_text};

pub use by_hand::{Groups, verdict};

use crate::Random;

/// The rules in Exeat.
pub const LADDER: &str = include_str!("ladder.exeat");

/// Countries of the stream; the places of those in [`Transaction`] are places in here.
pub const COUNTRIES: [&str; 40] = [
    "US", "AU", "BE", "DE", "FR", "GB", "IT", "JP", "KR", "NL", "TW", "SE", "CU", "IR", "KP", "SY",
    "CN", "HK", "MO", "RU", "BY", "VE", "IQ", "LB", "AE", "SA", "VN", "IL", "KZ", "EG", "PK", "IN",
    "SG", "MY", "BR", "CH", "PL", "MX", "ZA", "KH",
];
/// Entries; the last is none.
pub const ENTRIES: [&str; 5] = ["3A090", "4A090", "4E091", "5A992", ""];
/// End uses.
pub const END_USES: [&str; 9] = [
    "data_center",
    "chip_manufacturing",
    "chip_design",
    "research",
    "civil",
    "military",
    "nuclear",
    "missile",
    "chemical_biological",
];
/// Kinds of validated end user.
pub const VALIDATIONS: [&str; 3] = ["not_validated", "national", "universal"];
/// Verdicts, in the order of the enumeration.
pub const VERDICTS: [&str; 9] = [
    "prohibited",
    "presumption_of_denial",
    "presumption_of_approval",
    "license_exception_aia",
    "license_exception_acm",
    "license_exception_lpp",
    "no_license_required",
    "not_controlled",
    "license_required_capped",
];

/// A transaction with its names encoded as places in the lists above.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transaction {
    /// Year, month and day as one number.
    pub ordered: u32,
    /// The entry.
    pub item: u8,
    /// Total processing performance.
    pub tpp: i64,
    /// Performance density, a hundred times.
    pub density: i64,
    /// Whether it is for data centres.
    pub datacenter: bool,
    /// How many.
    pub quantity: i64,
    /// Destination, headquarters of the consignee, of its ultimate parent.
    pub countries: [u8; 3],
    /// The end use.
    pub end_use: u8,
    /// What the consignee has received this year.
    pub received: i64,
    /// What of the country's allocation is used.
    pub allocated: i64,
    /// Whether the consignee is listed.
    pub listed: bool,
    /// How many red flags there are.
    pub red_flags: i64,
    /// Whether the consignee has certified.
    pub certified: bool,
    /// The kind of validated end user.
    pub validated: u8,
}

const DATES: [u32; 8] =
    [20240601, 20250512, 20250513, 20250801, 20251231, 20260101, 20261231, 20270301];

/// A stream of transactions of which every rule decides some.
pub fn transactions(count: usize) -> Vec<Transaction> {
    let mut random = Random::new(2025);
    (0..count).map(|_| transaction(&mut random)).collect()
}

fn place(random: &mut Random, limit: usize) -> u8 {
    u8::try_from(random.below(limit)).unwrap_or(0)
}

fn amount(random: &mut Random, limit: usize) -> i64 {
    i64::try_from(random.below(limit)).unwrap_or(0)
}

fn transaction(random: &mut Random) -> Transaction {
    let country = |random: &mut Random| {
        // Mostly the allied, as in trade.
        if random.once_in(2) { place(random, 12) } else { place(random, COUNTRIES.len()) }
    };
    let destination = country(random);
    let headquarters = if random.once_in(3) { country(random) } else { destination };
    let parent = if random.once_in(3) { country(random) } else { headquarters };
    Transaction {
        ordered: *random.one(&DATES),
        item: place(random, ENTRIES.len()),
        tpp: *random.one(&[500, 1_599, 1_600, 2_400, 3_000, 4_799, 4_800, 15_832, 36_000]),
        density: *random.one(&[100, 159, 160, 320, 591, 592, 1_900]),
        datacenter: !random.once_in(3),
        quantity: 1 + amount(random, 2_500),
        countries: [destination, headquarters, parent],
        end_use: if random.once_in(4) { place(random, END_USES.len()) } else { place(random, 5) },
        received: amount(random, 60_000_000),
        allocated: amount(random, 900_000_000),
        listed: random.once_in(40),
        red_flags: if random.once_in(3) { amount(random, 5) } else { 0 },
        certified: random.once_in(2),
        validated: if random.once_in(3) { place(random, VALIDATIONS.len()) } else { 0 },
    }
}

impl Transaction {
    /// As facts of the rules.
    pub fn facts(&self, hir: &Hir) -> Facts {
        let mut facts = Facts::default();
        let mut set = |name: &str, value: Value| {
            let found = hir.facts.iter().find(|(_, fact)| fact.name == name);
            let id: Option<FactId> = found.map(|(id, _)| id);
            if let Some(id) = id {
                facts.set(id, value);
            }
        };
        let number = |value: i64| Value::Number(Number::from_integer(i128::from(value)));
        let [destination, headquarters, parent] = self.countries.map(country);
        set("ordered", Value::Date(self.day()));
        set("item", entry(self.item));
        set("tpp", number(self.tpp));
        set("density", number(self.density));
        set("datacenter", Value::YesNo(self.datacenter));
        set("quantity", number(self.quantity));
        set("destination", destination);
        set("headquarters", headquarters);
        set("parent", parent);
        set("end_use", symbol(&END_USES, self.end_use));
        set("received_this_year", number(self.received));
        set("country_allocation_used", number(self.allocated));
        set("listed", Value::YesNo(self.listed));
        set("red_flags", number(self.red_flags));
        set("certified", Value::YesNo(self.certified));
        set("validated", symbol(&VALIDATIONS, self.validated));
        facts
    }

    fn day(&self) -> Date {
        let text = format!(
            "{}-{:02}-{:02}",
            self.ordered / 10_000,
            self.ordered / 100 % 100,
            self.ordered % 100
        );
        date_from_text(&text).unwrap_or(Date::ZERO)
    }
}

fn country(at: u8) -> Value {
    let code = COUNTRIES.get(usize::from(at)).and_then(|code| Country::from_code(code));
    code.map_or(Value::YesNo(false), Value::Country)
}

fn entry(at: u8) -> Value {
    Value::Code(match ENTRIES.get(usize::from(at)) {
        Some(&"") | None => Code::None,
        Some(code) => Code::Entry((*code).into()),
    })
}

fn symbol(of: &[&str], at: u8) -> Value {
    Value::Symbol(of.get(usize::from(at)).copied().unwrap_or("").into())
}
