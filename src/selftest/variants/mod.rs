//! Servers that are different, but right, one file per area.

mod booking;
mod build;
mod changes;
mod general;
mod money;
mod tokens;
mod update;

use super::Variant;

pub(super) static AREAS: &[&[Variant]] = &[
    general::VARIANTS,
    money::VARIANTS,
    booking::VARIANTS,
    tokens::VARIANTS,
    changes::VARIANTS,
    update::VARIANTS,
];
