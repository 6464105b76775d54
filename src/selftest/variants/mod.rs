//! Servers that are different, but right, one file per area.

mod booking;
mod build;
mod general;
mod money;
mod transport;

use super::Variant;

pub(super) static AREAS: &[&[Variant]] = &[
    general::VARIANTS,
    money::VARIANTS,
    booking::VARIANTS,
    transport::VARIANTS,
];
