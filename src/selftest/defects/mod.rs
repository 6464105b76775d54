//! The defects, one file per area.

mod access;
mod auth;
mod availability;
mod booking;
mod change;
mod create;
mod delivery;
mod door;
mod idempotency;
mod inventory;
mod listing;
mod lookup;
mod money;
mod notification;
mod payment;
mod retry;
mod style;
mod talk;
mod transport;
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
    delivery::DEFECTS,
    access::DEFECTS,
    style::DEFECTS,
    transport::DEFECTS,
];
