use exeat_plugin_sdk::{CodeEntry, CodeList};

/// Entries of Annex I for integrated circuits, computers, what they are made with, and quantum
/// computers; an entry's parent is what is left without its last part. Titles are shortened.
const ENTRIES: &[(&str, &str)] = &[
    ("3A001", "Electronic items"),
    ("3A001.a", "general purpose integrated circuits"),
    ("3A001.a.7", "field programmable logic devices"),
    ("3A001.a.7.a", "more than 700 single-ended digital inputs and outputs"),
    (
        "3A001.a.7.b",
        "an aggregate one-way peak serial transceiver data rate of 500 Gb/s or greater",
    ),
    ("3A501", "Electronic items (not agreed in the Wassenaar Arrangement)"),
    ("3A501.a", "general purpose integrated circuits"),
    ("3A501.a.15", "CMOS integrated circuits designed to operate at 4.5 K or below"),
    (
        "3A501.a.16",
        "integrated circuits with one or more digital processing units of a total processing performance of 6000 or more",
    ),
    ("3A501.b", "microwave or millimetre wave items"),
    ("3A501.b.13", "parametric signal amplifiers for below 1 K"),
    ("3A502", "General purpose electronic assemblies, modules and equipment"),
    (
        "3A502.i",
        "assemblies, modules and equipment with user configurable field programmable logic devices",
    ),
    ("3A504", "Cryogenic cooling systems and components"),
    ("3A504.a", "cooling systems of 600 µW or more at 0.1 K or below for more than 48 hours"),
    ("3A504.b", "two-stage pulse tube cryocoolers below 4 K"),
    ("3B001", "Equipment for the manufacturing of semiconductor devices or materials"),
    ("3B001.f", "lithography equipment"),
    ("3B001.f.1", "align and expose equipment"),
    ("3B001.f.1.a", "a light source wavelength shorter than 193 nm"),
    ("3B001.f.1.b", "a minimum resolvable feature size of 45 nm or less"),
    ("3B001.j", "mask substrate blanks for extreme ultraviolet lithography"),
    (
        "3B501",
        "Equipment for the manufacturing of semiconductor devices or materials (not agreed in the Wassenaar Arrangement)",
    ),
    ("3B501.a", "epitaxial growth equipment"),
    ("3B501.a.4", "silicon and silicon-germanium epitaxy with a preclean chamber"),
    ("3B501.f", "lithography equipment"),
    ("3B501.f.1", "align and expose equipment"),
    (
        "3B501.f.1.b",
        "193 nm or longer, a minimum resolvable feature size of 45 nm or less and a maximum dedicated chuck overlay of 1.50 nm or less",
    ),
    ("3B501.k", "dry etching equipment"),
    ("3B501.k.1", "isotropic dry etching"),
    ("3B501.k.2", "anisotropic dry etching"),
    ("3B501.l", "masks and reticles with blanks of 3B001.j"),
    ("3B501.m", "pellicles for extreme ultraviolet lithography"),
    ("3B501.n", "deposition equipment"),
    (
        "3B503",
        "Scanning electron microscopes for imaging semiconductor devices or integrated circuits",
    ),
    ("3B504", "Cryogenic wafer probing equipment"),
    ("3C507", "Epitaxial materials of isotopically enriched silicon or germanium"),
    ("3C508", "Fluorides, hydrides or chlorides of isotopically enriched silicon or germanium"),
    ("3C509", "Isotopically enriched silicon, germanium and their oxides"),
    ("3D006", "Computer-aided design software for gate-all-around transistors"),
    ("3D507", "Software that extracts layout data from electron microscope images"),
    ("3E505", "Technology for integrated circuits with gate-all-around transistors"),
    ("4A003", "Digital computers, electronic assemblies and related equipment"),
    ("4A003.b", "digital computers of an adjusted peak performance exceeding 70 WT"),
    (
        "4A003.c",
        "electronic assemblies for aggregating processors so that the adjusted peak performance exceeds 70 WT",
    ),
    ("4A003.g", "external interconnections exceeding 2.0 Gbyte/s per link"),
    ("4A004", "Systolic array, neural and optical computers"),
    ("4A005", "Systems and equipment for intrusion software"),
    ("4A506", "Quantum computers and related electronic assemblies and components"),
    ("4A506.a", "quantum computers"),
    ("4A506.b", "qubit devices and qubit circuits"),
    ("4A506.c", "quantum control and measurement components"),
    (
        "4A507",
        "Computers, electronic assemblies and components containing integrated circuits of 3A501.a.16",
    ),
    ("4D001", "Software"),
    ("4D001.b", "software for digital computers of an adjusted peak performance exceeding 24 WT"),
    ("4E001", "Technology"),
    ("4E001.b", "technology for digital computers of an adjusted peak performance exceeding 24 WT"),
    ("5A002", "Information security systems, equipment and components"),
];

/// Delegated Regulation (EU) 2025/2003 made the 500-series.
const FIVE_HUNDRED_SERIES_SINCE: &str = "2025-11-15";

/// Annex I as far as advanced computing needs it.
pub(crate) fn annex_i() -> CodeList {
    CodeList {
        name: "annex_i".to_owned(),
        title: "Entries of Annex I to Regulation (EU) 2021/821".to_owned(),
        entries: ENTRIES.iter().map(|(code, title)| entry(code, title)).collect(),
    }
}

fn entry(code: &str, title: &str) -> CodeEntry {
    let five_hundred = code.chars().nth(2) == Some('5');
    CodeEntry {
        code: code.to_owned(),
        title: title.to_owned(),
        parent: code.rsplit_once('.').map(|(parent, _)| parent.to_owned()),
        meets: Vec::new(),
        from: five_hundred.then(|| FIVE_HUNDRED_SERIES_SINCE.to_owned()),
        until: None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_parent_is_in_the_list_once() {
        let list = annex_i();
        let codes: BTreeSet<_> = list.entries.iter().map(|entry| entry.code.as_str()).collect();
        assert_eq!(codes.len(), list.entries.len());
        for entry in &list.entries {
            assert!(entry.parent.iter().all(|code| codes.contains(code.as_str())), "{entry:?}");
        }
    }

    #[test]
    fn the_five_hundred_series_begins_in_november_2025_and_the_others_are_older() {
        let from = |code: &str| {
            annex_i().entries.into_iter().find(|entry| entry.code == code).unwrap().from
        };
        for code in ["3A501.a.16", "3A502.i", "3B501.f.1.b", "3E505", "4A506.a", "4A507"] {
            assert_eq!(from(code).as_deref(), Some("2025-11-15"), "{code}");
        }
        for code in ["3A001.a.7", "3B001.f.1.a", "3D006", "4A003.b", "5A002"] {
            assert_eq!(from(code), None, "{code}");
        }
    }
}
