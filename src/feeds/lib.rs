//! A partner's Google feeds: merchants, services and availability, read into an [`Inventory`] in which every
//! slot carries its effective terms.
//!
//! What cannot be read (broken JSON, a wrong type, a missing shard) is a [`FeedError`]; all of them are
//! collected. What can be read and is wrong is a [`FeedProblem`] of the inventory; a slot whose meaning is lost by
//! it is left out.

mod code;
mod earlier;
mod error;
mod files;
mod inventory;
mod kind;
mod problem;
mod records;
mod terms;

#[cfg(test)]
mod tests;

use std::path::Path;

pub use code::ProblemCode;
pub use earlier::booked::{BookedSlot, BookingTally};
pub use earlier::export::{Change, Compared};
pub use error::{FeedError, FeedErrors, JsonError, Position};
pub use files::generic::OtherFeed;
pub use inventory::content::Inventory;
pub use inventory::examining::{ReadOptions, Reading, examine};
pub use inventory::reading::{Extent, Progress, Unjudged};
pub use kind::FeedKind;
pub use problem::{FeedProblem, FeedSubject, ProblemTally};
pub use records::currency::unit_micros;
pub use records::merchant::{Merchant, PaymentOption};
pub use records::messages::{CardRequirement, PrepaymentType};
pub use records::service::{SchedulingRules, Service};
pub use terms::windows;

/// Reads the feeds of `dir`, with slots of all merchants for booking; see [`examine`].
///
/// # Errors
///
/// Everything that could not be read, with file, line, record and field.
pub fn read(dir: &Path) -> Result<Inventory, FeedErrors> {
    read_for(dir, None)
}

/// The same, with slots of these merchants only; of all when none are named.
///
/// # Errors
///
/// Everything that could not be read, with file, line, record and field.
pub fn read_for(dir: &Path, merchants: Option<&[String]>) -> Result<Inventory, FeedErrors> {
    let options = ReadOptions {
        merchants,
        ..ReadOptions::default()
    };
    let reading = examine(dir, &options);
    match reading.errors {
        errors if errors.is_empty() => Ok(reading.inventory),
        errors => Err(FeedErrors { errors }),
    }
}
