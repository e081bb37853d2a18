//! What is understood: rules without a mistake, and what becomes of them.

use std::collections::BTreeSet;

use crate::support::{VOCABULARY, run};
use exeat_check::Checked;
use exeat_diagnostics::render;
use exeat_hir::{ExprKind, GroupItem, TablePattern, Ty};
use exeat_model::Value;

fn checked(items: &str, tables: &[(&str, &str)]) -> Checked {
    let text = format!("{VOCABULARY}{items}");
    let (result, sources) = run(&[("trial.exeat", &text)], tables);
    let errors: Vec<_> =
        result.diagnostics.into_iter().filter(exeat_diagnostics::Diagnostic::is_error).collect();
    assert_eq!(render::plain(&errors, &sources), "");
    result.checked.unwrap()
}

const RULES: &str = "
define total : TPP as item.tpp * quantity
define density as item.tpp / item.area
define best (one : chip) as largest of (us.tpp(rate.throughput, rate.bits) for each rate in one.rates where rate.bits >= 8 bit)
define small as any one in items where one.tpp < 4800 TPP and (every rate in one.rates where rate.bits is 8 bit)
define later as ordered + 25 days <= as_of_date
define fee { as 5 until 2025-01-01 as 6 from 2025-01-01 }
define loose as 4800 TPP <= item.tpp < 9600 TPP and export is action and { PL, DE } union us.group(\"D:5\") is neighbours
group neighbours : country { PL, DE from 2020-01-01 cite \"law\", us.group(\"D:5\") }
table limit (to : country, what : action) : TPP {
    row PL, any => 5 TPP cite \"law\"
    row in { DE, AT }, export => 6 TPP from 2025-01-01
    otherwise 7 TPP
}
reading strict { default yes_it_is \"strict\" no_it_is \"lenient\" }
decision notes : set of action { combine collect }
rule demand { title \"n\" cite \"law\" under strict.yes_it_is when code meets { 3A090 } and total > limit(destination, action) then license is required then notes includes export }
exception lpp to demand { title \"l\" cite \"law\" when license_free_for(destination) then license is excepted (LPP) duty \"report\" within 30 days of \"shipment\" }
define license_free_for (to : country) as to is not CN
rule weak { title \"w\" cite \"law\" subject to demand when ready then license is free }
not modelled other { title \"o\" cite \"law\" when action is reexport }
decision later_one : yes_no { combine unique otherwise no needed when license is required }
scenario \"all\" {
    as of 2025-05-15 reading strict.no_it_is
    given item = us.chip(\"B200\") item.area = 100 mm2 quantity = 1_000 destination = AE action = export items = [] code = none
    expect license is excepted because lpp
    expect license is excepted (LPP)
    expect notes is { export }
    expect later_one is not needed
    expect total is 36_000_000 TPP
    expect license in { free, excepted (ACM) }
    expect license is undetermined (missing facts: item.tested, strict)
}
assume quantity > 0 because \"one at least\"
assert fine { title \"f\" cite \"law\" never license is excepted (LPP) when destination is CN }
";

#[test]
fn everything_there_is_checks() {
    let checked = checked(RULES, &[]);
    let hir = checked.hir();
    let names: Vec<String> = hir
        .defines
        .values()
        .map(|define| format!("{} : {:?}", define.name, unit(&define.ty)))
        .collect();
    insta::assert_snapshot!(names.join("\n"));
    assert!(hir.rules.values().all(|rule| rule.when.is_some()));
    assert_eq!(hir.decision_order.len(), 3);
    let license = checked.find_decision("license").unwrap();
    let later = checked.find_decision("later_one").unwrap();
    let place = |id| hir.decision_order.iter().position(|other| *other == id).unwrap();
    assert!(place(license) < place(later));
    let affected: BTreeSet<_> =
        hir.not_modelled.values().flat_map(|one| one.affects.iter().copied()).collect();
    assert_eq!(affected.len(), 3, "what affects nothing by name affects the module's decisions");
}

fn unit(ty: &Ty) -> String {
    match ty {
        Ty::Quantity(unit) => unit.text.to_string(),
        other => format!("{other:?}"),
    }
}

#[test]
fn exceptions_are_known_from_both_sides() {
    let checked = checked(RULES, &[]);
    let hir = checked.hir();
    let [demand, lpp, weak] =
        ["demand", "trial.lpp", "weak"].map(|name| checked.find_rule(name).unwrap());
    assert_eq!(hir.rules.get(demand).unwrap().defeated_by, [lpp]);
    assert_eq!(hir.rules.get(demand).unwrap().defeats, [weak]);
    assert_eq!(hir.rules.get(lpp).unwrap().defeats, [demand]);
    assert_eq!(hir.rules.get(weak).unwrap().defeated_by, [demand]);
}

#[test]
fn a_set_of_rules_stands_for_each_of_them() {
    let items = "rule a { title \"a\" cite \"law\" when ready then license is required }
rule b { title \"b\" cite \"law\" when quantity > 5 then license is required }
rules both { title \"both\" a, trial.b }
exception c to both { title \"c\" cite \"law\" when destination is CN then license is free }
rule d { title \"d\" cite \"law\" subject to trial.both when action is export then license is free }
rule e { title \"e\" cite \"law\" despite both when action is reexport then license is free }
";
    let checked = checked(items, &[]);
    let named = |name| checked.find_rule(name).unwrap();
    let both = ["a", "b"].map(named);
    let rule = |name| checked.hir().rules.get(named(name)).unwrap();
    assert_eq!(rule("c").exception_to, both);
    assert_eq!(rule("c").defeats, both);
    assert_eq!(rule("d").defeated_by, both);
    assert_eq!(rule("e").defeats, both);
    assert!(rule("e").exception_to.is_empty());
    assert!(checked.find_rule("both").is_err(), "a set is no rule");
}

#[test]
fn groups_hold_members_and_sets() {
    let checked = checked(RULES, &[]);
    let group = checked.hir().groups.values().find(|one| one.name == "trial.neighbours").unwrap();
    let kinds: Vec<&str> = group
        .items
        .iter()
        .map(|item| match item {
            GroupItem::Member { .. } => "member",
            GroupItem::Set { .. } => "set",
        })
        .collect();
    assert_eq!(kinds, ["member", "member", "set"]);
}

#[test]
fn rows_of_a_file_are_rows() {
    let table =
        "table limit (to : country, amount : TPP) : number { file \"limits.csv\" otherwise 0 }\n";
    let csv = "to,amount,value,from,cite\r\nPL,>= 5 TPP,1,2025-01-01,\"a, b\"\nin { DE },\"< 5 TPP\",2,,\nFR,,3,,\n";
    let checked = checked(table, &[("limits.csv", csv)]);
    let table = checked.hir().tables.values().next().unwrap();
    assert_eq!(table.rows.len(), 3);
    assert_eq!(table.rows[0].cites, ["a, b"]);
    assert!(table.rows[0].interval.from.is_some());
    assert!(matches!(table.rows[1].patterns[0], TablePattern::Set(_)));
    assert_eq!(table.rows[2].patterns[1], TablePattern::Any);
}

#[test]
fn mistakes_in_a_file_of_rows_have_their_place_there() {
    let text = format!(
        "{VOCABULARY}table limit (to : country) : number {{ file \"limits.csv\" }}\ntable other (to : country) : number {{ file \"other.csv\" }}\n"
    );
    let csv = "to,value,until\nPL,1\nQQ,2,\nDE, 5 TPP ,2025-02-30\nDE,1 + ready,\nFR,,\n";
    let other = "too,value\nPL,1\n";
    let (mut result, sources) =
        run(&[("trial.exeat", &text)], &[("limits.csv", csv), ("other.csv", other)]);
    result.diagnostics.retain(exeat_diagnostics::Diagnostic::is_error);
    insta::assert_snapshot!(format!("{csv}----\n{}", render::plain(&result.diagnostics, &sources)));
}

#[test]
fn values_and_questions_at_a_prompt() {
    let checked = checked(RULES, &[]);
    let ty = |fact: &str| {
        let id = checked.find_fact(fact).unwrap();
        checked.hir().facts.get(id).unwrap().ty.clone()
    };
    let value = |text: &str, fact: &str| {
        let parsed = exeat_syntax::parse_expression(text, 0);
        checked.check_value(&parsed, &ty(fact))
    };
    assert!(matches!(
        value("export", "action").unwrap().kind,
        ExprKind::Literal(Value::Symbol(name)) if name == "export"
    ));
    assert!(matches!(
        value("us.chip(\"B200\")", "item").unwrap().kind,
        ExprKind::Literal(Value::Record(_))
    ));
    assert!(value("[{ country = AE }]", "parties").is_ok());
    assert!(value("AE", "trial.destination").is_ok());
    assert_eq!(value("AEE", "destination").unwrap_err().len(), 1);
    let ask = |text: &str| checked.check_expression(&exeat_syntax::parse_expression(text, 0));
    assert_eq!(ask("total > 5 TPP").unwrap().ty, Ty::YesNo);
    assert_eq!(ask("trial.license").unwrap().ty, ask("license").unwrap().ty);
    assert!(matches!(ask("item.tpp in TOPS").unwrap_err().as_slice(), [_]));
    assert!(matches!(ask("total in TPP").unwrap().kind, ExprKind::InUnit(..)));
    assert!(ask("1 +").is_err());
}

#[test]
fn names_are_found_or_suggested() {
    let checked = checked(RULES, &[]);
    assert_eq!(checked.find_reading_choice("strict.no_it_is").unwrap().1, 1);
    assert_eq!(checked.find_reading_choice("trial.strict.yes_it_is").unwrap().1, 0);
    assert!(checked.find_module("trial").is_ok());
    let help = |diagnostic: exeat_diagnostics::Diagnostic| diagnostic.help.join(" ");
    assert_eq!(help(checked.find_decision("licence").unwrap_err()), "Did you mean `license`?");
    assert_eq!(help(checked.find_fact("destinaton").unwrap_err()), "Did you mean `destination`?");
    assert_eq!(help(checked.find_rule("deman").unwrap_err()), "Did you mean `demand`?");
    assert_eq!(help(checked.find_module("trail").unwrap_err()), "Did you mean `trial`?");
}

#[test]
fn the_order_of_files_and_items_has_no_meaning() {
    let lines: Vec<&str> =
        "fact a : number\ndefine b as c + a\ndefine c as d * 2\ndefine d : number as a"
            .lines()
            .collect();
    let forward = format!("{VOCABULARY}{}", lines.join("\n"));
    let backward: Vec<&str> = lines.iter().rev().copied().collect();
    let backward = format!("{VOCABULARY}{}", backward.join("\n"));
    let types = |text: &str| {
        let (result, _) = run(&[("t.exeat", text)], &[]);
        let checked = result.checked.unwrap();
        let mut types: Vec<(String, String)> = checked
            .hir()
            .defines
            .values()
            .map(|define| (define.name.to_string(), unit(&define.ty)))
            .collect();
        types.sort();
        types
    };
    assert_eq!(types(&forward), types(&backward));
}

#[test]
fn a_scenario_has_what_its_transaction_gives_but_for_what_it_gives_itself() {
    let program = checked(
        "transaction sale { given destination = PL quantity = 5 item = { tpp = 5 TPP, area = 1 mm2 } }
transaction small_sale { like sale without item.area given quantity = 1 }
scenario \"s\" { as of 2025-01-01 like small_sale given item.tpp = 6 TPP expect license is free }
scenario \"t\" { as of 2025-01-01 like small_sale given item = { area = 2 mm2 } expect license is free }
transaction cheap { given quantity = 2 item.tpp = 7 TPP }
scenario \"both\" { as of 2025-01-01 like sale, cheap without destination expect license is free }
scenario \"u\" { as of 2025-01-01 like sale without item, quantity expect license is free }
",
        &[],
    );
    let hir = program.hir();
    let shown: Vec<String> = hir
        .scenarios
        .values()
        .map(|scenario| {
            let known = scenario.given.iter().map(|given| {
                let fact = hir.facts.get(given.fact).map_or("", |fact| fact.name.as_str());
                let unknown = match &given.value.kind {
                    ExprKind::Record(_, fields) => {
                        fields.iter().filter(|one| one.is_none()).count()
                    }
                    _ => 0,
                };
                format!("{fact}{:?} with {unknown} unknown fields", given.path)
            });
            format!("{}: {}", scenario.title, known.collect::<Vec<_>>().join("; "))
        })
        .collect();
    insta::assert_snapshot!(shown.join("\n"));
}
