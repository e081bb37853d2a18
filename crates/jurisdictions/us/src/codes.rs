use exeat_plugin_sdk::{CodeEntry, CodeList};

/// The entries of advanced computing with their titles; an entry's parent is what is left without
/// its last part. Titles of paragraphs are shortened, not quoted.
const ENTRIES: &[(&str, &str)] = &[
    ("3A001", "Electronic items"),
    ("3A001.z", "3A001 items that also meet or exceed the parameters of 3A090"),
    ("3A001.z.1", "monolithic microwave integrated circuit amplifiers that also meet 3A090"),
    ("3A001.z.1.a", "of these, what meets the limits of paragraph .a"),
    ("3A001.z.1.b", "of these, what meets the limits of paragraph .b"),
    ("3A001.z.2", "items rated for missile use that also meet 3A090"),
    ("3A001.z.2.a", "of these, what meets the limits of paragraph .a"),
    ("3A001.z.2.b", "of these, what meets the limits of paragraph .b"),
    ("3A001.z.3", "pulse discharge items of the 3A201 kind that also meet 3A090"),
    ("3A001.z.3.a", "of these, what meets the limits of paragraph .a"),
    ("3A001.z.3.b", "of these, what meets the limits of paragraph .b"),
    ("3A001.z.4", "all other 3A001 items that also meet 3A090"),
    ("3A001.z.4.a", "of these, what meets the limits of paragraph .a"),
    ("3A001.z.4.b", "of these, what meets the limits of paragraph .b"),
    ("3A090", "Integrated circuits"),
    (
        "3A090.a",
        "integrated circuits with one or more digital processing units of high processing performance",
    ),
    ("3A090.a.1", "a total processing performance of 4800 or more"),
    (
        "3A090.a.2",
        "a total processing performance of 1600 or more and a performance density of 5.92 or more",
    ),
    (
        "3A090.b",
        "integrated circuits with one or more digital processing units of medium processing performance",
    ),
    (
        "3A090.b.1",
        "a total processing performance of 2400 or more and less than 4800, and a performance density of 1.6 or more and less than 5.92",
    ),
    (
        "3A090.b.2",
        "a total processing performance of 1600 or more, and a performance density of 3.2 or more and less than 5.92",
    ),
    (
        "3A090.c",
        "high bandwidth memory with a memory bandwidth density of more than 2 gigabytes a second and square millimetre",
    ),
    ("3A991", "Electronic devices and components not controlled by 3A001"),
    ("3D001", "Software for the development or production of electronic items"),
    ("3E001", "Technology for the development or production of electronic items"),
    ("4A003", "Digital computers, electronic assemblies, and related equipment"),
    ("4A003.b", "digital computers"),
    ("4A003.c", "electronic assemblies"),
    ("4A003.g", "equipment for external interconnections"),
    ("4A003.z", "4A003 items that also meet or exceed the parameters of 4A090"),
    ("4A003.z.1", "items of 4A003.b or 4A003.c that also meet 4A090"),
    ("4A003.z.1.a", "of these, what meets the limits of paragraph .a"),
    ("4A003.z.1.b", "of these, what meets the limits of paragraph .b"),
    ("4A003.z.2", "items of 4A003.g that also meet 4A090"),
    ("4A003.z.2.a", "of these, what meets the limits of paragraph .a"),
    ("4A003.z.2.b", "of these, what meets the limits of paragraph .b"),
    ("4A004", "Systolic array, neural and optical computers"),
    ("4A004.z", "4A004 items that also meet or exceed the parameters of 4A090"),
    ("4A004.z.1", "4A004 items that also meet 4A090.a"),
    ("4A004.z.2", "4A004 items that also meet 4A090.b"),
    (
        "4A005",
        "Systems and equipment for the generation, command and control, or delivery of intrusion software",
    ),
    ("4A005.z", "4A005 items that also meet or exceed the parameters of 4A090"),
    ("4A005.z.1", "4A005 items that also meet 4A090.a"),
    ("4A005.z.2", "4A005 items that also meet 4A090.b"),
    (
        "4A090",
        "Computers, electronic assemblies and components that contain integrated circuits of 3A090.a or 3A090.b",
    ),
    (
        "4A090.a",
        "computers, electronic assemblies and components that contain integrated circuits, any of which meets or exceeds the limits in 3A090.a",
    ),
    (
        "4A090.b",
        "computers, electronic assemblies and components that contain integrated circuits, any of which meets or exceeds the limits in 3A090.b",
    ),
    ("4A994", "Computers, electronic assemblies and equipment not controlled by 4A001 or 4A003"),
    ("4D001", "Software for the development or production of computers"),
    (
        "4D090",
        "Software specially designed or modified for the development or production of 4A090 items",
    ),
    ("4D090.a", "software for 4A090.a items"),
    ("4D090.b", "software for 4A090.b items"),
    ("4E001", "Technology for the development, production or use of computers"),
    ("4E091", "Parameters (model weights) of trained artificial intelligence models"),
    ("5A002", "Information security systems, equipment and components"),
    ("5A002.z", "5A002 items that also meet or exceed the parameters of 3A090 or 4A090"),
    ("5A002.z.1", "5A002 items that also meet 3A090 or 4A090, first paragraph"),
    ("5A002.z.1.a", "of these, what meets the limits of paragraph .a"),
    ("5A002.z.1.b", "of these, what meets the limits of paragraph .b"),
    ("5A002.z.2", "5A002 items that also meet 3A090 or 4A090, second paragraph"),
    ("5A002.z.2.a", "of these, what meets the limits of paragraph .a"),
    ("5A002.z.2.b", "of these, what meets the limits of paragraph .b"),
    ("5A002.z.3", "5A002 items that also meet 3A090 or 4A090, third paragraph"),
    ("5A002.z.3.a", "of these, what meets the limits of paragraph .a"),
    ("5A002.z.3.b", "of these, what meets the limits of paragraph .b"),
    ("5A002.z.4", "5A002 items that also meet 3A090 or 4A090, fourth paragraph"),
    ("5A002.z.4.a", "of these, what meets the limits of paragraph .a"),
    ("5A002.z.4.b", "of these, what meets the limits of paragraph .b"),
    ("5A002.z.5", "5A002 items that also meet 3A090 or 4A090, fifth paragraph"),
    ("5A002.z.5.a", "of these, what meets the limits of paragraph .a"),
    ("5A002.z.5.b", "of these, what meets the limits of paragraph .b"),
    (
        "5A004",
        "Systems, equipment and components for defeating, weakening or bypassing information security",
    ),
    ("5A004.z", "5A004 items that also meet or exceed the parameters of 3A090 or 4A090"),
    ("5A004.z.1", "5A004 items that also meet 3A090 or 4A090, first paragraph"),
    ("5A004.z.1.a", "of these, what meets the limits of paragraph .a"),
    ("5A004.z.1.b", "of these, what meets the limits of paragraph .b"),
    ("5A004.z.2", "5A004 items that also meet 3A090 or 4A090, second paragraph"),
    ("5A004.z.2.a", "of these, what meets the limits of paragraph .a"),
    ("5A004.z.2.b", "of these, what meets the limits of paragraph .b"),
    ("5A992", "Information security items not controlled by 5A002"),
    ("5A992.z", "mass market encryption items that also meet 3A090 or 4A090"),
    ("5A992.z.1", "mass market encryption items that also meet 3A090.a or 4A090.a"),
    ("5A992.z.2", "mass market encryption items that also meet 3A090.b or 4A090.b"),
    ("5D002", "Information security software"),
    ("5D002.z", "5D002 software for items that also meet 3A090 or 4A090"),
    ("5D002.z.1", "5D002 software for items that also meet 3A090 or 4A090, first paragraph"),
    ("5D002.z.1.a", "of these, what meets the limits of paragraph .a"),
    ("5D002.z.1.b", "of these, what meets the limits of paragraph .b"),
    ("5D002.z.2", "5D002 software for items that also meet 3A090 or 4A090, second paragraph"),
    ("5D002.z.2.a", "of these, what meets the limits of paragraph .a"),
    ("5D002.z.2.b", "of these, what meets the limits of paragraph .b"),
    ("5D002.z.3", "5D002 software for items that also meet 3A090 or 4A090, third paragraph"),
    ("5D002.z.3.a", "of these, what meets the limits of paragraph .a"),
    ("5D002.z.3.b", "of these, what meets the limits of paragraph .b"),
    ("5D002.z.4", "5D002 software for items that also meet 3A090 or 4A090, fourth paragraph"),
    ("5D002.z.4.a", "of these, what meets the limits of paragraph .a"),
    ("5D002.z.4.b", "of these, what meets the limits of paragraph .b"),
    ("5D002.z.5", "5D002 software for items that also meet 3A090 or 4A090, fifth paragraph"),
    ("5D002.z.5.a", "of these, what meets the limits of paragraph .a"),
    ("5D002.z.5.b", "of these, what meets the limits of paragraph .b"),
    ("5D002.z.6", "5D002 software for items that also meet 3A090 or 4A090, sixth paragraph"),
    ("5D002.z.6.a", "of these, what meets the limits of paragraph .a"),
    ("5D002.z.6.b", "of these, what meets the limits of paragraph .b"),
    ("5D002.z.7", "5D002 software for items that also meet 3A090 or 4A090, seventh paragraph"),
    ("5D002.z.7.a", "of these, what meets the limits of paragraph .a"),
    ("5D002.z.7.b", "of these, what meets the limits of paragraph .b"),
    ("5D002.z.8", "5D002 software for items that also meet 3A090 or 4A090, eighth paragraph"),
    ("5D002.z.8.a", "of these, what meets the limits of paragraph .a"),
    ("5D002.z.8.b", "of these, what meets the limits of paragraph .b"),
    ("5D002.z.9", "5D002 software for items that also meet 3A090 or 4A090, ninth paragraph"),
    ("5D002.z.9.a", "of these, what meets the limits of paragraph .a"),
    ("5D002.z.9.b", "of these, what meets the limits of paragraph .b"),
    ("5D992", "Information security software not controlled by 5D002"),
    ("5D992.z", "5D992 software for items that also meet 3A090 or 4A090"),
    ("5D992.z.1", "5D992 software for items that also meet 3A090 or 4A090, first paragraph"),
    ("5D992.z.2", "5D992 software for items that also meet 3A090 or 4A090, second paragraph"),
    ("5E002", "Information security technology"),
    ("5E992", "Information security technology not controlled by 5E002"),
];

