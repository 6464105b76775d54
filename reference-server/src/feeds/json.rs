//! Values that all feeds print alike.

use crate::messages::Price;
use serde_json::{Value, json};

/// Feeds print amounts as numbers.
pub(super) fn price(price: &Price) -> Value {
    json!({ "price_micros": price.price_micros, "currency_code": price.currency_code })
}

/// A text in one language.
pub(super) fn text(value: &str) -> Value {
    json!({ "value": value, "localized_value": [{ "locale": "en", "value": value }] })
}
