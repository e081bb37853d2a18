//! Lists of what there is: rules, facts, modules, …

use exeat_hir::{ModuleStatus, RuleKind};
use exeat_model::Country;

use crate::command::Piece;
use crate::desk::{Desk, span_of};
use crate::help::PAGES;
use crate::problem::{no_such, not_understood};
use crate::reply::{Block, Reply, Row};

/// What can be listed.
pub(crate) const KINDS: [&str; 15] = [
    "rules",
    "exceptions",
    "gaps",
    "facts",
    "defines",
    "tables",
    "decisions",
    "modules",
    "readings",
    "groups",
    "units",
    "enums",
    "scenarios",
    "countries",
    "commands",
];

impl Desk {
    /// All names that can be looked up, without their modules.
    pub(crate) fn all_names(&self) -> Vec<String> {
        let hir = self.session.hir();
        let mut names: Vec<String> = Vec::new();
        names.extend(hir.facts.values().map(|one| one.name.to_string()));
        names.extend(hir.defines.values().map(|one| one.name.to_string()));
        names.extend(hir.decisions.values().map(|one| one.name.to_string()));
        names.extend(hir.tables.values().map(|one| one.name.to_string()));
        names.extend(hir.rules.values().map(|one| one.name.to_string()));
        names.extend(hir.readings.values().map(|one| one.name.to_string()));
        names.extend(hir.not_modelled.values().map(|one| one.name.to_string()));
        names.extend(hir.units.values().map(|one| one.name.to_string()));
        names.extend(hir.modules.values().map(|one| one.name.to_string()));
        let short = |name: &str| name.rsplit('.').next().unwrap_or(name).to_owned();
        names.extend(hir.enums.values().map(|one| short(&one.name)));
        names.extend(hir.groups.values().map(|one| short(&one.name)));
        names.sort();
        names.dedup();
        names
    }

    pub(crate) fn list(&self, piece: Piece<'_>, base: u32) -> Reply {
        let (kind, rest) = piece.word();
        let known: Vec<String> = KINDS.iter().map(|kind| (*kind).to_owned()).collect();
        if !KINDS.contains(&kind) {
            let span = span_of(Piece { text: kind, at: piece.at }, base);
            let problem = if kind.is_empty() {
                not_understood("list what?", span, "")
            } else {
                no_such("list of", kind, &known, span)
            };
            let help = format!("Write `list` and one of {}.", KINDS.join(", "));
            return Reply::problems(vec![problem.with_help(help)]);
        }
        let words = if rest.is_empty() {
            ""
        } else if let Some(words) = rest.after("where") {
            words.text
        } else {
            let help = format!("Write `list {kind} where {}`.", rest.text);
            let problem = not_understood("`where` is missing", span_of(rest, base), "");
            return Reply::problems(vec![problem.with_help(help)]);
        };
        let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
        let all = self.rows(kind, &words);
        let count = all.len();
        let rows: Vec<Row> = all
            .into_iter()
            .filter(|(row, text)| {
                let whole = format!("{} {} {} {text}", row.name, row.title, row.detail);
                let whole = whole.to_lowercase();
                words.iter().all(|word| whole.contains(word.trim_matches('"')))
            })
            .map(|(row, _)| row)
            .collect();
        let heading = if rows.len() == count {
            format!("{kind}: {count}")
        } else {
            format!("{kind}: {} of {count}", rows.len())
        };
        Reply::of(Block::Listing { heading, rows })
    }