/// Entries whose items also meet the parameters of another entry, where the list says of which.
/// What contains a 3A090.a circuit is 4A090.a; it does not itself meet 3A090.a.
///
/// Only the most exact entries stand here: an entry with parts is too coarse to say, where some of its
/// parts meet what is asked for. An item of "3A090.a or 4A090.a" is listed for both.
const MEETS: &[(&str, &str)] = &[
    ("3A001.z.1.a", "3A090.a"),
    ("3A001.z.1.b", "3A090.b"),
    ("3A001.z.2.a", "3A090.a"),
    ("3A001.z.2.b", "3A090.b"),
    ("3A001.z.3.a", "3A090.a"),
    ("3A001.z.3.b", "3A090.b"),
    ("3A001.z.4.a", "3A090.a"),
    ("3A001.z.4.b", "3A090.b"),
    ("4A003.z.1.a", "4A090.a"),
    ("4A003.z.1.b", "4A090.b"),
    ("4A003.z.2.a", "4A090.a"),
    ("4A003.z.2.b", "4A090.b"),
    ("4A004.z.1", "4A090.a"),
    ("4A004.z.2", "4A090.b"),
    ("4A005.z.1", "4A090.a"),
    ("4A005.z.2", "4A090.b"),
    ("5A002.z.1.a", "3A090.a"),
    ("5A002.z.1.a", "4A090.a"),
    ("5A002.z.1.b", "3A090.b"),
    ("5A002.z.1.b", "4A090.b"),
    ("5A002.z.2.a", "3A090.a"),
    ("5A002.z.2.a", "4A090.a"),
    ("5A002.z.2.b", "3A090.b"),
    ("5A002.z.2.b", "4A090.b"),
    ("5A002.z.3.a", "3A090.a"),
    ("5A002.z.3.a", "4A090.a"),
    ("5A002.z.3.b", "3A090.b"),
    ("5A002.z.3.b", "4A090.b"),
    ("5A002.z.4.a", "3A090.a"),
    ("5A002.z.4.a", "4A090.a"),
    ("5A002.z.4.b", "3A090.b"),
    ("5A002.z.4.b", "4A090.b"),
    ("5A002.z.5.a", "3A090.a"),
    ("5A002.z.5.a", "4A090.a"),
    ("5A002.z.5.b", "3A090.b"),
    ("5A002.z.5.b", "4A090.b"),
    ("5A004.z.1.a", "3A090.a"),
    ("5A004.z.1.a", "4A090.a"),
    ("5A004.z.1.b", "3A090.b"),
    ("5A004.z.1.b", "4A090.b"),
    ("5A004.z.2.a", "3A090.a"),
    ("5A004.z.2.a", "4A090.a"),
    ("5A004.z.2.b", "3A090.b"),
    ("5A004.z.2.b", "4A090.b"),
    ("5D002.z.1.a", "3A090.a"),
    ("5D002.z.1.a", "4A090.a"),
    ("5D002.z.1.b", "3A090.b"),
    ("5D002.z.1.b", "4A090.b"),
    ("5D002.z.2.a", "3A090.a"),
    ("5D002.z.2.a", "4A090.a"),
    ("5D002.z.2.b", "3A090.b"),
    ("5D002.z.2.b", "4A090.b"),
    ("5D002.z.3.a", "3A090.a"),
    ("5D002.z.3.a", "4A090.a"),
    ("5D002.z.3.b", "3A090.b"),
    ("5D002.z.3.b", "4A090.b"),
    ("5D002.z.4.a", "3A090.a"),
    ("5D002.z.4.a", "4A090.a"),
    ("5D002.z.4.b", "3A090.b"),
    ("5D002.z.4.b", "4A090.b"),
    ("5D002.z.5.a", "3A090.a"),
    ("5D002.z.5.a", "4A090.a"),
    ("5D002.z.5.b", "3A090.b"),
    ("5D002.z.5.b", "4A090.b"),
    ("5D002.z.6.a", "3A090.a"),
    ("5D002.z.6.a", "4A090.a"),
    ("5D002.z.6.b", "3A090.b"),
    ("5D002.z.6.b", "4A090.b"),
    ("5D002.z.7.a", "3A090.a"),
    ("5D002.z.7.a", "4A090.a"),
    ("5D002.z.7.b", "3A090.b"),
    ("5D002.z.7.b", "4A090.b"),
    ("5D002.z.8.a", "3A090.a"),
    ("5D002.z.8.a", "4A090.a"),
    ("5D002.z.8.b", "3A090.b"),
    ("5D002.z.8.b", "4A090.b"),
    ("5D002.z.9.a", "3A090.a"),
    ("5D002.z.9.a", "4A090.a"),
    ("5D002.z.9.b", "3A090.b"),
    ("5D002.z.9.b", "4A090.b"),
    ("5A992.z.1", "3A090.a"),
    ("5A992.z.1", "4A090.a"),
    ("5A992.z.2", "3A090.b"),
    ("5A992.z.2", "4A090.b"),
    // Which of the two is for .a items is not known.
    ("5D992.z.1", "3A090"),
    ("5D992.z.1", "4A090"),
    ("5D992.z.2", "3A090"),
    ("5D992.z.2", "4A090"),
];

