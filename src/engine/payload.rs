//! The messages that Google would send for a bound slot and its effective terms.
//!
//! Sources: reservations/e2e/reference/booking-server-api-rest (messages), payments-config (payment parts).

use domain::slot::{ConfirmationMode, Money, PaymentMode, PriceType, Slot};
use protocol::model::v3;
use protocol::plain::leave_out_defaults;
use protocol::schema::{Api, validate};
use protocol::spelling::to_proto_names;
use protocol::{Method, int64};
use serde_json::{Map, Value, json};
use transcript::User;

/// The `Slot` message of a booking call.
pub fn slot(slot: &Slot) -> Value {
    let mut message = json!({
        "merchant_id": slot.merchant_id,
        "service_id": slot.service_id,
        "start_sec": int64::write(slot.start_sec),
        "duration_sec": int64::write(slot.duration_sec),
    });
    if let Some(tag) = &slot.availability_tag {
        message["availability_tag"] = json!(tag);
    }
    if !slot.resources.is_empty() {
        message["resources"] = json!(slot.resources);
    }
    message["confirmation_mode"] = json!(slot.confirmation_mode);
    message
}

/// The message of a method in its plain form.
pub(super) fn plain(method: Method, mut message: Value) -> Value {
    if let Some(name) = method.request_message() {
        leave_out_defaults(&name, &mut message);
    }
    message
}

/// The `SlotTime` message of a look-up: `resource_ids` here, no merchant. As in Google's samples it names no mode where a booking is
/// confirmed at once, which is what an absent mode means; the one that means something else is named.
pub fn slot_time(slot: &Slot) -> Value {
    let mut message = json!({
        "service_id": slot.service_id,
        "start_sec": int64::write(slot.start_sec),
        "duration_sec": int64::write(slot.duration_sec),
    });
    if let Some(tag) = &slot.availability_tag {
        message["availability_tag"] = json!(tag);
    }
    if !slot.resources.is_empty() {
        message["resource_ids"] = json!(slot.resources);
    }
    if slot.confirmation_mode == ConfirmationMode::Asynchronous {
        message["confirmation_mode"] = json!(slot.confirmation_mode);
    }
    message
}

/// `BatchAvailabilityLookupRequest` for slots of one merchant.
pub fn lookup(slots: &[&Slot]) -> Value {
    let merchant = slots.first().map_or("", |slot| slot.merchant_id.as_str());
    json!({ "merchant_id": merchant, "slot_time": slots.iter().map(|slot| slot_time(slot)).collect::<Vec<_>>() })
}

/// `CreateBookingRequest`.
pub fn create(bound: &Slot, user: &User, idempotency_token: &str, payment_token: &str) -> Value {
    let mut message = json!({
        "slot": slot(bound),
        "user_information": user,
        "payment_information": payment_information(bound),
    });
    if bound.terms.card_required {
        message["payment_processing_parameters"] = processing_parameters(bound, payment_token);
    }
    message["idempotency_token"] = json!(idempotency_token);
    message
}

/// `SetMarketingPreferenceRequest` of a user who ticked the box.
pub fn marketing_preference(user: &User) -> Value {
    json!({ "user_information": user, "user_to_receive_marketing": true })
}

/// Nothing has been paid yet; what will be charged travels along so that both sides agree on it.
fn payment_information(slot: &Slot) -> Value {
    let terms = &slot.terms;
    let mut message = Map::new();
    message.insert("prepayment_status".into(), json!("PREPAYMENT_NOT_PROVIDED"));
    if terms.modes() == [PaymentMode::Arrival] {
        return Value::Object(message);
    }
    message.insert("payment_processed_by".into(), json!("PROCESSED_BY_PARTNER"));
    if let Some(price) = &terms.price {
        message.insert("price".into(), money(price));
    }
    if let Some(tax) = &terms.tax {
        message.insert("tax_amount".into(), money(tax));
    }
    if let Some(option) = &terms.payment_option_id {
        message.insert("payment_option_id".into(), json!(option));
    }
    if let Some(fee) = &terms.no_show_fee {
        message.insert("no_show_fee".into(), no_show_fee(&fee.fee, fee.fee_type));
    }
    if let Some(deposit) = &terms.deposit {
        message.insert("deposit".into(), self::deposit(deposit));
    }
    Value::Object(message)
}

/// `NoShowFee` as it is configured, not multiplied out.
pub fn no_show_fee(fee: &Money, fee_type: PriceType) -> Value {
    json!({ "fee": money(fee), "fee_type": fee_type })
}

/// `Deposit` as it is configured, not multiplied out.
pub fn deposit(deposit: &domain::slot::Deposit) -> Value {
    let mut message = json!({ "deposit": money(&deposit.deposit) });
    if let Some(seconds) = deposit.min_advance_cancellation_sec {
        message["min_advance_cancellation_sec"] = int64::write(seconds);
    }
    message["deposit_type"] = json!(deposit.deposit_type);
    message
}

/// `Price`.
pub fn money(amount: &Money) -> Value {
    json!({ "price_micros": int64::write(amount.price_micros), "currency_code": amount.currency_code })
}

