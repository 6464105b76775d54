//! The defects, one file per area.

mod auth;
mod availability;
mod booking;
mod change;
mod create;
mod delivery;
mod idempotency;
mod inventory;
mod latency;
mod listing;
mod lookup;
mod money;
mod notification;
mod payment;
mod retry;
mod talk;
mod update;

use super::Defect;

pub(super) static AREAS: &[&[Defect]] = &[
    auth::DEFECTS,
    availability::DEFECTS,
    create::DEFECTS,
    booking::DEFECTS,
    lookup::DEFECTS,
    idempotency::DEFECTS,
    update::DEFECTS,
    retry::DEFECTS,
    change::DEFECTS,
    listing::DEFECTS,
    payment::DEFECTS,
    money::DEFECTS,
    notification::DEFECTS,
    inventory::DEFECTS,
    latency::DEFECTS,
    delivery::DEFECTS,
];
