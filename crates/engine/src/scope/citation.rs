//! Citations as places in the law: which law, which part of it, which section.
//!
//! Citations are free text; here the usual shapes are recognised so that they can be put together and
//! in order. What has no known shape is a law of its own under its literal text: nothing is lost.

use std::cmp::Ordering;

/// A place in the law, as far as things are put together by it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The law: `15 CFR`, `Federal Register`, `Regulation (EU) 2021/821`, or a citation as it stands.
    pub law: Label,
    /// The part: `part 742`, `Article 4`.
    pub part: Option<Label>,
    /// The section in it: `742.6`, `Article 4(1)`.
    pub section: Option<Label>,
}

/// A name whose numbers are ordered as numbers: 742.6 before 742.13.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label(pub String);

/// Words before the number of an article, an annex or the like.
const DIVISIONS: [&str; 14] = [
    "Article", "Articles", "Art.", "Annex", "Section", "Sections", "section", "sections", "Sec.",
    "§", "§§", "Schedule", "Chapter", "Recital",
];

/// The places that a citation names, at least one, each once and in the order in which it names them.
pub fn places(citation: &str) -> Vec<Place> {
    let mut found: Vec<Place> = Vec::new();
    let mut title: Option<String> = None;
    for piece in citation.split(';').map(str::trim).filter(|piece| !piece.is_empty()) {
        let (known, places) = of_piece(piece, title.as_deref());
        title = known;
        for place in places {
            if !found.contains(&place) {
                found.push(place);
            }
        }
    }
    // A sentence is one citation, whatever signs stand in it.
    if found.iter().all(|place| place.part.is_none() && place.section.is_none()) {
        return vec![Place::law(citation.trim())];
    }
    found
}

/// The places of one piece of a citation, and the title of the CFR in which the next one may go on.
fn of_piece(piece: &str, title: Option<&str>) -> (Option<String>, Vec<Place>) {
    let words: Vec<&str> = piece.split_whitespace().collect();
    if let [number, code, rest @ ..] = words.as_slice()
        && is_number(number)
    {
        match without_dots(code).as_str() {
            "CFR" => {
                let law = format!("{number} CFR");
                let places = of_regulations(&law, &rest.join(" "));
                return (Some(law), places);
            }
            "FR" => return (None, vec![of_register(number, rest)]),
            "USC" => return (None, vec![of_code(number, &rest.join(" "))]),
            "Fed" if rest.first().is_some_and(|word| without_dots(word) == "Reg") => {
                return (None, vec![of_register(number, rest.get(1..).unwrap_or(&[]))]);
            }
            _ => {}
        }
    }
    if let Some(law) = title
        && section_number(piece).is_some()
    {
        return (Some(law.to_owned()), of_regulations(law, piece));
    }
    (None, vec![of_division(piece)])
}

/// `742.6(a)(6), 742.6(a)(13)`, `part 774, Supp. No. 1, 3A090.a.1`, `parts 744, 746`, `744`.
fn of_regulations(law: &str, rest: &str) -> Vec<Place> {
    let place = |part: Option<&str>, section: Option<String>| Place {
        law: Label::new(law),
        part: part.map(|part| Label(format!("part {part}"))),
        section: section.map(Label),
    };
    let rest = rest.trim_start_matches(['§', ' ']);
    if let Some((supplement, part)) = rest.split_once(" to part ")
        && let Some(supplement) = supplement_of(supplement)
    {
        return vec![place(Some(first_number(part)), Some(supplement))];
    }
    let (several, numbers) = match rest.split_once(' ') {
        Some(("part" | "Part" | "pt.", numbers)) => (false, numbers),
        Some(("parts" | "Parts", numbers)) => (true, numbers),
        _ => (true, rest),
    };
    let mut found: Vec<Place> = Vec::new();
    for piece in numbers.split([',', '&']).flat_map(|piece| piece.split(" and ")).map(str::trim) {
        let piece = piece.trim_start_matches(['§', ' ']);
        if let Some((part, section)) = section_number(piece).filter(|_| several) {
            found.push(place(Some(part), Some(section.to_owned())));
        } else if is_parts(piece) && (several || found.is_empty()) {
            found.push(place(Some(piece), None));
        } else if let Some(supplement) = supplement_of(piece)
            && let Some(last) = found.last_mut().filter(|last| last.section.is_none())
        {
            // Only what follows a part as a whole says where in it.
            last.section = Some(Label(supplement));
        } else if found.is_empty() {
            let literal = Some(rest.to_owned()).filter(|rest| !rest.is_empty());
            return vec![place(None, literal)];
        }
        // The rest says more of the place before it: `3A090.a.1`, `(c)`, `Note 2 to 3A090`.
    }
    found
}

