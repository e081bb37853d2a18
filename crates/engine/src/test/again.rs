//! Which scenarios can come to something else under rules that were read again.
//!
//! A scenario is left as it was only where nothing that it reaches differs: not its own text, not a rule
//! that has force on its day, not what this names. Everything is compared by names and by the text of the
//! items, so that it does not matter where these stand. Whatever is not a rule, an exception, a define, a
//! table, a gap or a scenario (types, facts, decisions, assertions, headers of modules) is not followed: where
//! such a thing differs, all scenarios are run again.

use std::collections::{BTreeMap, BTreeSet};

use exeat_diagnostics::{SourceFile, Span};
use exeat_eval::Scenarios;
use exeat_hir::reach::{Named, rules_of, visit_deep};
use exeat_hir::{
    DecisionId, Expr, ExprKind, FactId, Force, FunctionId, GroupId, Hir, ModuleId, ModuleStatus,
    NotModelledId, ReadingId, RuleId, Scenario, ScenarioId, Table,
};
use exeat_syntax::{Kind, Node, TokenId};

use super::ScenarioOutcome;
use crate::Session;

/// The scenarios of the second rules that can come to something else than under the first, where the given
/// outcomes were found. None if that cannot be told.
pub(super) fn to_run_again(
    (before, known): (&Session, &[ScenarioOutcome]),
    (after, all): (&Session, &Scenarios<'_>),
) -> Option<BTreeSet<ScenarioId>> {
    let (first, second) = (before.digests(), after.digests());
    if first.tables != second.tables || first.plugins != second.plugins {
        return None;
    }
    let (old, new) = changed_items(before, after)?;
    let mut old = Side::new(before.hir(), &old)?;
    let mut new = Side::new(after.hir(), &new)?;
    if old.fixed() != new.fixed() {
        return None;
    }
    old.compare(&mut new);
    let old_reads = Scenarios::new(before.hir(), before.functions());
    let known: BTreeMap<(&str, &str), &ScenarioOutcome> =
        known.iter().map(|one| ((one.module.as_str(), one.title.as_str()), one)).collect();
    let old_scenarios: BTreeMap<(String, String), (ScenarioId, &Scenario)> =
        old.hir.scenarios.iter().map(|(id, one)| (old.scenario_key(one), (id, one))).collect();
    let (old, new) = (old.followed()?, new.followed()?);
    let mut again = BTreeSet::new();
    for (id, scenario) in after.hir().scenarios.iter() {
        let key = new.side.scenario_key(scenario);
        let outcome = known.get(&(key.0.as_str(), key.1.as_str()));
        let same = outcome.zip(old_scenarios.get(&key)).is_some_and(|(outcome, (old_id, was))| {
            !old.touches_scenario(*old_id, was)
                && !new.touches_scenario(id, scenario)
                && was.as_of == scenario.as_of
                && {
                    let (a, b) = (
                        old_reads.decisions_for(*old_id, &outcome.asserted),
                        all.decisions_for(id, &outcome.asserted),
                    );
                    a == b && !old.touches(&a, was) && !new.touches(&b, scenario)
                }
        });
        if !same {
            again.insert(id);
        }
    }
    Some(again)
}

/// The places of the items that stand in one of two versions only.
fn changed_items(before: &Session, after: &Session) -> Option<(Vec<Span>, Vec<Span>)> {
    let files = |session: &Session| -> BTreeMap<String, SourceFile> {
        session.sources.files().map(|(_, file)| (file.name.clone(), file.clone())).collect()
    };
    let (old_files, new_files) = (files(before), files(after));
    let (mut old, mut new) = (Vec::new(), Vec::new());
    for name in old_files.keys().chain(new_files.keys()).collect::<BTreeSet<_>>() {
        let (first, second) = (old_files.get(name), new_files.get(name));
        if first.zip(second).is_some_and(|(a, b)| a.text == b.text) {
            continue;
        }
        let first = first.map_or_else(|| Some(Items::default()), Items::of)?;
        let second = second.map_or_else(|| Some(Items::default()), Items::of)?;
        if old_files.contains_key(name) && new_files.contains_key(name) {
            if first.other != second.other {
                return None;
            }
        } else if !first.only_a_header || !second.only_a_header {
            return None;
        }
        old.extend(first.not_in(&second));
        new.extend(second.not_in(&first));
    }
    Some((old, new))
}

/// The items of a file, as their words without comments.
struct Items {
    followed: Vec<(String, Span)>,
    other: Vec<String>,
    only_a_header: bool,
}

impl Default for Items {
    fn default() -> Self {
        Self { followed: Vec::new(), other: Vec::new(), only_a_header: true }
    }
}

impl Items {
    /// None for a text that is no rule file.
    fn of(file: &SourceFile) -> Option<Self> {
        let parsed = exeat_syntax::parse(file.text.clone(), file.base);
        if parsed.has_errors() {
            return None;
        }
        let mut items = Self::default();
        for node in parsed.tree.root().nodes() {
            let words = words(node);
            match node.kind() {
                Kind::rule
                | Kind::exception
                | Kind::define
                | Kind::table
                | Kind::not_modelled
                | Kind::scenario => items.followed.push((words, node.span())),
                kind => {
                    items.only_a_header &= matches!(kind, Kind::edition | Kind::module);
                    items.other.push(words);
                }
            }
        }
        Some(items)
    }

    fn not_in(&self, others: &Self) -> Vec<Span> {
        let known: BTreeSet<&str> =
            others.followed.iter().map(|(words, _)| words.as_str()).collect();
        let own = self.followed.iter().filter(|(words, _)| !known.contains(words.as_str()));
        own.map(|(_, span)| *span).collect()
    }
}

/// The words of an item, each line of them on its own.
fn words(node: Node<'_>) -> String {
    let tree = node.tree();
    let mut words = String::new();
    let mut end = None;
    let (TokenId(first), TokenId(end_of_all)) = node.token_range();
    let tokens = tree.tokens().get(first..end_of_all).unwrap_or(&[]);
    for token in tokens.iter().filter(|token| token.kind != Kind::comment) {
        let between = end.map(|end| tree.slice(Span::new(end, token.span.start)));
        words.push_str(match between {
            Some(between) if between.contains('\n') => "\n",
            Some(_) => " ",
            None => "",
        });
        words.push_str(tree.slice(token.span));
        end = Some(token.span.end);
    }
    words
}

/// What something names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Reference {
    Fact(FactId),
    Decision(DecisionId),
    Group(GroupId),
    Function(FunctionId),
    Define(String),
    Table(String),
    NotModelled(String),
    Rule(String),
    Reading(ReadingId),
}

