use super::{COUNTRIES, Transaction};

const ALLIED: [&str; 19] = [
    "AU", "BE", "CA", "DK", "FI", "FR", "DE", "IE", "IT", "JP", "NL", "NZ", "NO", "KR", "ES", "SE",
    "TW", "GB", "US",
];
const EMBARGOED: [&str; 4] = ["CU", "IR", "KP", "SY"];
const D5_OR_MACAU: [&str; 24] = [
    "AF", "BY", "MM", "CF", "CN", "CD", "CU", "ER", "HT", "IR", "IQ", "KP", "LB", "LY", "NI", "RU",
    "SO", "SS", "SD", "SY", "VE", "ZW", "MO", "HK",
];
const D1_D4: [&str; 22] = [
    "AM", "AZ", "GE", "KZ", "KG", "MD", "MN", "TJ", "TM", "UZ", "VN", "YE", "BH", "EG", "IL", "JO",
    "KW", "OM", "PK", "QA", "SA", "AE",
];
const MILITARY_CONCERN: [&str; 9] = ["BY", "MM", "KH", "CN", "NI", "RU", "VE", "HK", "MO"];

const IS_ALLIED: u8 = 1;
const IS_EMBARGOED: u8 = 2;
const IS_D5: u8 = 4;
const IS_D1_D4: u8 = 8;
const IS_MILITARY: u8 = 16;

/// The groups of each country, as bits.
#[derive(Clone, Debug)]
pub struct Groups([u8; 256]);

impl Default for Groups {
    fn default() -> Self {
        let mut bits = [0; 256];
        let groups: [(&[&str], u8); 5] = [
            (&ALLIED, IS_ALLIED),
            (&EMBARGOED, IS_EMBARGOED),
            (&D5_OR_MACAU, IS_D5),
            (&D1_D4, IS_D1_D4),
            (&MILITARY_CONCERN, IS_MILITARY),
        ];
        for (place, code) in bits.iter_mut().zip(COUNTRIES) {
            for (members, bit) in groups {
                if members.contains(&code) {
                    *place |= bit;
                }
            }
        }
        Self(bits)
    }
}

/// The verdict, by its place in the list of verdicts: the rules written by hand over encoded fields.
#[expect(clippy::indexing_slicing, reason = "a place of one byte is in a table of 256")]
pub fn verdict(groups: &Groups, one: &Transaction) -> u8 {
    let [destination, headquarters, parent] = one.countries.map(|at| groups.0[usize::from(at)]);
    let any = destination | headquarters | parent;
    let all = destination & headquarters & parent;
    let weights = one.item == 2;
    let advanced = one.item <= 1;
    let paragraph_a =
        advanced && (one.tpp >= 4800 || (one.datacenter && one.tpp >= 1600 && one.density >= 592));
    let paragraph_b = advanced
        && one.datacenter
        && !paragraph_a
        && ((one.tpp >= 2400 && one.density >= 160) || (one.tpp >= 1600 && one.density >= 320));
    let before = one.ordered < 20250513;
    let shipment = one.tpp.saturating_mul(one.quantity);
    if one.end_use >= 6 || any & IS_EMBARGOED != 0 {
        return 0;
    }
    if one.listed || (one.end_use == 5 && one.item != 4 && any & IS_MILITARY != 0) {
        return 1;
    }
    if !weights && !paragraph_a && !paragraph_b {
        return 7;
    }
    if before && !weights && any & IS_D5 != 0 {
        return 1;
    }
    if before && !weights && destination & IS_D1_D4 != 0 {
        return 2;
    }
    if before || (one.countries[0] == 0 && any & IS_D5 == 0) {
        return 6;
    }
    if any & IS_D5 != 0 || one.red_flags >= 3 {
        return 1;
    }
    if one.red_flags == 0 && one.certified && all & IS_ALLIED != 0 {
        return 3;
    }
    if paragraph_b && destination & IS_D1_D4 == 0 {
        return 6;
    }
    if !weights && one.red_flags == 0 && (one.end_use == 1 || one.end_use == 2) {
        return 4;
    }
    let received = one.received.saturating_add(shipment);
    if !weights && one.red_flags == 0 && one.certified && received <= 26_900_000 {
        return 5;
    }
    if (one.validated == 2 && parent & IS_ALLIED != 0) || destination & IS_ALLIED != 0 {
        return 2;
    }
    if weights {
        return 1;
    }
    let cap = match one.ordered / 10_000 {
        ..=2025 => 6_330_000,
        2026 => 19_000_000,
        _ => 50_640_000,
    };
    if (one.validated == 1 && received <= cap)
        || one.allocated.saturating_add(shipment) <= 790_000_000
    {
        return 2;
    }
    8
}
