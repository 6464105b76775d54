//! The body of an availability update: everything Google should know about one start of a service, as it is
//! at this moment.

use super::compose::timestamp;
use crate::inventory::{CardRule, HORIZON_SEC, Inventory, Offer, Override, Service, SlotQuery, Terms};
use crate::messages::{ConfirmationMode, Deposit, NoShowFee, Price, PriceType};
use crate::store::{Occupancy, Store, StoreError};
use serde_json::{Value, json};

/// `None` when the service has no such slot any more.
pub(crate) async fn availability_body(
    inventory: &Inventory,
    store: &dyn Store,
    query: &SlotQuery,
) -> Result<Option<Value>, StoreError> {
    // Any start will do here, even one that has passed: the slot was real when it changed.
    let Ok(offers) = inventory.find(query, query.start_sec + HORIZON_SEC) else {
        return Ok(None);
    };
    let places: Vec<_> = offers.iter().map(Offer::place).collect();
    let occupancy = store.occupancy(&places).await?;
    let entries: Vec<_> = offers
        .iter()
        .zip(occupancy)
        .map(|(offer, state)| entry(offer, state))
        .collect();
    Ok(Some(json!({ "extendedServiceAvailability": [{
        "merchantId": query.merchant_id,
        "serviceId": query.service_id,
        "startTimeRestrict": timestamp(query.start_sec),
        "endTimeRestrict": timestamp(query.start_sec + 1),
        "availability": entries,
    }]})))
}

fn entry(offer: &Offer<'_>, occupancy: Occupancy) -> Value {
    let terms = offer.terms();
    let mut entry = json!({
        "startTime": timestamp(offer.start_sec),
        "duration": format!("{}s", offer.service.timetable.duration_sec),
        "spotsTotal": offer.seat.spots.to_string(),
        "spotsOpen": occupancy.open(offer.seat.spots).to_string(),
        "availabilityTag": offer.tag(),
        "confirmationMode": mode(offer.service.confirmation),
    });
    if let Some(resources) = resources(offer) {
        entry["resources"] = resources;
    }
    add_overrides(&mut entry, offer.service, &terms);
    entry
}

fn mode(mode: ConfirmationMode) -> &'static str {
    match mode {
        ConfirmationMode::Asynchronous => "CONFIRMATION_MODE_ASYNCHRONOUS",
        ConfirmationMode::Synchronous | ConfirmationMode::Unspecified => "CONFIRMATION_MODE_SYNCHRONOUS",
    }
}

fn resources(offer: &Offer<'_>) -> Option<Value> {
    let mut resources = serde_json::Map::new();
    if let Some((id, name)) = offer.seat.staff {
        resources.insert("staffId".to_owned(), json!(id));
        resources.insert("staffName".to_owned(), json!(name));
    }
    if let Some((id, name)) = offer.seat.room {
        resources.insert("roomId".to_owned(), json!(id));
        resources.insert("roomName".to_owned(), json!(name));
    }
    if offer.seat.party_size > 0 {
        resources.insert("partySize".to_owned(), json!(offer.seat.party_size));
    }
    (!resources.is_empty()).then_some(Value::Object(resources))
}

/// A replaced slot loses what is not repeated.
fn add_overrides(entry: &mut Value, service: &Service, terms: &Terms) {
    for change in service.overrides(terms.start_sec) {
        match change {
            Override::PaymentOption(id) => entry["paymentOptionId"] = json!([id]),
            Override::NoShowFee(_) => {
                entry["noShowFee"] = terms.no_show_fee.as_ref().map_or(Value::Null, fee);
            }
            Override::Deposit(_) => entry["deposit"] = terms.deposit.as_ref().map_or(Value::Null, deposit),
            Override::Card(rule) => entry["requireCreditCard"] = json!(card_rule(*rule)),
            Override::OnlineCancelling(_) => {
                entry["schedulingRuleOverrides"]["lastOnlineCancellableSec"] =
                    json!(terms.online_cutoff_sec.to_string());
            }
            Override::LastBookable(_) => {
                entry["schedulingRuleOverrides"]["lastBookableSec"] =
                    json!(terms.last_bookable_sec.to_string());
            }
            Override::Duration(seconds) => entry["duration"] = json!(format!("{seconds}s")),
        }
    }
}

fn fee(fee: &NoShowFee) -> Value {
    json!({ "fee": price(&fee.fee), "feeType": price_type(fee.fee_type) })
}

fn deposit(deposit: &Deposit) -> Value {
    json!({
        "deposit": price(&deposit.deposit),
        "minAdvanceCancellationSec": deposit.min_advance_cancellation_sec.to_string(),
        "depositType": price_type(deposit.deposit_type),
    })
}

fn price(price: &Price) -> Value {
    json!({ "priceMicros": price.price_micros.to_string(), "currencyCode": price.currency_code })
}

fn price_type(kind: PriceType) -> &'static str {
    match kind {
        PriceType::FixedRate => "FIXED_RATE_DEFAULT",
        PriceType::PerPerson => "PER_PERSON",
    }
}

fn card_rule(rule: CardRule) -> &'static str {
    match rule {
        CardRule::Conditional => "REQUIRE_CREDIT_CARD_CONDITIONAL",
        CardRule::Always => "REQUIRE_CREDIT_CARD_ALWAYS",
    }
}
