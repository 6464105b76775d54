//! Services that are sold by the ticket.

use super::convert::{keep, missing_field, money};
use super::messages::PriceRecord;
use super::value::member;
use crate::code::ProblemCode;
use crate::problem::RecordProblem;
use domain::slot::{Money, Ticket};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeSet;

const TICKET_FEES: [&str; 3] = ["service_charge", "facility_fee", "taxes"];
const ORDER_FEES: [&str; 2] = ["delivery_fee", "processing_fee"];

/// A ticket type that a service defines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TicketType {
    pub(crate) id: String,
    price: Option<Money>,
    fee: Option<Money>,
}

impl TicketType {
    /// The ticket, where it is known what it costs.
    pub(crate) fn ticket(&self) -> Option<Ticket> {
        Some(Ticket {
            id: self.id.clone(),
            price: self.price.clone()?,
            fee: self.fee.clone(),
        })
    }
}

/// The ticket types that have ids, in their order.
pub(crate) fn read(types: &[Value], problems: &mut Vec<RecordProblem>) -> Vec<TicketType> {
    let (mut all, mut known) = (Vec::new(), BTreeSet::new());
    let mut twice = None;
    for (index, one) in types.iter().enumerate() {
        let place = format!("ticket_type[{index}]");
        let id = id(one);
        match &id {
            Some(id) => twice = twice.or((!known.insert(id.clone())).then(|| id.clone())),
            None => problems.push(missing_field("ticket_type_id").inside(&place)),
        }
        let price = amount(member(one, "price"), &format!("{place}.price"), problems);
        let fees = member(one, "per_ticket_fee");
        let fees = amounts(fees, &TICKET_FEES, &format!("{place}.per_ticket_fee"), problems);
        all.extend(id.map(|id| TicketType {
            id,
            price: price.filter(|price| !price.currency_code.is_empty()),
            fee: sum(&fees),
        }));
    }
    problems.extend(twice.map(|id| {
        let message = format!("{id:?} is there already");
        RecordProblem::new(
            ProblemCode::DuplicateTicketType,
            "ticket_type.ticket_type_id",
            message,
        )
    }));
    all
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

/// These amounts of a message.
fn amounts(
    message: Option<&Value>,
    names: &[&str],
    place: &str,
    problems: &mut Vec<RecordProblem>,
) -> Vec<Money> {
    let read = |name: &&str| {
        let price = message.and_then(|message| member(message, name));
        amount(price, &format!("{place}.{name}"), problems)
    };
    names.iter().filter_map(read).collect()
}

fn amount(price: Option<&Value>, field: &str, problems: &mut Vec<RecordProblem>) -> Option<Money> {
    let price = PriceRecord::deserialize(price?).ok()?;
    keep(money(&price, field, problems), problems)
}

/// All of them together; nothing where they are nothing, or not of one currency.
fn sum(amounts: &[Money]) -> Option<Money> {
    let amounts: Vec<&Money> = amounts.iter().filter(|one| one.price_micros > 0).collect();
    let first = amounts.first()?;
    let alike = amounts.iter().all(|one| one.currency_code == first.currency_code);
    alike.then(|| Money {
        price_micros: amounts
            .iter()
            .fold(0_i64, |sum, one| sum.saturating_add(one.price_micros)),
        currency_code: first.currency_code.clone(),
    })
}
