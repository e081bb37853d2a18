//! Facts from TOML, JSON and YAML: the same values, exact, and messages with places.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

mod support;

use exeat_eval::describe_value;
use support::read;

/// The facts of a document, one a line.
fn values(name: &str, text: &str) -> String {
    let (session, read, shown) = read(name, text);
    let document = read.document.unwrap_or_else(|| panic!("{shown}"));
    let hir = session.hir();
    let mut lines = vec![format!("as of {:?}", document.as_of.map(|day| day.to_string()))];
    for (id, value) in document.values.iter() {
        let fact = hir.facts.get(id).unwrap();
        lines.push(format!("{} = {}", fact.name, describe_value(hir, value, &fact.ty)));
    }
    lines.push(format!("readings {:?}", document.readings.values().collect::<Vec<_>>()));
    lines.join("\n")
}

const TOML: &str = r#"
as_of = 2025-06-01
readings = ["scope.narrow"]
[facts]
action = "export"
destination = "Poland"
mass = "1.5 t"
pieces = 0.1
sent = 2025-05-15
secret = "no"
consignee = { name = "A \"b\"", country = "POL" }
[[facts.others]]
country = "AT"
known = true
[[facts.others]]
like = "{ country = CH, known = yes }"
known = "no"
"#;

const JSON: &str = r#"{
  "as_of": "2025-06-01",
  "readings": {"scope": "narrow"},
  "facts": {
    "action": "export", "destination": "PL", "mass": "1.5 t", "pieces": 0.1, "sent": "2025-05-15",
    "secret": false,
    "consignee": {"name": "A \"b\"", "country": "PL", "known": null},
    "others": [{"country": "AT", "known": true}, {"country": "CH", "known": "no"}]
  }
}"#;

const YAML: &str = r#"
as_of: 2025-06-01
readings: scope.narrow
facts:
  action: export
  destination: PL
  mass: 1.5 t
  pieces: 0.1
  sent: 2025-05-15
  secret: no
  consignee: { name: 'A "b"', country: PL }
  others:
    - { country: AT, known: true }
    - { country: CH, known: no }
"#;

#[test]
fn the_three_notations_say_the_same() {
    let toml = values("a.toml", TOML);
    insta::assert_snapshot!(toml);
    assert_eq!(toml, values("a.json", JSON));
    assert_eq!(toml, values("a.yaml", YAML));
}

#[test]
fn without_a_name_the_text_tells_the_notation() {
    let toml = values("standard input", TOML);
    assert_eq!(toml, values("standard input", JSON));
    assert_eq!(toml, values("standard input", YAML));
}

#[test]
fn every_digit_counts() {
    let long = "0.1234567890123456789012345";
    for (name, text) in [
        ("a.toml", format!("[facts]\npieces = {long}")),
        ("a.json", format!("{{\"facts\": {{\"pieces\": {long}}}}}")),
        ("a.yaml", format!("facts:\n  pieces: {long}\n")),
    ] {
        let (session, read, shown) = read(name, &text);
        let document = read.document.unwrap_or_else(|| panic!("{shown}"));
        let fact = session.hir().facts.iter().find(|(_, fact)| fact.name == "pieces").unwrap().0;
        let wanted = exeat_model::Number::parse(long).unwrap();
        assert_eq!(document.values.get(fact), Some(&exeat_model::Value::Number(wanted)), "{name}");
    }
}

#[test]
fn what_is_wrong_is_said_at_its_place() {
    let (_, _, toml) = read(
        "a.toml",
        r#"
as_off = 2025-06-01
destination = "AT"
readings = ["scope.wyde", "scop.wide", "wide"]
decide = ["permitt"]
[facts]
actoin = "export"
action = "exprot"
destination = "Polnad"
mass = 36000
pieces = true
sent = "2025-02-30"
secret = 1
consignee = { contry = "AT", known = 2025-01-01 }
others = [{ country = "XX" }, "AT"]
"#,
    );
    insta::assert_snapshot!(toml);
}

#[test]
fn units_and_expressions_are_checked_inside_the_text() {
    let (_, _, toml) = read(
        "a.toml",
        "[facts]\nmass = \"5 kgg\"\npieces = \"3 kg\"\nsent = \"sent\"\nsecret = 'yes and'\n",
    );
    insta::assert_snapshot!(toml);
}

#[test]
fn texts_that_are_not_of_their_notation() {
    let toml = read("a.toml", "as_of = \n").2;
    let json = read("a.json", "{\n  \"as_of\": 2025-06-01\n}").2;
    let yaml = read("a.yaml", "facts:\n  - a\n b: c\n").2;
    let twice = read("b.json", r#"{"facts": {"pieces": 1, "pieces": 2}}"#).2;
    let list = read("c.json", "[1]").2;
    insta::assert_snapshot!(format!("{toml}\n{json}\n{yaml}\n{twice}\n{list}"));
}

#[test]
fn deep_nesting_is_refused_and_does_not_end_the_program() {
    let deep = format!("{{\"facts\": {{\"others\": {}{}}}}}", "[".repeat(100), "]".repeat(100));
    assert!(read("a.json", &deep).1.document.is_none());
    let deep = format!("facts:\n  others: {}{}\n", "[".repeat(100), "]".repeat(100));
    assert!(read("a.yaml", &deep).1.document.is_none());
    let deep = format!("[facts]\nothers = {}{}\n", "[".repeat(100), "]".repeat(100));
    assert!(read("a.toml", &deep).1.document.is_none());
}

#[test]
fn countries_are_understood_by_their_common_names() {
    for (name, code) in
        [("Syria", "SY"), ("South Korea", "KR"), ("UK", "GB"), ("U.S.A.", "US"), ("turkiye", "TR")]
    {
        let text = format!("as_of = 2025-06-01\n[facts]\ndestination = \"{name}\"\n");
        assert!(values("a.toml", &text).contains(&format!("destination = {code}")), "{name}");
    }
    for (name, help) in [
        ("Korea", "Write the two-letter code"),
        ("Polnad", "Did you mean `PL` (Poland)?"),
        ("ch", "Did you mean `CH` (Switzerland)?"),
    ] {
        let text = format!("as_of = 2025-06-01\n[facts]\ndestination = \"{name}\"\n");
        let (_, read, shown) = read("a.toml", &text);
        assert!(read.document.is_none() && shown.contains(help), "{shown}");
    }
}