/// First days of entries that were added after 2022-10-07; the longest beginning of a code counts.
const SINCE: &[(&str, &str)] = &[
    ("3A090", "2022-10-21"),
    ("3A090.a", "2023-11-17"),
    ("3A090.b", "2023-11-17"),
    ("3A090.c", "2024-12-02"),
    ("4A090", "2022-10-21"),
    ("4A090.a", "2023-11-17"),
    ("4A090.b", "2023-11-17"),
    ("4E091", "2025-01-13"),
    ("3A001.z", "2023-11-17"),
    ("4A003.z", "2023-11-17"),
    ("4A004.z", "2023-11-17"),
    ("4A005.z", "2023-11-17"),
    ("5A002.z", "2023-11-17"),
    ("5A004.z", "2023-11-17"),
    ("5A992.z", "2023-11-17"),
    ("5D002.z", "2023-11-17"),
    ("5D992.z", "2023-11-17"),
];

/// The Commerce Control List as far as advanced computing needs it.
pub(crate) fn eccn() -> CodeList {
    CodeList {
        name: "eccn".to_owned(),
        title:
            "Export Control Classification Numbers of advanced computing (15 CFR part 774, Supp. No. 1)"
                .to_owned(),
        entries: ENTRIES.iter().map(|(code, title)| entry(code, title)).collect(),
    }
}

