//! Questions about all transactions, each answered with an example that the reference confirms.
//!
//! Two layers. The first knows no findings and is what every question of this kind stands on:
//!
//! - [`Space`]: the transactions that some rules ([`Side`]s: epochs of one or more programs) can tell apart, as codes
//!   of decision diagrams; [`Region`]: a set of them; [`Case`]: one that can be read;
//! - [`Diagrams`]: for one side, where each rule has force, applies and holds, and where each decision comes
//!   to what ([`Outcomes`]), exactly as the reference decides;
//! - [`Search`]: facts for a region ([`Witness`]), as few as possible, confirmed by [`exeat_eval`].
//!
//! The second is [`analyse`]: what a reader should know of the rules ([`Finding`]), and which assertions hold.
//!
//! What is empty in a space is empty in the world: that is a proof. What is not empty there is a candidate,
//! and a finding only with a witness. What would cost more than its [`Budget`] is not decided, and says so.
//!
//! Deliberately absent: files, terminals, and any meaning of its own.

mod ahead;
mod budget;
mod cases;
mod cells;
mod diagrams;
mod difference;
mod findings;
mod looking;
mod moves;
mod nearby;
mod order;
mod outcomes;
mod prints;
mod region;
mod remembering;
mod search;
mod shape;
mod shrink;
mod smt;
mod solve;
mod space;
mod spread;
mod values;
mod variables;
mod witness;
mod words;

pub use budget::{Budget, TooLarge};
pub use diagrams::{AssertionDiagrams, DecisionDiagrams, Diagrams, RuleDiagrams, formula_region};
pub use difference::{
    Change, ChangeExample, Comparison, Differences, Direction, UndecidedChange, Version,
    differences,
};
pub use findings::questions::Answered;
pub use findings::{
    Analysis, Example, Finding, FindingKind, Options, Proof, Subject, Undecided, analyse,
};
pub use nearby::{
    Changed, ChangedTo, Changes, Entry, Forced, Ground, Limits, Measure, NextQuestion, Turn,
    Wanted, Whole,
};
pub use outcomes::{Beside, ClassOutcome, OutcomeClass, Outcomes};
pub use region::Region;
pub use search::{Found, Gave, Search};
pub use smt::{Script, ScriptQuestion, script, script_of_differences};
pub use space::{Case, Side, Space, Variable, VariableKind};
pub use witness::{Replay, Witness};
