//! Servers that are different, but right, one file per area.

mod build;
mod changes;
mod general;

use super::Variant;

pub(super) static AREAS: &[&[Variant]] = &[general::VARIANTS, changes::VARIANTS];
