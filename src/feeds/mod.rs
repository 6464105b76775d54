//! A partner's Google feeds: merchants, services and availability, read into an [`Inventory`] in which every
//! slot carries its effective terms.
//!
//! What cannot be read (broken JSON, a wrong type, a missing shard) is a [`FeedError`]; all of them are
//! collected. What can be read and is wrong is a [`Problem`] of the inventory; a slot whose meaning is lost by
//! it is left out.

mod assembly;
mod check;
mod code;
mod consistency;
mod convert;
mod error;
mod files;
mod generation;
mod header;
mod inventory;
mod merchant;
pub mod money;
mod option;
mod problem;
mod records;
mod recurrence;
mod redirect;
mod scheduling;
mod service;
mod slots;
mod stream;
mod terms;
mod walk;
pub mod windows;
mod wire;

#[cfg(test)]
mod example;
#[cfg(test)]
mod sweep;

use std::path::Path;

use assembly::Assembly;
pub use code::Code;
pub use error::{FeedError, FeedErrors, Position, Stumble};
pub use files::Kind;
pub use inventory::Inventory;
pub use merchant::{Merchant, PaymentOption};
use problem::Problems;
pub use problem::{Problem, Subject, Tally};
pub use records::{CardRequirement, PrepaymentType};
pub use service::{Rules, Service};

/// Reads every `.json` and `.json.gz` file of `dir`: of each feed the latest generation of which all shards
/// are there.
///
/// # Errors
///
/// Everything that could not be read, with file, line, record and field.
pub fn read(dir: &Path) -> Result<Inventory, FeedErrors> {
    let (mut shards, mut errors, mut problems) = (Vec::new(), Vec::new(), Problems::default());
    for file in files::find(dir).map_err(|error| FeedErrors { errors: vec![error] })? {
        match header::read(&file) {
            Ok(header) => shards.extend(generation::place(file, header, &mut problems)),
            Err(error) => errors.push(error),
        }
    }
    let (chosen, gaps) = generation::choose(dir, shards, &mut problems);
    if errors.is_empty() {
        // A file whose head is broken leaves a gap, too, which would only tell the same twice.
        errors = gaps;
    }
    let mut assembly = Assembly::new(problems, errors);
    for (kind, files) in &chosen {
        for file in files {
            assembly.add(*kind, file);
        }
    }
    assembly.finish()
}
