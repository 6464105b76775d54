//! Rules about orders of tickets.

pub(super) mod as_ordered;
mod compared;
pub(super) mod constraints;
pub(super) mod each_item;
pub(super) mod fees;
pub(super) mod listed;
pub(super) mod outcome;
pub(super) mod paid;
pub(super) mod price;
pub(super) mod result;
pub(super) mod stated;
pub(super) mod whole;

use crate::reading;
use protocol::{Method, int64};
use serde_json::Value;
use std::collections::BTreeMap;
use transcript::Exchange;

/// The items that a call asks for.
fn asked<'t>(exchange: &Exchange<'t>) -> Vec<&'t Value> {
    let place = match exchange.call.method {
        Method::CheckOrderFulfillability => "/item",
        Method::CreateOrder => "/order/item",
        _ => return Vec::new(),
    };
    let items = exchange.request_value(place).and_then(Value::as_array);
    items.into_iter().flatten().collect()
}

/// Where an answer says what can be fulfilled.
fn place_of_fulfillability(method: Method) -> Option<&'static str> {
    match method {
        Method::CheckOrderFulfillability => Some("/fulfillability"),
        Method::CreateOrder => Some("/order_failure/fulfillability"),
        _ => None,
    }
}

/// What an answer says of each item, with its pointer.
fn entries<'t>(exchange: &Exchange<'t>) -> Vec<(String, &'t Value)> {
    let Some(place) = place_of_fulfillability(exchange.call.method) else {
        return Vec::new();
    };
    listed(exchange, &format!("{place}/item_fulfillability"))
}

/// The members of a list of an answer, with their pointers.
fn listed<'t>(exchange: &Exchange<'t>, place: &str) -> Vec<(String, &'t Value)> {
    let list = exchange.answer_value(place).and_then(Value::as_array);
    let numbered = list.into_iter().flatten().enumerate();
    numbered
        .map(|(number, one)| (format!("{place}/{number}"), one))
        .collect()
}

/// The orders of an answer, with their pointers: the one that was made, or those of a list.
fn orders<'t>(exchange: &Exchange<'t>) -> Vec<(String, &'t Value)> {
    match exchange.call.method {
        Method::CreateOrder if exchange.answer_value("/order_failure").is_none() => {
            let one = exchange.answer_value("/order").filter(|order| order.is_object());
            one.map(|order| ("/order".to_owned(), order))
                .into_iter()
                .collect()
        }
        Method::ListOrders => listed(exchange, "/order"),
        _ => Vec::new(),
    }
}

/// The items of an order, with their pointers.
fn items<'v>(pointer: &str, order: &'v Value) -> Vec<(String, &'v Value)> {
    let list = order.get("item").and_then(Value::as_array);
    let numbered = list.into_iter().flatten().enumerate();
    numbered
        .map(|(number, item)| (format!("{pointer}/item/{number}"), item))
        .collect()
}

/// True when two items are of one slot.
fn is_same_slot(one: &Value, other: &Value) -> bool {
    let number = |item: &Value, name: &str| item.get(name).and_then(int64::read);
    one.get("service_id") == other.get("service_id")
        && ["start_sec", "duration_sec"]
            .iter()
            .all(|name| number(one, name) == number(other, name))
}

/// True when two items ask for the same tickets.
fn has_same_tickets(one: &Value, other: &Value) -> bool {
    tickets(one).unwrap_or_default() == tickets(other).unwrap_or_default()
}

/// True when both items say which tickets they are of, and they are others.
fn has_other_tickets(one: &Value, other: &Value) -> bool {
    let both = tickets(one).zip(tickets(other));
    both.is_some_and(|(one, other)| one != other)
}

/// How many tickets of each sort an item is of; none where it does not say so in a way that can be read.
fn tickets(item: &Value) -> Option<BTreeMap<&str, i64>> {
    let list = item.get("tickets")?.as_array().filter(|list| !list.is_empty())?;
    let mut tickets = BTreeMap::new();
    for ticket in list {
        let is_text = reading::set(ticket, "/ticket_id").is_none_or(Value::is_string);
        let id = reading::text(ticket, "/ticket_id").unwrap_or_default();
        let count = reading::number(ticket, "/count").filter(|_| ticket.is_object() && is_text)?;
        *tickets.entry(id).or_default() += count;
    }
    Some(tickets)
}

/// The amount of a price in micros, with its currency.
fn amount<'v>(value: &'v Value, pointer: &str) -> Option<(i64, &'v str)> {
    let price = reading::set(value, pointer)?;
    let currency = reading::text(price, "/currency_code")?;
    Some((reading::number(price, "/price_micros")?, currency))
}

/// An enum value that says something.
fn said<'v>(value: &'v Value, pointer: &str) -> Option<&'v str> {
    reading::text(value, pointer).filter(|name| !name.contains("UNSPECIFIED"))
}

/// True for an item that is booked.
fn is_alive(item: &Value) -> bool {
    let status = item.get("status").and_then(Value::as_str);
    status.is_some_and(|status| ["CONFIRMED", "PENDING_MERCHANT_CONFIRMATION"].contains(&status))
}

#[cfg(test)]
mod testing;
