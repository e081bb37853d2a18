//! The map of the crates is true: every import between them stands in its table.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// The crates of the map with the imports that it allows; `None` for all that stand below.
fn map() -> Vec<(String, Option<BTreeSet<String>>)> {
    let text = include_str!("../../crates/README.md");
    let rows = text.lines().filter(|line| line.starts_with("| `"));
    rows.map(|line| {
        let cells: Vec<&str> = line.split(" | ").map(str::trim).collect();
        let name = cells[0].split('`').nth(1).unwrap().to_owned();
        // What stands in parentheses says of what an import is made use.
        let imports = cells[2]
            .split('(')
            .map(|part| part.split_once(')').map_or(part, |(_, rest)| rest))
            .collect::<String>();
        let named = imports
            .split(',')
            .map(|import| import.trim().to_owned())
            .filter(|import| import != "–")
            .collect();
        (name, (imports.trim() != "all below").then_some(named))
    })
    .collect()
}

#[test]
fn every_import_stands_in_the_map_and_points_down() {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml");
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--no-deps",
            "--offline",
            "--format-version",
            "1",
            "--manifest-path",
            manifest,
        ])
        .output()
        .unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let map = map();
    let order: BTreeMap<&str, usize> =
        map.iter().enumerate().map(|(at, (name, _))| (name.as_str(), at)).collect();
    let bare = |package: &str| match package.strip_prefix("exeat-jurisdiction-") {
        Some(jurisdiction) => format!("jurisdictions/{jurisdiction}"),
        None => package.trim_start_matches("exeat-").to_owned(),
    };
    let mut wrong = Vec::new();
    let mut seen = 0;
    for package in metadata["packages"].as_array().unwrap() {
        let name = bare(package["name"].as_str().unwrap());
        let Some((at, (_, allowed))) =
            map.iter().enumerate().find(|(_, (known, _))| *known == name)
        else {
            wrong.push(format!("`{name}` does not stand in the map"));
            continue;
        };
        seen += 1;
        for dependency in package["dependencies"].as_array().unwrap() {
            let import = dependency["name"].as_str().unwrap();
            if !import.starts_with("exeat-") || !dependency["kind"].is_null() {
                continue;
            }
            let import = bare(import);
            if allowed.as_ref().is_some_and(|allowed| !allowed.contains(&import)) {
                wrong.push(format!("`{name}` imports `{import}`, which the map does not have"));
            }
            if order.get(import.as_str()).is_none_or(|below| *below <= at) {
                wrong.push(format!("`{name}` imports `{import}`, which does not stand below it"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(seen, map.len(), "the map has a crate that is not there");
}
