//! A vocabulary and a jurisdiction to try things with.

use std::collections::BTreeMap;
use std::sync::Arc;

use exeat_check::{
    CheckResult, Checked, Input, SourceInput, TableFile, check, check_rules, table_files_wanted,
};
use exeat_diagnostics::{SourceMap, Span, render};
use exeat_hir::IdVec;
use exeat_model::{
    CatalogueDescription, CatalogueEntry, CodeEntry, CodeListDescription, Country, Date, Effect,
    EnumDescription, EnumValue, FieldDescription, FunctionDescription, GroupDescription,
    GroupMember, Interval, JurisdictionDescription, Number, OutcomeDescription,
    ParameterDescription, PlainValue, ScaleDescription, UnitDescription,
};
use exeat_syntax::{Kind, Node};

/// The header and vocabulary that stands before the items of a case.
pub(crate) const VOCABULARY: &str = "edition 2026
module trial { title \"Trial\" use us }
unit TOPS \"rate\"
unit bit \"length\"
unit TPP \"processing\" = TOPS * bit
unit mm \"length\"
unit mm2 \"area\" = mm * mm
enum action { export reexport }
record rate { bits : bit  throughput : TOPS }
record chip { model : text  tpp : TPP  area : mm2  rates : list of rate  tested : yes_no }
record party { country : country  headquarters : country }
fact destination : country
fact action : action
fact item : chip
fact items : list of chip
fact parties : list of party
fact quantity : number
fact ordered : date
fact ready : yes_no
fact code : us.eccn
decision license : us.outcome { combine strictest otherwise free cite \"law\" }
";

/// What is said about items after the vocabulary; warnings of unfinished cases are left out.
pub(crate) fn errors(items: &str) -> String {
    let text = format!("{VOCABULARY}{items}");
    let (mut result, sources) = run(&[("trial.exeat", &text)], &[]);
    result.diagnostics.retain(exeat_diagnostics::Diagnostic::is_error);
    assert_eq!(result.checked.is_none(), !result.diagnostics.is_empty());
    format!("{items}----\n{}", render::plain(&result.diagnostics, &sources))
}

/// What is said about whole files.
pub(crate) fn errors_in_files(files: &[&str]) -> String {
    let named: Vec<(String, &str)> =
        files.iter().enumerate().map(|(at, text)| (format!("{at}.exeat"), *text)).collect();
    let named: Vec<(&str, &str)> =
        named.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    let (mut result, sources) = run(&named, &[]);
    result.diagnostics.retain(exeat_diagnostics::Diagnostic::is_error);
    format!("{}\n----\n{}", files.join("\n----\n"), render::plain(&result.diagnostics, &sources))
}

/// Checks files with the CSV files beside them.
pub(crate) fn run(files: &[(&str, &str)], tables: &[(&str, &str)]) -> (CheckResult, SourceMap) {
    let mut sources = SourceMap::new();
    let mut inputs = Vec::new();
    let mut rules = Vec::new();
    let mut table_files = BTreeMap::new();
    for (name, text) in files {
        let id = sources.add(*name, *text).unwrap();
        let base = sources.file(id).unwrap().base;
        inputs.push(SourceInput { parsed: exeat_syntax::parse(*text, base) });
        rules.push(SourceInput { parsed: exeat_syntax::parse_rules(*text, base) });
    }
    for (at, input) in inputs.iter().enumerate() {
        for (path, _) in table_files_wanted(&input.parsed) {
            let Some((_, text)) = tables.iter().find(|(name, _)| *name == path) else { continue };
            let id = sources.add(path.clone(), *text).unwrap();
            let base = sources.file(id).unwrap().base;
            let text = Arc::from(*text);
            table_files.insert((at, path.clone()), TableFile { path, text, base });
        }
    }
    let jurisdictions = [Arc::new(jurisdiction())];
    let rules =
        Input { files: rules, table_files: table_files.clone(), jurisdictions: &jurisdictions };
    let input = Input { files: inputs, table_files, jurisdictions: &jurisdictions };
    let examples = examples(&input);
    let result = check(input);
    same_errors_without_scenarios(&result, &check_rules(rules), &examples);
    (result, sources)
}

/// Where the scenarios and transactions are.
fn examples(input: &Input<'_>) -> Vec<Span> {
    let roots = input.files.iter().map(|file| file.parsed.tree.root());
    let example = |node: &Node<'_>| matches!(node.kind(), Kind::scenario | Kind::transaction);
    roots.flat_map(Node::nodes).filter(example).map(Node::span).collect()
}

/// What is checked to decide has every error but those in examples, and makes the same program.
fn same_errors_without_scenarios(whole: &CheckResult, rules: &CheckResult, examples: &[Span]) {
    let in_example =
        |span: Span| examples.iter().any(|one| one.start <= span.start && span.end <= one.end);
    for error in whole.diagnostics.iter().filter(|one| one.is_error()) {
        assert!(
            error.span().is_some_and(in_example) || rules.diagnostics.contains(error),
            "{error:?} is not found without scenarios: {:?}",
            rules.diagnostics
        );
    }
    if let Some(whole) = &whole.checked {
        let mut whole = whole.hir().clone();
        whole.scenarios = IdVec::default();
        assert!(rules.diagnostics.is_empty(), "{:?}", rules.diagnostics);
        assert_eq!(Some(&whole), rules.checked.as_ref().map(Checked::hir));
    }
}

fn jurisdiction() -> JurisdictionDescription {
    JurisdictionDescription {
        id: "us".into(),
        title: "A jurisdiction to try".to_owned(),
        version: "1".to_owned(),
        data_vintage: Date::constant(2026, 1, 1),
        digest: "00".to_owned(),
        enums: vec![EnumDescription {
            name: "symbol".into(),
            title: "Exceptions".to_owned(),
            values: ["LPP", "ACM"]
                .map(|name| EnumValue { name: name.into(), title: name.to_owned() })
                .to_vec(),
        }],
        units: vec![UnitDescription {
            name: "TOPS".into(),
            title: "rate".to_owned(),
            definition: None,
        }],
        scales: vec![ScaleDescription {
            name: "outcome".into(),
            title: "Outcomes".to_owned(),
            outcomes: vec![
                place("free", Effect::Free, None),
                place("excepted", Effect::FreeWithConditions, Some("symbol")),
                place("required", Effect::AuthorisationNeeded, None),
            ],
        }],
        code_lists: vec![CodeListDescription {
            name: "eccn".into(),
            title: "Codes".to_owned(),
            entries: [("3A090", None), ("3A090.a", Some("3A090")), ("4A090", None)]
                .map(|(code, parent)| CodeEntry {
                    code: code.into(),
                    title: code.to_owned(),
                    parent: parent.map(Into::into),
                    meets: Vec::new(),
                    interval: Interval::ALWAYS,
                })
                .to_vec(),
        }],
        groups: vec![GroupDescription {
            name: "D:5".into(),
            title: "Arms embargo".to_owned(),
            cite: "law".to_owned(),
            members: vec![GroupMember {
                country: Country::from_code("CN").unwrap(),
                interval: Interval::ALWAYS,
                cite: None,
            }],
        }],
        catalogues: vec![catalogue()],
        functions: vec![
            function("tpp", &[("rate", "TOPS"), ("bits", "bit")], "TPP"),
            function("weigh", &[("mass", "kilogram")], "number"),
        ],
    }
}

fn place(name: &str, effect: Effect, labels: Option<&str>) -> OutcomeDescription {
    OutcomeDescription {
        name: name.into(),
        title: name.to_owned(),
        effect: Some(effect),
        labels: labels.map(Into::into),
    }
}

fn function(name: &str, parameters: &[(&str, &str)], result: &str) -> FunctionDescription {
    let parameters = parameters
        .iter()
        .map(|(name, ty)| ParameterDescription { name: (*name).into(), ty: (*ty).to_owned() });
    FunctionDescription {
        name: name.into(),
        title: name.to_owned(),
        cite: None,
        parameters: parameters.collect(),
        result: result.to_owned(),
    }
}

fn catalogue() -> CatalogueDescription {
    let number = |number| PlainValue::Number(Number::from_integer(number));
    CatalogueDescription {
        name: "chip".into(),
        title: "Chips".to_owned(),
        fields: [("model", "text"), ("tpp", "TPP"), ("rates", "list of rate")]
            .map(|(name, ty)| FieldDescription { name: name.into(), ty: ty.to_owned() })
            .to_vec(),
        entries: vec![CatalogueEntry {
            key: "B200".into(),
            fields: vec![
                ("model".into(), PlainValue::Text("B200".into())),
                ("tpp".into(), number(36000)),
                (
                    "rates".into(),
                    PlainValue::List(vec![PlainValue::Record(vec![("bits".into(), number(8))])]),
                ),
            ],
            source: "data sheet".to_owned(),
        }],
    }
}
