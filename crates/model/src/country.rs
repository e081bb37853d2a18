use std::fmt;

use crate::Date;
use crate::country_names::{COMMON_NAMES, folded, turned};
use crate::country_table::COUNTRIES;

/// A country or territory by its ISO 3166-1 alpha-2 code.
///
/// Only codes of the dated table exist: official ones, withdrawn ones (each with its last day), and
/// user-assigned ones that trade uses, as `XK`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country([u8; 2]);

/// How ISO 3166-1 treats a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountryStanding {
    /// Assigned.
    Official,
    /// Withdrawn on that day (year, month, day).
    Withdrawn(i16, i8, i8),
    /// Assigned to nobody by ISO, but in use.
    UserAssigned,
}

/// A row of the table of countries.
#[derive(Clone, Copy, Debug)]
pub struct CountryEntry {
    /// Two-letter code.
    pub alpha2: &'static str,
    /// Three-letter code.
    pub alpha3: &'static str,
    /// English short name.
    pub name: &'static str,
    /// How ISO treats it.
    pub standing: CountryStanding,
    /// First day, for codes that were assigned since the year 2000.
    pub since: Option<(i16, i8, i8)>,
}

impl Country {
    /// The country with that two-letter code, in capitals.
    pub fn from_code(code: &str) -> Option<Self> {
        let at = COUNTRIES.binary_search_by(|entry| entry.alpha2.cmp(code)).ok()?;
        COUNTRIES.get(at)?.alpha2.as_bytes().try_into().ok().map(Self)
    }

    /// The country with that three-letter code, or that name: the one of ISO 3166 or one in common use, as
    /// `Syria`, `South Korea`, `UK`. Case, marks on letters and points do not matter. A name that more than
    /// one could have, as `Korea`, has none.
    pub fn from_name(name: &str) -> Option<Self> {
        let wanted = folded(name);
        let withdrawn =
            |entry: &&CountryEntry| matches!(entry.standing, CountryStanding::Withdrawn(..));
        let called = |entry: &CountryEntry| {
            folded(entry.name) == wanted
                || entry.alpha3.eq_ignore_ascii_case(&wanted)
                || turned(entry.name).is_some_and(|name| folded(&name) == wanted)
        };
        let common = COMMON_NAMES.iter().find(|(name, _)| folded(name) == wanted);
        let standing = COUNTRIES.iter().filter(|entry| !withdrawn(entry));
        let code = (standing.into_iter().find(|entry| called(entry)).map(|entry| entry.alpha2))
            .or_else(|| common.map(|(_, code)| *code))
            .or_else(|| {
                let found = COUNTRIES.iter().filter(withdrawn).find(|entry| called(entry));
                found.map(|entry| entry.alpha2)
            });
        code.and_then(Self::from_code)
    }

    /// All names that [`Country::from_name`] takes, but for codes, each with its country.
    pub fn names() -> impl Iterator<Item = (&'static str, Self)> {
        let official = COUNTRIES.iter().map(|entry| (entry.name, entry.alpha2));
        let all = official.chain(COMMON_NAMES.iter().copied());
        all.filter_map(|(name, code)| Some((name, Self::from_code(code)?)))
    }

    /// All rows of the table, in the order of their codes.
    pub fn table() -> &'static [CountryEntry] {
        COUNTRIES
    }

    /// The two-letter code.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("??")
    }

    /// Its row of the table.
    pub fn entry(&self) -> Option<&'static CountryEntry> {
        COUNTRIES
            .binary_search_by(|entry| entry.alpha2.cmp(self.code()))
            .ok()
            .and_then(|at| COUNTRIES.get(at))
    }

    /// The English short name.
    pub fn name(&self) -> &'static str {
        self.entry().map_or("", |entry| entry.name)
    }

    /// Whether the code stood on that day.
    pub fn stands_on(&self, day: Date) -> bool {
        let Some(entry) = self.entry() else { return false };
        let begun =
            entry.since.is_none_or(|(y, m, d)| Date::new(y, m, d).is_ok_and(|since| since <= day));
        let ended = match entry.standing {
            CountryStanding::Withdrawn(y, m, d) => Date::new(y, m, d).is_ok_and(|end| end <= day),
            CountryStanding::Official | CountryStanding::UserAssigned => false,
        };
        begun && !ended
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_agrees_with_iso() {
        assert!(COUNTRIES.is_sorted_by(|a, b| a.alpha2 < b.alpha2));
        for entry in COUNTRIES.iter().filter(|entry| entry.standing == CountryStanding::Official) {
            let iso = rust_iso3166::from_alpha2(entry.alpha2).unwrap();
            assert_eq!(iso.alpha3, entry.alpha3);
        }
        assert_eq!(
            COUNTRIES.iter().filter(|e| e.standing == CountryStanding::Official).count(),
            rust_iso3166::ALL.len()
        );
    }

    #[test]
    fn codes_are_dated() {
        let antilles = Country::from_code("AN").unwrap();
        assert!(antilles.stands_on(Date::constant(2010, 12, 14)));
        assert!(!antilles.stands_on(Date::constant(2010, 12, 15)));
        assert!(!Country::from_code("SS").unwrap().stands_on(Date::constant(2010, 1, 1)));
        assert!(Country::from_code("QQ").is_none());
        assert_eq!(Country::from_name("poland"), Country::from_code("PL"));
    }
}
