//! Questions about one transaction: which of its facts force the outcome, which smallest change of them turns
//! it, and what to ask next where some are not known.
//!
//! All three rest on one property of the rules: to forget a fact never changes a determined outcome. So a run
//! with some facts unknown speaks for *all* values of these facts at once. Where it excludes an outcome, no
//! change of these facts gives it: that is a proof. Where it does not, values are tried: those that the
//! thresholds and sets of the rules tell apart, the nearest first. What is found counts only once the
//! reference has replayed it.
//!
//! No diagrams: they speak of all transactions, and here one is given, so that few facts are in question.

mod changes;
mod force;
mod ground;
mod questions;
mod tried;

pub use changes::{Changed, ChangedTo, Changes, Limits, Turn, Wanted};
pub use force::Forced;
pub use ground::{Entry, Ground, Whole};
pub use questions::{Measure, NextQuestion};
