//! One of two versions of the rules, with what of it differs, and what that is part of.

use std::collections::{BTreeMap, BTreeSet};

use exeat_diagnostics::Span;
use exeat_hir::reach::{Named, rules_of, visit_deep};
use exeat_hir::{
    DecisionId, Define, DefineId, Expr, ExprKind, FactId, Force, FunctionId, GroupId, Hir,
    ModuleId, ModuleStatus, NotModelledId, ReadingId, Rule, RuleId, Scenario, ScenarioId, Table,
};

/// What something names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reference {
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
#[derive(Clone)]
pub(super) struct Side<'h> {
    pub(super) hir: &'h Hir,
    pub(super) rules: BTreeSet<RuleId>,
    pub(super) named: BTreeSet<Named>,
    gaps: BTreeSet<NotModelledId>,
    scenarios: BTreeSet<ScenarioId>,
}

impl<'h> Side<'h> {
    /// With the items at these places; none if one of them is not found.
    pub(super) fn new(hir: &'h Hir, changed: &[Span]) -> Option<Self> {
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

    /// The defines that differ, by their full names.
    pub(super) fn changed_defines(&self) -> BTreeMap<String, (DefineId, &'h Define)> {
        let found = self.named.iter().filter_map(|named| match named {
            Named::Define(id) => Some((*id, self.hir.defines.get(*id)?)),
            Named::Table(_) | Named::Group(_) => None,
        });
        found.map(|(id, one)| (self.full(one.module, &one.name), (id, one))).collect()
    }

    /// The rules that differ, by their full names.
    pub(super) fn changed_rules(&self) -> BTreeMap<String, (RuleId, &'h Rule)> {
        let found = self.rules.iter().filter_map(|id| Some((*id, self.hir.rules.get(*id)?)));
        found.map(|(id, one)| (self.full(one.module, &one.name), (id, one))).collect()
    }

    pub(super) fn full(&self, module: ModuleId, name: &str) -> String {
        self.hir.full_name(module, name)
    }

    pub(super) fn scenario_key(&self, scenario: &Scenario) -> (String, String) {
        let module = self.hir.modules.get(scenario.module);
        (module.map_or_else(String::new, |module| module.name.to_string()), scenario.title.clone())
    }

    pub(super) fn rule_names(&self, rules: &[RuleId]) -> Vec<Reference> {
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
    pub(super) fn fixed(&self) -> Vec<Vec<Reference>> {
        let hir = self.hir;
        let decisions = hir.decisions.values().map(|one| self.references(&one.needed_when));
        let groups = hir.groups.iter().map(|(id, _)| self.references(Named::Group(id).holds(hir)));
        let assumptions = hir.assumptions.values().map(|one| self.references([&one.condition]));
        let assertions =
            hir.assertions.values().map(|one| self.references(one.when.iter().chain([&one.claim])));
        decisions.chain(groups).chain(assumptions).chain(assertions).collect()
    }

    /// Adds what has its text but names something else by it.
    pub(super) fn compare(&mut self, other: &mut Self) {
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

    /// Whether a scenario itself differs.
    pub(super) fn touches_scenario(&self, id: ScenarioId, scenario: &Scenario) -> bool {
        let given = scenario.given.iter().map(|given| &given.value);
        let expected = scenario.expectations.iter().filter_map(|one| one.expression.as_ref());
        self.scenarios.contains(&id) || self.reaches(given.chain(expected))
    }

    /// What of each decision differs; none if something differs that all scenarios reach.
    pub(super) fn followed(self) -> Option<Followed<'h>> {
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
pub(super) struct Differs<'h> {
    always: bool,
    /// What has force where these do.
    on: Vec<(ModuleId, &'h Force)>,
}

/// A version with what differs of each decision.
pub(super) struct Followed<'h> {
    pub(super) side: Side<'h>,
    decisions: BTreeMap<DecisionId, Differs<'h>>,
}

impl Followed<'_> {
    /// Whether something of these decisions differs that counts for a scenario.
    pub(super) fn touches(&self, decisions: &BTreeSet<DecisionId>, scenario: &Scenario) -> bool {
        let counts = |(module, force): &(ModuleId, &Force)| self.counts(*module, force, scenario);
        let mut differing = decisions.iter().filter_map(|id| self.decisions.get(id));
        differing.any(|differs| differs.always || differs.on.iter().any(counts))
    }

    /// Whether something can have force for a scenario: on its day, under its readings and proposals.
    pub(super) fn counts(&self, module: ModuleId, force: &Force, scenario: &Scenario) -> bool {
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
}
