//! What a reader of the rules should know: rules that never decide, conflicts, holes, claims that do not
//! hold. Each is a question asked of the diagrams of every epoch, one epoch after the other.
//!
//! A finding that something *can* be so stands on an example that the reference confirmed. A finding that
//! something can *never* be so stands on an empty region in every epoch, and shows an example of what comes
//! nearest. Where neither is had within the budget, the question is not decided and is named as such.

mod acceptance;
mod asking;
mod claims;
mod conflicts;
mod dates;
mod example;
mod matters;
mod neighbours;
pub(crate) mod questions;
mod report;
mod rules;
mod scenario;
mod stretches;

use std::collections::{BTreeMap, BTreeSet};

use exeat_diagnostics::{Code, Diagnostic, codes};
use exeat_hir::{
    AssertionId, DecisionId, FactId, Functions, Hir, ModuleId, NotModelledId, ReadingId, RuleId,
};
use exeat_model::{Date, Interval};
use exeat_program::{Program, Unsupported};

use crate::ahead::ahead;
use crate::budget::Budget;
use crate::remembering::Remembering;
use crate::search::{Gave, Seeds};
use crate::space::Side;

pub use example::Example;

use self::asking::{Asked, Asking, Drawn};
use self::stretches::stretches;

/// What is to be analysed.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Days outside of it do not count.
    pub over: Interval,
    /// Only what stands in these modules is reported; none means all.
    pub modules: Option<BTreeSet<ModuleId>>,
    /// Modules of status proposal that decide.
    pub proposals: BTreeSet<ModuleId>,
    /// The day of the analysis, against which acceptances expire; without one they do not.
    pub today: Option<Date>,
    /// What each question may cost.
    pub budget: Budget,
}

/// What kind of thing was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FindingKind {
    /// A rule, or something not modelled, whose conditions exclude each other.
    NeverApplies,
    /// An exception whose condition can be true, but never where something that it excepts applies.
    NothingToExcept,
    /// A rule that is defeated wherever it applies.
    AlwaysDefeated,
    /// Two rules that say different things, and neither is an exception to the other.
    Conflict,
    /// Transactions for which only `otherwise` speaks, though an assertion says that they are covered.
    Gap,
    /// Values between two neighbouring bands for which no rule speaks.
    ThresholdHole,
    /// Values for which two neighbouring bands both speak, and say different things.
    ThresholdOverlap,
    /// Days between two rules on which neither is in force.
    DateHole,
    /// A fact that rules ask and that changes no outcome.
    FactNeverMatters,
    /// A reading whose choices change no outcome.
    ReadingNeverDiffers,
    /// An assertion that a transaction refutes.
    AssertionRefuted,
    /// An acceptance of a finding that is not there any more, or whose time is over.
    StaleAcceptance,
}

impl FindingKind {
    /// All of them, in the order of their codes.
    pub const ALL: [Self; 12] = [
        Self::NeverApplies,
        Self::NothingToExcept,
        Self::AlwaysDefeated,
        Self::Conflict,
        Self::Gap,
        Self::ThresholdHole,
        Self::ThresholdOverlap,
        Self::DateHole,
        Self::FactNeverMatters,
        Self::ReadingNeverDiffers,
        Self::AssertionRefuted,
        Self::StaleAcceptance,
    ];

    /// Its stable code.
    pub fn code(self) -> Code {
        match self {
            Self::NeverApplies => codes::NEVER_APPLIES,
            Self::NothingToExcept => codes::NOTHING_TO_EXCEPT,
            Self::AlwaysDefeated => codes::ALWAYS_DEFEATED,
            Self::Conflict => codes::CONFLICT,
            Self::Gap => codes::GAP,
            Self::ThresholdHole => codes::THRESHOLD_HOLE,
            Self::ThresholdOverlap => codes::THRESHOLD_OVERLAP,
            Self::DateHole => codes::DATE_HOLE,
            Self::FactNeverMatters => codes::FACT_NEVER_MATTERS,
            Self::ReadingNeverDiffers => codes::READING_NEVER_DIFFERS,
            Self::AssertionRefuted => codes::ASSERTION_REFUTED,
            Self::StaleAcceptance => codes::STALE_ACCEPTANCE,
        }
    }
}

/// What a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// One or two rules.
    Rules(Vec<RuleId>),
    /// Something that is not modelled.
    NotModelled(NotModelledId),
    /// A fact, or a field of one, by its path.
    Fact(FactId, String),
    /// A reading.
    Reading(ReadingId),
    /// An assertion.
    Assertion(AssertionId),
    /// The acceptance of a finding with that code, by its place.
    Acceptance(exeat_diagnostics::Span, String),
}

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What kind of thing.
    pub kind: FindingKind,
    /// What it is about.
    pub subject: Subject,
    /// The decision that it concerns.
    pub decision: Option<DecisionId>,
    /// What kind of transactions it concerns, in the facts' own words, one condition an entry; for
    /// conditions that exclude each other, these.
    pub region: Vec<String>,
    /// The days on which it is so.
    pub days: Vec<Interval>,
    /// A transaction that shows it, confirmed by the reference.
    pub example: Option<Example>,
    /// Why it is accepted, if it is.
    pub accepted: Option<String>,
}

/// An assertion that holds for all transactions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Which one.
    pub assertion: AssertionId,
    /// The days for which it was shown.
    pub days: Vec<Interval>,
}

