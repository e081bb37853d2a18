//! What countries are called by people who do not write as ISO 3166 does.
//!
//! A name stands here only if it means one country and no other: `Korea` and `Congo` alone do not. It
//! says nothing of whether a law counts a territory as a part of another; that is for groups to say.

/// Names in common use, with the code of the country that each means. Compared as [`folded`] gives them.
#[rustfmt::skip]
pub(crate) const COMMON_NAMES: &[(&str, &str)] = &[
    ("UAE", "AE"), ("Emirates", "AE"),
    ("Antigua", "AG"),
    ("Bosnia", "BA"), ("Bosnia-Hercegovina", "BA"),
    ("Brunei", "BN"),
    ("Bolivia", "BO"),
    ("Byelorussia", "BY"), ("Belorussia", "BY"),
    ("Cocos Islands", "CC"), ("Keeling Islands", "CC"),
    ("DR Congo", "CD"), ("DRC", "CD"), ("Democratic Republic of Congo", "CD"), ("Congo-Kinshasa", "CD"),
    ("Republic of the Congo", "CG"), ("Republic of Congo", "CG"), ("Congo-Brazzaville", "CG"),
    ("CAR", "CF"),
    ("Swiss Confederation", "CH"),
    ("Ivory Coast", "CI"), ("Cote dIvoire", "CI"),
    ("PRC", "CN"), ("People's Republic of China", "CN"), ("PR China", "CN"), ("Mainland China", "CN"),
    ("Cape Verde", "CV"),
    ("Curacao", "CW"),
    ("Czech Republic", "CZ"),
    ("Federal Republic of Germany", "DE"),
    ("Spanish State", "ES"),
    ("Falkland Islands", "FK"), ("Falklands", "FK"), ("Malvinas", "FK"),
    ("Micronesia", "FM"),
    ("Faeroe Islands", "FO"), ("Faroes", "FO"),
    ("UK", "GB"), ("Great Britain", "GB"), ("Britain", "GB"), ("England", "GB"), ("Scotland", "GB"),
    ("Wales", "GB"), ("Northern Ireland", "GB"),
    ("United Kingdom of Great Britain and Northern Ireland", "GB"),
    ("EL", "GR"), ("Hellas", "GR"), ("Hellenic Republic", "GR"),
    ("The Gambia", "GM"),
    ("Hong Kong SAR", "HK"), ("Hongkong", "HK"),
    ("Republic of Ireland", "IE"), ("Eire", "IE"),
    ("Iran", "IR"), ("Persia", "IR"),
    ("Kirghizstan", "KG"), ("Kyrgyz Republic", "KG"),
    ("Saint Kitts", "KN"),
    ("North Korea", "KP"), ("DPRK", "KP"), ("Korea, North", "KP"),
    ("South Korea", "KR"), ("ROK", "KR"), ("Korea, South", "KR"),
    ("Laos", "LA"), ("Lao PDR", "LA"),
    ("Moldova", "MD"), ("Moldavia", "MD"),
    ("Macedonia", "MK"), ("FYROM", "MK"),
    ("Burma", "MM"),
    ("Macau", "MO"), ("Macau SAR", "MO"), ("Macao SAR", "MO"),
    ("Holland", "NL"), ("The Netherlands", "NL"),
    ("Palestine", "PS"), ("Palestinian Territories", "PS"), ("Palestinian Territory, Occupied", "PS"),
    ("Reunion", "RE"),
    ("Russia", "RU"),
    ("KSA", "SA"), ("Kingdom of Saudi Arabia", "SA"),
    ("Saint Helena", "SH"),
    ("Slovak Republic", "SK"),
    ("Surinam", "SR"),
    ("Sao Tome", "ST"),
    ("Sint Maarten", "SX"),
    ("Syria", "SY"),
    ("Swaziland", "SZ"),
    ("East Timor", "TL"),
    ("Turkey", "TR"), ("Republic of Türkiye", "TR"),
    ("Trinidad", "TT"),
    ("Taiwan", "TW"), ("Chinese Taipei", "TW"),
    ("Tanzania", "TZ"),
    ("The Ukraine", "UA"),
    ("USA", "US"), ("America", "US"), ("United States of America", "US"),
    ("Vatican", "VA"), ("Vatican City", "VA"), ("Holy See", "VA"),
    ("Saint Vincent", "VC"),
    ("Venezuela", "VE"),
    ("British Virgin Islands", "VG"), ("BVI", "VG"),
    ("US Virgin Islands", "VI"),
    ("Vietnam", "VN"),
    ("RSA", "ZA"),
];