/// `90 FR 4544`: volumes are the parts of the Register.
fn of_register(volume: &str, rest: &[&str]) -> Place {
    let page = rest.first().map(|page| page.trim_end_matches(','));
    Place {
        law: Label::new("Federal Register"),
        part: Some(Label(format!("{volume} FR"))),
        section: page.map(|page| Label(format!("{volume} FR {page}"))),
    }
}

/// `50 U.S.C. 4812(b)`.
fn of_code(title: &str, rest: &str) -> Place {
    let section = rest.trim_start_matches(['§', ' ']);
    let number = section.split(['(', ',', ' ']).next().filter(|number| !number.is_empty());
    Place {
        law: Label(format!("{title} U.S.C.")),
        part: number.map(|number| Label(format!("section {number}"))),
        section: None,
    }
}

/// `Regulation (EU) 2021/821, Article 4(1)`, `Article 4 of Regulation (EU) 2021/821`,
/// `Example Act, section 2`; or else the literal text.
fn of_division(piece: &str) -> Place {
    let commas = piece.match_indices(", ").map(|(at, comma)| (at, at.saturating_add(comma.len())));
    for (before, after) in commas {
        let (Some(law), Some(rest)) = (piece.get(..before), piece.get(after..)) else { continue };
        if let Some((part, section)) = division(rest) {
            return Place { law: Label::new(law), part: Some(part), section };
        }
    }
    if let Some((first, law)) = piece.split_once(" of ")
        && !first.contains(',')
        && let Some((part, section)) = division(first)
    {
        return Place { law: Label::new(law), part: Some(part), section };
    }
    Place::law(piece)
}

/// `Article 4(1)(a)` as the article and its paragraph.
fn division(text: &str) -> Option<(Label, Option<Label>)> {
    let (word, rest) = text.split_once([' ', '\u{a0}'])?;
    if !DIVISIONS.contains(&word) {
        return None;
    }
    let number = rest.split(['(', ',', ' ']).next().filter(|number| !number.is_empty())?;
    let part = format!("{word} {number}");
    let paragraph = rest
        .strip_prefix(number)
        .filter(|more| more.starts_with('('))
        .and_then(|more| more.split_once(')'))
        .map(|(paragraph, _)| Label(format!("{part}{paragraph})")));
    Some((Label(part), paragraph))
}

/// `742.6` at the beginning of a text, with its part.
fn section_number(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|sign: char| !(sign.is_ascii_alphanumeric() || sign == '.' || sign == '-'));
    let number = text.get(..end.unwrap_or(text.len()))?.trim_end_matches('.');
    let (part, section) = number.split_once('.')?;
    let first = section.chars().next().is_some_and(|sign| sign.is_ascii_digit());
    (is_number(part) && first).then_some((part, number))
}

/// `Supp. No. 1` of `Supplement No. 1` and the like.
fn supplement_of(text: &str) -> Option<String> {
    let rest = text.strip_prefix("Supplement").or_else(|| text.strip_prefix("Supp."))?.trim_start();
    let number = rest.strip_prefix("No.").unwrap_or(rest).trim_start();
    let number = number.split([' ', '(', ',']).next().filter(|number| is_number(number))?;
    Some(format!("Supp. No. {number}"))
}

/// `744`, or a range as `730-774`.
fn is_parts(text: &str) -> bool {
    text.split(['-', '–']).all(is_number)
}

fn first_number(text: &str) -> &str {
    text.split([' ', ',', '(']).next().unwrap_or(text)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|sign| sign.is_ascii_digit())
}

fn without_dots(text: &str) -> String {
    text.replace('.', "")
}

impl Place {
    fn law(text: &str) -> Self {
        Self { law: Label::new(text), part: None, section: None }
    }
}