/// One of the two versions, with what of it differs.
struct Side<'h> {
    hir: &'h Hir,
    rules: BTreeSet<RuleId>,
    named: BTreeSet<Named>,
    gaps: BTreeSet<NotModelledId>,
    scenarios: BTreeSet<ScenarioId>,
}

impl<'h> Side<'h> {
    /// With the items at these places; none if one of them is not found.
    fn new(hir: &'h Hir, changed: &[Span]) -> Option<Self> {
        let mut side = Self {
            hir,
            rules: BTreeSet::new(),
            named: BTreeSet::new(),
            gaps: BTreeSet::new(),
            scenarios: BTreeSet::new(),
        };
        for span in changed {
            let within = |place: Span| span.start <= place.start && place.end <= span.end;
            let mut found = false;
            for (id, _) in hir.rules.iter().filter(|(_, rule)| within(rule.span)) {
                found |= side.rules.insert(id);
            }
            for (id, define) in hir.defines.iter() {
                let bodies = define.pieces.iter().any(|piece| within(piece.body.span));
                if within(define.span) || bodies {
                    found = true;
                    side.named.insert(Named::Define(id));
                }
            }
            for (id, table) in hir.tables.iter() {
                if within(table.span) || table.rows.iter().any(|row| within(row.span)) {
                    found = true;
                    side.named.insert(Named::Table(id));
                }
            }
            for (id, _) in hir.not_modelled.iter().filter(|(_, item)| within(item.span)) {
                found |= side.gaps.insert(id);
            }
            for (id, _) in hir.scenarios.iter().filter(|(_, one)| within(one.span)) {
                found |= side.scenarios.insert(id);
            }
            if !found {
                return None;
            }
        }
        Some(side)
    }

    fn full(&self, module: ModuleId, name: &str) -> String {
        self.hir.full_name(module, name)
    }

