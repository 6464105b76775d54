//! The harness against every mutant of what a partner says: a proof that knows no rule.
//!
//! A layer between the reference partner and the harness changes one kind of leaf of one sort of message in every run. What can
//! be changed is read from an undecorated run and from the wire models, so nothing is listed by hand. A mutant is killed when a finding
//! speaks of its leaf or of its message; a finding about something else is luck. Ways of writing that proto3 JSON allows are legal
//! mutants, of which nothing may be said.

mod area;
mod canonical;
mod change;
mod judgement;
mod layer;
mod listing;
mod measure;
mod memory;
mod mutant;
mod notified;
pub(crate) mod open;
mod operator;
mod pairs;
mod place;
mod recording;
mod review;
mod score;
mod speaks;
mod text;
mod trial;
mod value;

pub use listing::Sort;
pub use measure::{Baseline, Void, measure};
pub use open::Open;
pub use review::{ReviewError, read_reviewed};
pub use score::{Score, Tally};
