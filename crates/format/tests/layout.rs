//! The one layout, shown on examples, and what it must keep whatever the text looked like.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::string_slice,
    reason = "a test may fail loudly"
)]
#![expect(clippy::disallowed_methods, reason = "the texts are those of the repository")]

use exeat_syntax::{Kind, parse};
use proptest::prelude::*;

fn formatted(text: &str) -> String {
    let first = exeat_format::format(text, 0).unwrap_or_else(|problems| {
        panic!("{problems:#?}\nin\n{text}");
    });
    assert_eq!(exeat_format::format(&first, 0).unwrap(), first, "it is in the layout already");
    first
}

/// Source and result together, so that a reader of the snapshot sees what changes.
fn shown(text: &str) -> String {
    format!("{text}\n---------- becomes ----------\n{}", formatted(text))
}

#[test]
fn clauses_stand_one_a_line_with_their_texts_in_a_column() {
    insta::assert_snapshot!(shown(
        "edition 2026 module us.trial { title \"Trial\" cite \"90 FR 4544\" status proposal use trade use us.ear.classification (classification, tpp) as c }\n\
         rule a{ title \"A\" cite \"Act 1\" from 2025-05-15 suspended from 2025-11-10 until 2026-11-10 under enforcement.as_written , other.x subject to b\n\
         when tpp>=4800 TPP and(destination in{CN,HK} or not end_use is consumer) and action in { export,reexport }\n\
         then license is license_required then review is denial duty \"keep records\" within 5 years cite \"Act 9\" duty \"tell\" cite \"Act 10\" }\n\
         decision license : us.outcome{title \"Licence\" combine strictest needed when a is b and c otherwise free cite \"Act 1\"}\n\
         not modelled c { title \"C\" when x is y affects license , review }\n\
         assert d { never license is free when destination is CN }\n\
         assume quantity>0 because \"so\""
    ));
}

#[test]
fn vocabulary_is_lined_up() {
    insta::assert_snapshot!(shown(
        "enum action { export \"sent out\", reexport \"sent on\", transfer }\n\
         record party { title \"A party\" name:text ask \"Who?\"\nheadquarters:country ask \"Where?\" source \"register\"\n}\n\
         unit TPP \"performance\"=TOPS*bit\n\
         unit kg \"kilogram\"\n\
         fact destination:country ask \"Where to?\"\nfact tpp : TPP/mm2 source \"data sheet\"\n\n\
         fact parties : list of party\n\
         scale outcome { free \"nothing needed\" effect free\n license_exception \"an exception\" effect free_with_conditions labels us.exceptions }\n\
         codes list { title \"List\" 3A090 \"Circuits\" 3A090.a \"High\" from 2023-11-17 until 2025-01-01 4A090 meets 3A090 , 3A001 }\n\
         reading r { default one \"the first\" cite \"A\" second \"the other one\" cite \"B\" }\n\
         group g : country { title \"G\" cite \"Supp. 1\" AU, BE, CA, us.group(\"A:1\"), }\n\
         group dated : country { cite \"Supp. 1\" KH from 2021-12-09 cite \"86 FR 70015\", NI until 2024-03-15, CN }"
    ));
}

#[test]
fn what_is_too_long_is_broken_at_its_loosest_operators() {
    insta::assert_snapshot!(shown(
        "define d (circuit : integrated_circuit, day : date) : yes_no { title \"D\" as any part in circuit.parts where part.tpp >= 4800 TPP and (part.kind is die or part.kind in { chiplet, package, wafer, something_else_that_is_long }) and part.area > 0 mm2 }\n\
         define e as if circuit.non_planar_die_area > 0 mm2 then us.performance_density(tpp_of(circuit), circuit.non_planar_die_area) else 0 TPP/mm2\n\
         define f as 5 TPP from 2025-01-01 until 2026-01-01 cite \"one\"\n\
         define g { as 5 TPP from 2025-01-01 until 2026-01-01 cite \"one\" as 10_000 TPP from 2026-01-01 cite \"two\" }\n\
         define h as first_quantity_with_a_long_name * second_quantity_with_a_long_name + third_quantity * fourth_quantity - fifth\n\
         define i as sum of (die.area * 2 for each die in item.dies where die.planar) - -5 mm2\n\
         define j as largest of [a, b, each of c]\n\
         define k as start + 1 month rounding down\n\
         define l as a <= x < b and y is not z and p not in q and c not meets 3A090\n\
         define m as share * 25%"
    ));
}

