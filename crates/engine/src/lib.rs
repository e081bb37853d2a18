//! Load sources and jurisdictions, check, decide, explain: the public Rust interface.
//!
//! A [`Rulebook`] is checked rules with the jurisdictions they use. It answers a [`Question`]
//! with a [`Decided`], says why ([`Rulebook::explain`]) and shows other readings. A [`Session`] is a
//! rulebook with its scenarios, and runs them.
//! What crosses the border of the process is in [`wire`] and has a version.
//!
//! Everything is pure but [`files`], the only module that touches a disk, and the loading of a [`Version`],
//! which asks git. Deliberately absent:
//! clocks, terminals, arguments; the day a question is asked for is part of the question.

#![expect(
    clippy::result_large_err,
    reason = "a problem is the end of the road and rare; boxing it would burden every caller"
)]

mod analysis;
mod bearing;
mod calendar;
mod decide;
mod difference;
mod explain;
mod facts;
pub mod files;
mod functions;
mod in_use;
pub mod lock;
mod names;
mod nearby;
mod parsing;
mod project;
mod prompt;
mod revisions;
pub mod scaffold;
mod scope;
mod screen;
mod session;
mod sources;
mod summary;
mod test;
mod types;
mod version_pair;
pub mod wire;

pub use calendar::{
    Calendar, CalendarQuestion, Cause, CauseKind, CauseOf, Change, DecisionCalendar,
    MOST_CALENDAR_DAYS, Stretch, Through,
};
pub use decide::{
    AllReadings, Alternative, Decided, Difference, MOST_READINGS, Question, ReadingGroup,
    ReadingUsed,
};
pub use difference::{ShipmentDifference, Stance};
pub use exeat_analyze as analyze;
pub use exeat_eval::{Evaluated, Facts};
pub use exeat_plugin_host::{Linked as LinkedJurisdiction, Origin as JurisdictionOrigin};
pub use explain::{
    ConditionLine, Considered, DecisionReport, DutyLine, FailedCondition, Figure, MissingLine,
    OutcomeLine, RuleLine, Standing,
};
pub use facts::{FactsDocument, FactsFormat, FactsInput, FactsRead};
pub use nearby::{MOST_CHANGED_FACTS, MOST_CHANGES, MOST_RUNS, Nearby, Obstacles};
pub use project::{MANIFEST_NAME, Project};
pub use revisions::Version;
pub use scope::{Division, Label, Place, Scope, ScopeItem, ScopeQuestion, ScopeStatus, places};
pub use screen::{Orders, Screened, ScreenedOrder, Screening, Unanswered, Verdicts};
pub use session::{Digests, LoadOptions, Loaded, Rulebook, Session, SourceDigest};
pub use sources::{PolicyText, SourceTexts, TableText};
pub use summary::{Concern, JurisdictionSummary, OverallEffect, Summary};
pub use test::{Counted, Coverage, ScenarioOutcome, ScenarioRun, TestFilter, TestRun, Uncovered};
pub use version_pair::{UnsoundVersion, VersionPair, load_pair};
