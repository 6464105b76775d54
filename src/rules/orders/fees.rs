//! BS-ORDER-08

use super::{amount, asked, listed};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts};
use catalogue::RequirementId;
use domain::slot::Slot;
use protocol::{Method, int64};
use serde_json::Value;
use transcript::Exchange;

const FEES: RequirementId = RequirementId::declared("BS-ORDER-08");

pub(crate) static RULE: Rule = Rule {
    name: "orders/fees",
    requirements: &[FEES],
    manual: "A CheckOrderFulfillability of tickets for which the feed states a fee must be answered with `fees` or `fees_and_taxes` \
             that are not zero, where the order can be fulfilled. How much it is stays the partner's business.",
    scope: Scope::Answer(judge),
};

fn judge(case: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    let is_check = exchange.call.method == Method::CheckOrderFulfillability;
    if !is_check || exchange.answer_text("/fulfillability/result") != Some("CAN_FULFILL") {
        return;
    }
    let asked = asked(exchange);
    let Some(ticket) = asked.into_iter().find_map(|item| ticket_with_fee(case, item)) else {
        return;
    };
    verdicts.check(FEES, states_fees(exchange), || {
        let proof = Proof::at(exchange.entry, "").expected("fees or fees_and_taxes");
        let message = format!(
            "the feed states a fee for each ticket {ticket:?}, and the answer to CheckOrderFulfillability states none"
        );
        (proof, message)
    });
}

/// A ticket of the item for which the feed states a fee.
fn ticket_with_fee<'c>(case: &'c Case<'_>, item: &Value) -> Option<&'c str> {
    let names = case.transcript.binding()?.slots.keys();
    let mut slots = names.filter_map(|name| case.transcript.slot(name));
    let slot = slots.find(|slot| is_of(slot, item))?;
    let ordered = item.get("tickets")?.as_array()?;
    let mut with_fee = slot.terms.tickets.iter().filter(|ticket| ticket.fee.is_some());
    let ticket = with_fee.find(|ticket| ordered.iter().any(|one| one["ticket_id"] == *ticket.id))?;
    Some(&ticket.id)
}

fn is_of(slot: &Slot, item: &Value) -> bool {
    item["service_id"] == *slot.service_id
        && item.get("start_sec").and_then(int64::read) == Some(slot.start_sec)
}

fn states_fees(exchange: &Exchange<'_>) -> bool {
    let is_some = |value: &Value, pointer: &str| amount(value, pointer).is_some_and(|(micros, _)| micros > 0);
    let in_one = exchange
        .ok_json()
        .is_some_and(|body| is_some(body, "/fees_and_taxes"));
    let lists = ["/fees/per_ticket_fee", "/fees/per_order_fee"];
    let mut all = lists.iter().flat_map(|list| listed(exchange, list));
    in_one || all.any(|(_, fee)| is_some(fee, "/fee_amount"))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{answer, check, entry, item};
    use super::*;
    use crate::testing::{START, Story, usd};
    use domain::slot::Ticket;
    use serde_json::json;

    fn story(fee: Option<i64>, stated: Value) -> Story {
        let mut asked = item(0, 60);
        asked["start_sec"] = json!(START.to_string());
        asked["service_id"] = json!("cut");
        let mut answer = answer("CAN_FULFILL", &[entry(&asked, "CAN_FULFILL")]);
        if let (Value::Object(answer), Value::Object(stated)) = (&mut answer, stated) {
            answer.extend(stated);
        }
        let ticket = Ticket {
            id: "adult".into(),
            price: usd(30_000_000),
            fee: fee.map(usd),
        };
        Story::arrival()
            .slot(|slot| slot.terms.tickets = vec![ticket])
            .call(Method::CheckOrderFulfillability, check(&[asked]), 200, answer)
    }

    #[test]
    fn fees_that_are_stated_pass() {
        let fee = json!({ "price_micros": "2000000", "currency_code": "USD" });
        story(Some(2_000_000), json!({ "fees_and_taxes": fee }))
            .judge(&RULE)
            .passes(FEES);
        let each = json!({ "fees": { "per_ticket_fee": [{ "ticket_id": "adult", "fee_amount": fee }] } });
        story(Some(2_000_000), each).judge(&RULE).passes(FEES);
    }

    #[test]
    fn fees_that_are_not_stated_are_found() {
        story(Some(2_000_000), json!({})).judge(&RULE).fails(FEES);
        story(Some(2_000_000), json!({ "fees": {} }))
            .judge(&RULE)
            .fails(FEES);
    }

    #[test]
    fn where_no_fee_is_charged_none_is_missed() {
        story(None, json!({})).judge(&RULE).says_nothing();
    }
}
