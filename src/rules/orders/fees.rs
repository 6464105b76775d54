//! BS-ORDER-08

use super::{amount, asked, listed, tickets};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use domain::slot::Slot;
use protocol::{Method, int64};
use serde_json::Value;
use transcript::Exchange;

const FEES: RequirementId = RequirementId::declared("BS-ORDER-08");

const PER_TICKET: &str = "/fees/per_ticket_fee";
const PER_ORDER: &str = "/fees/per_order_fee";

pub(crate) static RULE: Rule = Rule {
    name: "orders/fees",
    requirements: &[FEES],
    manual: "A CheckOrderFulfillability of tickets for which the feed states a fee must be answered with `fees` or `fees_and_taxes` \
             that are not zero, where the order can be fulfilled. How much it is stays the partner's business. A fee for each ticket names \
             a ticket that was asked for, every fee has the currency of the price, and a CreateOrder that sends what was stated for its \
             cart is not refused with INCORRECT_FEE_TOTAL.",
    scope: Scope::Scenario(judge_all),
};

fn judge_all(case: &Case<'_>, verdicts: &mut Verdicts) {
    for exchange in case.answers() {
        judge(case, &exchange, verdicts);
        judge_refusal(case, &exchange, verdicts);
    }
}

/// The fees of a cart, as they were stated, are refused.
fn judge_refusal(case: &Case<'_>, order: &Exchange<'_>, verdicts: &mut Verdicts) {
    let is_refused = order.answer_text("/order_failure/cause") == Some("INCORRECT_FEE_TOTAL");
    let token = order.request_value("/idempotency_token");
    let mut checks = case.transcript.exchanges_of(Method::CheckOrderFulfillability);
    let check = checks
        .find(|one| one.entry < order.entry && token.is_some() && one.request_value("/cart_id") == token);
    let Some(check) = check.filter(|_| is_refused && order.call.method == Method::CreateOrder) else {
        return;
    };
    let sent = order.request_value("/order/payment_information/fees_and_taxes/price_micros");
    if sent.and_then(int64::read).unwrap_or(0) == total(&check) {
        let proof = Proof::at(check.entry, "/fees").expected("the fees that are charged");
        let message = "CreateOrder sent the fees that CheckOrderFulfillability had stated, and was refused with INCORRECT_FEE_TOTAL";
        verdicts.fail(FEES, proof.actual(total(&check)), message);
    }
}

/// What all fees come to.
fn total(check: &Exchange<'_>) -> i64 {
    let micros = |value: &Value, pointer: &str| amount(value, pointer).map_or(0, |(micros, _)| micros);
    let sum = check.ok_json().map_or(0, |body| micros(body, "/fees_and_taxes"));
    if sum != 0 {
        return sum;
    }
    let by_ticket = listed(check, PER_TICKET).into_iter().map(|(_, fee)| {
        let count: i64 = asked(check)
            .into_iter()
            .filter(|item| is_same_service(item, fee))
            .filter_map(|item| tickets(item)?.get(reading::text(fee, "/ticket_id")?).copied())
            .sum();
        micros(fee, "/fee_amount").saturating_mul(count)
    });
    let by_order = listed(check, PER_ORDER)
        .into_iter()
        .map(|(_, fee)| micros(fee, "/fee_amount"));
    by_ticket.chain(by_order).sum()
}

fn is_same_service(item: &Value, fee: &Value) -> bool {
    reading::text(fee, "/service_id").is_none_or(|service| item["service_id"] == service)
}

