//! Services that are sold by the ticket.

use super::convert::{missing_field, money};
use super::messages::PriceRecord;
use super::value::member;
use crate::code::ProblemCode;
use crate::problem::RecordProblem;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeSet;

const TICKET_FEES: [&str; 3] = ["service_charge", "facility_fee", "taxes"];
const ORDER_FEES: [&str; 2] = ["delivery_fee", "processing_fee"];

/// The ids of the ticket types, in their order.
pub(crate) fn read(types: &[Value], problems: &mut Vec<RecordProblem>) -> Vec<String> {
    let (mut ids, mut known) = (Vec::new(), BTreeSet::new());
    let mut twice = None;
    for (index, one) in types.iter().enumerate() {
        let place = format!("ticket_type[{index}]");
        match id(one) {
            Some(id) => {
                twice = twice.or((!known.insert(id.clone())).then(|| id.clone()));
                ids.push(id);
            }
            None => problems.push(missing_field("ticket_type_id").inside(&place)),
        }
        amount(member(one, "price"), &format!("{place}.price"), problems);
        let fees = member(one, "per_ticket_fee");
        amounts(fees, &TICKET_FEES, &format!("{place}.per_ticket_fee"), problems);
    }
    problems.extend(twice.map(|id| {
        let message = format!("{id:?} is there already");
        RecordProblem::new(
            ProblemCode::DuplicateTicketType,
            "ticket_type.ticket_type_id",
            message,
        )
    }));
    ids
}

/// Checks what an order costs beside its tickets.
pub(crate) fn order_fee(fee: Option<&Value>, problems: &mut Vec<RecordProblem>) {
    amounts(fee, &ORDER_FEES, "per_order_fee", problems);
}

fn id(ticket_type: &Value) -> Option<String> {
    match member(ticket_type, "ticket_type_id")? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Checks these amounts of a message.
fn amounts(message: Option<&Value>, names: &[&str], place: &str, problems: &mut Vec<RecordProblem>) {
    for name in names {
        let price = message.and_then(|message| member(message, name));
        amount(price, &format!("{place}.{name}"), problems);
    }
}

fn amount(price: Option<&Value>, field: &str, problems: &mut Vec<RecordProblem>) {
    let price = price.and_then(|price| PriceRecord::deserialize(price).ok());
    let wrong = price.and_then(|price| money(&price, field, problems).err());
    problems.extend(wrong);
}
