//! The defects, one file per area.

pub(super) mod access;
mod asynchronous;
mod auth;
mod availability;
mod booking;
mod cancellation;
mod change;
mod changes;
mod chatter;
pub(super) mod concurrency;
mod contents;
mod create;
mod delivery;
mod http;
mod idempotency;
mod inventory;
mod json;
mod latency;
mod listing;
mod lookup;
mod marketing;
mod mixups;
mod money;
mod notification;
mod orders;
pub(super) mod packs;
mod payment;
mod places;
mod readings;
mod refusals;
mod repeat;
mod replaced;
pub(super) mod resources;
mod retry;
mod samples;
mod style;
mod terms;
mod tokens;
mod told;
mod transport;
mod update;
mod waitlist;
mod windows;
mod words_only;

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
    mixups::DEFECTS,
    readings::DEFECTS,
    words_only::DEFECTS,
    told::DEFECTS,
    terms::DEFECTS,
    notification::DEFECTS,
    inventory::DEFECTS,
    replaced::DEFECTS,
    asynchronous::DEFECTS,
    changes::DEFECTS,
    contents::DEFECTS,
    latency::DEFECTS,
    delivery::DEFECTS,
    access::DEFECTS,
    style::DEFECTS,
    transport::DEFECTS,
    http::DEFECTS,
    json::DEFECTS,
    tokens::DEFECTS,
    cancellation::DEFECTS,
    waitlist::DEFECTS,
    orders::DEFECTS,
    resources::DEFECTS,
    windows::DEFECTS,
    marketing::DEFECTS,
    packs::DEFECTS,
    places::DEFECTS,
    samples::DEFECTS,
];