/// A name as it is compared: small letters without marks, single spaces, no article before it.
/// `U.S.A.` is `usa`, `St. Lucia` is `saint lucia`, `Côte d’Ivoire` is `cote d ivoire`.
pub(crate) fn folded(name: &str) -> String {
    let mut spaced = String::with_capacity(name.len());
    for sign in name.chars().flat_map(char::to_lowercase) {
        match sign {
            '&' => spaced.push_str(" and "),
            _ if sign.is_alphanumeric() => {
                spaced.push_str(without_mark(sign).encode_utf8(&mut [0; 4]));
            }
            // The dot over the Turkish capital i is a sign of its own in small letters.
            '\u{307}' => {}
            _ => spaced.push(' '),
        }
    }
    let mut words: Vec<String> = Vec::new();
    let mut letters_before = false;
    for word in spaced.split_whitespace() {
        let letter = word.chars().count() == 1;
        match words.last_mut() {
            Some(before) if letter && letters_before => before.push_str(word),
            _ => words.push(if word == "st" { "saint".to_owned() } else { word.to_owned() }),
        }
        letters_before = letter;
    }
    if words.len() > 1 && words.first().is_some_and(|word| word == "the") {
        words.remove(0);
    }
    words.join(" ")
}

fn without_mark(sign: char) -> char {
    match sign {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'ç' => 'c',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' | 'ı' => 'i',
        'ñ' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        other => other,
    }
}

/// `Korea, Republic of` as people say it: `Republic of Korea`.
pub(crate) fn turned(name: &str) -> Option<String> {
    let (last, first) = name.split_once(", ")?;
    Some(format!("{first} {last}"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::Country;
    use crate::country::CountryStanding;

    #[test]
    fn names_are_compared_without_marks_points_and_articles() {
        assert_eq!(folded("U.S.A."), "usa");
        assert_eq!(folded("U.S. Virgin Islands"), "us virgin islands");
        assert_eq!(folded("The  Côte d’Ivoire"), "cote d ivoire");
        assert_eq!(folded("St. Vincent & the Grenadines"), "saint vincent and the grenadines");
        assert_eq!(folded("TÜRKİYE"), "turkiye");
        assert_eq!(folded("the"), "the");
    }

    #[test]
    fn each_common_name_means_one_country_that_there_is() {
        let mut seen = BTreeSet::new();
        for (name, code) in COMMON_NAMES {
            assert!(seen.insert(folded(name)), "{name} stands twice");
            let meant = Country::from_code(code).unwrap();
            let standing = meant.entry().unwrap().standing;
            assert!(!matches!(standing, CountryStanding::Withdrawn(..)), "{name}");
            assert_eq!(Country::from_name(name), Some(meant), "{name}");
        }
    }

    #[test]
    fn names_as_people_write_them_are_understood() {
        let cases = [
            ("syria", "SY"),
            ("South Korea", "KR"),
            ("Republic of Korea", "KR"),
            ("Democratic People's Republic of Korea", "KP"),
            ("Türkiye", "TR"),
            ("turkey", "TR"),
            ("Vietnam", "VN"),
            ("Viet Nam", "VN"),
            ("U.A.E.", "AE"),
            ("uk", "GB"),
            ("USA", "US"),
            ("the United States", "US"),
            ("Côte d’Ivoire", "CI"),
            ("Burma", "MM"),
            ("Macau", "MO"),
            ("Islamic Republic of Iran", "IR"),
            ("United Republic of Tanzania", "TZ"),
            ("South_Korea", "KR"),
            ("East Timor", "TL"),
            ("Zaire", "ZR"),
            ("POL", "PL"),
        ];
        for (name, code) in cases {
            assert_eq!(Country::from_name(name), Country::from_code(code), "{name}");
        }
        for name in ["Korea", "Virgin Islands", "Republic of China", "", "Atlantis", "Syri"] {
            assert_eq!(Country::from_name(name), None, "{name}");
        }
    }
}
