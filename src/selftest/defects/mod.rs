//! The defects, one file per area.

mod asynchronous;
mod auth;
mod availability;
mod changes;
mod create;
mod idempotency;
mod inventory;
mod notification;
mod payment;
mod repeat;
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
    asynchronous::DEFECTS,
    changes::DEFECTS,
];