    fn scenario_key(&self, scenario: &Scenario) -> (String, String) {
        let module = self.hir.modules.get(scenario.module);
        (module.map_or_else(String::new, |module| module.name.to_string()), scenario.title.clone())
    }

    fn rule_names(&self, rules: &[RuleId]) -> Vec<Reference> {
        let known = rules.iter().filter_map(|id| self.hir.rules.get(*id));
        let mut names: Vec<Reference> =
            known.map(|rule| Reference::Rule(self.full(rule.module, &rule.name))).collect();
        names.sort();
        names
    }

    /// What expressions name themselves, in their order.
    fn references<'e>(&self, exprs: impl IntoIterator<Item = &'e Expr>) -> Vec<Reference> {
        let mut found = Vec::new();
        for expr in exprs {
            expr.visit(&mut |part| match &part.kind {
                ExprKind::Fact(id) => found.push(Reference::Fact(*id)),
                ExprKind::Decision(id) => found.push(Reference::Decision(*id)),
                ExprKind::Group(id) => found.push(Reference::Group(*id)),
                ExprKind::Call(id, _) => found.push(Reference::Function(*id)),
                ExprKind::Define(id, _) => {
                    let define = self.hir.defines.get(*id);
                    found.extend(
                        define.map(|define| {
                            Reference::Define(self.full(define.module, &define.name))
                        }),
                    );
                }
                ExprKind::Table(id, _) => {
                    let table = self.hir.tables.get(*id);
                    let name = |table: &Table| self.full(table.module, &table.name);
                    found.extend(table.map(|table| Reference::Table(name(table))));
                }
                ExprKind::NotModelled(id) => {
                    let item = self.hir.not_modelled.get(*id);
                    found.extend(
                        item.map(|item| Reference::NotModelled(self.full(item.module, &item.name))),
                    );
                }
                _ => {}
            });
        }
        found
    }

    fn rules_by_name(&self) -> BTreeMap<String, (RuleId, Vec<Reference>)> {
        let rules = self.hir.rules.iter().map(|(id, rule)| {
            let values = rule.conclusions.iter().map(|one| &one.value);
            let mut names = self.references(rule.when.iter().chain(values));
            names.extend(rule.force.under.iter().map(|under| Reference::Reading(under.reading)));
            names.extend(rule.conclusions.iter().map(|one| Reference::Decision(one.decision)));
            for relation in [&rule.exception_to, &rule.defeats, &rule.defeated_by] {
                names.extend(self.rule_names(relation));
                names.push(Reference::Rule(String::new()));
            }
            (self.full(rule.module, &rule.name), (id, names))
        });
        rules.collect()
    }

    fn named_by_name(&self) -> BTreeMap<(bool, String), (Named, Vec<Reference>)> {
        let defines = self.hir.defines.iter().map(|(id, define)| {
            let name = self.full(define.module, &define.name);
            ((true, name), Named::Define(id))
        });
        let tables = self.hir.tables.iter().map(|(id, table)| {
            let name = self.full(table.module, &table.name);
            ((false, name), Named::Table(id))
        });
        let with_names =
            |(name, named): (_, Named)| (name, (named, self.references(named.holds(self.hir))));
        defines.chain(tables).map(with_names).collect()
    }

    fn gaps_by_name(&self) -> BTreeMap<String, (NotModelledId, Vec<Reference>)> {
        let gaps = self.hir.not_modelled.iter().map(|(id, item)| {
            let mut names = self.references(&item.when);
            names.extend(item.force.under.iter().map(|under| Reference::Reading(under.reading)));
            names.extend(item.affects.iter().map(|id| Reference::Decision(*id)));
            (self.full(item.module, &item.name), (id, names))
        });
        gaps.collect()
    }

    /// What everything that is not followed names.
    fn fixed(&self) -> Vec<Vec<Reference>> {
        let hir = self.hir;
        let decisions = hir.decisions.values().map(|one| self.references(&one.needed_when));
        let groups = hir.groups.iter().map(|(id, _)| self.references(Named::Group(id).holds(hir)));
        let assumptions = hir.assumptions.values().map(|one| self.references([&one.condition]));
        let assertions =
            hir.assertions.values().map(|one| self.references(one.when.iter().chain([&one.claim])));
        decisions.chain(groups).chain(assumptions).chain(assertions).collect()
    }

    /// Adds what has its text but names something else by it.
    fn compare(&mut self, other: &mut Self) {
        let (mine, theirs) = (self.rules_by_name(), other.rules_by_name());
        for (name, (id, names)) in &mine {
            if let Some((their, _)) = theirs.get(name).filter(|(_, others)| others != names) {
                self.rules.insert(*id);
                other.rules.insert(*their);
            }
        }
        let (mine, theirs) = (self.named_by_name(), other.named_by_name());
        for (name, (id, names)) in &mine {
            if let Some((their, _)) = theirs.get(name).filter(|(_, others)| others != names) {
                self.named.insert(*id);
                other.named.insert(*their);
            }
        }
        let (mine, theirs) = (self.gaps_by_name(), other.gaps_by_name());
        for (name, (id, names)) in &mine {
            if let Some((their, _)) = theirs.get(name).filter(|(_, others)| others != names) {
                self.gaps.insert(*id);
                other.gaps.insert(*their);
            }
        }
    }

    fn reaches<'e>(&self, exprs: impl IntoIterator<Item = &'e Expr>) -> bool
    where
        'h: 'e,
    {
        !self.named.is_empty() && !visit_deep(self.hir, exprs, &mut |_| {}).is_disjoint(&self.named)
    }

    /// What of each decision differs; none if something differs that all scenarios reach.
    fn followed(self) -> Option<Followed<'h>> {
        let hir = self.hir;
        let conditions = hir.assumptions.values().map(|one| &one.condition);
        let claims = hir.assertions.values().flat_map(|one| one.when.iter().chain([&one.claim]));
        if self.reaches(conditions.chain(claims)) {
            return None;
        }
        let rules: BTreeSet<RuleId> = hir
            .rules
            .iter()
            .filter(|(id, rule)| {
                let values = rule.conclusions.iter().map(|one| &one.value);
                self.rules.contains(id) || self.reaches(rule.when.iter().chain(values))
            })
            .map(|(id, _)| id)
            .collect();
        let mut decisions = BTreeMap::new();
        for (id, decision) in hir.decisions.iter() {
            let mut differs =
                Differs { always: self.reaches(&decision.needed_when), on: Vec::new() };
            let found = rules_of(hir, id);
            let found = found.intersection(&rules).filter_map(|id| hir.rules.get(*id));
            differs.on.extend(found.map(|rule| (rule.module, &rule.force)));
            for (gap, item) in hir.not_modelled.iter().filter(|(_, gap)| gap.affects.contains(&id))
            {
                if self.gaps.contains(&gap) || self.reaches(&item.when) {
                    differs.on.push((item.module, &item.force));
                }
            }
            decisions.insert(id, differs);
        }
        Some(Followed { side: self, decisions })
    }
}

