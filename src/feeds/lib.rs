//! A partner's Google feeds: merchants, services and availability, read into an [`Inventory`] in which every
//! slot carries its effective terms.
//!
//! What cannot be read (broken JSON, a wrong type, a missing shard) is a [`FeedError`]; all of them are
//! collected. What can be read and is wrong is a [`Problem`] of the inventory; a slot whose meaning is lost by
//! it is left out.

mod check;
mod closing;
mod code;
mod consistency;
mod convert;
mod directory;
mod error;
mod files;
mod generation;
mod header;
mod inventory;
mod layout;
mod merchant;
pub mod money;
mod option;
mod problem;
mod reading;
mod records;
mod recurrence;
mod redirect;
mod sample;
mod scheduling;
mod service;
mod shard;
mod slots;
mod stream;
mod terms;
mod twins;
mod walk;
pub mod windows;
mod wire;

#[cfg(test)]
mod example;
#[cfg(test)]
mod sweep;
#[cfg(test)]
mod terms_properties;
#[cfg(test)]
mod terms_table;
#[cfg(test)]
mod windows_table;

use std::path::Path;

pub use code::Code;
pub use error::{FeedError, FeedErrors, Position, Stumble};
pub use files::Kind;
pub use inventory::Inventory;
pub use merchant::{Merchant, PaymentOption};
pub use problem::{Problem, Subject, Tally};
pub use reading::{Extent, Options, Progress, Reading, examine};
pub use records::{CardRequirement, PrepaymentType};
pub use service::{Rules, Service};

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
    let options = Options {
        merchants,
        ..Options::default()
    };
    let reading = examine(dir, &options);
    match reading.errors {
        errors if errors.is_empty() => Ok(reading.inventory),
        errors => Err(FeedErrors { errors }),
    }
}
