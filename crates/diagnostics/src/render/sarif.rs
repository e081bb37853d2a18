use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::sarif_log::{
    ArtifactChange, ArtifactLocation, Configuration, Driver, Finding, Help, Location, Log,
    PhysicalLocation, Region, Repair, Replacement, Rule, Run, Text, Tool,
};
use super::{json_text, order::ordered, place::Place, severity_word};
use crate::{Code, CodeDescription, Diagnostic, Fix, Label, SourceMap, Span, all_codes};

/// All problems as a SARIF 2.1.0 log with one run, for code scanning services.
///
/// The log carries the published page of each code that occurs. Columns and offsets count Unicode
/// characters.
pub fn sarif(diagnostics: &[Diagnostic], sources: &SourceMap) -> String {
    let rules: Vec<&'static CodeDescription> = all_codes()
        .filter(|known| diagnostics.iter().any(|found| found.code == known.code))
        .collect();
    let results = ordered(diagnostics, sources)
        .into_iter()
        .map(|found| finding(found, &rules, sources))
        .collect();
    log(rules.iter().map(|known| rule(known)).collect(), results)
}

/// A kind of result that is no problem of the rules, as a class of transactions that changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SarifKind {
    /// Its name, in lower case with `-` between words: stable.
    pub id: &'static str,
    /// What it is, in a sentence.
    pub description: &'static str,
    /// `error`, `warning` or `note`.
    pub level: &'static str,
}

/// A result of such a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SarifResult {
    /// The kind.
    pub kind: SarifKind,
    /// All that is said about it.
    pub message: String,
    /// Where it is best shown; none if it is in no file.
    pub span: Option<Span>,
}

/// Results that are no problems as a SARIF 2.1.0 log with one run; it describes all the kinds given.
pub fn sarif_results(kinds: &[SarifKind], results: &[SarifResult], sources: &SourceMap) -> String {
    let rules = kinds.iter().map(|kind| Rule {
        id: kind.id,
        name: kind.id,
        short_description: text(kind.description),
        help: Help { text: kind.description, markdown: kind.description },
        default_configuration: Configuration { level: kind.level },
    });
    let results = results.iter().map(|result| Finding {
        rule_id: result.kind.id,
        rule_index: kinds.iter().position(|kind| *kind == result.kind),
        level: result.kind.level,
        message: text(&result.message),
        locations: result
            .span
            .and_then(|span| location(&Label { span, text: String::new() }, None, sources))
            .into_iter()
            .collect(),
        related_locations: Vec::new(),
        fixes: Vec::new(),
    });
    log(rules.collect(), results.collect())
}

fn log(rules: Vec<Rule>, results: Vec<Finding>) -> String {
    json_text(&Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: vec![Run {
            tool: Tool {
                driver: Driver {
                    name: "exeat",
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    rules,
                },
            },
            column_kind: "unicodeCodePoints",
            results,
        }],
    })
}

fn rule(known: &CodeDescription) -> Rule {
    Rule {
        id: known.code.0,
        name: known.name,
        short_description: text(&known.name.replace('-', " ")),
        help: Help { text: known.page, markdown: known.page },
        default_configuration: Configuration { level: default_level(known.code) },
    }
}

fn default_level(code: Code) -> &'static str {
    if code.0.starts_with('W') { "warning" } else { "error" }
}

