//! What an author is told: source and message together, one mistake a line.

use crate::support::{errors, errors_in_files};

macro_rules! mistakes {
    ($($name:ident: $items:expr;)+) => {$(
        #[test]
        fn $name() {
            insta::assert_snapshot!(errors($items));
        }
    )+};
}

mistakes! {
    deadlines: "rule a { title \"a\" cite \"law\" when ready then license is required
    duty \"b\" at least 5 bit before \"c\"
    duty \"d\" each year on 02-29, 13-01, 03-01, 03-01
}
";
    sets_of_rules: "rule a { when ready then license is required }
rules a_and_b { a, b }
rules twice { a, a }
rules none_at_all { title \"none\" }
rules of_sets { a, twice }
rules with_itself { a, c }
rules a { a }
exception c to with_itself { when ready }
exception d to dangling { when ready }
not modelled e { when ready }
rules with_a_gap { e }
scenario \"s\" { as of 2025-01-01 expect license is required because twice }
";
    names_of_things: "define a as destinaton is CN
define b as item.tp >= 5 TPP
define c as quantity.tpp > 5
define d as us.tppp(1 TOPS, 8 bit)
define e as unknown_table(3)
define f as ready is true
define g as other.module.thing
define h as export
fact as_of_date : date
fact AE : country
fact ready : yes_no
fact i : kilogramm
define j (x : number, x : number) as x
";
    names_in_lists: "define a as destination is UK
define b as destination is Poland
define b2 as destination is South_Korea
define b3 as destination is Brunai
define b4 as destination is Atlantis
define b5 as destination is \"Syria\"
define b6 as destination is \"Atlantis\"
define c as code is 3A09
define d as destination in us.group(\"D5\")
define e as action is exprot
define f as license is requird
define g as license is free (LPP)
define h as license is excepted (LLP)
define i as quantity > 5 TTP
scenario \"s\" { as of 2025-01-01 given item = us.chip(\"B20O\") }
scenario \"t\" { as of 2025-01-01 given itm = us.chip(\"B200\") item.tp = 5 TPP }
";
    types_that_do_not_fit: "define a as action is 5
define b as destination in items
define c as any x in destination where ready
define d as if quantity then 1 else 2
define e as ready and quantity
define f : TPP as ready
define g as destination > PL
define h as license >= required
define i as us.group(\"D:5\") union items
define j as largest of parties
define k as parties.country is PL
define l as ready(1)
define m as us.tpp(1 TOPS)
define n as []
define o as { destination = PL }
define p as code meets destination
define q as - ready
define r as quantity is { 1, 2 }
define s as us.weigh(5)
define t as 3 + ready
";
    quantities_that_do_not_fit: "define a as item.tpp >= 4800
define b as 4800 <= item.tpp
define c as item.tpp >= 5 mm2
define d as item.tpp + item.area
define e : TPP/mm2 as item.tpp * item.area
define f : TPP as 4800
define g as 1 TPP / 0
define h as 100000000000000000000000000000000000000000
define i as 5 <= item.tpp < 6 TPP
define j : number as 5 TPP
unit foo = 5 + 3
unit bar = bar * mm
unit mm = bit
unit day
";
    dates_that_cannot_be: "define a as ordered > 2025-02-30
define b as ordered + 1 month
define c as 2024-02-29 + 1 years
define d as ordered + 5
define e as ordered + 5 TPP
define f as ordered - 3 months rounding down > 2025-1-01
define g { as 1 from 2024-01-01 as 2 until 2024-06-01 }
define h as 5 + ordered
rule i { cite \"c\" from 2025-05-15 until 2025-05-15 then license is required }
rule j { cite \"c\" from 2025-05-15 from 2025-06-15 then license is required }
";
    records_and_scenarios: "scenario \"no date\" { expect license is free }
scenario \"s\" {
    as of 2025-01-01
    given parties = [{ country = PL, country = DE }, { PL }]
          quantity = quantity
          destination = CN
          destination = PL
    expect license is not needed
    expect ready because a
    expect license is required because b
    expect license is undetermined (missing facts: parts)
    include trial
}
rule a { cite \"c\" then license is required }
";
    transactions: "transaction sale { given destination = CN item = { model = \"B200\" } quantity = 5 }
transaction one { like two }
transaction two { like one }
transaction three { like sale like sale given quantity = ready }
scenario \"s\" { as of 2025-01-01 like sael expect license is free }
scenario \"t\" { as of 2025-01-01 like sale without quantity, ready, item.tpp expect license is free }
scenario \"u\" { as of 2025-01-01 like one expect license is free }
define x as sale
";
    decisions: "decision a : us.outcome { combine strictest }
decision b : country { combine strictest otherwise PL }
decision c : country { combine collect }
decision d : set of country { combine unique otherwise { PL } }
decision e : us.outcome { otherwise free }
decision f : us.outcome { combine best otherwise free }
decision g : set of country { combine collect otherwise { PL } }
decision h : country { combine unique otherwise destination }
decision i : set of country { combine collect }
rule j { cite \"c\" then i is PL then license includes free }
rule k { cite \"c\" then license is free then license is required }
rule l { cite \"c\" when ready }
exception m to k { cite \"c\" duty \"report\" }
rule n { cite \"c\" then licence is free }
rule o { cite \"c\" then destination is PL }
exception p to q, p { cite \"c\" }
rule r { cite \"c\" when ready when ready then license is free duty \"x\" within 5 TPP }
";
    readings_and_claims: "reading r { default a \"A\" default b \"B\" }
rule x { cite \"c\" under r.c then license is free }
rule y { cite \"c\" under r then license is free }
rule z { cite \"c\" under s.a then license is free }
define w as r
assert v { when ready }
assert u { always ready never ready }
not modelled t { cite \"c\" affects licence }
define s as x
";
    circles: "define a as b + 1
define b as a + 1
define c : number as d + 1
define d : number as c + 1
group e : country { f }
group f : country { e }
record g { h : h }
record h { g : list of g }
decision i : yes_no { combine unique otherwise no }
decision j : yes_no { combine unique otherwise no }
rule k { cite \"c\" when j then i is yes }
rule l { cite \"c\" when i then j is yes }
exception m to n { cite \"c\" }
exception n to m { cite \"c\" }
";
    lists: "enum a { x y x }
scale b { c effect fre d labels e f labels chip }
codes g { 1A001 1A001 1A002 meets 1A003 }
group h : number { 5 }
group i : country { destination }
group j : country { items }
";
    tables: "table a (x : action) : number { row export => 1 row reexport, export => 2 }
table b (x : TPP) : number { row >= 5 => 1 row < 5 TPP and < 6 TPP => 2 row < 1 TPP and > 2 TPP => 3 }
table c (x : action) : number { }
table d (x : country) : number { file \"missing.csv\" }
table e (x : country) : number { row within PL => 1 row > PL => 2 row in items => 3 row PL => ready }
define f as a(export, export)
define g as a
";
    one_fault_gives_one_error: "define a as nothing_known
define b as a + 1
define c as any x in nothing_else where x.y is 3 and x.z in x.w
define d as if a then b else c
fact broken : no_such_type
define e as broken.field in { one, two } and broken >= 5
rule f { cite \"c\" when d and e then license is required }
";
}

#[test]
fn files_and_modules() {
    insta::assert_snapshot!(errors_in_files(&[
        "module a { title \"A\" status sleeping use b use nowhere use us.b }\nfact x : number\n",
        "edition 2025\nmodule b { title \"B\" }\nfact x : number\nfact y : number\n",
        "edition 2026\nfact z : number\n",
        "edition 2026\nmodule c { title \"C\" use a use b use a (q) use us }\ndefine d as x + b.y\n",
        "edition 2026\nmodule b { title \"B\" }\n",
        "edition 2026\nmodule d { title \"D\" use b as bee }\ndefine e as bee.y + b.x + y\ndefine f as c.d\n",
        "edition 2026\nmodule eu.rules { title \"E\" use eu }\ndefine e as eu.group(\"X\")\n",
    ]));
}

#[test]
fn broken_text_is_reported_once() {
    insta::assert_snapshot!(errors(
        "fact broken :: number\ndefine a as broken + 1\nrule b { then license is broken }\n"
    ));
}