/// A fee of which nobody knows for which ticket it is, or in which money.
fn odd_fee(exchange: &Exchange<'_>) -> Option<(String, Value, &'static str)> {
    let items = asked(exchange);
    let currency = items
        .iter()
        .find_map(|item| amount(item, "/price"))
        .map(|(_, currency)| currency)?;
    let is_charged =
        |fee: &Value| reading::number(fee, "/fee_amount/price_micros").is_some_and(|micros| micros != 0);
    for (pointer, fee) in listed(exchange, PER_TICKET) {
        let id = reading::set(fee, "/ticket_id").map(Value::as_str);
        let is_asked = |id: &str| {
            let mut of_service = items.iter().filter(|item| is_same_service(item, fee));
            of_service.any(|item| tickets(item).is_some_and(|tickets| tickets.contains_key(id)))
        };
        let is_known = match id {
            Some(Some(id)) => is_asked(id),
            // What is no text is another rule's finding.
            Some(None) => true,
            None => false,
        };
        if !is_known && is_charged(fee) {
            let message = "a fee in `per_ticket_fee` has no `ticket_id` and `service_id` of a ticket that was asked for";
            return Some((
                format!("{pointer}/ticket_id"),
                "a ticket that was asked for".into(),
                message,
            ));
        }
    }
    let both = [PER_TICKET, PER_ORDER]
        .into_iter()
        .flat_map(|place| listed(exchange, place));
    let mut fees = both.map(|(pointer, fee)| {
        (
            format!("{pointer}/fee_amount"),
            reading::set(fee, "/fee_amount").cloned(),
        )
    });
    let sum = exchange.answer_value("/fees_and_taxes").cloned();
    let mut all = fees.by_ref().chain([("/fees_and_taxes".to_owned(), sum)]);
    all.find_map(|(pointer, money)| {
        let money = money.filter(Value::is_object)?;
        let is_text = reading::set(&money, "/currency_code").is_none_or(Value::is_string);
        let is_other = is_text && reading::text(&money, "/currency_code") != Some(currency);
        let is_zero = reading::number(&money, "/price_micros") == Some(0);
        let message = "a fee is stated in another currency than the price, or in none";
        (is_other && !is_zero).then(|| (format!("{pointer}/currency_code"), currency.into(), message))
    })
}

fn judge(case: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    if exchange.call.method == Method::CheckOrderFulfillability
        && let Some((pointer, due, message)) = odd_fee(exchange)
    {
        let proof = Proof::at(exchange.entry, pointer).expected(due);
        return verdicts.fail(FEES, proof, message);
    }
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
    let lists = [PER_TICKET, PER_ORDER];
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
        let fee = json!({ "price_micros": "2000000", "currency_code": "EUR" });
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
    fn a_fee_names_its_ticket_and_has_the_currency_of_the_price() {
        let stated = |ticket: Value, currency: &str| {
            let fee = json!({ "price_micros": "2000000", "currency_code": currency });
            let each = json!({ "fees": { "per_ticket_fee": [{ "ticket_id": ticket, "fee_amount": fee }] } });
            story(Some(2_000_000), each)
        };
        stated(json!("adult"), "EUR").judge(&RULE).passes(FEES);
        for wrong in [
            stated(json!("child"), "EUR"),
            stated(Value::Null, "EUR"),
            stated(json!("adult"), "USD"),
        ] {
            wrong.judge(&RULE).fails(FEES);
        }
    }

    #[test]
    fn stated_fees_that_are_refused_are_found() {
        let refused = |sent: &str| {
            let fee = json!({ "price_micros": "4000000", "currency_code": "EUR" });
            let mut request = super::super::testing::order(&[item(0, 60)]);
            request["order"]["payment_information"] =
                json!({ "fees_and_taxes": { "price_micros": sent, "currency_code": "EUR" } });
            let failure = json!({ "order_failure": { "cause": "INCORRECT_FEE_TOTAL" } });
            let story = story(Some(2_000_000), json!({ "fees_and_taxes": fee }));
            story.call(Method::CreateOrder, request, 200, failure)
        };
        refused("4000000").judge(&RULE).fails(FEES);
        refused("5000000").judge(&RULE).passes(FEES);
    }

    #[test]
    fn where_no_fee_is_charged_none_is_missed() {
        story(None, json!({})).judge(&RULE).says_nothing();
    }
}
