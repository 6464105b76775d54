//! Feed files: the whole inventory, rewritten again and again while the server runs. A partner uploads such
//! files to Google once a day.

mod availability;
mod files;
mod merchants;
mod services;

pub(crate) use files::Publisher;

use crate::messages::Price;
use serde_json::{Value, json};

/// Feeds print amounts as numbers.
fn price(price: &Price) -> Value {
    json!({ "price_micros": price.price_micros, "currency_code": price.currency_code })
}

/// A text in one language.
fn text(value: &str) -> Value {
    json!({ "value": value, "localized_value": [{ "locale": "en", "value": value }] })
}
