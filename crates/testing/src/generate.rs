//! Rule sets and facts that look random and are the same each time, with everything the language has.

use std::fmt::Write as _;
use std::sync::Arc;

use exeat_hir::{FactId, Facts, Hir, Ty};
use exeat_model::{Code, Country, Date, Number, Record, Value, date_from_text};

use crate::Random;

/// What every generated rule set begins with.
pub const VOCABULARY: &str = r#"edition 2026

module generated {
    title "Generated"
    cite  "Act"
}

unit TPP "performance"
enum action { export reexport transfer }
enum symbol { LPP ACA NAC }
enum note { alpha beta gamma }
record party { country : country  headquarters : country  known : yes_no }
scale outcome { free excepted labels symbol required forbidden }
scale policy { approval cases denial }
group sorts : entry { cite "Act" 3A090.a, 4A003.z from 2024-06-01 }
codes entry { 3A090 "p" 3A090.a "a" 3A090.a.1 "a1" 3A090.b "b" 4A003 "c" 4A003.z "z" meets 3A090.a }
fact destination : country
fact action : action
fact tpp : TPP
fact quantity : number
fact limit : TPP
fact ordered : date
fact certified : yes_no
fact item : entry
fact consignee : party
fact others : list of party
fact rates : list of number
group embargoed : country { cite "Act" CN, RU from 2024-06-01, IR until 2025-06-01 }
group friends : country { cite "Act" PL, DE, FR from 2025-01-01, US }
reading strict { default literal "l" cite "A" broad "b" cite "B" }
reading open_question { narrow "n" cite "A" wide "w" cite "B" }
decision classed : entry { combine unique otherwise none cite "Act" }
decision license : outcome { combine strictest otherwise free cite "Act" }
decision review : policy { combine strictest needed when license is required otherwise cases cite "Act" }
decision notes : set of note { combine collect }
define parties as [consignee, each of others]
define total as tpp * quantity
define foreign (one : party) as one.headquarters in embargoed or not one.known
define as_good (one : entry, other : entry) as one is other
define better : entry as if certified then 3A090 else item
define near (amount : TPP, least : TPP) : yes_no as least <= amount < least + 50 TPP
define cap : TPP { as 100 TPP until 2025-01-01 as 200 TPP from 2025-01-01 }
define worst as if certified then largest of rates else sum of rates
table share (good : entry) : number {
    row 3A090.a => 1
    row 3A090 => 2 from 2025-01-01
    row in { 3A090.a.1, 4A003 } => 3
    otherwise 4
}
table beyond (place : country) : number {
    row PL => 1
    row CN => 2 from 2025-01-01
    otherwise not modelled cite "Act"
}
table quota (place : country, kind : action) : TPP {
    row in friends, any => 100 TPP
    row CN, export => 10 TPP
    row CN, in { reexport, transfer } => 20 TPP until 2025-03-01
    otherwise 50 TPP
}
"#;

const COUNTRIES: [&str; 8] = ["CN", "RU", "IR", "PL", "DE", "FR", "US", "JP"];
const ACTIONS: [&str; 3] = ["export", "reexport", "transfer"];
const CODES: [&str; 6] = ["3A090", "3A090.a", "3A090.a.1", "3A090.b", "4A003", "4A003.z"];
const DAYS: [&str; 7] = [
    "2024-01-01",
    "2024-06-01",
    "2025-01-01",
    "2025-03-01",
    "2025-06-01",
    "2025-09-01",
    "2026-01-01",
];

/// The text of a rule set with so many rules.
pub fn rule_set(random: &mut Random, rules: usize) -> String {
    let mut text = VOCABULARY.to_owned();
    let mut names: Vec<(String, &str)> = Vec::new();
    for at in 0..rules {
        let decision =
            *random.one(&["license", "license", "license", "classed", "review", "notes"]);
        rule(random, at, decision, &mut names, &mut text);
    }
    for at in 0..random.below(3) {
        let affects = random.one(&["license", "review", "license, notes", "classed"]);
        let when = condition(random, 1, false);
        let dates = interval(random);
        let _ = writeln!(
            text,
            "not modelled gap{at} {{ title \"gap\" cite \"Act\" {dates} when {when} affects {affects} }}"
        );
    }
    text
}

