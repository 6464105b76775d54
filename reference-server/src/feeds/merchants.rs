//! The merchants feed.

use super::json::price;
use crate::inventory::{Location, Merchant, PaymentOption};
use crate::messages::Price;
use serde_json::{Map, Value, json};

/// Options may be bought and used over a span that no test outlives.
const VALID: [i64; 2] = [1_700_000_000, 4_000_000_000];

pub(super) fn records(merchants: &[Merchant]) -> Vec<Value> {
    merchants.iter().map(record).collect()
}

fn record(merchant: &Merchant) -> Value {
    let mut record = json!({
        "merchant_id": merchant.id,
        "name": merchant.name,
        "telephone": merchant.telephone,
        "url": format!("https://{}.example.com", merchant.id),
        "geo": geo(&merchant.location),
        "category": merchant.category,
        "tax_rate": { "micro_percent": merchant.tax_micro_percent },
    });
    if !merchant.tokenization.is_empty() {
        record["tokenization_config"] = tokenization(merchant.tokenization);
    }
    if let Some(networks) = merchant.networks {
        record["payment_restrictions"] =
            json!({ "credit_card_restrictions": { "credit_card_type": networks } });
    }
    if !merchant.payment_options.is_empty() {
        let options: Vec<_> = merchant
            .payment_options
            .iter()
            .map(|o| option(o, merchant.currency))
            .collect();
        record["payment_option"] = Value::Array(options);
    }
    record
}

fn geo(location: &Location) -> Value {
    let mut address = json!({
        "country": location.country,
        "locality": location.locality,
        "postal_code": location.postal_code,
        "street_address": location.street_address,
    });
    if let Some(region) = location.region {
        address["region"] = json!(region);
    }
    json!({ "latitude": location.latitude, "longitude": location.longitude, "address": address })
}

fn tokenization(parameters: &[(&str, &str)]) -> Value {
    let parameters: Map<String, Value> = parameters
        .iter()
        .map(|(name, value)| ((*name).to_owned(), json!(value)))
        .collect();
    json!({ "tokenization_parameter": parameters, "billing_information_format": "MIN" })
}

fn option(option: &PaymentOption, currency: &str) -> Value {
    let kind = match option.visits {
        1 => "PAYMENT_OPTION_SINGLE_USE",
        _ => "PAYMENT_OPTION_MULTI_USE",
    };
    let span = json!({ "begin_sec": VALID[0], "end_sec": VALID[1] });
    json!({
        "payment_option_id": option.id,
        "name": option.name,
        "description": option.name,
        "price": price(&Price::new(option.price, currency)),
        "payment_option_type": kind,
        "session_count": option.visits,
        "activation_type": "ACTIVATION_ON_FIRST_USE",
        "valid_interval": span,
        "purchase_interval": span,
    })
}