fn entry(code: &str, title: &str) -> CodeEntry {
    let belongs = |to: &str| {
        code.strip_prefix(to).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    let since = SINCE.iter().filter(|(to, _)| belongs(to)).max_by_key(|(to, _)| to.len());
    CodeEntry {
        code: code.to_owned(),
        title: title.to_owned(),
        parent: code.rsplit_once('.').map(|(parent, _)| parent.to_owned()),
        meets: MEETS
            .iter()
            .filter(|(entry, _)| *entry == code)
            .map(|(_, met)| (*met).to_owned())
            .collect(),
        from: since.map(|(_, day)| (*day).to_owned()),
        until: None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn find(code: &str) -> CodeEntry {
        eccn().entries.into_iter().find(|entry| entry.code == code).unwrap()
    }

    #[test]
    fn every_parent_and_every_entry_met_is_in_the_list() {
        let list = eccn();
        let codes: BTreeSet<_> = list.entries.iter().map(|entry| entry.code.as_str()).collect();
        assert_eq!(codes.len(), list.entries.len());
        for entry in &list.entries {
            let named = entry.parent.iter().chain(&entry.meets);
            assert!(named.clone().all(|code| codes.contains(code.as_str())), "{entry:?}");
        }
        for (code, _) in MEETS.iter().chain(SINCE) {
            assert!(codes.contains(code), "{code}");
        }
    }

    #[test]
    fn codes_have_the_shape_of_the_list() {
        for (code, _) in ENTRIES {
            let mut parts = code.split('.');
            let head: Vec<char> = parts.next().unwrap().chars().collect();
            assert!(head.len() == 5 && head[0].is_ascii_digit() && head[1].is_ascii_uppercase());
            assert!(head[2..].iter().all(char::is_ascii_digit));
            assert!(parts.all(|part| {
                !part.is_empty()
                    && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
            }));
        }
    }

    #[test]
    fn dates_and_parameters_met() {
        assert_eq!(find("3A090").from.as_deref(), Some("2022-10-21"));
        assert_eq!(find("3A090.a.2").from.as_deref(), Some("2023-11-17"));
        assert_eq!(find("3A090.c").from.as_deref(), Some("2024-12-02"));
        assert_eq!(find("4E091").from.as_deref(), Some("2025-01-13"));
        assert_eq!(find("3A001").from, None);
        assert_eq!(find("5A992.z.1").meets, ["3A090.a", "4A090.a"]);
        assert!(find("4A090.a").meets.is_empty());
        assert_eq!(find("5A002.z.3.b").meets, ["3A090.b", "4A090.b"]);
        // An entry with parts would leave open what its parts settle.
        assert!(find("5A002.z.3").meets.is_empty() && find("5A002.z").meets.is_empty());
        assert_eq!(find("3A090.a.2").parent.as_deref(), Some("3A090.a"));
    }
}
