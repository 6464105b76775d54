//! Orders of tickets, as decorators change them.

use crate::wire::answers;
use protocol::{Method, int64};
use reference_server::Seams;
use serde_json::Value;

/// What the reference partner charges on top of each ticket for an adult.
const FEE: i64 = 2_000_000;

/// What an answer to CheckOrderFulfillability, or a failure, says of each item.
pub(super) fn entries(answer: &mut Value) -> Option<&mut Vec<Value>> {
    let list = answer.pointer_mut("/fulfillability/item_fulfillability")?;
    list.as_array_mut()
}

/// Changes what is said of each item before an order is made.
pub(super) fn each_entry(edit: impl Fn(&mut Value) + Send + Sync + 'static) -> Seams {
    answers(Method::CheckOrderFulfillability, move |_, answer| {
        entries(answer).into_iter().flatten().for_each(&edit);
    })
}

/// The fees of these items.
pub(super) fn fees_of(items: &Value) -> i64 {
    let items = items.as_array().into_iter().flatten();
    let tickets = items.filter_map(|item| item["tickets"].as_array()).flatten();
    let adults = tickets.filter(|ticket| ticket["ticket_id"] == "adult");
    adults
        .filter_map(|ticket| int64::read(&ticket["count"]))
        .map(|count| count * FEE)
        .sum()
}
