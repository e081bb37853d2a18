//! What of the law is modelled: counted by the places that are cited, with what is left out.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

#[expect(dead_code, reason = "only the loading of rules is used here")]
mod support;

use std::fmt::Write as _;

use exeat_diagnostics::render;
use exeat_engine::wire::ScopeLine;
use exeat_engine::{PolicyText, ScopeQuestion, Session, SourceTexts};
use exeat_model::date_from_text;
use support::load;

const GOODS: &str = r#"edition 2026
module act.goods {
    title "Goods"
    cite  "15 CFR parts 730-774"
}
scale outcome { free "nothing" permit "a permit" }
fact destination : country
fact quantity : number
reading view { title "Which?" default wide "wide" narrow "narrow" }
decision permit : outcome { title "Permit" combine strictest otherwise free cite "15 CFR 736.1" }
group club : country {
    cite "15 CFR part 740, Supp. No. 1"
    AT from 2025-01-01 until 2025-07-01 cite "90 FR 100", CH
}
define limit {
    cite "15 CFR 742.2(b)"
    as 3 until 2025-03-01  cite "15 CFR 742.2(b)(1)"
    as 7 from 2025-03-01   cite "15 CFR 750.7"
}
table most(place: country) : number {
    cite "15 CFR part 742, Supp. No. 2"
    row AT => 9 until 2025-06-01 cite "15 CFR part 742, Supp. No. 3"
    otherwise 0
}
rule one {
    title "One"
    cite  "15 CFR 742.13; 742.6(a)"
    from  2025-02-01
    when  quantity > limit and quantity > most(destination)
    then  permit is permit
    duty  "tell" cite "15 CFR 743.1"
}
rule two { title "Two" when quantity > 100 then permit is permit }
exception three to one { title "Three" cite "15 CFR 740.2(a)" cite "15 CFR 740.2(b)" when destination in club }
not modelled later {
    title "Later law"
    cite  "15 CFR 742.6(b)"
    from  2025-10-01
    suspended from 2025-11-01 until 2025-12-01
    under view.narrow
    when  destination is AT   // only there
    and   quantity > 3
    affects permit
}
not modelled elsewhere { title "Elsewhere" cite "15 CFR 744" affects permit }
"#;

const LETTERS: &str = r#"edition 2026
module act.goods.letters { title "Letters" status proposal use act.goods (permit, destination, club) }
rule letter { title "A letter" cite "Letter of 2025-05-01" when destination in club then permit is permit }
"#;

fn session() -> Session {
    let policy = |name: &str, text: &str| PolicyText { name: name.to_owned(), text: text.into() };
    let policies = vec![policy("goods.exeat", GOODS), policy("letters.exeat", LETTERS)];
    let loaded =
        Session::from_texts(&SourceTexts { policies, ..SourceTexts::default() }, Vec::new());
    let problems = render::plain(&loaded.diagnostics, &loaded.sources);
    loaded.session.unwrap_or_else(|| panic!("{problems}"))
}

fn shown(session: &Session, question: &ScopeQuestion) -> String {
    let document = session.scope_document(question, &session.scope(question));
    let mut text = format!("{} {:?}\n", document.schema, document.modules);
    document.laws.iter().for_each(|law| line(&mut text, law, 0));
    text
}

fn line(text: &mut String, division: &ScopeLine, indent: usize) {
    let counts = serde_json::to_value(division.counts).unwrap();
    let counts: Vec<String> = counts
        .as_object()
        .unwrap()
        .iter()
        .filter(|(_, count)| count.as_u64() != Some(0))
        .map(|(name, count)| format!("{name} {count}"))
        .collect();
    let (name, status) = (&division.name, division.status);
    let _ = writeln!(text, "{:indent$}{name}: {status} ({})", "", counts.join(", "));
    for gap in &division.not_modelled {
        let _ = writeln!(
            text,
            "{:indent$}  - {}: {}; {:?}; {:?}",
            "", gap.name, gap.force, gap.when, gap.affects
        );
    }
    division.divisions.iter().for_each(|inner| line(text, inner, indent + 2));
}

#[test]
fn everything_stands_where_it_is_cited() {
    insta::assert_snapshot!(shown(&session(), &ScopeQuestion::default()));
}

#[test]
fn on_a_day_only_what_has_force_counts() {
    let as_of = date_from_text("2025-08-01");
    insta::assert_snapshot!(shown(&session(), &ScopeQuestion { as_of, modules: Vec::new() }));
}

#[test]
fn a_module_is_asked_for_with_those_below_it() {
    let session = session();
    let ask = |name: &str| ScopeQuestion {
        modules: vec![session.find_module(name).unwrap()],
        as_of: None,
    };
    assert_eq!(shown(&session, &ask("act.goods")), shown(&session, &ScopeQuestion::default()));
    // The group is another module's, but it is used.
    insta::assert_snapshot!(shown(&session, &ask("letters")));
}

#[test]
fn a_program_that_cites_nothing_has_no_law() {
    let loaded = load("edition 2026\nmodule a { title \"A\" }\n");
    let session = loaded.session.unwrap();
    assert!(session.scope(&ScopeQuestion::default()).laws.is_empty());
}