impl Label {
    pub(super) fn new(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl PartialOrd for Label {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Label {
    fn cmp(&self, other: &Self) -> Ordering {
        chunks(&self.0).cmp(&chunks(&other.0)).then_with(|| self.0.cmp(&other.0))
    }
}

/// Numbers and what stands between them. A longer number without leading noughts is the greater.
fn chunks(text: &str) -> Vec<(bool, usize, &str)> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let digits = first.is_ascii_digit();
        let end = rest.find(|sign: char| sign.is_ascii_digit() != digits).unwrap_or(rest.len());
        let (chunk, more) = rest.split_at_checked(end).unwrap_or((rest, ""));
        if digits {
            let number = chunk.trim_start_matches('0');
            found.push((false, number.len(), number));
        } else {
            found.push((true, 0, chunk));
        }
        rest = more;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(citation: &str) -> String {
        let place = |place: Place| {
            let rest = [place.part, place.section];
            let names = std::iter::once(place.law).chain(rest.into_iter().flatten());
            names.map(|label| label.0).collect::<Vec<_>>().join(" > ")
        };
        places(citation).into_iter().map(place).collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn the_usual_shapes_are_places() {
        for (citation, expected) in [
            ("15 CFR 742.6(a)(6)(iii)(A)", "15 CFR > part 742 > 742.6"),
            ("15 C.F.R. § 742.6", "15 CFR > part 742 > 742.6"),
            ("15 CFR 736.2(b)(5)", "15 CFR > part 736 > 736.2"),
            ("15 CFR 740.8(a)(1), (c)", "15 CFR > part 740 > 740.8"),
            ("15 CFR 742.6(a)(6), 742.6(a)(13)", "15 CFR > part 742 > 742.6"),
            (
                "15 CFR 742.4, 742.6 and 744.23",
                "15 CFR > part 742 > 742.4 | 15 CFR > part 742 > 742.6 | 15 CFR > part 744 > 744.23",
            ),
            (
                "15 CFR 742.6; 744.23(a)(3)",
                "15 CFR > part 742 > 742.6 | 15 CFR > part 744 > 744.23",
            ),
            ("15 CFR 744", "15 CFR > part 744"),
            ("15 CFR part 744", "15 CFR > part 744"),
            ("15 CFR parts 744, 746", "15 CFR > part 744 | 15 CFR > part 746"),
            ("15 CFR parts 744 & 746", "15 CFR > part 744 | 15 CFR > part 746"),
            ("15 CFR parts 730-774", "15 CFR > part 730-774"),
            ("15 CFR part 774, Supp. No. 1, 3A090.a.1", "15 CFR > part 774 > Supp. No. 1"),
            (
                "15 CFR part 774, Supp. No. 1, 3A090.c, 4D090, 4E091",
                "15 CFR > part 774 > Supp. No. 1",
            ),
            ("15 CFR part 774, Supp. No. 1, Note 2 to 3A090", "15 CFR > part 774 > Supp. No. 1"),
            ("15 CFR Supplement No. 5 to part 740, (a)", "15 CFR > part 740 > Supp. No. 5"),
            ("22 CFR 126.1", "22 CFR > part 126 > 126.1"),
            ("90 FR 4544", "Federal Register > 90 FR > 90 FR 4544"),
            ("90 Fed. Reg. 4544, 4550", "Federal Register > 90 FR > 90 FR 4544"),
            ("50 U.S.C. 4812(b)", "50 U.S.C. > section 4812"),
            ("Regulation (EU) 2021/821, Article 4", "Regulation (EU) 2021/821 > Article 4"),
            (
                "Regulation (EU) 2021/821, Article 4(1)(a)",
                "Regulation (EU) 2021/821 > Article 4 > Article 4(1)",
            ),
            ("Article 8 of Regulation (EU) 2021/821", "Regulation (EU) 2021/821 > Article 8"),
            ("Regulation (EU) 2021/821, Annex I, 3A001", "Regulation (EU) 2021/821 > Annex I"),
            ("Example Act, section 2", "Example Act > section 2"),
            (
                "90 FR 4544; 88 FR 73458",
                "Federal Register > 90 FR > 90 FR 4544 | Federal Register > 88 FR > 88 FR 73458",
            ),
        ] {
            assert_eq!(shown(citation), expected, "{citation}");
        }
    }

    #[test]
    fn what_has_no_known_shape_stands_as_it_is() {
        for literal in [
            "Form 8-K of NVIDIA Corporation, 2025-04-15",
            "BIS announcement of 2025-05-13",
            "Act 2",
            "removed from 22 CFR 126.1 on 2025-11-07; table corrected later",
            "§",
            "",
        ] {
            assert_eq!(shown(literal), literal);
        }
        assert_eq!(shown("15 CFR"), "15 CFR");
        assert_eq!(shown("15 CFR, the EAR"), "15 CFR, the EAR");
        assert_eq!(shown("15 CFR Chapter VII"), "15 CFR > Chapter VII");
        assert_eq!(shown("90 FR"), "Federal Register > 90 FR");
        assert_eq!(shown(";"), ";");
    }

    #[test]
    fn no_text_breaks_it() {
        let parts = [
            "15 CFR ",
            "part ",
            "742.6",
            ", ",
            "Supp. No.",
            "(",
            ")",
            " of ",
            "Article ",
            "é",
            ";",
            "§",
            " to part ",
        ];
        for a in parts {
            for b in parts {
                for c in parts {
                    assert!(!places(&format!("{a}{b}{c}")).is_empty());
                }
            }
        }
    }

    #[test]
    fn numbers_are_ordered_as_numbers() {
        let mut labels: Vec<Label> =
            ["742.13", "742.6", "Supp. No. 10", "Supp. No. 2", "90 FR 4544", "744.23", "742.06"]
                .map(Label::new)
                .into();
        labels.sort();
        let sorted: Vec<&str> = labels.iter().map(|label| label.0.as_str()).collect();
        assert_eq!(
            sorted,
            ["90 FR 4544", "742.06", "742.6", "742.13", "744.23", "Supp. No. 2", "Supp. No. 10"]
        );
    }
}