#[test]
fn tables_and_scenarios() {
    insta::assert_snapshot!(shown(
        "table cap (c : country, t : TPP) : number { title \"Cap\" cite \"Act\" row CN, >= 5 TPP and < 10 TPP => 5 from 2025-01-01 cite \"a\"\nrow any , any=>1_000\nrow in {DE,FR},within x => 7 cite \"bb\"\notherwise 0 cite \"none\" }\n\
         table limits (c : country) : number { file \"limits.csv\" }\n\
         scenario \"one\" { as of 2025-05-15 reading enforcement.as_written given destination=CN, item = { rates=[{bit_length=16 bit,throughput=1 TOPS},{bit_length=8 bit,throughput=2000 TOPS}], marketed_for_data_centers = yes }\nquantity=5 expect license is license_exception (LPP) because low, high expect review is undetermined(missing facts:consignee.headquarters) expect license is not needed }"
    ));
}

#[test]
fn comments_stay_beside_their_words() {
    insta::assert_snapshot!(shown(
        "// At the top.\n\n\n// Over the edition.\nedition 2026 // behind it\n// ----- section\n\n/// What it is.\nmodule m { // opened\n// inside\n\n\n// before title\ntitle \"M\" // behind the title\n// at the end\n}\n// between\nrule a { when x is y // first\n// over the second\nand z is w /// odd\nthen // why\nd is { a, // one\nb } // two\n}\ngroup g : country { AU, // Australia\nBE }\nenum e { a // A\n, b // B\n}\nmodule n { // only this\n}\n// the end"
    ));
}

#[test]
fn a_text_with_mistakes_is_left_alone() {
    let problems = exeat_format::format("edition 2026\nrule { }\n", 10).unwrap_err();
    assert_eq!(problems.len(), 1);
    assert!(problems[0].labels[0].span.start >= 10);
}

#[test]
fn an_empty_text_stays_empty() {
    assert_eq!(formatted(""), "");
    assert_eq!(formatted("\u{FEFF}\r\n  \t\n"), "");
    assert_eq!(formatted("// alone"), "// alone\n");
}

fn corpus() -> Vec<String> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../policies");
    let mut folders = vec![std::path::PathBuf::from(root)];
    let mut texts = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "exeat") {
                texts.push(std::fs::read_to_string(path).unwrap());
            }
        }
    }
    texts.push(include_str!("everything.exeat").to_owned());
    texts
}

/// The words of a text with other white space between them, and perhaps with more comments. Empty lines
/// and the places of the comments that are there stay as they are.
fn shaken(text: &str, seed: u64, with_comments: bool) -> String {
    let parsed = parse(text, 0);
    let mut state = seed | 1;
    let mut next = |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    let mut shaken = String::new();
    let mut end = 0;
    let mut behind_comment = false;
    for token in parsed.tree.tokens() {
        let gap = &text[end..token.span.start as usize];
        let comment = token.kind == Kind::comment;
        if comment || behind_comment || gap.matches('\n').count() > 1 {
            shaken.push_str(gap);
        } else if !gap.is_empty() {
            shaken.push_str(match next(12) {
                0 => "\n",
                1 => "\t",
                2 => "\r\n    ",
                3 if with_comments => " // new\n",
                4 if with_comments => "\n\n  // own line\n",
                5 if with_comments => "\n\n\n",
                _ => " ",
            });
        }
        shaken.push_str(parsed.tree.slice(token.span));
        end = token.span.end as usize;
        behind_comment = comment;
    }
    shaken
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Wherever the comments: a text can be formatted, which proves that nothing was lost.
    #[test]
    fn comments_may_stand_anywhere(seed in any::<u64>(), pick in any::<prop::sample::Index>()) {
        let corpus = corpus();
        let text: &String = pick.get(&corpus);
        formatted(&shaken(text, seed, true));
    }

    /// Whatever the white space: the layout is the same.
    #[test]
    fn white_space_has_no_meaning(seed in any::<u64>(), pick in any::<prop::sample::Index>()) {
        let corpus = corpus();
        let text: &String = pick.get(&corpus);
        prop_assert_eq!(formatted(&shaken(text, seed, false)), formatted(text));
    }
}

#[test]
fn every_construct_in_its_layout() {
    let text = include_str!("everything.exeat");
    let formatted = formatted(text);
    let different = text.lines().zip(formatted.lines()).find(|(written, laid)| written != laid);
    assert_eq!(different, None, "the file shows the layout of every construct");
    assert_eq!(text.len(), formatted.len());
}
