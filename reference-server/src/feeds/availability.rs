//! The availability feed: every published slot with the spots that are open now.

use super::services::{deposit_record, fee_record};
use crate::inventory::{CardRule, Inventory, Offer, Override, Terms};
use crate::messages::ConfirmationMode;
use crate::store::{Occupancy, Store, StoreError};
use serde_json::{Value, json};

const PORTION: usize = 250;

pub(super) async fn records(
    inventory: &Inventory,
    store: &dyn Store,
    now_sec: i64,
) -> Result<Vec<Value>, StoreError> {
    let offers = published_offers(inventory, now_sec);
    let mut records = Vec::with_capacity(offers.len());
    // In portions: bookings must not wait until a whole feed has been read.
    for portion in offers.chunks(PORTION) {
        let places: Vec<_> = portion.iter().map(Offer::place).collect();
        let occupancy = store.occupancy(&places).await?;
        records.extend(
            portion
                .iter()
                .zip(occupancy)
                .map(|(offer, state)| record(offer, state)),
        );
    }
    Ok(records)
}

fn published_offers(inventory: &Inventory, now_sec: i64) -> Vec<Offer<'_>> {
    let mut offers = Vec::new();
    for merchant in inventory.merchants() {
        for service in &merchant.services {
            for start_sec in service.published_starts(now_sec) {
                offers.extend(service.seats.iter().map(|seat| Offer {
                    merchant,
                    service,
                    seat,
                    start_sec,
                }));
            }
        }
    }
    offers
}

fn record(offer: &Offer<'_>, occupancy: Occupancy) -> Value {
    let mut record = json!({
        "merchant_id": offer.merchant.id,
        "service_id": offer.service.id,
        "start_sec": offer.start_sec,
        "duration_sec": offer.service.timetable.duration_sec,
        "spots_total": offer.seat.spots,
        "spots_open": occupancy.open(offer.seat.spots),
        "availability_tag": offer.tag(),
        "confirmation_mode": offer.service.confirmation,
    });
    if offer.service.confirmation == ConfirmationMode::Unspecified {
        record["confirmation_mode"] = json!(ConfirmationMode::Synchronous);
    }
    if let Some(resources) = resources(offer) {
        record["resources"] = resources;
    }
    add_overrides(&mut record, offer);
    record
}

fn resources(offer: &Offer<'_>) -> Option<Value> {
    let seat = offer.seat;
    let mut resources = json!({});
    if let Some((id, name)) = seat.staff {
        resources["staff_id"] = json!(id);
        resources["staff_name"] = json!(name);
    }
    if let Some((id, name)) = seat.room {
        resources["room_id"] = json!(id);
        resources["room_name"] = json!(name);
    }
    if seat.party_size > 0 {
        resources["party_size"] = json!(seat.party_size);
    }
    (resources != json!({})).then_some(resources)
}

fn add_overrides(record: &mut Value, offer: &Offer<'_>) {
    let terms = offer.terms();
    for change in offer.service.overrides(offer.start_sec) {
        let (field, value) = override_field(change, &terms);
        match field {
            "last_online_cancellable_sec" | "last_bookable_sec" => {
                record["scheduling_rule_overrides"][field] = value;
            }
            _ => record[field] = value,
        }
    }
}

fn override_field(change: &Override, terms: &Terms) -> (&'static str, Value) {
    match change {
        Override::PaymentOption(id) => ("payment_option_id", json!([id])),
        Override::NoShowFee(_) => {
            let fee = terms.no_show_fee.as_ref();
            (
                "no_show_fee",
                json!(fee.map(|fee| fee_record(&fee.fee, fee.fee_type))),
            )
        }
        Override::Deposit(_) => ("deposit", json!(terms.deposit.as_ref().map(deposit))),
        Override::Card(CardRule::Always) => ("require_credit_card", json!("REQUIRE_CREDIT_CARD_ALWAYS")),
        Override::Card(CardRule::Conditional) => {
            ("require_credit_card", json!("REQUIRE_CREDIT_CARD_CONDITIONAL"))
        }
        Override::OnlineCancelling(_) => ("last_online_cancellable_sec", json!(terms.online_cutoff_sec)),
        Override::LastBookable(_) => ("last_bookable_sec", json!(terms.last_bookable_sec)),
        Override::Duration(seconds) => ("duration_sec", json!(seconds)),
    }
}

fn deposit(deposit: &crate::messages::Deposit) -> Value {
    deposit_record(
        &deposit.deposit,
        deposit.deposit_type,
        deposit.min_advance_cancellation_sec,
    )
}