/// When something of a decision differs.
struct Differs<'h> {
    always: bool,
    /// What has force where these do.
    on: Vec<(ModuleId, &'h Force)>,
}

/// A version with what differs of each decision.
struct Followed<'h> {
    side: Side<'h>,
    decisions: BTreeMap<DecisionId, Differs<'h>>,
}

impl Followed<'_> {
    /// Whether something of these decisions differs that counts for a scenario.
    fn touches(&self, decisions: &BTreeSet<DecisionId>, scenario: &Scenario) -> bool {
        let counts = |(module, force): &(ModuleId, &Force)| self.counts(*module, force, scenario);
        let mut differing = decisions.iter().filter_map(|id| self.decisions.get(id));
        differing.any(|differs| differs.always || differs.on.iter().any(counts))
    }

    /// Whether something can have force for a scenario: on its day, under its readings and proposals.
    fn counts(&self, module: ModuleId, force: &Force, scenario: &Scenario) -> bool {
        let hir = self.side.hir;
        let under = force.under.iter().all(|under| {
            let default = || hir.readings.get(under.reading).and_then(|reading| reading.default);
            let chosen = scenario.readings.get(&under.reading).copied().or_else(default);
            chosen.is_none_or(|choice| under.choices.contains(&choice))
        });
        let proposal = hir.modules.get(module).map(|module| module.status);
        let decides =
            proposal != Some(ModuleStatus::Proposal) || scenario.proposals.contains(&module);
        force.on(scenario.as_of) && under && decides
    }

    /// Whether a scenario itself differs.
    fn touches_scenario(&self, id: ScenarioId, scenario: &Scenario) -> bool {
        let given = scenario.given.iter().map(|given| &given.value);
        let expected = scenario.expectations.iter().filter_map(|one| one.expression.as_ref());
        self.side.scenarios.contains(&id) || self.side.reaches(given.chain(expected))
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};
    use std::sync::Arc;

    use exeat_plugin_host::Linked;

    use super::*;
    use crate::{LoadOptions, files};

    const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../policies");
    /// Where the rules stand that are edited.
    const EDITED: &str = "eu";

    /// The rules for the European Union with a text in place of a file of them.
    fn loaded(instead: Option<(&Path, &str)>) -> Option<Session> {
        let options = LoadOptions {
            root: PathBuf::from(ROOT),
            policies: ["trade.exeat", "eu"].map(|name| Path::new(ROOT).join(name)).to_vec(),
            linked: vec![
                Linked { name: "us", entry: exeat_jurisdiction_us::descriptor },
                Linked { name: "eu", entry: exeat_jurisdiction_eu::descriptor },
            ],
            instead: instead
                .map(|(path, text)| (path.to_owned(), Some(Arc::from(text))))
                .into_iter()
                .collect(),
            ..LoadOptions::default()
        };
        Session::load(&options).session
    }

    /// The text of a rule edited in several ways, for each the whole of what stands in its place.
    fn edits(kind: Kind, name: &str, text: &str) -> Vec<String> {
        let with_line = |line: &str| text.replacen("    cite", &format!("{line}\n    cite"), 1);
        let mut edits = vec![String::new(), format!("// A note.\n{text}")];
        edits.push(text.replacen("    when  ", "    when  not ", 1));
        edits.push(text.replacen(" or ", " and ", 1));
        edits.push(with_line("    until 2024-01-01"));
        edits.push(with_line("    from  2030-01-01"));
        edits.push(with_line("    cite  \"Another\""));
        let head = format!(
            "exception to_try_it to {name} {{\n    title \"To try it\"\n    cite  \"To try it\"\n"
        );
        if matches!(kind, Kind::rule | Kind::exception) {
            edits.push(format!("{text}\n\n{head}}}"));
            edits.push(format!("{text}\n\n{head}    until 2023-01-01\n}}"));
            edits.push(format!("{text}\n\n{head}    when  destination is US\n}}"));
        }
        edits.retain(|edit| edit != text);
        edits
    }

    /// Every item edited in several ways: what is left out would have come to the same.
    #[test]
    fn what_is_left_out_would_have_come_to_the_same() {
        let before = loaded(None).unwrap();
        let known = before.scenario_outcomes();
        let (mut tried, mut left_out, mut everything) = (0_usize, 0_usize, 0_usize);
        for path in files::rule_files(&Path::new(ROOT).join(EDITED)).unwrap() {
            let whole = files::read_text(&path).unwrap();
            let parsed = exeat_syntax::parse(whole.as_str(), 0);
            for node in parsed.tree.root().nodes() {
                let followed = [Kind::rule, Kind::exception, Kind::define, Kind::not_modelled];
                if !followed.contains(&node.kind()) {
                    continue;
                }
                let name = node.token(Kind::ident).map_or("", |token| node.token_text(token));
                for edit in edits(node.kind(), name, node.text()) {
                    let edited = whole.replacen(node.text(), &edit, 1);
                    let Some(after) = loaded(Some((&path, &edited))) else { continue };
                    let all = Scenarios::new(after.hir(), after.functions());
                    let again = to_run_again((&before, &known), (&after, &all));
                    let in_full = after.scenario_outcomes();
                    let in_part = after.scenario_outcomes_after(&before, &known);
                    assert_eq!(in_part, in_full, "{name} in {}:\n{edit}", path.display());
                    tried += 1;
                    match again {
                        Some(again) => left_out += in_full.len() - again.len(),
                        None => everything += 1,
                    }
                }
            }
        }
        assert!(tried > 100 && everything == 0, "{tried} edits, {everything} of them not followed");
        assert!(
            left_out > tried * known.len() / 4,
            "{left_out} left out of {tried} times {}",
            known.len()
        );
    }
}
