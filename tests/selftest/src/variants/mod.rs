//! Servers that are different, but right, one file per area.

mod booking;
mod build;
mod changes;
mod delivery;
mod general;
mod money;
mod places;
mod readings;
mod tokens;
mod transport;
mod update;

use super::Variant;

pub(super) static AREAS: &[&[Variant]] = &[
    general::VARIANTS,
    money::VARIANTS,
    readings::VARIANTS,
    booking::VARIANTS,
    tokens::VARIANTS,
    changes::VARIANTS,
    update::VARIANTS,
    transport::VARIANTS,
    delivery::VARIANTS,
    places::VARIANTS,
];
