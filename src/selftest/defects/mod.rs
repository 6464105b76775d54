//! The defects, one file per area.

mod auth;
mod availability;
mod create;
mod idempotency;
mod inventory;
mod latency;
mod notification;
mod payment;
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
    notification::DEFECTS,
    inventory::DEFECTS,
    latency::DEFECTS,
];
