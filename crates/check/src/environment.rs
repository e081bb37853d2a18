//! What names stand for.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use exeat_diagnostics::Span;
use exeat_hir::{
    AssertionId, CodeListId, DecisionId, DefineId, EnumId, FactId, FunctionId, GroupId, ModuleId,
    NotModelledId, ReadingId, RecordId, RuleId, ScaleId, TableId,
};
use exeat_model::{JurisdictionDescription, UnitExpression};
use smol_str::SmolStr;

/// The names of all modules and jurisdictions.
#[derive(Clone, Debug, Default)]
pub(crate) struct Environment {
    /// The modules, by their full names.
    pub(crate) modules: BTreeMap<SmolStr, ModuleId>,
    /// What each module declares and uses.
    pub(crate) scopes: BTreeMap<ModuleId, ModuleScope>,
    /// The jurisdictions that some module uses, by their ids.
    pub(crate) jurisdictions: BTreeMap<SmolStr, JurisdictionScope>,
    /// All units; `None` for one whose definition could not be understood.
    pub(crate) units: BTreeMap<SmolStr, Option<UnitExpression>>,
    /// The modules that declare a unit: there it may be declared again, and it means the same.
    pub(crate) unit_modules: BTreeMap<SmolStr, BTreeSet<ModuleId>>,
    /// Set if a file could not be read at all, so that any unknown name may stand in it.
    pub(crate) incomplete: bool,
}

/// What a module declares and uses.
#[derive(Clone, Debug, Default)]
pub(crate) struct ModuleScope {
    /// Its own names.
    pub(crate) own: Names,
    /// What it uses.
    pub(crate) imports: Vec<Import>,
    /// Set if it uses something that there is not, so that any unknown name may stand there.
    pub(crate) incomplete: bool,
}

/// The four kinds of name, each a space of its own: a fact may be called as its type is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    /// Enumerations, records, scales, code lists.
    pub(crate) types: Space<TypeSymbol>,
    /// What an expression can name.
    pub(crate) values: Space<ValueSymbol>,
    /// Rules, exceptions, sets of rules, assertions and what is not modelled.
    pub(crate) rules: Space<RuleSymbol>,
    /// Transactions.
    pub(crate) transactions: Space<TransactionSymbol>,
}

/// Names with what they stand for and where they are declared.
pub(crate) type Space<T> = BTreeMap<SmolStr, (T, Span)>;

impl Names {
    /// Whether a name is declared in any of the spaces.
    pub(crate) fn knows(&self, name: &str) -> bool {
        self.types.contains_key(name)
            || self.values.contains_key(name)
            || self.rules.contains_key(name)
            || self.transactions.contains_key(name)
    }
}

/// What the name of a type stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TypeSymbol {
    Enum(EnumId),
    Record(RecordId),
    Scale(ScaleId),
    CodeList(CodeListId),
    /// Declared in text that could not be read.
    Broken,
}

/// What a name in an expression stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ValueSymbol {
    Fact(FactId),
    Define(DefineId),
    Table(TableId),
    Group(GroupId),
    Decision(DecisionId),
    Reading(ReadingId),
    /// Declared in text that could not be read.
    Broken,
}

/// What the name of a rule stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RuleSymbol {
    Rule(RuleId),
    /// A set of rules, by its place among those of the program.
    Set(usize),
    NotModelled(NotModelledId),
    Assertion(AssertionId),
    /// Declared in text that could not be read.
    Broken,
}

/// What the name of a transaction stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TransactionSymbol {
    /// Its place among the transactions of the program.
    Transaction(usize),
    /// Declared in text that could not be read.
    Broken,
}

/// Something that a module uses.
#[derive(Clone, Debug)]
pub(crate) struct Import {
    /// What.
    pub(crate) target: Target,
    /// How it is written here: its own name, or another one after `as`.
    pub(crate) written: SmolStr,
    /// Which of its names can be written alone.
    pub(crate) alone: Alone,
    /// The number of the clause in `Usage::imports`; none at a prompt.
    pub(crate) usage: Option<usize>,
}

/// Which names of something used can be written alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Alone {
    All,
    Only(BTreeSet<SmolStr>),
    Nothing,
}

impl Alone {
    pub(crate) fn allows(&self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(names) => names.contains(name),
            Self::Nothing => false,
        }
    }
}

/// What can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Module(ModuleId),
    Jurisdiction(SmolStr),
}

/// What a jurisdiction offers.
#[derive(Clone, Debug)]
pub(crate) struct JurisdictionScope {
    pub(crate) description: Arc<JurisdictionDescription>,
    pub(crate) types: Space<TypeSymbol>,
    pub(crate) groups: BTreeMap<SmolStr, GroupId>,
    pub(crate) functions: BTreeMap<SmolStr, FunctionId>,
    /// Functions that cannot be called, each with the type in its signature that is not known here.
    pub(crate) unusable: BTreeMap<FunctionId, String>,
}

/// From where names are looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum View {
    /// From within a module.
    Module(ModuleId),
    /// From the description of a jurisdiction.
    Jurisdiction(SmolStr),
    /// From a prompt: everything is used.
    Everything,
}