fn rule(
    random: &mut Random,
    at: usize,
    decision: &'static str,
    names: &mut Vec<(String, &'static str)>,
    text: &mut String,
) {
    let targets: Vec<String> =
        names.iter().filter(|(_, of)| *of == decision).map(|(name, _)| name.clone()).collect();
    let mut sets = String::new();
    let mut pick = |random: &mut Random| {
        let mut picked = vec![random.one(&targets).clone()];
        if random.once_in(2) {
            picked.push(random.one(&targets).clone());
        }
        picked.sort();
        picked.dedup();
        if picked.len() > 1 && random.once_in(2) {
            let _ = writeln!(sets, "rules s{at} {{ {} }}", picked.join(", "));
            return format!("s{at}");
        }
        picked.join(", ")
    };
    let name = format!("r{at}");
    let exception = !targets.is_empty() && random.once_in(3);
    let head = if exception {
        format!("exception {name} to {}", pick(random))
    } else {
        format!("rule {name}")
    };
    let force = interval(random);
    let may_be_suspended = force.is_empty() || force.contains(" until ");
    let mut clauses = vec![format!("title \"Rule {at}\" cite \"Act {at}\""), force];
    if may_be_suspended && random.once_in(4) {
        clauses.push("suspended from 2025-02-01 until 2025-04-01".to_owned());
    }
    if random.once_in(4) {
        let choices =
            ["strict.literal", "strict.broad", "open_question.narrow", "open_question.wide"];
        clauses.push(format!("under {}", random.one(&choices)));
    }
    if !targets.is_empty() && !exception && random.once_in(4) {
        clauses.push(format!("subject to {}", pick(random)));
    }
    let reads_decisions = decision != "classed";
    clauses.push(format!("when {}", condition(random, 2, reads_decisions)));
    if !exception || random.once_in(2) {
        clauses.push(conclusion(random, decision));
    }
    let _ = writeln!(text, "{sets}{head} {{ {} }}", clauses.join("\n    "));
    names.push((name, decision));
}

fn conclusion(random: &mut Random, decision: &str) -> String {
    match decision {
        "license" => {
            let labelled = ["excepted (LPP)", "excepted (ACA)", "excepted (NAC)"];
            let plain = ["required", "required", "forbidden", "free"];
            let value = if random.once_in(3) { random.one(&labelled) } else { random.one(&plain) };
            format!("then license is {value}")
        }
        "review" => {
            format!("then review is {}", random.one(&["approval", "cases", "denial"]))
        }
        "classed" => format!("then classed is {}", random.one(&CODES)),
        _ => format!("then notes includes {}", random.one(&["alpha", "beta", "gamma"])),
    }
}

fn interval(random: &mut Random) -> String {
    match random.below(4) {
        0 => format!("from {}", random.one(&DAYS)),
        1 => format!("until {}", random.one(&DAYS)),
        2 => "from 2024-06-01 until 2025-06-01".to_owned(),
        _ => String::new(),
    }
}

/// A condition; `decisions` where it may read those of before.
pub fn condition(random: &mut Random, depth: usize, decisions: bool) -> String {
    if depth == 0 {
        return test(random, decisions);
    }
    match random.below(7) {
        0 | 1 => {
            let (a, b) = (part(random, depth, decisions), part(random, depth, decisions));
            format!("{a} and {b}")
        }
        2 => {
            let (a, b) = (part(random, depth, decisions), part(random, depth, decisions));
            format!("{a} or {b}")
        }
        3 => format!("not {}", part(random, depth, decisions)),
        _ => test(random, decisions),
    }
}

fn part(random: &mut Random, depth: usize, decisions: bool) -> String {
    let inner = condition(random, depth.saturating_sub(1), decisions);
    format!("({inner})")
}

fn test(random: &mut Random, decisions: bool) -> String {
    let sign = *random.one(&["<", "<=", ">", ">=", "is", "is not"]);
    let amount = random.one(&[0, 10, 50, 100, 150, 200, 1000]);
    match random.below(if decisions { 33 } else { 27 }) {
        0 => format!("destination is {}", random.one(&COUNTRIES)),
        1 => format!(
            "destination not in {{ {}, {} }}",
            random.one(&COUNTRIES),
            random.one(&COUNTRIES)
        ),
        2 => "destination in embargoed".to_owned(),
        3 => "destination in (friends without embargoed)".to_owned(),
        4 => format!("action is {}", random.one(&ACTIONS)),
        5 => format!("action in {{ {}, {} }}", random.one(&ACTIONS), random.one(&ACTIONS)),
        6 => format!("tpp {sign} {amount} TPP"),
        7 => format!("{amount} TPP <= tpp < {} TPP", amount + 70),
        8 => format!("total {sign} {amount} TPP"),
        9 => format!("tpp * 2 + limit {sign} {amount} TPP"),
        10 => "tpp <= limit".to_owned(),
        11 => format!("ordered {sign} {}", random.one(&DAYS)),
        12 => "as_of_date >= ordered + 25 days".to_owned(),
        13 => "certified".to_owned(),
        14 => {
            let (verb, code) = (random.one(&["meets", "within", "not meets"]), random.one(&CODES));
            format!("item {verb} {{ {code} }}")
        }
        15 => {
            let each = random.one(&["any", "every", "no"]);
            let body = random.one(&["one.country in embargoed", "foreign(one)", "one.known"]);
            let list = random.one(&["parties", "others"]);
            format!("({each} one in {list} where {body})")
        }
        16 => format!("near(tpp, {amount} TPP)"),
        17 => "total <= quota(destination, action)".to_owned(),
        18 => format!("worst {sign} {}", amount / 10),
        19 => format!("cap {sign} tpp + {amount} TPP"),
        20 => format!("item is {}", random.one(&CODES)),
        21 => format!("{} is not item", random.one(&CODES)),
        22 => format!("item in {{ {}, {} }}", random.one(&CODES), random.one(&CODES)),
        23 => (*random.one(&["item in sorts", "item not in sorts", "better in sorts"])).to_owned(),
        24 => (*random.one(&["better is item", "item in { better, 3A090.a.1 }"])).to_owned(),
        25 => {
            let (one, other) = (random.one(&["item", "better"]), random.one(&CODES));
            let turned = random.once_in(2);
            let (one, other) = if turned { (other, one) } else { (one, other) };
            format!("as_good({one}, {other})")
        }
        26 => format!("share({}) {sign} 2", random.one(&["item", "better", "3A090", "3A090.a"])),
        27 => format!("classed meets {{ {} }}", random.one(&CODES)),
        28 => "classed is none".to_owned(),
        29 => format!("classed is not {}", random.one(&CODES)),
        30 => format!("classed in {{ {}, {} }}", random.one(&CODES), random.one(&CODES)),
        31 => format!("beyond(destination) {sign} 1"),
        _ => format!("classed within {{ {} }}", random.one(&CODES)),
    }
}

/// Facts of which each is unknown once in so many times.
pub fn facts(random: &mut Random, hir: &Hir, unknown_once_in: usize) -> Facts {
    let mut facts = Facts::default();
    let ids: Vec<(FactId, Ty)> = hir.facts.iter().map(|(id, fact)| (id, fact.ty.clone())).collect();
    for (id, ty) in ids {
        if let Some(value) = value(random, hir, &ty, unknown_once_in) {
            facts.set(id, value);
        }
    }
    facts
}

fn value(random: &mut Random, hir: &Hir, ty: &Ty, unknown_once_in: usize) -> Option<Value> {
    if random.once_in(unknown_once_in) {
        return None;
    }
    Some(match ty {
        Ty::YesNo => Value::YesNo(random.once_in(2)),
        Ty::Quantity(_) => {
            let amount = *random.one(&[0_i128, 1, 2, 9, 10, 49, 50, 51, 100, 101, 150, 200, 1000]);
            Value::Number(Number::from_integer(amount))
        }
        Ty::Date => Value::Date(day(random)),
        Ty::Country => {
            let code = random.one::<&str>(&COUNTRIES);
            Value::Country(Country::from_code(code)?)
        }
        Ty::Enum(id) => {
            let values = &hir.enums.get(*id)?.values;
            Value::Symbol(random.one(values).name.clone())
        }
        Ty::Code(id) => {
            let entries: Vec<_> = hir.code_lists.get(*id)?.entries.keys().cloned().collect();
            let none = random.once_in(6);
            Value::Code(if none { Code::None } else { Code::Entry(random.one(&entries).clone()) })
        }
        Ty::Record(id) => {
            let types: Vec<Ty> =
                hir.records.get(*id)?.fields.iter().map(|field| field.ty.clone()).collect();
            let fields = types.iter().map(|ty| value(random, hir, ty, unknown_once_in)).collect();
            Value::Record(Arc::new(Record { fields }))
        }
        Ty::List(element) => {
            let count = random.below(4);
            let items = (0..count)
                .filter_map(|_| match element.as_ref() {
                    // The elements of a list are known; their fields may not be.
                    Ty::Record(_) => value(random, hir, element, unknown_once_in.max(2)),
                    other => value(random, hir, other, usize::MAX),
                })
                .collect();
            Value::List(Arc::new(items))
        }
        Ty::Text => Value::Text(random.one(&["a", "b"]).to_string().into()),
        Ty::Outcome(_) | Ty::Set(_) | Ty::Error => return None,
    })
}

/// A day on which, or near which, something may change.
pub fn day(random: &mut Random) -> Date {
    let text = random.one::<&str>(&DAYS);
    let day = date_from_text(text).unwrap_or(Date::ZERO);
    match random.below(3) {
        0 => day.yesterday().unwrap_or(day),
        1 => day.tomorrow().unwrap_or(day),
        _ => day,
    }
}

/// The text with one small thing changed in its rules; none if there is no place for what was drawn.
pub fn changed(text: &str, random: &mut Random) -> Option<String> {
    const CHANGES: [(&str, &str); 7] = [
        (" <= ", " < "),
        (" and ", " or "),
        ("2024-06-01", "2024-09-01"),
        ("is certified", "is not certified"),
        (" in embargoed", " in friends"),
        ("license is required", "license is forbidden"),
        ("when certified", "when not certified"),
    ];
    let start = VOCABULARY.len();
    let (from, to) = *random.one(&CHANGES);
    let places: Vec<usize> =
        text.match_indices(from).map(|(at, _)| at).filter(|at| *at >= start).collect();
    let at = *places.get(random.below(places.len().max(1)))?;
    let (before, rest) = text.split_at(at);
    Some(format!("{before}{to}{}", rest.strip_prefix(from)?))
}
