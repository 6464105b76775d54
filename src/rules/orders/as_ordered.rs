//! BS-ORDER-02

use super::compared::{Difference, name, other_owner, strange_item};
use super::{asked, is_same_slot, items, orders};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use protocol::Method;
use serde_json::{Value, json};
use transcript::Exchange;

const ORDERED: RequirementId = RequirementId::declared("BS-ORDER-02");

pub(crate) static RULE: Rule = Rule {
    name: "orders/as-ordered",
    requirements: &[ORDERED],
    manual: "The order in an answer to CreateOrder is the one that was asked for: its merchant, its user, and the tickets of its \
             items. `user_information` with the user id must be there; merchant, tickets, name, telephone and e-mail may be left out or \
             written in another form, but must not be those of another order. That no item is lost is another requirement. When a \
             token is repeated nothing is compared: the rest may have been sent otherwise.",
    scope: Scope::Answer(judge),
};

fn judge(case: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    let Some(due) = exchange
        .request_value("/order")
        .filter(|_| !is_repeat(case, exchange))
    else {
        return;
    };
    for (pointer, order) in orders(exchange) {
        let wrong = nobodys(due, order)
            .or_else(|| other_owner(due, order))
            .or_else(|| strange_item(due, order).filter(|_| !has_lost(exchange, &pointer, order)));
        verdicts.check(ORDERED, wrong.is_none(), || {
            let (place, due, shown) = wrong.unwrap_or_default();
            let message = words(&place, &due, &shown);
            let proof = Proof::at(exchange.entry, format!("{pointer}{place}"));
            (proof.expected(due).actual(shown), message)
        });
    }
}

fn words(place: &str, due: &Value, shown: &Value) -> String {
    let field = name(place);
    match (due, shown) {
        (_, Value::Null) => format!("the order in the answer to CreateOrder has no `{field}`"),
        (Value::String(due), Value::String(shown)) => {
            format!("CreateOrder was sent \"{field}\": \"{due}\" and answered an order with \"{shown}\"")
        }
        _ if field == "tickets" => {
            "the order in the answer to CreateOrder is of other `tickets` than were ordered".to_owned()
        }
        _ => "the order in the answer to CreateOrder has an `item` that was not ordered".to_owned(),
    }
}

/// An order that does not say whose it is.
fn nobodys(due: &Value, order: &Value) -> Option<Difference> {
    let (user, id) = ("/user_information", "/user_information/user_id");
    let sent = reading::text(due, id)?;
    let is_object = reading::set(order, user).is_none_or(Value::is_object);
    let is_missing = reading::set(order, id).is_none_or(|id| id == "");
    (is_object && is_missing).then(|| (id.to_owned(), json!(sent), Value::Null))
}

/// An order that lacks an item has the finding of the rule about whole orders.
fn has_lost(exchange: &Exchange<'_>, pointer: &str, order: &Value) -> bool {
    let items = items(pointer, order);
    let is_there = |wanted: &Value| items.iter().any(|(_, item)| is_same_slot(wanted, item));
    asked(exchange).into_iter().any(|wanted| !is_there(wanted))
}

/// True when the token had been answered with an order before.
pub(super) fn is_repeat(case: &Case<'_>, exchange: &Exchange<'_>) -> bool {
    let token = exchange.request_value("/idempotency_token");
    let mut before = case.transcript.exchanges_of(Method::CreateOrder);
    before.any(|other| {
        other.entry < exchange.entry
            && other.request_value("/idempotency_token") == token
            && !orders(&other).is_empty()
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{item, made, order, with_status};
    use super::*;
    use crate::testing::Story;

    fn answered(change: impl FnOnce(&mut Value)) -> Story {
        let mut one = made("o-1", &[with_status(&item(0, 60), "CONFIRMED")]);
        change(&mut one);
        let answer = json!({ "order": one });
        Story::arrival().call(Method::CreateOrder, order(&[item(0, 60)]), 200, answer)
    }

    #[test]
    fn the_order_that_was_asked_for_passes_and_need_not_repeat_all() {
        answered(|_| {}).judge(&RULE).passes(ORDERED);
        answered(|one| {
            one["merchant_id"] = json!(null);
            one["item"][0]["tickets"] = json!([]);
        })
        .judge(&RULE)
        .passes(ORDERED);
        // Two tickets of one sort are two tickets, on one line or on two.
        let adult = json!({ "ticket_id": "adult", "count": 1 });
        answered(|one| one["item"][0]["tickets"] = json!([adult, adult]))
            .judge(&RULE)
            .passes(ORDERED);
    }

    #[test]
    fn an_order_of_another_merchant_or_user_or_of_nobody_is_found() {
        let found = |change: fn(&mut Value)| {
            let found = answered(change).judge(&RULE).fails(ORDERED);
            found.evidence.pointer.clone().unwrap_or_default()
        };
        assert_eq!(
            found(|one| one["merchant_id"] = json!("other")),
            "/order/merchant_id"
        );
        let id = "/order/user_information/user_id";
        assert_eq!(found(|one| one["user_information"]["user_id"] = json!("73")), id);
        assert_eq!(found(|one| one["user_information"] = json!(null)), id);
    }

    #[test]
    fn other_tickets_and_items_that_nobody_ordered_are_found() {
        answered(|one| one["item"][0]["tickets"][0]["count"] = json!(3))
            .judge(&RULE)
            .fails(ORDERED);
        answered(|one| one["item"][0]["tickets"][0]["ticket_id"] = json!("child"))
            .judge(&RULE)
            .fails(ORDERED);
        answered(|one| one["item"] = json!([one["item"][0], one["item"][0]]))
            .judge(&RULE)
            .fails(ORDERED);
    }

    #[test]
    fn a_lost_item_is_another_rules_finding() {
        answered(|one| one["item"][0]["duration_sec"] = json!("60"))
            .judge(&RULE)
            .passes(ORDERED);
    }
}
