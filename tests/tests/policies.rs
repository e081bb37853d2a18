//! The law as acceptance tests: the policies check without a problem and every scenario in them passes.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::path::PathBuf;

use exeat_diagnostics::{SourceMap, render};
use exeat_eval::{Functions, run_scenario};
use exeat_hir::{FunctionId, Hir};
use exeat_model::{FunctionFailure, Provider, Value};
use exeat_plugin_host::{LoadedJurisdiction, load_linked};
use exeat_syntax::Parsed;

struct Linked(Vec<LoadedJurisdiction>);

impl Functions for Linked {
    fn call(
        &self,
        hir: &Hir,
        function: FunctionId,
        arguments: &[Value],
    ) -> Result<Value, FunctionFailure> {
        // The units of the signatures are base units, so that nothing is converted here.
        let signature = hir.functions.get(function).unwrap();
        let library = self.0.iter().find(|one| one.description().id == signature.jurisdiction);
        library.unwrap().call(&signature.name, arguments)
    }
}

fn policies() -> (SourceMap, Vec<Parsed>) {
    let mut paths = Vec::new();
    let mut folders = vec![PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../policies"))];
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "exeat") {
                paths.push(path);
            }
        }
    }
    paths.sort();
    let mut sources = SourceMap::new();
    let mut parsed = Vec::new();
    for path in paths {
        #[expect(
            clippy::disallowed_methods,
            reason = "the test reads the repository's own policies"
        )]
        let text = std::fs::read_to_string(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let id = sources.add(name, text.clone()).unwrap();
        parsed.push(exeat_syntax::parse(text, sources.file(id).unwrap().base));
    }
    (sources, parsed)
}

#[test]
fn the_policies_check_and_every_scenario_passes() {
    let (sources, files) = policies();
    let libraries = vec![
        load_linked("us", exeat_jurisdiction_us::descriptor).unwrap(),
        load_linked("eu", exeat_jurisdiction_eu::descriptor).unwrap(),
    ];
    let jurisdictions: Vec<_> = libraries.iter().map(|one| one.description().clone()).collect();
    let result = exeat_check::check(exeat_check::Input {
        files: files.into_iter().map(|parsed| exeat_check::SourceInput { parsed }).collect(),
        table_files: std::collections::BTreeMap::new(),
        jurisdictions: &jurisdictions,
    });
    assert!(result.diagnostics.is_empty(), "{}", render::plain(&result.diagnostics, &sources));
    let checked = result.checked.unwrap();
    let hir = checked.hir();
    let functions = Linked(libraries);
    let mut failures = Vec::new();
    for (id, scenario) in hir.scenarios.iter() {
        let report = run_scenario(hir, &functions, id).unwrap();
        failures.extend(
            report
                .failures
                .iter()
                .map(|failure| format!("{}: {}", scenario.title, failure.message)),
        );
        failures.extend(
            report
                .violated_assertions
                .iter()
                .map(|_| format!("{}: refutes an assertion", scenario.title)),
        );
        failures.extend(
            report
                .violated_assumptions
                .iter()
                .map(|_| format!("{}: contradicts an assumption", scenario.title)),
        );
    }
    assert!(hir.scenarios.len() >= 40, "only {} scenarios were found", hir.scenarios.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