fn finding(
    diagnostic: &Diagnostic,
    rules: &[&'static CodeDescription],
    sources: &SourceMap,
) -> Finding {
    let mut message = vec![diagnostic.message.clone()];
    message.extend(diagnostic.notes.iter().cloned());
    message.extend(diagnostic.help.iter().cloned());
    let mut labels = diagnostic.labels.iter();
    let primary = labels.next().and_then(|label| location(label, None, sources));
    let related = labels.zip(1..).filter_map(|(label, id)| location(label, Some(id), sources));
    Finding {
        rule_id: diagnostic.code.0,
        rule_index: rules.iter().position(|known| known.code == diagnostic.code),
        level: severity_word(diagnostic.severity),
        message: text(&message.join("\n")),
        locations: primary.into_iter().collect(),
        related_locations: related.collect(),
        fixes: diagnostic.fix.iter().map(|fix| repair(fix, sources)).collect(),
    }
}

fn location(label: &Label, id: Option<usize>, sources: &SourceMap) -> Option<Location> {
    let place = Place::of(label.span, sources)?;
    Some(Location {
        id,
        physical: PhysicalLocation { artifact_location: artifact(&place), region: region(&place) },
        message: (!label.text.is_empty()).then(|| text(&label.text)),
    })
}

fn repair(fix: &Fix, sources: &SourceMap) -> Repair {
    let mut by_file: BTreeMap<ArtifactLocation, Vec<Replacement>> = BTreeMap::new();
    for edit in &fix.edits {
        let Some(place) = Place::of(edit.span, sources) else { continue };
        by_file.entry(artifact(&place)).or_default().push(Replacement {
            deleted_region: region(&place),
            inserted_content: text(&edit.replacement),
        });
    }
    let changes = by_file.into_iter().map(|(artifact_location, replacements)| ArtifactChange {
        artifact_location,
        replacements,
    });
    Repair { description: text(&fix.title), artifact_changes: changes.collect() }
}

fn region(place: &Place<'_>) -> Region {
    let characters = |range| place.file.text.get(range).unwrap_or("").chars().count();
    Region {
        start_line: place.start.line,
        start_column: place.start.column,
        end_line: place.end.line,
        end_column: place.end.column,
        char_offset: characters(0..place.bytes.start),
        char_length: characters(place.bytes.clone()),
    }
}

fn artifact(place: &Place<'_>) -> ArtifactLocation {
    ArtifactLocation { uri: uri(&place.file.name) }
}

/// A file name as the relative reference that the standard asks for.
fn uri(name: &str) -> String {
    let mut uri = String::with_capacity(name.len());
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            b'\\' => uri.push('/'),
            // Writing to a `String` cannot fail.
            _ => drop(write!(uri, "%{byte:02X}")),
        }
    }
    uri
}

fn text(text: &str) -> Text {
    Text { text: text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::fixture;

    #[test]
    fn log_has_rules_places_and_fixes() {
        let (diagnostics, sources) = fixture::two_files();
        let mut log: serde_json::Value =
            serde_json::from_str(&sarif(&diagnostics, &sources)).unwrap();
        // The pages and the version change for reasons of their own.
        let driver = &mut log["runs"][0]["tool"]["driver"];
        driver["semanticVersion"] = "(version)".into();
        for rule in driver["rules"].as_array_mut().unwrap() {
            rule["help"] = "(page)".into();
        }
        insta::assert_snapshot!(serde_json::to_string_pretty(&log).unwrap());
    }

    #[test]
    fn log_reads_back_with_the_structs_of_the_standard() {
        let (diagnostics, sources) = fixture::two_files();
        let log = sarif(&diagnostics, &sources);
        let log: serde_sarif::sarif::Sarif = serde_json::from_str(&log).unwrap();
        let run = log.runs.first().unwrap();
        let results = run.results.as_ref().unwrap();
        let rules = run.tool.driver.rules.as_ref().unwrap();
        assert_eq!(results.len(), diagnostics.len());
        assert_eq!(rules.len(), 4);
        for result in results {
            let index = usize::try_from(result.rule_index.unwrap()).unwrap();
            assert_eq!(Some(&rules[index].id), result.rule_id.as_ref());
            assert!(rules[index].help.as_ref().unwrap().text.starts_with("# "));
        }
        let fixed = results.iter().find_map(|result| result.fixes.as_ref()).unwrap();
        let replacement = &fixed[0].artifact_changes[0].replacements[0];
        let region = &replacement.deleted_region;
        assert_eq!((region.start_line, region.start_column), (Some(5), Some(11)));
        assert_eq!((region.char_offset, region.char_length), (Some(81), Some(10)));
    }

    #[test]
    fn offsets_count_characters() {
        let mut sources = SourceMap::new();
        sources.add("a", "öö x").unwrap();
        let place = Place::of(Span::new(5, 6), &sources).unwrap();
        let region = region(&place);
        assert_eq!((region.char_offset, region.char_length, region.start_column), (3, 1, 4));
    }

    #[test]
    fn names_become_references() {
        assert_eq!(uri("policies\\a b/ü:1.exeat"), "policies/a%20b/%C3%BC%3A1.exeat");
    }
}