/// A question that was not decided within the budget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undecided {
    /// What kind of finding was looked for.
    pub kind: FindingKind,
    /// About what.
    pub subject: Subject,
    /// The decision that it concerns.
    pub decision: Option<DecisionId>,
    /// On which days.
    pub days: Vec<Interval>,
    /// Where the search gave up.
    pub gave: Gave,
    /// Why that is accepted, if it is.
    pub accepted: Option<String>,
}

/// What came of an analysis.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Analysis {
    /// What was found, in the order of the sources; accepted findings too.
    pub findings: Vec<Finding>,
    /// The assertions that were proved.
    pub proved: Vec<Proof>,
    /// What was not decided.
    pub undecided: Vec<Undecided>,
    /// Over how many stretches of days.
    pub epochs: usize,
    /// The budget that it had.
    pub budget: Budget,
}

/// Asks everything of all transactions.
///
/// # Errors
/// What of the rules cannot be lowered.
pub fn analyse(
    program: &Program,
    functions: &dyn Functions,
    options: &Options,
) -> Result<Analysis, Unsupported> {
    let hir = program.hir();
    let functions = &Remembering::new(functions);
    let mut sides = Side::over(program, functions, &options.over)?;
    let epochs = sides.len();
    for side in &mut sides {
        // Each is asked by itself, and so all can be asked about the same day.
        side.calendar = 0;
        side.number = 0;
        side.proposals.clone_from(&options.proposals);
    }
    let stretches = stretches(&sides);
    let seeds = Seeds::new(&sides);
    let mut asked = Asked::blank(hir);
    ahead(
        sides.into_iter().zip(stretches).filter(|(_, stretch)| !stretch.is_empty()),
        |(side, stretch)| {
            let drawn = Drawn::new(side, &stretch, options.budget);
            (stretch, drawn)
        },
        |drawn| {
            asked.note_scenarios(functions, options);
            for (stretch, drawn) in drawn {
                match drawn {
                    Ok(drawn) => Asking::ask(&drawn, &seeds, &stretch, &mut asked),
                    Err(why) => asked.nothing_decided(&stretch, Gave::TooLarge(why)),
                }
            }
        },
    );
    asked.ask_dates(program, functions, options);
    let mut analysis = asked.finish(program, functions, options);
    analysis.epochs = epochs;
    analysis.budget = options.budget;
    acceptance::accept(hir, options, &mut analysis);
    if let Some(modules) = &options.modules {
        analysis.keep(hir, modules);
    }
    Ok(analysis)
}

impl Analysis {
    /// The findings that nobody accepted.
    pub fn open(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.accepted.is_none())
    }

    /// All that is to be shown as problems: open findings, and what was not decided.
    pub fn diagnostics(&self, hir: &Hir) -> Vec<Diagnostic> {
        let open = self.open().map(|finding| finding.diagnostic(hir));
        let undecided = self.undecided.iter().filter(|one| one.accepted.is_none());
        open.chain(undecided.map(|one| one.diagnostic(hir, &self.budget))).collect()
    }

    /// Whether something is to be done: a finding that nobody accepted, or an assertion that is neither
    /// proved nor refuted.
    pub fn is_wanting(&self) -> bool {
        let undecided = self
            .undecided
            .iter()
            .any(|one| one.accepted.is_none() && matches!(one.subject, Subject::Assertion(_)));
        undecided || self.open().next().is_some()
    }

    fn keep(&mut self, hir: &Hir, modules: &BTreeSet<ModuleId>) {
        let inside = |subject: &Subject| {
            let found = subject.modules(hir);
            found.is_empty() || found.iter().any(|module| modules.contains(module))
        };
        self.findings.retain(|finding| inside(&finding.subject));
        self.undecided.retain(|one| inside(&one.subject));
        self.proved.retain(|proof| inside(&Subject::Assertion(proof.assertion)));
    }
}

impl Subject {
    fn rules(&self) -> BTreeSet<RuleId> {
        match self {
            Self::Rules(rules) => rules.iter().copied().collect(),
            _ => BTreeSet::new(),
        }
    }

    /// The modules in which it stands.
    pub fn modules(&self, hir: &Hir) -> Vec<ModuleId> {
        match self {
            Self::Rules(rules) => {
                rules.iter().filter_map(|id| Some(hir.rules.get(*id)?.module)).collect()
            }
            Self::NotModelled(id) => {
                hir.not_modelled.get(*id).map(|one| one.module).into_iter().collect()
            }
            Self::Fact(id, _) => hir.facts.get(*id).map(|one| one.module).into_iter().collect(),
            Self::Reading(id) => hir.readings.get(*id).map(|one| one.module).into_iter().collect(),
            Self::Assertion(id) => {
                hir.assertions.get(*id).map(|one| one.module).into_iter().collect()
            }
            Self::Acceptance(..) => Vec::new(),
        }
    }
}

/// Joins days that follow each other.
pub(crate) fn merged(mut days: Vec<Interval>) -> Vec<Interval> {
    days.sort_by_key(|one| (one.from.is_some(), one.from));
    days.dedup();
    let mut merged: Vec<Interval> = Vec::new();
    for next in days {
        match merged.last_mut() {
            Some(last) if last.until.is_some() && last.until == next.from => {
                last.until = next.until;
            }
            _ => merged.push(next),
        }
    }
    merged
}

/// What identifies a question: what is looked for, about what, for which decision.
pub(crate) type Key = (FindingKind, Subject, Option<DecisionId>);

pub(crate) type ByKey<T> = BTreeMap<Key, T>;
