//! Servers that are different, but right, one file per area.

mod build;
mod general;
mod tokens;

use super::Variant;

pub(super) static AREAS: &[&[Variant]] = &[general::VARIANTS, tokens::VARIANTS];
