//! The defects, one file per area.

mod access;
mod auth;
mod availability;
mod create;
mod delivery;
mod idempotency;
mod inventory;
mod money;
mod notification;
mod payment;
mod style;
mod talk;
mod update;

use super::Defect;

pub(super) static AREAS: &[&[Defect]] = &[
    auth::DEFECTS,
    availability::DEFECTS,
    create::DEFECTS,
    idempotency::DEFECTS,
    update::DEFECTS,
    payment::DEFECTS,
    money::DEFECTS,
    notification::DEFECTS,
    inventory::DEFECTS,
    delivery::DEFECTS,
    access::DEFECTS,
    style::DEFECTS,
];
