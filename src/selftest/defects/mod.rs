//! The defects, one file per area.

mod auth;
mod availability;
mod booking;
mod create;
mod delivery;
mod idempotency;
mod inventory;
mod latency;
mod lookup;
mod money;
mod notification;
mod payment;
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
    payment::DEFECTS,
    money::DEFECTS,
    notification::DEFECTS,
    inventory::DEFECTS,
    latency::DEFECTS,
    delivery::DEFECTS,
];
