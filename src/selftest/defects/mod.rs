//! The defects, one file per area.

mod auth;
mod availability;
mod create;
mod idempotency;
mod inventory;
mod money;
mod notification;
mod payment;
mod talk;
mod terms;
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
    terms::DEFECTS,
    notification::DEFECTS,
    inventory::DEFECTS,
];
