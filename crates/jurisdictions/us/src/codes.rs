use exeat_model::{CodeEntry, CodeListDescription, Interval, date_from_text};
use smol_str::SmolStr;

/// The part of the Commerce Control List that advanced computing items fall into: code, title, first day.
const ENTRIES: &[(&str, &str, &str)] = &[
    ("3A001", "Electronic items", ""),
    ("3A001.z", "Items of 3A001 that also meet 3A090", "2023-11-17"),
    ("3A090", "Advanced integrated circuits", "2022-10-21"),
    ("3A090.a", "Circuits of 4800 TPP, or of 1600 TPP and a density of 5.92", "2023-11-17"),
    ("3A090.a.1", "4800 TPP or more", "2023-11-17"),
    ("3A090.a.2", "1600 TPP or more and a density of 5.92 or more", "2023-11-17"),
    ("3A090.b", "Circuits below 3A090.a", "2023-11-17"),
    ("3A090.b.1", "2400 to 4800 TPP and a density of 1.6 to 5.92", "2023-11-17"),
    ("3A090.b.2", "1600 TPP or more and a density of 3.2 to 5.92", "2023-11-17"),
    ("3A090.c", "High-bandwidth memory", "2024-12-02"),
    ("3A991", "Electronic devices not controlled by 3A001", ""),
    ("3D001", "Software for 3A and 3B items", ""),
    ("3E001", "Technology for 3A and 3B items", ""),
    ("4A003", "Digital computers", ""),
    ("4A003.z", "Items of 4A003 that also meet 4A090", "2023-11-17"),
    ("4A003.z.1", "4A003.b and .c that also meet 4A090", "2023-11-17"),
    ("4A003.z.2", "4A003.g that also meets 4A090", "2023-11-17"),
    (
        "4A090",
        "Computers, assemblies and components with advanced integrated circuits",
        "2022-10-21",
    ),
    ("4A090.a", "With a circuit that meets 3A090.a", "2023-11-17"),
    ("4A090.b", "With a circuit that meets 3A090.b", "2023-11-17"),
    ("4A994", "Computers not controlled by 4A001 or 4A003", ""),
    ("4D090", "Software for 4A090 items", "2023-11-17"),
    ("4E001", "Technology for 4A and 4D items", ""),
    ("4E091", "Model weights", "2025-01-13"),
    ("5A992", "Mass-market encryption items", ""),
    ("5A992.z", "Items of 5A992 that also meet 3A090 or 4A090", "2023-11-17"),
    ("5A992.z.1", "Meeting 3A090.a or 4A090.a", "2023-11-17"),
    ("5A992.z.2", "Meeting 3A090.b or 4A090.b", "2023-11-17"),
];

/// The code list `us.eccn`.
pub(crate) fn eccn() -> CodeListDescription {
    let entries = ENTRIES.iter().map(|(code, title, from)| CodeEntry {
        code: (*code).into(),
        title: (*title).to_owned(),
        parent: code.rsplit_once('.').map(|(parent, _)| parent.into()),
        meets: meets(code),
        interval: Interval { from: date_from_text(from), until: None },
    });
    CodeListDescription {
        name: "eccn".into(),
        title: "Export Control Classification Numbers of advanced computing items (a part of the Commerce Control List)".to_owned(),
        entries: entries.collect(),
    }
}

/// The entries whose parameters an item of the mass-market `.z` paragraphs meets.
fn meets(code: &str) -> Vec<SmolStr> {
    match code {
        "5A992.z.1" => vec!["4A090.a".into()],
        "5A992.z.2" => vec!["4A090.b".into()],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parent_stands_in_the_list() {
        let list = eccn();
        for entry in &list.entries {
            for other in entry.parent.iter().chain(&entry.meets) {
                assert!(list.entries.iter().any(|known| known.code == *other), "{other}");
            }
        }
    }
}