pub(super) fn processing_parameters(slot: &Slot, token: &str) -> Value {
    let mut message = json!({ "unparsed_payment_method_token": token });
    if let Some(config) = &slot.terms.tokenization_config {
        message["tokenization_config"] = known_fields("TokenizationConfig", config);
    }
    message
}

/// What Google carries over from a feed: fields that its message does not have are lost on the way.
fn known_fields(message: &str, value: &Value) -> Value {
    let (value, _) = to_proto_names(message, value);
    let known = v3().message(message);
    let Value::Object(fields) = value else {
        return json!({});
    };
    let kept = fields
        .into_iter()
        .filter(|(name, _)| known.is_some_and(|known| known.field(name).is_some()));
    let mut kept = Value::Object(kept.collect());
    for violation in validate(Api::V3, message, &kept) {
        remove(
            &mut kept,
            &violation.pointer.trim_start_matches('/').replace('/', "."),
        );
    }
    kept
}

/// Sets the fields of `changes` in `message`, object by object; other values replace.
pub fn merge(message: &mut Value, changes: &Value) {
    match (message, changes) {
        (Value::Object(fields), Value::Object(changes)) => {
            for (name, change) in changes {
                merge(fields.entry(name.clone()).or_insert(Value::Null), change);
            }
        }
        (message, change) => *message = change.clone(),
    }
}

/// Removes the field at a dotted path.
pub fn remove(message: &mut Value, path: &str) {
    let (parent, name) = path.rsplit_once('.').unwrap_or(("", path));
    let pointer = match parent {
        "" => String::new(),
        parent => format!("/{}", parent.replace('.', "/")),
    };
    if let Some(fields) = message.pointer_mut(&pointer).and_then(Value::as_object_mut) {
        fields.shift_remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::slot::{Resources, Terms};

    #[test]
    fn google_sends_only_what_its_message_has() {
        let feed = json!({ "tokenization_parameter": { "gateway": "stripe" }, "billing_information_format": "SOME",
            "comment": "ours", "merchantOfRecordName": "Salon" });
        let sent = known_fields("TokenizationConfig", &feed);
        assert_eq!(
            sent,
            json!({ "tokenization_parameter": { "gateway": "stripe" }, "merchant_of_record_name": "Salon" })
        );
    }

    fn slot(change: impl FnOnce(&mut Terms)) -> Slot {
        let money = |micros| Money {
            price_micros: micros,
            currency_code: "USD".into(),
        };
        let mut terms = Terms {
            price: Some(money(96_000_000)),
            ..Terms::default()
        };
        change(&mut terms);
        Slot {
            merchant_id: "m".into(),
            service_id: "s".into(),
            start_sec: 1,
            duration_sec: 60,
            availability_tag: None,
            resources: Resources::default(),
            confirmation_mode: ConfirmationMode::Synchronous,
            spots_total: 1,
            spots_open: 1,
            terms,
        }
    }

    fn user() -> User {
        let text = String::new;
        User {
            user_id: "1".into(),
            given_name: text(),
            family_name: text(),
            telephone: text(),
            email: text(),
        }
    }

    #[test]
    fn a_slot_that_is_paid_on_arrival_travels_without_a_token() {
        let sent = create(&slot(|_| {}), &user(), "t", "tok_1");
        assert_eq!(
            sent["payment_information"],
            json!({ "prepayment_status": "PREPAYMENT_NOT_PROVIDED" })
        );
        assert!(sent.get("payment_processing_parameters").is_none());
    }

    #[test]
    fn a_paid_slot_travels_with_its_token_and_its_amounts() {
        let slot = slot(|terms| {
            terms.prepayment = true;
            terms.card_required = true;
            terms.tax = terms.price.clone();
        });
        let sent = create(&slot, &user(), "t", "tok_1");
        let payment = &sent["payment_information"];
        let price = json!({ "price_micros": "96000000", "currency_code": "USD" });
        assert_eq!((&payment["price"], &payment["tax_amount"]), (&price, &price));
        assert_eq!(payment["payment_processed_by"], "PROCESSED_BY_PARTNER");
        assert!(payment.get("payment_transaction_id").is_none());
        let token = &sent["payment_processing_parameters"]["unparsed_payment_method_token"];
        assert_eq!(token, "tok_1");
    }

    #[test]
    fn a_card_that_is_only_required_travels_too() {
        let sent = create(&slot(|terms| terms.card_required = true), &user(), "t", "tok_1");
        let token = &sent["payment_processing_parameters"]["unparsed_payment_method_token"];
        assert_eq!(token, "tok_1");
    }

    #[test]
    fn changes_are_laid_over_field_by_field() {
        let mut message = json!({ "slot": { "start_sec": "1", "duration_sec": "2" }, "user": { "id": "u" } });
        merge(
            &mut message,
            &json!({ "slot": { "start_sec": "5" }, "user": null }),
        );
        assert_eq!(
            message,
            json!({ "slot": { "start_sec": "5", "duration_sec": "2" }, "user": null })
        );
        remove(&mut message, "slot.duration_sec");
        remove(&mut message, "nowhere.at.all");
        assert_eq!(message, json!({ "slot": { "start_sec": "5" }, "user": null }));
    }
}
