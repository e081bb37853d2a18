use exeat_plugin_sdk::{Group, Member};

use crate::csv::{Row, Table};

/// All ISO 3166-1 codes with a column for each group; a group that changed has one column for
/// 2025-05-15 and one for 2026-09-24. Hong Kong carries the flags of China, and the territories of
/// the United States those of the United States.
pub(crate) const DATA: &str = include_str!("../data/country_groups.csv");

const GROUPS_CITE: &str = "15 CFR part 740, Supp. No. 1";

/// The first column shows the state of 2025-05-15, the second that of 2026-09-24.
const GROUPS: [(&str, &str, &str, [&str; 2]); 9] = [
    ("A:1", "Country Group A:1: Wassenaar participating states", GROUPS_CITE, ["a1", "a1"]),
    ("A:5", "Country Group A:5", GROUPS_CITE, ["a5_2025", "a5_2026"]),
    ("A:6", "Country Group A:6", GROUPS_CITE, ["a6", "a6"]),
    ("D:1", "Country Group D:1: national security", GROUPS_CITE, ["d1", "d1"]),
    ("D:4", "Country Group D:4: missile technology", GROUPS_CITE, ["d4_2025", "d4_2026"]),
    (
        "D:5",
        "Country Group D:5: U.S. arms-embargoed countries",
        GROUPS_CITE,
        ["d5_2025", "d5_2026"],
    ),
    ("E:1", "Country Group E:1: terrorist-supporting countries", GROUPS_CITE, ["e1", "e1"]),
    ("E:2", "Country Group E:2: unilateral embargo", GROUPS_CITE, ["e2", "e2"]),
    (
        "Supplement 5(a)",
        "Destinations of paragraph (a) of Supplement No. 5 to part 740",
        "15 CFR part 740, Supp. No. 5",
        ["supp5a", "supp5a"],
    ),
];

/// A membership that has not always been: group, country, first day, end day, where it is laid down.
type Change =
    (&'static str, &'static str, Option<&'static str>, Option<&'static str>, &'static str);

/// Every change that the two columns show has to be here, with its day.
const CHANGES: [Change; 5] = [
    ("A:5", "AE", Some("2026-07-10"), None, "91 FR 43038"),
    ("D:4", "AE", None, Some("2026-07-10"), "91 FR 43038"),
    (
        "D:5",
        "KH",
        None,
        // The State Department's list controls, so its day counts and not 2026-02-03, when the
        // table was corrected.
        Some("2025-11-07"),
        "removed from 22 CFR 126.1 on 2025-11-07, which controls by the note to Country Group D:5; table corrected on 2026-02-03",
    ),
    ("D:1", "NI", Some("2024-03-15"), None, "89 FR 18780"),
    ("D:5", "NI", Some("2024-03-15"), None, "89 FR 18780"),
];

/// The first day of a group that has not always been, for all its members.
fn begins(group: &str) -> Option<&'static str> {
    // 90 FR 4544 made Supplement No. 5.
    (group == "Supplement 5(a)").then_some("2025-01-13")
}

/// The dated groups of countries.
pub(crate) fn all() -> Vec<Group> {
    let table = Table::read(DATA);
    let group = |(name, title, cite, columns): &(&str, &str, &str, [&str; 2])| Group {
        name: (*name).to_owned(),
        title: (*title).to_owned(),
        cite: (*cite).to_owned(),
        members: table
            .rows()
            .filter(|row| columns.iter().any(|column| row.get(column) == "1"))
            .map(|row| member(name, row))
            .collect(),
    };
    GROUPS.iter().map(group).collect()
}

fn member(group: &str, row: Row<'_>) -> Member {
    let country = row.get("iso2");
    let change = CHANGES.iter().find(|change| (change.0, change.1) == (group, country));
    let (from, until, cite) = change.map_or((None, None, None), |change| {
        (change.2.map(str::to_owned), change.3.map(str::to_owned), Some(change.4))
    });
    let cite = cite.or_else(|| belongs_to_another(country));
    let from = from.or_else(|| begins(group).map(str::to_owned));
    Member { country: country.to_owned(), from, until, cite: cite.map(str::to_owned) }
}

/// Why a territory without a row of its own in the regulations is in a group.
fn belongs_to_another(country: &str) -> Option<&'static str> {
    match country {
        "HK" => Some("15 CFR part 740, Supp. No. 1, row of China: Hong Kong is treated as China"),
        "AS" | "GU" | "MP" | "PR" | "UM" | "VI" => {
            Some("15 CFR 772.1: a territory that is part of the United States")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(group: &str, day: &str) -> Vec<String> {
        let groups = all();
        let group = groups.iter().find(|g| g.name == group).unwrap();
        let stands = |member: &&Member| {
            member.from.as_deref().is_none_or(|from| from <= day)
                && member.until.as_deref().is_none_or(|until| day < until)
        };
        group.members.iter().filter(stands).map(|member| member.country.clone()).collect()
    }

    #[test]
    fn both_columns_of_the_data_are_the_groups_on_their_days() {
        let table = Table::read(DATA);
        for (name, _, _, columns) in GROUPS {
            for (column, day) in columns.into_iter().zip(["2025-05-15", "2026-09-24"]) {
                let expected: Vec<_> = table
                    .rows()
                    .filter(|row| row.get(column) == "1")
                    .map(|row| row.get("iso2").to_owned())
                    .collect();
                assert_eq!(members(name, day), expected, "{name} on {day}");
            }
        }
    }

    /// The counts of the regulations, without Hong Kong and the territories of the United States.
    #[test]
    fn the_counts_are_those_of_the_regulations() {
        let count = |group: &str, day: &str| {
            let others = ["HK", "AS", "GU", "MP", "PR", "UM", "VI"];
            members(group, day).iter().filter(|c| !others.contains(&c.as_str())).count()
        };
        for (group, in_2025, in_2026) in [
            ("A:1", 40, 40),
            ("A:5", 37, 38),
            ("A:6", 8, 8),
            ("D:1", 24, 24),
            ("D:4", 22, 21),
            ("D:5", 23, 22),
            ("E:1", 3, 3),
            ("E:2", 1, 1),
            ("Supplement 5(a)", 19, 19),
        ] {
            assert_eq!(count(group, "2025-05-15"), in_2025, "{group}");
            assert_eq!(count(group, "2026-09-24"), in_2026, "{group}");
        }
    }

    #[test]
    fn changes_take_effect_on_their_day() {
        for (group, country, last_before, first_after, before) in [
            ("A:5", "AE", "2026-07-09", "2026-07-10", false),
            ("D:4", "AE", "2026-07-09", "2026-07-10", true),
            ("D:5", "KH", "2025-11-06", "2025-11-07", true),
            ("D:1", "NI", "2024-03-14", "2024-03-15", false),
            ("D:5", "NI", "2024-03-14", "2024-03-15", false),
            ("Supplement 5(a)", "JP", "2025-01-12", "2025-01-13", false),
        ] {
            assert_eq!(members(group, last_before).iter().any(|c| c == country), before);
            assert_eq!(members(group, first_after).iter().any(|c| c == country), !before);
        }
    }
}
