//! The defects, one file per area.

mod auth;
mod availability;
mod booking;
mod change;
mod create;
pub(super) mod crowd;
mod delivery;
mod door;
mod http;
mod idempotency;
mod inventory;
mod json;
mod listing;
mod lookup;
mod money;
mod notification;
mod payment;
mod retry;
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
    transport::DEFECTS,
    http::DEFECTS,
    json::DEFECTS,
];
