//! The bundled reference partner, right or with one thing wrong: how the harness proves itself.
//!
//! A defect is a decorator around the seams of the reference partner, never a branch in its handlers, and says which
//! requirements it violates; over the whole suite exactly these may fail or warn. A variant is different but right,
//! so nothing may fail. A dumb server is a few lines that are told their cause first. A mutant changes one kind of leaf of what the partner
//! says, and knows no rule.

mod amendments;
mod console;
mod defects;
#[expect(clippy::unwrap_used, reason = "what breaks off ends its own row and no other")]
mod dumb;
mod examine;
mod gateway;
mod headed;
pub mod illustrations;
mod inside;
mod line;
mod matrix;
pub mod mutation;
mod notifications;
mod orders;
pub mod publish;
pub mod rows;
pub mod time;
mod token_desk;
#[expect(clippy::unwrap_used, reason = "what breaks off ends its own row and no other")]
mod trial;
mod users;
mod variants;
mod virtual_time;
mod wire;
mod wishes;

pub use amendments::Amendments;
pub use examine::{Examination, ExamineError, examine, go_real, is_real};
pub use matrix::Matrix;
pub use token_desk::TokenManner;
pub use wishes::{Extent, Wishes, cores};

use catalogue::RequirementId;
use reference_server::Seams;

/// A row is mostly small values of JSON that come and go, on a thread of its own: the system's allocator takes a third of its time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A reference partner with one thing wrong.
#[derive(Debug)]
pub struct Defect {
    /// Short and unique.
    pub name: &'static str,
    /// What is wrong with this server, in one sentence.
    pub about: &'static str,
    /// The scenario that is there to catch it.
    pub scenario: &'static str,
    /// Everything that fails or, where it is a SHOULD, warns over the whole suite.
    pub violates: &'static [RequirementId],
    /// Makes the decorators, fresh for every run.
    pub seams: fn() -> Seams,
    /// What is different around the partner.
    pub amendments: Amendments,
}

/// A reference partner that is different, but right.
#[derive(Debug)]
pub struct Variant {
    /// Short and unique.
    pub name: &'static str,
    /// What is different about this server, in one sentence.
    pub about: &'static str,
    /// What may warn.
    pub tolerated: &'static [RequirementId],
    /// Makes the decorators, fresh for every run.
    pub seams: fn() -> Seams,
    /// What is different around the partner.
    pub amendments: Amendments,
}

/// Every defect, area by area.
pub fn defects() -> impl Iterator<Item = &'static Defect> {
    defects::AREAS.iter().copied().flatten()
}

/// Every variant, area by area.
pub fn variants() -> impl Iterator<Item = &'static Variant> {
    variants::AREAS.iter().copied().flatten()
}

const fn id(text: &'static str) -> RequirementId {
    RequirementId::declared(text)
}
