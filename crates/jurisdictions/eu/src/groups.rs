use exeat_plugin_sdk::{Group, Member};

const REGULATION: &str = "Regulation (EU) 2021/821, Annex II";

/// The Member States by the day of their accession.
const ACCESSIONS: [(&str, &str); 8] = [
    ("1958-01-01", "BE DE FR IT LU NL"),
    ("1973-01-01", "DK IE GB"),
    ("1981-01-01", "GR"),
    ("1986-01-01", "ES PT"),
    ("1995-01-01", "AT FI SE"),
    ("2004-05-01", "CY CZ EE HU LT LV MT PL SI SK"),
    ("2007-01-01", "BG RO"),
    ("2013-07-01", "HR"),
];

/// First day on which the United Kingdom was no longer a Member State.
const WITHDRAWAL: &str = "2020-02-01";
/// First day after the transition period, in which the customs territory had stayed the same.
const END_OF_TRANSITION: &str = "2021-01-01";

/// Departments and territories of France with codes of their own. Some are in the customs territory
/// and some are not; EU003 and EU004 name the "French overseas territories" as destinations.
const FRENCH_OVERSEAS: &str = "BL GF GP MF MQ NC PF PM RE TF WF YT";

/// The destinations of EU003 and EU004 without the French overseas territories; Hong Kong and Macao
/// are named with China.
const EU003: &str = "AE AL AR BA BR CL CN HK IN KR KZ MA ME MK MO MX RS SG TN TR UA ZA";

/// The dated groups of countries.
pub(crate) fn all() -> Vec<Group> {
    vec![
        group(
            "member states",
            "Member States of the European Union",
            "Treaties of Accession",
            member_states(),
        ),
        group(
            "customs territory",
            "Countries in the customs territory of the Union",
            "Regulation (EU) No 952/2013, Article 4",
            customs_territory(),
        ),
        group(
            "EU001",
            "Destinations of Union general export authorisation EU001",
            REGULATION,
            eu001(),
        ),
        group(
            "EU002",
            "Destinations of Union general export authorisation EU002",
            REGULATION,
            always("AR KR TR ZA"),
        ),
        group(
            "EU003",
            "Destinations of Union general export authorisations EU003 and EU004",
            REGULATION,
            eu003(),
        ),
        group(
            "EU007",
            "Destinations of Union general export authorisation EU007",
            REGULATION,
            always("AR BR CL ID IL IN JO KR MA MX MY PH SG TH TN ZA"),
        ),
        // Sure of Myanmar only, and of that not from the instrument itself. The others have to be asked for.
        group(
            "arms embargo",
            "Countries known here to be subject to an arms embargo; the list is not complete",
            "Regulation (EU) 2021/821, Article 2(19)",
            always("MM"),
        ),
        group(
            "sanctions to be looked at",
            "Countries with restrictive measures of their own that are not modelled",
            "Regulations on restrictive measures in view of the situation in each of them",
            always("IR KP MM SY VE"),
        ),
        group(
            "French overseas territories",
            "Departments and territories of France with country codes of their own",
            REGULATION,
            always(FRENCH_OVERSEAS),
        ),
    ]
}

fn group(name: &str, title: &str, cite: &str, members: Vec<Member>) -> Group {
    Group { name: name.to_owned(), title: title.to_owned(), cite: cite.to_owned(), members }
}

fn member(country: &str) -> Member {
    Member { country: country.to_owned(), from: None, until: None, cite: None }
}

fn always(countries: &str) -> Vec<Member> {
    countries.split(' ').map(member).collect()
}

fn member_states() -> Vec<Member> {
    let joined = |(day, countries): &(&str, &'static str)| {
        let day = (*day).to_owned();
        let until = |country: &str| (country == "GB").then(|| WITHDRAWAL.to_owned());
        countries.split(' ').map(move |country| Member {
            from: Some(day.clone()),
            until: until(country),
            ..member(country)
        })
    };
    ACCESSIONS.iter().flat_map(joined).collect()
}

/// The same countries, without days of accession: all are older than the Regulation, and a day that
/// cannot matter only lengthens a calendar.
fn customs_territory() -> Vec<Member> {
    let within = |country: &'static str| Member {
        until: (country == "GB").then(|| END_OF_TRANSITION.to_owned()),
        ..member(country)
    };
    ACCESSIONS.iter().flat_map(|(_, countries)| countries.split(' ').map(within)).collect()
}

/// Nine destinations, with Liechtenstein named beside Switzerland. The United Kingdom joined them at
/// the end of the transition period, Iceland with the Regulation of 2021.
fn eu001() -> Vec<Member> {
    let dated = |country: &str, from: &str, cite: &str| Member {
        from: Some(from.to_owned()),
        cite: Some(cite.to_owned()),
        ..member(country)
    };
    let mut members = always("AU CA CH JP LI NO NZ US");
    members.push(dated("GB", END_OF_TRANSITION, "Regulation (EU) 2020/2171"));
    members.push(dated("IS", "2021-09-09", "Regulation (EU) 2021/821, Annex II, EU001"));
    members
}

/// The consolidated text that was read still prints Russia, which the amendment of 2022 removed.
fn eu003() -> Vec<Member> {
    let mut members = always(EU003);
    members.extend(always(FRENCH_OVERSEAS));
    members.push(Member {
        until: Some("2022-05-05".to_owned()),
        cite: Some("Delegated Regulation (EU) 2022/699".to_owned()),
        ..member("RU")
    });
    members
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(group: &str, day: &str) -> Vec<String> {
        let groups = all();
        let group = groups.iter().find(|known| known.name == group).unwrap();
        let stands = |member: &&Member| {
            member.from.as_deref().is_none_or(|from| from <= day)
                && member.until.as_deref().is_none_or(|until| day < until)
        };
        group.members.iter().filter(stands).map(|member| member.country.clone()).collect()
    }

    #[test]
    fn the_united_kingdom_left_twice() {
        for (group, last, first_after) in [
            ("member states", "2020-01-31", "2020-02-01"),
            ("customs territory", "2020-12-31", "2021-01-01"),
        ] {
            assert_eq!(members(group, last).len(), 28, "{group}");
            assert_eq!(members(group, first_after).len(), 27, "{group}");
            assert!(!members(group, first_after).contains(&"GB".to_owned()));
        }
        assert!(!members("EU001", "2020-12-31").contains(&"GB".to_owned()));
        assert!(members("EU001", "2021-01-01").contains(&"GB".to_owned()));
    }

    #[test]
    fn destinations_are_as_many_as_the_annex_names() {
        assert_eq!(members("EU001", "2026-01-01").len(), 10);
        assert_eq!(members("EU002", "2026-01-01").len(), 4);
        assert_eq!(members("EU007", "2026-01-01").len(), 16);
        assert!(members("EU003", "2022-05-04").contains(&"RU".to_owned()));
        assert!(!members("EU003", "2022-05-05").contains(&"RU".to_owned()));
    }

    #[test]
    fn no_country_is_in_a_group_twice() {
        for group in all() {
            let mut countries: Vec<_> = group.members.iter().map(|m| &m.country).collect();
            countries.sort();
            let before = countries.len();
            countries.dedup();
            assert_eq!(countries.len(), before, "{}", group.name);
        }
    }
}