    /// Rows of a kind, each with the text that is searched besides.
    fn rows(&self, kind: &str, words: &[String]) -> Vec<(Row, String)> {
        let hir = self.session.hir();
        let row = |name: String, title: Option<&String>, detail: String| Row {
            name,
            title: title.cloned().unwrap_or_default(),
            detail,
        };
        match kind {
            "rules" | "exceptions" => {
                let wanted = if kind == "rules" { RuleKind::Rule } else { RuleKind::Exception };
                let of_kind = hir.rules.values().filter(|rule| rule.kind == wanted);
                of_kind
                    .map(|rule| {
                        let name = hir.full_name(rule.module, &rule.name);
                        let cites = rule.cites.join("; ");
                        let status = self.status_of(rule);
                        // A rule that is in force is found by these words, whatever became of it.
                        let has_force = self.as_of.is_some_and(|day| rule.force.on(day));
                        let force = if has_force { "in force" } else { "" };
                        let asks_status = words.iter().any(|word| {
                            ["holds", "open", "defeated", "fails"].contains(&word.as_str())
                        });
                        let detail = match status.filter(|_| asks_status) {
                            Some(status) => format!("{cites}; {status}"),
                            None => cites,
                        };
                        let text = if asks_status {
                            String::new()
                        } else {
                            format!("{force} {}", self.session.sources().text(rule.whole))
                        };
                        (row(name, rule.title.as_ref(), detail), text)
                    })
                    .collect()
            }
            "gaps" => (hir.not_modelled.values())
                .map(|one| {
                    let name = hir.full_name(one.module, &one.name);
                    (row(name, one.title.as_ref(), one.cites.join("; ")), String::new())
                })
                .collect(),
            "facts" => (hir.facts.values())
                .map(|one| {
                    let ty = self.session.describe_type(&one.ty);
                    (row(one.name.to_string(), one.ask.as_ref(), ty), one.doc.clone())
                })
                .collect(),
            "defines" => (hir.defines.values())
                .map(|one| {
                    let ty = self.session.describe_type(&one.ty);
                    let name = hir.full_name(one.module, &one.name);
                    (row(name, one.title.as_ref(), ty), one.cites.join(" "))
                })
                .collect(),
            "tables" => (hir.tables.values())
                .map(|one| {
                    let name = hir.full_name(one.module, &one.name);
                    (row(name, one.title.as_ref(), one.cites.join("; ")), String::new())
                })
                .collect(),
            "decisions" => (hir.decisions.values())
                .map(|one| {
                    let ty = self.session.describe_type(&one.ty);
                    let name = hir.full_name(one.module, &one.name);
                    (row(name, one.title.as_ref(), ty), one.doc.clone())
                })
                .collect(),
            "modules" => (hir.modules.values())
                .map(|one| {
                    let status = match one.status {
                        ModuleStatus::InForce => "",
                        ModuleStatus::Proposal => "; a proposal",
                        ModuleStatus::Repealed => "; repealed",
                    };
                    let detail = format!("{}{status}", one.cites.join("; "));
                    (row(one.name.to_string(), one.title.as_ref(), detail), String::new())
                })
                .collect(),
            _ => self.more_rows(kind),
        }
    }

    fn more_rows(&self, kind: &str) -> Vec<(Row, String)> {
        let hir = self.session.hir();
        let row = |name: &str, title: Option<&String>, detail: String| {
            let title = title.cloned().unwrap_or_default();
            (Row { name: name.to_owned(), title, detail }, String::new())
        };
        match kind {
            "readings" => (hir.readings.values())
                .map(|one| {
                    let choices = one.choices.iter().map(|choice| choice.name.to_string());
                    let choices = choices.collect::<Vec<_>>().join(", ");
                    row(&one.name, one.title.as_ref(), choices)
                })
                .collect(),
            "groups" => (hir.groups.values())
                .map(|one| row(&one.name, one.title.as_ref(), one.cites.join("; ")))
                .collect(),
            "units" => (hir.units.values())
                .map(|one| row(&one.name, one.title.as_ref(), String::new()))
                .collect(),
            "enums" => (hir.enums.values())
                .map(|one| {
                    let values = one.values.iter().map(|value| value.name.to_string());
                    row(&one.name, one.title.as_ref(), values.collect::<Vec<_>>().join(", "))
                })
                .collect(),
            "scenarios" => (hir.scenarios.values())
                .map(|one| {
                    let module = hir.modules.get(one.module).map(|one| one.name.to_string());
                    row(&one.title, None, module.unwrap_or_default())
                })
                .collect(),
            "countries" => Country::table()
                .iter()
                .map(|one| row(one.alpha2, Some(&one.name.to_owned()), String::new()))
                .collect(),
            _ => PAGES
                .iter()
                .map(|page| row(page.usage, Some(&page.summary.to_owned()), String::new()))
                .collect(),
        }
    }
}
