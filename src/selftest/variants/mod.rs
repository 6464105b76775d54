//! Servers that are different, but right, one file per area.

mod booking;
mod build;
mod general;

use super::Variant;

pub(super) static AREAS: &[&[Variant]] = &[general::VARIANTS, booking::VARIANTS];
