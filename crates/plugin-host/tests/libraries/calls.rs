//! Calls through the interface: values go in and come out exactly, and what goes wrong is said.

use crate::support::Workshop;
use exeat_model::{Number, Provider as _, Value};
use exeat_plugin_host::{LibraryFile, load_file, load_linked};
use exeat_plugin_sdk::{Answer, Arguments, Field, Function, Jurisdiction, Unit};

exeat_plugin_sdk::link_jurisdiction!(build);

fn build() -> Jurisdiction {
    let one = |name: &str| Function::new(name, "For tests", vec![Field::new("mass", "kg")], "kg");
    Jurisdiction::new("ruritania", "Ruritania", "0.1.0", "2026-01-31")
        .unit(Unit::base("kg", "kilogram"))
        .function(one("third"), |arguments: &Arguments| {
            arguments
                .number(0)?
                .checked_div(exeat_plugin_sdk::Number::from_integer(3))
                .map(Answer::Number)
        })
        .function(one("panics"), |_: &Arguments| panic!("the scales are broken"))
        .function(one("fails"), |_: &Arguments| Err("there is nothing to weigh".to_owned()))
        .function(one("lies"), |_: &Arguments| Ok(Answer::Text("heavy".to_owned())))
        .function(one("misreads"), |arguments: &Arguments| arguments.yes_no(0).map(Answer::YesNo))
        .function(
            Function::new(
                "all_but_first",
                "For tests",
                vec![Field::new("days", "list of date")],
                "list of date",
            ),
            |arguments: &Arguments| {
                let days = arguments.list(0)?;
                let rest = 1..days.count();
                Ok(Answer::List(
                    rest.map(|at| days.text(at).map(|day| Answer::Text(day.to_owned())))
                        .collect::<Result<_, _>>()?,
                ))
            },
        )
}

fn number(text: &str) -> Value {
    Value::Number(Number::parse(text).unwrap())
}

#[test]
fn numbers_cross_exactly() {
    let ruritania = load_linked("ruritania", descriptor).unwrap();
    assert_eq!(ruritania.call("third", &[number("0.1")]), Ok(number("1/30")));
    let days: Vec<Value> = ["2026-01-01", "2028-02-29"]
        .map(|day| Value::Date(exeat_model::date_from_text(day).unwrap()))
        .into();
    let rest = Value::List(days.get(1..).unwrap().to_vec().into());
    assert_eq!(ruritania.call("all_but_first", &[Value::List(days.into())]), Ok(rest));
}

#[test]
fn what_goes_wrong_is_said() {
    let ruritania = load_linked("ruritania", descriptor).unwrap();
    for (function, code, words) in [
        ("panics", "E0818", "the scales are broken"),
        ("fails", "E0819", "there is nothing to weigh"),
        ("lies", "E0820", "which is not of its declared type `kg`"),
        ("misreads", "E0819", "argument 1 is not yes or no"),
        ("unheard_of", "E0820", "has no function `unheard_of`"),
    ] {
        let failure = ruritania.call(function, &[number("1")]).unwrap_err();
        assert_eq!(failure.code, code, "{}", failure.message);
        assert!(failure.message.contains(words), "{}", failure.message);
    }
    for arguments in [vec![], vec![number("1"), number("2")], vec![Value::YesNo(true)]] {
        assert_eq!(ruritania.call("third", &arguments).unwrap_err().code, "E0820");
    }
    // It goes on working after a panic.
    assert_eq!(ruritania.call("third", &[number("6")]), Ok(number("2")));
}

#[test]
fn a_library_in_c_works() {
    let workshop = Workshop::new();
    let freedonia = load_file(&workshop.library("freedonia", &[])).unwrap();
    assert_eq!(freedonia.description().id, "freedonia");
    assert_eq!(freedonia.description().digest.len(), 64);
    assert_eq!(freedonia.call("doubled", &[number("42")]), Ok(number("84")));
}

#[test]
fn a_library_can_be_compared_with_its_pin_before_its_code_runs() {
    let workshop = Workshop::new();
    let path = workshop.library("freedonia", &[]);
    let file = LibraryFile::read(&path).unwrap();
    let digest = file.digest().to_owned();
    // What is loaded is what was read, whatever is in the file now.
    workshop.file(path.file_name().unwrap().to_str().unwrap(), b"something else");
    let freedonia = file.load().unwrap();
    assert_eq!(freedonia.description().digest, digest);
    assert_eq!(freedonia.call("doubled", &[number("21")]), Ok(number("42")));
    assert!(load_file(&path).is_err());
}

#[test]
fn a_library_in_c_that_breaks_its_word_is_found_out() {
    let workshop = Workshop::new();
    for (title, code, words, definitions) in [
        ("lies", "E0820", "`true`", &["ANSWER=\"true\""][..]),
        ("floating", "E0820", "`84.5`", &["ANSWER=\"84.5\""]),
        ("babbles", "E0820", "not JSON", &["ANSWER=\"eighty-four\""]),
        ("mumbles", "E0820", "not UTF-8", &[r#"ANSWER="\xff""#]),
        ("silent", "E0820", "not JSON", &["CALL=silent"]),
        ("wild", "E0820", "null pointer", &["CALL=wild"]),
        ("odd_status", "E0820", "status 77", &["STATUS=77"]),
        ("refuses", "E0820", "refuses", &["STATUS=EXEAT_STATUS_BAD_ARGUMENTS"]),
        ("fails", "E0819", "too heavy", &["STATUS=EXEAT_STATUS_FAILED", "ANSWER=\"too heavy\""]),
        (
            "fails_silently",
            "E0819",
            "does not say why",
            &["STATUS=EXEAT_STATUS_FAILED", "CALL=silent"],
        ),
        (
            "panics",
            "E0818",
            "out of paper",
            &["STATUS=EXEAT_STATUS_PANICKED", "ANSWER=\"out of paper\""],
        ),
    ] {
        let library = load_file(&workshop.library(title, definitions)).unwrap();
        let failure = library.call("doubled", &[number("42")]).unwrap_err();
        assert_eq!(failure.code, code, "{title}: {}", failure.message);
        assert!(failure.message.contains(words), "{title}: {}", failure.message);
    }
}
