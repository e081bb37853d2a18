use exeat_model::Date;
use smol_str::SmolStr;

use crate::{
    Assertion, AssertionId, Assumption, AssumptionId, CodeList, CodeListId, Decision, DecisionId,
    Define, DefineId, EnumId, Enumeration, Fact, FactId, Function, FunctionId, Group, GroupId,
    IdVec, Module, ModuleId, NotModelled, NotModelledId, Reading, ReadingId, RecordId, RecordType,
    Rule, RuleId, Scale, ScaleId, Scenario, ScenarioId, Table, TableId, Unit, UnitId,
};

/// A checked program: all modules of a run, resolved and typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hir {
    /// The modules.
    pub modules: IdVec<ModuleId, Module>,
    /// The enumerations.
    pub enums: IdVec<EnumId, Enumeration>,
    /// The record types.
    pub records: IdVec<RecordId, RecordType>,
    /// The units.
    pub units: IdVec<UnitId, Unit>,
    /// The outcome scales.
    pub scales: IdVec<ScaleId, Scale>,
    /// The code lists.
    pub code_lists: IdVec<CodeListId, CodeList>,
    /// The groups.
    pub groups: IdVec<GroupId, Group>,
    /// The facts.
    pub facts: IdVec<FactId, Fact>,
    /// The defines.
    pub defines: IdVec<DefineId, Define>,
    /// The tables.
    pub tables: IdVec<TableId, Table>,
    /// The functions of jurisdictions.
    pub functions: IdVec<FunctionId, Function>,
    /// The readings.
    pub readings: IdVec<ReadingId, Reading>,
    /// The decisions.
    pub decisions: IdVec<DecisionId, Decision>,
    /// The rules and exceptions.
    pub rules: IdVec<RuleId, Rule>,
    /// What is not modelled.
    pub not_modelled: IdVec<NotModelledId, NotModelled>,
    /// The scenarios.
    pub scenarios: IdVec<ScenarioId, Scenario>,
    /// The assertions.
    pub assertions: IdVec<AssertionId, Assertion>,
    /// The assumptions.
    pub assumptions: IdVec<AssumptionId, Assumption>,
    /// The jurisdictions that were there when it was checked.
    pub jurisdictions: Vec<JurisdictionIdentity>,
    /// The decisions in an order in which each stands after those that it reads.
    pub decision_order: Vec<DecisionId>,
}

/// Which jurisdiction library took part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JurisdictionIdentity {
    /// Its id.
    pub id: SmolStr,
    /// Its title.
    pub title: String,
    /// Its version.
    pub version: String,
    /// The day whose state its data shows.
    pub data_vintage: Date,
    /// SHA-256, lower-case hexadecimal.
    pub digest: String,
}

impl Hir {
    /// The full name of an item of a module, as `us.ear.ai_diffusion.lpp`.
    pub fn full_name(&self, module: ModuleId, name: &str) -> String {
        match self.modules.get(module) {
            Some(module) => format!("{}.{name}", module.name),
            None => name.to_owned(),
        }
    }
}
