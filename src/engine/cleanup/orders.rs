//! Orders at the end of a scenario: Google's API has no call that cancels one, so that each is listed.

use super::{Cleaned, doubt};
use crate::performer::Performer;
use protocol::{Method, int64};
use serde_json::Value;
use std::collections::BTreeSet;
use transcript::{Exchange, MayStand, Reply, Silence, StandingKind, Transcript};

/// Why an order stands.
const NO_CALL: &str = "Google's API has no call that cancels it";

impl Performer<'_> {
    /// Lists the orders that the scenario made, and those that it may have made.
    pub(super) fn list_orders(&self, so_far: &Transcript, cleaned: &mut Cleaned) {
        let mut known = BTreeSet::new();
        for exchange in so_far.exchanges_of(Method::CreateOrder) {
            let Some(standing) = standing(&exchange, &self.job.scenario.id) else {
                continue;
            };
            let key = standing
                .booking_id
                .clone()
                .unwrap_or_else(|| format!("token {}", standing.idempotency_token));
            if known.insert(key) {
                cleaned.orders.push(standing);
            }
        }
    }
}

/// The order that a CreateOrder made; none where its answer says that there is none.
fn standing(exchange: &Exchange<'_>, scenario: &str) -> Option<MayStand> {
    let (order_id, why) = made(&exchange.answer.reply)?;
    let request = exchange.call.body.clone().unwrap_or_default();
    Some(standing_of(&request, scenario, order_id, &why))
}

/// An order by its CreateOrder.
pub(super) fn standing_of(request: &Value, scenario: &str, order_id: Option<String>, why: &str) -> MayStand {
    let text = |pointer: &str| {
        let value = request.pointer(pointer).and_then(Value::as_str);
        value.unwrap_or_default().to_owned()
    };
    let start = request.pointer("/order/item/0/start_sec");
    MayStand {
        idempotency_token: text("/idempotency_token"),
        merchant_id: text("/order/merchant_id"),
        service_id: text("/order/item/0/service_id"),
        start_sec: start.and_then(int64::read).unwrap_or_default(),
        user_id: text("/order/user_information/user_id"),
        booking_id: order_id,
        kind: StandingKind::Order,
        scenario: scenario.to_owned(),
        why: why.to_owned(),
    }
}

/// The id of the order that an answer names, if it names one, and why the order stands; none where there is no order.
pub(super) fn made(reply: &Reply) -> Option<(Option<String>, String)> {
    let unclear = |what: String| Some((None, format!("{what}, so that it may stand, and {NO_CALL}")));
    let reply = match reply {
        Reply::Nothing {
            kind: Silence::Unreachable | Silence::Tls,
            ..
        } => return None,
        Reply::Nothing { .. } => return unclear("CreateOrder was not answered".to_owned()),
        Reply::Http(reply) => reply,
    };
    let value = |pointer: &str| reply.message().and_then(|message| message.pointer(pointer));
    if let Some(id) = value("/order/order_id") {
        let id = id.as_str().map_or_else(|| id.to_string(), ToOwned::to_owned);
        return Some((Some(id), NO_CALL.to_owned()));
    }
    let is_failure = value("/order_failure").is_some();
    if doubt::is_refused(reply.status) || is_failure && value("/order").is_none() {
        return None;
    }
    unclear(format!(
        "CreateOrder was answered with HTTP {} and no order id",
        reply.status
    ))
}
