//! The memory of a run: every scenario's history as text that a person can read in a pull request, compared with the
//! history that somebody accepted.
//!
//! Values that differ from run to run become numbered aliases, and what may legally overtake is put into one order, so
//! that two runs against an unchanged partner give the same text. The files have insta's form: insta reads them, this
//! module writes them, and nothing here prints or asks.

mod alias;
mod arrange;
mod artefact;
mod compare;
mod diff;
mod find;
mod form;
mod info;
mod inventory;
mod learn;
mod normalise;
mod place;
mod review;
mod store;
mod time;
mod tree;
mod watch;

#[cfg(test)]
mod fixture;

pub use artefact::{
    Artefact, ArtefactError, Draft, MANIFEST, Origin, Taken, withdraw_artefact, write_artefact,
};
pub use compare::{Comparison, compare};
pub use diff::{DiffKind, DiffLine, diff};
pub use form::FormError;
pub use info::{Mark, Preference, preferred};
pub use review::{Decision, Group, Kind, Member, Review, Tally};
pub use store::{Accepted, Bundle, Store, StoreError, Waiting};
