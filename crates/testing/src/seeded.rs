//! Rules with one fault of a known kind, and the same rules without it: for tests of the analysis.

use std::fmt::Write as _;

use crate::Random;

/// A rule set with a fault, and how it reads without.
#[derive(Clone, Debug)]
pub struct Seeded {
    /// The code of the finding that the fault is.
    pub code: &'static str,
    /// The rules with the fault.
    pub faulty: String,
    /// The same rules without it.
    pub sound: String,
}

const HEAD: &str = r#"edition 2026
module seeded { title "Seeded" cite "Act" }
scale grade { free "free" effect free  one "one" effect free_with_conditions  two "two" effect free_with_conditions
  three "three" effect authorisation_needed  four "four" effect prohibited }
fact destination : country
fact quantity : number
fact weight : number
fact certified : yes_no
fact origin : country
fact mass : number
fact assembled : yes_no
reading wording { default broad "the text" cite "Act" narrow "the practice" cite "Notice" }
assume quantity >= 0 because "a count"
decision license : grade { title "Licence" combine strictest otherwise free cite "Act, 1" }
decision permit : grade { title "Permit" combine unique otherwise free cite "Act, 2" }
"#;

/// The outcomes in their order, for bands that follow each other.
const GRADES: [&str; 4] = ["one", "two", "three", "four"];
const PLACES: [&str; 6] = ["SY", "IR", "CN", "RU", "CU", "KP"];
/// All kinds of findings, each with the code of [`Seeded::code`].
pub const KINDS: [&str; 12] = [
    "A001", "A002", "A003", "A004", "A005", "A006", "A007", "A008", "A009", "A010", "A011", "A012",
];

fn rule(text: &mut String, kind: &str, name: &str, body: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{kind} {name} {{ title \"{name}\" cite \"Act, {name}\" {body} }}");
}

/// Bands of a quantity for some places that meet without a hole; at one seam they may not.
fn bands(random: &mut Random, what: &str, fault: Option<&str>) -> (String, String) {
    let place = *random.one(&PLACES);
    let points: Vec<usize> = {
        let first = 80 + random.below(200);
        let second = first + 100 + random.below(300);
        vec![first, second, second + 200 + random.below(400)]
    };
    let broken = random.below(points.len());
    let gap = 1 + random.below(9);
    let [mut faulty, mut sound] = [String::new(), String::new()];
    for (at, grade) in GRADES.iter().enumerate() {
        let low = at.checked_sub(1).and_then(|before| points.get(before));
        let high = points.get(at);
        for (text, fault) in [(&mut faulty, fault), (&mut sound, None)] {
            let mut body = format!("when destination is {place}");
            if let Some(low) = low {
                let here = at.checked_sub(1) == Some(broken);
                let (sign, low) = match fault {
                    Some("A006") if here && gap > 5 => (">=", low + gap),
                    Some("A006") if here => (">", *low),
                    Some("A007") if here && gap > 5 => (">=", low - gap),
                    _ => (">=", *low),
                };
                let _ = write!(body, " and {what} {sign} {low}");
            }
            if let Some(high) = high {
                let overlaps = fault == Some("A007") && at == broken && gap <= 5;
                let sign = if overlaps { "<=" } else { "<" };
                let _ = write!(body, " and {what} {sign} {high}");
            }
            let _ = write!(body, " then license is {grade}");
            rule(text, "rule", &format!("band{at}"), &body);
        }
    }
    (faulty, sound)
}

/// What conflicts, gaps, readings, assertions and acceptances can be wrong in. Each has a place of origin of its
/// own, and a fact that no band asks.
fn claims(text: &mut String, fault: Option<&str>, (limit, more): (usize, usize), accepted: &str) {
    rule(text, "rule", "held", "when origin is SD and assembled then permit is two");
    let apart = if fault == Some("A004") { "" } else { " and not assembled" };
    let body = format!("when origin is SD{apart} and mass > {limit} then permit is three");
    rule(text, "rule", "seized", &body);

    let body = format!("when origin is ER and mass > {limit} then permit is one");
    rule(text, "rule", "heavy", &body);
    let less = if fault == Some("A005") { " and assembled" } else { "" };
    let body = format!("when origin is ER and mass <= {limit}{less} then permit is two");
    rule(text, "rule", "light", &body);
    text.push_str("assert eritrea { covers permit when origin is ER }\n");

    let narrow = if fault == Some("A010") { limit } else { more };
    for (choice, limit) in [("broad", limit), ("narrow", narrow)] {
        let body = format!(
            "under wording.{choice} when origin is LY and mass > {limit} then license is two"
        );
        rule(text, "rule", choice, &body);
    }

    let body = format!("when origin is SO and mass >= {limit} then license is four");
    rule(text, "rule", "forbidden", &body);
    let sign = if fault == Some("A011") { "<=" } else { "<" };
    // Writing to a string cannot fail.
    let _ = writeln!(
        text,
        "assert somalia {{ never license is four when origin is SO and destination is PL and mass {sign} {limit} }}"
    );

    let accepted = match fault {
        Some("A012") => format!(" accepted {accepted} because \"kept\" cite \"Act\""),
        _ => String::new(),
    };
    rule(text, "rule", "quoted", &format!("when origin is ET then license is one{accepted}"));
}

impl Seeded {
    /// Rules with a fault of a kind of [`KINDS`].
    pub fn of_kind(random: &mut Random, code: &'static str) -> Self {
        let what = *random.one(&["quantity", "weight"]);
        let (faulty_bands, sound_bands) = bands(random, what, Some(code));
        let [mut faulty, mut sound] = [faulty_bands, sound_bands];
        let limit = 50 + random.below(1000);
        let more = limit + 1 + random.below(100);
        let random_acceptance = *random.one(&["A001", "A003", "A006"]);
        // The rules that the other faults are in; they are there without a fault too.
        let (never, always) = (format!("{limit}"), format!("{more}"));
        let base = "when destination in { VE, MM }";
        for (text, fault) in [(&mut faulty, Some(code)), (&mut sound, None)] {
            let (low, high) =
                if fault == Some("A001") { (&always, &never) } else { (&never, &always) };
            let body = format!(
                "{base} and quantity * weight > {low} and quantity * weight < {high} then license is two"
            );
            rule(text, "rule", "product", &body);
            let body =
                format!("when destination is ZW and quantity > {limit} then license is three");
            rule(text, "rule", "large", &body);
            let body = match fault {
                Some("A002") => format!("when destination is ZW and quantity < {limit}"),
                Some("A003") => format!("when quantity >= {limit}"),
                _ => format!("when quantity > {more}"),
            };
            rule(text, "exception", "beyond to large", &body.replace("beyond to large", "beyond"));
            let days = if fault == Some("A008") { "from 2025-02-01" } else { "from 2025-01-01" };
            rule(
                text,
                "rule",
                "before",
                "until 2025-01-01 when destination is BY then license is two",
            );
            rule(
                text,
                "rule",
                "after",
                &format!("{days} when destination is BY then license is two"),
            );
            let other = if fault == Some("A009") { "two" } else { "three" };
            rule(text, "rule", "with", "when destination is SD and certified then license is two");
            let body = format!("when destination is SD and not certified then license is {other}");
            rule(text, "rule", "without_it", &body);
            claims(text, fault, (limit, more), random_acceptance);
        }
        Self { code, faulty: format!("{HEAD}{faulty}"), sound: format!("{HEAD}{sound}") }
    }
}
