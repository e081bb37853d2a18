//! The first-party jurisdictions, loaded as files and linked in, through the same descriptor.

use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::path::PathBuf;

use exeat_model::{Country, Interval, Number, PlainValue, Provider as _, Value, date_from_text};
use exeat_plugin_host::{Linked, Origin, load_all, load_file, load_linked};

/// Cargo builds the libraries beside this test, because they are dependencies of it.
fn library_file(id: &str) -> PathBuf {
    let name = format!("{DLL_PREFIX}exeat_jurisdiction_{id}_library{DLL_SUFFIX}");
    std::env::current_exe().unwrap().with_file_name(name)
}

fn number(text: &str) -> Value {
    Value::Number(Number::parse(text).unwrap())
}

#[test]
fn the_file_and_the_linked_one_say_the_same() {
    let file = load_file(&library_file("us")).unwrap();
    let linked = load_linked("us", exeat_jurisdiction_us::descriptor).unwrap();
    assert_eq!(*linked.origin(), Origin::Linked);
    assert_ne!(file.description().digest, linked.description().digest);
    let mut described = (**file.description()).clone();
    described.digest.clone_from(&linked.description().digest);
    assert_eq!(described, **linked.description());
    for us in [file, linked] {
        let tpp = us.call("tpp", &[number("1978.9"), number("8")]);
        assert_eq!(tpp, Ok(number("15831.2")));
        let density = us.call("performance_density", &[number("4799.99"), number("1.59")]);
        assert_eq!(density, Ok(number("4799.99/1.59")));
        let undefined = us.call("performance_density", &[number("2000"), number("0")]).unwrap_err();
        assert_eq!(undefined.code, "E0819");
        assert!(undefined.message.contains("0 mm2"), "{}", undefined.message);
    }
}

#[test]
fn two_jurisdictions_stand_side_by_side_as_files_and_linked_in() {
    let linked = [
        Linked { name: "us", entry: exeat_jurisdiction_us::descriptor },
        Linked { name: "eu", entry: exeat_jurisdiction_eu::descriptor },
    ];
    let files = [library_file("us"), library_file("eu")];
    let (linked, problems) = load_all(&[], &linked);
    assert!(problems.is_empty(), "{problems:?}");
    let (loaded, problems) = load_all(&files, &[]);
    assert!(problems.is_empty(), "{problems:?}");
    for (file, linked) in loaded.iter().zip(&linked) {
        let mut described = (**file.description()).clone();
        described.digest.clone_from(&linked.description().digest);
        assert_eq!(described, **linked.description());
    }
    let ids: Vec<&str> = loaded.iter().map(|one| one.description().id.as_str()).collect();
    assert_eq!(ids, ["us", "eu"]);
}

#[test]
fn the_european_union_speaks_of_authorisations_and_not_of_licences() {
    let eu = load_linked("eu", exeat_jurisdiction_eu::descriptor).unwrap();
    let scales: Vec<&str> = eu.description().scales.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(scales, ["authorisation_outcome", "sanctions_outcome"]);
    let words = format!("{:?}", eu.description()).to_lowercase();
    for word in ["license", "licence", "eccn", "3a090"] {
        assert!(!words.contains(word), "{word}");
    }
}

#[test]
fn its_digest_does_not_change_between_loads() {
    let once = load_linked("us", exeat_jurisdiction_us::descriptor).unwrap();
    let again = load_linked("us", exeat_jurisdiction_us::descriptor).unwrap();
    assert_eq!(once.description().digest, again.description().digest);
}

#[test]
fn a_file_beside_the_linked_one_is_a_duplicate() {
    let linked = [Linked { name: "us", entry: exeat_jurisdiction_us::descriptor }];
    let (loaded, diagnostics) = load_all(&[library_file("us")], &linked);
    assert_eq!(loaded.len(), 1);
    assert_eq!(diagnostics.len(), 1);
    assert_eq!(diagnostics[0].code.0, "E0817");
}

#[test]
fn groups_are_dated() {
    let us = load_linked("us", exeat_jurisdiction_us::descriptor).unwrap();
    let interval = |group: &str, country: &str| {
        let group = us.description().groups.iter().find(|known| known.name == group).unwrap();
        let country = Country::from_code(country).unwrap();
        group.members.iter().find(|member| member.country == country).map(|found| found.interval)
    };
    let day = |text: &str| date_from_text(text);
    assert_eq!(interval("A:5", "AE"), Some(Interval { from: day("2026-07-10"), until: None }));
    assert_eq!(interval("D:4", "AE"), Some(Interval { from: None, until: day("2026-07-10") }));
    assert_eq!(interval("D:5", "KH"), Some(Interval { from: None, until: day("2025-11-07") }));
    assert_eq!(interval("D:5", "HK"), interval("D:5", "CN"));
    assert_eq!(interval("D:5", "MO"), None);
    assert_eq!(interval("Supplement 5(a)", "PL"), None);
}

#[test]
fn chips_have_exact_figures() {
    let us = load_linked("us", exeat_jurisdiction_us::descriptor).unwrap();
    let chips = us.description().catalogues.iter().find(|known| known.name == "chip").unwrap();
    let field = |key: &str, name: &str| {
        let entry = chips.entries.iter().find(|entry| entry.key == key).unwrap();
        entry.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    };
    let model = PlainValue::Text("H100 SXM5 80GB".into());
    assert_eq!(field("H100", "model"), Some(model));
    assert_eq!(field("A40", "non_planar_die_area"), Number::parse("628.4").map(PlainValue::Number));
    assert_eq!(field("RTX 4090", "marketed_for_data_centers"), Some(PlainValue::YesNo(false)));
    assert_eq!(field("MXC500 OAM", "non_planar_die_area"), None);
}
