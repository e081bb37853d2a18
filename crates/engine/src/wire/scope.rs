//! What of the law is modelled, as it leaves the process.

use std::collections::BTreeSet;

use exeat_hir::{Force, NotModelledId};
use serde::Serialize;

use super::{DigestLines, PluginLine, digest_lines};
use crate::{Division, Rulebook, Scope, ScopeItem, ScopeQuestion, ScopeStatus};

/// The schema of [`ScopeDocument`].
pub const SCOPE_SCHEMA: &str = "exeat.scope/1";

/// What of the law the rules model: `exeat.scope/1`.
#[derive(Clone, Debug, Serialize)]
pub struct ScopeDocument {
    /// `exeat.scope/1`.
    pub schema: &'static str,
    /// The day whose rules were looked at; nothing for those of all days.
    pub as_of: Option<String>,
    /// The modules that were looked at.
    pub modules: Vec<String>,
    /// The laws that are cited, in order.
    pub laws: Vec<ScopeLine>,
    /// Of which texts it was made.
    pub digests: DigestLines,
    /// Of which libraries it was made.
    pub plugins: Vec<PluginLine>,
}

/// A law, a part of it, or a section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ScopeLine {
    /// Its name: `15 CFR`, `part 742`, `742.6`; or a citation as it stands.
    pub name: String,
    /// `modelled` (something stands on it and nothing is left out), `partly`, `pointer_only` (it is
    /// only said to be left out), or `named_only` (only the header of a module names it).
    pub status: &'static str,
    /// How much stands on it or on something in it, each thing once.
    pub counts: ScopeCounts,
    /// What is not modelled of it, where nothing smaller is cited.
    pub not_modelled: Vec<GapLine>,
    /// Its parts or sections, in order.
    pub divisions: Vec<ScopeLine>,
}

/// How much cites a part of the law.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ScopeCounts {
    /// Rules.
    pub rules: usize,
    /// Exceptions.
    pub exceptions: usize,
    /// Defines.
    pub defines: usize,
    /// Tables.
    pub tables: usize,
    /// Groups.
    pub groups: usize,
    /// Decisions that say by it what holds if no rule applies.
    pub defaults: usize,
    /// What is not modelled.
    pub not_modelled: usize,
    /// Modules that name it in their headers.
    pub modules: usize,
}

/// Something that is not modelled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GapLine {
    /// Its full name.
    pub name: String,
    /// Its title.
    pub title: Option<String>,
    /// Where it is laid down.
    pub cites: Vec<String>,
    /// When it has force, in words: `from 2025-04-09`, `always`; with suspensions and readings.
    pub force: String,
    /// When it is touched, as it stands in the rules; nothing for always.
    pub when: Option<String>,
    /// The decisions that it leaves undetermined, by their full names.
    pub affects: Vec<String>,
}

impl Rulebook {
    /// What of the law is modelled, as it leaves the process. The question has to be the one that was
    /// asked.
    pub fn scope_document(&self, question: &ScopeQuestion, scope: &Scope) -> ScopeDocument {
        let modules = scope.modules.iter().filter_map(|id| self.hir().modules.get(*id));
        ScopeDocument {
            schema: SCOPE_SCHEMA,
            as_of: question.as_of.map(|day| day.to_string()),
            modules: modules.map(|module| module.name.to_string()).collect(),
            laws: scope.laws.iter().map(|law| self.scope_line(law)).collect(),
            digests: digest_lines(self.digests()),
            plugins: self.plugin_lines(),
        }
    }

    fn scope_line(&self, division: &Division) -> ScopeLine {
        let gap = |item: &ScopeItem| match item {
            ScopeItem::NotModelled(id) => self.scope_gap(*id),
            _ => None,
        };
        ScopeLine {
            name: division.name.0.clone(),
            status: status_word(division.status()),
            counts: counts(&division.items),
            not_modelled: division.own.iter().filter_map(gap).collect(),
            divisions: division.divisions.iter().map(|inner| self.scope_line(inner)).collect(),
        }
    }

    fn scope_gap(&self, id: NotModelledId) -> Option<GapLine> {
        let hir = self.hir();
        let item = hir.not_modelled.get(id)?;
        let decision = |id: &exeat_hir::DecisionId| {
            let decision = hir.decisions.get(*id)?;
            Some(hir.full_name(decision.module, &decision.name))
        };
        Some(GapLine {
            name: hir.full_name(item.module, &item.name),
            title: item.title.clone(),
            cites: item.cites.clone(),
            force: self.force_words(&item.force),
            when: item.when.as_ref().map(|when| self.one_line(when.span)),
            affects: item.affects.iter().filter_map(decision).collect(),
        })
    }

    fn force_words(&self, force: &Force) -> String {
        let mut words = vec![force.interval.to_string()];
        words.extend(force.suspensions.iter().map(|suspension| format!("suspended {suspension}")));
        for under in &force.under {
            let Some(reading) = self.hir().readings.get(under.reading) else { continue };
            let choices = under.choices.iter().filter_map(|choice| reading.choices.get(*choice));
            let names: Vec<String> =
                choices.map(|choice| format!("{}.{}", reading.name, choice.name)).collect();
            words.push(format!("under {}", names.join(" or ")));
        }
        words.join(", ")
    }
}

fn counts(items: &BTreeSet<ScopeItem>) -> ScopeCounts {
    let mut counts = ScopeCounts::default();
    for item in items {
        let count = match item {
            ScopeItem::Rule(_) => &mut counts.rules,
            ScopeItem::Exception(_) => &mut counts.exceptions,
            ScopeItem::Define(_) => &mut counts.defines,
            ScopeItem::Table(_) => &mut counts.tables,
            ScopeItem::Group(_) => &mut counts.groups,
            ScopeItem::Default(_) => &mut counts.defaults,
            ScopeItem::NotModelled(_) => &mut counts.not_modelled,
            ScopeItem::Module(_) => &mut counts.modules,
        };
        *count = count.saturating_add(1);
    }
    counts
}

fn status_word(status: ScopeStatus) -> &'static str {
    match status {
        ScopeStatus::Modelled => "modelled",
        ScopeStatus::Partly => "partly",
        ScopeStatus::PointerOnly => "pointer_only",
        ScopeStatus::NamedOnly => "named_only",
    }
}
