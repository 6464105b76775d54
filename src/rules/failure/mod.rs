//! Rules about payments that fail: what the failure names, and the secrets that no answer may hold.

pub(super) mod card_type;
pub(super) mod challenge;
pub(super) mod challenges;
pub(super) mod description;
pub(super) mod details;
pub(super) mod secrets;

use serde_json::Value;
use transcript::Exchange;

/// Pointer of the payment token in our request.
const TOKEN: &str = "/payment_processing_parameters/unparsed_payment_method_token";

/// The shortest secret that is searched for: shorter texts turn up by chance.
const SHORTEST: usize = 8;

/// The cause of an answer that is a failure and nothing else.
fn cause<'t>(exchange: &Exchange<'t>) -> Option<&'t str> {
    let alone = exchange.answer_value("/booking/booking_id").is_none() && exchange.call.method.mutates();
    exchange.answer_text("/booking_failure/cause").filter(|_| alone)
}

/// What our request says of the card, as Google Pay says it; none where the gateway's token came alone.
fn card(exchange: &Exchange<'_>) -> Option<Value> {
    let data: Value = serde_json::from_str(exchange.request_value(TOKEN)?.as_str()?).ok()?;
    data.get("paymentMethodData").cloned()
}

/// The network of the card that a request is paid with, in the booking server's spelling.
fn network(exchange: &Exchange<'_>) -> Option<String> {
    let name = card(exchange)?.pointer("/info/cardNetwork")?.as_str()?.to_owned();
    Some(if name == "AMEX" {
        "AMERICAN_EXPRESS".to_owned()
    } else {
        name
    })
}

/// The texts of a request that open a card: the token as it went out, and the gateway's own in it.
fn tokens(exchange: &Exchange<'_>) -> Vec<String> {
    let Some(whole) = exchange.request_value(TOKEN).and_then(Value::as_str) else {
        return Vec::new();
    };
    let inner =
        card(exchange).and_then(|card| Some(card.pointer("/tokenizationData/token")?.as_str()?.to_owned()));
    let inner = inner.unwrap_or_else(|| whole.to_owned());
    let named = serde_json::from_str::<Value>(&inner).ok().and_then(|token| {
        let id = token
            .get("id")
            .or_else(|| token.pointer("/androidPayCards/0/nonce"));
        Some(id?.as_str()?.to_owned())
    });
    let mut all = vec![whole.to_owned(), inner];
    all.extend(named);
    all.retain(|text| text.len() >= SHORTEST);
    all
}
