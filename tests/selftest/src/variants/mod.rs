//! Servers that are different, but right, one file per area.

mod booking;
mod build;
mod changes;
mod delivery;
mod general;
mod marketing;
mod money;
mod orders;
mod packs;
mod places;
mod readings;
mod resources;
mod samples;
mod tokens;
mod transport;
mod update;
mod waitlist;

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
    waitlist::VARIANTS,
    orders::VARIANTS,
    resources::VARIANTS,
    marketing::VARIANTS,
    packs::VARIANTS,
    places::VARIANTS,
    samples::VARIANTS,
];
